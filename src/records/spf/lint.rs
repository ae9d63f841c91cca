//! What is wrong between the terms of a record, and with what they mean.

use std::collections::HashMap;

use crate::text::Span;

use super::problem::{ProblemKind, Problems};
use super::ranges;
use super::{Action, Family, Mechanism, Modifier, Network, Qualifier, Record, Term};

/// An IPv4 network wider than this holds strangers (standards: shorter than /16).
const WIDE_IP4: u8 = 16;
/// An IPv6 network wider than this is more than one provider's allocation (RFC 6177, RIPE-738 §5.1: a /32 at least).
const WIDE_IP6: u8 = 32;

/// Looks at the record as a whole.
pub(super) fn judge(text: &str, record: &Record, problems: &mut Problems) {
    after_all(record, problems);
    modifiers(record, problems);
    duplicates(text, record, problems);
    for term in &record.terms {
        if let Some((qualifier, mechanism)) = term.directive() {
            meaning(text, term, qualifier, mechanism, problems);
        }
    }
    for (family, places) in record.passes_everyone() {
        for term in places.iter().filter_map(|&at| record.terms.get(at)) {
            problems.doubt(ProblemKind::Everyone { family }, term.span);
        }
    }
}

/// RFC 7208 §5.1: mechanisms after `all` are never tested, and `redirect` is ignored wherever it stands.
fn after_all(record: &Record, problems: &mut Problems) {
    let Some((all, _)) = record.all() else { return };
    for (at, term) in record.terms.iter().enumerate() {
        match &term.action {
            Action::Directive { .. } if at > all => problems.doubt(ProblemKind::AfterAll, term.span),
            Action::Modifier(Modifier::Redirect { .. }) => problems.doubt(ProblemKind::RedirectBesideAll, term.span),
            _ => {}
        }
    }
}

/// RFC 7208 §6: `redirect` and `exp` once at most; §6.1: `redirect` should come last.
pub(super) fn modifiers(record: &Record, problems: &mut Problems) {
    let mut seen: [Option<Span>; 2] = [None, None];
    for term in &record.terms {
        let (place, name) = match &term.action {
            Action::Modifier(Modifier::Redirect { .. }) => (0, "redirect"),
            Action::Modifier(Modifier::Explanation { .. }) => (1, "exp"),
            _ => continue,
        };
        let Some(slot) = seen.get_mut(place) else { continue };
        match *slot {
            Some(first) => problems.fault(ProblemKind::DuplicateModifier { name, first }, term.span),
            None => *slot = Some(term.span),
        }
    }
    if let Some((at, _)) = record.redirect()
        && let Some(term) = record.terms.get(at)
        && record.terms.iter().skip(at + 1).any(|term| term.directive().is_some())
    {
        problems.note(ProblemKind::RedirectNotLast, term.span);
    }
}

/// The same mechanism twice: the second can never decide anything.
fn duplicates(text: &str, record: &Record, problems: &mut Problems) {
    let mut seen: HashMap<String, Span> = HashMap::new();
    for (_, term) in record.reachable() {
        let Some((_, mechanism)) = term.directive() else { continue };
        let key = match mechanism {
            Mechanism::Ip { network } => format!("{}:{}/{}", mechanism.name(), network.first_text(), network.prefix),
            _ => {
                let written = term.span.of(text);
                written.strip_prefix(['+', '-', '~', '?']).unwrap_or(written).to_ascii_lowercase()
            }
        };
        match seen.get(&key) {
            Some(first) => problems.doubt(ProblemKind::DuplicateTerm { first: *first }, term.span),
            None => {
                seen.insert(key, term.span);
            }
        }
    }
}

/// What one mechanism means.
fn meaning(text: &str, term: &Term, qualifier: Qualifier, mechanism: &Mechanism, problems: &mut Problems) {
    match mechanism {
        Mechanism::Ptr { .. } => problems.doubt(ProblemKind::Ptr, term.span),
        Mechanism::Ip { network } => {
            host_bits(text, term, *network, problems);
            special(text, term, *network, problems);
            wide(term, qualifier, network.family, network.prefix, problems);
        }
        Mechanism::A { prefix, .. } | Mechanism::Mx { prefix, .. } => {
            wide(term, qualifier, Family::Ipv4, prefix.ip4, problems);
            wide(term, qualifier, Family::Ipv6, prefix.ip6, problems);
        }
        _ => {}
    }
}

/// The address of an `ip4` or `ip6` term.
fn address_span(text: &str, term: &Term) -> Span {
    let written = term.span.of(text);
    let start = written.find(':').map_or(0, |at| at + 1);
    let end = written.find('/').unwrap_or(written.len());
    Span::new(start, end).shifted(term.span.start)
}

fn host_bits(text: &str, term: &Term, network: Network, problems: &mut Problems) {
    if network.prefix > 0 && network.has_host_bits() {
        problems.doubt(ProblemKind::HostBits { meant: network.first_text() }, address_span(text, term));
    }
}

fn special(text: &str, term: &Term, network: Network, problems: &mut Problems) {
    if let Some(ip4) = ranges::unmapped(network).filter(|_| network.family == Family::Ipv6) {
        let sign = term.span.of(text).chars().next().filter(|c| Qualifier::of(*c).is_some());
        let sign = sign.map(String::from).unwrap_or_default();
        let prefix = if ip4.prefix == 32 { String::new() } else { format!("/{}", ip4.prefix) };
        let meant = Some(format!("{sign}ip4:{}{prefix}", ip4.first_text()));
        problems.doubt(ProblemKind::MappedIp6 { meant }, term.span);
    } else if let Some(range) = ranges::special(network) {
        problems.doubt(ProblemKind::Special { range }, term.span);
    }
}

fn wide(term: &Term, qualifier: Qualifier, family: Family, prefix: u8, problems: &mut Problems) {
    let least = match family {
        Family::Ipv4 => WIDE_IP4,
        Family::Ipv6 => WIDE_IP6,
    };
    if qualifier == Qualifier::Pass && prefix < least {
        problems.doubt(ProblemKind::Wide { family, prefix }, term.span);
    }
}
