//! A dropped file, whatever form it has: its reports one by one, and what in it cannot be read. The form is told from the
//! content, not from the name.

use std::borrow::Cow;

use super::archive::{self, MAX_UNPACKED_IN_ALL};
use super::deviation::DeviationKind;
use super::document;
use super::json::{Json, JsonFault, Kind};
use super::mail;
use super::names::Origin;
use super::text::{self, Places};
use super::{Noted, Report, Unreadable};

/// Largest file that is opened.
pub const MAX_FILE: usize = 256 * 1024 * 1024;
/// How deep packed files are opened: a report in gzip, in mail, in a zip file.
pub const MAX_NESTING: usize = 5;
/// Most JSON documents in one file.
pub const MAX_DOCUMENTS: usize = 200_000;

/// Stands between a file and a file within it.
const WITHIN: &str = " › ";

/// What is done with each report and each thing that is none.
type Each<'e> = &'e mut dyn FnMut(Result<Report<'_>, Unreadable>);

/// Reads a file: JSON, one document or several; the same in gzip; mail with reports attached, or a mailbox; zip files of
/// these. `each` is told of every report, and of everything that cannot be read; at least one thing a file.
pub fn read(name: &str, bytes: &[u8], each: Each<'_>) {
    let mut opener = Opener { each, left: MAX_UNPACKED_IN_ALL, told: 0 };
    if bytes.len() > MAX_FILE {
        let why = tr!("the file has {} bytes; at most {MAX_FILE} are read", bytes.len(), MAX_FILE);
        return opener.refuse(name, why);
    }
    opener.open(name, bytes, &Origin::of_file_name(name), 0);
}

/// Opens one file inside the other.
struct Opener<'e> {
    each: Each<'e>,
    /// How many octets may still be unpacked.
    left: usize,
    /// How many things were told.
    told: u64,
}

impl Opener<'_> {
    fn tell(&mut self, found: Result<Report<'_>, Unreadable>) {
        self.told += 1;
        (self.each)(found);
    }

    fn refuse(&mut self, file: &str, why: impl Into<String>) {
        self.refuse_at(file, None, why);
    }

    fn refuse_at(&mut self, file: &str, place: Option<(usize, usize)>, why: impl Into<String>) {
        let (line, column) = place.unzip();
        self.tell(Err(Unreadable { file: file.to_owned(), line, column, why: why.into() }));
    }

    fn open(&mut self, name: &str, bytes: &[u8], origin: &Origin, depth: usize) {
        let before = self.told;
        self.open_by_kind(name, bytes, origin, depth);
        if self.told == before {
            self.refuse(name, "there is no report in it");
        }
    }

    fn open_by_kind(&mut self, name: &str, bytes: &[u8], origin: &Origin, depth: usize) {
        if depth > MAX_NESTING {
            return self.refuse(name, tr!("it is packed more than {MAX_NESTING} times; unpack it first", MAX_NESTING));
        }
        let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
        if archive::is_gzip(bytes) {
            self.gzip(name, bytes, origin, depth);
        } else if archive::is_zip(bytes) {
            self.zip(name, bytes, depth);
        } else if start.is_empty() {
            self.refuse(name, "the file is empty");
        } else if start.starts_with(b"{") || start.starts_with(b"[") {
            self.documents(name, bytes, origin);
        } else if mail::is_mailbox(bytes) {
            for (at, message) in mail::messages(bytes).enumerate() {
                self.mail(&format!("{name}{WITHIN}message {}", at + 1), message, origin, depth);
            }
        } else if mail::is_message(start) {
            self.mail(name, start, origin, depth);
        } else if start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF") {
            self.documents(name, bytes, origin);
        } else {
            self.refuse(name, what_it_is(start));
        }
    }

    fn gzip(&mut self, name: &str, bytes: &[u8], origin: &Origin, depth: usize) {
        match archive::gunzip(bytes, self.left) {
            Ok(unpacked) => {
                self.left = self.left.saturating_sub(unpacked.len());
                self.open(name, &unpacked, origin, depth + 1);
            }
            Err(why) => self.refuse(name, why),
        }
    }

    fn zip(&mut self, name: &str, bytes: &[u8], depth: usize) {
        let members = match archive::members(bytes) {
            Ok(members) => members,
            Err(why) => return self.refuse(name, why),
        };
        // What macOS adds is about the files beside it.
        let members: Vec<_> = members
            .into_iter()
            .filter(|member| !member.name.starts_with("__MACOSX/") && !member.name.ends_with(".DS_Store"))
            .collect();
        if members.is_empty() {
            return self.refuse(name, "the zip file holds no files");
        }
        for member in members {
            let inner = format!("{name}{WITHIN}{}", member.name);
            match member.unpack(self.left) {
                Ok(content) => {
                    self.left = self.left.saturating_sub(content.len());
                    self.open(&inner, &content, &Origin::of_file_name(&member.name), depth + 1);
                }
                Err(why) => self.refuse(&inner, why),
            }
        }
    }

    fn mail(&mut self, name: &str, message: &[u8], origin: &Origin, depth: usize) {
        let found = mail::parts(message);
        if found.too_many {
            let most = mail::MAX_PARTS;
            self.refuse(name, tr!("the message has more than {most} parts, or parts deep within others", most));
        }
        if found.parts.is_empty() && !found.too_many {
            return self.refuse(name, "no part of this message holds a TLS report");
        }
        let origin = origin.or(Origin { sender: found.submitter, domain: found.domain, ..Origin::default() });
        for part in found.parts {
            let inner = part.name.as_ref().map_or_else(|| name.to_owned(), |part| format!("{name}{WITHIN}{part}"));
            let named = Origin::of_file_name(part.name.as_deref().unwrap_or_default());
            match part.content {
                Ok(content) => self.open(&inner, &content, &named.or(origin.clone()), depth + 1),
                Err(why) => self.refuse(&inner, why),
            }
        }
    }

    /// Reads JSON documents one behind the other. Behind a fault, the next line that begins one is gone on with, where the
    /// faulty one ends with its line.
    fn documents(&mut self, name: &str, bytes: &[u8], origin: &Origin) {
        let (text, mark) = text::decode(bytes);
        let mut file = Documents { places: Places::new(&text), name, origin, mark, count: 0 };
        let mut at = 0;
        loop {
            let mut json = Json::new(&text, at);
            if json.is_at_end() {
                return;
            }
            at = json.at();
            match file.one(self, json) {
                Ok(end) => at = end,
                Err(fault) => {
                    let place = file.places.of(fault.at);
                    self.refuse_at(name, Some(place), fault.reason);
                    match next_line(&text, at, fault.at) {
                        Some(next) if file.count < MAX_DOCUMENTS => at = next,
                        _ => return,
                    }
                }
            }
        }
    }
}

