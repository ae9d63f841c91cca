//! The checks on mail servers: all of them in order, and those on the records themselves.

use crate::checks::{Check, Doc, Facts, Finding, Outcome, Publish};
use crate::records::Technology;
use crate::records::mx::{Exchange, MxProblem, problems};
use crate::text::Span;

use super::hosts::Host;
use super::{Answer, host_checks};

/// Every check, in order of display.
pub(super) static CHECKS: &[Check] = &[
    Check { doc: &NULL, run: null },
    Check { doc: &MISSING, run: missing },
    Check { doc: &IMPLICIT, run: implicit },
    Check { doc: &NULL_WITH_OTHERS, run: null_with_others },
    Check { doc: &host_checks::NO_ADDRESS, run: host_checks::no_address },
    Check { doc: &ADDRESS_LITERAL, run: address_literal },
    Check { doc: &host_checks::ALIAS, run: host_checks::alias },
    Check { doc: &host_checks::PRIVATE_ADDRESS, run: host_checks::private_address },
    Check { doc: &HOST_NAME, run: host_name },
    Check { doc: &DUPLICATE, run: duplicate },
    Check { doc: &host_checks::SINGLE, run: host_checks::single },
    Check { doc: &host_checks::IPV6, run: host_checks::ipv6 },
    Check { doc: &host_checks::HOSTS, run: host_checks::hosts },
    Check { doc: &host_checks::UNREADABLE, run: host_checks::unreadable },
];

/// Judges every problem of every record, and places the findings in it.
fn each(facts: &Facts, findings: &mut Vec<Finding>, judge: impl Fn(&Exchange, &MxProblem) -> Option<Finding>) {
    let exchanges = facts.mx.exchanges();
    for (index, problem) in problems(&facts.domain, exchanges) {
        let Some(exchange) = exchanges.get(index) else { continue };
        let finding = judge(exchange, &problem.kind);
        findings.extend(finding.map(|finding| finding.at(&facts.mx.owner, &exchange.text(), problem.span)));
    }
}

static NULL: Doc = Doc {
    id: "mx.null",
    technology: Technology::Mx,
    title: "This domain says that it receives no mail",
    what: "Whether a null MX (`0 .`) stands alone.",
    why: "Senders give up at once instead of retrying for days, and nobody can pretend that replies would arrive.",
    fix: "",
    references: &["RFC 7505 §3"],
};

fn null(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    if !facts.mx.is_null() {
        return;
    }
    let mut finding = doc.finding(Outcome::Info, tr!("{} has a null MX and nothing else.", facts.mx.owner));
    if let Some(only) = facts.mx.exchanges().first() {
        finding = finding.at(&facts.mx.owner, &only.text(), Span::whole(&only.text()));
        if only.preference != 0 {
            finding.detail = tr!(
                "{} has a null MX and nothing else. Its preference is {}; the RFC asks for 0, which changes nothing.",
                facts.mx.owner,
                only.preference
            );
        }
    }
    findings.push(finding);
}

static MISSING: Doc = Doc {
    id: "mx.missing",
    technology: Technology::Mx,
    title: "No mail server, and no null MX to say so",
    what: "Whether the domain has MX records, or at least an address of its own.",
    why: "Mail to this domain bounces. Receivers also distrust mail from a domain that could not take a reply or a bounce.",
    fix: "If the domain should receive mail, publish an MX record with the name of its mail server; if not, publish the null MX `0 .`.",
    references: &["RFC 5321 §5.1", "RFC 7505 §3"],
};

fn missing(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    match facts.mx.answer {
        Answer::Nothing { exists: false } => findings.push(
            doc.finding(Outcome::Fail, tr!("{} does not exist in the DNS (NXDOMAIN).", facts.domain))
                .titled("The domain does not exist")
                .fixed_by("Check the spelling. If the name is right, it is not registered, or its zone is not served."),
        ),
        Answer::Nothing { exists: true } => {
            // A parked domain loses nothing but the quick refusal; one that sends cannot take its bounces back.
            let outcome = if facts.profile.sends() { Outcome::Warn } else { Outcome::Info };
            findings.push(
                doc.finding(outcome, tr!("{} has neither MX records nor A or AAAA records.", facts.domain))
                    .publishing(Publish::record(&facts.domain, "MX", "0 .")),
            );
        }
        _ => {}
    }
}

