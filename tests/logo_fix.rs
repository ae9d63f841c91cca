//! `mxray logo --fix`: the file it writes, what it says, and its exit codes.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use mxray::svg::judge;
use serde_json::Value;

fn mxray(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mxray")).arg("logo").args(words).output().expect("mxray runs")
}

/// A path for what a test writes.
fn out(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn a_repaired_logo_is_written_and_told() {
    let path = out("repaired.svg");
    let file = path.to_str().expect("text");
    let output =
        mxray(&["tests/data/svg-repair/clip-circle.svg", "--fix", file, "--title", "Brand & Co", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!((&told["conforms"], &told["fixed"]["conforms"]), (&Value::Bool(false), &Value::Bool(true)));
    assert_eq!(told["fixed"]["file"], file);
    assert!(told["fixed"]["difference"].as_f64().is_some_and(|difference| difference < 0.001));
    assert!(told["fixed"]["changes"].as_array().is_some_and(|all| all.iter().any(|one| one["id"] == "clip-applied")));
    assert!(told["seen"].as_array().is_some_and(|all| all.iter().all(|one| one["id"] != "empty-drawing")));
    let written = fs::read(&path).expect("it was written");
    assert_eq!(told["fixed"]["size"].as_u64(), u64::try_from(written.len()).ok());
    let verdict = judge(&written);
    assert!(verdict.conforms);
    assert_eq!(verdict.title.as_deref(), Some("Brand & Co"));
}

#[test]
fn text_says_what_was_changed_and_lost() {
    let path = out("shadow.svg");
    let output = mxray(&["tests/data/svg-repair/filter.svg", "--fix", path.to_str().expect("text")]);
    let text = String::from_utf8(output.stdout).expect("text");
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("conforms to SVG Tiny PS; looks the same (difference 0."), "{text}");
    assert!(text.contains("    lost: Filters"), "{text}");
}

#[test]
fn what_cannot_be_repaired_is_no_success() {
    let (broken, path) = (out("broken.svg"), out("never.svg"));
    fs::write(&broken, "<svg><g></svg>").expect("written");
    let output = mxray(&[broken.to_str().expect("text"), "--fix", path.to_str().expect("text")]);
    let text = String::from_utf8(output.stdout).expect("text");
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("not repaired: the file is not well-formed XML"), "{text}");
    assert!(!path.exists());
}

#[test]
fn usage_is_told_in_one_line() {
    let logo = "tests/data/svg-repair/root.svg";
    for words in [&[logo, logo, "--fix", "x.svg"][..], &[logo, "--fix", "-"], &[logo, "--title", "Brand"]] {
        let output = mxray(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(output.stdout.is_empty());
        assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1, "{words:?}");
    }
}
