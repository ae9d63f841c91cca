//! DMARC: the policy record, the tree walk to it, what it asks for, and where its reports go (RFC 9989, RFC 9990).

mod alignment_checks;
mod discovery;
mod effective;
mod near_miss_checks;
mod organization;
mod policy_checks;
mod presence_checks;
mod record_checks;
mod removed_tags;
mod report_checks;
mod reports;
mod score;
mod steps;
mod subdomain_checks;

pub use discovery::{Node, NodeState, Text};
pub use effective::{Discovery, Effective};
pub use organization::Reason;
pub use reports::{Authorisation, Destination, MailAbility};

use serde_json::{Value, json};

use crate::name::DomainName;
use crate::records::Technology;
use crate::records::dmarc::{DmarcRecord, Policy};

use super::{Check, Context, Facts as AllFacts, Finding, Gap, Outcome, Published, Room, Status};

/// What is known about the DMARC of a domain.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The domain in question.
    pub domain: DomainName,
    /// The names of the tree walk, the domain itself first (RFC 9989 §4.10).
    pub walk: Vec<Node>,
    /// Whether the domain itself exists in DNS, which decides between `sp` and `np` of an inherited record.
    pub exists: Result<bool, Gap>,
    /// Policy records that stand at the domain itself instead of its `_dmarc` name.
    pub misplaced: Vec<String>,
    /// Where the reports go; only for the record in effect.
    pub destinations: Vec<Destination>,
}

impl Facts {
    /// Gathers: the whole tree walk at once, then what hangs on the record in effect.
    pub fn gather(context: &Context<'_>) -> Self {
        let walk = discovery::walk_of(context, context.domain);
        let exists = discovery::exists(context);
        let misplaced = discovery::misplaced(context);
        let mut facts = Self { domain: context.domain.clone(), walk, exists, misplaced, destinations: Vec::new() };
        facts.destinations = reports::gather(context, &facts);
        facts
    }

    /// The organizational domain (RFC 9989 §4.10.2), once the tree walk is complete.
    pub fn organizational_domain(&self) -> Option<DomainName> {
        self.organization().ok().map(|(domain, _)| domain)
    }

    /// The same with the reason; the gap that hides it where the walk is not complete.
    pub fn organization(&self) -> Result<(DomainName, Reason), &Gap> {
        organization::organization(&self.walk)
    }

    /// Which record is in effect for the domain, if that is known.
    pub fn discovery(&self) -> Discovery<'_> {
        effective::discover(self)
    }

    /// The policies in effect, after fallbacks, broken tags and `t=y`. `Err` where a look-up is missing, `Ok(None)`
    /// where no DMARC applies.
    pub fn effective(&self) -> Result<Option<Effective>, &Gap> {
        effective::effective(self)
    }

    /// The policy record at a name of the tree walk, where exactly one is there.
    pub fn record_at(&self, name: &DomainName) -> Option<&DmarcRecord> {
        let node = self.walk.iter().find(|node| node.domain == *name)?;
        node.record().map(|(_, parsed)| &parsed.record)
    }

    /// The record in effect with the node that holds it, where there is one.
    pub fn subject(&self) -> Option<(&Node, &Text, &DmarcRecord)> {
        let node = match self.discovery() {
            Discovery::Own(node) | Discovery::Inherited { node, .. } => node,
            Discovery::None | Discovery::Unknown(_) => return None,
        };
        node.record().map(|(text, parsed)| (node, text, &parsed.record))
    }

    /// The organizational domain of the names below the domain.
    fn organization_below(&self) -> Option<DomainName> {
        organization::organization_below(&self.walk).ok().map(|(domain, _)| domain)
    }

    /// The record in effect, where it is one that the owner of the domain may change: not that of a registry above.
    fn own_subject(&self) -> Option<(&Node, &Text, &DmarcRecord)> {
        match self.discovery() {
            Discovery::Inherited { public_suffix: true, .. } => None,
            Discovery::Inherited { node, .. } => {
                let registered = organization::likely_registered(&self.domain).label_count();
                self.subject().filter(|_| node.domain.label_count() >= registered)
            }
            _ => self.subject(),
        }
    }

    /// The `_dmarc` name of the domain itself.
    fn own(&self) -> Option<&Node> {
        self.walk.first()
    }
}

