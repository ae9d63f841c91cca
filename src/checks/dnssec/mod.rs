//! Whether the domain's zone is signed and has a DS at its parent (RFC 4035 §2), and whether the signatures hold from the
//! root keys down (§5).

mod algorithms;
mod proof;
mod proof_rules;
mod rules;

pub use algorithms::{Support, algorithm_name, algorithm_support};
pub use proof::{Answer, Chain, Ending, Nsec3};

use serde_json::json;

use super::{Context, Gap, Judgement, Level, Published, Room, ScoreItem, Status, Step};
use crate::dns::{RecordData, RecordType, key_tag, may_sign};
use crate::dnssec::{Reason, State, ZoneLink};
use crate::evidence::Lookup;
use crate::name::DomainName;
use crate::records::Technology;
use crate::say::known;
use crate::wanted::Urgency;

/// Most names on the way to the root that are asked about, as in the DMARC tree walk (RFC 9989 §4.10).
const MAX_NAMES: usize = 8;
/// Most DS or DNSKEY records that are looked at in one set.
const MAX_RECORDS: usize = 32;

/// One DS record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ds {
    /// Tag of the key it points to.
    pub key_tag: u16,
    /// Algorithm of that key.
    pub algorithm: u8,
    /// How the digest is made.
    pub digest_type: u8,
    /// RDATA in zone-file form.
    pub text: String,
}

/// One DNSKEY record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its tag, computed.
    pub tag: u16,
    /// Its algorithm.
    pub algorithm: u8,
    /// Its flags.
    pub flags: u16,
    /// Whether it may sign a zone: zone key, not revoked, protocol 3.
    pub usable: bool,
}

/// What is seen of the zone that holds the domain.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The apex of the zone, once known.
    pub zone: Result<DomainName, Gap>,
    /// DS records at the zone's parent.
    pub ds: Result<Vec<Ds>, Gap>,
    /// DNSKEY records of the zone.
    pub keys: Result<Vec<Key>, Gap>,
    /// What the signatures prove; `None` while the zone is not known.
    pub chain: Option<Chain>,
    published: Vec<Published>,
}

/// How far the zone is signed, by the presence of records alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Neither DS nor DNSKEY.
    Unsigned,
    /// DNSKEY without DS: nobody can check the signatures.
    Island,
    /// DS without DNSKEY.
    DsWithoutKey,
    /// DS and DNSKEY, and no DS fits a usable key.
    Stale,
    /// DS and DNSKEY that fit by tag and algorithm.
    Signed,
    /// Not known.
    Unknown,
}

impl Facts {
    /// Asks at once for everything on the way to the root that a later proof needs: DS, DNSKEY and SOA of the domain
    /// and its ancestors, and the keys of the root.
    pub fn gather(context: &Context<'_>) -> Self {
        let ask = |name: &DomainName, record_type| context.ask(Technology::Dnssec, Urgency::Path, name, record_type);
        let mut zone = None;
        let mut names = vec![context.domain.clone()];
        let labels = context.domain.label_count();
        names.extend((1..labels.min(MAX_NAMES)).rev().map(|count| context.domain.suffix(count)));
        for name in &names {
            ask(name, RecordType::DS);
            ask(name, RecordType::DNSKEY);
            if zone.is_none() {
                zone = Self::is_apex(context, name);
            } else if name.label_count() > 1 {
                ask(name, RecordType::SOA);
            }
        }
        ask(&DomainName::root(), RecordType::DNSKEY);
        let zone = zone.unwrap_or_else(|| Ok(context.domain.suffix(1)));
        let mut facts =
            Self { zone: zone.clone(), ds: Ok(Vec::new()), keys: Ok(Vec::new()), chain: None, published: Vec::new() };
        match zone {
            Ok(zone) => {
                facts.read_zone(context, &zone);
                facts.chain = Some(Chain::gather(context, &zone));
            }
            Err(gap) => {
                facts.ds = Err(gap.clone());
                facts.keys = Err(gap);
            }
        }
        facts
    }

    /// How far the zone is signed.
    pub fn presence(&self) -> Presence {
        match (&self.ds, &self.keys) {
            (Ok(ds), Ok(keys)) => match (ds.is_empty(), keys.is_empty()) {
                (true, true) => Presence::Unsigned,
                (true, false) => Presence::Island,
                (false, true) => Presence::DsWithoutKey,
                (false, false) if ds.iter().any(|ds| self.key_of(ds).is_some()) => Presence::Signed,
                (false, false) => Presence::Stale,
            },
            // Without a DS nothing can be proved, whatever the keys are.
            (Ok(ds), Err(_)) if ds.is_empty() => Presence::Unsigned,
            _ => Presence::Unknown,
        }
    }

    /// What the signatures prove of the zone and what is below it.
    pub fn state(&self) -> State {
        self.chain.as_ref().map_or(State::Indeterminate, Chain::state)
    }

