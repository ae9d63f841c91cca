//! SPF's own facts as they stand in the report: the tree with its counts.

use serde_json::{Map, Value, json};

use super::addresses::{amount, count, shared};
use super::tree::{
    MAX_EXCHANGES, MAX_LOOKUPS, MAX_VOIDS, Node, Published, Reached, State, Target, Tree, Void, is_sound,
};
use super::{Answer, End, Facts, Via, judge, providers};
use crate::records::spf::{Action, Modifier};

/// `records`, `ends`, `limits`, `addresses`, `size` and one `tree` per record.
pub fn detail(facts: &Facts) -> Value {
    let near_misses: Vec<&str> = match &facts.answer {
        Answer::Read { near_misses, .. } => near_misses.iter().map(|(text, _)| text.as_str()).collect(),
        Answer::Unknown(_) => Vec::new(),
    };
    json!({
        "records": facts.records,
        "near_misses": near_misses,
        "sends_nothing": facts.sends_nothing(),
        "providers": facts.providers().iter().map(|provider| provider.label).collect::<Vec<_>>(),
        "ends": facts.only_tree().map(ends),
        "limits": facts.only_tree().map(limits),
        "addresses": facts.only_tree().and_then(senders),
        "size": size(facts),
        "trees": facts.trees.iter().filter_map(|tree| node(tree, 0)).collect::<Vec<_>>(),
    })
}

/// How the evaluation ends for a sender that nothing matched: `-all`, `none` or `permerror`; `null` where not known.
fn ends(tree: &Tree) -> Value {
    match judge::end(tree) {
        End::All { qualifier, node, .. } => json!({
            "all": format!("{}all", qualifier.sign()),
            "domain": tree.nodes.get(node).map(|node| node.domain.as_str()),
        }),
        End::Nothing { .. } => json!({ "all": "none" }),
        End::Broken => json!({ "all": "permerror" }),
        End::Unknown => Value::Null,
    }
}

fn limits(tree: &Tree) -> Value {
    let totals = tree.totals(0);
    let [ipv4, ipv6] = totals.voids;
    json!({
        "lookups": totals.lookups,
        "lookups_allowed": MAX_LOOKUPS,
        "void_lookups": { "ipv4": ipv4, "ipv6": ipv6, "maybe": totals.maybe_void },
        "void_lookups_allowed": MAX_VOIDS,
        "mx_names_allowed": MAX_EXCHANGES,
        "complete": totals.complete && totals.unknown_voids == [0, 0],
        "loop": totals.loops,
    })
}

/// How many addresses pass, and how many of them at senders shared with others. Numbers beyond ten million are powers
/// of two.
fn senders(tree: &Tree) -> Option<Value> {
    let passing = tree.coverage.nodes.first()?;
    let [ipv4, ipv6] = passing.counts().map(amount);
    let [shared4, shared6] = shared(tree).ranges.map(|ranges| amount(count(&ranges)));
    Some(json!({
        "ipv4": ipv4,
        "ipv6": ipv6,
        "shared_ipv4": shared4,
        "shared_ipv6": shared6,
        "complete": !passing.unknown && !passing.of_message,
    }))
}

/// Octets of the record, its character-strings (255 octets each at most), and octets of the whole answer.
fn size(facts: &Facts) -> Value {
    match (&facts.answer, facts.only_record()) {
        (Answer::Read { octets, .. }, Some(record)) => {
            json!({ "record": record.text.len(), "strings": record.text.len().div_ceil(255), "answer": octets })
        }
        _ => Value::Null,
    }
}

