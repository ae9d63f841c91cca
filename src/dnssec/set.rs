//! Sets of records and the signatures over them, RFC 4035 §5.3.

use std::cell::Cell;

use serde::{Deserialize, Serialize};

use super::Reason;
use crate::crypto::verify;
use crate::dns::exact::{ExactRecord, wire_labels, wire_name};
use crate::dns::{RecordData, RecordType, Rrsig, key_tag, may_sign};
use crate::name::DomainName;
use crate::time::UnixTime;

/// Most signatures of one set that are tried; a rollover has two or three.
const MAX_SIGNATURES: usize = 8;
/// Most keys of one tag and algorithm that are tried: tags are not unique, and two equal ones are rare already.
const MAX_KEYS_OF_TAG: usize = 2;
/// Most records of one set; a full message has 4,095 addresses.
const MAX_RECORDS: usize = 4096;
/// Seconds that clocks may differ by: RFC 4035 §5.3.1 leaves it open, resolvers allow minutes to hours.
const SKEW: i64 = 300;

/// A key of a zone that may sign.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its tag.
    pub tag: u16,
    /// Its algorithm.
    pub algorithm: u8,
    /// The public-key field of its record.
    public_key: Vec<u8>,
}

impl Key {
    /// A DNSKEY record that may sign a zone: zone key, not revoked, protocol 3.
    pub fn of(data: &RecordData) -> Option<Self> {
        let RecordData::Dnskey { flags, protocol, algorithm, public_key } = data else { return None };
        may_sign(*flags, *protocol).then(|| Self {
            tag: key_tag(*flags, *protocol, *algorithm, public_key),
            algorithm: *algorithm,
            public_key: public_key.clone(),
        })
    }
}

/// What tells a signature that holds from others, RFC 4034 §3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The key.
    pub key_tag: u16,
    /// Its algorithm.
    pub algorithm: u8,
    /// When it begins.
    pub inception: UnixTime,
    /// When it ends.
    pub expires: UnixTime,
}

/// A signature that holds, and over what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The signature.
    pub signature: Signature,
    /// The labels that were signed, where a wildcard was expanded to the owner (RFC 4035 §5.3.2).
    pub expanded_from: Option<usize>,
}

/// The records of one owner and type in a section, with their signatures.
#[derive(Clone, Debug)]
pub struct Set<'m> {
    /// The owner.
    pub owner: &'m DomainName,
    /// The type.
    pub record_type: RecordType,
    /// The records.
    pub records: Vec<&'m ExactRecord>,
    /// The signatures that cover them.
    pub signatures: Vec<&'m Rrsig>,
}

impl<'m> Set<'m> {
    /// The set in a section; `None` where there is no such record.
    pub fn of(section: &'m [ExactRecord], owner: &'m DomainName, record_type: RecordType) -> Option<Self> {
        let of_owner = || section.iter().filter(|record| record.owner == *owner);
        let records: Vec<_> = of_owner().filter(|record| record.record_type == record_type).take(MAX_RECORDS).collect();
        if records.is_empty() {
            return None;
        }
        let signatures = of_owner().filter_map(|record| match &record.data {
            RecordData::Rrsig(rrsig) if rrsig.type_covered == record_type => Some(rrsig),
            _ => None,
        });
        Some(Self { owner, record_type, records, signatures: signatures.collect() })
    }

    /// The zone that seems to have signed: the longest signer that the owner is at or below.
    pub fn signer(&self) -> Option<DomainName> {
        let signers = self.signatures.iter().map(|rrsig| &rrsig.signer);
        signers.filter(|signer| self.owner.is_at_or_below(signer)).max_by_key(|signer| signer.label_count()).cloned()
    }

    /// Where the first of the records leads, if it is a CNAME.
    pub fn alias(&self) -> Option<&DomainName> {
        self.records.first().and_then(|record| match &record.data {
            RecordData::Cname(target) => Some(target),
            _ => None,
        })
    }

