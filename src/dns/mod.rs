//! DNS data as values, and the readers that make them: wire messages, zone files, dig output, DoH JSON.

mod carried;
mod fields;
mod key_tag;
mod other_types;
mod rcode;
mod rdata;
mod record_type;
mod svcb;
mod token;

pub mod dig;
pub mod doh_json;
pub mod exact;
pub mod message;
pub mod presentation;
pub mod zone;

pub use key_tag::{is_revoked, key_tag, may_sign};
pub use rcode::Rcode;
pub use rdata::RdataError;
pub use record_type::RecordType;

use std::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use crate::name::DomainName;
use crate::time::UnixTime;

/// One resource record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "carried::Carried", into = "carried::Carried")]
pub struct Record {
    /// Owner name.
    pub owner: DomainName,
    /// Type; always the type of `data`.
    pub record_type: RecordType,
    /// Time to live in seconds.
    pub ttl: u32,
    /// The decoded RDATA.
    pub data: RecordData,
}

/// Decoded RDATA. Names are lower-cased; everything else is as it stood on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordData {
    /// RFC 1035 §3.4.1.
    A(Ipv4Addr),
    /// RFC 3596 §2.2.
    Aaaa(Ipv6Addr),
    /// RFC 1035 §3.3.1.
    Cname(DomainName),
    /// RFC 6672 §2.1.
    Dname(DomainName),
    /// RFC 1035 §3.3.11.
    Ns(DomainName),
    /// RFC 1035 §3.3.12.
    Ptr(DomainName),
    /// RFC 1035 §3.3.9; exchange `.` is the null MX of RFC 7505.
    Mx { preference: u16, exchange: DomainName },
    /// RFC 1035 §3.3.14.
    Txt(Txt),
    /// RFC 1035 §3.3.13.
    Soa { primary: DomainName, mailbox: DomainName, serial: u32, refresh: u32, retry: u32, expire: u32, minimum: u32 },
    /// RFC 4034 §5.1.
    Ds { key_tag: u16, algorithm: u8, digest_type: u8, digest: Vec<u8> },
    /// RFC 4034 §2.1.
    Dnskey { flags: u16, protocol: u8, algorithm: u8, public_key: Vec<u8> },
    /// RFC 4034 §3.1.
    Rrsig(Rrsig),
    /// RFC 4034 §4.1.
    Nsec { next: DomainName, types: Vec<RecordType> },
    /// RFC 5155 §3.1; `next` is the raw hash.
    Nsec3 { hash_algorithm: u8, flags: u8, iterations: u16, salt: Vec<u8>, next: Vec<u8>, types: Vec<RecordType> },
    /// RFC 5155 §4.1.
    Nsec3Param { hash_algorithm: u8, flags: u8, iterations: u16, salt: Vec<u8> },
    /// RFC 6698 §2.1.
    Tlsa { usage: u8, selector: u8, matching: u8, data: Vec<u8> },
    /// RFC 8659 §4.1; `tag` in lower case.
    Caa { flags: u8, tag: String, value: Vec<u8> },
    /// RFC 9460 §2.2, of HTTPS and SVCB; parameters as key and raw value.
    Svcb { priority: u16, target: DomainName, parameters: Vec<(u16, Vec<u8>)> },
    /// Any other type, or RDATA of a known type that does not decode: the raw octets.
    Other(Vec<u8>),
}

/// The RDATA of a TXT record: one or more character-strings of at most 255 octets each.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Txt {
    /// The character-strings as they stood, RFC 1035 §3.3.
    pub strings: Vec<Vec<u8>>,
}

impl Txt {
    /// The strings joined without a separator, as SPF, DKIM, DMARC and the others want it (RFC 7208 §3.3). Octets that
    /// are not UTF-8 become U+FFFD; every record kind judged here is ASCII, so such a record is faulty anyway.
    pub fn text(&self) -> String {
        String::from_utf8(self.strings.concat())
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    /// A TXT record of `text`, cut into strings of 255 octets.
    pub fn from_text(text: &str) -> Self {
        let mut strings: Vec<Vec<u8>> = text.as_bytes().chunks(255).map(<[u8]>::to_vec).collect();
        if strings.is_empty() {
            strings.push(Vec::new());
        }
        Self { strings }
    }
}

/// The RDATA of an RRSIG record, RFC 4034 §3.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rrsig {
    /// The type that the signature covers.
    pub type_covered: RecordType,
    /// DNSSEC algorithm number.
    pub algorithm: u8,
    /// Labels of the owner, without a leading `*`.
    pub labels: u8,
    /// TTL that was signed.
    pub original_ttl: u32,
    /// End of validity, seconds modulo 2³² (RFC 1982 arithmetic).
    pub expiration: u32,
    /// Start of validity, likewise.
    pub inception: u32,
    /// Tag of the signing key.
    pub key_tag: u16,
    /// Zone that signed.
    pub signer: DomainName,
    /// The signature.
    pub signature: Vec<u8>,
}

/// An extended DNS error, RFC 8914: what the resolver says about a failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtendedError {
    /// INFO-CODE.
    pub code: u16,
    /// EXTRA-TEXT.
    pub text: String,
}

/// A decoded response to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Name asked for.
    pub name: DomainName,
    /// Type asked for.
    pub record_type: RecordType,
    /// Response code.
    pub rcode: Rcode,
    /// AD bit: the resolver says that it validated the answer.
    pub authentic: bool,
    /// Answer section.
    pub answers: Vec<Record>,
    /// Authority section.
    pub authority: Vec<Record>,
    /// Extended errors, RFC 8914.
    pub extended_errors: Vec<ExtendedError>,
}

/// When and by whom an answer was given; both absent in what a user supplied without saying so.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Provenance {
    /// URL of the resolver, or the name of the file.
    pub from: Option<String>,
    /// When the answer came.
    pub at: Option<UnixTime>,
}
