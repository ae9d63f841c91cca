//! The chain of trust over evidence, RFC 4035 §5.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use serde::Serialize;

use super::anchor::{Anchor, ds_fits, iana};
use super::denial::{Denial, Denied, is_broken};
use super::set::{Key, Set, Signature, Verified};
use super::{Reason, State};
use crate::crypto::{DigestType, PublicKey};
use crate::dns::exact::{self, ExactMessage};
use crate::dns::{RecordData, RecordType, key_tag};
use crate::evidence::{DnsOutcome, EDITED, Evidence};
use crate::name::DomainName;
use crate::time::UnixTime;

/// Most signatures that one prover verifies; a whole check needs about thirty.
const MAX_CHECKS: usize = 1024;
/// Most aliases in a row, as resolvers have it.
const MAX_ALIASES: usize = 11;
/// Most DS or DNSKEY records of one zone that are looked at.
const MAX_KEYS: usize = 32;
const DNAME: RecordType = RecordType(39);

/// What a DS record points to, RFC 4034 §5.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DsFacts {
    /// Tag of the key.
    pub key_tag: u16,
    /// Algorithm of the key.
    pub algorithm: u8,
    /// Type of the digest.
    pub digest_type: u8,
}

/// What tells a DNSKEY record from others, RFC 4034 §2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct KeyFacts {
    /// Its tag.
    pub key_tag: u16,
    /// Its algorithm.
    pub algorithm: u8,
    /// Its flags.
    pub flags: u16,
}

/// One zone on the way from the anchor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ZoneLink {
    /// Its apex.
    pub zone: DomainName,
    /// Whether its keys are trusted.
    pub state: State,
    /// The DS records of its parent; none below an anchor.
    pub ds: Vec<DsFacts>,
    /// Its DNSKEY records.
    pub keys: Vec<KeyFacts>,
    /// The signature over the keys.
    pub signature: Option<Signature>,
    /// The signature over the DS records.
    pub ds_signature: Option<Signature>,
    /// Why the keys are not trusted.
    pub reason: Option<Reason>,
}

/// One name on the way of aliases to the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The name.
    pub name: DomainName,
    /// The zones from the anchor to it.
    pub zones: Vec<ZoneLink>,
    /// What is proved of it.
    pub state: State,
    /// Why.
    pub reason: Reason,
}

/// What is proved of one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// The weakest state on the way.
    pub state: State,
    /// Why, at the weakest link.
    pub reason: Reason,
    /// The name asked, and the aliases that it leads to.
    pub chain: Vec<Link>,
}

impl Proof {
    /// Every signature on the way that the proof rests on.
    pub fn signatures(&self) -> impl Iterator<Item = &Signature> {
        let of_zones =
            self.chain.iter().flat_map(|link| &link.zones).flat_map(|zone| [&zone.ds_signature, &zone.signature]);
        let of_answers = self.chain.iter().filter_map(|link| match &link.reason {
            Reason::Signed { signature, .. } => Some(signature),
            _ => None,
        });
        of_zones.flatten().chain(of_answers)
    }

    /// The signature on the way that ends first; `None` where nothing is proved by signatures.
    pub fn first_end(&self) -> Option<&Signature> {
        self.signatures().min_by_key(|signature| signature.expires.0)
    }
}

/// A zone whose keys are trusted.
struct Trusted {
    zone: DomainName,
    keys: Vec<Key>,
}

/// How far the way down led.
#[derive(Clone)]
struct Descent {
    links: Vec<ZoneLink>,
    end: Result<Rc<Trusted>, (State, Reason)>,
}

/// Proves answers of one set of evidence, at one time.
pub struct Prover<'e> {
    evidence: &'e Evidence,
    anchors: Cow<'e, [Anchor]>,
    now: UnixTime,
    checks_left: Cell<usize>,
    zones: RefCell<BTreeMap<DomainName, Descent>>,
    missing: RefCell<Vec<(DomainName, RecordType)>>,
}

type Stop = (State, Reason);

