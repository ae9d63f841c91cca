//! Whether there is a policy record that receivers see and can read.

use crate::checks::{Check, Doc, Facts, Finding, Outcome, Publish};
use crate::records::dmarc::{DmarcProblem, NearMiss, Reading, Request};
use crate::records::{Problem, Technology, Weight};
use crate::text::Span;

use super::{Discovery, Node, check, steps};

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

pub(super) const NO_POLICY: Check = check(
    &Doc {
        id: "dmarc.no-policy",
        technology: Technology::Dmarc,
        title: "The DMARC policy cannot be read",
        what: "Whether p is there and p, sp and np each say none, quarantine or reject.",
        why: "With a missing or misspelt policy receivers fall back to p=none if the record has a valid rua address, \
              and apply no DMARC at all if it has not. Either way nothing is stopped.",
        fix: "Write p=none, p=quarantine or p=reject, and the same words in sp and np.",
        references: &["RFC 9989 §4.10.1", "RFC 9989 §4.7"],
    },
    no_policy,
);

pub(super) const SYNTAX: Check = check(
    &Doc {
        id: "dmarc.syntax",
        technology: Technology::Dmarc,
        title: "Mistake in the DMARC record",
        what: "Every part of the record against the grammar and the list of known tags.",
        why: "Receivers skip a part that they cannot read and use its default, so the record does not do what it seems \
              to say.",
        fix: "Correct or remove the marked part.",
        references: &["RFC 9989 §4.8", "RFC 9989 §4.7"],
    },
    syntax,
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
        1 => format!("{} has no DMARC record.", own.name),
        2 => format!("{} has none, nor has the name above it that receivers ask.", own.name),
        _ => format!("{} has none, nor has any of the {} names above it that receivers ask.", own.name, asked - 1),
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
                format!(" Receivers of RFC 9989 go on and use the record at {}; older ones apply no DMARC.", node.name)
            }
            Discovery::None => " No other record is found on the way up, so no DMARC applies.".to_owned(),
            _ => String::new(),
        };
        let span = Span::whole(&text.text);
        findings.push(
            doc.finding(
                Outcome::Fail,
                format!("{} has {count} DMARC records; receivers use none of them.{then}", node.name),
            )
            .at(&node.name, &text.text, span)
            .fixed_by(format!("Keep one of the {count} records at {} and delete the others.", node.name)),
        );
    }
}

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
        let detail = format!("Receivers look for the policy at {} and nowhere else below {}.", own.name, facts.domain);
        let mut finding = doc.finding(outcome, detail).titled("The DMARC record stands at the wrong name").at(
            &facts.domain,
            text,
            Span::whole(text),
        );
        if !has_record {
            finding = finding
                .fixed_by(format!("Publish the record at {} and delete it at {}.", own.name, facts.domain))
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
            format!("The record says v={found}. The value must be DMARC1 in capitals; with anything else the whole record is ignored."),
            "Write v=DMARC1 in capitals.",
        ),
        NearMiss::MissingSemicolon { found } => (
            "A semicolon is missing after v=DMARC1",
            format!("Without the semicolon the value of v is “{found}”, which is no version of DMARC; the whole record is ignored."),
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
            format!("v is “{found}”; the only version is DMARC1."),
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

fn no_policy(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, |node, text, problem| {
        let (what, reports) = match &problem.kind {
            DmarcProblem::MissingPolicy { reports } => ("The record has no p tag.".to_owned(), *reports),
            DmarcProblem::InvalidPolicy { tag, value, reports } => {
                (format!("{tag} is “{value}”, which is none of none, quarantine and reject."), *reports)
            }
            _ => return,
        };
        let (title, then) = match reports {
            true => (
                "The policy is missing or misspelt: receivers only monitor",
                "The record has an address for reports, so receivers act as if it said p=none alone; sp and np count no more.",
            ),
            false => (
                "The policy is missing or misspelt: no DMARC at all",
                "The record has no valid address for reports either, so receivers apply no DMARC at all.",
            ),
        };
        findings.push(
            doc.finding(Outcome::Fail, format!("{what} {then}"))
                .titled(title)
                .at(&node.name, &text.text, problem.span)
                .publishing(Publish::txt(&node.name, steps::mended(facts, &text.text))),
        );
    });
}

fn syntax(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, |node, text, problem| {
        let Some((title, detail, fix)) = syntax_words(&problem.kind) else { return };
        let mut finding =
            doc.finding(outcome(problem.weight), detail).titled(title).at(&node.name, &text.text, problem.span);
        if problem.weight > Weight::Note {
            finding = finding.fixed_by(fix);
        }
        findings.push(finding);
    });
}

