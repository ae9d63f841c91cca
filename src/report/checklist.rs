//! The checklist: fixed entries, ticked from the evidence.

use serde::Serialize;

use crate::checks::{Facts, Level, ROOMS};
use crate::records::Technology;

/// One entry of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChecklistItem {
    /// Level it belongs to.
    pub level: Level,
    /// Stable identifier: that of the technology.
    pub id: &'static str,
    /// The words of the checklist.
    pub label: &'static str,
    /// Whether it is done; `null` where that could not be seen.
    pub done: Option<bool>,
}

/// Level, technology and words of each entry, in order.
const ENTRIES: [(Level, Technology, &str); 7] = [
    (Level::Essential, Technology::Spf, "SPF with all sending sources"),
    (Level::Essential, Technology::Dkim, "DKIM signing"),
    (Level::Essential, Technology::Dmarc, "DMARC at p=reject"),
    (Level::Important, Technology::MtaSts, "MTA-STS enforce"),
    (Level::Important, Technology::TlsRpt, "TLS-RPT"),
    (Level::Advanced, Technology::Bimi, "BIMI"),
    (Level::Advanced, Technology::Dane, "DANE with DNSSEC"),
];

/// The checklist with the domain's own state in it.
pub fn checklist(facts: &Facts) -> Vec<ChecklistItem> {
    ENTRIES
        .iter()
        .map(|&(level, technology, label)| ChecklistItem {
            level,
            id: technology.id(),
            label,
            done: ROOMS.iter().find(|room| room.technology == technology).and_then(|room| (room.done)(facts)),
        })
        .collect()
}
