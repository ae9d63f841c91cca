//! The Mark Certificate (VMC, CMC) judged on the spot: draft-fetch-validation-vmc-wchuang, RFC 9399, RFC 6962 and the BIMI
//! Group's Mark Certificate requirements (MCR) v1.7.
//!
//! Every step gives reasons; one cause gives one failing reason, and what depends on it is left unjudged.

mod der;
mod extensions;
mod file;
mod issuers;
mod kinds;
mod lint;
mod logotype;
mod names;
mod oids;
mod outline;
mod parsed;
mod path;
mod profile;
mod revocation;
mod rules;
mod transparency;
mod trust;
mod verdict;

pub use issuers::caa_domains;
pub use outline::{MAX_LINES as MAX_OUTLINE, OutlineLine, outline};
pub use rules::{ALL as RULES, Rule};
pub use transparency::Log;
pub use trust::{Trust, TrustError};
pub use verdict::{Attribute, Card, Kind, Likeness, Logo, LogoHash, Reason, Role, Timestamp, Verdict};

pub use crate::outcome::Outcome;

use crate::crypto::sha256;
use crate::name::DomainName;
use crate::time::UnixTime;

use super::Certificate;
use parsed::Parsed;
use path::{End, Path};
use profile::{Said, said};

/// What a Mark Certificate is held against.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// Domain of the sender address.
    pub author: Option<&'q DomainName>,
    /// Its organizational domain, where that is known.
    pub organizational: Option<&'q DomainName>,
    /// The selector of the assertion record.
    pub selector: &'q str,
    /// The file behind `l=`.
    pub logo: Option<&'q [u8]>,
    /// The roots that are trusted, see [`roots`].
    pub roots: &'q [Certificate],
    /// When it is judged.
    pub at: UnixTime,
}

/// The roots for Mark Certificates that are trusted, as of 2026-11 (standards and fingerprints: `roots.pem`).
pub fn roots() -> Vec<Certificate> {
    super::certificates(include_str!("roots.pem")).unwrap_or_default()
}

/// Judges a file. Never fails: what does not read is a reason like others.
pub fn judge(pem: &str, question: &Question<'_>) -> Verdict {
    judge_with_logs(pem, question, &transparency::logs())
}

/// The same with other logs.
pub fn judge_with_logs(pem: &str, question: &Question<'_>, logs: &[Log]) -> Verdict {
    let file = file::read(pem);
    let mut reasons = file.reasons;
    let mut certificates = Vec::new();
    for (at, der) in file.ders.iter().enumerate() {
        match Parsed::read(der) {
            Ok(certificate) => certificates.push(certificate),
            Err(error) => {
                let detail = tr!("Certificate {} of the file: {error}.", at + 1, error);
                reasons.push(Reason::new(&rules::READABLE, Outcome::Fail, detail));
            }
        }
    }
    let is_whole = certificates.len() == file.ders.len() && !certificates.is_empty();
    let is_pem = !reasons.iter().any(|reason| reason.id == rules::PEM.id);
    let found = file::leaf(&certificates);
    let roots: Vec<Parsed<'_>> = question.roots.iter().filter_map(|root| Parsed::read(&root.der).ok()).collect();
    let mut verdict = match found.certificate {
        // Half a file would only give reasons that follow from what is missing.
        Some(leaf) if is_whole && is_pem && found.is_mark => {
            reasons.extend(found.reason);
            reasons.push(Reason::new(
                &rules::PEM,
                Outcome::Pass,
                tr!("It holds {n} certificate." | "It holds {n} certificates." % certificates.len()),
            ));
            whole(leaf, &certificates, &roots, question, logs, reasons)
        }
        Some(leaf) => {
            reasons.extend(found.reason.filter(|_| is_whole && is_pem));
            part(Some(leaf), &certificates, reasons)
        }
        None => {
            reasons.extend(found.reason.filter(|_| is_whole && is_pem));
            part(None, &certificates, reasons)
        }
    };
    verdict::sort(&mut verdict.reasons);
    verdict
}

/// The verdict on a file that holds no Mark Certificate, or is damaged: its facts, and what is wrong.
fn part(leaf: Option<&Parsed<'_>>, certificates: &[Parsed<'_>], reasons: Vec<Reason>) -> Verdict {
    let names = leaf.map(dns_names).unwrap_or_default();
    let cards = certificates.iter().map(|certificate| {
        let is_leaf = leaf.is_some_and(|leaf| leaf.der == certificate.der);
        let role = if is_leaf { Role::Leaf } else { unproven_role(certificate) };
        card(certificate, role, true)
    });
    Verdict {
        valid: false,
        kind: None,
        mark_type: None,
        names: names.0,
        reasons,
        certificates: cards.collect(),
        subject: leaf.map(kinds::subject).unwrap_or_default(),
        logo: None,
        scts: Vec::new(),
        crl: leaf.map(revocation::addresses).unwrap_or_default(),
        issuer: leaf.and_then(issuer_organization),
        expires: leaf.map(|leaf| leaf.not_after),
        svg: None,
    }
}

