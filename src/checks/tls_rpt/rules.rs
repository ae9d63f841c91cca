//! The checks on TLS-RPT.

use crate::checks::mta_sts::txt::Pick;
use crate::checks::mta_sts::wording::{Said, frame, outcome};
use crate::checks::{Check, Doc, Facts, Finding, Outcome, Publish};
use crate::records::tls_rpt::{self, MAX_TARGETS, Standing, TlsRptProblem, VERSION, Way};
use crate::records::{Problem, Technology};
use crate::text::Span;

use super::receivers::{Receiver, Receives};

/// Every check, in order of display.
pub(super) static CHECKS: &[Check] = &[
    Check { doc: &MISSING, run: missing },
    Check { doc: &UNREADABLE, run: unreadable },
    Check { doc: &MULTIPLE, run: multiple },
    Check { doc: &SYNTAX, run: syntax },
    Check { doc: &NO_USABLE_TARGET, run: no_usable_target },
    Check { doc: &SEMICOLON, run: semicolon },
    Check { doc: &EXCLAMATION, run: exclamation },
    Check { doc: &UNDELIVERABLE, run: undeliverable },
    Check { doc: &TARGETS, run: targets },
    Check { doc: &NEAR_MISS, run: near_miss },
    Check { doc: &POINTLESS, run: pointless },
];

/// The record that would be right: with the targets that are usable, or else an address at the domain.
pub(in crate::checks) fn right_record(facts: &Facts) -> Publish {
    let own = &facts.tls_rpt;
    // The character that must not stand in a target is written as the RFC asks for.
    let usable: Vec<String> = own
        .record
        .iter()
        .flat_map(|parsed| &parsed.record.targets)
        .map(|target| target.uri.replace('!', "%21"))
        .collect();
    if usable.is_empty() {
        return fresh_record(facts);
    }
    Publish::txt(&own.txt.name, format!("{VERSION}; rua={};", usable.join(",")))
}

/// A record with an address at the domain itself.
pub(super) fn fresh_record(facts: &Facts) -> Publish {
    Publish::txt(&facts.tls_rpt.txt.name, format!("{VERSION}; rua=mailto:tls-reports@{};", facts.domain))
}

/// Title and fix of a problem.
fn said(problem: &TlsRptProblem) -> Said {
    use TlsRptProblem as P;
    let (title, fix) = match problem {
        P::Frame(problem) => return frame(problem, VERSION),
        P::RuaMissing => ("The rua is missing".to_owned(), "Add `rua=mailto:` with an address for the reports."),
        P::RuaCase { found } => (
            format!("“{found}” is not rua: case matters"),
            "Write `rua=` in lower case. As it stands, it is an unknown field that senders ignore.",
        ),
        P::RuaRepeated => (
            "A second rua".to_owned(),
            "Write all targets into one `rua=`, with commas between them: senders differ on whether the second counts.",
        ),
        P::EmptyTarget => ("A target is empty".to_owned(), "Remove the comma, or write a target."),
        P::NoScheme { text } => {
            (format!("“{text}” has no scheme"), "Write `mailto:` before an address, `https://` before a host.")
        }
        P::Scheme { scheme } => (
            format!("Reports cannot go to {scheme}: targets"),
            "Use a `mailto:` or `https://` target: senders ignore all others.",
        ),
        P::NotAnAddress { text } => (
            format!("“{text}” is no mail address"),
            "Write one address behind `mailto:`, as in `mailto:reports@example.com`.",
        ),
        P::BadDomain { text, why } => {
            return Said {
                title: format!("“{text}” is no domain name"), fix: format!("Write a domain name: {why}.")
            };
        }
        P::NotAHostName { text } => (
            format!("“{text}” is no name that a host may have"),
            "Write the domain with letters, digits and inner hyphens, without a dot at the end.",
        ),
        P::NotAscii { text } => {
            (format!("“{text}” is not written in A-labels"), "Write the domain in its ASCII form, `xn--…`.")
        }
        P::UriCharacter { character } => {
            return Said {
                title: if *character == ' ' {
                    "A target holds a space".into()
                } else {
                    format!("A target holds U+{:04X}, which no URI may hold", u32::from(*character))
                },
                fix: "Separate targets by commas, and write other characters percent-encoded.".into(),
            };
        }
        P::BadEscape => {
            ("A % is not followed by two hexadecimal digits".to_owned(), "Write a `%` that stands for itself as `%25`.")
        }
        P::Exclamation => (EXCLAMATION.title.to_owned(), EXCLAMATION.fix),
        P::SemicolonInUrl { .. } => (SEMICOLON.title.to_owned(), SEMICOLON.fix),
        P::TooManyTargets => {
            return Said {
                title: format!("More than {MAX_TARGETS} targets; the rest was not read"),
                fix: "Keep one or two targets.".into(),
            };
        }
    };
    Said { title, fix: fix.into() }
}

