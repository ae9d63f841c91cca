//! One finding: what was found, where exactly, why it matters, and the fix.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;
use crate::records::Technology;
use crate::text::Span;

use super::Doc;

/// Where in a published record or file a finding stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Owner name of the record, or the URL of the file.
    pub name: String,
    /// The whole text of the record or file, as in [`super::Published::value`].
    pub record: String,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A record or file to publish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publish {
    /// Owner name without trailing dot, or the URL of a file.
    pub name: String,
    /// Record type, or `file`.
    #[serde(rename = "type")]
    pub record_type: String,
    /// TXT text without quotes, zone-file RDATA of other types, or the text of the file.
    pub value: String,
}

impl Publish {
    /// A TXT record.
    pub fn txt(name: impl ToString, text: impl Into<String>) -> Self {
        Self { name: name.to_string(), record_type: "TXT".into(), value: text.into() }
    }

    /// A record of any other type, its RDATA in zone-file form.
    pub fn record(name: impl ToString, record_type: &str, rdata: impl Into<String>) -> Self {
        Self { name: name.to_string(), record_type: record_type.into(), value: rdata.into() }
    }

    /// A file behind a URL.
    pub fn file(url: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: url.into(), record_type: "file".into(), value: text.into() }
    }

    /// The line of a zone file; TXT text is quoted and cut into strings of 255 octets. A file is its own text.
    pub fn zone_line(&self) -> String {
        match self.record_type.as_str() {
            "file" => self.value.clone(),
            "TXT" => format!("{}. IN TXT {}", self.name, quoted_strings(&self.value)),
            other => tr!("{}. IN {other} {}", self.name, self.value, other),
        }
    }
}

/// Quotes a text for a zone file in strings of at most 255 octets, RFC 1035 §5.1.
fn quoted_strings(text: &str) -> String {
    let strings: Vec<String> = text
        .as_bytes()
        .chunks(255)
        .map(|chunk| {
            let mut quoted = String::from("\"");
            for &octet in chunk {
                match octet {
                    b'"' | b'\\' => {
                        quoted.push('\\');
                        quoted.push(char::from(octet));
                    }
                    0x20..=0x7E => quoted.push(char::from(octet)),
                    _ => quoted.push_str(&format!("\\{octet:03}")),
                }
            }
            quoted.push('"');
            quoted
        })
        .collect();
    if strings.is_empty() { "\"\"".into() } else { strings.join(" ") }
}

/// One finding of one check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Id of the check.
    pub id: Cow<'static, str>,
    /// Whose finding it is.
    pub technology: Technology,
    /// What the check came to.
    pub outcome: Outcome,
    /// Plain title.
    pub title: String,
    /// What was found, with names and numbers.
    pub detail: String,
    /// Why it matters.
    pub why: Cow<'static, str>,
    /// Where it stands.
    pub at: Option<Place>,
    /// How to mend it; absent where nothing needs mending.
    pub fix: Option<String>,
    /// The records that mend it.
    pub publish: Vec<Publish>,
    /// Sections that say so.
    pub references: Vec<Cow<'static, str>>,
}

impl Doc {
    /// A finding of this check with the title and fix of the document; nothing needs mending on pass and info.
    pub fn finding(&'static self, outcome: Outcome, detail: impl Into<String>) -> Finding {
        let mends = matches!(outcome, Outcome::Warn | Outcome::Fail | Outcome::Unknown);
        Finding {
            id: self.id.into(),
            technology: self.technology,
            outcome,
            title: self.title.into(),
            detail: detail.into(),
            why: self.why.into(),
            at: None,
            fix: (mends && !self.fix.is_empty()).then(|| self.fix.into()),
            publish: Vec::new(),
            references: cited(self.references),
        }
    }
}

fn cited(references: &'static [&'static str]) -> Vec<Cow<'static, str>> {
    references.iter().map(|&reference| reference.into()).collect()
}

impl Finding {
    /// With a more precise title.
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// With a more precise fix.
    pub fn fixed_by(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// With the section that says so, where it differs from the document's.
    pub fn citing(mut self, references: &'static [&'static str]) -> Self {
        self.references = cited(references);
        self
    }

    /// At a place in a record.
    pub fn at(mut self, name: impl ToString, record: &str, span: Span) -> Self {
        self.at = Some(Place { name: name.to_string(), record: record.into(), start: span.start, end: span.end });
        self
    }

    /// With a record to publish.
    pub fn publishing(mut self, publish: Publish) -> Self {
        self.publish.push(publish);
        self
    }
}