impl<'e> Prover<'e> {
    /// Nothing proved yet. Without anchors, those of IANA are trusted.
    pub fn new(evidence: &'e Evidence, anchors: &'e [Anchor], now: UnixTime) -> Self {
        let (zones, missing) = (RefCell::default(), RefCell::default());
        let anchors = if anchors.is_empty() { Cow::Owned(iana()) } else { Cow::Borrowed(anchors) };
        Self { evidence, anchors, now, checks_left: Cell::new(MAX_CHECKS), zones, missing }
    }

    /// The answers that proofs lacked since this was last asked.
    pub fn take_missing(&self) -> Vec<(DomainName, RecordType)> {
        self.missing.take()
    }

    /// Whether the records of a type at a name, or that there are none, are proved; aliases followed.
    pub fn prove(&self, name: &DomainName, record_type: RecordType) -> Proof {
        let mut chain: Vec<Link> = Vec::new();
        let mut current = name.clone();
        let mut message = None;
        loop {
            if chain.len() > MAX_ALIASES {
                let reason = Reason::TooManyAliases { name: name.clone() };
                chain.push(Link { name: current, zones: Vec::new(), state: State::Bogus, reason });
                break;
            }
            // The answer to the first question holds the targets of aliases too, as a rule.
            let holds = |message: &ExactMessage| {
                message.answers.iter().any(|record| {
                    record.owner == current || record.record_type == DNAME && current.is_at_or_below(&record.owner)
                })
            };
            let read = match message.take().filter(holds) {
                Some(message) => Ok(message),
                None => self.message(&current, record_type),
            };
            let (link, target) = match &read {
                Ok(message) => self.link(message, &current, record_type),
                Err((_, Reason::NoSignatures { .. })) if self.is_thought_of(&current, record_type) => {
                    (self.would_be(&current, record_type), None)
                }
                Err((state, reason)) => {
                    (Link { name: current.clone(), zones: Vec::new(), state: *state, reason: reason.clone() }, None)
                }
            };
            chain.push(link);
            message = read.ok();
            match target {
                Some(target) => current = target,
                None => break,
            }
        }
        // The first of the weakest links.
        let weakest = chain.iter().rev().max_by_key(|link| link.state);
        let (state, reason) = weakest
            .map_or((State::Indeterminate, Reason::Missing { name: name.clone(), record_type }), |link| {
                (link.state, link.reason.clone())
            });
        Proof { state, reason, chain }
    }

    /// The answer to a question, octet by octet.
    fn message(&self, name: &DomainName, record_type: RecordType) -> Result<ExactMessage, Stop> {
        let stop = |reason| Err((State::Indeterminate, reason));
        let Some(entry) = self.evidence.dns_entry(name, record_type) else {
            let question = (name.clone(), record_type);
            if !self.missing.borrow().contains(&question) {
                self.missing.borrow_mut().push(question);
            }
            return stop(Reason::Missing { name: name.clone(), record_type });
        };
        if let DnsOutcome::Failed(failure) = &entry.outcome {
            return stop(Reason::Failed { name: name.clone(), record_type, why: failure.to_string() });
        }
        match entry.wire.as_deref().map(exact::read) {
            Some(Ok(message)) => Ok(message),
            _ => stop(Reason::NoSignatures { name: name.clone(), record_type }),
        }
    }

    /// Whether an answer is only thought of.
    fn is_thought_of(&self, name: &DomainName, record_type: RecordType) -> bool {
        let entry = self.evidence.dns_entry(name, record_type);
        entry.is_some_and(|entry| entry.provenance.from.as_deref() == Some(EDITED))
    }

    /// What would be proved of a record if it were published: its zone signs all of them or none. Nothing is looked up for
    /// it: a name below the last whose DS records are known is taken for one of the same zone.
    fn would_be(&self, name: &DomainName, record_type: RecordType) -> Link {
        let known = |count: &usize| self.evidence.has_dns(&name.suffix(*count), RecordType::DS);
        let zone = (1..=name.label_count()).take_while(known).last().map(|count| name.suffix(count));
        let descent = self.descend(name, record_type, zone.as_ref());
        let (state, reason) = match descent.end {
            Ok(zone) => (State::Secure, Reason::WouldBeSigned { zone: zone.zone.clone() }),
            Err(stop) => stop,
        };
        Link { name: name.clone(), zones: descent.links, state, reason }
    }

