//! X.509 certificates as mail servers show them (RFC 5280), the TLSA data that stands for them (RFC 6698 §2.1), and Mark
//! Certificates (BIMI).

pub mod mark;
mod pem;

pub use pem::{PemError, certificates};

use x509_cert::Certificate as X509;
use x509_cert::der::asn1::{ObjectIdentifier, UintRef};
use x509_cert::der::{Decode, Encode, Reader, SliceReader};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, SubjectAltName};
use x509_cert::name::Name;

use crate::crypto::{sha256, sha512};
use crate::time::UnixTime;

/// Most names of one certificate that are kept; certificate authorities stop at 100.
const MAX_NAMES: usize = 128;
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
/// id-kp-BrandIndicatorforMessageIdentification: the certificate of a BIMI logo, not of a server.
const BRAND_INDICATOR: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.31");

/// One certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The whole of it, DER.
    pub der: Vec<u8>,
    /// Its SubjectPublicKeyInfo, DER.
    pub spki: Vec<u8>,
    /// Common name and organization of the subject, as RFC 4514 writes them.
    pub subject: String,
    /// The issuer, likewise.
    pub issuer: String,
    /// The DNS names it is for, in lower case.
    pub names: Vec<String>,
    /// When it begins to hold.
    pub not_before: UnixTime,
    /// When it ends.
    pub not_after: UnixTime,
    /// Its key in words, as in `RSA 2048`.
    pub key: String,
    /// Whether it may issue others.
    pub is_ca: bool,
    /// Whether it is for a BIMI logo.
    pub is_mark: bool,
}

impl Certificate {
    /// Reads one certificate, DER; `None` where it is none.
    pub fn read(der: &[u8]) -> Option<Self> {
        let x509 = X509::from_der(der).ok()?;
        let tbs = x509.tbs_certificate();
        let seconds = |time: x509_cert::time::Time| {
            UnixTime(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
        };
        let names = tbs.get_extension::<SubjectAltName>().ok().flatten().map(|(_, names)| names.0).unwrap_or_default();
        let names = names.into_iter().filter_map(|name| match name {
            GeneralName::DnsName(name) => Some(name.as_str().to_ascii_lowercase()),
            _ => None,
        });
        let purposes = tbs.get_extension::<ExtendedKeyUsage>().ok().flatten();
        let spki = tbs.subject_public_key_info();
        let parameters = spki.algorithm.parameters.as_ref().and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
        Some(Self {
            der: der.to_vec(),
            spki: spki.to_der().ok()?,
            subject: name_words(tbs.subject()),
            issuer: name_words(tbs.issuer()),
            names: names.take(MAX_NAMES).collect(),
            not_before: seconds(tbs.validity().not_before),
            not_after: seconds(tbs.validity().not_after),
            key: key_words(spki.algorithm.oid, parameters, spki.subject_public_key.raw_bytes()),
            is_ca: tbs.get_extension::<BasicConstraints>().ok().flatten().is_some_and(|(_, basic)| basic.ca),
            is_mark: purposes.is_some_and(|(_, purposes)| purposes.0.contains(&BRAND_INDICATOR)),
        })
    }

    /// The data of a TLSA record for it, RFC 6698 §2.1.2 and §2.1.3; `None` where selector or matching type is not known.
    pub fn association(&self, selector: u8, matching: u8) -> Option<Vec<u8>> {
        let object = match selector {
            0 => &self.der,
            1 => &self.spki,
            _ => return None,
        };
        Some(match matching {
            0 => object.clone(),
            1 => sha256(object),
            2 => sha512(object),
            _ => return None,
        })
    }

    /// Whether it can be a server's own: one that does not issue, or one that a server made for itself, which tools mark as
    /// issuing too.
    pub fn is_own(&self) -> bool {
        !self.is_ca || self.subject == self.issuer && !self.names.is_empty()
    }

    /// Whether it is for a host: one of its names is the host's, or a wildcard over the host's first label (RFC 6125 §6.4.3).
    pub fn is_for(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let rest = host.split_once('.').map(|(_, rest)| rest);
        self.names.iter().any(|name| *name == host || name.strip_prefix("*.").is_some_and(|of| Some(of) == rest))
    }
}

/// Common name and organization in the notation of RFC 4514. The library's own would bring the names of all object
/// identifiers, 20 KB.
fn name_words(name: &Name) -> String {
    let parts = [("CN", COMMON_NAME), ("O", ORGANIZATION)].into_iter().flat_map(|(word, oid)| {
        let attributes = name.iter().filter(move |attribute| attribute.oid == oid);
        attributes.map(move |attribute| format!("{word}={}", String::from_utf8_lossy(attribute.value.value())))
    });
    parts.collect::<Vec<_>>().join(",")
}

/// A key in words: algorithm and size.
fn key_words(algorithm: ObjectIdentifier, parameters: Option<ObjectIdentifier>, key: &[u8]) -> String {
    match (algorithm, parameters) {
        (RSA, _) => rsa_bits(key).map_or_else(|| "RSA".into(), |bits| format!("RSA {bits}")),
        (EC, Some(P256)) => "ECDSA P-256".into(),
        (EC, Some(P384)) => "ECDSA P-384".into(),
        (ED25519, _) => "Ed25519".into(),
        (EC, Some(curve)) => format!("ECDSA, curve {curve}"),
        (other, _) => format!("algorithm {other}"),
    }
}

/// Bits of the modulus of an RSAPublicKey, RFC 8017 §A.1.1.
fn rsa_bits(key: &[u8]) -> Option<usize> {
    let mut reader = SliceReader::new(key).ok()?;
    let bits = reader.sequence(|inner: &mut SliceReader<'_>| {
        let modulus = UintRef::decode(inner)?;
        let _exponent = UintRef::decode(inner)?;
        let unused = modulus.as_bytes().first().map_or(0, |octet| octet.leading_zeros());
        Ok::<_, x509_cert::der::Error>(modulus.as_bytes().len() * 8 - usize::try_from(unused).unwrap_or(0))
    });
    bits.ok()
}
