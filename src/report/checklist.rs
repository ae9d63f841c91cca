//! The checklist: fixed entries, ticked from the evidence.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::checks::{Facts, Level, ROOMS, Status};
use crate::records::Technology;

use super::TechnologyReport;

/// One entry of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistItem {
    /// Level it belongs to.
    pub level: Level,
    /// Stable identifier: that of the technology.
    pub id: Cow<'static, str>,
    /// The words of the checklist.
    pub label: Cow<'static, str>,
    /// Whether it is done; `null` where that could not be seen, or where it does not apply.
    pub done: Option<bool>,
    /// Whether it makes sense for this domain at all.
    pub applies: bool,
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

/// The checklist with the domain's own state in it, given how its technologies stand.
pub fn checklist(facts: &Facts, technologies: &[TechnologyReport]) -> Vec<ChecklistItem> {
    let applies = |technology| {
        technologies.iter().any(|report| report.id == technology && report.status != Status::NotApplicable)
    };
    let done = |technology| ROOMS.iter().find(|room| room.technology == technology).and_then(|room| (room.done)(facts));
    ENTRIES
        .iter()
        .map(|&(level, technology, label)| {
            let applies = applies(technology);
            let done = if applies { done(technology) } else { None };
            ChecklistItem { level, id: technology.id().into(), label: label.into(), done, applies }
        })
        .collect()
}
