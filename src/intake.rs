//! Whatever is dropped or pasted becomes evidence: the kind is told from the content, not from the name.

mod https;
mod kind;

use std::collections::HashMap;
use std::fmt;

use crate::dns::dig::{self, AnswerResult};
use crate::dns::doh_json::{self, DohJsonError};
use crate::dns::zone::{self, LineError};
use crate::dns::{Message, Provenance, Record, RecordType};
use crate::evidence::{DnsEntry, DnsOutcome, Evidence, Failure, FileEntry, FileKind};
use crate::name::DomainName;

pub use kind::Kind;

/// Largest file or paste.
pub const MAX_FILE: usize = 16 * 1024 * 1024;
/// Most records of one name and type that are taken over; real ones have some dozen.
pub const MAX_RECORDS: usize = 2_000;
/// Longest piece of an unknown text that a message repeats.
const MAX_SHOWN: usize = 60;

/// What a file brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intake {
    /// What it is.
    pub kind: Kind,
    /// What it says.
    pub evidence: Evidence,
    /// What the user should know about it, in sentences.
    pub notes: Vec<String>,
}

/// Why a file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntakeError {
    /// Its name.
    pub file: String,
    /// The line that is wrong, from 1.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub reason: String,
}

impl fmt::Display for IntakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.file, self.reason),
            None => write!(f, "{}: {}", self.file, self.reason),
        }
    }
}

/// Reads a file or a paste. `domain` is the domain being checked: an MTA-STS policy does not say whose it is, and a zone
/// file may use relative names without `$ORIGIN`.
pub fn read(name: &str, bytes: &[u8], domain: Option<&DomainName>) -> Result<Intake, IntakeError> {
    let result = read_content(name, bytes, domain, false);
    result.map_err(|(line, reason)| IntakeError { file: name.to_owned(), line, reason })
}

/// Whether a file is one for the reports rather than evidence. In a folder, everything that is no evidence is: the reports
/// tell of each file that holds none.
pub fn is_for_reports(name: &str, bytes: &[u8], in_folder: bool) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    kind::of(name, bytes, None).map_or(in_folder, |kind| kind == Kind::TlsReport)
}

/// A line and a reason.
type Refusal = (Option<usize>, String);

