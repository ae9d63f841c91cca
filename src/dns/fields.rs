//! The fields of RDATA in text: numbers, names, times, hexadecimal, Base64 …

use std::str::FromStr;

use domain::utils::{base32, base64};

use super::presentation::{MAX_RDATA, PresentationError, short};
use super::token::Token;
use super::{RecordType, Txt};
use crate::name::{DomainName, NameError};
use crate::order;
use crate::text::octets_of_hex;
use crate::time::UnixTime;

/// Longest character-string, RFC 1035 §3.3.
pub(super) const MAX_STRING: usize = 255;

/// Reads the fields of RDATA one after the other.
pub(super) struct Fields<'f, 't> {
    pub tokens: std::slice::Iter<'f, Token<'t>>,
    pub origin: Option<&'f DomainName>,
}

impl<'t> Fields<'_, 't> {
    pub fn next(&mut self, field: &'static str) -> Result<Token<'t>, PresentationError> {
        self.tokens.next().copied().ok_or(PresentationError::Missing { field })
    }

    pub fn number(&mut self, field: &'static str, max: u32) -> Result<u32, PresentationError> {
        let word = self.next(field)?.text();
        let digits = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        let value = if digits { word.parse().ok().filter(|value| *value <= max) } else { None };
        value.ok_or(PresentationError::NotANumber { field, word, max })
    }

    pub fn u8(&mut self, field: &'static str) -> Result<u8, PresentationError> {
        let value = self.number(field, u8::MAX.into())?;
        Ok(u8::try_from(value).unwrap_or(u8::MAX))
    }

    pub fn u16(&mut self, field: &'static str) -> Result<u16, PresentationError> {
        let value = self.number(field, u16::MAX.into())?;
        Ok(u16::try_from(value).unwrap_or(u16::MAX))
    }

    /// Seconds, also with BIND's units as in `1h30m`.
    pub fn seconds(&mut self, field: &'static str) -> Result<u32, PresentationError> {
        let word = self.next(field)?.text();
        duration(&word).ok_or(PresentationError::NotANumber { field, word, max: u32::MAX })
    }

    pub fn name(&mut self, field: &'static str) -> Result<DomainName, PresentationError> {
        name_from_token(self.next(field)?, field, self.origin)
    }

    pub fn address<A: FromStr>(&mut self) -> Result<A, PresentationError> {
        let word = self.next("address")?.text();
        word.parse().map_err(|_| PresentationError::NotAnAddress { word })
    }

    pub fn txt(&mut self) -> Result<Txt, PresentationError> {
        let mut strings = vec![string(self.next("text")?)?];
        for token in self.tokens.by_ref() {
            strings.push(string(*token)?);
        }
        let octets = strings.iter().map(|string| string.len() + 1).sum();
        if octets > MAX_RDATA {
            return Err(PresentationError::TooLong { octets });
        }
        Ok(Txt { strings })
    }

    /// What is left, joined: hexadecimal and Base64 may be cut by blanks anywhere.
    pub fn rest(&mut self, field: &'static str) -> Result<String, PresentationError> {
        let mut joined = self.next(field)?.text();
        for token in self.tokens.by_ref() {
            joined.push_str(&token.text());
        }
        Ok(joined)
    }

    pub fn hex(&mut self, field: &'static str) -> Result<Vec<u8>, PresentationError> {
        let octets = octets_of_hex(&self.rest(field)?).ok_or(PresentationError::NotHex { field })?;
        fits(octets)
    }

    pub fn base64(&mut self, field: &'static str) -> Result<Vec<u8>, PresentationError> {
        let octets = base64::decode(&self.rest(field)?).map_err(|_| PresentationError::NotBase64 { field })?;
        fits(octets)
    }

    pub fn base32(&mut self, field: &'static str) -> Result<Vec<u8>, PresentationError> {
        let octets: Vec<u8> =
            base32::decode_hex(&self.next(field)?.text()).map_err(|_| PresentationError::NotBase32 { field })?;
        if octets.len() > 255 {
            return Err(PresentationError::NotBase32 { field });
        }
        Ok(octets)
    }

    pub fn salt(&mut self) -> Result<Vec<u8>, PresentationError> {
        let word = self.next("salt")?.text();
        if word == "-" {
            return Ok(Vec::new());
        }
        octets_of_hex(&word).filter(|salt| salt.len() <= 255).ok_or(PresentationError::NotHex { field: "salt" })
    }

    pub fn record_type(&mut self, field: &'static str) -> Result<RecordType, PresentationError> {
        let word = self.next(field)?.text();
        RecordType::parse(&word).ok_or(PresentationError::NotAType { word })
    }

    pub fn types(&mut self) -> Result<Vec<RecordType>, PresentationError> {
        let mut types = Vec::new();
        while !self.tokens.as_slice().is_empty() {
            types.push(self.record_type("type")?);
        }
        order::by_key(&mut types, |record_type| u128::from(record_type.0));
        types.dedup();
        Ok(types)
    }

    /// A DNSSEC algorithm by number or mnemonic, RFC 4034 appendix A.1.
    pub fn algorithm(&mut self) -> Result<u8, PresentationError> {
        const MNEMONICS: [(&str, u8); 11] = [
            ("RSAMD5", 1),
            ("DSA", 3),
            ("RSASHA1", 5),
            ("NSEC3RSASHA1", 7),
            ("RSASHA256", 8),
            ("RSASHA512", 10),
            ("ECCGOST", 12),
            ("ECDSAP256SHA256", 13),
            ("ECDSAP384SHA384", 14),
            ("ED25519", 15),
            ("ED448", 16),
        ];
        let word = self.tokens.as_slice().first().map(Token::text).unwrap_or_default();
        match MNEMONICS.iter().find(|(mnemonic, _)| mnemonic.eq_ignore_ascii_case(&word)) {
            Some((_, number)) => {
                self.tokens.next();
                Ok(*number)
            }
            None => self.u8("algorithm"),
        }
    }

    /// RFC 4034 §3.2: seconds, or `YYYYMMDDHHMMSS`; both modulo 2³².
    pub fn time(&mut self, field: &'static str) -> Result<u32, PresentationError> {
        let word = self.next(field)?.text();
        let error = || PresentationError::NotATime { field, word: word.clone() };
        if !word.bytes().all(|b| b.is_ascii_digit()) {
            return Err(error());
        }
        if word.len() != 14 {
            return word.parse().map_err(|_| error());
        }
        let part = |range: std::ops::Range<usize>| word.get(range).unwrap_or_default();
        let rfc3339 =
            format!("{}-{}-{}T{}:{}:{}Z", part(0..4), part(4..6), part(6..8), part(8..10), part(10..12), part(12..14));
        let time = UnixTime::parse_rfc3339(&rfc3339).map_err(|_| error())?;
        u32::try_from(time.0.rem_euclid(1 << 32)).map_err(|_| error())
    }
}

