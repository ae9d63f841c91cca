//! The checks on DNSSEC, by the presence of records.

use crate::checks::{Check, Doc, Facts, Finding, Outcome};
use crate::dns::is_revoked;
use crate::dnssec::State;
use crate::records::Technology;
use crate::text::Span;

use super::algorithms::{Support, algorithm_name, algorithm_support, digest_support};
use super::{Chain, Ds, Presence, proof_rules};

/// Every check, in order of display.
pub(super) static CHECKS: &[Check] = &[
    Check { doc: &UNSIGNED, run: unsigned },
    Check { doc: &ISLAND, run: island },
    Check { doc: &DS_WITHOUT_KEY, run: ds_without_key },
    Check { doc: &STALE_DS, run: stale_ds },
    Check { doc: &SHA1, run: sha1 },
    Check { doc: &UNSUPPORTED, run: unsupported },
    Check { doc: &proof_rules::PROVEN, run: proof_rules::proven },
    Check { doc: &proof_rules::BOGUS, run: proof_rules::bogus },
    Check { doc: &proof_rules::INSECURE, run: proof_rules::insecure },
    Check { doc: &proof_rules::ENDS_SOON, run: proof_rules::ends_soon },
    Check { doc: &proof_rules::ITERATIONS, run: proof_rules::iterations },
    Check { doc: &proof_rules::NOT_PROVEN, run: proof_rules::not_proven },
    Check { doc: &UNREADABLE, run: unreadable },
];

/// The name of the zone, for sentences.
pub(super) fn zone(facts: &Facts) -> String {
    facts.dnssec.zone.as_ref().unwrap_or(&facts.domain).to_string()
}

/// The DS records; empty where they are not known.
fn all_ds(facts: &Facts) -> &[Ds] {
    facts.dnssec.ds.as_deref().unwrap_or_default()
}

/// How bad it is that no DS record leads to a key: proved, every resolver that verifies refuses the zone.
fn broken(facts: &Facts) -> Outcome {
    if facts.dnssec.state() == State::Bogus { Outcome::Fail } else { Outcome::Warn }
}

/// A finding at one DS record.
fn at(facts: &Facts, ds: &Ds, finding: Finding) -> Finding {
    finding.at(zone(facts), &ds.text, Span::whole(&ds.text))
}

static UNSIGNED: Doc = Doc {
    id: "dnssec.unsigned",
    technology: Technology::Dnssec,
    title: "The zone is not signed",
    what: "Whether the parent zone holds a DS record for the domain's zone.",
    why: "Answers of an unsigned zone can be forged on the way. DANE needs signed answers; everything else here works without.",
    fix: "Turn on DNSSEC at your DNS provider and hand the DS record to your registrar.",
    references: &["RFC 4035 §5.2", "RFC 7672 §2.2"],
};

fn unsigned(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    if facts.dnssec.presence() == Presence::Unsigned {
        let zone = zone(facts);
        let detail = if facts.dnssec.chain.as_ref().is_some_and(Chain::is_proved_unsigned) {
            tr!("The signed records of the parent prove that there is no DS record for {zone}.", zone)
        } else {
            tr!("The resolver knows no DS record for {zone}.", zone)
        };
        findings.push(doc.finding(Outcome::Info, detail));
    }
}

static ISLAND: Doc = Doc {
    id: "dnssec.island",
    technology: Technology::Dnssec,
    title: "Signed, but without a DS record at the parent",
    what: "Whether a zone that has keys also has a DS record at its parent.",
    why: "Nobody can check the signatures: for the world the zone is as good as unsigned.",
    fix: "Hand the DS record to your registrar; your DNS provider shows it. If signing was not meant, nothing is broken.",
    references: &["RFC 4035 §5.2"],
};

fn island(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    if facts.dnssec.presence() != Presence::Island {
        return;
    }
    let tags: Vec<String> = facts.dnssec.keys.iter().flatten().map(|key| key.tag.to_string()).collect();
    let detail = tr!("{} has DNSKEY records (tags {}), and no DS record.", zone(facts), tags.join(", "));
    findings.push(doc.finding(Outcome::Warn, detail));
}

static DS_WITHOUT_KEY: Doc = Doc {
    id: "dnssec.ds-without-key",
    technology: Technology::Dnssec,
    title: "A DS record, but no key in the zone",
    what: "Whether a zone with a DS record has DNSKEY records.",
    why: "If the DS record is genuine, validating resolvers refuse every answer of the zone, and mail to and from the domain stops.",
    fix: "If the zone moved to a provider that does not sign, remove the DS record at the registrar; otherwise let the provider sign again.",
    references: &["RFC 4035 §5.2", "RFC 6840 §5.11"],
};

fn ds_without_key(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    if facts.dnssec.presence() != Presence::DsWithoutKey {
        return;
    }
    for ds in all_ds(facts) {
        let detail =
            tr!("The parent has a DS record with key tag {}, and {} answers with no DNSKEY.", ds.key_tag, zone(facts));
        findings.push(at(facts, ds, doc.finding(broken(facts), detail)));
    }
}

