//! Dates, and what the extensions of Mark Certificate and issuers must say: RFC 5280 §6.1, MCR §7.1.2.

use x509_cert::der::asn1::ObjectIdentifier;

use crate::time::UnixTime;

use super::Outcome;
use super::extensions;
use super::oids;
use super::parsed::Parsed;
use super::path::{End, Path};
use super::rules::{self, Rule};
use super::verdict::Reason;

/// Seconds of a day.
pub const DAY: i64 = 86_400;
/// Longest validity of a Mark Certificate in days, MCR §6.3.2.
const MAX_DAYS: i64 = 398;
/// Days before its end from which on a certificate is said to expire soon: renewing takes the authority days to weeks.
const SOON_DAYS: i64 = 30;
/// The first day on which no certificate may be marked as pilot, MCR §7.1.2.3 (i): 2025-03-15.
const PILOT_ENDED: UnixTime = UnixTime(1_741_996_800);

/// What an extension says, if it is there and reads.
pub enum Said<T> {
    /// It is not there.
    Absent,
    /// It does not read; another rule tells that.
    Unreadable,
    /// It says this.
    Says(T),
}

/// What an extension of a certificate says.
pub fn said<'d, T>(certificate: &Parsed<'d>, oid: ObjectIdentifier, read: fn(&'d [u8]) -> Option<T>) -> Said<T> {
    match certificate.extension(oid) {
        None => Said::Absent,
        Some(extension) => read(extension.value).map_or(Said::Unreadable, Said::Says),
    }
}

/// The dates of every certificate on the path.
pub fn dates(path: &Path<'_, '_>, at: UnixTime, reasons: &mut Vec<Reason>) {
    let mut ended = Vec::new();
    let mut early = Vec::new();
    for certificate in &path.certificates {
        if at > certificate.not_after {
            ended.push(tr!("“{}” expired on {}", certificate.called(), certificate.not_after.date()));
        } else if at < certificate.not_before {
            early.push(tr!("“{}” is valid from {} on", certificate.called(), certificate.not_before));
        }
    }
    for (rule, found) in [(&rules::EXPIRED, &ended), (&rules::NOT_YET_VALID, &early)] {
        if !found.is_empty() {
            reasons.push(Reason::new(rule, Outcome::Fail, format!("{}.", found.join("; "))));
        }
    }
    let Some(leaf) = path.certificates.first() else { return };
    let left = leaf.not_after.0.saturating_sub(at.0) / DAY;
    if ended.is_empty() && early.is_empty() {
        let detail = tr!("The Mark Certificate is valid from {} to {}.", leaf.not_before.date(), leaf.not_after.date());
        reasons.push(Reason::new(&rules::DATES, Outcome::Pass, detail));
        if left < SOON_DAYS {
            let end = leaf.not_after;
            let detail = tr!("{n} day is left; it ends on {end}." | "{n} days are left; it ends on {end}." % left, end);
            reasons.push(Reason::new(&rules::EXPIRES_SOON, Outcome::Warn, detail));
        }
    }
    // Both ends are part of the time, RFC 5280 §4.1.2.5.
    let period = leaf.not_after.0.saturating_sub(leaf.not_before.0).saturating_add(1);
    let days = period.div_euclid(DAY) + i64::from(period.rem_euclid(DAY) > 0);
    let outcome = if days > MAX_DAYS { Outcome::Fail } else { Outcome::Pass };
    reasons.push(Reason::new(
        &rules::PERIOD,
        outcome,
        tr!("It is valid for {days} days; {MAX_DAYS} are allowed.", days, MAX_DAYS),
    ));
}

/// The issuers on the path that are no root, trusted or not.
pub fn issuers<'p, 'c, 'd>(path: &'p Path<'c, 'd>) -> &'p [&'c Parsed<'d>] {
    let issuers = path.certificates.get(1..).unwrap_or_default();
    match (path.end, issuers.split_last()) {
        (End::Root | End::OwnSignature, Some((_, issuers))) => issuers,
        _ => issuers,
    }
}

/// Whether issuers may issue, and how far down.
pub fn authorities(path: &Path<'_, '_>, reasons: &mut Vec<Reason>) {
    let mut judged = Judged::default();
    for (below, issuer) in path.certificates.iter().skip(1).enumerate() {
        let is_root = path.end == End::Root && below + 2 == path.certificates.len();
        let called = issuer.called();
        match said(issuer, oids::BASIC_CONSTRAINTS, extensions::basic_constraints) {
            Said::Says(basic) if basic.ca || is_root => {
                if basic.path_length.is_some_and(|allowed| allowed < below) {
                    judged.fail(
                        &rules::PATH_LENGTH,
                        tr!("“{called}” allows fewer than {below} authorities below it.", called, below),
                    );
                }
            }
            Said::Unreadable => {}
            Said::Absent if is_root => {}
            _ => judged.fail(&rules::ISSUER_CA, tr!("“{called}” is not marked as an authority (cA).", called)),
        }
        match said(issuer, oids::KEY_USAGE, extensions::key_usage) {
            Said::Says(usage) if !usage.certificates && !is_root => {
                judged.fail(&rules::ISSUER_USAGE, tr!("The key usage of “{called}” lacks keyCertSign.", called));
            }
            Said::Absent if !is_root => {
                judged.fail(&rules::ISSUER_USAGE, tr!("“{called}” says nothing of its key's usage.", called));
            }
            _ => {}
        }
        if !is_root && issuer.extension(oids::NAME_CONSTRAINTS).is_some() {
            judged.fail(
                &rules::NAME_CONSTRAINTS,
                tr!("“{called}” has nameConstraints, which no Mark Certificate may.", called),
            );
        }
    }
    if path.certificates.len() > 1 {
        judged.pass(&rules::ISSUER_CA, "Each is marked as an authority.");
        judged.pass(&rules::ISSUER_USAGE, "Each may sign certificates.");
    }
    reasons.append(&mut judged.reasons);
}

