//! What to do about BIMI, in order.

use crate::checks::{Facts, Publish, Step};
use crate::records::Technology;
use crate::records::bimi::Location;

use super::{Discovery, Enforcement};

fn step(step: &str, why: &str, publish: Vec<Publish>) -> Step {
    Step { technology: Technology::Bimi, step: step.into(), why: why.into(), publish }
}

/// DMARC first, then the record, the logo, and the certificate.
pub(super) fn steps(facts: &Facts) -> Vec<Step> {
    let bimi = &facts.bimi;
    if !super::applies(facts) {
        return Vec::new();
    }
    let mut steps = Vec::new();
    if let Enforcement::NotMet(_) | Enforcement::Doubtful(_) = bimi.enforcement {
        steps.push(step(
            "Bring DMARC to enforcement before BIMI.",
            "Receivers look for a logo only where DMARC says p=quarantine or p=reject, for sub-domains too.",
            Vec::new(),
        ));
    }
    steps.extend(record(facts));
    if bimi.logo.is_accepted() == Some(false) {
        steps.push(step(
            "Repair the logo and put it where the record says.",
            "Receivers refuse a drawing with a single fault. The page repairs most drawings (“Repair it”), and so does \
             `mxray logo logo.svg --fix repaired.svg`; both show the difference.",
            Vec::new(),
        ));
    }
    if bimi.certificate.is_valid() == Some(false) {
        steps.push(step(
            "Replace the mark certificate.",
            "With one that does not hold, receivers that ask for a certificate show no logo.",
            Vec::new(),
        ));
    }
    steps
}

/// What to do about the record.
fn record(facts: &Facts) -> Option<Step> {
    let bimi = &facts.bimi;
    match &bimi.search.discovery {
        Discovery::Absent => {
            let name = bimi.search.asked.first()?;
            let text = format!("v=BIMI1; l=https://{}/bimi/logo.svg; a=;", facts.domain);
            Some(step(
                "Make an SVG Tiny PS version of your logo, put it on an https server, and publish its address.",
                "The address of the logo in this record is a placeholder: write where your file really is. With a mark \
                 certificate, its address goes to a=; without one, Gmail and Apple Mail show nothing.",
                vec![Publish::txt(name, text)],
            ))
        }
        Discovery::Several { name, texts } => {
            let keep = texts.iter().take(1).map(|text| Publish::txt(name, text)).collect();
            Some(step("Keep one BIMI record and remove the others.", "With several, receivers show no logo.", keep))
        }
        Discovery::Record { name, parsed, .. } if !parsed.is_sound() => {
            let uri = |location: &Location| location.uri().map(|uri| uri.text.clone()).unwrap_or_default();
            let (logo, evidence) = (uri(&parsed.record.location), uri(&parsed.record.evidence));
            let publish = if logo.is_empty() {
                Vec::new()
            } else {
                vec![Publish::txt(name, format!("v=BIMI1; l={logo}; a={evidence};"))]
            };
            Some(step(
                "Correct the BIMI record.",
                "Receivers do not repair a faulty record: they show no logo.",
                publish,
            ))
        }
        Discovery::Record { .. } | Discovery::Unknown(_) | Discovery::NoSuchName { .. } => None,
    }
}