/// A name from a word of a zone file: `@`, absolute with a trailing dot, else relative to the origin.
pub(super) fn name_from_token(
    token: Token<'_>,
    field: &'static str,
    origin: Option<&DomainName>,
) -> Result<DomainName, PresentationError> {
    let word = token.text();
    let bad = |error: NameError| PresentationError::NotAName { field, word: word.clone(), error };
    let no_origin = || PresentationError::Other {
        why: format!(
            "the {field} “{}” has no trailing dot, and there is no $ORIGIN that it could be relative to",
            short(&word)
        ),
    };
    if word == "@" && !token.quoted {
        return origin.cloned().ok_or_else(no_origin);
    }
    let name = DomainName::parse(&word).map_err(bad)?;
    if name.is_root() || ends_with_dot(&word) {
        return Ok(name);
    }
    let origin = origin.ok_or_else(no_origin)?;
    if origin.is_root() {
        return Ok(name);
    }
    DomainName::parse(&format!("{name}.{origin}")).map_err(bad)
}

/// Whether the last dot is there and not escaped.
fn ends_with_dot(word: &str) -> bool {
    match word.strip_suffix('.') {
        Some(before) => before.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 0,
        None => false,
    }
}

/// A character-string of at most 255 octets.
fn string(token: Token<'_>) -> Result<Vec<u8>, PresentationError> {
    let octets = token.octets()?;
    if octets.len() > MAX_STRING {
        return Err(PresentationError::StringTooLong { octets: octets.len() });
    }
    Ok(octets)
}

fn fits(octets: Vec<u8>) -> Result<Vec<u8>, PresentationError> {
    if octets.len() > MAX_RDATA { Err(PresentationError::TooLong { octets: octets.len() }) } else { Ok(octets) }
}

/// Seconds, plain or with BIND's units: `3600`, `1h`, `1w2d`.
pub(super) fn duration(word: &str) -> Option<u32> {
    let mut total: u32 = 0;
    let mut number: Option<u32> = None;
    for octet in word.bytes() {
        if octet.is_ascii_digit() {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(u32::from(octet - b'0'))?);
            continue;
        }
        let unit = match octet.to_ascii_lowercase() {
            b's' => 1,
            b'm' => 60,
            b'h' => 3600,
            b'd' => 86_400,
            b'w' => 604_800,
            _ => return None,
        };
        total = total.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    match number {
        Some(rest) => total.checked_add(rest),
        None if word.is_empty() => None,
        None => Some(total),
    }
}
