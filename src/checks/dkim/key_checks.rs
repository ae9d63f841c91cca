//! Each key record by itself: can receivers read it, is it strong enough, may it be used for mail.

use crate::checks::{Check, Doc, Facts, Finding, Outcome};
use crate::records::dkim::{DkimKey, KeyProblem, KeyType, PublicKey};
use crate::records::{Problem, Technology, Weight};

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

pub(super) const TRUNCATED: Check = Check {
    doc: &Doc {
        id: "dkim.truncated",
        technology: Technology::Dkim,
        title: "A DKIM key is cut off or damaged",
        what: "Whether the key data is as long as it says itself.",
        why: "Receivers cannot read a damaged key, so every signature made with it fails.",
        fix: "Publish the whole key again. A TXT record holds strings of at most 255 characters: a key of 2048 bits needs \
              two, one behind the other in the same record.",
        references: &["RFC 6376 §3.6.1", "RFC 6376 §3.6.2.2"],
    },
    run: truncated,
};

pub(super) const SYNTAX: Check = Check {
    doc: &Doc {
        id: "dkim.syntax",
        technology: Technology::Dkim,
        title: "Mistake in a DKIM key record",
        what: "Every part of each key record against the grammar.",
        why: "Receivers must ignore a key record that does not follow the grammar; signatures made with the key then fail.",
        fix: "Correct the marked part, best by copying the record from your mail provider again.",
        references: &["RFC 6376 §3.2", "RFC 6376 §3.6.1", "RFC 6376 §6.1.2"],
    },
    run: syntax,
};

pub(super) const SHA1_ONLY: Check = Check {
    doc: &Doc {
        id: "dkim.sha1-only",
        technology: Technology::Dkim,
        title: "The DKIM key allows only SHA-1",
        what: "Whether h leaves a hash that receivers may accept.",
        why: "Signatures with SHA-1 must not be accepted any more, so a key that allows nothing else is of no use.",
        fix: "Remove h=, or write h=sha256.",
        references: &["RFC 8301 §3.1", "RFC 6376 §3.6.1"],
    },
    run: sha1_only,
};

pub(super) const ED25519_SPKI: Check = Check {
    doc: &Doc {
        id: "dkim.ed25519-spki",
        technology: Technology::Dkim,
        title: "An Ed25519 key in the wrong wrapping",
        what: "Whether an Ed25519 key is the raw 32 bytes.",
        why: "For Ed25519, p holds the bare key and not the structure that OpenSSL writes around it; receivers cannot use it.",
        fix: "Publish the last 32 of the 44 bytes in base64.",
        references: &["RFC 8463 §4.2"],
    },
    run: ed25519_spki,
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

pub(super) const REVOKED: Check = Check {
    doc: &Doc {
        id: "dkim.revoked",
        technology: Technology::Dkim,
        title: "A revoked DKIM key",
        what: "Whether p is empty, which revokes the key.",
        why: "Signatures with a revoked key fail. That is right for a key that is out of use.",
        fix: "Make sure that your servers sign with another selector whose key is published.",
        references: &["RFC 6376 §3.6.1"],
    },
    run: revoked,
};

pub(super) const TESTING: Check = Check {
    doc: &Doc {
        id: "dkim.testing",
        technology: Technology::Dkim,
        title: "A DKIM key is marked as a test (t=y)",
        what: "Whether t holds the flag y.",
        why: "With t=y the domain says that it only tests DKIM: receivers must treat a message whose signature fails as if it were \
              not signed. Left in place after the test it says that the domain does not stand by its signatures.",
        fix: "Remove y from t when the test is over.",
        references: &["RFC 6376 §3.6.1"],
    },
    run: testing,
};

pub(super) const NOT_FOR_MAIL: Check = Check {
    doc: &Doc {
        id: "dkim.not-for-mail",
        technology: Technology::Dkim,
        title: "A DKIM key that is not for mail",
        what: "Whether s allows the key to be used for mail.",
        why: "A key with s=tlsrpt, say, signs TLS reports; signatures on mail must not be checked with it.",
        fix: "",
        references: &["RFC 6376 §3.6.1", "RFC 8460 §3"],
    },
    run: not_for_mail,
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
            (_, Some(bits)) => format!("RSA, {bits} bits"),
            (kind, None) => kind.label().to_owned(),
        };
        let mut detail = format!("{} ({}).{}", selector.name, selector.origin.words(), delegation(selector));
        detail += &remarks(record);
        findings.push(doc.finding(Outcome::Pass, detail).titled(format!("Selector {}: {kind}", selector.label)).at(
            &selector.name,
            &key.text,
            crate::text::Span::whole(&key.text),
        ));
    }
}

