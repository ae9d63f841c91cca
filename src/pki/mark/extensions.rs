//! What the extensions of a certificate say, RFC 5280 §4.2; `None` where one does not read.

use super::der::{self, Element, Elements, tag};
use super::oids;

/// Most entries of one list; real lists have up to five.
const MAX_ENTRIES: usize = 128;
/// Bits of KeyUsage, RFC 5280 §4.2.1.3, in its first octet.
const KEY_CERT_SIGN: u8 = 0x04;
const CRL_SIGN: u8 = 0x02;

/// BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether it may issue certificates.
    pub ca: bool,
    /// How many further authorities may follow.
    pub path_length: Option<usize>,
}

/// Reads `basicConstraints`.
pub fn basic_constraints(value: &[u8]) -> Option<BasicConstraints> {
    let mut parts = Elements::of(der::only(value, tag::SEQUENCE)?.content);
    let ca = match parts.take(tag::BOOLEAN) {
        Some(flag) => match flag.content {
            [0xFF] => true,
            [0] => false,
            _ => return None,
        },
        None => false,
    };
    let path_length = match parts.take(tag::INTEGER) {
        Some(number) => match number.content {
            [small @ 0..=0x7F] => Some(usize::from(*small)),
            // Longer than any path that is followed.
            [0..=0x7F, ..] => Some(usize::MAX),
            _ => return None,
        },
        None => None,
    };
    parts.is_empty().then_some(BasicConstraints { ca, path_length })
}

/// What a key may sign besides mail and handshakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage {
    /// Certificates.
    pub certificates: bool,
    /// Lists of revoked certificates.
    pub crls: bool,
}

/// Reads `keyUsage`.
pub fn key_usage(value: &[u8]) -> Option<KeyUsage> {
    let (unused, bits) = der::only(value, tag::BIT_STRING)?.content.split_first()?;
    let first = bits.first().copied().unwrap_or(0);
    (*unused < 8).then_some(KeyUsage { certificates: first & KEY_CERT_SIGN != 0, crls: first & CRL_SIGN != 0 })
}

/// Reads `extKeyUsage`: content octets of each purpose.
pub fn purposes(value: &[u8]) -> Option<Vec<&[u8]>> {
    let list = der::all(der::only(value, tag::SEQUENCE)?.content, MAX_ENTRIES)?;
    list.into_iter().map(|purpose| (purpose.tag == tag::OID).then_some(purpose.content)).collect()
}

/// One entry of `certificatePolicies`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy<'d> {
    /// Content octets of its identifier.
    pub oid: &'d [u8],
    /// Where the practice statement is.
    pub cps: Option<String>,
}

/// Reads `certificatePolicies`.
pub fn policies(value: &[u8]) -> Option<Vec<Policy<'_>>> {
    let list = der::all(der::only(value, tag::SEQUENCE)?.content, MAX_ENTRIES)?;
    list.into_iter().map(policy).collect()
}

/// PolicyInformation ::= SEQUENCE { policyIdentifier OBJECT IDENTIFIER, policyQualifiers SEQUENCE OF … OPTIONAL }
fn policy(element: Element<'_>) -> Option<Policy<'_>> {
    let mut parts = Elements::of(element.content);
    let oid = parts.take(tag::OID).filter(|_| element.tag == tag::SEQUENCE)?.content;
    let qualifiers = parts.take(tag::SEQUENCE).and_then(|list| der::all(list.content, MAX_ENTRIES)).unwrap_or_default();
    let cps = qualifiers.into_iter().find_map(|qualifier| {
        let mut parts = Elements::of(qualifier.content);
        let kind = parts.take(tag::OID)?;
        parts.take(tag::IA5).filter(|_| kind.content == oids::CPS.as_bytes())
    });
    Some(Policy { oid, cps: cps.map(|cps| der::text(&cps)) })
}

/// One entry of `subjectAltName`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlternativeName {
    /// A DNS name, as it stands there.
    Dns(String),
    /// Any other kind, in words.
    Other(&'static str),
}

/// Reads `subjectAltName`.
pub fn alternative_names(value: &[u8]) -> Option<Vec<AlternativeName>> {
    let list = der::all(der::only(value, tag::SEQUENCE)?.content, MAX_ENTRIES)?;
    let name = |name: Element<'_>| match name.tag & !tag::CONSTRUCTED {
        0x82 if name.content.is_ascii() => AlternativeName::Dns(der::text(&name)),
        0x82 => AlternativeName::Other("a DNS name that is not ASCII"),
        0x81 => AlternativeName::Other("a mail address"),
        0x84 => AlternativeName::Other("a directory name"),
        0x86 => AlternativeName::Other("a URI"),
        0x87 => AlternativeName::Other("an IP address"),
        _ => AlternativeName::Other("a name of another kind"),
    };
    Some(list.into_iter().map(name).collect())
}

/// Reads the addresses in `cRLDistributionPoints`.
pub fn crl_addresses(value: &[u8]) -> Option<Vec<String>> {
    let points = der::all(der::only(value, tag::SEQUENCE)?.content, MAX_ENTRIES)?;
    let mut addresses = Vec::new();
    for point in points {
        let name = Elements::of(point.content).enter(tag::holder(0)).and_then(|mut name| name.take(tag::holder(0)));
        let names = name.map(|names| der::all(names.content, MAX_ENTRIES)).unwrap_or_default();
        let of_point = names.into_iter().flatten().filter(|name| name.tag == tag::octets(6));
        addresses.extend(of_point.map(|name| der::text(&name)).take(MAX_ENTRIES));
    }
    addresses.truncate(MAX_ENTRIES);
    Some(addresses)
}

/// Reads `authorityInfoAccess`: content octets of the method, and the address.
pub fn authority_access(value: &[u8]) -> Option<Vec<(&[u8], String)>> {
    let list = der::all(der::only(value, tag::SEQUENCE)?.content, MAX_ENTRIES)?;
    let mut read = Vec::new();
    for element in list {
        let mut parts = Elements::of(element.content);
        let (method, place) = (parts.take(tag::OID)?, parts.read()?);
        if place.tag == tag::octets(6) {
            read.push((method.content, der::text(&place)));
        }
    }
    Some(read)
}

/// Reads the key identifier of `subjectKeyIdentifier`.
pub fn subject_key(value: &[u8]) -> Option<&[u8]> {
    der::only(value, tag::OCTET_STRING).map(|identifier| identifier.content)
}

/// Reads the key identifier of `authorityKeyIdentifier`.
pub fn authority_key(value: &[u8]) -> Option<&[u8]> {
    let identifier = Elements::of(der::only(value, tag::SEQUENCE)?.content).take(tag::octets(0));
    identifier.map(|identifier| identifier.content)
}
