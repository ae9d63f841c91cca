//! A certificate in its own octets, RFC 5280 §4.1: what signatures and hashes cover is never written anew.

use std::fmt;

use crate::crypto::{SignatureHash, SubjectKey};
use crate::time::UnixTime;

use super::der::{self, Element, Elements, tag};
use super::oids;

/// Most extensions of one certificate; Mark Certificates have about ten.
const MAX_EXTENSIONS: usize = 48;
/// Most attributes of one name; Mark Certificates have up to twenty.
const MAX_ATTRIBUTES: usize = 64;
/// Longest value of a name that is shown, in characters; X.520 sets 64 to 128 for most.
const MAX_SHOWN: usize = 400;

/// Why octets are no certificate that can be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// They are no DER, or not laid out as RFC 5280 §4.1 says.
    NotX509,
    /// The version is not 3.
    Version,
    /// An extension stands in it twice.
    ExtensionTwice(String),
    /// There are more extensions than are read.
    TooManyExtensions,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotX509 => f.write_str("it does not read as X.509 in DER"),
            Self::Version => f.write_str("it is no certificate of version 3"),
            Self::ExtensionTwice(name) => write!(f, "the extension {name} stands in it twice"),
            Self::TooManyExtensions => write!(f, "it has more than {MAX_EXTENSIONS} extensions"),
        }
    }
}

/// One extension.
#[derive(Clone, Copy, Debug)]
pub struct Extension<'d> {
    /// Content octets of its identifier.
    pub oid: &'d [u8],
    /// Whether whoever does not know it must refuse the certificate.
    pub critical: bool,
    /// What it says, DER.
    pub value: &'d [u8],
    /// The whole of it, DER.
    pub whole: &'d [u8],
}

/// One certificate.
#[derive(Clone, Debug)]
pub struct Parsed<'d> {
    /// The whole of it, DER.
    pub der: &'d [u8],
    /// What is signed: TBSCertificate.
    pub tbs: Element<'d>,
    /// The serial number's octets.
    pub serial: &'d [u8],
    /// Content octets of the identifier of the signature's algorithm.
    pub algorithm: &'d [u8],
    /// Whether the algorithm is the same inside of what is signed and outside, RFC 5280 §4.1.1.2.
    pub same_algorithm: bool,
    /// Name of the issuer, DER.
    pub issuer: &'d [u8],
    /// When it begins to hold.
    pub not_before: UnixTime,
    /// When it ends.
    pub not_after: UnixTime,
    /// Name of the subject, DER.
    pub subject: &'d [u8],
    /// SubjectPublicKeyInfo, DER.
    pub spki: Element<'d>,
    /// The extensions, in order.
    pub extensions: Vec<Extension<'d>>,
    /// The signature.
    pub signature: &'d [u8],
}

impl<'d> Parsed<'d> {
    /// Reads one certificate.
    pub fn read(der: &'d [u8]) -> Result<Self, ReadError> {
        let (tbs, algorithm, signature) = outer(der).ok_or(ReadError::NotX509)?;
        let mut inner = Elements::of(tbs.content);
        let version = inner.enter(tag::holder(0)).and_then(|mut version| version.take(tag::INTEGER));
        if version.is_none_or(|version| version.content != [2]) {
            return Err(ReadError::Version);
        }
        let fields = fields(&mut inner).ok_or(ReadError::NotX509)?;
        // issuerUniqueID and subjectUniqueID, which nobody uses.
        inner.take(tag::octets(1));
        inner.take(tag::octets(2));
        let extensions = match inner.take(tag::holder(3)) {
            Some(holder) => extensions(holder.content)?,
            None => Vec::new(),
        };
        if !inner.is_empty() {
            return Err(ReadError::NotX509);
        }
        let oid = Elements::of(algorithm.content).take(tag::OID).ok_or(ReadError::NotX509)?;
        Ok(Self {
            der,
            tbs,
            serial: fields.serial,
            algorithm: oid.content,
            same_algorithm: algorithm.whole == fields.algorithm,
            issuer: fields.issuer,
            not_before: fields.not_before,
            not_after: fields.not_after,
            subject: fields.subject,
            spki: fields.spki,
            extensions,
            signature,
        })
    }

