//! Places in a text, and a cursor that never leaves it.

use serde::Serialize;

/// A character by its number, as Unicode writes it: `U+00A0`.
pub fn code_point(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

/// A range of bytes in a record's text, end exclusive; always on character boundaries of that text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to, not including, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The whole of `text`.
    pub fn whole(text: &str) -> Self {
        Self { start: 0, end: text.len() }
    }

    /// The text that the span covers; empty where it does not fit.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }

    /// A number that orders spans by start, then by end.
    pub fn order(self) -> u128 {
        ((self.start as u128) << 64) | self.end as u128
    }

    /// The same range, `by` bytes further on.
    pub fn shifted(self, by: usize) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }
}

/// A slice of a text that knows where in the whole text it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'t> {
    /// The text of the piece.
    pub text: &'t str,
    /// Where it starts in the whole text, in bytes.
    pub start: usize,
}

impl<'t> Piece<'t> {
    /// The whole of `text`.
    pub fn whole(text: &'t str) -> Self {
        Self { text, start: 0 }
    }

    /// Where the piece stands.
    pub fn span(self) -> Span {
        Span { start: self.start, end: self.start + self.text.len() }
    }

    /// Without the characters that `matches` accepts at both ends.
    pub fn trim(self, matches: impl Fn(char) -> bool + Copy) -> Self {
        let without_start = self.text.trim_start_matches(matches);
        let start = self.start + self.text.len() - without_start.len();
        Self { text: without_start.trim_end_matches(matches), start }
    }

    /// The pieces between the occurrences of `separator`; one piece where there is none.
    pub fn split(self, separator: char) -> impl Iterator<Item = Piece<'t>> {
        let mut start = self.start;
        self.text.split(separator).map(move |text| {
            let piece = Piece { text, start };
            start += text.len() + separator.len_utf8();
            piece
        })
    }

    /// What stands before and after the first `separator`.
    pub fn split_once(self, separator: char) -> Option<(Piece<'t>, Piece<'t>)> {
        let (before, after) = self.text.split_once(separator)?;
        let start = self.start + before.len() + separator.len_utf8();
        Some((Piece { text: before, start: self.start }, Piece { text: after, start }))
    }

    /// The first `bytes` bytes and the rest; `None` off a character boundary or past the end.
    pub fn split_at(self, bytes: usize) -> Option<(Piece<'t>, Piece<'t>)> {
        let (before, after) = self.text.split_at_checked(bytes)?;
        Some((Piece { text: before, start: self.start }, Piece { text: after, start: self.start + bytes }))
    }
}

/// Percent-encodes every octet but those that stand for themselves, RFC 3986 §2.3 “unreserved”.
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for octet in text.bytes() {
        match octet {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(octet)),
            _ => encoded.push_str(&format!("%{octet:02X}")),
        }
    }
    encoded
}

/// Octets from pairs of hexadecimal digits, white space between them skipped.
pub fn octets_of_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.chars().filter(|c| !c.is_ascii_whitespace());
    let digits: Option<Vec<u8>> = digits.map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits?;
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    Some(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_know_their_place() {
        let text = "v=1; p = x ;";
        let pieces: Vec<_> = Piece::whole(text).split(';').collect();
        assert_eq!(pieces.len(), 3);
        for piece in &pieces {
            assert_eq!(piece.span().of(text), piece.text);
        }
        let (tag, value) = pieces[1].split_once('=').unwrap();
        let tag = tag.trim(|c| c == ' ');
        let value = value.trim(|c| c == ' ');
        assert_eq!((tag.span().of(text), value.span().of(text)), ("p", "x"));
    }
}
