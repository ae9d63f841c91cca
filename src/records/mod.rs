//! Text to typed record, with every problem and its byte span. A parser goes on after an error.

pub mod fields;
pub mod tags;

pub mod bimi;
pub mod caa;
pub mod dkim;
pub mod dmarc;
pub mod mta_sts;
pub mod mta_sts_policy;
pub mod mx;
pub mod spf;
pub mod tls_rpt;
pub mod tlsa;

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// What a finding speaks of: the mail servers, and the eight technologies in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Technology {
    Mx,
    Spf,
    Dkim,
    Dmarc,
    MtaSts,
    TlsRpt,
    Bimi,
    Dane,
    Dnssec,
}

impl Technology {
    /// The eight technologies, in order; the mail servers themselves are none.
    pub const ALL: [Self; 8] =
        [Self::Spf, Self::Dkim, Self::Dmarc, Self::MtaSts, Self::TlsRpt, Self::Bimi, Self::Dane, Self::Dnssec];

    /// The identifier in reports and check ids: `mta-sts`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Mx => "mx",
            Self::Spf => "spf",
            Self::Dkim => "dkim",
            Self::Dmarc => "dmarc",
            Self::MtaSts => "mta-sts",
            Self::TlsRpt => "tls-rpt",
            Self::Bimi => "bimi",
            Self::Dane => "dane",
            Self::Dnssec => "dnssec",
        }
    }

    /// The name as people write it: `MTA-STS`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Mx => "MX",
            Self::Spf => "SPF",
            Self::Dkim => "DKIM",
            Self::Dmarc => "DMARC",
            Self::MtaSts => "MTA-STS",
            Self::TlsRpt => "TLS-RPT",
            Self::Bimi => "BIMI",
            Self::Dane => "DANE",
            Self::Dnssec => "DNSSEC",
        }
    }
}

/// How much a problem weighs for the record that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Worth knowing; the record works as it is.
    Note,
    /// The record works, but not quite as meant, or not everywhere.
    Doubt,
    /// A part of the record is ignored or the record does not count at all.
    Fault,
}

impl Weight {
    /// A number that orders weights from the heaviest to the lightest.
    pub fn order(self) -> u128 {
        match self {
            Self::Fault => 0,
            Self::Doubt => 1,
            Self::Note => 2,
        }
    }
}

/// One problem in a record: its kind (with data), where it stands, and how much it weighs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem<K> {
    /// What is wrong.
    pub kind: K,
    /// Where, in bytes of the record's text.
    pub span: Span,
    /// How much it weighs.
    pub weight: Weight,
}

/// A record read as far as it goes, and everything found wrong with it, in order of place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed<R, K> {
    /// What could be read.
    pub record: R,
    /// Every problem.
    pub problems: Vec<Problem<K>>,
}

impl<R, K> Parsed<R, K> {
    /// Whether no problem is a [`Weight::Fault`].
    pub fn is_sound(&self) -> bool {
        self.problems.iter().all(|problem| problem.weight < Weight::Fault)
    }
}
