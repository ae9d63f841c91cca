//! Which mailbox providers would show the logo, and what each still wants.
//!
//! What providers ask for is no standard and changes: the table is data with its date.

use serde::Serialize;

/// When the table was last compared with what the providers say.
pub const AS_OF: &str = "August 2026";

/// What is known about a domain's logo; `None` where something is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether there is a record that receivers can use.
    pub record: Option<bool>,
    /// Whether the DMARC policies are as strict as BIMI asks.
    pub enforcement: Option<bool>,
    /// Whether the logo conforms to SVG Tiny PS.
    pub logo: Option<bool>,
    /// The certificate.
    pub certificate: Certificate,
}

/// What is known about the certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Certificate {
    /// Nothing.
    #[default]
    Unknown,
    /// There is none.
    Absent,
    /// There is one that does not hold.
    Invalid,
    /// A Verified Mark Certificate.
    Verified,
    /// A Common Mark Certificate.
    Common,
}

/// Whether a provider shows the logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shows {
    /// It shows the logo and a check mark.
    LogoAndCheck,
    /// It shows the logo.
    Logo,
    /// Nothing that can be seen from outside stands in the way; the provider decides.
    Perhaps,
    /// Something is missing.
    No,
    /// Too little is known.
    Unknown,
}

impl Shows {
    /// It in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::LogoAndCheck => "logo and check mark",
            Self::Logo => "logo",
            Self::Perhaps => "perhaps",
            Self::No => "no",
            Self::Unknown => "not known yet",
        }
    }
}

/// How a logo stands with one provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Stable identifier.
    pub id: &'static str,
    /// The provider.
    pub provider: &'static str,
    /// Whether it shows the logo.
    pub shows: Shows,
    /// What it still wants; for [`Shows::Unknown`], what has to be known first.
    pub wants: Vec<&'static str>,
    /// What else decides there.
    pub note: &'static str,
}

/// What a provider asks of certificates.
#[derive(Clone, Copy)]
enum Evidence {
    /// A valid one; whether a Verified Mark Certificate brings a check mark.
    Required { check: bool },
    /// None; one that is given has to hold.
    Optional,
    /// Not told.
    Varies,
}

/// What a provider does once everything that it asks for is there.
#[derive(Clone, Copy)]
enum Then {
    /// Shows the logo.
    Shows,
    /// Decides for itself.
    Decides,
}

struct Provider {
    id: &'static str,
    name: &'static str,
    /// `None`: it shows no such logos.
    asks: Option<(Evidence, Then)>,
    note: &'static str,
}

const PROVIDERS: &[Provider] = &[
    Provider {
        id: "gmail",
        name: "Gmail",
        asks: Some((Evidence::Required { check: true }, Then::Shows)),
        note: "With a Common Mark Certificate the logo is shown without the check mark. The drawing should have a size in \
               pixels, 96 or more.",
    },
    Provider {
        id: "apple",
        name: "Apple Mail",
        asks: Some((Evidence::Required { check: false }, Then::Decides)),
        note: "From iOS 16 and macOS 13 on, where the provider of the mailbox has checked BIMI and says so in a header that \
               Apple trusts. Sizes in percent are refused.",
    },
    Provider {
        id: "yahoo",
        name: "Yahoo and AOL",
        asks: Some((Evidence::Optional, Then::Decides)),
        note: "No certificate is needed. The sender needs a good reputation and enough mail in bulk.",
    },
    Provider {
        id: "fastmail",
        name: "Fastmail",
        asks: Some((Evidence::Optional, Then::Shows)),
        note: "No certificate is needed; one that is given is verified.",
    },
    Provider {
        id: "others",
        name: "La Poste, GMX and WEB.DE, Zoho, Onet, Zone, au, hosts with Cloudmark",
        asks: Some((Evidence::Varies, Then::Decides)),
        note: "They have announced support; their rules for certificates differ.",
    },
    Provider { id: "microsoft", name: "Outlook and Microsoft 365", asks: None, note: "Microsoft shows no BIMI logos." },
];

/// How a logo stands with every provider of the table.
pub fn standings(known: &Known) -> Vec<Standing> {
    PROVIDERS.iter().map(|provider| standing(provider, known)).collect()
}

