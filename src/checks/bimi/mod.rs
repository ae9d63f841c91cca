//! BIMI: the assertion record and what it asks of DMARC. The logo and its certificate are not judged here yet: what
//! depends on them is unknown.

mod discovery;
mod enforcement;
pub mod providers;
mod record_rules;
mod rules;

pub use discovery::{Discovery, NearMiss, Search};
pub use enforcement::{Enforcement, Reason};

use serde_json::json;

use super::{
    Context, Gap, Judgement, Level, Prerequisite, Publish, Published, Room, ScoreItem, Status, Step, Unknown, dmarc,
};
use crate::dns::{RecordData, RecordType};
use crate::name::DomainName;
use crate::records::bimi::{Bimi, BimiProblem, Location, Preference};
use crate::records::caa::{self, Caa, CaaProblem, Property};
use crate::records::{Parsed, Technology};
use crate::wanted::Urgency;

/// Most CAA records that are looked at.
const MAX_CAA: usize = 64;

/// What is known about BIMI.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The record and the way to it.
    pub search: Search,
    /// The selector asked for.
    pub selector: String,
    /// Whether DMARC is strict enough.
    pub enforcement: Enforcement,
    /// `issuevmc` properties at the domain itself.
    pub mark_authorities: Result<Vec<Parsed<Caa, CaaProblem>>, Gap>,
}

impl Facts {
    /// Asks for the assertion record, and for who may issue mark certificates.
    pub fn gather(context: &Context<'_>, dmarc: &dmarc::Facts) -> Self {
        Self {
            search: Search::run(context, dmarc),
            selector: context.options.bimi_selector.clone(),
            enforcement: enforcement::judge(dmarc, context.domain),
            mark_authorities: mark_authorities(context),
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

    /// Whether the domain declines to take part.
    pub fn is_declined(&self) -> bool {
        self.record().is_some_and(|parsed| parsed.record.is_declined())
    }
}

/// Asks for CAA at the domain and keeps what is about mark certificates.
fn mark_authorities(context: &Context<'_>) -> Result<Vec<Parsed<Caa, CaaProblem>>, Gap> {
    let lookup = context.ask(Technology::Bimi, Urgency::Leaf, context.domain, RecordType::CAA);
    if let Some(gap) = Gap::of(context.domain, RecordType::CAA, &lookup) {
        return Err(gap);
    }
    let read = lookup.records().iter().take(MAX_CAA).filter_map(|record| match &record.data {
        RecordData::Caa { flags, tag, value } => Some(caa::parse(*flags, tag, value)),
        _ => None,
    });
    Ok(read.filter(|parsed| matches!(parsed.record.property, Property::IssueVmc(_))).collect())
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
            judge: |facts| with_record(facts, |parsed| if_given(&parsed.record.location)),
        },
        ScoreItem {
            id: "bimi.certificate",
            level: Level::Advanced,
            label: "A mark certificate for the logo",
            how: "1 point when the certificate at a= is valid for domain and logo. Not judged where it was not looked at; \
                  0 without a usable a=.",
            points: 1,
            judge: |facts| with_record(facts, |parsed| if_given(&parsed.record.evidence)),
        },
    ],
    done: |facts| match &facts.bimi.search.discovery {
        Discovery::Absent if !facts.profile.sends() => None,
        Discovery::Record { parsed, .. } if parsed.is_sound() && !parsed.record.is_declined() => {
            matches!(facts.bimi.enforcement, Enforcement::NotMet(_)).then_some(false)
        }
        Discovery::Unknown(_) | Discovery::NoSuchName { .. } => None,
        _ => Some(false),
    },
    prerequisites: |facts| {
        let met = match facts.bimi.enforcement {
            Enforcement::Met => Some(true),
            Enforcement::NotMet(_) | Enforcement::Doubtful(_) => Some(false),
            Enforcement::Unknown { .. } => None,
        };
        vec![
            Prerequisite { id: "dmarc-enforcement".into(), label: "DMARC enforcement".into(), met },
            Prerequisite { id: "svg-logo".into(), label: "SVG logo".into(), met: None },
        ]
    },
    steps,
    unknowns: |_| Vec::<Unknown>::new(),
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
fn if_given(location: &Location) -> Judgement {
    if location.uri().is_some() { Judgement::Unknown } else { Judgement::Earned(0) }
}

fn steps(facts: &super::Facts) -> Vec<Step> {
    let bimi = &facts.bimi;
    if !applies(facts) {
        return Vec::new();
    }
    let step = |step: &str, why: &str, publish| Step {
        technology: Technology::Bimi,
        step: step.into(),
        why: why.into(),
        publish,
    };
    let mut steps = Vec::new();
    if let Enforcement::NotMet(_) | Enforcement::Doubtful(_) = bimi.enforcement {
        steps.push(step(
            "Bring DMARC to enforcement before BIMI.",
            "Receivers look for a logo only where DMARC says p=quarantine or p=reject, for sub-domains too.",
            Vec::new(),
        ));
    }
    match &bimi.search.discovery {
        Discovery::Absent => {
            let Some(name) = bimi.search.asked.first() else { return steps };
            let text = format!("v=BIMI1; l=https://{}/bimi/logo.svg; a=;", facts.domain);
            steps.push(step(
                "Make an SVG Tiny PS version of your logo, put it on an https server, and publish its address.",
                "The address of the logo in this record is a placeholder: write where your file really is. With a mark \
                 certificate, its address goes to a=; without one, Gmail and Apple Mail show nothing.",
                vec![Publish::txt(name, text)],
            ));
        }
        Discovery::Several { name, texts } => {
            let keep = texts.iter().take(1).map(|text| Publish::txt(name, text)).collect();
            steps.push(step(
                "Keep one BIMI record and remove the others.",
                "With several, receivers show no logo.",
                keep,
            ));
        }
        Discovery::Record { name, parsed, .. } if !parsed.is_sound() => {
            let uri = |location: &Location| location.uri().map(|uri| uri.text.clone()).unwrap_or_default();
            let (logo, evidence) = (uri(&parsed.record.location), uri(&parsed.record.evidence));
            let publish = if logo.is_empty() {
                Vec::new()
            } else {
                vec![Publish::txt(name, format!("v=BIMI1; l={logo}; a={evidence};"))]
            };
            steps.push(step(
                "Correct the BIMI record.",
                "Receivers do not repair a faulty record: they show no logo.",
                publish,
            ));
        }
        _ => {}
    }
    steps
}

fn published(facts: &super::Facts) -> Vec<Published> {
    let mut published = facts.bimi.search.published.clone();
    for parsed in facts.bimi.mark_authorities.iter().flatten() {
        published.push(Published {
            name: facts.domain.to_string(),
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
    let inherited = matches!(bimi.search.discovery, Discovery::Record { inherited: true, .. });
    json!({
        "selector": bimi.selector,
        "asked": bimi.search.asked,
        "inherited": inherited,
        "declined": bimi.is_declined(),
        "logo": record.and_then(|record| record.location.uri()).map(|uri| &uri.text),
        "certificate": record.and_then(|record| record.evidence.uri()).map(|uri| &uri.text),
        "preference": record.map(|record| match record.preference {
            Preference::Brand => "brand",
            Preference::Personal => "personal",
        }),
        "local_part_selectors": record.and_then(|record| record.local_part_selectors.as_ref()),
        "dmarc_enforcing": match bimi.enforcement {
            Enforcement::Met => Some(true),
            Enforcement::NotMet(_) | Enforcement::Doubtful(_) => Some(false),
            Enforcement::Unknown { .. } => None,
        },
    })
}
