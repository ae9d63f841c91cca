//! Short guides: what each technology is, how it works, and what its record looks like.

use crate::records::Technology;

/// The guide to one technology.
pub struct Guide {
    /// What the question asks for.
    pub title: &'static str,
    /// What it is for.
    pub what: &'static str,
    /// How it works, step by step.
    pub how: &'static [&'static str],
    /// Examples: name, type, value.
    pub examples: &'static [(&'static str, &'static str, &'static str)],
    /// What people most often get wrong.
    pub mind: &'static str,
}

impl Guide {
    /// The guide to a technology.
    pub fn to(technology: Technology) -> &'static Self {
        match technology {
            Technology::Mx => &MX,
            Technology::Spf => &SPF,
            Technology::Dkim => &DKIM,
            Technology::Dmarc => &DMARC,
            Technology::MtaSts => &MTA_STS,
            Technology::TlsRpt => &TLS_RPT,
            Technology::Bimi => &BIMI,
            Technology::Dane => &DANE,
            Technology::Dnssec => &DNSSEC,
        }
    }
}

static MX: Guide = Guide {
    title: "an MX record",
    what: "MX records name the servers that take mail for a domain. A domain that wants no mail says so with a null MX, so that nobody waits for a delivery that can never happen.",
    how: &[
        "The sending server asks the DNS for the domain's MX records and tries the one with the lowest number first.",
        "It looks up the addresses of that name and connects to port 25.",
        "Without any MX record it falls back to the domain's own address.",
    ],
    examples: &[("example.com", "MX", "10 mx1.example.com."), ("parked.example.com", "MX", "0 .")],
    mind: "An MX must name a host with addresses: not an IP address, not an alias (CNAME).",
};

static SPF: Guide = Guide {
    title: "SPF",
    what: "SPF lists the servers that may send mail with your domain in the envelope sender. Receivers compare the address that connects to them with that list.",
    how: &[
        "A receiver takes the domain of the envelope sender (or of HELO) and asks for its TXT record that begins with `v=spf1`.",
        "It goes through the terms from left to right; the first one that matches the connecting address decides.",
        "`include`, `a`, `mx`, `ptr`, `exists` and `redirect` cost a DNS look-up each: over ten in all, the whole record is an error.",
        "`-all` at the end says that nobody else may send, `~all` that others are doubtful.",
    ],
    examples: &[("example.com", "TXT", "v=spf1 mx include:_spf.provider.example -all")],
    mind: "There is one SPF record per name. SPF alone does not protect the From: line that people see; DMARC ties the two together.",
};

static DKIM: Guide = Guide {
    title: "DKIM",
    what: "DKIM puts a signature into every mail. Receivers fetch the public key from your DNS and see whether the mail is unchanged and really comes from your domain.",
    how: &[
        "The sending server signs chosen headers and the body, and names the domain (`d=`) and the key (`s=`, the selector) in the signature.",
        "The receiver asks for the TXT record at `selector._domainkey.domain` and verifies the signature with the key there.",
        "A key with an empty `p=` is withdrawn: signatures made with it no longer count.",
    ],
    examples: &[(
        "mail2026._domainkey.example.com",
        "TXT",
        "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA…",
    )],
    mind: "The DNS does not list selectors, so a look from outside can miss yours. Give each sending service its own selector and change keys now and then.",
};

static DMARC: Guide = Guide {
    title: "DMARC",
    what: "DMARC protects the address in the From: line. It asks that SPF or DKIM passes for the same domain, and says what to do with mail where neither does.",
    how: &[
        "The receiver takes the domain of the From: line and asks for the TXT record at `_dmarc` below it, then below its parent domains.",
        "Mail passes when SPF or DKIM passed for a domain that matches (is aligned with) the From: domain.",
        "Else the policy counts: `p=none` only reports, `p=quarantine` marks as suspicious, `p=reject` refuses.",
        "Daily reports go to the addresses in `rua`: read them before you tighten the policy.",
    ],
    examples: &[("_dmarc.example.com", "TXT", "v=DMARC1; p=reject; rua=mailto:dmarc@example.com")],
    mind: "Begin with p=none and reports, mend what the reports show, then go to quarantine and reject. Reports to another domain need that domain's consent in its DNS.",
};

