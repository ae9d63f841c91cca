//! DANE for the domain's mail servers: TLSA records at `_25._tcp.<host>`, RFC 7672. Whether they are signed and fit the
//! certificate cannot be judged from their presence: that is unknown here.

mod checks;
mod rules;

use serde_json::json;

use super::{
    Context, Gap, Judgement, Level, Prerequisite, Published, Room, ScoreItem, Status, Step, Unknown, dnssec, mx,
};
use crate::dns::{RecordData, RecordType};
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
    /// The records as published.
    published: Vec<Published>,
}

impl Facts {
    /// Asks for the records of every mail host at once, and at the domain itself, where they are often put by mistake.
    pub fn gather(context: &Context<'_>, mx: &mx::Facts, _dnssec: &dnssec::Facts) -> Self {
        let Some(hosts) = mx.hosts() else { return Self { hosts: None, misplaced: None } };
        let named = hosts.iter().filter(|host| host.literal.is_none());
        let records: Vec<HostRecords> = named.map(|host| HostRecords::of_host(context, host)).collect();
        let elsewhere = !records.is_empty() && records.iter().all(|host| host.host != *context.domain);
        let misplaced = elsewhere
            .then(|| HostRecords::at(context, context.domain, context.domain, Urgency::Guess))
            .flatten()
            .filter(HostRecords::is_there);
        Self { hosts: Some(records), misplaced }
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

    /// The records of a mail host: those at the end of its aliases, or else those at its own name (RFC 7671 §7).
    fn of_host(context: &Context<'_>, host: &mx::Host) -> Self {
        let own = Self::at(context, &host.name, &host.name, Urgency::Leaf);
        let expanded = host.aliases.last().and_then(|end| Self::at(context, &host.name, end, Urgency::Leaf));
        expanded.filter(|records| !records.is_absent()).or(own).unwrap_or_else(|| Self {
            host: host.name.clone(),
            owner: host.name.clone(),
            records: Ok(Vec::new()), // The name has no room for the prefix, so there cannot be a record.
            published: Vec::new(),
        })
    }

    fn at(context: &Context<'_>, host: &DomainName, base: &DomainName, urgency: Urgency) -> Option<Self> {
        let owner = base.child("_25._tcp").ok()?;
        let lookup = context.ask(Technology::Dane, urgency, &owner, RecordType::TLSA);
        let mut found =
            Self { host: host.clone(), owner: owner.clone(), records: Ok(Vec::new()), published: Vec::new() };
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
            Some(true) if facts.dane.misplaced.is_none() => Status::Absent,
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
            how: "2 points when the signatures over MX, addresses and TLSA records are valid. Not judged where a DS record is \
                  there and the signatures have not been verified; 0 where the domain has no DS record or no TLSA record.",
            points: 2,
            judge: |facts| {
                applicable(facts).unwrap_or_else(|| match (facts.dane.is_absent(), facts.dnssec.has_ds()) {
                    (Some(true), _) | (_, Some(false)) => Judgement::Earned(0),
                    _ => Judgement::Unknown,
                })
            },
        },
    ],
    done: |facts| {
        if facts.mx.receives_nothing() {
            return None;
        }
        let partly = facts.dane.hosts().iter().any(HostRecords::is_absent);
        let unsigned = facts.dnssec.has_ds() == Some(false);
        (facts.dane.is_absent() == Some(true) || partly || unsigned).then_some(false)
    },
    prerequisites: |facts| {
        vec![
            Prerequisite {
                id: "dnssec".into(),
                label: "DNSSEC".into(),
                met: facts.dnssec.has_ds().filter(|has_ds| !has_ds),
            },
            Prerequisite { id: "certificate-management".into(), label: "certificate management".into(), met: None },
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
        return Vec::new();
    }
    if facts.dnssec.has_ds() == Some(false) {
        return vec![step(
            "Sign the zone with DNSSEC first; DANE comes after it.".into(),
            "Senders ignore TLSA records that are not signed. The zones of the mail servers must be signed as well.",
        )];
    }
    let names = bare.join(", ");
    vec![step(
        format!(
            "Publish a TLSA record `3 1 1` for {names}, made from the key of its certificate: \
             `openssl x509 -in cert.pem -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256` \
             prints the digest."
        ),
        "The record goes to `_25._tcp.` and the host's name. If somebody else runs the mail server, only they can publish \
         it. Keep the key when the certificate is renewed, or publish the next key's record before the change.",
    )]
}

fn unknowns(facts: &super::Facts) -> Vec<Unknown> {
    let with = facts.dane.hosts().iter().filter(|host| host.is_there());
    with.map(|host| {
        let name = mx::shell_word(host.host.as_str());
        Unknown {
            technology: Technology::Dane,
            what: format!("Whether the certificate of {} fits its TLSA records", host.host),
            why: "A web page cannot connect to port 25.".into(),
            how: format!(
                "Look yourself: `openssl s_client -starttls smtp -connect {name}:25 -dane_tlsa_domain {name}{} </dev/null` \
                 must say “Verification: OK”.",
                host.known().iter().map(|tlsa| format!(" -dane_tlsa_rrdata \"{}\"", tlsa.text())).collect::<String>()
            ),
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
        })
    };
    json!({
        "hosts": facts.dane.hosts().iter().map(host).collect::<Vec<_>>(),
        "misplaced": facts.dane.misplaced.as_ref().map(host),
    })
}
