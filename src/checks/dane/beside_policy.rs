//! The checks on DANE beside an MTA-STS policy: hosts to which senders deliver by the one and not by the other.

use crate::checks::mail_hosts::{Cover, MailHost, Tlsa, mail_hosts};
use crate::checks::mx::shell_word;
use crate::checks::{Doc, Facts, Finding, Outcome};
use crate::pki::Certificate;
use crate::records::Technology;

use super::{HostRecords, certificates};

/// Whether the policy is enforced as far as it concerns this host.
fn is_enforced(row: &MailHost) -> bool {
    row.policy.mode.as_deref() == Some("enforce") && matches!(row.policy.state, Cover::Covered | Cover::NotCovered)
}

/// The hosts that stand so between the two.
fn rows(facts: &Facts, tlsa: Tlsa, policy: Cover) -> impl Iterator<Item = MailHost> {
    mail_hosts(facts).into_iter().filter(move |row| row.tlsa.state == tlsa && row.policy.state == policy)
}

/// Names in a row.
fn names<'r>(rows: impl Iterator<Item = &'r MailHost>) -> String {
    rows.map(|row| row.host.as_str()).collect::<Vec<_>>().join(", ")
}

pub(super) static NOT_IN_POLICY: Doc = Doc {
    id: "dane.not-in-policy",
    technology: Technology::Dane,
    title: "DANE lets mail in that the MTA-STS policy keeps out",
    what: "Whether the enforced policy names every mail host whose TLSA records senders use.",
    why: "Senders that verify DANE deliver to the host; senders that know MTA-STS only do not; of those that know both, some ask the policy first and some ask DANE alone. Where the others fail, mail arrives from some senders and waits at the rest.",
    fix: "Add an mx line for the host to the policy file first, and then a new id to the record.",
    references: &["RFC 8461 §2", "RFC 8461 §4.1", "RFC 7672 §2.2"],
};

pub(super) fn not_in_policy(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for row in rows(facts, Tlsa::Secure, Cover::NotCovered).filter(is_enforced) {
        let detail = tr!("{} has TLSA records that count, and no mx line of the policy covers it.", row.host);
        findings.push(doc.finding(Outcome::Warn, detail).fixed_by(tr!(
            "Add the line `mx: {}` to the policy file first, and then a new id to the record at _mta-sts.{}.",
            row.host,
            facts.domain
        )));
    }
}

pub(super) static POLICY_CANNOT_HELP: Doc = Doc {
    id: "dane.policy-cannot-help",
    technology: Technology::Dane,
    title: "The MTA-STS policy does not help where DANE fails",
    what: "Whether a mail host that the policy covers has DNSSEC answers that do not verify.",
    why: "A sender that knows both must not let the policy override DANE that fails: it holds the mail, though the policy alone would let it through.",
    fix: "Have the zone signed anew.",
    references: &["RFC 8461 §2", "RFC 7672 §2.1"],
};

pub(super) fn policy_cannot_help(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for row in rows(facts, Tlsa::Bogus, Cover::Covered) {
        let why = row.tlsa.why.unwrap_or_default();
        let detail = tr!("{} is in the policy, and its DNSSEC answers do not verify: {why}.", row.host, why);
        findings.push(doc.finding(Outcome::Warn, detail));
    }
}

pub(super) static PARTIAL_BESIDE_POLICY: Doc = Doc {
    id: "dane.partial-beside-policy",
    technology: Technology::Dane,
    title: "DANE on some mail servers only can take the policy away from the others",
    what: "Whether, beside an enforced policy, DANE counts at every mail host if it counts at one.",
    why: "Some senders that know both choose one of them for the whole domain, and then DANE (postfix-tlspol does). At the hosts without it they take any certificate, or none; who wants to read the mail makes the protected hosts unreachable.",
    fix: "Publish signed TLSA records for every mail server.",
    references: &["RFC 8461 §2", "RFC 7672 §2.2.1"],
};

pub(super) fn partial_beside_policy(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let rows = mail_hosts(facts);
    let with = || rows.iter().filter(|row| row.tlsa.state == Tlsa::Secure);
    let without = || rows.iter().filter(|row| matches!(row.tlsa.state, Tlsa::None | Tlsa::Insecure));
    if rows.iter().any(is_enforced) && with().next().is_some() && without().next().is_some() {
        let detail = tr!("DANE counts at: {}. It does not at: {}.", names(with()), names(without()));
        findings.push(doc.finding(Outcome::Warn, detail));
    }
}

