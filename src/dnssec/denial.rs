//! Proofs that something is not there: NSEC (RFC 4035 §5.4), NSEC3 (RFC 5155 §8) and compact denial (RFC 9824).

use std::cell::Cell;

use super::Reason;
use super::names;
use super::set::{Key, Set};
use crate::crypto::nsec3_hash;
use crate::dns::exact::{ExactRecord, wire_name};
use crate::dns::{RecordData, RecordType};
use crate::name::DomainName;
use crate::time::UnixTime;

/// Most NSEC or NSEC3 records of one answer that are looked at: a full proof needs three (RFC 5155 §7.2.1).
const MAX_PROOFS: usize = 8;
/// Iterations over which a zone counts as unsigned, and over which it counts as broken (RFC 9276 §3.2; NLnet Labs' limits).
const MAX_ITERATIONS: u16 = 100;
const BROKEN_ITERATIONS: u16 = 500;
/// The meta-type that says that a name is not there, RFC 9824 §2.
const NXNAME: RecordType = RecordType(128);

/// What is proved not to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The name is there without the type; whether it is a delegation (NS without SOA).
    NoData { delegation: bool },
    /// The name is not there.
    NoName,
    /// Nothing: an Opt-Out span may hold unsigned delegations.
    OptOut,
}

/// The verified NSEC and NSEC3 records of an answer.
pub struct Denial<'m> {
    zone: &'m DomainName,
    nsec: Vec<Nsec<'m>>,
    nsec3: Vec<Nsec3<'m>>,
    iterations: u16,
    salt: &'m [u8],
}

struct Nsec<'m> {
    owner: &'m DomainName,
    next: &'m DomainName,
    types: &'m [RecordType],
}

struct Nsec3<'m> {
    hash: Vec<u8>,
    next: &'m [u8],
    opt_out: bool,
    types: &'m [RecordType],
}

/// Whether types are those above a cut: what lies below is not the zone's to deny (RFC 6840 §4.1).
fn is_delegation(types: &[RecordType]) -> bool {
    types.contains(&RecordType::NS) && !types.contains(&RecordType::SOA)
}

/// What the types of a name say about one of them.
fn no_data(types: &[RecordType], record_type: RecordType, name: &DomainName) -> Option<Denied> {
    let delegation = is_delegation(types);
    // At a cut the parent speaks of the DS only, and only the parent does (RFC 4035 §5.2).
    let speaks = match record_type {
        RecordType::DS => !types.contains(&RecordType::SOA) || name.is_root(),
        _ => !delegation,
    };
    if !speaks || types.contains(&record_type) || types.contains(&RecordType::CNAME) {
        return None;
    }
    Some(if types.contains(&NXNAME) { Denied::NoName } else { Denied::NoData { delegation } })
}

impl<'m> Denial<'m> {
    /// The records of a section that the zone has signed. A zone with too many iterations is told at once.
    pub fn read(
        section: &'m [ExactRecord],
        zone: &'m DomainName,
        keys: &[Key],
        now: UnixTime,
        checks_left: &Cell<usize>,
    ) -> Result<Self, Reason> {
        let mut denial = Self { zone, nsec: Vec::new(), nsec3: Vec::new(), iterations: 0, salt: &[] };
        let mut fault = None;
        let proofs = section.iter().filter(|record| matches!(record.record_type, RecordType::NSEC | RecordType::NSEC3));
        for record in proofs.take(MAX_PROOFS) {
            if !record.owner.is_at_or_below(zone) {
                continue;
            }
            let Some(set) = Set::of(section, &record.owner, record.record_type) else { continue };
            match set.verify(zone, keys, now, checks_left) {
                // An NSEC that a wildcard was expanded to says nothing of the name.
                Ok(verified) if verified.expanded_from.is_some() => {}
                Ok(_) => denial.add(record)?,
                Err(reason) => fault = Some(reason),
            }
        }
        match fault {
            Some(reason) if denial.nsec.is_empty() && denial.nsec3.is_empty() => Err(reason),
            _ => Ok(denial),
        }
    }

