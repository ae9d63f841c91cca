//! The ways in which TLS fails between mail servers, RFC 8460 §4.3: what each means, why it happens, how to mend it.

use serde::{Deserialize, Serialize};

/// What a failure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// The servers did not get as far as a secure connection.
    Negotiation,
    /// The mail server showed a certificate that the sender could not accept.
    Certificate,
    /// The sender could not get or use the MTA-STS policy.
    PolicyFetch,
    /// The TLSA records or their signatures.
    Dane,
    /// A kind that the RFC does not list.
    Unknown,
}

impl Family {
    /// In words.
    pub fn title(self) -> &'static str {
        match self {
            Self::Negotiation => "negotiation",
            Self::Certificate => "certificate",
            Self::PolicyFetch => "MTA-STS policy",
            Self::Dane => "DANE",
            Self::Unknown => "other",
        }
    }
}

/// One kind of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResultKind {
    /// Its `result-type`.
    pub result_type: &'static str,
    /// What it is about.
    pub family: Family,
    /// What happened.
    pub means: &'static str,
    /// What is most often behind it.
    pub cause: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// Where it is defined.
    pub reference: &'static str,
}

/// Every kind of RFC 8460 §4.3, in its order. The registry is open: others may come.
pub const KINDS: [ResultKind; 11] = [
    ResultKind {
        result_type: "starttls-not-supported",
        family: Family::Negotiation,
        means: "The mail server did not offer STARTTLS, so the connection could not be secured.",
        cause: "TLS is off on this host, a firewall or spam filter before it removes STARTTLS from its answer (Cisco's \
                “SMTP fixup” shows XXXXXXXA instead), or somebody between the servers does.",
        fix: "Look with `openssl s_client -starttls smtp -connect HOST:25 -servername HOST`, from outside your network too. \
              Turn TLS on for every MX host, the backup ones included, and SMTP inspection off.",
        reference: "RFC 8460 §4.3.1",
    },
    ResultKind {
        result_type: "certificate-host-mismatch",
        family: Family::Certificate,
        means: "The certificate of the mail server does not carry the name of the MX host, or the host is not one that \
                the MTA-STS policy allows.",
        cause: "The certificate is for another name (webmail, the provider's own), the server does not choose it by SNI, or \
                the MX was changed and the policy was not.",
        fix: "Get a certificate whose subjectAltName holds the name that the MX record gives, and see that an `mx` line of \
              the policy covers that name. After a change of the policy, change the `id` of the TXT record.",
        reference: "RFC 8460 §4.3.1; RFC 8461 §4.1, §4.2",
    },
    ResultKind {
        result_type: "certificate-expired",
        family: Family::Certificate,
        means: "The certificate of the mail server was past its last day.",
        cause: "It was not renewed, or it was and the mail server still holds the old one in memory.",
        fix: "Renew it, reload the mail server after each renewal, and watch the date on every MX host: backup hosts are \
              forgotten most often.",
        reference: "RFC 8460 §4.3.1",
    },
    ResultKind {
        result_type: "certificate-not-trusted",
        family: Family::Certificate,
        means: "The sender could not trace the certificate of the mail server to an authority that it trusts.",
        cause: "The certificate is self-signed or from an own authority, or the server sends it without the intermediate \
                certificates.",
        fix: "Use a certificate of a public authority and configure the full chain (`fullchain.pem`, not `cert.pem`). With \
              DANE-TA, the chain must hold the certificate that the TLSA record names.",
        reference: "RFC 8460 §4.3.1; RFC 8461 §4.2",
    },
    ResultKind {
        result_type: "validation-failure",
        family: Family::Negotiation,
        means: "The connection could not be secured or checked for a reason that has no name of its own.",
        cause: "The TLS handshake broke off (old protocol versions or ciphers only, a reset, a time-out), or the \
                certificate failed in an unusual way. `failure-reason-code` and `additional-information` may say more.",
        fix: "Read the reason code beside it. See that the host speaks TLS 1.2 or 1.3 with common ciphers, and look at its \
              log at the time of the report.",
        reference: "RFC 8460 §4.3.3",
    },
    ResultKind {
        result_type: "tlsa-invalid",
        family: Family::Dane,
        means: "None of the TLSA records of the host fits the certificate that it showed.",
        cause: "The certificate or its key was changed before the TLSA record for the new one was published, or the records \
                are malformed.",
        fix: "Publish the record for the present certificate now (`mxray tlsa cert.pem --host HOST`). For the next change, \
              publish the new record beside the old one and wait twice the TTL first.",
        reference: "RFC 8460 §4.3.2.1; RFC 7671 §8.1",
    },
    ResultKind {
        result_type: "dnssec-invalid",
        family: Family::Dane,
        means: "The sender's resolver got no validly signed answer for the MX or TLSA records.",
        cause: "Signatures have expired, the DS record at the parent does not fit the keys, or a name server answers wrongly \
                for names that do not exist.",
        fix: "Check the chain of signatures (`mxray dnssec _25._tcp.HOST TLSA`), sign the zone anew, and mend DS and keys. \
              Until then senders that check DNSSEC cannot deliver.",
        reference: "RFC 8460 §4.3.2.1; RFC 7672 §2.1",
    },
    ResultKind {
        result_type: "dane-required",
        family: Family::Dane,
        means: "The sender insists on DANE for this domain, and found no signed TLSA records for the host.",
        cause: "The host never had TLSA records, or they or the signatures of its zone were taken away.",
        fix: "Publish TLSA records for every MX host in a signed zone, or ask the sender to drop the requirement.",
        reference: "RFC 8460 §4.3.2.1",
    },
    ResultKind {
        result_type: "sts-policy-fetch-error",
        family: Family::PolicyFetch,
        means: "The sender saw the MTA-STS record but could not fetch the policy.",
        cause: "The `mta-sts` host is down, does not resolve, answers with something other than 200, redirects, or blocks \
                the sender.",
        fix: "Open https://mta-sts.DOMAIN/.well-known/mta-sts.txt: it must answer 200, without a redirect, to everybody. \
              If the policy is not meant to be there any more, publish `mode: none` first.",
        reference: "RFC 8460 §4.3.2.2; RFC 8461 §3.3",
    },
    ResultKind {
        result_type: "sts-policy-invalid",
        family: Family::PolicyFetch,
        means: "The sender fetched the MTA-STS policy and could not read it.",
        cause: "A line is missing or malformed (`version`, `mode`, `max_age`, at least one `mx`), or the server sent an HTML \
                page in its place.",
        fix: "Let `mxray check DOMAIN` read the policy: it names the line. Correct it and change the `id` of the TXT record.",
        reference: "RFC 8460 §4.3.2.2; RFC 8461 §3.2",
    },
    ResultKind {
        result_type: "sts-webpki-invalid",
        family: Family::PolicyFetch,
        means: "The web server of the MTA-STS policy showed a certificate that the sender could not accept.",
        cause: "The certificate of `mta-sts.DOMAIN` has expired, is self-signed, or is for another name; often the policy \
                host was added to a web server and not to its certificate.",
        fix: "Get a certificate of a public authority that holds the name `mta-sts.DOMAIN`, with the full chain, and renew it \
              by machine.",
        reference: "RFC 8460 §4.3.2.2; RFC 8461 §3.3",
    },
];

