//! `mxray check DOMAIN`: the whole report on one domain.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use mxray::assess::Assessment;
use mxray::checks::Options;
use mxray::evidence::Evidence;
use mxray::intake;
use mxray::name::DomainName;
use mxray::report::Report;
use mxray::source::{Resolver, Settings, native};
use mxray::time::UnixTime;

use crate::{Failed, HELP};

/// How the report is written.
#[derive(Clone, Copy)]
enum Format {
    Text,
    Json,
    Markdown,
}

/// What was asked for on the command line.
struct Request {
    domain: DomainName,
    evidence: Vec<PathBuf>,
    offline: bool,
    resolvers: Vec<String>,
    options: Options,
    at: Option<UnixTime>,
    format: Format,
    save_evidence: Option<PathBuf>,
    fail_under: Option<u8>,
}

/// Reads the arguments, checks the domain and writes the report.
pub fn run(arguments: Parser) -> Result<ExitCode, Failed> {
    let Some(request) = parse(arguments)? else {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    };
    let mut evidence = Evidence::new();
    for path in &request.evidence {
        evidence.absorb(read_evidence(path, Some(&request.domain))?);
    }
    let (assessment, mut evidence) = look(&request, evidence);
    if let Some(path) = &request.save_evidence {
        evidence.domain = Some(request.domain.clone());
        evidence.taken_at = Some(assessment.report.taken_at);
        fs::write(path, evidence.to_json()).map_err(|error| Failed(format!("{}: {error}", path.display())))?;
    }
    write_report(&assessment.report, request.format)?;
    let too_low = request.fail_under.is_some_and(|least| assessment.report.score.points.is_none_or(|p| p < least));
    Ok(if too_low { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The options, or `None` where help was asked for.
fn parse(mut arguments: Parser) -> Result<Option<Request>, Failed> {
    let mut domain = None;
    let mut request = Request {
        domain: DomainName::root(),
        evidence: Vec::new(),
        offline: false,
        resolvers: Vec::new(),
        options: Options::default(),
        at: None,
        format: Format::Text,
        save_evidence: None,
        fail_under: None,
    };
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long("evidence") => request.evidence.push(arguments.value()?.into()),
            Arg::Long("offline") => request.offline = true,
            Arg::Long("resolver") => request.resolvers.push(resolver(arguments.value()?)?),
            Arg::Long("selector") => request.options.selectors.push(dkim_selector(arguments.value()?)?),
            Arg::Long("bimi-selector") => request.options.bimi_selector = selector(arguments.value()?)?,
            Arg::Long("at") => request.at = Some(time(arguments.value()?)?),
            Arg::Long("format") => request.format = format(&arguments.value()?)?,
            Arg::Long("save-evidence") => request.save_evidence = Some(arguments.value()?.into()),
            Arg::Long("fail-under") => {
                let points: u8 = arguments.value()?.parse()?;
                if points > 100 {
                    return Err(Failed("--fail-under takes points from 0 to 100".into()));
                }
                request.fail_under = Some(points);
            }
            Arg::Value(value) if domain.is_none() => domain = Some(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let Some(domain) = domain else {
        return Err(Failed("check what? give a domain, as in `mxray check example.com`".into()));
    };
    request.domain = native::domain_from_input(&domain).map_err(|error| Failed(format!("“{domain}”: {error}")))?;
    Ok(Some(request))
}

/// A DKIM selector, or a text with one in it (`s=`), as the header of a signature has it.
fn dkim_selector(value: OsString) -> Result<String, Failed> {
    match value.to_str() {
        Some(header) if header.contains("s=") => Ok(header.to_owned()),
        _ => selector(value),
    }
}

fn selector(value: OsString) -> Result<String, Failed> {
    let text = value.string()?;
    DomainName::parse(&text).map_err(|error| Failed(format!("selector “{text}”: {error}")))?;
    Ok(text)
}

/// A time to judge at.
pub fn time(value: OsString) -> Result<UnixTime, Failed> {
    let text = value.string()?;
    UnixTime::parse_rfc3339(&text).map_err(|error| Failed(format!("--at “{text}”: {error}")))
}

/// The address of a resolver.
pub fn resolver(value: OsString) -> Result<String, Failed> {
    let text = value.string()?;
    Resolver::parse(&text, None).map_err(|error| Failed(format!("--resolver “{text}”: {error}")))?;
    Ok(text)
}

fn format(value: &OsString) -> Result<Format, Failed> {
    match value.to_str() {
        Some("text") => Ok(Format::Text),
        Some("json") => Ok(Format::Json),
        Some("markdown") => Ok(Format::Markdown),
        _ => Err(Failed(format!("--format “{}”: text, json or markdown", value.to_string_lossy()))),
    }
}

/// One file of evidence; `-` is standard input.
pub fn read_evidence(path: &Path, domain: Option<&DomainName>) -> Result<Evidence, Failed> {
    let name = path.display().to_string();
    let bytes = if name == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    let bytes = bytes.map_err(|error| Failed(format!("{name}: {error}")))?;
    let intake = intake::read(&name, &bytes, domain).map_err(|error| Failed(error.to_string()))?;
    for note in &intake.notes {
        eprintln!("mxray: {name}: {note}");
    }
    Ok(intake.evidence)
}

/// The assessment, on the evidence alone or with live look-ups. Saved evidence alone is judged as of its own time, so
/// that it gives the same report again.
fn look(request: &Request, evidence: Evidence) -> (Assessment, Evidence) {
    let supplied_time = evidence.taken_at.filter(|_| request.offline);
    let now = request.at.or(supplied_time).unwrap_or_else(native::now);
    let settings = Settings {
        resolvers: request.resolvers.clone(),
        offline: request.offline,
        keep_failures: false,
        private_hosts: true,
        ..Settings::default()
    };
    native::run(request.domain.clone(), request.options.clone(), settings, evidence, now, |_| {})
}

fn write_report(report: &Report, format: Format) -> Result<(), Failed> {
    let text = match format {
        Format::Text => report.to_text(),
        Format::Markdown => report.to_markdown(),
        Format::Json => serde_json::to_string(report).map_err(|error| Failed(error.to_string()))? + "\n",
    };
    write(&text)
}

/// Writes to standard output.
pub fn write(text: &str) -> Result<(), Failed> {
    match std::io::stdout().write_all(text.as_bytes()) {
        // A reader that has seen enough (`| head`) is no failure.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failed(error.to_string())),
        _ => Ok(()),
    }
}
