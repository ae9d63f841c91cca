//! Networks that lie inside others, across the whole tree.

use super::tree::{Node, Tree};
use crate::name::DomainName;
use crate::order;
use crate::records::spf::{Mechanism, Network, Qualifier};

/// How many of the networks around one are looked at: as many as there are prefix lengths.
const MAX_AROUND: usize = 129;

/// Where an `ip4` or `ip6` term stands: its node, and its place among the terms.
pub type Place = (usize, usize);

/// One network inside another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The smaller one, or the later of two that are the same.
    pub inner: Place,
    /// The one around it.
    pub outer: Place,
    /// Whether the outer one stands before and says something else, so that the inner one never decides.
    pub shadowed: bool,
}

struct Item<'t> {
    node: usize,
    place: usize,
    network: Network,
    qualifier: Qualifier,
    domain: &'t DomainName,
}

/// Every `ip4` and `ip6` term that lies inside another one, each with the nearest around it. Networks are nested or
/// apart, so that one walk over them in order of their first address finds all.
pub fn find(tree: &Tree, is_own: impl Fn(&Node) -> bool) -> Vec<Overlap> {
    let mut seen: Vec<&DomainName> = Vec::new();
    let mut items: Vec<Item<'_>> = Vec::new();
    for (node, entry) in tree.nodes.iter().enumerate() {
        let Some(published) = entry.published().filter(|_| !seen.contains(&&entry.domain) && tree.passes(node)) else {
            continue;
        };
        seen.push(&entry.domain);
        for (place, term) in published.parsed.record.reachable() {
            if let Some((qualifier, Mechanism::Ip { network })) = term.directive() {
                items.push(Item { node, place, network: *network, qualifier, domain: &entry.domain });
            }
        }
    }
    // Of two that are the same the domain's own comes last: it is the one that its owner can remove.
    order::by_key(&mut items, |item| u128::from(tree.nodes.get(item.node).is_some_and(&is_own)));
    order::by_key(&mut items, |item| u128::MAX - item.network.bounds().1);
    order::by_key(&mut items, |item| item.network.bounds().0);
    order::by_key(&mut items, |item| item.network.family as u128);
    let mut around: Vec<&Item<'_>> = Vec::new();
    let mut found = Vec::new();
    for item in &items {
        while around.last().is_some_and(|outer| !outer.network.contains(item.network)) {
            around.pop();
        }
        if let Some((outer, shadowed)) =
            around.iter().rev().take(MAX_AROUND).find_map(|outer| relation(outer, item)).flatten()
        {
            found.push(Overlap { inner: (item.node, item.place), outer: (outer.node, outer.place), shadowed });
        }
        around.push(item);
    }
    order::by_key(&mut found, |overlap| overlap.inner.1 as u128);
    order::by_key(&mut found, |overlap| overlap.inner.0 as u128);
    found
}

/// What an outer network means for an inner one: `None` nothing, `Some(None)` a deliberate exception.
fn relation<'i, 't>(outer: &'i Item<'t>, inner: &Item<'t>) -> Option<Option<(&'i Item<'t>, bool)>> {
    let same_record = outer.domain == inner.domain;
    if same_record && outer.network.bounds() == inner.network.bounds() {
        // Told as a term that stands twice.
        return None;
    }
    if same_record && outer.qualifier != inner.qualifier {
        return Some((outer.place < inner.place).then_some((outer, true)));
    }
    let passes = outer.qualifier == Qualifier::Pass && inner.qualifier == Qualifier::Pass;
    passes.then_some(Some((outer, false)))
}
