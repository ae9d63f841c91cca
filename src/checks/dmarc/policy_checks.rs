//! What the policy in effect asks for.

use crate::checks::{Check, Doc, Facts, Finding, Outcome, Publish};
use crate::records::Technology;
use crate::records::dmarc::{DmarcProblem, DmarcRecord, Policy, Psd};

use super::record_checks::{asks_for_policies, each_problem, outcome};
use super::{Discovery, check, steps};

pub(super) const POLICY: Check = check(
    &Doc {
        id: "dmarc.policy",
        technology: Technology::Dmarc,
        title: "DMARC policy",
        what: "What receivers are asked to do with mail from the domain that fails DMARC.",
        why: "Only quarantine and reject stop forged mail. none brings reports and nothing else.",
        fix: "Go on from none to quarantine to reject, step by step, while the reports stay clean.",
        references: &["RFC 9989 §4.7", "RFC 9989 §4.10.1"],
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

pub(super) const SUBDOMAIN_POLICY: Check = check(
    &Doc {
        id: "dmarc.subdomain-policy",
        technology: Technology::Dmarc,
        title: "Sub-domains are protected less than the domain",
        what: "Whether the policy for existing sub-domains (sp) is as strong as that of the domain (p).",
        why: "Forgers use what is left open: mail from any sub-domain of yours is judged by the weaker sp.",
        fix: "Remove sp, so that p counts for sub-domains too, or make it as strong as p.",
        references: &["RFC 9989 §4.7"],
    },
    subdomain_policy,
);

pub(super) const NP: Check = check(
    &Doc {
        id: "dmarc.np",
        technology: Technology::Dmarc,
        title: "Policy for sub-domains that do not exist",
        what: "Whether np is as strong as the policy of the domain, and whether it could safely be stronger.",
        why: "No honest mail comes from a name that is not in DNS, so np=reject costs nothing, even while p is still none. \
              Receivers of RFC 7489 do not know np and go by sp.",
        fix: "Set np=reject.",
        references: &["RFC 9989 §4.7"],
    },
    np,
);

pub(super) const DEAD_SP: Check = check(
    &Doc {
        id: "dmarc.dead-sp",
        technology: Technology::Dmarc,
        title: "sp or np without effect here",
        what: "Whether sp or np stand in a record that is not that of the organizational domain.",
        why: "sp and np count only in the record of the organizational domain. Here they look like protection and are none.",
        fix: "Set the policy for sub-domains in the record of the organizational domain.",
        references: &["RFC 9989 §4.7", "RFC 9989 §4.10.1"],
    },
    dead_sp,
);

pub(super) const REMOVED_TAGS: Check = check(
    &Doc {
        id: "dmarc.removed-tags",
        technology: Technology::Dmarc,
        title: "A tag that RFC 9989 removed",
        what: "Whether pct, rf or ri, which RFC 9989 no longer knows, are still there.",
        why: "Receivers of RFC 9989 ignore these tags; receivers of the older RFC 7489 may still act on pct. The two then \
              treat the same mail differently.",
        fix: "Remove the tag; instead of a pct below 100 use t=y for a trial.",
        references: &["RFC 9989 Appendix C.5.2", "RFC 9989 Appendix A.6", "RFC 7489 §6.3"],
    },
    removed_tags,
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
    let place = format!(
        "The record at {} asks for {}{lowered}. In effect: {} for sub-domains that exist, {} for names that do not.",
        node.name,
        effective.domain.word(),
        effective.subdomains.word(),
        effective.nonexistent.word()
    );
    let span = tag_span(&text.text, &[tag, "sp", "p"]);
    let sends = facts.profile.sends();
    let finding = match effective.domain {
        Policy::Reject => doc.finding(Outcome::Pass, place).titled("Mail that fails DMARC is refused (reject)"),
        Policy::Quarantine if sends => doc
            .finding(Outcome::Info, format!("{place} Forged mail lands in spam folders; reject would refuse it."))
            .titled("Mail that fails DMARC is treated as suspicious (quarantine)"),
        Policy::Quarantine => doc
            .finding(Outcome::Warn, format!("{place} The domain sends no mail, so reject costs nothing."))
            .titled("quarantine on a domain that sends no mail")
            .fixed_by("Set p=reject."),
        Policy::None if record.testing => doc
            .finding(Outcome::Warn, format!("{place} Nothing is stopped yet."))
            .titled("DMARC stops nothing yet (trial of quarantine)"),
        Policy::None => doc
            .finding(Outcome::Warn, format!("{place} Receivers report, and deliver forged mail as before."))
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

fn subdomain_policy(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Ok(Some(effective)) = facts.dmarc.effective() else { return };
    let Some((node, text, record)) = facts.dmarc.subject().filter(|_| asks_for_policies(facts)) else { return };
    let (Some(domain), Some(subdomains)) = (record.policy, record.subdomain_policy) else { return };
    if is_dead(facts) || effective.inherited {
        return;
    }
    let span = tag_span(&text.text, &["sp"]);
    let finding = if subdomains < domain {
        let stronger = steps::rewrite(&text.text, &[("sp", None)]);
        doc.finding(
            Outcome::Warn,
            format!(
                "sp={} is weaker than p={}: a forger only has to put a sub-domain in front.",
                subdomains.word(),
                domain.word()
            ),
        )
        .publishing(Publish::txt(&node.name, stronger))
    } else if subdomains > domain {
        // Row 11: the sub-domains are protected, the domain itself is not.
        doc.finding(
            Outcome::Warn,
            format!(
                "sp={} protects sub-domains, while p={} leaves the domain itself open.",
                subdomains.word(),
                domain.word()
            ),
        )
        .titled("The domain is protected less than its sub-domains")
        .fixed_by("Raise p to the policy of the sub-domains when the reports are clean.")
    } else {
        return;
    };
    findings.push(finding.at(&node.name, &text.text, span));
}

fn np(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((node, text, record)) = facts.dmarc.own_subject().filter(|_| asks_for_policies(facts)) else { return };
    let Some(domain) = record.policy else { return };
    if is_dead(facts) {
        return;
    }
    let publish = Publish::txt(&node.name, steps::rewrite(&text.text, &[("np", Some("reject"))]));
    match record.nonexistent_policy {
        Some(policy) if policy < domain.max(record.subdomain_policy.unwrap_or(domain)) => findings.push(
            doc.finding(
                Outcome::Warn,
                format!("np={} is weaker than the rest of the record: names that do not even exist are the least protected.", policy.word()),
            )
            .titled("Sub-domains that do not exist are protected less")
            .at(&node.name, &text.text, tag_span(&text.text, &["np"]))
            .publishing(publish),
        ),
        Some(_) => {}
        None if record.subdomain_policy.unwrap_or(domain) < Policy::Reject => findings.push(
            doc.finding(Outcome::Info, "np is not set, so sub-domains that do not exist get no stronger policy than the others.")
                .titled("np=reject would cost nothing")
                .publishing(publish),
        ),
        None => {}
    }
}

fn dead_sp(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((node, text, record)) = facts.dmarc.subject() else { return };
    if !is_dead(facts) || (record.subdomain_policy.is_none() && record.nonexistent_policy.is_none()) {
        return;
    }
    let Some(organization) = facts.dmarc.organization_below() else { return };
    findings.push(
        doc.finding(
            Outcome::Warn,
            format!("The organizational domain is {organization}; mail from names below {} follows its record, not this one.", node.domain),
        )
        .at(&node.name, &text.text, tag_span(&text.text, &["sp", "np"]))
        .fixed_by(format!("Set the policy for sub-domains in the record at {}.", steps::at(&organization))),
    );
}

fn removed_tags(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, |node, text, problem| {
        let DmarcProblem::RemovedTag { tag, value } = &problem.kind else { return };
        let Some((.., record)) = facts.dmarc.subject() else { return };
        let (outcome, detail) = match *tag {
            "pct" => percent_words(record, value, outcome(problem.weight)),
            "rf" => (
                Outcome::Info,
                format!(
                    "rf={value} chose the format of failure reports. RFC 7489 came to know one format alone (afrf), so receivers of either RFC send the same without it."
                ),
            ),
            _ => (
                Outcome::Info,
                format!(
                    "ri={value} asked for a report every {value} seconds. Receivers of RFC 7489 had to manage one a day, and hardly any sent more; those of RFC 9989 ignore the wish."
                ),
            ),
        };
        // pct=0 was how people asked for a trial.
        let trial: &[_] = if *tag == "pct" && record.percent == Some(0) { &[("t", Some("y"))] } else { &[] };
        let finding = doc.finding(outcome, detail).at(&node.name, &text.text, problem.span);
        findings.push(
            finding
                .titled(format!("{tag} was removed by RFC 9989"))
                .publishing(Publish::txt(&node.name, steps::rewrite(&text.text, trial))),
        );
    });
}

/// What a `pct` does to receivers of either RFC.
fn percent_words(record: &DmarcRecord, value: &str, outcome: Outcome) -> (Outcome, String) {
    let asks = [record.policy, record.subdomain_policy, record.nonexistent_policy].into_iter().flatten().max();
    match record.percent {
        Some(100) => (Outcome::Info, "pct=100 was the default and changes nothing.".into()),
        None => (
            outcome,
            format!(
                "pct={value} is no number from 0 to 100. Receivers of RFC 9989 ignore the tag, those of RFC 7489 take the default, 100, or stumble over it."
            ),
        ),
        Some(_) if asks.is_none_or(|policy| policy == Policy::None) => (
            Outcome::Info,
            format!("pct={value} changes nothing beside p=none: there is no policy to apply to a part of the mail."),
        ),
        Some(percent) => (
            outcome,
            format!(
                "Receivers of RFC 9989 ignore pct={value} and apply the policy to all mail; receivers of RFC 7489 apply it to \
                 {percent} % and the next weaker one to the rest."
            ),
        ),
    }
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
        true => format!(
            "No record at {} or its organizational domain; the public suffix {} has one.",
            facts.domain, node.domain
        ),
        false => format!("{} has no record of its own; {} is its organizational domain.", facts.domain, node.domain),
    };
    let span = tag_span(&text.text, &["sp", "p"]);
    findings.push(doc.finding(Outcome::Info, format!("{whose} {tag}")).at(&node.name, &text.text, span));
}

fn psd(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((node, text, record)) = facts.dmarc.subject() else { return };
    let finding = match record.psd {
        Psd::Undeclared => return,
        Psd::No => doc
            .finding(Outcome::Info, format!("psd=n says that {} is an organizational domain; the search for one ends here. Receivers of RFC 7489 do not know psd and go by a list of public suffixes.", node.domain))
            .titled("The domain declares itself organizational (psd=n)"),
        // On a single label, or inherited from above, it is a registry's.
        Psd::Yes if node.domain.label_count() < 2 || node.domain != facts.domain => doc
            .finding(Outcome::Info, format!("{} declares itself a public suffix.", node.domain))
            .titled("The policy comes from a public suffix (psd=y)"),
        Psd::Yes => doc
            .finding(Outcome::Warn, format!("psd=y declares {} a public suffix: each name directly below it counts as an organization of its own.", node.domain))
            .titled("The domain declares itself a public suffix (psd=y)")
            .publishing(Publish::txt(&node.name, steps::rewrite(&text.text, &[("psd", None)]))),
    };
    findings.push(finding.at(&node.name, &text.text, tag_span(&text.text, &["psd"])));
}

/// Whether the domain's own record is known not to be the organizational one, so that its `sp` and `np` are dead.
fn is_dead(facts: &Facts) -> bool {
    let Discovery::Own(node) = facts.dmarc.discovery() else { return false };
    facts.dmarc.organization_below().is_some_and(|organization| organization != node.domain)
}

/// Where the first of some tags stands; the whole record where none is there.
pub(super) fn tag_span(text: &str, names: &[&str]) -> crate::text::Span {
    let list = crate::records::tags::split(text);
    names
        .iter()
        .find_map(|name| list.tags.iter().find(|tag| tag.name.text.eq_ignore_ascii_case(name)))
        .map_or(crate::text::Span::whole(text), |tag| tag.span())
}