/// `is_body` says that the content stood in an HTTP response, which holds no further one.
fn read_content(name: &str, bytes: &[u8], domain: Option<&DomainName>, is_body: bool) -> Result<Intake, Refusal> {
    if bytes.len() > MAX_FILE {
        let reason = format!("the file has {} bytes; at most {MAX_FILE} are read", bytes.len());
        return Err((None, reason));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let kind = kind::of(name, bytes, domain)?;
    let mut intake = Intake { kind, evidence: Evidence::new(), notes: Vec::new() };
    match kind {
        Kind::Evidence => {
            intake.evidence = Evidence::from_json(bytes).map_err(|error| (Some(error.line), error.reason))?;
        }
        Kind::DohJson => intake.doh_json(name, bytes)?,
        Kind::Dig => intake.dig(name, bytes)?,
        Kind::Zone => intake.zone(name, bytes, domain)?,
        Kind::Policy => https::policy(&mut intake, name, bytes, domain)?,
        Kind::HttpResponse if is_body => {
            return Err((Some(1), "a second HTTP response follows the first; give one file for each".into()));
        }
        Kind::HttpResponse => https::response(&mut intake, name, bytes, domain)?,
        Kind::Svg => intake.keep(FileKind::Svg, name, bytes),
        Kind::Pem => intake.keep(FileKind::Pem, name, bytes),
        Kind::TlsReport => intake.keep(FileKind::TlsReport, name, bytes),
    }
    Ok(intake)
}

impl Intake {
    fn keep(&mut self, kind: FileKind, name: &str, bytes: &[u8]) {
        let what = match kind {
            FileKind::Svg => "an SVG drawing",
            FileKind::Pem => "PEM certificates",
            FileKind::TlsReport => "TLS reports",
        };
        self.notes.push(format!("“{name}” holds {what}; it is kept with the evidence."));
        self.evidence.add_file(FileEntry { kind, name: name.to_owned(), body: bytes.to_vec() });
    }

    fn note_lines(&mut self, errors: &[LineError], more: usize) {
        self.notes.extend(errors.iter().map(|error| format!("Left out: {error}.")));
        if more > 0 {
            self.notes.push(format!("Left out: {more} more lines like these."));
        }
    }

    /// Adds records with a limit for each name and type, which keeps joining them quick.
    fn add_records(&mut self, records: Vec<Record>, provenance: &Provenance) {
        let mut counts: HashMap<(DomainName, RecordType), usize> = HashMap::new();
        let mut left_out = 0_usize;
        let records: Vec<Record> = records
            .into_iter()
            .filter(|record| {
                let count = counts.entry((record.owner.clone(), record.record_type)).or_default();
                *count += 1;
                let fits = *count <= MAX_RECORDS;
                left_out += usize::from(!fits);
                fits
            })
            .collect();
        if left_out > 0 {
            let note = format!("Left out: {left_out} records beyond {MAX_RECORDS} of the same name and type.");
            self.notes.push(note);
        }
        self.evidence.add_records(records, provenance);
    }

    fn zone(&mut self, name: &str, bytes: &[u8], domain: Option<&DomainName>) -> Result<(), Refusal> {
        let zone = zone::read(bytes, domain);
        if zone.records.is_empty() {
            return Err(match zone.errors.into_iter().next() {
                Some(error) => {
                    let reason = format!("no line could be read as a DNS record; the first: {}", error.reason);
                    (Some(error.line), reason)
                }
                None => (None, "there is nothing in it but comments".into()),
            });
        }
        self.note_lines(&zone.errors, zone.more_errors);
        let mut records = zone.records;
        if let Some(apex) = zone.apex.filter(|_| zone.complete) {
            let all = records.len();
            records.retain(|record| record.owner.is_at_or_below(&apex));
            let outside = all - records.len();
            if outside > 0 {
                self.notes.push(format!("Left out: {outside} records that are not in the zone {apex}."));
            }
            self.notes.push(format!("Taken as the whole zone {apex}: what it does not list does not exist."));
            if let Some(domain) = domain.filter(|domain| !domain.is_at_or_below(&apex)) {
                self.notes.push(format!("The zone {apex} does not hold {domain}, which is being checked."));
            }
            self.add_zone(apex, name);
        } else {
            self.notes.push(
                "Taken as single records: what it does not list stays unknown. A whole zone has a SOA record and an \
                 $ORIGIN line."
                    .into(),
            );
        }
        self.add_records(records, &from(name));
        Ok(())
    }

    fn dig(&mut self, name: &str, bytes: &[u8]) -> Result<(), Refusal> {
        let dig = dig::read(bytes);
        if dig.answers.is_empty() && dig.records.is_empty() {
            return Err(match dig.errors.into_iter().next() {
                Some(error) => (Some(error.line), error.reason),
                None => (None, "this looks like output of dig, but no question and no record stands in it".into()),
            });
        }
        self.note_lines(&dig.errors, 0);
        for answer in dig.answers {
            let outcome = match answer.result {
                AnswerResult::TimedOut => DnsOutcome::Failed(Failure::Timeout),
                AnswerResult::NotReached => DnsOutcome::Failed(Failure::Network),
                AnswerResult::Response { truncated: true, .. } => DnsOutcome::Failed(Failure::Truncated),
                AnswerResult::Response {
                    rcode, authentic, answers, authority, extended_errors, unreadable, ..
                } => {
                    let found = answers.iter().any(|record| record.record_type == answer.record_type);
                    match unreadable {
                        Some(why) if !found => DnsOutcome::Failed(Failure::Malformed { why }),
                        _ => DnsOutcome::of_response(rcode, answers, authority, authentic, extended_errors),
                    }
                }
            };
            self.evidence.add_dns(DnsEntry {
                name: answer.name,
                record_type: answer.record_type,
                outcome,
                wire: None,
                provenance: from(name),
            });
        }
        for apex in dig.transfers {
            self.notes.push(format!("A whole transfer of the zone {apex}: what it does not list does not exist."));
            self.add_zone(apex, name);
        }
        self.add_records(dig.records, &from(name));
        Ok(())
    }

    /// A zone is complete for its names, except for the DS record of its apex: that one stands in the parent zone (RFC
    /// 4034 §5), so a zone file cannot tell whether the zone is signed for others.
    fn add_zone(&mut self, apex: DomainName, name: &str) {
        self.evidence.add_dns(DnsEntry {
            name: apex.clone(),
            record_type: RecordType::DS,
            outcome: DnsOutcome::Failed(Failure::Other {
                why: "a zone does not hold the DS record of its own name; it stands in the parent zone".into(),
            }),
            wire: None,
            provenance: from(name),
        });
        self.evidence.add_authority(apex);
    }

    fn doh_json(&mut self, name: &str, bytes: &[u8]) -> Result<(), Refusal> {
        let text = std::str::from_utf8(bytes).map_err(|_| (None, String::from("the file is not UTF-8 text")))?;
        let answers = doh_json::read(text).map_err(|error| match error {
            DohJsonError::Json { line, reason } => (Some(line), reason),
            other => (None, other.to_string()),
        })?;
        for answer in answers {
            let message = answer.message;
            if let Some(comment) = answer.comment {
                self.notes.push(format!("About {} {} the resolver says: {comment}", message.name, message.record_type));
            }
            let found = message.answers.iter().any(|record| record.record_type == message.record_type);
            let Message { name: asked, record_type, rcode, authentic, answers, authority, extended_errors } = message;
            let outcome = match answer.unreadable {
                _ if answer.truncated => DnsOutcome::Failed(Failure::Truncated),
                Some(why) if !found => DnsOutcome::Failed(Failure::Malformed { why }),
                unreadable => {
                    self.notes.extend(unreadable.map(|why| format!("Left out: {why}.")));
                    DnsOutcome::of_response(rcode, answers, authority, authentic, extended_errors)
                }
            };
            self.evidence.add_dns(DnsEntry { name: asked, record_type, outcome, wire: None, provenance: from(name) });
        }
        Ok(())
    }
}

fn from(file: &str) -> Provenance {
    Provenance { from: Some(file.to_owned()), at: None }
}
