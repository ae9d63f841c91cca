//! The MTA-STS policy file, RFC 8461 §3.2.
//!
//! ```text
//! policy = field *WSP *( ( LF / CRLF ) field *WSP ) [ LF / CRLF ]        (erratum 6253 for the line ends)
//! field  = key ":" *WSP value
//! mx     = "mx:" *WSP [ "*." ] Domain                                    Domain of RFC 5321: no final dot, A-labels
//! ```
//!
//! Keys and values are case-sensitive. Any `key: value` of the right form passes as an extension, so that a field is
//! told by its key first, and then its value is judged.

use std::net::Ipv4Addr;

use crate::name::{DomainName, NameError};
use crate::order;
use crate::text::{Piece, Span};

use super::fields::{clip, is_name, is_wsp};
use super::{Parsed, Problem, Weight};

/// Most bytes of a policy that a sender needs to read, RFC 8461 §3.3.
pub const MAX_BYTES: usize = 65_536;
/// Longest `max_age`: one year of 365.25 days in seconds, RFC 8461 §3.2.
pub const MAX_MAX_AGE: u64 = 31_557_600;
/// Most `mx` patterns that are read; the longest sensible policy has fewer than twenty.
pub const MAX_PATTERNS: usize = 1024;
/// Most problems that are kept; a file with more is no policy.
const MAX_PROBLEMS: usize = 40;

/// What senders do where TLS fails, RFC 8461 §5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They do not deliver.
    Enforce,
    /// They deliver, and report.
    Testing,
    /// As if there was no policy.
    None,
}

impl Mode {
    /// The word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Testing => "testing",
            Self::None => "none",
        }
    }
}

/// One `mx` value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MxPattern {
    /// Whether `*.` stands before the name.
    pub wildcard: bool,
    /// The name, or what follows `*.`.
    pub name: DomainName,
    /// Where it stands.
    pub span: Span,
}

impl MxPattern {
    /// Whether the pattern covers a mail host: the same name, or the star for exactly one label (RFC 8461 §4.1).
    pub fn matches(&self, host: &DomainName) -> bool {
        if self.wildcard {
            !self.name.is_root() && host.parent().as_ref() == Some(&self.name)
        } else {
            *host == self.name
        }
    }

    /// The pattern as it is written, in lower case.
    pub fn text(&self) -> String {
        if self.wildcard { format!("*.{}", self.name) } else { self.name.to_string() }
    }
}

/// A policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MtaStsPolicy {
    /// The first `mode`, where it is one.
    pub mode: Option<Mode>,
    /// Where its line stands.
    pub mode_span: Option<Span>,
    /// The first `max_age` in seconds, where it is a number within the bounds.
    pub max_age: Option<u64>,
    /// Where its line stands.
    pub max_age_span: Option<Span>,
    /// Every `mx` value that is one.
    pub patterns: Vec<MxPattern>,
}

/// The text of a policy.
pub fn write(mode: Mode, hosts: &[&str], max_age: u64) -> String {
    let lines: String = hosts.iter().map(|host| format!("mx: {host}\n")).collect();
    format!("version: STSv1\nmode: {}\n{lines}max_age: {max_age}\n", mode.word())
}

impl MtaStsPolicy {
    /// Whether some pattern covers a mail host.
    pub fn covers(&self, host: &DomainName) -> bool {
        let parent = host.parent();
        self.patterns.iter().any(|pattern| {
            if pattern.wildcard { parent.as_ref() == Some(&pattern.name) } else { *host == pattern.name }
        })
    }
}

