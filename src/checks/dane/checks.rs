//! The checks on DANE that look at all mail hosts together.

use crate::checks::mx::shell_word;
use crate::checks::{Check, Doc, Facts, Outcome};
use crate::records::Technology;
use crate::records::tlsa::Tlsa;
use crate::text::Span;

use super::{HostRecords, beside_policy, certificates, proof_rules, rules};

/// Every check, in order of display.
pub(super) static CHECKS: &[Check] = &[
    Check { doc: &RECORD, run: record },
    Check { doc: &MISSING, run: missing },
    Check { doc: &rules::UNUSABLE, run: rules::unusable },
    Check { doc: &rules::PKIX_USAGE, run: rules::pkix_usage },
    Check { doc: &rules::DIGEST_LENGTH, run: rules::digest_length },
    Check { doc: &rules::FULL_CERTIFICATE, run: rules::full_certificate },
    Check { doc: &rules::MATCHING_FULL, run: rules::matching_full },
    Check { doc: &rules::SHA512_ONLY, run: rules::sha512_only },
    Check { doc: &rules::RETIRED_CA, run: rules::retired_ca },
    Check { doc: &rules::ROOT_CA, run: rules::root_ca },
    Check { doc: &rules::MANY_RECORDS, run: rules::many_records },
    Check { doc: &rules::ROLLOVER, run: rules::rollover },
    Check { doc: &certificates::FITS, run: certificates::fits_found },
    Check { doc: &certificates::MISMATCH, run: certificates::mismatch },
    Check { doc: &certificates::UNREADABLE, run: certificates::unreadable },
    Check { doc: &PARTIAL, run: partial },
    Check { doc: &WRONG_OWNER, run: wrong_owner },
    Check { doc: &proof_rules::PROVEN, run: proof_rules::proven },
    Check { doc: &proof_rules::BOGUS, run: proof_rules::bogus },
    Check { doc: &proof_rules::INSECURE, run: proof_rules::insecure },
    Check { doc: &proof_rules::NOT_PROVEN, run: proof_rules::not_proven },
    Check { doc: &beside_policy::NOT_IN_POLICY, run: beside_policy::not_in_policy },
    Check { doc: &beside_policy::POLICY_CANNOT_HELP, run: beside_policy::policy_cannot_help },
    Check { doc: &beside_policy::PARTIAL_BESIDE_POLICY, run: beside_policy::partial_beside_policy },
    Check { doc: &beside_policy::POLICY_STANDS_IN, run: beside_policy::policy_stands_in },
    Check { doc: &beside_policy::CERTIFICATE_AND_POLICY, run: beside_policy::certificate_and_policy },
    Check { doc: &UNREADABLE, run: unreadable },
];

/// The hosts that have records.
fn with_records(facts: &Facts) -> impl Iterator<Item = &HostRecords> {
    facts.dane.hosts().iter().filter(|host| host.is_there())
}

/// Names in a row.
fn names<'h>(hosts: impl Iterator<Item = &'h HostRecords>) -> String {
    hosts.map(|host| host.host.as_str()).collect::<Vec<_>>().join(", ")
}

static RECORD: Doc = Doc {
    id: "dane.record",
    technology: Technology::Dane,
    title: "A mail server has TLSA records that senders can use",
    what: "Whether each mail host has a TLSA record with usage 2 or 3 and data of the right length.",
    why: "Senders that verify DANE deliver only over TLS, and only to a server whose certificate fits the record.",
    fix: "",
    references: &["RFC 7672 §3.1"],
};

fn record(facts: &Facts, doc: &'static Doc, findings: &mut Vec<crate::checks::Finding>) {
    for host in with_records(facts).filter(|host| host.is_usable()) {
        let listed: Vec<String> = host.known().iter().filter(|tlsa| tlsa.is_usable()).map(Tlsa::text).collect();
        findings.push(doc.finding(Outcome::Pass, tr!("{}: {}.", host.owner, listed.join("; "))));
    }
}

