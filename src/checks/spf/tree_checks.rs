//! The checks of SPF that look at the whole tree: limits, loops, dead ends, and how it ends.

use super::super::{Doc, Facts, Finding, Outcome, Publish};
use super::checks::PERMERROR;
use super::judge::{self, End, OpenBy};
use super::own::{at, is_own, way};
use super::tree::{MAX_EXCHANGES, MAX_LOOKUPS, MAX_VOIDS, State, Target, Tree, Via, Void};
use super::words::clip;
use crate::records::Technology;
use crate::records::spf::{Family, Qualifier};

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
        let detail = format!(
            "The worst case is {least}{lookups} look-ups; {MAX_LOOKUPS} are allowed. By term: {}. Mail that an early term \
             matches still passes, so the error shows up only for some senders.",
            shares(tree)
        );
        let mut finding = doc
            .finding(Outcome::Fail, detail)
            .titled(format!("SPF needs {least}{lookups} look-ups; {MAX_LOOKUPS} are allowed"));
        // The term of the domain's own record with which the limit is passed.
        if let Some((node, record)) = tree.root().and_then(|node| Some((node, node.published()?))) {
            let mut sum = 0;
            let over = node.reached.iter().find(|reached| {
                sum += 1 + reached.child.map_or(0, |child| tree.totals(child).lookups);
                sum > MAX_LOOKUPS
            });
            if let Some(over) = over {
                finding = at(finding, node, record, record.span(over.place));
            }
        }
        findings.push(finding);
    } else if totals.complete && lookups < LITTLE_HEADROOM {
        let detail = format!("The worst case is {lookups} of {MAX_LOOKUPS} look-ups.");
        findings.push(doc.finding(Outcome::Pass, detail).titled("SPF stays within its look-up limit"));
    }
}

/// The look-ups below each term of the domain's own record: `include:a.example 4, mx 1`.
fn shares(tree: &Tree) -> String {
    let Some((node, record)) = tree.root().and_then(|node| Some((node, node.published()?))) else {
        return String::new();
    };
    let share = |reached: &super::tree::Reached| {
        let below = reached.child.map_or(0, |child| tree.totals(child).lookups);
        format!("{} {}", clip(record.span(reached.place).of(&record.text)), 1 + below)
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
    let detail =
        format!("The worst case is {least}{} of {MAX_LOOKUPS} look-ups. By term: {}.", totals.lookups, shares(tree));
    let outcome = if totals.lookups == MAX_LOOKUPS { Outcome::Warn } else { Outcome::Info };
    findings.push(doc.finding(outcome, detail));
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
    let mut detail = format!(
        "The worst case is {least}{ipv4} void look-ups for IPv4 senders and {ipv6} for IPv6 senders; {MAX_VOIDS} are allowed. \
         The third is too many {whom}."
    );
    if outcome == Outcome::Warn {
        detail.push_str(" The record lets no IPv6 address pass, so only mail that is not yours meets the error.");
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

pub static INCLUDE_WITHOUT_RECORD: Doc = Doc {
    id: "spf.include-without-record",
    technology: Technology::Spf,
    title: "An include or redirect leads to no usable SPF record",
    what: "Whether every include and redirect names a domain with exactly one SPF record.",
    why: PERMERROR,
    fix: "Correct the name, or remove the term.",
    references: &["RFC 7208 §5.2", "RFC 7208 §6.1"],
};

pub fn include_without_record(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for tree in &facts.spf.trees {
        for (place, node) in tree.nodes.iter().enumerate() {
            let what = match &node.state {
                State::Absent { exists: false } => "does not exist",
                State::Absent { exists: true } => "has no SPF record",
                State::Several(_) => "has more than one SPF record",
                _ => continue,
            };
            let Some((parent, record, reached)) = leading_to(tree, place) else { continue };
            let term = match node.via {
                Via::Redirect => "redirect",
                Via::Include | Via::Root => "include",
            };
            let span = record.span(reached.place);
            let name = match &reached.target {
                Target::Name(name) => name.to_string(),
                _ => span.of(&record.text).to_owned(),
            };
            let mut finding = doc
                .finding(Outcome::Fail, format!("{name} {what}. The way there: {}.", way(tree, place)))
                .titled(format!("{} {what}, and SPF depends on it", clip(&name)));
            if !is_own(&facts.spf, parent) {
                finding = finding
                    .fixed_by(format!("Tell the owner of {}, or remove the term that leads there.", parent.domain));
            } else if node.via == Via::Redirect {
                finding = finding.fixed_by(format!(
                    "Correct the name behind “redirect=”, or end the record with ~all or -all instead of the {term}."
                ));
            }
            findings.push(at(finding, parent, record, span));
        }
    }
}

/// The term that leads to a node.
fn leading_to(tree: &Tree, place: usize) -> Option<(&super::Node, &super::tree::Published, &super::tree::Reached)> {
    let parent = tree.nodes.get(tree.nodes.get(place)?.parent?)?;
    let reached = parent.reached.iter().find(|reached| reached.child == Some(place))?;
    Some((parent, parent.published()?, reached))
}

pub static LOOP: Doc = Doc {
    id: "spf.loop",
    technology: Technology::Spf,
    title: "SPF runs in a circle",
    what: "Whether an include or redirect leads back to a record that is being evaluated.",
    why: "The evaluation goes round until the look-up limit ends it with a permanent error.",
    fix: "Remove the term that closes the circle.",
    references: &["RFC 7208 §4.6.4"],
};

pub fn loops(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for tree in &facts.spf.trees {
        for (place, node) in tree.nodes.iter().enumerate() {
            if !matches!(node.state, State::Loop) {
                continue;
            }
            let Some((parent, record, reached)) = leading_to(tree, place) else { continue };
            let finding = doc.finding(Outcome::Fail, format!("The circle: {}.", way(tree, place)));
            findings.push(at(finding, parent, record, record.span(reached.place)));
        }
    }
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
                let detail =
                    format!("{name} has {} MX records; at most {MAX_EXCHANGES} are allowed.", reached.exchanges);
                findings.push(at(doc.finding(Outcome::Fail, detail), node, record, record.span(reached.place)));
            }
        }
    }
}

