//! The staged road to p=reject: each step is the present record with as little changed as needed.

use crate::checks::{Facts, Publish, Step};
use crate::name::DomainName;
use crate::order;
use crate::records::dmarc::Policy;
use crate::records::{Technology, tags};

use super::Discovery;

/// The record for a domain that has none: monitoring where mail is sent, the strictest one where none is. A registry's
/// policy that is in effect so far is not weakened.
pub(super) fn first_record(facts: &Facts) -> Publish {
    Publish::txt(format!("_dmarc.{}", facts.domain), first_text(facts))
}

fn first_text(facts: &Facts) -> String {
    let effective = facts.dmarc.effective().ok().flatten();
    let policy = effective.map_or(Policy::None, |effective| effective.domain).word();
    match facts.profile.sends() {
        true => format!("v=DMARC1; p={policy}; rua=mailto:dmarc-reports@{}", facts.domain),
        false => "v=DMARC1; p=reject".to_owned(),
    }
}

/// A broken text as a record that counts: its readable tags, with a policy where it has none.
pub(super) fn mended(facts: &Facts, text: &str) -> String {
    let rewritten = rewrite(text, &[]);
    let has_policy = tags::split(&rewritten).tags.iter().any(|tag| tag.name.text == "p");
    match has_policy {
        true => rewritten,
        false if facts.profile.sends() => rewrite(text, &[("p", Some("none"))]),
        false => rewrite(text, &[("p", Some("reject"))]),
    }
}

/// What to do, in order: mend, then monitor → quarantine on trial → reject.
pub(super) fn steps(facts: &Facts) -> Vec<Step> {
    let dmarc = &facts.dmarc;
    let sends = facts.profile.sends();
    if let Discovery::Unknown(_) = dmarc.discovery() {
        return Vec::new();
    }
    let (name, text) = match dmarc.own_subject() {
        Some((node, text, _)) => (node.name.to_string(), text.text.clone()),
        None => {
            let own = dmarc.own().map(|own| own.texts()).unwrap_or_default();
            let stray = own.iter().find(|text| matches!(text.reading, crate::records::dmarc::Reading::NearMiss { .. }));
            let several = dmarc.own().and_then(|own| own.records().next().map(|(text, _)| text));
            let text = stray.or(several).map(|text| &text.text).or(dmarc.misplaced.first());
            let text = text.map_or_else(|| first_text(facts), |text| mended(facts, text));
            (format!("_dmarc.{}", facts.domain), text)
        }
    };
    let mut steps = Vec::new();
    let effective = dmarc.effective().ok().flatten();
    let mut present = text.clone();
    if dmarc.own_subject().is_none() || effective.is_none() {
        present = mended(facts, &text);
        steps.push(step(
            match (dmarc.own_subject(), sends) {
                (Some(_), _) => "Correct the DMARC record, so that receivers apply it",
                (None, true) if effective.is_some() => {
                    "Publish a DMARC record of your own: the one in effect is the registry's, and so are its reports"
                }
                (None, true) => "Publish a DMARC record that receivers see, and read the reports it brings",
                (None, false) => "Publish a DMARC record that refuses all mail in this domain's name",
            },
            match sends {
                true => {
                    "Reports show who sends in the domain's name before anything is stopped. The mailbox in rua is a \
                         suggestion: any address that you read will do."
                }
                false => "The domain sends no mail, so nothing honest can be lost.",
            },
            Publish::txt(&name, present.clone()),
        ));
    } else if invalid_policy(facts) {
        present = mended(facts, &text);
        steps.push(step(
            "Correct the policy in the DMARC record",
            "Until then receivers only monitor.",
            Publish::txt(&name, present.clone()),
        ));
    }
    let stage = stage(&present, effective.as_ref().map(|e| (e.domain, e.subdomains.min(e.nonexistent), e.testing)));
    if !sends && stage < Stage::Reject {
        let next = at_reject(&present);
        if steps.last().is_none_or(|last| last.publish.iter().all(|publish| publish.value != next)) {
            steps.push(step(
                "Ask receivers to refuse all mail in this domain's name",
                "The domain sends no mail, so nothing honest can be lost.",
                Publish::txt(&name, next),
            ));
        }
        return steps;
    }
    if let Some((node, _, record)) = dmarc.own_subject()
        && sends
        && record.aggregate_reports.is_empty()
    {
        let rua = format!("mailto:dmarc-reports@{}", node.domain);
        present = rewrite(&present, &[("rua", Some(&rua))]);
        steps.push(step(
            "Have reports sent to you: add a rua address to the DMARC record",
            "Without reports nobody can tell when a stricter policy is safe, or whether one in force loses honest mail. The \
             mailbox shown is a suggestion; it must exist first.",
            Publish::txt(&name, present.clone()),
        ));
    }
    if stage <= Stage::Monitoring {
        present = at_quarantine(&present, Some("y"));
        steps.push(step(
            "When a month of reports shows all honest mail passing, announce p=quarantine as a trial (t=y)",
            "With t=y receivers of RFC 9989 still deliver as before and say in their reports what they would have done. \
             Receivers of the older RFC 7489 do not know t and quarantine at once: take this step only with clean reports.",
            Publish::txt(&name, present.clone()),
        ));
    }
    if stage <= Stage::Trial {
        present = at_quarantine(&present, None);
        steps.push(step(
            "After another month without loss, enforce p=quarantine",
            "Mail that fails goes to the spam folder; what was overlooked can still be found there.",
            Publish::txt(&name, present.clone()),
        ));
    }
    if stage < Stage::Reject {
        steps.push(step(
            "After a month more without loss, ask for p=reject",
            "Forged mail is then refused outright, for sub-domains too. Keep in mind that RFC 9989 §7.4 wants such a domain to \
             sign with DKIM and not to rely on SPF alone, and that mailing lists may break both.",
            Publish::txt(&name, at_reject(&present)),
        ));
    }
    steps
}

