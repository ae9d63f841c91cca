//! What the commands share: evidence, resolvers and time on the command line, and writing.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use lexopt::{Parser, ValueExt};
use mxray::dnssec::Anchor;
use mxray::evidence::Evidence;
use mxray::intake;
use mxray::name::DomainName;
use mxray::pki::mark::Trust;
use mxray::source::{Resolver, Settings, native};
use mxray::time::UnixTime;

use crate::Failed;

/// Where answers come from, and as of when they are judged.
#[derive(Default)]
pub struct Source {
    evidence: Vec<PathBuf>,
    offline: bool,
    resolvers: Vec<String>,
    at: Option<UnixTime>,
}

impl Source {
    /// The options that [`Source::read`] knows, without dashes.
    pub const OPTIONS: [&str; 4] = ["evidence", "offline", "resolver", "at"];

    /// Reads one of its options.
    pub fn read(&mut self, option: &str, arguments: &mut Parser) -> Result<(), Failed> {
        match option {
            "evidence" => self.evidence.push(arguments.value()?.into()),
            "resolver" => self.resolvers.push(resolver(arguments.value()?)?),
            "at" => self.at = Some(time(arguments.value()?)?),
            _ => self.offline = true,
        }
        Ok(())
    }

    /// The evidence in the files, and the time to judge at. Saved evidence alone is judged as of its own time, so that
    /// it tells the same again.
    pub fn gathered(&self, domain: Option<&DomainName>) -> Result<(Evidence, UnixTime), Failed> {
        let mut evidence = Evidence::new();
        for path in &self.evidence {
            evidence.absorb(read_evidence(path, domain)?);
        }
        let supplied_time = evidence.taken_at.filter(|_| self.offline);
        Ok((evidence, self.at.or(supplied_time).unwrap_or_else(native::now)))
    }

    /// The time to judge at, where one was given.
    pub fn at(&self) -> Option<UnixTime> {
        self.at
    }

    /// How look-ups are made.
    pub fn settings(&self) -> Settings {
        Settings { resolvers: self.resolvers.clone(), offline: self.offline, ..Settings::default() }
    }
}

/// A time to judge at.
pub fn time(value: OsString) -> Result<UnixTime, Failed> {
    let text = value.string()?;
    UnixTime::parse_rfc3339(&text).map_err(|error| Failed(format!("--at “{text}”: {error}")))
}

/// The address of a resolver.
fn resolver(value: OsString) -> Result<String, Failed> {
    let text = value.string()?;
    Resolver::parse(&text, None).map_err(|error| Failed(format!("--resolver “{text}”: {error}")))?;
    Ok(text)
}

/// A whole file; `-` is standard input.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Failed> {
    let name = path.display().to_string();
    let bytes = if name == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    bytes.map_err(|error| Failed(format!("{name}: {error}")))
}

/// One file of evidence.
fn read_evidence(path: &Path, domain: Option<&DomainName>) -> Result<Evidence, Failed> {
    let name = path.display().to_string();
    let bytes = read_bytes(path)?;
    let intake = intake::read(&name, &bytes, domain).map_err(|error| Failed(error.to_string()))?;
    for note in &intake.notes {
        eprintln!("mxray: {name}: {note}");
    }
    Ok(intake.evidence)
}

/// Whether the format is JSON.
pub fn is_json(value: &str) -> Result<bool, Failed> {
    match value {
        "text" => Ok(false),
        "json" => Ok(true),
        _ => Err(Failed(format!("--format “{value}”: text or json"))),
    }
}

/// A whole file of text; `-` is standard input.
pub fn read_text(path: &Path) -> Result<String, Failed> {
    let name = path.display().to_string();
    let bytes = read_bytes(path)?;
    String::from_utf8(bytes).map_err(|_| Failed(format!("{name}: this is no text")))
}

/// Trust anchors in a file.
pub fn read_anchors(path: &Path) -> Result<Vec<Anchor>, Failed> {
    Anchor::read(&read_text(path)?).map_err(|error| Failed(format!("{}: {error}", path.display())))
}

/// Roots for mark certificates and keys of logs in a file: the text, and what it says.
pub fn read_mark_roots(path: &Path) -> Result<(String, Trust), Failed> {
    let text = read_text(path)?;
    let trust = Trust::read(&text).map_err(|error| Failed(format!("{}: {error}", path.display())))?;
    Ok((text, trust))
}

/// Writes to standard output.
pub fn write(text: &str) -> Result<(), Failed> {
    match std::io::stdout().write_all(text.as_bytes()) {
        // A reader that has seen enough (`| head`) is no failure.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failed(error.to_string())),
        _ => Ok(()),
    }
}
