//! What the policy in effect asks for in sub-domains: sp and np, and where they have no effect.

use crate::checks::{Check, Doc, Facts, Finding, Outcome, Publish};
use crate::records::Technology;
use crate::records::dmarc::Policy;

use super::policy_checks::tag_span;
use super::record_checks::asks_for_policies;
use super::{Discovery, check, steps};

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
            tr!(
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
            tr!(
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
                tr!("np={} is weaker than the rest of the record: names that do not even exist are the least protected.", policy.word()),
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
            tr!("The organizational domain is {organization}; mail from names below {} follows its record, not this one.", node.domain, organization),
        )
        .at(&node.name, &text.text, tag_span(&text.text, &["sp", "np"]))
        .fixed_by(tr!("Set the policy for sub-domains in the record at {}.", steps::at(&organization))),
    );
}

/// Whether the domain's own record is known not to be the organizational one, so that its `sp` and `np` are dead.
fn is_dead(facts: &Facts) -> bool {
    let Discovery::Own(node) = facts.dmarc.discovery() else { return false };
    facts.dmarc.organization_below().is_some_and(|organization| organization != node.domain)
}
