//! A JSON reader that is told what to read next (RFC 8259). It copies no text without escapes, knows where it stands,
//! and gives numbers as they are written, so that whoever asks decides what to make of a value of another kind.

use std::borrow::Cow;

/// Deepest nesting that is read; reports need five.
pub const MAX_DEPTH: usize = 64;

/// Where and why a text is no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonFault {
    /// The byte at which it ends to be JSON.
    pub at: usize,
    /// What is wrong there.
    pub reason: &'static str,
}

/// What stands next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `{`
    Object,
    /// `[`
    Array,
    /// `"`
    Text,
    /// A digit or `-`.
    Number,
    /// `true`, `false` or `null`.
    Word,
}

/// A value that holds no others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar<'t> {
    /// A string, unescaped.
    Text(Cow<'t, str>),
    /// A number, as written.
    Number(&'t str),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// An object or an array, which was passed over.
    Compound,
}

/// Reads one text from its start to its end.
pub struct Json<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    /// Whether an escape stood for half a character, which I-JSON forbids (RFC 7493 §2.1).
    pub half_character: bool,
}

/// Whether a member or an item is the first of its object or array.
pub struct First(bool);

impl<'t> Json<'t> {
    /// Starts at the byte `at`, which is a boundary of characters.
    pub fn new(text: &'t str, at: usize) -> Self {
        Self { text, at, depth: 0, half_character: false }
    }

    /// The byte that is read next.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Why nothing can be read from here.
    pub fn fault(&self, reason: &'static str) -> JsonFault {
        JsonFault { at: self.at, reason }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over white space and tells what follows.
    #[inline]
    fn next_byte(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        if let Some(byte) = rest.first().filter(|byte| **byte > b' ') {
            return Some(*byte);
        }
        let space = rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).unwrap_or(rest.len());
        self.at += space;
        rest.get(space).copied()
    }

    /// Whether nothing but white space follows.
    pub fn is_at_end(&mut self) -> bool {
        self.next_byte().is_none()
    }

