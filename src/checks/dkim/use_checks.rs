//! What the tags of a key let it be used for: hashes (h), services (s), flags (t), revocation (an empty p).

use crate::checks::{Check, Doc, Facts, Finding, Outcome};
use crate::records::Technology;
use crate::records::dkim::KeyProblem;

use super::key_checks::each_problem;

pub(super) const SHA1_ONLY: Check = Check {
    doc: &Doc {
        id: "dkim.sha1-only",
        technology: Technology::Dkim,
        title: "The DKIM key allows only SHA-1",
        what: "Whether h leaves a hash that receivers may accept.",
        why: "Signatures with SHA-1 must not be accepted any more, so a key that allows nothing else is of no use.",
        fix: "Remove h=, or write h=sha256.",
        references: &["RFC 8301 §3.1", "RFC 6376 §3.6.1"],
    },
    run: sha1_only,
};

pub(super) const REVOKED: Check = Check {
    doc: &Doc {
        id: "dkim.revoked",
        technology: Technology::Dkim,
        title: "A revoked DKIM key",
        what: "Whether p is empty, which revokes the key.",
        why: "Signatures with a revoked key fail. That is right for a key that is out of use.",
        fix: "Make sure that your servers sign with another selector whose key is published.",
        references: &["RFC 6376 §3.6.1"],
    },
    run: revoked,
};

pub(super) const TESTING: Check = Check {
    doc: &Doc {
        id: "dkim.testing",
        technology: Technology::Dkim,
        title: "A DKIM key is marked as a test (t=y)",
        what: "Whether t holds the flag y.",
        why: "With t=y the domain says that it only tests DKIM: receivers must treat a message whose signature fails as if it were \
              not signed. Left in place after the test it says that the domain does not stand by its signatures.",
        fix: "Remove y from t when the test is over.",
        references: &["RFC 6376 §3.6.1"],
    },
    run: testing,
};

pub(super) const NOT_FOR_MAIL: Check = Check {
    doc: &Doc {
        id: "dkim.not-for-mail",
        technology: Technology::Dkim,
        title: "A DKIM key that is not for mail",
        what: "Whether s allows the key to be used for mail.",
        why: "A key with s=tlsrpt, say, signs TLS reports; signatures on mail must not be checked with it.",
        fix: "",
        references: &["RFC 6376 §3.6.1", "RFC 8460 §3"],
    },
    run: not_for_mail,
};

fn sha1_only(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, findings, |selector, _, problem| {
        let finding = match problem.kind {
            KeyProblem::Sha1Only => {
                doc.finding(Outcome::Fail, tr!("The key at {} says h=sha1, and SHA-1 is forbidden.", selector.name))
            }
            KeyProblem::Sha1Allowed => doc
                .finding(
                    Outcome::Info,
                    tr!("The key at {} still allows SHA-1 beside SHA-256; receivers refuse it anyway.", selector.name),
                )
                .titled("The DKIM key still allows SHA-1"),
            _ => return None,
        };
        Some(finding)
    });
}

fn revoked(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    // Harmless beside a good key; with none found, mail may still be signed with it.
    let alone = facts.profile.sends() && facts.dkim.usable().next().is_none() && !facts.dkim.is_pending();
    let outcome = if alone { Outcome::Warn } else { Outcome::Info };
    each_problem(facts, findings, |selector, _, problem| {
        if problem.kind != KeyProblem::Revoked {
            return None;
        }
        let detail = tr!("{} ({}) holds a key that was withdrawn: p is empty.", selector.name, selector.origin.words());
        Some(doc.finding(outcome, detail))
    });
}

fn testing(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, findings, |selector, key, problem| {
        if problem.kind != KeyProblem::Testing || key.parsed.record.is_revoked() {
            return None;
        }
        let detail = tr!("The key at {} has the flag y.", selector.name);
        Some(doc.finding(Outcome::Warn, detail))
    });
}

fn not_for_mail(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, findings, |selector, key, problem| {
        if problem.kind != KeyProblem::NotForMail {
            return None;
        }
        let services = key.parsed.record.services.as_deref().unwrap_or_default().join(", ");
        let detail = tr!("The key at {} is for {services} only.", selector.name, services);
        Some(doc.finding(Outcome::Info, detail))
    });
}
