//! Whether receivers can read the policy record in effect.

use crate::checks::{Check, Doc, Facts, Finding, Outcome, Publish};
use crate::records::dmarc::{DmarcProblem, Request};
use crate::records::{Problem, Technology, Weight};
use crate::text::code_point;

use super::{Node, check, steps};

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

fn no_policy(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, findings, |node, text, problem| {
        let (what, reports) = match &problem.kind {
            DmarcProblem::MissingPolicy { reports } => ("The record has no p tag.".to_owned(), *reports),
            DmarcProblem::InvalidPolicy { tag, value, reports } => {
                (tr!("{tag} is “{value}”, which is none of none, quarantine and reject.", tag, value), *reports)
            }
            _ => return None,
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
        Some(
            doc.finding(Outcome::Fail, tr!("{what} {then}", what, then))
                .titled(title)
                .publishing(Publish::txt(&node.name, steps::mended(facts, &text.text))),
        )
    });
}

fn syntax(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, findings, |_, _, problem| {
        let (title, detail, fix) = syntax_words(&problem.kind)?;
        let mut finding = doc.finding(outcome(problem.weight), detail).titled(title);
        if problem.weight > Weight::Note {
            finding = finding.fixed_by(fix);
        }
        Some(finding)
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
            tr!("“{text}” is no tag with a value; receivers skip it.", text),
            "Remove the part, or write it as name=value.",
        ),
        DmarcProblem::StrayUri { text } => (
            "An address is separated by a semicolon",
            tr!(
                "“{text}” stands on its own: addresses in one list are separated by commas, a semicolon ends the list. Nothing is sent to it.",
                text
            ),
            "Replace the semicolon before the address by a comma.",
        ),
        DmarcProblem::BadTagName { name } => (
            "Malformed tag name",
            tr!(
                "“{name}” is no tag name: names are letters alone. Receivers skip the part; a missing semicolon before it is the usual cause.",
                name
            ),
            "Correct the name, or add the missing semicolon.",
        ),
        DmarcProblem::UpperCase { name } => (
            "Tag name in capitals",
            tr!("{name} is right by the grammar, yet some receivers know lower-case names only.", name),
            "Write tag names in lower case.",
        ),
        DmarcProblem::UnknownTag { name } => (
            "Unknown tag",
            tr!("No standard knows the tag {name}; receivers ignore it.", name),
            "Remove it unless you know who reads it.",
        ),
        DmarcProblem::DuplicateTag { name } => (
            "A tag is there twice",
            tr!(
                "{name} was already given. No rule says which one counts: this report uses the first, receivers may use the other or drop the record.",
                name
            ),
            "Keep one of the two.",
        ),
        DmarcProblem::EmptyValue { name } => (
            "A tag without a value",
            tr!("{name} is empty; receivers use its default.", name),
            "Give it a value, or remove it.",
        ),
        DmarcProblem::BadCharacter { name, character } => (
            "A character that is not allowed",
            tr!(
                "The value of {name} holds “{character}” ({}); only printable ASCII may stand there.",
                code_point(*character),
                name,
                character
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
            tr!("{tag} is “{value}”; receivers use the default, {tag}={default}.", tag, value, default),
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

/// Judges the problems of the record in effect, where it is one that the owner of the domain can mend, and places the
/// findings in it.
pub(super) fn each_problem(
    facts: &Facts,
    findings: &mut Vec<Finding>,
    judge: impl Fn(&Node, &super::Text, &Problem<DmarcProblem>) -> Option<Finding>,
) {
    let Some((node, text, _)) = facts.dmarc.own_subject() else { return };
    let Some((_, parsed)) = node.record() else { return };
    for problem in &parsed.problems {
        let finding = judge(node, text, problem);
        findings.extend(finding.map(|finding| finding.at(&node.name, &text.text, problem.span)));
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