    /// Whether a DS stands at the parent: without one the zone is not signed for anybody. `None` while not known.
    pub fn has_ds(&self) -> Option<bool> {
        self.ds.as_ref().ok().map(|ds| !ds.is_empty())
    }

    /// The usable key that a DS points to, by tag and algorithm; the digest is not compared yet.
    pub fn key_of(&self, ds: &Ds) -> Option<&Key> {
        let keys = self.keys.as_ref().ok()?;
        keys.iter().find(|key| key.usable && key.tag == ds.key_tag && key.algorithm == ds.algorithm)
    }

    /// Whether a zone starts at `name`: its SOA says so. `None` where it surely does not; a top-level domain is not
    /// asked, it always is one.
    fn is_apex(context: &Context<'_>, name: &DomainName) -> Option<Result<DomainName, Gap>> {
        if name.label_count() <= 1 {
            return Some(Ok(name.clone()));
        }
        let lookup = context.ask(Technology::Dnssec, Urgency::Path, name, RecordType::SOA);
        if let Some(gap) = Gap::of(name, RecordType::SOA, &lookup) {
            return Some(Err(gap));
        }
        if lookup.records().iter().any(|record| record.owner == *name) {
            return Some(Ok(name.clone()));
        }
        // Supplied data that is complete from here down, or holds keys, shows the apex even where it leaves out the
        // SOA. A name that does not exist has no zone; it is judged by itself, not by the zone that denies it.
        let evidence = context.evidence();
        let apex = evidence.authorities().any(|apex| apex == name)
            || !evidence.look_up(name, RecordType::DNSKEY).records().is_empty()
            || (name == context.domain && matches!(lookup, Lookup::NxDomain { .. }));
        apex.then(|| Ok(name.clone()))
    }

    fn read_zone(&mut self, context: &Context<'_>, zone: &DomainName) {
        let lookup = context.ask(Technology::Dnssec, Urgency::Path, zone, RecordType::DNSKEY);
        self.keys = match Gap::of(zone, RecordType::DNSKEY, &lookup) {
            Some(gap) => Err(gap),
            None => Ok(lookup.records().iter().take(MAX_RECORDS).filter_map(|record| key(&record.data)).collect()),
        };
        let lookup = context.ask(Technology::Dnssec, Urgency::Path, zone, RecordType::DS);
        if let Some(gap) = Gap::of(zone, RecordType::DS, &lookup) {
            self.ds = Err(gap);
            return;
        }
        let signed = self.keys.as_ref().is_ok_and(|keys| !keys.is_empty());
        if lookup.is_absent() && signed && is_own_zone_only(context, zone) {
            self.ds = Err(Gap::NotSupplied { question: tr!("DS of {zone}", zone) });
            return;
        }
        let Lookup::Found(found) = lookup else { return };
        let mut read = Vec::new();
        for record in found.records.iter().take(MAX_RECORDS) {
            let Some(ds) = ds(&record.data) else { continue };
            self.published.push(Published {
                name: zone.to_string(),
                record_type: "DS".into(),
                value: ds.text.clone(),
                ttl: Some(record.ttl),
                from: found.entry.provenance.from.clone(),
            });
            read.push(ds);
        }
        self.ds = Ok(read);
    }
}

/// Whether the evidence is complete for the zone itself only, so that it cannot hold what the parent says of it
/// (RFC 4034 §5): a supplied zone file of a signed zone is no sign that its DS is missing.
fn is_own_zone_only(context: &Context<'_>, zone: &DomainName) -> bool {
    let evidence = context.evidence();
    let asked = evidence.dns().any(|entry| entry.name == *zone && entry.record_type == RecordType::DS);
    let above = evidence.authorities().any(|apex| apex != zone && zone.is_at_or_below(apex));
    !asked && !above
}

fn ds(data: &RecordData) -> Option<Ds> {
    let RecordData::Ds { key_tag, algorithm, digest_type, digest } = data else { return None };
    let digest: String = digest.iter().map(|octet| format!("{octet:02x}")).collect();
    let text = format!("{key_tag} {algorithm} {digest_type} {digest}");
    Some(Ds { key_tag: *key_tag, algorithm: *algorithm, digest_type: *digest_type, text })
}

fn key(data: &RecordData) -> Option<Key> {
    let RecordData::Dnskey { flags, protocol, algorithm, public_key } = data else { return None };
    let usable = may_sign(*flags, *protocol);
    let tag = key_tag(*flags, *protocol, *algorithm, public_key);
    Some(Key { tag, algorithm: *algorithm, flags: *flags, usable })
}

