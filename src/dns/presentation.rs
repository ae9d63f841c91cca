//! RDATA in the text form of zone files: RFC 1035 §5.1, RFC 3597 §5 and each type's own RFC.

use std::fmt;
use std::str::FromStr;

use domain::utils::{base32, base64};

use super::rdata::{self, RdataError};
use super::svcb;
use super::token::{Entries, Token};
use super::{RecordData, RecordType, Rrsig, Txt, other_types};
use crate::name::{DomainName, NameError};
use crate::time::UnixTime;

/// Longest character-string, RFC 1035 §3.3.
const MAX_STRING: usize = 255;
/// Longest RDATA, RFC 1035 §3.2.1.
pub(super) const MAX_RDATA: usize = 65_535;

/// Why a text is no RDATA of its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PresentationError {
    /// The text ends where a field should stand.
    Missing { field: &'static str },
    /// A word is left over behind the last field.
    Extra { word: String },
    /// Not a number, or larger than the field allows.
    NotANumber { field: &'static str, word: String, max: u32 },
    /// Not a domain name.
    NotAName { field: &'static str, word: String, error: NameError },
    /// Not an IPv4 or IPv6 address.
    NotAnAddress { word: String },
    /// Not hexadecimal digits in pairs.
    NotHex { field: &'static str },
    /// Not Base64.
    NotBase64 { field: &'static str },
    /// Not unpadded Base32 with the extended hex alphabet.
    NotBase32 { field: &'static str },
    /// Neither seconds nor `YYYYMMDDHHMMSS`.
    NotATime { field: &'static str, word: String },
    /// Not the name of a record type.
    NotAType { word: String },
    /// A character-string of more than 255 octets.
    StringTooLong { octets: usize },
    /// The data is longer than RDATA can be.
    TooLong { octets: usize },
    /// `\# length hex` where the length is not that of the data.
    WrongLength { stated: usize, found: usize },
    /// The octets behind `\#` do not decode as the type says.
    Octets(RdataError),
    /// A service parameter that is malformed or stands twice.
    BadParameter { key: String },
    /// A backslash is followed by neither a character nor three digits up to 255.
    BadEscape,
    /// A quote is not closed on its line.
    UnclosedQuote,
    /// An opening parenthesis is never closed.
    UnclosedParenthesis,
    /// A closing parenthesis without an opening one.
    UnopenedParenthesis,
    /// An unquoted semicolon starts a comment, which one record's data cannot have.
    Comment,
    /// More words than any RDATA can have.
    TooManyWords { limit: usize },
    /// Anything else that the reader of rarer types says.
    Other { why: String },
}

impl fmt::Display for PresentationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { field } => write!(f, "the {field} is missing"),
            Self::Extra { word } => write!(f, "“{}” is left over", short(word)),
            Self::NotANumber { field, word, max } => {
                write!(f, "the {field} must be a number up to {max}, not “{}”", short(word))
            }
            Self::NotAName { field, word, error } => {
                write!(f, "the {field} “{}” is no domain name: {error}", short(word))
            }
            Self::NotAnAddress { word } => write!(f, "“{}” is no IP address of this kind", short(word)),
            Self::NotHex { field } => write!(f, "the {field} must be pairs of hexadecimal digits"),
            Self::NotBase64 { field } => write!(f, "the {field} must be Base64"),
            Self::NotBase32 { field } => write!(f, "the {field} must be Base32 (digits 0–9 and a–v, no padding)"),
            Self::NotATime { field, word } => {
                write!(f, "the {field} must be a time like 20261123120000 or seconds, not “{}”", short(word))
            }
            Self::NotAType { word } => write!(f, "“{}” is no record type", short(word)),
            Self::StringTooLong { octets } => {
                write!(
                    f,
                    "a string has {octets} octets; at most {MAX_STRING} fit, longer text must be cut into several"
                )
            }
            Self::TooLong { octets } => write!(f, "the data has {octets} octets; at most {MAX_RDATA} fit"),
            Self::WrongLength { stated, found } => {
                write!(f, "the length behind \\# says {stated} octets, but {found} follow")
            }
            Self::Octets(error) => write!(f, "the octets behind \\# are no record of this type: {error}"),
            Self::BadParameter { key } => write!(f, "the parameter “{}” is malformed or stands twice", short(key)),
            Self::BadEscape => f.write_str("a backslash escape is malformed"),
            Self::UnclosedQuote => f.write_str("a quoted string is not closed on its line"),
            Self::UnclosedParenthesis => f.write_str("a parenthesis is opened and never closed"),
            Self::UnopenedParenthesis => f.write_str("a parenthesis is closed that was never opened"),
            Self::Comment => f.write_str("a semicolon outside quotes starts a comment; put the text in double quotes"),
            Self::TooManyWords { limit } => write!(f, "more than {limit} words in one record"),
            Self::Other { why } => f.write_str(why),
        }
    }
}

/// A word cut to what fits a message.
fn short(word: &str) -> String {
    const SHOWN: usize = 60;
    match word.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", word.get(..at).unwrap_or_default()),
        None => word.to_owned(),
    }
}

/// Reads the RDATA of one record; names without a trailing dot are relative to `origin`.
///
/// Every type can be written as `\# length hex` (RFC 3597 §5). A TXT string that has blanks or a semicolon must be quoted.
pub fn rdata_from_text(
    record_type: RecordType,
    text: &str,
    origin: &DomainName,
) -> Result<RecordData, PresentationError> {
    let mut tokens = Vec::new();
    for entry in Entries::new(text.as_bytes()) {
        if let Some(error) = entry.error {
            return Err(error);
        }
        if entry.commented {
            return Err(PresentationError::Comment);
        }
        tokens.extend(entry.tokens);
    }
    rdata_from_tokens(record_type, &tokens, Some(origin))
}

/// Reads the RDATA of one record from its words; without an origin every name must be absolute.
pub(super) fn rdata_from_tokens(
    record_type: RecordType,
    tokens: &[Token<'_>],
    origin: Option<&DomainName>,
) -> Result<RecordData, PresentationError> {
    let mut fields = Fields { tokens: tokens.iter(), origin };
    if tokens.first().is_some_and(|token| !token.quoted && token.raw == br"\#") {
        return generic(record_type, fields);
    }
    let data = match record_type {
        RecordType::A => RecordData::A(fields.address()?),
        RecordType::AAAA => RecordData::Aaaa(fields.address()?),
        RecordType::CNAME => RecordData::Cname(fields.name("target")?),
        RecordType::DNAME => RecordData::Dname(fields.name("target")?),
        RecordType::NS => RecordData::Ns(fields.name("name server")?),
        RecordType::PTR => RecordData::Ptr(fields.name("target")?),
        RecordType::MX => RecordData::Mx { preference: fields.u16("preference")?, exchange: fields.name("exchange")? },
        RecordType::TXT | RecordType::SPF => RecordData::Txt(fields.txt()?),
        RecordType::SOA => RecordData::Soa {
            primary: fields.name("primary server")?,
            mailbox: fields.name("mailbox")?,
            serial: fields.number("serial", u32::MAX)?,
            refresh: fields.seconds("refresh")?,
            retry: fields.seconds("retry")?,
            expire: fields.seconds("expire")?,
            minimum: fields.seconds("minimum")?,
        },
        RecordType::DS => RecordData::Ds {
            key_tag: fields.u16("key tag")?,
            algorithm: fields.algorithm()?,
            digest_type: fields.u8("digest type")?,
            digest: fields.hex("digest")?,
        },
        RecordType::DNSKEY => RecordData::Dnskey {
            flags: fields.u16("flags")?,
            protocol: fields.u8("protocol")?,
            algorithm: fields.algorithm()?,
            public_key: fields.base64("public key")?,
        },
        RecordType::RRSIG => RecordData::Rrsig(Rrsig {
            type_covered: fields.record_type("type covered")?,
            algorithm: fields.algorithm()?,
            labels: fields.u8("number of labels")?,
            original_ttl: fields.seconds("original TTL")?,
            expiration: fields.time("expiration")?,
            inception: fields.time("inception")?,
            key_tag: fields.u16("key tag")?,
            signer: fields.name("signer")?,
            signature: fields.base64("signature")?,
        }),
        RecordType::NSEC => RecordData::Nsec { next: fields.name("next name")?, types: fields.types()? },
        RecordType::NSEC3 => RecordData::Nsec3 {
            hash_algorithm: fields.u8("hash algorithm")?,
            flags: fields.u8("flags")?,
            iterations: fields.u16("iterations")?,
            salt: fields.salt()?,
            next: fields.base32("next hash")?,
            types: fields.types()?,
        },
        RecordType::NSEC3PARAM => RecordData::Nsec3Param {
            hash_algorithm: fields.u8("hash algorithm")?,
            flags: fields.u8("flags")?,
            iterations: fields.u16("iterations")?,
            salt: fields.salt()?,
        },
        RecordType::TLSA => RecordData::Tlsa {
            usage: fields.u8("certificate usage")?,
            selector: fields.u8("selector")?,
            matching: fields.u8("matching type")?,
            data: fields.hex("certificate association data")?,
        },
        RecordType::CAA => RecordData::Caa {
            flags: fields.u8("flags")?,
            tag: rdata::caa_tag(fields.next("tag")?.raw)
                .map_err(|error| PresentationError::Other { why: error.to_string() })?,
            value: fields.next("value")?.octets()?,
        },
        RecordType::SVCB | RecordType::HTTPS => RecordData::Svcb {
            priority: fields.u16("priority")?,
            target: fields.name("target")?,
            parameters: svcb::parameters_from_tokens(fields.tokens.as_slice())
                .inspect(|_| fields.tokens = [].iter())?,
        },
        _ => return other_types::rdata_from_tokens(record_type, tokens, origin),
    };
    if let Some(word) = fields.tokens.next() {
        return Err(PresentationError::Extra { word: word.text() });
    }
    Ok(data)
}

/// Reads `\# length hex`, RFC 3597 §5.
fn generic(record_type: RecordType, mut fields: Fields<'_, '_>) -> Result<RecordData, PresentationError> {
    fields.tokens.next();
    let stated = fields.u16("length")?;
    let octets = if fields.tokens.as_slice().is_empty() { Vec::new() } else { fields.hex("data")? };
    if octets.len() != usize::from(stated) {
        return Err(PresentationError::WrongLength { stated: stated.into(), found: octets.len() });
    }
    rdata::decode(record_type, &octets).map_err(PresentationError::Octets)
}

/// Reads the fields of RDATA one after the other.
struct Fields<'f, 't> {
    tokens: std::slice::Iter<'f, Token<'t>>,
    origin: Option<&'f DomainName>,
}

impl<'t> Fields<'_, 't> {
    fn next(&mut self, field: &'static str) -> Result<Token<'t>, PresentationError> {
        self.tokens.next().copied().ok_or(PresentationError::Missing { field })
    }

    fn number(&mut self, field: &'static str, max: u32) -> Result<u32, PresentationError> {
        let word = self.next(field)?.text();
        let digits = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        let value = if digits { word.parse().ok().filter(|value| *value <= max) } else { None };
        value.ok_or(PresentationError::NotANumber { field, word, max })
    }

    fn u8(&mut self, field: &'static str) -> Result<u8, PresentationError> {
        let value = self.number(field, u8::MAX.into())?;
        Ok(u8::try_from(value).unwrap_or(u8::MAX))
    }

    fn u16(&mut self, field: &'static str) -> Result<u16, PresentationError> {
        let value = self.number(field, u16::MAX.into())?;
        Ok(u16::try_from(value).unwrap_or(u16::MAX))
    }

    /// Seconds, also with BIND's units as in `1h30m`.
    fn seconds(&mut self, field: &'static str) -> Result<u32, PresentationError> {
        let word = self.next(field)?.text();
        duration(&word).ok_or(PresentationError::NotANumber { field, word, max: u32::MAX })
    }

    fn name(&mut self, field: &'static str) -> Result<DomainName, PresentationError> {
        name_from_token(self.next(field)?, field, self.origin)
    }

    fn address<A: FromStr>(&mut self) -> Result<A, PresentationError> {
        let word = self.next("address")?.text();
        word.parse().map_err(|_| PresentationError::NotAnAddress { word })
    }

    fn txt(&mut self) -> Result<Txt, PresentationError> {
        let mut strings = vec![string(self.next("text")?)?];
        let mut octets = 0;
        for token in self.tokens.by_ref() {
            let string = string(*token)?;
            octets += string.len() + 1;
            strings.push(string);
        }
        if octets > MAX_RDATA - MAX_STRING {
            let octets = strings.iter().map(|string| string.len() + 1).sum();
            if octets > MAX_RDATA {
                return Err(PresentationError::TooLong { octets });
            }
        }
        Ok(Txt { strings })
    }

    /// What is left, joined: hexadecimal and Base64 may be cut by blanks anywhere.
    fn rest(&mut self, field: &'static str) -> Result<String, PresentationError> {
        let mut joined = self.next(field)?.text();
        for token in self.tokens.by_ref() {
            joined.push_str(&token.text());
        }
        Ok(joined)
    }

    fn hex(&mut self, field: &'static str) -> Result<Vec<u8>, PresentationError> {
        let octets = hex_from_text(&self.rest(field)?).ok_or(PresentationError::NotHex { field })?;
        fits(octets)
    }

    fn base64(&mut self, field: &'static str) -> Result<Vec<u8>, PresentationError> {
        let octets = base64::decode(&self.rest(field)?).map_err(|_| PresentationError::NotBase64 { field })?;
        fits(octets)
    }

    fn base32(&mut self, field: &'static str) -> Result<Vec<u8>, PresentationError> {
        let octets: Vec<u8> =
            base32::decode_hex(&self.next(field)?.text()).map_err(|_| PresentationError::NotBase32 { field })?;
        if octets.len() > 255 {
            return Err(PresentationError::NotBase32 { field });
        }
        Ok(octets)
    }

    fn salt(&mut self) -> Result<Vec<u8>, PresentationError> {
        let word = self.next("salt")?.text();
        if word == "-" {
            return Ok(Vec::new());
        }
        hex_from_text(&word).filter(|salt| salt.len() <= 255).ok_or(PresentationError::NotHex { field: "salt" })
    }

    fn record_type(&mut self, field: &'static str) -> Result<RecordType, PresentationError> {
        let word = self.next(field)?.text();
        RecordType::parse(&word).ok_or(PresentationError::NotAType { word })
    }

    fn types(&mut self) -> Result<Vec<RecordType>, PresentationError> {
        let mut types = Vec::new();
        while !self.tokens.as_slice().is_empty() {
            types.push(self.record_type("type")?);
        }
        types.sort_unstable();
        types.dedup();
        Ok(types)
    }

    /// A DNSSEC algorithm by number or mnemonic, RFC 4034 appendix A.1.
    fn algorithm(&mut self) -> Result<u8, PresentationError> {
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
    fn time(&mut self, field: &'static str) -> Result<u32, PresentationError> {
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

/// Octets from pairs of hexadecimal digits.
pub(super) fn hex_from_text(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits?;
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    Some(pairs.iter().map(|[high, low]| high << 4 | low).collect())
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

/// Writes RDATA as [`rdata_from_text`] reads it: names absolute, strings quoted.
pub fn rdata_to_text(data: &RecordData) -> String {
    match data {
        RecordData::A(address) => address.to_string(),
        RecordData::Aaaa(address) => address.to_string(),
        RecordData::Cname(name) | RecordData::Dname(name) | RecordData::Ns(name) | RecordData::Ptr(name) => {
            name.absolute()
        }
        RecordData::Mx { preference, exchange } => format!("{preference} {}", exchange.absolute()),
        RecordData::Txt(txt) => txt.strings.iter().map(|string| quoted(string)).collect::<Vec<_>>().join(" "),
        RecordData::Soa { primary, mailbox, serial, refresh, retry, expire, minimum } => {
            format!("{} {} {serial} {refresh} {retry} {expire} {minimum}", primary.absolute(), mailbox.absolute())
        }
        RecordData::Ds { key_tag, algorithm, digest_type, digest } => {
            format!("{key_tag} {algorithm} {digest_type} {}", hex(digest))
        }
        RecordData::Dnskey { flags, protocol, algorithm, public_key } => {
            format!("{flags} {protocol} {algorithm} {}", base64::encode_string(public_key))
        }
        RecordData::Rrsig(rrsig) => format!(
            "{} {} {} {} {} {} {} {} {}",
            rrsig.type_covered,
            rrsig.algorithm,
            rrsig.labels,
            rrsig.original_ttl,
            time(rrsig.expiration),
            time(rrsig.inception),
            rrsig.key_tag,
            rrsig.signer.absolute(),
            base64::encode_string(&rrsig.signature)
        ),
        RecordData::Nsec { next, types } => with_types(next.absolute(), types),
        RecordData::Nsec3 { hash_algorithm, flags, iterations, salt, next, types } => {
            let next = base32::encode_string_hex(next).to_ascii_lowercase();
            with_types(format!("{hash_algorithm} {flags} {iterations} {} {next}", salt_to_text(salt)), types)
        }
        RecordData::Nsec3Param { hash_algorithm, flags, iterations, salt } => {
            format!("{hash_algorithm} {flags} {iterations} {}", salt_to_text(salt))
        }
        RecordData::Tlsa { usage, selector, matching, data } => {
            format!("{usage} {selector} {matching} {}", hex(data))
        }
        RecordData::Caa { flags, tag, value } => format!("{flags} {tag} {}", quoted(value)),
        RecordData::Svcb { priority, target, parameters } => {
            let mut text = format!("{priority} {}", target.absolute());
            for (key, value) in parameters {
                text.push(' ');
                text.push_str(&svcb::parameter_to_text(*key, value));
            }
            text
        }
        RecordData::Other(octets) if octets.is_empty() => r"\# 0".into(),
        RecordData::Other(octets) => format!(r"\# {} {}", octets.len(), hex(octets)),
    }
}

/// A string in quotes, with escapes for quotes, backslashes and what is not printable ASCII.
pub(super) fn quoted(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len() + 2);
    text.push('"');
    for &octet in octets {
        match octet {
            b'"' | b'\\' => {
                text.push('\\');
                text.push(char::from(octet));
            }
            0x20..=0x7E => text.push(char::from(octet)),
            _ => text.push_str(&format!("\\{octet:03}")),
        }
    }
    text.push('"');
    text
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn salt_to_text(salt: &[u8]) -> String {
    if salt.is_empty() { "-".into() } else { hex(salt) }
}

fn with_types(mut text: String, types: &[RecordType]) -> String {
    for record_type in types {
        text.push(' ');
        text.push_str(&record_type.name());
    }
    text
}

/// `YYYYMMDDHHMMSS` of a time up to 2106.
fn time(seconds: u32) -> String {
    UnixTime(seconds.into()).to_string().chars().filter(char::is_ascii_digit).collect()
}
