//! Evidence files, `"format": "mxray-evidence/1"`.
//!
//! ```json
//! { "format": "mxray-evidence/1", "domain": "example.com", "taken_at": "2026-11-23T12:00:00Z",
//!   "dns": [
//!     {"name": "example.com", "type": "TXT", "rcode": "NOERROR", "answers": ["\"v=spf1 -all\""], "ttl": 300},
//!     {"name": "_dmarc.example.com", "type": "TXT", "rcode": "NXDOMAIN"},
//!     {"name": "mx1.example.com", "type": "A", "failed": "timeout"},
//!     {"wire": "<Base64 of the whole DNS message>", "from": "https://dns.example/dns-query"} ],
//!   "https": [
//!     {"url": "https://mta-sts.example.com/.well-known/mta-sts.txt", "status": 200, "body": "version: STSv1\n…"},
//!     {"url": "https://example.com/logo.svg", "failed": "cors"} ],
//!   "files": [ {"kind": "svg", "name": "logo.svg", "body": "<svg …"} ],
//!   "authoritative_for": ["example.com"] }
//! ```
//!
//! An answer is RDATA in zone-file form, names absolute with or without the trailing dot. A record of another owner or
//! type than the question's (a CNAME on the way), or with a TTL of its own, is an object `{"name", "type", "ttl", "data"}`;
//! so are the records of `authority`. Every entry may say `from` and `at`. `authentic` is the AD bit, `extended_errors`
//! what a resolver said about an `rcode` such as SERVFAIL. A `wire` entry decides for itself what it says; `name` and
//! `type` beside it are the question that was asked. In `https`, `body_base64` replaces `body` for binary, `reachable`
//! stands where only the connection is known to work, `supplied` where a user gave the body. Unknown fields are ignored.

use std::borrow::Cow;
use std::fmt;

use domain::utils::base64;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{DnsEntry, DnsOutcome, Evidence, Failure, FileEntry, FileKind, HttpsEntry, HttpsOutcome};
use crate::dns::presentation::rdata_from_text;
use crate::dns::{ExtendedError, Provenance, Rcode, Record, RecordType, message};
use crate::name::DomainName;
use crate::time::UnixTime;

/// What the `format` field says.
pub(super) const FORMAT: &str = "mxray-evidence/1";
/// TTL of an answer that does not say it.
pub(super) const DEFAULT_TTL: u32 = 300;

/// Where and why a file is no evidence file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceError {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is wrong there.
    pub reason: String,
}

impl fmt::Display for EvidenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.reason)
    }
}

/// The outermost object; its entries are read one by one, so that an error knows its place.
#[derive(Deserialize)]
struct RawFile<'t> {
    #[serde(borrow)]
    format: Option<&'t RawValue>,
    #[serde(borrow)]
    domain: Option<&'t RawValue>,
    #[serde(borrow)]
    taken_at: Option<&'t RawValue>,
    #[serde(borrow, default)]
    dns: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    https: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    files: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    authoritative_for: Vec<&'t RawValue>,
}

/// One entry of `dns`.
#[derive(Deserialize)]
struct RawDns<'t> {
    name: Option<DomainName>,
    #[serde(borrow, rename = "type")]
    record_type: Option<&'t RawValue>,
    #[serde(borrow)]
    rcode: Option<&'t RawValue>,
    #[serde(borrow, default)]
    answers: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    authority: Vec<&'t RawValue>,
    ttl: Option<u32>,
    #[serde(default)]
    authentic: bool,
    failed: Option<String>,
    #[serde(default)]
    extended_errors: Vec<RawExtendedError>,
    #[serde(borrow)]
    wire: Option<&'t RawValue>,
    from: Option<String>,
    at: Option<UnixTime>,
}

#[derive(Deserialize)]
struct RawExtendedError {
    code: u16,
    #[serde(default)]
    text: String,
}

