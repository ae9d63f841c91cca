//! The MTA-STS record and policy file against tables named by section and row of the standards sheet, and against
//! arbitrary input.

use mxray::name::DomainName;
use mxray::records::mta_sts::{self, Standing};
use mxray::records::mta_sts_policy::{self, MAX_BYTES, MxPattern, PolicyProblem};
use mxray::records::{Problem, Weight};
use mxray::text::Span;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Kind, place and weight of every problem, as the tables write them; `*` is the whole text.
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

/// The rows of a table; `*` stands for the whole text, `*literal` for a star.
fn rows(table: &str) -> Vec<Value> {
    let mut rows: Vec<Value> = serde_json::from_str(table).unwrap();
    for row in &mut rows {
        let text = row["text"].clone();
        for problem in row["problems"].as_array_mut().unwrap() {
            match problem[2].as_str().unwrap() {
                "*" => problem[2] = text.clone(),
                "*literal" => problem[2] = json!("*"),
                _ => {}
            }
        }
    }
    rows
}

#[test]
fn records_of_the_table() {
    let rows = rows(include_str!("data/records/mta_sts.json"));
    assert_eq!(rows.len(), 32);
    for row in rows {
        let text = row["text"].as_str().unwrap();
        let parsed = mta_sts::parse(text);
        assert_eq!(json!(parsed.record.id), row["want"], "{}", row["row"]);
        assert_eq!(shown(&parsed.problems, text), row["problems"], "{}", row["row"]);
    }
}

#[test]
fn policies_of_the_table() {
    let rows = rows(include_str!("data/records/mta_sts_policy.json"));
    assert_eq!(rows.len(), 49);
    for row in rows {
        let text = row["text"].as_str().unwrap();
        let (read, parsed) = mta_sts_policy::read(text.as_bytes());
        assert_eq!(read, text);
        let policy = &parsed.record;
        let patterns: Vec<String> = policy.patterns.iter().map(MxPattern::text).collect();
        let seen = json!([policy.mode.map(|mode| mode.word()), policy.max_age, patterns]);
        assert_eq!(seen, row["want"], "{}", row["row"]);
        assert_eq!(shown(&parsed.problems, text), row["problems"], "{}", row["row"]);
    }
}

/// §4.6 rows 12 and 13: the star stands for exactly one label.
#[test]
fn a_star_is_one_label() {
    let name = |text| DomainName::parse(text).unwrap();
    let star = MxPattern { wildcard: true, name: name("acme.example"), span: Span::new(0, 0) };
    let plain = MxPattern { wildcard: false, ..star.clone() };
    for (host, by_star, by_name) in [
        ("mx.acme.example", true, false),
        ("MX.ACME.example", true, false),
        ("a.b.acme.example", false, false),
        ("acme.example", false, true),
        ("xacme.example", false, false),
        ("mx.acme.example.evil.test", false, false),
        (r"a\.b.acme.example", true, false),
        ("example", false, false),
        (".", false, false),
    ] {
        let host = name(host);
        assert_eq!((star.matches(&host), plain.matches(&host)), (by_star, by_name), "{host}");
    }
}

#[test]
fn bodies_that_are_no_text() {
    let (text, parsed) = mta_sts_policy::read(b"version: STSv1\nmode: enforce\nmx: \xFF.example\nmax_age: 1\n");
    assert_eq!(parsed.problems[0].kind, PolicyProblem::NotUtf8);
    assert!(text.contains('\u{FFFD}'));
    let long = format!("version: STSv1\nmode: none\nmax_age: 1\nnote: {}", "ü".repeat(MAX_BYTES));
    let (text, parsed) = mta_sts_policy::read(long.as_bytes());
    assert!(text.len() <= MAX_BYTES);
    assert_eq!(parsed.problems[0].kind, PolicyProblem::TooLarge { bytes: long.len() });
    assert!(!parsed.problems.iter().any(|problem| problem.kind == PolicyProblem::NotUtf8), "cut inside a character");
}

