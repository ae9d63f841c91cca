//! `mxray diff OLD NEW`: what changed between two pieces of evidence on one domain.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use mxray::assess::assess;
use mxray::checks::Options;
use mxray::evidence::Evidence;
use mxray::intake;
use mxray::name::DomainName;
use mxray::report::Report;
use mxray::report::changes::Comparison;
use mxray::source::native;

use crate::common::{is_json, read_anchors, read_bytes, write};
use crate::{Failed, HELP};

/// What makes the command fail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FailOn {
    Nothing,
    Worse,
    Change,
}

/// What was asked for on the command line.
struct Request {
    files: Vec<PathBuf>,
    domain: Option<DomainName>,
    options: Options,
    fail_on: FailOn,
    json: bool,
}

/// Reads the arguments and both files, judges each as of its own time, and writes what differs.
pub fn run(arguments: Parser) -> Result<ExitCode, Failed> {
    let Some(request) = parse(arguments)? else {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    };
    let [old, new] = request.files.as_slice() else {
        return Err(Failed("compare what? give two files, as in `mxray diff old.json new.json`".into()));
    };
    let (old, new) = (read(old, &request)?, read(new, &request)?);
    if old.0.domain != new.0.domain {
        return Err(Failed(format!(
            "the first file is about {}, the second about {}: only one domain can be compared",
            old.0.domain, new.0.domain
        )));
    }
    let comparison = Comparison::of((&old.0, &old.1), (&new.0, &new.1));
    write(&if request.json {
        serde_json::to_string(&comparison).map_err(|error| Failed(error.to_string()))? + "\n"
    } else {
        comparison.to_text()
    })?;
    let fails = match request.fail_on {
        FailOn::Nothing => false,
        FailOn::Worse => comparison.worse,
        FailOn::Change => !comparison.is_empty(),
    };
    Ok(if fails { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The options, or `None` where help was asked for.
fn parse(mut arguments: Parser) -> Result<Option<Request>, Failed> {
    let mut request =
        Request { files: Vec::new(), domain: None, options: Options::default(), fail_on: FailOn::Nothing, json: false };
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long("format") => request.json = is_json(&arguments.value()?.string()?)?,
            Arg::Long("domain") => {
                let text = arguments.value()?.string()?;
                let domain = native::domain_from_input(&text);
                request.domain = Some(domain.map_err(|error| Failed(format!("--domain “{text}”: {error}")))?);
            }
            Arg::Long("anchor") => request.options.anchors.extend(read_anchors(&PathBuf::from(arguments.value()?))?),
            Arg::Long("fail-on") => request.fail_on = fail_on(&arguments.value()?.string()?)?,
            Arg::Value(value) if request.files.len() < 2 => request.files.push(value.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(request))
}

fn fail_on(word: &str) -> Result<FailOn, Failed> {
    match word {
        "worse" => Ok(FailOn::Worse),
        "change" => Ok(FailOn::Change),
        _ => Err(Failed(format!("--fail-on “{word}”: worse or change"))),
    }
}

/// One file: its report as of the time when it was taken, and the evidence.
fn read(path: &Path, request: &Request) -> Result<(Report, Evidence), Failed> {
    let name = path.display().to_string();
    let bytes = read_bytes(path)?;
    let intake = intake::read(&name, &bytes, request.domain.as_ref()).map_err(|error| Failed(error.to_string()))?;
    for note in &intake.notes {
        eprintln!("mxray: {name}: {note}");
    }
    let evidence = intake.evidence;
    let apex = || evidence.authorities().filter(|apex| !apex.is_root()).min().cloned();
    let Some(domain) = request.domain.clone().or_else(|| evidence.domain.clone()).or_else(apex) else {
        return Err(Failed(format!("{name}: it does not say which domain it is about; give --domain")));
    };
    let at = evidence.taken_at.unwrap_or_else(native::now);
    Ok((assess(&domain, &request.options, &evidence, at).report, evidence))
}
