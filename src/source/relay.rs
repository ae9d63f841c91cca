//! The user's own relay for files that a host does not let web pages read.

use crate::text::percent_encoded;

use super::{Resolver, ResolverError};

/// A checked address of a relay: the percent-encoded URL of the file is put behind it, as in `https://relay.example/?url=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay(String);

impl Relay {
    /// Reads an address: `https`, or `http` on this computer or the page's own origin.
    pub fn parse(text: &str, own_origin: Option<&str>) -> Result<Self, String> {
        let relay = Resolver::parse(text, own_origin).map_err(|error| match error {
            ResolverError::Empty => "the address is empty".to_owned(),
            ResolverError::NotHttps => "the address starts with https://, as in https://relay.example/?url=".into(),
            ResolverError::Credentials => "the address cannot hold a user name or password".into(),
            other => other.to_string(),
        })?;
        Ok(Self(relay.url().to_owned()))
    }

    /// The address.
    pub fn url(&self) -> &str {
        &self.0
    }

    /// The URL that asks it for a file.
    pub fn of(&self, target: &str) -> String {
        [&self.0, percent_encoded(target).as_str()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_relays() {
        let relay = Relay::parse(" https://Relay.example/?url= ", None).unwrap();
        assert_eq!(relay.url(), "https://relay.example/?url=");
        assert_eq!(
            relay.of("https://mta-sts.a.example/.well-known/mta-sts.txt?a=1&b=ä"),
            "https://relay.example/?url=https%3A%2F%2Fmta-sts.a.example%2F.well-known%2Fmta-sts.txt%3Fa%3D1%26b%3D%C3%A4"
        );
        assert!(Relay::parse("http://127.0.0.1:8080/", None).is_ok());
        assert!(Relay::parse("http://localhost/relay/", None).is_ok());
        for bad in [
            "",
            "relay.example",
            "http://relay.example/",
            "ftp://a.example/",
            "https://u:p@a.example/",
            "https://a.example/#x",
            "javascript:alert(1)",
        ] {
            assert!(Relay::parse(bad, None).is_err(), "{bad}");
        }
    }
}