/// What is said of kinds that are not in the table.
const UNKNOWN: ResultKind = ResultKind {
    result_type: "",
    family: Family::Unknown,
    means: "The sender names a kind of failure that RFC 8460 does not list.",
    cause: "The reporter uses a word of its own or a newer one; the reason code beside it may say more.",
    fix: "Ask the reporter, at the contact in its report.",
    reference: "RFC 8460 §6.6",
};

/// The kind of a `result-type` as the RFC writes it.
pub fn of(result_type: &str) -> Option<&'static ResultKind> {
    KINDS.iter().find(|kind| kind.result_type == result_type)
}

impl ResultKind {
    /// The kind of any `result-type`.
    pub fn of(result_type: &str) -> Self {
        of(result_type).copied().unwrap_or(UNKNOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_says_everything_once() {
        for kind in KINDS {
            assert_eq!(of(kind.result_type), Some(&kind));
            for words in [kind.means, kind.cause, kind.fix] {
                assert!(words.ends_with('.') && words.len() > 40, "{}: {words}", kind.result_type);
            }
            assert!(kind.reference.starts_with("RFC 8460 §4.3."));
            assert_ne!(kind.family, Family::Unknown);
        }
        assert_eq!(ResultKind::of("quantum-failure").family, Family::Unknown);
        assert_eq!(of("Certificate-Expired"), None);
    }
}
