//! DNS over HTTPS resolvers: their addresses, how they are doing, and which one is asked next.

use std::fmt;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::evidence::Failure;

/// The resolvers asked unless the user names others, in order of preference. Both let any web page read them.
pub const BUILT_IN: [&str; 2] = ["https://cloudflare-dns.com/dns-query", "https://dns.google/dns-query"];

/// Longest resolver address that is accepted; browsers and servers stop at a few thousand characters.
const MAX_URL: usize = 2_000;

/// So many failures in a row, with no answer between them, and a resolver counts as down.
const DOWN_AFTER: u32 = 3;

/// The address of a DNS over HTTPS resolver (RFC 8484 §4.1), checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolver(String);

/// Why a text is no resolver address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolverError {
    /// Nothing is there.
    Empty,
    /// The address is longer than the limit.
    TooLong { limit: usize },
    /// It does not start with `https://`.
    NotHttps,
    /// It starts with `http://`, and the host is neither this computer nor the page's own origin.
    Plain { host: String },
    /// No host, or one that no host can have.
    BadHost { host: String },
    /// The port is no number from 1 to 65535.
    BadPort { port: String },
    /// A name or password stands before the host.
    Credentials,
    /// A character that no URL may hold.
    BadCharacter { character: char },
    /// A URI template other than `{?dns}` (RFC 8484 §4.1).
    Template { template: String },
}

impl fmt::Display for ResolverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str(&tr!("a resolver address is empty")),
            Self::TooLong { limit } => f.write_str(&tr!("the address is longer than {limit} characters", limit)),
            Self::NotHttps => {
                f.write_str(&tr!("a resolver address starts with https://, as in https://dns.google/dns-query"))
            }
            Self::Plain { host } => f.write_str(&tr!(
                "http:// is accepted only for this computer (localhost) and the site of this page; use https://{host}",
                host
            )),
            Self::BadHost { host } if host.is_empty() => f.write_str(&tr!("the address has no host")),
            Self::BadHost { host } => f.write_str(&tr!("“{host}” is no host name or IP address", host)),
            Self::BadPort { port } => f.write_str(&tr!("“{port}” is no port number", port)),
            Self::Credentials => f.write_str(&tr!("a resolver address cannot hold a user name or password")),
            Self::BadCharacter { character } => {
                f.write_str(&tr!("“{}” cannot stand in an address", character.escape_default()))
            }
            Self::Template { template } => {
                f.write_str(&tr!("only the template {{?dns}} is understood, not “{template}”", template))
            }
        }
    }
}

impl Resolver {
    /// Reads a resolver address. Plain `http` is for this computer and for `own_origin` (`http://192.0.2.1:8080`),
    /// the origin of the page, only.
    pub fn parse(text: &str, own_origin: Option<&str>) -> Result<Self, ResolverError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ResolverError::Empty);
        }
        if text.len() > MAX_URL {
            return Err(ResolverError::TooLong { limit: MAX_URL });
        }
        let text = without_template(text)?;
        let allowed =
            |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | '#');
        if let Some(character) = text.chars().find(|&c| !allowed(c)) {
            return Err(ResolverError::BadCharacter { character });
        }
        let (scheme, rest) = text.split_once("://").ok_or(ResolverError::NotHttps)?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(ResolverError::NotHttps),
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err(ResolverError::Credentials);
        }
        let authority = authority.to_ascii_lowercase();
        let host = checked_host(&authority)?;
        let scheme = if secure { "https" } else { "http" };
        let origin = format!("{scheme}://{authority}");
        if !secure && !is_this_computer(host) && own_origin.is_none_or(|own| own != origin) {
            return Err(ResolverError::Plain { host: host.into() });
        }
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Ok(Self(format!("{origin}{path}")))
    }

    /// The resolvers that every run knows.
    pub fn built_in() -> Vec<Self> {
        BUILT_IN.iter().map(|url| Self((*url).into())).collect()
    }

    /// The address.
    pub fn url(&self) -> &str {
        &self.0
    }

    /// The URL that asks the question in `message`, RFC 8484 §4.1.1.
    pub fn question(&self, message: &[u8]) -> String {
        let joint = if self.0.contains('?') { '&' } else { '?' };
        format!("{}{joint}dns={}", self.0, base64url(message))
    }
}

