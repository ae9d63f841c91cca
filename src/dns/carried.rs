//! Records between the page and its worker: the RDATA as octets (RFC 1035 §4.1.3), so that the page reads them with the
//! decoder that it has anyway.

use serde::{Deserialize, Serialize};

use super::rdata::{self, name_to_octets};
use super::{Record, RecordData, RecordType};
use crate::name::DomainName;

/// A record as it travels.
#[derive(Serialize, Deserialize)]
pub(super) struct Carried {
    owner: DomainName,
    record_type: RecordType,
    ttl: u32,
    /// Whether the octets are not to be decoded, whatever the type.
    raw: bool,
    octets: Vec<u8>,
}

impl From<Record> for Carried {
    fn from(Record { owner, record_type, ttl, data }: Record) -> Self {
        Self { owner, record_type, ttl, raw: matches!(data, RecordData::Other(_)), octets: octets(data) }
    }
}

impl From<Carried> for Record {
    fn from(Carried { owner, record_type, ttl, raw, octets }: Carried) -> Self {
        let decoded = if raw { None } else { rdata::decode(record_type, &octets).ok() };
        Self { owner, record_type, ttl, data: decoded.unwrap_or(RecordData::Other(octets)) }
    }
}

/// RDATA in wire form, names uncompressed.
fn octets(data: RecordData) -> Vec<u8> {
    let mut into = Vec::new();
    match data {
        RecordData::A(address) => into.extend(address.octets()),
        RecordData::Aaaa(address) => into.extend(address.octets()),
        RecordData::Cname(name) | RecordData::Dname(name) | RecordData::Ns(name) | RecordData::Ptr(name) => {
            name_to_octets(&name, &mut into);
        }
        RecordData::Mx { preference, exchange } => {
            into.extend(preference.to_be_bytes());
            name_to_octets(&exchange, &mut into);
        }
        RecordData::Txt(txt) => txt.strings.iter().for_each(|string| counted(string, &mut into)),
        RecordData::Soa { primary, mailbox, serial, refresh, retry, expire, minimum } => {
            name_to_octets(&primary, &mut into);
            name_to_octets(&mailbox, &mut into);
            for number in [serial, refresh, retry, expire, minimum] {
                into.extend(number.to_be_bytes());
            }
        }
        RecordData::Ds { key_tag, algorithm, digest_type, digest } => {
            into.extend(key_tag.to_be_bytes());
            into.extend([algorithm, digest_type]);
            into.extend(digest);
        }
        RecordData::Dnskey { flags, protocol, algorithm, public_key } => {
            into.extend(flags.to_be_bytes());
            into.extend([protocol, algorithm]);
            into.extend(public_key);
        }
        RecordData::Rrsig(rrsig) => {
            into.extend(rrsig.type_covered.0.to_be_bytes());
            into.extend([rrsig.algorithm, rrsig.labels]);
            for number in [rrsig.original_ttl, rrsig.expiration, rrsig.inception] {
                into.extend(number.to_be_bytes());
            }
            into.extend(rrsig.key_tag.to_be_bytes());
            name_to_octets(&rrsig.signer, &mut into);
            into.extend(rrsig.signature);
        }
        RecordData::Nsec { next, types } => {
            name_to_octets(&next, &mut into);
            bitmap(types, &mut into);
        }
        RecordData::Nsec3 { hash_algorithm, flags, iterations, salt, next, types } => {
            into.extend([hash_algorithm, flags]);
            into.extend(iterations.to_be_bytes());
            counted(&salt, &mut into);
            counted(&next, &mut into);
            bitmap(types, &mut into);
        }
        RecordData::Nsec3Param { hash_algorithm, flags, iterations, salt } => {
            into.extend([hash_algorithm, flags]);
            into.extend(iterations.to_be_bytes());
            counted(&salt, &mut into);
        }
        RecordData::Tlsa { usage, selector, matching, data } => {
            into.extend([usage, selector, matching]);
            into.extend(data);
        }
        RecordData::Caa { flags, tag, value } => {
            into.push(flags);
            counted(tag.as_bytes(), &mut into);
            into.extend(value);
        }
        RecordData::Svcb { priority, target, parameters } => {
            into.extend(priority.to_be_bytes());
            name_to_octets(&target, &mut into);
            for (key, value) in parameters {
                into.extend(key.to_be_bytes());
                into.extend(u16::try_from(value.len()).unwrap_or_default().to_be_bytes());
                into.extend(value);
            }
        }
        RecordData::Other(octets) => into = octets,
    }
    into
}

/// One octet of length and as many octets; the readers of every format take no more than 255.
fn counted(octets: &[u8], into: &mut Vec<u8>) {
    into.push(u8::try_from(octets.len()).unwrap_or_default());
    into.extend(octets);
}

/// A type bitmap, RFC 4034 §4.1.2.
fn bitmap(mut types: Vec<RecordType>, into: &mut Vec<u8>) {
    crate::order::by_key(&mut types, |record_type| record_type.0.into());
    for of_window in types.chunk_by(|a, b| a.0 >> 8 == b.0 >> 8) {
        let mut bits = Vec::new();
        for record_type in of_window {
            let [window, low] = record_type.0.to_be_bytes();
            if bits.is_empty() {
                into.push(window);
            }
            bits.resize(usize::from(low / 8) + 1, 0_u8);
            if let Some(octet) = bits.last_mut() {
                *octet |= 0x80 >> (low % 8);
            }
        }
        counted(&bits, into);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::presentation::rdata_from_text;

    fn same_again(record_type: RecordType, data: RecordData) {
        let owner = DomainName::parse("mail.example.com").unwrap();
        let record = Record { owner, record_type, ttl: 300, data };
        let carried = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<Record>(&carried).unwrap(), record, "{carried}");
    }

    #[test]
    fn every_type_arrives_as_it_left() {
        for (record_type, text) in [
            (RecordType::A, "192.0.2.1"),
            (RecordType::AAAA, "2001:db8::1"),
            (RecordType::CNAME, r"a\.b.example.net."),
            (RecordType::DNAME, "example.net."),
            (RecordType::NS, "ns.example.net."),
            (RecordType::PTR, "."),
            (RecordType::MX, "10 mx.example.com."),
            (RecordType::TXT, r#""v=spf1 " "-all" "" "\200\"""#),
            (RecordType::SOA, "ns.example.com. root.example.com. 1 2 3 4 4294967295"),
            (RecordType::DS, "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118"),
            (RecordType::DNSKEY, "257 3 13 AQIDBA=="),
            (RecordType::RRSIG, "A 13 3 300 20261201000000 20261101000000 1234 example.com. AQIDBA=="),
            (RecordType::NSEC, "host.example.com. A MX RRSIG NSEC TYPE1234 TYPE65280"),
            (RecordType::NSEC3, "1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR MX RRSIG"),
            (RecordType::NSEC3PARAM, "1 0 12 -"),
            (RecordType::TLSA, "3 1 1 0123456789ABCDEF"),
            (RecordType::CAA, "0 issue \"ca.example.net\""),
            (RecordType::HTTPS, "1 . alpn=h2 port=8443"),
        ] {
            let data = rdata_from_text(record_type, text, &DomainName::root()).unwrap();
            assert!(!matches!(data, RecordData::Other(_)), "{text}");
            same_again(record_type, data);
        }
    }

    /// RDATA that did not decode in its message stays undecoded, even where its octets alone would decode.
    #[test]
    fn raw_octets_stay_raw() {
        same_again(RecordType::A, RecordData::Other(vec![192, 0, 2, 1]));
        same_again(RecordType(65_280), RecordData::Other(Vec::new()));
    }
}
