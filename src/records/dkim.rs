//! DKIM key records (RFC 6376 §3.6.1, RFC 8301, RFC 8463): tag list and public key, with every problem and its place.

mod problem;
mod public_key;

pub use problem::KeyProblem;
pub use public_key::{KeyForm, PublicKey};

use crate::text::{Piece, Span};

use super::tags::{self, Problems, Tag};
use super::{Parsed, Weight};

/// Most members looked at in a colon list (`h`, `s`, `t`); real ones have at most three.
const MAX_MEMBERS: usize = 16;
/// Fewest bits that a verifier may accept, RFC 8301 §3.2.
pub const MIN_BITS: usize = 1024;
/// Fewest bits that a signer should use, RFC 8301 §3.2.
pub const GOOD_BITS: usize = 2048;
/// Most bits that a verifier must support, RFC 8301 §3.2.
pub const MAX_BITS: usize = 4096;

/// The `v` tag, RFC 6376 §3.6.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Version {
    /// Not there, which is allowed.
    Absent,
    /// `DKIM1`.
    Dkim1,
    /// Anything else: verifiers discard the record.
    Other(String),
}

/// The `k` tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// `rsa`, also the default.
    Rsa,
    /// `ed25519`, RFC 8463.
    Ed25519,
    /// Unknown to the standards: verifiers ignore the record.
    Other(String),
}

impl KeyType {
    /// The name as people write it.
    pub fn label(&self) -> &str {
        match self {
            Self::Rsa => "RSA",
            Self::Ed25519 => "Ed25519",
            Self::Other(name) => name,
        }
    }
}

/// A key record, read as far as it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DkimKey {
    /// The `v` tag.
    pub version: Version,
    /// The `k` tag.
    pub key_type: KeyType,
    /// The `p` tag; `None` where there is none.
    pub public_key: Option<PublicKey>,
    /// Members of the `h` tag; `None` allows every hash.
    pub hashes: Option<Vec<String>>,
    /// Members of the `s` tag; `None` allows every service.
    pub services: Option<Vec<String>>,
    /// Members of the `t` tag.
    pub flags: Vec<String>,
    /// The `n` tag: notes for people.
    pub notes: Option<String>,
}

impl DkimKey {
    /// Whether the domain says that it only tests DKIM (`t=y`).
    pub fn is_testing(&self) -> bool {
        self.flags.iter().any(|flag| flag == "y")
    }

    /// Whether the `i=` of a signature must have exactly the domain of `d=` (`t=s`).
    pub fn is_strict(&self) -> bool {
        self.flags.iter().any(|flag| flag == "s")
    }

    /// Whether `p` is there and empty: the key is revoked.
    pub fn is_revoked(&self) -> bool {
        self.public_key == Some(PublicKey::Revoked)
    }

    /// Whether the key may be used for mail (`s` is absent or names `*` or `email`).
    pub fn is_for_mail(&self) -> bool {
        self.services.as_ref().is_none_or(|services| services.iter().any(|s| s == "*" || s == "email"))
    }

    /// Whether a signature with SHA-256 may be checked with it; the only hash that is left (RFC 8301 §3.1).
    pub fn allows_sha256(&self) -> bool {
        self.hashes.as_ref().is_none_or(|hashes| hashes.iter().any(|hash| hash == "sha256"))
    }

    /// Bits of the RSA modulus, where there is one.
    pub fn rsa_bits(&self) -> Option<usize> {
        match &self.public_key {
            Some(PublicKey::Rsa { bits, .. }) => Some(*bits),
            _ => None,
        }
    }
}

impl Parsed<DkimKey, KeyProblem> {
    /// Whether verifiers accept signatures of this key: sound record, a key that can be read, allowed for mail and
    /// SHA-256, strong enough.
    pub fn is_usable(&self) -> bool {
        let key = &self.record;
        let material = match (&key.key_type, &key.public_key) {
            (KeyType::Rsa, Some(PublicKey::Rsa { bits, .. })) => *bits >= MIN_BITS,
            (KeyType::Ed25519, Some(PublicKey::Ed25519(_))) => true,
            _ => false,
        };
        material
            && self.is_sound()
            && !matches!(key.version, Version::Other(_))
            && key.is_for_mail()
            && key.allows_sha256()
    }
}

/// Whether a TXT record found at a selector is meant as a key: it says so in `v`, or it has a `p` tag.
pub fn looks_like_key(text: &str) -> bool {
    let list = tags::split(text);
    let named = |tag: &Tag<'_>, name: &str| tag.name.text.eq_ignore_ascii_case(name) && tag.value.is_some();
    let says_so = list.tags.first().is_some_and(|tag| {
        named(tag, "v") && tag.value.is_some_and(|value| starts_with_ignoring_case(value.text, "dkim"))
    });
    says_so || list.tags.iter().any(|tag| named(tag, "p")) && !text.trim_start().starts_with("v=DMARC1")
}

