//! Domain names, as they are compared and looked up: lower-case A-labels in presentation form, no trailing dot.

use std::fmt;

/// Longest name in presentation form, RFC 1035 §2.3.4: 255 octets on the wire are 253 characters.
const MAX_NAME: usize = 253;
/// Longest label, RFC 1035 §2.3.4.
const MAX_LABEL: usize = 63;

/// A domain name in lower-case presentation form without the trailing dot; the root is `.`.
///
/// Any octet may stand in a label (RFC 2181 §11); what is not printable ASCII, and `. \ " ( ) ; @ $`, is kept escaped as in a
/// zone file. [`DomainName::is_host_name`] tells the names that a host may have.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DomainName(Box<str>);

/// Why a text is no domain name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameError {
    /// The text is empty.
    Empty,
    /// Two dots stand side by side, or the text starts with a dot.
    EmptyLabel,
    /// A label has more than 63 octets.
    LabelTooLong { octets: usize },
    /// The whole name has more than 255 octets on the wire.
    TooLong,
    /// A backslash is followed by neither a character nor three digits up to 255.
    BadEscape,
    /// A character outside ASCII: the name must be given as A-labels (`xn--…`).
    NotAscii { character: char },
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the name is empty"),
            Self::EmptyLabel => f.write_str("the name has an empty label (two dots side by side)"),
            Self::LabelTooLong { octets } => {
                write!(f, "a label has {octets} octets; at most {MAX_LABEL} are allowed")
            }
            Self::TooLong => f.write_str("the name is longer than 255 octets"),
            Self::BadEscape => f.write_str("a backslash escape is malformed"),
            Self::NotAscii { character } => {
                write!(f, "“{character}” is not ASCII; the name must be written as A-labels (xn--…)")
            }
        }
    }
}

impl DomainName {
    /// The root of the DNS.
    pub fn root() -> Self {
        Self(".".into())
    }

    /// Reads presentation form (RFC 1035 §5.1), with or without the trailing dot, and lower-cases it.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if text == "." {
            return Ok(Self::root());
        }
        if text.bytes().all(is_plain) {
            return Self::from_labels(text.strip_suffix('.').unwrap_or(text).split('.').map(str::as_bytes));
        }
        let mut labels: Vec<Vec<u8>> = vec![Vec::new()];
        let mut characters = text.chars();
        let mut after_dot = false;
        while let Some(character) = characters.next() {
            after_dot = false;
            let octet = match character {
                '.' => {
                    labels.push(Vec::new());
                    after_dot = true;
                    continue;
                }
                '\\' => unescape(&mut characters)?,
                c if c.is_ascii() => c as u8,
                character => return Err(NameError::NotAscii { character }),
            };
            if let Some(label) = labels.last_mut() {
                label.push(octet);
            }
        }
        if after_dot {
            labels.pop();
        }
        Self::from_labels(labels.iter().map(Vec::as_slice))
    }

    /// A name from its labels as octets, left-most first; none is the root.
    pub fn from_labels<'a>(labels: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, NameError> {
        let labels = labels.into_iter();
        let mut text = String::with_capacity(64);
        let mut wire_length = 1;
        for label in labels {
            if label.is_empty() {
                return Err(NameError::EmptyLabel);
            }
            if label.len() > MAX_LABEL {
                return Err(NameError::LabelTooLong { octets: label.len() });
            }
            wire_length += label.len() + 1;
            if !text.is_empty() {
                text.push('.');
            }
            match std::str::from_utf8(label) {
                Ok(plain) if label.iter().all(|&octet| octet != b'.' && is_plain(octet)) => {
                    let start = text.len();
                    text.push_str(plain);
                    if let Some(added) = text.get_mut(start..) {
                        added.make_ascii_lowercase();
                    }
                }
                _ => label.iter().for_each(|octet| escape(octet.to_ascii_lowercase(), &mut text)),
            }
        }
        if wire_length > MAX_NAME + 2 {
            return Err(NameError::TooLong);
        }
        if text.is_empty() {
            return Ok(Self::root());
        }
        Ok(Self(text.into()))
    }

    /// Presentation form, lower-case, without the trailing dot; `.` for the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the root.
    pub fn is_root(&self) -> bool {
        &*self.0 == "."
    }

    /// The labels in presentation form, left-most first; none for the root.
    pub fn labels(&self) -> Vec<&str> {
        if self.is_root() {
            return Vec::new();
        }
        let mut labels = Vec::new();
        let mut start = 0;
        let mut escaped = false;
        for (at, octet) in self.0.bytes().enumerate() {
            match octet {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'.' => {
                    labels.extend(self.0.get(start..at));
                    start = at + 1;
                }
                _ => {}
            }
        }
        labels.extend(self.0.get(start..));
        labels
    }

    /// How many labels the name has; 0 for the root.
    pub fn label_count(&self) -> usize {
        self.labels().len()
    }

    /// The name without its left-most label; the root's parent does not exist.
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        let mut escaped = false;
        let end = self.0.bytes().position(|octet| {
            let ends = octet == b'.' && !escaped;
            escaped = octet == b'\\' && !escaped;
            ends
        });
        match end.and_then(|end| self.0.get(end + 1..)) {
            Some(rest) if !rest.is_empty() => Some(Self(rest.into())),
            _ => Some(Self::root()),
        }
    }

    /// The right-most `count` labels; the whole name where it has no more.
    pub fn suffix(&self, count: usize) -> Self {
        let mut name = self.clone();
        for _ in count..self.label_count() {
            match name.parent() {
                Some(parent) => name = parent,
                None => break,
            }
        }
        name
    }

    /// The name below this one: `_25._tcp` + `mx.example` is `_25._tcp.mx.example`.
    pub fn child(&self, prefix: &str) -> Result<Self, NameError> {
        if self.is_root() {
            return Self::parse(prefix);
        }
        Self::parse(&format!("{prefix}.{}", self.0))
    }

    /// Whether this is `ancestor` or a name below it.
    pub fn is_at_or_below(&self, ancestor: &Self) -> bool {
        if ancestor.is_root() || self == ancestor {
            return true;
        }
        // What is below ends in the same text, though not the other way round: a dot may be escaped.
        if !self.0.ends_with(&*ancestor.0) {
            return false;
        }
        let mine = self.labels();
        let theirs = ancestor.labels();
        mine.len() > theirs.len() && mine.ends_with(&theirs)
    }

    /// Whether a host may have this name: letters, digits and inner hyphens only (RFC 952, RFC 1123 §2.1).
    pub fn is_host_name(&self) -> bool {
        !self.is_root()
            && self.labels().iter().all(|label| {
                label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                    && !label.starts_with('-')
                    && !label.ends_with('-')
            })
    }

    /// The name with the trailing dot, as zone files write absolute names.
    pub fn absolute(&self) -> String {
        if self.is_root() { ".".into() } else { format!("{}.", self.0) }
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for DomainName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for DomainName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| serde::de::Error::custom(format!("“{text}”: {error}")))
    }
}

