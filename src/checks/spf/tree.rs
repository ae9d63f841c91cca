//! The tree of records behind an SPF record: includes and redirects followed, look-ups and void look-ups counted.
//!
//! The count is the worst case of RFC 7208 §4.6.4: no mechanism matches, so everything reachable is evaluated.

use crate::dns::{RecordData, RecordType};
use crate::evidence::Lookup;
use crate::name::DomainName;
use crate::records::spf::{self, Family, Letter, MacroString, Mechanism, Modifier, ProblemKind, Qualifier, Record};
use crate::records::{Parsed, Technology, Weight};
use crate::text::Span;
use crate::wanted::Urgency;

use super::super::{Context, Gap};

/// Most terms with look-ups in one evaluation, RFC 7208 §4.6.4.
pub const MAX_LOOKUPS: usize = 10;
/// Most void look-ups in one evaluation, RFC 7208 §4.6.4.
pub const MAX_VOIDS: usize = 2;
/// Most names in the answer to one `mx`, RFC 7208 §4.6.4.
pub const MAX_EXCHANGES: usize = 10;
/// Most records that are followed in one tree: far beyond the ten look-ups, so that a tree over the limit is still shown.
const MAX_NODES: usize = 64;
/// Deepest nesting that is followed; more than ten includes in a row break the limit anyway.
const MAX_DEPTH: usize = 12;

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
    /// The node of an include or redirect.
    pub child: Option<usize>,
    /// How many names the answer to `mx` holds.
    pub exchanges: usize,
    /// Whether the answer to `mx` is not known.
    pub exchanges_unknown: bool,
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
    depth: usize,
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
}

impl Tree {
    /// Follows a record as far as the evidence goes, and asks for the rest.
    pub fn grow(context: &Context<'_>, domain: &DomainName, published: Published) -> Self {
        let state = State::Read(Box::new(published));
        let root = Node { domain: domain.clone(), via: Via::Root, parent: None, state, reached: Vec::new(), depth: 0 };
        let mut tree = Self { nodes: vec![root] };
        let mut next = 0;
        while next < tree.nodes.len() {
            tree.reach(context, next);
            next += 1;
        }
        tree
    }

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

    /// Whether some mail passes over IPv6 by this tree: an `ip6` term, or a host with an IPv6 address.
    pub fn passes_ipv6(&self) -> bool {
        self.nodes.iter().any(|node| {
            let Some(published) = node.published() else { return false };
            let record = &published.parsed.record;
            let ip6 = record.reachable().any(|(_, term)| match term.directive() {
                Some((Qualifier::Pass, Mechanism::Ip { network })) => network.family == Family::Ipv6,
                _ => false,
            });
            ip6 || node.reached.iter().any(|reached| {
                let term = record.terms.get(reached.place).and_then(|term| term.directive());
                matches!(term, Some((Qualifier::Pass, Mechanism::A { .. }))) && reached.voids[1] == Void::No
            })
        })
    }

    /// Looks at every reachable term of a node, and adds the nodes that it leads to.
    fn reach(&mut self, context: &Context<'_>, at: usize) {
        let Some(node) = self.nodes.get(at) else { return };
        let Some(published) = node.published() else { return };
        let domain = node.domain.clone();
        let mut reached = Vec::new();
        let mut children: Vec<(usize, Via, Result<DomainName, ()>)> = Vec::new();
        for (place, term) in published.parsed.record.reachable() {
            let (mechanism, redirect) = match &term.action {
                spf::Action::Directive { mechanism, .. } if mechanism.counts() => (Some(mechanism), None),
                spf::Action::Modifier(Modifier::Redirect { target }) => (None, Some(target)),
                _ => continue,
            };
            let spec = redirect.or_else(|| mechanism.and_then(Mechanism::target));
            let target = resolve(spec, &domain, context.domain);
            let mut term = Reached {
                place,
                target: target.clone(),
                voids: [Void::No; 2],
                child: None,
                exchanges: 0,
                exchanges_unknown: false,
                cut: false,
                gaps: Vec::new(),
            };
            let via = match mechanism {
                Some(Mechanism::Include { .. }) => Some(Via::Include),
                Some(_) => None,
                None => Some(Via::Redirect),
            };
            match (via, &target) {
                (Some(via), Target::Name(name)) => children.push((reached.len(), via, Ok(name.clone()))),
                (Some(via), Target::NoName) => children.push((reached.len(), via, Err(()))),
                (None, Target::Name(name)) => {
                    if let Some(mechanism) = mechanism {
                        look_up(context, mechanism, name, &mut term);
                    }
                }
                (_, Target::OfMessage) => term.voids = [Void::May; 2],
                (None, Target::NoName) => term.voids = [Void::May; 2],
            }
            reached.push(term);
        }
        for (term, via, name) in children {
            let child = self.child(context, at, via, name);
            if let (None, Some(term)) = (child, reached.get_mut(term)) {
                term.voids = [Void::Unknown; 2];
                term.cut = true;
            }
            if let (Some(term), Some(node)) = (reached.get_mut(term), child.and_then(|child| self.nodes.get(child))) {
                term.child = child;
                match &node.state {
                    State::Absent { .. } if term.target != Target::NoName => term.voids = [Void::Yes; 2],
                    State::Unknown(gap) => {
                        term.voids = [Void::Unknown; 2];
                        term.gaps.push(gap.clone());
                    }
                    _ => {}
                }
            }
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.reached = reached;
        }
    }

