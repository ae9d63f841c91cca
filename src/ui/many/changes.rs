//! What is not as it was in an earlier run.

use crate::report::Summary;
use crate::ui::words::status_word;

use super::earlier::Earlier;

/// What changed, in words; empty where nothing did.
pub fn changes(earlier: &Earlier, now: &Summary) -> Vec<String> {
    let Some(was) = earlier.domains.get(&now.domain) else { return vec![tr!("New")] };
    let mut changes = Vec::new();
    let grade = now.grade.map(|grade| grade.label());
    let shown = |grade: Option<&str>| grade.unwrap_or("none").to_owned();
    if was.grade.as_deref() != grade {
        changes.push(tr!("Grade: {} → {}", shown(was.grade.as_deref()), shown(grade)));
    }
    if was.points != now.points {
        let points = |points: Option<u8>| points.map_or_else(|| "none".to_owned(), |points| points.to_string());
        changes.push(tr!("Score: {} → {}", points(was.points), points(now.points)));
    }
    for (technology, (before, after)) in Summary::COLUMNS.iter().zip(was.technologies.iter().zip(now.technologies)) {
        if let Some(before) = before.filter(|before| *before != after) {
            changes.push(tr!("{}: {} → {}", technology.label(), status_word(before), status_word(after)));
        }
    }
    changes
}
