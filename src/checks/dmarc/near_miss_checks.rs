//! Texts that people take for policy records and receivers do not.

use crate::checks::{Check, Doc, Facts, Finding, Outcome, Publish};
use crate::records::Technology;
use crate::records::dmarc::{NearMiss, Reading};
use crate::text::Span;

use super::{Discovery, Node, check, steps};

pub(super) const NOT_A_RECORD: Check = check(
    &Doc {
        id: "dmarc.not-a-record",
        technology: Technology::Dmarc,
        title: "Receivers do not see this as a DMARC record",
        what: "Whether a text at the _dmarc name is meant as a policy record and misses the form that makes it one.",
        why: "A record must start with v=DMARC1, exactly so and followed by a semicolon. Anything else is ignored as a \
              whole, so the domain is as unprotected as without a record.",
        fix: "Replace the text by a record that starts with v=DMARC1; and continues with p=.",
        references: &["RFC 9989 §4.7", "RFC 9989 §4.8"],
    },
    not_a_record,
);

fn not_a_record(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((own, above)) = facts.dmarc.walk.split_first() else { return };
    let has_record = own.records().next().is_some();
    for text in own.texts() {
        // Beside a real record the stray text does no harm.
        let finding = match &text.reading {
            Reading::NearMiss { kind, span } => {
                let outcome = if has_record { Outcome::Info } else { Outcome::Fail };
                near_miss(facts, doc.finding(outcome, ""), own, &text.text, kind, *span)
            }
            Reading::Unrelated => doc
                .finding(Outcome::Info, "Receivers pass it over, as it does not start with v=DMARC1. It may come from a wildcard record, or be left over.")
                .titled("A text at the DMARC name that has nothing to do with DMARC")
                .at(&own.name, &text.text, Span::whole(&text.text)),
            Reading::Record(_) => continue,
        };
        findings.push(finding);
    }
    for text in &facts.dmarc.misplaced {
        let outcome = if has_record { Outcome::Info } else { Outcome::Fail };
        let detail = tr!("Receivers look for the policy at {} and nowhere else below {}.", own.name, facts.domain);
        let mut finding = doc.finding(outcome, detail).titled("The DMARC record stands at the wrong name").at(
            &facts.domain,
            text,
            Span::whole(text),
        );
        if !has_record {
            finding = finding
                .fixed_by(tr!("Publish the record at {} and delete it at {}.", own.name, facts.domain))
                .publishing(Publish::txt(&own.name, steps::mended(facts, text)));
        }
        findings.push(finding);
    }
    // What should have been inherited; a top-level domain is nobody's here to mend.
    if !matches!(facts.dmarc.discovery(), Discovery::None) {
        return;
    }
    for node in above.iter().filter(|node| node.domain.label_count() > 1) {
        for text in node.texts() {
            let Reading::NearMiss { kind, span } = &text.reading else { continue };
            findings.push(near_miss(facts, doc.finding(Outcome::Warn, ""), node, &text.text, kind, *span));
        }
    }
}

/// A finding about a text that misses being a record, with its words, place and correction.
fn near_miss(facts: &Facts, finding: Finding, node: &Node, text: &str, kind: &NearMiss, span: Span) -> Finding {
    let (title, detail, fix) = near_miss_words(kind);
    let finding = Finding { detail, ..finding.titled(title).at(&node.name, text, span) };
    match finding.outcome {
        Outcome::Info => finding,
        _ => finding.fixed_by(fix).publishing(Publish::txt(&node.name, steps::mended(facts, text))),
    }
}

/// Title, detail and fix of a text that misses being a record.
fn near_miss_words(kind: &NearMiss) -> (&'static str, String, &'static str) {
    match kind {
        NearMiss::VersionCase { found } => (
            "v=DMARC1 is written in the wrong case",
            tr!("The record says v={found}. The value must be DMARC1 in capitals; with anything else the whole record is ignored.", found),
            "Write v=DMARC1 in capitals.",
        ),
        NearMiss::MissingSemicolon { found } => (
            "A semicolon is missing after v=DMARC1",
            tr!("Without the semicolon the value of v is “{found}”, which is no version of DMARC; the whole record is ignored.", found),
            "Put a semicolon after v=DMARC1 and between all other tags. The policy starts to work then: if you have not seen reports \
             yet, begin with p=none.",
        ),
        NearMiss::VersionNotFirst => (
            "v=DMARC1 is not the first tag",
            "Receivers look only at texts that start with v=DMARC1; here another tag comes first and the record is ignored.".into(),
            "Move v=DMARC1; to the front.",
        ),
        NearMiss::LeakedEscape => (
            "Backslashes stand in the record",
            "The value of v ends in a backslash: the escape \\; of a zone file went into the record itself, which is therefore ignored.".into(),
            "Enter the record without backslashes; the form of your DNS provider adds what it needs.",
        ),
        NearMiss::LeakedQuote => (
            "Quotation marks stand in the record",
            "The record starts with a quotation mark that belongs to a zone file, not to the text; it is therefore ignored.".into(),
            "Enter the record without quotation marks.",
        ),
        NearMiss::WrongVersion { found } => (
            "This is no known version of DMARC",
            tr!("v is “{found}”; the only version is DMARC1.", found),
            "Write v=DMARC1.",
        ),
        NearMiss::NoVersion => (
            "v=DMARC1 is missing",
            "The text has the tags of a DMARC policy and does not start with v=DMARC1; receivers ignore it.".into(),
            "Put v=DMARC1; in front.",
        ),
        NearMiss::SpfText => (
            "An SPF record stands at the DMARC name",
            "SPF belongs to the domain itself, DMARC to _dmarc below it. Receivers that look for DMARC ignore this text.".into(),
            "Move the SPF record to the domain itself and publish a DMARC record here.",
        ),
        NearMiss::LeadingSemicolon => (
            "A semicolon stands before v=DMARC1",
            "The record must start with v=DMARC1; a semicolon before it makes receivers ignore it.".into(),
            "Remove the semicolon in front.",
        ),
    }
}
