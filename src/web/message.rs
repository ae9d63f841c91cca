//! What page and workers say to each other, as postcard octets: the page then holds neither a reader nor a writer of text
//! formats, and no evidence but as sealed octets.

use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::assess::Assessment;
use crate::checks::Options;
use crate::evidence::Evidence;
use crate::intake::Kind;
use crate::name::DomainName;
use crate::report::{self, carried};
use crate::share::{Choice, Part};
use crate::source::ResolverState;
use crate::spf_eval::Mail;
use crate::time::UnixTime;
use crate::what_if::Edit;

use super::drawing::{Octets, in_one_piece};

/// Said where page and worker do not understand each other, as with half a new version in the browser's cache.
pub(super) const GARBLED: &str = "The parts of this page do not fit together. Load the page again.";

/// Evidence as the page keeps it: octets that only the workers open.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Rc<[u8]>);

impl Sealed {
    /// Closes evidence. What cannot be written as postcard is closed as nothing, which does not open.
    pub(super) fn seal(evidence: &Evidence) -> Self {
        Self(postcard::to_allocvec(evidence).unwrap_or_default().into())
    }

    /// Opens it.
    pub(super) fn open(&self) -> Result<Evidence, String> {
        postcard::from_bytes(&self.0).map_err(|_| GARBLED.into())
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} octets", self.0.len())
    }
}

impl Serialize for Sealed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Sealed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Octets;
        impl Visitor<'_> for Octets {
            type Value = Sealed;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("octets")
            }

            fn visit_bytes<E: Error>(self, octets: &[u8]) -> Result<Sealed, E> {
                Ok(Sealed(octets.into()))
            }
        }
        deserializer.deserialize_bytes(Octets)
    }
}

/// What the evidence says, with the octets in which it came: the clerk gets these, so that the page, which reads reports,
/// need not write them.
#[derive(Clone, Debug)]
pub struct Told {
    assessment: Rc<Assessment>,
    /// Empty where it is told, not heard.
    octets: Octets,
}

impl Told {
    /// As it is told.
    pub(super) fn new(assessment: Rc<Assessment>) -> Self {
        Self { assessment, octets: Octets::default() }
    }

    /// An [`Assessment`] as postcard octets.
    pub(super) fn octets(&self) -> Octets {
        self.octets.clone()
    }
}

impl Deref for Told {
    type Target = Rc<Assessment>;

    fn deref(&self) -> &Rc<Assessment> {
        &self.assessment
    }
}

impl Serialize for Told {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // What cannot be written does not open either, and the page says so.
        serializer.serialize_bytes(&postcard::to_allocvec(&self.assessment).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Told {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let octets = Octets::deserialize(deserializer)?;
        let assessment = postcard::from_bytes(&octets.0).map_err(|_| D::Error::custom(GARBLED))?;
        Ok(Self { assessment, octets })
    }
}

/// What to find out, and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunRequest {
    /// The domain in question.
    pub domain: DomainName,
    /// What else the user asks for.
    pub options: Options,
    /// Addresses of the resolvers to ask; empty means the built-in ones. One that is not accepted is never asked and
    /// stands in [`Update::resolvers`] with the reason.
    pub resolvers: Vec<String>,
    /// The user's own relay for files that hosts do not let pages read; none unless the user names one.
    pub relay: Option<String>,
    /// Whether to judge by the evidence alone: not one request leaves the page.
    pub offline: bool,
    /// What is known beforehand; later items are laid over earlier ones.
    pub evidence: Vec<Sealed>,
    /// What is asked.
    pub question: Question,
}

/// What a run is to find out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Question {
    /// How the domain stands.
    Check,
    /// How it would stand with edited records.
    WhatIf {
        /// The edits.
        edits: Vec<Edit>,
        /// The time to judge by what is known.
        at: UnixTime,
        /// Whether what the edits newly name may be looked up.
        may_ask: bool,
    },
    /// Whether one mail would pass SPF.
    Mail(Mail),
    /// How the domain stands, in short: said once, at the end.
    Brief,
}

/// A Mark Certificate that was handed over, and what to hold it against.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MarkRequest {
    /// The file, PEM.
    pub pem: Octets,
    /// The domain that it should be for, where one is known.
    pub domain: Option<DomainName>,
    /// The selector of the BIMI record.
    pub selector: String,
    /// The logo that it should hold, where one was handed over too.
    pub logo: Option<Octets>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MarkAnswer {
    /// Whether any certificate of the file is for a mark.
    pub is_mark: bool,
    /// The verdict, as files have it.
    #[serde(with = "carried")]
    pub verdict: Value,
    /// The logo in it.
    pub embedded: Option<Octets>,
    /// The certificate as ASN.1, line by line.
    pub outline: String,
}