static IMPLICIT: Doc = Doc {
    id: "mx.implicit",
    technology: Technology::Mx,
    title: "No MX record: mail goes to the domain's own address",
    what: "Whether the domain relies on the rule that a domain without MX is its own mail server.",
    why: "That address mostly belongs to a web server. Mail is lost or waits for days if it does not accept mail, and nobody sees from the DNS whether it was meant.",
    fix: "Publish an MX record with the name of the mail server, or the null MX `0 .` if the domain receives no mail.",
    references: &["RFC 5321 §5.1"],
};

fn implicit(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    if !matches!(facts.mx.answer, Answer::Implicit) {
        return;
    }
    let addresses: Vec<String> = facts.mx.hosts.iter().flat_map(Host::addresses).map(|a| a.to_string()).collect();
    findings.push(doc.finding(
        Outcome::Warn,
        tr!("{} has no MX record, and the address {}: senders deliver there.", facts.domain, addresses.join(", ")),
    ));
}

static NULL_WITH_OTHERS: Doc = Doc {
    id: "mx.null-with-others",
    technology: Technology::Mx,
    title: "A null MX beside other MX records",
    what: "Whether a null MX stands alone.",
    why: "The null MX says that the domain receives no mail, the other records say that it does. Senders differ in what they believe, so mail gets lost.",
    fix: "Remove the null MX if the domain receives mail; remove all other MX records if it does not.",
    references: &["RFC 7505 §3"],
};

fn null_with_others(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each(facts, findings, |exchange, problem| {
        let MxProblem::NullBesideOthers = problem else { return None };
        let others = facts.mx.exchanges().len().saturating_sub(1);
        let null = exchange.text();
        let owner = &facts.mx.owner;
        let detail = tr!(
            "{owner} has the null MX `{null}` and {n} more MX record."
                | "{owner} has the null MX `{null}` and {n} more MX records." % others,
            owner,
            null
        );
        Some(doc.finding(Outcome::Fail, detail))
    });
}

static ADDRESS_LITERAL: Doc = Doc {
    id: "mx.address-literal",
    technology: Technology::Mx,
    title: "An IP address where a host name must stand",
    what: "Whether an MX record names a host, and no address.",
    why: "An MX record holds a name. An address there is looked up as a name, which does not exist: mail is not delivered.",
    fix: "Give the address a host name with an A or AAAA record, and put that name into the MX record.",
    references: &["RFC 1035 §3.3.9", "RFC 5321 §5.1"],
};

fn address_literal(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each(facts, findings, |exchange, problem| {
        let MxProblem::AddressLiteral { address } = problem else { return None };
        let detail = tr!("The MX record names {}, which is the address {address}.", exchange.host, address);
        let finding = doc.finding(Outcome::Fail, detail);
        let Ok(name) = facts.domain.child("mx") else { return Some(finding) };
        let record_type = if address.is_ipv4() { "A" } else { "AAAA" };
        let value = format!("{} {}", exchange.preference, name.absolute());
        let finding = finding.publishing(Publish::record(&name, record_type, address.to_string()));
        Some(finding.publishing(Publish::record(&facts.mx.owner, "MX", value)))
    });
}

static HOST_NAME: Doc = Doc {
    id: "mx.host-name",
    technology: Technology::Mx,
    title: "A mail server whose name is no host name",
    what: "Whether the names in MX records consist of letters, digits and hyphens.",
    why: "Some senders refuse such a name, no public certificate authority issues a certificate for it, and an MTA-STS policy cannot list it.",
    fix: "Give the mail server a name of letters, digits and hyphens (no underscore), and put it into the MX record.",
    references: &["RFC 5321 §2.3.5", "RFC 1123 §2.1"],
};

fn host_name(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each(facts, findings, |exchange, problem| {
        let MxProblem::NotAHostName = problem else { return None };
        let detail = tr!("{} has characters that a host name may not have.", exchange.host);
        Some(doc.finding(Outcome::Warn, detail))
    });
}

static DUPLICATE: Doc = Doc {
    id: "mx.duplicate",
    technology: Technology::Mx,
    title: "The same mail server twice",
    what: "Whether a host stands in more than one MX record.",
    why: "It adds no second way for the mail: when the host is down, senders only try it again.",
    fix: "Keep one record for each host.",
    references: &["RFC 5321 §5.1"],
};

fn duplicate(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each(facts, findings, |exchange, problem| {
        let MxProblem::Duplicate { earlier_preference } = problem else { return None };
        let detail = tr!(
            "{} stands here and in the record with preference {earlier_preference}.",
            exchange.host,
            earlier_preference
        );
        Some(doc.finding(Outcome::Warn, detail))
    });
}