/// What is wrong with a policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyProblem {
    /// The file is empty.
    Empty,
    /// The file is a web page.
    Html,
    /// The file is larger than [`MAX_BYTES`]; the rest was not looked at.
    TooLarge { bytes: usize },
    /// The file is not UTF-8.
    NotUtf8,
    /// A byte order mark stands at the start.
    ByteOrderMark,
    /// Lines end in a carriage return alone.
    LoneCarriageReturn { lines: usize },
    /// Blank lines, which the grammar does not know.
    BlankLines { lines: usize },
    /// A line that begins with `#`: there are no comments.
    Comment,
    /// A line without a colon.
    NotAField { text: String },
    /// White space before a key.
    SpaceBeforeKey,
    /// White space between key and colon.
    SpaceBeforeColon { key: String },
    /// A key that no field may have.
    BadKey { key: String },
    /// A key of the RFC in the wrong case or with a hyphen for the underscore: an unknown extension.
    KeyForm { found: String, meant: &'static str },
    /// A key that the RFC does not define; senders ignore it.
    UnknownKey { key: String },
    /// Nothing behind the colon.
    EmptyValue { key: String },
    /// A character that no value may hold.
    BadCharacter { key: String, character: char },
    /// A second line of a key that counts once: the first wins (RFC 8461 §3.2).
    Repeated { key: &'static str },
    /// There is no `version`.
    VersionMissing,
    /// The version is not `STSv1`.
    VersionWrong { found: String },
    /// The version is not in the first line; allowed, and unusual.
    VersionNotFirst,
    /// There is no `mode`.
    ModeMissing,
    /// The mode is none of `enforce`, `testing` and `none`.
    ModeWrong { found: String },
    /// There is no `max_age`.
    MaxAgeMissing,
    /// The `max_age` is not made of digits.
    MaxAgeNotANumber { found: String },
    /// The `max_age` is over [`MAX_MAX_AGE`].
    MaxAgeTooLarge { found: String },
    /// There is no `mx`, and the mode is not `none`.
    MxMissing,
    /// A name ends in a dot.
    MxFinalDot,
    /// A name has an underscore, which no host may have.
    MxUnderscore,
    /// A name in letters outside ASCII: A-labels are required.
    MxNotAscii,
    /// Several names in one line.
    MxSeveral,
    /// A star that is not `*.` before a name.
    MxStar,
    /// A name begins with a dot, as drafts before the RFC had it.
    MxLeadingDot,
    /// An IP address for a name: no mail host has such a name.
    MxAddress,
    /// No domain name for another reason.
    MxBadName { why: NameError },
    /// No name that a host may have.
    MxNotAHostName,
    /// The same `mx` value stands there twice.
    MxRepeated { pattern: String },
    /// More than [`MAX_PATTERNS`] values; the rest was not looked at.
    TooManyPatterns,
    /// More problems than are shown.
    More { hidden: usize },
}

/// Reads a body as far as it goes: its text, cut at [`MAX_BYTES`], and the policy in it.
pub fn read(body: &[u8]) -> (String, Parsed<MtaStsPolicy, PolicyProblem>) {
    let cut = body.get(..MAX_BYTES).unwrap_or(body);
    let (text, is_utf8) = match std::str::from_utf8(cut) {
        Ok(text) => (text.to_owned(), true),
        // A cut through the last character is no fault of the file.
        Err(error) if body.len() > MAX_BYTES && error.error_len().is_none() => {
            (String::from_utf8_lossy(cut.get(..error.valid_up_to()).unwrap_or(cut)).into_owned(), true)
        }
        Err(_) => (String::from_utf8_lossy(cut).into_owned(), false),
    };
    let mut parsed = parse(&text);
    let mut whole = |kind| parsed.problems.insert(0, Problem { kind, span: Span::whole(&text), weight: Weight::Fault });
    if !is_utf8 {
        whole(PolicyProblem::NotUtf8);
    }
    if body.len() > MAX_BYTES {
        whole(PolicyProblem::TooLarge { bytes: body.len() });
    }
    (text, parsed)
}

/// Reads the text of a policy as far as it goes.
pub fn parse(text: &str) -> Parsed<MtaStsPolicy, PolicyProblem> {
    let mut reader = Reader::default();
    let mut whole = Piece::whole(text);
    if let Some(rest) = text.strip_prefix('\u{FEFF}') {
        whole = Piece { text: rest, start: text.len() - rest.len() };
        reader.note(PolicyProblem::ByteOrderMark, Span::new(0, whole.start), Weight::Fault);
    }
    let content = whole.trim(char::is_whitespace);
    if content.text.is_empty() {
        reader.note(PolicyProblem::Empty, Span::whole(text), Weight::Fault);
    } else if content.text.starts_with('<') {
        let line = content.text.lines().next().unwrap_or("");
        reader.note(PolicyProblem::Html, Span::new(content.start, content.start + line.len()), Weight::Fault);
    } else {
        reader.read_lines(whole);
        reader.finish(text);
    }
    reader.into_parsed()
}

/// What is collected on the way.
#[derive(Default)]
struct Reader {
    policy: MtaStsPolicy,
    problems: Vec<Problem<PolicyProblem>>,
    hidden: Option<(usize, Weight)>,
    blank: Option<(Span, usize)>,
    lone_return: Option<(Span, usize)>,
    fields: usize,
    version_seen: bool,
    mx_seen: bool,
    too_many: bool,
}

impl Reader {
    fn note(&mut self, kind: PolicyProblem, span: Span, weight: Weight) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem { kind, span, weight });
        } else {
            let (count, heaviest) = self.hidden.get_or_insert((0, weight));
            *count += 1;
            *heaviest = weight.max(*heaviest);
        }
    }

    fn fault(&mut self, kind: PolicyProblem, span: Span) {
        self.note(kind, span, Weight::Fault);
    }

    /// Cuts the file at LF, CRLF and, though that is a fault, at a CR alone.
    fn read_lines(&mut self, whole: Piece<'_>) {
        let mut lines = whole.split('\n').peekable();
        while let Some(line) = lines.next() {
            let is_last = lines.peek().is_none();
            let line = match line.text.strip_suffix('\r') {
                Some(text) if !is_last => Piece { text, start: line.start },
                _ => line,
            };
            let mut parts = line.split('\r').peekable();
            while let Some(part) = parts.next() {
                let ends_in_lone_return = parts.peek().is_some();
                if ends_in_lone_return {
                    let span = Span::new(part.span().end, part.span().end + 1);
                    let (_, count) = self.lone_return.get_or_insert((span, 0));
                    *count += 1;
                }
                // What follows the last line end is no line.
                let after_the_end = part.text.is_empty() && is_last && !ends_in_lone_return;
                if !after_the_end {
                    self.read_line(part);
                }
            }
        }
    }

    fn read_line(&mut self, line: Piece<'_>) {
        let content = line.trim(is_wsp);
        if content.text.is_empty() {
            // A line with nothing in it is shown by its line end, which it has: the last line is not read when empty.
            let span = if line.text.is_empty() { Span::new(line.start, line.start + 1) } else { line.span() };
            let (_, count) = self.blank.get_or_insert((span, 0));
            *count += 1;
            return;
        }
        if content.text.starts_with('#') {
            self.note(PolicyProblem::Comment, content.span(), Weight::Doubt);
            return;
        }
        let Some((key, value)) = content.split_once(':') else {
            self.fault(PolicyProblem::NotAField { text: clip(content.text) }, content.span());
            return;
        };
        if content.start > line.start {
            self.fault(PolicyProblem::SpaceBeforeKey, Span::new(line.start, content.start));
        }
        let (spaced_key, value) = (key, value.trim(is_wsp));
        let key = spaced_key.trim(is_wsp);
        if key.text.len() < spaced_key.text.len() {
            let span = Span::new(key.span().end, spaced_key.span().end);
            self.fault(PolicyProblem::SpaceBeforeColon { key: clip(key.text) }, span);
        }
        self.fields += 1;
        self.read_field(key, value);
    }

    fn read_field(&mut self, key: Piece<'_>, value: Piece<'_>) {
        let field = Span::new(key.start, value.span().end);
        match key.text {
            "version" => {
                if self.version_seen {
                    return self.note(PolicyProblem::Repeated { key: "version" }, field, Weight::Doubt);
                }
                self.version_seen = true;
                if self.fields > 1 {
                    self.note(PolicyProblem::VersionNotFirst, field, Weight::Note);
                }
                if value.text != "STSv1" {
                    let span = if value.text.is_empty() { field } else { value.span() };
                    self.fault(PolicyProblem::VersionWrong { found: clip(value.text) }, span);
                }
            }
            "mode" => self.read_mode(value, field),
            "max_age" => self.read_max_age(value, field),
            "mx" => {
                self.mx_seen = true;
                self.read_mx(value, field);
            }
            _ => self.read_other(key, value, field),
        }
    }

    fn read_mode(&mut self, value: Piece<'_>, field: Span) {
        if self.policy.mode_span.is_some() {
            return self.note(PolicyProblem::Repeated { key: "mode" }, field, Weight::Doubt);
        }
        self.policy.mode_span = Some(field);
        self.policy.mode =
            [Mode::Enforce, Mode::Testing, Mode::None].into_iter().find(|mode| mode.word() == value.text);
        if self.policy.mode.is_none() {
            let span = if value.text.is_empty() { field } else { value.span() };
            self.fault(PolicyProblem::ModeWrong { found: clip(value.text) }, span);
        }
    }

    fn read_max_age(&mut self, value: Piece<'_>, field: Span) {
        if self.policy.max_age_span.is_some() {
            return self.note(PolicyProblem::Repeated { key: "max_age" }, field, Weight::Doubt);
        }
        self.policy.max_age_span = Some(field);
        let span = if value.text.is_empty() { field } else { value.span() };
        if value.text.is_empty() || !value.text.bytes().all(|b| b.is_ascii_digit()) {
            return self.fault(PolicyProblem::MaxAgeNotANumber { found: clip(value.text) }, span);
        }
        // 1*10DIGIT, and a bound of one year.
        match value.text.parse::<u64>() {
            Ok(seconds) if seconds <= MAX_MAX_AGE && value.text.len() <= 10 => self.policy.max_age = Some(seconds),
            _ => self.fault(PolicyProblem::MaxAgeTooLarge { found: clip(value.text) }, span),
        }
    }

    fn read_mx(&mut self, value: Piece<'_>, field: Span) {
        if value.text.is_empty() {
            return self.fault(PolicyProblem::EmptyValue { key: "mx".into() }, field);
        }
        if self.policy.patterns.len() == MAX_PATTERNS {
            if !self.too_many {
                self.note(PolicyProblem::TooManyPatterns, field, Weight::Doubt);
            }
            self.too_many = true;
            return;
        }
        match read_pattern(value) {
            Ok(pattern) => {
                if self.policy.patterns.iter().any(|p| p.wildcard == pattern.wildcard && p.name == pattern.name) {
                    let kind = PolicyProblem::MxRepeated { pattern: clip(&pattern.text()) };
                    return self.note(kind, value.span(), Weight::Note);
                }
                self.policy.patterns.push(pattern);
            }
            Err(kind) => self.fault(kind, value.span()),
        }
    }

    fn read_other(&mut self, key: Piece<'_>, value: Piece<'_>, field: Span) {
        let folded = key.text.replace('-', "_");
        let meant = ["version", "mode", "max_age", "mx"].into_iter().find(|known| known.eq_ignore_ascii_case(&folded));
        if let Some(meant) = meant {
            return self.note(PolicyProblem::KeyForm { found: clip(key.text), meant }, key.span(), Weight::Doubt);
        }
        if !is_name(key.text) {
            let span = if key.text.is_empty() { field } else { key.span() };
            return self.fault(PolicyProblem::BadKey { key: clip(key.text) }, span);
        }
        if value.text.is_empty() {
            return self.fault(PolicyProblem::EmptyValue { key: clip(key.text) }, field);
        }
        if let Some((at, character)) = value.text.char_indices().find(|(_, c)| c.is_ascii_control()) {
            let start = value.start + at;
            let span = Span::new(start, start + character.len_utf8());
            return self.fault(PolicyProblem::BadCharacter { key: clip(key.text), character }, span);
        }
        self.note(PolicyProblem::UnknownKey { key: clip(key.text) }, key.span(), Weight::Note);
    }

    /// What can only be said at the end: what is missing, and what is told once for the whole file.
    fn finish(&mut self, text: &str) {
        let mut last = |kind, span, weight| self.problems.push(Problem { kind, span, weight });
        if let Some((span, lines)) = self.lone_return {
            last(PolicyProblem::LoneCarriageReturn { lines }, span, Weight::Fault);
        }
        if let Some((span, lines)) = self.blank {
            last(PolicyProblem::BlankLines { lines }, span, Weight::Doubt);
        }
        let whole = Span::whole(text);
        if !self.version_seen {
            last(PolicyProblem::VersionMissing, whole, Weight::Fault);
        }
        if self.policy.mode_span.is_none() {
            last(PolicyProblem::ModeMissing, whole, Weight::Fault);
        }
        if self.policy.max_age_span.is_none() {
            last(PolicyProblem::MaxAgeMissing, whole, Weight::Fault);
        }
        if !self.mx_seen && self.policy.mode != Some(Mode::None) {
            last(PolicyProblem::MxMissing, whole, Weight::Fault);
        }
    }

    fn into_parsed(self) -> Parsed<MtaStsPolicy, PolicyProblem> {
        let mut problems = self.problems;
        order::by_key(&mut problems, |problem| problem.span.order());
        if let Some((hidden, weight)) = self.hidden {
            let span = problems.last().map_or(Span::new(0, 0), |problem| problem.span);
            problems.push(Problem { kind: PolicyProblem::More { hidden }, span, weight });
        }
        Parsed { record: self.policy, problems }
    }
}

