//! What a person types or pastes as "the domain": URLs, addresses, record names and stray spaces are understood.

use std::fmt;
use std::net::IpAddr;

use crate::name::{DomainName, NameError};

/// Longest text looked at: a URL that browsers still take.
const MAX_INPUT: usize = 2_048;
/// The full stops of other scripts, which UTS #46 §4 maps to a dot.
const DOTS: [char; 4] = ['.', '\u{3002}', '\u{FF0E}', '\u{FF61}'];
/// Blocks of arrows, symbols and emoji: no letters or digits, so IDNA2008 disallows them (RFC 5892 §2), UTS #46 does not.
const SYMBOLS: [std::ops::RangeInclusive<char>; 2] = ['\u{2190}'..='\u{2BFF}', '\u{1F000}'..='\u{1FAFF}'];

/// A domain as it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The domain, as A-labels.
    pub domain: DomainName,
    /// The domain as typed, where that is not ASCII.
    pub international: Option<String>,
    /// What the person should know about how the text was read.
    pub notes: Vec<Note>,
}

/// Something to say about how a text was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A record's own labels stood before the domain and were left off.
    PrefixLeftOff { prefix: String },
    /// The name is outside IDNA2008: browsers take it, mail software may not.
    NotIdna2008,
}

/// Why no domain is seen in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputError {
    /// Nothing but spaces.
    Empty,
    /// Longer than the limit.
    TooLong { limit: usize },
    /// A scheme, a slash or an `@`, and no host.
    NoHost,
    /// Several words.
    Words,
    /// An IP address.
    Address { address: String },
    /// One label only.
    SingleLabel { label: String },
    /// The last label is a number, which no top-level domain is (RFC 3696 §2).
    EndsInNumber { label: String },
    /// A character that no host name holds.
    BadCharacter { character: char },
    /// A label starts or ends with a hyphen.
    Hyphen { label: String },
    /// The name breaks the limits of the DNS.
    BadName { error: NameError },
    /// The international name does not map to A-labels (UTS #46).
    NotInternational { host: String },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PrefixLeftOff { prefix } => {
                f.write_str(&tr!("“{prefix}” is the place of a record, not of the domain, and was left off", prefix))
            }
            Self::NotIdna2008 => {
                f.write_str(&tr!("symbols in a domain name work in browsers; some mail software refuses them"))
            }
        }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str(&tr!("Type a domain, for example example.com.")),
            Self::TooLong { limit } => {
                f.write_str(&tr!("That is longer than {limit} characters; a domain has at most 253.", limit))
            }
            Self::NoHost => f.write_str(&tr!("There is no domain in that. Type it like example.com.")),
            Self::Words => f.write_str(&tr!("A domain has no spaces. Type one domain, like example.com.")),
            Self::Address { address } => f.write_str(&tr!(
                "{address} is an IP address. Mail security belongs to a domain: type its name, like example.com.",
                address
            )),
            Self::SingleLabel { label } => {
                f.write_str(&tr!("“{label}” is only one label. Type the whole domain, like {label}.com.", label))
            }
            Self::EndsInNumber { label } => {
                f.write_str(&tr!("No domain ends in a number, and this one ends in “{label}”.", label))
            }
            Self::BadCharacter { character } => {
                f.write_str(&tr!("“{}” cannot stand in a domain name.", character.escape_debug()))
            }
            Self::Hyphen { label } => {
                f.write_str(&tr!("“{label}” starts or ends with a hyphen, which no domain name may.", label))
            }
            Self::BadName { error } => f.write_str(&tr!("That is no domain name: {error}.", error)),
            Self::NotInternational { host } => {
                f.write_str(&tr!("“{host}” is no valid international domain name.", host))
            }
        }
    }
}

