//! The tree of records behind an SPF record: includes and redirects followed, look-ups and void look-ups counted.
//!
//! The count is the worst case of RFC 7208 §4.6.4: no mechanism matches, so everything reachable is evaluated.

use crate::name::DomainName;
use crate::records::spf::{self, Network, ProblemKind, Qualifier, Record};
use crate::records::{Parsed, Weight};
use crate::text::Span;

use super::super::Gap;
use super::addresses::Coverage;
use super::explanation::Explanation;

/// Most terms with look-ups in one evaluation, RFC 7208 §4.6.4.
pub const MAX_LOOKUPS: usize = 10;
/// Most void look-ups in one evaluation, RFC 7208 §4.6.4.
pub const MAX_VOIDS: usize = 2;
/// Most names in the answer to one `mx`, RFC 7208 §4.6.4.
pub const MAX_EXCHANGES: usize = 10;

/// How a record comes into the evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// The domain's own.
    Root,
    /// RFC 7208 §5.2.
    Include,
    /// RFC 7208 §6.1.
    Redirect,
}

/// A published record, read.
#[derive(Clone, Debug)]
pub struct Published {
    /// The text, strings joined.
    pub text: String,
    /// Time to live.
    pub ttl: Option<u32>,
    /// Where it came from.
    pub from: Option<String>,
    /// The terms and problems.
    pub parsed: Parsed<Record, ProblemKind>,
}

impl Published {
    /// Reads a text.
    pub fn new(text: String, ttl: Option<u32>, from: Option<String>) -> Self {
        let parsed = spf::parse(&text);
        Self { text, ttl, from, parsed }
    }

    /// Where a term stands.
    pub fn span(&self, place: usize) -> Span {
        self.parsed.record.terms.get(place).map_or(Span::whole(&self.text), |term| term.span)
    }
}

/// What is known of the record of one node.
#[derive(Clone, Debug)]
pub enum State {
    /// One record.
    Read(Box<Published>),
    /// The name has no SPF record; whether it exists at all.
    Absent { exists: bool },
    /// More than one SPF record: a permanent error (RFC 7208 §4.5).
    Several(Vec<Published>),
    /// The TXT records could not be read.
    Unknown(Gap),
    /// The name is being evaluated already: an endless loop that ends at the limit.
    Loop,
    /// Deeper or more than is followed here.
    NotFollowed,
}

/// Whether the look-up of a term is void for senders of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Void {
    /// It brings something, or is none.
    No,
    /// It brings nothing.
    Yes,
    /// Receivers differ (null MX), or it depends on the message.
    May,
    /// Not known.
    Unknown,
}

/// Where the look-up of a term goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To this name.
    Name(DomainName),
    /// To a name that depends on the message (`%{i}`, `%{l}` …): counted, not looked up.
    OfMessage,
    /// Nowhere: no resolver can look the name up.
    NoName,
}

/// What one reachable term with look-ups needs.
#[derive(Clone, Debug)]
pub struct Reached {
    /// Its place among the terms of the record.
    pub place: usize,
    /// Where it goes.
    pub target: Target,
    /// Void for IPv4 and IPv6 senders.
    pub voids: [Void; 2],
    /// Whether a mail that nobody sends is matched too: a wildcard answers for every client.
    pub matches_strangers: bool,
    /// The node of an include or redirect.
    pub child: Option<usize>,
    /// How many names the answer to `mx` holds.
    pub exchanges: usize,
    /// Whether the answer to `mx` is not known.
    pub exchanges_unknown: bool,
    /// The networks that the hosts of `a` and `mx` stand for, prefix lengths applied.
    pub networks: Vec<Network>,
    /// Whether more addresses may match than `networks` says: some are not known.
    pub more_networks: bool,
    /// Whether the tree is too large to follow this include or redirect.
    pub cut: bool,
    /// What could not be looked up for it.
    pub gaps: Vec<Gap>,
}

/// One evaluation of one domain's record.
#[derive(Clone, Debug)]
pub struct Node {
    /// The domain evaluated.
    pub domain: DomainName,
    /// How it is reached.
    pub via: Via,
    /// The node whose term leads here.
    pub parent: Option<usize>,
    /// What is known.
    pub state: State,
    /// The terms that look something up, in order.
    pub reached: Vec<Reached>,
    /// How many includes and redirects lead here.
    pub depth: usize,
}

impl Node {
    /// The record, where there is exactly one.
    pub fn published(&self) -> Option<&Published> {
        match &self.state {
            State::Read(published) => Some(published),
            _ => None,
        }
    }
}