/// Title, detail and fix of a mistake in the grammar; nothing for what other checks speak of.
fn syntax_words(kind: &DmarcProblem) -> Option<(&'static str, String, &'static str)> {
    Some(match kind {
        DmarcProblem::LeadingSpace => (
            "White space before v=DMARC1",
            "The grammar wants the record to start with v. Some receivers skip the space, others ignore the record."
                .into(),
            "Remove the space in front.",
        ),
        DmarcProblem::EmptyPart => (
            "Stray semicolon",
            "Nothing stands before this semicolon. Receivers skip it.".into(),
            "Remove it when you next edit the record.",
        ),
        DmarcProblem::NoValue { text } => (
            "A part without “=”",
            format!("“{text}” is no tag with a value; receivers skip it."),
            "Remove the part, or write it as name=value.",
        ),
        DmarcProblem::StrayUri { text } => (
            "An address is separated by a semicolon",
            format!(
                "“{text}” stands on its own: addresses in one list are separated by commas, a semicolon ends the list. Nothing is sent to it."
            ),
            "Replace the semicolon before the address by a comma.",
        ),
        DmarcProblem::BadTagName { name } => (
            "Malformed tag name",
            format!(
                "“{name}” is no tag name: names are letters alone. Receivers skip the part; a missing semicolon before it is the usual cause."
            ),
            "Correct the name, or add the missing semicolon.",
        ),
        DmarcProblem::UpperCase { name } => (
            "Tag name in capitals",
            format!("{name} is right by the grammar, yet some receivers know lower-case names only."),
            "Write tag names in lower case.",
        ),
        DmarcProblem::UnknownTag { name } => (
            "Unknown tag",
            format!("No standard knows the tag {name}; receivers ignore it."),
            "Remove it unless you know who reads it.",
        ),
        DmarcProblem::DuplicateTag { name } => (
            "A tag is there twice",
            format!(
                "{name} was already given. No rule says which one counts: this report uses the first, receivers may use the other or drop the record."
            ),
            "Keep one of the two.",
        ),
        DmarcProblem::EmptyValue { name } => (
            "A tag without a value",
            format!("{name} is empty; receivers use its default."),
            "Give it a value, or remove it.",
        ),
        DmarcProblem::BadCharacter { name, character } => (
            "A character that is not allowed",
            format!(
                "The value of {name} holds “{character}” (U+{:04X}); only printable ASCII may stand there.",
                u32::from(*character)
            ),
            "Replace the character; text pasted from a word processor is the usual cause.",
        ),
        DmarcProblem::TooManyTags => (
            "Far too many tags",
            "The record has more parts than any reader looks at; the rest was not judged.".into(),
            "Publish a record with the few tags that DMARC knows.",
        ),
        DmarcProblem::SecondVersion => (
            "v stands in the record twice",
            "Two records seem to be joined into one; tags after the second v may be duplicates.".into(),
            "Keep one record, with one v=DMARC1 in front.",
        ),
        DmarcProblem::PolicyNotSecond => (
            "p is not the second tag",
            "RFC 9989 knows no order after v. Receivers of the older RFC 7489 wanted p directly after it.".into(),
            "Put p directly after v=DMARC1.",
        ),
        DmarcProblem::InvalidValue { tag, value, default } => (
            "A value that the tag does not know",
            format!("{tag} is “{value}”; receivers use the default, {tag}={default}."),
            "Use one of the values that the tag knows, or remove it.",
        ),
        DmarcProblem::MissingPolicy { .. }
        | DmarcProblem::InvalidPolicy { .. }
        | DmarcProblem::InvalidFailureOptions { .. }
        | DmarcProblem::FailureOptionsUnused
        | DmarcProblem::RemovedTag { .. }
        | DmarcProblem::Uri { .. } => return None,
    })
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
                    format!("{detail} No TXT record is there. Whoever can take over that name decides what receivers do with mail in your name."),
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
            doc.finding(Outcome::Unknown, format!("{}: {}.", gap.question(), gap.why()))
                .fixed_by(format!("Try again or use another resolver. By hand: `dig TXT {own}`")),
        );
    }
}

/// Runs over the problems of the record in effect, where it is one that the owner of the domain can mend.
pub(super) fn each_problem(facts: &Facts, mut judge: impl FnMut(&Node, &super::Text, &Problem<DmarcProblem>)) {
    let Some((node, text, _)) = facts.dmarc.own_subject() else { return };
    let Some((_, parsed)) = node.record() else { return };
    for problem in &parsed.problems {
        judge(node, text, problem);
    }
}

/// How a problem of some weight is shown.
pub(super) fn outcome(weight: Weight) -> Outcome {
    match weight {
        Weight::Note => Outcome::Info,
        Weight::Doubt => Outcome::Warn,
        Weight::Fault => Outcome::Fail,
    }
}

/// Whether the record in effect can be used as it stands.
pub(super) fn asks_for_policies(facts: &Facts) -> bool {
    facts.dmarc.subject().is_some_and(|(_, _, record)| matches!(record.request(), Request::Policies { .. }))
}