    /// What stands next.
    #[inline]
    pub fn peek(&mut self) -> Result<Kind, JsonFault> {
        match self.next_byte() {
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::Array),
            Some(b'"') => Ok(Kind::Text),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b't' | b'f' | b'n') => Ok(Kind::Word),
            Some(_) => Err(self.fault("a value should stand here")),
            None => Err(self.fault("the text ends where a value should stand")),
        }
    }

    /// Enters an object or an array, which [`Json::peek`] has told.
    pub fn open(&mut self) -> Result<First, JsonFault> {
        if self.depth == MAX_DEPTH {
            return Err(self.fault("objects and arrays are nested deeper than any report nests them"));
        }
        self.depth += 1;
        self.at += 1;
        Ok(First(true))
    }

    /// The name of the next member of an object; `None` behind its last, which leaves it.
    #[inline]
    pub fn member(&mut self, first: &mut First) -> Result<Option<Cow<'t, str>>, JsonFault> {
        if !self.more(first, b'}', "a comma or `}` should stand here")? {
            return Ok(None);
        }
        if self.next_byte() != Some(b'"') {
            return Err(self.fault("the name of a member should stand here, in quotation marks"));
        }
        let name = self.text()?;
        if self.next_byte() != Some(b':') {
            return Err(self.fault("a colon should stand here"));
        }
        self.at += 1;
        Ok(Some(name))
    }

    /// Whether the array has another item; if not, leaves it.
    #[inline]
    pub fn item(&mut self, first: &mut First) -> Result<bool, JsonFault> {
        let more = self.more(first, b']', "a comma or `]` should stand here")?;
        if more && self.next_byte() == Some(b']') {
            return Err(self.fault("a value should stand here, behind the comma"));
        }
        Ok(more)
    }

    #[inline]
    fn more(&mut self, first: &mut First, end: u8, reason: &'static str) -> Result<bool, JsonFault> {
        match self.next_byte() {
            Some(byte) if byte == end => {
                self.at += 1;
                self.depth = self.depth.saturating_sub(1);
                Ok(false)
            }
            Some(b',') if !first.0 => {
                self.at += 1;
                Ok(true)
            }
            Some(_) if first.0 => {
                first.0 = false;
                Ok(true)
            }
            Some(_) => Err(self.fault(reason)),
            None => Err(self.fault("the text ends in the middle: it was cut off")),
        }
    }

    /// Reads a string, which [`Json::peek`] has told.
    #[inline]
    pub fn text(&mut self) -> Result<Cow<'t, str>, JsonFault> {
        self.at += 1;
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let plain = plain_length(rest);
        self.at += plain;
        if rest.get(plain) == Some(&b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(self.text.get(start..start + plain).unwrap_or_default()));
        }
        self.escaped(start).map(Cow::Owned)
    }

    /// The rest of a string that began at `start` and holds an escape where it is read next.
    fn escaped(&mut self, start: usize) -> Result<String, JsonFault> {
        let mut text = self.text.get(start..self.at).unwrap_or_default().to_owned();
        loop {
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(0..=0x1f) => return Err(self.fault("a control character stands in a string without an escape")),
                Some(_) => {
                    let rest = self.text.get(self.at..).unwrap_or_default();
                    let plain = plain_length(rest.as_bytes());
                    text.push_str(rest.get(..plain).unwrap_or_default());
                    // At least one byte, so that this ends whatever happens.
                    self.at += plain.max(1);
                }
                None => return Err(self.fault("the text ends in the middle of a string: it was cut off")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonFault> {
        let letter = self.text.as_bytes().get(self.at + 1).copied();
        let character = match letter {
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.fault("this escape does not exist in JSON")),
        };
        self.at += 2;
        Ok(character)
    }

    /// `\uXXXX`, or two of them for a character beyond the first 65,536.
    fn unicode_escape(&mut self) -> Result<char, JsonFault> {
        let high = self.code_unit().ok_or_else(|| self.fault("`\\u` needs four hexadecimal digits"))?;
        self.at += 6;
        if let Some(character) = char::from_u32(high) {
            return Ok(character);
        }
        let low = self.code_unit().filter(|low| (0xdc00..0xe000).contains(low) && high < 0xdc00);
        let pair = low.and_then(|low| char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)));
        match pair {
            Some(_) => self.at += 6,
            None => self.half_character = true,
        }
        Ok(pair.unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// The number in a `\uXXXX` that stands next.
    fn code_unit(&self) -> Option<u32> {
        let digits = self.text.get(self.at..)?.strip_prefix("\\u")?.get(..4)?;
        digits.bytes().try_fold(0, |number, byte| Some(number << 4 | char::from(byte).to_digit(16)?))
    }

    /// Reads a number, which [`Json::peek`] has told, as it is written.
    #[inline]
    pub fn number(&mut self) -> Result<&'t str, JsonFault> {
        let start = self.at;
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        let zero = self.byte() == Some(b'0');
        if self.digits() > 1 && zero {
            self.at = start;
            return Err(self.fault("a number must not begin with a zero"));
        }
        if self.text.as_bytes().get(self.at.wrapping_sub(1)).is_none_or(|byte| !byte.is_ascii_digit()) {
            return Err(self.fault("a digit should stand here"));
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.fault("a digit should stand behind the point"));
            }
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.byte(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.fault("a digit should stand in the exponent"));
            }
        }
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    #[inline]
    fn digits(&mut self) -> usize {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    fn word(&mut self) -> Result<Scalar<'t>, JsonFault> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let words = [("true", Scalar::Bool(true)), ("false", Scalar::Bool(false)), ("null", Scalar::Null)];
        let found = words.into_iter().find(|(word, _)| rest.starts_with(word.as_bytes()));
        let (word, value) = found.ok_or_else(|| self.fault("a value should stand here"))?;
        self.at += word.len();
        Ok(value)
    }

    /// Reads a value, or passes over one that holds others.
    #[inline]
    pub fn scalar(&mut self) -> Result<Scalar<'t>, JsonFault> {
        match self.peek()? {
            Kind::Text => self.text().map(Scalar::Text),
            Kind::Number => self.number().map(Scalar::Number),
            Kind::Word => self.word(),
            Kind::Object | Kind::Array => self.skip().map(|()| Scalar::Compound),
        }
    }

    /// Passes over a value; [`MAX_DEPTH`] bounds the recursion.
    pub fn skip(&mut self) -> Result<(), JsonFault> {
        match self.peek()? {
            Kind::Object => {
                let mut first = self.open()?;
                while self.member(&mut first)?.is_some() {
                    self.skip()?;
                }
                Ok(())
            }
            Kind::Array => {
                let mut first = self.open()?;
                while self.item(&mut first)? {
                    self.skip()?;
                }
                Ok(())
            }
            Kind::Text | Kind::Number | Kind::Word => self.scalar().map(drop),
        }
    }
}