pub static ALL: Doc = Doc {
    id: "spf.all",
    technology: Technology::Spf,
    title: "How the SPF record ends",
    what: "What the record says about senders that it does not list.",
    why: "Only -all and ~all tell receivers to distrust everybody else. Everything else leaves the door open.",
    fix: "End the record with ~all or -all.",
    references: &["RFC 7208 §4.7", "RFC 7208 §5.1", "RFC 9989 §7.1"],
};

pub fn all(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some(tree) = facts.spf.only_tree() else { return };
    disguised(tree, doc, findings);
    let (at_node, span, qualifier) = match judge::end(tree) {
        End::All { node, place, qualifier } => (node, Some(place), Some(qualifier)),
        End::Nothing { node } => (node, None, None),
        End::Broken | End::Unknown => return,
    };
    let Some((node, record)) = tree.nodes.get(at_node).and_then(|node| Some((node, node.published()?))) else { return };
    let finding = match qualifier {
        Some(Qualifier::Fail) => {
            let finding = doc
                .finding(Outcome::Pass, "Senders that are not listed are refused (-all).")
                .titled("The record ends in -all");
            if !facts.spf.sends_nothing() {
                let remark = doc
                    .finding(
                        Outcome::Info,
                        "Some receivers refuse mail at -all before they look at DKIM and DMARC, so forwarded mail is lost. \
                         ~all with a DMARC policy of quarantine or reject protects as well; both are fine.",
                    )
                    .titled("-all can refuse forwarded mail early")
                    .citing(&["RFC 9989 §7.1"]);
                findings.push(match span {
                    Some(place) => at(remark, node, record, record.span(place)),
                    None => remark,
                });
            }
            finding
        }
        Some(Qualifier::SoftFail) => doc
            .finding(Outcome::Pass, "Senders that are not listed are marked as suspicious (~all). With an enforcing DMARC policy this is as strong as -all.")
            .titled("The record ends in ~all"),
        Some(Qualifier::Neutral) => doc
            .finding(Outcome::Warn, "?all says nothing about senders that are not listed.")
            .titled("The record ends in ?all"),
        Some(Qualifier::Pass) => doc
            .finding(Outcome::Fail, "“all” without -, ~ or ? lets every server on the Internet send in the domain's name.")
            .titled("The record lets everybody pass (+all)"),
        None => doc
            .finding(Outcome::Warn, "The record has neither “all” nor “redirect”: senders that are not listed are neutral, as with ?all.")
            .titled("The record has no end"),
    };
    let weak = matches!(finding.outcome, Outcome::Warn | Outcome::Fail);
    let mended = span.map(|place| record.span(place)).and_then(|span| {
        let mut text = record.text.clone();
        text.get(span.start..span.end)?;
        text.replace_range(span.start..span.end, "~all");
        Some(text)
    });
    let mended = mended.or_else(|| Some(format!("{} ~all", record.text.trim_end_matches(' '))));
    let place = match span {
        Some(place) => record.span(place),
        None => crate::text::Span::whole(&record.text),
    };
    let mut finding = at(finding, node, record, place);
    if let Some(text) = mended.filter(|_| weak && is_own(&facts.spf, node) && super::tree::is_sound(record)) {
        finding = finding.publishing(Publish::txt(&node.domain, text));
    }
    findings.push(finding);
}

