//! Address ranges: masks, special-purpose networks, and whether a set of networks covers everybody.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde::Serialize;

use crate::order;

/// Addresses are IPv4 or IPv6; a sender comes by one of them, and limits are counted for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    Ipv4,
    Ipv6,
}

impl Family {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Ipv4, Self::Ipv6];

    /// Longest prefix.
    pub fn bits(self) -> u8 {
        match self {
            Self::Ipv4 => 32,
            Self::Ipv6 => 128,
        }
    }

    /// `IPv4` or `IPv6`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
        }
    }
}

/// A network: its first address in the low bits, and its prefix length. Host bits are kept as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    /// Its family.
    pub family: Family,
    /// The address as written, as a number.
    pub address: u128,
    /// Prefix length, at most [`Family::bits`].
    pub prefix: u8,
}

impl Network {
    /// An IPv4 network.
    pub const fn ip4(address: Ipv4Addr, prefix: u8) -> Self {
        // Widening; `From` is not usable in constants.
        Self { family: Family::Ipv4, address: address.to_bits() as u128, prefix }
    }

    /// An IPv6 network.
    pub const fn ip6(address: Ipv6Addr, prefix: u8) -> Self {
        Self { family: Family::Ipv6, address: address.to_bits(), prefix }
    }

    /// First and last address.
    pub fn bounds(self) -> (u128, u128) {
        let host_bits = u32::from(self.family.bits().saturating_sub(self.prefix));
        let host_mask = if host_bits >= 128 { u128::MAX } else { (1u128 << host_bits) - 1 };
        (self.address & !host_mask, self.address | host_mask)
    }

    /// The address without the bits beyond the prefix, in text form.
    pub fn first_text(self) -> String {
        let (first, _) = self.bounds();
        match self.family {
            // An IPv4 address fits by construction; the mask keeps the conversion total.
            Family::Ipv4 => Ipv4Addr::from_bits(u32::try_from(first & u128::from(u32::MAX)).unwrap_or(0)).to_string(),
            Family::Ipv6 => Ipv6Addr::from_bits(first).to_string(),
        }
    }

    /// Whether bits are set beyond the prefix.
    pub fn has_host_bits(self) -> bool {
        self.bounds().0 != self.address
    }

    /// Whether every address of `other` is in this network.
    pub fn contains(self, other: Self) -> bool {
        let (mine, theirs) = (self.bounds(), other.bounds());
        self.family == other.family && mine.0 <= theirs.0 && theirs.1 <= mine.1
    }
}

/// A network that does not send mail on the public Internet (IANA special-purpose address registries, 2026-11).
#[derive(Debug, PartialEq, Eq)]
pub struct SpecialRange {
    /// The network.
    pub network: Network,
    /// What it is for.
    pub what: &'static str,
    /// The RFC that says so.
    pub reference: &'static str,
    /// Whether it is for examples only: mostly a copied example.
    pub documentation: bool,
}

const fn v4(a: u8, b: u8, c: u8, prefix: u8, what: &'static str, reference: &'static str) -> SpecialRange {
    let network = Network::ip4(Ipv4Addr::new(a, b, c, 0), prefix);
    SpecialRange { network, what, reference, documentation: false }
}

const fn v6(a: u16, b: u16, prefix: u8, what: &'static str, reference: &'static str) -> SpecialRange {
    let network = Network::ip6(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), prefix);
    SpecialRange { network, what, reference, documentation: false }
}

const fn example(range: SpecialRange) -> SpecialRange {
    SpecialRange { documentation: true, ..range }
}

