//! The way through the records: RFC 7208 §4.

use crate::checks::spf::words;
use crate::dns::{RecordData, RecordType};
use crate::evidence::{Evidence, Lookup};
use crate::name::DomainName;
use crate::records::Weight;
use crate::records::spf::{self, Action, Modifier, Network, Qualifier, Record, Term};
use crate::wanted::Wanted;

use super::ask::Answer;
use super::trace::{Evaluation, Fault, Outcome, Reason, Step, Tried, Visited, Why};
use super::{MAX_LOOK_UPS, MAX_VOIDS, Mail};

/// One evaluation under way.
pub(super) struct Walk<'e> {
    pub(super) mail: &'e Mail,
    pub(super) evidence: &'e Evidence,
    /// The client as a network of its own; an IPv4-mapped address is IPv4 (RFC 7208 §5).
    pub(super) client: Network,
    /// The local-part, `postmaster` where there is none (RFC 7208 §4.3).
    pub(super) local_part: &'e str,
    /// The domain of the sender.
    pub(super) sender_domain: &'e str,
    pub(super) wanted: Vec<Wanted>,
    records: Vec<Visited>,
    steps: Vec<Step>,
    explanation: Option<String>,
    look_ups: usize,
    voids: usize,
    /// What stood when the first answer was missing: records, steps, look-ups, voids. What comes later only asks ahead.
    cut: Option<(usize, usize, usize, usize)>,
}

/// Where the evaluation of one record stands.
pub(super) struct Place<'p> {
    /// Its place among the records.
    pub(super) record: usize,
    /// The domain whose record it is.
    pub(super) name: &'p DomainName,
    /// The domain as it is put in for `%{d}`.
    pub(super) text: &'p str,
    /// Whether the record was included: its explanation does not count then (RFC 7208 §6.2).
    included: bool,
}

/// How the evaluation of one domain ended; no outcome while an answer is missing.
pub(super) struct Ending {
    pub(super) outcome: Option<Outcome>,
    pub(super) reason: Option<Reason>,
}

impl Ending {
    fn of(outcome: Outcome, reason: Reason) -> Self {
        Self { outcome: Some(outcome), reason: Some(reason) }
    }
}

impl<'e> Walk<'e> {
    /// Nothing tried yet.
    pub(super) fn new(mail: &'e Mail, evidence: &'e Evidence) -> Self {
        let client = match mail.ip.to_canonical() {
            std::net::IpAddr::V4(address) => Network::ip4(address, 32),
            std::net::IpAddr::V6(address) => Network::ip6(address, 128),
        };
        // The domain follows the last @; a quoted local-part may hold others (RFC 5321 §4.1.2).
        let (local_part, domain) = match mail.sender.rsplit_once('@') {
            Some((local_part, domain)) => (local_part, domain),
            None if mail.sender.is_empty() => ("", mail.helo.as_str()),
            None => ("", mail.sender.as_str()),
        };
        let local_part = if local_part.is_empty() { "postmaster" } else { local_part };
        Self {
            mail,
            evidence,
            client,
            local_part,
            sender_domain: domain.strip_suffix('.').unwrap_or(domain),
            wanted: Vec::new(),
            records: Vec::new(),
            steps: Vec::new(),
            explanation: None,
            look_ups: 0,
            voids: 0,
            cut: None,
        }
    }

    /// Evaluates.
    pub(super) fn run(mut self) -> Evaluation {
        let domain = match &self.mail.domain {
            Some(domain) => domain.strip_suffix('.').unwrap_or(domain).to_owned(),
            None => self.sender_domain.to_owned(),
        };
        let ending = match name_to_judge_by(&domain) {
            Ok(name) => self.check(&name, &domain, 0, false),
            Err(why) => Ending::of(Outcome::None, Reason::NotADomain { why }),
        };
        if let Some((records, steps, look_ups, voids)) = self.cut {
            self.records.truncate(records);
            self.steps.truncate(steps);
            (self.look_ups, self.voids) = (look_ups, voids);
        }
        let missing = || {
            let questions = self.wanted.iter().filter_map(|wanted| match &wanted.want {
                crate::wanted::Want::Dns { name, record_type } => {
                    Some(tr!("{record_type} of {name}", record_type, name))
                }
                crate::wanted::Want::Https { .. } => None,
            });
            Reason::Missing { questions: questions.collect() }
        };
        let reason = if ending.outcome.is_none() { Some(missing()) } else { ending.reason };
        crate::order::by_key(&mut self.wanted, |wanted| wanted.urgency as u128);
        Evaluation {
            mail: self.mail.clone(),
            domain,
            outcome: ending.outcome,
            explanation: self.explanation,
            reason,
            records: self.records,
            steps: self.steps,
            look_ups: self.look_ups,
            voids: self.voids,
            wanted: self.wanted,
        }
    }

