//! Questions to the evidence, with a note of those that it cannot answer.

use std::net::IpAddr;

use crate::dns::{RecordData, RecordType};
use crate::evidence::Lookup;
use crate::name::DomainName;
use crate::records::Technology;
use crate::records::spf::Network;
use crate::wanted::{Urgency, Want, Wanted};

use super::trace::Why;
use super::walk::Walk;

/// Answers with the records, and `true` where the name has none.
pub(super) enum Answer<'e> {
    /// What was found; empty where there is nothing of the kind.
    Known(Lookup<'e>),
    /// It was asked in vain.
    Failed(Why),
    /// It is not known yet.
    Missing(Why),
}

impl<'e> Walk<'e> {
    /// Asks for the records of one type at one name; a missing answer is wanted from now on.
    pub(super) fn ask(&mut self, name: &DomainName, record_type: RecordType) -> Answer<'e> {
        let question = || tr!("{record_type} of {name}", record_type, name);
        match self.evidence.look_up(name, record_type) {
            Lookup::Failed(failure) => {
                Answer::Failed(Why::Failed { question: question(), failure: failure.to_string() })
            }
            Lookup::NotSupplied { name, record_type } => {
                let urgency = match record_type {
                    RecordType::A | RecordType::AAAA => Urgency::Leaf,
                    _ => Urgency::Path,
                };
                let want = Want::Dns { name, record_type };
                if !self.wanted.iter().any(|known| known.want == want) {
                    self.wanted.push(Wanted { want, urgency, technologies: vec![Technology::Spf] });
                }
                Answer::Missing(Why::Missing { question: question() })
            }
            lookup => Answer::Known(lookup),
        }
    }

    /// The type of the records that hold addresses of the client's family.
    pub(super) fn address_type(&self) -> RecordType {
        if self.client.family.bits() == 32 { RecordType::A } else { RecordType::AAAA }
    }

    /// The first address among the records whose network of this prefix holds the client.
    pub(super) fn client_among(&self, lookup: &Lookup<'_>, prefix: u8) -> Option<IpAddr> {
        lookup.records().iter().find_map(|record| {
            let (network, address) = match record.data {
                RecordData::A(address) => (Network::ip4(address, prefix), IpAddr::V4(address)),
                RecordData::Aaaa(address) => (Network::ip6(address, prefix), IpAddr::V6(address)),
                _ => return None,
            };
            network.contains(self.client).then_some(address)
        })
    }

    /// Names of the client that may count, at most ten of them (RFC 7208 §5.5, §4.6.4).
    pub(super) fn client_names(&mut self) -> Result<Vec<DomainName>, Answer<'e>> {
        let Ok(name) = DomainName::parse(&self.reverse_name()) else { return Ok(Vec::new()) };
        match self.ask(&name, RecordType::PTR) {
            Answer::Known(lookup) => {
                let names = lookup.records().iter().filter_map(|record| match &record.data {
                    RecordData::Ptr(name) => Some(name.clone()),
                    _ => None,
                });
                Ok(names.take(super::MAX_PTR).collect())
            }
            other => Err(other),
        }
    }

    /// Whether a name of the client leads back to it; a failed look-up does not (RFC 7208 §5.5). `None`: not known yet.
    pub(super) fn leads_back(&mut self, name: &DomainName) -> Option<bool> {
        match self.ask(name, self.address_type()) {
            Answer::Known(lookup) => Some(self.client_among(&lookup, self.client.family.bits()).is_some()),
            Answer::Failed(_) => Some(false),
            Answer::Missing(_) => None,
        }
    }

    /// The value of `%{p}`: the domain itself, a name below it, or any name of the client that leads back to it; else
    /// `unknown` (RFC 7208 §7.3). `None`: not known yet.
    pub(super) fn validated_name(&mut self, domain: &DomainName) -> Option<String> {
        let mut names = match self.client_names() {
            Ok(names) => names,
            Err(Answer::Missing(_)) => return None,
            Err(_) => Vec::new(),
        };
        names.sort_by_key(|name| match name {
            name if name == domain => 0,
            name if name.is_at_or_below(domain) => 1,
            _ => 2,
        });
        let mut missing = false;
        for name in &names {
            match self.leads_back(name) {
                Some(true) if !missing => return Some(name.as_str().to_owned()),
                Some(_) => {}
                None => missing = true,
            }
        }
        (!missing).then(|| "unknown".to_owned())
    }
}
