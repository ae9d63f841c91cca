//! How the tree grows: every reachable term looked at, includes and redirects followed.

use crate::dns::{RecordData, RecordType};
use crate::evidence::Lookup;
use crate::name::DomainName;
use crate::records::Technology;
use crate::records::spf::{self, DualPrefix, Letter, MacroString, Mechanism, Modifier, Network, Qualifier};
use crate::wanted::Urgency;

use super::super::{Context, Gap};
use super::addresses::Coverage;
use super::explanation;
use super::tree::{MAX_EXCHANGES, Node, Published, Reached, State, Target, Tree, Via, Void};

/// Most records that are followed in one tree: far beyond the ten look-ups, so that a tree over the limit is still shown.
const MAX_NODES: usize = 64;
/// Deepest nesting that is followed; more than ten includes in a row break the limit anyway.
const MAX_DEPTH: usize = 12;
/// Most addresses of one `a` or `mx` that are counted; RFC 7208 sets no limit.
const MAX_NETWORKS: usize = 1000;

impl Tree {
    /// Follows a record as far as the evidence goes, and asks for the rest.
    pub fn grow(context: &Context<'_>, domain: &DomainName, published: Published) -> Self {
        let state = State::Read(Box::new(published));
        let root = Node { domain: domain.clone(), via: Via::Root, parent: None, state, reached: Vec::new(), depth: 0 };
        let mut tree = Self { nodes: vec![root], coverage: Coverage::default(), explanations: Vec::new() };
        let mut next = 0;
        while next < tree.nodes.len() {
            tree.reach(context, next);
            next += 1;
        }
        tree.coverage = Coverage::of(&tree);
        tree.explanations = explanation::of(&tree, context);
        tree
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
            let passes = matches!(term.action, spf::Action::Directive { qualifier: Qualifier::Pass, .. });
            let spec = redirect.or_else(|| mechanism.and_then(Mechanism::target));
            let target = resolve(spec, &domain, context.domain);
            let mut term = Reached {
                place,
                target: target.clone(),
                voids: [Void::No; 2],
                matches_strangers: false,
                child: None,
                exchanges: 0,
                exchanges_unknown: false,
                networks: Vec::new(),
                more_networks: false,
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
                (_, Target::OfMessage) => {
                    term.voids = [Void::May; 2];
                    term.matches_strangers = match mechanism {
                        Some(Mechanism::Exists { target }) if passes => matches_stranger(context, target, &domain),
                        _ => false,
                    };
                }
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
pub fn resolve(spec: Option<&MacroString>, current: &DomainName, sender: &DomainName) -> Target {
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

/// Whether `exists` matches a mail that surely nobody sends: from an address for documentation (RFC 5737), by a user and
/// a host that are made up. Then a wildcard answers, and every mail matches.
fn matches_stranger(context: &Context<'_>, target: &MacroString, current: &DomainName) -> bool {
    const USER: &str = "mxray-no-such-user";
    let expanded = target.expand(|letter| match letter {
        Letter::Sender => Some(format!("{USER}@{}", context.domain)),
        Letter::LocalPart => Some(USER.into()),
        Letter::SenderDomain => Some(context.domain.to_string()),
        Letter::Domain => Some(current.to_string()),
        Letter::Address => Some("198.51.100.77".into()),
        Letter::AddressFamily => Some("in-addr".into()),
        Letter::ValidatedName => Some("unknown".into()),
        Letter::Helo => Some("mxray-no-such-host.invalid".into()),
        Letter::ReadableAddress | Letter::Receiver | Letter::Time => None,
    });
    let name = expanded.and_then(|text| spf::target_name(&text).ok());
    name.is_some_and(|name| !ask(context, &name, RecordType::A, None).records().is_empty())
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
pub fn texts(lookup: &Lookup<'_>) -> Vec<(String, Option<u32>, Option<String>)> {
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

/// Looks up what a term that is no include needs, to tell whether it is void and which addresses it lets pass.
fn look_up(context: &Context<'_>, mechanism: &Mechanism, name: &DomainName, term: &mut Reached) {
    match mechanism {
        Mechanism::A { prefix, .. } => {
            term.voids = [RecordType::A, RecordType::AAAA].map(|record_type| {
                let lookup = ask(context, name, record_type, Some(&mut term.gaps));
                add_networks(term, &lookup, *prefix);
                void(&lookup)
            });
        }
        // `exists` asks for A whatever the sender's family is (RFC 7208 §5.7).
        Mechanism::Exists { .. } => {
            term.voids = [void(&ask(context, name, RecordType::A, Some(&mut term.gaps))); 2];
        }
        Mechanism::Mx { prefix, .. } => {
            let lookup = ask(context, name, RecordType::MX, Some(&mut term.gaps));
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
            term.voids = [if null { Void::May } else { void(&lookup) }; 2];
            term.exchanges = exchanges.len();
            term.exchanges_unknown = lookup.is_unknown();
            term.more_networks = term.exchanges_unknown;
            for exchange in exchanges.into_iter().filter(|exchange| !exchange.is_root()).take(MAX_EXCHANGES) {
                for record_type in [RecordType::A, RecordType::AAAA] {
                    add_networks(term, &ask(context, exchange, record_type, None), *prefix);
                }
            }
        }
        // PTR names depend on the client.
        Mechanism::Ptr { .. } => term.voids = [Void::May; 2],
        Mechanism::All | Mechanism::Include { .. } | Mechanism::Ip { .. } => {}
    }
}

fn ask<'e>(
    context: &Context<'e>,
    name: &DomainName,
    record_type: RecordType,
    gaps: Option<&mut Vec<Gap>>,
) -> Lookup<'e> {
    let lookup = context.ask(Technology::Spf, Urgency::Leaf, name, record_type);
    if let Some(gaps) = gaps {
        gaps.extend(Gap::of(name, record_type, &lookup));
    }
    lookup
}

fn void(lookup: &Lookup<'_>) -> Void {
    if lookup.is_unknown() {
        Void::Unknown
    } else if lookup.is_absent() {
        Void::Yes
    } else {
        Void::No
    }
}

/// Adds the networks around the addresses of a host.
fn add_networks(term: &mut Reached, lookup: &Lookup<'_>, prefix: DualPrefix) {
    term.more_networks |= lookup.is_unknown();
    for record in lookup.records() {
        let network = match &record.data {
            RecordData::A(address) => Network::ip4(*address, prefix.ip4),
            RecordData::Aaaa(address) => Network::ip6(*address, prefix.ip6),
            _ => continue,
        };
        if term.networks.len() >= MAX_NETWORKS {
            term.more_networks = true;
            return;
        }
        term.networks.push(network);
    }
}
