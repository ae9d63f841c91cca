//! Failures as words of an evidence file.

use super::Failure;
use crate::dns::Rcode;

impl Failure {
    /// The word or words for the `failed` field; extended errors have a field of their own.
    pub(super) fn to_word(&self) -> String {
        match self {
            Self::Timeout => "timeout".into(),
            Self::Network => "network".into(),
            Self::Cors => "cors".into(),
            Self::HttpStatus { status } => format!("http-{status}"),
            Self::Rcode { rcode, .. } => rcode.name().to_ascii_lowercase(),
            Self::NotDns { content_type } => format!("not-dns: {content_type}"),
            Self::Malformed { why } => format!("malformed: {why}"),
            Self::Truncated => "truncated".into(),
            Self::Mismatched => "mismatched".into(),
            Self::TooLarge { limit } => format!("too-large: {limit}"),
            Self::Redirected { status, to } => {
                let status = status.map_or(String::new(), |status| format!("-{status}"));
                let to = to.as_ref().map_or(String::new(), |to| format!(": {to}"));
                format!("redirected{status}{to}")
            }
            Self::Tls { why } => format!("tls: {why}"),
            Self::Other { why } => {
                let same = matches!(Self::from_word(why), Self::Other { why: again } if again == *why);
                if same { why.clone() } else { format!("other: {why}") }
            }
        }
    }

    /// Reads what [`Failure::to_word`] writes; what means nothing here is kept in its own words.
    pub(super) fn from_word(word: &str) -> Self {
        let (head, detail) = match word.split_once(": ") {
            Some((head, detail)) => (head, Some(detail.to_owned())),
            None => (word, None),
        };
        match (head, detail) {
            ("timeout", None) => Self::Timeout,
            ("network", None) => Self::Network,
            ("cors", None) => Self::Cors,
            ("truncated", None) => Self::Truncated,
            ("mismatched", None) => Self::Mismatched,
            ("redirected", to) => Self::Redirected { status: None, to },
            ("not-dns", content_type) => Self::NotDns { content_type: content_type.unwrap_or_default() },
            ("malformed", why) => Self::Malformed { why: why.unwrap_or_default() },
            ("tls", why) => Self::Tls { why: why.unwrap_or_default() },
            ("other", Some(why)) => Self::Other { why },
            ("too-large", Some(limit)) if limit.parse::<usize>().is_ok() => {
                Self::TooLarge { limit: limit.parse().unwrap_or_default() }
            }
            (head, to) if head.strip_prefix("redirected-").is_some_and(|status| status.parse::<u16>().is_ok()) => {
                Self::Redirected { status: head.strip_prefix("redirected-").and_then(|status| status.parse().ok()), to }
            }
            (head, None) => match (head.strip_prefix("http-").map(str::parse), Rcode::parse(head)) {
                (Some(Ok(status)), _) => Self::HttpStatus { status },
                (_, Some(rcode)) if !head.starts_with(|c: char| c.is_ascii_digit()) => {
                    Self::Rcode { rcode, extended_errors: Vec::new() }
                }
                _ => Self::Other { why: word.into() },
            },
            _ => Self::Other { why: word.into() },
        }
    }
}
