//! Certificate Transparency: was the Mark Certificate logged, and is the signature that says so the log's? RFC 6962 §3.

use domain::utils::base64;

use crate::crypto::{SignatureHash, SubjectKey, sha256, verify_by_subject};
use crate::time::UnixTime;

use super::Outcome;
use super::der::{self, Elements, tag};
use super::oids;
use super::parsed::{self, Parsed};
use super::path::Path;
use super::rules;
use super::verdict::{Reason, Timestamp};

/// Most timestamps of one certificate; Mark Certificates have one.
const MAX_TIMESTAMPS: usize = 8;
/// Octets of a log's id, RFC 6962 §3.2.
const ID: usize = 32;

/// A log whose timestamps are relied on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// What it is called.
    pub name: String,
    /// Its key: SubjectPublicKeyInfo, DER. Its SHA-256 is the log's id.
    pub spki: Vec<u8>,
}

/// SubjectPublicKeyInfo of Gorgon, the one log that the AuthIndicators Working Group approves (MCR, “CT logs approved”; as of
/// 2026-11, <https://gorgon.ct.digicert.com/log/>).
const GORGON: [u8; 91] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04, 0x6c, 0x48, 0x96, 0x96, 0xe2, 0x43, 0x22, 0xa5, 0xa2, 0xf0, 0x96,
    0xde, 0x09, 0x27, 0xd1, 0xdd, 0x5d, 0xa4, 0xfd, 0xae, 0x6c, 0xf5, 0x7b, 0x59, 0xbf, 0xe1, 0xd4, 0xe6, 0xef, 0xe0,
    0x53, 0xd3, 0x52, 0x62, 0x75, 0x86, 0xc0, 0x4a, 0x04, 0x5b, 0xa2, 0x0a, 0xee, 0x7e, 0x8b, 0x7a, 0x17, 0xeb, 0x24,
    0xbd, 0xf3, 0x9c, 0x25, 0x00, 0x0b, 0x46, 0xb2, 0x11, 0xa7, 0xa2, 0x15, 0x0b, 0xa2, 0x6c,
];

/// The logs that are relied on.
pub fn logs() -> Vec<Log> {
    vec![Log { name: "Gorgon".into(), spki: GORGON.to_vec() }]
}

/// A SignedCertificateTimestamp, RFC 6962 §3.2.
struct Signed<'d> {
    log: &'d [u8],
    /// Milliseconds since 1970, eight octets.
    timestamp: &'d [u8],
    extensions: &'d [u8],
    /// Hash and signature algorithm, RFC 5246 §7.4.1.4.1.
    algorithm: &'d [u8],
    signature: &'d [u8],
}

impl Signed<'_> {
    fn time(&self) -> UnixTime {
        let milliseconds = <[u8; 8]>::try_from(self.timestamp).map_or(0, u64::from_be_bytes);
        UnixTime(i64::try_from(milliseconds / 1000).unwrap_or(i64::MAX))
    }
}

/// Judges the timestamps of a Mark Certificate.
pub fn judge(path: &Path<'_, '_>, logs: &[Log], at: UnixTime, reasons: &mut Vec<Reason>) -> Vec<Timestamp> {
    let Some(leaf) = path.certificates.first() else { return Vec::new() };
    let Some(extension) = leaf.extension(oids::SCT_LIST) else {
        let detail = "The extension signedCertificateTimestampList is missing.";
        reasons.push(Reason::new(&rules::SCT_MISSING, Outcome::Fail, detail));
        return Vec::new();
    };
    let list = der::only(extension.value, tag::OCTET_STRING).and_then(|list| read(list.content));
    let Some(list) = list.filter(|list| !list.is_empty()) else {
        let detail = "The extension signedCertificateTimestampList holds no timestamp that reads.";
        reasons.push(Reason::new(&rules::SCT_MISSING, Outcome::Fail, detail).citing("RFC 6962 §3.3"));
        return Vec::new();
    };
    // What was altered after it was signed is not what was logged either: one cause is told once.
    let issuer = path.issuer().filter(|_| !path.is_leaf_broken());
    let signed = issuer.and_then(|issuer| Some((sha256(issuer.spki.whole), without_timestamps(leaf)?)));
    let read: Vec<Timestamp> = list
        .iter()
        .map(|timestamp| {
            let log = logs.iter().find(|log| sha256(&log.spki) == timestamp.log);
            let valid = log.zip(signed.as_ref()).map(|(log, (issuer, tbs))| is_by(timestamp, log, issuer, tbs));
            let name = log.map_or_else(|| base64::encode_string(timestamp.log), |log| log.name.clone());
            Timestamp { log: name, time: timestamp.time(), valid }
        })
        .collect();
    let is_known = list.iter().any(|timestamp| logs.iter().any(|log| sha256(&log.spki) == timestamp.log));
    reasons.push(summary(&read, is_known, path.is_leaf_broken()));
    let is_early = at < leaf.not_before;
    if let Some(late) = read.iter().find(|timestamp| timestamp.time > at).filter(|_| !is_early) {
        let detail = tr!("The timestamp of {} is {}.", late.log, late.time);
        reasons.push(Reason::new(&rules::SCT_FUTURE, Outcome::Warn, detail));
    }
    read
}

