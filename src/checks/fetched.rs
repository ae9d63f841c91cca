//! What is known of a file behind an `https` URL, and how much a verdict on it rests on.

use crate::checks::Gap;
use crate::evidence::{Failure, HttpsEntry, HttpsOutcome};

/// How much a verdict on a file rests on; it is never better than its grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// The file was read from its host.
    Read,
    /// The file was read through the user's own relay, which could have changed it.
    Relayed,
    /// The user supplied the file.
    Supplied,
    /// The host answers over HTTPS; nothing is known of the file.
    Reachable,
    /// Nothing is known.
    Unknown,
}

impl Grade {
    /// The word in the report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Relayed => "relayed",
            Self::Supplied => "supplied",
            Self::Reachable => "reachable",
            Self::Unknown => "unknown",
        }
    }
}

/// A file whose bytes are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its bytes.
    pub body: Vec<u8>,
    /// The `Content-Type`, where known.
    pub content_type: Option<String>,
    /// Whether the user supplied it.
    pub supplied: bool,
    /// Whether it came through the user's own relay.
    pub relayed: bool,
    /// Where it came from: a URL or a file name.
    pub from: String,
}

/// What the request for a file came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// Nobody names such a file.
    NotNamed,
    /// The bytes are known.
    Read(File),
    /// A status other than 200 that is no redirect.
    Status(u16),
    /// A redirect that is not followed: its status and where it leads, as far as can be seen.
    Redirect { status: Option<u16>, to: Option<String> },
    /// TLS failed, as the command line can see.
    Tls(String),
    /// The body is larger than what is read.
    TooLarge(usize),
    /// The host answers over HTTPS; the browser may not say more.
    Reachable,
    /// Nothing is known.
    Unknown(Gap),
}

impl Fetched {
    /// What an entry says of its URL.
    pub fn of(entry: &HttpsEntry) -> Self {
        match &entry.outcome {
            HttpsOutcome::Read { status: 200, content_type, body } => Self::Read(File {
                body: body.clone(),
                content_type: content_type.clone(),
                supplied: entry.supplied,
                relayed: entry.relay().is_some(),
                from: match (entry.relay(), &entry.provenance.from) {
                    (Some(relay), _) => tr!("{} (through your relay {relay})", entry.url, relay),
                    (None, Some(from)) => from.clone(),
                    (None, None) => entry.url.clone(),
                },
            }),
            HttpsOutcome::Read { status, .. } | HttpsOutcome::Failed(Failure::HttpStatus { status }) => match status {
                300..=399 => Self::Redirect { status: Some(*status), to: None },
                _ => Self::Status(*status),
            },
            HttpsOutcome::Reachable => Self::Reachable,
            HttpsOutcome::Failed(Failure::Redirected { status, to }) => {
                Self::Redirect { status: *status, to: to.clone() }
            }
            HttpsOutcome::Failed(Failure::Tls { why }) => Self::Tls(why.clone()),
            HttpsOutcome::Failed(Failure::TooLarge { limit }) => Self::TooLarge(*limit),
            HttpsOutcome::Failed(failure) => {
                Self::Unknown(Gap::Failed { question: entry.url.clone(), failure: failure.clone() })
            }
        }
    }

    /// The file, where its bytes are known.
    pub fn file(&self) -> Option<&File> {
        match self {
            Self::Read(file) => Some(file),
            _ => None,
        }
    }

    /// The grade of the evidence.
    pub fn grade(&self) -> Grade {
        match self {
            Self::Read(file) if file.supplied => Grade::Supplied,
            Self::Read(file) if file.relayed => Grade::Relayed,
            Self::Read(_) | Self::Status(_) | Self::Redirect { .. } | Self::TooLarge(_) => Grade::Read,
            Self::Reachable => Grade::Reachable,
            Self::NotNamed | Self::Tls(_) | Self::Unknown(_) => Grade::Unknown,
        }
    }
}
