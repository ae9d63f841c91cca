//! DKIM: keys at the selectors that can be guessed or are given, and what their absence does and does not prove.

mod absence_checks;
mod candidates;
mod gather;
mod key_checks;
mod score;
mod selector_checks;
mod selectors;
mod steps;
mod syntax_checks;
mod use_checks;

pub use gather::{Base, KeyRecord, Origin, Selector, State};

use serde_json::{Value, json};

use crate::name::DomainName;
use crate::records::Technology;

use super::{Facts as AllFacts, Finding, Gap, Outcome, Published, Room, Status, Unknown};

/// What is known about the DKIM keys of a domain.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The domain in question.
    pub domain: DomainName,
    /// Every selector asked, the user's own first.
    pub selectors: Vec<Selector>,
    /// Selectors that the user gave and that are none.
    pub not_selectors: Vec<String>,
    /// Selectors of signatures that the user gave and that are by another domain, with that domain.
    pub foreign: Vec<(String, String)>,
    /// A selector that nobody has; it finds wildcards.
    pub nonsense: Selector,
    /// What `_domainkey` itself says.
    pub base: Base,
    /// Providers seen in MX and SPF whose selectors cannot be guessed.
    pub unguessable: Vec<&'static str>,
}

impl Facts {
    /// Every key record at a selector that is not a wildcard's answer.
    pub fn keys(&self) -> impl Iterator<Item = (&Selector, &KeyRecord)> {
        self.selectors
            .iter()
            .filter(|selector| !selector.from_wildcard)
            .flat_map(|selector| selector.keys().map(move |key| (selector, key)))
    }

    /// The keys whose signatures receivers accept. A selector with several keys has none (RFC 6376 §3.6.2.2).
    pub fn usable(&self) -> impl Iterator<Item = (&Selector, &KeyRecord)> {
        self.keys().filter(|(selector, key)| key.parsed.is_usable() && selector.keys().count() == 1)
    }

    /// Whether some look-up has not been made yet, so that nothing may be called absent.
    pub fn is_pending(&self) -> bool {
        let pending = |selector: &Selector| matches!(selector.state, State::Unknown(Gap::NotSupplied { .. }));
        self.selectors.iter().any(pending)
            || pending(&self.nonsense)
            || matches!(self.base, Base::Unknown(Gap::NotSupplied { .. }))
    }

    /// How many selectors have been answered.
    pub fn answered(&self) -> usize {
        self.selectors.iter().filter(|selector| !matches!(selector.state, State::Unknown(_))).count()
    }

    /// Whether it is shown that no key exists: `_domainkey` does not exist, every selector was asked, and none is there. A
    /// selector that the user gave and that could not be looked up leaves it open, unless the absence is proven.
    pub fn is_absent(&self) -> bool {
        let Base::NxDomain { proven } = self.base else { return false };
        let none_there = |selector: &Selector| match &selector.state {
            State::Absent => true,
            State::Unknown(_) => proven || selector.origin != Origin::Own,
            State::Dangling { .. } | State::Found(_) => false,
        };
        !self.is_pending() && self.selectors.iter().all(none_there)
    }

    /// Whether a key record was found that cannot be used because of a mistake; revoking one is none.
    pub fn has_broken_key(&self) -> bool {
        self.keys().any(|(_, key)| !key.parsed.is_usable() && key.parsed.problems.iter().any(is_fault))
    }
}

/// Everything the report asks.
pub static ROOM: Room = Room {
    technology: Technology::Dkim,
    checks: &[
        key_checks::KEY,
        key_checks::WEAK_KEY,
        key_checks::LARGE_KEY,
        syntax_checks::TRUNCATED,
        syntax_checks::SYNTAX,
        use_checks::SHA1_ONLY,
        syntax_checks::ED25519_SPKI,
        key_checks::ED25519_ONLY,
        use_checks::REVOKED,
        use_checks::TESTING,
        use_checks::NOT_FOR_MAIL,
        selector_checks::DANGLING,
        selector_checks::SEVERAL_RECORDS,
        selector_checks::WILDCARD,
        selector_checks::SAME_KEY,
        selector_checks::OLD_POLICY,
        absence_checks::ABSENT,
        absence_checks::NONE_FOUND,
        absence_checks::UNREADABLE,
    ],
    status,
    score: &score::ITEMS,
    done: |facts| match facts.dkim.usable().next() {
        Some(_) => Some(true),
        None if facts.profile.sends() && facts.dkim.is_absent() => Some(false),
        None => None,
    },
    prerequisites: |_| Vec::new(),
    steps: steps::steps,
    unknowns,
    published,
    detail,
};

