//! A technology's own facts from the report, drawn as lists: whatever a room tells is shown, nested as it is.

use serde_json::Value;
use yew::prelude::*;

use crate::records::Technology;

use super::chain_picture::chain_picture;
use super::spf_tree::{spf_pictures, spf_trees};

/// Deeper facts are not drawn; the saved report holds them.
const MAX_DEPTH: usize = 12;
/// More entries of one list are not drawn, likewise.
const MAX_ENTRIES: usize = 200;

/// The facts, folded away; the tree of SPF has a form of its own. Only the titles where what is folded away is not
/// wanted yet.
pub fn detail_view(technology: Technology, detail: &Value, folded: bool) -> Html {
    let is_spf = technology == Technology::Spf;
    // These have forms of their own.
    let drawn = ["trees", "chain"];
    let facts = match detail {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .filter(|(name, _)| !drawn.contains(&name.as_str()))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
        ),
        other => other.clone(),
    };
    html! {
        <>
            if is_spf {
                {spf_pictures(detail)}
            }
            if technology == Technology::Dnssec {
                {chain_picture(detail)}
            }
            <details class="detail" hidden={!is_spf || detail.get("trees").is_none_or(is_empty)}>
                <summary>{"Everything it includes, look-up by look-up"}</summary>
                if is_spf && folded {
                    {spf_trees(detail)}
                }
            </details>
            <details class="detail" hidden={is_empty(detail)}>
                <summary>{"How the page read it"}</summary>
                if folded {
                    {draw(&facts, 0)}
                }
            </details>
        </>
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(entries) => entries.iter().all(is_empty),
        Value::Object(members) => members.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn draw(value: &Value, depth: usize) -> Html {
    if depth > MAX_DEPTH {
        return html! { <span class="hint">{"more in the saved report"}</span> };
    }
    match value {
        Value::Array(entries) if entries.iter().all(|entry| plain(entry).is_some()) => {
            let words: Vec<String> = entries.iter().take(MAX_ENTRIES).filter_map(plain).collect();
            html! { <span class="fact">{words.join(", ")}</span> }
        }
        Value::Array(entries) => html! {
            <ul class="tree">{for entries.iter().take(MAX_ENTRIES).enumerate().map(|(key, entry)| html! {
                <li {key}>{line(entry).unwrap_or_else(|| draw(entry, depth + 1))}</li>
            })}</ul>
        },
        Value::Object(members) => html! {
            <dl class="facts">
                {for members.iter().filter(|(_, value)| !is_empty(value)).take(MAX_ENTRIES).map(|(name, value)| {
                    let nested = plain(value).is_none() && value.is_object() || is_tree(value);
                    html! {
                        <div key={name.clone()} class={nested.then_some("nested")}>
                            <dt>{name.replace('_', " ")}</dt><dd>{draw(value, depth + 1)}</dd>
                        </div>
                    }
                })}
            </dl>
        },
        scalar => html! { <span class="fact">{plain(scalar).unwrap_or_default()}</span> },
    }
}

/// An entry whose facts all fit into one line: the first one names it.
fn line(entry: &Value) -> Option<Html> {
    let members = entry.as_object().filter(|members| members.values().all(|value| words(value).is_some()))?;
    let mut facts = members.iter().filter(|(_, value)| !is_empty(value));
    let (_, name) = facts.next()?;
    let rest: Vec<String> =
        facts.filter_map(|(name, value)| Some(format!("{} {}", name.replace('_', " "), words(value)?))).collect();
    Some(html! { <><b>{words(name)?}</b>{format!(" – {}", rest.join(" · "))}</> })
}

/// A value, or a list of values, in one line.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::Array(entries) => {
            entries.iter().take(MAX_ENTRIES).map(plain).collect::<Option<Vec<_>>>().map(|w| w.join(", "))
        }
        other => plain(other),
    }
}

fn is_tree(value: &Value) -> bool {
    value.as_array().is_some_and(|entries| entries.iter().any(|entry| plain(entry).is_none()))
}

/// A value that fits into a line.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("–".into()),
        Value::Bool(true) => Some("yes".into()),
        Value::Bool(false) => Some("no".into()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
    }
}