/// Whether an octet stands for itself in presentation form, or is the dot between labels.
fn is_plain(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-' | b'_')
}

/// Reads what follows a backslash: three digits, or any ASCII character for itself.
fn unescape(characters: &mut std::str::Chars<'_>) -> Result<u8, NameError> {
    let first = characters.next().ok_or(NameError::BadEscape)?;
    let Some(hundreds) = first.to_digit(10) else {
        return u8::try_from(first).ok().filter(u8::is_ascii).ok_or(NameError::BadEscape);
    };
    let mut digit = || characters.next().and_then(|c| c.to_digit(10)).ok_or(NameError::BadEscape);
    let value = hundreds * 100 + digit()? * 10 + digit()?;
    u8::try_from(value).map_err(|_| NameError::BadEscape)
}

/// Writes one octet of a label in presentation form.
fn escape(octet: u8, into: &mut String) {
    match octet {
        b'.' | b'\\' | b'"' | b'(' | b')' | b';' | b'@' | b'$' => {
            into.push('\\');
            into.push(char::from(octet));
        }
        0x21..=0x7E => into.push(char::from(octet)),
        _ => into.push_str(&format!("\\{octet:03}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> DomainName {
        DomainName::parse(text).unwrap()
    }

    #[test]
    fn presentation_form_is_lower_case_and_relative() {
        assert_eq!(name("WWW.Example.COM.").as_str(), "www.example.com");
        assert_eq!(name(r"a\.b.example").labels(), [r"a\.b", "example"]);
        assert_eq!(name(r"\065\000.example").as_str(), r"a\000.example");
        assert_eq!(name(".").label_count(), 0);
    }

    #[test]
    fn what_is_no_name() {
        assert_eq!(DomainName::parse(""), Err(NameError::Empty));
        assert_eq!(DomainName::parse("a..b"), Err(NameError::EmptyLabel));
        assert_eq!(DomainName::parse(".a"), Err(NameError::EmptyLabel));
        assert_eq!(DomainName::parse(&"a".repeat(64)), Err(NameError::LabelTooLong { octets: 64 }));
        assert_eq!(DomainName::parse(&["a"; 128].join(".")), Err(NameError::TooLong));
        assert!(DomainName::parse(&["a"; 127].join(".")).is_ok());
        assert_eq!(DomainName::parse("a\\"), Err(NameError::BadEscape));
        assert_eq!(DomainName::parse("a\\999"), Err(NameError::BadEscape));
        assert_eq!(DomainName::parse("bücher.example"), Err(NameError::NotAscii { character: 'ü' }));
    }

    #[test]
    fn relations() {
        assert_eq!(name("a.b.c").parent(), Some(name("b.c")));
        assert_eq!(name("c").parent(), Some(DomainName::root()));
        assert_eq!(DomainName::root().parent(), None);
        assert_eq!(name("a.b.c.d").suffix(2), name("c.d"));
        assert_eq!(name("mx.example").child("_25._tcp"), Ok(name("_25._tcp.mx.example")));
        assert!(name("a.example").is_at_or_below(&name("example")));
        assert!(!name("aexample").is_at_or_below(&name("example")));
        assert!(!name(r"a\.example").is_at_or_below(&name("example")));
        assert!(name("mx-1.example").is_host_name());
        assert!(!name("_dmarc.example").is_host_name());
    }
}
