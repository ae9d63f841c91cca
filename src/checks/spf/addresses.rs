//! Which addresses pass: for every record of a tree the set that it lets pass, as ranges that do not overlap.
//!
//! Terms are taken in order, as RFC 7208 §4.6.2 has it: the first one that matches decides. What depends on the message
//! (`exists`, `ptr`, macros) cannot be counted and is only noted.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::providers::{self, Provider};
use super::tree::{Node, State, Tree};
use crate::order;
use crate::records::spf::{Family, Mechanism, Qualifier};

/// First and last address.
pub type Range = (u128, u128);

/// The addresses that pass by one record and everything below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passing {
    /// IPv4 and IPv6, in order, without overlap.
    pub ranges: [Vec<Range>; 2],
    /// Whether some terms let pass what depends on the message.
    pub of_message: bool,
    /// Whether some answers are not known.
    pub unknown: bool,
}

impl Passing {
    /// How many addresses of each family; all of IPv6 comes to one less than it is.
    pub fn counts(&self) -> [u128; 2] {
        self.ranges.each_ref().map(|ranges| count(ranges))
    }
}

/// The addresses that pass, for every node of a tree.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// In the order of the nodes.
    pub nodes: Vec<Passing>,
}

impl Coverage {
    /// Counts a tree from its leaves up: children stand after their parents.
    pub fn of(tree: &Tree) -> Self {
        let mut nodes = vec![Passing::default(); tree.nodes.len()];
        for (at, node) in tree.nodes.iter().enumerate().rev() {
            let passing = passing(node, &nodes, &[]);
            if let Some(slot) = nodes.get_mut(at) {
                *slot = passing;
            }
        }
        Self { nodes }
    }

    /// What the whole tree would let pass without some terms of the domain's own record.
    pub fn without(&self, tree: &Tree, places: &[usize]) -> Passing {
        tree.root().map(|root| passing(root, &self.nodes, places)).unwrap_or_default()
    }
}

/// Addresses that pass and belong to well-known senders, from which their other customers send too; and whose they are.
pub struct Shared {
    /// IPv4 and IPv6.
    pub ranges: [Vec<Range>; 2],
    /// The senders.
    pub providers: Vec<&'static Provider>,
}

/// What passes by the records of well-known senders anywhere in the tree.
pub fn shared(tree: &Tree) -> Shared {
    let mut providers: Vec<&'static Provider> = Vec::new();
    let mut claims: [Vec<Claim>; 2] = [Vec::new(), Vec::new()];
    for (at, node) in tree.nodes.iter().enumerate() {
        let own = tree.root().is_some_and(|root| node.domain.is_at_or_below(&root.domain));
        let provider = providers::of_name(node.domain.as_str()).filter(|_| !own && tree.passes(at));
        let (Some(provider), Some(passing)) = (provider, tree.coverage.nodes.get(at)) else { continue };
        if !providers.contains(&provider) {
            providers.push(provider);
        }
        for (claims, ranges) in claims.iter_mut().zip(&passing.ranges) {
            claims.extend(ranges.iter().map(|&(first, last)| Claim { first, last, order: 0, pass: true }));
        }
    }
    let [ipv4, ipv6] = claims.map(first_match);
    let all = tree.coverage.nodes.first().map(|passing| &passing.ranges);
    let ranges = all.map(|[all4, all6]| [common(all4, &ipv4), common(all6, &ipv6)]).unwrap_or_default();
    Shared { ranges, providers }
}

/// What two lists of ranges have in common.
fn common(left: &[Range], right: &[Range]) -> Vec<Range> {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    let mut found = Vec::new();
    while let (Some(&&(l1, l2)), Some(&&(r1, r2))) = (left.peek(), right.peek()) {
        if l1.max(r1) <= l2.min(r2) {
            found.push((l1.max(r1), l2.min(r2)));
        }
        if l2 < r2 {
            left.next()
        } else {
            right.next()
        };
    }
    found
}