/// Reads a key record.
pub fn parse(text: &str) -> Parsed<DkimKey, KeyProblem> {
    let mut reader = Reader {
        key: DkimKey {
            version: Version::Absent,
            key_type: KeyType::Rsa,
            public_key: None,
            hashes: None,
            services: None,
            flags: Vec::new(),
            notes: None,
        },
        problems: Problems::new(),
    };
    reader.read(text);
    Parsed { record: reader.key, problems: reader.problems.in_order() }
}

/// The tags of RFC 6376 §3.6.1, and `g` of RFC 4871.
const KNOWN: [&str; 8] = ["v", "k", "p", "h", "s", "t", "n", "g"];

struct Reader {
    key: DkimKey,
    problems: Problems<KeyProblem>,
}

impl Reader {
    fn read(&mut self, text: &str) {
        let list = tags::split(text);
        for &stray in &list.stray {
            // Not in the grammar (§3.2), and skipped by most verifiers.
            self.problems.report(KeyProblem::EmptyPart, stray, Weight::Doubt);
        }
        let mut pieces: Vec<(Piece<'_>, Piece<'_>)> = Vec::new();
        let mut leaked: Option<(Span, usize)> = None;
        for (index, tag) in list.tags.iter().enumerate() {
            let Some(value) = tag.value else {
                let text = tag.name.text.chars().take(40).collect();
                self.problems.report(KeyProblem::NoValue { text }, tag.span(), Weight::Fault);
                continue;
            };
            let value = without_leaked_escape(value, &mut leaked);
            self.read_tag(text, index, tag.name, value, &pieces);
            pieces.push((tag.name, value));
        }
        if let Some((span, count)) = leaked {
            self.problems.report(KeyProblem::LeakedEscape { count }, span, Weight::Fault);
        }
        if list.cut {
            self.problems.report(KeyProblem::TooManyTags, Span::whole(text), Weight::Fault);
        }
        let value_of = |wanted: &str| pieces.iter().find(|(name, _)| name.text == wanted).map(|(_, value)| *value);
        match value_of("p") {
            Some(value) => self.read_key(value),
            None => self.problems.report(KeyProblem::MissingKey, Span::whole(text), Weight::Fault),
        }
    }

    fn read_tag(
        &mut self,
        text: &str,
        index: usize,
        name: Piece<'_>,
        value: Piece<'_>,
        before: &[(Piece<'_>, Piece<'_>)],
    ) {
        if !is_tag_name(name.text) {
            let shown = name.text.chars().take(40).collect();
            let kind = if name.text.contains(['"', '“', '”']) {
                KeyProblem::LeakedQuote
            } else {
                KeyProblem::BadTagName { name: shown }
            };
            return self.problems.report(kind, name.span(), Weight::Fault);
        }
        if before.iter().any(|(other, _)| other.text == name.text) {
            // §3.2: a duplicate makes the whole list invalid.
            let kind = KeyProblem::DuplicateTag { name: name.text.into() };
            return self.problems.report(kind, Span::new(name.start, value.span().end), Weight::Fault);
        }
        if name.text != "p" {
            self.check_characters(name, value);
        }
        match name.text {
            "v" => self.read_version(text, index, value),
            "k" => self.read_key_type(value),
            "p" => {}
            "h" => self.read_hashes(value),
            "s" => self.read_services(value),
            "t" => self.read_flags(value),
            "n" => self.key.notes = Some(value.text.into()),
            // RFC 4871 §3.6.1, removed by RFC 6376: ignored, and `*` was its default.
            "g" if value.text == "*" => {}
            "g" => self.problems.report(KeyProblem::Granularity, Span::new(name.start, value.span().end), Weight::Note),
            other => {
                let known = KNOWN.iter().any(|known| known.eq_ignore_ascii_case(other));
                let shown = other.chars().take(40).collect();
                let (kind, weight) = match known {
                    true => (KeyProblem::WrongCase { name: shown }, Weight::Fault),
                    false => (KeyProblem::UnknownTag { name: shown }, Weight::Note),
                };
                self.problems.report(kind, name.span(), weight);
            }
        }
    }

    /// Values are printable ASCII without `;`, folded by white space: §3.2 `tval`.
    fn check_characters(&mut self, name: Piece<'_>, value: Piece<'_>) {
        let bad = |c: &(usize, char)| !matches!(c.1, '!'..='~') && !tags::is_white(c.1);
        if let Some((at, character)) = value.text.char_indices().find(bad) {
            let start = value.start + at;
            let kind = KeyProblem::BadCharacter { tag: name.text.into(), character };
            self.problems.report(kind, Span::new(start, start + character.len_utf8()), Weight::Doubt);
        }
    }

