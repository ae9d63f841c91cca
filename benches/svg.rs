//! Verdicts on logos a second on one core, over the drawings of the corpus. The last line is JSON for
//! `benches/run.mjs`, which runs libxml2 beside it.
//!
//! `-- schema` writes the tables as RelaxNG, `-- mutations COUNT SEED` changes drawings at random and gives a verdict on
//! each: libxml2 validates both, as a second opinion on how the tables are applied.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use mxray::svg::judge;
use mxray::svg::tables::{Attribute, Element, Values};
use serde_json::{Value, json};

/// Rounds; the fastest counts, since other work on the machine only ever slows one down.
const ROUNDS: usize = 9;
/// Least length of a round.
const ROUND: Duration = Duration::from_millis(300);

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let number = |index: usize| words.get(index).and_then(|word| word.parse().ok());
    match words.first().map(String::as_str) {
        Some("schema") => print!("{}", schema()),
        Some("mutations") => mutations(number(1).unwrap_or(1_000), number(2).unwrap_or(1)),
        _ => rate(),
    }
}

/// The drawings, and whether the official schema accepts each.
fn corpus() -> Option<Vec<(String, bool)>> {
    let folder = std::env::var_os("MXRAY_CORPORA").map_or_else(|| PathBuf::from("../shared/corpora"), PathBuf::from);
    let text = std::fs::read_to_string(folder.join("svg/schema-verdicts.jsonl")).ok()?;
    let case = |line: &str| {
        let case: Value = serde_json::from_str(line).expect("a line of JSON");
        (case["svg"].as_str().expect("a drawing").to_owned(), case["schema_valid"].as_bool().expect("a verdict"))
    };
    Some(text.lines().map(case).collect())
}

fn rate() {
    let Some(cases) = corpus() else { return println!("the corpus is not there (MXRAY_CORPORA)") };
    let right = cases.iter().filter(|(svg, valid)| judge(svg.as_bytes()).schema_valid == *valid).count();
    let best = (0..ROUNDS).map(|_| seconds(&cases)).fold(f64::MAX, f64::min);
    println!("{}", json!({"files": cases.len(), "mxray": (cases.len() as f64 / best).round(), "mxray_right": right}));
}

/// How long all drawings take, once each, in time of the processor.
fn seconds(cases: &[(String, bool)]) -> f64 {
    let (started, before) = (Instant::now(), processor());
    let mut turns = 0.0;
    while started.elapsed() < ROUND {
        cases.iter().for_each(|(svg, _)| drop(black_box(judge(svg.as_bytes()))));
        turns += 1.0;
    }
    let spent = processor().zip(before).map(|(after, before)| (after - before) as f64 / 1e9);
    spent.unwrap_or_else(|| started.elapsed().as_secs_f64()) / turns
}

