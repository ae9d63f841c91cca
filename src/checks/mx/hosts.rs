//! One mail host: its aliases and addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::json;

use crate::checks::{Context, Gap};
use crate::dns::{RecordData, RecordType};
use crate::evidence::Lookup;
use crate::name::DomainName;
use crate::records::Technology;
use crate::wanted::Urgency;

/// One mail host.
#[derive(Clone, Debug)]
pub struct Host {
    /// The name in the MX record; the domain itself where it is its own mail server.
    pub name: DomainName,
    /// Lower is tried first; of several records that name the host, the best.
    pub preference: u16,
    /// The address that the name really is, where somebody wrote an address for a name.
    pub literal: Option<IpAddr>,
    /// Where aliases lead, first to last; empty for a host that is none.
    pub aliases: Vec<DomainName>,
    /// Whether the resolver says that the name (or the end of its aliases) does not exist.
    pub dangling: bool,
    /// Its IPv4 addresses.
    pub ipv4: Result<Vec<Ipv4Addr>, Gap>,
    /// Its IPv6 addresses.
    pub ipv6: Result<Vec<Ipv6Addr>, Gap>,
}

impl Host {
    /// Asks for both kinds of addresses at once.
    pub(super) fn gather(context: &Context<'_>, name: DomainName, preference: u16, literal: Option<IpAddr>) -> Self {
        let mut host = Self {
            name,
            preference,
            literal,
            aliases: Vec::new(),
            dangling: false,
            ipv4: Ok(Vec::new()),
            ipv6: Ok(Vec::new()),
        };
        if literal.is_some() {
            return host;
        }
        host.ipv4 = host.ask(context, RecordType::A, |data| match data {
            RecordData::A(address) => Some(*address),
            _ => None,
        });
        host.ipv6 = host.ask(context, RecordType::AAAA, |data| match data {
            RecordData::Aaaa(address) => Some(*address),
            _ => None,
        });
        host
    }

    /// Whether at least one address is known.
    pub fn has_address(&self) -> bool {
        self.addresses().next().is_some()
    }

    /// Whether it surely has no address of either kind.
    pub fn has_no_address(&self) -> bool {
        self.ipv4.as_ref().is_ok_and(Vec::is_empty) && self.ipv6.as_ref().is_ok_and(Vec::is_empty)
    }

    /// Every address that is known.
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> {
        let ipv4 = self.ipv4.iter().flatten().map(|&address| IpAddr::V4(address));
        ipv4.chain(self.ipv6.iter().flatten().map(|&address| IpAddr::V6(address)))
    }

    /// What could not be looked up, the first of it.
    pub fn gap(&self) -> Option<&Gap> {
        self.ipv4.as_ref().err().or(self.ipv6.as_ref().err())
    }

    /// The host as it stands in the report.
    pub(super) fn detail(&self) -> serde_json::Value {
        json!({
            "name": self.name,
            "preference": self.preference,
            "aliases": self.aliases,
            "addresses": self.addresses().map(|address| address.to_string()).collect::<Vec<_>>(),
            "known": self.gap().is_none(),
        })
    }

    fn ask<T>(
        &mut self,
        context: &Context<'_>,
        record_type: RecordType,
        read: impl Fn(&RecordData) -> Option<T>,
    ) -> Result<Vec<T>, Gap> {
        let lookup = context.ask(Technology::Mx, Urgency::Leaf, &self.name, record_type);
        if let Some(gap) = Gap::of(&self.name, record_type, &lookup) {
            return Err(gap);
        }
        if self.aliases.is_empty() {
            self.aliases = lookup.chain().to_vec();
        }
        self.dangling |= matches!(lookup, Lookup::NxDomain { .. });
        Ok(lookup.records().iter().filter_map(|record| read(&record.data)).collect())
    }
}

/// A name from DNS as one word of a shell command: people paste such commands, and a name may hold any character.
pub(in crate::checks) fn shell_word(name: &str) -> String {
    let plain = name.bytes().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-' | b'_'));
    if plain && !name.starts_with('-') { name.to_owned() } else { format!("'{}'", name.replace('\'', "'\\''")) }
}

/// Whether no sender on the Internet can reach the address: private, loopback, link-local, shared, multicast and other
/// special ranges of RFC 6890. The documentation ranges are left out: they stand in examples, and nowhere else.
pub fn is_unreachable(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_unreachable_v4(v4),
        IpAddr::V6(v6) => {
            let [first, ..] = v6.segments();
            let unique_local = first & 0xFE00 == 0xFC00; // fc00::/7, RFC 4193
            let link_or_site_local = first & 0xFF80 == 0xFE80; // fe80::/10 and fec0::/10
            unique_local
                || link_or_site_local
                || v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || v6.to_ipv4_mapped().is_some()
        }
    }
}

fn is_unreachable_v4(v4: Ipv4Addr) -> bool {
    let [first, second, ..] = v4.octets();
    let shared = first == 100 && second & 0xC0 == 64; // 100.64.0.0/10, RFC 6598
    let benchmark = first == 198 && second & 0xFE == 18; // 198.18.0.0/15, RFC 2544
    v4.is_private() || v4.is_loopback() || v4.is_link_local() || shared || benchmark || first == 0 || first >= 224
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_word() {
        assert_eq!(shell_word("_25._tcp.mx.acme.example"), "_25._tcp.mx.acme.example");
        assert_eq!(shell_word("a`id`.example"), "'a`id`.example'");
        assert_eq!(shell_word("a'|id.example"), r"'a'\''|id.example'");
        assert_eq!(shell_word("-x.example"), "'-x.example'");
    }

    #[test]
    fn what_nobody_reaches() {
        for text in [
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "127.0.0.1",
            "169.254.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "::ffff:192.0.2.1",
        ] {
            assert!(is_unreachable(text.parse().unwrap()), "{text}");
        }
        for text in ["192.0.2.1", "198.51.100.1", "172.32.0.1", "100.128.0.1", "198.20.0.1", "2001:db8::1", "2a00::1"] {
            assert!(!is_unreachable(text.parse().unwrap()), "{text}");
        }
    }
}