/// Purposes and policies of the Mark Certificate and its issuers, and what its own key may do.
pub fn purposes(path: &Path<'_, '_>, reasons: &mut Vec<Reason>) {
    let mut judged = Judged::default();
    let Some(leaf) = path.certificates.first() else { return };
    leaf_purposes(leaf, &mut judged);
    if let Some(issuer) = path.certificates.get(1) {
        issuer_purposes(issuer, &mut judged);
    }
    for issuer in issuers(path) {
        if let Said::Says(policies) = said(issuer, oids::POLICIES, extensions::policies) {
            let is_named = |oid: ObjectIdentifier| policies.iter().any(|policy| policy.oid == oid.as_bytes());
            if !is_named(oids::MARK_POLICY) && !is_named(oids::ANY_POLICY) {
                let detail = tr!("“{}” names neither 1.3.6.1.4.1.53087.1.1 nor anyPolicy.", issuer.called());
                judged.fail(&rules::ISSUER_POLICY, detail);
            }
        } else if issuer.extension(oids::POLICIES).is_none() {
            judged.fail(&rules::ISSUER_POLICY, tr!("“{}” names no policy.", issuer.called()));
        }
    }
    if !issuers(path).is_empty() {
        judged.pass(&rules::ISSUER_POLICY, "Each names it, or allows any.");
    }
    reasons.append(&mut judged.reasons);
}

/// What the Mark Certificate says that it is for.
fn leaf_purposes(leaf: &Parsed<'_>, judged: &mut Judged) {
    match said(leaf, oids::BASIC_CONSTRAINTS, extensions::basic_constraints) {
        Said::Says(basic) if basic.ca => judged.fail(&rules::LEAF_CA, "It is marked as an authority (cA)."),
        Said::Unreadable => {}
        _ => judged.pass(&rules::LEAF_CA, "It is not marked as an authority."),
    }
    match said(leaf, oids::KEY_USAGE, extensions::key_usage) {
        Said::Says(usage) if usage.certificates || usage.crls => {
            judged.fail(&rules::LEAF_USAGE, "Its key usage has keyCertSign or cRLSign.");
        }
        Said::Unreadable => {}
        Said::Absent => judged.pass(&rules::LEAF_USAGE, "It says nothing of its key's usage, which is allowed."),
        Said::Says(_) => judged.pass(&rules::LEAF_USAGE, "Its key usage has neither keyCertSign nor cRLSign."),
    }
    match said(leaf, oids::EXTENDED_KEY_USAGE, extensions::purposes) {
        Said::Says(purposes) if !purposes.contains(&oids::BRAND_INDICATOR.as_bytes()) => {
            judged.fail(
                &rules::PURPOSE,
                tr!("Its purposes are: {}. 1.3.6.1.5.5.7.3.31 is not among them.", listed(&purposes)),
            );
        }
        Said::Says(purposes) if purposes.len() > 1 => {
            judged.fail(&rules::OTHER_PURPOSE, tr!("Its purposes are: {}.", listed(&purposes)));
        }
        Said::Says(_) => judged.pass(&rules::PURPOSE, "Its only purpose is 1.3.6.1.5.5.7.3.31."),
        Said::Absent => judged.fail(&rules::PURPOSE, "It says nothing of its purpose (extKeyUsage is missing)."),
        Said::Unreadable => {}
    }
    match said(leaf, oids::POLICIES, extensions::policies) {
        Said::Says(policies) if policies.iter().any(|policy| policy.oid == oids::MARK_POLICY.as_bytes()) => {
            judged.pass(&rules::POLICY, "It names 1.3.6.1.4.1.53087.1.1.");
        }
        Said::Unreadable => {}
        _ => judged.fail(&rules::POLICY, "1.3.6.1.4.1.53087.1.1 is not among its policies."),
    }
}

/// What the issuer of the Mark Certificate says that it is for.
fn issuer_purposes(issuer: &Parsed<'_>, judged: &mut Judged) {
    let called = issuer.called();
    match said(issuer, oids::EXTENDED_KEY_USAGE, extensions::purposes) {
        Said::Says(purposes) if purposes.as_slice() == [oids::BRAND_INDICATOR.as_bytes()] => {
            judged.pass(&rules::ISSUER_PURPOSE, tr!("The only purpose of “{called}” is 1.3.6.1.5.5.7.3.31.", called));
        }
        Said::Says(purposes) => {
            judged.fail(&rules::ISSUER_PURPOSE, tr!("The purposes of “{called}” are: {}.", listed(&purposes), called));
        }
        Said::Absent => judged.fail(&rules::ISSUER_PURPOSE, tr!("“{called}” says nothing of its purpose.", called)),
        Said::Unreadable => {}
    }
}

