//! The TLS-RPT record against a table named by section and row of the standards sheet, and against arbitrary input.

use mxray::records::tls_rpt;
use mxray::records::{Problem, Weight};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Kind, place and weight of every problem, as the table writes them.
fn shown<K: std::fmt::Debug>(problems: &[Problem<K>], text: &str) -> Value {
    let row = |problem: &Problem<K>| {
        let weight = match problem.weight {
            Weight::Note => "note",
            Weight::Doubt => "doubt",
            Weight::Fault => "fault",
        };
        let kind = format!("{:?}", problem.kind).replace("Frame(", "");
        let kind: String = kind.chars().take_while(char::is_ascii_alphanumeric).collect();
        json!([weight, kind, problem.span.of(text)])
    };
    problems.iter().map(row).collect()
}

#[test]
fn records_of_the_table() {
    let rows: Vec<Value> = serde_json::from_str(include_str!("data/records/tls_rpt.json")).unwrap();
    assert_eq!(rows.len(), 39);
    for row in rows {
        let text = row["text"].as_str().unwrap();
        let parsed = tls_rpt::parse(text);
        let targets: Vec<&str> = parsed.record.targets.iter().map(|target| target.uri.as_str()).collect();
        assert_eq!(json!(targets), row["want"], "{}", row["row"]);
        assert_eq!(shown(&parsed.problems, text), row["problems"], "{}", row["row"]);
    }
}

#[test]
fn megabytes_are_quick() {
    let start = std::time::Instant::now();
    for unit in ["rua=mailto:a@b.example?;", ",", "mailto:a@b.example,", "!", "%", "https://", ";", "x", "é"] {
        for lead in ["v=TLSRPTv1;rua=", "v=TLSRPTv1; rua=https://a.example/?", ""] {
            let text = format!("{lead}{}", unit.repeat(1_000_000 / unit.len()));
            tls_rpt::parse(&text);
            tls_rpt::standing(&text);
        }
    }
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

/// Text that is often almost a record.
fn nearly() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("rua=".to_owned()),
        Just("mailto:".to_owned()),
        Just("https://".to_owned()),
        Just("a@x.example".to_owned()),
        "[;=:,!?%@ \t/\\[\\]]",
        "[a-z0-9]{1,8}",
        ".{0,6}",
    ];
    prop::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_text_is_read(text in nearly(), versioned: bool) {
        let text = if versioned { format!("v=TLSRPTv1;{text}") } else { text };
        let parsed = tls_rpt::parse(&text);
        for span in parsed.problems.iter().map(|p| p.span).chain(parsed.record.targets.iter().map(|t| t.span)) {
            prop_assert!(text.get(span.start..span.end).is_some(), "{span:?}");
        }
        for target in &parsed.record.targets {
            prop_assert_eq!(target.span.of(&text), &target.uri);
        }
    }
}
