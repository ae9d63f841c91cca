//! Mail that carries reports, RFC 8460 §5.3: `multipart/report`, or whatever else the report is attached to.
//!
//! The reader is our own: of MIME (RFC 2045, RFC 2046) it needs four header fields and two encodings.

use std::borrow::Cow;

use super::archive::{MAX_MEMBERS, is_gzip, is_zip};
use super::transfer;

/// Most parts of a message that are looked at.
pub const MAX_PARTS: usize = 1_000;
/// Deepest nesting of multiparts and of forwarded messages.
const MAX_DEPTH: usize = 10;
/// Longest boundary between parts, RFC 2046 §5.1.1.
const MAX_BOUNDARY: usize = 70;

/// A part that may hold a report.
pub struct Part<'m> {
    /// Its file name, where it has one.
    pub name: Option<String>,
    /// What it holds, or why that cannot be told.
    pub content: Result<Cow<'m, [u8]>, &'static str>,
}

/// What a message holds.
#[derive(Default)]
pub struct Parts<'m> {
    /// What may be reports.
    pub parts: Vec<Part<'m>>,
    /// `TLS-Report-Domain`.
    pub domain: Option<String>,
    /// `TLS-Report-Submitter`.
    pub submitter: Option<String>,
    /// How many parts were seen.
    seen: usize,
    /// Whether there are more parts, or deeper ones, than are looked at.
    pub too_many: bool,
}

/// Whether a text begins with a header field, as messages do.
pub fn is_message(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    line.len() > name.len() && !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

/// Whether it begins like a mailbox of several messages (RFC 4155).
pub fn is_mailbox(bytes: &[u8]) -> bool {
    bytes.starts_with(b"From ")
}

/// The messages of a mailbox, the line before each taken off.
pub fn messages(mailbox: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = mailbox;
    std::iter::from_fn(move || {
        let start = 1 + rest.iter().position(|byte| *byte == b'\n')?;
        let message = rest.get(start..)?;
        let (message, next) = message.split_at_checked(end_of_message(message))?;
        rest = next;
        Some(message)
    })
    .take(MAX_MEMBERS)
}

/// Where the next `From ` line behind an empty line begins, or the end.
fn end_of_message(message: &[u8]) -> usize {
    let (mut at, mut behind_empty) = (0, false);
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        if behind_empty && line.starts_with(b"From ") {
            return at;
        }
        behind_empty = matches!(line, b"\n" | b"\r\n");
        at += line.len();
    }
    at
}

/// The parts of a message that may hold reports.
pub fn parts(message: &[u8]) -> Parts<'_> {
    let mut parts = Parts::default();
    parts.message(message, 0);
    parts
}

/// The header fields that matter, as far as they are there.
#[derive(Default)]
struct Header {
    /// Type and subtype, in small letters.
    content_type: String,
    boundary: Option<String>,
    encoding: String,
    file_name: Option<String>,
    domain: Option<String>,
    submitter: Option<String>,
}

impl<'m> Parts<'m> {
    fn message(&mut self, message: &'m [u8], depth: usize) {
        let (header, body) = split(message);
        let header = Header::read(header);
        self.domain = self.domain.take().or_else(|| header.domain.clone());
        self.submitter = self.submitter.take().or_else(|| header.submitter.clone());
        self.part(&header, body, depth);
    }

    fn part(&mut self, header: &Header, body: &'m [u8], depth: usize) {
        self.seen += 1;
        if self.seen > MAX_PARTS || depth > MAX_DEPTH {
            self.too_many = true;
            return;
        }
        match &header.boundary {
            Some(boundary) if header.content_type.starts_with("multipart/") => {
                for part in between(body, boundary) {
                    let (header, body) = split(part);
                    self.part(&Header::read(header), body, depth + 1);
                    if self.too_many {
                        return;
                    }
                }
            }
            // A message within a message is sent as it is (RFC 2046 §5.2.1).
            _ if header.content_type == "message/rfc822" => self.message(body, depth + 1),
            _ => self.parts.extend(leaf(header, body)),
        }
    }
}

/// A part without parts, where it may be a report: by what it says it is, or by how it begins.
fn leaf<'m>(header: &Header, body: &'m [u8]) -> Option<Part<'m>> {
    let content = match header.encoding.as_str() {
        "base64" => transfer::base64(body).map(Cow::Owned),
        "quoted-printable" => Ok(Cow::Owned(transfer::quoted_printable(body))),
        _ => Ok(Cow::Borrowed(body)),
    };
    let name = header.file_name.as_deref().unwrap_or_default().to_ascii_lowercase();
    let is_named = header.content_type.starts_with("application/tlsrpt")
        || [".json", ".json.gz", ".gz", ".zip"].iter().any(|ending| name.ends_with(ending));
    let looks_so = content.as_deref().is_ok_and(|octets| {
        let text = octets.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(octets).trim_ascii_start();
        is_gzip(octets) || is_zip(octets) || text.starts_with(b"{") || text.starts_with(b"[{")
    });
    (is_named || looks_so).then(|| Part { name: header.file_name.clone(), content })
}