/// Whose name the selector is an alias of, where it is one.
fn delegation(selector: &Selector) -> String {
    let Some(target) = selector.chain.last() else { return String::new() };
    let whose = provider_of(target).map_or_else(String::new, |provider| format!(" ({provider})"));
    format!(" An alias of {target}{whose}: the owner of that name manages the key.")
}

/// What else is unusual about a key that can be used.
fn remarks(record: &DkimKey) -> String {
    let mut remarks = String::new();
    if let Some(PublicKey::Rsa { exponent: Some(exponent), .. }) = &record.public_key
        && *exponent != 65_537
    {
        remarks += &format!(" Its exponent is {exponent} instead of the usual 65537.");
    }
    if record.is_strict() {
        remarks += " t=s: signatures must name exactly this domain in i=, no sub-domain.";
    }
    remarks
}

fn weak_key(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, |selector, key, problem| {
        let (bits, outcome, then) = match problem.kind {
            KeyProblem::TooWeak { bits } => (bits, Outcome::Fail, "receivers must not accept its signatures"),
            KeyProblem::Weak { bits } => (bits, Outcome::Warn, "receivers accept it, signers should use 2048"),
            _ => return,
        };
        let title = format!("Selector {}: RSA key of {bits} bits", selector.label);
        let mut detail = format!("{} ({}) has {bits} bits: {then}.", selector.name, selector.origin.words());
        detail += &delegation(selector);
        detail += &remarks(&key.parsed.record);
        findings.push(placed(doc.finding(outcome, detail).titled(title), selector, key, problem));
    });
}

fn large_key(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, |selector, key, problem| {
        let KeyProblem::TooLarge { bits } = problem.kind else { return };
        let detail = format!(
            "{} has {bits} bits; 2048 are enough, 4096 the most that every receiver must support.{}{}",
            selector.name,
            delegation(selector),
            remarks(&key.parsed.record)
        );
        findings.push(placed(doc.finding(Outcome::Warn, detail), selector, key, problem));
    });
}

fn truncated(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, |selector, key, problem| {
        let detail = match &problem.kind {
            KeyProblem::Truncated { expected, found } => format!(
                "The key at {} says that it has {expected} bytes and has {found}: the rest is lost, usually the second string of \
                 the record.",
                selector.name
            ),
            KeyProblem::TrailingBytes { count } => {
                format!(
                    "{count} bytes follow after the end of the key at {}; two pieces may have been joined.",
                    selector.name
                )
            }
            _ => return,
        };
        findings.push(placed(doc.finding(Outcome::Fail, detail), selector, key, problem));
    });
}

fn syntax(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, |selector, key, problem| {
        let Some((title, detail)) = syntax_words(&problem.kind) else { return };
        let outcome = match problem.weight {
            Weight::Note => Outcome::Info,
            Weight::Doubt => Outcome::Warn,
            Weight::Fault => Outcome::Fail,
        };
        let detail = format!("{}: {detail}", selector.name);
        findings.push(placed(doc.finding(outcome, detail).titled(title), selector, key, problem));
    });
}

