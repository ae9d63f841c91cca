//! What is wrong in a logo: rule by rule, each place with the bytes that are meant.

use std::borrow::Cow;

use yew::prelude::*;

use crate::order;
use crate::svg::{Fault, Severity};
use crate::web::{Excerpt, Judgement};

use super::icon::icon;
use super::marks::visible;
use super::prose::prose;
use super::references::references;

/// More places of one rule are counted only.
const MAX_PLACES: usize = 5;
/// More rules are not drawn; there are fewer than that.
const MAX_GROUPS: usize = 60;

/// Faults of one rule that are mended the same way.
struct Group<'f> {
    places: Vec<(&'f Fault, Option<&'f Excerpt>)>,
}

/// The faults, errors first; the rule that is broken first comes first.
pub fn fault_list(judgement: &Judgement) -> Html {
    let groups = groups(judgement);
    let more = judgement.verdict.more_faults;
    html! {
        <div class="faults" hidden={groups.is_empty()}>
            <h4>{"What to mend"}</h4>
            <ul class="findings">{for groups.iter().take(MAX_GROUPS).map(group_item)}</ul>
            if more > 0 {
                <p class="hint">{tr!("{n} more fault of these rules and others are not listed." | "{n} more faults of these rules and others are not listed." % more)}</p>
            }
        </div>
    }
}

fn groups(judgement: &Judgement) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (index, fault) in judgement.verdict.faults.iter().enumerate() {
        let place = (fault, judgement.excerpts.get(index));
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| is_same(first, fault))) {
            Some(group) => group.places.push(place),
            None => groups.push(Group { places: vec![place] }),
        }
    }
    order::by_key(&mut groups, |group| {
        u128::from(group.first().is_none_or(|first| first.severity == Severity::Warning))
    });
    groups
}

impl<'f> Group<'f> {
    fn first(&self) -> Option<&'f Fault> {
        self.places.first().map(|(fault, _)| *fault)
    }
}

fn is_same(one: &Fault, two: &Fault) -> bool {
    (&one.rule, one.severity, &one.fix) == (&two.rule, two.severity, &two.fix)
}

fn group_item(group: &Group<'_>) -> Html {
    let Some(first) = group.first() else { return Html::default() };
    let (outcome, word) = match first.severity {
        Severity::Error => ("fail", "Fix"),
        Severity::Warning => ("warn", "Improve"),
    };
    let number = group.places.len();
    let more = number.saturating_sub(MAX_PLACES);
    html! {
        <li key={format!("{} {} {}", first.rule, first.line, first.column)} class="finding" data-rule={first.rule.to_string()} data-outcome={outcome} data-count={number.to_string()}>
            <h5>
                {icon(outcome)}
                <span class="word">{text!(word)}</span>
                <span class="title">
                    {prose(&capital(&first.title))}
                    if number > 1 {
                        <span class="plain">{tr!(" and {n} more place" | " and {n} more places" % number - 1)}</span>
                    }
                </span>
            </h5>
            <div class="body">
                <ul class="places">{for group.places.iter().take(MAX_PLACES).map(|(fault, excerpt)| place(fault, *excerpt, first))}</ul>
                if more > 0 {
                    <p class="hint">{tr!("and {n} more place" | "and {n} more places" % more)}</p>
                }
                if !first.fix.is_empty() {
                    <p class="fix"><b>{"What to do. "}</b>{prose(&first.fix)}</p>
                }
                <div class="references">
                    {references(&[Cow::Owned(first.reference.to_string())])}
                    <span>{"rule "}<code>{first.rule.to_string()}</code></span>
                    if first.schema {
                        <span>{"refused by the official schema too"}</span>
                    }
                </div>
            </div>
        </li>
    }
}

/// A title that begins with a word begins with a capital; what begins with code stays as it is.
fn capital(title: &str) -> String {
    let mut characters = title.chars();
    characters.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), characters.as_str()))
}

/// One place: line and column, and the line with the bytes that are meant.
fn place(fault: &Fault, excerpt: Option<&Excerpt>, first: &Fault) -> Html {
    let outcome = if fault.severity == Severity::Error { "fail" } else { "warn" };
    html! {
        <li key={format!("{}:{}:{}", fault.line, fault.column, fault.start)}>
            <span class="at">{format!("{}:{}", fault.line, fault.column)}<span class="visually-hidden">{" (line and column)"}</span></span>
            if let Some(excerpt) = excerpt {
                <code dir="ltr">
                    {visible(&excerpt.before)}
                    <mark data-outcome={outcome} class={excerpt.marked.is_empty().then_some("point")}>{visible(&excerpt.marked)}</mark>
                    {visible(&excerpt.after)}
                </code>
            }
            if fault.title != first.title {
                <span class="hint">{prose(&fault.title)}</span>
            }
        </li>
    }
}
