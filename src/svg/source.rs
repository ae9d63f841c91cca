//! The text of a logo: unpacked where it is gzipped, and only where a parser can read it in bounded time.

use std::borrow::Cow;

use super::gzip::{self, GzipError};

/// Largest text that is judged. Receivers fetch 64 KB at most (mail-bimi); this is what still takes well under a second.
pub const MAX_TEXT: usize = 16 << 20;
/// Most nodes (elements, texts, comments) that are read: with 100 octets each they fill 20 MB of memory.
pub const MAX_NODES: u32 = 200_000;
/// Most `<` in a text, and most `=`: the parser sets memory aside for each, wherever it stands.
const MAX_OPENINGS: usize = 400_000;
/// Most attributes of one element: the parser compares each with each. SVG Tiny PS allows 57 on the root.
pub const MAX_ATTRIBUTES: usize = 256;
/// Most steps for finding prefixes: the parser goes through all declared ones at every name.
const MAX_PREFIX_STEPS: usize = 20_000_000;
/// Longest text that entities may grow to, as estimated beforehand.
const MAX_EXPANDED: usize = 4 << 20;
/// The parser stops an entity after this many references within it.
const REFERENCES_WITHIN: usize = 256;
/// Texts under this size are read without counting first: nothing in them can grow far enough.
const SMALL: usize = 16 << 10;

/// The text of a logo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// The text, uncompressed, without byte order mark.
    pub text: Cow<'a, str>,
    /// Whether it was gzipped (SVGZ).
    pub compressed: bool,
}

/// Why there is no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It starts as gzip and does not unpack.
    Gzip,
    /// It is longer than [`MAX_TEXT`], packed or unpacked.
    TooLarge {
        /// Whether it was gzipped.
        compressed: bool,
    },
    /// It is UTF-16 or UTF-32: every second octet is nothing.
    Wide,
    /// These octets are no UTF-8.
    NotUtf8 {
        /// What could be read before.
        before: String,
        /// Whether it was gzipped.
        compressed: bool,
        /// Octets of the whole.
        size: usize,
    },
}

/// The text of a file: gzip is known by its first octets (RFC 1952 §2.3.1).
pub fn text(bytes: &[u8]) -> Result<Text<'_>, Unreadable> {
    let compressed = bytes.starts_with(&[0x1F, 0x8B]);
    if bytes.len() > MAX_TEXT {
        return Err(Unreadable::TooLarge { compressed });
    }
    let bytes = if compressed { Cow::Owned(unpacked(bytes)?) } else { Cow::Borrowed(bytes) };
    if bytes.starts_with(&[0xFE, 0xFF]) || bytes.starts_with(&[0xFF, 0xFE]) || bytes.get(..8).is_some_and(has_gaps) {
        return Err(Unreadable::Wide);
    }
    let text = match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| bytes.to_vec()),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|error| error.into_bytes()),
    };
    let text = text.map_err(|bytes| not_utf8(&bytes, compressed))?;
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix('\u{FEFF}').unwrap_or(text)),
        Cow::Owned(text) if text.starts_with('\u{FEFF}') => Cow::Owned(text.replacen('\u{FEFF}', "", 1)),
        owned => owned,
    };
    Ok(Text { text, compressed })
}

/// Whether it looks like `<` and more in UTF-16 or UTF-32 without a mark.
fn has_gaps(bytes: &[u8]) -> bool {
    bytes.contains(&b'<') && bytes.iter().filter(|&&byte| byte == 0).count() >= 4
}

fn not_utf8(bytes: &[u8], compressed: bool) -> Unreadable {
    let before = bytes.utf8_chunks().next().map(|chunk| chunk.valid()).unwrap_or_default();
    let before = before.strip_prefix('\u{FEFF}').unwrap_or(before).to_owned();
    Unreadable::NotUtf8 { before, compressed, size: bytes.len() }
}

/// Unpacks gzip, up to [`MAX_TEXT`].
fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    gzip::unpack(bytes, MAX_TEXT).map_err(|error| match error {
        GzipError::Damaged => Unreadable::Gzip,
        GzipError::TooLarge => Unreadable::TooLarge { compressed: true },
    })
}

/// A limit that keeps the parser's work in proportion to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// There are more than [`MAX_OPENINGS`] elements or attributes.
    Openings,
    /// An element carries more than [`MAX_ATTRIBUTES`] attributes.
    Attributes {
        /// Where the element starts.
        at: usize,
    },
    /// So many prefixes are declared and used that finding them takes too long.
    Prefixes {
        /// Where the first is declared.
        at: usize,
    },
    /// Entities would grow to more than [`MAX_EXPANDED`].
    Entities {
        /// Where the first is declared.
        at: usize,
    },
}