/// How a resolver is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResolverStatus {
    /// Not asked yet.
    Untried,
    /// It answers.
    Answering,
    /// It failed, not yet often enough to count as down.
    Failing,
    /// It failed several times in a row: others are asked first.
    Down,
    /// Its address is not accepted: it is never asked.
    Refused,
}

/// A resolver and how it is doing in this run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolverState {
    /// Its address.
    pub url: String,
    /// How it is doing.
    pub status: ResolverStatus,
    /// Questions that it answered.
    pub answered: usize,
    /// Questions that it failed to answer.
    pub failed: usize,
    /// What went wrong last, as half a sentence.
    pub last_failure: Option<String>,
}

/// The resolvers of one run.
#[derive(Debug)]
pub(super) struct Resolvers {
    usable: Vec<(Resolver, Health)>,
    refused: Vec<ResolverState>,
}

#[derive(Debug, Default)]
struct Health {
    answered: usize,
    failed: usize,
    failed_in_a_row: u32,
    last_failure: Option<Failure>,
}

impl Health {
    fn is_down(&self) -> bool {
        self.failed_in_a_row >= DOWN_AFTER
    }
}

impl Resolvers {
    /// Reads the addresses; none at all means the built-in ones. An address that is not accepted is shown and never
    /// asked, and nobody else is asked in its place.
    pub(super) fn new(urls: &[String], own_origin: Option<&str>) -> Self {
        let mut resolvers = Self { usable: Vec::new(), refused: Vec::new() };
        if urls.is_empty() {
            resolvers.usable = Resolver::built_in().into_iter().map(|resolver| (resolver, Health::default())).collect();
        }
        for url in urls {
            match Resolver::parse(url, own_origin) {
                Ok(resolver) if resolvers.usable.iter().any(|(known, _)| *known == resolver) => {}
                Ok(resolver) => resolvers.usable.push((resolver, Health::default())),
                Err(error) => resolvers.refused.push(ResolverState {
                    url: url.clone(),
                    status: ResolverStatus::Refused,
                    answered: 0,
                    failed: 0,
                    last_failure: Some(error.to_string()),
                }),
            }
        }
        resolvers
    }

    /// The one to ask first: the first that is not down; where all are, the one that failed least.
    pub(super) fn first(&self) -> Option<usize> {
        let up = self.usable.iter().position(|(_, health)| !health.is_down());
        up.or_else(|| (0..self.usable.len()).min_by_key(|&index| self.failures(index)))
    }

    /// The one to ask after `tried` failed: another one that is not down. Where there is none, `tried` again if it
    /// answered at all (it is the domain that fails), else one of the others, which may have come back.
    pub(super) fn after(&self, tried: usize, it_answered: bool) -> usize {
        let others = || (0..self.usable.len()).filter(|&index| index != tried);
        let is_up = |index: usize| self.usable.get(index).is_some_and(|(_, health)| !health.is_down());
        if let Some(other) = others().find(|&index| is_up(index)) {
            return other;
        }
        if it_answered {
            return tried;
        }
        others().min_by_key(|&index| self.failures(index)).unwrap_or(tried)
    }

    /// How many answers this one has given.
    pub(super) fn answered(&self, index: usize) -> usize {
        self.usable.get(index).map_or(0, |(_, health)| health.answered)
    }

    /// Whether there is more than one to ask.
    pub(super) fn has_choice(&self) -> bool {
        self.usable.len() > 1
    }

    /// The resolver itself.
    pub(super) fn at(&self, index: usize) -> Option<&Resolver> {
        self.usable.get(index).map(|(resolver, _)| resolver)
    }

    /// Notes an answer; one answer brings a resolver back.
    pub(super) fn note_answer(&mut self, index: usize) {
        if let Some((_, health)) = self.usable.get_mut(index) {
            health.answered += 1;
            health.failed_in_a_row = 0;
        }
    }

