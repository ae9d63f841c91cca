//! How facts are gathered: questions to the evidence, and a note of those that it cannot answer yet.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

use crate::dns::RecordType;
use crate::evidence::{Evidence, Failure, HttpsEntry, Lookup};
use crate::name::DomainName;
use crate::order;
use crate::records::Technology;
use crate::time::UnixTime;
use crate::wanted::{Purpose, Urgency, Want, Wanted};

/// What the user asks for beyond the domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// DKIM selectors to ask besides the common ones; labels joined by dots.
    pub selectors: Vec<String>,
    /// BIMI selector, `default` unless said otherwise.
    pub bimi_selector: String,
}

impl Default for Options {
    fn default() -> Self {
        Self { selectors: Vec::new(), bimi_selector: "default".into() }
    }
}

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// It was asked and failed.
    Failed { question: String, failure: Failure },
    /// It has not been asked (yet), or the supplied evidence does not hold it.
    NotSupplied { question: String },
}

impl Gap {
    /// The gap behind an unanswered look-up; `None` where there is an answer.
    pub fn of(name: &DomainName, record_type: RecordType, lookup: &Lookup<'_>) -> Option<Self> {
        match lookup {
            Lookup::Failed(failure) => {
                Some(Self::Failed { question: format!("{record_type} of {name}"), failure: (*failure).clone() })
            }
            Lookup::NotSupplied { name, record_type } => {
                Some(Self::NotSupplied { question: format!("{record_type} of {name}") })
            }
            _ => None,
        }
    }

    /// What was asked: `TXT of _dmarc.example.com`, or a URL.
    pub fn question(&self) -> &str {
        match self {
            Self::Failed { question, .. } | Self::NotSupplied { question } => question,
        }
    }

    /// Why there is no answer, as half a sentence.
    pub fn why(&self) -> String {
        match self {
            Self::Failed { failure, .. } => failure.to_string(),
            Self::NotSupplied { .. } => "it is not among the evidence supplied".into(),
        }
    }
}

/// The questions of one assessment: answers come from the evidence, what is missing is noted as wanted.
pub struct Context<'e> {
    /// The domain in question.
    pub domain: &'e DomainName,
    /// What else the user asks for.
    pub options: &'e Options,
    /// The time to judge at.
    pub now: UnixTime,
    evidence: &'e Evidence,
    wanted: RefCell<Vec<Wanted>>,
}

impl<'e> Context<'e> {
    /// A fresh set of questions.
    pub fn new(domain: &'e DomainName, options: &'e Options, evidence: &'e Evidence, now: UnixTime) -> Self {
        Self { domain, options, now, evidence, wanted: RefCell::default() }
    }

    /// Asks for the records of one type at one name, aliases followed. What is not known is wanted from now on.
    pub fn ask(
        &self,
        technology: Technology,
        urgency: Urgency,
        name: &DomainName,
        record_type: RecordType,
    ) -> Lookup<'e> {
        let lookup = self.evidence.look_up(name, record_type);
        if let Lookup::NotSupplied { name, record_type } = &lookup {
            self.want(technology, urgency, Want::Dns { name: name.clone(), record_type: *record_type });
        }
        lookup
    }

    /// Asks for the body behind a URL. What is not known is wanted from now on.
    pub fn fetch(&self, technology: Technology, url: &str, purpose: Purpose) -> Option<&'e HttpsEntry> {
        let entry = self.evidence.https(url);
        if entry.is_none() {
            self.want(technology, Urgency::Path, Want::Https { url: url.into(), purpose });
        }
        entry
    }

    /// The evidence itself, for what is not a question (supplied files).
    pub fn evidence(&self) -> &'e Evidence {
        self.evidence
    }

    /// Everything wanted, most urgent first.
    pub fn into_wanted(self) -> Vec<Wanted> {
        let mut wanted = self.wanted.into_inner();
        order::by_key(&mut wanted, |wanted| wanted.urgency as u128);
        wanted
    }

    /// Notes a want once; the few hundred of a check are looked through faster than they would be indexed.
    fn want(&self, technology: Technology, urgency: Urgency, want: Want) {
        let mut wanted = self.wanted.borrow_mut();
        if let Some(known) = wanted.iter_mut().find(|known| known.want == want) {
            known.urgency = urgency.min(known.urgency);
            if !known.technologies.contains(&technology) {
                known.technologies.push(technology);
            }
            return;
        }
        wanted.push(Wanted { want, urgency, technologies: vec![technology] });
    }
}
