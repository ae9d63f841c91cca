//! Cuts master-file text into entries and tokens: quotes, escapes, comments and parentheses of RFC 1035 §5.1.

use super::presentation::PresentationError;

/// Most tokens in one entry: RDATA has at most 65,535 octets, and a character-string takes at least one.
const MAX_TOKENS: usize = 70_000;
/// How often reading starts again after a parenthesis that is never closed; each time costs a pass over the rest.
const MAX_RESTARTS: usize = 8;

/// One word or quoted string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    /// The octets, escapes not resolved, without the quotes.
    pub raw: &'t [u8],
    /// Whether it stood in quotes.
    pub quoted: bool,
    /// Whether it follows the token before without a blank, as in `key="value"`.
    pub joined: bool,
}

impl Token<'_> {
    /// The octets with escapes resolved.
    pub fn octets(&self) -> Result<Vec<u8>, PresentationError> {
        let mut octets = Vec::with_capacity(self.raw.len());
        let mut rest = self.raw.iter().copied();
        while let Some(octet) = rest.next() {
            if octet != b'\\' {
                octets.push(octet);
                continue;
            }
            let first = rest.next().ok_or(PresentationError::BadEscape)?;
            if !first.is_ascii_digit() {
                octets.push(first);
                continue;
            }
            let mut value = u16::from(first - b'0');
            for _ in 0..2 {
                let digit = rest.next().filter(u8::is_ascii_digit).ok_or(PresentationError::BadEscape)?;
                value = value * 10 + u16::from(digit - b'0');
            }
            octets.push(u8::try_from(value).map_err(|_| PresentationError::BadEscape)?);
        }
        Ok(octets)
    }

    /// The token as it stands, for messages and for what has no escapes.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.raw).into_owned()
    }
}

/// One entry: a line, or several lines held together by parentheses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry<'t> {
    /// The line it starts on, from 1.
    pub line: usize,
    /// Whether it starts with a blank: the owner is that of the entry before.
    pub indented: bool,
    /// The words; empty for a line with nothing but blanks and comments.
    pub tokens: Vec<Token<'t>>,
    /// Whether a comment was cut off.
    pub commented: bool,
    /// What made it impossible to cut the entry; the tokens before it are there.
    pub error: Option<PresentationError>,
}

/// The entries of a text.
pub(super) struct Entries<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
    restarts: usize,
}

impl<'t> Entries<'t> {
    pub fn new(text: &'t [u8]) -> Self {
        Self { text, at: 0, line: 1, restarts: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_line(&mut self) {
        while self.peek().is_some_and(|octet| octet != b'\n') {
            self.at += 1;
        }
    }

    /// An unquoted word: up to a blank, the end of the line, a comment, a quote or a parenthesis.
    fn word(&mut self) -> &'t [u8] {
        let start = self.at;
        while let Some(octet) = self.peek() {
            match octet {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'"' | b'(' | b')' => break,
                b'\\' if self.text.get(self.at + 1).is_some_and(|next| *next != b'\n') => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// A quoted string after its opening quote; `None` if the line ends first.
    fn quoted(&mut self) -> Option<&'t [u8]> {
        let start = self.at;
        while let Some(octet) = self.peek() {
            match octet {
                b'"' => {
                    let raw = self.text.get(start..self.at);
                    self.at += 1;
                    return raw;
                }
                b'\n' => return None,
                b'\\' if self.text.get(self.at + 1).is_some_and(|next| *next != b'\n') => self.at += 2,
                _ => self.at += 1,
            }
        }
        None
    }
}

impl<'t> Iterator for Entries<'t> {
    type Item = Entry<'t>;

    fn next(&mut self) -> Option<Entry<'t>> {
        self.peek()?;
        let mut entry = Entry {
            line: self.line,
            indented: matches!(self.peek(), Some(b' ' | b'\t')),
            tokens: Vec::new(),
            commented: false,
            error: None,
        };
        let mut depth = 0_usize;
        let mut opened: Option<(usize, usize)> = None;
        let mut after_word = false;
        loop {
            let joined = std::mem::take(&mut after_word);
            match self.peek() {
                None => break,
                Some(b'\n') => {
                    self.at += 1;
                    self.line += 1;
                    if depth == 0 {
                        return Some(entry);
                    }
                }
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b';') => {
                    entry.commented = true;
                    self.skip_line();
                }
                Some(b'(') => {
                    self.at += 1;
                    depth += 1;
                    opened = opened.or(Some((self.at, self.line)));
                }
                Some(b')') => {
                    self.at += 1;
                    match depth.checked_sub(1) {
                        Some(less) => depth = less,
                        None => {
                            entry.error = entry.error.or(Some(PresentationError::UnopenedParenthesis));
                        }
                    }
                }
                Some(b'"') => {
                    self.at += 1;
                    match self.quoted() {
                        Some(raw) => entry.tokens.push(Token { raw, quoted: true, joined }),
                        None => {
                            // The end of the line is the only safe place to go on from.
                            entry.error = Some(PresentationError::UnclosedQuote);
                            depth = 0;
                        }
                    }
                    after_word = true;
                }
                Some(_) => {
                    let raw = self.word();
                    entry.tokens.push(Token { raw, quoted: false, joined });
                    after_word = true;
                }
            }
            if entry.tokens.len() > MAX_TOKENS {
                entry.error = Some(PresentationError::TooManyWords { limit: MAX_TOKENS });
                self.skip_line();
                depth = 0;
            }
        }
        if depth > 0 {
            entry.error = Some(PresentationError::UnclosedParenthesis);
            self.restarts += 1;
            if let Some((at, line)) = opened
                && self.restarts <= MAX_RESTARTS
            {
                self.at = at;
                self.line = line;
                self.skip_line();
                if self.peek().is_some() {
                    self.at += 1;
                    self.line += 1;
                }
            }
        }
        Some(entry)
    }
}
