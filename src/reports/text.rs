//! Octets as text, and places in it as people count them.

use std::borrow::Cow;

use super::deviation::DeviationKind;

/// The text of a file, and how its octets deviate from UTF-8 without a mark.
pub fn decode(bytes: &[u8]) -> (Cow<'_, str>, Option<DeviationKind>) {
    let (bytes, mark) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, Some(DeviationKind::ByteOrderMark)),
        None => (bytes, None),
    };
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), mark);
    }
    let units = match (bytes.strip_prefix(b"\xFF\xFE"), bytes.strip_prefix(b"\xFE\xFF")) {
        (Some(rest), _) => Some(rest.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect()),
        (_, Some(rest)) => Some(rest.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect()),
        _ => None::<Vec<u16>>,
    };
    let text = match units {
        Some(units) => String::from_utf16_lossy(&units).into(),
        None => String::from_utf8_lossy(bytes),
    };
    (text, Some(DeviationKind::NotUtf8))
}

/// Line and column of places in a text, asked for from its start to its end, so that many cost no more than one.
pub struct Places<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    column: usize,
}

impl<'t> Places<'t> {
    /// From the start of `text`.
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0, line: 1, column: 1 }
    }

    /// Line and column, from 1, of a byte that is not before the last one asked for.
    pub fn of(&mut self, at: usize) -> (usize, usize) {
        let passed = self.text.as_bytes().get(self.at..at.max(self.at)).unwrap_or_default();
        for byte in passed {
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.column = 1;
                }
                // Bytes that continue a character count with its first.
                0x80..=0xbf => {}
                _ => self.column += 1,
            }
        }
        self.at += passed.len();
        (self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters() {
        let text = "ab\nä{ö\n";
        let mut places = Places::new(text);
        let seen: Vec<_> = [0, 2, 5, 8].into_iter().map(|at| places.of(at)).collect();
        assert_eq!(seen, [(1, 1), (1, 3), (2, 2), (2, 4)]);
    }

    #[test]
    fn texts_of_other_encodings() {
        let utf16: Vec<u8> = "\u{feff}{ä}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16), ("{ä}".into(), Some(DeviationKind::NotUtf8)));
        assert_eq!(decode(b"{\xe4}"), ("{\u{fffd}}".into(), Some(DeviationKind::NotUtf8)));
        assert_eq!(decode(b"\xEF\xBB\xBF{}"), ("{}".into(), Some(DeviationKind::ByteOrderMark)));
        assert_eq!(decode(b"{}"), ("{}".into(), None));
    }
}
