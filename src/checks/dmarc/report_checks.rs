//! Whether reports are asked for, and whether they can arrive.

use crate::checks::{Check, Doc, Facts, Finding, Outcome, Publish};
use crate::records::dmarc::{DmarcProblem, UriProblem};
use crate::records::{Technology, Weight};
use crate::text::code_point;

use super::organization::likely_registered;
use super::record_checks::{each_problem, outcome};
use super::{Authorisation, Destination, MailAbility, check, steps};

pub(super) const NO_REPORTS: Check = check(
    &Doc {
        id: "dmarc.no-reports",
        technology: Technology::Dmarc,
        title: "Nobody receives DMARC reports",
        what: "Whether the record has a valid address for aggregate reports (rua).",
        why: "Without rua receivers send no aggregate reports: you see neither forgeries nor honest mail that fails, and \
              cannot tell when a stricter policy is safe.",
        fix: "Add rua=mailto: with a mailbox that somebody, or a service, reads.",
        references: &["RFC 9989 §4.7", "RFC 9990 §3"],
    },
    no_reports,
);

pub(super) const REPORT_ADDRESS: Check = check(
    &Doc {
        id: "dmarc.report-address",
        technology: Technology::Dmarc,
        title: "Mistake in a report address",
        what: "Each address in rua and ruf: URI, mailto, mailbox, A-labels, separators.",
        why: "Receivers ignore an address that is no valid URI, without telling anybody.",
        fix: "Write each address as mailto:name@domain, separated by commas.",
        references: &["RFC 9989 §4.8", "RFC 3986 §3"],
    },
    report_address,
);

pub(super) const UNAUTHORISED: Check = check(
    &Doc {
        id: "dmarc.external-report-unauthorised",
        technology: Technology::Dmarc,
        title: "Reports to another domain are not allowed by it",
        what: "Whether each foreign domain in rua and ruf publishes the record that lets it receive reports about this one.",
        why: "Receivers must not send reports to another organization's domain unless it says that it wants them, so these \
              reports are dropped.",
        fix: "Ask the owner of that domain, usually a report service, to publish the record.",
        references: &["RFC 9990 §4", "RFC 9991 §5", "RFC 7489 §7.1"],
    },
    unauthorised,
);

pub(super) const UNDELIVERABLE: Check = check(
    &Doc {
        id: "dmarc.report-target-undeliverable",
        technology: Technology::Dmarc,
        title: "A report address cannot receive mail",
        what: "Whether the domain behind each address has a mail server, or at least an address.",
        why: "Reports come by mail; a domain without a mail server never gets them.",
        fix: "Use a mailbox at a domain that receives mail.",
        references: &["RFC 5321 §5.1", "RFC 7505 §3"],
    },
    undeliverable,
);

pub(super) const FAILURE_OPTIONS: Check = check(
    &Doc {
        id: "dmarc.failure-options",
        technology: Technology::Dmarc,
        title: "The failure options (fo)",
        what: "Whether fo has only members it may have, not 0 beside 1, and stands beside a ruf.",
        why: "Receivers ignore a faulty fo and use 0: reports on single messages come only when nothing passed.",
        fix: "Write fo=1 for a report whenever any check fails, or remove fo.",
        references: &["RFC 9989 §4.7", "RFC 9989 §4.8"],
    },
    failure_options,
);

fn no_reports(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((node, text, record)) = facts.dmarc.subject() else { return };
    if facts.dmarc.own_subject().is_none() {
        if facts.profile.sends() {
            findings.push(
                doc.finding(
                    Outcome::Warn,
                    tr!("The record in effect is that of {}, and its reports go to whoever that record names. A record of your own brings them to you.", node.domain),
                )
                .at(&node.name, &text.text, crate::text::Span::whole(&text.text))
                .publishing(steps::first_record(facts)),
            );
        }
        return;
    }
    if !record.aggregate_reports.is_empty() {
        return;
    }
    let outcome = if facts.profile.sends() { Outcome::Warn } else { Outcome::Info };
    let rua = format!("mailto:dmarc-reports@{}", node.domain);
    let detail = match facts.profile.sends() {
        true => "The record has no valid rua address. The mailbox in the record below is a suggestion.",
        false => "The record has no valid rua address. For a domain that sends nothing that is a matter of taste.",
    };
    let finding = doc.finding(outcome, detail).at(&node.name, &text.text, crate::text::Span::whole(&text.text));
    findings.push(finding.publishing(Publish::txt(&node.name, steps::rewrite(&text.text, &[("rua", Some(&rua))]))));
}

