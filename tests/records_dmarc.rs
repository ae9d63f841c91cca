//! DMARC records against a table named by section and row of the standards sheet, and against arbitrary input.

use mxray::records::dmarc::{self, DmarcProblem, Reading, Request};
use mxray::records::{Problem, Weight};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Weight, kind and place of every problem, as the table writes them.
fn shown(problems: &[Problem<DmarcProblem>], text: &str) -> Value {
    let row = |problem: &Problem<DmarcProblem>| {
        let weight = match problem.weight {
            Weight::Note => "note",
            Weight::Doubt => "doubt",
            Weight::Fault => "fault",
        };
        json!([weight, format!("{:?}", problem.kind), problem.span.of(text)])
    };
    problems.iter().map(row).collect()
}

/// What the record asks for, in the words of the table.
fn request(request: Request) -> String {
    match request {
        Request::Policies { domain, subdomains, nonexistent } => {
            format!("{} {} {}", domain.word(), subdomains.word(), nonexistent.word())
        }
        Request::MonitorOnly => "monitor".into(),
        Request::Nothing => "nothing".into(),
    }
}

#[test]
fn records_of_the_table() {
    let rows: Vec<Value> = serde_json::from_str(include_str!("data/records/dmarc.json")).unwrap();
    for row in &rows {
        let text = row["text"].as_str().unwrap();
        match dmarc::read(text) {
            Reading::Record(parsed) => {
                assert_eq!(json!(request(parsed.record.request())), row["request"], "{}", row["row"]);
                assert_eq!(shown(&parsed.problems, text), row["problems"], "{}", row["row"]);
                assert_eq!(parsed.record.testing, row["testing"] == json!(true), "{}", row["row"]);
                if let Some(rua) = row.get("rua") {
                    let uris: Vec<&str> = parsed.record.aggregate_reports.iter().map(|uri| uri.uri.as_str()).collect();
                    assert_eq!(&json!(uris), rua, "{}", row["row"]);
                }
            }
            Reading::NearMiss { kind, span } => {
                assert_eq!(json!([format!("{kind:?}"), span.of(text)]), row["near_miss"], "{}", row["row"]);
            }
            Reading::Unrelated => {
                assert!(row.get("request").is_none() && row.get("near_miss").is_none(), "{}", row["row"]);
            }
        }
    }
    println!("{} rows", rows.len());
    assert_eq!(rows.len(), 63);
}

#[test]
fn megabytes_are_quick() {
    let start = std::time::Instant::now();
    for unit in ["p=none;", "rua=mailto:a@x.test;", "mailto:a@x.test,", ",", ";", "=", "!", "é", "v=DMARC1"] {
        for lead in ["v=DMARC1; p=none; rua=", "v=DMARC1;", "v=DMARC1; fo=", ""] {
            dmarc::read(&format!("{lead}{}", unit.repeat(1_000_000 / unit.len())));
        }
    }
    // Unoptimized and beside other tests; a quadratic step would take hours.
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

/// Text that is often almost a record.
fn nearly() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("v=DMARC1".to_owned()),
        Just("p=reject".to_owned()),
        Just("sp=".to_owned()),
        Just("rua=".to_owned()),
        Just("mailto:a@x.test".to_owned()),
        Just("fo=0:d".to_owned()),
        "[;=:,!?%@ \t\\\\\"“]",
        "[a-zA-Z0-9]{1,8}",
        ".{0,6}",
    ];
    prop::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_text_is_read(text in nearly(), versioned: bool) {
        let text = if versioned { format!("v=DMARC1;{text}") } else { text };
        match dmarc::read(&text) {
            Reading::Record(parsed) => {
                let uris = parsed.record.aggregate_reports.iter().chain(&parsed.record.failure_reports);
                for span in parsed.problems.iter().map(|problem| problem.span).chain(uris.map(|uri| uri.span)) {
                    prop_assert!(text.get(span.start..span.end).is_some(), "{span:?}");
                }
            }
            Reading::NearMiss { span, .. } => {
                prop_assert!(!versioned, "a text that starts with v=DMARC1; is a record");
                prop_assert!(text.get(span.start..span.end).is_some(), "{span:?}");
            }
            Reading::Unrelated => prop_assert!(!versioned),
        }
    }
}