    /// Verifies one signature of the set by a key of the zone, RFC 4035 §5.3; the error is that which helps most.
    pub fn verify(
        &self,
        zone: &DomainName,
        keys: &[Key],
        now: UnixTime,
        checks_left: &Cell<usize>,
    ) -> Result<Verified, Reason> {
        let (name, record_type) = (self.owner.clone(), self.record_type);
        let mut worst = Reason::NotSigned { name: name.clone(), record_type, zone: zone.clone() };
        let mut rank = 0;
        let mut note = |new_rank: u8, reason: Reason| {
            if new_rank > rank {
                rank = new_rank;
                worst = reason;
            }
        };
        let owner_labels = self.owner_labels();
        for rrsig in self.signatures.iter().take(MAX_SIGNATURES) {
            let (key_tag, algorithm) = (rrsig.key_tag, rrsig.algorithm);
            if rrsig.signer != *zone || usize::from(rrsig.labels) > owner_labels {
                continue;
            }
            let fitting = keys.iter().filter(|key| key.tag == key_tag && key.algorithm == algorithm);
            let mut fitting = fitting.take(MAX_KEYS_OF_TAG).peekable();
            if fitting.peek().is_none() {
                note(1, Reason::UnknownKey { name: name.clone(), record_type, zone: zone.clone(), key_tag, algorithm });
                continue;
            }
            let (inception, expiration) = (near(rrsig.inception, now), near(rrsig.expiration, now));
            if expiration.0 + SKEW < now.0 {
                note(5, Reason::Expired { name: name.clone(), record_type, key_tag, algorithm, expired: expiration });
                continue;
            }
            if inception.0 - SKEW > now.0 {
                note(4, Reason::NotYetValid { name: name.clone(), record_type, key_tag, algorithm, begins: inception });
                continue;
            }
            let data = self.signed_data(rrsig);
            for key in fitting {
                if checks_left.get() == 0 {
                    return Err(Reason::TooMuchWork { name, record_type });
                }
                checks_left.set(checks_left.get() - 1);
                match verify(algorithm, &key.public_key, &data, &rrsig.signature) {
                    Ok(true) => {
                        let signed = usize::from(rrsig.labels);
                        let expanded_from = (signed < owner_labels).then_some(signed);
                        let signature = Signature { key_tag, algorithm, inception, expires: expiration };
                        return Ok(Verified { signature, expanded_from });
                    }
                    Ok(false) => {
                        note(3, Reason::BadSignature { name: name.clone(), record_type, key_tag, algorithm });
                    }
                    Err(_) => note(2, Reason::UnusableKey { zone: zone.clone(), key_tag, algorithm }),
                }
            }
        }
        Err(worst)
    }

    /// Labels of the owner, the `*` of a wildcard not counted (RFC 4034 §3.1.3).
    fn owner_labels(&self) -> usize {
        let labels = wire_labels(self.owner);
        labels.len() - usize::from(labels.first().is_some_and(|label| label == b"*"))
    }

    /// What the signature is over, RFC 4034 §3.1.8.1.
    fn signed_data(&self, rrsig: &Rrsig) -> Vec<u8> {
        let mut data = Vec::new();
        data.extend(rrsig.type_covered.0.to_be_bytes());
        data.extend([rrsig.algorithm, rrsig.labels]);
        data.extend(rrsig.original_ttl.to_be_bytes());
        data.extend(rrsig.expiration.to_be_bytes());
        data.extend(rrsig.inception.to_be_bytes());
        data.extend(rrsig.key_tag.to_be_bytes());
        data.extend(wire_name(&rrsig.signer));
        // RFC 4035 §5.3.2: a wildcard was signed as such.
        let signed = usize::from(rrsig.labels);
        let owner = if signed < self.owner_labels() {
            let mut owner = vec![1, b'*'];
            owner.extend(wire_name(&self.owner.suffix(signed)));
            owner
        } else {
            wire_name(self.owner)
        };
        let mut rdata: Vec<&[u8]> = self.records.iter().map(|record| record.rdata.as_slice()).collect();
        rdata.sort_unstable();
        rdata.dedup();
        for rdata in rdata {
            data.extend(&owner);
            data.extend(self.record_type.0.to_be_bytes());
            data.extend([0, 1]);
            data.extend(rrsig.original_ttl.to_be_bytes());
            // RDATA has at most 65,535 octets, and lower-casing and uncompressing keep it below for every real name.
            data.extend(u16::try_from(rdata.len()).unwrap_or(u16::MAX).to_be_bytes());
            data.extend(rdata);
        }
        data
    }
}

/// The time nearest to `now` that a 32-bit time can mean, RFC 4034 §3.1.5 and RFC 1982.
fn near(time: u32, now: UnixTime) -> UnixTime {
    let difference = i64::from(time) - now.0.rem_euclid(1 << 32);
    let half = 1 << 31;
    let nearest = if difference >= half {
        difference - (1 << 32)
    } else if difference < -half {
        difference + (1 << 32)
    } else {
        difference
    };
    UnixTime(now.0 + nearest)
}
