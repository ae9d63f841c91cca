//! Well-known senders, by the names that their customers put into SPF records.

use super::tree::{Node, Tree, Via};

/// A mail service that sends for many domains.
#[derive(Debug, PartialEq, Eq)]
pub struct Provider {
    /// Stable identifier: `google`, `microsoft`.
    pub id: &'static str,
    /// The name as people know it.
    pub label: &'static str,
    /// The ends of the names that its customers include.
    domains: &'static [&'static str],
}

/// The senders that are known, 2026-11.
static PROVIDERS: &[Provider] = &[
    Provider { id: "google", label: "Google Workspace", domains: &["_spf.google.com", "google.com"] },
    Provider { id: "microsoft", label: "Microsoft 365", domains: &["protection.outlook.com", "outlook.com"] },
    Provider { id: "amazonses", label: "Amazon SES", domains: &["amazonses.com"] },
    Provider { id: "sendgrid", label: "SendGrid", domains: &["sendgrid.net"] },
    Provider { id: "mailchimp", label: "Mailchimp", domains: &["servers.mcsv.net", "mcsv.net", "spf.mandrillapp.com"] },
    Provider { id: "mailgun", label: "Mailgun", domains: &["mailgun.org"] },
    Provider { id: "postmark", label: "Postmark", domains: &["spf.mtasv.net", "mtasv.net"] },
    Provider { id: "sparkpost", label: "SparkPost", domains: &["sparkpostmail.com"] },
    Provider { id: "mailjet", label: "Mailjet", domains: &["spf.mailjet.com", "mailjet.com"] },
    Provider { id: "brevo", label: "Brevo", domains: &["spf.sendinblue.com", "sendinblue.com", "spf.brevo.com"] },
    Provider { id: "zoho", label: "Zoho Mail", domains: &["zoho.com", "zoho.eu", "zohomail.com", "zohomail.eu"] },
    Provider { id: "proton", label: "Proton Mail", domains: &["_spf.protonmail.ch", "protonmail.ch"] },
    Provider { id: "fastmail", label: "Fastmail", domains: &["spf.messagingengine.com", "messagingengine.com"] },
    Provider { id: "icloud", label: "iCloud Mail", domains: &["icloud.com"] },
    Provider { id: "salesforce", label: "Salesforce", domains: &["_spf.salesforce.com", "salesforce.com"] },
    Provider { id: "hubspot", label: "HubSpot", domains: &["hubspotemail.net"] },
    Provider { id: "zendesk", label: "Zendesk", domains: &["mail.zendesk.com", "zendesk.com"] },
    Provider { id: "freshdesk", label: "Freshdesk", domains: &["freshdesk.com", "freshemail.io"] },
    Provider { id: "mimecast", label: "Mimecast", domains: &["mimecast.com"] },
    Provider { id: "proofpoint", label: "Proofpoint", domains: &["pphosted.com", "ppe-hosted.com"] },
    Provider { id: "ionos", label: "IONOS", domains: &["kundenserver.de", "perfora.net"] },
    Provider { id: "ovh", label: "OVHcloud", domains: &["mx.ovh.com"] },
    Provider { id: "yandex", label: "Yandex 360", domains: &["_spf.yandex.net", "yandex.net"] },
    Provider { id: "gandi", label: "Gandi", domains: &["_mailcust.gandi.net"] },
    Provider { id: "migadu", label: "Migadu", domains: &["spf.migadu.com"] },
];

/// The senders named in the domain's own records, redirects followed; what a sender includes in turn is its own matter.
pub fn of(trees: &[Tree]) -> Vec<&'static Provider> {
    let mut found: Vec<&'static Provider> = Vec::new();
    let own = |tree: &Tree, node: &Node| tree.root().is_some_and(|root| node.domain.is_at_or_below(&root.domain));
    let nodes = trees.iter().flat_map(|tree| tree.nodes.iter().map(move |node| (tree, node)));
    for (_, node) in nodes.filter(|(tree, node)| node.via != Via::Include || own(tree, node)) {
        let Some(published) = node.published() else { continue };
        for reached in &node.reached {
            let term = published.span(reached.place).of(&published.text).to_ascii_lowercase();
            let target = term.split_once([':', '=']).map_or("", |(_, target)| target).trim_end_matches('.');
            if let Some(provider) = of_name(target)
                && !found.contains(&provider)
            {
                found.push(provider);
            }
        }
    }
    found
}

/// The sender that a name belongs to.
pub fn of_name(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.domains.iter().any(|end| ends_in(name, end)))
}

/// Whether a name is `end` or lies below it.
fn ends_in(name: &str, end: &str) -> bool {
    name.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}
