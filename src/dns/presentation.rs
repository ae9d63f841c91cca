//! RDATA in the text form of zone files: RFC 1035 §5.1, RFC 3597 §5 and each type's own RFC.

use std::fmt;

use domain::utils::{base32, base64};

use super::fields::{Fields, MAX_STRING};
use super::rdata::{self, RdataError};
use super::svcb;
use super::token::{Entries, Token};
use super::{RecordData, RecordType, Rrsig, other_types};
use crate::name::{DomainName, NameError};
use crate::time::UnixTime;

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
pub(super) fn short(word: &str) -> String {
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
        // Text has no way to write empty data but the generic one.
        RecordData::Tlsa { usage, selector, matching, data } if data.is_empty() => {
            format!(r"\# 3 {}", hex(&[*usage, *selector, *matching]))
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
