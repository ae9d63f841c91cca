//! BIMI: the assertion record, what it asks of DMARC, the logo, and its Mark Certificate.

mod authorities;
mod certificate;
mod discovery;
mod enforcement;
mod files;
mod local_part;
mod logo;
pub mod providers;
mod record_rules;
mod rules;
mod steps;
mod wording;

pub use authorities::Authorities;
pub use certificate::Certificate;
pub use discovery::{Discovery, NearMiss, OwnOutcome, OwnRecord, Search};
pub use enforcement::{Enforcement, Reason};
pub use logo::Logo;
pub use providers::Known;

use serde_json::json;

use super::{Context, Gap, Judgement, Level, Prerequisite, Published, Room, ScoreItem, Status, dmarc};
use crate::name::DomainName;
use crate::pki::mark;
use crate::records::bimi::{Bimi, BimiProblem, Location, Preference};
use crate::records::{Parsed, Technology};

/// What is known about BIMI.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The record and the way to it.
    pub search: Search,
    /// The selector asked for.
    pub selector: String,
    /// Whether DMARC is strict enough.
    pub enforcement: Enforcement,
    /// The logo at `l=`, or the one that was supplied.
    pub logo: Logo,
    /// The certificate at `a=`, or the one that was supplied.
    pub certificate: Certificate,
    /// Who may issue mark certificates for the domain.
    pub authorities: Result<Authorities, Gap>,
}

impl Facts {
    /// Asks for the assertion record, for the files that it names, and for who may issue mark certificates.
    pub fn gather(context: &Context<'_>, dmarc: &dmarc::Facts) -> Self {
        let search = Search::run(context, dmarc);
        let record = match &search.discovery {
            Discovery::Record { parsed, .. } => Some(&parsed.record),
            _ => None,
        };
        let logo = Logo::gather(context, record.map(|record| &record.location));
        let certificate = Certificate::gather(context, record.map(|record| &record.evidence), dmarc, &logo);
        Self {
            search,
            selector: context.options.bimi_selector.clone(),
            enforcement: enforcement::judge(dmarc, context.domain),
            logo,
            certificate,
            authorities: Authorities::gather(context, dmarc),
        }
    }

    /// The one assertion record, however faulty.
    pub fn record(&self) -> Option<&Parsed<Bimi, BimiProblem>> {
        match &self.search.discovery {
            Discovery::Record { parsed, .. } => Some(parsed),
            _ => None,
        }
    }

    /// The one assertion record with its name and text.
    pub fn published_record(&self) -> Option<(&DomainName, &str, &Parsed<Bimi, BimiProblem>)> {
        match &self.search.discovery {
            Discovery::Record { name, text, parsed, .. } => Some((name, text, parsed)),
            _ => None,
        }
    }

    /// What providers would know of it.
    pub fn known(&self) -> Known {
        let has_record = match &self.search.discovery {
            Discovery::Record { parsed, .. } => Some(parsed.is_sound() && !parsed.record.is_declined()),
            Discovery::Several { .. } | Discovery::Absent => Some(false),
            Discovery::Unknown(_) | Discovery::NoSuchName { .. } => None,
        };
        let certificate = match (&self.certificate.verdict, self.record().map(|parsed| &parsed.record.evidence)) {
            (Some(verdict), _) if verdict.valid() => match verdict.kind {
                Some(mark::Kind::Cmc) => providers::Certificate::Common,
                _ => providers::Certificate::Verified,
            },
            _ if self.certificate.is_valid() == Some(false) => providers::Certificate::Invalid,
            (_, Some(Location::Missing | Location::Empty { .. } | Location::Broken { .. })) => {
                providers::Certificate::Absent
            }
            _ => providers::Certificate::Unknown,
        };
        Known { record: has_record, enforcement: self.enforces(), logo: self.logo.is_accepted(), certificate }
    }

    /// Whether DMARC is as strict as BIMI asks.
    pub fn enforces(&self) -> Option<bool> {
        match self.enforcement {
            Enforcement::Met => Some(true),
            Enforcement::NotMet(_) | Enforcement::Doubtful(_) => Some(false),
            Enforcement::Unknown { .. } => None,
        }
    }

    /// Whether the domain declines to take part.
    pub fn is_declined(&self) -> bool {
        self.record().is_some_and(|parsed| parsed.record.is_declined())
    }
}

