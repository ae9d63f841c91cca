//! `mxray check DOMAIN`: the whole report on one domain.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use mxray::checks::Options;
use mxray::name::DomainName;
use mxray::report::Report;
use mxray::source::{Settings, native};

use crate::common::{Source, read_anchors, read_mark_roots, write};
use crate::many::{self, Common, Many};
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
    source: Source,
    options: Options,
    format: Option<Format>,
    save_evidence: Option<PathBuf>,
    fail_under: Option<u8>,
    many: Many,
}

/// Reads the arguments, checks the domain and writes the report.
pub fn run(arguments: Parser) -> Result<ExitCode, Failed> {
    let Some(request) = parse(arguments)? else {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    };
    if request.many.input.is_some() {
        return run_many(request);
    }
    let (evidence, now) = request.source.gathered(Some(&request.domain))?;
    let settings = Settings { private_hosts: true, keep_failures: false, ..request.source.settings() };
    let options = request.options.clone();
    let (assessment, mut evidence) = native::run(request.domain.clone(), options, settings, evidence, now, |_| {});
    if let Some(path) = &request.save_evidence {
        evidence.domain = Some(request.domain.clone());
        evidence.taken_at = Some(assessment.report.taken_at);
        fs::write(path, evidence.to_json()).map_err(|error| Failed(format!("{}: {error}", path.display())))?;
    }
    write_report(&assessment.report, request.format.unwrap_or(Format::Text))?;
    let too_low = request.fail_under.is_some_and(|least| assessment.report.score.points.is_none_or(|p| p < least));
    Ok(if too_low { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Checks every domain of a list.
fn run_many(request: Request) -> Result<ExitCode, Failed> {
    if matches!(request.format, Some(Format::Text | Format::Markdown)) || request.save_evidence.is_some() {
        return Err(Failed(
            "a list gives JSON, one line a domain: neither another --format nor --save-evidence".into(),
        ));
    }
    let (evidence, _) = request.source.gathered(None)?;
    let common = Common {
        options: request.options,
        settings: Settings { private_hosts: true, keep_failures: false, ..request.source.settings() },
        evidence,
        at: request.source.at(),
        fail_under: request.fail_under,
    };
    many::run(&request.many, &common)
}

/// The options, or `None` where help was asked for.
fn parse(mut arguments: Parser) -> Result<Option<Request>, Failed> {
    let mut domain = None;
    let mut request = Request {
        domain: DomainName::root(),
        source: Source::default(),
        options: Options::default(),
        format: None,
        save_evidence: None,
        fail_under: None,
        many: Many::default(),
    };
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long(option) if Source::OPTIONS.contains(&option) => {
                let option = option.to_owned();
                request.source.read(&option, &mut arguments)?;
            }
            Arg::Long(option) if Many::OPTIONS.contains(&option) => {
                let option = option.to_owned();
                request.many.read(&option, &mut arguments)?;
            }
            Arg::Long("selector") => request.options.selectors.push(dkim_selector(arguments.value()?)?),
            Arg::Long("anchor") => request.options.anchors.extend(read_anchors(&PathBuf::from(arguments.value()?))?),
            Arg::Long("bimi-selector") => request.options.set_bimi(&bimi_selector(arguments.value()?)?),
            Arg::Long("mark-roots") => {
                request.options.mark_roots = Some(read_mark_roots(&PathBuf::from(arguments.value()?))?.0);
            }
            Arg::Long("format") => request.format = Some(format(&arguments.value()?)?),
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
    request.many.check()?;
    if request.many.input.is_some() {
        return match domain {
            Some(domain) => Err(Failed(format!("a list, or “{domain}”: one of both"))),
            None => Ok(Some(request)),
        };
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

/// A BIMI selector, or the address of a sender.
fn bimi_selector(value: OsString) -> Result<String, Failed> {
    match value.to_str() {
        Some(address) if address.contains('@') => Ok(address.to_owned()),
        _ => selector(value),
    }
}

fn selector(value: OsString) -> Result<String, Failed> {
    let text = value.string()?;
    DomainName::parse(&text).map_err(|error| Failed(format!("selector “{text}”: {error}")))?;
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

fn write_report(report: &Report, format: Format) -> Result<(), Failed> {
    let text = match format {
        Format::Text => report.to_text(),
        Format::Markdown => report.to_markdown(),
        Format::Json => serde_json::to_string(report).map_err(|error| Failed(error.to_string()))? + "\n",
    };
    write(&text)
}
