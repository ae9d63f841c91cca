//! The checks of SPF that look at the whole tree: loops, dead ends, and how it ends.

use super::super::{Doc, Facts, Finding, Outcome, Publish};
use super::checks::PERMERROR;
use super::judge::{self, End, OpenBy};
use super::own::{at, is_own, way};
use super::tree::{State, Target, Tree, Via};
use super::words::clip;
use crate::records::Technology;
use crate::records::spf::Qualifier;

pub static INCLUDE_WITHOUT_RECORD: Doc = Doc {
    id: "spf.include-without-record",
    technology: Technology::Spf,
    title: "An include or redirect leads to no usable SPF record",
    what: "Whether every include and redirect names a domain with exactly one SPF record.",
    why: PERMERROR,
    fix: "Correct the name, or remove the term.",
    references: &["RFC 7208 §5.2", "RFC 7208 §6.1"],
};

pub fn include_without_record(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for tree in &facts.spf.trees {
        for (place, node) in tree.nodes.iter().enumerate() {
            let what = match &node.state {
                State::Absent { exists: false } => "does not exist",
                State::Absent { exists: true } => "has no SPF record",
                State::Several(_) => "has more than one SPF record",
                _ => continue,
            };
            let Some((parent, record, reached)) = tree.leading_to(place) else { continue };
            let term = match node.via {
                Via::Redirect => "redirect",
                Via::Include | Via::Root => "include",
            };
            let span = record.span(reached.place);
            let name = match &reached.target {
                Target::Name(name) => name.to_string(),
                _ => span.of(&record.text).to_owned(),
            };
            let mut finding = doc
                .finding(Outcome::Fail, tr!("{name} {what}. The way there: {}.", way(tree, place), name, what))
                .titled(tr!("{} {what}, and SPF depends on it", clip(&name), what));
            if !is_own(&facts.spf, parent) {
                finding =
                    finding.fixed_by(tr!("Tell the owner of {}, or remove the term that leads there.", parent.domain));
            } else if node.via == Via::Redirect {
                finding = finding.fixed_by(tr!(
                    "Correct the name behind “redirect=”, or end the record with ~all or -all instead of the {term}.",
                    term
                ));
            }
            findings.push(at(finding, parent, record, span));
        }
    }
}

pub static LOOP: Doc = Doc {
    id: "spf.loop",
    technology: Technology::Spf,
    title: "SPF runs in a circle",
    what: "Whether an include or redirect leads back to a record that is being evaluated.",
    why: "The evaluation goes round until the look-up limit ends it with a permanent error.",
    fix: "Remove the term that closes the circle.",
    references: &["RFC 7208 §4.6.4"],
};

pub fn loops(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for tree in &facts.spf.trees {
        for (place, node) in tree.nodes.iter().enumerate() {
            if !matches!(node.state, State::Loop) {
                continue;
            }
            let Some((parent, record, reached)) = tree.leading_to(place) else { continue };
            let finding = doc.finding(Outcome::Fail, tr!("The circle: {}.", way(tree, place)));
            findings.push(at(finding, parent, record, record.span(reached.place)));
        }
    }
}

pub static ALL: Doc = Doc {
    id: "spf.all",
    technology: Technology::Spf,
    title: "How the SPF record ends",
    what: "What the record says about senders that it does not list.",
    why: "Only -all and ~all tell receivers to distrust everybody else. Everything else leaves the door open.",
    fix: "End the record with ~all or -all.",
    references: &["RFC 7208 §4.7", "RFC 7208 §5.1", "RFC 9989 §7.1"],
};

