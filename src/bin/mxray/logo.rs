//! `mxray logo`: does a logo conform to SVG Tiny PS, and where does it not? `--fix` repairs it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use mxray::svg::repair::{self, Options, Repair, RepairError, SAME};
use mxray::svg::seen::{self, Observation, RenderError, Weight};
use mxray::svg::{self, Severity, Verdict};
use serde_json::{Value, json};

use crate::common::{is_json, read_bytes, write};
use crate::{Failed, HELP};

/// Reads the arguments and all files, and writes one verdict for each.
pub fn run(mut arguments: Parser) -> Result<ExitCode, Failed> {
    let (mut files, mut json) = (Vec::new(), false);
    let (mut fix, mut options) = (None, Options::default());
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => {
                print!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            Arg::Long("format") => json = is_json(&arguments.value()?.string()?)?,
            Arg::Long("fix") => fix = Some(PathBuf::from(arguments.value()?)),
            Arg::Long("title") => options.title = Some(arguments.value()?.string()?),
            Arg::Value(value) => files.push(PathBuf::from(value)),
            other => return Err(other.unexpected().into()),
        }
    }
    if files.is_empty() {
        return Err(Failed("which logo? give an SVG or SVGZ file, as in `mxray logo logo.svg`".into()));
    }
    check_fix(fix.as_deref(), files.len(), &options)?;
    // All are read before anything is written, so that a file that is not there leaves no half of an answer.
    let files: Vec<(String, Vec<u8>)> =
        files.iter().map(|path| Ok((path.display().to_string(), read_bytes(path)?))).collect::<Result<_, Failed>>()?;
    let mut conform = true;
    for (name, bytes) in &files {
        let verdict = svg::judge(bytes);
        let seen = svg::text(bytes).ok().map(|read| seen::look(&read.text));
        let fixed = match &fix {
            None => None,
            Some(path) => Some((path.as_path(), fixed(bytes, &options, path)?)),
        };
        conform &= match &fixed {
            None => verdict.conforms,
            Some((_, repaired)) => repaired.as_ref().is_ok_and(|repair| repair.verdict.conforms),
        };
        write(&if json {
            as_json(name, &verdict, seen.as_ref(), fixed.as_ref())
        } else {
            as_text(name, &verdict) + &seen_as_text(name, seen.as_ref()) + &fixed_as_text(name, fixed.as_ref())
        })?;
    }
    Ok(if conform { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// A drawing's observations, or why it could not be drawn; nothing where the file is no text.
type Seen = Result<Vec<Observation>, RenderError>;

/// Where the repaired drawing was written, or why there is none.
type Fixed<'a> = (&'a Path, Result<Repair, RepairError>);

/// `--fix` takes one logo and a file to write to.
fn check_fix(fix: Option<&Path>, files: usize, options: &Options) -> Result<(), Failed> {
    match fix {
        None if options.title.is_some() => {
            Err(Failed("--title is what `--fix OUT.svg` writes into the repaired logo".into()))
        }
        Some(_) if files > 1 => Err(Failed("--fix repairs one logo at a time: give one FILE".into())),
        Some(path) if path == Path::new("-") => {
            Err(Failed("--fix -: standard output carries the report; name a file".into()))
        }
        _ => Ok(()),
    }
}

/// Repairs a logo and writes it.
fn fixed(bytes: &[u8], options: &Options, path: &Path) -> Result<Result<Repair, RepairError>, Failed> {
    let repaired = repair::repair(bytes, options);
    if let Ok(repair) = &repaired {
        fs::write(path, &repair.svg).map_err(|error| Failed(format!("{}: {error}", path.display())))?;
    }
    Ok(repaired)
}

fn as_json(file: &str, verdict: &Verdict, seen: Option<&Seen>, fixed: Option<&Fixed<'_>>) -> String {
    let not_drawn = seen.and_then(|seen| seen.as_ref().err()).map(RenderError::words);
    let seen = seen.and_then(|seen| seen.as_ref().ok()).map_or_else(Vec::new, Clone::clone);
    let mut object = json!({
        "file": file, "schema_valid": verdict.schema_valid, "conforms": verdict.conforms, "faults": verdict.faults,
        "more_faults": verdict.more_faults, "seen": seen, "not_drawn": not_drawn, "size": verdict.size,
        "compressed": verdict.compressed, "title": verdict.title, "view_box": verdict.view_box,
    });
    if let (Some((path, repaired)), Some(object)) = (fixed, object.as_object_mut()) {
        object.insert("fixed".to_owned(), fixed_as_json(path, repaired));
    }
    object.to_string() + "\n"
}

fn fixed_as_json(path: &Path, repaired: &Result<Repair, RepairError>) -> Value {
    match repaired {
        Ok(repair) => json!({
            "file": path.display().to_string(), "schema_valid": repair.verdict.schema_valid,
            "conforms": repair.verdict.conforms, "difference": repair.difference, "way": repair.way,
            "changes": repair.changes, "lost": repair.lost, "size": repair.verdict.size,
            "faults": repair.verdict.faults,
        }),
        Err(error) => json!({ "file": null, "schema_valid": false, "conforms": false, "error": error.words() }),
    }
}

fn seen_as_text(file: &str, seen: Option<&Seen>) -> String {
    match seen {
        None => String::new(),
        Some(Err(error)) => format!("{file}: not drawn: {}\n", error.words()),
        Some(Ok(observations)) => observations
            .iter()
            .map(|one| {
                let weight = match one.severity {
                    Weight::Error => "error",
                    Weight::Warning => "warning",
                    Weight::Info => "info",
                };
                format!("{file}: seen: {weight} {} – {}. {}\n    {}\n", one.id, one.title, one.detail, one.fix)
            })
            .collect(),
    }
}

fn fixed_as_text(file: &str, fixed: Option<&Fixed<'_>>) -> String {
    let (path, repair) = match fixed {
        None => return String::new(),
        Some((_, Err(error))) => return format!("{file}: not repaired: {}\n", error.words()),
        Some((path, Ok(repair))) => (path.display(), repair),
    };
    let said = if repair.verdict.conforms { "conforms to SVG Tiny PS" } else { "does not conform to SVG Tiny PS" };
    let looks = if repair.difference <= SAME { "looks the same" } else { "looks different" };
    let (percent, size) = (repair.difference * 100.0, repair.verdict.size);
    let mut text = format!("{path}: {said}; {looks} (difference {percent:.2} %); {size} octets\n");
    for change in &repair.changes {
        let times = if change.count > 1 { format!(" ({} times)", change.count) } else { String::new() };
        text.push_str(&format!("    {}{times}\n", change.title));
    }
    for loss in &repair.lost {
        text.push_str(&format!("    lost: {loss}\n"));
    }
    for fault in &repair.verdict.faults {
        text.push_str(&format!("    still: {} – {}\n", fault.rule, fault.title));
    }
    text
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
