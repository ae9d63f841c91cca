//! Evidence and edits in the fragment of a link: whoever opens it sees the same report, from nothing but the link.
//!
//! A link holds `1.` (the version) and, as base64url, JSON compressed by zlib, whose checksum tells a link that was cut.
//! It holds what [`Part`] lists and nothing else: no resolver, no time of a single answer, no file that the report does not
//! rest on. It comes from anywhere, so that everything about it has a limit.

use std::fmt;
use std::io::{Read, Write};

use domain::utils::base64;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::dns::Provenance;
use crate::evidence::{DnsOutcome, Evidence, FileKind, HttpsEntry, HttpsOutcome};
use crate::name::DomainName;
use crate::say::known;
use crate::time::UnixTime;
use crate::what_if::{Edit, MAX_EDITS};

/// The version of what a link holds, at its beginning.
const VERSION: &str = "1.";
/// Up to this length mail, chat and issue trackers pass a link on whole; many cut or refuse longer ones.
pub const SAFE_LENGTH: usize = 8_000;
/// Longer links are neither written nor read: Firefox shows 65,535 characters of an address, Safari takes 80,000.
pub const MAX_LENGTH: usize = 60_000;
/// Most bytes that the text in a link may unpack to. Evidence that fits into a link has some hundred KB; deflate could make 60 MB of
/// the longest link.
const MAX_UNPACKED: usize = 4 * 1024 * 1024;

/// What to put into a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The answers as they came, with the signatures of DNSSEC.
    pub signatures: bool,
    /// Logos and certificates.
    pub files: bool,
    /// The edits.
    pub edits: bool,
}

impl Default for Choice {
    fn default() -> Self {
        Self { signatures: false, files: false, edits: true }
    }
}

/// What a link holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// Domain, time, answers and files.
    pub evidence: Evidence,
    /// Edits to lay over it.
    pub edits: Vec<Edit>,
}

/// One kind of thing that a link holds, in words, and the things themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it is.
    pub label: String,
    /// Each of them: owner name and type, or address, or name.
    pub items: Vec<String>,
}

/// Why a link cannot be written or read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShareError {
    /// The link would be, or is, longer than [`MAX_LENGTH`].
    TooLong { length: usize },
    /// It begins with no version that is known here.
    Version,
    /// Some of it is missing or was altered.
    Damaged,
    /// It unpacks to more than a report can need.
    TooLarge,
    /// What it unpacks to is no evidence.
    Unreadable { reason: String },
    /// It does not say which domain it is about, or when it was taken.
    Nameless,
    /// It holds more edits than the page takes.
    TooManyEdits { count: usize },
}

impl fmt::Display for ShareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { length } => {
                write!(f, "it would have {length} characters; links with more than {MAX_LENGTH} do not work everywhere")
            }
            Self::Version => f.write_str("it was made by another version of this page, or it is no such link"),
            Self::Damaged => {
                f.write_str("a part of it is missing or was changed on its way: ask for the whole link again")
            }
            Self::TooLarge => write!(f, "it unpacks to more than {} MB, which no report needs", MAX_UNPACKED >> 20),
            Self::Unreadable { reason } => write!(f, "its records do not read: {reason}"),
            Self::Nameless => f.write_str("it does not say which domain it is about and when its records were taken"),
            Self::TooManyEdits { count } => write!(f, "it holds {count} edits; at most {MAX_EDITS} are taken"),
        }
    }
}

/// What stands in the compressed text.
#[derive(Deserialize)]
struct Raw<'t> {
    #[serde(borrow)]
    evidence: &'t RawValue,
    #[serde(default)]
    edits: Vec<Edit>,
}

impl Shared {
    /// What the choice leaves of evidence and edits. Times and sources of single answers are left out, and so is every
    /// supplied file that is neither logo nor certificate.
    pub fn choose(domain: &DomainName, taken_at: UnixTime, known: &Evidence, edits: &[Edit], choice: Choice) -> Self {
        let mut evidence = Evidence::new();
        evidence.domain = Some(domain.clone());
        evidence.taken_at = Some(taken_at);
        for entry in known.dns() {
            let mut entry = entry.clone();
            entry.provenance = Provenance::default();
            if !choice.signatures {
                entry.wire = None;
                if let DnsOutcome::Answer { authority, .. } = &mut entry.outcome {
                    authority.clear();
                }
            }
            evidence.put_dns(entry);
        }
        for entry in known.https_entries().filter(|entry| choice.files || !is_large(entry)) {
            evidence.put_https(HttpsEntry { provenance: Provenance::default(), ..entry.clone() });
        }
        for file in known.files() {
            if choice.files && matches!(file.kind, FileKind::Svg | FileKind::Pem) {
                evidence.add_file(file.clone());
            }
        }
        for apex in known.authorities() {
            evidence.add_authority(apex.clone());
        }
        let edits = edits.iter().filter(|_| choice.edits).take(MAX_EDITS).cloned().collect();
        Self { evidence, edits }
    }

