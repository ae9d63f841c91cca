//! The items of `mxray check --list` and `--evidence-lines`, read as they are needed.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use mxray::intake;
use mxray::lists::{Form, MAX_LINE, Reader, SAMPLE, Seen};
use mxray::name::DomainName;
use mxray::source::native;

use crate::Failed;

/// Longest line of evidence, as long as the largest file.
const MAX_EVIDENCE: usize = intake::MAX_FILE;
/// Longest piece of a line of evidence that is repeated where it cannot be read.
const MAX_SHOWN: usize = 120;

/// One thing to do, or why it cannot be done.
pub struct Item {
    /// What stands in the list.
    pub input: String,
    /// Its line, from 1.
    pub line: usize,
    /// What to do.
    pub work: Result<Work, String>,
}

/// What there is to do.
pub enum Work {
    /// A domain is looked up.
    Domain(DomainName),
    /// A line of evidence is judged.
    Evidence(Vec<u8>),
}

type ToAscii = fn(&str) -> Result<String, idna::Errors>;

/// Reads items one after the other.
pub struct Items {
    name: String,
    source: Box<dyn BufRead>,
    line: usize,
    /// How a list is read; evidence needs nothing.
    list: Option<(Reader<ToAscii>, Seen)>,
    ready: VecDeque<Item>,
    duplicates: u64,
    ended: bool,
}

impl Items {
    /// A list of domains.
    pub fn list(path: &Path, column: Option<&str>) -> Result<Self, Failed> {
        let mut items = Self::open(path)?;
        let mut sample = Vec::new();
        let most = u64::try_from(SAMPLE).unwrap_or(u64::MAX);
        items.source.by_ref().take(most).read_to_end(&mut sample).map_err(|error| items.failed(&error.to_string()))?;
        let form = Form::of(&sample, column).map_err(|error| items.failed(&error.to_string()))?;
        let rest = std::mem::replace(&mut items.source, Box::new(std::io::empty()));
        items.source = Box::new(std::io::Cursor::new(sample).chain(rest));
        items.list = Some((Reader::new(form, native::to_ascii as ToAscii), Seen::default()));
        Ok(items)
    }

    /// Lines of evidence.
    pub fn evidence(path: &Path) -> Result<Self, Failed> {
        Self::open(path)
    }

    fn open(path: &Path) -> Result<Self, Failed> {
        let name = path.display().to_string();
        let source: Box<dyn BufRead> = if name == "-" {
            Box::new(BufReader::new(std::io::stdin()))
        } else {
            let file = File::open(path).map_err(|error| Failed(format!("{name}: {error}")))?;
            Box::new(BufReader::new(file))
        };
        Ok(Self { name, source, line: 0, list: None, ready: VecDeque::new(), duplicates: 0, ended: false })
    }

    fn failed(&self, reason: &str) -> Failed {
        Failed(format!("{}: {reason}", self.name))
    }

    /// How many domains were there twice.
    pub fn duplicates(&self) -> u64 {
        self.duplicates
    }

    /// The next item; `None` at the end.
    pub fn next(&mut self) -> Result<Option<Item>, Failed> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Ok(Some(item));
            }
            if self.ended {
                return Ok(None);
            }
            let most = if self.list.is_some() { MAX_LINE } else { MAX_EVIDENCE };
            let mut line = Vec::new();
            // One octet more than the limit tells that the line is too long.
            let read =
                read_line(&mut self.source, &mut line, most + 1).map_err(|error| self.failed(&error.to_string()))?;
            self.line += usize::from(read);
            self.ended = !read;
            self.take(line, read, most);
        }
    }

    fn take(&mut self, line: Vec<u8>, read: bool, most: usize) {
        let Some((reader, seen)) = &mut self.list else {
            if line.iter().any(|octet| !octet.is_ascii_whitespace()) {
                self.ready.push_back(evidence_item(line, self.line, most));
            }
            return;
        };
        let mut entries = Vec::new();
        if read {
            reader.line(&line, &mut entries);
        } else {
            reader.finish(&mut entries);
        }
        for entry in entries {
            let work = match entry.domain {
                Ok(typed) if !seen.is_new(&typed.domain) => {
                    self.duplicates += 1;
                    continue;
                }
                Ok(typed) => Ok(Work::Domain(typed.domain)),
                Err(error) => Err(error.to_string()),
            };
            self.ready.push_back(Item { input: entry.input, line: entry.line, work });
        }
    }
}

fn evidence_item(line: Vec<u8>, number: usize, most: usize) -> Item {
    let shown = String::from_utf8_lossy(line.get(..line.len().min(4 * MAX_SHOWN)).unwrap_or_default());
    let input = shown.trim().chars().take(MAX_SHOWN).collect();
    let work = if line.len() > most {
        Err(format!("the line is longer than {} MB", most / (1024 * 1024)))
    } else {
        Ok(Work::Evidence(line))
    };
    Item { input, line: number, work }
}

/// Reads one line without its end, at most so many octets of it; the rest is passed over. `false` at the end.
fn read_line(source: &mut dyn BufRead, line: &mut Vec<u8>, most: usize) -> std::io::Result<bool> {
    let mut any = false;
    loop {
        let buffer = source.fill_buf()?;
        if buffer.is_empty() {
            return Ok(any);
        }
        any = true;
        let end = buffer.iter().position(|octet| *octet == b'\n');
        let part = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
        let room = most.saturating_sub(line.len()).min(part.len());
        line.extend(part.get(..room).unwrap_or_default());
        let used = end.map_or(buffer.len(), |end| end + 1);
        source.consume(used);
        if end.is_some() {
            return Ok(true);
        }
    }
}
