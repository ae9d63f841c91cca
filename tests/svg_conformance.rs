//! SVG Tiny PS: the verdicts of the official schema on 1,000 drawings, every rule, and hostile input.

use std::path::PathBuf;

use mxray::svg::judge;
use serde_json::Value;

/// The corpus, where it is there.
fn corpus() -> Option<Vec<Value>> {
    let folder = std::env::var_os("MXRAY_CORPORA").map_or_else(|| PathBuf::from("../shared/corpora"), PathBuf::from);
    let path = folder.join("svg/schema-verdicts.jsonl");
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()),
        Err(_) => {
            eprintln!("skipped: {} is not there (MXRAY_CORPORA names the folder above it)", path.display());
            None
        }
    }
}

#[test]
fn verdicts_are_those_of_the_official_schema() {
    let Some(cases) = corpus() else { return };
    assert_eq!(cases.len(), 1000);
    let mut wrong = Vec::new();
    for case in &cases {
        let svg = case["svg"].as_str().expect("an svg");
        let verdict = judge(svg.as_bytes());
        if verdict.schema_valid != case["schema_valid"].as_bool().expect("a verdict") {
            let faults: Vec<_> = verdict.faults.iter().filter(|fault| fault.schema).map(|fault| &fault.title).collect();
            wrong.push(format!("{}: schema {}, mxray {faults:?}", case["id"], case["first_error"]));
        }
        for fault in &verdict.faults {
            assert!(fault.start <= fault.end && svg.get(fault.start..fault.end).is_some(), "{}: {fault:?}", case["id"]);
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
