//! What to do next about SPF.

use super::super::{Facts, Publish, Step};
use super::judge::{self, End, Verdict};
use super::merge::merged;
use super::own::repair;
use super::tree::{MAX_LOOKUPS, State, is_sound};
use super::{Answer, Facts as Spf, savings};
use crate::records::spf::Qualifier;
use crate::records::{Technology, Weight};

/// The steps, in order: a record, one record, a valid record, within the limits, with a clear end.
pub fn steps(facts: &Facts) -> Vec<Step> {
    let spf = &facts.spf;
    let Answer::Read { near_misses, exists: true, .. } = &spf.answer else { return Vec::new() };
    if spf.records == 0 {
        return vec![publish(facts, near_misses.iter().find_map(|(_, miss)| miss.meant.as_deref()))];
    }
    if spf.records > 1 {
        return vec![merge(spf)];
    }
    let (Some(tree), Some(record)) = (spf.only_tree(), spf.only_record()) else { return Vec::new() };
    let mut steps = Vec::new();
    if !is_sound(record) {
        let text = repair(&record.text, &record.parsed.problems, Weight::Fault);
        steps.push(step(
            match record.parsed.record.all() {
                Some((_, Qualifier::Pass)) => "Correct the syntax of the SPF record, and end it with ~all",
                _ => "Correct the syntax of the SPF record",
            },
            "Receivers treat a record with any syntax error as a permanent error and do not use it at all.",
            text.map(|text| Publish::txt(&spf.domain, text)),
        ));
    }
    for node in tree.nodes.iter().skip(1) {
        let broken = match &node.state {
            State::Absent { .. } => "has no SPF record",
            State::Several(_) => "has more than one SPF record",
            State::Read(record) if !is_sound(record) => "has an SPF record with a syntax error",
            State::Loop => "leads back to a record that is being evaluated",
            _ => continue,
        };
        steps.push(step(
            tr!("Remove or correct what leads to {}: it {broken}", node.domain, broken),
            "A broken include or redirect makes the whole SPF record a permanent error.",
            None,
        ));
    }
    let totals = tree.totals(0);
    if totals.lookups > MAX_LOOKUPS && !totals.loops {
        let savings = savings::of(spf, tree);
        steps.push(step(
            tr!("Bring the SPF look-ups down from {} to at most {MAX_LOOKUPS}", totals.lookups, MAX_LOOKUPS),
            savings.as_ref().map_or("Remove services that no longer send for you.", |savings| &savings.advice),
            savings.as_ref().and_then(|savings| savings.record.as_deref()).map(|text| Publish::txt(&spf.domain, text)),
        ));
    } else if judge::limits(tree) == Verdict::Broken && steps.is_empty() {
        steps.push(step(
            "Remove the SPF terms whose names bring no answer",
            "Receivers give up with a permanent error at the third look-up that finds nothing, or at an mx with more than \
             ten hosts.",
            None,
        ));
    }
    steps.extend(end_step(spf));
    steps
}

fn step(step: impl Into<String>, why: impl Into<String>, publish: Option<Publish>) -> Step {
    Step { technology: Technology::Spf, step: step.into(), why: why.into(), publish: publish.into_iter().collect() }
}

/// The first record of a domain that has none.
fn publish(facts: &Facts, near_miss: Option<&str>) -> Step {
    let spf = &facts.spf;
    let domain = &spf.domain;
    if let Some(text) = near_miss {
        return step(
            "Correct the start of the SPF record, so that receivers see it",
            "A record that does not start exactly with “v=spf1 ” does not exist for receivers.",
            Some(Publish::txt(domain, text)),
        );
    }
    if spf.has_mx == Some(false) {
        return step(
            "Publish an SPF record that says that no mail comes from this domain",
            "The domain has no mail server. If it sends no mail either, this record lets receivers refuse everything in \
             its name. If it does send, list the senders before -all.",
            Some(Publish::txt(domain, "v=spf1 -all")),
        );
    }
    step(
        "Publish an SPF record that lists who may send your mail",
        "“mx” stands for your mail servers. Put every other sender before -all: include:… as your mail provider and each \
         newsletter, shop or ticket service tells you, ip4:… and ip6:… for your own servers. Start with ~all while you \
         are not sure that the list is complete.",
        Some(Publish::txt(domain, "v=spf1 mx -all")),
    )
}

/// One record out of several.
fn merge(spf: &Spf) -> Step {
    let text = merged(&spf.trees).map(|text| Publish::txt(&spf.domain, text));
    step(
        tr!("Merge the {} SPF records into one, and delete the others", spf.records),
        "With more than one SPF record receivers use none of them.",
        text,
    )
}

/// A clear end.
fn end_step(spf: &Spf) -> Option<Step> {
    let tree = spf.only_tree()?;
    let (openings, _) = judge::openings(tree);
    let end = judge::end(tree);
    let (node, weak) = match end {
        End::All { node, qualifier: Qualifier::Neutral, .. } => (node, "?all"),
        End::All { node, qualifier: Qualifier::Pass, .. } => (node, "+all"),
        End::Nothing { node } => (node, ""),
        _ if !openings.is_empty() => {
            return Some(step(
                "Remove what lets every server on the Internet send in your name",
                "As long as it stands there, the record protects nobody: a forged message passes SPF.",
                None,
            ));
        }
        _ => return None,
    };
    let node = tree.nodes.get(node)?;
    let record = node.published().filter(|record| is_sound(record))?;
    let text = match end {
        End::All { place, .. } => {
            let span = record.span(place);
            let mut text = record.text.clone();
            text.get(span.start..span.end)?;
            text.replace_range(span.start..span.end, "~all");
            text
        }
        _ => tr!("{} ~all", record.text.trim_end_matches(' ')),
    };
    let own = node.domain.is_at_or_below(&spf.domain);
    let why = if weak.is_empty() {
        "A record without an end says nothing about senders that it does not list."
    } else {
        "Until then the record does not tell receivers to distrust senders that it does not list."
    };
    Some(step("End the SPF record with ~all or -all", why, own.then(|| Publish::txt(&node.domain, text))))
}