/// One node with everything below it. The nesting is as deep as the tree, which is bounded where it grows.
fn node(tree: &Tree, at: usize) -> Option<Value> {
    let node = tree.nodes.get(at)?;
    let totals = tree.totals(at);
    let [ipv4, ipv6] = totals.voids;
    let mut value = Map::new();
    value.insert("domain".into(), json!(node.domain));
    value.insert("via".into(), json!(via(node.via)));
    if let Some(provider) = providers::of_name(node.domain.as_str()) {
        value.insert("provider".into(), json!(provider.label));
    }
    value.insert("state".into(), json!(state(node)));
    if let State::Unknown(gap) = &node.state {
        value.insert("why".into(), json!(gap.why()));
    }
    value.insert("record".into(), json!(node.published().map(|published| &published.text)));
    value.insert("valid".into(), json!(node.published().map(is_sound)));
    value.insert("lookups".into(), json!(totals.lookups));
    value.insert("void_lookups".into(), json!({ "ipv4": ipv4, "ipv6": ipv6 }));
    value.insert("complete".into(), json!(totals.complete && totals.unknown_voids == [0, 0]));
    if let Some(passing) = tree.coverage.nodes.get(at) {
        let [ipv4, ipv6] = passing.counts().map(amount);
        value.insert("addresses".into(), json!({ "ipv4": ipv4, "ipv6": ipv6 }));
    }
    let terms = node.published().map(|published| terms(tree, node, published)).unwrap_or_default();
    value.insert("terms".into(), Value::Array(terms));
    Some(Value::Object(value))
}

fn terms(tree: &Tree, node: &Node, published: &Published) -> Vec<Value> {
    let reachable: Vec<usize> = published.parsed.record.reachable().map(|(place, _)| place).collect();
    let term = |(place, term): (usize, &crate::records::spf::Term)| {
        let mut value = Map::new();
        value.insert("text".into(), json!(term.span.of(&published.text)));
        value.insert("start".into(), json!(term.span.start));
        value.insert("end".into(), json!(term.span.end));
        let (kind, qualifier) = match &term.action {
            Action::Directive { qualifier, mechanism } => (mechanism.name(), Some(qualifier.sign())),
            Action::Modifier(Modifier::Redirect { .. }) => ("redirect", None),
            Action::Modifier(Modifier::Explanation { .. }) => ("exp", None),
            Action::Modifier(Modifier::Other { .. }) => ("modifier", None),
            Action::Unreadable => ("unreadable", None),
        };
        value.insert("kind".into(), json!(kind));
        value.insert("qualifier".into(), json!(qualifier));
        let inert = matches!(&term.action, Action::Modifier(Modifier::Explanation { .. } | Modifier::Other { .. }));
        value.insert("evaluated".into(), json!(inert || reachable.binary_search(&place).is_ok()));
        let reached = node.reached.iter().find(|reached| reached.place == place);
        value.insert("lookups".into(), json!(usize::from(reached.is_some())));
        if let Some(reached) = reached {
            looked_up(tree, reached, &mut value);
        }
        Value::Object(value)
    };
    published.parsed.record.terms.iter().enumerate().map(term).collect()
}

fn looked_up(tree: &Tree, reached: &Reached, value: &mut Map<String, Value>) {
    let target = match &reached.target {
        Target::Name(name) => json!(name),
        Target::OfMessage => json!("depends on the message"),
        Target::NoName => Value::Null,
    };
    value.insert("target".into(), target);
    let [ipv4, ipv6] = reached.voids.map(|void| match void {
        Void::No => json!(false),
        Void::Yes => json!(true),
        Void::May => json!("maybe"),
        Void::Unknown => Value::Null,
    });
    value.insert("void".into(), json!({ "ipv4": ipv4, "ipv6": ipv6 }));
    if reached.exchanges > 0 {
        value.insert("mx_names".into(), json!(reached.exchanges));
    }
    if let Some(child) = reached.child.and_then(|child| node(tree, child)) {
        value.insert("child".into(), child);
    }
}

fn via(via: Via) -> &'static str {
    match via {
        Via::Root => "root",
        Via::Include => "include",
        Via::Redirect => "redirect",
    }
}

fn state(node: &Node) -> &'static str {
    match &node.state {
        State::Read(_) => "read",
        State::Absent { .. } => "absent",
        State::Several(_) => "several",
        State::Unknown(_) => "unknown",
        State::Loop => "loop",
        State::NotFollowed => "not-followed",
    }
}
