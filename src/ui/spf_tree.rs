//! The SPF record with everything it includes, as a tree with its look-ups counted.

use serde_json::Value;
use yew::prelude::*;

use super::marks::visible;
use super::spf_picture::picture;

/// Deeper trees are not drawn; SPF itself ends at ten look-ups.
const MAX_DEPTH: usize = 12;
/// More terms of one record are not drawn.
const MAX_TERMS: usize = 100;

/// The pictures of the trees in the SPF facts of a report, one per record.
pub fn spf_pictures(detail: &Value) -> Html {
    trees(detail).iter().enumerate().map(|(key, tree)| picture(key, tree)).collect()
}

fn trees(detail: &Value) -> &[Value] {
    detail.get("trees").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The same trees in words.
pub fn spf_trees(detail: &Value) -> Html {
    let trees = trees(detail);
    html! { <ul class="tree spf">{for trees.iter().enumerate().map(|(key, tree)| html! { <li {key}>{node(tree, 0)}</li> })}</ul> }
}

/// One record: whose it is, what it costs, and its terms.
fn node(value: &Value, depth: usize) -> Html {
    let terms = value.get("terms").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let cost = value.get("lookups").and_then(Value::as_u64).and_then(|cost| usize::try_from(cost).ok()).unwrap_or(0);
    let state = match (text(value, "state"), value.get("valid").and_then(Value::as_bool)) {
        (Some("read"), Some(false)) => Some(tr!("not valid")),
        (Some("read"), _) | (None, _) => None,
        (Some(state), _) => Some(text(value, "why").map_or_else(|| state.to_owned(), |why| format!("{state}: {why}"))),
    };
    html! {
        <>
            <p class="node">
                <b>{text(value, "domain").unwrap_or_default().to_owned()}</b>
                <span class="cost">{below(value, cost)}</span>
                if let Some(state) = state {
                    <span class="state">{state}</span>
                }
            </p>
            <ul>{for terms.iter().take(MAX_TERMS).enumerate().map(|(key, value)| term(key, value, depth))}</ul>
        </>
    }
}

/// What a branch costs, whose it is, and how many it lets pass.
fn below(value: &Value, cost: usize) -> String {
    let of = |member: &str, family: &str| match value.get(member).and_then(|of| of.get(family)) {
        Some(Value::String(text)) => text.clone(),
        Some(number) => number.to_string(),
        None => "0".into(),
    };
    let pair = |member: &str| tr!("{} IPv4, {} IPv6", of(member, "ipv4"), of(member, "ipv6"));
    let mut words = tr!("{n} look-up" | "{n} look-ups" % cost);
    for (name, member) in [("void", "void_lookups"), ("addresses", "addresses")] {
        words.push_str(&tr!(" · {name}: {}", pair(member), name));
    }
    if let Some(provider) = text(value, "provider") {
        words.push_str(&format!(" · {provider}"));
    }
    words
}

/// One term, and the record that it leads to.
fn term(key: usize, value: &Value, depth: usize) -> Html {
    let skipped = value.get("evaluated").and_then(Value::as_bool) == Some(false);
    let costs = value.get("lookups").and_then(Value::as_u64).unwrap_or(0) > 0;
    let below = value.get("child").filter(|tree| tree.is_object());
    html! {
        <li {key}>
            <code dir="ltr">{visible(text(value, "text").unwrap_or_default())}</code>
            if costs {
                <span class="cost">{"1 look-up"}</span>
            }
            if skipped {
                <span class="state">{"never reached"}</span>
            }
            if let Some(void) = void(value) {
                <span class="state">{text!(void)}</span>
            }
            if let Some(below) = below {
                if depth < MAX_DEPTH {
                    <div class="below">{node(below, depth + 1)}</div>
                } else {
                    <span class="state">{"more in the saved report"}</span>
                }
            }
        </li>
    }
}

/// For whom the look-up of a term finds nothing.
fn void(value: &Value) -> Option<&'static str> {
    let is = |family: &str| value.get("void").and_then(|void| void.get(family)) == Some(&Value::Bool(true));
    match (is("ipv4"), is("ipv6")) {
        (true, true) => Some("void"),
        (true, false) => Some("void for IPv4 senders"),
        (false, true) => Some("void for IPv6 senders"),
        (false, false) => None,
    }
}

fn text<'v>(value: &'v Value, member: &str) -> Option<&'v str> {
    value.get(member)?.as_str()
}
