//! `mxray tls-report`: what TLS-RPT reports come to.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use mxray::reports::{Fold, MAX_FILE, Unreadable};

use crate::common::{is_json, read_bytes, write};
use crate::{Failed, HELP};

/// Most files that are read from folders.
const MAX_FILES: usize = 1_000_000;
/// Deepest folder that is looked into.
const MAX_FOLDERS: usize = 32;

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
    let mut reports = Reports { fold: Fold::new(), files: 0 };
    for path in &paths {
        reports.take(path, 0);
    }
    let summary = reports.fold.summary();
    let first = summary.unreadable.first().map(Unreadable::to_string);
    // Read, though it may be a duplicate of another.
    let nothing = summary.reports == 0;
    if json {
        write(&(summary.to_json() + "\n"))?;
    } else if !nothing {
        write(&summary.to_text())?;
    }
    match (nothing, first) {
        (true, Some(first)) => Err(Failed(match reports.fold.refused() {
            1 => first,
            count => format!("none of {count} files holds a report that can be read; the first: {first}"),
        })),
        (true, None) => Err(Failed("there is no file in what was given".into())),
        (false, Some(_)) => Ok(ExitCode::from(1)),
        (false, None) => Ok(ExitCode::SUCCESS),
    }
}

/// What the files come to.
struct Reports {
    fold: Fold,
    files: usize,
}

impl Reports {
    fn refuse(&mut self, path: &Path, why: String) {
        let file = path.display().to_string();
        self.fold.refuse(Unreadable { file, line: None, column: None, why });
    }

    /// Takes a file, or everything in a folder.
    fn take(&mut self, path: &Path, depth: usize) {
        if path.as_os_str() != "-" && path.is_dir() {
            return self.take_folder(path, depth);
        }
        self.files += 1;
        if self.files > MAX_FILES {
            if self.files == MAX_FILES + 1 {
                self.refuse(path, format!("more than {MAX_FILES} files; this one and those behind it are not read"));
            }
            return;
        }
        let is_too_large = |length: u64| usize::try_from(length).map_or(true, |length| length > MAX_FILE);
        match fs::metadata(path) {
            Ok(file) if is_too_large(file.len()) => {
                return self.refuse(path, format!("the file has {} bytes; at most {MAX_FILE} are read", file.len()));
            }
            Ok(_) | Err(_) => {}
        }
        let name = path.display().to_string();
        match read_bytes(path) {
            Ok(bytes) => self.fold.read(&name, &bytes),
            // The reason names the file again.
            Err(Failed(reason)) => {
                let why = reason.strip_prefix(&format!("{name}: ")).unwrap_or(&reason).to_owned();
                self.refuse(path, why);
            }
        }
    }

    /// Everything in a folder, by name; hidden files, and folders that links lead to, are left alone.
    fn take_folder(&mut self, folder: &Path, depth: usize) {
        if depth > MAX_FOLDERS {
            return self.refuse(folder, format!("folders within folders are read {MAX_FOLDERS} deep, not deeper"));
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.refuse(folder, error.to_string()),
        };
        let mut paths: Vec<PathBuf> = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) if !entry.file_name().to_string_lossy().starts_with('.') => paths.push(entry.path()),
                Ok(_) => {}
                Err(error) => self.refuse(folder, error.to_string()),
            }
        }
        paths.sort();
        for path in paths {
            if !(path.is_symlink() && path.is_dir()) {
                self.take(&path, depth + 1);
            }
        }
    }
}
