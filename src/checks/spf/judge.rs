//! What a tree comes to: within the limits or not, how it ends, and whether it lets everybody pass.

use crate::order;
use crate::records::spf::{Family, Mechanism, Qualifier};
use crate::text::Span;

use super::tree::{MAX_EXCHANGES, MAX_LOOKUPS, MAX_VOIDS, Node, State, Target, Tree, Void, is_sound};
use super::{Answer, Facts};

/// Good, broken, or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Good,
    Broken,
    Unknown,
}

impl Verdict {
    /// Broken wins over unknown, unknown over good.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Broken, _) | (_, Self::Broken) => Self::Broken,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            _ => Self::Good,
        }
    }
}

/// How an evaluation ends where nothing matched, redirects followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// At this `all`.
    All { node: usize, place: usize, qualifier: Qualifier },
    /// At the end of this record, without `all` or `redirect`: neutral (RFC 7208 §4.7).
    Nothing { node: usize },
    /// In a permanent error: the redirect leads nowhere.
    Broken,
    /// Not known: a record could not be read, or the redirect depends on the message.
    Unknown,
}

/// Something by which everybody passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The node that holds it.
    pub node: usize,
    /// Where in its record.
    pub span: Span,
    /// By what.
    pub by: OpenBy,
}

/// By what everybody passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenBy {
    /// `+all` or `all`.
    All,
    /// Networks that cover a family.
    Networks(Family),
    /// `exists` of a name that always exists, be it by a wildcard.
    Exists,
}

/// How a tree ends.
pub fn end(tree: &Tree) -> End {
    let mut at = 0;
    // Each step goes to a child, which stands after its parent: no more steps than nodes.
    for _ in 0..tree.nodes.len() {
        let Some(node) = tree.nodes.get(at) else { return End::Unknown };
        let published = match &node.state {
            State::Read(published) => published,
            State::Absent { .. } | State::Several(_) | State::Loop => return End::Broken,
            State::Unknown(_) | State::NotFollowed => return End::Unknown,
        };
        let record = &published.parsed.record;
        if let Some((place, qualifier)) = record.all() {
            return End::All { node: at, place, qualifier };
        }
        let Some((place, _)) = record.redirect() else { return End::Nothing { node: at } };
        match node.reached.iter().find(|reached| reached.place == place).and_then(|reached| reached.child) {
            Some(child) => at = child,
            None => return End::Unknown,
        }
    }
    End::Unknown
}

/// Whether a tree refuses everybody: every record on the way is sound and has no mechanism before `-all`.
pub fn refuses_everyone(tree: &Tree) -> bool {
    let End::All { node: last, place, qualifier: Qualifier::Fail } = end(tree) else { return false };
    let mut at = Some(last);
    while let Some(node) = at.and_then(|at| tree.nodes.get(at)) {
        let Some(published) = node.published() else { return false };
        let only = published.parsed.record.reachable().all(|(at, term)| match term.directive() {
            Some((_, mechanism)) => *mechanism == Mechanism::All && at == place,
            None => true,
        });
        if !is_sound(published) || !only {
            return false;
        }
        at = node.parent;
    }
    true
}

/// Everything by which everybody passes: in the record itself, in a redirect, or in an include that then matches.
/// With whether all of it could be seen.
pub fn openings(tree: &Tree) -> (Vec<Opening>, bool) {
    let mut found = Vec::new();
    let mut complete = true;
    let mut open = vec![0];
    while let Some(at) = open.pop() {
        let Some(node) = tree.nodes.get(at) else { continue };
        match &node.state {
            State::Read(_) => own_openings(at, node, &mut found),
            State::Unknown(_) | State::NotFollowed => complete = false,
            State::Absent { .. } | State::Several(_) | State::Loop => {}
        }
        let Some(published) = node.published() else { continue };
        for reached in &node.reached {
            let term = published.parsed.record.terms.get(reached.place);
            // What is included counts only where a match means pass; a redirect takes the result over as it is.
            let passes = term.is_some_and(|term| match term.directive() {
                Some((qualifier, Mechanism::Include { .. })) => qualifier == Qualifier::Pass,
                Some(_) => false,
                None => true,
            });
            if passes {
                open.extend(reached.child);
            }
        }
    }
    order::by_key(&mut found, |opening| opening.span.order());
    order::by_key(&mut found, |opening| opening.node as u128);
    (found, complete)
}

