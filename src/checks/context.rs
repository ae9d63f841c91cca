//! How facts are gathered: questions to the evidence, and a note of those that it cannot answer yet.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

use crate::dns::RecordType;
use crate::dnssec::{Anchor, Proof, Prover, on_the_way};
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
    /// Local-part of a sender whose own BIMI record is looked for, where the domain's record has `lps`.
    #[serde(default)]
    pub bimi_local_part: Option<String>,
    /// Roots for mark certificates, and keys of logs, as PEM; without any, the shipped ones are trusted.
    #[serde(default)]
    pub mark_roots: Option<String>,
    /// Whether to look for an MTA-STS policy that no record announces: one more request, and a slow one where the host is a
    /// stray of a wildcard, so for the command line only.
    #[serde(default)]
    pub leftovers: bool,
    /// Where trust in signatures starts; without any, at the root keys of IANA.
    #[serde(default)]
    pub anchors: Vec<Anchor>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            selectors: Vec::new(),
            bimi_selector: "default".into(),
            bimi_local_part: None,
            mark_roots: None,
            leftovers: false,
            anchors: Vec::new(),
        }
    }
}

impl Options {
    /// Takes a BIMI selector, or the address of a sender, whose own record is then looked for where the record has `lps`.
    pub fn set_bimi(&mut self, text: &str) {
        match text.split_once('@') {
            Some((local_part, _)) => self.bimi_local_part = Some(local_part.to_owned()),
            None => self.bimi_selector = text.to_owned(),
        }
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
            Lookup::Failed(failure) => Some(Self::Failed {
                question: tr!("{record_type} of {name}", record_type, name),
                failure: (*failure).clone(),
            }),
            Lookup::NotSupplied { name, record_type } => {
                Some(Self::NotSupplied { question: tr!("{record_type} of {name}", record_type, name) })
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

/// Whether a name is asked for keys before it is known to be a zone: one with at most two labels, or three where the second
/// is short, as in `example.co.uk`. What turns out to be missing after that costs a round more.
fn is_likely_zone(name: &DomainName) -> bool {
    match name.labels().as_slice() {
        [_, second, _] => second.len() <= 3,
        labels => labels.len() <= 2,
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
    prover: Prover<'e>,
    wanted: RefCell<Vec<Wanted>>,
}

impl<'e> Context<'e> {
    /// A fresh set of questions.
    pub fn new(domain: &'e DomainName, options: &'e Options, evidence: &'e Evidence, now: UnixTime) -> Self {
        let prover = Prover::new(evidence, &options.anchors, now);
        Self { domain, options, now, evidence, prover, wanted: RefCell::default() }
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

    /// Whether the answer to a question is signed without a gap. What is not known is wanted from now on: with it, in the
    /// same round, the keys of every zone that is likely to be on the way.
    pub fn prove(&self, name: &DomainName, record_type: RecordType) -> Proof {
        let proof = self.prover.prove(name, record_type);
        let missing = self.prover.take_missing();
        if missing.is_empty() {
            return proof;
        }
        let likely = proof.chain.iter().flat_map(|link| on_the_way(&link.name));
        let likely = likely.filter(|(zone, _)| is_likely_zone(zone));
        let likely = likely.filter(|(zone, record_type)| !self.evidence.has_dns(zone, *record_type));
        for (name, record_type) in missing.into_iter().chain(likely) {
            self.want(Technology::Dnssec, Urgency::Path, Want::Dns { name, record_type });
        }
        proof
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
