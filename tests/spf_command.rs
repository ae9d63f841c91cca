//! `mxray spf` as scripts use it: exit codes, one line on stderr, text and JSON.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const EVIDENCE: &str = r#"{"format": "mxray-evidence/1", "dns": [
    {"name": "acme.example", "type": "TXT", "answers": ["\"v=spf1 include:_spf.mailer.test -all exp=why.acme.example\""]},
    {"name": "why.acme.example", "type": "TXT", "answers": ["\"%{i} is none of ours, says %{r} at %{t}\""]},
    {"name": "_spf.mailer.test", "type": "TXT", "answers": ["\"v=spf1 ip4:192.0.2.0/24 ~all\""]},
    {"name": "broken.example", "type": "TXT", "answers": ["\"v=spf1 ip4:192.0.2.300 -all\""]},
    {"name": "open.example", "type": "TXT", "answers": ["\"v=spf1 include:elsewhere.test -all\""]}
]}"#;

/// Runs `mxray spf --offline` with evidence on standard input.
fn spf(words: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mxray"))
        .args(["spf", "--offline", "--evidence", "-"])
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("mxray runs");
    // A command that is refused for its words reads nothing.
    let _ = child.stdin.take().expect("a pipe").write_all(EVIDENCE.as_bytes());
    child.wait_with_output().expect("mxray ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[test]
fn a_verdict_is_0_whichever_it_is() {
    for (ip, sender, first) in [
        ("192.0.2.9", "bob@acme.example", "pass: 192.0.2.9 may send for acme.example"),
        ("2001:db8::1", "bob@acme.example", "fail: 2001:db8::1 may not send for acme.example"),
        ("192.0.2.9", "bob@broken.example", "permerror: the records of broken.example cannot be evaluated"),
    ] {
        let output = spf(&["--ip", ip, "--mail-from", sender]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert_eq!(text(&output.stdout).lines().next(), Some(first));
        assert_eq!(text(&output.stderr), "");
    }
}

#[test]
fn the_fault_is_shown_with_its_bytes() {
    let said = text(&spf(&["--ip", "192.0.2.9", "--mail-from", "bob@broken.example"]).stdout);
    assert!(said.contains("“192.0.2.300” (bytes 11 to 22)"), "{said}");
}

#[test]
fn no_verdict_is_1_and_names_what_is_missing() {
    let output = spf(&["--ip", "192.0.2.9", "--mail-from", "bob@open.example"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    assert!(said.starts_with("no verdict yet"), "{said}");
    assert!(said.contains("not known: TXT of elsewhere.test"), "{said}");
}

#[test]
fn json_says_the_same() {
    let output = spf(&[
        "--ip",
        "203.0.113.9",
        "--mail-from",
        "bob@acme.example",
        "--helo",
        "h.test",
        "--receiver",
        "mx.test",
        "--format",
        "json",
        "--at",
        "2026-11-23T12:00:00Z",
    ]);
    assert_eq!(output.status.code(), Some(0));
    let said: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(said["result"], "fail");
    assert_eq!(said["explanation"], "203.0.113.9 is none of ours, says mx.test at 1795435200");
    assert_eq!(said["look_ups"], 1);
    let include = &said["trace"][0];
    let record = said["records"][0]["text"].as_str().expect("a record");
    let byte = |key: &str| include["span"][key].as_u64().and_then(|at| usize::try_from(at).ok()).expect("a byte");
    assert_eq!(&record[byte("start")..byte("end")], "include:_spf.mailer.test");
    assert_eq!(include["tried"], "no-match");
    assert_eq!(include["why"]["outcome"], "softfail");
}

#[test]
fn the_domain_and_the_helo_name_may_be_judged_instead() {
    let other = spf(&["--ip", "192.0.2.9", "--mail-from", "bob@elsewhere.test", "acme.example"]);
    assert!(text(&other.stdout).starts_with("pass: 192.0.2.9 may send for acme.example"), "{}", text(&other.stdout));
    let bounce = spf(&["--ip", "192.0.2.9", "--helo", "acme.example"]);
    assert!(text(&bounce.stdout).starts_with("pass:"), "{}", text(&bounce.stdout));
    let null_sender = spf(&["acme.example", "--ip", "192.0.2.9", "--mail-from", ""]);
    assert!(text(&null_sender.stdout).starts_with("pass:"), "{}", text(&null_sender.stdout));
    let short = spf(&["--ip", "192.0.2.9", "--sender", "bob@acme.example"]);
    assert!(text(&short.stdout).starts_with("pass:"), "{}", text(&short.stdout));
}

#[test]
fn a_malformed_domain_is_none_and_no_usage_error() {
    // RFC 7208 §4.3.
    for domain in ["", "a..b", ".com", "localhost", &format!("{}.com", "a".repeat(64))] {
        let output =
            spf(&[domain, "--ip", "192.0.2.9", "--mail-from", "bob@acme.example", "--helo", "h", "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{domain}: {}", text(&output.stderr));
        let said: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!((&said["result"], &said["explanation"]), (&"none".into(), &Value::Null), "{domain}");
        assert!(said["trace"].is_array(), "{domain}");
    }
}

#[test]
fn what_cannot_be_done_is_2_and_one_line() {
    let refused: [&[&str]; 7] = [
        &["--mail-from", "bob@acme.example"],
        &["--ip", "192.0.2.300", "--mail-from", "bob@acme.example"],
        &["--ip", "192.0.2.9"],
        &["--ip", "192.0.2.9", "--mail-from", "bob@acme.example", "--format", "xml"],
        &["--ip", "192.0.2.9", "--mail-from", "bob@acme.example", "--at", "noon"],
        &["--ip", "192.0.2.9", "--mail-from", "bob@acme.example", "--offlin"],
        &["--ip", "192.0.2.9", "--mail-from", "bob@acme.example", "--evidence", "nowhere.json"],
    ];
    for words in refused {
        let output = spf(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        let said = text(&output.stderr);
        assert!(said.starts_with("mxray: ") && said.lines().count() == 1, "{words:?}: {said}");
        assert_eq!(text(&output.stdout), "");
    }
}
