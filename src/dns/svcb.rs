//! Service parameters of SVCB and HTTPS records in text, RFC 9460 §2.1 and §7.

use std::net::{Ipv4Addr, Ipv6Addr};

use domain::utils::base64;

use super::presentation::{MAX_RDATA, PresentationError, quoted};
use super::token::Token;
use crate::order;

/// Keys that have a name, RFC 9460 §14.3.2 and RFC 9461 §5.
const KEYS: [(u16, &str); 8] = [
    (MANDATORY, "mandatory"),
    (ALPN, "alpn"),
    (NO_DEFAULT_ALPN, "no-default-alpn"),
    (PORT, "port"),
    (IPV4HINT, "ipv4hint"),
    (ECH, "ech"),
    (IPV6HINT, "ipv6hint"),
    (7, "dohpath"),
];
const MANDATORY: u16 = 0;
const ALPN: u16 = 1;
const NO_DEFAULT_ALPN: u16 = 2;
const PORT: u16 = 3;
const IPV4HINT: u16 = 4;
const ECH: u16 = 5;
const IPV6HINT: u16 = 6;

/// Reads `key`, `key=value` and `key="value"`, and brings them in the growing order of the wire.
pub(super) fn parameters_from_tokens(tokens: &[Token<'_>]) -> Result<Vec<(u16, Vec<u8>)>, PresentationError> {
    let mut parameters: Vec<(u16, Vec<u8>)> = Vec::new();
    let mut length = 0;
    let mut tokens = tokens.iter().peekable();
    while let Some(token) = tokens.next() {
        let bad = || PresentationError::BadParameter { key: token.text() };
        let equals = token.raw.iter().position(|octet| *octet == b'=');
        let (key, value) = match equals {
            Some(at) => token.raw.split_at_checked(at).ok_or_else(bad)?,
            None => (token.raw, &[][..]),
        };
        let mut octets = Token { raw: value.get(1..).unwrap_or_default(), ..*token }.octets()?;
        if equals.is_some_and(|at| at + 1 == token.raw.len())
            && let Some(value) = tokens.next_if(|next| next.joined && next.quoted)
        {
            octets = value.octets()?;
        }
        let key = String::from_utf8_lossy(key);
        let (key, value) = match key_by_name(&key) {
            Some(key) => (key, value_from_text(key, octets).ok_or_else(bad)?),
            None => (key_by_number(&key).ok_or_else(bad)?, octets),
        };
        length += value.len() + 4;
        if length > MAX_RDATA {
            return Err(PresentationError::TooLong { octets: length });
        }
        parameters.push((key, value));
    }
    order::by_key(&mut parameters, |(key, _)| u128::from(*key));
    let twice = parameters.windows(2).find_map(|pair| match pair {
        [(first, _), (second, _)] if first == second => Some(*first),
        _ => None,
    });
    match twice {
        Some(key) => Err(PresentationError::BadParameter { key: key_to_text(key) }),
        None => Ok(parameters),
    }
}

/// Writes one parameter; a value that is not as its key wants it in the generic form `key1="\000"`.
pub(super) fn parameter_to_text(key: u16, value: &[u8]) -> String {
    let name = key_to_text(key);
    let generic = || if value.is_empty() { format!("key{key}") } else { format!("key{key}={}", quoted(value)) };
    let text = match key {
        MANDATORY => {
            let (keys, []) = value.as_chunks::<2>() else { return generic() };
            join(keys, |octets| key_to_text(u16::from_be_bytes(*octets)))
        }
        ALPN => match alpn_to_text(value) {
            Some(text) => text,
            None => return generic(),
        },
        PORT => match <[u8; 2]>::try_from(value) {
            Ok(octets) => u16::from_be_bytes(octets).to_string(),
            Err(_) => return generic(),
        },
        IPV4HINT => {
            let (addresses, []) = value.as_chunks::<4>() else { return generic() };
            join(addresses, |octets| Ipv4Addr::from(*octets).to_string())
        }
        IPV6HINT => {
            let (addresses, []) = value.as_chunks::<16>() else { return generic() };
            join(addresses, |octets| Ipv6Addr::from(*octets).to_string())
        }
        ECH => base64::encode_string(value),
        NO_DEFAULT_ALPN if value.is_empty() => return name,
        _ => return generic(),
    };
    if text.is_empty() { generic() } else { format!("{name}={text}") }
}

fn join<T>(items: &[T], text: impl Fn(&T) -> String) -> String {
    items.iter().map(text).collect::<Vec<_>>().join(",")
}

fn key_by_name(text: &str) -> Option<u16> {
    KEYS.iter().find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(key, _)| *key)
}

