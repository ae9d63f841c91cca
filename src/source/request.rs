//! What a session asks the transport to do, and what the transport says.

use std::time::Duration;

use crate::dns::message::MAX_MESSAGE;
use crate::evidence::Failure;
use crate::wanted::Purpose;

/// How long a resolver that has never answered may take, where there is another to ask instead.
const FIRST_CONTACT: Duration = Duration::from_millis(2_000);
/// How long one answer may take. Public resolvers give up on dead name servers after some four seconds.
const ANSWER: Duration = Duration::from_millis(4_000);
/// How long the second and last attempt may take.
const SECOND_ATTEMPT: Duration = Duration::from_millis(5_000);
/// How long a whole body may take. RFC 8461 §3.3 suggests a minute, which nobody watching would wait.
const BODY: Duration = Duration::from_millis(8_000);

/// The policy limit that RFC 8461 §3.3 suggests.
const MAX_POLICY: usize = 64 * 1024;
/// Twenty times what the BIMI drafts advise for a logo (32 KB).
const MAX_LOGO: usize = 640 * 1024;
/// A Mark Certificate holds the logo, and the chain comes with it.
const MAX_CERTIFICATE: usize = 1024 * 1024;

/// How a request is to be made. Never with credentials, never from a cache, never with a referrer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetch {
    /// A DNS question: GET with `Accept: application/dns-message` (RFC 8484 §4.1), redirects refused.
    Dns,
    /// A body that must be read.
    Body {
        /// Whether redirects are followed; for a policy they are not, RFC 8461 §3.3.
        follow_redirects: bool,
    },
    /// Only whether the host answers over TLS that the browser trusts: an opaque (`no-cors`) request.
    Probe,
}

/// One request. It ends with [`super::Session::respond`], be it with [`Failure::Timeout`] at the deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Names the request in the response.
    pub id: u64,
    /// The URL to GET.
    pub url: String,
    /// How.
    pub fetch: Fetch,
    /// How long it may take, from now to the last octet.
    pub deadline: Duration,
    /// How many octets the body may have; more is [`Failure::TooLarge`].
    pub max_octets: usize,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// A response that could be read, whatever its status.
    Read { status: u16, content_type: Option<String>, body: Vec<u8> },
    /// An opaque response: something answered.
    Opaque,
    /// Nothing.
    Failed(Failure),
}

/// Deadline and size limit of a DNS question.
pub(super) fn dns_limits(is_first_attempt: bool, is_first_contact: bool) -> (Duration, usize) {
    let deadline = match (is_first_attempt, is_first_contact) {
        (true, true) => FIRST_CONTACT,
        (true, false) => ANSWER,
        (false, _) => SECOND_ATTEMPT,
    };
    (deadline, MAX_MESSAGE)
}

/// How a body is fetched, by what it is wanted for.
pub(super) fn body_limits(purpose: Purpose) -> (Fetch, Duration, usize) {
    match purpose {
        Purpose::MtaStsPolicy => (Fetch::Body { follow_redirects: false }, BODY, MAX_POLICY),
        Purpose::Logo => (Fetch::Body { follow_redirects: true }, BODY, MAX_LOGO),
        Purpose::MarkCertificate => (Fetch::Body { follow_redirects: true }, BODY, MAX_CERTIFICATE),
    }
}
