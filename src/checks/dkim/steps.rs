//! What to do about DKIM. The key itself is known to the mail provider alone, and each step says so.

use crate::checks::{Facts, Publish, Step};
use crate::records::Technology;
use crate::records::dkim::KeyProblem;

use super::State;

/// What to do, in order.
pub(super) fn steps(facts: &Facts) -> Vec<Step> {
    let dkim = &facts.dkim;
    if !facts.profile.sends() || dkim.is_pending() {
        return Vec::new();
    }
    let mut steps = Vec::new();
    let has_key = dkim.usable().next().is_some();
    if dkim.is_absent() {
        steps.push(step(
            "Turn on DKIM signing at your mail provider and publish the key that it shows you",
            "Signed mail survives forwarding and lets DMARC go to reject. Name and key below are placeholders: only the provider \
             knows the selector and the key.",
            vec![new_key(facts)],
        ));
    } else if !has_key && dkim.has_broken_key() {
        let names: Vec<&str> = dkim.keys().map(|(selector, _)| selector.label.as_str()).collect();
        steps.push(step(
            &tr!("Replace the key at selector {}", names.join(", ")),
            "Receivers cannot use it, so mail signed with it fails. Selector and key below are placeholders: copy both from your mail \
             provider.",
            vec![new_key(facts)],
        ));
    } else if !has_key && dkim.answered() > 0 {
        steps.push(step(
            "Find out your DKIM selector and give it to mxray",
            "Selectors cannot be listed, and none of those that answered has a key. Send yourself a message and look for s= in its \
             DKIM-Signature header; where there is no such header, turn on DKIM signing at your mail provider.",
            Vec::new(),
        ));
    }
    for selector in dkim.selectors.iter().filter(|selector| !selector.from_wildcard) {
        if let (State::Dangling { .. }, Some(target)) = (&selector.state, selector.chain.last()) {
            steps.push(step(
                &tr!("Finish or delete the selector {}", selector.label),
                &tr!("{} is an alias of {target}, where there is no key.", selector.name, target),
                Vec::new(),
            ));
        }
    }
    let weak: Vec<&str> = dkim
        .usable()
        .filter(|(_, key)| key.parsed.problems.iter().any(|problem| matches!(problem.kind, KeyProblem::Weak { .. })))
        .map(|(selector, _)| selector.label.as_str())
        .collect();
    if !weak.is_empty() {
        steps.push(step(
            &tr!("Change to a key of 2048 bits (selector {})", weak.join(", ")),
            "Keys of 1024 bits are within reach of a rich forger. Selector and key below are placeholders: the provider shows you \
             both.",
            vec![new_key(facts)],
        ));
    }
    steps
}

fn new_key(facts: &Facts) -> Publish {
    Publish::txt(
        format!("SELECTOR._domainkey.{}", facts.domain),
        "v=DKIM1; k=rsa; p=THE-PUBLIC-KEY-THAT-YOUR-PROVIDER-SHOWS-YOU",
    )
}

fn step(step: &str, why: &str, publish: Vec<Publish>) -> Step {
    Step { technology: Technology::Dkim, step: step.into(), why: why.into(), publish }
}