/// Reads one `mx` value.
fn read_pattern(value: Piece<'_>) -> Result<MxPattern, PolicyProblem> {
    let (wildcard, text) = match value.text.strip_prefix("*.") {
        Some(rest) => (true, rest),
        None => (false, value.text),
    };
    if text.contains(|c: char| c.is_whitespace() || matches!(c, ',' | ';')) {
        return Err(PolicyProblem::MxSeveral);
    }
    if text.contains('*') || (wildcard && text.is_empty()) {
        return Err(PolicyProblem::MxStar);
    }
    if text.starts_with('.') {
        return Err(PolicyProblem::MxLeadingDot);
    }
    if text.ends_with('.') {
        return Err(PolicyProblem::MxFinalDot);
    }
    if !text.is_ascii() {
        return Err(PolicyProblem::MxNotAscii);
    }
    if text.contains('_') {
        return Err(PolicyProblem::MxUnderscore);
    }
    if text.trim_matches(['[', ']']).parse::<Ipv4Addr>().is_ok() || text.contains(':') {
        return Err(PolicyProblem::MxAddress);
    }
    match DomainName::parse(text) {
        Ok(name) if name.is_host_name() => Ok(MxPattern { wildcard, name, span: value.span() }),
        Ok(_) => Err(PolicyProblem::MxNotAHostName),
        Err(why) => Err(PolicyProblem::MxBadName { why }),
    }
}
