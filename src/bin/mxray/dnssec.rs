//! `mxray dnssec`: is an answer signed without a gap from the root keys down? With every zone on the way.

use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use mxray::dns::RecordType;
use mxray::dnssec::{Anchor, State, iana};
use mxray::evidence::Evidence;
use mxray::name::DomainName;
use mxray::source::{Settings, native};
use mxray::time::UnixTime;

use crate::check::{read_evidence, resolver, time, write};
use crate::{Failed, HELP};

/// What was asked for on the command line.
struct Request {
    name: DomainName,
    record_type: RecordType,
    evidence: Vec<PathBuf>,
    anchors: Vec<Anchor>,
    offline: bool,
    resolvers: Vec<String>,
    at: Option<UnixTime>,
    json: bool,
}

/// Reads the arguments, proves and writes the proof.
pub fn run(arguments: Parser) -> Result<ExitCode, Failed> {
    let Some(request) = parse(arguments)? else {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    };
    let mut evidence = Evidence::new();
    for path in &request.evidence {
        evidence.absorb(read_evidence(path, None)?);
    }
    // What was supplied was true when it was taken.
    let supplied_time = evidence.taken_at.filter(|_| request.offline);
    let at = request.at.or(supplied_time).unwrap_or_else(native::now);
    let settings = Settings { resolvers: request.resolvers, offline: request.offline, ..Settings::default() };
    let inquiry = native::prove(request.name, request.record_type, request.anchors, at, settings, evidence);
    let text = if request.json {
        serde_json::to_string(&inquiry).map_err(|error| Failed(error.to_string()))? + "\n"
    } else {
        inquiry.to_text()
    };
    write(&text)?;
    Ok(if inquiry.proof.state == State::Bogus { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The options, or `None` where help was asked for.
fn parse(mut arguments: Parser) -> Result<Option<Request>, Failed> {
    let (mut name, mut record_type, mut at, mut anchors) = (None, None, None, Vec::new());
    let (mut evidence, mut resolvers) = (Vec::new(), Vec::new());
    let (mut offline, mut json) = (false, false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long("evidence") => evidence.push(arguments.value()?.into()),
            Arg::Long("anchor") => anchors.extend(read_anchors(arguments.value()?.into())?),
            Arg::Long("resolver") => resolvers.push(resolver(arguments.value()?)?),
            Arg::Long("offline") => offline = true,
            Arg::Long("at") => at = Some(time(arguments.value()?)?),
            Arg::Long("format") => json = crate::spf::format(&arguments.value()?.string()?)?,
            Arg::Value(value) if name.is_none() => {
                let text = value.string()?;
                name = Some(DomainName::parse(&text).map_err(|error| Failed(format!("“{text}”: {error}")))?);
            }
            Arg::Value(value) if record_type.is_none() => {
                let text = value.string()?;
                record_type =
                    Some(RecordType::parse(&text).ok_or_else(|| Failed(format!("“{text}” is no type of record")))?);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let (Some(name), Some(record_type)) = (name, record_type) else {
        return Err(Failed("which record? give name and type, as in `mxray dnssec example.com MX`".into()));
    };
    if anchors.is_empty() {
        anchors = iana();
    }
    Ok(Some(Request { name, record_type, evidence, anchors, offline, resolvers, at, json }))
}

fn read_anchors(path: PathBuf) -> Result<Vec<Anchor>, Failed> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|error| Failed(format!("{name}: {error}")))?;
    Anchor::read(&text).map_err(|error| Failed(format!("{name}: {error}")))
}
