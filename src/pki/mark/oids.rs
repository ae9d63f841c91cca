//! Object identifiers of Mark Certificates, with the names that their documents give them (as of 2026-11).

use x509_cert::der::asn1::ObjectIdentifier;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

pub const BASIC_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.19");
pub const KEY_USAGE: ObjectIdentifier = oid("2.5.29.15");
pub const EXTENDED_KEY_USAGE: ObjectIdentifier = oid("2.5.29.37");
pub const SUBJECT_KEY: ObjectIdentifier = oid("2.5.29.14");
pub const AUTHORITY_KEY: ObjectIdentifier = oid("2.5.29.35");
pub const ALTERNATIVE_NAME: ObjectIdentifier = oid("2.5.29.17");
pub const POLICIES: ObjectIdentifier = oid("2.5.29.32");
pub const ANY_POLICY: ObjectIdentifier = oid("2.5.29.32.0");
pub const CRL_POINTS: ObjectIdentifier = oid("2.5.29.31");
pub const NAME_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.30");
pub const AUTHORITY_ACCESS: ObjectIdentifier = oid("1.3.6.1.5.5.7.1.1");
pub const CA_ISSUERS: ObjectIdentifier = oid("1.3.6.1.5.5.7.48.2");
pub const CPS: ObjectIdentifier = oid("1.3.6.1.5.5.7.2.1");
/// RFC 9399 §4.1.
pub const LOGOTYPE: ObjectIdentifier = oid("1.3.6.1.5.5.7.1.12");
/// RFC 6962 §3.3.
pub const SCT_LIST: ObjectIdentifier = oid("1.3.6.1.4.1.11129.2.4.2");
/// MCR §7.1.2.3 (f).
pub const BRAND_INDICATOR: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.31");
/// MCR §7.1.2.3 (a).
pub const MARK_POLICY: ObjectIdentifier = oid("1.3.6.1.4.1.53087.1.1");
/// MCR §7.1.2.3 (i).
pub const PILOT: ObjectIdentifier = oid("1.3.6.1.4.1.53087.4.1");

pub const MARK_TYPE: ObjectIdentifier = oid("1.3.6.1.4.1.53087.1.13");
pub const TRADEMARK_OFFICE: ObjectIdentifier = oid("1.3.6.1.4.1.53087.1.2");
pub const TRADEMARK_COUNTRY: ObjectIdentifier = oid("1.3.6.1.4.1.53087.1.3");
pub const TRADEMARK_IDENTIFIER: ObjectIdentifier = oid("1.3.6.1.4.1.53087.1.4");
pub const STATUTE_COUNTRY: ObjectIdentifier = oid("1.3.6.1.4.1.53087.3.2");
pub const STATUTE_STATE: ObjectIdentifier = oid("1.3.6.1.4.1.53087.3.3");
pub const STATUTE_LOCALITY: ObjectIdentifier = oid("1.3.6.1.4.1.53087.3.4");
pub const STATUTE_CITATION: ObjectIdentifier = oid("1.3.6.1.4.1.53087.3.5");
pub const STATUTE_URL: ObjectIdentifier = oid("1.3.6.1.4.1.53087.3.6");
pub const PRIOR_USE_URL: ObjectIdentifier = oid("1.3.6.1.4.1.53087.5.1");
pub const COMMON_NAME: ObjectIdentifier = oid("2.5.4.3");
pub const SERIAL_NUMBER: ObjectIdentifier = oid("2.5.4.5");
pub const COUNTRY: ObjectIdentifier = oid("2.5.4.6");
pub const LOCALITY: ObjectIdentifier = oid("2.5.4.7");
pub const STATE: ObjectIdentifier = oid("2.5.4.8");
pub const STREET: ObjectIdentifier = oid("2.5.4.9");
pub const ORGANIZATION: ObjectIdentifier = oid("2.5.4.10");
pub const BUSINESS_CATEGORY: ObjectIdentifier = oid("2.5.4.15");
pub const JURISDICTION_COUNTRY: ObjectIdentifier = oid("1.3.6.1.4.1.311.60.2.1.3");

pub const RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
pub const EC: ObjectIdentifier = oid("1.2.840.10045.2.1");
pub const P256: ObjectIdentifier = oid("1.2.840.10045.3.1.7");
pub const P384: ObjectIdentifier = oid("1.3.132.0.34");
pub const P521: ObjectIdentifier = oid("1.3.132.0.35");
pub const RSA_SHA1: ObjectIdentifier = oid("1.2.840.113549.1.1.5");
pub const RSA_SHA256: ObjectIdentifier = oid("1.2.840.113549.1.1.11");
pub const RSA_SHA384: ObjectIdentifier = oid("1.2.840.113549.1.1.12");
pub const RSA_SHA512: ObjectIdentifier = oid("1.2.840.113549.1.1.13");
pub const RSA_PSS: ObjectIdentifier = oid("1.2.840.113549.1.1.10");
pub const ECDSA_SHA1: ObjectIdentifier = oid("1.2.840.10045.4.1");
pub const ECDSA_SHA256: ObjectIdentifier = oid("1.2.840.10045.4.3.2");
pub const ECDSA_SHA384: ObjectIdentifier = oid("1.2.840.10045.4.3.3");
pub const ECDSA_SHA512: ObjectIdentifier = oid("1.2.840.10045.4.3.4");
pub const SHA1: ObjectIdentifier = oid("1.3.14.3.2.26");
pub const SHA256: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.1");
pub const SHA384: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.2");
pub const SHA512: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.3");

