//! Repairs every drawing that is named on standard input, one a line, and writes one line of JSON for each: whether the
//! result is valid and conforms, how far its picture is from the original's, its size, what was lost, and the time taken.

use std::io::{BufRead, stdin};
use std::time::Instant;

use mxray::svg::repair::{Options, repair};

fn main() {
    for path in stdin().lock().lines().map_while(Result::ok) {
        let Ok(bytes) = std::fs::read(&path) else {
            eprintln!("{path}: cannot be read");
            std::process::exit(2);
        };
        let start = Instant::now();
        let repaired = repair(&bytes, &Options::default());
        let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
        let line = match repaired {
            Ok(repair) => serde_json::json!({
                "file": path, "schema_valid": repair.verdict.schema_valid, "conforms": repair.verdict.conforms,
                "difference": repair.difference, "size": repair.svg.len(), "before": bytes.len(), "way": repair.way,
                "lost": repair.lost, "faults": repair.verdict.faults.iter().map(|fault| &fault.rule).collect::<Vec<_>>(),
                "milliseconds": milliseconds,
            }),
            Err(error) => serde_json::json!({ "file": path, "error": error.words(), "milliseconds": milliseconds }),
        };
        println!("{line}");
    }
}
