//! Everything known about a domain: raw DNS answers, HTTPS bodies and files, each with where it came from and when.
//!
//! Evidence is a value, never a cache: live look-ups, dropped files, replayed tests and a colleague's saved file differ
//! only in who fills it.

mod failure;
mod json;
mod look_up;
mod to_json;
mod wire;

pub use json::EvidenceError;
pub use look_up::{Found, Lookup};

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::dns::{ExtendedError, Provenance, Rcode, Record, RecordType};
use crate::name::DomainName;
use crate::time::UnixTime;

/// Where evidence that is only thought of (see [`crate::what_if`]) says that it came from.
pub const EDITED: &str = "what if";

/// Most displaced accounts of one kind that are kept: one for each file that a user may lay over the others.
const MAX_DISPLACED: usize = 8;
/// Where MTA-STS policies are, RFC 8461 §3.2.
const POLICY_PATH: &str = "/.well-known/mta-sts.txt";

/// Why a look-up told nothing. None of these says that something is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// No answer within the deadline.
    Timeout,
    /// The connection failed: no network, a blocked host, or CORS; a browser does not say which.
    Network,
    /// The server answered, and does not let this page read it (CORS).
    Cors,
    /// An HTTP status other than 200.
    HttpStatus { status: u16 },
    /// A response code other than NOERROR and NXDOMAIN.
    Rcode { rcode: Rcode, extended_errors: Vec<ExtendedError> },
    /// The body is not what was asked for (wrong media type), as from a captive portal.
    NotDns { content_type: String },
    /// The DNS message does not decode.
    Malformed { why: String },
    /// The answer is cut (TC bit), which must not happen over HTTPS.
    Truncated,
    /// The answer is to another question.
    Mismatched,
    /// The body is larger than the limit.
    TooLarge { limit: usize },
    /// The server redirects, which the protocol forbids here: with which status and to where, as far as can be seen.
    Redirected { status: Option<u16>, to: Option<String> },
    /// The certificate or another part of TLS failed; only the command line can see this.
    Tls { why: String },
    /// A failure noted in an evidence file in words that have no meaning here.
    Other { why: String },
}

/// What one DNS question brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DnsOutcome {
    /// NOERROR or NXDOMAIN, with the records of the answer and authority sections.
    Answer { rcode: Rcode, answers: Vec<Record>, authority: Vec<Record>, authentic: bool },
    /// Nothing is known.
    Failed(Failure),
}

/// One DNS question and what it brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DnsEntry {
    /// Name asked for.
    pub name: DomainName,
    /// Type asked for.
    pub record_type: RecordType,
    /// What came back.
    pub outcome: DnsOutcome,
    /// The whole DNS message as received, for proving signatures again later.
    pub wire: Option<Vec<u8>>,
    /// Where from, when.
    pub provenance: Provenance,
}

/// What one HTTPS request brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HttpsOutcome {
    /// Status, type and body could be read.
    Read { status: u16, content_type: Option<String>, body: Vec<u8> },
    /// Only that the host answered over TLS that the browser trusts (opaque response): nothing about status or content.
    Reachable,
    /// Nothing is known.
    Failed(Failure),
}

/// One HTTPS request and what it brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpsEntry {
    /// The URL.
    pub url: String,
    /// What came back.
    pub outcome: HttpsOutcome,
    /// Whether the user supplied the body (dropped or pasted) instead of a fetch.
    pub supplied: bool,
    /// Where from, when.
    pub provenance: Provenance,
}

/// What a supplied file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FileKind {
    /// An SVG drawing, plain or gzipped.
    Svg,
    /// PEM certificates.
    Pem,
    /// A TLS-RPT report, plain or gzipped.
    TlsReport,
}

/// A file that the user supplied and that is no DNS or policy data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// What it is.
    pub kind: FileKind,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// Everything known. Filled by sources, read by [`Evidence::look_up`] and [`Evidence::https`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The domain that the evidence was collected for, where it says so.
    pub domain: Option<DomainName>,
    /// When it was collected, where it says so.
    pub taken_at: Option<UnixTime>,
    dns: BTreeMap<(DomainName, RecordType), DnsEntry>,
    /// Every name that owns a record or lies above one, in authoritative data: RFC 8020 needs the empty non-terminals.
    existing: HashSet<DomainName>,
    /// At most one entry a URL; a domain has three.
    https: Vec<HttpsEntry>,
    files: Vec<FileEntry>,
    authoritative_for: HashSet<DomainName>,
    /// What gave way to other accounts of the same, and still tells whether something changed.
    displaced: Displaced,
}

/// Accounts of the same question or URL that do not count any more: MTA-STS policies, and the records that announce them,
/// which must change together (RFC 8461 §8.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Displaced {
    dns: Vec<DnsEntry>,
    https: Vec<HttpsEntry>,
}