    /// An extension.
    pub fn extension(&self, oid: x509_cert::der::asn1::ObjectIdentifier) -> Option<Extension<'d>> {
        self.extensions.iter().find(|extension| extension.oid == oid.as_bytes()).copied()
    }

    /// Its key, if it is of a kind that is verified with.
    pub fn key(&self) -> Option<SubjectKey<'d>> {
        key(self.spki)
    }

    /// Its key in words, as in `RSA 2048`.
    pub fn key_words(&self) -> String {
        match self.key() {
            Some(SubjectKey::Rsa { modulus, .. }) => format!("RSA {}", modulus_bits(modulus)),
            Some(SubjectKey::P256(_)) => "ECDSA P-256".into(),
            Some(SubjectKey::P384(_)) => "ECDSA P-384".into(),
            None => key_kind(self.spki).unwrap_or_else(|| "a key of an unknown kind".into()),
        }
    }

    /// The digest and kind of its signature; `None` where it is none that is verified here.
    pub fn signature_hash(&self) -> Option<(SignatureHash, bool)> {
        const RSA: bool = true;
        let known = [
            (oids::RSA_SHA256, SignatureHash::Sha256, RSA),
            (oids::RSA_SHA384, SignatureHash::Sha384, RSA),
            (oids::RSA_SHA512, SignatureHash::Sha512, RSA),
            (oids::ECDSA_SHA256, SignatureHash::Sha256, !RSA),
            (oids::ECDSA_SHA384, SignatureHash::Sha384, !RSA),
            (oids::ECDSA_SHA512, SignatureHash::Sha512, !RSA),
        ];
        known.iter().find(|(oid, ..)| oid.as_bytes() == self.algorithm).map(|(_, hash, is_rsa)| (*hash, *is_rsa))
    }

    /// Whether its signature is over SHA-1, which MCR §6.1.5 rules out.
    pub fn is_sha1(&self) -> bool {
        [oids::RSA_SHA1, oids::ECDSA_SHA1].iter().any(|oid| oid.as_bytes() == self.algorithm)
    }

    /// The serial number in hexadecimal.
    pub fn serial_words(&self) -> String {
        der::hex(self.serial)
    }

    /// Common name and organization of the subject.
    pub fn subject_words(&self) -> String {
        name_words(self.subject)
    }

    /// Common name and organization of the issuer.
    pub fn issuer_words(&self) -> String {
        name_words(self.issuer)
    }

    /// What a person would call it: its common name, else its organization.
    pub fn called(&self) -> String {
        called(self.subject)
    }
}

/// The three parts of a certificate: what is signed, the algorithm, the signature.
fn outer(der: &[u8]) -> Option<(Element<'_>, Element<'_>, &[u8])> {
    let mut parts = Elements::of(der::only(der, tag::SEQUENCE)?.content);
    let (tbs, algorithm) = (parts.take(tag::SEQUENCE)?, parts.take(tag::SEQUENCE)?);
    let signature = der::bits(parts.take(tag::BIT_STRING)?.content)?;
    parts.is_empty().then_some((tbs, algorithm, signature))
}

/// The fields of a TBSCertificate from serial number to key.
struct Fields<'d> {
    serial: &'d [u8],
    algorithm: &'d [u8],
    issuer: &'d [u8],
    not_before: UnixTime,
    not_after: UnixTime,
    subject: &'d [u8],
    spki: Element<'d>,
}

fn fields<'d>(inner: &mut Elements<'d>) -> Option<Fields<'d>> {
    let serial = inner.take(tag::INTEGER)?.content;
    let algorithm = inner.take(tag::SEQUENCE)?.whole;
    let issuer = inner.take(tag::SEQUENCE)?.whole;
    let mut validity = inner.enter(tag::SEQUENCE)?;
    let (not_before, not_after) = (time(&validity.read()?)?, time(&validity.read()?)?);
    let subject = inner.take(tag::SEQUENCE)?.whole;
    let spki = inner.take(tag::SEQUENCE)?;
    (validity.is_empty() && !serial.is_empty()).then_some(Fields {
        serial,
        algorithm,
        issuer,
        not_before,
        not_after,
        subject,
        spki,
    })
}

/// A time in UTC with seconds, RFC 5280 §4.1.2.5.
fn time(element: &Element<'_>) -> Option<UnixTime> {
    let text = std::str::from_utf8(element.content).ok()?;
    let whole = match (element.tag, text.get(..2)) {
        // Years from 50 on are of the last century.
        (tag::UTC_TIME, Some(year)) if text.len() == 13 => format!("{}{text}", if year < "50" { "20" } else { "19" }),
        (tag::GENERALIZED_TIME, _) if text.len() == 15 => text.to_owned(),
        _ => return None,
    };
    let part = |range: std::ops::Range<usize>| whole.get(range);
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    let (hour, minute, second, zone) = (part(8..10)?, part(10..12)?, part(12..14)?, part(14..15)?);
    UnixTime::parse_rfc3339(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}{zone}")).ok()
}

/// Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension
fn extensions(content: &[u8]) -> Result<Vec<Extension<'_>>, ReadError> {
    let list = der::only(content, tag::SEQUENCE).ok_or(ReadError::NotX509)?;
    let mut elements = Elements::of(list.content);
    let mut found: Vec<Extension<'_>> = Vec::new();
    while !elements.is_empty() {
        if found.len() == MAX_EXTENSIONS {
            return Err(ReadError::TooManyExtensions);
        }
        let extension = elements.take(tag::SEQUENCE).and_then(extension).ok_or(ReadError::NotX509)?;
        if found.iter().any(|known| known.oid == extension.oid) {
            return Err(ReadError::ExtensionTwice(oids::words(extension.oid)));
        }
        found.push(extension);
    }
    Ok(found)
}

/// Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
fn extension(element: Element<'_>) -> Option<Extension<'_>> {
    let mut parts = Elements::of(element.content);
    let oid = parts.take(tag::OID)?.content;
    let critical = match parts.take(tag::BOOLEAN) {
        // Some authorities write the default out, which DER forbids; it says the same.
        Some(flag) => match flag.content {
            [0xFF] => true,
            [0] => false,
            _ => return None,
        },
        None => false,
    };
    let value = parts.take(tag::OCTET_STRING)?.content;
    parts.is_empty().then_some(Extension { oid, critical, value, whole: element.whole })
}

/// SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }
pub fn key(spki: Element<'_>) -> Option<SubjectKey<'_>> {
    let mut parts = Elements::of(spki.content);
    let mut algorithm = parts.enter(tag::SEQUENCE)?;
    let kind = algorithm.take(tag::OID)?.content;
    let key = der::bits(parts.take(tag::BIT_STRING)?.content)?;
    if kind == oids::RSA.as_bytes() {
        let mut numbers = Elements::of(der::only(key, tag::SEQUENCE)?.content);
        let (modulus, exponent) = (numbers.take(tag::INTEGER)?.content, numbers.take(tag::INTEGER)?.content);
        return Some(SubjectKey::Rsa { modulus, exponent });
    }
    let curve = algorithm.take(tag::OID).filter(|_| kind == oids::EC.as_bytes())?.content;
    match curve {
        curve if curve == oids::P256.as_bytes() => Some(SubjectKey::P256(key)),
        curve if curve == oids::P384.as_bytes() => Some(SubjectKey::P384(key)),
        _ => None,
    }
}

/// The kind of a key that is not verified with.
fn key_kind(spki: Element<'_>) -> Option<String> {
    let mut algorithm = Elements::of(spki.content).enter(tag::SEQUENCE)?;
    let kind = algorithm.take(tag::OID)?.content;
    Some(match algorithm.take(tag::OID) {
        Some(curve) if kind == oids::EC.as_bytes() => format!("ECDSA {}", oids::words(curve.content)),
        _ => oids::words(kind),
    })
}

/// Bits of a modulus.
pub fn modulus_bits(modulus: &[u8]) -> usize {
    let mut significant = modulus.iter().skip_while(|octet| **octet == 0);
    let unused = significant.next().map_or(8, |octet| octet.leading_zeros());
    (significant.count() * 8 + 8).saturating_sub(usize::try_from(unused).unwrap_or(0))
}

/// The attributes of a name: content octets of the identifier, and the text. What does not read is left out.
pub fn attributes(name: &[u8]) -> Vec<(&[u8], String)> {
    let sets =
        der::only(name, tag::SEQUENCE).and_then(|name| der::all(name.content, MAX_ATTRIBUTES)).unwrap_or_default();
    let attributes = sets.into_iter().flat_map(|set| der::all(set.content, MAX_ATTRIBUTES).unwrap_or_default());
    let read = attributes.filter_map(|attribute| {
        let mut parts = Elements::of(attribute.content);
        let (kind, value) = (parts.take(tag::OID)?, parts.read()?);
        Some((kind.content, der::text(&value).chars().take(MAX_SHOWN).collect()))
    });
    read.take(MAX_ATTRIBUTES).collect()
}

/// The first attribute of this kind.
pub fn attribute(name: &[u8], oid: x509_cert::der::asn1::ObjectIdentifier) -> Option<String> {
    attributes(name).into_iter().find(|(kind, _)| *kind == oid.as_bytes()).map(|(_, text)| text)
}

/// Common name and organization in the notation of RFC 4514, as elsewhere on the page.
fn name_words(name: &[u8]) -> String {
    let attributes = attributes(name);
    let parts = [("CN", oids::COMMON_NAME), ("O", oids::ORGANIZATION)].into_iter().flat_map(|(word, oid)| {
        let of_kind = attributes.iter().filter(move |(kind, _)| *kind == oid.as_bytes());
        of_kind.map(move |(_, text)| format!("{word}={text}"))
    });
    parts.collect::<Vec<_>>().join(",")
}

/// What a person would call the bearer of a name.
pub fn called(name: &[u8]) -> String {
    let called = attribute(name, oids::COMMON_NAME).or_else(|| attribute(name, oids::ORGANIZATION));
    called.unwrap_or_else(|| "without a name".into())
}
