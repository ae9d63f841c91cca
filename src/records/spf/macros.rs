//! Macros, RFC 7208 §7: reading them, and expanding them once the values are known.

use crate::name::{DomainName, NameError};
use crate::text::{Piece, Span, percent_encoded};

use super::problem::{MacroFault, ProblemKind, Problems};

/// Longest name that an expansion may have; longer ones lose labels on the left (RFC 7208 §7.3).
const MAX_EXPANDED: usize = 253;
/// The delimiters that a macro may name, RFC 7208 §7.1.
const DELIMITERS: &str = ".-+,/_=";

/// A macro letter, RFC 7208 §7.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Letter {
    /// `s`: the sender's address.
    Sender,
    /// `l`: the local-part of the sender.
    LocalPart,
    /// `o`: the domain of the sender.
    SenderDomain,
    /// `d`: the domain being evaluated.
    Domain,
    /// `i`: the client's address, dotted.
    Address,
    /// `p`: the validated host name of the client; deprecated.
    ValidatedName,
    /// `v`: `in-addr` or `ip6`.
    AddressFamily,
    /// `h`: the HELO name.
    Helo,
    /// `c`: the client's address, readable; only in explanations.
    ReadableAddress,
    /// `r`: the host that checks; only in explanations.
    Receiver,
    /// `t`: the time; only in explanations.
    Time,
}

impl Letter {
    /// The letter, lower or upper case.
    pub fn of(letter: char) -> Option<Self> {
        Some(match letter.to_ascii_lowercase() {
            's' => Self::Sender,
            'l' => Self::LocalPart,
            'o' => Self::SenderDomain,
            'd' => Self::Domain,
            'i' => Self::Address,
            'p' => Self::ValidatedName,
            'v' => Self::AddressFamily,
            'h' => Self::Helo,
            'c' => Self::ReadableAddress,
            'r' => Self::Receiver,
            't' => Self::Time,
            _ => return None,
        })
    }

    /// Whether the letter may stand only in the text of an explanation (RFC 7208 §7.2).
    pub fn only_in_explanation(self) -> bool {
        matches!(self, Self::ReadableAddress | Self::Receiver | Self::Time)
    }
}

/// `%{` letter, transformers, delimiters `}`, RFC 7208 §7.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expand {
    /// What is put in.
    pub letter: Letter,
    /// How many right-most parts are kept; all where absent. Never 0.
    pub keep: Option<u32>,
    /// Whether the parts are reversed first.
    pub reverse: bool,
    /// Where the value is cut; `.` where empty.
    pub delimiters: String,
    /// Whether the result is percent-encoded (upper-case letter).
    pub escape: bool,
}

impl Expand {
    /// Transforms the value of the letter: cut, reverse, keep, join with dots, percent-encode (RFC 7208 §7.3).
    pub fn apply(&self, value: &str) -> String {
        let delimiters = if self.delimiters.is_empty() { "." } else { &self.delimiters };
        let mut parts: Vec<&str> = value.split(|c| delimiters.contains(c)).collect();
        if self.reverse {
            parts.reverse();
        }
        let keep = self.keep.map_or(parts.len(), |keep| usize::try_from(keep).unwrap_or(usize::MAX));
        let joined = parts.split_off(parts.len().saturating_sub(keep)).join(".");
        if self.escape { percent_encoded(&joined) } else { joined }
    }
}

/// One part of a macro-string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text that stands for itself.
    Literal(String),
    /// A macro.
    Expand(Expand),
    /// `%%`: a percent sign.
    Percent,
    /// `%_`: a space.
    Space,
    /// `%-`: a space, percent-encoded.
    EncodedSpace,
}

/// A macro-string, RFC 7208 §7.1, as a domain-spec or the value of a modifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacroString {
    /// The parts, in order.
    pub parts: Vec<Part>,
    /// Where it stands in the record.
    pub span: Span,
}

impl MacroString {
    /// The text, where it holds no macro at all.
    pub fn literal(&self) -> Option<String> {
        self.expand(|_| None)
    }

    /// Whether any of the macros is this one.
    pub fn uses(&self, letter: Letter) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Expand(expand) if expand.letter == letter))
    }

    /// The text with every macro replaced; `None` where `value` does not know a letter.
    pub fn expand(&self, value: impl Fn(Letter) -> Option<String>) -> Option<String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Expand(expand) => text.push_str(&expand.apply(&value(expand.letter)?)),
                Part::Percent => text.push('%'),
                Part::Space => text.push(' '),
                Part::EncodedSpace => text.push_str("%20"),
            }
        }
        Some(text)
    }
}

/// The name that an expanded domain-spec stands for: one trailing dot dropped, cut to 253 characters by dropping labels
/// on the left (RFC 7208 §7.3). Nothing is an escape here: a backslash is a backslash.
pub fn target_name(expanded: &str) -> Result<DomainName, NameError> {
    let mut name = expanded.strip_suffix('.').unwrap_or(expanded);
    while name.len() > MAX_EXPANDED {
        match name.split_once('.') {
            Some((_, rest)) => name = rest,
            None => break,
        }
    }
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    DomainName::from_labels(name.split('.').map(str::as_bytes))
}

/// Reads the text of an explanation, RFC 7208 §6.2: macros, visible ASCII and spaces. `None` where it is none.
pub fn read_explanation(text: &str) -> Option<MacroString> {
    let sound = text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    sound.then(|| read(Piece::whole(text), &mut Problems::default())).flatten()
}

