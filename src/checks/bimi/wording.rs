//! How it is said what a request for a file came to.

use crate::checks::fetched::Fetched;

/// Why receivers cannot have the file either, as half a sentence; `None` where that is not known.
pub(super) fn refused(fetched: &Fetched) -> Option<String> {
    match fetched {
        Fetched::Status(status) => Some(tr!("the server answers with status {status}, not 200", status)),
        Fetched::Redirect { to: Some(to), .. } => Some(tr!("too many redirects, the last to {to}", to)),
        Fetched::Redirect { to: None, .. } => Some("too many redirects".into()),
        Fetched::Tls(why) => Some(tr!("TLS fails: {why}", why)),
        Fetched::TooLarge(limit) => {
            Some(tr!("the file has more than {limit} bytes; receivers read far less of it", limit))
        }
        Fetched::NotNamed | Fetched::Read(_) | Fetched::Reachable | Fetched::Unknown(_) => None,
    }
}

/// Why the file was not seen, as half a sentence; `None` where it was, or where there is none.
pub(super) fn unseen(fetched: &Fetched) -> Option<String> {
    match fetched {
        Fetched::Reachable => Some(
            "the host answers over HTTPS, and lets no web page read the file (no CORS); of the file nothing is known"
                .into(),
        ),
        Fetched::Unknown(gap) => Some(gap.why()),
        _ => None,
    }
}

/// A URL for a shell. RFC 3986 allows the quote itself, which must not end the quoting.
pub(super) fn quoted(url: &str) -> String {
    format!("'{}'", url.replace('\'', "%27"))
}