    /// What one answer proves of one name, and the alias that it leads to.
    fn link(&self, message: &ExactMessage, name: &DomainName, record_type: RecordType) -> (Link, Option<DomainName>) {
        let set = Set::of(&message.answers, name, record_type);
        let alias = || Set::of(&message.answers, name, RecordType::CNAME).filter(|_| record_type != RecordType::CNAME);
        // RFC 6672 §5.3.1: a CNAME made from a DNAME is not signed; the DNAME is.
        let dname = || {
            let above = message.answers.iter().find(|record| {
                record.record_type == DNAME && record.owner != *name && name.is_at_or_below(&record.owner)
            })?;
            Set::of(&message.answers, &above.owner, DNAME)
        };
        let Some(set) = dname().or(set).or_else(alias) else {
            let (zones, end) = self.denied(message, name, record_type);
            let (state, reason) = end;
            return (Link { name: name.clone(), zones, state, reason }, None);
        };
        let target = set.records.first().and_then(|record| match &record.data {
            RecordData::Cname(target) if record_type != RecordType::CNAME => Some(target.clone()),
            // A CNAME made from a DNAME is the answer where CNAME was asked for.
            RecordData::Dname(_) if record_type != RecordType::CNAME => moved_by(&set, name),
            _ => None,
        });
        let descent = self.descend(set.owner, record_type, set.signer().as_ref());
        let (state, reason) = match &descent.end {
            Err(stop) => stop.clone(),
            Ok(zone) => match set.verify(&zone.zone, &zone.keys, self.now, &self.checks_left) {
                Err(reason) => (State::Bogus, reason),
                Ok(verified) => self.expanded(message, &set, zone, verified),
            },
        };
        let made = Set::of(&message.answers, name, RecordType::CNAME).filter(|_| set.record_type == DNAME);
        let (state, reason) = match made {
            // Who reads the answer follows the alias that was made from the DNAME: it must be the right one.
            Some(made) if state == State::Secure && made.alias() != moved_by(&set, name).as_ref() => {
                let zone = set.signer().unwrap_or_else(|| set.owner.clone());
                (State::Bogus, Reason::NotSigned { name: name.clone(), record_type: RecordType::CNAME, zone })
            }
            _ => (state, reason),
        };
        (Link { name: name.clone(), zones: descent.links, state, reason }, target)
    }

    /// A set whose signature holds: where a wildcard was expanded, the name itself must be proved absent too.
    fn expanded(&self, message: &ExactMessage, set: &Set<'_>, zone: &Trusted, verified: Verified) -> Stop {
        let Verified { signature, expanded_from } = verified;
        if let Some(signed) = expanded_from {
            let denial = Denial::read(&message.authority, &zone.zone, &zone.keys, self.now, &self.checks_left);
            match denial.map(|denial| denial.of_expanded(set.owner, signed)) {
                Err(reason) => return stopped(reason),
                Ok(None) => {
                    let reason = Reason::NoWildcardProof { name: set.owner.clone(), zone: zone.zone.clone() };
                    return (State::Bogus, reason);
                }
                Ok(Some(Denied::OptOut)) => return (State::Insecure, Reason::OptOut { zone: zone.zone.clone() }),
                Ok(Some(_)) => {}
            }
        }
        (State::Secure, Reason::Signed { zone: zone.zone.clone(), signature })
    }

