//! The checks of SPF that look at the terms of each record: one finding for each problem of the parser.

use super::super::{Doc, Facts, Finding, Outcome};
use super::checks::PERMERROR;
use super::own::{at, is_own, with_repair};
use super::{softened, words};
use crate::records::spf::ProblemKind;
use crate::records::{Problem, Technology, Weight};

pub static SYNTAX: Doc = Doc {
    id: "spf.syntax",
    technology: Technology::Spf,
    title: "The SPF record has a syntax error",
    what: "Whether every term of the record, and of every record that it includes, follows the grammar.",
    why: PERMERROR,
    fix: "Correct the marked place.",
    references: &["RFC 7208 §4.6", "RFC 7208 §12"],
};

pub fn syntax(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let before = findings.len();
    each_problem(facts, doc, findings, |_, problem| {
        // An include with an error is a permanent error for the whole evaluation (RFC 7208 §5.2).
        (problem.weight == Weight::Fault).then_some(Outcome::Fail)
    });
    let sound = facts.spf.only_record().filter(|_| findings.len() == before);
    if let Some(record) = sound {
        let terms = record.parsed.record.terms.len();
        let terms = if terms == 1 { "its only term follows".into() } else { tr!("all {terms} terms follow", terms) };
        findings.push(
            doc.finding(Outcome::Pass, tr!("There is exactly one SPF record, and {terms} the grammar.", terms))
                .titled("The SPF record is valid"),
        );
    }
}

pub static REDIRECT_IGNORED: Doc = Doc {
    id: "spf.redirect-ignored",
    technology: Technology::Spf,
    title: "“redirect” is ignored",
    what: "Whether a redirect stands beside “all”.",
    why: "The record that the redirect names is never looked at; whoever it allows is not allowed.",
    fix: "Remove “all” or the redirect.",
    references: &["RFC 7208 §5.1", "RFC 7208 §6.1"],
};

pub fn redirect_ignored(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, doc, findings, |own, problem| {
        matches!(problem.kind, ProblemKind::RedirectBesideAll).then_some(softened(own, Outcome::Warn))
    });
}

pub static AFTER_ALL: Doc = Doc {
    id: "spf.after-all",
    technology: Technology::Spf,
    title: "A term after “all” is never looked at",
    what: "Whether mechanisms stand after “all”.",
    why: "“all” matches every sender and ends the evaluation: senders listed behind it are treated as strangers.",
    fix: "Move the terms before “all”.",
    references: &["RFC 7208 §5.1"],
};

pub fn after_all(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, doc, findings, |own, problem| {
        matches!(problem.kind, ProblemKind::AfterAll).then_some(softened(own, Outcome::Warn))
    });
}

pub static NEVER_MATCHES: Doc = Doc {
    id: "spf.never-matches",
    technology: Technology::Spf,
    title: "A term cannot match what was meant",
    what: "Whether terms are valid by the grammar and still can never match: impossible names, glued terms, mapped addresses.",
    why: "The sender that the term stands for is not allowed, and nothing tells you so.",
    fix: "Correct the marked place.",
    references: &["RFC 7208 §5"],
};

pub fn never_matches(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, doc, findings, |own, problem| {
        let mine = matches!(
            problem.kind,
            ProblemKind::MappedIp6 { .. }
                | ProblemKind::UnresolvableName { .. }
                | ProblemKind::OddName { .. }
                | ProblemKind::MissingSpace { .. }
        );
        (mine && problem.weight < Weight::Fault).then_some(softened(own, Outcome::Warn))
    });
}

pub static UNKNOWN_MODIFIER: Doc = Doc {
    id: "spf.unknown-modifier",
    technology: Technology::Spf,
    title: "A modifier is ignored",
    what: "Whether every “name=value” is one that receivers know (redirect, exp; ra, rp, rr of RFC 6652).",
    why: "Receivers skip unknown modifiers without an error, so a misspelt one does nothing, silently.",
    fix: "Correct or remove it.",
    references: &["RFC 7208 §6"],
};

pub fn unknown_modifier(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, doc, findings, |own, problem| match &problem.kind {
        ProblemKind::UnknownModifier { meant: None, .. } => own.then_some(Outcome::Info),
        ProblemKind::UnknownModifier { .. }
        | ProblemKind::MechanismAsModifier { .. }
        | ProblemKind::RepeatedVersion { .. } => Some(softened(own, Outcome::Warn)),
        _ => None,
    });
}

pub static PTR: Doc = Doc {
    id: "spf.ptr",
    technology: Technology::Spf,
    title: "“ptr” should not be used",
    what: "Whether the record uses the mechanism ptr or the macro %{p}.",
    why: "Both are slow, depend on the reverse DNS of the sender, and are skipped by some receivers.",
    fix: "Use ip4, ip6, a, mx or include instead.",
    references: &["RFC 7208 §5.5", "RFC 7208 §7.2"],
};