/// Header and body, which the first empty line parts.
fn split(message: &[u8]) -> (&[u8], &[u8]) {
    if let Some(body) = message.strip_prefix(b"\r\n").or_else(|| message.strip_prefix(b"\n")) {
        return (&[], body);
    }
    let mut start = 0;
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        let end = start + line.len();
        if matches!(line, b"\n" | b"\r\n") {
            return message.split_at_checked(end).unwrap_or((message, &[]));
        }
        start = end;
    }
    (message, &[])
}

/// The parts between lines of `--boundary`, without the line end before the next one.
fn between<'m>(body: &'m [u8], boundary: &str) -> Vec<&'m [u8]> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (None, 0);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let mark = line.strip_prefix(b"--").and_then(|rest| rest.strip_prefix(boundary.as_bytes()));
        let mark = mark.map(<[u8]>::trim_ascii_end).filter(|rest| rest.is_empty() || *rest == b"--");
        if let Some(rest) = mark {
            let part = start.and_then(|start| body.get(start..at));
            parts.extend(part.map(without_line_end));
            start = rest.is_empty().then_some(at + line.len());
            if parts.len() > MAX_PARTS {
                return parts;
            }
        }
        at += line.len();
    }
    // The end may be cut off.
    parts.extend(start.and_then(|start| body.get(start..)));
    parts
}

fn without_line_end(part: &[u8]) -> &[u8] {
    let part = part.strip_suffix(b"\n").unwrap_or(part);
    part.strip_suffix(b"\r").unwrap_or(part)
}

impl Header {
    fn read(header: &[u8]) -> Self {
        let text = String::from_utf8_lossy(header);
        let mut read = Self::default();
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let Some((name, value)) = line.split_once(':') else { continue };
            let mut value = value.trim().to_owned();
            while let Some(more) = lines.next_if(|line| line.starts_with([' ', '\t'])) {
                value.push(' ');
                value.push_str(more.trim());
            }
            read.field(&name.trim().to_ascii_lowercase(), &value);
        }
        read
    }

    fn field(&mut self, name: &str, value: &str) {
        match name {
            "content-type" => {
                let (kind, parameters) = value.split_once(';').unwrap_or((value, ""));
                self.content_type = kind.trim().to_ascii_lowercase();
                self.boundary = parameter(parameters, "boundary").filter(|text| text.len() <= MAX_BOUNDARY);
                self.file_name = self.file_name.take().or_else(|| parameter(parameters, "name"));
            }
            "content-disposition" => {
                let parameters = value.split_once(';').map_or("", |(_, parameters)| parameters);
                self.file_name = parameter(parameters, "filename").or_else(|| self.file_name.take());
            }
            "content-transfer-encoding" => self.encoding = value.trim().to_ascii_lowercase(),
            "tls-report-domain" => self.domain = Some(value.trim().to_owned()),
            "tls-report-submitter" => self.submitter = Some(value.trim().to_owned()),
            _ => {}
        }
    }
}

/// A parameter of a header field; one that is cut into pieces (`filename*0=`, RFC 2231 §3) is put together.
fn parameter(parameters: &str, wanted: &str) -> Option<String> {
    let mut found: Option<String> = None;
    let mut rest = parameters;
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.trim_matches([' ', '\t', ';']).to_ascii_lowercase();
        let (value, next) = match after.trim_start().strip_prefix('"') {
            Some(quoted) => quoted_string(quoted),
            None => {
                let end = after.find(';').unwrap_or(after.len());
                let (value, next) = after.split_at_checked(end).unwrap_or((after, ""));
                (value.trim().to_owned(), next)
            }
        };
        rest = next;
        let (base, piece) = name.split_once('*').unwrap_or((&name, ""));
        if base == wanted {
            // The character set and language that may stand before a coded value.
            let value = match value.splitn(3, '\'').last() {
                Some(text) if piece.ends_with('*') || name.ends_with('*') => text.to_owned(),
                _ => value,
            };
            found.get_or_insert_default().push_str(&value);
        }
    }
    found
}

/// The inside of a quoted string, and what follows it.
fn quoted_string(quoted: &str) -> (String, &str) {
    let mut text = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (text, quoted.get(at + 1..).unwrap_or("")),
            '\\' => text.extend(characters.next().map(|(_, character)| character)),
            _ => text.push(character),
        }
    }
    (text, "")
}
