//! Where trust starts: the root keys of IANA, or anchors that the user names.

use std::fmt;

use domain::utils::base64;
use serde::{Deserialize, Serialize};

use crate::crypto::DigestType;
use crate::dns::exact::wire_name;
use crate::dns::{RecordData, RecordType, key_tag};
use crate::name::DomainName;
use crate::text::octets_of_hex;

/// Most lines of a file with anchors; the root has two.
const MAX_ANCHORS: usize = 32;

/// A key that is trusted without proof, given whole or by its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Anchor {
    /// The zone.
    pub zone: DomainName,
    data: RecordData,
    /// The line that it was read from.
    text: String,
}

impl From<Anchor> for String {
    fn from(anchor: Anchor) -> Self {
        anchor.text
    }
}

impl TryFrom<String> for Anchor {
    type Error = AnchorError;

    fn try_from(text: String) -> Result<Self, AnchorError> {
        Self::read_line(&text, 1)
    }
}

/// Why a line is no trust anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnchorError {
    /// Neither a DS nor a DNSKEY record.
    NotAnAnchor { line: usize, why: String },
    /// The digest of a DS, or the algorithm of a key, is not relied on here.
    Unsupported { line: usize },
    /// More lines than are read.
    TooMany { limit: usize },
    /// Not one.
    Empty,
}

impl fmt::Display for AnchorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnAnchor { line, why } => f.write_str(&tr!(
                "line {line}: {why}; an anchor is a DS or DNSKEY record, as in `. IN DS 20326 8 2 E06D…`",
                line,
                why
            )),
            Self::Unsupported { line } => {
                f.write_str(&tr!("line {line}: the algorithm or digest is not relied on here", line))
            }
            Self::TooMany { limit } => f.write_str(&tr!("more than {limit} anchors", limit)),
            Self::Empty => f.write_str("there is no anchor in it"),
        }
    }
}

/// The root keys as IANA publishes them (root-anchors.xml, as of 2026-11): KSK-2017 and KSK-2024.
const IANA: &str = ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D
. IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16";

/// The anchors of IANA.
pub fn iana() -> Vec<Anchor> {
    Anchor::read(IANA).unwrap_or_default()
}

impl Anchor {
    /// Reads DS and DNSKEY records, one a line, with or without TTL and class; `;` starts a comment.
    pub fn read(text: &str) -> Result<Vec<Self>, AnchorError> {
        let mut anchors = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.split(';').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            if anchors.len() >= MAX_ANCHORS {
                return Err(AnchorError::TooMany { limit: MAX_ANCHORS });
            }
            anchors.push(Self::read_line(line, at + 1)?);
        }
        if anchors.is_empty() { Err(AnchorError::Empty) } else { Ok(anchors) }
    }

    fn read_line(line: &str, at: usize) -> Result<Self, AnchorError> {
        let bad = |why: String| AnchorError::NotAnAnchor { line: at, why };
        let (owner, mut rest) = line.split_once(char::is_whitespace).ok_or_else(|| bad("it has one word".into()))?;
        let zone = DomainName::parse(owner).map_err(|error| bad(error.to_string()))?;
        loop {
            let (word, after) =
                rest.trim_start().split_once(char::is_whitespace).ok_or_else(|| bad("there is no type".into()))?;
            let record_type = match word.to_ascii_uppercase().as_str() {
                "DS" => RecordType::DS,
                "DNSKEY" => RecordType::DNSKEY,
                "IN" => {
                    rest = after;
                    continue;
                }
                ttl if ttl.bytes().all(|octet| octet.is_ascii_digit()) => {
                    rest = after;
                    continue;
                }
                other => return Err(bad(tr!("its type is {other}", other))),
            };
            let data =
                rdata(record_type, after).ok_or_else(|| bad(tr!("it does not read as {record_type}", record_type)))?;
            let relied_on = match &data {
                RecordData::Ds { digest_type, .. } => DigestType::of(*digest_type).is_some(),
                RecordData::Dnskey { .. } => true,
                _ => false,
            };
            return if relied_on {
                Ok(Self { zone, data, text: line.into() })
            } else {
                Err(AnchorError::Unsupported { line: at })
            };
        }
    }

    /// Whether the anchor is, or is the digest of, this key.
    pub fn is_of(&self, key: &RecordData, rdata: &[u8]) -> bool {
        match &self.data {
            RecordData::Ds { .. } => ds_fits(&self.data, &self.zone, key, rdata),
            anchor => anchor == key,
        }
    }
}

/// The RDATA of an anchor (RFC 4034 §2.2, §5.3); the parser of zone files would cost the page 60 KB.
fn rdata(record_type: RecordType, text: &str) -> Option<RecordData> {
    let mut words = text.split_ascii_whitespace();
    let (first, second, third) =
        (words.next()?.parse().ok()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    let rest: String = words.collect();
    Some(match record_type {
        RecordType::DS => RecordData::Ds {
            key_tag: first,
            algorithm: second,
            digest_type: third,
            digest: octets_of_hex(&rest).filter(|digest| !digest.is_empty())?,
        },
        _ => RecordData::Dnskey {
            flags: first,
            protocol: second,
            algorithm: third,
            public_key: base64::decode(&rest).ok().filter(|key: &Vec<u8>| !key.is_empty())?,
        },
    })
}

/// Whether a DS record points to a DNSKEY, RFC 4034 §5.1.4: tag, algorithm and digest over owner and RDATA.
pub(super) fn ds_fits(ds: &RecordData, zone: &DomainName, key: &RecordData, rdata: &[u8]) -> bool {
    let RecordData::Ds { key_tag: tag, algorithm, digest_type, digest } = ds else { return false };
    let RecordData::Dnskey { flags, protocol, algorithm: own, public_key } = key else { return false };
    algorithm == own
        && *tag == key_tag(*flags, *protocol, *own, public_key)
        && DigestType::of(*digest_type)
            .is_some_and(|digest_type| digest_type.of_parts(&[&wire_name(zone), rdata]) == *digest)
}
