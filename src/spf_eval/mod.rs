//! Would this sender pass? `check_host()` of RFC 7208 §4, over evidence, with a trace of every term tried.
//!
//! Pure like everything above `source`: what the evidence does not hold is wanted, and there is no verdict until it is
//! there. Whatever can be asked without knowing the missing answer is wanted at once.

mod ask;
mod explain;
mod mechanism;
mod text;
mod trace;
mod walk;

pub use trace::{Evaluation, Fault, Outcome, Reason, Step, Tried, Visited, Why};

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::evidence::Evidence;
use crate::time::UnixTime;

/// Most terms that look something up, RFC 7208 §4.6.4.
pub const MAX_LOOK_UPS: usize = 10;
/// Most of them whose look-up finds nothing, RFC 7208 §4.6.4.
pub const MAX_VOIDS: usize = 2;
/// Most mail servers of one `mx`, RFC 7208 §4.6.4.
pub const MAX_MX: usize = 10;
/// Most names of the client that `ptr` and `%{p}` look at; the others are ignored (RFC 7208 §4.6.4).
pub const MAX_PTR: usize = 10;

/// One mail, as far as SPF looks at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Address of the client that delivers it.
    pub ip: IpAddr,
    /// MAIL FROM; empty for a bounce, which is judged by its HELO name (RFC 7208 §2.4).
    pub sender: String,
    /// The name that the client gives in HELO or EHLO; may be empty where nobody knows it.
    pub helo: String,
    /// The domain to judge by, where it is not that of the sender.
    pub domain: Option<String>,
    /// The host that checks, for `%{r}` in explanations; `unknown` where empty (RFC 7208 §7.3).
    pub receiver: String,
    /// When, for `%{t}` in explanations.
    pub at: UnixTime,
}

/// What a receiver makes of a mail by SPF (RFC 7208 §4), and how it comes to that.
pub fn check_host(mail: &Mail, evidence: &Evidence) -> Evaluation {
    walk::Walk::new(mail, evidence).run()
}
