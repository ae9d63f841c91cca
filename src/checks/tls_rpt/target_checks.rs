//! The checks on where reports go.

use crate::checks::{Doc, Facts, Finding, Outcome};
use crate::records::Technology;
use crate::records::tls_rpt::{MAX_TARGETS, TlsRptProblem, Way};
use crate::text::Span;

use super::receivers::{Receiver, Receives};
use super::rules::{fresh_record, record, right_record};
use super::wording::said;

/// Whether a problem concerns a target and not the frame.
pub(super) fn concerns_a_target(problem: &TlsRptProblem) -> bool {
    use TlsRptProblem as P;
    !matches!(problem, P::Frame(_) | P::RuaMissing | P::RuaCase { .. } | P::RuaRepeated)
}

/// Whether the record has a `rua`, and nothing usable in it.
pub(super) fn has_no_usable_target(facts: &Facts) -> bool {
    let parsed = facts.tls_rpt.record.as_ref();
    parsed.is_some_and(|parsed| {
        parsed.record.targets.is_empty() && parsed.problems.iter().any(|problem| concerns_a_target(&problem.kind))
    })
}

pub(super) static NO_USABLE_TARGET: Doc = Doc {
    id: "tls-rpt.no-usable-target",
    technology: Technology::TlsRpt,
    title: "No target that reports can go to",
    what: "Whether rua names at least one mailto or https target.",
    why: "Senders have nowhere to send reports, so none come.",
    fix: "Write `rua=mailto:` with an address that somebody reads.",
    references: &["RFC 8460 §3"],
};

pub(super) fn no_usable_target(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((text, problems)) = record(facts).filter(|_| has_no_usable_target(facts)) else { return };
    for problem in problems.iter().filter(|problem| concerns_a_target(&problem.kind)) {
        let said = said(&problem.kind);
        findings.push(
            doc.finding(Outcome::Fail, tr!("{}. Nothing else in rua is usable either.", said.title))
                .fixed_by(said.fix)
                .publishing(fresh_record(facts))
                .at(&facts.tls_rpt.txt.name, text, problem.span),
        );
    }
}

pub(super) static SEMICOLON: Doc = Doc {
    id: "tls-rpt.semicolon-in-url",
    technology: Technology::TlsRpt,
    title: "A URL is cut short at a semicolon",
    what: "Whether a target was meant to hold a semicolon.",
    why: "A semicolon ends the field. Reports go to a URL that is not the one you meant.",
    fix: "Write the semicolon inside a URL as `%3B`.",
    references: &["RFC 8460 §3"],
};

pub(super) fn semicolon(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((text, problems)) = record(facts) else { return };
    for problem in problems {
        if let TlsRptProblem::SemicolonInUrl { rest } = &problem.kind {
            let meant = problem.span.of(text).replace(';', "%3B");
            let detail =
                tr!("“{rest}” stands directly behind a URL with a query, and is read as a field of its own.", rest);
            findings.push(
                doc.finding(Outcome::Warn, detail)
                    .fixed_by(tr!("{} If it belongs to the URL, the target is `{meant}`.", doc.fix, meant))
                    .at(&facts.tls_rpt.txt.name, text, problem.span),
            );
        }
    }
}

pub(super) static EXCLAMATION: Doc = Doc {
    id: "tls-rpt.exclamation",
    technology: Technology::TlsRpt,
    title: "A target holds an exclamation mark",
    what: "Whether a target holds a !, which must be percent-encoded.",
    why: "Size limits such as !10m existed in old DMARC records, and never here. Senders may take the mark for a part of the address, and the reports are lost.",
    fix: "Remove the size limit; write an exclamation mark that belongs to the target as `%21`.",
    references: &["RFC 8460 §3"],
};

pub(super) fn exclamation(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((text, problems)) = record(facts) else { return };
    for problem in problems.iter().filter(|problem| problem.kind == TlsRptProblem::Exclamation) {
        findings.push(
            doc.finding(Outcome::Warn, tr!("“{}” stands in a target.", problem.span.of(text)))
                .publishing(right_record(facts))
                .at(&facts.tls_rpt.txt.name, text, problem.span),
        );
    }
}

