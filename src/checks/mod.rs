//! What is judged: for each technology its facts, gathered from evidence, and the checks over all facts.
//!
//! One room per technology. A room gathers facts (asking for what is missing), and from the facts alone come its
//! findings, its score items, its checklist entry, its prerequisites and its next steps.

mod context;
mod facts;
pub mod fetched;
mod finding;
pub mod mail_hosts;

pub mod bimi;
pub mod dane;
pub mod dkim;
pub mod dmarc;
pub mod dnssec;
pub mod mta_sts;
pub mod mx;
pub mod spf;
pub mod tls_rpt;

pub use context::{Context, Gap, Options};
pub use facts::{Facts, Profile};
pub use finding::{Finding, Place, Publish};

pub use crate::outcome::Outcome;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::records::Technology;

/// The static description of one check. Every sentence a user reads about it stands here or in its findings.
#[derive(Debug)]
pub struct Doc {
    /// Stable identifier, `technology.what-it-finds`.
    pub id: &'static str,
    /// Whose check it is.
    pub technology: Technology,
    /// Plain title of the finding when nothing more precise is known.
    pub title: &'static str,
    /// What is looked at.
    pub what: &'static str,
    /// Why it matters to the user.
    pub why: &'static str,
    /// How to mend it.
    pub fix: &'static str,
    /// Sections that say so, `RFC 7208 §4.6.4`.
    pub references: &'static [&'static str],
}

/// One check: a document and a function from facts to findings. It adds nothing where it has nothing to say.
pub struct Check {
    /// What it is about.
    pub doc: &'static Doc,
    /// Judges. Every finding it adds carries the id of `doc`.
    pub run: fn(&Facts, &'static Doc, &mut Vec<Finding>),
}

/// How a technology stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// In place and sound.
    Pass,
    /// In place, with something to improve.
    Warn,
    /// In place and broken.
    Fail,
    /// Not there.
    Absent,
    /// Not known: a look-up failed, was not supplied, or a browser cannot see it.
    Unknown,
    /// Makes no sense for this domain (it receives or sends no mail).
    NotApplicable,
}

/// Level of the checklist and of the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// SPF, DKIM, DMARC: 60 points.
    Essential,
    /// MTA-STS, TLS-RPT: 25 points.
    Important,
    /// BIMI, DANE with DNSSEC: 15 points.
    Advanced,
}

/// What a score item came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// So many of the item's points are earned.
    Earned(u8),
    /// Could not be judged: neither earns nor costs.
    Unknown,
    /// Makes no sense for this domain: left out altogether.
    NotApplicable,
}

/// One line of the published table of weights.
pub struct ScoreItem {
    /// Stable identifier, `spf.published`.
    pub id: &'static str,
    /// Level that the points belong to.
    pub level: Level,
    /// What earns the points, in a few words.
    pub label: &'static str,
    /// Exactly how each point is earned.
    pub how: &'static str,
    /// Most points the item can earn.
    pub points: u8,
    /// Judges; never earns more than `points`.
    pub judge: fn(&Facts) -> Judgement,
}

/// A prerequisite in the priority matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prerequisite {
    /// Stable identifier.
    pub id: Cow<'static, str>,
    /// The words of the matrix.
    pub label: Cow<'static, str>,
    /// Whether the domain meets it; `null` where that could not be seen.
    pub met: Option<bool>,
}

/// One step of the plan: what to do, why, and the records to publish for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Whose step it is.
    pub technology: Technology,
    /// What to do, as an imperative sentence.
    pub step: String,
    /// Why.
    pub why: String,
    /// The exact records or files to publish.
    pub publish: Vec<Publish>,
}

/// Something that could not be seen, why, and how to find out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// Whose matter it is.
    pub technology: Technology,
    /// What is not known.
    pub what: String,
    /// Why not.
    pub why: String,
    /// How to find out: a sentence, with a command in backticks where there is one.
    pub how: String,
}

/// A record or file as it was found published, for display.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Owner name, or the URL of a file.
    pub name: String,
    /// Record type, or `file`.
    #[serde(rename = "type")]
    pub record_type: String,
    /// TXT text (strings joined), zone-file RDATA of other types, or the text of the file.
    pub value: String,
    /// Time to live in seconds, where known.
    pub ttl: Option<u32>,
    /// Where it came from (resolver URL or file name), where known.
    pub from: Option<String>,
}

/// Everything the report asks of one technology.
pub struct Room {
    /// Which technology.
    pub technology: Technology,
    /// Its checks, in order of display.
    pub checks: &'static [Check],
    /// How the technology stands, from the facts and its own findings.
    pub status: fn(&Facts, &[Finding]) -> Status,
    /// Its lines of the score table.
    pub score: &'static [ScoreItem],
    /// Whether its checklist entry is done; `None` where that could not be seen.
    pub done: fn(&Facts) -> Option<bool>,
    /// Its prerequisites in the matrix.
    pub prerequisites: fn(&Facts) -> Vec<Prerequisite>,
    /// What to do, in order; the first is the next step. Empty when nothing is left to do.
    pub steps: fn(&Facts) -> Vec<Step>,
    /// What could not be seen, beyond the findings that say so.
    pub unknowns: fn(&Facts) -> Vec<Unknown>,
    /// The records and files as published.
    pub published: fn(&Facts) -> Vec<Published>,
    /// The technology's own facts, as they stand in the report.
    pub detail: fn(&Facts) -> serde_json::Value,
}

/// Every room: the mail servers first, then the eight technologies in order.
pub static ROOMS: [&Room; 9] = [
    &mx::ROOM,
    &spf::ROOM,
    &dkim::ROOM,
    &dmarc::ROOM,
    &mta_sts::ROOM,
    &tls_rpt::ROOM,
    &bimi::ROOM,
    &dane::ROOM,
    &dnssec::ROOM,
];

/// The status that follows from findings where the technology is there: the worst of fail, unknown, warn, pass.
pub fn worst(findings: &[Finding]) -> Status {
    let has = |outcome| findings.iter().any(|finding| finding.outcome == outcome);
    if has(Outcome::Fail) {
        Status::Fail
    } else if has(Outcome::Unknown) {
        Status::Unknown
    } else if has(Outcome::Warn) {
        Status::Warn
    } else {
        Status::Pass
    }
}
