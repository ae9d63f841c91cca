//! The policy host and what is known of the file on it.

use std::net::IpAddr;

use crate::checks::fetched::Fetched;
use crate::checks::mx::is_unreachable;
use crate::checks::{Context, Gap};
use crate::dns::{RecordData, RecordType};
use crate::evidence::{HttpsEntry, Lookup};
use crate::records::mta_sts_policy::{self, MtaStsPolicy, PolicyProblem};
use crate::records::{Parsed, Technology};
use crate::wanted::{Purpose, Urgency};

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
    /// Where it came from, where that is not the policy host: a file, or the user's own relay.
    pub from: Option<String>,
}

impl PolicyFile {
    /// The file in what was fetched or supplied.
    pub fn of(entry: &HttpsEntry) -> Option<Self> {
        match Fetched::of(entry) {
            Fetched::Read(file) => {
                let (text, parsed) = mta_sts_policy::read(&file.body);
                Some(Self { text, parsed, content_type: file.content_type, from: entry.provenance.from.clone() })
            }
            _ => None,
        }
    }
}

/// Takes what is known of the policy's URL; asks for it where `wanted` and the host is one to ask.
pub(super) fn fetch<'e>(
    context: &Context<'e>,
    url: &str,
    host: &PolicyHost,
    wanted: bool,
) -> (Fetched, Option<&'e HttpsEntry>) {
    if let Some(entry) = context.evidence().https(url) {
        return (Fetched::of(entry), Some(entry));
    }
    if !wanted || host.is_missing() || host.is_private() {
        return (Fetched::NotNamed, None);
    }
    if !host.is_open() {
        // Notes the want; there is no entry yet.
        context.fetch(Technology::MtaSts, url, Purpose::MtaStsPolicy);
    }
    (Fetched::Unknown(Gap::NotSupplied { question: url.into() }), None)
}
