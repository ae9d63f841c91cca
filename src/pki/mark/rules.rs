//! What is judged of a Mark Certificate: every rule with its id, its title when kept and when broken, the way to mend it and
//! the clause that says so. MCR is the BIMI Group's “Minimum Security Requirements for Issuance of Mark Certificates” v1.7
//! (2025-01-22); the VMC draft is draft-fetch-validation-vmc-wchuang-11 (2026-05-01). As of 2026-11.

/// One rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable identifier.
    pub id: &'static str,
    /// Title of a reason that is in order, or only worth knowing.
    pub kept: &'static str,
    /// Title of a reason that is not.
    pub broken: &'static str,
    /// How to mend it; empty where nothing is to be done.
    pub fix: &'static str,
    /// The clause.
    pub reference: &'static str,
}

const REISSUE: &str = "Ask the authority that issued the certificate for a new one that keeps the rule.";
const WHOLE_CHAIN: &str = "Put the authority's whole chain into the file: the Mark Certificate first, then its issuers in order. The authority offers it for download.";

macro_rules! rules {
    ($($name:ident = $id:literal, $kept:literal, $broken:literal, $fix:expr, $reference:literal;)*) => {
        $(pub const $name: Rule = Rule { id: $id, kept: $kept, broken: $broken, fix: $fix, reference: $reference };)*
        /// Every rule, the most useful reason first among those of one outcome.
        pub const ALL: &[Rule] = &[$($name),*];
    };
}

