//! The JSON answers of Google's and Cloudflare's resolvers (`/resolve`, `application/dns-json`).
//!
//! JSON drops the raw RDATA, so nothing read from here can prove a signature.

use serde::Deserialize;

use super::presentation::rdata_from_text;
use super::{ExtendedError, Message, Rcode, Record, RecordData, RecordType, Txt};
use crate::name::DomainName;

/// Most answers in one file.
pub const MAX_ANSWERS: usize = 10_000;
/// Most records of one section.
const MAX_RECORDS: usize = 4_096;

/// One answer as it stands in the JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonAnswer {
    /// What it says.
    pub message: Message,
    /// TC: records are missing.
    pub truncated: bool,
    /// Why a record of the answer could not be read; what cannot be read must not count as absent.
    pub unreadable: Option<String>,
    /// What the resolver remarks.
    pub comment: Option<String>,
}

/// Why a JSON value is no answer of a resolver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DohJsonError {
    /// Not JSON, or a field has the wrong type.
    Json { line: usize, reason: String },
    /// More answers than are read.
    TooMany { limit: usize },
    /// Not exactly one question.
    Questions { count: usize },
    /// The question is malformed.
    Question { why: String },
    /// A section has more records than are read.
    TooManyRecords { limit: usize },
}

impl std::fmt::Display for DohJsonError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Json { reason, .. } => f.write_str(reason),
            Self::TooMany { limit } => write!(f, "there are more than {limit} answers"),
            Self::Questions { count } => write!(f, "“Question” has {count} entries instead of one"),
            Self::Question { why } => write!(f, "“Question” is malformed: {why}"),
            Self::TooManyRecords { limit } => write!(f, "an answer has more than {limit} records"),
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    Many(Vec<T>),
    One(T),
}

impl<T> OneOrMany<T> {
    fn into_vec(self) -> Vec<T> {
        match self {
            Self::Many(items) => items,
            Self::One(item) => vec![item],
        }
    }
}

#[derive(Deserialize)]
struct Raw {
    #[serde(rename = "Status")]
    status: u16,
    #[serde(rename = "TC", default)]
    truncated: bool,
    #[serde(rename = "AD", default)]
    authentic: bool,
    #[serde(rename = "Question")]
    question: OneOrMany<RawQuestion>,
    #[serde(rename = "Answer", default)]
    answer: Vec<RawRecord>,
    #[serde(rename = "Authority", default)]
    authority: Vec<RawRecord>,
    #[serde(rename = "Comment")]
    comment: Option<OneOrMany<String>>,
    #[serde(default)]
    extended_dns_errors: Vec<RawExtendedError>,
}

#[derive(Deserialize)]
struct RawQuestion {
    name: String,
    #[serde(rename = "type")]
    record_type: RawType,
}

#[derive(Deserialize)]
struct RawRecord {
    name: String,
    #[serde(rename = "type")]
    record_type: RawType,
    #[serde(rename = "TTL", default)]
    ttl: u32,
    data: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawType {
    Number(u16),
    Name(String),
}

#[derive(Deserialize)]
struct RawExtendedError {
    info_code: u16,
    #[serde(default)]
    extra_text: String,
}

/// Reads one answer or an array of answers.
pub fn read(text: &str) -> Result<Vec<JsonAnswer>, DohJsonError> {
    let json = |error: serde_json::Error| {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
        DohJsonError::Json { line: error.line(), reason }
    };
    let raw: Vec<Raw> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map_err(json)?
    } else {
        vec![serde_json::from_str(text).map_err(json)?]
    };
    if raw.len() > MAX_ANSWERS {
        return Err(DohJsonError::TooMany { limit: MAX_ANSWERS });
    }
    raw.into_iter().map(answer).collect()
}

fn answer(raw: Raw) -> Result<JsonAnswer, DohJsonError> {
    if raw.answer.len().max(raw.authority.len()) > MAX_RECORDS {
        return Err(DohJsonError::TooManyRecords { limit: MAX_RECORDS });
    }
    let questions = raw.question.into_vec();
    let [question] = questions.as_slice() else {
        return Err(DohJsonError::Questions { count: questions.len() });
    };
    let name = DomainName::parse(&question.name)
        .map_err(|error| DohJsonError::Question { why: format!("“{}”: {error}", question.name) })?;
    let record_type = question
        .record_type
        .read()
        .ok_or_else(|| DohJsonError::Question { why: "its type is no record type".into() })?;
    let mut unreadable = None;
    let answers = raw.answer.iter().filter_map(|raw| record(raw).map_err(|why| unreadable = Some(why)).ok()).collect();
    let authority = raw.authority.iter().filter_map(|raw| record(raw).ok()).collect();
    let comments = raw.comment.map(OneOrMany::into_vec).unwrap_or_default();
    let mut extended_errors: Vec<ExtendedError> = raw
        .extended_dns_errors
        .into_iter()
        .map(|error| ExtendedError { code: error.info_code, text: error.extra_text })
        .collect();
    extended_errors.extend(comments.iter().filter_map(|comment| extended_error(comment)));
    let message = Message {
        name,
        record_type,
        rcode: Rcode(raw.status),
        authentic: raw.authentic,
        answers,
        authority,
        extended_errors,
    };
    let comment = if comments.is_empty() { None } else { Some(comments.join("; ")) };
    Ok(JsonAnswer { message, truncated: raw.truncated, unreadable, comment })
}

impl RawType {
    fn read(&self) -> Option<RecordType> {
        match self {
            Self::Number(number) => Some(RecordType(*number)),
            Self::Name(name) => RecordType::parse(name),
        }
    }
}

fn record(raw: &RawRecord) -> Result<Record, String> {
    let owner = DomainName::parse(&raw.name).map_err(|error| format!("“{}”: {error}", raw.name))?;
    let record_type = raw.record_type.read().ok_or("a record has no record type")?;
    let data = if record_type == RecordType::TXT || record_type == RecordType::SPF {
        txt(record_type, &raw.data)
    } else {
        rdata_from_text(record_type, &raw.data, &DomainName::root())
            .map_err(|error| format!("{record_type} record of {owner}: {error}"))?
    };
    Ok(Record { owner, record_type, ttl: raw.ttl, data })
}

/// TXT data: quoted strings (Cloudflare), `\# …`, or the bare text with the strings joined (Google).
fn txt(record_type: RecordType, data: &str) -> RecordData {
    if (data.starts_with('"') && data.ends_with('"')) || data.starts_with(r"\# ") {
        let read = rdata_from_text(record_type, data, &DomainName::root());
        if let Ok(read) = read {
            return read;
        }
    }
    RecordData::Txt(Txt::from_text(data))
}

/// Cloudflare writes `EDE(6): DNSSEC Bogus` among its comments.
fn extended_error(comment: &str) -> Option<ExtendedError> {
    let (code, text) = comment.strip_prefix("EDE(")?.split_once(')')?;
    Some(ExtendedError { code: code.parse().ok()?, text: text.trim_start_matches(':').trim().to_owned() })
}
