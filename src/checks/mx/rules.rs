//! The checks on mail servers.

use crate::checks::{Check, Doc, Facts, Finding, Outcome, Publish};
use crate::records::Technology;
use crate::records::mx::{Exchange, MxProblem, problems};
use crate::text::Span;

use super::hosts::{Host, is_unreachable, shell_word};
use super::{Answer, MAX_HOSTS};

/// Every check, in order of display.
pub(super) static CHECKS: &[Check] = &[
    Check { doc: &NULL, run: null },
    Check { doc: &MISSING, run: missing },
    Check { doc: &IMPLICIT, run: implicit },
    Check { doc: &NULL_WITH_OTHERS, run: null_with_others },
    Check { doc: &NO_ADDRESS, run: no_address },
    Check { doc: &ADDRESS_LITERAL, run: address_literal },
    Check { doc: &ALIAS, run: alias },
    Check { doc: &PRIVATE_ADDRESS, run: private_address },
    Check { doc: &HOST_NAME, run: host_name },
    Check { doc: &DUPLICATE, run: duplicate },
    Check { doc: &SINGLE, run: single },
    Check { doc: &IPV6, run: ipv6 },
    Check { doc: &HOSTS, run: hosts },
    Check { doc: &UNREADABLE, run: unreadable },
];

/// The records that have a problem of one kind, each with what `pick` takes from it.
fn each<T>(facts: &Facts, pick: impl Fn(&MxProblem) -> Option<T>, mut add: impl FnMut(&Exchange, T, Span, &str)) {
    let exchanges = facts.mx.exchanges();
    for (index, problem) in problems(&facts.domain, exchanges) {
        if let (Some(exchange), Some(data)) = (exchanges.get(index), pick(&problem.kind)) {
            add(exchange, data, problem.span, &exchange.text());
        }
    }
}

