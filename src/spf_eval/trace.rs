//! What comes of an evaluation: the verdict, and every term on the way to it.

use std::net::IpAddr;

use serde::Serialize;

use crate::name::DomainName;
use crate::text::Span;
use crate::wanted::Wanted;

use super::Mail;

/// The results of RFC 7208 §2.6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// No domain to judge by, or no record.
    None,
    /// The domain says nothing about the client.
    Neutral,
    /// The client may send for the domain.
    Pass,
    /// It may not.
    Fail,
    /// It probably may not.
    SoftFail,
    /// A look-up failed; a later attempt may succeed.
    TempError,
    /// The records cannot be read rightly.
    PermError,
}

impl Outcome {
    /// The result as it stands in `Received-SPF` (RFC 7208 §9.1).
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Neutral => "neutral",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::SoftFail => "softfail",
            Self::TempError => "temperror",
            Self::PermError => "permerror",
        }
    }
}

/// How an evaluation ended, with everything that led there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// The mail in question.
    pub mail: Mail,
    /// The domain it was judged by, as far as it is one.
    pub domain: String,
    /// The result; absent while an answer is missing that it depends on.
    #[serde(rename = "result")]
    pub outcome: Option<Outcome>,
    /// What the domain says to whoever is refused (RFC 7208 §6.2).
    pub explanation: Option<String>,
    /// Why there is no result, or one that no term decided.
    pub reason: Option<Reason>,
    /// The records read, in order.
    pub records: Vec<Visited>,
    /// The terms tried, in order; those of an included record follow the term that includes it.
    #[serde(rename = "trace")]
    pub steps: Vec<Step>,
    /// Terms that looked something up, of [`super::MAX_LOOK_UPS`].
    pub look_ups: usize,
    /// Of these, how many found nothing, of [`super::MAX_VOIDS`].
    pub voids: usize,
    /// The answers that are missing; empty when all is said.
    #[serde(skip)]
    pub wanted: Vec<Wanted>,
}

impl Evaluation {
    /// Whether nothing is missing any more.
    pub fn is_complete(&self) -> bool {
        self.wanted.is_empty()
    }
}

/// One record read on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Visited {
    /// Whose record it is.
    pub domain: DomainName,
    /// How many includes and redirects lead to it.
    pub depth: usize,
    /// Its text.
    pub text: String,
}

/// One term tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Its record among [`Evaluation::records`].
    pub record: usize,
    /// Its bytes in the text of that record.
    pub span: Span,
    /// The name that it means, macros replaced.
    pub target: Option<String>,
    /// What came of it.
    pub tried: Tried,
    /// Why.
    pub why: Why,
    /// Look-ups spent so far, this one with them.
    pub look_ups: usize,
    /// Void look-ups so far.
    pub voids: usize,
}

/// What came of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tried {
    /// It matches: the evaluation of its record ends here.
    Match,
    /// It does not match: the next one is tried.
    NoMatch,
    /// The evaluation ends, because a look-up failed.
    TempError,
    /// The evaluation ends, because something cannot be as it is.
    PermError,
    /// An answer is missing.
    Missing,
    /// The verdict is left to another record (`redirect`).
    Handed,
    /// It says something and decides nothing (`exp`).
    Noted,
}

/// Why a term came out as it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Why {
    /// `all` matches everybody (§5.1).
    Everybody,
    /// The client is in the network, or not (§5.6); also where the families differ.
    Network,
    /// One of the addresses is, or covers, the client's (§5.3, §5.4).
    Address { host: String, address: IpAddr },
    /// None of so many addresses is the client's.
    NoAddress { addresses: usize, hosts: usize },
    /// The name has no such records (a void look-up, §4.6.4).
    Void,
    /// The name cannot exist in the DNS (§4.8).
    NotAName { why: String },
    /// The name exists (§5.7).
    Exists,
    /// So the included or next record judges (§5.2, §6.1).
    Judged { outcome: Outcome },
    /// There is no SPF record at the name (§5.2, §6.1).
    NoRecord { void: bool },
    /// The client has this name (§5.5).
    Named { name: DomainName },
    /// None of the client's names fits and leads back to it.
    NotNamed { names: usize },
    /// The look-up failed.
    Failed { question: String, failure: String },
    /// The answer is not there yet.
    Missing { question: String },
    /// One term more than may look things up (§4.6.4).
    TooManyLookUps,
    /// One look-up more than may find nothing (§4.6.4).
    TooManyVoids,
    /// More mail servers than may be looked at (§4.6.4).
    TooManyMx { hosts: usize },
    /// An explanation to give.
    Explained,
    /// There is none to give, because the text is missing or cannot be read (§6.2).
    Unexplained,
}

/// Why there is no result, or one that no term decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Reason {
    /// There is no domain to judge by (§4.3).
    NotADomain { why: String },
    /// The domain does not exist (§4.3).
    NoSuchDomain,
    /// The domain has no SPF record (§4.5).
    NoRecord,
    /// It has more than one (§4.5).
    SeveralRecords { domain: DomainName, records: usize },
    /// The record cannot be read (§4.6).
    Syntax { record: usize, faults: Vec<Fault> },
    /// The look-up failed (§4.4).
    Failed { question: String, failure: String },
    /// The step says why.
    Step { step: usize },
    /// No term matches, and none is left (§4.7).
    NothingMatched,
    /// Answers are missing.
    Missing { questions: Vec<String> },
}

/// One fault of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where, in bytes of the record.
    pub span: Span,
    /// What is wrong.
    pub title: String,
    /// More about it.
    pub detail: String,
    /// How to mend it.
    pub fix: String,
}