/// The verdict on a Mark Certificate with whatever stands beside it.
fn whole(
    leaf: &Parsed<'_>,
    certificates: &[Parsed<'_>],
    roots: &[Parsed<'_>],
    question: &Question<'_>,
    logs: &[Log],
    mut reasons: Vec<Reason>,
) -> Verdict {
    let path = Path::find(leaf, certificates, roots);
    chain(&path, certificates, &mut reasons);
    let of_file = reasons.len();
    profile::dates(&path, question.at, &mut reasons);
    profile::authorities(&path, &mut reasons);
    profile::purposes(&path, &mut reasons);
    profile::critical(&path, &mut reasons);
    let (names, others) = dns_names(leaf);
    if !matches!(said(leaf, oids::ALTERNATIVE_NAME, extensions::alternative_names), Said::Unreadable) {
        reasons.push(names::judge(&names, question));
    }
    let scts = transparency::judge(&path, logs, question.at, &mut reasons);
    let crl = revocation::judge(leaf, &mut reasons);
    let found = logotype::judge(leaf, question.logo, &mut reasons);
    let found = found.map(|found| logotype::conformance(found, &mut reasons));
    let (kind, mark_type) = kinds::judge(leaf, &mut reasons);
    lint::judge(&path, &names, &others, &crl, &mut reasons);
    if path.is_leaf_broken() {
        reasons.iter_mut().skip(of_file).for_each(follow);
    }
    let is_proven = path.end == End::Root && found.is_some();
    let (logo, svg) = found.map(|found| (found.logo, found.svg)).unzip();
    Verdict {
        valid: is_proven && !reasons.iter().any(|reason| reason.outcome == Outcome::Fail),
        kind,
        mark_type,
        names,
        reasons,
        certificates: cards(&path, certificates),
        subject: kinds::subject(leaf),
        logo,
        scts,
        crl,
        issuer: issuer_organization(leaf),
        expires: Some(leaf.not_after),
        svg,
    }
}

/// What a broken signature explains is no fault of its own.
fn follow(reason: &mut Reason) {
    if reason.outcome == Outcome::Fail {
        reason.outcome = Outcome::Warn;
        reason.detail +=
            &tr!(" The signature of the certificate does not hold, so this may be part of the alteration.");
    }
}

/// Where the path ends, and how the file is ordered.
fn chain(path: &Path<'_, '_>, certificates: &[Parsed<'_>], reasons: &mut Vec<Reason>) {
    reasons.push(end(path));
    let place = |certificate: &Parsed<'_>| certificates.iter().position(|other| other.der == certificate.der);
    let places: Vec<usize> = path.certificates.iter().filter_map(|certificate| place(certificate)).collect();
    let order = if places.is_sorted() {
        Reason::new(&rules::ORDER, Outcome::Pass, "The Mark Certificate is first, its issuers follow.")
    } else {
        let numbers: Vec<String> = places.iter().map(|place| (place + 1).to_string()).collect();
        let detail =
            tr!("From the Mark Certificate to the root they are certificate {} of the file.", numbers.join(", "));
        Reason::new(&rules::ORDER, Outcome::Fail, detail)
    };
    reasons.push(order);
    let unrelated = certificates.iter().filter(|certificate| {
        !file::is_mark(certificate) && !path.certificates.iter().any(|on_path| on_path.der == certificate.der)
    });
    let unrelated: Vec<String> = unrelated.map(|certificate| format!("“{}”", certificate.called())).collect();
    if path.end == End::Root && !unrelated.is_empty() {
        reasons.push(Reason::new(&rules::UNRELATED, Outcome::Warn, tr!("{} is not needed.", unrelated.join(", "))));
    }
}

/// What the end of the path says.
fn end(path: &Path<'_, '_>) -> Reason {
    const COMMAND: &str = "Run `openssl verify -show_chain -ignore_critical -CAfile roots.pem -untrusted certificate.pem certificate.pem` with the authority's root in roots.pem.";
    let called: Vec<String> =
        path.certificates.iter().map(|certificate| format!("“{}”", certificate.called())).collect();
    let Some(last) = path.certificates.last() else { return Reason::new(&rules::CHAIN, Outcome::Fail, "It is empty.") };
    let (name, issuer) = (last.called(), parsed::called(last.issuer));
    let fail = |rule, detail| Reason::new(rule, Outcome::Fail, detail);
    let algorithm = oids::words(last.algorithm);
    match path.end {
        End::Root => Reason::new(&rules::CHAIN, Outcome::Pass, format!("{}.", called.join(" ← "))),
        End::NoIssuer if path.certificates.len() == 1 => {
            let detail = tr!("“{name}” was issued by “{issuer}”, whose certificate is not in the file.", name, issuer);
            fail(&rules::INCOMPLETE, detail)
        }
        End::NoIssuer => {
            let detail = tr!(
                "“{name}” was issued by “{issuer}”, which is neither in the file nor a trusted root.",
                name,
                issuer
            );
            fail(&rules::UNKNOWN_ISSUER, detail)
        }
        End::OwnSignature => fail(&rules::UNTRUSTED_ROOT, tr!("“{name}” signed itself, and is no trusted root.", name)),
        End::BadSignature => {
            let detail = tr!(
                "The signature of “{name}” is not by the key of “{issuer}”: the names fit, the key does not.",
                name,
                issuer
            );
            fail(&rules::SIGNATURE, detail)
        }
        End::Weak => fail(&rules::WEAK, tr!("That of “{name}” is {algorithm}, by {}.", signer(path), name, algorithm)),
        End::Unsupported => {
            let detail = tr!("That of “{name}” is {algorithm}, by {}.", signer(path), name, algorithm);
            Reason::new(&rules::UNSUPPORTED, Outcome::Unknown, detail).fixed_by(COMMAND)
        }
        End::TooMuch => {
            let detail = tr!("After {} there are more ways than are followed.", called.join(" ← "));
            Reason::new(&rules::TOO_MUCH, Outcome::Unknown, detail).fixed_by(COMMAND)
        }
    }
}

/// The key that should have signed the last one.
fn signer(path: &Path<'_, '_>) -> String {
    path.named.map_or_else(|| "an unknown key".into(), |named| tr!("a key of the kind {}", named.key_words()))
}

/// The DNS names in lower case, and the kinds of the others.
fn dns_names(leaf: &Parsed<'_>) -> (Vec<String>, Vec<&'static str>) {
    match said(leaf, oids::ALTERNATIVE_NAME, extensions::alternative_names) {
        Said::Says(names) => names::sorted(names),
        _ => (Vec::new(), Vec::new()),
    }
}

/// Organization of the issuer.
fn issuer_organization(leaf: &Parsed<'_>) -> Option<String> {
    parsed::attribute(leaf.issuer, oids::ORGANIZATION)
}

/// The cards of the path, then of what else stands in the file.
fn cards(path: &Path<'_, '_>, certificates: &[Parsed<'_>]) -> Vec<Card> {
    let is_in_file = |der: &[u8]| certificates.iter().any(|certificate| certificate.der == der);
    let last = path.certificates.len().saturating_sub(1);
    let mut cards: Vec<Card> = Vec::new();
    for (at, certificate) in path.certificates.iter().enumerate() {
        let role = match at {
            0 => Role::Leaf,
            at if at == last && path.end == End::Root => Role::Root,
            _ => unproven_role(certificate),
        };
        cards.push(card(certificate, role, is_in_file(certificate.der)));
    }
    let others = certificates.iter().filter(|other| !path.certificates.iter().any(|on_path| on_path.der == other.der));
    for other in others {
        let role = if path.end == End::Root { Role::Unrelated } else { unproven_role(other) };
        cards.push(card(other, role, true));
    }
    cards
}

/// What a certificate seems to be, by its names alone.
fn unproven_role(certificate: &Parsed<'_>) -> Role {
    match file::is_ca(certificate) {
        true if certificate.subject == certificate.issuer => Role::Root,
        true => Role::Issuer,
        false => Role::Unrelated,
    }
}

/// The facts of one certificate.
fn card(certificate: &Parsed<'_>, role: Role, in_file: bool) -> Card {
    Card {
        role,
        subject: certificate.subject_words(),
        issuer: certificate.issuer_words(),
        serial: certificate.serial_words(),
        not_before: certificate.not_before,
        not_after: certificate.not_after,
        key: certificate.key_words(),
        signature: oids::words(certificate.algorithm),
        sha256: der::hex(&sha256(certificate.der)),
        in_file,
    }
}
