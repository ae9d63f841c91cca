//! MX records: one mail server of a domain each, RFC 5321 §5.1 and RFC 1035 §3.3.9; the null MX of RFC 7505.

use std::net::{IpAddr, Ipv4Addr};

use crate::name::DomainName;
use crate::text::Span;

use super::{Problem, Weight};

/// One MX record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Lower is tried first.
    pub preference: u16,
    /// The mail server; the root says that there is none (RFC 7505 §3).
    pub host: DomainName,
}

/// What can be wrong with one record of an MX set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MxProblem {
    /// The null MX stands beside other records, RFC 7505 §3.
    NullBesideOthers,
    /// The null MX has another preference than 0, RFC 7505 §3.
    NullPreference { preference: u16 },
    /// The host is an IP address written as a name, RFC 5321 §5.1, RFC 1035 §3.3.9.
    AddressLiteral { address: IpAddr },
    /// The host has characters that no host name has, RFC 5321 §2.3.5.
    NotAHostName,
    /// The same host stands in an earlier record too.
    Duplicate { earlier_preference: u16 },
}

impl Exchange {
    /// RDATA in zone-file form: `10 mx.example.com.`
    pub fn text(&self) -> String {
        format!("{} {}", self.preference, self.host.absolute())
    }

    /// Where the host stands in [`Exchange::text`].
    pub fn host_span(&self) -> Span {
        let text = self.text();
        let start = text.find(' ').map_or(0, |space| space + 1);
        Span::new(start, text.len())
    }

    /// Whether this is the null MX.
    pub fn is_null(&self) -> bool {
        self.host.is_root()
    }

    /// The address that the host's name really is: `192.0.2.1.` and, where the final dot was forgotten,
    /// `192.0.2.1.example.com.` in the zone `domain`.
    pub fn literal(&self, domain: &DomainName) -> Option<IpAddr> {
        let name = self.host.as_str();
        let own = name.strip_suffix(domain.as_str()).and_then(|rest| rest.strip_suffix('.')).unwrap_or(name);
        if let Ok(address) = own.parse::<Ipv4Addr>() {
            return Some(address.into());
        }
        // `[192.0.2.1]` as in an address, and IPv6 addresses, which as a name are one label with colons.
        own.strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(own)
            .trim_start_matches("ipv6:")
            .parse()
            .ok()
    }
}

/// Every problem of an MX set, with the index of the record that has it.
pub fn problems(domain: &DomainName, set: &[Exchange]) -> Vec<(usize, Problem<MxProblem>)> {
    let mut problems = Vec::new();
    for (index, exchange) in set.iter().enumerate() {
        let mut add = |kind, weight| problems.push((index, Problem { kind, span: exchange.host_span(), weight }));
        if exchange.is_null() {
            if set.len() > 1 {
                add(MxProblem::NullBesideOthers, Weight::Fault);
            } else if exchange.preference != 0 {
                add(MxProblem::NullPreference { preference: exchange.preference }, Weight::Note);
            }
            continue;
        }
        if let Some(address) = exchange.literal(domain) {
            add(MxProblem::AddressLiteral { address }, Weight::Fault);
        } else if !exchange.host.is_host_name() {
            add(MxProblem::NotAHostName, Weight::Doubt);
        }
        let earlier = set.get(..index).unwrap_or_default().iter().find(|earlier| earlier.host == exchange.host);
        if let Some(earlier) = earlier {
            add(MxProblem::Duplicate { earlier_preference: earlier.preference }, Weight::Doubt);
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> DomainName {
        DomainName::parse(text).unwrap()
    }

    fn kinds(records: &[(u16, &str)]) -> Vec<(usize, MxProblem)> {
        let set: Vec<Exchange> =
            records.iter().map(|&(preference, host)| Exchange { preference, host: name(host) }).collect();
        problems(&name("acme.example"), &set).into_iter().map(|(at, problem)| (at, problem.kind)).collect()
    }

    #[test]
    fn sound_sets_have_no_problem() {
        assert_eq!(kinds(&[(10, "mx1.acme.example"), (10, "mx2.acme.example")]), []);
        assert_eq!(kinds(&[(0, ".")]), []);
        assert_eq!(kinds(&[(10, "1.2.3.mx.acme.example")]), []);
    }

    #[test]
    fn null_mx() {
        assert_eq!(kinds(&[(0, "."), (10, "mx.acme.example")]), [(0, MxProblem::NullBesideOthers)]);
        assert_eq!(kinds(&[(10, ".")]), [(0, MxProblem::NullPreference { preference: 10 })]);
    }

    #[test]
    fn addresses_are_no_hosts() {
        let v4 = |text: &str| MxProblem::AddressLiteral { address: text.parse().unwrap() };
        assert_eq!(kinds(&[(10, "192.0.2.1")]), [(0, v4("192.0.2.1"))]);
        assert_eq!(kinds(&[(10, "192.0.2.1.acme.example")]), [(0, v4("192.0.2.1"))]);
        assert_eq!(kinds(&[(10, "[192.0.2.1]")]), [(0, v4("192.0.2.1"))]);
        assert_eq!(kinds(&[(10, "2001:db8::1")]), [(0, v4("2001:db8::1"))]);
    }

    #[test]
    fn doubles_and_underscores() {
        assert_eq!(
            kinds(&[(10, "mx_1.acme.example"), (20, "mx.acme.example"), (30, "mx.acme.example")]),
            [(0, MxProblem::NotAHostName), (2, MxProblem::Duplicate { earlier_preference: 20 })]
        );
    }

    #[test]
    fn the_span_covers_the_host() {
        let exchange = Exchange { preference: 10, host: name("mx.acme.example") };
        assert_eq!(exchange.host_span().of(&exchange.text()), "mx.acme.example.");
    }
}
