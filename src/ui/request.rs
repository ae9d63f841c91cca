//! One check to run: what the form, the address and the supplied files ask for together.

use crate::checks::Options;
use crate::name::DomainName;
use crate::time::UnixTime;
use crate::web::{Question, RunRequest, Sealed};
use crate::what_if::Edit;

use super::address::Address;

/// A check, told from the ones before it by its number.
#[derive(Clone, Debug)]
pub struct Request {
    /// Counts the checks of this visit.
    pub serial: u32,
    /// What the address of the page says for it.
    pub address: Address,
    /// The domain.
    pub domain: DomainName,
    /// The domain as typed, where that is not ASCII.
    pub international: Option<String>,
    /// Selectors.
    pub options: Options,
    /// Resolver URLs; none means the built-in ones.
    pub resolvers: Vec<String>,
    /// The user's own relay for files that pages may not read.
    pub relay: Option<String>,
    /// Whether not one request may leave the page.
    pub offline: bool,
    /// What the user supplied.
    pub evidence: Vec<Sealed>,
    /// The link that the records came in.
    pub link: Option<Link>,
}

/// Records that came in the address of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// What stands in the address.
    pub text: String,
    /// When they were taken.
    pub taken_at: UnixTime,
    /// How many there are.
    pub count: usize,
    /// What they say.
    pub evidence: Sealed,
    /// The edits that are to be laid over them.
    pub edits: Vec<Edit>,
}

impl PartialEq for Request {
    fn eq(&self, other: &Self) -> bool {
        self.serial == other.serial
    }
}

impl Request {
    /// The check itself.
    pub fn to_run(&self) -> RunRequest {
        self.asking(Question::Check, self.evidence.clone())
    }

    /// Another question in its place, by what is known.
    pub fn asking(&self, question: Question, evidence: Vec<Sealed>) -> RunRequest {
        RunRequest {
            domain: self.domain.clone(),
            options: self.options.clone(),
            resolvers: self.resolvers.clone(),
            relay: self.relay.clone(),
            offline: self.offline,
            evidence,
            question,
        }
    }
}