/// Purposes in words.
fn listed(purposes: &[&[u8]]) -> String {
    purposes.iter().map(|purpose| oids::words(purpose)).collect::<Vec<_>>().join(", ")
}

/// Whether the value of an extension reads.
type Reads = fn(&[u8]) -> bool;

/// The extensions that are understood here, each with whether it reads.
const UNDERSTOOD: [(ObjectIdentifier, Reads); 11] = [
    (oids::BASIC_CONSTRAINTS, |value| extensions::basic_constraints(value).is_some()),
    (oids::KEY_USAGE, |value| extensions::key_usage(value).is_some()),
    (oids::EXTENDED_KEY_USAGE, |value| extensions::purposes(value).is_some()),
    (oids::POLICIES, |value| extensions::policies(value).is_some()),
    (oids::ALTERNATIVE_NAME, |value| extensions::alternative_names(value).is_some()),
    (oids::CRL_POINTS, |value| extensions::crl_addresses(value).is_some()),
    (oids::AUTHORITY_ACCESS, |value| extensions::authority_access(value).is_some()),
    (oids::SUBJECT_KEY, |value| extensions::subject_key(value).is_some()),
    // Hints only, or judged by rules of their own.
    (oids::AUTHORITY_KEY, |_| true),
    (oids::LOGOTYPE, |_| true),
    (oids::SCT_LIST, |_| true),
];

/// Extensions that do not read, critical ones that are not understood, and the mark of pilots.
pub fn critical(path: &Path<'_, '_>, reasons: &mut Vec<Reason>) {
    let mut judged = Judged::default();
    let Some(leaf) = path.certificates.first() else { return };
    for certificate in std::iter::once(leaf).chain(issuers(path)) {
        for extension in &certificate.extensions {
            let known = UNDERSTOOD.iter().find(|(oid, _)| oid.as_bytes() == extension.oid);
            let is_judged_apart =
                [oids::NAME_CONSTRAINTS, oids::PILOT].iter().any(|oid| oid.as_bytes() == extension.oid);
            let words = oids::words(extension.oid);
            match known {
                Some((_, reads)) if !reads(extension.value) => {
                    judged.fail(&rules::UNREADABLE, tr!("{words} of “{}” is malformed.", certificate.called(), words));
                }
                None if extension.critical && !is_judged_apart => {
                    let detail = tr!(
                        "“{}” has {words}, marked as critical: who does not know it must refuse.",
                        certificate.called(),
                        words
                    );
                    judged.fail(&rules::CRITICAL, detail);
                }
                _ => {}
            }
        }
    }
    judged.pass(&rules::CRITICAL, "Every critical extension of the chain is understood.");
    if let Some(pilot) = leaf.extension(oids::PILOT) {
        let issued = leaf.not_before.date();
        if leaf.not_before >= PILOT_ENDED {
            judged.fail(
                &rules::PILOT,
                tr!(
                    "It was issued on {issued}; from 2025-03-15 on the mark 1.3.6.1.4.1.53087.4.1 is forbidden.",
                    issued
                ),
            );
        } else {
            let critical = if pilot.critical { "" } else { " It is not marked as critical, which it should be." };
            let detail = tr!(
                "Issued on {issued}, it has the extension 1.3.6.1.4.1.53087.4.1, which receivers know.{critical}",
                issued,
                critical
            );
            judged.reasons.push(Reason::new(&rules::PILOT, Outcome::Info, detail));
        }
    }
    reasons.append(&mut judged.reasons);
}

/// Reasons of some rules; passes only where nothing failed.
#[derive(Default)]
pub struct Judged {
    /// The reasons so far.
    pub reasons: Vec<Reason>,
}

impl Judged {
    /// A rule is broken. Told once a rule, with every detail.
    pub fn fail(&mut self, rule: &Rule, detail: impl Into<String>) {
        self.tell(rule, Outcome::Fail, detail);
    }

    /// A rule is broken that receivers do not look at.
    pub fn warn(&mut self, rule: &Rule, detail: impl Into<String>) {
        self.tell(rule, Outcome::Warn, detail);
    }

    /// A rule is kept, unless it was told to be broken.
    pub fn pass(&mut self, rule: &Rule, detail: impl Into<String>) {
        if !self.reasons.iter().any(|reason| reason.id == rule.id) {
            self.tell(rule, Outcome::Pass, detail);
        }
    }

    fn tell(&mut self, rule: &Rule, outcome: Outcome, detail: impl Into<String>) {
        match self.reasons.iter_mut().find(|reason| reason.id == rule.id) {
            Some(reason) => {
                reason.detail.push(' ');
                reason.detail.push_str(&detail.into());
            }
            None => self.reasons.push(Reason::new(rule, outcome, detail)),
        }
    }
}
