//! The whole core in one function.

use serde::{Deserialize, Serialize};

use crate::checks::{Context, Facts, Options};
use crate::evidence::Evidence;
use crate::name::DomainName;
use crate::report::Report;
use crate::time::UnixTime;
use crate::wanted::Wanted;

/// What the evidence says so far, and what would tell more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// The report on what is known.
    pub report: Report,
    /// The look-ups that would tell more, most urgent first; empty when the report is final.
    pub wanted: Vec<Wanted>,
    /// The drawings that the report speaks of; they travel beside it.
    #[serde(skip)]
    pub drawings: Drawings,
}

/// Drawings as they came, gzipped or not: hostile, and never shown but as pixels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawings {
    /// The BIMI logo.
    pub logo: Option<Vec<u8>>,
    /// The logo within the Mark Certificate.
    pub embedded: Option<Vec<u8>>,
}

/// Judges a domain by the evidence, at the time `now`. Pure: the same arguments give the same assessment.
pub fn assess(domain: &DomainName, options: &Options, evidence: &Evidence, now: UnixTime) -> Assessment {
    let context = Context::new(domain, options, evidence, now);
    let facts = Facts::gather(&context);
    let drawings = Drawings {
        logo: facts.bimi.logo.fetched.file().map(|file| file.body.clone()),
        embedded: facts.bimi.certificate.verdict.as_ref().and_then(|verdict| verdict.svg()).map(<[u8]>::to_vec),
    };
    Assessment { report: Report::on(&facts), wanted: context.into_wanted(), drawings }
}
