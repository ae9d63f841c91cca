//! What a selector holds as a whole: dead aliases, several records, wildcards, shared keys.

use crate::checks::{Check, Doc, Facts, Finding, Gap, Outcome};
use crate::records::Technology;
use crate::records::dkim::PublicKey;
use crate::text::Span;

use super::{Base, KeyRecord, Origin, Selector, State, gather};

pub(super) const DANGLING: Check = Check {
    doc: &Doc {
        id: "dkim.dangling",
        technology: Technology::Dkim,
        title: "A DKIM selector points to nothing",
        what: "Whether the target of a selector's alias (CNAME) holds a key.",
        why: "Signatures with this selector fail, since no key is found. And whoever can take over the target's name could \
              publish a key of his own and sign in your name.",
        fix: "Finish the set-up at the provider, or delete the alias.",
        references: &["RFC 6376 §6.1.2", "RFC 6376 §3.6.2.1"],
    },
    run: dangling,
};

pub(super) const SEVERAL_RECORDS: Check = Check {
    doc: &Doc {
        id: "dkim.several-records",
        technology: Technology::Dkim,
        title: "Several records at one DKIM selector",
        what: "Whether a selector holds exactly one TXT record.",
        why: "With several records the result is undefined: a receiver may try any of them, and the signature fails by chance.",
        fix: "Keep one record, and give every other key a selector of its own.",
        references: &["RFC 6376 §3.6.2.2"],
    },
    run: several_records,
};

pub(super) const WILDCARD: Check = Check {
    doc: &Doc {
        id: "dkim.wildcard",
        technology: Technology::Dkim,
        title: "A wildcard answers for every DKIM selector",
        what: "Whether a selector that nobody uses is answered too.",
        why: "Under a wildcard every selector seems to exist, so an answer proves nothing. Selectors that answer just like a \
              made-up one are not counted.",
        fix: "Remove the wildcard, or publish the keys in use under their own names.",
        references: &["RFC 4592 §2.1.1", "RFC 6376 §3.6.2.1"],
    },
    run: wildcard,
};

pub(super) const SAME_KEY: Check = Check {
    doc: &Doc {
        id: "dkim.same-key",
        technology: Technology::Dkim,
        title: "One key at several DKIM selectors",
        what: "Whether different selectors hold the same key.",
        why: "Selectors exist to change keys: with the same key under both names a change of selector changes nothing, and who \
              steals the one has the other.",
        fix: "",
        references: &["RFC 6376 §3.1"],
    },
    run: same_key,
};

pub(super) const OLD_POLICY: Check = Check {
    doc: &Doc {
        id: "dkim.old-policy",
        technology: Technology::Dkim,
        title: "A record at _domainkey itself",
        what: "Whether the name above the selectors holds a TXT record.",
        why: "DomainKeys, the forerunner of DKIM, had a policy there (o=~). Nobody reads it any more.",
        fix: "",
        references: &["RFC 4870 §3.6"],
    },
    run: old_policy,
};

fn dangling(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for selector in facts.dkim.selectors.iter().filter(|selector| !selector.from_wildcard) {
        let State::Dangling { missing } = selector.state else { continue };
        let Some(target) = selector.chain.last() else { continue };
        let what = if missing { "which does not exist" } else { "which has no TXT record" };
        let detail =
            tr!("{} ({}) is an alias of {target}, {what}.", selector.name, selector.origin.words(), target, what);
        findings.push(doc.finding(Outcome::Fail, detail).titled(tr!("Selector {} points to nothing", selector.label)));
    }
}

fn several_records(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for selector in facts.dkim.selectors.iter().filter(|selector| !selector.from_wildcard) {
        let (records, keys) = (selector.records().len(), selector.keys().count());
        let (Some(first), true) = (selector.records().first(), records > 1) else { continue };
        let (outcome, detail) = match keys {
            0 => continue,
            1 => (
                Outcome::Warn,
                tr!(
                    "{} holds {records} TXT records, one of them a key; receivers may take the wrong one.",
                    selector.name,
                    records
                ),
            ),
            _ => (
                Outcome::Fail,
                tr!("{} holds {keys} keys; which one a receiver tries is undefined.", selector.name, keys),
            ),
        };
        findings.push(doc.finding(outcome, detail).at(&selector.name, &first.text, Span::whole(&first.text)));
    }
}