pub fn all(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some(tree) = facts.spf.only_tree() else { return };
    disguised(tree, doc, findings);
    let (at_node, span, qualifier) = match judge::end(tree) {
        End::All { node, place, qualifier } => (node, Some(place), Some(qualifier)),
        End::Nothing { node } => (node, None, None),
        End::Broken | End::Unknown => return,
    };
    let Some((node, record)) = tree.record(at_node) else { return };
    let finding = match qualifier {
        Some(Qualifier::Fail) => {
            let finding = doc
                .finding(Outcome::Pass, "Senders that are not listed are refused (-all).")
                .titled("The record ends in -all");
            if !facts.spf.sends_nothing() {
                let remark = doc
                    .finding(
                        Outcome::Info,
                        "Some receivers refuse mail at -all before they look at DKIM and DMARC, so forwarded mail is lost. \
                         ~all with a DMARC policy of quarantine or reject protects as well; both are fine.",
                    )
                    .titled("-all can refuse forwarded mail early")
                    .citing(&["RFC 9989 §7.1"]);
                findings.push(match span {
                    Some(place) => at(remark, node, record, record.span(place)),
                    None => remark,
                });
            }
            finding
        }
        Some(Qualifier::SoftFail) => doc
            .finding(Outcome::Pass, "Senders that are not listed are marked as suspicious (~all). With an enforcing DMARC policy this is as strong as -all.")
            .titled("The record ends in ~all"),
        Some(Qualifier::Neutral) => doc
            .finding(Outcome::Warn, "?all says nothing about senders that are not listed.")
            .titled("The record ends in ?all"),
        Some(Qualifier::Pass) => doc
            .finding(Outcome::Fail, "“all” without -, ~ or ? lets every server on the Internet send in the domain's name.")
            .titled("The record lets everybody pass (+all)"),
        None => doc
            .finding(Outcome::Warn, "The record has neither “all” nor “redirect”: senders that are not listed are neutral, as with ?all.")
            .titled("The record has no end"),
    };
    let weak = matches!(finding.outcome, Outcome::Warn | Outcome::Fail);
    let mended = span.map(|place| record.span(place)).and_then(|span| {
        let mut text = record.text.clone();
        text.get(span.start..span.end)?;
        text.replace_range(span.start..span.end, "~all");
        Some(text)
    });
    let mended = mended.or_else(|| Some(tr!("{} ~all", record.text.trim_end_matches(' '))));
    let place = match span {
        Some(place) => record.span(place),
        None => crate::text::Span::whole(&record.text),
    };
    let mut finding = at(finding, node, record, place);
    if let Some(text) = mended.filter(|_| weak && is_own(&facts.spf, node) && super::tree::is_sound(record)) {
        finding = finding.publishing(Publish::txt(&node.domain, text));
    }
    findings.push(finding);
}

/// `+all` in other words, in the domain's own record or one that a redirect leads to.
fn disguised(tree: &Tree, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for opening in judge::openings(tree).0 {
        let Some((node, record)) = tree.record(opening.node) else {
            continue;
        };
        if inside_include(tree, opening.node) {
            continue;
        }
        let detail = match opening.by {
            OpenBy::All => continue,
            OpenBy::Networks(family) => {
                tr!("This term takes part in letting every {} address pass: “+all” in other words.", family.label())
            }
            OpenBy::Exists => {
                "The name in this term exists whoever sends, so the term matches everybody: “+all” in other words. Where it \
                 depends on the mail, a wildcard answers for a client that is made up."
                    .into()
            }
        };
        let finding = doc
            .finding(Outcome::Fail, detail)
            .titled("The record lets everybody pass")
            .fixed_by("List only the addresses that send your mail.");
        findings.push(at(finding, node, record, opening.span));
    }
}

/// Whether an include stands on the way to a node.
fn inside_include(tree: &Tree, mut place: usize) -> bool {
    while let Some(node) = tree.nodes.get(place) {
        if node.via == Via::Include {
            return true;
        }
        match node.parent {
            Some(parent) => place = parent,
            None => return false,
        }
    }
    false
}

pub static PASS_ALL_INSIDE_INCLUDE: Doc = Doc {
    id: "spf.pass-all-inside-include",
    technology: Technology::Spf,
    title: "An included record lets everybody pass",
    what: "Whether a record that is included matches every sender (+all, all addresses, or an exists that is always true).",
    why: "The include then matches every sender, so every server on the Internet passes SPF for your domain, whatever your own record ends in.",
    fix: "Remove the include, and tell the owner of the record.",
    references: &["RFC 7208 §5.1", "RFC 7208 §5.2"],
};

pub fn pass_all_inside_include(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some(tree) = facts.spf.only_tree() else { return };
    for opening in judge::openings(tree).0 {
        let Some((node, record)) = tree.record(opening.node) else {
            continue;
        };
        if !inside_include(tree, opening.node) {
            continue;
        }
        let by = match opening.by {
            OpenBy::All => "ends in +all".into(),
            OpenBy::Networks(family) => tr!("covers all {} addresses", family.label()),
            OpenBy::Exists => "asks whether a name exists that always exists".into(),
        };
        let detail = tr!("The record of {} {by}. The way there: {}.", node.domain, way(tree, opening.node), by);
        findings.push(at(doc.finding(Outcome::Fail, detail), node, record, opening.span));
    }
}