static MTA_STS: Guide = Guide {
    title: "MTA-STS",
    what: "Mail servers encrypt only if the other side offers it, and an attacker in between can hide the offer. MTA-STS says over HTTPS that your servers always offer it, with a valid certificate.",
    how: &[
        "A sender finds the TXT record at `_mta-sts`; a new `id` there says that the policy changed.",
        "It fetches the policy file from `https://mta-sts.<domain>/.well-known/mta-sts.txt`.",
        "For `max_age` seconds it then delivers only to the servers named there, only over TLS, only with a certificate it trusts.",
        "`mode: testing` reports failures and delivers all the same; `mode: enforce` refuses.",
    ],
    examples: &[
        ("_mta-sts.example.com", "TXT", "v=STSv1; id=20261123T120000"),
        (
            "https://mta-sts.example.com/.well-known/mta-sts.txt",
            "file",
            "version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmax_age: 604800\r\n",
        ),
    ],
    mind: "Change the file first and the id after it. When MX hosts move, the policy must name the new ones before the DNS does.",
};

static TLS_RPT: Guide = Guide {
    title: "TLS-RPT",
    what: "TLS-RPT asks other mail servers for a daily report on how encrypted delivery to you went. Without it you do not hear of deliveries that MTA-STS or DANE stopped.",
    how: &[
        "A sender that supports it finds the TXT record at `_smtp._tls`.",
        "Once a day it sends a JSON report with counts of good and failed sessions and the reasons.",
    ],
    examples: &[("_smtp._tls.example.com", "TXT", "v=TLSRPTv1; rua=mailto:tls-reports@example.com")],
    mind: "The quickest of all to set up: one record and a mailbox. Best done before MTA-STS goes to enforce.",
};

static BIMI: Guide = Guide {
    title: "BIMI",
    what: "BIMI shows your logo beside your mail in mail programs that support it. It is a reward for enforced DMARC more than a protection of its own.",
    how: &[
        "A mail must pass DMARC, and the policy must be enforced (quarantine or reject, for subdomains too).",
        "The mail provider asks for the TXT record at `default._bimi` and fetches the logo from `l=`.",
        "Many providers also want a certificate at `a=` that ties the logo to your organisation (VMC or CMC).",
    ],
    examples: &[(
        "default._bimi.example.com",
        "TXT",
        "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/logo.pem",
    )],
    mind: "The logo must be SVG Tiny PS, a square that still reads in a small circle. Ordinary SVG files from drawing programs do not qualify as they are.",
};

static DANE: Guide = Guide {
    title: "DANE",
    what: "DANE puts a fingerprint of a mail server's certificate into signed DNS. Senders that check it cannot be talked out of encryption or led to another server.",
    how: &[
        "The sender looks up the MX records and sees that they are signed with DNSSEC.",
        "It asks for the TLSA records at `_25._tcp` below each mail server's name.",
        "It delivers only over TLS, and only if the certificate or its issuer matches one of them.",
    ],
    examples: &[(
        "_25._tcp.mx1.example.com",
        "TLSA",
        "3 1 1 0b9fa5a59eed715c26c1020c711b4f6ec42d58b0015e14337a39dad301c5afc3",
    )],
    mind: "Both your zone and the mail servers' zone must be signed. Publish the new fingerprint before you change a certificate, and keep both until the old TTL has passed.",
};

static DNSSEC: Guide = Guide {
    title: "DNSSEC",
    what: "DNSSEC signs the answers of the DNS, so that nobody on the way can change them. DANE depends on it; every other record here is safer with it.",
    how: &[
        "Your zone's records are signed with a key that the zone publishes as DNSKEY.",
        "The zone above publishes a fingerprint of that key as DS; that zone is signed in turn, up to the root.",
        "A resolver that validates refuses answers whose signatures do not add up.",
    ],
    examples: &[("example.com", "DS", "12345 13 2 49fd46e6c4b45c55d4ac69cbd3cd34ac1afe51de4c2c7f2f4b8f7f8a1f3cbb1e")],
    mind: "The DS record is set at the registrar, and it must go before you stop signing or change provider: a DS without a matching key takes the domain off the net.",
};
