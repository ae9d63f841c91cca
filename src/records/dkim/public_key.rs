//! The `p` tag of a key record: base64, then DER of an RSA key or the raw bytes of an Ed25519 key.

use crate::records::tags::is_white;
use crate::records::{Problem, Weight};
use crate::text::{Piece, Span};

use super::{GOOD_BITS, KeyProblem, KeyType, MAX_BITS, MIN_BITS};

/// Octets of a raw Ed25519 key, RFC 8032 §5.1.5.
const ED25519_OCTETS: usize = 32;
/// Octets of an Ed25519 key in SubjectPublicKeyInfo, RFC 8410 §4: the raw key behind a fixed start.
const ED25519_SPKI_START: [u8; 12] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00];
/// rsaEncryption, 1.2.840.113549.1.1.1 (RFC 3279 §2.3.1).
const OID_RSA: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
/// The exponent that nearly every RSA key has.
const USUAL_EXPONENT: u64 = 65_537;

/// What the `p` tag holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// Empty: the key is revoked, RFC 6376 §3.6.1.
    Revoked,
    /// An RSA key; `exponent` is absent where it has more than 64 bits, `der` is the decoded value.
    Rsa { bits: usize, exponent: Option<u64>, form: KeyForm, der: Vec<u8> },
    /// A raw Ed25519 key.
    Ed25519([u8; ED25519_OCTETS]),
    /// Nothing that can be used.
    Unreadable,
}

/// How an RSA key is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyForm {
    /// SubjectPublicKeyInfo, what everyone publishes.
    Spki,
    /// A bare RSAPublicKey, what RFC 6376 §3.6.1 literally says.
    Pkcs1,
}

/// Reads the value of `p` for a key of the given type.
pub(super) fn read(value: Piece<'_>, key_type: &KeyType) -> (PublicKey, Vec<Problem<KeyProblem>>) {
    let mut problems = Vec::new();
    if value.text.is_empty() {
        // Nothing to mark in an empty value: mark the tag itself, `p=`.
        let span = Span::new(value.start.saturating_sub(2), value.start);
        problems.push(Problem { kind: KeyProblem::Revoked, span, weight: Weight::Note });
        return (PublicKey::Revoked, problems);
    }
    let mut report = |kind, span, weight| problems.push(Problem { kind, span, weight });
    let decoded = decode(value);
    if let Some((character, span)) = decoded.stranger {
        let kind = if matches!(character, '"' | '“' | '”') {
            KeyProblem::LeakedQuote
        } else {
            KeyProblem::BadBase64 { character }
        };
        report(kind, span, Weight::Fault);
        return (PublicKey::Unreadable, problems);
    }
    let key = match key_type {
        KeyType::Ed25519 => read_ed25519(&decoded.octets, value.span(), &mut report),
        KeyType::Rsa => read_rsa(&decoded.octets, value.span(), &mut report),
        KeyType::Other(_) => PublicKey::Unreadable,
    };
    if decoded.unpadded && key != PublicKey::Unreadable {
        report(KeyProblem::MissingPadding, value.span(), Weight::Doubt);
    }
    (key, problems)
}

fn read_ed25519(octets: &[u8], span: Span, report: &mut impl FnMut(KeyProblem, Span, Weight)) -> PublicKey {
    if let Ok(raw) = <[u8; ED25519_OCTETS]>::try_from(octets) {
        return PublicKey::Ed25519(raw);
    }
    let kind = match octets.starts_with(&ED25519_SPKI_START) {
        // RFC 8463 §4.2: the raw key, not SubjectPublicKeyInfo.
        true => KeyProblem::WrappedEd25519,
        false => KeyProblem::Ed25519Length { octets: octets.len() },
    };
    report(kind, span, Weight::Fault);
    PublicKey::Unreadable
}

