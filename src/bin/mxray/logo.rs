//! `mxray logo`: does a logo conform to SVG Tiny PS, and where does it not?

use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use mxray::svg::{self, Severity, Verdict};
use serde_json::{Value, json};

use crate::common::{is_json, read_bytes, write};
use crate::{Failed, HELP};

/// Reads the arguments and all files, and writes one verdict for each.
pub fn run(mut arguments: Parser) -> Result<ExitCode, Failed> {
    let (mut files, mut json) = (Vec::new(), false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => {
                print!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            Arg::Long("format") => json = is_json(&arguments.value()?.string()?)?,
            Arg::Value(value) => files.push(PathBuf::from(value)),
            other => return Err(other.unexpected().into()),
        }
    }
    if files.is_empty() {
        return Err(Failed("which logo? give an SVG or SVGZ file, as in `mxray logo logo.svg`".into()));
    }
    // All are read before anything is written, so that a file that is not there leaves no half of an answer.
    let files: Vec<(String, Vec<u8>)> =
        files.iter().map(|path| Ok((path.display().to_string(), read_bytes(path)?))).collect::<Result<_, Failed>>()?;
    let mut conform = true;
    for (name, bytes) in &files {
        let verdict = svg::judge(bytes);
        conform &= verdict.conforms;
        let seen = seen(bytes);
        write(&if json { as_json(name, &verdict, &seen) } else { as_text(name, &verdict) })?;
    }
    Ok(if conform { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// What is seen of the drawing. Nothing is drawn yet.
fn seen(_bytes: &[u8]) -> Value {
    json!([])
}

fn as_json(file: &str, verdict: &Verdict, seen: &Value) -> String {
    json!({
        "file": file, "schema_valid": verdict.schema_valid, "conforms": verdict.conforms, "faults": verdict.faults,
        "more_faults": verdict.more_faults, "seen": seen, "size": verdict.size, "compressed": verdict.compressed,
        "title": verdict.title, "view_box": verdict.view_box,
    })
    .to_string()
        + "\n"
}

fn as_text(file: &str, verdict: &Verdict) -> String {
    let mut text = String::new();
    for fault in &verdict.faults {
        let weight = word(fault.severity);
        text.push_str(&format!(
            "{file}:{}:{}: {weight} {} – {}\n    {} [{}]\n",
            fault.line, fault.column, fault.rule, fault.title, fault.fix, fault.reference
        ));
    }
    if verdict.more_faults > 0 {
        text.push_str(&format!("{file}: and {} more\n", verdict.more_faults));
    }
    let schema = if verdict.schema_valid { "the schema accepts it" } else { "the schema refuses it" };
    let said = if verdict.conforms { "conforms to SVG Tiny PS" } else { "does not conform to SVG Tiny PS" };
    let packed = if verdict.compressed { " uncompressed" } else { "" };
    let errors = verdict.faults.iter().filter(|fault| fault.severity == Severity::Error).count();
    let warnings = verdict.faults.len() - errors;
    text.push_str(&format!(
        "{file}: {said}; {schema}; {}, {}; {} octets{packed}\n",
        counted(errors, "error"),
        counted(warnings, "warning"),
        verdict.size
    ));
    text
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// “no errors”, “1 error”, “2 errors”.
fn counted(number: usize, word: &str) -> String {
    match number {
        0 => format!("no {word}s"),
        1 => format!("1 {word}"),
        _ => format!("{number} {word}s"),
    }
}
