//! BIMI assertion records: the table of edge cases, and any text at all.

mod table;

use mxray::records::bimi::{Kind, Location, Preference, kind, parse};
use proptest::prelude::*;

fn location(location: &Location) -> &'static str {
    match location {
        Location::Missing => "missing",
        Location::Empty { .. } => "empty",
        Location::Uri { .. } => "uri",
        Location::Broken { .. } => "broken",
    }
}

fn say(text: &str) -> Vec<String> {
    let parsed = parse(text);
    let record = &parsed.record;
    let what = match kind(text) {
        Kind::Assertion => "assertion".to_owned(),
        Kind::NearMiss { span } => format!("near-miss <{}>", span.of(text)),
        Kind::Other => "other".to_owned(),
    };
    let declined = if record.is_declined() { " declined;" } else { "" };
    let preference = match record.preference {
        Preference::Brand => "brand",
        Preference::Personal => "personal",
    };
    let prefixes = record.local_part_selectors.as_ref().map_or("none".to_owned(), |prefixes| prefixes.join(","));
    let (l, a) = (location(&record.location), location(&record.evidence));
    let mut lines = vec![format!("{what};{declined} l={l} a={a} avp={preference} lps={prefixes}")];
    for problem in &parsed.problems {
        lines.push(format!("{:?} {:?} <{}>", problem.weight, problem.kind, problem.span.of(text)));
    }
    lines
}

#[test]
fn the_table_holds() {
    assert!(table::run("bimi.txt", say) >= 30);
}

#[test]
fn megabytes_are_read_in_bounded_work() {
    for text in ["a;".repeat(500_000), "v=BIMI1; lps=".to_owned() + &"a,".repeat(500_000), ";".repeat(1_000_000)] {
        let parsed = parse(&text);
        assert!(parsed.problems.len() <= 33, "{} problems", parsed.problems.len());
        assert!(!parsed.is_sound(), "what is cut off is not sound");
    }
}

/// Nothing is said about bytes that are not there, and every place is on a character boundary.
fn spans_fit(text: &str) {
    for problem in parse(text).problems {
        assert!(text.get(problem.span.start..problem.span.end).is_some(), "{:?} in {text:?}", problem);
    }
    if let Kind::NearMiss { span } = kind(text) {
        assert!(text.get(span.start..span.end).is_some(), "near miss in {text:?}");
    }
}

proptest! {
    #[test]
    fn any_text(text in "\\PC{0,200}") {
        spans_fit(&text);
    }

    #[test]
    fn anything_like_a_record(text in "(v ?= ?BIMI1|v=bimi1|)( ?;|; |;;)((l|a|avp|lps|L|é)( =|=)(https?://|)[a-z.é/,@:\\[ %-]{0,20}(;| ;|;;|)){0,6}") {
        spans_fit(&text);
    }
}