fn read_rsa(octets: &[u8], span: Span, report: &mut impl FnMut(KeyProblem, Span, Weight)) -> PublicKey {
    let rsa = match read_rsa_der(octets) {
        Ok(rsa) => rsa,
        Err(kind) => {
            report(kind, span, Weight::Fault);
            return PublicKey::Unreadable;
        }
    };
    let bits = rsa.bits();
    let exponent = rsa.exponent();
    if rsa.trailing > 0 {
        report(KeyProblem::TrailingBytes { count: rsa.trailing }, span, Weight::Fault);
    }
    if rsa.modulus.last().is_none_or(|last| last % 2 == 0) {
        report(KeyProblem::BadModulus, span, Weight::Fault);
    }
    match exponent {
        Some(USUAL_EXPONENT) => {}
        Some(exponent) if exponent < 2 || exponent % 2 == 0 => {
            report(KeyProblem::BadExponent { exponent }, span, Weight::Fault);
        }
        exponent => report(KeyProblem::OddExponent { exponent }, span, Weight::Note),
    }
    match bits {
        _ if bits < MIN_BITS => report(KeyProblem::TooWeak { bits }, span, Weight::Fault),
        _ if bits < GOOD_BITS => report(KeyProblem::Weak { bits }, span, Weight::Doubt),
        _ if bits > MAX_BITS => report(KeyProblem::TooLarge { bits }, span, Weight::Doubt),
        _ => {}
    }
    if rsa.form == KeyForm::Pkcs1 {
        report(KeyProblem::BareRsa, span, Weight::Note);
    }
    PublicKey::Rsa { bits, exponent, form: rsa.form, der: octets.to_vec() }
}

/// The parts of an RSA key in its DER.
struct RsaDer<'d> {
    modulus: &'d [u8],
    exponent: &'d [u8],
    form: KeyForm,
    trailing: usize,
}

impl RsaDer<'_> {
    /// Bits of the modulus without its leading zeros.
    fn bits(&self) -> usize {
        let significant = without_leading_zeros(self.modulus);
        let first = significant.first().map_or(0, |octet| usize::try_from(octet.leading_zeros()).unwrap_or(0));
        significant.len() * 8 - first
    }

    /// The exponent, where it fits.
    fn exponent(&self) -> Option<u64> {
        let significant = without_leading_zeros(self.exponent);
        (significant.len() <= 8).then(|| significant.iter().fold(0, |sum, &octet| sum << 8 | u64::from(octet)))
    }
}

fn without_leading_zeros(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
    octets.get(zeros..).unwrap_or(&[])
}

/// Reads SubjectPublicKeyInfo (RFC 5280 §4.1) or RSAPublicKey (RFC 8017 §A.1.1).
fn read_rsa_der(octets: &[u8]) -> Result<RsaDer<'_>, KeyProblem> {
    let (content, rest) = match element(octets, SEQUENCE) {
        // 32 bytes that are no DER look like a raw Ed25519 key without its k=ed25519.
        Err(KeyProblem::NotAKey) if octets.len() == ED25519_OCTETS => {
            return Err(KeyProblem::OtherAlgorithm { name: "Ed25519" });
        }
        other => other?,
    };
    let trailing = rest.len();
    match content.first() {
        Some(&INTEGER) => read_integers(content, KeyForm::Pkcs1, trailing),
        Some(&SEQUENCE) => {
            let (algorithm, content) = element(content, SEQUENCE)?;
            let (oid, _) = element(algorithm, OBJECT_IDENTIFIER)?;
            if oid != OID_RSA {
                return Err(KeyProblem::OtherAlgorithm { name: algorithm_name(oid) });
            }
            let (bits, _) = element(content, BIT_STRING)?;
            let Some((0, key)) = bits.split_first() else { return Err(KeyProblem::NotAKey) };
            let (integers, _) = element(key, SEQUENCE)?;
            read_integers(integers, KeyForm::Spki, trailing)
        }
        _ => Err(KeyProblem::NotAKey),
    }
}

fn read_integers(content: &[u8], form: KeyForm, trailing: usize) -> Result<RsaDer<'_>, KeyProblem> {
    let (modulus, rest) = element(content, INTEGER)?;
    let (exponent, _) = element(rest, INTEGER)?;
    Ok(RsaDer { modulus, exponent, form, trailing })
}

