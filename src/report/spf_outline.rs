//! The tree of an SPF record as rows, one for each term that looks something up: what the picture in the page draws.

use serde_json::Value;

/// Look-ups allowed, RFC 7208 §4.6.4.
pub const ALLOWED: usize = 10;
/// Most rows of one tree: five times as many look-ups as are allowed, and the record itself.
const MAX_ROWS: usize = 51;

/// How a branch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As it should be.
    Good,
    /// Its look-up finds nothing for senders of one family or both.
    Void,
    /// It cannot be used, or stands beyond the look-ups allowed.
    Broken,
    /// Not known.
    Unknown,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// How many includes and redirects lead here.
    pub depth: usize,
    /// The row of the record that it belongs to.
    pub parent: usize,
    /// The term, or the domain that an include leads to.
    pub label: String,
    /// Whose service it is, where that is known.
    pub provider: Option<String>,
    /// How it stands.
    pub standing: Standing,
    /// Look-ups before it, where every term is evaluated in order.
    pub before: usize,
    /// Look-ups of it and everything below.
    pub lookups: usize,
    /// Void ones among them, for IPv4 and IPv6 senders.
    pub voids: [usize; 2],
}

/// The rows of one tree of the SPF facts, the record itself first.
pub fn outline(tree: &Value) -> Vec<Row> {
    let root = Row {
        depth: 0,
        parent: 0,
        label: text(tree, "domain"),
        provider: None,
        standing: standing(tree, number(tree.get("lookups")) > ALLOWED),
        before: 0,
        lookups: number(tree.get("lookups")),
        voids: voids(tree),
    };
    let mut rows = vec![root];
    below(tree, 0, &mut rows);
    rows
}

/// The rows below a record. The nesting is bounded where the tree grows.
fn below(tree: &Value, parent: usize, rows: &mut Vec<Row>) {
    let Some(&Row { depth, before, .. }) = rows.get(parent) else { return };
    // The term that leads here is spent already.
    let mut before = before + usize::from(depth > 0);
    let terms = tree.get("terms").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for term in terms.iter().filter(|term| number(term.get("lookups")) > 0) {
        if rows.len() >= MAX_ROWS {
            return;
        }
        let child = term.get("child").filter(|child| child.is_object());
        let is_void = |family: &str| term.get("void").and_then(|void| void.get(family)) == Some(&Value::Bool(true));
        let own = ["ipv4", "ipv6"].map(|family| usize::from(is_void(family)));
        let inner = child.map_or([0, 0], voids);
        let over = before >= ALLOWED;
        let row = Row {
            depth: depth + 1,
            parent,
            label: child.map_or_else(|| text(term, "text"), |child| text(child, "domain")),
            provider: child.and_then(|child| child.get("provider")?.as_str()).map(str::to_owned),
            standing: match child.map(|child| standing(child, over)) {
                Some(Standing::Good) | None if own != [0, 0] && !over => Standing::Void,
                None if over => Standing::Broken,
                Some(standing) => standing,
                None => Standing::Good,
            },
            before,
            lookups: 1 + child.map_or(0, |child| number(child.get("lookups"))),
            voids: [own[0] + inner[0], own[1] + inner[1]],
        };
        before += row.lookups;
        let at = rows.len();
        rows.push(row);
        if let Some(child) = child {
            below(child, at, rows);
        }
    }
}

fn standing(tree: &Value, over: bool) -> Standing {
    let valid = tree.get("valid").and_then(Value::as_bool) != Some(false);
    match tree.get("state").and_then(Value::as_str) {
        Some("unknown" | "not-followed") => Standing::Unknown,
        Some("read") if valid && !over => Standing::Good,
        _ => Standing::Broken,
    }
}

fn voids(tree: &Value) -> [usize; 2] {
    ["ipv4", "ipv6"].map(|family| number(tree.get("void_lookups").and_then(|voids| voids.get(family))))
}

fn number(value: Option<&Value>) -> usize {
    value.and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok()).unwrap_or(0)
}

fn text(value: &Value, member: &str) -> String {
    value.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
}