/// The networks that are looked for.
static SPECIAL: &[SpecialRange] = &[
    v4(0, 0, 0, 8, "“this network”", "RFC 791 §3.2"),
    v4(10, 0, 0, 8, "private use", "RFC 1918"),
    v4(100, 64, 0, 10, "shared address space of access providers", "RFC 6598"),
    v4(127, 0, 0, 8, "loopback", "RFC 1122 §3.2.1.3"),
    v4(169, 254, 0, 16, "link-local", "RFC 3927"),
    v4(172, 16, 0, 12, "private use", "RFC 1918"),
    v4(192, 0, 0, 24, "protocol assignments", "RFC 6890 §2.1"),
    example(v4(192, 0, 2, 24, "documentation", "RFC 5737")),
    v4(192, 168, 0, 16, "private use", "RFC 1918"),
    v4(198, 18, 0, 15, "benchmarks", "RFC 2544"),
    example(v4(198, 51, 100, 24, "documentation", "RFC 5737")),
    example(v4(203, 0, 113, 24, "documentation", "RFC 5737")),
    v4(224, 0, 0, 4, "multicast", "RFC 1112"),
    v4(240, 0, 0, 4, "reserved", "RFC 1112 §4"),
    SpecialRange {
        network: Network::ip6(Ipv6Addr::LOCALHOST, 128),
        what: "loopback",
        reference: "RFC 4291",
        documentation: false,
    },
    example(v6(0x2001, 0xdb8, 32, "documentation", "RFC 3849")),
    example(v6(0x3fff, 0, 20, "documentation", "RFC 9637")),
    v6(0xfc00, 0, 7, "unique local (private use)", "RFC 4193"),
    v6(0xfe80, 0, 10, "link-local", "RFC 4291"),
    v6(0xff00, 0, 8, "multicast", "RFC 4291"),
];

/// IPv4-mapped IPv6 addresses, RFC 4291 §2.5.5.2.
const MAPPED: Network = Network::ip6(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96);

/// The special network that holds all of `network`.
pub fn special(network: Network) -> Option<&'static SpecialRange> {
    SPECIAL.iter().find(|range| range.network.contains(network))
}

/// The IPv4 form of an IPv4-mapped IPv6 network.
pub fn unmapped(network: Network) -> Option<Network> {
    let address = u32::try_from(network.address & u128::from(u32::MAX)).ok()?;
    MAPPED.contains(network).then(|| Network::ip4(Ipv4Addr::from_bits(address), network.prefix.saturating_sub(96)))
}

/// Whether the networks of one family cover every address of it together.
pub fn covers_everyone(family: Family, networks: impl IntoIterator<Item = Network>) -> bool {
    let mut bounds: Vec<(u128, u128)> =
        networks.into_iter().filter(|network| network.family == family).map(Network::bounds).collect();
    order::by_key(&mut bounds, |(first, _)| *first);
    let last = match family {
        Family::Ipv4 => u128::from(u32::MAX),
        Family::Ipv6 => u128::MAX,
    };
    let mut next = 0;
    for (first, end) in bounds {
        if first > next {
            return false;
        }
        if end >= last {
            return true;
        }
        next = next.max(end + 1);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip4(text: &str, prefix: u8) -> Network {
        Network::ip4(text.parse().unwrap(), prefix)
    }

    #[test]
    fn coverage() {
        let v4 = |networks: &[Network]| covers_everyone(Family::Ipv4, networks.iter().copied());
        assert!(v4(&[ip4("0.0.0.0", 0)]));
        assert!(v4(&[ip4("203.0.113.9", 0)]), "host bits do not matter");
        assert!(v4(&[ip4("128.0.0.0", 1), ip4("0.0.0.0", 1)]));
        assert!(!v4(&[ip4("128.0.0.0", 1), ip4("0.0.0.0", 2)]));
        assert!(!v4(&[]));
        assert!(covers_everyone(Family::Ipv6, [Network::ip6(Ipv6Addr::UNSPECIFIED, 0)]));
    }

    #[test]
    fn special_networks() {
        assert_eq!(special(ip4("10.1.2.3", 32)).map(|range| range.reference), Some("RFC 1918"));
        assert!(special(ip4("10.0.0.0", 7)).is_none(), "holds public addresses too");
        assert!(special(ip4("8.8.8.8", 32)).is_none());
        assert!(special(ip4("192.0.2.1", 32)).is_some_and(|range| range.documentation));
        assert_eq!(ip4("192.0.2.77", 24).first_text(), "192.0.2.0");
        assert!(special(Network::ip6(Ipv6Addr::LOCALHOST, 128)).is_some());
        let mapped = Network::ip6("::ffff:192.0.2.1".parse().unwrap(), 120);
        assert_eq!(unmapped(mapped), Some(ip4("192.0.2.1", 24)));
    }
}
