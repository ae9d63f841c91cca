//! What it means that no key was found: never that there is none, unless DNS itself says so.

use crate::checks::{Check, Doc, Facts, Finding, Gap, Outcome};
use crate::records::Technology;

use super::{Base, Origin, State, gather};

/// Names shown in a list of look-ups that failed.
const SHOWN: usize = 5;

pub(super) const ABSENT: Check = Check {
    doc: &Doc {
        id: "dkim.absent",
        technology: Technology::Dkim,
        title: "No DKIM key exists",
        what: "Whether DNS says that nothing at all exists below _domainkey.",
        why: "Without DKIM, mail that is forwarded cannot prove where it comes from, and DMARC stands on SPF alone, which \
              forwarding breaks. Large receivers ask for DKIM.",
        fix: "Turn on DKIM signing at your mail provider and publish the key that it shows you.",
        references: &["RFC 8020 §2", "RFC 6376 §3.6.2.1", "RFC 9824 §3"],
    },
    run: absent,
};

pub(super) const NONE_FOUND: Check = Check {
    doc: &Doc {
        id: "dkim.none-found",
        technology: Technology::Dkim,
        title: "No DKIM key at the names that were tried",
        what: "Whether one of the common selectors, or of those you gave, holds a key that receivers can use.",
        why: "DNS cannot list selectors; only guesses can be asked. That they miss does not mean that there is no DKIM.",
        fix: "Tell mxray the selector: it stands behind s= in the DKIM-Signature header of any message sent from the domain.",
        references: &["RFC 6376 §3.1", "RFC 6376 §3.6.2.1"],
    },
    run: none_found,
};

pub(super) const UNREADABLE: Check = Check {
    doc: &Doc {
        id: "dkim.unreadable",
        technology: Technology::Dkim,
        title: "Some DKIM look-ups failed",
        what: "Whether every look-up of a selector was answered.",
        why: "A look-up that fails says nothing: there may be a key.",
        fix: "Try again, or use another resolver.",
        references: &["RFC 6376 §6.1.2"],
    },
    run: unreadable,
};

fn absent(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    if !facts.profile.sends() || !facts.dkim.is_absent() {
        return;
    }
    let base = gather::base_name(&facts.domain);
    let asked = facts.dkim.selectors.iter().filter(|selector| matches!(selector.state, State::Absent)).count();
    let detail = match facts.dkim.base {
        Base::NxDomain { proven: true } => tr!(
            "{base} does not exist (NXDOMAIN, proven by DNSSEC as the resolver says), so no selector can exist below it, and the \
             common ones need not be asked.",
            base
        ),
        _ => tr!(
            "{base} does not exist (NXDOMAIN), so no selector can exist below it, and the {asked} common ones that answered have \
             no key. That is as sure as DNS can be, save for a few faulty name servers that give this answer above names that do \
             exist: if you do sign, give mxray your selector.",
            base,
            asked
        ),
    };
    findings.push(doc.finding(Outcome::Fail, detail));
}

fn none_found(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let dkim = &facts.dkim;
    if !facts.profile.sends() || dkim.is_absent() || dkim.usable().next().is_some() {
        return;
    }
    let total = dkim.selectors.len();
    let answered = dkim.answered();
    if answered == 0 && !dkim.is_pending() {
        // That the look-ups failed is said already; nothing was tried.
        return;
    }
    let found = dkim.keys().count();
    let mut detail = if dkim.is_pending() {
        tr!("{answered} of {total} selectors have been answered so far; no usable key among them.", answered, total)
    } else if found > 0 {
        tr!(
            "None of the {found} keys found at the {answered} names that answered can be used; there may be another.",
            found,
            answered
        )
    } else {
        tr!("No key at the {answered} names that were tried and answered.", answered)
    };
    match &dkim.base {
        Base::Exists => {
            detail += &tr!(
                " {} exists while a made-up selector does not, so something is published below it: you probably do have a key.",
                gather::base_name(&facts.domain)
            );
        }
        Base::NxDomain { .. } | Base::Inconclusive | Base::Texts(_) | Base::Unknown(_) => {}
    }
    if !dkim.unguessable.is_empty() {
        detail += &tr!(
            " The domain uses {}, whose selectors are made of random letters or numbers and cannot be guessed.",
            dkim.unguessable.join(&tr!(" and "))
        );
    }
    findings.push(doc.finding(Outcome::Unknown, detail));
}

fn unreadable(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    if !facts.profile.sends() {
        return;
    }
    let failed: Vec<(&str, &Gap, &Origin)> = facts
        .dkim
        .selectors
        .iter()
        .filter_map(|selector| match &selector.state {
            State::Unknown(gap @ Gap::Failed { .. }) => Some((selector.name.as_str(), gap, &selector.origin)),
            _ => None,
        })
        .collect();
    let Some((first, gap, _)) = failed.first() else { return };
    let names: Vec<&str> = failed.iter().map(|(name, _, _)| *name).take(SHOWN).collect();
    let more = if failed.len() > SHOWN { ", and others" } else { "" };
    findings.push(
        doc.finding(
            Outcome::Unknown,
            tr!(
                "{} of {} look-ups failed: {}{more}. The first: {}.",
                failed.len(),
                facts.dkim.selectors.len(),
                names.join(", "),
                gap.why(),
                more
            ),
        )
        .fixed_by(tr!("Try again, or use another resolver. By hand: `dig TXT {first}`", first)),
    );
}
