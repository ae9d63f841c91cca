//! DANE for the domain's mail servers: TLSA records at `_25._tcp.<host>`, RFC 7672, and whether senders may use them. Whether
//! the server's certificate fits them a browser cannot see.

mod beside_policy;
mod certificates;
mod checks;
mod proof;
mod proof_rules;
mod rules;

pub use certificates::{Supplied, fits, recommended};
pub use proof::{Proofs, Trust};

use serde_json::json;

use super::{
    Context, Gap, Judgement, Level, Outcome, Prerequisite, Published, Room, ScoreItem, Status, Step, Unknown, mx,
};
use crate::dns::{RecordData, RecordType};
use crate::dnssec::{Proof, State};
use crate::evidence::Lookup;
use crate::name::DomainName;
use crate::records::Technology;
use crate::records::tlsa::Tlsa;
use crate::wanted::Urgency;

/// Most TLSA records of one host that are looked at; senders cope with about twelve.
const MAX_RECORDS: usize = 64;

/// What is known about DANE.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Each mail host with its records, best first; `None` while the hosts are not known.
    pub hosts: Option<Vec<HostRecords>>,
    /// Records at `_25._tcp.<domain>`, where the domain itself is no mail server and nobody looks.
    pub misplaced: Option<HostRecords>,
    /// The certificates of servers that the user supplied.
    pub certificates: Vec<Supplied>,
}

/// The TLSA records of one mail host.
#[derive(Clone, Debug)]
pub struct HostRecords {
    /// The mail host as the MX record names it.
    pub host: DomainName,
    /// The name asked: `_25._tcp.` and the host, or the end of its aliases (RFC 7672 §2.2.3).
    pub owner: DomainName,
    /// The records; empty where there are surely none.
    pub records: Result<Vec<Tlsa>, Gap>,
    /// Whether a sender may use them, or may rely on there being none.
    pub trust: Trust,
    /// The records as published.
    published: Vec<Published>,
}

impl Facts {
    /// Asks for the records of every mail host at once, and at the domain itself, where they are often put by mistake.
    pub fn gather(context: &Context<'_>, mx: &mx::Facts) -> Self {
        let certificates = certificates::gather(context);
        let Some(hosts) = mx.hosts() else { return Self { hosts: None, misplaced: None, certificates } };
        let proof = context.prove(context.domain, RecordType::MX);
        let named = hosts.iter().filter(|host| host.literal.is_none());
        let records: Vec<HostRecords> = named.map(|host| HostRecords::of_host(context, host, &proof)).collect();
        let elsewhere = !records.is_empty() && records.iter().all(|host| host.host != *context.domain);
        let misplaced = elsewhere
            .then(|| HostRecords::at(context, context.domain, context.domain, Urgency::Guess))
            .flatten()
            .filter(HostRecords::is_there);
        Self { hosts: Some(records), misplaced, certificates }
    }

    /// Whether no mail host surely has any record; `None` while a look-up is missing and none was found.
    pub fn is_absent(&self) -> Option<bool> {
        let hosts = self.hosts.as_ref()?;
        if hosts.iter().any(HostRecords::is_there) {
            return Some(false);
        }
        hosts.iter().all(|host| host.records.is_ok()).then_some(true)
    }

    /// The hosts; empty while they are not known.
    pub fn hosts(&self) -> &[HostRecords] {
        self.hosts.as_deref().unwrap_or_default()
    }
}

impl HostRecords {
    /// Whether at least one record is there.
    pub fn is_there(&self) -> bool {
        self.records.as_ref().is_ok_and(|records| !records.is_empty())
    }

    /// Whether there is surely none.
    pub fn is_absent(&self) -> bool {
        self.records.as_ref().is_ok_and(Vec::is_empty)
    }

    /// The records; empty where they are not known.
    pub fn known(&self) -> &[Tlsa] {
        self.records.as_deref().unwrap_or_default()
    }

    /// Whether a sender can authenticate the host by at least one of the records.
    pub fn is_usable(&self) -> bool {
        self.known().iter().any(Tlsa::is_usable)
    }

    /// Whether senders that verify DANE insist on the certificate.
    pub fn is_effective(&self) -> bool {
        self.is_usable() && self.trust == Trust::Secure
    }

    /// The records of a mail host: those at the end of its aliases, or else those at its own name (RFC 7671 §7).
    fn of_host(context: &Context<'_>, host: &mx::Host, mx: &Proof) -> Self {
        let proof = Proofs::of_host(context, host);
        let bases = Proofs::bases(host, &proof);
        // All of them are asked for in one round.
        let asked = |base| Some((base, Self::at(context, &host.name, base, Urgency::Leaf)?));
        let mut found: Vec<(&DomainName, Self)> = bases.iter().filter_map(asked).collect();
        if found.len() > 1 && found.first().is_some_and(|(_, records)| records.is_absent()) {
            found.remove(0);
        }
        let first = found.into_iter().next();
        let (base, mut records) = first.unwrap_or_else(|| (&host.name, Self::none(&host.name)));
        let tlsa = (records.owner != host.name).then(|| context.prove(&records.owner, RecordType::TLSA));
        records.trust = Proofs { host: proof, tlsa }.trust(mx, *base == host.name);
        records
    }

