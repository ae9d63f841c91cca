//! `mxray tls-report`: what TLS-RPT reports come to.

use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};

use crate::common::{is_json, write};
use crate::reports::Reports;
use crate::{Failed, HELP};

/// Reads the arguments and the files, adds the reports up and writes what they come to.
pub fn run(mut arguments: Parser) -> Result<ExitCode, Failed> {
    let (mut paths, mut json) = (Vec::new(), false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => {
                print!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            Arg::Long("format") => json = is_json(&arguments.value()?.string()?)?,
            Arg::Value(value) => paths.push(PathBuf::from(value)),
            other => return Err(other.unexpected().into()),
        }
    }
    if paths.is_empty() {
        let reason = "which reports? give files or folders, as in `mxray tls-report reports/ latest.json.gz`";
        return Err(Failed(reason.into()));
    }
    let (summary, nothing) = Reports::of(&paths).finish();
    if json {
        write(&(summary.to_json() + "\n"))?;
    } else if nothing.is_none() {
        write(&summary.to_text())?;
    }
    match nothing {
        Some(nothing) => Err(nothing),
        None if summary.unreadable.is_empty() => Ok(ExitCode::SUCCESS),
        None => Ok(ExitCode::from(1)),
    }
}
