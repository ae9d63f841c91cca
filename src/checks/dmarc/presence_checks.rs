//! Whether there is a policy record at all, just one, where it comes from, and whether that could be looked up.

use crate::checks::{Check, Doc, Facts, Finding, Outcome};
use crate::records::Technology;
use crate::records::dmarc::Reading;
use crate::text::Span;

use super::{Discovery, check, steps};

/// Id of the check that is about absence and not about a fault.
pub(super) const MISSING_ID: &str = "dmarc.missing";

pub(super) const MISSING: Check = check(
    &Doc {
        id: MISSING_ID,
        technology: Technology::Dmarc,
        title: "No DMARC record",
        what: "Whether a DMARC policy record is in effect for the domain, its own or an inherited one.",
        why: "Without DMARC nothing tells receivers what to do with mail that only pretends to come from this domain, \
              and nobody reports such mail to you.",
        fix: "Publish a TXT record at the _dmarc name of the domain.",
        references: &["RFC 9989 §4.5", "RFC 9989 §4.10.1"],
    },
    missing,
);

pub(super) const MULTIPLE: Check = check(
    &Doc {
        id: "dmarc.multiple",
        technology: Technology::Dmarc,
        title: "Several DMARC records at one name",
        what: "Whether more than one record that starts with v=DMARC1 is published at one name.",
        why: "Receivers discard all of them, as if there were none. Older receivers (RFC 7489) stop there; newer ones \
              (RFC 9989) go on to the parent domain.",
        fix: "Keep one record and delete the others.",
        references: &["RFC 9989 §4.10"],
    },
    multiple,
);

pub(super) const ALIAS: Check = check(
    &Doc {
        id: "dmarc.alias",
        technology: Technology::Dmarc,
        title: "The DMARC record comes from another name",
        what: "Whether the _dmarc name is an alias (CNAME).",
        why: "The owner of the target decides what this domain asks of receivers. That is fine with a service you trust, \
              and worth knowing.",
        fix: "",
        references: &["RFC 1034 §3.6.2"],
    },
    alias,
);

pub(super) const UNREADABLE: Check = check(
    &Doc {
        id: "dmarc.unreadable",
        technology: Technology::Dmarc,
        title: "The DMARC record could not be looked up",
        what: "Whether every look-up that decides which record is in effect was answered.",
        why: "A look-up that fails says nothing about the domain; it may well have a policy.",
        fix: "Try again, or ask another resolver, or supply the record as a file.",
        references: &["RFC 9989 §4.10"],
    },
    unreadable,
);

fn missing(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let dmarc = &facts.dmarc;
    let Some(own) = dmarc.own() else { return };
    let near_miss = own.texts().iter().any(|text| matches!(text.reading, Reading::NearMiss { .. }));
    if !matches!(dmarc.discovery(), Discovery::None)
        || near_miss
        || own.records().count() > 1
        || !dmarc.misplaced.is_empty()
    {
        return;
    }
    let asked = dmarc.walk.len();
    let detail = match asked {
        1 => tr!("{} has no DMARC record.", own.name),
        2 => tr!("{} has none, nor has the name above it that receivers ask.", own.name),
        _ => tr!("{} has none, nor has any of the {} names above it that receivers ask.", own.name, asked - 1),
    };
    findings.push(doc.finding(Outcome::Fail, detail).publishing(steps::first_record(facts)));
}

fn multiple(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let dmarc = &facts.dmarc;
    // Names above the domain matter only where their record would be used: not beside a record of the domain's own, and
    // not at a top-level domain, which nobody here can mend.
    let own_counts = dmarc.own().is_some_and(|own| own.record().is_some());
    for (index, node) in dmarc.walk.iter().enumerate() {
        let above = index > 0;
        let count = node.records().count();
        if count < 2 || above && (own_counts || node.domain.label_count() < 2) {
            continue;
        }
        let Some((text, _)) = node.records().next() else { continue };
        let then = match dmarc.discovery() {
            Discovery::Inherited { node, .. } => {
                tr!(" Receivers of RFC 9989 go on and use the record at {}; older ones apply no DMARC.", node.name)
            }
            Discovery::None => " No other record is found on the way up, so no DMARC applies.".to_owned(),
            _ => String::new(),
        };
        let span = Span::whole(&text.text);
        findings.push(
            doc.finding(
                Outcome::Fail,
                tr!("{} has {count} DMARC records; receivers use none of them.{then}", node.name, count, then),
            )
            .at(&node.name, &text.text, span)
            .fixed_by(tr!(
                "Keep one of the {count} records at {} and delete the others.",
                node.name,
                count
            )),
        );
    }
}

fn alias(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for node in &facts.dmarc.walk {
        let relevant =
            node.domain == facts.domain || facts.dmarc.subject().is_some_and(|(s, _, _)| s.domain == node.domain);
        if node.chain().is_empty() || !relevant {
            continue;
        }
        let chain: Vec<String> = node.chain().iter().map(ToString::to_string).collect();
        let detail = format!("{} → {}.", node.name, chain.join(" → "));
        findings.push(match node.texts().is_empty() {
            false => doc.finding(Outcome::Info, detail),
            true => doc
                .finding(
                    Outcome::Fail,
                    tr!("{detail} No TXT record is there. Whoever can take over that name decides what receivers do with mail in your name.", detail),
                )
                .titled("The DMARC name points to nothing")
                .fixed_by("Finish the set-up at the service, or replace the alias by a record of your own."),
        });
    }
}

fn unreadable(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    if let Discovery::Unknown(gap) = facts.dmarc.discovery() {
        let own = facts.dmarc.own().map_or_else(String::new, |own| own.name.to_string());
        findings.push(
            doc.finding(Outcome::Unknown, tr!("{}: {}.", gap.question(), gap.why()))
                .fixed_by(tr!("Try again or use another resolver. By hand: `dig TXT {own}`", own)),
        );
    }
}
