//! Supplied certificates beside the TLSA records: which fits which, and what to publish for them.

use serde_json::json;

use crate::checks::{Context, Doc, Facts, Finding, Outcome, Publish, Step};
use crate::evidence::FileKind;
use crate::pki::{self, Certificate};
use crate::records::Technology;
use crate::records::tlsa::Tlsa;

use super::HostRecords;

/// Most files with certificates that are looked at; a domain has a few mail hosts.
const MAX_FILES: usize = 32;

/// One supplied file.
#[derive(Clone, Debug)]
pub struct Supplied {
    /// Its name.
    pub file: String,
    /// The certificates in it that are for servers, or why none can be read.
    pub read: Result<Vec<Certificate>, String>,
}

/// Reads the supplied certificates; those of BIMI logos are left to BIMI.
pub(super) fn gather(context: &Context<'_>) -> Vec<Supplied> {
    let files = context.evidence().files().iter().filter(|file| file.kind == FileKind::Pem).take(MAX_FILES);
    let supplied = files.map(|file| {
        let text = String::from_utf8_lossy(&file.body);
        let read = pki::certificates(&text).map_err(|error| error.to_string());
        Supplied { file: file.name.clone(), read }
    });
    let of_servers = supplied.filter_map(|mut supplied| {
        let all = supplied.read.as_mut().ok();
        let is_mark = all.is_some_and(|all| all.iter().any(|certificate| certificate.is_mark));
        (!is_mark).then_some(supplied)
    });
    of_servers.collect()
}

/// Whether a sender that uses the record accepts the certificate by it: usage 3 for the server's own, usage 2 for one that
/// issues (RFC 7672 §3.1).
pub fn fits(tlsa: &Tlsa, certificate: &Certificate) -> bool {
    let has_role = match tlsa.usage {
        3 => certificate.is_own(),
        _ => certificate.is_ca,
    };
    tlsa.is_usable()
        && has_role
        && certificate.association(tlsa.selector, tlsa.matching).is_some_and(|data| data == tlsa.data)
}

/// The record to publish for a certificate: `3 1 1` for a server's own, `2 1 1` for one that issues.
pub fn recommended(certificate: &Certificate) -> Option<Tlsa> {
    let usage = if certificate.is_own() { 3 } else { 2 };
    certificate.association(1, 1).map(|data| Tlsa { usage, selector: 1, matching: 1, data })
}

fn certificates(facts: &Facts) -> impl Iterator<Item = (&str, &Certificate)> {
    let read = facts.dane.certificates.iter().filter_map(|one| Some((one.file.as_str(), one.read.as_ref().ok()?)));
    read.flat_map(|(file, all)| all.iter().map(move |certificate| (file, certificate)))
}

/// The certificates that fit a record of the host.
pub(super) fn fitting<'f>(
    facts: &'f Facts,
    host: &'f HostRecords,
) -> impl Iterator<Item = (&'f Tlsa, &'f Certificate)> {
    certificates(facts).flat_map(|(_, certificate)| {
        host.known().iter().filter(move |tlsa| fits(tlsa, certificate)).map(move |tlsa| (tlsa, certificate))
    })
}

/// Whether a supplied certificate fits a record of the host.
pub(super) fn is_matched(facts: &Facts, host: &HostRecords) -> bool {
    fitting(facts, host).next().is_some()
}

/// Whether supplied certificates fit the records of every mail host.
pub(super) fn all_match(facts: &Facts) -> bool {
    let hosts = facts.dane.hosts();
    !hosts.is_empty() && hosts.iter().all(|host| is_matched(facts, host))
}

/// Whether a certificate can be meant for a host: by its names, or because there is no other host.
fn is_meant(facts: &Facts, certificate: &Certificate, host: &HostRecords) -> bool {
    certificate.is_for(host.host.as_str()) || certificate.names.is_empty() && facts.dane.hosts().len() == 1
}

fn in_words(certificate: &Certificate) -> String {
    let names = if certificate.names.is_empty() { "no names".into() } else { certificate.names.join(", ") };
    tr!(
        "{} ({}; {}; valid from {} to {})",
        certificate.subject,
        certificate.key,
        names,
        certificate.not_before,
        certificate.not_after
    )
}

pub(super) static FITS: Doc = Doc {
    id: "dane.certificate",
    technology: Technology::Dane,
    title: "A supplied certificate fits the TLSA records",
    what: "Which published TLSA records fit the certificates that were supplied.",
    why: "A sender that verifies DANE delivers only where one of the records fits what the server shows.",
    fix: "",
    references: &["RFC 7672 §3.1", "RFC 6698 §2.1"],
};