/// Title and detail of a mistake in the grammar; nothing for what other checks speak of.
fn syntax_words(kind: &KeyProblem) -> Option<(&'static str, String)> {
    Some(match kind {
        KeyProblem::VersionNotFirst => ("v is not the first tag", "v=DKIM1, where it is there, must come first; receivers ignore the record.".into()),
        KeyProblem::BadVersion { found } => ("Wrong version", format!("v is “{found}” and must be exactly DKIM1; receivers discard the record.")),
        KeyProblem::OtherVersion { found } => ("Another version of DKIM", format!("v is {found}; receivers of DKIM1 do not use this record.")),
        KeyProblem::MissingSemicolon { tag } => ("A semicolon is missing", format!("The value of {tag} runs into the next tag.")),
        KeyProblem::LeakedEscape { count } => ("Backslashes stand in the record", format!("The escape \\; of a zone file went into the record itself ({count} times), so the values end in a backslash and mean nothing. Enter the record without backslashes.")),
        KeyProblem::LeakedQuote => ("A quotation mark stands in the record", "Quotation marks belong to a zone file, not to the text of the record.".into()),
        KeyProblem::DuplicateTag { name } => ("A tag is there twice", format!("{name} was already given; a duplicate makes the whole record invalid.")),
        KeyProblem::NoValue { text } => ("A part without “=”", format!("“{text}” is no tag with a value, which the grammar does not allow.")),
        KeyProblem::BadTagName { name } => ("Malformed tag name", format!("“{name}” is no tag name.")),
        KeyProblem::WrongCase { name } => ("A tag in the wrong case", format!("{name} is not the tag {}: names are case-sensitive.", name.to_ascii_lowercase())),
        KeyProblem::UnknownTag { name } => ("Unknown tag", format!("No standard knows {name}; receivers ignore it.")),
        KeyProblem::EmptyPart => ("Stray semicolon", "Nothing stands before this semicolon. The grammar does not allow that; most receivers skip it.".into()),
        KeyProblem::TooManyTags => ("Far too many tags", "The record has more parts than any reader looks at.".into()),
        KeyProblem::BadCharacter { tag, character } => ("A character that is not allowed", format!("The value of {tag} holds “{character}” (U+{:04X}).", u32::from(*character))),
        KeyProblem::MissingKey => ("There is no key in the record", "The tag p is missing; it holds the key.".into()),
        KeyProblem::BadBase64 { character } => ("The key is no base64", format!("“{character}” (U+{:04X}) cannot stand in a key.", u32::from(*character))),
        KeyProblem::MissingPadding => ("The key lacks its padding", "The base64 should end in “=”; the key is whole, yet strict receivers may refuse it.".into()),
        KeyProblem::NotAKey => ("No public key", "The data in p is no public key that DKIM knows.".into()),
        KeyProblem::OtherAlgorithm { name } => ("A key of another kind", format!("The record says RSA (k=rsa, also the default), and the key in p is of the kind {name}.")),
        KeyProblem::BadModulus => ("The key is damaged", "The modulus is even, which no RSA modulus is.".into()),
        KeyProblem::BadExponent { exponent } => ("A worthless exponent", format!("The public exponent is {exponent}; signatures with it prove nothing.")),
        KeyProblem::Ed25519Length { octets } => ("An Ed25519 key of the wrong length", format!("The key has {octets} bytes instead of 32.")),
        KeyProblem::UnknownKeyType { found } => ("Unknown key type", format!("k is “{found}”; receivers know rsa and ed25519 and ignore the record.")),
        KeyProblem::UnknownHash { found } => ("Unknown hash", format!("h names “{found}”, which receivers ignore.")),
        KeyProblem::NoUsableHash => ("No usable hash", "h names no hash that receivers know; sha256 is the one in use.".into()),
        KeyProblem::UnknownFlag { found } => ("Unknown flag", format!("t names “{found}”, which receivers ignore.")),
        KeyProblem::Granularity => ("A tag of an old standard", "g was removed in 2011; receivers ignore it, very old ones may not.".into()),
        KeyProblem::BareRsa => ("A key in unusual form", "The key is a bare RSAPublicKey; nearly everybody publishes SubjectPublicKeyInfo, and some receivers read only that.".into()),
        KeyProblem::Revoked
        | KeyProblem::Truncated { .. }
        | KeyProblem::TrailingBytes { .. }
        | KeyProblem::OddExponent { .. }
        | KeyProblem::TooWeak { .. }
        | KeyProblem::Weak { .. }
        | KeyProblem::TooLarge { .. }
        | KeyProblem::WrappedEd25519
        | KeyProblem::Sha1Only
        | KeyProblem::Sha1Allowed
        | KeyProblem::NotForMail
        | KeyProblem::Testing
        | KeyProblem::Strict => return None,
    })
}

