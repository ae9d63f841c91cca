//! One question to prove, and what is still to be looked up for it.

use serde::Serialize;

use super::{Anchor, Proof, Prover, State};
use crate::dns::RecordType;
use crate::evidence::Evidence;
use crate::name::DomainName;
use crate::records::Technology;
use crate::time::UnixTime;
use crate::wanted::{Urgency, Want, Wanted};

/// Seconds before the end of a signature from which on it is time to see whether the signer still signs.
const SOON: i64 = 7 * 86_400;

/// What is proved of one question so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inquiry {
    /// The name asked for.
    pub name: DomainName,
    /// The type asked for.
    #[serde(rename = "type")]
    pub record_type: String,
    /// The proof.
    #[serde(flatten)]
    pub proof: Proof,
    /// When the first of the signatures on the way ends.
    pub first_end: Option<UnixTime>,
    /// Whether that is within seven days.
    pub ends_soon: bool,
    /// The look-ups that would tell more.
    #[serde(skip)]
    pub wanted: Vec<Wanted>,
}

/// Everything that a proof of a name may need, from the root down: at most two questions a label.
pub fn on_the_way(name: &DomainName) -> Vec<(DomainName, RecordType)> {
    let mut questions = vec![(DomainName::root(), RecordType::DNSKEY)];
    for count in 1..=name.label_count() {
        let zone = name.suffix(count);
        questions.push((zone.clone(), RecordType::DS));
        questions.push((zone, RecordType::DNSKEY));
    }
    questions
}

impl Inquiry {
    /// Proves an answer by what the evidence holds; everything on the way to the root that it lacks is wanted at once.
    pub fn new(
        name: &DomainName,
        record_type: RecordType,
        anchors: &[Anchor],
        evidence: &Evidence,
        now: UnixTime,
    ) -> Self {
        let prover = Prover::new(evidence, anchors, now);
        let proof = prover.prove(name, record_type);
        let mut missing = prover.take_missing();
        // On the way down to the name and to every alias, each label may be a cut; the name itself may be an apex.
        let names = if missing.is_empty() { &[][..] } else { &proof.chain };
        for link in names {
            for question in on_the_way(&link.name) {
                if evidence.dns_entry(&question.0, question.1).is_none() && !missing.contains(&question) {
                    missing.push(question);
                }
            }
        }
        let wanted = missing.into_iter().map(|(name, record_type)| Wanted {
            want: Want::Dns { name, record_type },
            urgency: Urgency::Path,
            technologies: vec![Technology::Dnssec],
        });
        let first_end = proof.first_end().map(|signature| signature.expires);
        let ends_soon = first_end.is_some_and(|end| end.0 - now.0 < SOON);
        let wanted = wanted.collect();
        Self { name: name.clone(), record_type: record_type.name().into_owned(), proof, first_end, ends_soon, wanted }
    }

    /// The proof in plain words, a line a step.
    pub fn to_text(&self) -> String {
        let mut text = format!("{}: {} {}\n  {}\n", self.proof.state, self.name, self.record_type, self.proof.reason);
        if let Some(remedy) = self.proof.reason.remedy() {
            text.push_str(&format!("  {remedy}\n"));
        }
        if let Some(end) = self.first_end.filter(|_| self.ends_soon && self.proof.state != State::Bogus) {
            text.push_str(&format!(
                "  A signature on the way ends on {end}, within seven days: see that the zone is signed anew in time.\n"
            ));
        }
        for link in &self.proof.chain {
            text.push_str(&format!("\n{}\n", link.name));
            for zone in &link.zones {
                let keys: Vec<String> =
                    zone.keys.iter().map(|key| tr!("{} (algorithm {})", key.key_tag, key.algorithm)).collect();
                let ds: Vec<String> =
                    zone.ds.iter().map(|ds| tr!("{} (digest {})", ds.key_tag, ds.digest_type)).collect();
                text.push_str(&format!("  {}: {}", zone.zone, zone.state));
                if !ds.is_empty() {
                    text.push_str(&tr!("; DS {}", ds.join(", ")));
                }
                if !keys.is_empty() {
                    text.push_str(&tr!("; keys {}", keys.join(", ")));
                }
                if let Some(signature) = &zone.signature {
                    text.push_str(&tr!("; signed by {}", signature.key_tag));
                }
                text.push('\n');
            }
            text.push_str(&format!("  {}: {}\n", link.state, link.reason));
        }
        text
    }
}