    /// Everything in it, so that whoever shares it can see it first.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut add = |label: &str, items: Vec<String>| {
            if !items.is_empty() {
                parts.push(Part { label: format!("{}: {}", known(label), items.len()), items });
            }
        };
        let of = |wanted: fn(&DnsOutcome) -> bool| -> Vec<String> {
            let entries = self.evidence.dns().filter(|entry| wanted(&entry.outcome));
            entries.map(|entry| format!("{} {}", entry.name, entry.record_type)).collect()
        };
        let has = |outcome: &DnsOutcome| matches!(outcome, DnsOutcome::Answer { answers, .. } if !answers.is_empty());
        add("Records", of(has));
        add(
            "Names and types with no record",
            of(|outcome| matches!(outcome, DnsOutcome::Answer { answers, .. } if answers.is_empty())),
        );
        add("Look-ups that failed", of(|outcome| matches!(outcome, DnsOutcome::Failed(_))));
        add("Answers with their signatures, as they came", self.signed());
        add("Policies and other files fetched", self.evidence.https_entries().map(|entry| entry.url.clone()).collect());
        add("Logos and certificates supplied", self.evidence.files().iter().map(|file| file.name.clone()).collect());
        add("Zones known as complete", self.evidence.authorities().map(ToString::to_string).collect());
        add("Edits", self.edits.iter().map(|edit| format!("{} {}", edit.name, edit.record_type)).collect());
        parts
    }

    fn signed(&self) -> Vec<String> {
        let entries = self.evidence.dns().filter(|entry| entry.wire.is_some());
        entries.map(|entry| format!("{} {}", entry.name, entry.record_type)).collect()
    }

    /// As it stands in a link.
    pub fn pack(&self) -> Result<String, ShareError> {
        let edits = serde_json::to_string(&self.edits).map_err(|error| unreadable(&error))?;
        let json = format!("{{\"evidence\":{},\"edits\":{edits}}}", self.evidence.to_compact_json());
        if json.len() > MAX_UNPACKED {
            return Err(ShareError::TooLarge);
        }
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        // Writing into a Vec cannot fail.
        let packed =
            encoder.write_all(json.as_bytes()).and_then(|()| encoder.finish()).map_err(|_| ShareError::Damaged)?;
        let text = base64::encode_string(&packed).replace('+', "-").replace('/', "_");
        let link = format!("{VERSION}{}", text.trim_end_matches('='));
        let length = link.len();
        if length > MAX_LENGTH { Err(ShareError::TooLong { length }) } else { Ok(link) }
    }

    /// Reads what stands in a link.
    pub fn unpack(link: &str) -> Result<Self, ShareError> {
        let length = link.len();
        if length > MAX_LENGTH {
            return Err(ShareError::TooLong { length });
        }
        let text = link.strip_prefix(VERSION).ok_or(ShareError::Version)?;
        let json = unpacked(text)?;
        let raw: Raw<'_> = serde_json::from_slice(&json).map_err(|error| unreadable(&error))?;
        let count = raw.edits.len();
        if count > MAX_EDITS {
            return Err(ShareError::TooManyEdits { count });
        }
        let evidence = Evidence::from_json(raw.evidence.get().as_bytes())
            .map_err(|error| ShareError::Unreadable { reason: error.reason })?;
        if evidence.domain.is_none() || evidence.taken_at.is_none() {
            return Err(ShareError::Nameless);
        }
        Ok(Self { evidence, edits: raw.edits })
    }
}

/// Whether a fetched body is a drawing or a certificate, or not known: only policies are always small.
fn is_large(entry: &HttpsEntry) -> bool {
    let policy = entry.url.ends_with("/.well-known/mta-sts.txt");
    matches!(entry.outcome, HttpsOutcome::Read { .. }) && !policy
}

fn unreadable(error: &serde_json::Error) -> ShareError {
    ShareError::Unreadable { reason: error.to_string() }
}

/// The bytes behind base64url and zlib.
fn unpacked(text: &str) -> Result<Vec<u8>, ShareError> {
    // Only the alphabet of RFC 4648 §5: what is another one's is damage.
    if !text.bytes().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_')) {
        return Err(ShareError::Damaged);
    }
    let padding = match text.len() % 4 {
        0 => "",
        2 => "==",
        3 => "=",
        _ => return Err(ShareError::Damaged),
    };
    let text = text.replace('-', "+").replace('_', "/") + padding;
    let packed: Vec<u8> = base64::decode(&text).map_err(|_| ShareError::Damaged)?;
    let most = u64::try_from(MAX_UNPACKED).unwrap_or(u64::MAX);
    let mut decoder = ZlibDecoder::new(packed.as_slice()).take(most.saturating_add(1));
    let mut json = Vec::new();
    decoder.read_to_end(&mut json).map_err(|_| ShareError::Damaged)?;
    if json.len() > MAX_UNPACKED { Err(ShareError::TooLarge) } else { Ok(json) }
}