/// Whether the text can be given to the parser.
pub fn within_limits(text: &str) -> Result<(), Limit> {
    if let Some(at) = text.find("<!ENTITY") {
        // Longest entity × references in the text × references within an entity: never less than what it grows to.
        let (mut count, mut longest, mut nested) = (0_usize, 0, 1);
        for value in entities(text) {
            count += 1;
            longest = longest.max(value.len());
            nested = if value.contains('&') { REFERENCES_WITHIN } else { nested };
        }
        let references = text.matches('&').count().saturating_mul(nested);
        // Each reference is also looked for among all declarations.
        if longest.max(count).saturating_mul(references) > MAX_EXPANDED {
            return Err(Limit::Entities { at });
        }
    }
    if text.len() < SMALL { Ok(()) } else { count(text) }
}

/// The values of entities: what stands in the first quotes of each declaration.
fn entities(text: &str) -> impl Iterator<Item = &str> {
    text.split("<!ENTITY").skip(1).filter_map(|declaration| {
        let (start, quote) = declaration.char_indices().find(|(_, char)| matches!(char, '"' | '\''))?;
        declaration.get(start + 1..)?.split(quote).next()
    })
}

/// Counts attributes and prefixes, tag by tag, without parsing.
fn count(text: &str) -> Result<(), Limit> {
    let openings = |mark: u8| text.bytes().filter(|byte| *byte == mark).count();
    if openings(b'<').max(openings(b'=')) > MAX_OPENINGS {
        return Err(Limit::Openings);
    }
    let mut names = 0_usize;
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        let at = text.len() - after.len() - 1;
        let (attributes, behind) = tag(after);
        if attributes > MAX_ATTRIBUTES {
            return Err(Limit::Attributes { at });
        }
        names = names.saturating_add(attributes).saturating_add(1);
        rest = behind;
    }
    let declared = text.matches("xmlns").count();
    if declared.saturating_mul(names) > MAX_PREFIX_STEPS {
        return Err(Limit::Prefixes { at: text.find("xmlns").unwrap_or_default() });
    }
    Ok(())
}

/// How many `=` stand outside quotes up to the end of a tag, and what follows it. Comments, CDATA and declarations are
/// skipped whole, so that quotes in them do not swallow what follows.
fn tag(after: &str) -> (usize, &str) {
    for (start, end) in [("!--", "-->"), ("![CDATA[", "]]>"), ("?", "?>")] {
        if let Some(inner) = after.strip_prefix(start) {
            return (0, inner.split_once(end).map_or("", |(_, behind)| behind));
        }
    }
    if let Some(inner) = after.strip_prefix('!') {
        return (0, inner);
    }
    let (mut attributes, mut rest) = (0_usize, after);
    while let Some(index) = rest.find(['=', '"', '\'', '>', '<']) {
        let (_, found) = rest.split_at(index);
        let quote = match found.as_bytes().first() {
            Some(b'=') => {
                attributes += 1;
                rest = found.get(1..).unwrap_or_default();
                continue;
            }
            Some(b'"') => '"',
            Some(b'\'') => '\'',
            Some(b'<') => return (attributes, found),
            _ => return (attributes, found.get(1..).unwrap_or_default()),
        };
        let inner = found.get(1..).unwrap_or_default();
        rest = inner.split_once(quote).map_or("", |(_, behind)| behind);
    }
    (attributes, "")
}

/// The encoding that the XML declaration names, with its place.
pub fn declared_encoding(text: &str) -> Option<(&str, usize)> {
    let declaration = text.strip_prefix("<?xml")?.split("?>").next()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|char| matches!(char, '"' | '\''))?;
    let name = value.get(1..)?.split(quote).next()?;
    let at = text.len() - text.get("<?xml".len()..)?.len() + declaration.find(name)?;
    Some((name, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_attributes_as_a_parser_does() {
        assert_eq!(tag("a b='>' c=\"=\"/>x"), (2, "x"));
        assert_eq!(tag("!-- <a b='1'> ' -->x"), (0, "x"));
        assert_eq!(tag("?pi a=\"?>x"), (0, "x"));
        assert_eq!(tag("![CDATA[ a=' ]]>x"), (0, "x"));
        assert_eq!(tag("a b='unclosed"), (1, ""));
    }

    #[test]
    fn a_declared_encoding_is_found() {
        assert_eq!(declared_encoding("<?xml version='1.0' encoding = 'latin1'?><a/>"), Some(("latin1", 32)));
        assert_eq!(declared_encoding("<?xml version='1.0'?><a encoding='x'/>"), None);
        assert_eq!(declared_encoding("<a/>"), None);
    }

    #[test]
    fn marks_and_wide_texts() {
        assert_eq!(text(b"\xEF\xBB\xBF<a/>").map(|text| text.text.into_owned()), Ok("<a/>".into()));
        assert_eq!(text(b"\xFF\xFE<\0a\0"), Err(Unreadable::Wide));
        assert_eq!(text(b"<\0s\0v\0g\0"), Err(Unreadable::Wide));
        assert_eq!(text(b"\x1F\x8Bnothing"), Err(Unreadable::Gzip));
        assert!(matches!(text(b"ab\xFF"), Err(Unreadable::NotUtf8 { before, .. }) if before == "ab"));
    }
}
