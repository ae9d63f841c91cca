//! The checks of SPF about who may send altogether: overlaps, records evaluated twice, addresses counted.

use super::super::{Doc, Facts, Finding, Outcome};
use super::addresses::{self, amount, count};
use super::overlaps::{self, Overlap, Place};
use super::own::{at, is_own, way};
use super::tree::{State, Tree};
use super::words::clip;
use crate::records::Technology;

/// Most overlaps, and most repeated records, that are told one by one.
const MAX_TOLD: usize = 10;
/// Most examples in one sentence.
const MAX_EXAMPLES: usize = 3;

pub static OVERLAP: Doc = Doc {
    id: "spf.overlap",
    technology: Technology::Spf,
    title: "A network lies inside another one",
    what: "Whether ip4 and ip6 terms are covered by others, in the record and in everything that it includes.",
    why: "The smaller one decides nothing: it makes the record longer and hides what it really allows.",
    fix: "Remove the smaller network, or the larger one if it allows more than you mean.",
    references: &["RFC 7208 §4.6.2", "RFC 7208 §5.6"],
};

pub fn overlap(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some(tree) = facts.spf.only_tree() else { return };
    let found = overlaps::find(tree, |node| is_own(&facts.spf, node));
    let own = |overlap: &&Overlap| tree.nodes.get(overlap.inner.0).is_some_and(|node| is_own(&facts.spf, node));
    for overlap in found.iter().filter(own).take(MAX_TOLD) {
        let Some((node, record)) = tree.record(overlap.inner.0) else { continue };
        let (inner, outer) = (text_of(tree, overlap.inner), text_of(tree, overlap.outer));
        let place = record.span(overlap.inner.1);
        let finding = if overlap.shadowed {
            let detail =
                tr!("“{inner}” stands behind “{outer}”, which covers it and says something else.", inner, outer);
            doc.finding(Outcome::Warn, detail)
                .titled("An exception stands behind the network that it is taken from")
                .fixed_by(tr!("Move “{inner}” before “{outer}”.", inner, outer))
        } else if overlap.inner.0 == overlap.outer.0 {
            doc.finding(Outcome::Info, tr!("“{inner}” lies inside “{outer}” of the same record.", inner, outer))
        } else {
            let way = way(tree, overlap.outer.0);
            let detail = tr!("“{inner}” lies inside “{outer}”, which passes anyway ({way}).", inner, outer, way);
            doc.finding(Outcome::Info, detail).fixed_by("Remove it as long as you keep that include.")
        };
        findings.push(at(finding, node, record, place));
    }
    // What others write into their own records is theirs; between their records it is worth knowing.
    let between = |overlap: &&Overlap| !own(overlap) && overlap.inner.0 != overlap.outer.0 && !overlap.shadowed;
    let foreign: Vec<&Overlap> = found.iter().filter(between).collect();
    let Some((first, (node, record))) = foreign.first().and_then(|first| Some((first, tree.record(first.inner.0)?)))
    else {
        return;
    };
    let example = |overlap: &&Overlap| {
        let name = |place: Place| tree.nodes.get(place.0).map_or("", |node| node.domain.as_str());
        let (inner, outer) = (text_of(tree, overlap.inner), text_of(tree, overlap.outer));
        tr!("{inner} of {} in {outer} of {}", name(overlap.inner), name(overlap.outer), inner, outer)
    };
    let examples: Vec<String> = foreign.iter().take(MAX_EXAMPLES).map(example).collect();
    let more = if foreign.len() > MAX_EXAMPLES { "; and more" } else { "" };
    let detail =
        tr!("Networks of included records inside others: {}. {}{more}.", foreign.len(), examples.join("; "), more);
    let finding = doc.finding(Outcome::Info, detail).titled("Included records cover one another's networks");
    findings.push(at(finding, node, record, record.span(first.inner.1)));
}

fn text_of(tree: &Tree, (node, place): Place) -> String {
    tree.record(node).map_or_else(String::new, |(_, record)| clip(record.span(place).of(&record.text)))
}

pub static INCLUDED_TWICE: Doc = Doc {
    id: "spf.included-twice",
    technology: Technology::Spf,
    title: "A record is included more than once",
    what: "Whether different records of the tree include the same one.",
    why: "Every time costs its look-ups again, and the second time brings nobody new.",
    fix: "Remove your own include of it where another service includes it anyway.",
    references: &["RFC 7208 §4.6.4"],
};

pub fn included_twice(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some(tree) = facts.spf.only_tree() else { return };
    // Where the domain of a node stands for the first time.
    let first_of = |at: usize| {
        let domain = tree.nodes.get(at).map(|node| &node.domain);
        tree.nodes.iter().position(|node| Some(&node.domain) == domain)
    };
    let mut told = 0;
    for (place, node) in tree.nodes.iter().enumerate().filter(|(_, node)| matches!(node.state, State::Read(_))) {
        let (Some(first), Some(parent)) = (first_of(place).filter(|first| *first < place), node.parent) else {
            continue;
        };
        let parent_of_first = tree.nodes.get(first).and_then(|node| node.parent);
        // Twice in one record is a term that stands twice, and below a repeated record everything is.
        if parent_of_first == Some(parent) || first_of(parent) != Some(parent) || told >= MAX_TOLD {
            continue;
        }
        told += 1;
        let Some((leading, record, reached)) = tree.leading_to(place) else { continue };
        let detail = tr!(
            "The way there: {}; and again: {}. Each time costs {} of the look-ups.",
            way(tree, first),
            way(tree, place),
            1 + tree.totals(place).lookups
        );
        let finding = doc.finding(Outcome::Info, detail).titled(tr!("{} is included more than once", node.domain));
        findings.push(at(finding.fixed_by(doc.fix), leading, record, record.span(reached.place)));
    }
}

pub static ADDRESSES: Doc = Doc {
    id: "spf.addresses",
    technology: Technology::Spf,
    title: "How many addresses may send",
    what: "How many IPv4 and IPv6 addresses pass, each counted once, and how many of them belong to services with other customers.",
    why: "Whoever can send from one of these addresses passes SPF for your domain. At a shared service only its own care, and DKIM, tell you from its other customers.",
    fix: "Remove services and networks that no longer send for you.",
    references: &["RFC 7208 §11.4"],
};

pub fn addresses(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some(tree) = facts.spf.only_tree() else { return };
    let Some(passing) = tree.coverage.nodes.first() else { return };
    let [ipv4, ipv6] = passing.counts();
    if ipv4 == 0 && ipv6 == 0 {
        return;
    }
    let least = if passing.unknown { "At least " } else { "" };
    let mut detail =
        tr!("{least}{} IPv4 and {} IPv6 addresses pass, each counted once.", amount(ipv4), amount(ipv6), least);
    let shared = addresses::shared(tree);
    let [shared4, shared6] = shared.ranges.map(|ranges| count(&ranges));
    if shared4 > 0 || shared6 > 0 {
        let names: Vec<&str> = shared.providers.iter().map(|provider| provider.label).collect();
        detail.push_str(&tr!(
            " Of these {} IPv4 and {} IPv6 addresses belong to services that send for others too ({}).",
            amount(shared4),
            amount(shared6),
            names.join(", ")
        ));
    }
    if passing.of_message {
        detail.push_str(&tr!(" Besides, ptr, exists or macros let senders pass that cannot be counted."));
    }
    findings.push(doc.finding(Outcome::Info, detail));
}