/// The names of those that stand in Mark Certificates: RFC 5280, X.520, MCR v1.7 §7.1.4.2.2.
const NAMES: [(ObjectIdentifier, &str); 75] = [
    (COMMON_NAME, "commonName"),
    (oid("2.5.4.4"), "surname"),
    (SERIAL_NUMBER, "serialNumber"),
    (COUNTRY, "countryName"),
    (LOCALITY, "localityName"),
    (STATE, "stateOrProvinceName"),
    (STREET, "streetAddress"),
    (ORGANIZATION, "organizationName"),
    (oid("2.5.4.11"), "organizationalUnitName"),
    (oid("2.5.4.12"), "title"),
    (oid("2.5.4.13"), "description"),
    (BUSINESS_CATEGORY, "businessCategory"),
    (oid("2.5.4.17"), "postalCode"),
    (oid("2.5.4.42"), "givenName"),
    (oid("2.5.4.97"), "organizationIdentifier"),
    (oid("0.9.2342.19200300.100.1.25"), "domainComponent"),
    (oid("1.2.840.113549.1.9.1"), "emailAddress"),
    (oid("1.3.6.1.4.1.311.60.2.1.1"), "jurisdictionLocalityName"),
    (oid("1.3.6.1.4.1.311.60.2.1.2"), "jurisdictionStateOrProvinceName"),
    (JURISDICTION_COUNTRY, "jurisdictionCountryName"),
    (MARK_TYPE, "markType"),
    (TRADEMARK_OFFICE, "trademarkOfficeName"),
    (TRADEMARK_COUNTRY, "trademarkCountryOrRegionName"),
    (TRADEMARK_IDENTIFIER, "trademarkIdentifier"),
    (oid("1.3.6.1.4.1.53087.1.5"), "legalEntityIdentifier"),
    (oid("1.3.6.1.4.1.53087.1.6"), "wordMark"),
    (STATUTE_COUNTRY, "statuteCountryName"),
    (STATUTE_STATE, "statuteStateOrProvinceName"),
    (STATUTE_LOCALITY, "statuteLocalityName"),
    (STATUTE_CITATION, "statuteCitation"),
    (STATUTE_URL, "statuteURL"),
    (PRIOR_USE_URL, "priorUseMarkSourceURL"),
    (PILOT, "pilotIdentifier"),
    (MARK_POLICY, "markCertificateGeneralPolicy"),
    (BRAND_INDICATOR, "BrandIndicatorforMessageIdentification"),
    (LOGOTYPE, "logotype"),
    (SCT_LIST, "signedCertificateTimestampList"),
    (BASIC_CONSTRAINTS, "basicConstraints"),
    (KEY_USAGE, "keyUsage"),
    (EXTENDED_KEY_USAGE, "extKeyUsage"),
    (SUBJECT_KEY, "subjectKeyIdentifier"),
    (AUTHORITY_KEY, "authorityKeyIdentifier"),
    (ALTERNATIVE_NAME, "subjectAltName"),
    (POLICIES, "certificatePolicies"),
    (ANY_POLICY, "anyPolicy"),
    (CRL_POINTS, "cRLDistributionPoints"),
    (NAME_CONSTRAINTS, "nameConstraints"),
    (oid("2.5.29.36"), "policyConstraints"),
    (oid("2.5.29.54"), "inhibitAnyPolicy"),
    (AUTHORITY_ACCESS, "authorityInfoAccess"),
    (CA_ISSUERS, "caIssuers"),
    (oid("1.3.6.1.5.5.7.48.1"), "ocsp"),
    (CPS, "cps"),
    (oid("1.3.6.1.5.5.7.2.2"), "userNotice"),
    (oid("1.3.6.1.5.5.7.3.1"), "serverAuth"),
    (oid("1.3.6.1.5.5.7.3.2"), "clientAuth"),
    (oid("1.3.6.1.5.5.7.3.4"), "emailProtection"),
    (RSA, "rsaEncryption"),
    (EC, "ecPublicKey"),
    (P256, "P-256"),
    (P384, "P-384"),
    (P521, "P-521"),
    (RSA_SHA256, "sha256WithRSAEncryption"),
    (RSA_SHA384, "sha384WithRSAEncryption"),
    (RSA_SHA512, "sha512WithRSAEncryption"),
    (ECDSA_SHA256, "ecdsa-with-SHA256"),
    (ECDSA_SHA384, "ecdsa-with-SHA384"),
    (ECDSA_SHA512, "ecdsa-with-SHA512"),
    (SHA1, "sha1"),
    (SHA256, "sha256"),
    (SHA384, "sha384"),
    (SHA512, "sha512"),
    (RSA_SHA1, "sha1WithRSAEncryption"),
    (RSA_PSS, "rsassaPss"),
    (ECDSA_SHA1, "ecdsa-with-SHA1"),
];

/// The name of an identifier, from the content octets of its element.
pub fn name(octets: &[u8]) -> Option<&'static str> {
    NAMES.iter().find(|(known, _)| known.as_bytes() == octets).map(|(_, name)| *name)
}

/// The identifier in numbers and dots, from the content octets of its element.
pub fn dotted(octets: &[u8]) -> String {
    ObjectIdentifier::from_bytes(octets).map_or_else(|_| "an unreadable identifier".into(), |oid| oid.to_string())
}

/// The name, else numbers and dots.
pub fn words(octets: &[u8]) -> String {
    name(octets).map_or_else(|| dotted(octets), str::to_owned)
}