    /// Notes a failure; `counts` tells whether it speaks against the resolver and not the domain.
    pub(super) fn note_failure(&mut self, index: usize, failure: &Failure, counts: bool) {
        if let Some((_, health)) = self.usable.get_mut(index) {
            health.failed += 1;
            health.failed_in_a_row += u32::from(counts);
            health.last_failure = Some(failure.clone());
        }
    }

    /// Everyone's state, for display.
    pub(super) fn states(&self) -> Vec<ResolverState> {
        let usable = self.usable.iter().map(|(resolver, health)| ResolverState {
            url: resolver.url().into(),
            status: match health {
                health if health.is_down() => ResolverStatus::Down,
                Health { failed_in_a_row: 1.., .. } => ResolverStatus::Failing,
                Health { answered: 1.., .. } => ResolverStatus::Answering,
                _ => ResolverStatus::Untried,
            },
            answered: health.answered,
            failed: health.failed,
            last_failure: health.last_failure.as_ref().map(Failure::to_string),
        });
        usable.chain(self.refused.iter().cloned()).collect()
    }

    fn failures(&self, index: usize) -> u32 {
        self.usable.get(index).map_or(u32::MAX, |(_, health)| health.failed_in_a_row)
    }
}

/// The address without the URI template `{?dns}`, which RFC 8484 §4.1 writes at the end of resolver addresses.
fn without_template(text: &str) -> Result<&str, ResolverError> {
    match text.find('{') {
        None => Ok(text),
        Some(at) => match text.split_at(at) {
            (address, "{?dns}" | "{&dns}") => Ok(address),
            (_, template) => Err(ResolverError::Template { template: template.into() }),
        },
    }
}

/// The host of `host`, `host:port` or `[v6]:port`.
fn checked_host(authority: &str) -> Result<&str, ResolverError> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let bad = || ResolverError::BadHost { host: authority.into() };
            let (address, after) = rest.split_once(']').ok_or_else(bad)?;
            address.parse::<std::net::Ipv6Addr>().map_err(|_| bad())?;
            match after.strip_prefix(':') {
                Some(port) => (address, Some(port)),
                None if after.is_empty() => (address, None),
                None => return Err(bad()),
            }
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    if let Some(port) = port
        && !port.parse::<u16>().is_ok_and(|port| port > 0)
    {
        return Err(ResolverError::BadPort { port: port.into() });
    }
    let is_v6 = host.contains(':');
    let is_host = crate::name::DomainName::parse(host).is_ok_and(|name| name.is_host_name());
    if is_v6 || is_host { Ok(host) } else { Err(ResolverError::BadHost { host: host.into() }) }
}