pub(super) fn fits_found(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for host in facts.dane.hosts() {
        for (tlsa, certificate) in fitting(facts, host) {
            let detail = tr!("{}: `{}` fits {}.", host.host, tlsa.text(), in_words(certificate));
            findings.push(doc.finding(Outcome::Pass, detail));
        }
    }
}

pub(super) static MISMATCH: Doc = Doc {
    id: "dane.certificate-mismatch",
    technology: Technology::Dane,
    title: "A supplied certificate fits none of the host's TLSA records",
    what: "Whether each mail host that a supplied certificate is for has a TLSA record that fits it.",
    why: "If the server shows this certificate, senders that verify DANE hold the mail back until a record fits.",
    fix: "Publish the record beside the present ones and wait twice their TTL; only then let the server show the certificate.",
    references: &["RFC 7671 §8.1", "RFC 7672 §3.1"],
};

pub(super) fn mismatch(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for (host, certificate) in unmatched(facts) {
        let detail = tr!("{}: none of its records fits {}.", host.host, in_words(certificate));
        let record = recommended(certificate).map(|tlsa| Publish::record(&host.owner, "TLSA", tlsa.text()));
        let finding = doc.finding(Outcome::Warn, detail);
        findings.push(match record {
            Some(record) => finding.publishing(record),
            None => finding,
        });
    }
}

/// The certificates of servers that are meant for a host with usable records, of which none fits.
fn unmatched(facts: &Facts) -> impl Iterator<Item = (&HostRecords, &Certificate)> {
    let with = facts.dane.hosts().iter().filter(|host| host.is_usable());
    with.flat_map(move |host| {
        // One that issues the server's certificate vouches for it.
        let by_issuer = fitting(facts, host).any(|(tlsa, _)| tlsa.usage == 2);
        let own = certificates(facts).map(|(_, certificate)| certificate);
        own.filter(move |certificate| {
            let fits_one = host.known().iter().any(|tlsa| fits(tlsa, certificate));
            certificate.is_own() && !by_issuer && !fits_one && is_meant(facts, certificate, host)
        })
        .map(move |certificate| (host, certificate))
    })
}

pub(super) static UNREADABLE: Doc = Doc {
    id: "dane.certificate-unreadable",
    technology: Technology::Dane,
    title: "Supplied certificates could not be read",
    what: "Whether supplied PEM files hold certificates.",
    why: "What cannot be read cannot be compared with the TLSA records.",
    fix: "Supply the PEM file of the server, or the whole output of `openssl s_client -showcerts`.",
    references: &["RFC 7468 §5"],
};

pub(super) fn unreadable(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for supplied in &facts.dane.certificates {
        if let Err(why) = &supplied.read {
            findings.push(doc.finding(Outcome::Unknown, tr!("{}: {why}.", supplied.file, why)));
        }
    }
}

/// The steps to a new certificate, in order (RFC 7671 §8.1).
pub(super) fn steps(facts: &Facts) -> Vec<Step> {
    let step = |(host, certificate): (&HostRecords, &Certificate)| {
        let tlsa = recommended(certificate)?;
        Some(Step {
            technology: Technology::Dane,
            step: tr!("Bring the new certificate to {} in this order: first publish its record beside the present ones; wait twice \
                 their TTL; let the server show the certificate; then take away the records that fit it no more.", host.host),
            why: "A sender may keep the old records for as long as their TTL: until then it refuses a certificate that only \
                  the new record fits."
                .into(),
            publish: vec![Publish::record(&host.owner, "TLSA", tlsa.text())],
        })
    };
    unmatched(facts).filter_map(step).collect()
}

/// The supplied certificates as they stand in the report.
pub(super) fn detail(facts: &Facts) -> Vec<serde_json::Value> {
    let one = |(file, certificate): (&str, &Certificate)| {
        let fits_hosts =
            facts.dane.hosts().iter().filter(|host| host.known().iter().any(|tlsa| fits(tlsa, certificate)));
        json!({
            "subject": certificate.subject,
            "file": file,
            "issuer": certificate.issuer,
            "names": certificate.names,
            "not_before": certificate.not_before,
            "not_after": certificate.not_after,
            "key": certificate.key,
            "authority": certificate.is_ca,
            "record": recommended(certificate).map(|tlsa| tlsa.text()),
            "fits": fits_hosts.map(|host| &host.host).collect::<Vec<_>>(),
        })
    };
    certificates(facts).map(one).collect()
}