/// The one record and its problems, where mail is received.
fn record(facts: &Facts) -> Option<(&str, &[Problem<TlsRptProblem>])> {
    let own = &facts.tls_rpt;
    match (own.txt.pick(), &own.record) {
        (Pick::One(text), Some(parsed)) if facts.profile.receives() => Some((&text.text, &parsed.problems)),
        _ => None,
    }
}

/// Whether a problem concerns a target and not the frame.
fn concerns_a_target(problem: &TlsRptProblem) -> bool {
    use TlsRptProblem as P;
    !matches!(problem, P::Frame(_) | P::RuaMissing | P::RuaCase { .. } | P::RuaRepeated)
}

/// Whether the record has a `rua`, and nothing usable in it.
fn has_no_usable_target(facts: &Facts) -> bool {
    let parsed = facts.tls_rpt.record.as_ref();
    parsed.is_some_and(|parsed| {
        parsed.record.targets.is_empty() && parsed.problems.iter().any(|problem| concerns_a_target(&problem.kind))
    })
}

static MISSING: Doc = Doc {
    id: "tls-rpt.missing",
    technology: Technology::TlsRpt,
    title: "No TLS-RPT",
    what: "Whether a TXT record at _smtp._tls says where to send TLS reports.",
    why: "Without reports, nobody tells you that deliveries to you fail or go unprotected: an expired certificate, a wrong policy, an attack.",
    fix: "Publish the record as shown, with an address that somebody reads.",
    references: &["RFC 8460 §3"],
};

fn missing(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.tls_rpt;
    let near = own.txt.of_standing(Standing::NearMiss).next().is_some();
    if facts.profile.receives() && !near && matches!(own.txt.pick(), Pick::None) {
        findings.push(
            doc.finding(Outcome::Warn, format!("There is no TLS-RPT record at {}.", own.txt.name))
                .publishing(fresh_record(facts)),
        );
    }
}

static UNREADABLE: Doc = Doc {
    id: "tls-rpt.unreadable",
    technology: Technology::TlsRpt,
    title: "The TLS-RPT record could not be looked up",
    what: "Whether the TXT look-up at _smtp._tls was answered.",
    why: "A look-up that failed says nothing about the domain.",
    fix: "",
    references: &["RFC 8460 §3"],
};

fn unreadable(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    facts.tls_rpt.txt.unreadable(facts.profile, doc, findings);
}

static MULTIPLE: Doc = Doc {
    id: "tls-rpt.multiple",
    technology: Technology::TlsRpt,
    title: "More than one TLS-RPT record",
    what: "Whether exactly one TXT record at _smtp._tls begins with v=TLSRPTv1;.",
    why: "With more than one record, senders act as if there was none, and send no reports.",
    fix: "Remove all but one; one record can name several targets, with commas between them.",
    references: &["RFC 8460 §3"],
};

fn multiple(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.tls_rpt;
    if !matches!(own.txt.pick(), Pick::Several) {
        return;
    }
    let all = own.txt.claimants();
    let Some(first) = all.first() else { return };
    // One record with the targets of all of them is what was meant.
    let mut targets: Vec<String> = Vec::new();
    for target in all.iter().flat_map(|text| tls_rpt::parse(&text.text).record.targets) {
        let uri = target.uri.replace('!', "%21");
        if !targets.contains(&uri) && targets.len() < MAX_TARGETS {
            targets.push(uri);
        }
    }
    let finding =
        doc.finding(Outcome::Fail, format!("{} records at {}; only one may be there.", all.len(), own.txt.name));
    let publish = match targets.as_slice() {
        [] => fresh_record(facts),
        _ => Publish::txt(&own.txt.name, format!("{VERSION}; rua={};", targets.join(","))),
    };
    findings.push(finding.publishing(publish).at(&own.txt.name, &first.text, Span::whole(&first.text)));
}

static SYNTAX: Doc = Doc {
    id: "tls-rpt.syntax",
    technology: Technology::TlsRpt,
    title: "The TLS-RPT record is valid",
    what: "Whether the record follows the grammar: version, rua with mailto or https targets, no stray white space.",
    why: "Senders take a record that does not follow the grammar for none, and send no reports.",
    fix: "Publish the record as shown.",
    references: &["RFC 8460 §3"],
};