/// Everything the report asks.
pub static ROOM: Room = Room {
    technology: Technology::Dmarc,
    checks: &[
        presence_checks::MISSING,
        presence_checks::MULTIPLE,
        near_miss_checks::NOT_A_RECORD,
        record_checks::NO_POLICY,
        record_checks::SYNTAX,
        policy_checks::POLICY,
        policy_checks::TESTING,
        subdomain_checks::SUBDOMAIN_POLICY,
        subdomain_checks::NP,
        subdomain_checks::DEAD_SP,
        removed_tags::REMOVED_TAGS,
        policy_checks::INHERITED,
        policy_checks::PSD,
        alignment_checks::ORGANIZATION,
        alignment_checks::ALIGNMENT,
        alignment_checks::STRICT,
        report_checks::NO_REPORTS,
        report_checks::REPORT_ADDRESS,
        report_checks::UNAUTHORISED,
        report_checks::UNDELIVERABLE,
        report_checks::FAILURE_OPTIONS,
        presence_checks::ALIAS,
        presence_checks::UNREADABLE,
    ],
    status,
    score: &score::ITEMS,
    done: |facts| match facts.dmarc.effective() {
        Ok(Some(effective)) => Some(effective.domain == Policy::Reject),
        Ok(None) => Some(false),
        Err(_) => None,
    },
    prerequisites: |_| Vec::new(),
    steps: steps::steps,
    unknowns: |_| Vec::new(),
    published,
    detail,
};

fn status(facts: &AllFacts, findings: &[Finding]) -> Status {
    let broken = findings.iter().any(|f| f.outcome == Outcome::Fail && f.id != presence_checks::MISSING_ID);
    match facts.dmarc.discovery() {
        Discovery::Unknown(_) => Status::Unknown,
        Discovery::None if broken => Status::Fail,
        Discovery::None => Status::Absent,
        // A look-up about a report address that failed says nothing against a policy that was read.
        Discovery::Own(_) | Discovery::Inherited { .. } => {
            let known: Vec<Finding> = findings.iter().filter(|f| f.outcome != Outcome::Unknown).cloned().collect();
            super::worst(&known)
        }
    }
}

fn published(facts: &AllFacts) -> Vec<Published> {
    let mut published = Vec::new();
    for node in &facts.dmarc.walk {
        published.extend(node.texts().iter().map(|text| Published {
            name: node.name.to_string(),
            record_type: "TXT".into(),
            value: text.text.clone(),
            ttl: text.ttl,
            from: text.from.clone(),
        }));
    }
    published.extend(facts.dmarc.misplaced.iter().map(|text| Published {
        name: facts.domain.to_string(),
        record_type: "TXT".into(),
        value: text.clone(),
        ttl: None,
        from: None,
    }));
    published
}

fn detail(facts: &AllFacts) -> Value {
    let dmarc = &facts.dmarc;
    let walk: Vec<Value> = dmarc
        .walk
        .iter()
        .map(|node| json!({ "name": node.name, "records": node.records().count(), "state": node.state_word() }))
        .collect();
    let effective = match dmarc.effective() {
        Ok(Some(effective)) => json!({
            "from": effective.name,
            "inherited": effective.inherited,
            "testing": effective.testing,
            "domain": effective.domain,
            "subdomains": effective.subdomains,
            "nonexistent_subdomains": effective.nonexistent,
        }),
        _ => Value::Null,
    };
    let destinations: Vec<Value> = dmarc
        .destinations
        .iter()
        .map(|to| json!({ "host": to.host, "external": to.external(), "authorised": to.is_authorised(), "receives_mail": to.receives() }))
        .collect();
    json!({
        "organizational_domain": dmarc.organizational_domain(),
        "effective": effective,
        "tree_walk": walk,
        "report_destinations": destinations,
    })
}

/// A check whose findings are about the record in effect.
const fn check(doc: &'static super::Doc, run: fn(&AllFacts, &'static super::Doc, &mut Vec<Finding>)) -> Check {
    Check { doc, run }
}