fn own_openings(at: usize, node: &Node, found: &mut Vec<Opening>) {
    let Some(published) = node.published() else { return };
    let record = &published.parsed.record;
    if let Some((place, Qualifier::Pass)) = record.all() {
        found.push(Opening { node: at, span: published.span(place), by: OpenBy::All });
    }
    for (family, places) in record.passes_everyone() {
        for place in places {
            found.push(Opening { node: at, span: published.span(place), by: OpenBy::Networks(family) });
        }
    }
    for reached in &node.reached {
        let term = record.terms.get(reached.place).and_then(|term| term.directive());
        let always = match reached.target {
            Target::Name(_) => reached.voids[0] == Void::No,
            Target::OfMessage => reached.matches_strangers,
            Target::NoName => false,
        };
        if always && matches!(term, Some((Qualifier::Pass, Mechanism::Exists { .. }))) {
            found.push(Opening { node: at, span: published.span(reached.place), by: OpenBy::Exists });
        }
    }
}

/// Whether void look-ups are over the limit, and for whom.
pub fn voids_over(tree: &Tree) -> Vec<Family> {
    let totals = tree.totals(0);
    Family::ALL
        .into_iter()
        .zip(totals.voids)
        .filter(|(_, voids)| *voids > MAX_VOIDS)
        .map(|(family, _)| family)
        .collect()
}

/// Whether a tree stays within the limits of RFC 7208 §4.6.4 and every record in it can be used.
pub fn limits(tree: &Tree) -> Verdict {
    let totals = tree.totals(0);
    let over_voids = voids_over(tree);
    let harmful = over_voids.contains(&Family::Ipv4) || (!over_voids.is_empty() && tree.passes_ipv6());
    let broken = totals.lookups > MAX_LOOKUPS
        || totals.loops
        || harmful
        || tree.nodes.iter().any(|node| {
            let unusable = match &node.state {
                State::Absent { .. } | State::Several(_) => true,
                State::Read(published) => !is_sound(published),
                _ => false,
            };
            unusable || node.reached.iter().any(|reached| reached.exchanges > MAX_EXCHANGES)
        });
    match (broken, totals.complete && totals.exchanges_known && !voids_undecided(tree)) {
        (true, _) => Verdict::Broken,
        (false, true) => Verdict::Good,
        (false, false) => Verdict::Unknown,
    }
}

/// Whether look-ups that could not be made may break the limit on void ones; where they cannot, it does not matter.
pub fn voids_undecided(tree: &Tree) -> bool {
    let totals = tree.totals(0);
    let undecided = |void: usize, unknown: usize| void <= MAX_VOIDS && void + unknown > MAX_VOIDS;
    totals.voids.into_iter().zip(totals.unknown_voids).any(|(void, unknown)| undecided(void, unknown))
}

impl Facts {
    /// Whether there is exactly one record and its syntax is right.
    pub fn validity(&self) -> Verdict {
        match (&self.answer, self.only_record()) {
            (Answer::Unknown(_), _) => Verdict::Unknown,
            (_, Some(record)) if is_sound(record) => Verdict::Good,
            _ => Verdict::Broken,
        }
    }

    /// Whether the limits hold.
    pub fn limits(&self) -> Verdict {
        match (&self.answer, self.only_tree()) {
            (Answer::Unknown(_), _) => Verdict::Unknown,
            (_, Some(tree)) => limits(tree),
            _ => Verdict::Broken,
        }
    }

    /// Whether it ends in `-all` or `~all` and nothing lets everybody pass.
    pub fn ends_well(&self) -> Verdict {
        let Some(tree) = self.only_tree() else {
            return if matches!(self.answer, Answer::Unknown(_)) { Verdict::Unknown } else { Verdict::Broken };
        };
        let (openings, complete) = openings(tree);
        let ending = match end(tree) {
            End::All { qualifier: Qualifier::Fail | Qualifier::SoftFail, .. } => Verdict::Good,
            End::Unknown => Verdict::Unknown,
            _ => Verdict::Broken,
        };
        let open = match (openings.is_empty(), complete) {
            (false, _) => Verdict::Broken,
            (true, true) => Verdict::Good,
            (true, false) => Verdict::Unknown,
        };
        ending.and(open)
    }

    /// Everything together: what the checklist asks.
    pub fn overall(&self) -> Verdict {
        self.validity().and(self.limits()).and(self.ends_well())
    }
}
