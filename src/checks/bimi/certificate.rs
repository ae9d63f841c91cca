//! The Mark Certificate at `a=`: whether it can be fetched, and whether it holds for the domain and the logo.

use crate::checks::fetched::Fetched;
use crate::checks::{Context, Doc, Facts, Finding, Outcome, Unknown, dmarc};
use crate::pki::mark::{self, Question, Reason, Trust};
use crate::records::Technology;
use crate::records::bimi::Location;
use crate::wanted::Purpose;

use super::logo::Logo;
use super::{files, wording};

/// What is known of the certificate.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The file.
    pub fetched: Fetched,
    /// How it is judged, where its bytes are known.
    pub verdict: Option<mark::Verdict>,
}

impl Certificate {
    pub(super) fn gather(
        context: &Context<'_>,
        location: Option<&Location>,
        dmarc: &dmarc::Facts,
        logo: &Logo,
    ) -> Self {
        let fetched = files::gather(context, location, Purpose::MarkCertificate);
        let organizational = dmarc.organizational_domain();
        let verdict = fetched.file().map(|file| {
            let own = context.options.mark_roots.as_ref().and_then(|text| Trust::read(text).ok());
            let trust = own.unwrap_or_default();
            let question = Question {
                author: Some(context.domain),
                organizational: organizational.as_ref(),
                selector: &context.options.bimi_selector,
                logo: logo.fetched.file().map(|file| file.body.as_slice()),
                roots: &trust.roots,
                at: context.now,
            };
            mark::judge_with_logs(&String::from_utf8_lossy(&file.body), &question, &trust.logs)
        });
        Self { fetched, verdict }
    }

    /// Whether it holds; `None` where that is not known.
    pub fn is_valid(&self) -> Option<bool> {
        match (&self.fetched, &self.verdict) {
            (_, Some(verdict)) if verdict.valid() => Some(true),
            (_, Some(verdict)) if verdict.reasons.iter().any(|reason| reason.outcome == Outcome::Fail) => Some(false),
            (Fetched::Status(_) | Fetched::Redirect { .. } | Fetched::Tls(_) | Fetched::TooLarge(_), _) => Some(false),
            _ => None,
        }
    }

    /// The verdict as it stands in the report; nothing where the file was not read.
    pub(super) fn detail(&self) -> serde_json::Value {
        self.verdict.as_ref().map(mark::Verdict::to_json).unwrap_or_default()
    }

    /// What nobody can see from here: whether it was revoked.
    pub(super) fn unknowns(&self) -> Vec<Unknown> {
        self.reasons(Outcome::Unknown)
            .map(|reason| Unknown {
                technology: Technology::Bimi,
                what: reason.title.clone(),
                why: reason.detail.clone(),
                how: reason.fix.clone().unwrap_or_default(),
            })
            .collect()
    }

    fn reasons(&self, outcome: Outcome) -> impl Iterator<Item = &Reason> {
        let all = self.verdict.iter().flat_map(|verdict| &verdict.reasons);
        all.filter(move |reason| reason.outcome == outcome)
    }
}

pub(super) static GOOD: Doc = Doc {
    id: "bimi.certificate",
    technology: Technology::Bimi,
    title: "The mark certificate holds",
    what: "Whether the certificate at `a=` leads to a root for marks, is in date, and is for this domain and this logo.",
    why: "Gmail and Apple Mail show a logo only with a certificate that holds.",
    fix: "",
    references: &["VMC §5.1", "MCR §7.1"],
};

pub(super) fn good(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let certificate = &facts.bimi.certificate;
    let Some((file, verdict)) = certificate.fetched.file().zip(certificate.verdict.as_ref()) else { return };
    if verdict.valid() {
        findings.push(doc.finding(Outcome::Pass, tr!("{}: {}.", file.from, in_words(verdict))));
    }
}

