//! A report in one short line, for tables of many domains.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::checks::{Outcome, Profile, Status};
use crate::name::DomainName;
use crate::records::Technology;
use crate::time::UnixTime;

use super::{Grade, Report};

/// The `format` of the file.
pub const FORMAT: &str = "mxray-summary/1";

/// How a domain stands, in some 400 octets of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Always [`FORMAT`].
    pub format: Cow<'static, str>,
    /// The domain, as A-labels.
    pub domain: DomainName,
    /// When it was judged.
    pub taken_at: UnixTime,
    /// What the domain uses mail for.
    pub profile: Profile,
    /// Points, as in the report.
    pub points: Option<u8>,
    /// Grade, as in the report.
    pub grade: Option<Grade>,
    /// The mail servers and the eight technologies, in the order of [`Summary::COLUMNS`].
    #[serde(with = "by_name")]
    pub technologies: [Status; 9],
    /// Findings to fix.
    pub to_fix: u16,
    /// Findings to improve.
    pub to_improve: u16,
    /// What could not be seen.
    pub unknown: u16,
}

impl Summary {
    /// What [`Summary::technologies`] is about.
    pub const COLUMNS: [Technology; 9] = [
        Technology::Mx,
        Technology::Spf,
        Technology::Dkim,
        Technology::Dmarc,
        Technology::MtaSts,
        Technology::TlsRpt,
        Technology::Bimi,
        Technology::Dane,
        Technology::Dnssec,
    ];

    /// The summary of a report.
    pub fn of(report: &Report) -> Self {
        let status = |technology: Technology| match technology {
            Technology::Mx => report.mail_servers.status,
            other => report.technology(other).map_or(Status::Unknown, |technology| technology.status),
        };
        let count = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        let findings = |outcome| count(report.findings.iter().filter(|finding| finding.outcome == outcome).count());
        Self {
            format: FORMAT.into(),
            domain: report.domain.clone(),
            taken_at: report.taken_at,
            profile: report.profile,
            points: report.score.points,
            grade: report.score.grade,
            technologies: Self::COLUMNS.map(status),
            to_fix: findings(Outcome::Fail),
            to_improve: findings(Outcome::Warn),
            unknown: count(report.unknown.len()),
        }
    }
}

/// The technologies as an object with their identifiers.
mod by_name {
    use serde::de::{Deserialize, Deserializer};
    use serde::ser::{SerializeMap, Serializer};

    use super::{Status, Summary};

    pub(super) fn serialize<S: Serializer>(all: &[Status; 9], serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serde::Serialize::serialize(all, serializer);
        }
        let mut map = serializer.serialize_map(Some(all.len()))?;
        for (technology, status) in Summary::COLUMNS.iter().zip(all) {
            map.serialize_entry(technology.id(), status)?;
        }
        map.end()
    }

    /// Only page and worker read summaries, in the short form.
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[Status; 9], D::Error> {
        <[Status; 9]>::deserialize(deserializer)
    }
}
