//! The fragment of the page's address: `#d=example.com&r=<resolver>&s=sel1,sel2&b=<BIMI selector>&a=<trust anchor>&relay=<relay>`,
//! and `e=<records>` where it carries the records themselves.

use crate::share;

/// Longer fragments are not read: nobody's check needs them, and they come from anywhere. Records have a limit of their own.
const MAX_FRAGMENT: usize = 8 * 1024 + share::MAX_LENGTH;
/// More resolvers than this are left out.
const MAX_RESOLVERS: usize = 16;
/// More trust anchors than this are left out; the root has two.
const MAX_ANCHORS: usize = 8;

/// What an address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The domain, as it stands in the address.
    pub domain: String,
    /// Resolver URLs; none means the built-in ones.
    pub resolvers: Vec<String>,
    /// DKIM selectors.
    pub selectors: Vec<String>,
    /// BIMI selector, where it is not the default one.
    pub bimi_selector: Option<String>,
    /// Trust anchors, a DS or DNSKEY record each; none means the root keys of IANA.
    pub anchors: Vec<String>,
    /// The user's own relay for files that pages may not read.
    pub relay: Option<String>,
    /// The records themselves, as [`share::Shared`] packs them.
    pub shared: Option<String>,
}

impl Address {
    /// Reads a fragment, with or without `#`; `None` where it names no domain.
    pub fn read(fragment: &str) -> Option<Self> {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        if fragment.len() > MAX_FRAGMENT {
            return None;
        }
        let mut address = Self::default();
        for pair in fragment.split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decode(value);
            match key {
                "d" => address.domain = value.trim().to_owned(),
                "r" if !value.is_empty() && address.resolvers.len() < MAX_RESOLVERS => address.resolvers.push(value),
                "a" if !value.is_empty() && address.anchors.len() < MAX_ANCHORS => address.anchors.push(value),
                "s" => address.selectors = list(&value),
                "e" if !value.is_empty() => address.shared = Some(value),
                "b" => address.bimi_selector = Some(value.trim().to_owned()).filter(|selector| !selector.is_empty()),
                "relay" => address.relay = Some(value.trim().to_owned()).filter(|relay| !relay.is_empty()),
                _ => {}
            }
        }
        (!address.domain.is_empty()).then_some(address)
    }

    /// Writes the fragment, with `#`.
    pub fn write(&self) -> String {
        let mut fragment = format!("#d={}", encode(&self.domain));
        for resolver in &self.resolvers {
            fragment.push_str("&r=");
            fragment.push_str(&encode(resolver));
        }
        if !self.selectors.is_empty() {
            fragment.push_str("&s=");
            fragment.push_str(&encode(&self.selectors.join(",")));
        }
        if let Some(selector) = &self.bimi_selector {
            fragment.push_str("&b=");
            fragment.push_str(&encode(selector));
        }
        for anchor in &self.anchors {
            fragment.push_str("&a=");
            fragment.push_str(&encode(anchor));
        }
        if let Some(relay) = &self.relay {
            fragment.push_str("&relay=");
            fragment.push_str(&encode(relay));
        }
        if let Some(shared) = &self.shared {
            fragment.push_str("&e=");
            fragment.push_str(shared);
        }
        fragment
    }
}

/// The lines of a text that hold something.
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The entries of a list separated by commas or white space.
pub fn list(text: &str) -> Vec<String> {
    text.split(|c: char| c == ',' || c == ';' || c.is_whitespace())
        .filter(|s| !s.is_empty())
        .map(str::to_owned)
        .collect()
}

fn encode(text: &str) -> String {
    String::from(js_sys::encode_uri_component(text))
}

/// What does not decode is taken as it stands.
fn decode(text: &str) -> String {
    js_sys::decode_uri_component(text).map_or_else(|_| text.to_owned(), String::from)
}
