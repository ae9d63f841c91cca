//! The DKIM lines of the score table.

use crate::checks::{Facts, Judgement, Level, ScoreItem};
use crate::records::dkim::KeyProblem;

/// 15 points, all essential.
pub(super) static ITEMS: [ScoreItem; 2] = [
    ScoreItem {
        id: "dkim.key",
        level: Level::Essential,
        label: "DKIM key published",
        how: "10: at least one key found that receivers can use. 0: DNS says that no selector exists, or the only keys found are \
              broken. Not judged where the selectors tried hold no key, since others may. Left out for a domain that sends no \
              mail.",
        points: 10,
        judge: |facts| {
            if !facts.profile.sends() {
                Judgement::NotApplicable
            } else if facts.dkim.usable().next().is_some() {
                Judgement::Earned(10)
            } else if facts.dkim.is_absent() || facts.dkim.has_broken_key() && !facts.dkim.is_pending() {
                Judgement::Earned(0)
            } else {
                Judgement::Unknown
            }
        },
    },
    ScoreItem {
        id: "dkim.strength",
        level: Level::Essential,
        label: "DKIM key strength",
        how: "5: every usable key found is RSA of 2048 to 4096 bits or Ed25519. 2: one is shorter (1024 to 2047 bits) or longer. \
              0: no key exists, or the only keys found are broken. Not judged, or left out, like the key itself.",
        points: 5,
        judge: strength,
    },
];

fn strength(facts: &Facts) -> Judgement {
    if !facts.profile.sends() {
        return Judgement::NotApplicable;
    }
    let mut usable = facts.dkim.usable().peekable();
    if usable.peek().is_none() {
        let settled = facts.dkim.is_absent() || facts.dkim.has_broken_key() && !facts.dkim.is_pending();
        return if settled { Judgement::Earned(0) } else { Judgement::Unknown };
    }
    let odd_size = |kind: &KeyProblem| matches!(kind, KeyProblem::Weak { .. } | KeyProblem::TooLarge { .. });
    let weak = usable.any(|(_, key)| key.parsed.problems.iter().any(|problem| odd_size(&problem.kind)));
    Judgement::Earned(if weak { 2 } else { 5 })
}