/// What the timestamps come to together: one that holds is enough (VMC draft §5.1).
fn summary(read: &[Timestamp], is_known: bool, is_leaf_broken: bool) -> Reason {
    let named = |valid: Option<bool>| read.iter().find(|timestamp| timestamp.valid == valid);
    if let Some(good) = named(Some(true)) {
        return Reason::new(&rules::SCT, Outcome::Pass, tr!("{} logged it on {}.", good.log, good.time));
    }
    if let Some(bad) = named(Some(false)) {
        let detail = tr!(
            "The timestamp says that {} logged it on {}; the signature is not that of the log over this certificate.",
            bad.log,
            bad.time
        );
        return Reason::new(&rules::SCT_SIGNATURE, Outcome::Fail, detail);
    }
    if is_known {
        let why = if is_leaf_broken {
            "The certificate was altered after it was signed, so the log's signature says nothing of it."
        } else {
            "The log's signature covers the issuer's key, which is not known."
        };
        return Reason::new(&rules::SCT, Outcome::Unknown, why);
    }
    let logs = read.iter().map(|timestamp| timestamp.log.as_str()).collect::<Vec<_>>().join(", ");
    Reason::new(&rules::SCT_UNKNOWN, Outcome::Warn, tr!("The id of the log is {logs}. Lists of logs change.", logs))
}

/// SignedCertificateTimestampList: every entry behind its length, RFC 6962 §3.3.
fn read(list: &[u8]) -> Option<Vec<Signed<'_>>> {
    let (mut entries, rest) = prefixed(list)?;
    let mut found = Vec::new();
    while !entries.is_empty() {
        let (entry, others) = prefixed(entries)?;
        if found.len() == MAX_TIMESTAMPS {
            return None;
        }
        found.push(timestamp(entry)?);
        entries = others;
    }
    rest.is_empty().then_some(found)
}

/// struct { Version, LogID, uint64 timestamp, CtExtensions, digitally-signed }
fn timestamp(entry: &[u8]) -> Option<Signed<'_>> {
    let (version, rest) = entry.split_first()?;
    let (log, rest) = rest.split_at_checked(ID)?;
    let (timestamp, rest) = rest.split_at_checked(8)?;
    let (extensions, rest) = prefixed(rest)?;
    let (algorithm, rest) = rest.split_at_checked(2)?;
    let (signature, rest) = prefixed(rest)?;
    (*version == 0 && rest.is_empty()).then_some(Signed { log, timestamp, extensions, algorithm, signature })
}

/// What stands behind its length in two octets, and the rest.
fn prefixed(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = octets.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

/// Whether a timestamp is signed by a log: over the precertificate, which is the certificate without the timestamps.
fn is_by(timestamp: &Signed<'_>, log: &Log, issuer_key: &[u8], tbs: &[u8]) -> bool {
    let Some(key) = Elements::of(&log.spki).take(tag::SEQUENCE).and_then(parsed::key) else { return false };
    // SHA-256 with RSA (1) or ECDSA (3), RFC 6962 §2.1.4.
    let fits = match key {
        SubjectKey::Rsa { .. } => timestamp.algorithm == [4, 1],
        SubjectKey::P256(_) | SubjectKey::P384(_) => timestamp.algorithm == [4, 3],
    };
    let (Ok(extensions), Ok(length)) = (u16::try_from(timestamp.extensions.len()), u32::try_from(tbs.len())) else {
        return false;
    };
    let [too_long, length @ ..] = length.to_be_bytes();
    // Version 1, certificate_timestamp; entry type precert_entry.
    let mut data = vec![0, 0];
    data.extend_from_slice(timestamp.timestamp);
    data.extend([0, 1]);
    data.extend_from_slice(issuer_key);
    data.extend(length);
    data.extend_from_slice(tbs);
    data.extend(extensions.to_be_bytes());
    data.extend_from_slice(timestamp.extensions);
    too_long == 0
        && fits
        && verify_by_subject(key, SignatureHash::Sha256, &data, timestamp.signature).is_ok_and(|is_by| is_by)
}

/// TBSCertificate without the extension that holds the timestamps; the lengths around it are written anew.
fn without_timestamps(certificate: &Parsed<'_>) -> Option<Vec<u8>> {
    let mut fields = Elements::of(certificate.tbs.content);
    let mut content = Vec::new();
    while !fields.is_empty() {
        let field = fields.read()?;
        if field.tag == tag::holder(3) {
            let others = certificate.extensions.iter().filter(|extension| extension.oid != oids::SCT_LIST.as_bytes());
            let list: Vec<u8> = others.flat_map(|extension| extension.whole).copied().collect();
            content.extend(der::wrapped(tag::holder(3), &der::wrapped(tag::SEQUENCE, &list)));
        } else {
            content.extend_from_slice(field.whole);
        }
    }
    Some(der::wrapped(tag::SEQUENCE, &content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_gorgon_is_the_published_one() {
        let id = der::hex(&sha256(&GORGON));
        assert_eq!(id, "555953ae309600806cd2eb5208a6c99e931828ac1056b4421c5536154c5f75ac");
        assert!(matches!(Elements::of(&GORGON).take(tag::SEQUENCE).and_then(parsed::key), Some(SubjectKey::P256(_))));
    }
}