/// The certificate in half a sentence.
fn in_words(verdict: &mark::Verdict) -> String {
    let kind = match verdict.kind {
        Some(mark::Kind::Vmc) => "a Verified Mark Certificate",
        Some(mark::Kind::Cmc) => "a Common Mark Certificate",
        None => "a certificate",
    };
    let mut words = tr!("{kind} for {}", verdict.names.join(", "), kind);
    if let Some(mark_type) = &verdict.mark_type {
        words.push_str(&tr!(" ({mark_type})", mark_type));
    }
    if let Some(issuer) = &verdict.issuer {
        words.push_str(&tr!(", issued by {issuer}", issuer));
    }
    if let Some(expires) = verdict.expires {
        words.push_str(&tr!(", until {}", expires.date()));
    }
    words
}

pub(super) static INVALID: Doc = Doc {
    id: "bimi.certificate-invalid",
    technology: Technology::Bimi,
    title: "The mark certificate does not hold",
    what: "Chain and signatures up to a root for marks, dates, purpose, names, the log's signature, and the logo in it.",
    why: "Receivers that ask for a certificate show no logo with one that does not hold.",
    fix: "Ask the authority that issued it for a new certificate.",
    references: &["VMC §5.1"],
};

pub(super) fn invalid(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each(facts, doc, Outcome::Fail, findings);
}

pub(super) static DOUBT: Doc = Doc {
    id: "bimi.certificate-doubt",
    technology: Technology::Bimi,
    title: "The mark certificate holds, with a doubt",
    what: "What the rules for mark certificates advise, and how long it still holds.",
    why: "Some receivers are stricter than others, and a certificate that ends takes the logo with it.",
    fix: "Have it mended with the next certificate.",
    references: &["MCR §7.1"],
};

pub(super) fn doubt(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each(facts, doc, Outcome::Warn, findings);
}

/// A finding for each reason with the outcome.
fn each(facts: &Facts, doc: &'static Doc, outcome: Outcome, findings: &mut Vec<Finding>) {
    for reason in facts.bimi.certificate.reasons(outcome) {
        let mut finding = doc.finding(outcome, reason.detail.clone()).titled(reason.title.clone());
        if let Some(fix) = &reason.fix {
            finding = finding.fixed_by(fix.clone());
        }
        finding.references = vec![reason.reference.clone()];
        findings.push(finding);
    }
}

pub(super) static FETCH: Doc = Doc {
    id: "bimi.certificate-fetch",
    technology: Technology::Bimi,
    title: "The mark certificate cannot be fetched",
    what: "Whether the address in `a=` gives a file.",
    why: "Receivers that cannot fetch the certificate treat the logo as one without.",
    fix: "Put the PEM file where `a=` says, on a server with a valid certificate.",
    references: &["VMC §3", "BIMI §4.3"],
};

pub(super) fn fetch(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((name, text, parsed)) = facts.bimi.published_record() else { return };
    let Some((uri, span)) = parsed.record.evidence.uri().zip(parsed.record.evidence.span()) else { return };
    if let Some(says) = wording::refused(&facts.bimi.certificate.fetched) {
        findings.push(doc.finding(Outcome::Fail, tr!("{}: {says}.", uri.text, says)).at(name, text, span));
    }
}

pub(super) static UNREAD: Doc = Doc {
    id: "bimi.certificate-unread",
    technology: Technology::Bimi,
    title: "The mark certificate was not looked at",
    what: "Whether the certificate at `a=` is valid, and fits domain and logo.",
    why: "With an expired certificate, or one for another domain or logo, the logo is not shown.",
    fix: "Open the address, save the file, and drop it on the page.",
    references: &["BIMI §4.3"],
};

pub(super) fn unread(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((name, text, parsed)) = facts.bimi.published_record() else { return };
    let Some((uri, span)) = parsed.record.evidence.uri().zip(parsed.record.evidence.span()) else { return };
    if let Some(why) = wording::unseen(&facts.bimi.certificate.fetched) {
        findings.push(
            doc.finding(Outcome::Unknown, tr!("{}: {why}.", uri.text, why))
                .fixed_by(tr!("Open {} and drop the file on this page, or: `curl -sS {} -o mark.pem`, then `mxray vmc mark.pem --domain {}`.", uri.text,
                    wording::quoted(&uri.text),
                    facts.domain))
                .at(name, text, span),
        );
    }
}
