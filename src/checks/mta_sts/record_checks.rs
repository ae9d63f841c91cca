//! The checks on the TXT record.

use crate::checks::{Check, Doc, Facts, Finding, Outcome, Publish};
use crate::records::Technology;
use crate::records::mta_sts::{self, Standing, VERSION, id_of};
use crate::text::Span;

use super::txt::Pick;
use super::wording;

/// The record that would be right.
pub(super) fn right_record(facts: &Facts) -> Publish {
    let own = &facts.mta_sts;
    let id = own.record.as_ref().and_then(|parsed| parsed.record.id.clone()).unwrap_or_else(|| id_of(facts.now));
    Publish::txt(&own.txt.name, tr!("{VERSION}; id={id};", VERSION, id))
}

pub(super) const MISSING: Check = Check { doc: &MISSING_DOC, run: missing };

static MISSING_DOC: Doc = Doc {
    id: "mta-sts.missing",
    technology: Technology::MtaSts,
    title: "No MTA-STS",
    what: "Whether a TXT record at _mta-sts announces a policy.",
    why: "Without MTA-STS or DANE, anybody on the way can strip TLS from a delivery or pose as your mail server, and the mail \
          still goes through.",
    fix: "Serve a policy in mode testing on mta-sts. below your domain, then publish the TXT record; the plan has both.",
    references: &["RFC 8461 §3.1"],
};

fn missing(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.mta_sts;
    let near = own.txt.of_standing(Standing::NearMiss).next().is_some();
    if !facts.profile.receives() || near || !matches!(own.txt.pick(), Pick::None) {
        return;
    }
    let mut detail = tr!("There is no MTA-STS record at {}.", own.txt.name);
    if !own.host.addresses.is_empty() && own.file.as_ref().is_none() {
        detail.push_str(&tr!(
            " {} has an address, so a policy may be there already; without the record, no sender looks for it.",
            own.host.name
        ));
    }
    if let Some(organization) = facts.dmarc.organizational_domain().filter(|name| *name != facts.domain) {
        detail.push_str(&tr!(
            " A policy of {organization} does not hold for its sub-domains: each needs its own (RFC 8461 §3.4).",
            organization
        ));
    }
    findings.push(doc.finding(Outcome::Warn, detail));
}

pub(super) const UNREADABLE: Check = Check { doc: &UNREADABLE_DOC, run: unreadable };

static UNREADABLE_DOC: Doc = Doc {
    id: "mta-sts.record-unreadable",
    technology: Technology::MtaSts,
    title: "The MTA-STS record could not be looked up",
    what: "Whether the TXT look-up at _mta-sts was answered.",
    why: "A look-up that failed says nothing about the domain.",
    fix: "",
    references: &["RFC 8461 §3.1"],
};

fn unreadable(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    facts.mta_sts.txt.unreadable(facts.profile, doc, findings);
}

pub(super) const MULTIPLE: Check = Check { doc: &MULTIPLE_DOC, run: multiple };

static MULTIPLE_DOC: Doc = Doc {
    id: "mta-sts.multiple",
    technology: Technology::MtaSts,
    title: "More than one MTA-STS record",
    what: "Whether exactly one TXT record at _mta-sts begins with v=STSv1;.",
    why: "With more than one record, senders act as if the domain had no MTA-STS at all, without telling anybody.",
    fix: "Remove all but one.",
    references: &["RFC 8461 §3.1"],
};

fn multiple(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.mta_sts;
    let all = own.txt.claimants();
    let [first, second, ..] = all.as_slice() else { return };
    let several = matches!(own.txt.pick(), Pick::Several);
    let (outcome, detail) = if several {
        (Outcome::Fail, tr!("{} records at {}; only one may be there.", all.len(), own.txt.name))
    } else {
        (
            Outcome::Warn,
            tr!(
                "{} records at {} begin with {VERSION}. In one only, the semicolon follows directly; senders that do not \
                 insist on that see more than one record, and so none.",
                all.len(),
                own.txt.name,
                VERSION
            ),
        )
    };
    let text = if several { &first.text } else { &second.text };
    findings.push(doc.finding(outcome, detail).at(&own.txt.name, text, Span::whole(text)));
}

