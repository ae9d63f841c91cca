//! What BIMI asks of DMARC before a receiver looks for a logo, BIMI §7.1 items 7–9.

use crate::checks::dmarc;
use crate::name::DomainName;

/// Whether the DMARC policies are strict enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enforcement {
    /// They are.
    Met,
    /// They are not; every reason.
    NotMet(Vec<Reason>),
    /// By the letter they are, and part of the mail is let through all the same.
    Doubtful(Vec<Reason>),
    /// Not known.
    Unknown { why: String },
}

/// One reason why DMARC is not strict enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The domain whose record it is.
    pub domain: DomainName,
    /// What stands there: `sp=none`.
    pub says: String,
    /// What it means, as half a sentence.
    pub means: &'static str,
}

/// Judges the policies of the domain and of its organizational domain.
pub(super) fn judge(_dmarc: &dmarc::Facts, _domain: &DomainName) -> Enforcement {
    Enforcement::Unknown { why: "the DMARC records are not known".into() }
}