fn standing(provider: &Provider, known: &Known) -> Standing {
    let of = |shows, wants| Standing { id: provider.id, provider: provider.name, shows, wants, note: provider.note };
    let Some((evidence, then)) = provider.asks else { return of(Shows::No, Vec::new()) };
    let asked = [
        (known.enforcement, "DMARC at quarantine or reject for all mail", "whether DMARC is enforced"),
        (known.record, "a BIMI record", "whether there is a BIMI record"),
        (known.logo, "a logo that conforms to SVG Tiny PS", "whether the logo conforms"),
        certificate(evidence, known.certificate),
    ];
    let missing: Vec<_> = asked.iter().filter(|(met, ..)| *met == Some(false)).map(|(_, wants, _)| *wants).collect();
    if !missing.is_empty() {
        return of(Shows::No, missing);
    }
    let open: Vec<_> = asked.iter().filter(|(met, ..)| met.is_none()).map(|(.., unknown)| *unknown).collect();
    if !open.is_empty() {
        return of(Shows::Unknown, open);
    }
    let shows = match (then, evidence) {
        (Then::Decides, _) => Shows::Perhaps,
        (_, Evidence::Required { check: true }) if known.certificate == Certificate::Verified => Shows::LogoAndCheck,
        _ => Shows::Logo,
    };
    of(shows, Vec::new())
}

/// Whether a certificate is as a provider asks, what is wanted where it is not, and what is to be known.
fn certificate(evidence: Evidence, known: Certificate) -> (Option<bool>, &'static str, &'static str) {
    use Certificate::{Absent, Common, Invalid, Unknown, Verified};
    let open = "whether the certificate is valid";
    match (evidence, known) {
        (_, Verified | Common) | (Evidence::Optional | Evidence::Varies, Absent) => (Some(true), "", open),
        (_, Invalid) => (Some(false), "a certificate that is valid", open),
        (Evidence::Required { .. }, Absent) => {
            (Some(false), "a Verified or Common Mark Certificate for the logo", open)
        }
        (_, Unknown) => (None, "", open),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the table says: the provider's identifier, and whether it shows the logo.
    fn shown(known: &Known) -> Vec<(&'static str, Shows)> {
        standings(known).into_iter().map(|standing| (standing.id, standing.shows)).collect()
    }

    fn all_met(certificate: Certificate) -> Known {
        Known { record: Some(true), enforcement: Some(true), logo: Some(true), certificate }
    }

    fn wants(known: &Known, id: &str) -> Vec<&'static str> {
        standings(known)
            .into_iter()
            .find(|standing| standing.id == id)
            .map(|standing| standing.wants)
            .unwrap_or_default()
    }

    #[test]
    fn the_table_of_section_9_12() {
        use Shows::{Logo, LogoAndCheck, No, Perhaps};
        let row = |gmail, apple| {
            vec![
                ("gmail", gmail),
                ("apple", apple),
                ("yahoo", Perhaps),
                ("fastmail", Logo),
                ("others", Perhaps),
                ("microsoft", No),
            ]
        };
        assert_eq!(shown(&all_met(Certificate::Verified)), row(LogoAndCheck, Perhaps));
        assert_eq!(shown(&all_met(Certificate::Common)), row(Logo, Perhaps));
        assert_eq!(shown(&all_met(Certificate::Absent)), row(No, No));
    }

    #[test]
    fn a_certificate_that_does_not_hold_is_worse_than_none() {
        let known = all_met(Certificate::Invalid);
        assert!(shown(&known).iter().all(|(_, shows)| *shows == Shows::No));
        assert_eq!(wants(&known, "fastmail"), ["a certificate that is valid"]);
    }

    #[test]
    fn what_is_missing_goes_before_what_is_not_known() {
        let known = Known { enforcement: Some(false), ..Known::default() };
        assert_eq!(wants(&known, "gmail"), ["DMARC at quarantine or reject for all mail"]);
        let open = Known { enforcement: Some(true), ..Known::default() };
        assert_eq!(
            wants(&open, "gmail"),
            ["whether there is a BIMI record", "whether the logo conforms", "whether the certificate is valid"]
        );
        assert!(shown(&open).iter().all(|(id, shows)| *shows == Shows::Unknown || *id == "microsoft"));
    }

    #[test]
    fn each_want_stops_the_logo_everywhere() {
        let met = all_met(Certificate::Verified);
        for known in [
            Known { record: Some(false), ..met },
            Known { enforcement: Some(false), ..met },
            Known { logo: Some(false), ..met },
        ] {
            assert!(standings(&known).iter().all(|standing| standing.shows == Shows::No), "{known:?}");
        }
    }
}
