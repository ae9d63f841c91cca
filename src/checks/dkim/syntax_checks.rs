//! Whether receivers can read a key record: the grammar, and the key data behind it.

use crate::checks::{Check, Doc, Facts, Finding, Outcome};
use crate::records::dkim::KeyProblem;
use crate::records::{Technology, Weight};
use crate::text::code_point;

use super::key_checks::each_problem;

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

fn truncated(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, findings, |selector, _, problem| {
        let detail = match &problem.kind {
            KeyProblem::Truncated { expected, found } => tr!(
                "The key at {} says that it has {expected} bytes and has {found}: the rest is lost, usually the second string of \
                 the record.",
                selector.name,
                expected,
                found
            ),
            KeyProblem::TrailingBytes { count } => {
                tr!(
                    "{count} bytes follow after the end of the key at {}; two pieces may have been joined.",
                    selector.name,
                    count
                )
            }
            _ => return None,
        };
        Some(doc.finding(Outcome::Fail, detail))
    });
}

fn syntax(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, findings, |selector, _, problem| {
        let (title, detail) = syntax_words(&problem.kind)?;
        let outcome = match problem.weight {
            Weight::Note => Outcome::Info,
            Weight::Doubt => Outcome::Warn,
            Weight::Fault => Outcome::Fail,
        };
        let detail = tr!("{}: {detail}", selector.name, detail);
        Some(doc.finding(outcome, detail).titled(title))
    });
}

/// Title and detail of a mistake in the grammar; nothing for what other checks speak of.
fn syntax_words(kind: &KeyProblem) -> Option<(&'static str, String)> {
    Some(match kind {
        KeyProblem::VersionNotFirst => ("v is not the first tag", "v=DKIM1, where it is there, must come first; receivers ignore the record.".into()),
        KeyProblem::BadVersion { found } => ("Wrong version", tr!("v is “{found}” and must be exactly DKIM1; receivers discard the record.", found)),
        KeyProblem::OtherVersion { found } => ("Another version of DKIM", tr!("v is {found}; receivers of DKIM1 do not use this record.", found)),
        KeyProblem::MissingSemicolon { tag } => ("A semicolon is missing", tr!("The value of {tag} runs into the next tag.", tag)),
        KeyProblem::LeakedEscape { count } => ("Backslashes stand in the record", tr!("The escape \\; of a zone file went into the record itself ({count} times), so the values end in a backslash and mean nothing. Enter the record without backslashes.", count)),
        KeyProblem::LeakedQuote => ("A quotation mark stands in the record", "Quotation marks belong to a zone file, not to the text of the record.".into()),
        KeyProblem::DuplicateTag { name } => ("A tag is there twice", tr!("{name} was already given; a duplicate makes the whole record invalid.", name)),
        KeyProblem::NoValue { text } => ("A part without “=”", tr!("“{text}” is no tag with a value, which the grammar does not allow.", text)),
        KeyProblem::BadTagName { name } => ("Malformed tag name", tr!("“{name}” is no tag name.", name)),
        KeyProblem::WrongCase { name } => ("A tag in the wrong case", tr!("{name} is not the tag {}: names are case-sensitive.", name.to_ascii_lowercase(), name)),
        KeyProblem::UnknownTag { name } => ("Unknown tag", tr!("No standard knows {name}; receivers ignore it.", name)),
        KeyProblem::EmptyPart => ("Stray semicolon", "Nothing stands before this semicolon. The grammar does not allow that; most receivers skip it.".into()),
        KeyProblem::TooManyTags => ("Far too many tags", "The record has more parts than any reader looks at.".into()),
        KeyProblem::BadCharacter { tag, character } => ("A character that is not allowed", tr!("The value of {tag} holds “{character}” ({}).", code_point(*character), tag, character)),
        KeyProblem::MissingKey => ("There is no key in the record", "The tag p is missing; it holds the key.".into()),
        KeyProblem::BadBase64 { character } => ("The key is no base64", tr!("“{character}” ({}) cannot stand in a key.", code_point(*character), character)),
        KeyProblem::MissingPadding => ("The key lacks its padding", "The base64 should end in “=”; the key is whole, yet strict receivers may refuse it.".into()),
        KeyProblem::NotAKey => ("No public key", "The data in p is no public key that DKIM knows.".into()),
        KeyProblem::OtherAlgorithm { name } => ("A key of another kind", tr!("The record says RSA (k=rsa, also the default), and the key in p is of the kind {name}.", name)),
        KeyProblem::BadModulus => ("The key is damaged", "The modulus is even, which no RSA modulus is.".into()),
        KeyProblem::BadExponent { exponent } => ("A worthless exponent", tr!("The public exponent is {exponent}; signatures with it prove nothing.", exponent)),
        KeyProblem::Ed25519Length { octets } => ("An Ed25519 key of the wrong length", tr!("The key has {octets} bytes instead of 32.", octets)),
        KeyProblem::UnknownKeyType { found } => ("Unknown key type", tr!("k is “{found}”; receivers know rsa and ed25519 and ignore the record.", found)),
        KeyProblem::UnknownHash { found } => ("Unknown hash", tr!("h names “{found}”, which receivers ignore.", found)),
        KeyProblem::NoUsableHash => ("No usable hash", "h names no hash that receivers know; sha256 is the one in use.".into()),
        KeyProblem::UnknownFlag { found } => ("Unknown flag", tr!("t names “{found}”, which receivers ignore.", found)),
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

fn ed25519_spki(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, findings, |selector, _, problem| {
        if !(problem.kind == KeyProblem::WrappedEd25519) {
            return None;
        }
        let detail = tr!("The key at {} is wrapped in SubjectPublicKeyInfo.", selector.name);
        Some(doc.finding(Outcome::Fail, detail))
    });
}