    /// What the authority section proves not to be there.
    fn denied(&self, message: &ExactMessage, name: &DomainName, record_type: RecordType) -> (Vec<ZoneLink>, Stop) {
        let signers = message.authority.iter().filter_map(|record| match &record.data {
            RecordData::Rrsig(rrsig) if name.is_at_or_below(&rrsig.signer) => Some(&rrsig.signer),
            _ => None,
        });
        let signer = signers.max_by_key(|signer| signer.label_count()).cloned();
        let descent = self.descend(name, record_type, signer.as_ref());
        let end = match &descent.end {
            Err(stop) => stop.clone(),
            Ok(zone) => match Denial::read(&message.authority, &zone.zone, &zone.keys, self.now, &self.checks_left) {
                Err(reason) => stopped(reason),
                Ok(denial) => match denial.of(name, record_type) {
                    Some(Denied::OptOut) => (State::Insecure, Reason::OptOut { zone: zone.zone.clone() }),
                    Some(Denied::NoData { .. } | Denied::NoName) => self.signed_denial(message, zone),
                    None => {
                        let zone = zone.zone.clone();
                        (State::Bogus, Reason::NoDenial { name: name.clone(), record_type, zone })
                    }
                },
            },
        };
        (descent.links, end)
    }

    /// The signature of a denial, for the reason.
    fn signed_denial(&self, message: &ExactMessage, zone: &Trusted) -> Stop {
        let signature = message.authority.iter().find_map(|record| match &record.data {
            RecordData::Rrsig(rrsig)
                if rrsig.signer == zone.zone && matches!(rrsig.type_covered, RecordType::NSEC | RecordType::NSEC3) =>
            {
                Set::of(&message.authority, &record.owner, rrsig.type_covered)
            }
            _ => None,
        });
        match signature.map(|set| set.verify(&zone.zone, &zone.keys, self.now, &self.checks_left)) {
            Some(Ok(Verified { signature, .. })) => {
                (State::Secure, Reason::Signed { zone: zone.zone.clone(), signature })
            }
            Some(Err(reason)) => (State::Bogus, reason),
            None => {
                (State::Indeterminate, Reason::NoSignatures { name: zone.zone.clone(), record_type: RecordType::NSEC })
            }
        }
    }

    /// The way down from the anchor to the zone that a name is in: to the signer where one is named, else to the name.
    fn descend(&self, name: &DomainName, record_type: RecordType, signer: Option<&DomainName>) -> Descent {
        // The DS of a zone stands in its parent (RFC 4035 §2.4).
        let bottom = match (record_type, name.parent()) {
            (RecordType::DS, Some(parent)) => parent,
            _ => name.clone(),
        };
        let bottom = signer.filter(|signer| bottom.is_at_or_below(signer)).cloned().unwrap_or(bottom);
        let at_or_above = self.anchors.iter().filter(|anchor| bottom.is_at_or_below(&anchor.zone));
        let Some(top) = at_or_above.map(|anchor| &anchor.zone).max_by_key(|zone| zone.label_count()) else {
            let end = Err((State::Indeterminate, Reason::NoAnchor { name: name.clone() }));
            return Descent { links: Vec::new(), end };
        };
        let mut descent = self.cached(top, || self.anchored(top));
        // A name has at most 127 labels.
        for count in top.label_count() + 1..=bottom.label_count() {
            let Ok(parent) = descent.end.clone() else { break };
            let cut = bottom.suffix(count);
            let before = descent.clone();
            descent = self.cached(&cut, || self.below(before, &parent, &cut));
        }
        descent
    }

    fn cached(&self, zone: &DomainName, make: impl FnOnce() -> Descent) -> Descent {
        if let Some(known) = self.zones.borrow().get(zone) {
            return known.clone();
        }
        let made = make();
        self.zones.borrow_mut().insert(zone.clone(), made.clone());
        made
    }

    /// The keys of the zone of an anchor, RFC 4035 §5.
    fn anchored(&self, zone: &DomainName) -> Descent {
        let is_anchor = |key: &RecordData, rdata: &[u8]| {
            self.anchors.iter().any(|anchor| anchor.zone == *zone && anchor.is_of(key, rdata))
        };
        self.keys_of(Vec::new(), zone, (Vec::new(), None), is_anchor, true)
    }