/// `+all` in other words, in the domain's own record or one that a redirect leads to.
fn disguised(tree: &Tree, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for opening in judge::openings(tree).0 {
        let Some((node, record)) = tree.nodes.get(opening.node).and_then(|node| Some((node, node.published()?))) else {
            continue;
        };
        if inside_include(tree, opening.node) {
            continue;
        }
        let detail = match opening.by {
            OpenBy::All => continue,
            OpenBy::Networks(family) => {
                format!("This term takes part in letting every {} address pass: “+all” in other words.", family.label())
            }
            OpenBy::Exists => {
                "The name in this term exists whoever sends, so the term matches everybody: “+all” in other words."
                    .into()
            }
        };
        let finding = doc
            .finding(Outcome::Fail, detail)
            .titled("The record lets everybody pass")
            .fixed_by("List only the addresses that send your mail.");
        findings.push(at(finding, node, record, opening.span));
    }
}

/// Whether an include stands on the way to a node.
fn inside_include(tree: &Tree, mut place: usize) -> bool {
    while let Some(node) = tree.nodes.get(place) {
        if node.via == Via::Include {
            return true;
        }
        match node.parent {
            Some(parent) => place = parent,
            None => return false,
        }
    }
    false
}

pub static PASS_ALL_INSIDE_INCLUDE: Doc = Doc {
    id: "spf.pass-all-inside-include",
    technology: Technology::Spf,
    title: "An included record lets everybody pass",
    what: "Whether a record that is included matches every sender (+all, all addresses, or an exists that is always true).",
    why: "The include then matches every sender, so every server on the Internet passes SPF for your domain, whatever your own record ends in.",
    fix: "Remove the include, and tell the owner of the record.",
    references: &["RFC 7208 §5.1", "RFC 7208 §5.2"],
};

pub fn pass_all_inside_include(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some(tree) = facts.spf.only_tree() else { return };
    for opening in judge::openings(tree).0 {
        let Some((node, record)) = tree.nodes.get(opening.node).and_then(|node| Some((node, node.published()?))) else {
            continue;
        };
        if !inside_include(tree, opening.node) {
            continue;
        }
        let by = match opening.by {
            OpenBy::All => "ends in +all".into(),
            OpenBy::Networks(family) => format!("covers all {} addresses", family.label()),
            OpenBy::Exists => "asks whether a name exists that always exists".into(),
        };
        let detail = format!("The record of {} {by}. The way there: {}.", node.domain, way(tree, opening.node));
        findings.push(at(doc.finding(Outcome::Fail, detail), node, record, opening.span));
    }
}