fn syntax(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((text, problems)) = record(facts) else { return };
    let name = &facts.tls_rpt.txt.name;
    for problem in problems {
        let elsewhere = matches!(problem.kind, TlsRptProblem::Exclamation | TlsRptProblem::SemicolonInUrl { .. })
            || (concerns_a_target(&problem.kind) && has_no_usable_target(facts));
        if elsewhere {
            continue;
        }
        let said = said(&problem.kind);
        let outcome = outcome(problem.weight);
        let effect = match outcome {
            Outcome::Fail => "Strict senders take the record for none, and send no reports.",
            Outcome::Warn => "Senders differ here, or do not read it as meant.",
            _ => said.fix.as_str(),
        };
        let mut finding = doc.finding(outcome, effect).titled(said.title);
        if outcome != Outcome::Info {
            finding = finding.fixed_by(said.fix).publishing(right_record(facts));
        }
        findings.push(finding.at(name, text, problem.span));
    }
    if problems.is_empty() {
        findings.push(doc.finding(Outcome::Pass, format!("One valid record at {name}.")).at(
            name,
            text,
            Span::whole(text),
        ));
    }
}

static NO_USABLE_TARGET: Doc = Doc {
    id: "tls-rpt.no-usable-target",
    technology: Technology::TlsRpt,
    title: "No target that reports can go to",
    what: "Whether rua names at least one mailto or https target.",
    why: "Senders have nowhere to send reports, so none come.",
    fix: "Write `rua=mailto:` with an address that somebody reads.",
    references: &["RFC 8460 §3"],
};

fn no_usable_target(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((text, problems)) = record(facts).filter(|_| has_no_usable_target(facts)) else { return };
    for problem in problems.iter().filter(|problem| concerns_a_target(&problem.kind)) {
        let said = said(&problem.kind);
        findings.push(
            doc.finding(Outcome::Fail, format!("{}. Nothing else in rua is usable either.", said.title))
                .fixed_by(said.fix)
                .publishing(fresh_record(facts))
                .at(&facts.tls_rpt.txt.name, text, problem.span),
        );
    }
}

static SEMICOLON: Doc = Doc {
    id: "tls-rpt.semicolon-in-url",
    technology: Technology::TlsRpt,
    title: "A URL is cut short at a semicolon",
    what: "Whether a target was meant to hold a semicolon.",
    why: "A semicolon ends the field. Reports go to a URL that is not the one you meant.",
    fix: "Write the semicolon inside a URL as `%3B`.",
    references: &["RFC 8460 §3"],
};

fn semicolon(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((text, problems)) = record(facts) else { return };
    for problem in problems {
        if let TlsRptProblem::SemicolonInUrl { rest } = &problem.kind {
            let meant = problem.span.of(text).replace(';', "%3B");
            let detail =
                format!("“{rest}” stands directly behind a URL with a query, and is read as a field of its own.");
            findings.push(
                doc.finding(Outcome::Warn, detail)
                    .fixed_by(format!("{} If it belongs to the URL, the target is `{meant}`.", doc.fix))
                    .at(&facts.tls_rpt.txt.name, text, problem.span),
            );
        }
    }
}

static EXCLAMATION: Doc = Doc {
    id: "tls-rpt.exclamation",
    technology: Technology::TlsRpt,
    title: "A target holds an exclamation mark",
    what: "Whether a target holds a !, which must be percent-encoded.",
    why: "Size limits such as !10m existed in old DMARC records, and never here. Senders may take the mark for a part of the address, and the reports are lost.",
    fix: "Remove the size limit; write an exclamation mark that belongs to the target as `%21`.",
    references: &["RFC 8460 §3"],
};

fn exclamation(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((text, problems)) = record(facts) else { return };
    for problem in problems.iter().filter(|problem| problem.kind == TlsRptProblem::Exclamation) {
        findings.push(
            doc.finding(Outcome::Warn, format!("“{}” stands in a target.", problem.span.of(text)))
                .publishing(right_record(facts))
                .at(&facts.tls_rpt.txt.name, text, problem.span),
        );
    }
}

static UNDELIVERABLE: Doc = Doc {
    id: "tls-rpt.target-undeliverable",
    technology: Technology::TlsRpt,
    title: "Reports to a target cannot arrive",
    what: "Whether the domain of each mailto target has a mail server, and the host of each https target an address.",
    why: "Reports that cannot be delivered are dropped, and nobody tells you.",
    fix: "Use a target at a domain that receives mail, or remove this one.",
    references: &["RFC 8460 §5", "RFC 5321 §5.1"],
};