fn wildcard(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let nonsense = &facts.dkim.nonsense;
    let spared = facts.dkim.selectors.iter().filter(|selector| selector.from_wildcard).count();
    let finding = match &nonsense.state {
        State::Found(records) => {
            let all_revoked = !records.is_empty() && records.iter().all(|record| record.parsed.record.is_revoked());
            if all_revoked && facts.profile.sends() {
                doc.finding(Outcome::Info, tr!("{}, a name made up for this test, holds an empty key, as do {spared} of the selectors asked: names that are not in use are revoked. Keys under names of their own count all the same.", nonsense.name, spared))
                    .titled("Every unused DKIM selector is revoked by a wildcard")
            } else if all_revoked {
                doc.finding(Outcome::Pass, tr!("{} and with it every other selector is answered with an empty key.", nonsense.name))
                    .titled("Every DKIM selector is revoked, as suits a domain that sends nothing")
            } else {
                doc.finding(
                    Outcome::Warn,
                    tr!("{}, a name made up for this test, is answered. {spared} of the selectors asked are answered in just the same way and not counted.", nonsense.name, spared),
                )
            }
        }
        State::Dangling { .. } => doc.finding(
            Outcome::Warn,
            tr!("{}, a name made up for this test, is an alias that leads nowhere; a wildcard CNAME covers every selector.", nonsense.name),
        ),
        // Without the answer, keys that were guessed may be a wildcard's.
        State::Unknown(gap @ Gap::Failed { .. }) => {
            let guessed = facts.dkim.keys().filter(|(selector, _)| selector.origin != Origin::Own).count();
            if guessed == 0 {
                return;
            }
            doc.finding(Outcome::Unknown, tr!("{}: {}. If a wildcard answers, the keys found say nothing about their selectors.", gap.question(), gap.why()))
                .titled("Whether a wildcard answers for every DKIM selector")
                .fixed_by(tr!("Try again, or use another resolver. By hand: `dig TXT {}`", nonsense.name))
        }
        State::Absent | State::Unknown(_) => return,
    };
    findings.push(finding);
}

fn same_key(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let material = |key: &KeyRecord| match &key.parsed.record.public_key {
        Some(PublicKey::Rsa { der, .. }) => Some(der.clone()),
        Some(PublicKey::Ed25519(raw)) => Some(raw.to_vec()),
        Some(PublicKey::Revoked | PublicKey::Unreadable) | None => None,
    };
    type Members<'f> = Vec<(&'f Selector, &'f KeyRecord)>;
    let mut groups: Vec<(Vec<u8>, Members<'_>)> = Vec::new();
    for (selector, key) in facts.dkim.keys() {
        let Some(bytes) = material(key) else { continue };
        match groups.iter_mut().find(|(known, _)| *known == bytes) {
            Some((_, members)) => members.push((selector, key)),
            None => groups.push((bytes, vec![(selector, key)])),
        }
    }
    for (_, members) in groups {
        let mut labels: Vec<&str> = members.iter().map(|(selector, _)| selector.label.as_str()).collect();
        labels.dedup();
        let (Some((selector, key)), true) = (members.first(), labels.len() > 1) else { continue };
        let detail = tr!("The selectors {} hold the same key.", labels.join(", "));
        findings.push(doc.finding(Outcome::Info, detail).at(&selector.name, &key.text, Span::whole(&key.text)));
    }
}

fn old_policy(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Base::Texts(texts) = &facts.dkim.base else { return };
    for text in texts {
        let name = gather::base_name(&facts.domain);
        let detail = tr!("{name} holds a text; it can be deleted unless you know who needs it.", name);
        findings.push(doc.finding(Outcome::Info, detail).at(name, text, Span::whole(text)));
    }
}