    /// `check_host()` for one domain (RFC 7208 §4).
    pub(super) fn check(&mut self, name: &DomainName, text: &str, depth: usize, included: bool) -> Ending {
        let lookup = match self.ask(name, RecordType::TXT) {
            Answer::Known(lookup) => lookup,
            Answer::Failed(Why::Failed { question, failure }) => {
                return Ending::of(Outcome::TempError, Reason::Failed { question, failure });
            }
            Answer::Failed(_) | Answer::Missing(_) => {
                self.note_missing();
                return Ending { outcome: None, reason: None };
            }
        };
        let mut published = Vec::new();
        for record in lookup.records() {
            if let RecordData::Txt(txt) = &record.data {
                let text = txt.text();
                if spf::is_spf(&text) {
                    published.push(text);
                }
            }
        }
        let records = published.len();
        let Some(published) = published.pop().filter(|_| records == 1) else {
            return match lookup {
                _ if records > 1 => {
                    Ending::of(Outcome::PermError, Reason::SeveralRecords { domain: name.clone(), records })
                }
                Lookup::NxDomain { .. } => Ending::of(Outcome::None, Reason::NoSuchDomain),
                _ => Ending::of(Outcome::None, Reason::NoRecord),
            };
        };
        let parsed = spf::parse_for_use(&published);
        let record = self.records.len();
        self.records.push(Visited { domain: name.clone(), depth, text: published });
        if !parsed.is_sound() {
            return Ending::of(Outcome::PermError, self.syntax(record, &parsed.problems));
        }
        let place = Place { record, name, text, included };
        let ending = self.terms(&parsed.record, &place, depth);
        if self.cut.is_some() {
            Ending { outcome: None, reason: None }
        } else {
            self.explained(ending, &parsed.record, &place)
        }
    }

    /// Tries the terms of a record in order (RFC 7208 §4.6.2).
    fn terms(&mut self, record: &Record, place: &Place<'_>, depth: usize) -> Ending {
        for term in &record.terms {
            let Some((qualifier, mechanism)) = term.directive() else { continue };
            let step = self.begin(place, term);
            let (tried, why) = match self.spend(mechanism.counts()) {
                Some(why) => (Tried::PermError, why),
                None => self.mechanism(mechanism, place, step, depth),
            };
            self.end(step, tried, why);
            let outcome = match tried {
                Tried::Match => of(qualifier),
                Tried::TempError => Outcome::TempError,
                Tried::PermError => Outcome::PermError,
                _ => continue,
            };
            return Ending::of(outcome, Reason::Step { step });
        }
        match record.redirect() {
            Some((at, target)) => {
                let Some(term) = record.terms.get(at) else {
                    return Ending::of(Outcome::Neutral, Reason::NothingMatched);
                };
                self.redirect(term, target, place, depth)
            }
            None => Ending::of(Outcome::Neutral, Reason::NothingMatched),
        }
    }

    /// RFC 7208 §6.1.
    fn redirect(&mut self, term: &Term, target: &spf::MacroString, place: &Place<'_>, depth: usize) -> Ending {
        let step = self.begin(place, term);
        let (tried, why, ending) = match self.spend(true) {
            Some(why) => (Tried::PermError, why, None),
            None => match self.target(Some(target), place, step) {
                Err((tried, why)) => (if tried == Tried::NoMatch { Tried::PermError } else { tried }, why, None),
                Ok((name, text)) => {
                    let ending = self.check(&name, &text, depth + 1, place.included);
                    match ending.outcome {
                        Some(Outcome::None) => {
                            let void = ending.reason == Some(Reason::NoSuchDomain);
                            (Tried::PermError, Why::NoRecord { void }, None)
                        }
                        Some(outcome) => (Tried::Handed, Why::Judged { outcome }, Some(ending)),
                        None => (Tried::Missing, Why::Missing { question: tr!("TXT of {name}", name) }, None),
                    }
                }
            },
        };
        self.end(step, tried, why);
        ending.unwrap_or_else(|| match tried {
            Tried::TempError => Ending::of(Outcome::TempError, Reason::Step { step }),
            _ => Ending::of(Outcome::PermError, Reason::Step { step }),
        })
    }