/// Reads a macro-string of visible ASCII; every malformed macro is a fault. `None` where there was one.
pub(super) fn read(piece: Piece<'_>, problems: &mut Problems) -> Option<MacroString> {
    let mut parts = Vec::new();
    let mut sound = true;
    let mut rest = piece;
    while let Some((literal, after)) = rest.text.find('%').and_then(|at| rest.split_at(at)) {
        push_literal(literal, &mut parts);
        let (part, length) = read_percent(after.text);
        match part {
            Ok(part) => parts.push(part),
            Err(fault) => {
                sound = false;
                let span = Span::new(after.start, after.start + length);
                problems.fault(ProblemKind::BadMacro { fault }, span);
            }
        }
        // `length` ends on a character boundary of ASCII text; where it would not, the rest is left alone.
        rest = after.split_at(length)?.1;
    }
    push_literal(rest, &mut parts);
    sound.then_some(MacroString { parts, span: piece.span() })
}

fn push_literal(piece: Piece<'_>, parts: &mut Vec<Part>) {
    if !piece.text.is_empty() {
        parts.push(Part::Literal(piece.text.into()));
    }
}

/// Reads what starts with `%`: the part or its fault, and how many bytes it takes.
fn read_percent(text: &str) -> (Result<Part, MacroFault>, usize) {
    let mut characters = text.chars().skip(1);
    match characters.next() {
        Some('%') => (Ok(Part::Percent), 2),
        Some('_') => (Ok(Part::Space), 2),
        Some('-') => (Ok(Part::EncodedSpace), 2),
        Some('{') => {
            let Some(end) = text.find('}') else { return (Err(MacroFault::Unclosed), text.len()) };
            let inner = text.get(2..end).unwrap_or("");
            (read_expand(inner), end + 1)
        }
        _ => (Err(MacroFault::LonePercent), 1),
    }
}

/// Reads what stands between the braces.
fn read_expand(inner: &str) -> Result<Part, MacroFault> {
    let mut characters = inner.chars();
    let name = characters.next().ok_or(MacroFault::Empty)?;
    let letter = Letter::of(name).ok_or(MacroFault::UnknownLetter { letter: name })?;
    let rest = characters.as_str();
    let after_digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = rest.strip_suffix(after_digits).unwrap_or("");
    let keep = match digits {
        "" => None,
        // More digits than a number holds are more parts than any value has.
        digits => Some(digits.parse().unwrap_or(u32::MAX)),
    };
    if keep == Some(0) {
        return Err(MacroFault::ZeroParts);
    }
    let delimiters = after_digits.strip_prefix(['r', 'R']);
    let (reverse, delimiters) = (delimiters.is_some(), delimiters.unwrap_or(after_digits));
    if let Some(character) = delimiters.chars().find(|&c| !DELIMITERS.contains(c)) {
        return Err(MacroFault::BadTransformer { character });
    }
    Ok(Part::Expand(Expand { letter, keep, reverse, delimiters: delimiters.into(), escape: name.is_ascii_uppercase() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7208 §7.4: sender `strong-bad@email.example.com`, client 192.0.2.3.
    #[test]
    fn vectors_of_section_7_4() {
        let value = |letter| {
            Some(match letter {
                Letter::Sender => "strong-bad@email.example.com".into(),
                Letter::LocalPart => "strong-bad".into(),
                Letter::SenderDomain | Letter::Domain => "email.example.com".into(),
                Letter::Address => "192.0.2.3".into(),
                Letter::AddressFamily => "in-addr".into(),
                _ => return None,
            })
        };
        for (text, expected) in [
            ("%{s}", "strong-bad@email.example.com"),
            ("%{o}", "email.example.com"),
            ("%{d}", "email.example.com"),
            ("%{d4}", "email.example.com"),
            ("%{d3}", "email.example.com"),
            ("%{d2}", "example.com"),
            ("%{d1}", "com"),
            ("%{dr}", "com.example.email"),
            ("%{d2r}", "example.email"),
            ("%{l}", "strong-bad"),
            ("%{l-}", "strong.bad"),
            ("%{lr}", "strong-bad"),
            ("%{lr-}", "bad.strong"),
            ("%{l1r-}", "strong"),
            ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
            ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
            ("%{S}", "strong-bad%40email.example.com"),
            ("a%%b%_c%-d", "a%b c%20d"),
            ("%{d99999999999999999999}", "email.example.com"),
        ] {
            let mut problems = Problems::default();
            let read = read(Piece::whole(text), &mut problems).unwrap_or_else(|| panic!("{text}: {problems:?}"));
            assert_eq!(read.expand(value).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn malformed_macros_are_located() {
        for (text, fault, at) in [
            ("%", MacroFault::LonePercent, "%"),
            ("a%b", MacroFault::LonePercent, "%"),
            ("x.%{d", MacroFault::Unclosed, "%{d"),
            ("%{}", MacroFault::Empty, "%{}"),
            ("%{q}.x", MacroFault::UnknownLetter { letter: 'q' }, "%{q}"),
            ("%{d0}", MacroFault::ZeroParts, "%{d0}"),
            ("%{dr2}", MacroFault::BadTransformer { character: '2' }, "%{dr2}"),
            ("%{d:}", MacroFault::BadTransformer { character: ':' }, "%{d:}"),
        ] {
            let mut problems = Problems::default();
            assert_eq!(read(Piece::whole(text), &mut problems), None, "{text}");
            let problems = problems.into_vec();
            assert_eq!(problems[0].kind, ProblemKind::BadMacro { fault }, "{text}");
            assert_eq!(problems[0].span.of(text), at, "{text}");
        }
    }

    #[test]
    fn long_names_lose_labels_on_the_left() {
        let long = format!("{}.example.com", vec!["a23456789"; 30].join("."));
        let name = target_name(&long).unwrap();
        assert!(name.as_str().len() <= MAX_EXPANDED && name.as_str().ends_with("a23456789.example.com"));
        assert_eq!(target_name("A.example.").unwrap().as_str(), "a.example");
        assert!(target_name("a..example").is_err());
    }
}
