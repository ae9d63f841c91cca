//! The DMARC lines of the score table.

use crate::checks::{Facts, Judgement, Level, Profile, ScoreItem};
use crate::records::dmarc::Policy;

/// 25 points, all essential.
pub(super) static ITEMS: [ScoreItem; 4] = [
    ScoreItem {
        id: "dmarc.published",
        level: Level::Essential,
        label: "DMARC record in effect",
        how: "7: one valid record, the domain's own or an inherited one, that receivers apply. 0: none.",
        points: 7,
        judge: |facts| match facts.dmarc.effective() {
            Ok(Some(_)) => Judgement::Earned(7),
            Ok(None) => Judgement::Earned(0),
            Err(_) => Judgement::Unknown,
        },
    },
    ScoreItem {
        id: "dmarc.policy",
        level: Level::Essential,
        label: "DMARC policy",
        how: "12: reject. 6: quarantine. 0: none or no record. t=y counts one step lower, as it works.",
        points: 12,
        judge: |facts| match facts.dmarc.effective() {
            Ok(effective) => Judgement::Earned(match effective.map(|e| e.domain) {
                Some(Policy::Reject) => 12,
                Some(Policy::Quarantine) => 6,
                Some(Policy::None) | None => 0,
            }),
            Err(_) => Judgement::Unknown,
        },
    },
    ScoreItem {
        id: "dmarc.subdomains",
        level: Level::Essential,
        label: "DMARC for sub-domains",
        how: "By the weaker policy of sub-domains that exist and that do not: 3 reject, 1 quarantine, 0 none or no record.",
        points: 3,
        judge: |facts| match facts.dmarc.effective() {
            Ok(effective) => Judgement::Earned(match effective.map(|e| e.subdomains.min(e.nonexistent)) {
                Some(Policy::Reject) => 3,
                Some(Policy::Quarantine) => 1,
                Some(Policy::None) | None => 0,
            }),
            Err(_) => Judgement::Unknown,
        },
    },
    ScoreItem {
        id: "dmarc.reports",
        level: Level::Essential,
        label: "DMARC reports arrive",
        how: "3: at least one rua address that is valid, allowed by its domain where that is another organization's, and at \
              a domain that receives mail. 0: none. Left out for a parked domain.",
        points: 3,
        judge: reports,
    },
];

fn reports(facts: &Facts) -> Judgement {
    if facts.profile == Profile::Parked {
        return Judgement::NotApplicable;
    }
    match facts.dmarc.effective() {
        Err(_) => return Judgement::Unknown,
        Ok(None) => return Judgement::Earned(0),
        Ok(Some(_)) => {}
    }
    let mut aggregate = facts.dmarc.destinations.iter().filter(|destination| destination.aggregate).peekable();
    if aggregate.peek().is_none() {
        return Judgement::Earned(0);
    }
    let works: Vec<Option<bool>> = aggregate.map(|destination| destination.works()).collect();
    if works.contains(&Some(true)) {
        Judgement::Earned(3)
    } else if works.contains(&None) {
        Judgement::Unknown
    } else {
        Judgement::Earned(0)
    }
}
