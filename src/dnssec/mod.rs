//! DNSSEC proved from the root keys down, RFC 4035 §5: whether an answer is secure, insecure, bogus or not to be told, and why.
//!
//! Pure: what the evidence does not hold is noted as missing. Every loop has a limit, so that neither many keys of one tag
//! (CVE-2023-50387) nor NSEC3 hashes (CVE-2023-50868) cost more than a bounded time.

mod anchor;
mod denial;
mod inquiry;
mod names;
mod prover;
mod set;
mod words;

pub use anchor::{Anchor, AnchorError, iana};
pub use inquiry::{Inquiry, on_the_way};
pub use prover::{DsFacts, KeyFacts, Link, Proof, Prover, ZoneLink};

pub use set::Signature;

use std::fmt;

use serde::Serialize;

use crate::dns::RecordType;
use crate::name::DomainName;
use crate::time::UnixTime;

/// What is proved of an answer, RFC 4035 §4.3; the worse, the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Signatures lead from a trust anchor to it.
    Secure,
    /// It is proved that it is not signed.
    Insecure,
    /// What it takes is not known.
    Indeterminate,
    /// It ought to be signed, and no signature holds.
    Bogus,
}

/// Why an answer is in its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Reason {
    /// Secure: the signature that covers the answer, or the denial.
    Signed {
        zone: DomainName,
        #[serde(flatten)]
        signature: Signature,
    },
    /// Secure: the record is only thought of, and its zone signs what it publishes.
    WouldBeSigned { zone: DomainName },
    /// Insecure: the parent proves that there is no DS.
    NoDs { zone: DomainName },
    /// Insecure: an NSEC3 record with Opt-Out covers the delegation (RFC 5155 §6).
    OptOut { zone: DomainName },
    /// Insecure: no DS has an algorithm and digest that are relied on (RFC 4035 §5.2, RFC 9905).
    Unsupported { zone: DomainName, algorithms: Vec<u8>, digests: Vec<u8>, sha1: bool },
    /// Insecure, or bogus far over the limit: more NSEC3 iterations than are computed (RFC 9276 §3.2).
    Iterations { zone: DomainName, iterations: u16 },
    /// Bogus: the parent has a DS, and the zone has no DNSKEY.
    NoKeys { zone: DomainName },
    /// Bogus: no DNSKEY fits a DS, or none that may be used.
    NoMatchingKey { zone: DomainName, ds: Vec<u16>, keys: Vec<u16> },
    /// Bogus, or for the root indeterminate: no DNSKEY of the zone is, or fits, a trust anchor.
    NotTrusted { zone: DomainName, keys: Vec<u16> },
    /// Bogus: there is no signature by the zone.
    NotSigned {
        name: DomainName,
        #[serde(rename = "type", serialize_with = "by_name")]
        record_type: RecordType,
        zone: DomainName,
    },
    /// Bogus: no key of the zone made the signature.
    UnknownKey {
        name: DomainName,
        #[serde(rename = "type", serialize_with = "by_name")]
        record_type: RecordType,
        zone: DomainName,
        key_tag: u16,
        algorithm: u8,
    },
    /// Bogus: the key that signs is none that may be relied on: RSA under 1,024 or over 4,096 bits, or no key at all.
    UnusableKey { zone: DomainName, key_tag: u16, algorithm: u8 },
    /// Bogus: the signature is over.
    Expired {
        name: DomainName,
        #[serde(rename = "type", serialize_with = "by_name")]
        record_type: RecordType,
        key_tag: u16,
        algorithm: u8,
        expired: UnixTime,
    },
    /// Bogus: the signature is still to begin.
    NotYetValid {
        name: DomainName,
        #[serde(rename = "type", serialize_with = "by_name")]
        record_type: RecordType,
        key_tag: u16,
        algorithm: u8,
        begins: UnixTime,
    },
    /// Bogus: the signature is not that of the data.
    BadSignature {
        name: DomainName,
        #[serde(rename = "type", serialize_with = "by_name")]
        record_type: RecordType,
        key_tag: u16,
        algorithm: u8,
    },
    /// Bogus: nothing proves that the record is not there.
    NoDenial {
        name: DomainName,
        #[serde(rename = "type", serialize_with = "by_name")]
        record_type: RecordType,
        zone: DomainName,
    },
    /// Bogus: the answer comes from a wildcard, and nothing proves that the name itself is not there.
    NoWildcardProof { name: DomainName, zone: DomainName },
    /// Bogus: too many keys and signatures would have to be tried (CVE-2023-50387).
    TooMuchWork {
        name: DomainName,
        #[serde(rename = "type", serialize_with = "by_name")]
        record_type: RecordType,
    },
    /// Bogus: more aliases in a row than are followed.
    TooManyAliases { name: DomainName },
    /// Indeterminate: the answer is not there.
    Missing {
        name: DomainName,
        #[serde(rename = "type", serialize_with = "by_name")]
        record_type: RecordType,
    },
    /// Indeterminate: the look-up failed.
    Failed {
        name: DomainName,
        #[serde(rename = "type", serialize_with = "by_name")]
        record_type: RecordType,
        why: String,
    },
    /// Indeterminate: the answer was not kept as it came, so there is nothing to verify.
    NoSignatures {
        name: DomainName,
        #[serde(rename = "type", serialize_with = "by_name")]
        record_type: RecordType,
    },
    /// Indeterminate: even the keys of the root do not come, or come unsigned: the resolver strips them.
    Stripped { name: DomainName },
    /// Indeterminate: no trust anchor is at or above the name.
    NoAnchor { name: DomainName },
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Secure => "secure",
            Self::Insecure => "insecure",
            Self::Indeterminate => "indeterminate",
            Self::Bogus => "bogus",
        })
    }
}

fn by_name<S: serde::Serializer>(record_type: &RecordType, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&record_type.name())
}