    /// Adds the explanation of a refusal (RFC 7208 §6.2): that of the record that refuses, unless it was included. A
    /// record reached by redirect has given its own already.
    fn explained(&mut self, ending: Ending, record: &Record, place: &Place<'_>) -> Ending {
        let here = matches!(ending.reason, Some(Reason::Step { step })
            if self.steps.get(step).is_some_and(|step| step.record == place.record));
        if ending.outcome != Some(Outcome::Fail) || place.included || !here {
            return ending;
        }
        for term in &record.terms {
            if let Action::Modifier(Modifier::Explanation { target }) = &term.action {
                let step = self.begin(place, term);
                let (tried, why, explanation) = self.explanation(target, place, step);
                self.end(step, tried, why);
                self.explanation = explanation;
            }
        }
        ending
    }

    /// Counts one look-up; says so where it is one too many (RFC 7208 §4.6.4).
    fn spend(&mut self, counts: bool) -> Option<Why> {
        if counts {
            self.look_ups += 1;
        }
        (self.look_ups > MAX_LOOK_UPS).then_some(Why::TooManyLookUps)
    }

    /// Counts one void look-up; the third ends the evaluation (RFC 7208 §4.6.4).
    pub(super) fn void(&mut self) -> (Tried, Why) {
        self.voids += 1;
        if self.voids > MAX_VOIDS { (Tried::PermError, Why::TooManyVoids) } else { (Tried::NoMatch, Why::Void) }
    }

    fn begin(&mut self, place: &Place<'_>, term: &Term) -> usize {
        self.steps.push(Step {
            record: place.record,
            span: term.span,
            target: None,
            tried: Tried::NoMatch,
            why: Why::Network,
            look_ups: 0,
            voids: 0,
        });
        self.steps.len() - 1
    }

    fn end(&mut self, step: usize, tried: Tried, why: Why) {
        let (look_ups, voids) = (self.look_ups, self.voids);
        if let Some(step) = self.steps.get_mut(step) {
            *step = Step { tried, why, look_ups, voids, target: step.target.take(), ..*step };
        }
        if tried == Tried::Missing {
            self.note_missing();
        }
    }

    /// Notes on which name a step turned out to be about.
    pub(super) fn aim(&mut self, step: usize, target: &str) {
        if let Some(step) = self.steps.get_mut(step) {
            step.target = Some(target.to_owned());
        }
    }

    /// From the first missing answer on, terms are only gone through to ask ahead.
    fn note_missing(&mut self) {
        if self.cut.is_none() {
            self.cut = Some((self.records.len(), self.steps.len(), self.look_ups, self.voids));
        }
    }

    fn syntax(&self, record: usize, problems: &[crate::records::Problem<spf::ProblemKind>]) -> Reason {
        let text = self.records.get(record).map_or("", |visited| visited.text.as_str());
        let faults = problems.iter().filter(|problem| problem.weight == Weight::Fault).map(|problem| {
            let words::Words { title, detail, fix, .. } = words::of(&problem.kind, text, problem.span);
            Fault { span: problem.span, title, detail, fix }
        });
        Reason::Syntax { record, faults: faults.collect() }
    }
}

/// The outcome of a mechanism that matches (RFC 7208 §4.6.2).
fn of(qualifier: Qualifier) -> Outcome {
    match qualifier {
        Qualifier::Pass => Outcome::Pass,
        Qualifier::Fail => Outcome::Fail,
        Qualifier::SoftFail => Outcome::SoftFail,
        Qualifier::Neutral => Outcome::Neutral,
    }
}

/// The domain to start with: more than one label, and no address literal (RFC 7208 §4.3).
fn name_to_judge_by(domain: &str) -> Result<DomainName, String> {
    if domain.is_empty() {
        return Err("there is neither a sender's domain nor a HELO name".into());
    }
    if domain.starts_with('[') {
        return Err(tr!("“{domain}” is an address literal", domain));
    }
    if !domain.is_ascii() {
        return Err(tr!("“{domain}” is not written as A-labels (xn--…)", domain));
    }
    let name = spf::target_name(domain).map_err(|error| format!("“{domain}”: {error}"))?;
    if domain.len() > 253 {
        return Err("the name is longer than 253 characters".into());
    }
    if name.label_count() < 2 {
        return Err(tr!("“{domain}” is a single label", domain));
    }
    Ok(name)
}