fn report_address(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, findings, |node, text, problem| {
        let DmarcProblem::Uri { tag, problem: kind } = &problem.kind else { return None };
        let (title, detail, fix) = uri_words(tag, kind);
        let mut finding = doc.finding(outcome(problem.weight), detail).titled(title);
        if problem.weight > Weight::Note {
            finding = finding.fixed_by(fix);
        }
        if matches!(kind, UriProblem::MissingMailto { .. }) {
            finding = finding.publishing(Publish::txt(&node.name, steps::rewrite(&text.text, &[])));
        }
        Some(finding)
    });
}

/// Title, detail and fix of a problem in an address.
fn uri_words(tag: &str, kind: &UriProblem) -> (&'static str, String, String) {
    let mailto = "Write the address as mailto:name@domain.".to_owned();
    match kind {
        UriProblem::Empty => (
            "An empty place in a list of addresses",
            tr!("Nothing stands between two commas in {tag}.", tag),
            "Remove the comma.".into(),
        ),
        UriProblem::MissingMailto { text } => (
            "mailto: is missing",
            tr!("“{text}” in {tag} is no URI, so receivers ignore it.", text, tag),
            tr!("Write mailto:{text}.", text),
        ),
        UriProblem::NotAUri { text } => {
            ("Not an address", tr!("“{text}” in {tag} is no URI, so receivers ignore it.", text, tag), mailto)
        }
        UriProblem::UnsupportedScheme { scheme } => (
            "A kind of address that few receivers know",
            tr!("Receivers need only support mailto; {scheme} addresses may be ignored.", scheme),
            "Add a mailto address.".into(),
        ),
        UriProblem::BadMailbox { text } => (
            "Not a mailbox",
            tr!("“{text}” in {tag} has not exactly one name and one domain around an @.", text, tag),
            mailto,
        ),
        UriProblem::BadDomain { text } => {
            ("Not a domain", tr!("“{text}” in {tag} is no host name.", text, tag), mailto)
        }
        UriProblem::NotAscii { character } => (
            "A character outside ASCII",
            tr!(
                "“{character}” ({}) must not stand in a record; receivers ignore the address.",
                code_point(*character),
                character
            ),
            "Write the domain as A-labels (xn--…).".into(),
        ),
        UriProblem::BadCharacter { character } => (
            "A character that no address may hold",
            tr!("“{character}” must not stand in a URI as it is; receivers ignore the address.", character),
            tr!(
                "Remove it, or write {} where it belongs to the mailbox.",
                format_args!("%{:02X}", u32::from(*character))
            ),
        ),
        UriProblem::Slashes => (
            "Slashes after mailto:",
            tr!(
                "An address in {tag} starts with mailto://. The slashes become part of the mailbox, so reports may go to one that does not exist.",
                tag
            ),
            "Write mailto: without slashes.".into(),
        ),
        UriProblem::Space => (
            "White space inside an address",
            tr!("An address in {tag} holds white space; a missing comma is the usual cause.", tag),
            "Separate addresses by commas.".into(),
        ),
        UriProblem::ObsoleteSize { suffix } => (
            "An obsolete size limit",
            tr!("{suffix} was a limit in RFC 7489; receivers ignore it now. The address works.", suffix),
            String::new(),
        ),
        UriProblem::BareExclamation => (
            "A bare exclamation mark",
            tr!("“!” in {tag} is neither a size limit nor written as %21; the address is not valid.", tag),
            "Write %21, or remove it.".into(),
        ),
        UriProblem::Duplicate { uri } => {
            ("The same address twice", tr!("{uri} is already in {tag}.", uri, tag), String::new())
        }
        UriProblem::Many { count } => (
            "Many report addresses",
            tr!("{tag} has {count} addresses; receivers may stop after two.", tag, count),
            String::new(),
        ),
    }
}