    /// The name has no room for the prefix, so there cannot be a record.
    fn none(host: &DomainName) -> Self {
        let trust = Trust::Secure;
        Self { host: host.clone(), owner: host.clone(), records: Ok(Vec::new()), trust, published: Vec::new() }
    }

    fn at(context: &Context<'_>, host: &DomainName, base: &DomainName, urgency: Urgency) -> Option<Self> {
        let owner = base.child("_25._tcp").ok()?;
        let lookup = context.ask(Technology::Dane, urgency, &owner, RecordType::TLSA);
        let mut found = Self { owner: owner.clone(), ..Self::none(host) };
        if let Some(gap) = Gap::of(&owner, RecordType::TLSA, &lookup) {
            found.records = Err(gap);
        } else if let Lookup::Found(answer) = lookup {
            let mut records = Vec::new();
            for record in answer.records.iter().take(MAX_RECORDS) {
                let RecordData::Tlsa { usage, selector, matching, data } = &record.data else { continue };
                let tlsa = Tlsa { usage: *usage, selector: *selector, matching: *matching, data: data.clone() };
                found.published.push(Published {
                    name: owner.to_string(),
                    record_type: "TLSA".into(),
                    value: tlsa.text(),
                    ttl: Some(record.ttl),
                    from: answer.entry.provenance.from.clone(),
                });
                records.push(tlsa);
            }
            found.records = Ok(records);
        }
        Some(found)
    }
}

/// Everything the report asks.
pub static ROOM: Room = Room {
    technology: Technology::Dane,
    checks: checks::CHECKS,
    status: |facts, findings| {
        if facts.mx.receives_nothing() {
            return Status::NotApplicable;
        }
        match facts.dane.is_absent() {
            // Broken signatures hold mail back also where there is no record.
            Some(true) if findings.iter().all(|finding| finding.outcome != Outcome::Fail) => Status::Absent,
            None => Status::Unknown,
            _ => super::worst(findings),
        }
    },
    score: &[
        ScoreItem {
            id: "dane.records",
            level: Level::Advanced,
            label: "Every mail server has TLSA records",
            how: "2 points when every mail host has at least one TLSA record at _25._tcp, 1 when only some have. Domains \
                  that receive no mail are not asked for it.",
            points: 2,
            judge: |facts| {
                let hosts = facts.dane.hosts();
                applicable(facts).unwrap_or_else(|| {
                    let with = hosts.iter().filter(|host| host.is_there()).count();
                    let all_known = facts.dane.hosts.is_some() && hosts.iter().all(|host| host.records.is_ok());
                    match with {
                        _ if !all_known => Judgement::Unknown,
                        0 => Judgement::Earned(0),
                        all if all == hosts.len() => Judgement::Earned(2),
                        _ => Judgement::Earned(1),
                    }
                })
            },
        },
        ScoreItem {
            id: "dane.usable",
            level: Level::Advanced,
            label: "The TLSA records can be used by senders",
            how: "1 point when every mail host that has TLSA records has one with usage 2 or 3, a known selector and \
                  matching type, and data of the right length.",
            points: 1,
            judge: |facts| {
                let mut with = facts.dane.hosts().iter().filter(|host| host.is_there()).peekable();
                applicable(facts).unwrap_or_else(|| match facts.dane.is_absent() {
                    None => Judgement::Unknown,
                    Some(true) => Judgement::Earned(0),
                    Some(false) => Judgement::Earned(u8::from(with.all(HostRecords::is_usable))),
                })
            },
        },
        ScoreItem {
            id: "dane.proven",
            level: Level::Advanced,
            label: "The TLSA records are signed and senders see that",
            how: "2 points when MX, address and TLSA records of every mail host with TLSA records are signed without a gap \
                  from the root down, 1 when those of only some are. Not judged where an answer on the way is missing; 0 \
                  where nothing of it counts.",
            points: 2,
            judge: |facts| {
                applicable(facts).unwrap_or_else(|| match facts.dane.is_absent() {
                    Some(true) => Judgement::Earned(0),
                    None => Judgement::Unknown,
                    Some(false) => {
                        let with = || facts.dane.hosts().iter().filter(|host| host.is_there());
                        let secure = with().filter(|host| host.trust == Trust::Secure).count();
                        let unknown = with().any(|host| matches!(host.trust, Trust::Unknown(_)));
                        match secure {
                            secure if secure == with().count() => Judgement::Earned(2),
                            _ if unknown && facts.dnssec.has_ds() != Some(false) => Judgement::Unknown,
                            0 => Judgement::Earned(0),
                            _ => Judgement::Earned(1),
                        }
                    }
                })
            },
        },
    ],
    done: |facts| {
        if facts.mx.receives_nothing() {
            return None;
        }
        let hosts = facts.dane.hosts();
        if !hosts.is_empty() && hosts.iter().all(HostRecords::is_effective) {
            return Some(true);
        }
        let without = |host: &HostRecords| {
            let untrusted = !matches!(host.trust, Trust::Secure | Trust::Unknown(_));
            host.is_absent() || untrusted || host.is_there() && !host.is_usable()
        };
        let unsigned = facts.dnssec.has_ds() == Some(false);
        (facts.dane.is_absent() == Some(true) || unsigned || hosts.iter().any(without)).then_some(false)
    },
    prerequisites: |facts| {
        vec![
            Prerequisite {
                id: "dnssec".into(),
                label: "DNSSEC".into(),
                met: match facts.dnssec.state() {
                    State::Secure => facts.dnssec.has_ds(),
                    State::Insecure | State::Bogus => Some(false),
                    State::Indeterminate => facts.dnssec.has_ds().filter(|has_ds| !has_ds),
                },
            },
            Prerequisite {
                id: "certificate-management".into(),
                label: "certificate management".into(),
                // Seen only where certificates were supplied that fit at every host.
                met: certificates::all_match(facts).then_some(true),
            },
        ]
    },
    steps,
    unknowns,
    published: |facts| {
        let all = facts.dane.hosts().iter().chain(&facts.dane.misplaced);
        all.flat_map(|host| host.published.clone()).collect()
    },
    detail,
};

