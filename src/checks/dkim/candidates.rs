//! Which selectors are asked: the user's own, those that the evidence shows, those of providers in use, common ones.

use crate::checks::Context;
use crate::dns::{RecordData, RecordType};
use crate::evidence::DnsOutcome;
use crate::name::DomainName;
use crate::order;

use super::Origin;
use super::selectors::{PROVIDERS, Provider};

/// Selectors of the user's own that are asked.
const MAX_OWN: usize = 64;
/// Words looked at in what the user typed; the header of one signature has about thirty.
const MAX_WORDS: usize = 1024;
/// Selectors taken from the evidence.
const MAX_SHOWN: usize = 64;

/// What the user gave as selectors.
#[derive(Default)]
pub(super) struct Own {
    /// The selectors.
    pub selectors: Vec<String>,
    /// What is none.
    pub not_selectors: Vec<String>,
    /// Selectors of signatures by another domain (`d=`), with that domain.
    pub foreign: Vec<(String, String)>,
}

/// The selectors that the user gave: as they are, as the name or `s=` they were copied from, or inside a whole
/// `DKIM-Signature` header, where they count if `d=` is the domain.
pub(super) fn own(context: &Context<'_>) -> Own {
    let mut own = Own::default();
    let separates = |c: char| matches!(c, ';' | ',') || c.is_whitespace();
    let typed = context.options.selectors.iter().flat_map(|text| text.split(separates));
    let words: Vec<&str> = typed.filter(|word| !word.is_empty()).take(MAX_WORDS).collect();
    let is_start = |word: &str| word.get(..15).is_some_and(|start| start.eq_ignore_ascii_case("DKIM-Signature:"));
    for part in words.chunk_by(|_, next| !is_start(next)) {
        let tag = |name: &str| part.iter().find_map(|word| word.strip_prefix(name));
        let selectors = part.iter().filter_map(|word| word.strip_prefix("s="));
        match tag("d=").or_else(|| part.iter().any(|word| is_start(word)).then_some("")) {
            Some(domain) if DomainName::parse(domain).is_ok_and(|domain| domain == *context.domain) => {
                selectors.for_each(|selector| own.add(selector));
            }
            Some(domain) => own.foreign.extend(selectors.map(|selector| (shown(selector), shown(domain)))),
            None => part.iter().for_each(|word| own.add(word)),
        }
    }
    own
}

impl Own {
    fn add(&mut self, text: &str) {
        let text = text.trim_start_matches("s=").trim_end_matches('.');
        let label = text.find("._domainkey").and_then(|at| text.get(..at)).unwrap_or(text);
        match DomainName::parse(label).ok().filter(|_| is_selector(label)) {
            _ if label.is_empty() || self.selectors.len() == MAX_OWN => {}
            Some(name) if !self.selectors.iter().any(|known| known == name.as_str()) => {
                self.selectors.push(name.to_string());
            }
            Some(_) => {}
            None => self.not_selectors.push(shown(text)),
        }
    }
}