/// Everything the report asks.
pub static ROOM: Room = Room {
    technology: Technology::Dnssec,
    checks: rules::CHECKS,
    status: |facts, findings| match facts.dnssec.presence() {
        Presence::Unsigned => Status::Absent,
        _ => super::worst(findings),
    },
    score: &[
        ScoreItem {
            id: "dnssec.signed",
            level: Level::Advanced,
            label: "The zone is signed and its parent says so",
            how: "2 points when a DS record at the parent fits a DNSKEY of the zone by key tag and algorithm. \
                  Domains that neither send nor receive mail are not asked for it.",
            points: 2,
            judge: |facts| signed(facts, Judgement::Earned(2)),
        },
        ScoreItem {
            id: "dnssec.proven",
            level: Level::Advanced,
            label: "The chain of signatures holds",
            how: "3 points when the signatures lead without a gap from the root keys to the zone's keys and to every \
                  answer of the zone that was looked at. Not judged where an answer on the way is missing; 0 where the zone \
                  is not signed or a signature does not hold.",
            points: 3,
            judge: |facts| match facts.dnssec.state() {
                State::Secure => signed(facts, Judgement::Earned(3)),
                State::Indeterminate => signed(facts, Judgement::Unknown),
                State::Insecure | State::Bogus => signed(facts, Judgement::Earned(0)),
            },
        },
    ],
    done: |_| None,
    prerequisites: |_| Vec::new(),
    steps,
    unknowns: |_| Vec::new(),
    published: |facts| facts.dnssec.published.clone(),
    detail,
};

fn signed(facts: &super::Facts, judgement: Judgement) -> Judgement {
    if facts.profile == super::Profile::Parked {
        return Judgement::NotApplicable;
    }
    match facts.dnssec.presence() {
        Presence::Signed => judgement,
        Presence::Unknown => Judgement::Unknown,
        Presence::Unsigned | Presence::Island | Presence::DsWithoutKey | Presence::Stale => Judgement::Earned(0),
    }
}

fn steps(facts: &super::Facts) -> Vec<Step> {
    let Ok(zone) = &facts.dnssec.zone else { return Vec::new() };
    let (step, why) = match facts.dnssec.presence() {
        Presence::Unsigned if facts.profile == super::Profile::Parked => return Vec::new(),
        Presence::Unsigned => (
            tr!(
                "Turn on DNSSEC for {zone} at your DNS provider, then hand the DS record that it shows to your registrar.",
                zone
            ),
            "Only signed answers cannot be forged, and DANE works with nothing less. Nobody but the provider knows the \
             DS record: it is made from the key that signs the zone.",
        ),
        Presence::Island => (
            tr!("Hand the DS record of {zone} to your registrar.", zone),
            "The zone is signed, and without the DS at the parent nobody can check the signatures. Your DNS provider \
             shows the record.",
        ),
        Presence::DsWithoutKey | Presence::Stale => (
            tr!("Replace or remove the DS record of {zone} at your registrar.", zone),
            "A DS record that fits no key makes validating resolvers refuse every answer of the zone: mail stops.",
        ),
        Presence::Signed | Presence::Unknown => return proof_rules::steps(facts),
    };
    vec![Step { technology: Technology::Dnssec, step, why: why.into(), publish: Vec::new() }]
}

fn detail(facts: &super::Facts) -> serde_json::Value {
    let dnssec = &facts.dnssec;
    let ds: Vec<_> = dnssec.ds.iter().flatten().map(|ds| {
        json!({"key_tag": ds.key_tag, "algorithm": ds.algorithm, "digest_type": ds.digest_type, "fits_a_key": dnssec.key_of(ds).is_some()})
    }).collect();
    let keys: Vec<_> = dnssec
        .keys
        .iter()
        .flatten()
        .map(|key| json!({"key_tag": key.tag, "algorithm": key.algorithm, "flags": key.flags}))
        .collect();
    json!({
        "zone": dnssec.zone.as_ref().ok(),
        "signed": match dnssec.presence() {
            Presence::Unknown => None,
            Presence::Signed => Some(true),
            _ => Some(false),
        },
        "state": dnssec.state(),
        "chain": dnssec.chain.as_ref().and_then(|chain| chain.zone.chain.first()).map(|link| json!({
            "name": link.name,
            "state": link.state,
            "zones": link.zones.iter().map(zone_detail).collect::<Vec<_>>(),
        })),
        "answers": dnssec.chain.iter().flat_map(|chain| &chain.answers).map(|answer| json!({
            "name": answer.name,
            "type": answer.record_type.name(),
            "state": answer.proof.state,
            "says": answer.proof.reason.to_string(),
            "remedy": answer.proof.reason.remedy().map(known),
        })).collect::<Vec<_>>(),
        "ds": ds,
        "keys": keys,
    })
}

/// A zone on the way, with what its reason says.
fn zone_detail(zone: &ZoneLink) -> serde_json::Value {
    json!({
        "zone": zone.zone,
        "state": zone.state,
        "ds": zone.ds,
        "keys": zone.keys,
        "signature": zone.signature,
        "ds_signature": zone.ds_signature,
        "says": zone.reason.as_ref().map(ToString::to_string),
        "remedy": zone.reason.as_ref().and_then(Reason::remedy).map(known),
    })
}