#[test]
fn many_notes_do_not_make_a_fault() {
    let policy = format!("version: STSv1\nmode: none\nmax_age: 86400\n{}", "x: y\n".repeat(100));
    let parsed = mta_sts_policy::parse(&policy);
    assert!(parsed.is_sound());
    assert!(matches!(parsed.problems.last().unwrap().kind, PolicyProblem::More { hidden: 60 }));
    assert!(!mta_sts_policy::parse(&format!("{}mode enforce\n", "x: y\n".repeat(100))).is_sound());
}

#[test]
fn megabytes_are_quick() {
    let start = std::time::Instant::now();
    for unit in ["a=b;", ";", "=", "id=1;", " ", "v=STSv1;", "\u{FEFF}", "x"] {
        let text = format!("v=STSv1;{}", unit.repeat(1_000_000 / unit.len()));
        mta_sts::parse(&text);
        mta_sts::standing(&text);
        mta_sts::standing(&unit.repeat(1_000_000 / unit.len()));
    }
    for unit in ["mx: a.b\n", "\r", "\n", "x", "x: y\n", ":", "mx: *.\n", "<", "#\n", " "] {
        mta_sts_policy::read(unit.repeat(1_000_000 / unit.len()).as_bytes());
    }
    let distinct: String = (0..60_000).map(|n| format!("mx: m{n}.example\n")).collect();
    mta_sts_policy::read(distinct.as_bytes());
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

/// Text that is often almost a record or a policy.
fn nearly() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("v=STSv1".to_owned()),
        Just("version: STSv1".to_owned()),
        Just("id=".to_owned()),
        Just("mode: enforce".to_owned()),
        Just("mx: *.".to_owned()),
        Just("max_age: ".to_owned()),
        Just("\u{FEFF}".to_owned()),
        Just("\r".to_owned()),
        "[;=:\r\n \t.*#<]",
        "[a-z0-9]{1,8}",
        ".{0,6}",
    ];
    prop::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_text_is_read(text in nearly()) {
        for problem in mta_sts::parse(&text).problems {
            prop_assert!(text.get(problem.span.start..problem.span.end).is_some(), "{problem:?}");
        }
        for problem in mta_sts_policy::parse(&text).problems {
            prop_assert!(text.get(problem.span.start..problem.span.end).is_some(), "{problem:?}");
        }
    }

    #[test]
    fn any_bytes_are_read(body in prop::collection::vec(any::<u8>(), 0..400)) {
        let (text, parsed) = mta_sts_policy::read(&body);
        for problem in parsed.problems {
            prop_assert!(text.get(problem.span.start..problem.span.end).is_some(), "{problem:?}");
        }
    }

    /// A sound record counts (or is the one doubtful form), and its id is letters and digits.
    #[test]
    fn sound_records_count(text in nearly()) {
        let text = format!("v=STSv1;{text}");
        let parsed = mta_sts::parse(&text);
        if parsed.is_sound() {
            prop_assert_eq!(mta_sts::standing(&text), Standing::Counts);
            let id = parsed.record.id.unwrap_or_default();
            prop_assert!((1..=32).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric()));
        }
    }

    /// A pattern covers a host exactly when the definition of RFC 8461 §4.1 says so.
    #[test]
    fn patterns_follow_the_definition(wildcard: bool, pattern in "[ab]{1,2}(\\.[ab]{1,2}){0,2}", host in "[ab]{1,2}(\\.[ab]{1,2}){0,3}") {
        let policy = format!("version: STSv1\nmode: enforce\nmax_age: 86400\nmx: {}{pattern}\n", if wildcard { "*." } else { "" });
        let parsed = mta_sts_policy::parse(&policy);
        prop_assert!(parsed.is_sound());
        let expected = if wildcard {
            host.split_once('.').is_some_and(|(_, rest)| rest == pattern)
        } else {
            host == pattern
        };
        let host = DomainName::parse(&host).unwrap();
        prop_assert_eq!(parsed.record.patterns[0].matches(&host), expected);
        prop_assert_eq!(parsed.record.covers(&host), expected);
    }
}