static STALE_DS: Doc = Doc {
    id: "dnssec.stale-ds",
    technology: Technology::Dnssec,
    title: "A DS record that fits no key",
    what: "Whether every DS record points to a DNSKEY of the zone, by key tag and algorithm.",
    why: "If no DS record fits, validating resolvers refuse every answer of the zone. One that is left over beside a fitting one does no harm.",
    fix: "Replace the DS record at the registrar by the one that your DNS provider shows.",
    references: &["RFC 4035 §5.2", "RFC 4034 §5.1"],
};

fn stale_ds(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let outcome = match facts.dnssec.presence() {
        Presence::Stale => broken(facts),
        Presence::Signed => Outcome::Info,
        _ => return,
    };
    let Ok(keys) = &facts.dnssec.keys else { return };
    for ds in all_ds(facts).iter().filter(|ds| facts.dnssec.key_of(ds).is_none()) {
        let revoked =
            keys.iter().any(|key| is_revoked(key.flags) && key.tag == ds.key_tag && key.algorithm == ds.algorithm);
        let tags: Vec<String> = keys.iter().map(|key| key.tag.to_string()).collect();
        let detail = if revoked {
            tr!("DS with key tag {} points to a key that is revoked (RFC 5011).", ds.key_tag)
        } else {
            tr!(
                "DS with key tag {} and {}; the zone's keys have the tags {}.",
                ds.key_tag,
                algorithm_name(ds.algorithm),
                tags.join(", ")
            )
        };
        findings.push(at(facts, ds, doc.finding(outcome, detail)));
    }
}

static SHA1: Doc = Doc {
    id: "dnssec.sha1",
    technology: Technology::Dnssec,
    title: "Signed with SHA-1",
    what: "Whether algorithm and digest of the DS records avoid SHA-1.",
    why: "SHA-1 can be forged with effort and must not be used for signing any more. Many resolvers treat such a zone as unsigned.",
    fix: "Roll over to algorithm 13 (ECDSA P-256) with a SHA-256 digest (type 2) in the DS record.",
    references: &["RFC 9905 §2"],
};

fn sha1(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let strong = |ds: &Ds| {
        digest_support(ds.digest_type) == Support::Common && algorithm_support(ds.algorithm) == Support::Common
    };
    let has_strong = all_ds(facts).iter().any(strong);
    let outcome = if has_strong { Outcome::Info } else { Outcome::Warn };
    for ds in all_ds(facts) {
        let detail = if algorithm_support(ds.algorithm) == Support::Sha1 {
            tr!("DS with key tag {} is for {}.", ds.key_tag, algorithm_name(ds.algorithm))
        } else if digest_support(ds.digest_type) == Support::Sha1 {
            let beside =
                if has_strong { "; a stronger one stands beside it, and validators ignore this one" } else { "" };
            tr!("DS with key tag {} has a SHA-1 digest (type 1){beside}.", ds.key_tag, beside)
        } else {
            continue;
        };
        findings.push(at(facts, ds, doc.finding(outcome, detail)));
    }
}

static UNSUPPORTED: Doc = Doc {
    id: "dnssec.unsupported-algorithm",
    technology: Technology::Dnssec,
    title: "An algorithm that resolvers do not support",
    what: "Whether at least one DS record has an algorithm and digest that resolvers support.",
    why: "Resolvers treat a zone as unsigned if they know none of its algorithms.",
    fix: "Roll over to algorithm 13 (ECDSA P-256) with a SHA-256 digest (type 2) in the DS record.",
    references: &["RFC 4035 §5.2", "RFC 9904", "RFC 9906"],
};

fn unsupported(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let support = |ds: &Ds| (algorithm_support(ds.algorithm), digest_support(ds.digest_type));
    let useful = |ds: &Ds| support(ds).0 != Support::Unsupported && support(ds).1 != Support::Unsupported;
    let has_useful = all_ds(facts).iter().any(useful);
    for ds in all_ds(facts) {
        let named =
            tr!("DS with key tag {} has {}, digest type {}", ds.key_tag, algorithm_name(ds.algorithm), ds.digest_type);
        let finding = if !useful(ds) {
            let outcome = if has_useful { Outcome::Info } else { Outcome::Warn };
            doc.finding(outcome, tr!("{named}; resolvers ignore it.", named))
        } else if support(ds).0 == Support::Rare {
            doc.finding(
                Outcome::Unknown,
                tr!("{named}, which is valid, and which not every resolver can verify.", named),
            )
            .titled("An algorithm that not every resolver supports")
        } else {
            continue;
        };
        findings.push(at(facts, ds, finding));
    }
}

static UNREADABLE: Doc = Doc {
    id: "dnssec.unreadable",
    technology: Technology::Dnssec,
    title: "Whether the zone is signed could not be looked up",
    what: "Whether the look-ups of SOA, DS and DNSKEY were answered.",
    why: "Without them nothing can be said about DNSSEC.",
    fix: "Try again, or ask another resolver.",
    references: &["RFC 4035 §4.3"],
};

fn unreadable(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let dnssec = &facts.dnssec;
    let gap = dnssec.zone.as_ref().err().or(dnssec.ds.as_ref().err()).or(dnssec.keys.as_ref().err());
    let Some(gap) = gap.filter(|_| dnssec.presence() == Presence::Unknown) else { return };
    findings.push(
        doc.finding(Outcome::Unknown, tr!("{}: {}.", gap.question(), gap.why()))
            .fixed_by(tr!("Try again, ask another resolver, or look yourself: `dig {} DS`", zone(facts))),
    );
}
