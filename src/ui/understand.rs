//! What a user typed, as a domain; the browser's own URL parser does the international names.

use crate::dnssec::Anchor;
use crate::input::{Typed, domain_from_input};
use crate::source::{Relay, Resolver};

use super::address::Address;

/// The domain in a text, or a sentence that says what is wrong with it.
pub fn understand(typed: &str) -> Result<Typed, String> {
    domain_from_input(typed, |host| web_sys::Url::new(&format!("https://{host}/")).map(|url| url.hostname()))
        .map_err(|error| error.to_string())
}

/// Whether all that an address asks for beside the domain can be used; else a sentence about the first that cannot.
pub fn check_settings(address: &Address) -> Result<(), String> {
    check_resolvers(&address.resolvers)?;
    check_anchors(&address.anchors)?;
    check_relay(address.relay.as_deref())
}

/// Whether every resolver is one that the page may ask; else a sentence about the first that is not.
fn check_resolvers(resolvers: &[String]) -> Result<(), String> {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    for text in resolvers {
        let resolver =
            Resolver::parse(text, Some(&origin)).map_err(|error| tr!("Resolver “{text}”: {error}.", text, error))?;
        // The page's content security policy lets it ask no other plain-text host.
        if !resolver.url().starts_with("https://") && !resolver.url().starts_with(&format!("{origin}/")) {
            return Err(tr!("Resolver “{text}”: the address must begin with https://.", text));
        }
    }
    Ok(())
}

/// Whether the relay, where there is one, is one that the page may ask; else a sentence about it.
fn check_relay(relay: Option<&str>) -> Result<(), String> {
    let Some(text) = relay else { return Ok(()) };
    let origin = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    let relay = Relay::parse(text, Some(&origin)).map_err(|error| tr!("Relay “{text}”: {error}.", text, error))?;
    // As for resolvers: the page's content security policy.
    if relay.url().starts_with("https://") || relay.url().starts_with(&format!("{origin}/")) {
        return Ok(());
    }
    Err(tr!("Relay “{text}”: the address must begin with https://, or be on the site of this page.", text))
}

/// Whether every trust anchor is one; else a sentence about the first that is not.
fn check_anchors(anchors: &[String]) -> Result<(), String> {
    match Anchor::read(&anchors.join("\n")) {
        Err(error) if !anchors.is_empty() => Err(tr!("Trust anchors: {error}.", error)),
        _ => Ok(()),
    }
}
