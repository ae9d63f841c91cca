//! The remaining rules for Mark Certificates that receivers do not look at, each with its clause: MCR v1.7.

use crate::crypto::{MIN_CERTIFICATE_RSA_BITS, SubjectKey};

use super::extensions;
use super::oids;
use super::parsed::{self, Parsed};
use super::path::Path;
use super::profile::{Judged, Said, issuers, said};
use super::rules;
use super::verdict::Reason;

/// Octets of a serial number with 64 random bits, MCR §7.1.
const RANDOM_SERIAL: usize = 8;
/// Smallest exponent that should be used, MCR §6.1.6: 2^16 + 1, in octets of which the first is not zero.
const SMALL_EXPONENT: usize = 3;

/// Judges the rules; `names` are the DNS names, `others` the kinds of other names.
pub fn judge(path: &Path<'_, '_>, names: &[String], others: &[&str], crl: &[String], reasons: &mut Vec<Reason>) {
    let Some(leaf) = path.certificates.first() else { return };
    let mut judged = Judged::default();
    super::kinds::owner(leaf, &mut judged);
    serial(leaf, &mut judged);
    for certificate in std::iter::once(leaf).chain(issuers(path)) {
        keys(certificate, &mut judged);
    }
    judged.pass(&rules::KEY, tr!("The Mark Certificate's is {}.", leaf.key_words()));
    judged.pass(&rules::EXPONENT, "They are odd, and large enough.");
    name_kinds(names, others, &mut judged);
    addresses(leaf, crl, &mut judged);
    criticality(leaf, &mut judged);
    reasons.append(&mut judged.reasons);
}

fn serial(leaf: &Parsed<'_>, judged: &mut Judged) {
    let significant = leaf.serial.iter().skip_while(|octet| **octet == 0).count();
    let is_negative = leaf.serial.first().is_some_and(|octet| octet & 0x80 != 0);
    if is_negative || significant == 0 {
        judged.warn(&rules::SERIAL, tr!("It is {}: zero, or negative.", leaf.serial_words()));
    } else if significant < RANDOM_SERIAL {
        judged.warn(&rules::SERIAL, tr!("It is {}: shorter than 64 bits.", leaf.serial_words()));
    } else {
        judged.pass(&rules::SERIAL, tr!("It has {} bits.", significant * 8));
    }
}

fn keys(certificate: &Parsed<'_>, judged: &mut Judged) {
    let called = certificate.called();
    match certificate.key() {
        Some(SubjectKey::Rsa { modulus, exponent }) => {
            let bits = parsed::modulus_bits(modulus);
            if bits < usize::try_from(MIN_CERTIFICATE_RSA_BITS).unwrap_or(usize::MAX) {
                judged.warn(
                    &rules::KEY,
                    tr!(
                        "That of “{called}” has {bits} bits; {MIN_CERTIFICATE_RSA_BITS} are the least.",
                        called,
                        bits,
                        MIN_CERTIFICATE_RSA_BITS
                    ),
                );
            }
            let significant = exponent.iter().skip_while(|octet| **octet == 0).count();
            let is_odd = exponent.last().is_some_and(|octet| octet & 1 == 1);
            if !is_odd || significant < SMALL_EXPONENT {
                judged.warn(&rules::EXPONENT, tr!("That of “{called}” is even, or below 65,537.", called));
            }
        }
        Some(SubjectKey::P256(_) | SubjectKey::P384(_)) => {}
        None if certificate.key_words().ends_with("P-521") => {}
        None => judged.warn(
            &rules::KEY,
            tr!("That of “{called}” is {}; RSA and P-256, P-384, P-521 are allowed.", certificate.key_words(), called),
        ),
    }
}

fn name_kinds(names: &[String], others: &[&str], judged: &mut Judged) {
    if !others.is_empty() {
        judged.warn(&rules::NAME_KINDS, tr!("There is {} among its names.", others.join(", ")));
    }
    for name in names {
        if name.contains('_') {
            judged.warn(&rules::NAME_KINDS, tr!("{name} has an underscore.", name));
        } else if name.starts_with("*.") {
            judged.warn(&rules::NAME_KINDS, tr!("{name} is a wildcard.", name));
        } else if !name.contains('.') {
            judged.warn(&rules::NAME_KINDS, tr!("{name} is no full domain name.", name));
        }
    }
    if !names.is_empty() {
        judged.pass(&rules::NAME_KINDS, format!("{}.", names.join(", ")));
    }
}

fn addresses(leaf: &Parsed<'_>, crl: &[String], judged: &mut Judged) {
    if let Said::Says(policies) = said(leaf, oids::POLICIES, extensions::policies) {
        match policies.first() {
            Some(policy) if policy.oid == oids::MARK_POLICY.as_bytes() => {
                judged.warn(&rules::CPS, "The first policy should be that of the authority, with its address.");
            }
            Some(policy) => match &policy.cps {
                Some(address) => judged.pass(&rules::CPS, format!("{address}.")),
                None => judged.warn(&rules::CPS, "The first policy has no address of a practice statement."),
            },
            None => judged.warn(&rules::CPS, "It names no policy."),
        }
    }
    let is_http = |address: &String| address.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"));
    if !crl.is_empty() {
        if crl.iter().any(is_http) {
            judged.pass(&rules::CRL_HTTP, "It can be fetched without a certificate that would need checking itself.");
        } else {
            judged.warn(&rules::CRL_HTTP, tr!("Its addresses are: {}.", crl.join(", ")));
        }
    }
    match said(leaf, oids::AUTHORITY_ACCESS, extensions::authority_access) {
        Said::Says(places) if places.iter().any(|(method, _)| *method == oids::CA_ISSUERS.as_bytes()) => {
            judged.pass(&rules::ACCESS, "Its address is among those of authorityInfoAccess.");
        }
        Said::Unreadable => {}
        _ => judged.warn(&rules::ACCESS, "authorityInfoAccess should have the address of the issuer's certificate."),
    }
}

/// Which extensions should not be critical, MCR §7.1.2.3.
fn criticality(leaf: &Parsed<'_>, judged: &mut Judged) {
    let plain = [
        (oids::POLICIES, "a"),
        (oids::CRL_POINTS, "b"),
        (oids::AUTHORITY_ACCESS, "c"),
        (oids::EXTENDED_KEY_USAGE, "f"),
        (oids::SCT_LIST, "g"),
        (oids::LOGOTYPE, "h"),
    ];
    for (oid, clause) in plain {
        if leaf.extension(oid).is_some_and(|extension| extension.critical) {
            judged.warn(
                &rules::CRITICALITY,
                tr!("{} is marked as critical ({clause}).", oids::words(oid.as_bytes()), clause),
            );
        }
    }
    judged.pass(&rules::CRITICALITY, "None is critical that should not be.");
}
