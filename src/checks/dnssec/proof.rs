//! What the signatures prove: the keys of the zone, and the answers that the report rests on.

use crate::checks::Context;
use crate::dns::{RecordData, RecordType};
use crate::dnssec::{Proof, Reason, Signature, State};
use crate::evidence::DnsOutcome;
use crate::name::DomainName;
use crate::time::UnixTime;

/// Seconds before the end of a signature from which on it is told.
const SOON: i64 = 7 * 86_400;

/// What is proved of the domain's zone.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The keys of the zone, from the root down.
    pub zone: Proof,
    /// The answers below it that are known; empty where the keys are not trusted, for none of them can be then.
    pub answers: Vec<Answer>,
    /// Whether the user named the trust anchors.
    pub own_anchors: bool,
    /// How the zone denies names, where an answer shows it.
    pub nsec3: Option<Nsec3>,
}

/// One answer and its proof.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The name asked for.
    pub name: DomainName,
    /// The type asked for.
    pub record_type: RecordType,
    /// What is proved.
    pub proof: Proof,
}

/// The parameters of NSEC3, RFC 5155 §3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nsec3 {
    /// How often hashes are hashed again.
    pub iterations: u16,
    /// Octets of salt.
    pub salt: usize,
}

/// A signature that ends within seven days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The signature.
    pub signature: Signature,
    /// Whether less than a quarter of its time is left: signers that sign anew in time leave more. Many sign for a day or
    /// a week at a time, so that seven days say little alone.
    pub runs_out: bool,
}

fn runs_out(signature: &Signature, now: UnixTime) -> bool {
    (signature.expires.0 - now.0) * 4 < signature.expires.0 - signature.inception.0
}

impl Chain {
    /// Proves the keys of the zone; where they are trusted, the answers about the domain that others have asked for.
    pub fn gather(context: &Context<'_>, zone: &DomainName) -> Self {
        let keys = context.prove(zone, RecordType::DNSKEY);
        let domain = context.domain;
        let below = |labels: &str| domain.child(labels).ok().map(|name| (name, RecordType::TXT));
        let bimi = format!("{}._bimi", context.options.bimi_selector);
        let own = [RecordType::SOA, RecordType::MX, RecordType::TXT].map(|record_type| (domain.clone(), record_type));
        let labels = ["_dmarc", "_mta-sts", "_smtp._tls", bimi.as_str()];
        let questions: Vec<_> = own.into_iter().chain(labels.into_iter().filter_map(below)).collect();
        let evidence = context.evidence();
        let nsec3 = questions.iter().find_map(|(name, record_type)| {
            let DnsOutcome::Answer { authority, .. } = &evidence.dns_entry(name, *record_type)?.outcome else {
                return None;
            };
            authority.iter().find_map(|record| match &record.data {
                RecordData::Nsec3 { iterations, salt, .. } if record.owner.parent().as_ref() == Some(zone) => {
                    Some(Nsec3 { iterations: *iterations, salt: salt.len() })
                }
                _ => None,
            })
        });
        let known = questions
            .into_iter()
            .filter(|(name, record_type)| keys.state == State::Secure && evidence.has_dns(name, *record_type));
        let answers = known.map(|(name, record_type)| {
            let proof = context.prove(&name, record_type);
            Answer { name, record_type, proof }
        });
        let own_anchors = !context.options.anchors.is_empty();
        Self { answers: answers.collect(), zone: keys, own_anchors, nsec3 }
    }

    /// The answers that ought to be signed and are not, one for each reason.
    pub fn bogus(&self) -> Vec<&Answer> {
        let mut bogus: Vec<&Answer> = Vec::new();
        for answer in self.answers.iter().filter(|answer| answer.proof.state == State::Bogus) {
            if bogus.iter().all(|known| known.proof.reason != answer.proof.reason) {
                bogus.push(answer);
            }
        }
        bogus
    }

    /// Whether every signature from the root to the zone and below it holds, as far as answers are known.
    pub fn state(&self) -> State {
        if self.zone.state == State::Secure && !self.bogus().is_empty() {
            State::Bogus
        } else if self.insecure().is_some() {
            State::Insecure
        } else {
            self.zone.state
        }
    }

    /// Why the zone counts as unsigned: a gap on the way to it, or the way in which it denies names.
    pub fn insecure(&self) -> Option<&Reason> {
        let of_zone = Some(&self.zone.reason).filter(|_| self.zone.state == State::Insecure);
        let iterations = || {
            let mut reasons = self.answers.iter().map(|answer| &answer.proof.reason);
            reasons.find(|reason| matches!(reason, Reason::Iterations { zone, .. } if Some(zone) == self.apex()))
        };
        of_zone.or_else(iterations)
    }

    fn apex(&self) -> Option<&DomainName> {
        self.zone.chain.first().map(|link| &link.name)
    }

    /// The answers that are proved.
    pub fn secure(&self) -> impl Iterator<Item = &Answer> {
        self.answers.iter().filter(|answer| answer.proof.state == State::Secure)
    }

    /// The signature that is worth a word because it ends within seven days: one that runs out, else one of the zone's own.
    pub fn ending(&self, now: UnixTime) -> Option<Ending> {
        if self.state() != State::Secure {
            return None;
        }
        let soon = |signature: &&Signature| signature.expires.0 - now.0 < SOON;
        let proofs = || std::iter::once(&self.zone).chain(self.secure().map(|answer| &answer.proof));
        let out = proofs().flat_map(Proof::signatures).filter(soon).filter(|signature| runs_out(signature, now));
        if let Some(signature) = out.min_by_key(|signature| signature.expires.0) {
            return Some(Ending { signature: *signature, runs_out: true });
        }
        let own = proofs().filter_map(|proof| match &proof.chain.last()?.reason {
            Reason::Signed { signature, .. } => Some(signature),
            _ => None,
        });
        let first = own.filter(soon).min_by_key(|signature| signature.expires.0)?;
        Some(Ending { signature: *first, runs_out: false })
    }

    /// Whether the parent proves that the zone is not signed.
    pub fn is_proved_unsigned(&self) -> bool {
        matches!(self.zone.reason, Reason::NoDs { .. } | Reason::OptOut { .. })
    }
}
