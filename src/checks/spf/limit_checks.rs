//! The checks of SPF's limits, RFC 7208 §4.6.4: look-ups, void look-ups, names behind one mx.

use super::super::{Doc, Facts, Finding, Outcome, Publish};
use super::checks::PERMERROR;
use super::own::at;
use super::savings::{self, Savings};
use super::tree::{MAX_EXCHANGES, MAX_LOOKUPS, MAX_VOIDS, Target, Tree, Void};
use super::{judge, words::clip};
use crate::records::Technology;
use crate::records::spf::Family;

/// From how many look-ups on there is little room left.
const LITTLE_HEADROOM: usize = 8;

pub static TOO_MANY_LOOKUPS: Doc = Doc {
    id: "spf.too-many-lookups",
    technology: Technology::Spf,
    title: "SPF needs too many look-ups",
    what: "How many terms with look-ups (include, a, mx, ptr, exists, redirect) the record and its includes have together.",
    why: "A receiver stops at the eleventh with a permanent error. It comes that far for every sender that no earlier term matches.",
    fix: "Remove services that no longer send for you; replace a and mx by ip4 and ip6 where the addresses are your own.",
    references: &["RFC 7208 §4.6.4"],
};

pub fn too_many_lookups(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some(tree) = facts.spf.only_tree() else { return };
    let totals = tree.totals(0);
    if totals.loops {
        return;
    }
    let (lookups, least) = (totals.lookups, if totals.complete { "" } else { "at least " });
    if lookups > MAX_LOOKUPS {
        let detail = tr!(
            "The worst case is {least}{lookups} look-ups; {MAX_LOOKUPS} are allowed. By term: {}. Mail that an early term \
             matches still passes, so the error shows up only for some senders.",
            shares(tree),
            least,
            lookups,
            MAX_LOOKUPS
        );
        let mut finding = doc.finding(Outcome::Fail, detail).titled(tr!(
            "SPF needs {least}{lookups} look-ups; {MAX_LOOKUPS} are allowed",
            least,
            lookups,
            MAX_LOOKUPS
        ));
        // The term of the domain's own record with which the limit is passed.
        if let Some((node, record)) = tree.record(0) {
            let mut sum = 0;
            let over = node.reached.iter().find(|reached| {
                sum += 1 + reached.child.map_or(0, |child| tree.totals(child).lookups);
                sum > MAX_LOOKUPS
            });
            if let Some(over) = over {
                finding = at(finding, node, record, record.span(over.place));
            }
        }
        findings.push(with_savings(finding, facts, tree));
    } else if totals.complete && lookups < LITTLE_HEADROOM {
        let detail = tr!("The worst case is {lookups} of {MAX_LOOKUPS} look-ups.", lookups, MAX_LOOKUPS);
        findings.push(doc.finding(Outcome::Pass, detail).titled("SPF stays within its look-up limit"));
    }
}

/// The look-ups below each term of the domain's own record: `include:a.example 4, mx 1`.
fn shares(tree: &Tree) -> String {
    let Some((node, record)) = tree.record(0) else {
        return String::new();
    };
    let share = |reached: &super::tree::Reached| {
        let below = reached.child.map_or(0, |child| tree.totals(child).lookups);
        tr!("{} {}", clip(record.span(reached.place).of(&record.text)), 1 + below)
    };
    node.reached.iter().take(40).map(share).collect::<Vec<_>>().join(", ")
}

pub static LOOKUP_HEADROOM: Doc = Doc {
    id: "spf.lookup-headroom",
    technology: Technology::Spf,
    title: "SPF is close to its look-up limit",
    what: "Whether two look-ups or fewer are left of the ten that are allowed.",
    why: "A provider that adds one include to its own record can push yours over the limit without your doing anything.",
    fix: "Remove services that no longer send for you before you add another one.",
    references: &["RFC 7208 §4.6.4"],
};