/// Everything the report asks.
pub static ROOM: Room = Room {
    technology: Technology::Bimi,
    checks: rules::CHECKS,
    status: |facts, findings| match &facts.bimi.search.discovery {
        Discovery::Absent if !facts.profile.sends() => Status::NotApplicable,
        Discovery::Absent if facts.bimi.search.near_misses.is_empty() => Status::Absent,
        _ if facts.bimi.is_declined() => Status::NotApplicable,
        Discovery::Unknown(_) => Status::Unknown,
        _ => super::worst(findings),
    },
    score: &[
        ScoreItem {
            id: "bimi.record",
            level: Level::Advanced,
            label: "A BIMI record that receivers can use",
            how: "2 points for exactly one record without a fault, at the domain or its organizational domain. A record that \
                  declines (`l=; a=;`) and domains that send no mail are left out.",
            points: 2,
            judge: |facts| {
                with_record(facts, |parsed| if parsed.is_sound() { Judgement::Earned(2) } else { Judgement::Earned(0) })
            },
        },
        ScoreItem {
            id: "bimi.enforcement",
            level: Level::Advanced,
            label: "DMARC as strict as BIMI asks",
            how: "1 point when the DMARC records of the domain and its organizational domain have p=quarantine or p=reject, \
                  no sp=none, no pct below 100 with p=quarantine, no np=none and no t=y.",
            points: 1,
            judge: |facts| {
                if !applies(facts) {
                    return Judgement::NotApplicable;
                }
                match facts.bimi.enforcement {
                    Enforcement::Met => Judgement::Earned(1),
                    Enforcement::NotMet(_) | Enforcement::Doubtful(_) => Judgement::Earned(0),
                    Enforcement::Unknown { .. } => Judgement::Unknown,
                }
            },
        },
        ScoreItem {
            id: "bimi.logo",
            level: Level::Advanced,
            label: "A logo that receivers accept",
            how: "1 point when the file at l= is SVG Tiny PS. Not judged where the file was not looked at; 0 without a usable l=.",
            points: 1,
            judge: |facts| with_record(facts, |parsed| given(&parsed.record.location, facts.bimi.logo.is_accepted())),
        },
        ScoreItem {
            id: "bimi.certificate",
            level: Level::Advanced,
            label: "A mark certificate for the logo",
            how: "1 point when the certificate at a= is valid for domain and logo. Not judged where it was not looked at; \
                  0 without a usable a=.",
            points: 1,
            judge: |facts| {
                with_record(facts, |parsed| given(&parsed.record.evidence, facts.bimi.certificate.is_valid()))
            },
        },
    ],
    done: |facts| match &facts.bimi.search.discovery {
        Discovery::Absent if !facts.profile.sends() => None,
        Discovery::Record { parsed, .. } if parsed.is_sound() && !parsed.record.is_declined() => {
            let refused = facts.bimi.logo.is_accepted() == Some(false)
                || facts.bimi.certificate.is_valid() == Some(false)
                || matches!(facts.bimi.enforcement, Enforcement::NotMet(_));
            let met = facts.bimi.logo.is_accepted() == Some(true)
                && facts.bimi.enforcement == Enforcement::Met
                && (parsed.record.evidence.uri().is_none() || facts.bimi.certificate.is_valid() == Some(true));
            if refused { Some(false) } else { met.then_some(true) }
        }
        Discovery::Unknown(_) | Discovery::NoSuchName { .. } => None,
        _ => Some(false),
    },
    prerequisites: |facts| {
        let met = facts.bimi.enforces();
        vec![
            Prerequisite { id: "dmarc-enforcement".into(), label: "DMARC enforcement".into(), met },
            Prerequisite { id: "svg-logo".into(), label: "SVG logo".into(), met: facts.bimi.logo.is_accepted() },
        ]
    },
    steps: steps::steps,
    unknowns: |facts| facts.bimi.certificate.unknowns(),
    published,
    detail,
};

/// Whether BIMI makes sense for the domain: it sends mail and does not decline.
fn applies(facts: &super::Facts) -> bool {
    facts.profile.sends() && !facts.bimi.is_declined()
}

fn with_record(facts: &super::Facts, judge: impl Fn(&Parsed<Bimi, BimiProblem>) -> Judgement) -> Judgement {
    if !applies(facts) {
        return Judgement::NotApplicable;
    }
    match &facts.bimi.search.discovery {
        Discovery::Record { parsed, .. } => judge(parsed),
        Discovery::Unknown(_) | Discovery::NoSuchName { .. } => Judgement::Unknown,
        Discovery::Several { .. } | Discovery::Absent => Judgement::Earned(0),
    }
}

/// A file that is named and was not looked at is not judged.
fn given(location: &Location, is_good: Option<bool>) -> Judgement {
    match (location.uri(), is_good) {
        (None, _) | (Some(_), Some(false)) => Judgement::Earned(0),
        (Some(_), Some(true)) => Judgement::Earned(1),
        (Some(_), None) => Judgement::Unknown,
    }
}

fn published(facts: &super::Facts) -> Vec<Published> {
    let mut published = facts.bimi.search.published.clone();
    let authorities = facts.bimi.authorities.as_ref().ok();
    for (name, parsed) in authorities.iter().flat_map(|all| all.properties.iter().map(|parsed| (&all.name, parsed))) {
        published.push(Published {
            name: name.to_string(),
            record_type: "CAA".into(),
            value: parsed.record.text(),
            ttl: None,
            from: None,
        });
    }
    published
}

fn detail(facts: &super::Facts) -> serde_json::Value {
    let bimi = &facts.bimi;
    let record = bimi.record().map(|parsed| &parsed.record);
    let address = |location: fn(&Bimi) -> &Location| {
        record.and_then(|record| location(record).uri()).map(|uri| uri.text.as_str())
    };
    let (logo, certificate) = (address(|record| &record.location), address(|record| &record.evidence));
    let inherited = matches!(bimi.search.discovery, Discovery::Record { inherited: true, .. });
    json!({
        "selector": bimi.selector,
        "asked": bimi.search.asked,
        "inherited": inherited,
        "declined": bimi.is_declined(),
        "logo": logo,
        "certificate": certificate,
        "preference": record.map(|record| match record.preference {
            Preference::Brand => "brand",
            Preference::Personal => "personal",
        }),
        "local_part_selectors": record.and_then(|record| record.local_part_selectors.as_ref()),
        "dmarc_enforcing": bimi.enforces(),
        "logo_file": bimi.logo.detail(logo),
        "certificate_file": files::detail(&bimi.certificate.fetched, certificate),
        "mark": bimi.certificate.detail(),
        "providers_as_of": providers::AS_OF,
        "providers": providers::standings(&bimi.known()),
    })
}
