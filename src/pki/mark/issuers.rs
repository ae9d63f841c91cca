//! Which names in CAA records (`issuevmc`, MCR §3.2) stand for which authority, as of 2026-11.

/// How the organization in the issuer's name begins, in lower case, and the names that the authority takes as its own.
const AUTHORITIES: [(&str, &[&str]); 4] = [
    ("digicert", &["digicert.com"]),
    ("globalsign", &["globalsign.com"]),
    ("ssl corp", &["ssl.com"]),
    // Issued until 2024-11; its business went to Sectigo.
    ("entrust", &["entrust.net"]),
];

/// The names of an authority in CAA records, by the organization in the issuer's name.
pub fn caa_domains(organization: &str) -> &'static [&'static str] {
    let organization = organization.to_ascii_lowercase();
    AUTHORITIES.iter().find(|(start, _)| organization.starts_with(start)).map_or(&[], |(_, domains)| domains)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_organizations_of_the_roots_are_known() {
        for (organization, domain) in [
            ("DigiCert, Inc.", "digicert.com"),
            ("GlobalSign nv-sa", "globalsign.com"),
            ("SSL Corporation", "ssl.com"),
            ("SSL Corp", "ssl.com"),
            ("Entrust, Inc.", "entrust.net"),
        ] {
            assert_eq!(caa_domains(organization).first(), Some(&domain), "{organization}");
        }
        assert!(caa_domains("Example Authority").is_empty());
    }
}