/// How far the domain has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Monitoring,
    Trial,
    Quarantine,
    Reject,
}

/// The stage of the policies in effect: domain, weaker of the sub-domain policies, `t=y`.
fn stage(text: &str, effective: Option<(Policy, Policy, bool)>) -> Stage {
    match effective {
        Some((Policy::Reject, Policy::Reject, _)) => Stage::Reject,
        // p=reject with weaker sub-domains, p=reject; t=y, or p=quarantine: one step is left.
        Some((Policy::Reject | Policy::Quarantine, _, _)) => Stage::Quarantine,
        Some((Policy::None, _, true)) => Stage::Trial,
        Some((Policy::None, _, false)) => Stage::Monitoring,
        // A record that is not published yet: what it will ask for.
        None => match crate::records::dmarc::read(text) {
            crate::records::dmarc::Reading::Record(parsed) => match parsed.record.policy {
                Some(Policy::Reject) => Stage::Reject,
                Some(Policy::Quarantine) => Stage::Quarantine,
                _ => Stage::Monitoring,
            },
            _ => Stage::Monitoring,
        },
    }
}

/// With p=quarantine; a stronger sp or np stays.
fn at_quarantine(text: &str, trial: Option<&str>) -> String {
    let kept = |name: &str| {
        let strong = |tag: &tags::Tag<'_>| tag.value.is_some_and(|value| value.text.eq_ignore_ascii_case("reject"));
        tags::split(text)
            .tags
            .iter()
            .any(|tag| tag.name.text.eq_ignore_ascii_case(name) && strong(tag))
            .then_some("reject")
    };
    rewrite(text, &[("p", Some("quarantine")), ("sp", kept("sp")), ("np", kept("np")), ("t", trial)])
}

fn at_reject(text: &str) -> String {
    rewrite(text, &[("p", Some("reject")), ("sp", None), ("np", None), ("t", None)])
}

fn invalid_policy(facts: &Facts) -> bool {
    !super::record_checks::asks_for_policies(facts)
}

fn step(step: &str, why: &str, publish: Publish) -> Step {
    Step { technology: Technology::Dmarc, step: step.into(), why: why.into(), publish: vec![publish] }
}

