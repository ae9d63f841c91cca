//! The checks on DNSSEC, by what the signatures prove.

use crate::checks::{Doc, Facts, Finding, Outcome, Step};
use crate::dnssec::{Reason, State, ZoneLink};
use crate::records::Technology;

use super::rules::zone;
use super::{Chain, Ending, Presence};

/// The zones from the root down with the keys that sign, as in `. (20326) → com (19718) → example.com (370)`.
fn way(chain: &Chain) -> String {
    let zones = chain.zone.chain.first().map(|link| link.zones.as_slice()).unwrap_or_default();
    let step = |zone: &ZoneLink| match &zone.signature {
        Some(signature) => tr!("{} ({})", zone.zone, signature.key_tag),
        None => zone.zone.to_string(),
    };
    zones.iter().map(step).collect::<Vec<_>>().join(" → ")
}

/// Whether a check by the presence of records tells it already.
fn is_told(facts: &Facts, reason: &Reason) -> bool {
    let of_keys = matches!(reason, Reason::NoKeys { .. } | Reason::NoMatchingKey { .. });
    of_keys && matches!(facts.dnssec.presence(), Presence::DsWithoutKey | Presence::Stale)
}

/// Why the zone or an answer below it is bogus, one reason each.
fn faults(facts: &Facts) -> Vec<&Reason> {
    let Some(chain) = &facts.dnssec.chain else { return Vec::new() };
    if chain.zone.state == State::Bogus {
        return vec![&chain.zone.reason];
    }
    chain.bogus().into_iter().map(|answer| &answer.proof.reason).collect()
}

pub(super) static PROVEN: Doc = Doc {
    id: "dnssec.proven",
    technology: Technology::Dnssec,
    title: "Proved from the root keys down",
    what: "Whether signatures lead without a gap from the root keys to the zone's keys and its answers.",
    why: "Nobody on the way, the resolver included, can have changed these answers: the signatures were verified here.",
    fix: "",
    references: &["RFC 4035 §5"],
};

pub(super) fn proven(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some(chain) = &facts.dnssec.chain else { return };
    if facts.dnssec.presence() != Presence::Signed || chain.state() != State::Secure {
        return;
    }
    let answers: Vec<String> =
        chain.secure().map(|answer| tr!("{} of {}", answer.record_type.name(), answer.name)).collect();
    let answers =
        if answers.is_empty() { String::new() } else { tr!(" Answers proved with it: {}.", answers.join(", ")) };
    let finding = doc.finding(Outcome::Pass, format!("{}.{answers}", way(chain)));
    let own = "Proved from the trust anchors that you named, not from the root keys of IANA";
    findings.push(if chain.own_anchors { finding.titled(own) } else { finding });
}

pub(super) static BOGUS: Doc = Doc {
    id: "dnssec.bogus",
    technology: Technology::Dnssec,
    title: "Signatures are broken: resolvers that verify refuse the answer",
    what: "Whether every answer that ought to be signed has a signature that holds.",
    why: "Resolvers that verify, which is a good part of all mail servers, get no answer at all: mail to and from the domain fails for them.",
    fix: "Have the zone signed anew.",
    references: &["RFC 4035 §5.5"],
};

pub(super) fn bogus(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for reason in faults(facts).into_iter().filter(|reason| !is_told(facts, reason)) {
        let title = match reason {
            Reason::Expired { .. } => "A signature has ended: resolvers that verify refuse the answer",
            Reason::NotYetValid { .. } => "A signature begins in the future: resolvers that verify refuse the answer",
            Reason::NotSigned { .. } => "A signature is missing: resolvers that verify refuse the answer",
            Reason::NoKeys { .. }
            | Reason::NoMatchingKey { .. }
            | Reason::NotTrusted { .. }
            | Reason::UnknownKey { .. } => "The keys do not fit: resolvers that verify refuse the answer",
            Reason::NoDenial { .. } | Reason::NoWildcardProof { .. } => {
                "No proof that a record is missing: resolvers that verify refuse the answer"
            }
            _ => doc.title,
        };
        let finding = doc.finding(Outcome::Fail, tr!("{}: {reason}.", zone(facts), reason)).titled(title);
        findings.push(match reason.remedy() {
            Some(remedy) => finding.fixed_by(remedy),
            None => finding,
        });
    }
}

pub(super) static ENDS_SOON: Doc = Doc {
    id: "dnssec.ends-soon",
    technology: Technology::Dnssec,
    title: "A signature ends within seven days",
    what: "When the first of the signatures on the way ends, and how much of its time is left.",
    why: "If the signer does not sign anew in time, resolvers that verify refuse every answer of the zone from then on.",
    fix: "See that the signer still runs and that its new signatures reach every name server.",
    references: &["RFC 4035 §5.3.1", "RFC 6781 §4.4.2"],
};

