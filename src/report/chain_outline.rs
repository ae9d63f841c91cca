//! The chain of trust as rows, from the root down to the answers: what the picture in the page draws and its list says.

use serde_json::Value;

use crate::checks::dnssec::algorithm_name;

/// Most zones of one chain; a name has at most 127 labels, and each is a zone at most.
const MAX_ZONES: usize = 128;
/// More DS records or keys of one zone are counted, not listed.
const MAX_LISTED: usize = 4;
/// Secure entry point, RFC 4034 §2.1.1: a hint that the key signs the keys.
const ENTRY_POINT: u64 = 1;

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What the parent says of the zone below.
    Ds,
    /// A zone.
    Zone,
    /// One of its keys, and whether it signs the keys.
    Key { signs: bool },
    /// The answers below the last zone.
    Answers,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it stands for.
    pub part: Part,
    /// In a few words.
    pub label: String,
    /// `secure`, `insecure`, `indeterminate` or `bogus`.
    pub state: String,
}

/// The rows of the DNSSEC facts of a report; none where no chain is known.
pub fn outline(detail: &Value) -> Vec<Row> {
    let mut rows = Vec::new();
    let chain = detail.get("chain");
    let zones = list(chain.and_then(|chain| chain.get("zones")));
    for zone in zones.iter().take(MAX_ZONES) {
        zone_rows(zone, rows.is_empty(), &mut rows);
    }
    let answers = list(detail.get("answers"));
    if !answers.is_empty() {
        let secure = answers.iter().filter(|answer| text(answer, "state") == "secure").count();
        let worst = if answers.iter().any(|answer| text(answer, "state") == "bogus") { "bogus" } else { "secure" };
        let label = tr!("{secure} of {} answers proved", answers.len(), secure);
        rows.push(Row { part: Part::Answers, label, state: worst.into() });
    }
    rows
}

/// What breaks the chain and how to mend it: a sentence each.
pub fn fault(detail: &Value) -> Option<(String, Option<String>)> {
    let zones = list(detail.get("chain").and_then(|chain| chain.get("zones")));
    let answers = list(detail.get("answers")).iter().filter(|answer| text(answer, "state") == "bogus");
    let broken = zones.iter().find(|zone| !text(zone, "says").is_empty()).or_else(|| answers.into_iter().next())?;
    Some((text(broken, "says").to_owned(), Some(text(broken, "remedy").to_owned()).filter(|remedy| !remedy.is_empty())))
}

fn zone_rows(zone: &Value, is_anchor: bool, rows: &mut Vec<Row>) {
    let state = text(zone, "state").to_owned();
    let row = |part, label: String| Row { part, label, state: state.clone() };
    let all_ds = list(zone.get("ds"));
    let digest = |ds: &Value| match number(ds, "digest_type") {
        1 => "SHA-1".into(),
        2 => "SHA-256".into(),
        4 => "SHA-384".into(),
        other => tr!("digest {other}", other),
    };
    if !is_anchor && all_ds.is_empty() {
        rows.push(row(Part::Ds, tr!("no DS record that counts")));
    }
    for ds in all_ds.iter().take(MAX_LISTED) {
        rows.push(row(Part::Ds, tr!("DS {} · {}", number(ds, "key_tag"), digest(ds))));
    }
    more(all_ds.len(), Part::Ds, &row, rows);
    let name = text(zone, "zone");
    let name = if name == "." { tr!(". (the root)") } else { name.to_owned() };
    rows.push(row(Part::Zone, name));
    let keys = list(zone.get("keys"));
    let signer = zone.get("signature").map(|signature| number(signature, "key_tag"));
    // The key that signs first, so that it is never among those that are only counted.
    let (first, rest): (Vec<_>, Vec<_>) = keys.iter().partition(|key| Some(number(key, "key_tag")) == signer);
    for key in first.into_iter().chain(rest).take(MAX_LISTED) {
        let tag = number(key, "key_tag");
        let signs = Some(tag) == signer;
        let kind = if number(key, "flags") & ENTRY_POINT == 0 { "ZSK" } else { "KSK" };
        let algorithm = u8::try_from(number(key, "algorithm")).map(algorithm_name).unwrap_or_default();
        // Without its number, so that a row fits into 360 px.
        let algorithm = algorithm.split(" (").next().unwrap_or_default();
        let does = if signs { " signs" } else { "" };
        rows.push(row(Part::Key { signs }, format!("{kind} {tag}{does} · {algorithm}")));
    }
    more(keys.len(), Part::Key { signs: false }, &row, rows);
}

fn more(count: usize, part: Part, row: &impl Fn(Part, String) -> Row, rows: &mut Vec<Row>) {
    if count > MAX_LISTED {
        rows.push(row(part, tr!("and {} more", count - MAX_LISTED)));
    }
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value.get(member).and_then(Value::as_str).unwrap_or_default()
}

fn number(value: &Value, member: &str) -> u64 {
    value.get(member).and_then(Value::as_u64).unwrap_or_default()
}