pub(super) static POLICY_STANDS_IN: Doc = Doc {
    id: "dane.policy-stands-in",
    technology: Technology::Dane,
    title: "The MTA-STS policy protects where the TLSA records do not",
    what: "Whether mail hosts with TLSA records that do not count are in an enforced policy.",
    why: "Senders that know MTA-STS ask for a publicly trusted certificate at these hosts. Senders that know DANE only take any.",
    fix: "",
    references: &["RFC 8461 §5", "RFC 7672 §2.2"],
};

pub(super) fn policy_stands_in(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for (state, effect) in
        [(Tlsa::Insecure, "are not signed without a gap"), (Tlsa::Unusable, "are none that a sender can use")]
    {
        for row in rows(facts, state, Cover::Covered).filter(is_enforced) {
            let line = row.policy.line.unwrap_or_default();
            let detail = tr!("{}: its TLSA records {effect}; the line `mx: {line}` covers it.", row.host, effect, line);
            findings.push(doc.finding(Outcome::Info, detail));
        }
    }
}

pub(super) static CERTIFICATE_AND_POLICY: Doc = Doc {
    id: "dane.certificate-and-policy",
    technology: Technology::Dane,
    title: "One certificate must please DANE and MTA-STS",
    what: "Whether a certificate that fits the TLSA records of a host in the enforced policy would also do for MTA-STS.",
    why: "A record of usage 3 vouches for a certificate whatever its names, dates and issuer. Senders that know MTA-STS only want a valid one of a public authority for the host's name, and do not deliver otherwise.",
    fix: "Get a certificate of a public authority for the host's name, with the same key, or publish the record of its key first.",
    references: &["RFC 8461 §4.2", "RFC 7672 §3.1.1"],
};

pub(super) fn certificate_and_policy(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for row in rows(facts, Tlsa::Secure, Cover::Covered).filter(is_enforced) {
        let Some(own) = facts.dane.hosts().iter().find(|own| own.host == row.host) else { continue };
        let fitting: Vec<&Certificate> =
            certificates::fitting(facts, own).filter(|(tlsa, _)| tlsa.usage == 3).map(|(_, one)| one).collect();
        if fitting.is_empty() {
            findings.extend(not_seen(own, doc));
        }
        for certificate in fitting {
            let faults = faults(facts, own, certificate);
            if !faults.is_empty() {
                let detail = tr!("{}: {} fits its TLSA records, and {}.", row.host, certificate.subject, faults);
                findings
                    .push(doc.finding(Outcome::Warn, detail).titled("DANE accepts a certificate that MTA-STS refuses"));
            }
        }
    }
}

/// The certificate was not seen: only what its records allow can be said.
fn not_seen(own: &HostRecords, doc: &'static Doc) -> Option<Finding> {
    own.known().iter().find(|tlsa| tlsa.is_usable() && tlsa.usage == 3)?;
    let name = shell_word(own.host.as_str());
    let detail = tr!(
        "{}: its TLSA records would take a self-made or expired certificate, the policy would not. The certificate was not \
         seen; the output of `openssl s_client -starttls smtp -showcerts -connect {name}:25 </dev/null` can be pasted or \
         dropped here.",
        own.host,
        name
    );
    Some(doc.finding(Outcome::Info, detail))
}

/// What MTA-STS objects to in a certificate, as far as it shows: whether its issuer is trusted does not.
fn faults(facts: &Facts, own: &HostRecords, certificate: &Certificate) -> String {
    let self_made = certificate.subject == certificate.issuer;
    let expired = facts.now > certificate.not_after;
    let early = facts.now < certificate.not_before;
    let all = [
        self_made.then(|| "it is self-signed".to_owned()),
        expired.then(|| tr!("it expired on {}", certificate.not_after)),
        early.then(|| tr!("it is valid only from {}", certificate.not_before)),
        (!certificate.is_for(own.host.as_str())).then(|| "it is for other names".to_owned()),
    ];
    all.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