fn undeliverable(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.tls_rpt;
    let (Some((text, _)), Some(parsed)) = (record(facts), &own.record) else { return };
    for target in &parsed.record.targets {
        let Some(receiver) = receiver_of(facts, &target.way) else { continue };
        let name = &receiver.name;
        let finding = match &receiver.receives {
            Receives::Yes => continue,
            Receives::NullMx => dead(facts, doc, format!("{name} says with a null MX that it receives no mail.")),
            Receives::NoHost if receiver.by_mail => {
                dead(facts, doc, format!("{name} has neither mail servers nor an address."))
            }
            Receives::NoHost => dead(facts, doc, format!("{name} has no address.")),
            Receives::Unknown(gap) => doc
                .finding(Outcome::Unknown, format!("{}: {}.", gap.question(), gap.why()))
                .titled(format!("Whether reports to {name} can arrive is not known"))
                .fixed_by(format!(
                    "Check again, choose another resolver, or run `dig {name} {}`.",
                    if receiver.by_mail { "MX" } else { "A" }
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

static TARGETS: Doc = Doc {
    id: "tls-rpt.targets",
    technology: Technology::TlsRpt,
    title: "Where TLS reports go",
    what: "The targets that senders report to.",
    why: "Somebody should read these reports: they are the only way to hear of deliveries that failed at TLS.",
    fix: "",
    references: &["RFC 8460 §3"],
};

fn targets(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.tls_rpt;
    let (Some((text, _)), Some(valid)) = (record(facts), own.valid_record()) else { return };
    let listed: Vec<&str> = valid.targets.iter().take(MAX_TARGETS).map(|target| target.uri.as_str()).collect();
    let (Some(first), Some(last)) = (valid.targets.first(), valid.targets.last()) else { return };
    // That it can arrive is said where it is known only.
    let outcome = if own.has_target() == Some(true) { Outcome::Pass } else { Outcome::Info };
    findings.push(doc.finding(outcome, format!("Reports go to {}.", listed.join(", "))).at(
        &own.txt.name,
        text,
        Span::new(first.span.start, last.span.end),
    ));
}

static NEAR_MISS: Doc = Doc {
    id: "tls-rpt.near-miss",
    technology: Technology::TlsRpt,
    title: "A record that senders do not recognise",
    what: "Whether a record looks like TLS-RPT but is spelt wrong, or stands at another name.",
    why: "Somebody meant to publish TLS-RPT, and senders see nothing of it: no reports come.",
    fix: "Publish the record as shown, and remove this one.",
    references: &["RFC 8460 §3"],
};

fn near_miss(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.tls_rpt;
    let none_counts = matches!(own.txt.pick(), Pick::None);
    for text in own.txt.of_standing(Standing::NearMiss) {
        let parsed = tls_rpt::parse(&text.text);
        let problem = parsed.problems.iter().max_by_key(|problem| (problem.weight, std::cmp::Reverse(problem.span)));
        let span = problem.map_or(Span::whole(&text.text), |problem| problem.span);
        let why = problem.map_or(String::new(), |problem| said(&problem.kind).fix);
        let outcome = if none_counts { Outcome::Fail } else { Outcome::Info };
        let finding = doc.finding(outcome, format!("Senders ignore this record at {}. {why}", own.txt.name)).at(
            &own.txt.name,
            &text.text,
            span,
        );
        let targets: Vec<&str> = parsed.record.targets.iter().map(|target| target.uri.as_str()).collect();
        findings.push(match (none_counts, targets.as_slice()) {
            (false, _) => finding,
            (true, []) => finding.publishing(fresh_record(facts)),
            (true, _) => {
                finding.publishing(Publish::txt(&own.txt.name, format!("{VERSION}; rua={};", targets.join(","))))
            }
        });
    }
    own.txt.report_strays(doc, findings);
}

static POINTLESS: Doc = Doc {
    id: "tls-rpt.pointless",
    technology: Technology::TlsRpt,
    title: "TLS reports for a domain that receives no mail",
    what: "Whether a domain without mail servers asks for reports on deliveries to it.",
    why: "Where no mail arrives, there is nothing to report.",
    fix: "",
    references: &["RFC 8460 §1", "RFC 7505 §3"],
};

fn pointless(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    facts.tls_rpt.txt.report_pointless(facts, doc, findings);
}