/// How a check stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Update {
    /// What the evidence says so far.
    pub assessment: Told,
    /// The evidence so far, with edits where there are any.
    pub evidence: Sealed,
    /// How many look-ups are known to be needed.
    pub asked: usize,
    /// How many of them have ended, with or without an answer.
    pub answered: usize,
    /// Whether this is the last update.
    pub finished: bool,
    /// How the resolvers are doing; empty where nobody is asked.
    pub resolvers: Vec<ResolverState>,
    /// What is wrong with each edit, in their order.
    pub problems: Vec<Option<String>>,
    /// Everything known without the edits, where their look-ups have told more.
    pub known: Option<Sealed>,
    /// The logo that the record names, where it was fetched.
    pub logo: Option<Octets>,
    /// The logo in the domain's Mark Certificate, where that was read.
    pub embedded_logo: Option<Octets>,
}

/// What SPF says of one mail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The result in the words of RFC 7208 §2.6; empty where answers are missing.
    pub result: String,
    /// The way to it, as plain text.
    pub trace: String,
}

/// How one of many domains stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// The report in short.
    pub summary: report::Summary,
    /// How many questions a resolver answered; with none, nothing is known of the domain.
    pub answered: usize,
}

/// What a run has to say.
#[derive(Debug, Serialize, Deserialize)]
pub enum News {
    /// How the check stands.
    Update(Update),
    /// What SPF says: the last word.
    Judged(Judged),
    /// What a Mark Certificate is worth: the last word.
    Mark(Box<MarkAnswer>),
    /// How one of many domains stands: the last word.
    Brief(Box<Brief>),
    /// Why there will be nothing: the last word.
    Failed(String),
    /// The run was stopped: the last word, for the page alone.
    Stopped,
}

/// What the engine is told.
#[derive(Serialize, Deserialize)]
pub(super) enum Order {
    /// To begin a run; what it has to say comes as `(number, News)`.
    Start { number: u32, request: RunRequest },
    /// To judge a Mark Certificate, at once.
    Mark { number: u32, request: MarkRequest },
    /// To end it.
    Stop { number: u32 },
    /// To say everything from now on in the language of a catalog, `.mo`; empty octets are English.
    Speak { catalog: Octets },
}

/// What the reader is asked for.
#[derive(Serialize, Deserialize)]
pub(super) enum Task<'a> {
    /// To read a file.
    Read {
        name: &'a str,
        #[serde(serialize_with = "in_one_piece")]
        bytes: &'a [u8],
        domain: Option<DomainName>,
    },
    /// To write an evidence file.
    WriteEvidence { evidence: Sealed },
    /// To put evidence into a link.
    Pack { request: PackRequest },
    /// To read the evidence in a link.
    Unpack { link: &'a str },
    /// To read a list of domains.
    List(#[serde(borrow)] ListRequest<'a>),
}

/// A list of domains.
#[derive(Serialize, Deserialize)]
pub(super) struct ListRequest<'a> {
    /// The list.
    #[serde(serialize_with = "in_one_piece")]
    pub octets: &'a [u8],
    /// Title or number of the column of the domains; empty where it is to be found.
    pub column: &'a str,
    /// Domains that are there already.
    pub known: Vec<DomainName>,
    /// How many there may be with them.
    pub most: usize,
}

/// What a list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// The domains that are new, each with the form that people read where it has another.
    pub domains: Vec<(DomainName, Option<String>)>,
    /// What is said about it, in sentences.
    pub said: String,
    /// Lines that hold no domain: where, what, why.
    pub refused: Vec<String>,
}

/// Evidence to put into a link.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PackRequest {
    /// The domain that it is about.
    pub domain: DomainName,
    /// When it was taken.
    pub taken_at: UnixTime,
    /// Everything known.
    pub evidence: Sealed,
    /// The edits laid over it.
    pub edits: Vec<Edit>,
    /// What of it.
    pub choice: Choice,
}

/// Evidence in a link, or why it cannot be put into one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Packed {
    /// What stands in the link.
    pub link: Result<String, String>,
    /// Everything in it.
    pub parts: Vec<Part>,
}

/// What a link held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unpacked {
    /// The domain that it is about.
    pub domain: DomainName,
    /// When it was taken.
    pub taken_at: UnixTime,
    /// What it says.
    pub evidence: Sealed,
    /// The edits to lay over it.
    pub edits: Vec<Edit>,
    /// How many records and files there are.
    pub count: usize,
}

/// What comes back.
#[derive(Serialize, Deserialize)]
pub(super) enum Reply<'a> {
    /// What was read, and the domain that it is about where it says so.
    Read { kind: Kind, evidence: Sealed, about: Option<DomainName>, notes: Vec<String> },
    /// The file.
    Written(#[serde(serialize_with = "in_one_piece")] &'a [u8]),
    /// Why there is nothing.
    Refused { line: Option<usize>, reason: String },
    /// The link.
    Packed(Packed),
    /// What the link held.
    Unpacked(Box<Unpacked>),
    /// What the list holds.
    Listed(List),
}
