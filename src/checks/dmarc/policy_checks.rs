//! What the policy in effect asks for, and whose it is.

use crate::checks::{Check, Doc, Facts, Finding, Outcome, Publish};
use crate::records::Technology;
use crate::records::dmarc::{Policy, Psd};

use super::record_checks::asks_for_policies;
use super::{Discovery, check, steps};

pub(super) const POLICY: Check = check(
    &Doc {
        id: "dmarc.policy",
        technology: Technology::Dmarc,
        title: "DMARC policy",
        what: "What receivers are asked to do with mail from the domain that fails DMARC.",
        why: "Only quarantine and reject stop forged mail. none brings reports and nothing else.",
        fix: "Go on from none to quarantine to reject, step by step, while the reports stay clean.",
        references: &["RFC 9989 §4.7", "RFC 9989 §4.10.1", "RFC 9989 §7.4"],
    },
    policy,
);

pub(super) const TESTING: Check = check(
    &Doc {
        id: "dmarc.testing",
        technology: Technology::Dmarc,
        title: "DMARC is on trial (t=y)",
        what: "Whether t=y lowers the policy by one step.",
        why: "With t=y receivers apply the next weaker policy: quarantine instead of reject, none instead of quarantine. \
              Receivers of the older RFC 7489 do not know t and apply the policy in full.",
        fix: "Remove t=y once the reports are clean.",
        references: &["RFC 9989 §4.7"],
    },
    testing,
);

pub(super) const INHERITED: Check = check(
    &Doc {
        id: "dmarc.inherited",
        technology: Technology::Dmarc,
        title: "The policy is inherited",
        what: "Whether the domain has no record of its own and takes over one from above.",
        why: "The record above decides, with its sp for names that exist and its np for names that do not.",
        fix: "",
        references: &["RFC 9989 §4.10.1"],
    },
    inherited,
);

pub(super) const PSD: Check = check(
    &Doc {
        id: "dmarc.psd",
        technology: Technology::Dmarc,
        title: "The psd tag",
        what: "Whether psd is set, and what it does to the organizational domain.",
        why: "psd=y is for registries: it makes every name below an organization of its own, so that mail from one of them \
              is no longer aligned with another.",
        fix: "Remove psd=y unless strangers register names below this domain.",
        references: &["RFC 9989 §4.7", "RFC 9989 §4.10.2"],
    },
    psd,
);

fn policy(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Ok(Some(effective)) = facts.dmarc.effective() else { return };
    let Some((node, text, record)) = facts.dmarc.subject().filter(|_| asks_for_policies(facts)) else { return };
    let tag = match (effective.inherited, &facts.dmarc.exists) {
        (false, _) => "p",
        (true, Ok(false)) => "np",
        (true, _) => "sp",
    };
    let lowered = if record.testing { " after t=y lowers it by one step" } else { "" };
    let place = tr!(
        "The record at {} asks for {}{lowered}. In effect: {} for sub-domains that exist, {} for names that do not.",
        node.name,
        effective.domain.word(),
        effective.subdomains.word(),
        effective.nonexistent.word(),
        lowered
    );
    let span = tag_span(&text.text, &[tag, "sp", "p"]);
    let sends = facts.profile.sends();
    let finding = match effective.domain {
        Policy::Reject => {
            // §7.4 is a SHOULD NOT for such domains; DNS does not show who they are.
            let lists = match sends {
                true => {
                    " Mail that people here send to mailing lists may be refused too: RFC 9989 §7.4 advises such domains to stay below reject."
                }
                false => "",
            };
            doc.finding(Outcome::Pass, place + lists).titled("Mail that fails DMARC is refused (reject)")
        }
        Policy::Quarantine if sends => doc
            .finding(Outcome::Info, tr!("{place} Forged mail lands in spam folders; reject would refuse it.", place))
            .titled("Mail that fails DMARC is treated as suspicious (quarantine)"),
        Policy::Quarantine => doc
            .finding(Outcome::Warn, tr!("{place} The domain sends no mail, so reject costs nothing.", place))
            .titled("quarantine on a domain that sends no mail")
            .fixed_by("Set p=reject."),
        Policy::None if record.testing => doc
            .finding(Outcome::Warn, tr!("{place} Nothing is stopped yet.", place))
            .titled("DMARC stops nothing yet (trial of quarantine)"),
        Policy::None => doc
            .finding(Outcome::Warn, tr!("{place} Receivers report, and deliver forged mail as before.", place))
            .titled("DMARC only monitors (none)"),
    };
    let mut finding = finding.at(&node.name, &text.text, span);
    if finding.outcome == Outcome::Warn
        && let Some(next) = steps::steps(facts).first()
    {
        finding.publish.extend(next.publish.iter().cloned());
    }
    findings.push(finding);
}