impl Displaced {
    fn keep_dns(&mut self, entry: DnsEntry) {
        let announces = entry.record_type == RecordType::TXT && entry.name.labels().first() == Some(&"_mta-sts");
        if announces && matches!(entry.outcome, DnsOutcome::Answer { .. }) && self.dns.len() < MAX_DISPLACED {
            self.dns.push(entry);
        }
    }

    fn keep_https(&mut self, entry: HttpsEntry) {
        let is_policy = entry.url.ends_with(POLICY_PATH) && matches!(entry.outcome, HttpsOutcome::Read { .. });
        if is_policy && self.https.len() < MAX_DISPLACED {
            self.https.push(entry);
        }
    }
}

impl HttpsEntry {
    /// The relay that was asked for it, because the host itself did not let the page read it.
    pub fn relay(&self) -> Option<&str> {
        self.provenance.from.as_deref().filter(|_| !self.supplied)
    }
}

impl Evidence {
    /// Nothing known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the outcome of one DNS question. An answer replaces a failure; a failure never replaces an answer; of two
    /// answers the later one counts.
    pub fn add_dns(&mut self, entry: DnsEntry) {
        let key = (entry.name.clone(), entry.record_type);
        let failed = matches!(entry.outcome, DnsOutcome::Failed(_));
        let known = matches!(self.dns.get(&key), Some(DnsEntry { outcome: DnsOutcome::Answer { .. }, .. }));
        if failed && known {
            return;
        }
        if let DnsOutcome::Answer { answers, .. } = &entry.outcome
            && !answers.is_empty()
        {
            let mut name = Some(entry.name.clone());
            while let Some(existing) = name {
                name = existing.parent();
                if !self.existing.insert(existing) {
                    break;
                }
            }
        }
        if let Some(before) = self.dns.insert(key, entry) {
            self.displaced.keep_dns(before);
        }
    }

    /// Puts an entry in the place of whatever is known of its name and type.
    pub fn put_dns(&mut self, entry: DnsEntry) {
        self.dns.remove(&(entry.name.clone(), entry.record_type));
        self.add_dns(entry);
    }

    /// What is known of this name and type itself, aliases not followed.
    pub fn dns_entry(&self, name: &DomainName, record_type: RecordType) -> Option<&DnsEntry> {
        self.dns.get(&(name.clone(), record_type))
    }

    /// Whether anything is known of this name and type.
    pub fn has_dns(&self, name: &DomainName, record_type: RecordType) -> bool {
        self.dns.contains_key(&(name.clone(), record_type))
    }

    /// Turns every answer that `name` or a name above it does not exist into one that only has no such record.
    pub fn make_exist(&mut self, name: &DomainName) {
        for entry in self.dns.values_mut() {
            if let DnsOutcome::Answer { rcode, answers, .. } = &mut entry.outcome
                && *rcode == Rcode::NXDOMAIN
                && answers.is_empty()
                && name.is_at_or_below(&entry.name)
            {
                *rcode = Rcode::NOERROR;
                entry.wire = None;
            }
        }
    }

    /// Adds records that a user supplied (zone file, dig output): joined to what is known of the same owner and type.
    pub fn add_records(&mut self, records: impl IntoIterator<Item = Record>, provenance: &Provenance) {
        for record in records {
            let key = (record.owner.clone(), record.record_type);
            if let Some(DnsEntry { outcome: DnsOutcome::Answer { rcode, answers, .. }, wire: None, .. }) =
                self.dns.get_mut(&key)
                && !answers.is_empty()
            {
                *rcode = Rcode::NOERROR;
                if !answers.contains(&record) {
                    answers.push(record);
                }
                continue;
            }
            self.add_dns(DnsEntry {
                name: key.0,
                record_type: key.1,
                outcome: DnsOutcome::Answer {
                    rcode: Rcode::NOERROR,
                    answers: vec![record],
                    authority: Vec::new(),
                    authentic: false,
                },
                wire: None,
                provenance: provenance.clone(),
            });
        }
    }

    /// Says that at and below `apex`, down to its delegations, what is not listed does not exist.
    pub fn add_authority(&mut self, apex: DomainName) {
        self.authoritative_for.insert(apex);
    }