/// A record with its own owner, type or TTL.
#[derive(Deserialize)]
struct RawRecord<'t> {
    name: Option<DomainName>,
    #[serde(borrow, rename = "type")]
    record_type: Option<&'t RawValue>,
    ttl: Option<u32>,
    #[serde(borrow)]
    data: &'t RawValue,
}

/// One entry of `https`.
#[derive(Deserialize)]
struct RawHttps<'t> {
    url: String,
    status: Option<u16>,
    content_type: Option<String>,
    body: Option<String>,
    #[serde(borrow)]
    body_base64: Option<&'t RawValue>,
    #[serde(default)]
    reachable: bool,
    failed: Option<String>,
    #[serde(default)]
    extended_errors: Vec<RawExtendedError>,
    #[serde(default)]
    supplied: bool,
    from: Option<String>,
    at: Option<UnixTime>,
}

/// One entry of `files`.
#[derive(Deserialize)]
struct RawFileEntry<'t> {
    #[serde(borrow)]
    kind: &'t RawValue,
    #[serde(default)]
    name: String,
    body: Option<String>,
    #[serde(borrow)]
    body_base64: Option<&'t RawValue>,
}

impl Evidence {
    /// Reads an evidence file.
    pub fn from_json(octets: &[u8]) -> Result<Self, EvidenceError> {
        let text = std::str::from_utf8(octets).map_err(|error| {
            let (line, column) = line_and_column(octets, error.valid_up_to());
            EvidenceError { line, column, reason: "the file is not UTF-8 text".into() }
        })?;
        let reader = Reader { text };
        let file: RawFile<'_> = reader.read(text)?;
        reader.check_format(file.format)?;
        let mut evidence = Self::new();
        evidence.domain = file.domain.map(|raw| reader.read(raw.get())).transpose()?.flatten();
        evidence.taken_at = file.taken_at.map(|raw| reader.read(raw.get())).transpose()?.flatten();
        for raw in file.dns {
            evidence.add_dns(reader.dns(raw)?);
        }
        for raw in file.https {
            evidence.add_https(reader.https(raw)?);
        }
        for raw in file.files {
            evidence.add_file(reader.file(raw)?);
        }
        for raw in file.authoritative_for {
            evidence.add_authority(reader.read(raw.get())?);
        }
        Ok(evidence)
    }
}

/// Reads parts of a file and knows where they stand.
struct Reader<'t> {
    text: &'t str,
}

