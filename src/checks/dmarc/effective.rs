//! Policy discovery, RFC 9989 §4.10.1: whose record is in effect, and what it comes to.

use crate::checks::Gap;
use crate::name::DomainName;
use crate::records::dmarc::{DmarcRecord, Policy, Psd, Request};

use super::Facts;
use super::discovery::{Node, NodeState};
use super::organization::{Reason, organization, organization_below, walk_below};

/// Which record is in effect for the domain.
#[derive(Clone, Copy, Debug)]
pub enum Discovery<'f> {
    /// That of the domain itself.
    Own(&'f Node),
    /// That of its organizational domain or, with `public_suffix`, of the public suffix above it.
    Inherited { node: &'f Node, public_suffix: bool },
    /// There is none.
    None,
    /// A look-up on the way is missing.
    Unknown(&'f Gap),
}

/// The policies in effect, `t=y` applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// The domain whose record it is.
    pub name: DomainName,
    /// Whether that is not the domain itself.
    pub inherited: bool,
    /// Whether `t=y` lowers every policy by one step.
    pub testing: bool,
    /// For mail from the domain itself.
    pub domain: Policy,
    /// For mail from sub-domains that exist and have no record of their own.
    pub subdomains: Policy,
    /// For mail from sub-domains that do not exist.
    pub nonexistent: Policy,
}

/// Policy discovery, RFC 9989 §4.10.1.
pub(super) fn discover(facts: &Facts) -> Discovery<'_> {
    let Some(own) = facts.walk.first() else { return Discovery::None };
    if let NodeState::Unknown(gap) = &own.state {
        return Discovery::Unknown(gap);
    }
    if own.record().is_some() {
        return Discovery::Own(own);
    }
    inherited(&facts.walk, organization(&facts.walk))
}

/// The record that names without one of their own take over: that of the organizational domain, else that of the public
/// suffix above it.
fn inherited<'w>(walk: &'w [Node], organization: Result<(DomainName, Reason), &'w Gap>) -> Discovery<'w> {
    let organizational = match organization {
        Ok((domain, _)) => domain,
        Err(gap) => return Discovery::Unknown(gap),
    };
    if let Some(node) = walk.iter().find(|node| node.domain == organizational && node.record().is_some()) {
        return Discovery::Inherited { node, public_suffix: false };
    }
    match walk.iter().find(|node| node.psd() == Some(Psd::Yes)) {
        Some(node) => Discovery::Inherited { node, public_suffix: true },
        None => Discovery::None,
    }
}

/// The policies in effect. The domain's own `sp` and `np` count only where its record is the organizational one (§4.7);
/// while the walk is not complete they are taken to count, since most domains asked about are organizational.
pub(super) fn effective(facts: &Facts) -> Result<Option<Effective>, &Gap> {
    let (node, is_own) = match facts.discovery() {
        Discovery::Own(node) => (node, true),
        Discovery::Inherited { node, .. } => (node, false),
        Discovery::None => return Ok(None),
        Discovery::Unknown(gap) => return Err(gap),
    };
    let Some(record) = record_of(node) else { return Ok(None) };
    let Some((domain, subdomains, nonexistent)) = policies(record) else { return Ok(None) };
    let for_domain = match (is_own, &facts.exists) {
        (true, _) => domain,
        (false, Ok(true)) => subdomains,
        (false, Ok(false)) => nonexistent,
        (false, Err(_)) if subdomains == nonexistent => subdomains,
        (false, Err(gap)) => return Err(gap),
    };
    // Below a name that is not the organizational domain, the organizational record speaks.
    let (subdomains, nonexistent) = match inherited(walk_below(&facts.walk), organization_below(&facts.walk)) {
        Discovery::Inherited { node: above, .. } if is_own && above.domain != node.domain => {
            let above = record_of(above).and_then(policies);
            above.map_or((Policy::None, Policy::None), |(_, subdomains, nonexistent)| (subdomains, nonexistent))
        }
        // The walk of a name below does not come by this one, and nothing is found above.
        Discovery::None if is_own => (Policy::None, Policy::None),
        _ => (subdomains, nonexistent),
    };
    Ok(Some(Effective {
        name: node.domain.clone(),
        inherited: !is_own,
        testing: record.testing,
        domain: for_domain,
        subdomains,
        nonexistent,
    }))
}

fn record_of(node: &Node) -> Option<&DmarcRecord> {
    node.record().map(|(_, parsed)| &parsed.record)
}

/// What a record asks for with `t=y` applied: for its own domain, its sub-domains, those that do not exist.
fn policies(record: &DmarcRecord) -> Option<(Policy, Policy, Policy)> {
    let lower = |policy: Policy| if record.testing { policy.lowered() } else { policy };
    match record.request() {
        Request::Policies { domain, subdomains, nonexistent } => {
            Some((lower(domain), lower(subdomains), lower(nonexistent)))
        }
        Request::MonitorOnly => Some((Policy::None, Policy::None, Policy::None)),
        Request::Nothing => None,
    }
}