/// Whether the host is the computer that asks.
pub(super) fn is_this_computer(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "::1"
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

/// Base64 with the URL alphabet and no padding, RFC 4648 §5.
fn base64url(octets: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(octets.len().div_ceil(3) * 4);
    for chunk in octets.chunks(3) {
        let group = chunk.iter().fold(0_u32, |group, &octet| group << 8 | u32::from(octet)) << (8 * (3 - chunk.len()));
        for sextet in 0..=chunk.len() {
            let value = group >> (18 - 6 * sextet) & 0x3F;
            let letter = usize::try_from(value).ok().and_then(|value| ALPHABET.get(value));
            text.extend(letter.map(|&letter| char::from(letter)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, ResolverError> {
        Resolver::parse(text, Some("http://192.0.2.7:8080")).map(|resolver| resolver.0)
    }

    #[test]
    fn addresses_that_are_accepted() {
        for (text, url) in [
            (" https://dns.google/dns-query ", "https://dns.google/dns-query"),
            ("HTTPS://DNS.Google/Dns-Query", "https://dns.google/Dns-Query"),
            ("https://dns.example/dns-query{?dns}", "https://dns.example/dns-query"),
            ("https://dns.example/q?key=1{&dns}", "https://dns.example/q?key=1"),
            ("https://dns.example", "https://dns.example/"),
            ("https://dns.example?key=1", "https://dns.example/?key=1"),
            ("https://dns.example:8443/q", "https://dns.example:8443/q"),
            ("https://[2001:db8::1]/q", "https://[2001:db8::1]/q"),
            ("http://127.0.0.1:8053/dns-query", "http://127.0.0.1:8053/dns-query"),
            ("http://localhost/dns-query", "http://localhost/dns-query"),
            ("http://[::1]:53/q", "http://[::1]:53/q"),
            ("http://192.0.2.7:8080/dns-query", "http://192.0.2.7:8080/dns-query"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(url), "{text}");
        }
    }

    #[test]
    fn addresses_that_are_refused() {
        for (text, error) in [
            ("", ResolverError::Empty),
            ("dns.google", ResolverError::NotHttps),
            ("ftp://dns.google/", ResolverError::NotHttps),
            ("javascript:alert(1)", ResolverError::NotHttps),
            ("http://dns.google/dns-query", ResolverError::Plain { host: "dns.google".into() }),
            ("http://192.0.2.7/dns-query", ResolverError::Plain { host: "192.0.2.7".into() }),
            ("http://localhost.example/", ResolverError::Plain { host: "localhost.example".into() }),
            ("https://", ResolverError::BadHost { host: "".into() }),
            ("https://a_b/", ResolverError::BadHost { host: "a_b".into() }),
            ("https://[::1/", ResolverError::BadHost { host: "[::1".into() }),
            ("https://dns.example:0/", ResolverError::BadPort { port: "0".into() }),
            ("https://dns.example:99999/", ResolverError::BadPort { port: "99999".into() }),
            ("https://user:word@dns.example/", ResolverError::Credentials),
            ("https://dns.example/a b", ResolverError::BadCharacter { character: ' ' }),
            ("https://dns.example/#x", ResolverError::BadCharacter { character: '#' }),
            ("https://dns.example/{dns}", ResolverError::Template { template: "{dns}".into() }),
            (&format!("https://{}", "a".repeat(2000)), ResolverError::TooLong { limit: 2000 }),
        ] {
            assert_eq!(read(text), Err(error), "{text}");
        }
    }

    #[test]
    fn questions_are_base64url_without_padding() {
        // RFC 4648 §10, and the two letters that differ from plain Base64.
        for (octets, text) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64url(octets.as_bytes()), text);
        }
        assert_eq!(base64url(&[0xFB, 0xFF, 0xFE]), "-__-");
        let plain = Resolver::parse("https://dns.example/q", None).unwrap();
        assert_eq!(plain.question(b"foo"), "https://dns.example/q?dns=Zm9v");
        let with_query = Resolver::parse("https://dns.example/q?key=1", None).unwrap();
        assert_eq!(with_query.question(b"foo"), "https://dns.example/q?key=1&dns=Zm9v");
    }

    #[test]
    fn a_resolver_goes_down_and_comes_back() {
        let urls = ["https://one.example/".to_owned(), "https://two.example/".to_owned()];
        let mut resolvers = Resolvers::new(&urls, None);
        assert_eq!(resolvers.first(), Some(0));
        for _ in 0..DOWN_AFTER {
            assert_eq!(resolvers.first(), Some(0));
            resolvers.note_failure(0, &Failure::Timeout, true);
        }
        assert_eq!(resolvers.first(), Some(1));
        assert_eq!(resolvers.states()[0].status, ResolverStatus::Down);
        assert_eq!(resolvers.after(1, true), 1, "the domain fails: the dead one is not waited for");
        assert_eq!(resolvers.after(1, false), 0, "the last one up fails: the dead one may have come back");
        resolvers.note_answer(0);
        assert_eq!(resolvers.first(), Some(0));
    }

    #[test]
    fn refused_addresses_are_shown_and_nobody_is_asked_instead() {
        let resolvers = Resolvers::new(&["ftp://x".into()], None);
        assert_eq!(resolvers.first(), None);
        assert_eq!(resolvers.states()[0].status, ResolverStatus::Refused);
        assert_eq!(Resolvers::new(&[], None).states().len(), BUILT_IN.len());
    }
}