pub(super) const SYNTAX: Check = Check { doc: &SYNTAX_DOC, run: syntax };

static SYNTAX_DOC: Doc = Doc {
    id: "mta-sts.record-syntax",
    technology: Technology::MtaSts,
    title: "The MTA-STS record is valid",
    what: "Whether the record follows the grammar: version, id of 1 to 32 letters and digits, no stray white space.",
    why: "A record that does not follow the grammar counts as none, without telling anybody.",
    fix: "Publish the record as shown.",
    references: &["RFC 8461 §3.1"],
};

fn syntax(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.mta_sts;
    let (Pick::One(text), Some(parsed)) = (own.txt.pick(), &own.record) else { return };
    for problem in &parsed.problems {
        let said = wording::record(&problem.kind, VERSION);
        let outcome = wording::outcome(problem.weight);
        let effect = match outcome {
            Outcome::Fail => "Senders treat the domain as having no MTA-STS.",
            Outcome::Warn => "Senders differ here, or do not read it as meant.",
            _ => said.fix.as_str(),
        };
        let mut finding = doc.finding(outcome, effect).titled(said.title);
        if outcome != Outcome::Info {
            finding = finding.fixed_by(said.fix).publishing(right_record(facts));
        }
        findings.push(finding.at(&own.txt.name, &text.text, problem.span));
    }
    if parsed.problems.is_empty() {
        let id = parsed.record.id.as_deref().unwrap_or_default();
        let mut detail = tr!("One valid record at {}, with the id {id}.", own.txt.name, id);
        if let Some(target) = own.txt.aliases.last() {
            detail.push_str(&tr!(" It comes from {target}, to which the name is an alias.", target));
        }
        findings.push(doc.finding(Outcome::Pass, detail).at(&own.txt.name, &text.text, Span::whole(&text.text)));
    }
}

pub(super) const NEAR_MISS: Check = Check { doc: &NEAR_MISS_DOC, run: near_miss };

static NEAR_MISS_DOC: Doc = Doc {
    id: "mta-sts.near-miss",
    technology: Technology::MtaSts,
    title: "A record that senders do not recognise",
    what: "Whether a record looks like MTA-STS but is spelt wrong, or stands at another name.",
    why: "Somebody meant to publish MTA-STS, and senders see nothing of it.",
    fix: "Publish the record as shown, and remove this one.",
    references: &["RFC 8461 §3.1"],
};

fn near_miss(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.mta_sts;
    let none_counts = matches!(own.txt.pick(), Pick::None);
    let outcome = if none_counts { Outcome::Fail } else { Outcome::Info };
    for text in own.txt.of_standing(Standing::NearMiss) {
        let parsed = mta_sts::parse(&text.text);
        let problem = parsed.problems.iter().max_by_key(|problem| (problem.weight, std::cmp::Reverse(problem.span)));
        let span = problem.map_or(Span::whole(&text.text), |problem| problem.span);
        let why = problem.map_or(String::new(), |problem| wording::record(&problem.kind, VERSION).fix);
        let finding = doc.finding(outcome, tr!("Senders ignore this record at {}. {why}", own.txt.name, why)).at(
            &own.txt.name,
            &text.text,
            span,
        );
        findings.push(if none_counts { finding.publishing(right_record(facts)) } else { finding });
    }
    own.txt.report_strays(doc, findings);
}

pub(super) const POINTLESS: Check = Check { doc: &POINTLESS_DOC, run: pointless };

static POINTLESS_DOC: Doc = Doc {
    id: "mta-sts.pointless",
    technology: Technology::MtaSts,
    title: "MTA-STS on a domain that receives no mail",
    what: "Whether a domain without mail servers announces a policy for them.",
    why: "MTA-STS protects mail on its way to the domain; where none arrives, there is nothing to protect.",
    fix: "",
    references: &["RFC 8461 §4.1", "RFC 7505 §3"],
};

fn pointless(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    facts.mta_sts.txt.report_pointless(facts, doc, findings);
}
