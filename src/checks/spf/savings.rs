//! How to need fewer look-ups: what brings nothing, what could be written without one, and what costs most.

use super::Facts;
use super::own::is_own;
use super::providers;
use super::tree::{MAX_LOOKUPS, Node, Published, Reached, State, Target, Tree, Void, is_sound};
use super::words::clip;
use crate::order;
use crate::records::spf::{Action, Family, Mechanism, Qualifier, VERSION};

/// Most terms of the domain's own record that are tried; a record with more look-ups has other troubles.
const MAX_TRIED: usize = 40;
/// Most branches named as the costliest.
const MAX_COSTLY: usize = 3;
/// Most addresses that are worth writing in place of a name.
const MAX_WRITTEN: usize = 4;

/// What would save look-ups.
pub struct Savings {
    /// In words, the sure savings first, flattening last.
    pub advice: String,
    /// The record without the terms that bring nothing, where that is enough.
    pub record: Option<String>,
}

/// Looks for savings among the terms of the domain's own record.
pub fn of(facts: &Facts, tree: &Tree) -> Option<Savings> {
    let (root, record) = tree.record(0)?;
    let total = tree.totals(0).lookups;
    let full = tree.coverage.nodes.first()?;
    let mut removed: Vec<usize> = Vec::new();
    let mut left = total;
    let mut advice: Vec<String> = Vec::new();
    for reached in root.reached.iter().take(MAX_TRIED) {
        // Removing a redirect changes how the record ends.
        if record.parsed.record.redirect().is_some_and(|(place, _)| place == reached.place) {
            continue;
        }
        removed.push(reached.place);
        let passes = record.parsed.record.terms.get(reached.place).and_then(|term| term.directive());
        let passes = passes.is_some_and(|(qualifier, _)| qualifier == Qualifier::Pass);
        let why = if finds_nothing(tree, reached) {
            Some("it finds nothing")
        } else if passes && is_countable(tree, reached) && tree.coverage.without(tree, &removed).ranges == full.ranges {
            Some("everybody whom it lets pass passes by the rest too")
        } else {
            None
        };
        match why {
            Some(why) => {
                left -= cost(tree, reached);
                advice.push(tr!("Remove {}: {why}.", named(tree, record, reached), why));
            }
            None => {
                removed.pop();
                advice.extend(instead(facts, root, record, reached).map(|instead| {
                    tr!(
                        "Write {instead} for {}, if these addresses are yours and stay.",
                        named(tree, record, reached),
                        instead
                    )
                }));
            }
        }
    }
    let mut costly: Vec<&Reached> =
        root.reached.iter().filter(|reached| cost(tree, reached) > 1 && !removed.contains(&reached.place)).collect();
    order::by_key(&mut costly, |reached| u128::MAX - cost(tree, reached) as u128);
    costly.truncate(MAX_COSTLY);
    if !costly.is_empty() {
        let names: Vec<String> = costly.into_iter().map(|reached| named(tree, record, reached)).collect();
        advice.push(tr!("Most is spent on {}: remove what no longer sends for you, or let it send from a subdomain with an SPF record of its own.", names.join(", ")));
    }
    if total > MAX_LOOKUPS {
        advice.push(
            "Only if nothing else helps, copy a provider's networks into your record (“flattening”): they change without notice, \
             and mail then fails silently, so a program must compare and renew them every day."
                .into(),
        );
    }
    let enough = !removed.is_empty() && left <= MAX_LOOKUPS && is_sound(record);
    Some(Savings { advice: advice.join(" "), record: enough.then(|| without(record, &removed)) })
        .filter(|savings| !savings.advice.is_empty())
}

/// Look-ups of a term and everything below it.
fn cost(tree: &Tree, reached: &Reached) -> usize {
    1 + reached.child.map_or(0, |child| tree.totals(child).lookups)
}

/// `“include:a.example” (4 look-ups, Google Workspace)`.
fn named(tree: &Tree, record: &Published, reached: &Reached) -> String {
    let text = clip(record.span(reached.place).of(&record.text));
    let provider = match &reached.target {
        Target::Name(name) => providers::of_name(name.as_str()),
        _ => None,
    };
    let provider = provider.map(|provider| tr!(", {}", provider.label)).unwrap_or_default();
    match cost(tree, reached) {
        1 => tr!("“{text}” (1 look-up{provider})", text, provider),
        more => tr!("“{text}” ({more} look-ups{provider})", text, more, provider),
    }
}

fn finds_nothing(tree: &Tree, reached: &Reached) -> bool {
    match reached.child.and_then(|child| tree.nodes.get(child)) {
        Some(node) => matches!(node.state, State::Absent { .. }),
        None => reached.voids == [Void::Yes; 2],
    }
}

/// Whether everybody whom a term lets pass is known.
fn is_countable(tree: &Tree, reached: &Reached) -> bool {
    let below = reached.child.and_then(|child| tree.coverage.nodes.get(child));
    match below {
        Some(passing) => !passing.of_message && !passing.unknown,
        None => !reached.networks.is_empty() && !reached.more_networks,
    }
}

/// The addresses of an `a` or `mx` of the domain's own as terms without look-ups.
fn instead(facts: &Facts, root: &Node, record: &Published, reached: &Reached) -> Option<String> {
    let (qualifier, mechanism) = record.parsed.record.terms.get(reached.place)?.directive()?;
    let Target::Name(name) = &reached.target else { return None };
    let known = !reached.more_networks && (1..=MAX_WRITTEN).contains(&reached.networks.len());
    let own = is_own(facts, root) && name.is_at_or_below(&facts.domain);
    if !(known && own && matches!(mechanism, Mechanism::A { .. } | Mechanism::Mx { .. })) {
        return None;
    }
    let sign = if qualifier.sign() == '+' { String::new() } else { qualifier.sign().to_string() };
    let term = |network: &crate::records::spf::Network| {
        let prefix =
            if network.prefix == network.family.bits() { String::new() } else { format!("/{}", network.prefix) };
        let name = if network.family == Family::Ipv4 { "ip4" } else { "ip6" };
        format!("{sign}{name}:{}{prefix}", network.first_text())
    };
    Some(format!("“{}”", reached.networks.iter().map(term).collect::<Vec<_>>().join(" ")))
}

/// The record without some of its terms.
fn without(record: &Published, removed: &[usize]) -> String {
    let terms = record.parsed.record.terms.iter().enumerate();
    let kept = terms.filter(|(place, term)| !removed.contains(place) && term.action != Action::Unreadable);
    kept.fold(VERSION.to_owned(), |text, (_, term)| format!("{text} {}", term.span.of(&record.text)))
}
