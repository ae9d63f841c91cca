//! Whether reports can arrive: mail servers of the domains, addresses of the hosts that the record names.

use std::net::IpAddr;

use crate::checks::mx::is_unreachable;
use crate::checks::{Context, Gap};
use crate::dns::{RecordData, RecordType};
use crate::evidence::Lookup;
use crate::name::DomainName;
use crate::records::Technology;
use crate::records::tls_rpt::{TlsRptRecord, Way};
use crate::wanted::Urgency;

/// Most domains and hosts that are looked up; no sensible record names more.
const MAX_RECEIVERS: usize = 10;

/// A domain or host that reports go to.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// Its name.
    pub name: DomainName,
    /// Whether reports go there by mail (or else by HTTPS).
    pub by_mail: bool,
    /// Whether it can take them.
    pub receives: Receives,
}

/// Whether a domain or host can take reports.
#[derive(Clone, Debug)]
pub enum Receives {
    /// It has a mail server, or the host an address.
    Yes,
    /// It says that it receives no mail, RFC 7505.
    NullMx,
    /// It has neither mail server nor address.
    NoHost,
    /// All its addresses are private, so that no sender can reach it.
    Private,
    /// Not known.
    Unknown(Gap),
}

/// Looks up every domain and host that the record names, each once.
pub(super) fn gather(context: &Context<'_>, record: &TlsRptRecord) -> Vec<Receiver> {
    let mut receivers: Vec<Receiver> = Vec::new();
    for target in &record.targets {
        let (name, by_mail) = match &target.way {
            Way::Mail { domain, .. } => (domain, true),
            Way::Https { host: Some(host) } => (host, false),
            Way::Https { host: None } => continue,
        };
        if receivers.iter().any(|known| known.name == *name && known.by_mail == by_mail) {
            continue;
        }
        if receivers.len() == MAX_RECEIVERS {
            break;
        }
        let receives = if by_mail { mail(context, name) } else { addresses(context, name) };
        receivers.push(Receiver { name: name.clone(), by_mail, receives });
    }
    receivers
}

/// Whether a domain receives mail, RFC 5321 §5.1: MX, or else its own address.
fn mail(context: &Context<'_>, domain: &DomainName) -> Receives {
    let lookup = context.ask(Technology::TlsRpt, Urgency::Leaf, domain, RecordType::MX);
    if let Some(gap) = Gap::of(domain, RecordType::MX, &lookup) {
        return Receives::Unknown(gap);
    }
    match lookup {
        Lookup::Found(found) => {
            let is_null = |data: &RecordData| matches!(data, RecordData::Mx { exchange, .. } if exchange.is_root());
            if found.records.iter().all(|record| is_null(&record.data)) { Receives::NullMx } else { Receives::Yes }
        }
        Lookup::NxDomain { .. } => Receives::NoHost,
        _ => addresses(context, domain),
    }
}

/// Whether a host has an address of either kind that senders can reach.
fn addresses(context: &Context<'_>, host: &DomainName) -> Receives {
    let mut unknown = None;
    let mut without = Receives::NoHost;
    for record_type in [RecordType::A, RecordType::AAAA] {
        let lookup = context.ask(Technology::TlsRpt, Urgency::Leaf, host, record_type);
        for record in lookup.records() {
            let address = match &record.data {
                RecordData::A(address) => IpAddr::V4(*address),
                RecordData::Aaaa(address) => IpAddr::V6(*address),
                _ => continue,
            };
            if !is_unreachable(address) {
                return Receives::Yes;
            }
            without = Receives::Private;
        }
        unknown = unknown.or(Gap::of(host, record_type, &lookup));
    }
    unknown.map_or(without, Receives::Unknown)
}