/// `Some` where the items of the score do not apply.
fn applicable(facts: &super::Facts) -> Option<Judgement> {
    facts.mx.receives_nothing().then_some(Judgement::NotApplicable)
}

fn steps(facts: &super::Facts) -> Vec<Step> {
    let step =
        |step: String, why: &str| Step { technology: Technology::Dane, step, why: why.into(), publish: Vec::new() };
    let dane = &facts.dane;
    let bare: Vec<&str> = dane.hosts().iter().filter(|host| host.is_absent()).map(|host| host.host.as_str()).collect();
    if facts.mx.receives_nothing() || bare.is_empty() {
        return certificates::steps(facts);
    }
    if facts.dnssec.has_ds() == Some(false) {
        return vec![step(
            "Sign the zone with DNSSEC first; DANE comes after it.".into(),
            "Senders ignore TLSA records that are not signed. The zones of the mail servers must be signed as well.",
        )];
    }
    let names = bare.join(", ");
    vec![step(
        tr!(
            "Publish a TLSA record `3 1 1` for {names}, made from the key of its certificate: \
             `openssl x509 -in cert.pem -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256` \
             prints the digest.",
            names
        ),
        "The record goes to `_25._tcp.` and the host's name. If somebody else runs the mail server, only they can publish \
         it. Keep the key when the certificate is renewed, or publish the next key's record before the change.",
    )]
}

fn unknowns(facts: &super::Facts) -> Vec<Unknown> {
    let with = facts.dane.hosts().iter().filter(|host| host.is_there() && !certificates::is_matched(facts, host));
    with.map(|host| {
        let name = mx::shell_word(host.host.as_str());
        Unknown {
            technology: Technology::Dane,
            what: tr!("Whether the certificate of {} fits its TLSA records", host.host),
            why: "A web page cannot connect to port 25.".into(),
            how: tr!("Look yourself: `openssl s_client -starttls smtp -showcerts -connect {name}:25 -dane_tlsa_domain {name}{} \
                 </dev/null` must say “Verification: OK”. Its output can be pasted or dropped here.", host.known().iter().map(|tlsa| tr!(" -dane_tlsa_rrdata \"{}\"", tlsa.text())).collect::<String>(), name),
        }
    })
    .collect()
}

fn detail(facts: &super::Facts) -> serde_json::Value {
    let host = |host: &HostRecords| {
        json!({
            "host": host.host,
            "owner": host.owner,
            "known": host.records.is_ok(),
            "records": host.known().iter().map(Tlsa::text).collect::<Vec<_>>(),
            "usable": host.is_usable(),
            "trust": host.trust.word(),
            "reason": host.trust.reason().map(ToString::to_string),
        })
    };
    json!({
        "hosts": facts.dane.hosts().iter().map(host).collect::<Vec<_>>(),
        "misplaced": facts.dane.misplaced.as_ref().map(host),
        "certificates": certificates::detail(facts),
    })
}
