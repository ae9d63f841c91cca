//! `mxray dnssec`: is an answer signed without a gap from the root keys down? With every zone on the way.

use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use mxray::dns::RecordType;
use mxray::dnssec::{Anchor, State};
use mxray::name::DomainName;
use mxray::source::native;

use crate::common::{Source, is_json, read_anchors, write};
use crate::{Failed, HELP};

/// What was asked for on the command line.
struct Request {
    name: DomainName,
    record_type: RecordType,
    source: Source,
    anchors: Vec<Anchor>,
    json: bool,
}

/// Reads the arguments, proves and writes the proof.
pub fn run(arguments: Parser) -> Result<ExitCode, Failed> {
    let Some(request) = parse(arguments)? else {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    };
    let (evidence, at) = request.source.gathered(None)?;
    let settings = request.source.settings();
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
    let (mut name, mut record_type, mut anchors) = (None, None, Vec::new());
    let (mut source, mut json) = (Source::default(), false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long(option) if Source::OPTIONS.contains(&option) => {
                let option = option.to_owned();
                source.read(&option, &mut arguments)?;
            }
            Arg::Long("anchor") => anchors.extend(read_anchors(&PathBuf::from(arguments.value()?))?),
            Arg::Long("format") => json = is_json(&arguments.value()?.string()?)?,
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
    Ok(Some(Request { name, record_type, source, anchors, json }))
}