/// The documents of one file.
struct Documents<'f> {
    places: Places<'f>,
    name: &'f str,
    origin: &'f Origin,
    mark: Option<DeviationKind>,
    count: usize,
}

impl<'f> Documents<'f> {
    /// Reads a report, or an array of them, and tells where it ends.
    fn one(&mut self, opener: &mut Opener<'_>, mut json: Json<'f>) -> Result<usize, JsonFault> {
        match json.peek()? {
            Kind::Object => self.report(opener, json, false).map(|json| json.at()),
            Kind::Array => {
                let mut first = json.open()?;
                while json.item(&mut first)? {
                    json = match json.peek()? {
                        Kind::Object => self.report(opener, json, true)?,
                        _ => {
                            return Err(json.fault("this is JSON, but no TLS report: a report is an object"));
                        }
                    };
                }
                Ok(json.at())
            }
            _ => Err(json.fault("this is JSON, but no TLS report: a report is an object")),
        }
    }

    fn report(&mut self, opener: &mut Opener<'_>, json: Json<'f>, in_array: bool) -> Result<Json<'f>, JsonFault> {
        self.count += 1;
        if self.count > MAX_DOCUMENTS {
            return Err(json.fault("there are more reports in this file than are read"));
        }
        let start = json.at();
        let (json, report) = document::read(json);
        match report? {
            Ok(mut report) => {
                let marks = self.mark.into_iter().chain(in_array.then_some(DeviationKind::ReportsInArray));
                report.deviations.extend(marks.map(|kind| Noted { kind, example: Cow::Borrowed("") }));
                self.origin.complete(&mut report);
                opener.tell(Ok(report));
            }
            Err(why) => {
                let place = self.places.of(start);
                opener.refuse_at(self.name, Some(place), why);
            }
        }
        Ok(json)
    }
}

/// Where to go on behind a fault in the document that starts at `start`: at the next line with a document, unless the
/// faulty one has several lines.
fn next_line(text: &str, start: usize, fault: usize) -> Option<usize> {
    let end = start + text.get(start..)?.find('\n')?;
    if fault > end + 1 {
        return None;
    }
    Some(end + 1 + text.get(end..)?.find("\n{")?)
}

/// What a file is that holds no report, as far as its start tells.
fn what_it_is(start: &[u8]) -> &'static str {
    if start.starts_with(b"<") {
        let head = String::from_utf8_lossy(start.get(..2000).unwrap_or(start)).into_owned();
        if head.contains("<feedback") {
            return "this is a DMARC aggregate report (XML), not a TLS report";
        }
        return "this is XML or HTML; a TLS report is JSON, alone, in gzip, in zip or in mail";
    }
    if start.starts_with(b"Rar!") || start.starts_with(b"7z\xBC\xAF") || start.starts_with(b"\xFD7zXZ") {
        return "archives of this kind are not opened; unpack it, or pack it as zip";
    }
    "this is no TLS report: it is neither JSON nor gzip, zip or mail"
}
