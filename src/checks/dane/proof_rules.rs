//! The checks on DANE, by what the signatures prove.

use crate::checks::mx::shell_word;
use crate::checks::{Doc, Facts, Finding, Outcome};
use crate::records::Technology;

use super::{HostRecords, Trust};

fn with_records(facts: &Facts) -> impl Iterator<Item = &HostRecords> {
    facts.dane.hosts().iter().filter(|host| host.is_there())
}

pub(super) static PROVEN: Doc = Doc {
    id: "dane.proven",
    technology: Technology::Dane,
    title: "Senders accept the TLSA records: signed without a gap",
    what: "Whether MX, address and TLSA records of a mail host are signed without a gap from the root keys down.",
    why: "Senders use TLSA records only if all of it is signed. It was verified here, not taken from the resolver.",
    fix: "",
    references: &["RFC 7672 §2.1", "RFC 7672 §2.2"],
};

pub(super) fn proven(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let hosts: Vec<&str> =
        with_records(facts).filter(|host| host.trust == Trust::Secure).map(|host| host.host.as_str()).collect();
    if !hosts.is_empty() {
        findings.push(doc.finding(Outcome::Pass, tr!("MX, address and TLSA records of {}.", hosts.join(", "))));
    }
}

pub(super) static BOGUS: Doc = Doc {
    id: "dane.bogus",
    technology: Technology::Dane,
    title: "Broken signatures: senders that verify hold the mail back",
    what: "Whether MX, address and TLSA answers of each mail host, also that there is no TLSA record, have signatures that hold.",
    why: "A sender that gets no verified answer must not deliver: the mail waits in its queue and comes back after days.",
    fix: "Have the zone signed anew.",
    references: &["RFC 7672 §2.1", "RFC 7672 §2.2"],
};

pub(super) fn bogus(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for host in facts.dane.hosts() {
        let Trust::Bogus(reason) = &host.trust else { continue };
        let finding = doc.finding(Outcome::Fail, tr!("{}: {reason}.", host.host, reason));
        findings.push(match reason.remedy() {
            Some(remedy) => finding.fixed_by(remedy),
            None => finding,
        });
    }
}

pub(super) static INSECURE: Doc = Doc {
    id: "dane.not-effective",
    technology: Technology::Dane,
    title: "TLSA records without effect: not signed without a gap",
    what: "Whether the domain that names the mail servers, the servers' names and their TLSA records are signed with DNSSEC.",
    why: "Without signed MX records an attacker names another mail server; without a signed host or TLSA record senders do not ask for it or do not use it. Some senders use the records of a signed mail host although the domain is unsigned; most do not.",
    fix: "Turn on DNSSEC for the zone that is not signed, and hand the DS record to its registrar.",
    references: &["RFC 7672 §2.2.1", "RFC 7672 §2.2.2"],
};

pub(super) fn insecure(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let mut mx_is_told = false;
    for host in with_records(facts) {
        let (title, detail) = match &host.trust {
            Trust::MxInsecure(_) if mx_is_told => continue,
            Trust::MxInsecure(reason) => {
                mx_is_told = true;
                ("TLSA records without effect: the domain is not signed", tr!("{}: {reason}.", facts.domain, reason))
            }
            Trust::HostInsecure(reason) => {
                ("TLSA records without effect: the mail host is not signed", tr!("{}: {reason}.", host.host, reason))
            }
            Trust::TlsaInsecure(reason) => {
                ("TLSA records without effect: they are not signed", tr!("{}: {reason}.", host.owner, reason))
            }
            Trust::Unknown(_) if facts.dnssec.has_ds() == Some(false) && !mx_is_told => {
                mx_is_told = true;
                let zone = facts.dnssec.zone.as_ref().unwrap_or(&facts.domain);
                let detail = tr!("{zone} has no DS record at its parent.", zone);
                ("TLSA records without effect: the domain is not signed", detail)
            }
            _ => continue,
        };
        findings.push(doc.finding(Outcome::Warn, detail).titled(title));
    }
}

pub(super) static NOT_PROVEN: Doc = Doc {
    id: "dane.not-proven",
    technology: Technology::Dane,
    title: "Whether senders accept the TLSA records could not be seen",
    what: "Whether everything that the proof of MX, address and TLSA records needs is there.",
    why: "Senders use TLSA records only if all of them are signed without a gap. If signatures are broken, they hold the mail back.",
    fix: "Verify with a validating tool, for example `delv`.",
    references: &["RFC 7672 §2.1", "RFC 7672 §2.2"],
};

pub(super) fn not_proven(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    if facts.dnssec.has_ds() == Some(false) {
        return;
    }
    let unknown = with_records(facts).filter_map(|host| match &host.trust {
        Trust::Unknown(reason) => Some((host, reason)),
        _ => None,
    });
    let unknown: Vec<_> = unknown.collect();
    let Some((first, reason)) = unknown.first() else { return };
    let hosts: Vec<&str> = unknown.iter().map(|(host, _)| host.host.as_str()).collect();
    let owner = shell_word(first.owner.as_str());
    let detail = tr!("TLSA records are there for {}. Not proved: {reason}.", hosts.join(", "), reason);
    findings.push(doc.finding(Outcome::Unknown, detail).fixed_by(tr!(
        "Verify yourself: `delv {owner} TLSA` and `delv {} MX` must say “fully validated”.",
        facts.domain,
        owner
    )));
}
