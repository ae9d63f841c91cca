//! The checks on the TLSA records of one host.

use crate::checks::{Doc, Facts, Finding, Outcome};
use crate::records::Technology;
use crate::records::tlsa::{LETS_ENCRYPT_AS_OF, State, Tlsa, TlsaProblem};
use crate::text::Span;
use crate::time::UnixTime;

use super::HostRecords;

/// More than this, and a large sender was seen to fail (2024: about twelve).
const MANY: usize = 10;
/// 2027-03-12: the last certificates of the retired Let's Encrypt intermediates have expired.
const LAST_RETIRED_EXPIRES: UnixTime = UnixTime(1_804_809_600);

/// Judges every problem of every record, and places the findings in it.
fn each(
    facts: &Facts,
    findings: &mut Vec<Finding>,
    judge: impl Fn(&HostRecords, &Tlsa, &TlsaProblem) -> Option<Finding>,
) {
    for host in facts.dane.hosts() {
        for tlsa in host.known() {
            for problem in tlsa.problems() {
                let finding = judge(host, tlsa, &problem.kind);
                findings.extend(finding.map(|finding| finding.at(&host.owner, &tlsa.text(), problem.span)));
            }
        }
    }
}

/// A record that senders ignore is a failure where none beside it can be used.
fn ignored(host: &HostRecords) -> (Outcome, &'static str) {
    if host.is_usable() {
        (Outcome::Warn, "Senders ignore it; another record of the host can be used.")
    } else {
        (Outcome::Fail, "Senders ignore it, and the host has no other that can be used.")
    }
}

pub(super) static UNUSABLE: Doc = Doc {
    id: "dane.unusable",
    technology: Technology::Dane,
    title: "TLSA records, and none that a sender can use",
    what: "Whether a mail host with TLSA records has one that senders can use.",
    why: "Senders then insist on TLS without checking the certificate: the records look like protection and give little.",
    fix: "Publish a record `3 1 1` with the SHA-256 digest of the server's public key.",
    references: &["RFC 7672 §2.2", "RFC 7672 §3.1.3", "RFC 6698 §2.1"],
};

pub(super) fn unusable(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for host in facts.dane.hosts().iter().filter(|host| host.is_there() && !host.is_usable()) {
        let listed: Vec<String> = host.known().iter().map(|tlsa| format!("`{}`", tlsa.text())).collect();
        let mut finding = doc.finding(Outcome::Fail, tr!("{}: {}.", host.owner, listed.join(", ")));
        if let Some(first) = host.known().first() {
            let text = first.text();
            finding = finding.at(&host.owner, &text, Span::whole(&text));
        }
        findings.push(finding);
    }
    // Numbers that nobody registered have no check of their own: the record is ignored, and that is all.
    each(facts, findings, |host, _, problem| match problem {
        TlsaProblem::Unregistered { field, value } if host.is_usable() => {
            let detail = tr!("{} has no {} {value}. Senders ignore the record.", host.owner, field.label(), value);
            Some(doc.finding(Outcome::Warn, detail).titled("A TLSA record that no sender can use"))
        }
        _ => None,
    });
}

pub(super) static PKIX_USAGE: Doc = Doc {
    id: "dane.pkix-usage",
    technology: Technology::Dane,
    title: "A certificate usage that mail senders do not know",
    what: "Whether the certificate usage is 2 (DANE-TA) or 3 (DANE-EE).",
    why: "Usages 0 and 1 also ask for a public certificate authority, and there is no list of them that all mail servers agree on. Senders ignore such records.",
    fix: "Publish `3 1 1` with the digest of the server's public key instead.",
    references: &["RFC 7672 §3.1.3"],
};

pub(super) fn pkix_usage(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each(facts, findings, |host, _, problem| {
        let TlsaProblem::PkixUsage { usage } = problem else { return None };
        let (outcome, effect) = ignored(host);
        let name = if *usage == 0 { "0 (PKIX-TA)" } else { "1 (PKIX-EE)" };
        Some(
            doc.finding(
                outcome,
                tr!("A record of {} has certificate usage {name}. {effect}", host.owner, name, effect),
            ),
        )
    });
}

