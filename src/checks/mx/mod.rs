//! The mail servers of the domain: who receives its mail, RFC 5321 §5.1, and whether anybody does, RFC 7505.

mod host_checks;
mod hosts;
mod rules;

pub(super) use hosts::shell_word;
pub use hosts::{Host, is_unreachable};

use serde_json::json;

use super::{Context, Gap, Publish, Published, Room, Status, Step, worst};
use crate::dns::{RecordData, RecordType};
use crate::evidence::{Found, Lookup};
use crate::name::DomainName;
use crate::records::Technology;
use crate::records::mx::Exchange;
use crate::wanted::Urgency;

/// Most mail hosts whose addresses are asked for; large providers name fewer than twenty.
pub const MAX_HOSTS: usize = 50;

/// What the MX look-up of the domain says.
#[derive(Clone, Debug)]
pub enum Answer {
    /// MX records, by preference; a null MX alone or (wrongly) among others.
    Published {
        /// The records that could be read.
        exchanges: Vec<Exchange>,
        /// How many MX records do not decode.
        undecoded: usize,
    },
    /// No MX record, and addresses at the domain itself: it is its own mail server, RFC 5321 §5.1.
    Implicit,
    /// Neither MX records nor addresses; whether the name exists at all.
    Nothing { exists: bool },
    /// Not known.
    Unknown(Gap),
}

/// Who receives the domain's mail.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What the look-up says.
    pub answer: Answer,
    /// The name that owns the MX records: the domain, or the end of its alias chain.
    pub owner: DomainName,
    /// The records as published.
    pub published: Vec<Published>,
    /// The mail hosts, best first, each name once; see [`Facts::hosts`].
    hosts: Vec<Host>,
    /// How many hosts beyond [`MAX_HOSTS`] were left out.
    pub left_out: usize,
}

impl Facts {
    /// Asks for MX, then for the addresses of every host; for the domain's own only where there is no MX.
    pub fn gather(context: &Context<'_>) -> Self {
        let lookup = context.ask(Technology::Mx, Urgency::Path, context.domain, RecordType::MX);
        let mut facts = Self {
            answer: Answer::Nothing { exists: !matches!(lookup, Lookup::NxDomain { .. }) },
            owner: lookup.chain().last().unwrap_or(context.domain).clone(),
            published: Vec::new(),
            hosts: Vec::new(),
            left_out: 0,
        };
        if let Some(gap) = Gap::of(context.domain, RecordType::MX, &lookup) {
            facts.answer = Answer::Unknown(gap);
        } else if let Lookup::Found(found) = lookup {
            facts.read(context, &found);
        } else if matches!(facts.answer, Answer::Nothing { exists: true }) {
            facts.fall_back_to_the_domain(context);
        }
        facts
    }

    /// The mail hosts, best first, each name once: none where the domain receives nothing, the domain itself where it
    /// has no MX but addresses. `None` while that is not known.
    pub fn hosts(&self) -> Option<&[Host]> {
        match self.answer {
            Answer::Unknown(_) => None,
            _ => Some(&self.hosts),
        }
    }

    /// Whether a null MX stands alone: the domain says that it receives no mail, RFC 7505 §3.
    pub fn is_null(&self) -> bool {
        matches!(&self.answer, Answer::Published { exchanges, undecoded: 0 }
            if matches!(exchanges.as_slice(), [only] if only.is_null()))
    }

    /// Whether the domain surely receives no mail: a null MX alone, or neither MX records nor addresses.
    pub fn receives_nothing(&self) -> bool {
        self.is_null() || matches!(self.answer, Answer::Nothing { .. })
    }

    /// Whether the domain itself does not exist (NXDOMAIN, RFC 8020): nothing can be published at it.
    pub fn does_not_exist(&self, domain: &DomainName) -> bool {
        matches!(self.answer, Answer::Nothing { exists: false }) && self.owner == *domain
    }

    /// The MX records; empty where there are none or nothing is known.
    pub fn exchanges(&self) -> &[Exchange] {
        match &self.answer {
            Answer::Published { exchanges, .. } => exchanges,
            _ => &[],
        }
    }