/// How many bytes stand before the first quotation mark, backslash or control character: eight at a time.
#[inline]
fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHS: u64 = u64::from_le_bytes([0x80; 8]);
    const QUOTES: u64 = u64::from_le_bytes([b'"'; 8]);
    const BACKSLASHES: u64 = u64::from_le_bytes([b'\\'; 8]);
    const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
    // The lowest set bit is that of the first byte that is zero; bits above it may be wrong.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let (chunks, rest) = bytes.as_chunks::<8>();
    let mut length = 0;
    for chunk in chunks {
        let word = u64::from_le_bytes(*chunk);
        let control = word.wrapping_sub(SPACES) & !word & HIGHS;
        let found = zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES) | control;
        if found != 0 {
            return length + (found.trailing_zeros() / 8) as usize;
        }
        length += 8;
    }
    length + rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads a whole text as serde_json would hold it.
    fn value(json: &mut Json<'_>) -> Result<serde_json::Value, JsonFault> {
        Ok(match json.peek()? {
            Kind::Object => {
                let mut first = json.open()?;
                let mut members = serde_json::Map::new();
                while let Some(name) = json.member(&mut first)? {
                    members.insert(name.into_owned(), value(json)?);
                }
                members.into()
            }
            Kind::Array => {
                let mut first = json.open()?;
                let mut items = Vec::new();
                while json.item(&mut first)? {
                    items.push(value(json)?);
                }
                items.into()
            }
            _ => match json.scalar()? {
                Scalar::Text(text) => text.into_owned().into(),
                Scalar::Number(number) => {
                    // One that no double holds is a number here, and none for serde_json.
                    serde_json::from_str(number).unwrap_or(serde_json::Value::Null)
                }
                Scalar::Bool(value) => value.into(),
                Scalar::Null => serde_json::Value::Null,
                Scalar::Compound => unreachable!("told apart above"),
            },
        })
    }

    fn read(text: &str) -> Result<serde_json::Value, JsonFault> {
        let mut json = Json::new(text, 0);
        let read = value(&mut json)?;
        if json.is_at_end() { Ok(read) } else { Err(json.fault("more follows")) }
    }

    fn same(text: &str) {
        let ours = read(text);
        let mut skipping = Json::new(text, 0);
        let skipped = skipping.skip().is_ok() && skipping.is_at_end();
        assert_eq!(skipped, ours.is_ok(), "{text}: passing over it");
        match serde_json::from_str::<serde_json::Value>(text) {
            Ok(theirs) => assert_eq!(ours.as_ref(), Ok(&theirs), "{text}"),
            // What serde_json counts as no number or no character is for the reader of the report to judge.
            Err(error) if error.to_string().contains("surrogate") || error.to_string().contains("out of range") => {}
            Err(error) if error.to_string().contains("end of hex escape") => {}
            Err(error) => assert!(ours.is_err(), "{text}: serde_json says {error}, here {ours:?}"),
        }
    }

    #[test]
    fn as_serde_json_reads_it() {
        for text in [
            "{}",
            "[]",
            " [ 1 , -0.5e+3, true,false , null, \"\\u00e4\\ud83d\\ude00\\n\" ]\n",
            "{\"a\":{\"b\":[{}]},\"a\":2}",
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "[,1]",
            "{,}",
            "[1 2]",
            "{\"a\" 1}",
            "{a:1}",
            "01",
            "-",
            "1.",
            "1e",
            ".5",
            "+1",
            "\"a",
            "\"\\x\"",
            "\"\\u12\"",
            "\"a\tb\"",
            "nul",
            "truex",
            "[1]x",
            "\"123456789\\\\0\"",
        ] {
            same(text);
        }
    }

    #[test]
    fn half_a_character_is_told() {
        let text = r#""a\ud800b""#;
        let mut json = Json::new(text, 0);
        assert_eq!(json.scalar(), Ok(Scalar::Text("a\u{fffd}b".into())));
        assert!(json.half_character);
    }

    #[test]
    fn depth_is_bounded() {
        for open in ["[", "{\"a\":"] {
            let text = open.repeat(1_000_000);
            let fault = Json::new(&text, 0).skip().unwrap_err();
            assert!(fault.reason.contains("nested deeper"), "{}", fault.reason);
        }
        let deepest = "[".repeat(MAX_DEPTH) + &"]".repeat(MAX_DEPTH);
        assert!(read(&deepest).is_ok());
    }

    proptest! {
        /// Whatever is strung together from pieces of JSON is read, or refused, as serde_json does.
        #[test]
        fn pieces_of_json(pieces in proptest::collection::vec(
            prop_oneof![
                Just("{"), Just("}"), Just("["), Just("]"), Just(","), Just(":"), Just("\"a\""), Just("\"b\\n\""), Just("1"),
                Just("-2.5e3"), Just("true"), Just("null"), Just(" "), Just("\n"), Just("\"\\ud83d\\ude00 längere Zeichen\"")
            ],
            0..14,
        )) {
            same(&pieces.concat());
        }

        /// Every value that serde_json writes is read back, indented or not.
        #[test]
        fn round_trip(texts in proptest::collection::vec(any::<String>(), 0..6), numbers in proptest::collection::vec(any::<i64>(), 0..4)) {
            let value = serde_json::json!({"texts": texts, "numbers": numbers, "deep": [{"more": texts}]});
            same(&value.to_string());
            same(&serde_json::to_string_pretty(&value).unwrap());
        }
    }
}
