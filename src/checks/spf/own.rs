//! Helpers of the checks: whose record it is, and findings at a place in it.

use super::super::{Finding, Publish};
use super::Facts;
use super::tree::{Node, Published, Tree};
use crate::records::spf::{self, Qualifier};
use crate::records::{Problem, Weight};
use crate::text::Span;

/// Whether the domain's owner publishes the record of a node: the name is the domain or below it.
pub fn is_own(facts: &Facts, node: &Node) -> bool {
    node.domain.is_at_or_below(&facts.domain)
}

/// A finding at a place of a node's record.
pub fn at(finding: Finding, node: &Node, record: &Published, span: Span) -> Finding {
    finding.at(&node.domain, &record.text, span)
}

/// The way to a node in words: `example.com → _spf.example.net`.
pub fn way(tree: &Tree, node: usize) -> String {
    tree.path(node).iter().map(|name| name.as_str()).collect::<Vec<_>>().join(" → ")
}

/// With the corrected record, where everything of at least `weight` in it can be mended and the owner can publish it.
pub fn with_repair(finding: Finding, facts: &Facts, node: &Node, record: &Published, weight: Weight) -> Finding {
    match repair(&record.text, &record.parsed.problems, weight).filter(|_| is_own(facts, node)) {
        Some(text) => finding.publishing(Publish::txt(&node.domain, text)),
        None => finding,
    }
}

/// The record with its faults mended, and with the doubts too where `weight` says so. An `all` that lets everybody pass
/// is closed on the way: no record that is proposed here leaves the door open.
pub fn repair(text: &str, problems: &[Problem<spf::ProblemKind>], weight: Weight) -> Option<String> {
    spf::repaired(text, problems, weight).map(closed)
}

/// The record with `~all` for a `+all` or bare `all`.
fn closed(text: String) -> String {
    let parsed = spf::parse(&text);
    let open = parsed.record.all().filter(|(_, qualifier)| *qualifier == Qualifier::Pass);
    let span = open.and_then(|(at, _)| parsed.record.terms.get(at)).map(|term| term.span);
    match span.and_then(|span| Some((text.get(..span.start)?, text.get(span.end..)?))) {
        Some((before, after)) => format!("{before}~all{after}"),
        None => text,
    }
}