fn sha1_only(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, |selector, key, problem| {
        let finding = match problem.kind {
            KeyProblem::Sha1Only => {
                doc.finding(Outcome::Fail, format!("The key at {} says h=sha1, and SHA-1 is forbidden.", selector.name))
            }
            KeyProblem::Sha1Allowed => doc
                .finding(
                    Outcome::Info,
                    format!(
                        "The key at {} still allows SHA-1 beside SHA-256; receivers refuse it anyway.",
                        selector.name
                    ),
                )
                .titled("The DKIM key still allows SHA-1"),
            _ => return,
        };
        findings.push(placed(finding, selector, key, problem));
    });
}

fn ed25519_spki(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, |selector, key, problem| {
        if problem.kind == KeyProblem::WrappedEd25519 {
            let detail = format!("The key at {} is wrapped in SubjectPublicKeyInfo.", selector.name);
            findings.push(placed(doc.finding(Outcome::Fail, detail), selector, key, problem));
        }
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

fn revoked(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    // Harmless beside a good key; with none found, mail may still be signed with it.
    let alone = facts.profile.sends() && facts.dkim.usable().next().is_none() && !facts.dkim.is_pending();
    let outcome = if alone { Outcome::Warn } else { Outcome::Info };
    each_problem(facts, |selector, key, problem| {
        if problem.kind == KeyProblem::Revoked {
            let detail =
                format!("{} ({}) holds a key that was withdrawn: p is empty.", selector.name, selector.origin.words());
            findings.push(placed(doc.finding(outcome, detail), selector, key, problem));
        }
    });
}

fn testing(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, |selector, key, problem| {
        if problem.kind == KeyProblem::Testing && !key.parsed.record.is_revoked() {
            let detail = format!("The key at {} has the flag y.", selector.name);
            findings.push(placed(doc.finding(Outcome::Warn, detail), selector, key, problem));
        }
    });
}

fn not_for_mail(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, |selector, key, problem| {
        if problem.kind == KeyProblem::NotForMail {
            let services = key.parsed.record.services.as_deref().unwrap_or_default().join(", ");
            let detail = format!("The key at {} is for {services} only.", selector.name);
            findings.push(placed(doc.finding(Outcome::Info, detail), selector, key, problem));
        }
    });
}

fn placed(finding: Finding, selector: &Selector, key: &KeyRecord, problem: &Problem<KeyProblem>) -> Finding {
    finding.at(&selector.name, &key.text, problem.span)
}

/// Runs over every problem of every key that is not a wildcard's answer. What a user asked for counts even where it does not
/// look like a key at all.
fn each_problem(facts: &Facts, mut judge: impl FnMut(&Selector, &KeyRecord, &Problem<KeyProblem>)) {
    for selector in facts.dkim.selectors.iter().filter(|selector| !selector.from_wildcard) {
        let alone = selector.records().len() == 1 && selector.origin == Origin::Own;
        for key in selector.records().iter().filter(|key| key.is_key || alone) {
            for problem in &key.parsed.problems {
                judge(selector, key, problem);
            }
        }
    }
}