fn unauthorised(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((node, text, _)) = facts.dmarc.own_subject() else { return };
    for destination in &facts.dmarc.destinations {
        let host = &destination.host;
        let Some(span) = span_of(destination) else { continue };
        let finding = match &destination.authorisation {
            Authorisation::NotNeeded => continue,
            Authorisation::Given { name } => doc
                .finding(Outcome::Pass, tr!("{name} holds the permission.", name))
                .titled(tr!("{host} may receive reports about this domain", host)),
            // Two names of one registered domain that the tree walk parts: receivers of RFC 7489 send.
            Authorisation::Missing { name } if likely_registered(host) == likely_registered(&node.domain) => doc
                .finding(Outcome::Warn, tr!("{host} does not publish {name}. By the tree walk it is another organization, so receivers of RFC 9989 drop the reports; those of RFC 7489 most likely send them.", host, name))
                .publishing(Publish::txt(name, "v=DMARC1")),
            Authorisation::Missing { name } => doc
                .finding(severity(facts, destination), tr!("{host} does not publish {name}, so receivers drop the reports meant for it.", host, name))
                .fixed_by(tr!("Ask the owner of {host} to publish the record, or use an address of your own.", host))
                .publishing(Publish::txt(name, "v=DMARC1")),
            Authorisation::NameTooLong => doc
                .finding(severity(facts, destination), tr!("The name of the permission below {host} would be longer than DNS allows.", host))
                .fixed_by("Use an address at a shorter domain, or one of your own."),
            Authorisation::ElsewhereOnly { name, address } => doc
                .finding(
                    severity(facts, destination),
                    tr!("{name} redirects the reports to {address}, which is at another domain than {host}; receivers then send to neither.", name, address, host),
                )
                .fixed_by(tr!("Ask the owner of {host} to remove rua from that record, or to name an address at {host}.", host)),
            Authorisation::Unknown(gap) => doc
                .finding(Outcome::Unknown, tr!("{}: {}.", gap.question(), gap.why()))
                .titled(tr!("Whether {host} allows reports about this domain", host))
                .fixed_by(tr!("Try again. By hand: `dig TXT {}._report._dmarc.{host}`", node.domain, host)),
        };
        findings.push(finding.at(&node.name, &text.text, span));
    }
}

fn undeliverable(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((node, text, _)) = facts.dmarc.own_subject() else { return };
    for destination in &facts.dmarc.destinations {
        let host = &destination.host;
        let detail = match &destination.mail {
            MailAbility::Able => continue,
            MailAbility::NullMx => tr!("{host} has a null MX: it says that it receives no mail at all.", host),
            MailAbility::Nowhere => tr!("{host} has neither a mail server nor an address.", host),
            MailAbility::Unknown(gap) => tr!("{}: {}.", gap.question(), gap.why()),
        };
        let Some(span) = span_of(destination) else { continue };
        let finding = match &destination.mail {
            MailAbility::Unknown(_) => doc
                .finding(Outcome::Unknown, detail)
                .titled(tr!("Whether {host} can receive reports", host))
                .fixed_by(tr!("Try again. By hand: `dig MX {host}`", host)),
            _ => doc.finding(severity(facts, destination), detail),
        };
        findings.push(finding.at(&node.name, &text.text, span));
    }
}

fn failure_options(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, findings, |_, _, problem| {
        let (title, detail) = match &problem.kind {
            DmarcProblem::InvalidFailureOptions { value } => (
                "The failure options cannot be read",
                tr!(
                    "fo={value}: allowed are one of 0 and 1, and d and s once each. Receivers use the default, 0.",
                    value
                ),
            ),
            DmarcProblem::FailureOptionsUnused => (
                "Failure options without effect",
                "fo does nothing without ruf, the address for such reports.".to_owned(),
            ),
            _ => return None,
        };
        Some(doc.finding(outcome(problem.weight), detail).titled(title))
    });
}

/// A destination that gets nothing is a fault where no aggregate report arrives anywhere else, and a lesser matter else.
fn severity(facts: &Facts, destination: &Destination) -> Outcome {
    let another = facts.dmarc.destinations.iter().any(|other| other.aggregate && other.works() != Some(false));
    if destination.aggregate && !another && facts.profile.sends() { Outcome::Fail } else { Outcome::Warn }
}

fn span_of(destination: &Destination) -> Option<crate::text::Span> {
    destination.addresses.first().map(|uri| uri.span)
}