fn status(facts: &AllFacts, findings: &[Finding]) -> Status {
    if !facts.profile.sends() {
        return Status::NotApplicable;
    }
    let has =
        |outcome| findings.iter().any(|finding: &Finding| finding.outcome == outcome && finding.id != "dkim.absent");
    if facts.dkim.usable().next().is_some() {
        // Guesses that could not be asked say nothing against a key that was found.
        return match (has(Outcome::Fail), has(Outcome::Warn)) {
            (true, _) => Status::Fail,
            (false, true) => Status::Warn,
            (false, false) => Status::Pass,
        };
    }
    if facts.dkim.is_absent() {
        Status::Absent
    } else if facts.dkim.is_pending() {
        Status::Unknown
    } else if has(Outcome::Fail) {
        Status::Fail
    } else {
        Status::Unknown
    }
}

fn unknowns(facts: &AllFacts) -> Vec<Unknown> {
    let unknown = |text: &String| Unknown {
        technology: Technology::Dkim,
        what: tr!("The selector “{text}”", text),
        why: "it is no selector: labels of letters, digits and hyphens, joined by dots".into(),
        how: "Copy the value of s= from the DKIM-Signature header of a message that was sent from the domain.".into(),
    };
    let foreign = |(selector, domain): &(String, String)| Unknown {
        technology: Technology::Dkim,
        what: tr!("The selector “{selector}”", selector),
        why: match domain.is_empty() {
            true => "the signature that was pasted has no d=, so the domain of the key is not known".into(),
            false => {
                tr!(
                    "the signature that was pasted is by {domain} (d=), so its key is there and not at this domain",
                    domain
                )
            }
        },
        how: match domain.is_empty() {
            true => "Paste the whole DKIM-Signature header, or the selector alone.".into(),
            false => tr!("Check {domain} with this selector.", domain),
        },
    };
    let dkim = &facts.dkim;
    dkim.not_selectors.iter().map(unknown).chain(dkim.foreign.iter().map(foreign)).collect()
}

fn published(facts: &AllFacts) -> Vec<Published> {
    let mut published = Vec::new();
    for selector in facts.dkim.selectors.iter().filter(|selector| !selector.from_wildcard) {
        published.extend(selector.records().iter().map(|key| Published {
            name: selector.name.to_string(),
            record_type: "TXT".into(),
            value: key.text.clone(),
            ttl: Some(key.ttl),
            from: selector.from.clone(),
        }));
    }
    let base = match &facts.dkim.base {
        Base::Texts(texts) => texts.as_slice(),
        _ => &[],
    };
    published.extend(base.iter().map(|text| Published {
        name: gather::base_name(&facts.domain),
        record_type: "TXT".into(),
        value: text.clone(),
        ttl: None,
        from: None,
    }));
    published
}

fn detail(facts: &AllFacts) -> Value {
    let dkim = &facts.dkim;
    let keys: Vec<Value> = dkim
        .keys()
        .map(|(selector, key)| {
            json!({
                "selector": selector.label,
                "provider": selector.origin.words(),
                "key_type": key.parsed.record.key_type.label(),
                "bits": key.parsed.record.rsa_bits(),
                "usable": key.parsed.is_usable(),
                "revoked": key.parsed.record.is_revoked(),
                "testing": key.parsed.record.is_testing(),
                "strict": key.parsed.record.is_strict(),
                "alias_of": selector.chain.last(),
            })
        })
        .collect();
    let answered = dkim.selectors.iter().filter(|selector| !matches!(selector.state, State::Unknown(_))).count();
    json!({
        "selectors_asked": dkim.selectors.len(),
        "selectors_answered": answered,
        "keys": keys,
        "wildcard": dkim.nonsense.is_found(),
        "domainkey_name": dkim.base.word(),
    })
}

fn is_fault(problem: &crate::records::Problem<crate::records::dkim::KeyProblem>) -> bool {
    problem.weight == crate::records::Weight::Fault
}