pub(super) static DIGEST_LENGTH: Doc = Doc {
    id: "dane.digest-length",
    technology: Technology::Dane,
    title: "A digest of the wrong length",
    what: "Whether SHA-256 data has 32 octets and SHA-512 data 64.",
    why: "No certificate can fit the record. Senders ignore it.",
    fix: "Compute the digest again; the matching type says which: 1 SHA-256 (64 hexadecimal digits), 2 SHA-512 (128).",
    references: &["RFC 6698 §2.1.3", "RFC 7671 §4.1"],
};

pub(super) fn digest_length(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each(facts, findings, |host, _, problem| {
        let (outcome, effect) = ignored(host);
        let detail = match problem {
            TlsaProblem::Empty | TlsaProblem::DigestLength { found: 0, .. } => {
                tr!("A record of {} has no data. {effect}", host.owner, effect)
            }
            TlsaProblem::DigestLength { expected, found } => {
                tr!(
                    "A record of {} has {found} octets of data instead of {expected}. {effect}",
                    host.owner,
                    found,
                    expected,
                    effect
                )
            }
            _ => return None,
        };
        Some(doc.finding(outcome, detail))
    });
}

pub(super) static FULL_CERTIFICATE: Doc = Doc {
    id: "dane.full-certificate",
    technology: Technology::Dane,
    title: "The record is bound to one certificate",
    what: "Whether DANE-EE records (usage 3) select the public key (selector 1).",
    why: "With selector 0 the record fits only this one certificate: every renewal needs a new record some time before, or mail stops.",
    fix: "Publish `3 1 1`, and keep the key when the certificate is renewed.",
    references: &["RFC 7671 §5.1", "RFC 7672 §3.1.1"],
};

pub(super) fn full_certificate(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each(facts, findings, |host, tlsa, problem| {
        let TlsaProblem::FullCertificate = problem else { return None };
        let detail = tr!("A record of {} is `3 0 {}`: it selects the whole certificate.", host.owner, tlsa.matching);
        Some(doc.finding(Outcome::Warn, detail))
    });
}

pub(super) static MATCHING_FULL: Doc = Doc {
    id: "dane.matching-full",
    technology: Technology::Dane,
    title: "A whole key or certificate instead of a digest",
    what: "Whether TLSA records hold a digest.",
    why: "Large records may not arrive with every resolver, and gain nothing over a digest.",
    fix: "Publish the SHA-256 digest, matching type 1.",
    references: &["RFC 7671 §10.1"],
};

pub(super) fn matching_full(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each(facts, findings, |host, _, problem| {
        let TlsaProblem::FullData { octets } = problem else { return None };
        let detail = tr!("A record of {} has matching type 0 and {octets} octets of data.", host.owner, octets);
        Some(doc.finding(Outcome::Warn, detail))
    });
}

pub(super) static SHA512_ONLY: Doc = Doc {
    id: "dane.sha512-only",
    technology: Technology::Dane,
    title: "SHA-512 without SHA-256 beside it",
    what: "Whether every SHA-512 record has a SHA-256 record of the same usage and selector beside it.",
    why: "Only SHA-256 must be supported by every sender.",
    fix: "Publish the SHA-256 digest (matching type 1) as well, or instead.",
    references: &["RFC 6698 §6", "RFC 7671 §9"],
};

pub(super) fn sha512_only(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for host in facts.dane.hosts() {
        for tlsa in host.known().iter().filter(|tlsa| tlsa.matching == 2 && tlsa.is_usable()) {
            let beside = host.known().iter().any(|other| {
                other.matching == 1 && other.is_usable() && other.usage == tlsa.usage && other.selector == tlsa.selector
            });
            if !beside {
                let text = tlsa.text();
                let kind = format!("{} {}", tlsa.usage, tlsa.selector);
                let detail = tr!("{} has `{kind} 2` and no `{kind} 1`.", host.owner, kind);
                findings.push(doc.finding(Outcome::Warn, detail).at(&host.owner, &text, Span::new(4, 5)));
            }
        }
    }
}

/// Whether a usable record of the host stands beside `tlsa` that is not bound to an authority in one of `states`.
fn has_better(host: &HostRecords, states: &[State]) -> bool {
    host.known().iter().filter(|tlsa| tlsa.is_usable()).any(|tlsa| {
        !tlsa.problems().iter().any(
            |problem| matches!(&problem.kind, TlsaProblem::Authority(authority) if states.contains(&authority.state)),
        )
    })
}