    fn read(&mut self, context: &Context<'_>, found: &Found<'_>) {
        let mut read = Vec::new();
        let mut undecoded = 0;
        for record in &found.records {
            let RecordData::Mx { preference, exchange } = &record.data else {
                undecoded += 1;
                continue;
            };
            let exchange = Exchange { preference: *preference, host: exchange.clone() };
            // Kept in order by preference, then by name.
            let at = read.partition_point(|(other, _): &(Exchange, u32)| {
                (other.preference, &other.host) <= (exchange.preference, &exchange.host)
            });
            read.insert(at, (exchange, record.ttl));
        }
        for (exchange, ttl) in &read {
            self.published.push(Published {
                name: self.owner.to_string(),
                record_type: "MX".into(),
                value: exchange.text(),
                ttl: Some(*ttl),
                from: found.entry.provenance.from.clone(),
            });
            if exchange.is_null() || self.hosts.iter().any(|host| host.name == exchange.host) {
                continue;
            }
            if self.hosts.len() == MAX_HOSTS {
                self.left_out += 1;
                continue;
            }
            let literal = exchange.literal(context.domain);
            self.hosts.push(Host::gather(context, exchange.host.clone(), exchange.preference, literal));
        }
        self.answer =
            Answer::Published { exchanges: read.into_iter().map(|(exchange, _)| exchange).collect(), undecoded };
    }

    fn fall_back_to_the_domain(&mut self, context: &Context<'_>) {
        let host = Host::gather(context, context.domain.clone(), 0, None);
        self.answer = if host.has_address() {
            Answer::Implicit
        } else if let Some(gap) = host.gap() {
            Answer::Unknown(gap.clone())
        } else {
            return;
        };
        self.hosts.push(host);
    }
}

/// Everything the report asks.
pub static ROOM: Room = Room {
    technology: Technology::Mx,
    checks: rules::CHECKS,
    status: |facts, findings| match facts.mx.answer {
        Answer::Nothing { .. } => Status::Absent,
        _ => worst(findings),
    },
    score: &[],
    done: |_| None,
    prerequisites: |_| Vec::new(),
    steps,
    unknowns: |_| Vec::new(),
    published: |facts| facts.mx.published.clone(),
    detail,
};

fn steps(facts: &super::Facts) -> Vec<Step> {
    let mx = &facts.mx;
    let step = |step: &str, why: &str, publish| Step {
        technology: Technology::Mx,
        step: step.into(),
        why: why.into(),
        publish,
    };
    match &mx.answer {
        Answer::Nothing { exists: false } if mx.does_not_exist(&facts.domain) => vec![step(
            "Check the spelling of the domain.",
            "It does not exist in the DNS: either the name is mistyped, or it is not registered, or its zone is not served.",
            Vec::new(),
        )],
        Answer::Nothing { .. } => vec![step(
            "Say with a null MX that this domain receives no mail, or name its mail server.",
            "Without it, senders queue and retry for days before they give up.",
            vec![Publish::record(&facts.domain, "MX", "0 .")],
        )],
        Answer::Implicit => vec![step(
            "Name the mail server in an MX record.",
            "Mail now goes to whatever host has the domain's own address, often a web server. If the domain should \
             receive no mail, publish `0 .` instead.",
            vec![Publish::record(&facts.domain, "MX", format!("10 {}", facts.domain.absolute()))],
        )],
        Answer::Published { exchanges, .. } if exchanges.len() > 1 && exchanges.iter().any(Exchange::is_null) => {
            let others = exchanges.iter().filter(|exchange| !exchange.is_null());
            vec![step(
                "Remove the null MX, or every other MX record.",
                "The two contradict each other: some senders will refuse to send at all.",
                others.map(|other| Publish::record(&mx.owner, "MX", other.text())).collect(),
            )]
        }
        _ => Vec::new(),
    }
}

fn detail(facts: &super::Facts) -> serde_json::Value {
    let mx = &facts.mx;
    let hosts: Vec<_> = mx.hosts.iter().map(Host::detail).collect();
    json!({
        "null": mx.is_null(),
        "implicit": matches!(mx.answer, Answer::Implicit),
        "receives_nothing": mx.receives_nothing(),
        "known": mx.hosts().is_some(),
        "hosts": hosts,
    })
}