pub fn lookup_headroom(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some(tree) = facts.spf.only_tree() else { return };
    let totals = tree.totals(0);
    if totals.loops || !(LITTLE_HEADROOM..=MAX_LOOKUPS).contains(&totals.lookups) {
        return;
    }
    let least = if totals.complete { "" } else { "at least " };
    let detail = tr!(
        "The worst case is {least}{} of {MAX_LOOKUPS} look-ups. By term: {}.",
        totals.lookups,
        shares(tree),
        least,
        MAX_LOOKUPS
    );
    findings.push(with_savings(doc.finding(Outcome::Warn, detail), facts, tree));
}

/// With what would save look-ups, the sure savings as a record.
fn with_savings(finding: Finding, facts: &Facts, tree: &Tree) -> Finding {
    let Some(Savings { advice, record }) = savings::of(&facts.spf, tree) else { return finding };
    let finding = finding.fixed_by(advice);
    match record {
        Some(text) => finding.publishing(Publish::txt(&facts.domain, text)),
        None => finding,
    }
}

pub static TOO_MANY_VOIDS: Doc = Doc {
    id: "spf.too-many-voids",
    technology: Technology::Spf,
    title: "SPF has too many look-ups that find nothing",
    what: "How many look-ups bring no answer (the name does not exist, or has no such record), for IPv4 and IPv6 senders apart.",
    why: "Receivers should stop at the third one with a permanent error.",
    fix: "Remove the terms whose names no longer exist or have no address.",
    references: &["RFC 7208 §4.6.4"],
};

pub fn too_many_voids(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some(tree) = facts.spf.only_tree() else { return };
    let over = judge::voids_over(tree);
    if over.is_empty() {
        return;
    }
    let totals = tree.totals(0);
    let known = totals.complete && totals.unknown_voids == [0, 0];
    let least = if known { "" } else { "at least " };
    let [ipv4, ipv6] = totals.voids;
    let only_ipv6 = over == [Family::Ipv6];
    let outcome = if only_ipv6 && !tree.passes_ipv6() { Outcome::Warn } else { Outcome::Fail };
    let whom = match over.as_slice() {
        [Family::Ipv6] => "for senders with an IPv6 address",
        [Family::Ipv4] => "for senders with an IPv4 address",
        _ => "for every sender",
    };
    let mut detail = tr!(
        "The worst case is {least}{ipv4} void look-ups for IPv4 senders and {ipv6} for IPv6 senders; {MAX_VOIDS} are allowed. \
         The third is too many {whom}.",
        least,
        ipv4,
        ipv6,
        MAX_VOIDS,
        whom
    );
    if outcome == Outcome::Warn {
        detail.push_str(&tr!(" The record lets no IPv6 address pass, so only mail that is not yours meets the error."));
    }
    let mut finding = doc.finding(outcome, detail);
    let family = usize::from(only_ipv6);
    let mut voids = 0;
    'nodes: for node in &tree.nodes {
        let Some(record) = node.published() else { continue };
        for reached in &node.reached {
            voids += usize::from(reached.voids.get(family) == Some(&Void::Yes));
            if voids > MAX_VOIDS {
                finding = at(finding, node, record, record.span(reached.place));
                break 'nodes;
            }
        }
    }
    findings.push(finding);
}

pub static MX_FAN_OUT: Doc = Doc {
    id: "spf.mx-fan-out",
    technology: Technology::Spf,
    title: "An mx term names more than ten hosts",
    what: "How many mail servers the answer to each mx term names.",
    why: PERMERROR,
    fix: "Replace the mx term by ip4 and ip6 terms.",
    references: &["RFC 7208 §4.6.4", "RFC 7208 §5.4"],
};

pub fn mx_fan_out(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for tree in &facts.spf.trees {
        for (_, node, record) in tree.distinct() {
            for reached in node.reached.iter().filter(|reached| reached.exchanges > MAX_EXCHANGES) {
                let Target::Name(name) = &reached.target else { continue };
                let detail = tr!(
                    "{name} has {} MX records; at most {MAX_EXCHANGES} are allowed.",
                    reached.exchanges,
                    name,
                    MAX_EXCHANGES
                );
                findings.push(at(doc.finding(Outcome::Fail, detail), node, record, record.span(reached.place)));
            }
        }
    }
}