/// How many addresses there are in ranges that do not overlap.
pub fn count(ranges: &[Range]) -> u128 {
    ranges.iter().fold(0u128, |sum, (first, last)| sum.saturating_add((last - first).saturating_add(1)))
}

/// A number of addresses in words: exact up to ten million, a power of two beyond.
pub fn amount(count: u128) -> String {
    match u64::try_from(count) {
        Ok(small) if small < 10_000_000 => small.to_string(),
        _ if count == u128::MAX => "2^128".into(),
        _ if count.is_power_of_two() => format!("2^{}", count.ilog2()),
        _ => tr!("about 2^{}", count.ilog2()),
    }
}

/// A range that a term decides on.
struct Claim {
    first: u128,
    last: u128,
    /// The place of the term: the first one that matches decides.
    order: usize,
    pass: bool,
}

/// What passes by one record, by what passes below it, without the terms in `skip`.
fn passing(node: &Node, below: &[Passing], skip: &[usize]) -> Passing {
    let mut result = Passing::default();
    let Some(published) = node.published() else {
        result.unknown = matches!(node.state, State::Unknown(_) | State::NotFollowed);
        return result;
    };
    let mut claims: [Vec<Claim>; 2] = [Vec::new(), Vec::new()];
    let mut add = |family: Family, (first, last): Range, order: usize, pass: bool| {
        if let Some(claims) = claims.get_mut(family as usize) {
            claims.push(Claim { first, last, order, pass });
        }
    };
    let mut looked_up = node.reached.iter().peekable();
    for (place, term) in published.parsed.record.reachable() {
        let reached = looked_up.next_if(|reached| reached.place == place);
        if skip.contains(&place) {
            continue;
        }
        // A redirect comes last wherever it stands, and its result is taken over (RFC 7208 §6.1).
        let (pass, order, mechanism) = match term.directive() {
            Some((qualifier, mechanism)) => (qualifier == Qualifier::Pass, place, Some(mechanism)),
            None => (true, usize::MAX, None),
        };
        match mechanism {
            Some(Mechanism::All) => {
                add(Family::Ipv4, (0, u128::from(u32::MAX)), order, pass);
                add(Family::Ipv6, (0, u128::MAX), order, pass);
            }
            Some(Mechanism::Ip { network }) => add(network.family, network.bounds(), order, pass),
            Some(Mechanism::A { .. } | Mechanism::Mx { .. }) => match reached {
                Some(reached) => {
                    result.unknown |= reached.more_networks && pass;
                    for network in &reached.networks {
                        add(network.family, network.bounds(), order, pass);
                    }
                    result.of_message |= pass && reached.target == super::tree::Target::OfMessage;
                }
                None => result.unknown = true,
            },
            Some(Mechanism::Exists { .. } | Mechanism::Ptr { .. }) => result.of_message |= pass,
            Some(Mechanism::Include { .. }) | None => {
                let Some(child) = reached.and_then(|reached| below.get(reached.child?)) else {
                    result.unknown |= reached.is_some_and(|reached| reached.cut);
                    result.of_message |= pass && reached.is_some_and(|reached| !reached.cut);
                    continue;
                };
                result.unknown |= child.unknown && pass;
                result.of_message |= child.of_message && pass;
                for (family, ranges) in Family::ALL.into_iter().zip(&child.ranges) {
                    for range in ranges {
                        add(family, *range, order, pass);
                    }
                }
            }
        }
    }
    result.ranges = claims.map(first_match);
    result
}