    fn read_version(&mut self, text: &str, index: usize, value: Piece<'_>) {
        if index > 0 {
            self.problems.report(KeyProblem::VersionNotFirst, value.span(), Weight::Fault);
        }
        if value.text == "DKIM1" {
            self.key.version = Version::Dkim1;
            return;
        }
        let found: String = value.text.chars().take(40).collect();
        self.key.version = Version::Other(found.clone());
        let after = value.text.strip_prefix("DKIM1").unwrap_or("");
        let (kind, weight) = if after.starts_with(|c: char| tags::is_white(c) || matches!(c, ',' | ':')) {
            (KeyProblem::MissingSemicolon { tag: "v".into() }, Weight::Fault)
        } else if found.strip_prefix("DKIM").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit())) {
            (KeyProblem::OtherVersion { found }, Weight::Note)
        } else {
            (KeyProblem::BadVersion { found }, Weight::Fault)
        };
        let span = if value.text.is_empty() { Span::whole(text) } else { value.span() };
        self.problems.report(kind, span, weight);
    }

    fn read_key_type(&mut self, value: Piece<'_>) {
        self.key.key_type = match value.text {
            "rsa" => KeyType::Rsa,
            "ed25519" => KeyType::Ed25519,
            other => {
                let found: String = other.chars().take(40).collect();
                let swallowed = other.starts_with(|c: char| c.is_ascii_alphabetic()) && other.contains(['=', ' ']);
                let kind = match swallowed {
                    true => KeyProblem::MissingSemicolon { tag: "k".into() },
                    false => KeyProblem::UnknownKeyType { found: found.clone() },
                };
                self.problems.report(kind, value.span(), Weight::Fault);
                KeyType::Other(found)
            }
        };
    }

    fn read_hashes(&mut self, value: Piece<'_>) {
        let members = members(value);
        for member in &members {
            match member.text {
                "sha256" | "sha1" => {}
                other => self.problems.report(
                    KeyProblem::UnknownHash { found: other.chars().take(40).collect() },
                    member.span(),
                    Weight::Note,
                ),
            }
        }
        let has = |hash: &str| members.iter().any(|member| member.text == hash);
        match (has("sha256"), has("sha1")) {
            (true, false) => {}
            (true, true) => self.problems.report(KeyProblem::Sha1Allowed, value.span(), Weight::Note),
            (false, true) => self.problems.report(KeyProblem::Sha1Only, value.span(), Weight::Fault),
            (false, false) => self.problems.report(KeyProblem::NoUsableHash, value.span(), Weight::Fault),
        }
        self.key.hashes = Some(texts(&members));
    }

    fn read_services(&mut self, value: Piece<'_>) {
        self.key.services = Some(texts(&members(value)));
        if !self.key.is_for_mail() {
            self.problems.report(KeyProblem::NotForMail, value.span(), Weight::Note);
        }
    }

    fn read_flags(&mut self, value: Piece<'_>) {
        let members = members(value);
        for member in &members {
            let (kind, weight) = match member.text {
                "y" => (KeyProblem::Testing, Weight::Doubt),
                "s" => (KeyProblem::Strict, Weight::Note),
                other => (KeyProblem::UnknownFlag { found: other.chars().take(40).collect() }, Weight::Note),
            };
            self.problems.report(kind, member.span(), weight);
        }
        self.key.flags = texts(&members);
    }

    fn read_key(&mut self, value: Piece<'_>) {
        let (key, problems) = public_key::read(value, &self.key.key_type);
        self.key.public_key = Some(key);
        for problem in problems {
            self.problems.report(problem.kind, problem.span, problem.weight);
        }
    }
}

/// A value without a backslash at its end, which a zone file's `\;` leaves there.
fn without_leaked_escape<'t>(value: Piece<'t>, leaked: &mut Option<(Span, usize)>) -> Piece<'t> {
    let Some(text) = value.text.strip_suffix('\\') else { return value };
    let end = value.span().end;
    let (_, count) = leaked.get_or_insert((Span::new(end - 1, end), 0));
    *count += 1;
    Piece { text, start: value.start }.trim(tags::is_white)
}

/// Tag name of §3.2: a letter, then letters, digits and underscores.
fn is_tag_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// The members of a colon list, white space trimmed, empty ones left out.
fn members(value: Piece<'_>) -> Vec<Piece<'_>> {
    let pieces = value.split(':').map(|piece| piece.trim(tags::is_white));
    pieces.filter(|piece| !piece.text.is_empty()).take(MAX_MEMBERS).collect()
}

fn texts(pieces: &[Piece<'_>]) -> Vec<String> {
    pieces.iter().map(|piece| piece.text.to_owned()).collect()
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
