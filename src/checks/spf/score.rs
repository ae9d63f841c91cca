//! The score lines of SPF.

use super::super::{Judgement, Level, ScoreItem};
use super::{Answer, End, Facts, Verdict, judge};
use crate::records::spf::Qualifier;

/// Points for a record that ends in `?all` or in nothing: it names the senders, and says nothing about others.
const NEUTRAL_END: u8 = 2;

/// What earns points.
pub static ITEMS: &[ScoreItem] = &[
    ScoreItem {
        id: "spf.published",
        level: Level::Essential,
        label: "One valid SPF record",
        how: "8 points for exactly one SPF record without a syntax error at the domain; 0 for none, several, or an invalid one.",
        points: 8,
        judge: |facts| points(facts.spf.validity(), 8),
    },
    ScoreItem {
        id: "spf.limits",
        level: Level::Essential,
        label: "SPF within its limits",
        how: "6 points when the whole tree needs at most 10 look-ups and 2 void look-ups, has no loop, at most 10 MX names \
              per mx, and every included record exists once and is valid; 0 when any of that fails or there is no single \
              record. Void look-ups that only IPv6 senders meet count where the record lets IPv6 addresses pass. \
              Unknown while a part that could not be read may decide.",
        points: 6,
        judge: |facts| points(facts.spf.limits(), 6),
    },
    ScoreItem {
        id: "spf.ends",
        level: Level::Essential,
        label: "SPF refuses everybody else",
        how: "6 points when the record (redirects followed) ends in -all or ~all; 2 when it ends in ?all or in nothing; \
              0 for +all or its disguises (also inside an include), for a redirect to nothing, and without a single \
              valid record. Unknown while an include or redirect could not be read.",
        points: 6,
        judge: |facts| ending(&facts.spf),
    },
];

fn points(verdict: Verdict, points: u8) -> Judgement {
    match verdict {
        Verdict::Good => Judgement::Earned(points),
        Verdict::Broken => Judgement::Earned(0),
        Verdict::Unknown => Judgement::Unknown,
    }
}

fn ending(facts: &Facts) -> Judgement {
    if matches!(facts.answer, Answer::Unknown(_)) {
        return Judgement::Unknown;
    }
    let Some(tree) = facts.only_tree().filter(|_| facts.validity() == Verdict::Good) else {
        return Judgement::Earned(0);
    };
    let (openings, complete) = judge::openings(tree);
    let end = judge::end(tree);
    match end {
        _ if !openings.is_empty() => Judgement::Earned(0),
        End::Broken => Judgement::Earned(0),
        End::Unknown => Judgement::Unknown,
        _ if !complete => Judgement::Unknown,
        End::All { qualifier: Qualifier::Fail | Qualifier::SoftFail, .. } => Judgement::Earned(6),
        End::All { qualifier: Qualifier::Pass, .. } => Judgement::Earned(0),
        End::All { .. } | End::Nothing { .. } => Judgement::Earned(NEUTRAL_END),
    }
}