/// Nanoseconds on the processor so far, where the system tells.
fn processor() -> Option<u64> {
    std::fs::read_to_string("/proc/self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

/// The tables as RelaxNG: the same language as the official schema, which is not ours to ship.
fn schema() -> String {
    let mut text = String::from(
        "<grammar ns=\"http://www.w3.org/2000/svg\" xmlns=\"http://relaxng.org/ns/structure/1.0\" \
         datatypeLibrary=\"http://www.w3.org/2001/XMLSchema-datatypes\">\n<start><ref name=\"svg\"/></start>\n",
    );
    for element in Element::ALL {
        let name = element.name();
        text.push_str(&format!("<define name=\"{name}\"><element name=\"{name}\">"));
        for attribute in element.attributes().filter(|name| !matches!(*name, "id" | "xml:id")) {
            let values = Attribute::named(attribute).and_then(|one| element.values(one)).expect("an attribute of it");
            let pattern = format!("<attribute name=\"{attribute}\" ns=\"\">{}</attribute>", pattern(values));
            let pattern = if attribute.starts_with("xml:") { pattern.replace(" ns=\"\"", "") } else { pattern };
            let required = element == Element::Svg && matches!(attribute, "version" | "baseProfile");
            text.push_str(&if required { pattern } else { format!("<optional>{pattern}</optional>") });
        }
        if element.allows_attribute("id") {
            text.push_str(
                "<optional><choice><attribute name=\"id\" ns=\"\"><data type=\"NCName\"/></attribute>\
                 <attribute name=\"xml:id\"><data type=\"NCName\"/></attribute></choice></optional>",
            );
        }
        let content: String = element
            .children()
            .iter()
            .filter(|child| **child != Element::Title)
            .map(|child| format!("<ref name=\"{}\"/>", child.name()))
            .collect();
        let title = if element == Element::Svg { "<ref name=\"title\"/>" } else { "" };
        text.push_str(&match (content.is_empty(), element.allows_text()) {
            (false, _) => format!("{title}<zeroOrMore><choice>{content}</choice></zeroOrMore>"),
            (true, true) => "<text/>".to_owned(),
            (true, false) => "<empty/>".to_owned(),
        });
        text.push_str("</element></define>\n");
    }
    text + "</grammar>\n"
}

/// Permitted values as RelaxNG.
fn pattern(values: Values) -> String {
    match values {
        Values::Any => "<data type=\"string\"/>".to_owned(),
        Values::Exactly(one) => format!("<value type=\"string\">{one}</value>"),
        Values::OneOf(all) => {
            let all: String = all.iter().map(|one| format!("<value type=\"token\">{one}</value>")).collect();
            format!("<choice>{all}</choice>")
        }
        Values::Name => "<data type=\"NCName\"/>".to_owned(),
        Values::Tokens => "<data type=\"NMTOKENS\"/>".to_owned(),
        Values::Language => "<choice><empty/><data type=\"language\"/></choice>".to_owned(),
        Values::AspectRatio => {
            "<data type=\"string\"><param name=\"pattern\">\\s*(none|xMidYMid)\\s*(meet)?\\s*</param></data>".to_owned()
        }
    }
}

/// Values that are good for some attributes and bad for others.
const VALUES: [&str; 22] = [
    "1.2",
    "tiny-ps",
    "tiny",
    " 1.2",
    "none",
    " none ",
    "inherit",
    "bold",
    "700",
    "evenodd",
    "auto",
    "xMidYMid",
    "xMidYMid slice",
    "a",
    "1a",
    "a b",
    "a:b",
    "",
    "de-CH",
    "de_CH",
    "preserve",
    "été",
];
/// Attributes that no element has.
const UNKNOWN: [&str; 6] = ["style", "opacity", "xml:foo", "fx", "onload", "xlink:href"];
/// What is put between tags.
const BETWEEN: [&str; 14] = [
    "<g>",
    "</g>",
    "<title>A</title>",
    "<desc/>",
    "stray",
    " ",
    "<!--c-->",
    "<?pi?>",
    "<![CDATA[ ]]>",
    "&#160;",
    "<stop/>",
    "<tspan/>",
    "<x xmlns=\"urn:x\"/>",
    "<metadata/>",
];

/// Changes drawings at random, and gives a verdict on each.
fn mutations(count: usize, seed: usize) {
    let Some(cases) = corpus() else { return };
    // Xorshift (Marsaglia 2003): enough for picking, and the same again for the same seed.
    let mut state = (seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut pick = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % below.max(1)
    };
    for _ in 0..count {
        let mut svg = cases[pick(cases.len())].0.clone();
        for _ in 0..=pick(3) {
            change(&mut svg, &mut pick);
        }
        let verdict = judge(svg.as_bytes());
        let read = !verdict.faults.iter().any(|fault| fault.rule == "not-well-formed");
        println!("{}", json!({"svg": svg, "read": read, "schema_valid": verdict.schema_valid}));
    }
}

/// One change: an attribute more, another value, or something between two tags.
fn change(svg: &mut String, pick: &mut impl FnMut(usize) -> usize) {
    let places = |svg: &str, mark: &str| svg.match_indices(mark).map(|(at, _)| at).collect::<Vec<_>>();
    match pick(3) {
        0 => {
            let names: Vec<&str> =
                Element::ALL.iter().flat_map(|element| element.attributes()).chain(UNKNOWN).collect();
            let ends: Vec<usize> =
                places(svg, "\"").into_iter().filter(|at| svg[at + 1..].starts_with([' ', '/', '>'])).collect();
            if let Some(at) = ends.get(pick(ends.len())) {
                svg.insert_str(at + 1, &format!(" {}=\"{}\"", names[pick(names.len())], VALUES[pick(VALUES.len())]));
            }
        }
        1 => {
            let starts = places(svg, "=\"");
            if let Some(at) = starts.get(pick(starts.len())).map(|at| at + 2) {
                let end = svg[at..].find('"').map_or(svg.len(), |length| at + length);
                svg.replace_range(at..end, VALUES[pick(VALUES.len())]);
            }
        }
        _ => {
            let starts = places(svg, "<");
            if let Some(at) = starts.get(pick(starts.len())) {
                svg.insert_str(*at, BETWEEN[pick(BETWEEN.len())]);
            }
        }
    }
}