    /// What stands at a possible cut below a trusted zone: a secure delegation, an insecure one, or none.
    fn below(&self, mut before: Descent, parent: &Rc<Trusted>, cut: &DomainName) -> Descent {
        let message = match self.message(cut, RecordType::DS) {
            Ok(message) => message,
            Err(stop) => return Descent { links: before.links, end: Err(stop) },
        };
        let stop = |mut links: Vec<ZoneLink>, ds: Vec<DsFacts>, (state, reason): Stop| {
            let zone = cut.clone();
            let (keys, signature, ds_signature) = (Vec::new(), None, None);
            let why = Some(reason.clone());
            links.push(ZoneLink { zone, state, ds, keys, signature, ds_signature, reason: why });
            Descent { links, end: Err((state, reason)) }
        };
        let verify = |set: &Set<'_>| set.verify(&parent.zone, &parent.keys, self.now, &self.checks_left);
        if let Some(set) = Set::of(&message.answers, cut, RecordType::DS) {
            let ds: Vec<&RecordData> = set.records.iter().take(MAX_KEYS).map(|record| &record.data).collect();
            let facts: Vec<DsFacts> = ds
                .iter()
                .filter_map(|ds| match ds {
                    RecordData::Ds { key_tag, algorithm, digest_type, .. } => {
                        Some(DsFacts { key_tag: *key_tag, algorithm: *algorithm, digest_type: *digest_type })
                    }
                    _ => None,
                })
                .collect();
            let ds_signature = match verify(&set) {
                Ok(verified) => Some(verified.signature),
                Err(reason) => return stop(before.links, facts, (State::Bogus, reason)),
            };
            let relied_on =
                |ds: &DsFacts| PublicKey::supports(ds.algorithm) && DigestType::of(ds.digest_type).is_some();
            if !facts.iter().any(relied_on) {
                let reason = Reason::Unsupported {
                    zone: cut.clone(),
                    algorithms: facts.iter().map(|ds| ds.algorithm).collect(),
                    digests: facts.iter().map(|ds| ds.digest_type).collect(),
                    sha1: facts.iter().any(|ds| matches!(ds.algorithm, 5 | 7) || ds.digest_type == 1),
                };
                return stop(before.links, facts, (State::Insecure, reason));
            }
            let fits = |key: &RecordData, rdata: &[u8]| {
                ds.iter().any(|ds| {
                    matches!(ds, RecordData::Ds { algorithm, .. } if PublicKey::supports(*algorithm))
                        && ds_fits(ds, cut, key, rdata)
                })
            };
            return self.keys_of(before.links, cut, (facts, ds_signature), fits, false);
        }
        // An alias is no cut.
        if let Some(set) = Set::of(&message.answers, cut, RecordType::CNAME) {
            return match verify(&set) {
                Ok(_) => before,
                Err(reason) => stop(before.links, Vec::new(), (State::Bogus, reason)),
            };
        }
        let denial = match Denial::read(&message.authority, &parent.zone, &parent.keys, self.now, &self.checks_left) {
            Ok(denial) => denial,
            Err(reason) => return stop(before.links, Vec::new(), stopped(reason)),
        };
        match denial.of(cut, RecordType::DS) {
            Some(Denied::NoData { delegation: true }) => {
                stop(before.links, Vec::new(), (State::Insecure, Reason::NoDs { zone: cut.clone() }))
            }
            Some(Denied::OptOut) => {
                stop(before.links, Vec::new(), (State::Insecure, Reason::OptOut { zone: parent.zone.clone() }))
            }
            Some(Denied::NoData { delegation: false } | Denied::NoName) => {
                before.end = Ok(Rc::clone(parent));
                before
            }
            None => {
                let (name, zone) = (cut.clone(), parent.zone.clone());
                let reason = Reason::NoDenial { name, record_type: RecordType::DS, zone };
                stop(before.links, Vec::new(), (State::Bogus, reason))
            }
        }
    }

