//! Tag lists: `name=value` separated by `;`, as DKIM keys, DMARC, BIMI, MTA-STS and TLS-RPT records write them.
//!
//! The splitting is common; what white space, case, order and duplicates mean differs and is judged by each parser.

use crate::order;
use crate::text::{Piece, Span};

use super::{Problem, Weight};

/// Most problems reported for one record; a record with more is hopeless, and each carries a copy of its text.
const MAX_PROBLEMS: usize = 32;
/// Most tags that are looked at in one record; the longest sensible record has fewer than twenty.
pub const MAX_TAGS: usize = 256;

/// One part between semicolons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'t> {
    /// The whole part, white space included.
    pub raw: Piece<'t>,
    /// What stands before the first `=`, white space trimmed; the whole part where there is no `=`.
    pub name: Piece<'t>,
    /// What stands after the first `=`, white space trimmed; `None` where there is no `=`.
    pub value: Option<Piece<'t>>,
    /// Whether white space stood directly before or after the `=`.
    pub spaced: bool,
}

impl Tag<'_> {
    /// Where the part stands, without the white space around it.
    pub fn span(&self) -> Span {
        let end = self.value.map_or(self.name.span().end, |value| value.span().end);
        Span::new(self.name.start, end.max(self.name.span().end))
    }
}

/// The white space of tag lists: space and tab, and CR LF where DKIM folds.
pub fn is_white(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

/// Splits a record at its semicolons. Parts that are empty or only white space are left out; `stray` tells the places
/// of those that stand between others (`;;`), the one after a final `;` being no fault.
pub fn split(text: &str) -> TagList<'_> {
    let mut tags = Vec::new();
    let mut stray = Vec::new();
    let mut cut = false;
    let mut parts = Piece::whole(text).split(';').peekable();
    while let Some(raw) = parts.next() {
        let trimmed = raw.trim(is_white);
        if trimmed.text.is_empty() {
            if parts.peek().is_some() {
                stray.push(Span::new(raw.span().end, raw.span().end + 1));
            }
            continue;
        }
        if tags.len() == MAX_TAGS {
            cut = true;
            break;
        }
        tags.push(match trimmed.split_once('=') {
            Some((before, after)) => {
                let (name, value) = (before.trim(is_white), after.trim(is_white));
                let spaced = name.text.len() != before.text.len() || value.start != after.start;
                Tag { raw, name, value: Some(value), spaced }
            }
            None => Tag { raw, name: trimmed, value: None, spaced: false },
        });
    }
    TagList { tags, stray, cut }
}

/// A record split at its semicolons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagList<'t> {
    /// The parts with content, in order.
    pub tags: Vec<Tag<'t>>,
    /// Semicolons with nothing before them.
    pub stray: Vec<Span>,
    /// Whether more than [`MAX_TAGS`] parts were there; the rest was not looked at.
    pub cut: bool,
}

/// What is wrong with one record, as far as it was read.
pub(super) struct Problems<K>(Vec<Problem<K>>);

impl<K> Problems<K> {
    /// None yet.
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    /// Notes a problem. A fault is never lost behind lighter ones: it decides whether the record counts.
    pub(super) fn report(&mut self, kind: K, span: Span, weight: Weight) {
        if self.0.len() < MAX_PROBLEMS {
            self.0.push(Problem { kind, span, weight });
        } else if weight == Weight::Fault
            && let Some(lighter) = self.0.iter_mut().find(|problem| problem.weight < Weight::Fault)
        {
            *lighter = Problem { kind, span, weight };
        }
    }

    /// All of them, in order of place.
    pub(super) fn in_order(mut self) -> Vec<Problem<K>> {
        order::by_key(&mut self.0, |problem| problem.span.order());
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_and_keeps_places() {
        let text = "v=DMARC1;; p = reject ;note; x==1;";
        let list = split(text);
        let seen: Vec<_> = list
            .tags
            .iter()
            .map(|tag| (tag.name.text, tag.value.map(|value| value.text), tag.spaced, tag.span().of(text)))
            .collect();
        assert_eq!(
            seen,
            [
                ("v", Some("DMARC1"), false, "v=DMARC1"),
                ("p", Some("reject"), true, "p = reject"),
                ("note", None, false, "note"),
                ("x", Some("=1"), false, "x==1"),
            ]
        );
        assert_eq!(list.stray, [Span::new(9, 10)]);
        assert!(!list.cut);
    }

    #[test]
    fn stops_at_the_limit() {
        let text = "a=1;".repeat(MAX_TAGS + 1);
        let list = split(&text);
        assert_eq!((list.tags.len(), list.cut), (MAX_TAGS, true));
    }

    #[test]
    fn faults_outlive_notes() {
        let mut problems = Problems::new();
        for at in 0..2 * MAX_PROBLEMS {
            problems.report(at, Span::new(at, at + 1), Weight::Note);
        }
        problems.report(1000, Span::new(0, 1), Weight::Fault);
        let kept = problems.in_order();
        assert_eq!((kept.len(), kept.first().map(|problem| problem.kind)), (MAX_PROBLEMS, Some(1000)));
    }
}