/// A text cut to what a sentence can hold.
fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Labels of letters, digits and hyphens joined by dots (RFC 6376 §3.1); underscores are in use as well.
fn is_selector(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// Adds every selector of the table once, with the providers that use it.
pub(super) fn add_guesses(wanted: &mut Vec<(String, Origin)>, hinted: &[&'static Provider]) {
    let own = wanted.len();
    for provider in PROVIDERS {
        let is_hinted = hinted.iter().any(|other| std::ptr::eq(*other, provider));
        for &label in provider.selectors {
            match wanted.iter_mut().enumerate().find(|(_, (known, _))| known == label) {
                Some((index, _)) if index < own => {}
                Some((_, (_, origin))) => match origin {
                    Origin::Guess(names) if is_hinted => {
                        names.insert(0, provider.name);
                        *origin = Origin::Hinted(std::mem::take(names));
                    }
                    Origin::Guess(names) | Origin::Hinted(names) => names.push(provider.name),
                    Origin::Own | Origin::Supplied | Origin::Neighbour | Origin::Nonsense => {}
                },
                None if is_hinted => wanted.push((label.into(), Origin::Hinted(vec![provider.name]))),
                None => wanted.push((label.into(), Origin::Guess(vec![provider.name]))),
            }
        }
    }
    by_likelihood(wanted);
}

/// Adds the selectors that the evidence shows to exist: records supplied for names that nobody asked about, and both ends
/// of NSEC records that deny others. A by-product of the answers: the zone is not walked.
pub(super) fn add_shown(wanted: &mut Vec<(String, Origin)>, context: &Context<'_>, made_up: &str) {
    let Ok(base) = context.domain.child("_domainkey") else { return };
    let mut shown: Vec<(String, Origin)> = Vec::new();
    let mut show = |name: &DomainName, origin: Origin| {
        if shown.len() == MAX_SHOWN {
            return;
        }
        let label = name.as_str().strip_suffix(base.as_str()).and_then(|label| label.strip_suffix('.'));
        let Some(label) = label.filter(|label| is_selector(label) && *label != made_up) else { return };
        if !wanted.iter().chain(&shown).any(|(other, _)| other == label) {
            shown.push((label.to_owned(), origin));
        }
    };
    let below = || context.evidence().dns().filter(|entry| entry.name.is_at_or_below(&base));
    // Neighbours first: once they are asked, the evidence holds their records as well.
    for entry in below() {
        let DnsOutcome::Answer { authority, .. } = &entry.outcome else { continue };
        for record in authority {
            let RecordData::Nsec { next, types } = &record.data else { continue };
            // A name without text or alias, as one that only denies itself (RFC 9824), has no key.
            if types.iter().any(|kind| matches!(*kind, RecordType::TXT | RecordType::CNAME)) {
                show(&record.owner, Origin::Neighbour);
            }
            show(next, Origin::Neighbour);
        }
    }
    for entry in below().filter(|entry| matches!(entry.record_type, RecordType::TXT | RecordType::CNAME)) {
        if matches!(&entry.outcome, DnsOutcome::Answer { answers, .. } if !answers.is_empty()) {
            show(&entry.name, Origin::Supplied);
        }
    }
    wanted.append(&mut shown);
    by_likelihood(wanted);
}

/// Display and asking: what is likely first; the order is stable otherwise.
fn by_likelihood(wanted: &mut [(String, Origin)]) {
    order::by_key(wanted, |(_, origin)| match origin {
        Origin::Own => 0,
        Origin::Supplied | Origin::Neighbour => 1,
        Origin::Hinted(_) => 2,
        Origin::Guess(_) | Origin::Nonsense => 3,
    });
}

/// Hosts that show which providers the domain uses: its mail servers, and the domains that its SPF record and the records
/// included by it name. All are asked for elsewhere; what is not known yet hints at nothing.
pub(super) fn hosts_in_use(context: &Context<'_>, spf: &crate::checks::spf::Facts) -> Vec<DomainName> {
    let mut hosts: Vec<DomainName> =
        spf.trees.iter().flat_map(|tree| tree.nodes.iter().skip(1)).map(|node| node.domain.clone()).collect();
    for record_type in [RecordType::MX, RecordType::TXT] {
        for record in context.evidence().look_up(context.domain, record_type).records() {
            match &record.data {
                RecordData::Mx { exchange, .. } => hosts.push(exchange.clone()),
                RecordData::Txt(txt) => {
                    let text = txt.text();
                    let terms = text.split(' ').skip(1).take(64);
                    let names = terms.filter_map(|term| term.split_once([':', '=']).map(|(_, name)| name));
                    if text.starts_with("v=spf1 ") {
                        hosts.extend(names.filter_map(|name| DomainName::parse(name).ok()));
                    }
                }
                _ => {}
            }
        }
    }
    hosts
}