    /// The keys of a zone, once one that is trusted signs them, RFC 4035 §5.2.
    fn keys_of(
        &self,
        mut links: Vec<ZoneLink>,
        zone: &DomainName,
        (ds, ds_signature): (Vec<DsFacts>, Option<Signature>),
        is_trusted: impl Fn(&RecordData, &[u8]) -> bool,
        is_anchor: bool,
    ) -> Descent {
        let mut link = ZoneLink {
            zone: zone.clone(),
            state: State::Bogus,
            ds,
            keys: Vec::new(),
            signature: None,
            ds_signature,
            reason: None,
        };
        let end = match self.message(zone, RecordType::DNSKEY) {
            Err(stop) => Err(stop),
            Ok(message) => self.trusted_keys(&message, &mut link, is_trusted, is_anchor),
        };
        // No world has a broken root: the resolver, the clock or the anchors are at fault, and nothing is said of a domain.
        let end = match end {
            Err((State::Bogus, reason)) if zone.is_root() => Err((State::Indeterminate, reason)),
            end => end,
        };
        match &end {
            Ok(_) => link.state = State::Secure,
            Err((state, reason)) => (link.state, link.reason) = (*state, Some(reason.clone())),
        }
        links.push(link);
        Descent { links, end: end.map(Rc::new) }
    }

    fn trusted_keys(
        &self,
        message: &ExactMessage,
        link: &mut ZoneLink,
        is_trusted: impl Fn(&RecordData, &[u8]) -> bool,
        is_anchor: bool,
    ) -> Result<Trusted, Stop> {
        let zone = link.zone.clone();
        let set = Set::of(&message.answers, &zone, RecordType::DNSKEY);
        // Nobody serves the zone of an anchor like this: something between leaves records out.
        if is_anchor && set.as_ref().is_none_or(|set| set.signatures.is_empty()) {
            return Err((State::Indeterminate, Reason::Stripped { name: zone }));
        }
        let Some(set) = set else { return Err((State::Bogus, Reason::NoKeys { zone })) };
        let records = || set.records.iter().take(MAX_KEYS);
        link.keys = records()
            .filter_map(|record| match &record.data {
                RecordData::Dnskey { flags, protocol, algorithm, public_key } => {
                    let key_tag = key_tag(*flags, *protocol, *algorithm, public_key);
                    Some(KeyFacts { key_tag, algorithm: *algorithm, flags: *flags })
                }
                _ => None,
            })
            .collect();
        let entry: Vec<Key> = records()
            .filter(|record| is_trusted(&record.data, &record.rdata))
            .filter_map(|record| Key::of(&record.data))
            .collect();
        if entry.is_empty() {
            let ds = link.ds.iter().map(|ds| ds.key_tag).collect();
            let keys = link.keys.iter().map(|key| key.key_tag).collect();
            return Err((
                State::Bogus,
                if is_anchor { Reason::NotTrusted { zone, keys } } else { Reason::NoMatchingKey { zone, ds, keys } },
            ));
        }
        let verified =
            set.verify(&zone, &entry, self.now, &self.checks_left).map_err(|reason| (State::Bogus, reason))?;
        link.signature = Some(verified.signature);
        let keys = records().filter_map(|record| Key::of(&record.data)).collect();
        Ok(Trusted { zone: zone.clone(), keys })
    }
}

/// A fault of denial: too many iterations make a zone unsigned, everything else makes it bogus.
fn stopped(reason: Reason) -> Stop {
    match reason {
        Reason::Iterations { iterations, .. } if !is_broken(iterations) => (State::Insecure, reason),
        reason => (State::Bogus, reason),
    }
}

/// The name that a DNAME above `name` moves it to, RFC 6672 §2.2; `None` where it grows too long.
fn moved_by(set: &Set<'_>, name: &DomainName) -> Option<DomainName> {
    let RecordData::Dname(to) = &set.records.first()?.data else { return None };
    let labels = name.labels();
    let kept = labels.get(..labels.len().checked_sub(set.owner.label_count())?).filter(|kept| !kept.is_empty())?;
    to.child(&kept.join(".")).ok()
}
