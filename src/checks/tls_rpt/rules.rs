//! The checks on TLS-RPT: all of them in order, and those on the record as a whole.

use crate::checks::mta_sts::txt::Pick;
use crate::checks::mta_sts::wording::outcome;
use crate::checks::{Check, Doc, Facts, Finding, Outcome, Publish};
use crate::records::tls_rpt::{self, MAX_TARGETS, Standing, TlsRptProblem, VERSION};
use crate::records::{Problem, Technology};
use crate::text::Span;

use super::target_checks::{self, concerns_a_target, has_no_usable_target};
use super::wording::said;

/// Every check, in order of display.
pub(super) static CHECKS: &[Check] = &[
    Check { doc: &MISSING, run: missing },
    Check { doc: &UNREADABLE, run: unreadable },
    Check { doc: &MULTIPLE, run: multiple },
    Check { doc: &SYNTAX, run: syntax },
    Check { doc: &target_checks::NO_USABLE_TARGET, run: target_checks::no_usable_target },
    Check { doc: &target_checks::SEMICOLON, run: target_checks::semicolon },
    Check { doc: &target_checks::EXCLAMATION, run: target_checks::exclamation },
    Check { doc: &target_checks::UNDELIVERABLE, run: target_checks::undeliverable },
    Check { doc: &target_checks::TARGETS, run: target_checks::targets },
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
    Publish::txt(&own.txt.name, tr!("{VERSION}; rua={};", usable.join(","), VERSION))
}

/// A record with an address at the domain itself.
pub(super) fn fresh_record(facts: &Facts) -> Publish {
    Publish::txt(&facts.tls_rpt.txt.name, tr!("{VERSION}; rua=mailto:tls-reports@{};", facts.domain, VERSION))
}

/// The one record and its problems, where mail is received.
pub(super) fn record(facts: &Facts) -> Option<(&str, &[Problem<TlsRptProblem>])> {
    let own = &facts.tls_rpt;
    match (own.txt.pick(), &own.record) {
        (Pick::One(text), Some(parsed)) if facts.profile.receives() => Some((&text.text, &parsed.problems)),
        _ => None,
    }
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
            doc.finding(Outcome::Warn, tr!("There is no TLS-RPT record at {}.", own.txt.name))
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
    let finding = doc.finding(Outcome::Fail, tr!("{} records at {}; only one may be there.", all.len(), own.txt.name));
    let publish = match targets.as_slice() {
        [] => fresh_record(facts),
        _ => Publish::txt(&own.txt.name, tr!("{VERSION}; rua={};", targets.join(","), VERSION)),
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
        findings.push(doc.finding(Outcome::Pass, tr!("One valid record at {name}.", name)).at(
            name,
            text,
            Span::whole(text),
        ));
    }
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
        let finding = doc.finding(outcome, tr!("Senders ignore this record at {}. {why}", own.txt.name, why)).at(
            &own.txt.name,
            &text.text,
            span,
        );
        let targets: Vec<&str> = parsed.record.targets.iter().map(|target| target.uri.as_str()).collect();
        findings.push(match (none_counts, targets.as_slice()) {
            (false, _) => finding,
            (true, []) => finding.publishing(fresh_record(facts)),
            (true, _) => {
                finding.publishing(Publish::txt(&own.txt.name, tr!("{VERSION}; rua={};", targets.join(","), VERSION)))
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
