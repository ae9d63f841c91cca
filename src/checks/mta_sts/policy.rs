//! The policy host and what is known of the file on it.

use std::net::IpAddr;

use crate::checks::mx::is_unreachable;
use crate::checks::{Context, Gap};
use crate::dns::{RecordData, RecordType};
use crate::evidence::{Failure, HttpsEntry, HttpsOutcome, Lookup};
use crate::records::mta_sts_policy::{self, MtaStsPolicy, PolicyProblem};
use crate::records::{Parsed, Technology};
use crate::wanted::{Purpose, Urgency};

pub use crate::checks::fetched::Grade;

/// The host `mta-sts.` below the domain.
#[derive(Clone, Debug)]
pub struct PolicyHost {
    /// Its name.
    pub name: String,
    /// Where aliases lead, first to last.
    pub aliases: Vec<crate::name::DomainName>,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// Whether the name does not exist at all.
    pub dangling: bool,
    /// What could not be looked up, the first of it.
    pub gap: Option<Gap>,
}

impl PolicyHost {
    /// Asks for both kinds of addresses. The fetch waits for them, so that a private address is never called on.
    pub fn gather(context: &Context<'_>) -> Self {
        let mut host = Self {
            name: format!("mta-sts.{}", context.domain),
            aliases: Vec::new(),
            addresses: Vec::new(),
            dangling: false,
            gap: None,
        };
        let Ok(name) = context.domain.child("mta-sts") else {
            host.dangling = true;
            return host;
        };
        for record_type in [RecordType::A, RecordType::AAAA] {
            let lookup = context.ask(Technology::MtaSts, Urgency::Path, &name, record_type);
            // A question still open outranks one that failed: the fetch must wait for it.
            if let Some(gap) = Gap::of(&name, record_type, &lookup)
                && !matches!(host.gap, Some(Gap::NotSupplied { .. }))
            {
                host.gap = Some(gap);
            }
            host.dangling |= matches!(lookup, Lookup::NxDomain { .. });
            if host.aliases.is_empty() {
                host.aliases = lookup.chain().to_vec();
            }
            host.addresses.extend(lookup.records().iter().filter_map(|record| match &record.data {
                RecordData::A(address) => Some(IpAddr::V4(*address)),
                RecordData::Aaaa(address) => Some(IpAddr::V6(*address)),
                _ => None,
            }));
        }
        host
    }

    /// Whether it surely has no address.
    pub fn is_missing(&self) -> bool {
        self.addresses.is_empty() && (self.gap.is_none() || self.dangling)
    }

    /// The addresses that no sender on the Internet can reach.
    pub fn unreachable(&self) -> Vec<IpAddr> {
        self.addresses.iter().copied().filter(|address| is_unreachable(*address)).collect()
    }

    /// Whether every address that is known is one of those.
    pub fn is_private(&self) -> bool {
        !self.addresses.is_empty() && self.unreachable().len() == self.addresses.len()
    }

    /// Whether it has IPv6 addresses only, which a visitor without IPv6 cannot reach.
    pub fn is_ipv6_only(&self) -> bool {
        !self.addresses.is_empty() && self.addresses.iter().all(IpAddr::is_ipv6)
    }

    fn is_open(&self) -> bool {
        matches!(self.gap, Some(Gap::NotSupplied { .. }))
    }
}

/// A policy file whose text is known.
#[derive(Clone, Debug)]
pub struct PolicyFile {
    /// Its text, cut at the limit.
    pub text: String,
    /// What it says.
    pub parsed: Parsed<MtaStsPolicy, PolicyProblem>,
    /// The `Content-Type`, where known.
    pub content_type: Option<String>,
    /// Whether the user supplied it.
    pub supplied: bool,
    /// Where it came from, where that is not the policy host: a file, or the user's own relay.
    pub from: Option<String>,
}

/// What the request for the policy came to.
#[derive(Clone, Debug)]
pub enum Fetch {
    /// Not asked: there is no record, or no host to ask.
    NotAsked,
    /// The text is known.
    Read(Box<PolicyFile>),
    /// A status other than 200.
    Status(u16),
    /// A redirect, which must not be followed.
    Redirect(Option<String>),
    /// TLS failed, as the command line can see.
    Tls(String),
    /// The body is larger than what senders read.
    TooLarge(usize),
    /// The host answers over HTTPS; the browser may not say more.
    Reachable,
    /// Nothing is known.
    Unknown(Gap),
}

impl Fetch {
    /// Takes what is known of the URL; asks for it where `wanted` and the host is one to ask.
    pub fn gather(context: &Context<'_>, url: &str, host: &PolicyHost, wanted: bool) -> Self {
        if let Some(entry) = context.evidence().https(url) {
            return Self::of(url, entry);
        }
        if !wanted || host.is_missing() || host.is_private() {
            return Self::NotAsked;
        }
        if !host.is_open() {
            // Notes the want; there is no entry yet.
            context.fetch(Technology::MtaSts, url, Purpose::MtaStsPolicy);
        }
        Self::Unknown(Gap::NotSupplied { question: url.into() })
    }

    fn of(url: &str, entry: &HttpsEntry) -> Self {
        match &entry.outcome {
            HttpsOutcome::Read { status: 200, content_type, body } => {
                let (text, parsed) = mta_sts_policy::read(body);
                Self::Read(Box::new(PolicyFile {
                    text,
                    parsed,
                    content_type: content_type.clone(),
                    supplied: entry.supplied,
                    from: entry.provenance.from.clone(),
                }))
            }
            HttpsOutcome::Read { status, .. } | HttpsOutcome::Failed(Failure::HttpStatus { status }) => match status {
                300..=399 => Self::Redirect(None),
                _ => Self::Status(*status),
            },
            HttpsOutcome::Reachable => Self::Reachable,
            HttpsOutcome::Failed(Failure::Redirected { to, .. }) => Self::Redirect(to.clone()),
            HttpsOutcome::Failed(Failure::Tls { why }) => Self::Tls(why.clone()),
            HttpsOutcome::Failed(Failure::TooLarge { limit }) => Self::TooLarge(*limit),
            HttpsOutcome::Failed(failure) => {
                Self::Unknown(Gap::Failed { question: url.into(), failure: failure.clone() })
            }
        }
    }

    /// The grade of the evidence.
    pub fn grade(&self) -> Grade {
        match self {
            Self::Read(file) if file.supplied => Grade::Supplied,
            Self::Read(file) if file.from.is_some() => Grade::Relayed,
            Self::Read(_) | Self::Status(_) | Self::Redirect(_) | Self::TooLarge(_) => Grade::Read,
            Self::Reachable => Grade::Reachable,
            Self::NotAsked | Self::Tls(_) | Self::Unknown(_) => Grade::Unknown,
        }
    }
}
