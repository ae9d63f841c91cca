//! TLS-RPT reports in files and folders, as every command takes them.

use std::fs;
use std::path::{Path, PathBuf};

use mxray::reports::{Fold, MAX_FILE, Summary, Unreadable};

use crate::Failed;
use crate::common::read_bytes;

/// Most files that are read from folders.
const MAX_FILES: usize = 1_000_000;
/// Deepest folder that is looked into.
const MAX_FOLDERS: usize = 32;

/// What the files come to.
pub struct Reports {
    fold: Fold,
    files: usize,
}

impl Reports {
    /// Reads files, and everything in folders.
    pub fn of(paths: &[PathBuf]) -> Self {
        let mut reports = Self { fold: Fold::new(), files: 0 };
        for path in paths {
            reports.take(path, 0);
        }
        reports
    }

    /// What they come to, and why that is nothing where it is.
    pub fn finish(&self) -> (Summary, Option<Failed>) {
        let summary = self.fold.summary();
        if summary.reports > 0 {
            return (summary, None);
        }
        let reason = match (summary.unreadable.first(), self.fold.refused()) {
            (Some(first), 1) => first.to_string(),
            (Some(first), count) => {
                format!("none of {count} files holds a report that can be read; the first: {first}")
            }
            (None, _) => "there is no file in what was given".into(),
        };
        (summary, Some(Failed(reason)))
    }

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
