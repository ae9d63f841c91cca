//! What is still to be looked up.

use serde::{Deserialize, Serialize};

use crate::dns::RecordType;
use crate::name::DomainName;

/// One look-up that would tell more.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Want {
    /// The records of one type at one name.
    Dns { name: DomainName, record_type: RecordType },
    /// The body behind an `https` URL.
    Https { url: String, purpose: Purpose },
}

/// What an HTTPS body is wanted for; it decides the limits of the fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Purpose {
    /// An MTA-STS policy, RFC 8461 §3.3: no redirects, at most 64 KB.
    MtaStsPolicy,
    /// A BIMI logo.
    Logo,
    /// A BIMI Mark Certificate.
    MarkCertificate,
}

/// How soon a look-up should leave when not all may leave at once. Look-ups that others depend on come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Urgency {
    /// Further look-ups depend on the answer.
    Path,
    /// The answer is needed, and nothing hangs on it.
    Leaf,
    /// A guess that will mostly find nothing (DKIM selectors).
    Guess,
}

/// A want with its urgency and the technologies that wait for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// What to look up.
    pub want: Want,
    /// How soon.
    pub urgency: Urgency,
    /// Who waits for it.
    pub technologies: Vec<crate::records::Technology>,
}
