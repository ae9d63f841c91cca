//! The keys that receivers can use: type, length, and whose they are.

use crate::checks::{Check, Doc, Facts, Finding, Outcome};
use crate::records::dkim::{DkimKey, KeyProblem, KeyType, PublicKey};
use crate::records::{Problem, Technology};

use super::selectors::provider_of;
use super::{KeyRecord, Origin, Selector};

const HOW_TO_REPLACE: &str = "Have your mail provider make a new RSA key of 2048 bits under a new selector, publish it, \
                              switch signing over, and remove the old one after a week.";

pub(super) const KEY: Check = Check {
    doc: &Doc {
        id: "dkim.key",
        technology: Technology::Dkim,
        title: "A good DKIM key",
        what: "Each key found: type, length, and whether receivers may use it.",
        why: "With a good key published, receivers can prove that a message was signed by this domain and not changed on \
              the way. Whether your servers do sign shows only in a message, not in DNS.",
        fix: "",
        references: &["RFC 6376 §3.6.1", "RFC 8301 §3.2"],
    },
    run: key,
};

pub(super) const WEAK_KEY: Check = Check {
    doc: &Doc {
        id: "dkim.weak-key",
        technology: Technology::Dkim,
        title: "A short DKIM key",
        what: "Whether each RSA key has at least 2048 bits.",
        why: "Below 1024 bits receivers must not accept the signature at all. From 1024 to 2047 bits they do, but such a \
              key is no longer safe from a forger with money; signers should use 2048.",
        fix: HOW_TO_REPLACE,
        references: &["RFC 8301 §3.2"],
    },
    run: weak_key,
};

pub(super) const LARGE_KEY: Check = Check {
    doc: &Doc {
        id: "dkim.large-key",
        technology: Technology::Dkim,
        title: "A DKIM key that some receivers cannot check",
        what: "Whether an RSA key has more than 4096 bits.",
        why: "Receivers need only support keys up to 4096 bits, and a longer one does not fit in a DNS answer over UDP.",
        fix: HOW_TO_REPLACE,
        references: &["RFC 8301 §3.2"],
    },
    run: large_key,
};

pub(super) const ED25519_ONLY: Check = Check {
    doc: &Doc {
        id: "dkim.ed25519-only",
        technology: Technology::Dkim,
        title: "Only Ed25519 keys were found",
        what: "Whether an RSA key stands beside Ed25519 ones.",
        why: "Many receivers check RSA signatures only; for them mail signed with Ed25519 alone is not signed.",
        fix: "Sign with an RSA key of 2048 bits as well, under another selector.",
        references: &["RFC 8463 §3", "RFC 8301 §3.2"],
    },
    run: ed25519_only,
};

fn key(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for (selector, key) in facts.dkim.usable() {
        let weak =
            key.parsed.problems.iter().any(|p| matches!(p.kind, KeyProblem::Weak { .. } | KeyProblem::TooLarge { .. }));
        if weak {
            continue;
        }
        let record = &key.parsed.record;
        let kind = match (&record.key_type, record.rsa_bits()) {
            (_, Some(bits)) => tr!("RSA, {bits} bits", bits),
            (kind, None) => kind.label().to_owned(),
        };
        let mut detail = tr!("{} ({}).{}", selector.name, selector.origin.words(), delegation(selector));
        detail += &remarks(record);
        findings.push(doc.finding(Outcome::Pass, detail).titled(tr!("Selector {}: {kind}", selector.label, kind)).at(
            &selector.name,
            &key.text,
            crate::text::Span::whole(&key.text),
        ));
    }
}

/// Whose name the selector is an alias of, where it is one.
fn delegation(selector: &Selector) -> String {
    let Some(target) = selector.chain.last() else { return String::new() };
    let whose = provider_of(target).map_or_else(String::new, |provider| tr!(" ({provider})", provider));
    tr!(" An alias of {target}{whose}: the owner of that name manages the key.", target, whose)
}

/// What else is unusual about a key that can be used.
fn remarks(record: &DkimKey) -> String {
    let mut remarks = String::new();
    if let Some(PublicKey::Rsa { exponent: Some(exponent), .. }) = &record.public_key
        && *exponent != 65_537
    {
        remarks += &tr!(" Its exponent is {exponent} instead of the usual 65537.", exponent);
    }
    if record.is_strict() {
        remarks += " t=s: signatures must name exactly this domain in i=, no sub-domain.";
    }
    remarks
}

fn weak_key(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, findings, |selector, key, problem| {
        let (bits, outcome, then) = match problem.kind {
            KeyProblem::TooWeak { bits } => (bits, Outcome::Fail, "receivers must not accept its signatures"),
            KeyProblem::Weak { bits } => (bits, Outcome::Warn, "receivers accept it, signers should use 2048"),
            _ => return None,
        };
        let title = tr!("Selector {}: RSA key of {bits} bits", selector.label, bits);
        let mut detail = tr!("{} ({}) has {bits} bits: {then}.", selector.name, selector.origin.words(), bits, then);
        detail += &delegation(selector);
        detail += &remarks(&key.parsed.record);
        Some(doc.finding(outcome, detail).titled(title))
    });
}

fn large_key(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, findings, |selector, key, problem| {
        let KeyProblem::TooLarge { bits } = problem.kind else { return None };
        let detail = tr!(
            "{} has {bits} bits; 2048 are enough, 4096 the most that every receiver must support.{}{}",
            selector.name,
            delegation(selector),
            remarks(&key.parsed.record),
            bits
        );
        Some(doc.finding(Outcome::Warn, detail))
    });
}

fn ed25519_only(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    // While guesses are out, an RSA key may still turn up.
    if facts.dkim.is_pending() {
        return;
    }
    let mut usable = facts.dkim.usable().peekable();
    let Some((selector, key)) = usable.peek().copied() else { return };
    if usable.all(|(_, key)| key.parsed.record.key_type == KeyType::Ed25519) {
        findings.push(
            doc.finding(
                Outcome::Warn,
                "No RSA key was found at the selectors that were asked; there may be one at another.",
            )
            .at(&selector.name, &key.text, crate::text::Span::whole(&key.text)),
        );
    }
}

/// Judges every problem of every key that is not a wildcard's answer, and places the finding in the record. What a user
/// asked for counts even where it does not look like a key at all.
pub(super) fn each_problem(
    facts: &Facts,
    findings: &mut Vec<Finding>,
    judge: impl Fn(&Selector, &KeyRecord, &Problem<KeyProblem>) -> Option<Finding>,
) {
    for selector in facts.dkim.selectors.iter().filter(|selector| !selector.from_wildcard) {
        let alone = selector.records().len() == 1 && selector.origin == Origin::Own;
        for key in selector.records().iter().filter(|key| key.is_key || alone) {
            for problem in &key.parsed.problems {
                let finding = judge(selector, key, problem);
                findings.extend(finding.map(|finding| finding.at(&selector.name, &key.text, problem.span)));
            }
        }
    }
}
