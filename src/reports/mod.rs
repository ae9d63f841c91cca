//! TLS-RPT reports, RFC 8460 §4 and §5: read whatever reporters send, add it up, and say what each failure means.
//!
//! [`read`] opens a file of any of the forms in which reports travel and gives one report at a time; [`Fold`] adds them
//! up in bounded memory; [`Summary`] is what comes out. Small deviations from the RFC are read as they are meant and
//! named ([`DeviationKind`]); what cannot be read is listed with the reason ([`Unreadable`]).

mod archive;
mod dates;
mod deviation;
mod document;
mod export;
mod file;
mod fold;
mod interner;
mod json;
mod kinds;
mod mail;
mod member;
mod names;
mod sniff;
mod summary;
mod text;
mod ties;
mod transfer;
mod values;

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::time::UnixTime;

pub use archive::{MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED, MAX_UNPACKED_IN_ALL};
pub use deviation::{DeviationDoc, DeviationKind};
pub use document::{MAX_DETAILS, MAX_POLICIES, MAX_TEXTS};
pub use file::{MAX_DOCUMENTS, MAX_FILE, MAX_NESTING, read};
pub use fold::{Added, Fold, MAX_REPORTS, MAX_ROWS};
pub use json::MAX_DEPTH;
pub use kinds::{Family, KINDS, ResultKind};
pub use mail::MAX_PARTS;
pub use sniff::{looks_like_reports, unpacked_start};
pub use summary::{
    Day, Detail, Deviation, Failure, HostFailure, MxHost, Organization, PolicyRow, Sessions, Share, Summary,
};
pub use ties::{Facts, Tie, TieKind, tie};
pub use values::{MAX_COUNT, MAX_TEXT};

/// One report, RFC 8460 §4.4, its texts borrowed from the file where they can be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report<'t> {
    /// `organization-name`: who sent the mail that it counts.
    pub organization: Option<Cow<'t, str>>,
    /// `contact-info`.
    pub contact: Option<Cow<'t, str>>,
    /// `report-id`.
    pub id: Option<Cow<'t, str>>,
    /// `start-datetime`.
    pub start: Option<UnixTime>,
    /// `end-datetime`.
    pub end: Option<UnixTime>,
    /// `policies`.
    pub policies: Vec<Policy<'t>>,
    /// Where it deviates from the RFC, each kind once.
    pub deviations: Vec<Noted<'t>>,
}

/// What was found under one policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy<'t> {
    /// `policy-type`: `sts`, `tlsa`, `no-policy-found`, or what else the reporter wrote.
    pub policy_type: Cow<'t, str>,
    /// `policy-domain`, in small letters without a final dot.
    pub domain: Option<Cow<'t, str>>,
    /// `policy-string`: lines of an MTA-STS policy, or TLSA records.
    pub strings: Vec<Cow<'t, str>>,
    /// `mx-host`: patterns of the policy.
    pub mx_hosts: Vec<Cow<'t, str>>,
    /// `total-successful-session-count`.
    pub successful: u64,
    /// `total-failure-session-count`; the sum of the details where the reporter gives none.
    pub failed: u64,
    /// `failure-details`.
    pub details: Vec<FailureDetail<'t>>,
}

/// Failures of one kind on one way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FailureDetail<'t> {
    /// `result-type`, as the RFC writes it where it is known.
    pub result_type: Cow<'t, str>,
    /// `sending-mta-ip`.
    pub sending_ip: Option<Cow<'t, str>>,
    /// `receiving-mx-hostname`, in small letters without a final dot.
    pub mx_host: Option<Cow<'t, str>>,
    /// `receiving-mx-helo`.
    pub helo: Option<Cow<'t, str>>,
    /// `receiving-ip`.
    pub receiving_ip: Option<Cow<'t, str>>,
    /// `failed-session-count`.
    pub sessions: u64,
    /// `additional-information`.
    pub information: Option<Cow<'t, str>>,
    /// `failure-reason-code`.
    pub reason: Option<Cow<'t, str>>,
}

/// A deviation in one report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted<'t> {
    /// Which.
    pub kind: DeviationKind,
    /// What the reporter wrote, shortened; empty where there is nothing to show.
    pub example: Cow<'t, str>,
}

/// What could not be read, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unreadable {
    /// The file; a file within it follows behind ` › `.
    pub file: String,
    /// The line at which reading ended, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// Why, in a sentence without its full stop.
    pub why: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "{}, line {line}, column {column}: {}", self.file, self.why),
            (Some(line), None) => write!(f, "{}, line {line}: {}", self.file, self.why),
            _ => write!(f, "{}: {}", self.file, self.why),
        }
    }
}
