//! One record out of several.

use super::tree::{Tree, is_sound};
use crate::records::spf::{Action, Mechanism, Modifier, Qualifier, VERSION};

/// The records of several trees as one: every mechanism once, and the mildest of their ends, so that no sender that any
/// of them allows is refused. `None` where a record is faulty or has a redirect, whose meaning depends on the rest.
pub fn merged(trees: &[Tree]) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    let mut end: Option<Qualifier> = Some(Qualifier::Fail);
    for tree in trees {
        let record = tree.root()?.published()?;
        if !is_sound(record) {
            return None;
        }
        for term in &record.parsed.record.terms {
            match &term.action {
                Action::Directive { mechanism: Mechanism::All, .. } => break,
                Action::Directive { .. } | Action::Modifier(Modifier::Explanation { .. }) => {
                    let word = term.span.of(&record.text);
                    if !words.iter().any(|known| known.eq_ignore_ascii_case(word)) {
                        words.push(word);
                    }
                }
                Action::Modifier(Modifier::Redirect { .. }) => return None,
                Action::Modifier(Modifier::Other { .. }) | Action::Unreadable => {}
            }
        }
        let own = record.parsed.record.all().map_or(Qualifier::Neutral, |(_, qualifier)| qualifier);
        end = end.map(|end| milder(end, own));
    }
    // A merged `+all` or `?all` protects nobody; `~all` refuses nobody either and says what is meant.
    let sign = match end? {
        Qualifier::Fail => '-',
        _ => '~',
    };
    let exp = words.iter().filter(|word| word.to_ascii_lowercase().starts_with("exp=")).count();
    let words: String = words.iter().map(|word| format!("{word} ")).collect();
    (exp <= 1).then(|| tr!("{VERSION} {words}{sign}all", VERSION, words, sign))
}

/// The qualifier that refuses less.
fn milder(one: Qualifier, other: Qualifier) -> Qualifier {
    let rank = |qualifier| match qualifier {
        Qualifier::Fail => 0,
        Qualifier::SoftFail => 1,
        Qualifier::Neutral => 2,
        Qualifier::Pass => 3,
    };
    if rank(other) > rank(one) { other } else { one }
}