/// The record with some tags set or (`None`) removed. What is broken, unknown, removed by RFC 9989 or there twice goes, the
/// rest stays as it was written; `v` comes first and `p` second.
pub(super) fn rewrite(text: &str, changes: &[(&str, Option<&str>)]) -> String {
    // Quotation marks and backslashes of a zone file are no part of a record.
    let cleaned: String = text.chars().filter(|c| !matches!(c, '"' | '“' | '”' | '\\')).collect();
    let cleaned = with_semicolon_after_version(&cleaned);
    let mut kept: Vec<(String, String)> = Vec::new();
    for tag in tags::split(&cleaned).tags {
        let Some(value) = tag.value else { continue };
        let name = tag.name.text.to_ascii_lowercase();
        let changed = changes.iter().any(|(changed, _)| *changed == name);
        let known = KEPT.contains(&name.as_str()) && (!is_policy_name(&name) || is_policy_tag(&name, Some(value.text)));
        if known && !changed && !value.text.is_empty() && !kept.iter().any(|(other, _)| *other == name) {
            let value =
                if matches!(name.as_str(), "rua" | "ruf") { addresses(value.text) } else { value.text.to_owned() };
            kept.push((name, value));
        }
    }
    for (name, value) in changes {
        kept.extend(value.map(|value| ((*name).to_owned(), value.to_owned())));
    }
    order::by_key(&mut kept, |(name, _)| {
        let place = KEPT.iter().position(|known| known == name);
        place.map_or(0, |place| place as u128 + 1)
    });
    let tags = kept.iter().map(|(name, value)| format!("; {name}={value}"));
    std::iter::once("v=DMARC1".to_owned()).chain(tags).collect()
}

/// A list of addresses with `mailto:` set where it is missing and without obsolete size limits.
fn addresses(list: &str) -> String {
    let mend = |address: &str| {
        let address = address.trim();
        let bare = address.contains('@') && !address.contains(':');
        let address = address.split_once('!').map_or(address, |(before, _)| before);
        if bare { format!("mailto:{address}") } else { address.to_owned() }
    };
    let kept: Vec<String> = list.split(',').take(32).map(mend).filter(|address| !address.is_empty()).collect();
    kept.join(",")
}

/// The tags that a rewritten record keeps, in the order in which it shows them; `v` is written anew.
const KEPT: [&str; 10] = ["p", "sp", "np", "t", "psd", "adkim", "aspf", "rua", "ruf", "fo"];

fn is_policy_name(name: &str) -> bool {
    matches!(name, "p" | "sp" | "np")
}

fn is_policy_tag(name: &str, value: Option<&str>) -> bool {
    is_policy_name(&name.to_ascii_lowercase())
        && value.is_some_and(|value| ["none", "quarantine", "reject"].iter().any(|w| value.eq_ignore_ascii_case(w)))
}

/// Sets the semicolon that is missing in `v=DMARC1 p=reject`.
fn with_semicolon_after_version(text: &str) -> String {
    let upper = text.to_ascii_uppercase();
    let Some(end) = upper.find("DMARC1").map(|at| at + 6) else { return text.to_owned() };
    match (text.get(..end), text.get(end..)) {
        (Some(before), Some(after)) => {
            format!(
                "{before};{}",
                after.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | ';'))
            )
        }
        _ => text.to_owned(),
    }
}

/// The domain below which a record stands: `example.com` of `_dmarc.example.com`.
pub(super) fn at(domain: &DomainName) -> String {
    format!("_dmarc.{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rewriting_keeps_what_is_good() {
        let rewritten = rewrite("v=DMARC1; rua=mailto:a@x.test; p=none; pct=50; sp=rejct; foo=1", &[]);
        assert_eq!(rewritten, "v=DMARC1; p=none; rua=mailto:a@x.test");
        assert_eq!(rewrite("v=DMARC1 p=reject", &[]), "v=DMARC1; p=reject");
        assert_eq!(rewrite("\"v=dmarc1\\; p=Reject\"", &[]), "v=DMARC1; p=Reject");
        assert_eq!(
            rewrite("v=DMARC1; rua=a@x.test, mailto:b@x.test!10m;", &[]),
            "v=DMARC1; rua=mailto:a@x.test,mailto:b@x.test"
        );
        assert_eq!(rewrite("v=DMARC1; p=none; t=y", &[("p", Some("reject")), ("t", None)]), "v=DMARC1; p=reject");
    }
}