    /// Adds the outcome of one HTTPS request; what the user supplied outranks a fetch, what a server answered a failure.
    pub fn add_https(&mut self, entry: HttpsEntry) {
        let rank = |entry: &HttpsEntry| match &entry.outcome {
            HttpsOutcome::Read { .. } if entry.supplied => 3,
            HttpsOutcome::Failed(Failure::HttpStatus { .. } | Failure::Redirected { .. }) if entry.supplied => 3,
            HttpsOutcome::Read { .. } => 2,
            HttpsOutcome::Reachable => 1,
            HttpsOutcome::Failed(_) => 0,
        };
        match self.https.iter_mut().find(|known| known.url == entry.url) {
            Some(known) if rank(known) > rank(&entry) => self.displaced.keep_https(entry),
            Some(known) => self.displaced.keep_https(std::mem::replace(known, entry)),
            None => self.https.push(entry),
        }
    }

    /// Puts an entry in the place of whatever is known of its URL.
    pub fn put_https(&mut self, entry: HttpsEntry) {
        self.https.retain(|known| known.url != entry.url);
        self.https.push(entry);
    }

    /// Adds a supplied file.
    pub fn add_file(&mut self, file: FileEntry) {
        if !self.files.contains(&file) {
            self.files.push(file);
        }
    }

    /// What gave way to what is known about a URL now.
    pub fn displaced_https(&self, url: &str) -> impl Iterator<Item = &HttpsEntry> {
        self.displaced.https.iter().filter(move |entry| entry.url == url)
    }

    /// What gave way to what is known of this name and type now.
    pub fn displaced_dns(&self, name: &DomainName, record_type: RecordType) -> impl Iterator<Item = &DnsEntry> {
        self.displaced.dns.iter().filter(move |entry| entry.name == *name && entry.record_type == record_type)
    }

    /// Takes over everything that `other` knows.
    pub fn absorb(&mut self, other: Evidence) {
        self.domain = self.domain.take().or(other.domain);
        self.taken_at = self.taken_at.max(other.taken_at);
        for entry in other.displaced.dns {
            self.displaced.keep_dns(entry);
        }
        for entry in other.displaced.https {
            self.displaced.keep_https(entry);
        }
        for (_, entry) in other.dns {
            self.add_dns(entry);
        }
        for entry in other.https {
            self.add_https(entry);
        }
        for file in other.files {
            self.add_file(file);
        }
        self.authoritative_for.extend(other.authoritative_for);
    }

    /// Every DNS entry, by name and type.
    pub fn dns(&self) -> impl Iterator<Item = &DnsEntry> {
        self.dns.values()
    }

    /// Every HTTPS entry, in the order in which they came.
    pub fn https_entries(&self) -> impl Iterator<Item = &HttpsEntry> {
        self.https.iter()
    }

    /// What is known about a URL.
    pub fn https(&self, url: &str) -> Option<&HttpsEntry> {
        self.https.iter().find(|entry| entry.url == url)
    }

    /// Every supplied file.
    pub fn files(&self) -> &[FileEntry] {
        &self.files
    }

    /// The names for which the evidence is complete, in no order.
    pub fn authorities(&self) -> impl Iterator<Item = &DomainName> {
        self.authoritative_for.iter()
    }

    /// Whether nothing at all is known.
    pub fn is_empty(&self) -> bool {
        self.dns.is_empty() && self.https.is_empty() && self.files.is_empty() && self.authoritative_for.is_empty()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout => f.write_str("no answer in time"),
            Self::Network => f.write_str("the connection failed (no network, blocked, or refused to web pages)"),
            Self::Cors => f.write_str("the server does not let a web page read it (CORS)"),
            Self::HttpStatus { status } => write!(f, "HTTP status {status}"),
            Self::Rcode { rcode, extended_errors } => {
                match rcode.0 {
                    1 => f.write_str("the resolver answered FORMERR")?,
                    2 => f.write_str("the resolver answered SERVFAIL")?,
                    4 => f.write_str("the resolver answered NOTIMP")?,
                    5 => f.write_str("the resolver answered REFUSED")?,
                    other => write!(f, "the resolver answered RCODE {other}")?,
                }
                for error in extended_errors {
                    write!(f, "; it says: extended error {}", error.code)?;
                    if !error.text.is_empty() {
                        write!(f, " “{}”", error.text)?;
                    }
                }
                Ok(())
            }
            Self::NotDns { content_type } => write!(f, "the answer is not DNS but “{content_type}”"),
            Self::Malformed { why } => write!(f, "the answer does not decode: {why}"),
            Self::Truncated => f.write_str("the answer was cut short"),
            Self::Mismatched => f.write_str("the answer was to another question"),
            Self::TooLarge { limit } => write!(f, "the answer is larger than {limit} bytes"),
            Self::Redirected { status, to } => {
                f.write_str("the server redirects")?;
                if let Some(to) = to {
                    write!(f, " to {to}")?;
                }
                status.map_or(Ok(()), |status| write!(f, " (status {status})"))
            }
            Self::Tls { why } => write!(f, "TLS failed: {why}"),
            Self::Other { why } => f.write_str(why),
        }
    }
}
