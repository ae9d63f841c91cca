//! DKIM key records against a table named by section and row of the standards sheet, and against arbitrary input.

use mxray::records::dkim::{self, KeyProblem, PublicKey};
use mxray::records::{Problem, Weight};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Weight, kind and place of every problem, as the table writes them; places are cut, since keys are long.
fn shown(problems: &[Problem<KeyProblem>], text: &str) -> Value {
    let row = |problem: &Problem<KeyProblem>| {
        let weight = match problem.weight {
            Weight::Note => "note",
            Weight::Doubt => "doubt",
            Weight::Fault => "fault",
        };
        json!([weight, format!("{:?}", problem.kind), problem.span.of(text).chars().take(24).collect::<String>()])
    };
    problems.iter().map(row).collect()
}

fn rows() -> Vec<Value> {
    serde_json::from_str(include_str!("data/records/dkim.json")).unwrap()
}

#[test]
fn records_of_the_table() {
    let rows = rows();
    for row in &rows {
        let text = row["text"].as_str().unwrap();
        let parsed = dkim::parse(text);
        assert_eq!(shown(&parsed.problems, text), row["problems"], "{}", row["row"]);
        assert_eq!(json!(parsed.is_usable()), row["usable"], "{}", row["row"]);
    }
    println!("{} rows", rows.len());
    assert_eq!(rows.len(), 52);
}

#[test]
fn the_test_vector_of_rfc_8463() {
    let parsed = dkim::parse("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    let Some(PublicKey::Ed25519(raw)) = parsed.record.public_key else { panic!("{parsed:?}") };
    assert_eq!((raw[..4].to_vec(), raw[31]), (vec![0xd7, 0x5a, 0x98, 0x01], 0x1a));
}

#[test]
fn every_prefix_of_a_key_is_cut_off_or_no_key() {
    let rows = rows();
    let whole = rows[0]["text"].as_str().unwrap();
    for end in "p=".len() + 8..whole.len() - 4 {
        let parsed = dkim::parse(&whole[..end]);
        assert!(!parsed.is_usable(), "{end} of {}", whole.len());
        let cut = |p: &Problem<KeyProblem>| matches!(p.kind, KeyProblem::Truncated { expected: 294, .. });
        assert!(parsed.problems.iter().any(cut), "{end}: {:?}", parsed.problems);
    }
}

#[test]
fn what_is_meant_as_a_key() {
    for text in ["v=DKIM1; p=", "p=MIIB", "k=rsa; p=x", "v=dkim1", "V=DKIM1; P=x"] {
        assert!(dkim::looks_like_key(text), "{text}");
    }
    for text in ["v=spf1 -all", "o=~", "some-verification=1", "v=DMARC1; p=none", ""] {
        assert!(!dkim::looks_like_key(text), "{text}");
    }
}

#[test]
fn megabytes_are_quick() {
    let start = std::time::Instant::now();
    for unit in ["p=A;", "A", "=", ";", "t=y:", "é", "\\;", ":", "x=1;"] {
        for lead in ["v=DKIM1; p=MIIB", "t=", ""] {
            let text = format!("{lead}{}", unit.repeat(1_000_000 / unit.len()));
            dkim::parse(&text);
            dkim::looks_like_key(&text);
        }
    }
    // Unoptimized and beside other tests; a quadratic step would take hours.
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

/// Text that is often almost a key record.
fn nearly() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("p=".to_owned()),
        Just("v=DKIM1;".to_owned()),
        Just("k=ed25519;".to_owned()),
        Just("h=sha256:sha1;".to_owned()),
        Just("t=y:s;".to_owned()),
        Just("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIB".to_owned()),
        "[;=:\\\\\" \t\r\n]",
        "[A-Za-z0-9+/]{1,8}",
        ".{0,6}",
    ];
    prop::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_text_is_read(text in nearly()) {
        let parsed = dkim::parse(&text);
        for problem in &parsed.problems {
            prop_assert!(text.get(problem.span.start..problem.span.end).is_some(), "{problem:?}");
        }
        if parsed.is_usable() {
            prop_assert!(parsed.is_sound() && parsed.record.public_key.is_some());
        }
    }

    /// DER of any octets: an answer, and never more bits than octets hold.
    #[test]
    fn any_der_is_read(start in prop::sample::select(vec![vec![], vec![0x30], vec![0x30, 0x82], vec![0x30, 0x0A, 0x02]]),
                       octets in prop::collection::vec(any::<u8>(), 0..80)) {
        let octets = [start, octets].concat();
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::from("p=");
        for chunk in octets.chunks(3) {
            let group = chunk.iter().fold(0u32, |sum, &b| sum << 8 | u32::from(b)) << (8 * (3 - chunk.len()));
            for at in 0..=chunk.len() {
                text.push(char::from(alphabet[(group >> (18 - 6 * at) & 63) as usize]));
            }
            text.push_str(&"=".repeat(3 - chunk.len()));
        }
        let parsed = dkim::parse(&text);
        prop_assert!(parsed.record.rsa_bits().unwrap_or(0) <= octets.len() * 8);
        let undecodable = |kind: &KeyProblem| matches!(kind, KeyProblem::BadBase64 { .. } | KeyProblem::MissingPadding);
        let seen = parsed.problems.iter().any(|problem| undecodable(&problem.kind));
        prop_assert!(!seen, "the text is good base64");
    }
}
