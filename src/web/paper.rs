//! What page and clerk say to each other about reports, as postcard octets like everything between page and workers.

use serde::{Deserialize, Serialize};

use crate::report::changes::Comparison;
use crate::reports::Summary;

use super::drawing::{Octets, in_one_piece};
use super::message::Sealed;

/// What the clerk is asked for. A report is handed over in the octets in which it came from the engine.
#[derive(Serialize, Deserialize)]
pub(super) enum ClerkTask {
    /// To do something about TLS-RPT reports.
    Reports(ReportsTask),
    /// To write a report in one of its forms.
    Write { report: Octets, form: Form },
    /// To tell what differs between two reports, each with its evidence.
    Compare { before: (Octets, Sealed), after: (Octets, Sealed) },
}

/// What comes back.
#[derive(Serialize, Deserialize)]
pub(super) enum ClerkReply<'a> {
    /// The file.
    Written(#[serde(serialize_with = "in_one_piece")] &'a [u8]),
    /// The reports in some files are added; these files, by their place among them, are none for the reports.
    Added { others: Vec<u32>, reports: u64 },
    /// What the reports come to.
    Told { summary: Box<Summary>, rows: Rows },
    /// The sum that was meant is not there.
    Lost,
    /// What differs.
    Compared(Box<Comparison>),
    /// Why there is nothing.
    Refused(String),
}

/// What the clerk is asked for about TLS-RPT reports. It adds them up for as long as it lives: `sum` is the number of the
/// sum that is meant, `files` how many files it must hold so far. A clerk that holds another one, as after a fault, says
/// so.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct ReportsTask {
    /// Which sum.
    pub sum: u32,
    /// How many files it holds.
    pub files: u32,
    /// What to do.
    pub what: ReportsOrder,
}

/// What to do with a sum of reports.
#[derive(Clone, Serialize, Deserialize)]
pub(super) enum ReportsOrder {
    /// To add files, which come beside the message in this order. Without any before, a sum begins.
    Add(Vec<Handed>),
    /// To tell what it comes to.
    Tell,
    /// To write it as a file.
    Write(ReportsFormat),
}

/// Files that a sum of reports is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportsFormat {
    /// Everything, as `mxray tls-report --format json` writes it.
    Json,
    /// A line for each policy and each failure.
    Csv,
}

/// A file that comes beside a message.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Handed {
    /// Its name, with its folders.
    pub name: String,
    /// Whether a folder was handed over, and it was in it.
    pub in_folder: bool,
    /// Why it is not read but listed; then nothing comes beside the message.
    pub refused: Option<String>,
}

/// How many rows the tables of a sum have, of which the page gets the first ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// Days.
    pub days: usize,
    /// Kinds of failures.
    pub failures: usize,
    /// MX hosts.
    pub mx_hosts: usize,
    /// Sending organisations.
    pub organizations: usize,
    /// Policies.
    pub policies: usize,
    /// Failures by domain, host and kind.
    pub host_failures: usize,
    /// Failures with everything that is said of them.
    pub details: usize,
    /// Deviations of reporters.
    pub deviations: usize,
    /// What could not be read.
    pub unreadable: usize,
}

/// The forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// JSON: what `mxray check --format json` writes, in lines.
    Json,
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// A table for spreadsheets.
    Csv,
    /// An SVG picture of the score.
    Badge,
}
