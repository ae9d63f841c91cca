//! The checks on the hosts that MX records name: whether mail reaches them.

use crate::checks::{Doc, Facts, Finding, Outcome, Publish};
use crate::records::Technology;
use crate::records::mx::problems;

use super::hosts::{Host, is_unreachable, shell_word};
use super::{Answer, MAX_HOSTS};

/// A finding at the record that names `host`; without a place where the domain is its own mail server.
fn at_host(facts: &Facts, host: &Host, finding: Finding) -> Finding {
    match facts.mx.exchanges().iter().find(|exchange| exchange.host == host.name) {
        Some(exchange) => finding.at(&facts.mx.owner, &exchange.text(), exchange.host_span()),
        None => finding,
    }
}

pub(super) static NO_ADDRESS: Doc = Doc {
    id: "mx.no-address",
    technology: Technology::Mx,
    title: "A mail server that has no address",
    what: "Whether every host named in an MX record has an A or AAAA record.",
    why: "No sender can connect to it. If it is the only one, mail is lost; if the name lies in a domain that anybody can register, a stranger could take the mail over.",
    fix: "Give the host an A or AAAA record, or take it out of the MX set.",
    references: &["RFC 5321 §5.1"],
};

pub(super) fn no_address(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for host in &facts.mx.hosts {
        if host.literal.is_some() || !host.has_no_address() {
            continue;
        }
        let (title, mut detail) = if host.dangling {
            ("A mail server that does not exist", tr!("{} does not exist in the DNS (NXDOMAIN).", host.name))
        } else {
            (doc.title, tr!("{} exists, and has neither an A nor an AAAA record.", host.name))
        };
        if let Some(target) = host.aliases.last() {
            detail.push_str(&tr!(" It is an alias that ends at {target}.", target));
        }
        let mut finding = doc.finding(Outcome::Fail, detail).titled(title);
        if let Some(meant) = forgotten_dot(facts, host) {
            finding = finding.fixed_by(tr!(
                "The name ends in {0}.{0}: the final dot is probably missing in the zone file. Write `{meant}.`",
                facts.domain,
                meant
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

pub(super) static ALIAS: Doc = Doc {
    id: "mx.alias",
    technology: Technology::Mx,
    title: "A mail server that is an alias (CNAME)",
    what: "Whether a host named in an MX record is a CNAME.",
    why: "The RFCs forbid it. Most senders follow the alias all the same, some do not, and MTA-STS, DANE and certificates get two names to match instead of one.",
    fix: "Put the name at the end of the alias into the MX record, or give the host its own A and AAAA records.",
    references: &["RFC 2181 §10.3", "RFC 5321 §5.1"],
};

pub(super) fn alias(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for host in &facts.mx.hosts {
        let Some(target) = host.aliases.last() else { continue };
        // A domain without MX may be an alias itself: the rule is about the names in MX records.
        let Some(exchange) = facts.mx.exchanges().iter().find(|exchange| exchange.host == host.name) else { continue };
        let value = format!("{} {}", exchange.preference, target.absolute());
        let finding = doc
            .finding(Outcome::Warn, tr!("{} is a CNAME that ends at {target}.", host.name, target))
            .publishing(Publish::record(&facts.mx.owner, "MX", value));
        findings.push(at_host(facts, host, finding));
    }
}

pub(super) static PRIVATE_ADDRESS: Doc = Doc {
    id: "mx.private-address",
    technology: Technology::Mx,
    title: "A mail server with an address that nobody can reach",
    what: "Whether the mail servers have addresses that are reachable from the Internet.",
    why: "Private, loopback and link-local addresses mean another machine for every sender, or none: mail to them is delayed or lost.",
    fix: "Publish the public address of the mail server, and remove the other one from the public DNS.",
    references: &["RFC 6890 §2.2.2", "RFC 6890 §2.2.3"],
};

pub(super) fn private_address(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for host in &facts.mx.hosts {
        let (bad, good): (Vec<_>, Vec<_>) = host.addresses().partition(|&address| is_unreachable(address));
        if bad.is_empty() {
            continue;
        }
        let listed = bad.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let (outcome, detail) = if good.is_empty() && host.gap().is_none() {
            (Outcome::Fail, tr!("Every address of {} is out of reach: {listed}.", host.name, listed))
        } else {
            (Outcome::Warn, tr!("{} has, among others, an address out of reach: {listed}.", host.name, listed))
        };
        findings.push(at_host(facts, host, doc.finding(outcome, detail)));
    }
}

pub(super) static SINGLE: Doc = Doc {
    id: "mx.single",
    technology: Technology::Mx,
    title: "One mail server only",
    what: "Whether more than one mail server, or one with several addresses, is named.",
    why: "While it is down, mail waits at the senders; they keep it for some days, so little is lost by it.",
    fix: "",
    references: &["RFC 5321 §5.1"],
};

pub(super) fn single(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let [exchange] = facts.mx.exchanges() else { return };
    let [host] = facts.mx.hosts.as_slice() else { return };
    let (Ok(ipv4), Ok(ipv6)) = (&host.ipv4, &host.ipv6) else { return };
    if exchange.is_null() || ipv4.len() > 1 || ipv6.len() > 1 || host.has_no_address() {
        return;
    }
    let detail = tr!("{} is the only mail server, and it has one address.", host.name);
    findings.push(at_host(facts, host, doc.finding(Outcome::Info, detail)));
}

pub(super) static IPV6: Doc = Doc {
    id: "mx.ipv6",
    technology: Technology::Mx,
    title: "No mail server is reachable by IPv6",
    what: "Whether at least one mail server has an AAAA record.",
    why: "Senders that have only IPv6 cannot deliver. They are still few.",
    fix: "",
    references: &["RFC 5321 §5.2"],
};

pub(super) fn ipv6(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let hosts = &facts.mx.hosts;
    let none = hosts.iter().all(|host| host.ipv6.as_ref().is_ok_and(Vec::is_empty));
    if !none || !hosts.iter().any(Host::has_address) || facts.mx.left_out > 0 {
        return;
    }
    findings.push(doc.finding(Outcome::Info, "None of the mail servers has an AAAA record."));
}

pub(super) static HOSTS: Doc = Doc {
    id: "mx.hosts",
    technology: Technology::Mx,
    title: "The mail servers are named and have addresses",
    what: "Whether every mail server is a name with at least one address.",
    why: "Everything else about receiving mail builds on it.",
    fix: "",
    references: &["RFC 5321 §5.1"],
};

pub(super) fn hosts(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Answer::Published { exchanges, undecoded: 0 } = &facts.mx.answer else { return };
    let sound = problems(&facts.domain, exchanges).is_empty();
    let hosts = &facts.mx.hosts;
    if !sound || hosts.is_empty() || !hosts.iter().all(Host::has_address) {
        return;
    }
    let listed: Vec<String> = hosts.iter().map(|host| tr!("{} ({})", host.name, host.preference)).collect();
    findings.push(doc.finding(Outcome::Pass, tr!("In the order in which senders try them: {}.", listed.join(", "))));
}

pub(super) static UNREADABLE: Doc = Doc {
    id: "mx.unreadable",
    technology: Technology::Mx,
    title: "The mail servers could not be looked up",
    what: "Whether the look-ups of MX, A and AAAA were answered.",
    why: "Without them nothing can be said about who receives the domain's mail.",
    fix: "Try again, or ask another resolver.",
    references: &["RFC 5321 §5.1"],
};

pub(super) fn unreadable(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let how = |question: &str| {
        let mut words = question.split(" of ");
        let (kind, name) = (words.next().unwrap_or("MX"), words.next().unwrap_or(facts.domain.as_str()));
        tr!("Try again, ask another resolver, or look yourself: `dig {} {kind}`", shell_word(name), kind)
    };
    if let Answer::Unknown(gap) = &facts.mx.answer {
        let detail = tr!("{}: {}.", gap.question(), gap.why());
        findings.push(doc.finding(Outcome::Unknown, detail).fixed_by(how(gap.question())));
        return;
    }
    for host in &facts.mx.hosts {
        for gap in host.ipv4.as_ref().err().into_iter().chain(host.ipv6.as_ref().err()) {
            let finding = doc
                .finding(Outcome::Unknown, tr!("{}: {}.", gap.question(), gap.why()))
                .titled("An address of a mail server could not be looked up")
                .fixed_by(how(gap.question()));
            findings.push(at_host(facts, host, finding));
        }
    }
    if facts.mx.left_out > 0 {
        findings.push(
            doc.finding(
                Outcome::Unknown,
                tr!("{} mail servers beyond the first {MAX_HOSTS} were not looked at.", facts.mx.left_out, MAX_HOSTS),
            )
            .titled("Too many mail servers to look at all of them")
            .fixed_by(tr!("Look yourself: `dig {} MX`", facts.domain)),
        );
    }
    if let Answer::Published { undecoded: count @ 1.., .. } = facts.mx.answer {
        findings.push(
            doc.finding(Outcome::Unknown, tr!("{count} MX record(s) of {} do not decode.", facts.mx.owner, count))
                .titled("An MX record that cannot be read")
                .fixed_by(how(&tr!("MX of {}", facts.mx.owner))),
        );
    }
}