fn testing(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((node, text, record)) = facts.dmarc.own_subject() else { return };
    if !record.testing {
        return;
    }
    let detail = match record.policy {
        Some(Policy::Reject) => "p=reject works as quarantine, and sp and np one step weaker too.",
        Some(Policy::Quarantine) => "p=quarantine works as none, and sp and np one step weaker too.",
        _ => "With p=none there is nothing to lower for the domain itself.",
    };
    let enforced = steps::rewrite(&text.text, &[("t", None)]);
    findings.push(
        doc.finding(Outcome::Warn, detail)
            .at(&node.name, &text.text, tag_span(&text.text, &["t"]))
            .publishing(Publish::txt(&node.name, enforced)),
    );
}

fn inherited(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Discovery::Inherited { node, public_suffix } = facts.dmarc.discovery() else { return };
    let Some((text, _)) = node.record() else { return };
    let tag = match &facts.dmarc.exists {
        Ok(false) => "The domain itself does not exist in DNS, so np counts, else sp, else p.",
        Ok(true) => "The domain exists, so sp counts, else p.",
        Err(_) => "Where the domain exists, sp counts, else p; where it does not, np before both.",
    };
    let whose = match public_suffix {
        true => tr!(
            "No record at {} or its organizational domain; the public suffix {} has one.",
            facts.domain,
            node.domain
        ),
        false => tr!("{} has no record of its own; {} is its organizational domain.", facts.domain, node.domain),
    };
    let span = tag_span(&text.text, &["sp", "p"]);
    findings.push(doc.finding(Outcome::Info, tr!("{whose} {tag}", whose, tag)).at(&node.name, &text.text, span));
}

fn psd(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((node, text, record)) = facts.dmarc.subject() else { return };
    let finding = match record.psd {
        Psd::Undeclared => return,
        Psd::No => doc
            .finding(Outcome::Info, tr!("psd=n says that {} is an organizational domain; the search for one ends here. Receivers of RFC 7489 do not know psd and go by a list of public suffixes.", node.domain))
            .titled("The domain declares itself organizational (psd=n)"),
        // On a single label, or inherited from above, it is a registry's.
        Psd::Yes if node.domain.label_count() < 2 || node.domain != facts.domain => doc
            .finding(Outcome::Info, tr!("{} declares itself a public suffix.", node.domain))
            .titled("The policy comes from a public suffix (psd=y)"),
        Psd::Yes => doc
            .finding(Outcome::Warn, tr!("psd=y declares {} a public suffix: each name directly below it counts as an organization of its own.", node.domain))
            .titled("The domain declares itself a public suffix (psd=y)")
            .publishing(Publish::txt(&node.name, steps::rewrite(&text.text, &[("psd", None)]))),
    };
    findings.push(finding.at(&node.name, &text.text, tag_span(&text.text, &["psd"])));
}

/// Where the first of some tags stands; the whole record where none is there.
pub(super) fn tag_span(text: &str, names: &[&str]) -> crate::text::Span {
    let list = crate::records::tags::split(text);
    names
        .iter()
        .find_map(|name| list.tags.iter().find(|tag| tag.name.text.eq_ignore_ascii_case(name)))
        .map_or(crate::text::Span::whole(text), |tag| tag.span())
}