impl<'t> Reader<'t> {
    /// Reads `part`, which must be a slice of the text.
    fn read<T: Deserialize<'t>>(&self, part: &'t str) -> Result<T, EvidenceError> {
        serde_json::from_str(part).map_err(|error| {
            let (line, column) = line_and_column(self.text.as_bytes(), self.offset(part));
            let reason = error.to_string();
            // serde_json says where within the part; that place is given in the fields beside.
            let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
            if error.line() <= 1 {
                EvidenceError { line, column: column + error.column().saturating_sub(1), reason }
            } else {
                EvidenceError { line: line + error.line() - 1, column: error.column(), reason }
            }
        })
    }

    /// How many octets of the text stand before `part`.
    fn offset(&self, part: &str) -> usize {
        part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr())
    }

    fn error(&self, at: &RawValue, reason: impl Into<String>) -> EvidenceError {
        let (line, column) = line_and_column(self.text.as_bytes(), self.offset(at.get()));
        EvidenceError { line, column, reason: reason.into() }
    }

    fn check_format(&self, format: Option<&'t RawValue>) -> Result<(), EvidenceError> {
        let Some(raw) = format else {
            let reason = format!("this is no evidence file: it has no \"format\": \"{FORMAT}\"");
            return Err(EvidenceError { line: 1, column: 1, reason });
        };
        let format: Cow<'_, str> = self.read(raw.get())?;
        match &*format {
            FORMAT => Ok(()),
            other if other.starts_with("mxray-evidence/") => Err(self
                .error(raw, format!("the file is of format “{other}”; this version of mxray reads “{FORMAT}” only"))),
            other if other.starts_with("mxray-report/") => Err(self.error(
                raw,
                "this is a saved report, which holds conclusions and no answers; save the evidence and open that",
            )),
            other => Err(self.error(raw, format!("the format is “{other}”; an evidence file has “{FORMAT}”"))),
        }
    }

    fn dns(&self, raw: &'t RawValue) -> Result<DnsEntry, EvidenceError> {
        let entry: RawDns<'t> = self.read(raw.get())?;
        let record_type = entry.record_type.map(|raw| self.record_type(raw)).transpose()?;
        let provenance = Provenance { from: entry.from, at: entry.at };
        if let Some(wire) = entry.wire {
            return self.wire(raw, self.base64(wire)?, entry.name, record_type, provenance);
        }
        let (Some(name), Some(record_type)) = (entry.name, record_type) else {
            return Err(self.error(raw, "the entry must have “name” and “type”, or “wire”"));
        };
        let extended_errors = extended_errors(entry.extended_errors);
        let rcode = match entry.rcode {
            Some(raw) => self.rcode(raw)?,
            None => Rcode::NOERROR,
        };
        let outcome = match entry.failed {
            Some(word) => DnsOutcome::Failed(with_extended_errors(Failure::from_word(&word), extended_errors)),
            None if !matches!(rcode, Rcode::NOERROR | Rcode::NXDOMAIN) => {
                DnsOutcome::Failed(Failure::Rcode { rcode, extended_errors })
            }
            None => {
                let record =
                    |raw: &&'t RawValue| self.record(raw, &name, record_type, entry.ttl.unwrap_or(DEFAULT_TTL));
                DnsOutcome::Answer {
                    rcode,
                    answers: entry.answers.iter().map(record).collect::<Result<_, _>>()?,
                    authority: entry.authority.iter().map(record).collect::<Result<_, _>>()?,
                    authentic: entry.authentic,
                }
            }
        };
        Ok(DnsEntry { name, record_type, outcome, wire: None, provenance })
    }

    fn wire(
        &self,
        at: &RawValue,
        wire: Vec<u8>,
        name: Option<DomainName>,
        record_type: Option<RecordType>,
        provenance: Provenance,
    ) -> Result<DnsEntry, EvidenceError> {
        let (name, record_type) = match (name, record_type) {
            (Some(name), Some(record_type)) => (name, record_type),
            (name, record_type) => {
                let message = message::decode(&wire)
                    .map_err(|error| self.error(at, format!("the DNS message does not decode: {error}")))?;
                (name.unwrap_or(message.name), record_type.unwrap_or(message.record_type))
            }
        };
        Ok(DnsEntry::from_wire(name, record_type, wire, provenance))
    }

    fn record(
        &self,
        raw: &'t RawValue,
        name: &DomainName,
        record_type: RecordType,
        ttl: u32,
    ) -> Result<Record, EvidenceError> {
        let mut record_type = record_type;
        let mut owner = name.clone();
        let mut ttl = ttl;
        let mut at = raw;
        if raw.get().starts_with('{') {
            let record: RawRecord<'t> = self.read(raw.get())?;
            record_type = record.record_type.map(|raw| self.record_type(raw)).transpose()?.unwrap_or(record_type);
            owner = record.name.unwrap_or(owner);
            ttl = record.ttl.unwrap_or(ttl);
            at = record.data;
        }
        let data: Cow<'_, str> = self.read(at.get())?;
        let data = rdata_from_text(record_type, &data, &DomainName::root())
            .map_err(|error| self.error(at, format!("this is no {record_type} record: {error}")))?;
        Ok(Record { owner, record_type, ttl, data })
    }

    fn record_type(&self, raw: &'t RawValue) -> Result<RecordType, EvidenceError> {
        let word: Cow<'_, str> = self.read(raw.get())?;
        RecordType::parse(&word).ok_or_else(|| {
            self.error(raw, format!("“{word}” is no record type known here; a type can also be given as TYPE123"))
        })
    }

    fn rcode(&self, raw: &'t RawValue) -> Result<Rcode, EvidenceError> {
        let text = if raw.get().starts_with('"') { self.read::<Cow<'_, str>>(raw.get())? } else { raw.get().into() };
        Rcode::parse(&text).ok_or_else(|| self.error(raw, format!("“{text}” is no response code")))
    }

    fn base64(&self, raw: &'t RawValue) -> Result<Vec<u8>, EvidenceError> {
        let text: Cow<'_, str> = self.read(raw.get())?;
        base64::decode(&text).map_err(|error| self.error(raw, format!("this is not Base64: {error}")))
    }

    fn body(&self, body: Option<String>, body_base64: Option<&'t RawValue>) -> Result<Option<Vec<u8>>, EvidenceError> {
        match (body, body_base64) {
            (Some(body), _) => Ok(Some(body.into_bytes())),
            (None, Some(raw)) => self.base64(raw).map(Some),
            (None, None) => Ok(None),
        }
    }

    fn https(&self, raw: &'t RawValue) -> Result<HttpsEntry, EvidenceError> {
        let entry: RawHttps<'t> = self.read(raw.get())?;
        let body = self.body(entry.body, entry.body_base64)?;
        let outcome = match (body, entry.failed) {
            (_, Some(word)) => HttpsOutcome::Failed(with_extended_errors(
                Failure::from_word(&word),
                extended_errors(entry.extended_errors),
            )),
            (Some(body), None) => {
                HttpsOutcome::Read { status: entry.status.unwrap_or(200), content_type: entry.content_type, body }
            }
            (None, None) if entry.reachable => HttpsOutcome::Reachable,
            (None, None) => match entry.status {
                Some(status) if status != 200 => HttpsOutcome::Failed(Failure::HttpStatus { status }),
                _ => return Err(self.error(raw, "the entry needs “body”, “body_base64”, “reachable” or “failed”")),
            },
        };
        let provenance = Provenance { from: entry.from, at: entry.at };
        Ok(HttpsEntry { url: entry.url, outcome, supplied: entry.supplied, provenance })
    }

    fn file(&self, raw: &'t RawValue) -> Result<FileEntry, EvidenceError> {
        let entry: RawFileEntry<'t> = self.read(raw.get())?;
        let word: Cow<'_, str> = self.read(entry.kind.get())?;
        let kind = KINDS.iter().find(|(_, name)| *name == word).map(|(kind, _)| *kind).ok_or_else(|| {
            self.error(entry.kind, format!("“{word}” is no kind of file; there are svg, pem and tls-report"))
        })?;
        let body = self.body(entry.body, entry.body_base64)?;
        let body = body.ok_or_else(|| self.error(raw, "the entry needs “body” or “body_base64”"))?;
        Ok(FileEntry { kind, name: entry.name, body })
    }
}

/// Line and column of an offset, both from 1, columns in octets.
fn line_and_column(octets: &[u8], offset: usize) -> (usize, usize) {
    let before = octets.get(..offset).unwrap_or(octets);
    let line = before.iter().filter(|octet| **octet == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|octet| **octet != b'\n').count() + 1;
    (line, column)
}

/// The kinds of files and their names.
pub(super) const KINDS: [(FileKind, &str); 3] =
    [(FileKind::Svg, "svg"), (FileKind::Pem, "pem"), (FileKind::TlsReport, "tls-report")];

fn extended_errors(raw: Vec<RawExtendedError>) -> Vec<ExtendedError> {
    raw.into_iter().map(|error| ExtendedError { code: error.code, text: error.text }).collect()
}

fn with_extended_errors(failure: Failure, extended_errors: Vec<ExtendedError>) -> Failure {
    match failure {
        Failure::Rcode { rcode, .. } => Failure::Rcode { rcode, extended_errors },
        failure => failure,
    }
}