/// The generic form `key123`, whose value is the raw octets.
fn key_by_number(text: &str) -> Option<u16> {
    let (prefix, number) = text.split_at_checked(3)?;
    let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    if prefix.eq_ignore_ascii_case("key") && plain { number.parse().ok() } else { None }
}

fn key_to_text(key: u16) -> String {
    match KEYS.iter().find(|(number, _)| *number == key) {
        Some((_, name)) => (*name).into(),
        None => format!("key{key}"),
    }
}

/// The octets of a value of a key that stands there by name.
fn value_from_text(key: u16, octets: Vec<u8>) -> Option<Vec<u8>> {
    match key {
        MANDATORY => {
            let keys: Option<Vec<u16>> =
                items(&octets)?.into_iter().map(|key| key_by_name(key).or_else(|| key_by_number(key))).collect();
            let mut keys = keys?;
            order::by_key(&mut keys, |key| u128::from(*key));
            Some(keys.into_iter().flat_map(u16::to_be_bytes).collect())
        }
        ALPN => alpn_from_text(&octets),
        NO_DEFAULT_ALPN => octets.is_empty().then_some(octets),
        PORT => Some(std::str::from_utf8(&octets).ok()?.parse::<u16>().ok()?.to_be_bytes().to_vec()),
        IPV4HINT => {
            let addresses: Result<Vec<Ipv4Addr>, _> = items(&octets)?.into_iter().map(str::parse).collect();
            Some(addresses.ok()?.into_iter().flat_map(|address| address.octets()).collect())
        }
        IPV6HINT => {
            let addresses: Result<Vec<Ipv6Addr>, _> = items(&octets)?.into_iter().map(str::parse).collect();
            Some(addresses.ok()?.into_iter().flat_map(|address| address.octets()).collect())
        }
        ECH => base64::decode(std::str::from_utf8(&octets).ok()?).ok(),
        _ => Some(octets),
    }
}

fn items(octets: &[u8]) -> Option<Vec<&str>> {
    Some(std::str::from_utf8(octets).ok()?.split(',').collect())
}

/// Protocol names between commas, each behind its length, RFC 9460 §7.1 and appendix A.1.
fn alpn_from_text(octets: &[u8]) -> Option<Vec<u8>> {
    let mut value = Vec::new();
    for protocol in octets.split(|octet| *octet == b',') {
        if protocol.is_empty() {
            return None;
        }
        value.push(u8::try_from(protocol.len()).ok()?);
        value.extend_from_slice(protocol);
    }
    Some(value)
}

/// The reverse; `None` where a protocol name is empty, cut, or has an octet that would need two layers of escapes.
fn alpn_to_text(mut value: &[u8]) -> Option<String> {
    let mut protocols = Vec::new();
    while let Some((length, rest)) = value.split_first() {
        let (protocol, rest) = rest.split_at_checked(usize::from(*length))?;
        let plain = |octet: &u8| octet.is_ascii_graphic() && !matches!(octet, b',' | b'"' | b'\\' | b';' | b'(' | b')');
        if protocol.is_empty() || !protocol.iter().all(plain) {
            return None;
        }
        protocols.push(String::from_utf8_lossy(protocol));
        value = rest;
    }
    Some(protocols.join(","))
}