pub(super) static UNDELIVERABLE: Doc = Doc {
    id: "tls-rpt.target-undeliverable",
    technology: Technology::TlsRpt,
    title: "Reports to a target cannot arrive",
    what: "Whether the domain of each mailto target has a mail server, and the host of each https target an address.",
    why: "Reports that cannot be delivered are dropped, and nobody tells you.",
    fix: "Use a target at a domain that receives mail, or remove this one.",
    references: &["RFC 8460 §5", "RFC 5321 §5.1"],
};

pub(super) fn undeliverable(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.tls_rpt;
    let (Some((text, _)), Some(parsed)) = (record(facts), &own.record) else { return };
    for target in &parsed.record.targets {
        let Some(receiver) = receiver_of(facts, &target.way) else { continue };
        let name = &receiver.name;
        let finding = match &receiver.receives {
            Receives::Yes => continue,
            Receives::NullMx => dead(facts, doc, tr!("{name} says with a null MX that it receives no mail.", name)),
            Receives::NoHost if receiver.by_mail => {
                dead(facts, doc, tr!("{name} has neither mail servers nor an address.", name))
            }
            Receives::NoHost => dead(facts, doc, tr!("{name} has no address.", name)),
            Receives::Private => {
                dead(facts, doc, tr!("{name} has private addresses only, which no sender can reach.", name))
            }
            Receives::Unknown(gap) => doc
                .finding(Outcome::Unknown, tr!("{}: {}.", gap.question(), gap.why()))
                .titled(tr!("Whether reports to {name} can arrive is not known", name))
                .fixed_by(tr!(
                    "Check again, choose another resolver, or run `dig {name} {}`.",
                    if receiver.by_mail { "MX" } else { "A" },
                    name
                )),
        };
        findings.push(finding.at(&own.txt.name, text, target.span));
    }
}

/// A target that cannot take reports: broken where no other can.
fn dead(facts: &Facts, doc: &'static Doc, detail: String) -> Finding {
    let outcome = if facts.tls_rpt.has_target() == Some(false) { Outcome::Fail } else { Outcome::Warn };
    doc.finding(outcome, detail)
}

fn receiver_of<'f>(facts: &'f Facts, way: &Way) -> Option<&'f Receiver> {
    let (name, by_mail) = match way {
        Way::Mail { domain, .. } => (domain, true),
        Way::Https { host } => (host.as_ref()?, false),
    };
    facts.tls_rpt.receivers.iter().find(|receiver| receiver.name == *name && receiver.by_mail == by_mail)
}

pub(super) static TARGETS: Doc = Doc {
    id: "tls-rpt.targets",
    technology: Technology::TlsRpt,
    title: "Where TLS reports go",
    what: "The targets that senders report to.",
    why: "Somebody should read these reports: they are the only way to hear of deliveries that failed at TLS.",
    fix: "",
    references: &["RFC 8460 §3", "RFC 8460 §5.3"],
};

pub(super) fn targets(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.tls_rpt;
    let (Some((text, _)), Some(valid)) = (record(facts), own.valid_record()) else { return };
    let listed: Vec<&str> = valid.targets.iter().take(MAX_TARGETS).map(|target| target.uri.as_str()).collect();
    let (Some(first), Some(last)) = (valid.targets.first(), valid.targets.last()) else { return };
    // That it can arrive is said where it is known only.
    let outcome = if own.has_target() == Some(true) { Outcome::Pass } else { Outcome::Info };
    let mut detail = tr!("Reports go to {}.", listed.join(", "));
    let at_home = |way: &Way| matches!(way, Way::Mail { domain, .. } if *domain == facts.domain);
    if valid.targets.iter().all(|target| at_home(&target.way)) {
        detail.push_str(
            &tr!(" They come to the mail servers that they are about. Senders must deliver them in spite of failures of TLS, but \
             a server that is down receives none: a second target elsewhere is safer."),
        );
    }
    findings.push(doc.finding(outcome, detail).at(&own.txt.name, text, Span::new(first.span.start, last.span.end)));
}