pub fn ptr(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, doc, findings, |own, problem| {
        matches!(problem.kind, ProblemKind::Ptr | ProblemKind::MacroP).then_some(softened(own, Outcome::Warn))
    });
}

pub static WIDE_RANGE: Doc = Doc {
    id: "spf.wide-range",
    technology: Technology::Spf,
    title: "A very wide network may send in your name",
    what: "Whether a network shorter than /16 (IPv4) or /32 (IPv6) passes.",
    why: "Everybody who can send from that network passes SPF for your domain.",
    fix: "List only the addresses that send your mail.",
    references: &["RFC 7208 §11.4"],
};

pub fn wide_range(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, doc, findings, |own, problem| match problem.kind {
        // All of a family is `+all` in disguise and told there.
        ProblemKind::Wide { prefix: 0, .. } => None,
        ProblemKind::Wide { .. } => Some(softened(own, Outcome::Warn)),
        _ => None,
    });
}

pub static PRIVATE_RANGE: Doc = Doc {
    id: "spf.private-range",
    technology: Technology::Spf,
    title: "A network that sends no mail on the Internet",
    what: "Whether networks are private, reserved, or for examples only.",
    why: "The term never matches at a receiver; the server that was meant is probably not listed.",
    fix: "List the public address that your mail leaves from.",
    references: &["RFC 6890"],
};

pub fn private_range(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, doc, findings, |own, problem| match &problem.kind {
        ProblemKind::Special { range } if range.documentation => own.then_some(Outcome::Info),
        ProblemKind::Special { .. } => Some(softened(own, Outcome::Warn)),
        _ => None,
    });
}

pub static HOST_BITS: Doc = Doc {
    id: "spf.host-bits",
    technology: Technology::Spf,
    title: "A network is written with bits beyond its prefix",
    what: "Whether the address of a network is its first address.",
    why: "Receivers ignore the extra bits. Often a single address was meant, and the whole network passes.",
    fix: "Write the first address of the network, or the prefix length of a single address.",
    references: &["RFC 7208 §5.6"],
};

pub fn host_bits(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, doc, findings, |own, problem| {
        (own && matches!(problem.kind, ProblemKind::HostBits { .. })).then_some(Outcome::Info)
    });
}

pub static DUPLICATE_TERMS: Doc = Doc {
    id: "spf.duplicate-terms",
    technology: Technology::Spf,
    title: "A term stands twice",
    what: "Whether a mechanism is repeated.",
    why: "The second one can never decide anything, and may cost a look-up again.",
    fix: "Remove the second one.",
    references: &["RFC 7208 §4.6.2"],
};

pub fn duplicate_terms(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, doc, findings, |own, problem| {
        (own && matches!(problem.kind, ProblemKind::DuplicateTerm { .. })).then_some(Outcome::Warn)
    });
}

pub static STYLE: Doc = Doc {
    id: "spf.style",
    technology: Technology::Spf,
    title: "The record could be written more clearly",
    what: "Whether redirect comes last and names have no trailing dot.",
    why: "Receivers understand it; readers and some tools are misled.",
    fix: "Write it as RFC 7208 advises.",
    references: &["RFC 7208 §6.1", "RFC 7208 §7.3"],
};

pub fn style(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, doc, findings, |own, problem| (own && problem.weight == Weight::Note).then_some(Outcome::Info));
}

/// Adds a finding for each problem that `judge` gives an outcome, in the domain's own records and in every record that
/// they lead to.
fn each_problem(
    facts: &Facts,
    doc: &'static Doc,
    findings: &mut Vec<Finding>,
    judge: impl Fn(bool, &Problem<ProblemKind>) -> Option<Outcome>,
) {
    for tree in &facts.spf.trees {
        for (place, node, record) in tree.distinct() {
            let own = is_own(&facts.spf, node);
            for problem in &record.parsed.problems {
                let Some(outcome) = judge(own, problem) else { continue };
                let words = words::of(&problem.kind, &record.text, problem.span);
                let mut detail = words.detail;
                if place > 0 {
                    detail.push_str(&tr!(" It stands in the record of {}.", node.domain));
                }
                let mut finding = doc.finding(outcome, detail).titled(words.title).citing(words.references);
                finding = at(finding, node, record, problem.span);
                if own && !words.fix.is_empty() {
                    finding = finding.fixed_by(words.fix);
                } else if !own && finding.fix.is_some() {
                    finding = finding
                        .fixed_by(tr!("Tell the owner of {}, or remove the term that leads there.", node.domain));
                }
                let mends = own && problem.kind.meant().is_some();
                findings.push(if mends {
                    with_repair(finding, &facts.spf, node, record, problem.weight)
                } else {
                    finding
                });
            }
        }
    }
}