/// Sees the domain in a text. `to_ascii` maps a host to A-labels by UTS #46, non-transitional.
pub fn domain_from_input<E>(text: &str, to_ascii: impl Fn(&str) -> Result<String, E>) -> Result<Typed, InputError> {
    if text.len() > MAX_INPUT {
        return Err(InputError::TooLong { limit: MAX_INPUT });
    }
    let text = without_spaces(text)?;
    let host = host_in(&text)?;
    let (prefix, host) = without_prefix(host);
    for character in host.chars().filter(char::is_ascii) {
        if !(character.is_ascii_alphanumeric() || matches!(character, '-' | '.')) {
            return Err(InputError::BadCharacter { character });
        }
    }
    let mapped = to_ascii(host).map_err(|_| InputError::NotInternational { host: host.into() })?;
    let domain = match DomainName::parse(&mapped) {
        Ok(name) => name,
        Err(NameError::Empty) => return Err(InputError::NoHost),
        Err(NameError::NotAscii { character }) => return Err(InputError::BadCharacter { character }),
        Err(error) => return Err(InputError::BadName { error }),
    };
    check(&domain)?;
    let mut notes = Vec::new();
    notes.extend(prefix.map(|prefix| Note::PrefixLeftOff { prefix: prefix.into() }));
    if host.chars().any(|c| SYMBOLS.iter().any(|block| block.contains(&c))) {
        notes.push(Note::NotIdna2008);
    }
    let international = (!host.is_ascii()).then(|| host.to_lowercase());
    Ok(Typed { domain, international, notes })
}

/// The text without the spaces around it and around its separators, and without what mail programs put around addresses.
fn without_spaces(text: &str) -> Result<String, InputError> {
    let is_space = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}');
    let is_wrapping = |c: char| is_space(c) || matches!(c, '<' | '>' | '"' | '\'' | '“' | '”' | ',' | ';');
    let text = text.trim_matches(is_wrapping);
    let mut kept = String::with_capacity(text.len());
    let mut space = false;
    for character in text.chars() {
        if is_space(character) {
            space = true;
            continue;
        }
        let is_separator = |c: char| DOTS.contains(&c) || matches!(c, '@' | '/' | ':');
        if space && !is_separator(character) && !kept.chars().next_back().is_some_and(is_separator) {
            return Err(InputError::Words);
        }
        space = false;
        kept.push(character);
    }
    if kept.is_empty() { Err(InputError::Empty) } else { Ok(kept) }
}

/// The host in a URL, an address or a bare name.
fn host_in(text: &str) -> Result<&str, InputError> {
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let text = text
        .split_once("//")
        .map_or(text, |(before, after)| if before.is_empty() || before.ends_with(':') { after } else { text });
    let text = text.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = text.rsplit('@').next().unwrap_or_default();
    let is_address = |text: &str| text.parse::<IpAddr>().is_ok();
    if is_address(host) {
        return Err(InputError::Address { address: host.into() });
    }
    if let Some(inside) = host.strip_prefix('[') {
        let address = inside.split(']').next().unwrap_or_default();
        return Err(InputError::Address { address: address.into() });
    }
    let host = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => host,
    };
    if is_address(host) {
        return Err(InputError::Address { address: host.into() });
    }
    match host.strip_suffix(DOTS).unwrap_or(host) {
        "" => Err(InputError::NoHost),
        host => Ok(host),
    }
}

/// Takes off what a record's name has before its domain: everything up to the last label that starts with `_` or is `*`.
fn without_prefix(host: &str) -> (Option<&str>, &str) {
    let mut end = None;
    let mut start = 0;
    for (at, dot) in host.char_indices().filter(|(_, c)| DOTS.contains(c)) {
        let label = host.get(start..at).unwrap_or_default();
        start = at + dot.len_utf8();
        if label.starts_with('_') || label == "*" {
            end = Some((at, start));
        }
    }
    match end {
        Some((at, start)) => (host.get(..at), host.get(start..).unwrap_or_default()),
        None => (None, host),
    }
}