pub(super) static RETIRED_CA: Doc = Doc {
    id: "dane.retired-ca",
    technology: Technology::Dane,
    title: "A certificate authority key that issues no more",
    what: "Whether DANE-TA records point to keys of Let's Encrypt that still issue certificates.",
    why: "The next certificate comes from another key. If no other record fits it, senders that verify DANE stop delivering.",
    fix: "Publish `3 1 1` for the server's own key, or `2 1 1` for every key that the authority now issues with.",
    references: &["RFC 7671 §5.2", "RFC 7672 §3.1.2"],
};

pub(super) fn retired_ca(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each(facts, findings, |host, _, problem| {
        let TlsaProblem::Authority(authority) = problem else { return None };
        let expired = authority.state == State::Dead || facts.now >= LAST_RETIRED_EXPIRES;
        let better = has_better(host, &[State::Retired, State::Dead, State::Backup]);
        let (outcome, state) = match authority.state {
            State::Backup if better => return None, // Ready for the day the authority changes over: good practice.
            State::Backup => (Outcome::Warn, "is kept in reserve and issues no certificates yet"),
            State::Retired | State::Dead if better && expired => {
                (Outcome::Info, "has issued no certificate that is still valid; the record can go")
            }
            State::Retired | State::Dead if better => {
                (Outcome::Info, "issues no more; the record can go once the certificate is renewed")
            }
            State::Retired | State::Dead if expired => (Outcome::Fail, "has issued no certificate that is still valid"),
            State::Retired | State::Dead => (Outcome::Warn, "issues no more, so the next renewal breaks delivery"),
            _ => return None,
        };
        let detail = tr!(
            "A record of {} points to {}, which {state} (as of {LETS_ENCRYPT_AS_OF}).",
            host.owner,
            authority.name,
            state,
            LETS_ENCRYPT_AS_OF
        );
        Some(doc.finding(outcome, detail))
    });
}

pub(super) static ROOT_CA: Doc = Doc {
    id: "dane.root-ca",
    technology: Technology::Dane,
    title: "A root certificate authority as trust anchor",
    what: "Whether DANE-TA records point to an authority that the server sends along.",
    why: "The certificate that the record names must be part of what the server sends, and servers mostly leave the root out: then nothing fits.",
    fix: "Publish `3 1 1` for the server's own key, or let the server send the root certificate too.",
    references: &["RFC 7671 §5.2", "RFC 7672 §3.1.2"],
};

pub(super) fn root_ca(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each(facts, findings, |host, _, problem| {
        let TlsaProblem::Authority(authority) = problem else { return None };
        if authority.state != State::Root {
            return None;
        }
        let outcome = if has_better(host, &[State::Root]) { Outcome::Info } else { Outcome::Warn };
        Some(doc.finding(outcome, tr!("A record of {} points to {}.", host.owner, authority.name)))
    });
}

pub(super) static MANY_RECORDS: Doc = Doc {
    id: "dane.many-records",
    technology: Technology::Dane,
    title: "Many TLSA records for one host",
    what: "Whether a mail host has no more TLSA records than senders cope with.",
    why: "Microsoft was seen in 2024 to stop delivering to hosts with more than about twelve.",
    fix: "Keep the records of the present and the next key, and remove the rest.",
    references: &["RFC 7671 §8"],
};

pub(super) fn many_records(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for host in facts.dane.hosts().iter().filter(|host| host.known().len() > MANY) {
        findings.push(doc.finding(Outcome::Warn, tr!("{} has {} TLSA records.", host.owner, host.known().len())));
    }
}

pub(super) static ROLLOVER: Doc = Doc {
    id: "dane.rollover",
    technology: Technology::Dane,
    title: "More than one usable record: ready for a change of key",
    what: "Whether a record for the next key or for the authority stands beside the present one.",
    why: "Any record that fits is enough, so the certificate can change without a gap.",
    fix: "",
    references: &["RFC 7671 §8.1"],
};

pub(super) fn rollover(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for host in facts.dane.hosts() {
        let usable: Vec<&Tlsa> = host.known().iter().filter(|tlsa| tlsa.is_usable()).collect();
        // Two digests of the same key are one object: another selector, usage or digest of the same kind is another.
        let distinct = usable.iter().enumerate().any(|(index, one)| {
            usable.iter().skip(index + 1).any(|other| one.matching == other.matching || one.usage != other.usage)
        });
        if distinct {
            findings.push(doc.finding(Outcome::Info, tr!("{} has {} usable records.", host.owner, usable.len())));
        }
    }
}
