//! Where revocation is published. The lists have http addresses, which no page under https can fetch: it is told how to look.

use super::Outcome;
use super::extensions;
use super::oids;
use super::parsed::Parsed;
use super::profile::{Said, said};
use super::rules;
use super::verdict::Reason;

/// The addresses of the lists.
pub fn addresses(leaf: &Parsed<'_>) -> Vec<String> {
    match said(leaf, oids::CRL_POINTS, extensions::crl_addresses) {
        Said::Says(addresses) => addresses,
        _ => Vec::new(),
    }
}

/// Judges that there are lists; whether the certificate is on one is unknown, with the command that tells.
pub fn judge(leaf: &Parsed<'_>, reasons: &mut Vec<Reason>) -> Vec<String> {
    let addresses = addresses(leaf);
    if addresses.is_empty() {
        let is_readable = !matches!(said(leaf, oids::CRL_POINTS, extensions::crl_addresses), Said::Unreadable);
        if is_readable {
            let detail = "The extension cRLDistributionPoints is missing, or has no address.";
            reasons.push(Reason::new(&rules::CRL_MISSING, Outcome::Fail, detail));
        }
        return addresses;
    }
    let detail = tr!("The list of revoked certificates is at {}.", addresses.join(&tr!(" and ")));
    let reason = Reason::new(&rules::REVOCATION, Outcome::Unknown, detail);
    let command = addresses.iter().find(|address| is_plain(address)).map(|address| {
        tr!("Run `curl -sS -o list.crl '{address}' && openssl crl -inform DER -in list.crl -out list.pem && openssl verify \
             -crl_check -CRLfile list.pem -ignore_critical -CAfile roots.pem -untrusted certificate.pem certificate.pem`; \
             roots.pem holds the authority's root.", address)
    });
    reasons.push(match command {
        Some(command) => reason.fixed_by(command),
        None => reason,
    });
    addresses
}

/// Whether an address can stand between quotes in a command.
fn is_plain(address: &str) -> bool {
    let is_web = address.starts_with("http://") || address.starts_with("https://");
    is_web && address.bytes().all(|octet| octet.is_ascii_graphic() && !matches!(octet, b'\'' | b'`' | b'\\'))
}