    /// Adds the node that an include or redirect leads to.
    fn child(&mut self, context: &Context<'_>, parent: usize, via: Via, name: Result<DomainName, ()>) -> Option<usize> {
        let depth = self.nodes.get(parent)?.depth + 1;
        if self.nodes.len() >= MAX_NODES {
            return None;
        }
        let (domain, state) = match name {
            // The expanded text is no name: check_host gives `none` (RFC 7208 §4.3).
            Err(()) => (self.nodes.get(parent)?.domain.clone(), State::Absent { exists: false }),
            Ok(domain) => {
                let state = if self.path(parent).contains(&&domain) {
                    State::Loop
                } else if depth > MAX_DEPTH {
                    State::NotFollowed
                } else {
                    read(context, &domain)
                };
                (domain, state)
            }
        };
        self.nodes.push(Node { domain, via, parent: Some(parent), state, reached: Vec::new(), depth });
        Some(self.nodes.len() - 1)
    }
}

/// The name that a target stands for. `%{d}` is the domain evaluated; `%{o}` is the sender's domain, which is the domain
/// in question; everything else depends on the message.
fn resolve(spec: Option<&MacroString>, current: &DomainName, sender: &DomainName) -> Target {
    let Some(spec) = spec else { return Target::Name(current.clone()) };
    let expanded = spec.expand(|letter| match letter {
        Letter::Domain => Some(current.to_string()),
        Letter::SenderDomain => Some(sender.to_string()),
        _ => None,
    });
    match expanded.map(|text| spf::target_name(&text)) {
        Some(Ok(name)) => Target::Name(name),
        Some(Err(_)) => Target::NoName,
        None => Target::OfMessage,
    }
}

/// The SPF record of an included or redirected domain.
fn read(context: &Context<'_>, domain: &DomainName) -> State {
    let lookup = context.ask(Technology::Spf, Urgency::Path, domain, RecordType::TXT);
    if let Some(gap) = Gap::of(domain, RecordType::TXT, &lookup) {
        return State::Unknown(gap);
    }
    let mut records: Vec<Published> = texts(&lookup)
        .into_iter()
        .filter(|(text, ..)| !spf::select([text.as_str()]).records.is_empty())
        .map(|(text, ttl, from)| Published::new(text, ttl, from))
        .collect();
    match records.len() {
        0 => State::Absent { exists: !matches!(lookup, Lookup::NxDomain { .. }) },
        1 => records.pop().map_or(State::Absent { exists: true }, |record| State::Read(Box::new(record))),
        _ => State::Several(records),
    }
}

/// The TXT texts of an answer, with TTL and source.
pub(super) fn texts(lookup: &Lookup<'_>) -> Vec<(String, Option<u32>, Option<String>)> {
    let from = match lookup {
        Lookup::Found(found) => found.entry.provenance.from.clone(),
        _ => None,
    };
    let text = |record: &&crate::dns::Record| match &record.data {
        RecordData::Txt(txt) => Some((txt.text(), Some(record.ttl), from.clone())),
        _ => None,
    };
    lookup.records().iter().filter_map(text).collect()
}

/// Looks up what a term that is no include needs, to tell whether it is void.
fn look_up(context: &Context<'_>, mechanism: &Mechanism, name: &DomainName, term: &mut Reached) {
    let mut ask = |record_type| {
        let lookup = context.ask(Technology::Spf, Urgency::Leaf, name, record_type);
        term.gaps.extend(Gap::of(name, record_type, &lookup));
        let void = if lookup.is_unknown() {
            Void::Unknown
        } else if lookup.is_absent() {
            Void::Yes
        } else {
            Void::No
        };
        (void, lookup)
    };
    match mechanism {
        Mechanism::A { .. } => term.voids = [ask(RecordType::A).0, ask(RecordType::AAAA).0],
        // `exists` asks for A whatever the sender's family is (RFC 7208 §5.7).
        Mechanism::Exists { .. } => term.voids = [ask(RecordType::A).0; 2],
        Mechanism::Mx { .. } => {
            let (void, lookup) = ask(RecordType::MX);
            let unknown = lookup.is_unknown();
            let exchanges: Vec<&DomainName> = lookup
                .records()
                .iter()
                .filter_map(|record| match &record.data {
                    RecordData::Mx { exchange, .. } => Some(exchange),
                    _ => None,
                })
                .collect();
            // Null MX (RFC 7505): an answer that names no host; receivers may or may not call it void.
            let null = !exchanges.is_empty() && exchanges.iter().all(|exchange| exchange.is_root());
            term.voids = [if null { Void::May } else { void }; 2];
            term.exchanges = exchanges.len();
            term.exchanges_unknown = unknown;
        }
        // PTR names depend on the client.
        Mechanism::Ptr { .. } => term.voids = [Void::May; 2],
        Mechanism::All | Mechanism::Include { .. } | Mechanism::Ip { .. } => {}
    }
}

/// Whether a published record has no fault.
pub(super) fn is_sound(published: &Published) -> bool {
    published.parsed.problems.iter().all(|problem| problem.weight < Weight::Fault)
}