/// The ranges whose first claim lets pass: one walk over the ends of all claims, the open ones in a heap by their order.
fn first_match(mut claims: Vec<Claim>) -> Vec<Range> {
    order::by_key(&mut claims, |claim| claim.first);
    let mut cuts: Vec<u128> = Vec::with_capacity(2 * claims.len());
    for claim in &claims {
        cuts.push(claim.first);
        cuts.extend(claim.last.checked_add(1));
    }
    order::by_key(&mut cuts, |cut| *cut);
    cuts.dedup();
    let mut open: BinaryHeap<Reverse<(usize, usize)>> = BinaryHeap::new();
    let mut ranges: Vec<Range> = Vec::new();
    let mut next = 0;
    for (at, &from) in cuts.iter().enumerate() {
        while let Some(claim) = claims.get(next).filter(|claim| claim.first <= from) {
            open.push(Reverse((claim.order, next)));
            next += 1;
        }
        while let Some(&Reverse((_, first))) = open.peek() {
            let Some(claim) = claims.get(first).filter(|claim| claim.last >= from) else {
                open.pop();
                continue;
            };
            if claim.pass {
                // Only a claim up to the very last address has no cut behind it.
                let to = cuts.get(at + 1).map_or(u128::MAX, |next| next - 1);
                match ranges.last_mut().filter(|range| range.1.checked_add(1) == Some(from)) {
                    Some(range) => range.1 = to,
                    None => ranges.push((from, to)),
                }
            }
            break;
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn claim(first: u128, last: u128, order: usize, pass: bool) -> Claim {
        Claim { first, last, order, pass }
    }

    #[test]
    fn the_first_claim_decides() {
        let pass = |claims: Vec<Claim>| first_match(claims);
        assert_eq!(pass(vec![claim(0, 9, 0, true), claim(10, 19, 1, true)]), [(0, 19)], "neighbours are joined");
        assert_eq!(pass(vec![claim(0, 9, 0, true), claim(5, 19, 1, true)]), [(0, 19)], "counted once");
        assert_eq!(pass(vec![claim(4, 5, 0, false), claim(0, 9, 1, true)]), [(0, 3), (6, 9)], "an exception before");
        assert_eq!(pass(vec![claim(0, 9, 0, true), claim(4, 5, 1, false)]), [(0, 9)], "an exception too late");
        assert_eq!(pass(vec![claim(0, u128::MAX, 7, true)]), [(0, u128::MAX)]);
        assert_eq!(pass(vec![]), []);
    }

    #[test]
    fn what_is_common() {
        assert_eq!(common(&[(0, 9), (20, 29)], &[(5, 22), (25, 40)]), [(5, 9), (20, 22), (25, 29)]);
        assert_eq!(common(&[(0, 9)], &[(10, 19)]), []);
        assert_eq!(common(&[(0, u128::MAX)], &[(7, 8)]), [(7, 8)]);
    }

    #[test]
    fn amounts() {
        let cases =
            [(0, "0"), (9_999_999, "9999999"), (1 << 32, "2^32"), ((1 << 32) - 1, "about 2^31"), (u128::MAX, "2^128")];
        for (count, text) in cases {
            assert_eq!(amount(count), text);
        }
        assert_eq!(count(&[(0, u128::MAX)]), u128::MAX);
        assert_eq!(count(&[(3, 3), (8, 11)]), 5);
    }

    proptest! {
        /// The same as asking every address by hand.
        #[test]
        fn as_every_address_asked(claims in proptest::collection::vec((0u128..64, 0u128..16, 0usize..8, any::<bool>()), 0..20)) {
            let claims: Vec<(u128, u128, usize, bool)> =
                claims.into_iter().enumerate().map(|(at, (first, length, order, pass))| (first, first + length, order * 32 + at, pass)).collect();
            let found = first_match(claims.iter().map(|&(first, last, order, pass)| claim(first, last, order, pass)).collect());
            for address in 0..90u128 {
                let first = claims.iter().filter(|c| c.0 <= address && address <= c.1).min_by_key(|c| c.2);
                let expected = first.is_some_and(|c| c.3);
                prop_assert_eq!(found.iter().any(|r| r.0 <= address && address <= r.1), expected, "{}", address);
            }
            prop_assert!(found.windows(2).all(|pair| pair[0].1 + 1 < pair[1].0));
        }
    }
}