/// Sums below one node, the node included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Terms with look-ups.
    pub lookups: usize,
    /// Void look-ups of IPv4 and IPv6 senders.
    pub voids: [usize; 2],
    /// Look-ups that may count as void.
    pub maybe_void: usize,
    /// Look-ups of which it is not known whether they are void, for IPv4 and IPv6 senders.
    pub unknown_voids: [usize; 2],
    /// Whether every record is known; otherwise the numbers are a lower bound.
    pub complete: bool,
    /// Whether every MX answer is known.
    pub exchanges_known: bool,
    /// Whether an include or redirect leads back to a record being evaluated.
    pub loops: bool,
}

/// The tree; node 0 is the root.
#[derive(Clone, Debug)]
pub struct Tree {
    /// Every node, parents before their children.
    pub nodes: Vec<Node>,
    /// The addresses that pass.
    pub coverage: Coverage,
    /// The explanations that a refused sender may be shown.
    pub explanations: Vec<Explanation>,
}

impl Tree {
    /// The root.
    pub fn root(&self) -> Option<&Node> {
        self.nodes.first()
    }

    /// The names from the root to a node.
    pub fn path(&self, node: usize) -> Vec<&DomainName> {
        let mut path = Vec::new();
        let mut at = Some(node);
        while let Some(node) = at.and_then(|at| self.nodes.get(at)) {
            path.push(&node.domain);
            at = node.parent;
        }
        path.reverse();
        path
    }

    /// The nodes with a record, each domain once.
    pub fn distinct(&self) -> impl Iterator<Item = (usize, &Node, &Published)> {
        self.nodes.iter().enumerate().filter_map(move |(at, node)| {
            let seen =
                self.nodes.iter().take(at).any(|other| other.domain == node.domain && other.published().is_some());
            (!seen).then_some((at, node, node.published()?))
        })
    }

    /// The sums below a node.
    pub fn totals(&self, node: usize) -> Totals {
        let mut totals = Totals { complete: true, exchanges_known: true, ..Totals::default() };
        // A child stands after its parent, so the whole subtree is the closure of the children of `node`.
        let mut below = vec![node];
        while let Some(node) = below.pop().and_then(|at| self.nodes.get(at)) {
            match &node.state {
                State::Unknown(_) | State::NotFollowed => totals.complete = false,
                State::Loop => totals.loops = true,
                State::Read(_) | State::Absent { .. } | State::Several(_) => {}
            }
            for reached in &node.reached {
                totals.lookups += 1;
                totals.maybe_void += usize::from(reached.voids.contains(&Void::May));
                for (sum, void) in totals.voids.iter_mut().zip(reached.voids) {
                    *sum += usize::from(void == Void::Yes);
                }
                for (sum, void) in totals.unknown_voids.iter_mut().zip(reached.voids) {
                    *sum += usize::from(void == Void::Unknown);
                }
                totals.complete &= !reached.cut;
                totals.exchanges_known &= !reached.exchanges_unknown;
                below.extend(reached.child);
            }
        }
        totals
    }

    /// Whether some mail passes over IPv6 by this tree.
    pub fn passes_ipv6(&self) -> bool {
        self.coverage.nodes.first().is_some_and(|passing| !passing.ranges[1].is_empty())
    }

    /// A node with its record.
    pub fn record(&self, at: usize) -> Option<(&Node, &Published)> {
        let node = self.nodes.get(at)?;
        Some((node, node.published()?))
    }

    /// The term that leads to a node, with the node and the record that it stands in.
    pub fn leading_to(&self, at: usize) -> Option<(&Node, &Published, &Reached)> {
        let (parent, record) = self.record(self.nodes.get(at)?.parent?)?;
        let reached = parent.reached.iter().find(|reached| reached.child == Some(at))?;
        Some((parent, record, reached))
    }

    /// Whether a pass in a node's record is a pass of the whole: every include on the way says so.
    pub fn passes(&self, mut at: usize) -> bool {
        while let Some((_, record, reached)) = self.leading_to(at) {
            let term = record.parsed.record.terms.get(reached.place).and_then(|term| term.directive());
            if term.is_some_and(|(qualifier, _)| qualifier != Qualifier::Pass) {
                return false;
            }
            let Some(parent) = self.nodes.get(at).and_then(|node| node.parent) else { break };
            at = parent;
        }
        true
    }
}

/// Whether a published record has no fault.
pub fn is_sound(published: &Published) -> bool {
    published.parsed.problems.iter().all(|problem| problem.weight < Weight::Fault)
}