/// The names of the other algorithms that people paste into `p`.
fn algorithm_name(oid: &[u8]) -> &'static str {
    match oid {
        [0x2B, 0x65, 0x70] => "Ed25519",
        [0x2B, 0x65, 0x71] => "Ed448",
        [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01] => "elliptic-curve (ECDSA)",
        [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A] => "RSA-PSS",
        [0x2A, 0x86, 0x48, 0xCE, 0x38, 0x04, 0x01] => "DSA",
        _ => "unknown",
    }
}

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// One DER element with the wanted tag: its content, and what follows it (X.690 §8.1, §10.1).
fn element(octets: &[u8], wanted: u8) -> Result<(&[u8], &[u8]), KeyProblem> {
    let (&tag, rest) = octets.split_first().ok_or(KeyProblem::NotAKey)?;
    if tag != wanted {
        return Err(KeyProblem::NotAKey);
    }
    let (&first, rest) = rest.split_first().ok_or(KeyProblem::NotAKey)?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7F);
        // Three octets of length are 16 MB; the indefinite form (count 0) is not DER.
        if count == 0 || count > 3 {
            return Err(KeyProblem::NotAKey);
        }
        let (length, rest) = rest.split_at_checked(count).ok_or(KeyProblem::NotAKey)?;
        (length.iter().fold(0, |sum, &octet| sum << 8 | usize::from(octet)), rest)
    };
    let header = octets.len() - rest.len();
    rest.split_at_checked(length).ok_or(KeyProblem::Truncated { expected: header + length, found: octets.len() })
}

/// A base64 text (RFC 4648 §4) decoded as far as it goes.
struct Decoded {
    octets: Vec<u8>,
    /// The first character that does not belong there.
    stranger: Option<(char, Span)>,
    /// Whether the last group of four is not complete.
    unpadded: bool,
}

/// Decodes base64 with folding white space in it, RFC 6376 §3.2 `base64string`.
fn decode(value: Piece<'_>) -> Decoded {
    let mut octets = Vec::with_capacity(value.text.len() / 4 * 3);
    let (mut group, mut sextets, mut padding) = (0u32, 0usize, 0usize);
    for (at, character) in value.text.char_indices().filter(|(_, c)| !is_white(*c)) {
        let start = value.start + at;
        let stranger = Some((character, Span::new(start, start + character.len_utf8())));
        if character == '=' && padding < 2 && sextets % 4 + padding >= 2 && sextets % 4 + padding < 4 {
            padding += 1;
            continue;
        }
        let Some(sextet) = sextet(character).filter(|_| padding == 0) else {
            return Decoded { octets, stranger, unpadded: false };
        };
        group = group << 6 | sextet;
        sextets += 1;
        if sextets % 4 == 0 {
            octets.extend(group.to_be_bytes().into_iter().skip(1));
            group = 0;
        }
    }
    match sextets % 4 {
        2 => octets.extend((group << 12).to_be_bytes().into_iter().skip(1).take(1)),
        3 => octets.extend((group << 6).to_be_bytes().into_iter().skip(1).take(2)),
        _ => {}
    }
    Decoded { octets, stranger: None, unpadded: (sextets + padding) % 4 != 0 }
}

fn sextet(character: char) -> Option<u32> {
    let code = u32::from(character);
    match character {
        'A'..='Z' => Some(code - u32::from('A')),
        'a'..='z' => Some(code - u32::from('a') + 26),
        '0'..='9' => Some(code - u32::from('0') + 52),
        '+' => Some(62),
        '/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> Result<Vec<u8>, char> {
        let decoded = decode(Piece::whole(text));
        decoded.stranger.map_or(Ok(decoded.octets), |(character, _)| Err(character))
    }

    #[test]
    fn base64_with_folds() {
        // RFC 4648 §10.
        for (text, plain) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm 9v\r\n YmFy", "foobar")] {
            assert_eq!(decoded(text), Ok(plain.as_bytes().to_vec()), "{text}");
        }
        assert_eq!(decoded("Zg==Zg=="), Err('Z'));
        assert_eq!(decoded("Z==="), Err('='));
        assert_eq!(decoded("Zm9v-"), Err('-'));
        assert!(decode(Piece::whole("Zm8")).unpadded);
    }

    #[test]
    fn der_lengths_are_bounded() {
        assert_eq!(element(&[0x30, 0x80], SEQUENCE), Err(KeyProblem::NotAKey), "indefinite form");
        assert_eq!(element(&[0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], SEQUENCE), Err(KeyProblem::NotAKey));
        assert_eq!(element(&[0x30, 0x05, 1], SEQUENCE), Err(KeyProblem::Truncated { expected: 7, found: 3 }));
        assert_eq!(element(&[0x30, 0x01, 1, 2], SEQUENCE), Ok((&[1][..], &[2][..])));
    }
}