    fn add(&mut self, record: &'m ExactRecord) -> Result<(), Reason> {
        match &record.data {
            RecordData::Nsec { next, types } => self.nsec.push(Nsec { owner: &record.owner, next, types }),
            RecordData::Nsec3 { hash_algorithm: 1, flags: flags @ (0 | 1), iterations, salt, next, types } => {
                if *iterations > MAX_ITERATIONS {
                    return Err(Reason::Iterations { zone: self.zone.clone(), iterations: *iterations });
                }
                let is_first = self.nsec3.is_empty();
                if !is_first && (self.iterations, self.salt) != (*iterations, salt.as_slice()) {
                    return Ok(());
                }
                let labels = record.owner.labels();
                let hash = labels.first().and_then(|label| domain::utils::base32::decode_hex::<Vec<u8>>(label).ok());
                if let Some(hash) = hash.filter(|_| record.owner.parent().as_ref() == Some(self.zone)) {
                    (self.iterations, self.salt) = (*iterations, salt);
                    self.nsec3.push(Nsec3 { hash, next, opt_out: *flags == 1, types });
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What is proved about a type at a name.
    pub fn of(&self, name: &DomainName, record_type: RecordType) -> Option<Denied> {
        if self.nsec.is_empty() { self.by_nsec3(name, record_type) } else { self.by_nsec(name, record_type) }
    }

    /// What is proved of the name that a wildcard below its last `signed` labels was expanded to (RFC 4035 §5.3.4, RFC 5155
    /// §8.8): that neither it nor a name between is there, or that an unsigned delegation may be.
    pub fn of_expanded(&self, name: &DomainName, signed: usize) -> Option<Denied> {
        if self.nsec.is_empty() {
            let next_closer = self.hash(&name.suffix(signed + 1));
            let covering = self.nsec3.iter().find(|nsec3| nsec3.covers(&next_closer))?;
            return Some(if covering.opt_out { Denied::OptOut } else { Denied::NoName });
        }
        let covering = self.covering(name)?;
        (covering.closest_encloser(name).label_count() == signed).then_some(Denied::NoName)
    }

    fn covering(&self, name: &DomainName) -> Option<&Nsec<'m>> {
        self.nsec.iter().find(|nsec| {
            let cut = is_delegation(nsec.types) || nsec.types.contains(&RecordType::DNAME);
            let below_cut = cut && name.is_at_or_below(nsec.owner);
            !below_cut && names::is_between(nsec.owner, name, nsec.next)
        })
    }

    fn by_nsec(&self, name: &DomainName, record_type: RecordType) -> Option<Denied> {
        if let Some(nsec) = self.nsec.iter().find(|nsec| nsec.owner == name) {
            return no_data(nsec.types, record_type, name);
        }
        let covering = self.covering(name)?;
        // RFC 4592 §2.2.2: an empty non-terminal.
        if covering.next.is_at_or_below(name) {
            return Some(Denied::NoData { delegation: false });
        }
        let wildcard = covering.closest_encloser(name).child("*").ok()?;
        match self.nsec.iter().find(|nsec| *nsec.owner == wildcard) {
            Some(nsec) => no_data(nsec.types, record_type, name),
            None => self.covering(&wildcard).map(|_| Denied::NoName),
        }
    }

    fn hash(&self, name: &DomainName) -> Vec<u8> {
        nsec3_hash(&wire_name(name), self.salt, self.iterations)
    }

    fn matching(&self, name: &DomainName) -> Option<&Nsec3<'m>> {
        let hash = self.hash(name);
        self.nsec3.iter().find(|nsec3| nsec3.hash == hash)
    }

    fn by_nsec3(&self, name: &DomainName, record_type: RecordType) -> Option<Denied> {
        if self.nsec3.is_empty() {
            return None;
        }
        if let Some(nsec3) = self.matching(name) {
            return no_data(nsec3.types, record_type, name);
        }
        // RFC 5155 §8.3; a name has at most 127 labels, and each costs two hashes.
        for count in (self.zone.label_count()..name.label_count()).rev() {
            let closest = name.suffix(count);
            let Some(matching) = self.matching(&closest) else { continue };
            if is_delegation(matching.types) || matching.types.contains(&RecordType::DNAME) {
                return None;
            }
            let next_closer = self.hash(&name.suffix(count + 1));
            let covering = self.nsec3.iter().find(|nsec3| nsec3.covers(&next_closer))?;
            if covering.opt_out {
                return Some(Denied::OptOut);
            }
            let wildcard = closest.child("*").ok()?;
            return match self.matching(&wildcard) {
                Some(nsec3) => no_data(nsec3.types, record_type, name),
                None => {
                    let hash = self.hash(&wildcard);
                    self.nsec3.iter().any(|nsec3| nsec3.covers(&hash)).then_some(Denied::NoName)
                }
            };
        }
        None
    }
}

impl Nsec<'_> {
    /// The longest name above one in the gap that is surely there: above the owner or the next name too.
    fn closest_encloser(&self, name: &DomainName) -> DomainName {
        let (one, other) = (names::common(name, self.owner), names::common(name, self.next));
        if one.label_count() > other.label_count() { one } else { other }
    }
}

impl Nsec3<'_> {
    /// Whether a hash stands between this one and the next; the last points back to the first.
    fn covers(&self, hash: &[u8]) -> bool {
        let (after, before) = (self.hash.as_slice() < hash, hash < self.next);
        if self.hash.as_slice() < self.next { after && before } else { after || before }
    }
}

/// Whether so many iterations make a zone broken instead of unsigned.
pub fn is_broken(iterations: u16) -> bool {
    iterations > BROKEN_ITERATIONS
}