static MISSING: Doc = Doc {
    id: "dane.missing",
    technology: Technology::Dane,
    title: "No TLSA records",
    what: "Whether the mail servers have TLSA records.",
    why: "DANE lets senders insist on TLS with the right certificate, without trusting any certificate authority. It needs DNSSEC; MTA-STS gives most of it without.",
    fix: "Sign the zone, then publish a TLSA record `3 1 1` for every mail server.",
    references: &["RFC 7672 §2.2"],
};

fn missing(facts: &Facts, doc: &'static Doc, findings: &mut Vec<crate::checks::Finding>) {
    if facts.mx.receives_nothing() || facts.dane.is_absent() != Some(true) || facts.dane.hosts().is_empty() {
        return;
    }
    let asked: Vec<&str> = facts.dane.hosts().iter().map(|host| host.owner.as_str()).collect();
    findings.push(doc.finding(Outcome::Info, tr!("Asked, and found none: {}.", asked.join(", "))));
}

static PARTIAL: Doc = Doc {
    id: "dane.partial",
    technology: Technology::Dane,
    title: "Only some mail servers have TLSA records",
    what: "Whether every mail host has TLSA records, if one has.",
    why: "Who wants to read the mail makes the protected servers unreachable, and mail goes to the others without protection.",
    fix: "Publish TLSA records for every mail server, or take the ones without out of the MX set.",
    references: &["RFC 7672 §2.2.1"],
};

fn partial(facts: &Facts, doc: &'static Doc, findings: &mut Vec<crate::checks::Finding>) {
    let without: Vec<&HostRecords> = facts.dane.hosts().iter().filter(|host| host.is_absent()).collect();
    if without.is_empty() || with_records(facts).next().is_none() {
        return;
    }
    let detail = tr!("With: {}. Without: {}.", names(with_records(facts)), names(without.into_iter()));
    findings.push(doc.finding(Outcome::Warn, detail));
}

static WRONG_OWNER: Doc = Doc {
    id: "dane.wrong-owner",
    technology: Technology::Dane,
    title: "TLSA records where no sender looks",
    what: "Whether TLSA records stand at `_25._tcp.` and the name of a mail host, not at that of the mail domain.",
    why: "Senders ask at the host named in the MX record. Records at the domain itself protect nothing.",
    fix: "Move the records to `_25._tcp.` and the name of the mail host.",
    references: &["RFC 7672 §2.2.3", "RFC 7672 §3.1"],
};

fn wrong_owner(facts: &Facts, doc: &'static Doc, findings: &mut Vec<crate::checks::Finding>) {
    let Some(misplaced) = &facts.dane.misplaced else { return };
    for tlsa in misplaced.known() {
        let text = tlsa.text();
        let detail =
            tr!("{} has a TLSA record; the mail servers are {}.", misplaced.owner, names(facts.dane.hosts().iter()));
        findings.push(doc.finding(Outcome::Fail, detail).at(&misplaced.owner, &text, Span::whole(&text)));
    }
}

static UNREADABLE: Doc = Doc {
    id: "dane.unreadable",
    technology: Technology::Dane,
    title: "TLSA records could not be looked up",
    what: "Whether the look-ups of TLSA records were answered.",
    why: "If senders that verify DANE get no answer either, they hold the mail back instead of delivering it without protection.",
    fix: "Try again, or ask another resolver.",
    references: &["RFC 7672 §2.1"],
};

fn unreadable(facts: &Facts, doc: &'static Doc, findings: &mut Vec<crate::checks::Finding>) {
    if facts.dane.hosts.is_none() {
        findings.push(
            doc.finding(Outcome::Unknown, "The mail servers are not known, so nothing could be asked about them.")
                .fixed_by(tr!("Find the mail servers first: `dig {} MX`", facts.domain)),
        );
    }
    for host in facts.dane.hosts() {
        if let Err(gap) = &host.records {
            findings.push(doc.finding(Outcome::Unknown, tr!("{}: {}.", gap.question(), gap.why())).fixed_by(tr!(
                "Try again, ask another resolver, or look yourself: `dig {} TLSA`",
                shell_word(host.owner.as_str())
            )));
        }
    }
}
