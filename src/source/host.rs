//! The host behind a URL: whether it may be asked, by the addresses that the evidence holds.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::dns::{RecordData, RecordType};
use crate::evidence::{Evidence, Lookup};
use crate::name::DomainName;
use crate::wanted::Want;

/// What the evidence says about a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Host {
    /// Its addresses are to be looked up first.
    Wanted(Vec<Want>),
    /// It has an address on the internet, or the look-ups failed and nothing speaks against asking.
    Public,
    /// It has addresses of private networks only.
    Private,
    /// It has no address.
    None,
}

impl Host {
    /// Judges a host by the evidence.
    pub(super) fn of(name: &DomainName, evidence: &Evidence) -> Self {
        let mut wanted = Vec::new();
        let (mut private, mut failed) = (false, false);
        for record_type in [RecordType::A, RecordType::AAAA] {
            let lookup = evidence.look_up(name, record_type);
            if lookup.records().iter().any(|record| is_public(&record.data)) {
                return Self::Public;
            }
            private |= !lookup.records().is_empty();
            match lookup {
                Lookup::NotSupplied { name, record_type } => wanted.push(Want::Dns { name, record_type }),
                Lookup::Failed(_) => failed = true,
                _ => {}
            }
        }
        match (wanted.is_empty(), failed, private) {
            (false, _, _) => Self::Wanted(wanted),
            (true, true, _) => Self::Public,
            (true, false, true) => Self::Private,
            (true, false, false) => Self::None,
        }
    }
}

/// The host in an `https` URL; `None` where it has none that DNS could know.
pub(super) fn host_of(url: &str) -> Option<DomainName> {
    let rest = url.strip_prefix("https://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    DomainName::parse(host).ok().filter(|name| name.is_host_name() && name.as_str().parse::<IpAddr>().is_err())
}

fn is_public(data: &RecordData) -> bool {
    match data {
        RecordData::A(address) => is_public_v4(*address),
        RecordData::Aaaa(address) => is_public_v6(*address),
        _ => false,
    }
}

/// Everything but this computer and private networks (what browsers call the local network).
fn is_public_v4(address: Ipv4Addr) -> bool {
    // 100.64.0.0/10 is shared by carriers, RFC 6598.
    let [first, second, ..] = address.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    !(first == 0 || address.is_loopback() || address.is_private() || address.is_link_local() || is_shared)
}

/// Everything but loopback, unique local (RFC 4193) and link-local addresses, and IPv4 addresses in disguise.
fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = address.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let first = address.segments().first().copied().unwrap_or_default();
    !(address.is_loopback() || address.is_unspecified() || first & 0xFE00 == 0xFC00 || first & 0xFFC0 == 0xFE80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_in_urls() {
        let host = |url: &str| host_of(url).map(|name| name.to_string());
        assert_eq!(host("https://mta-sts.example.com/.well-known/mta-sts.txt").as_deref(), Some("mta-sts.example.com"));
        assert_eq!(host("https://user@logo.example:8443?x").as_deref(), Some("logo.example"));
        for url in ["http://example.com/", "https://", "https://192.0.2.1/", "https://[::1]/", "https://a_b/"] {
            assert_eq!(host(url), None, "{url}");
        }
    }

    #[test]
    fn public_and_private_addresses() {
        for address in ["192.0.2.1", "100.63.255.255", "100.128.0.0", "172.32.0.1", "2001:db8::1"] {
            assert!(is_public(&data(address)), "{address}");
        }
        for address in [
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "127.0.0.1",
            "169.254.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "::",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(!is_public(&data(address)), "{address}");
        }
    }

    fn data(address: &str) -> RecordData {
        match address.parse().unwrap() {
            IpAddr::V4(address) => RecordData::A(address),
            IpAddr::V6(address) => RecordData::Aaaa(address),
        }
    }
}