/// Whether a name is one that a mail domain can have.
fn check(domain: &DomainName) -> Result<(), InputError> {
    let labels = domain.labels();
    for label in &labels {
        if let Some(character) = label.chars().find(|c| !(c.is_ascii_alphanumeric() || *c == '-')) {
            return Err(InputError::BadCharacter { character });
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err(InputError::Hyphen { label: (*label).into() });
        }
    }
    if domain.as_str().parse::<IpAddr>().is_ok() {
        return Err(InputError::Address { address: domain.to_string() });
    }
    let Some(last) = labels.last() else { return Err(InputError::NoHost) };
    if last.bytes().all(|b| b.is_ascii_digit()) {
        return Err(InputError::EndsInNumber { label: (*last).into() });
    }
    if labels.len() < 2 {
        return Err(InputError::SingleLabel { label: (*last).into() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Typed, InputError> {
        domain_from_input(text, idna::domain_to_ascii)
    }

    /// standards.md §11, by row; the rest are the ways in which people paste.
    #[test]
    fn what_is_understood() {
        for (row, text, domain) in [
            ("11.1", "bücher.example", "xn--bcher-kva.example"),
            ("11.2", "straße.example", "xn--strae-oqa.example"),
            ("11.3", "faß.example", "xn--fa-hia.example"),
            ("11.4", "MÜNCHEN.example", "xn--mnchen-3ya.example"),
            ("11.5", "i❤.example", "xn--i-7iq.example"),
            ("11.6", "example。com", "example.com"),
            ("11.7", "пример.example", "xn--e1afmkfd.example"),
            ("11.10", "_dmarc.bücher.example", "xn--bcher-kva.example"),
            ("11.14", "ﬁrma.example", "firma.example"),
            ("trailing dot", "Example.COM.", "example.com"),
            ("spaces", "  example .com\u{200B} ", "example.com"),
            ("URL", "https://user@www.example.com:8443/a?b#c", "www.example.com"),
            ("URL without scheme", "//example.com/a", "example.com"),
            ("path", "example.com/mail", "example.com"),
            ("port", "example.com:25", "example.com"),
            ("address", "Jane Doe <jane@example.com>".split(' ').next_back().unwrap_or_default(), "example.com"),
            ("mailto", "mailto:jane@example.com?subject=x", "example.com"),
            ("quoted local part", "\"a@b\"@example.com", "example.com"),
            ("selector", "s1._domainkey.example.com", "example.com"),
            ("TLSA", "_25._tcp.mx.example.com", "mx.example.com"),
            ("wildcard", "*.example.com", "example.com"),
        ] {
            assert_eq!(read(text).map(|typed| typed.domain.to_string()).as_deref(), Ok(domain), "{row}: {text}");
        }
    }

    #[test]
    fn what_is_refused() {
        use InputError::*;
        for (row, text, error) in [
            ("11.8", "xn--bücher.example", NotInternational { host: "xn--bücher.example".into() }),
            ("11.9", "xn--abc-.example", NotInternational { host: "xn--abc-.example".into() }),
            ("11.9", "xn--zzzz.example", NotInternational { host: "xn--zzzz.example".into() }),
            ("empty", " \t", Empty),
            ("no host", "https:///path", NoHost),
            ("no host", "jane@", NoHost),
            ("words", "hello world", Words),
            ("IPv4", "http://192.0.2.1:80/", Address { address: "192.0.2.1".into() }),
            ("IPv6", "2001:db8::1", Address { address: "2001:db8::1".into() }),
            ("IPv6", "https://[2001:db8::1]/", Address { address: "2001:db8::1".into() }),
            ("one label", "localhost", SingleLabel { label: "localhost".into() }),
            ("number", "1.2.3", EndsInNumber { label: "3".into() }),
            ("underscore", "a_b.example", BadCharacter { character: '_' }),
            ("percent", "example%2ecom", BadCharacter { character: '%' }),
            ("markup", "<script>alert(1)</script>", BadCharacter { character: '>' }),
            ("hyphen", "-a.example", Hyphen { label: "-a".into() }),
            ("two dots", "example..com", BadName { error: NameError::EmptyLabel }),
            (
                "long label",
                &format!("{}.example", "a".repeat(64)),
                BadName { error: NameError::LabelTooLong { octets: 64 } },
            ),
            ("long", &"a.".repeat(2000), TooLong { limit: MAX_INPUT }),
        ] {
            assert_eq!(read(text), Err(error), "{row}: {text}");
        }
    }

    #[test]
    fn what_is_said_about_it() {
        let notes = |text: &str| read(text).unwrap().notes;
        assert_eq!(notes("example.com"), []);
        assert_eq!(notes("i❤.example"), [Note::NotIdna2008]);
        assert_eq!(notes("_dmarc.example.com"), [Note::PrefixLeftOff { prefix: "_dmarc".into() }]);
        assert_eq!(notes("s1._domainkey.example.com"), [Note::PrefixLeftOff { prefix: "s1._domainkey".into() }]);
        assert_eq!(read("Bücher.example").unwrap().international.as_deref(), Some("bücher.example"));
    }
}