rules! {
    PEM = "pem", "The file reads as PEM", "The file does not read as PEM", "Export the certificate and its chain as PEM: blocks that begin with -----BEGIN CERTIFICATE-----.", "VMC draft §3.3";
    READABLE = "certificate-readable", "Every certificate reads", "A certificate does not read", "Download the file again from the authority; a part of it is damaged.", "RFC 5280 §4.1";
    PRIVATE_KEY = "private-key", "There is no private key in the file", "A private key stands in the file", "Take the file offline at once, remove the key, and have the authority revoke the certificate and issue a new one.", "MCR §4.9.1";
    LEAF = "leaf", "The Mark Certificate stands in the file", "There is no Mark Certificate in the file, only those of authorities", WHOLE_CHAIN, "VMC draft §3.3";
    MARK = "mark-certificate", "It is a Mark Certificate", "It is not a Mark Certificate", "Publish the Mark Certificate (VMC or CMC) at the address in `a=`, not the certificate of a web server.", "VMC draft §5.1";
    SIGNATURE = "signature", "Every signature of the chain holds", "A signature does not hold", "Download the file again from the authority: the certificate, or its issuer's, is not the one that was issued.", "VMC draft §5.1";
    UNSUPPORTED = "signature-algorithm", "The algorithms of the signatures are verified here", "A signature has an algorithm that is not verified here", "Verify the chain with OpenSSL.", "MCR §6.1.5";
    WEAK = "weak-signature", "The signatures are strong enough", "A signature is too weak", REISSUE, "MCR §6.1.5";
    INCOMPLETE = "chain-incomplete", "The chain is complete", "The chain is incomplete: the issuer's certificate is missing", WHOLE_CHAIN, "VMC draft §3.3";
    UNKNOWN_ISSUER = "unknown-issuer", "The chain ends at a root that is trusted", "The chain is incomplete: unknown issuer", "Use a Mark Certificate of an authority whose root receivers trust (DigiCert, GlobalSign and SSL.com as of 2026-11), with its whole chain in the file.", "VMC draft §5.1";
    UNTRUSTED_ROOT = "untrusted-root", "The chain ends at a root that is trusted", "Unknown issuer: the chain ends at a root that is not trusted for Mark Certificates", "Use a Mark Certificate of an authority whose root receivers trust (DigiCert, GlobalSign and SSL.com as of 2026-11).", "VMC draft §5.1";
    TOO_MUCH = "chain-limit", "The chain was followed to its end", "The chain branches more than is followed", "Leave only the certificates of the chain in the file.", "VMC draft §3.3";
    CHAIN = "chain", "The signatures lead from the Mark Certificate to a trusted root", "The chain does not hold", WHOLE_CHAIN, "VMC draft §5.1";
    ORDER = "pem-order", "The certificates stand in order", "The certificates stand out of order", "Put the Mark Certificate first, then its issuer, then the issuer of that; receivers may refuse any other order.", "VMC draft §3.3";
    DUPLICATE = "pem-duplicate", "No certificate stands in the file twice", "A certificate stands in the file twice", "Remove the second copy; receivers may refuse the file for it.", "VMC draft §3.3";
    SEVERAL = "several-marks", "There is one Mark Certificate in the file", "There are several Mark Certificates in the file", "Publish each Mark Certificate in a file of its own, with its chain; receivers may refuse a file with several.", "VMC draft §3.3";
    UNRELATED = "unrelated-certificate", "Every certificate belongs to the chain", "A certificate is no part of the chain", "Remove what does not belong to the chain.", "VMC draft §3.3";
    EXPIRED = "expired", "No certificate of the chain has expired", "A certificate has expired", "Renew the Mark Certificate and publish the new file under the same or a new address.", "VMC draft §5.1";
    NOT_YET_VALID = "not-yet-valid", "Every certificate of the chain is valid by now", "A certificate is not valid yet", "Wait until it is valid, or see that the clock is right.", "VMC draft §5.1";
    DATES = "dates", "Every certificate of the chain is within its dates", "A certificate is outside its dates", "Renew the Mark Certificate.", "VMC draft §5.1";
    EXPIRES_SOON = "expires-soon", "The Mark Certificate does not expire soon", "The Mark Certificate expires soon", "Renew it now: verifying the mark again takes the authority days to weeks.", "VMC draft §5.1";
    PERIOD = "validity-period", "The Mark Certificate is valid for at most 398 days", "The Mark Certificate is valid for more than 398 days", REISSUE, "MCR §6.3.2";
    ISSUER_CA = "issuer-basic-constraints", "Every issuer may issue certificates", "An issuer may not issue certificates", REISSUE, "MCR §7.1.2.2 (d)";
    ISSUER_USAGE = "issuer-key-usage", "Every issuer's key may sign certificates", "An issuer's key may not sign certificates", REISSUE, "MCR §7.1.2.2 (e)";
    PATH_LENGTH = "path-length", "The chain is as short as its issuers demand", "The chain is longer than an issuer allows", REISSUE, "RFC 5280 §4.2.1.9";
    NAME_CONSTRAINTS = "name-constraints", "No issuer is constrained to names", "An issuer is constrained to names", REISSUE, "MCR §7.1.5";
    LEAF_CA = "basic-constraints", "The Mark Certificate may not issue others", "The Mark Certificate may issue others", REISSUE, "MCR §7.1.2.3 (d)";
    LEAF_USAGE = "key-usage", "Its key may not sign certificates", "Its key may sign certificates or revocation lists", REISSUE, "MCR §7.1.2.3 (e)";
    PURPOSE = "purpose", "Its purpose is BIMI, and nothing else", "Its purpose is not BIMI", REISSUE, "MCR §7.1.2.3 (f)";
    OTHER_PURPOSE = "other-purpose", "It has no purpose besides BIMI", "It has purposes besides BIMI", REISSUE, "MCR §7.1.2.3 (f)";
    ISSUER_PURPOSE = "issuer-purpose", "Its issuer is for BIMI, and nothing else", "Its issuer is not for BIMI alone", REISSUE, "MCR §7.1.2.2 (f)";
    POLICY = "policy", "It follows the policy of Mark Certificates", "It does not name the policy of Mark Certificates", REISSUE, "MCR §7.1.2.3 (a)";
    ISSUER_POLICY = "issuer-policy", "Its issuers follow the policy of Mark Certificates", "An issuer does not name the policy of Mark Certificates", REISSUE, "MCR §7.1.2.2 (a)";
    CRITICAL = "critical-extension", "There is no critical extension that is unknown", "There is a critical extension that is unknown", REISSUE, "RFC 5280 §4.2";
    UNREADABLE = "extension-readable", "Every extension reads", "An extension does not read", REISSUE, "RFC 5280 §4.2";
    PILOT = "pilot", "It is marked as a pilot certificate", "It is marked as a pilot certificate, which ended", REISSUE, "MCR §7.1.2.3 (i)";
    NAMES_MISSING = "names-missing", "It is for a domain", "It is for no domain", REISSUE, "MCR §7.1.4.2.1";
    NAMES = "names", "It is for this domain", "It is not for this domain", "Ask the authority for a certificate with the domain of the sender address, or its organizational domain, among its names.", "VMC draft §5.2";
    SCT_MISSING = "sct-missing", "It was logged", "There is no proof that it was logged (no SCT)", REISSUE, "VMC draft §5.1";
    SCT_SIGNATURE = "sct-signature", "The signature of the log holds", "The signature of the log does not hold", REISSUE, "RFC 6962 §3.2";
    SCT_UNKNOWN = "sct-unknown-log", "The log is known", "It was logged in a log that is not known here", "Ask the authority whether the log is one that the AuthIndicators Working Group approved (Gorgon is, as of 2026-11).", "MCR §7.1.2.3 (g)";
    SCT_FUTURE = "sct-future", "It was logged by now", "It was logged later than the time of this check", "See that the clock is right.", "RFC 6962 §5.2";
    SCT = "sct", "It was logged, and the log's signature holds", "It could not be proven that it was logged", "Put the issuer's certificate into the file: the log's signature covers its key.", "RFC 6962 §3.2";
    CRL_MISSING = "crl-missing", "It says where revocation is published", "It does not say where revocation is published", REISSUE, "MCR §7.1.2.3 (b)";
    REVOCATION = "revocation", "It is not revoked", "Whether it is revoked cannot be seen from here", "", "VMC draft §5.1";
    LOGOTYPE = "logotype", "It carries a logo", "It carries no logo", REISSUE, "MCR §7.1.2.3 (h)";
    LOGOTYPE_READABLE = "logotype-readable", "The logotype reads", "The logotype does not read", REISSUE, "RFC 9399 §4.1";
    LOGOTYPE_REMOTE = "logotype-remote", "The logo is embedded", "The logo is not embedded", REISSUE, "VMC draft §4.1";
    LOGOTYPE_TYPE = "logotype-media-type", "The logo is SVG", "The logo is not SVG", REISSUE, "VMC draft §4.2";
    LOGOTYPE_PLAIN = "logotype-compressed", "The logo is compressed", "The logo is not compressed", REISSUE, "VMC draft §4.2";
    LOGOTYPE_DAMAGED = "logotype-damaged", "The logo unpacks", "The logo does not unpack", REISSUE, "VMC draft §4.2";
    LOGOTYPE_SIZE = "logotype-size", "The logo is small enough", "The logo unpacks to more than is read", REISSUE, "VMC draft §4.2";
    LOGOTYPE_HASH_KIND = "logotype-hash-algorithm", "The logo has a hash that is verified here", "The logo has no hash that is verified here", REISSUE, "RFC 9399 §4.1";
    LOGOTYPE_HASH = "logotype-hash", "The logo is the one that was hashed", "The logo is not the one that was hashed", REISSUE, "RFC 9399 §4.1";
    LOGOTYPE_SHA1 = "logotype-sha1", "The logo's only hash is SHA-1", "The logo's only hash is SHA-1", "", "RFC 9399 §4.1";
    LOGOTYPE_MORE = "logotype-several", "There is one logo", "There are several logos", "Ask the authority for a certificate with one logo: receivers look at the first.", "RFC 9399 §4.1";
    LOGO = "logo-conforms", "The embedded logo conforms to SVG Tiny PS", "The embedded logo does not conform to SVG Tiny PS", "Ask the authority for a certificate with a logo that conforms; `mxray logo --fix` repairs the file to hand in.", "VMC draft §4.2";
    PUBLISHED = "published-logo", "The published logo is the embedded one", "The published logo is not the embedded one", "Publish the very file that stands in the certificate under the address in `l=`.", "BIMI draft §7.4";
    LINE_ENDS = "published-logo-line-ends", "The published logo has the line ends of the embedded one", "The published logo differs from the embedded one in line ends", "Publish the very file that stands in the certificate: some receivers compare octet by octet.", "BIMI draft §7.4";
    MARK_TYPE = "mark-type", "The kind of mark is told", "The kind of mark is not known", REISSUE, "MCR §7.1.4.2.2 (r)";
    MARK_FIELDS = "mark-fields", "What its kind of mark demands is told", "What its kind of mark demands is not told", REISSUE, "MCR §7.1.4.2.2";
    OTHER_FIELDS = "other-mark-fields", "It tells nothing of another kind of mark", "It tells what belongs to another kind of mark", REISSUE, "MCR §7.1.4.2.2";
    SUBJECT = "subject-fields", "Its owner is told in full", "Its owner is not told in full", REISSUE, "MCR §7.1.4.2.2";
    CATEGORY = "business-category", "The owner's category is a known one", "The owner's category is none of the four", REISSUE, "MCR §7.1.4.2.2 (i)";
    SERIAL = "serial", "The serial number is positive and long enough", "The serial number is not positive, or too short to be random", REISSUE, "MCR §7.1";
    KEY = "key-size", "The keys are long enough", "A key is too short, or of a kind that is not allowed", REISSUE, "MCR §6.1.5";
    EXPONENT = "key-exponent", "The exponents of the RSA keys are sound", "The exponent of an RSA key is even or small", REISSUE, "MCR §6.1.6";
    NAME_KINDS = "name-kinds", "Its names are plain domain names", "It has names that are no plain domain names", REISSUE, "MCR §7.1.4.2.1";
    CPS = "cps", "It says where the practice statement is", "It does not say where the practice statement is", REISSUE, "MCR §7.1.2.3 (a)";
    CRL_HTTP = "crl-http", "The revocation list has an HTTP address", "The revocation list has no HTTP address", REISSUE, "MCR §7.1.2.3 (b)";
    ACCESS = "issuer-address", "It says where the issuer's certificate is", "It does not say where the issuer's certificate is", REISSUE, "MCR §7.1.2.3 (c)";
    CRITICALITY = "criticality", "The extensions are marked as the rules want them", "Extensions are not marked as the rules want them", REISSUE, "MCR §7.1.2.3";
}

/// The place of a rule among all.
pub fn place(id: &str) -> usize {
    ALL.iter().position(|rule| rule.id == id).unwrap_or(ALL.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_an_id_of_its_own_and_says_what_it_needs_to() {
        for (at, rule) in ALL.iter().enumerate() {
            assert_eq!(place(rule.id), at, "{} stands twice", rule.id);
            assert!(rule.id.bytes().all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'-'));
            assert!(!rule.kept.is_empty() && !rule.broken.is_empty() && !rule.reference.is_empty(), "{}", rule.id);
        }
        assert!(ALL.len() > 50);
    }
}
