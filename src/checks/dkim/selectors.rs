//! Selectors that are asked: DNS cannot list them, so the common ones of known providers are tried.

use crate::name::DomainName;

/// A provider: what its mail servers and SPF includes end in, and the selectors it uses.
pub struct Provider {
    /// Its name.
    pub name: &'static str,
    /// Ends of MX hosts, SPF domains and targets of aliases that show its use.
    pub hints: &'static [&'static str],
    /// Its selectors; none where they cannot be guessed.
    pub selectors: &'static [&'static str],
}

impl Provider {
    fn has(&self, host: &DomainName) -> bool {
        self.hints.iter().any(|hint| DomainName::parse(hint).is_ok_and(|hint| host.is_at_or_below(&hint)))
    }
}

const fn provider(name: &'static str, hints: &'static [&'static str], selectors: &'static [&'static str]) -> Provider {
    Provider { name, hints, selectors }
}

/// State 2026-11, from the documentation and code of the providers and of other checkers.
pub static PROVIDERS: &[Provider] = &[
    provider("Google Workspace", &["google.com", "googlemail.com"], &["google"]),
    provider("Gmail", &[], &["20230601", "20221208", "20210112", "20161025"]),
    provider(
        "Microsoft 365",
        &["outlook.com", "onmicrosoft.com", "mx.microsoft", "mail.microsoft"],
        &["selector1", "selector2"],
    ),
    provider("Mailchimp", &["mcsv.net"], &["k1", "k2", "k3"]),
    provider("Mandrill", &["mandrillapp.com"], &["mandrill", "mte1", "mte2"]),
    provider("SendGrid", &["sendgrid.net"], &["s1", "s2", "smtpapi", "sendgrid", "em", "em1", "em2"]),
    provider("Fastmail", &["messagingengine.com", "fmhosted.com"], &["fm1", "fm2", "fm3", "mesmtp"]),
    provider("Proton", &["protonmail.ch", "proton.ch"], &["protonmail", "protonmail2", "protonmail3"]),
    provider("Zoho", &["zoho.com", "zoho.eu", "zoho.in", "zohomail.com"], &["zoho", "zmail", "zoho1"]),
    provider("Everlytic", &["everlytic.net"], &["everlytickey1", "everlytickey2", "eversrv"]),
    provider("iCloud", &["icloud.com", "icloudmailadmin.com"], &["sig1"]),
    provider("MailerLite", &["mlsend.com", "mailerlite.com"], &["litesrv", "mlsend"]),
    provider("HubSpot", &["hubspotemail.net"], &["hs1", "hs2"]),
    provider("Zendesk", &["zendesk.com"], &["zendesk1", "zendesk2"]),
    provider("Campaign Monitor", &["cmail1.com", "createsend.com"], &["cm"]),
    provider("Constant Contact", &["constantcontact.com"], &["ctct1", "ctct2"]),
    provider("Proofpoint", &["pphosted.com", "ppe-hosted.com"], &["ppdkim"]),
    provider("Rackspace", &["emailsrvr.com"], &["mailrelay"]),
    provider("MxVault", &["mxvault.com"], &["mxvault"]),
    provider("Hetzner", &["your-server.de"], &["dkim"]),
    provider("cPanel, Plesk and many hosts", &["secureserver.net", "registrar-servers.com"], &["default"]),
    provider("Postmark", &["mtasv.net", "postmarkapp.com"], &["pm"]),
    provider("Mailgun", &["mailgun.org"], &["pic", "mg", "mailo", "smtp", "k1"]),
    provider("Brevo", &["sendinblue.com", "brevo.com"], &["brevo1", "brevo2", "mail"]),
    provider("Mailjet", &["mailjet.com"], &["mailjet"]),
    provider("Klaviyo", &["klaviyomail.com"], &["kl", "kl2"]),
    provider("ActiveCampaign", &["emsd1.com", "activehosted.com"], &["dk", "acdkim1"]),
    provider("AWeber", &["aweber.com"], &["aweber_key_a", "aweber_key_b", "aweber_key_c"]),
    provider("Yahoo", &["yahoodns.net", "yahoo.com"], &["s2048", "s1024"]),
    provider("Resend", &["resend.com"], &["resend"]),
    provider("Cloudflare Email Routing", &["mx.cloudflare.net"], &["cf2024-1"]),
    provider("Gandi", &["gandi.net", "gandimail.net"], &["gm1", "gm2", "gm3"]),
    provider("Migadu", &["migadu.com"], &["key1", "key2", "key3"]),
    provider("Purelymail", &["purelymail.com"], &["purelymail1", "purelymail2", "purelymail3"]),
    provider("mailbox.org", &["mailbox.org"], &["mbo0001", "mbo0002", "mbo0003", "mbo0004"]),
    provider("Hostinger", &["hostinger.com"], &["hostingermail-a", "hostingermail-b", "hostingermail-c"]),
    provider("Titan", &["titan.email"], &["titan1", "titan2"]),
    provider("Mail.ru", &["mail.ru"], &["mailru"]),
    provider("Yandex", &["yandex.net", "yandex.ru"], &["mail"]),
    provider("IONOS", &["kundenserver.de", "ionos.com", "ionos.de"], &["s1-ionos", "s2-ionos"]),
    provider("STRATO", &["rzone.de"], &["strato-dkim-0002"]),
    provider("OVH", &["ovh.net", "ovh.com"], &["ovhmo-selector-1", "ovhmo-selector-2"]),
    provider("turboSMTP", &["turbo-smtp.com", "serversmtp.com"], &["turbo-smtp"]),
    provider("Salesforce", &["exacttarget.com", "salesforce.com"], &["sf1", "sf2"]),
    provider(
        "in common use",
        &[],
        &[
            "dkim",
            "mail",
            "email",
            "smtp",
            "key1",
            "default",
            "s1",
            "s2",
            "sm",
            "selector",
            "dk",
            "x",
            "main",
            "class",
            "alpha",
            "pmta",
            "bfi",
            "spop1024",
            "authsmtp",
            "squaremail",
            "publickey",
            "proddkim",
            "ed-dkim",
            "scooby",
            "dkimmail",
        ],
    ),
    // These cannot be guessed: random tokens, customer numbers or dates.
    provider("Amazon SES", &["amazonses.com", "amazonaws.com"], &[]),
    provider("Mimecast", &["mimecast.com"], &[]),
    provider("Barracuda", &["barracudanetworks.com"], &[]),
    provider("SparkPost", &["sparkpostmail.com"], &[]),
];

/// Providers whose servers or includes show in MX and SPF.
pub fn hinted(hosts: &[DomainName]) -> Vec<&'static Provider> {
    PROVIDERS.iter().filter(|provider| hosts.iter().any(|host| provider.has(host))).collect()
}

/// Whose name the target of an alias is, where that is known.
pub fn provider_of(target: &DomainName) -> Option<&'static str> {
    PROVIDERS.iter().find(|provider| provider.has(target)).map(|provider| provider.name)
}

/// A selector that nobody has: an answer to it comes from a wildcard. Made from the domain alone, so that the same
/// domain is always asked the same question.
pub fn nonsense(domain: &DomainName) -> String {
    // FNV-1a, 64 bits: spread is all that is wanted of it.
    let hash = domain
        .as_str()
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325_u64, |hash, octet| (hash ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01B3));
    format!("x{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        for provider in PROVIDERS {
            assert!(!provider.selectors.is_empty() || !provider.hints.is_empty(), "{}", provider.name);
            for text in provider.hints.iter().chain(provider.selectors) {
                assert_eq!(DomainName::parse(text).unwrap().as_str(), *text, "as it is looked up");
            }
        }
    }

    #[test]
    fn nonsense_is_stable_and_differs() {
        let of = |text: &str| nonsense(&DomainName::parse(text).unwrap());
        assert_eq!(of("acme.example"), of("ACME.example"));
        assert_ne!(of("acme.example"), of("acme2.example"));
    }
}