/// A finding at the record that names `host`; without a place where the domain is its own mail server.
fn at_host(facts: &Facts, host: &Host, finding: Finding) -> Finding {
    match facts.mx.exchanges().iter().find(|exchange| exchange.host == host.name) {
        Some(exchange) => finding.at(&facts.mx.owner, &exchange.text(), exchange.host_span()),
        None => finding,
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
    let mut finding = doc.finding(Outcome::Info, format!("{} has a null MX and nothing else.", facts.mx.owner));
    if let Some(only) = facts.mx.exchanges().first() {
        finding = finding.at(&facts.mx.owner, &only.text(), Span::whole(&only.text()));
        if only.preference != 0 {
            finding.detail = format!(
                "{} has a null MX and nothing else. Its preference is {}; the RFC asks for 0, which changes nothing.",
                facts.mx.owner, only.preference
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
            doc.finding(Outcome::Fail, format!("{} does not exist in the DNS (NXDOMAIN).", facts.domain))
                .titled("The domain does not exist")
                .fixed_by("Check the spelling. If the name is right, it is not registered, or its zone is not served."),
        ),
        Answer::Nothing { exists: true } => {
            // A parked domain loses nothing but the quick refusal; one that sends cannot take its bounces back.
            let outcome = if facts.profile.sends() { Outcome::Warn } else { Outcome::Info };
            findings.push(
                doc.finding(outcome, format!("{} has neither MX records nor A or AAAA records.", facts.domain))
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
        format!("{} has no MX record, and the address {}: senders deliver there.", facts.domain, addresses.join(", ")),
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
    let is_it = |problem: &MxProblem| matches!(problem, MxProblem::NullBesideOthers).then_some(());
    each(facts, is_it, |_, (), span, text| {
        let others = facts.mx.exchanges().len().saturating_sub(1);
        let detail = format!("{} has the null MX `{text}` and {others} more MX record(s).", facts.mx.owner);
        findings.push(doc.finding(Outcome::Fail, detail).at(&facts.mx.owner, text, span));
    });
}

static NO_ADDRESS: Doc = Doc {
    id: "mx.no-address",
    technology: Technology::Mx,
    title: "A mail server that has no address",
    what: "Whether every host named in an MX record has an A or AAAA record.",
    why: "No sender can connect to it. If it is the only one, mail is lost; if the name lies in a domain that anybody can register, a stranger could take the mail over.",
    fix: "Give the host an A or AAAA record, or take it out of the MX set.",
    references: &["RFC 5321 §5.1"],
};

fn no_address(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for host in &facts.mx.hosts {
        if host.literal.is_some() || !host.has_no_address() {
            continue;
        }
        let (title, mut detail) = if host.dangling {
            ("A mail server that does not exist", format!("{} does not exist in the DNS (NXDOMAIN).", host.name))
        } else {
            (doc.title, format!("{} exists, and has neither an A nor an AAAA record.", host.name))
        };
        if let Some(target) = host.aliases.last() {
            detail.push_str(&format!(" It is an alias that ends at {target}."));
        }
        let mut finding = doc.finding(Outcome::Fail, detail).titled(title);
        if let Some(meant) = forgotten_dot(facts, host) {
            finding = finding.fixed_by(format!(
                "The name ends in {0}.{0}: the final dot is probably missing in the zone file. Write `{meant}.`",
                facts.domain
            ));
        }
        findings.push(at_host(facts, host, finding));
    }
}

/// `mx.example.com.example.com` is what a zone file makes of `mx.example.com` without the final dot.
fn forgotten_dot<'h>(facts: &Facts, host: &'h Host) -> Option<&'h str> {
    let domain = facts.domain.as_str();
    let outer = host.name.as_str().strip_suffix(domain)?.strip_suffix('.')?;
    let inner = outer.strip_suffix(domain)?;
    (inner.is_empty() || inner.ends_with('.')).then_some(outer)
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
    let pick = |problem: &MxProblem| match problem {
        MxProblem::AddressLiteral { address } => Some(*address),
        _ => None,
    };
    each(facts, pick, |exchange, address, span, text| {
        let record_type = if address.is_ipv4() { "A" } else { "AAAA" };
        let mut finding = doc
            .finding(Outcome::Fail, format!("The MX record names {}, which is the address {address}.", exchange.host))
            .at(&facts.mx.owner, text, span);
        if let Ok(name) = facts.domain.child("mx") {
            let value = format!("{} {}", exchange.preference, name.absolute());
            finding = finding
                .publishing(Publish::record(&name, record_type, address.to_string()))
                .publishing(Publish::record(&facts.mx.owner, "MX", value));
        }
        findings.push(finding);
    });
}

static ALIAS: Doc = Doc {
    id: "mx.alias",
    technology: Technology::Mx,
    title: "A mail server that is an alias (CNAME)",
    what: "Whether a host named in an MX record is a CNAME.",
    why: "The RFCs forbid it. Most senders follow the alias all the same, some do not, and MTA-STS, DANE and certificates get two names to match instead of one.",
    fix: "Put the name at the end of the alias into the MX record, or give the host its own A and AAAA records.",
    references: &["RFC 2181 §10.3", "RFC 5321 §5.1"],
};

fn alias(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for host in &facts.mx.hosts {
        let Some(target) = host.aliases.last() else { continue };
        // A domain without MX may be an alias itself: the rule is about the names in MX records.
        let Some(exchange) = facts.mx.exchanges().iter().find(|exchange| exchange.host == host.name) else { continue };
        let value = format!("{} {}", exchange.preference, target.absolute());
        let finding = doc
            .finding(Outcome::Warn, format!("{} is a CNAME that ends at {target}.", host.name))
            .publishing(Publish::record(&facts.mx.owner, "MX", value));
        findings.push(at_host(facts, host, finding));
    }
}

static PRIVATE_ADDRESS: Doc = Doc {
    id: "mx.private-address",
    technology: Technology::Mx,
    title: "A mail server with an address that nobody can reach",
    what: "Whether the mail servers have addresses that are reachable from the Internet.",
    why: "Private, loopback and link-local addresses mean another machine for every sender, or none: mail to them is delayed or lost.",
    fix: "Publish the public address of the mail server, and remove the other one from the public DNS.",
    references: &["RFC 6890 §2.2.2", "RFC 6890 §2.2.3"],
};

fn private_address(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for host in &facts.mx.hosts {
        let (bad, good): (Vec<_>, Vec<_>) = host.addresses().partition(|&address| is_unreachable(address));
        if bad.is_empty() {
            continue;
        }
        let listed = bad.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let (outcome, detail) = if good.is_empty() && host.gap().is_none() {
            (Outcome::Fail, format!("Every address of {} is out of reach: {listed}.", host.name))
        } else {
            (Outcome::Warn, format!("{} has, among others, an address out of reach: {listed}.", host.name))
        };
        findings.push(at_host(facts, host, doc.finding(outcome, detail)));
    }
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
    let is_it = |problem: &MxProblem| matches!(problem, MxProblem::NotAHostName).then_some(());
    each(facts, is_it, |exchange, (), span, text| {
        let detail = format!("{} has characters that a host name may not have.", exchange.host);
        findings.push(doc.finding(Outcome::Warn, detail).at(&facts.mx.owner, text, span));
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
    let pick = |problem: &MxProblem| match problem {
        MxProblem::Duplicate { earlier_preference } => Some(*earlier_preference),
        _ => None,
    };
    each(facts, pick, |exchange, earlier, span, text| {
        let detail = format!("{} stands here and in the record with preference {earlier}.", exchange.host);
        findings.push(doc.finding(Outcome::Warn, detail).at(&facts.mx.owner, text, span));
    });
}

static SINGLE: Doc = Doc {
    id: "mx.single",
    technology: Technology::Mx,
    title: "One mail server only",
    what: "Whether more than one mail server, or one with several addresses, is named.",
    why: "While it is down, mail waits at the senders; they keep it for some days, so little is lost by it.",
    fix: "",
    references: &["RFC 5321 §5.1"],
};

fn single(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let [exchange] = facts.mx.exchanges() else { return };
    let [host] = facts.mx.hosts.as_slice() else { return };
    let (Ok(ipv4), Ok(ipv6)) = (&host.ipv4, &host.ipv6) else { return };
    if exchange.is_null() || ipv4.len() > 1 || ipv6.len() > 1 || host.has_no_address() {
        return;
    }
    let detail = format!("{} is the only mail server, and it has one address.", host.name);
    findings.push(at_host(facts, host, doc.finding(Outcome::Info, detail)));
}

static IPV6: Doc = Doc {
    id: "mx.ipv6",
    technology: Technology::Mx,
    title: "No mail server is reachable by IPv6",
    what: "Whether at least one mail server has an AAAA record.",
    why: "Senders that have only IPv6 cannot deliver. They are still few.",
    fix: "",
    references: &["RFC 5321 §5.2"],
};

fn ipv6(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let hosts = &facts.mx.hosts;
    let none = hosts.iter().all(|host| host.ipv6.as_ref().is_ok_and(Vec::is_empty));
    if !none || !hosts.iter().any(Host::has_address) || facts.mx.left_out > 0 {
        return;
    }
    findings.push(doc.finding(Outcome::Info, "None of the mail servers has an AAAA record."));
}

static HOSTS: Doc = Doc {
    id: "mx.hosts",
    technology: Technology::Mx,
    title: "The mail servers are named and have addresses",
    what: "Whether every mail server is a name with at least one address.",
    why: "Everything else about receiving mail builds on it.",
    fix: "",
    references: &["RFC 5321 §5.1"],
};

fn hosts(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Answer::Published { exchanges, undecoded: 0 } = &facts.mx.answer else { return };
    let sound = problems(&facts.domain, exchanges).is_empty();
    let hosts = &facts.mx.hosts;
    if !sound || hosts.is_empty() || !hosts.iter().all(Host::has_address) {
        return;
    }
    let listed: Vec<String> = hosts.iter().map(|host| format!("{} ({})", host.name, host.preference)).collect();
    findings
        .push(doc.finding(Outcome::Pass, format!("In the order in which senders try them: {}.", listed.join(", "))));
}

static UNREADABLE: Doc = Doc {
    id: "mx.unreadable",
    technology: Technology::Mx,
    title: "The mail servers could not be looked up",
    what: "Whether the look-ups of MX, A and AAAA were answered.",
    why: "Without them nothing can be said about who receives the domain's mail.",
    fix: "Try again, or ask another resolver.",
    references: &["RFC 5321 §5.1"],
};

fn unreadable(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let how = |question: &str| {
        let mut words = question.split(" of ");
        let (kind, name) = (words.next().unwrap_or("MX"), words.next().unwrap_or(facts.domain.as_str()));
        format!("Try again, ask another resolver, or look yourself: `dig {} {kind}`", shell_word(name))
    };
    if let Answer::Unknown(gap) = &facts.mx.answer {
        let detail = format!("{}: {}.", gap.question(), gap.why());
        findings.push(doc.finding(Outcome::Unknown, detail).fixed_by(how(gap.question())));
        return;
    }
    for host in &facts.mx.hosts {
        for gap in host.ipv4.as_ref().err().into_iter().chain(host.ipv6.as_ref().err()) {
            let finding = doc
                .finding(Outcome::Unknown, format!("{}: {}.", gap.question(), gap.why()))
                .titled("An address of a mail server could not be looked up")
                .fixed_by(how(gap.question()));
            findings.push(at_host(facts, host, finding));
        }
    }
    if facts.mx.left_out > 0 {
        findings.push(
            doc.finding(
                Outcome::Unknown,
                format!("{} mail servers beyond the first {MAX_HOSTS} were not looked at.", facts.mx.left_out),
            )
            .titled("Too many mail servers to look at all of them")
            .fixed_by(format!("Look yourself: `dig {} MX`", facts.domain)),
        );
    }
    if let Answer::Published { undecoded: count @ 1.., .. } = facts.mx.answer {
        findings.push(
            doc.finding(Outcome::Unknown, format!("{count} MX record(s) of {} do not decode.", facts.mx.owner))
                .titled("An MX record that cannot be read")
                .fixed_by(how(&format!("MX of {}", facts.mx.owner))),
        );
    }
}