pub(super) fn ends_soon(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let ending = facts.dnssec.chain.as_ref().and_then(|chain| chain.ending(facts.now));
    let Some(Ending { signature, runs_out }) = ending.filter(|_| facts.dnssec.presence() == Presence::Signed) else {
        return;
    };
    let (tag, begins, ends) = (signature.key_tag, signature.inception, signature.expires);
    findings.push(if runs_out {
        let detail = tr!("The signature by key {tag} holds from {begins} to {ends}: less than a quarter of that time is left.", tag, begins, ends);
        doc.finding(Outcome::Warn, detail)
    } else {
        let detail = tr!("The signature by key {tag} holds from {begins} to {ends}. That is usual for a signer that signs for a short \
             time and often: more than a quarter of the time is left.", tag, begins, ends);
        doc.finding(Outcome::Info, detail)
            .titled("A signature ends within seven days, as usual for this signer")
            .fixed_by("Nothing to do while the signer runs.")
    });
}

pub(super) static ITERATIONS: Doc = Doc {
    id: "dnssec.nsec3-parameters",
    technology: Technology::Dnssec,
    title: "NSEC3 with extra iterations",
    what: "Whether NSEC3 has no extra iterations and no salt.",
    why: "Iterations cost every resolver time and hide nothing. Zones with many count as unsigned, and with very many as broken.",
    fix: "Set the iterations to 0 and the salt to none.",
    references: &["RFC 9276 §3.1", "RFC 9276 §3.2"],
};

pub(super) fn iterations(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some(chain) = &facts.dnssec.chain else { return };
    let Some(nsec3) = chain.nsec3.filter(|_| facts.dnssec.presence() == Presence::Signed) else { return };
    let detail =
        tr!("{} has NSEC3 with {} iterations and a salt of {} octets.", zone(facts), nsec3.iterations, nsec3.salt);
    if nsec3.iterations > 0 {
        findings.push(doc.finding(Outcome::Warn, detail));
    } else if nsec3.salt > 0 {
        findings.push(doc.finding(Outcome::Info, detail).titled("NSEC3 with a salt, which is of no use"));
    }
}

pub(super) static INSECURE: Doc = Doc {
    id: "dnssec.insecure",
    technology: Technology::Dnssec,
    title: "Signed, and it counts as unsigned",
    what: "Whether the chain from the root reaches the zone with what resolvers verify.",
    why: "Resolvers take the answers as they take those of an unsigned zone: they can be forged on the way, and DANE does not work.",
    fix: "Close the gap that is named.",
    references: &["RFC 4035 §5.2", "RFC 9276 §3.2"],
};

pub(super) fn insecure(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some(reason) = facts.dnssec.chain.as_ref().and_then(Chain::insecure) else { return };
    // What the DS records themselves lack is said by their own checks.
    let told = matches!(reason, Reason::Unsupported { zone, .. } if Ok(zone) == facts.dnssec.zone.as_ref());
    if facts.dnssec.presence() != Presence::Signed || told {
        return;
    }
    let finding = doc.finding(Outcome::Warn, tr!("{}: {reason}.", zone(facts), reason));
    findings.push(match reason.remedy() {
        Some(remedy) => finding.fixed_by(remedy),
        None => finding,
    });
}

pub(super) static NOT_PROVEN: Doc = Doc {
    id: "dnssec.not-proven",
    technology: Technology::Dnssec,
    title: "Signed; whether the signatures hold could not be seen",
    what: "Whether everything that the proof from the root down needs is there.",
    why: "Keys and DS record fit together, which says that the zone means to be signed. Only verified signatures say that it works.",
    fix: "Verify with a validating tool, for example `delv`.",
    references: &["RFC 4035 §5"],
};

pub(super) fn not_proven(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some(chain) = &facts.dnssec.chain else { return };
    if facts.dnssec.presence() != Presence::Signed || chain.state() != State::Indeterminate {
        return;
    }
    let zone = zone(facts);
    let detail = tr!("{zone} has a DS record that fits one of its keys. Not proved: {}.", chain.zone.reason, zone);
    let remedy = chain.zone.reason.remedy().unwrap_or_default();
    findings.push(doc.finding(Outcome::Unknown, detail).fixed_by(tr!(
        "{remedy} Or verify the chain yourself: `delv {zone} SOA` must say “fully validated”.",
        remedy,
        zone
    )));
}

/// What to do about broken signatures.
pub(super) fn steps(facts: &Facts) -> Vec<Step> {
    let mend = |reason: &Reason| {
        let step = tr!("Mend the signatures of {}: {}", zone(facts), reason.remedy()?);
        let why = "Resolvers that verify refuse the answers, and mail fails for everybody behind them.".into();
        Some(Step { technology: Technology::Dnssec, step, why, publish: Vec::new() })
    };
    faults(facts).into_iter().filter_map(mend).take(1).collect()
}
