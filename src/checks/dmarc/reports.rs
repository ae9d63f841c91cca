//! Where reports go: whether another domain lets itself be sent them (RFC 9990), and whether it can receive mail at all.

use crate::checks::{Context, Gap};
use crate::dns::{RecordData, RecordType};
use crate::evidence::Lookup;
use crate::name::DomainName;
use crate::records::Technology;
use crate::records::dmarc::{self, Reading, ReportUri};
use crate::wanted::Urgency;

use super::Facts;
use super::organization::organization_of;

/// Destinations that are looked up; receivers need not serve more than a few.
const MAX_DESTINATIONS: usize = 8;

/// One domain that reports are sent to.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The domain behind the `@`.
    pub host: DomainName,
    /// The addresses there, of `rua` first.
    pub addresses: Vec<ReportUri>,
    /// Whether one of them is in `rua`; else all are in `ruf`.
    pub aggregate: bool,
    /// Whether the host allows reports about the domain.
    pub authorisation: Authorisation,
    /// Whether the host can receive mail.
    pub mail: MailAbility,
}

/// Whether a host allows reports about a domain, RFC 9990 "Verifying External Destinations".
#[derive(Clone, Debug)]
pub enum Authorisation {
    /// The host belongs to the organization itself: no permission needed.
    NotNeeded,
    /// The record that gives permission is there.
    Given { name: DomainName },
    /// The record is not there: receivers must not send reports.
    Missing { name: DomainName },
    /// The name of the record would be longer than DNS allows, so that there can be none.
    NameTooLong,
    /// The permission names an address at yet another host: receivers send to neither.
    ElsewhereOnly { name: DomainName, address: String },
    /// Not known.
    Unknown(Gap),
}

/// Whether a host can receive mail.
#[derive(Clone, Debug)]
pub enum MailAbility {
    /// A mail server, or an address to try instead (RFC 5321 §5.1).
    Able,
    /// A null MX (RFC 7505).
    NullMx,
    /// Neither mail server nor address, or no such name.
    Nowhere,
    /// Not known.
    Unknown(Gap),
}

impl Destination {
    /// Whether the host is another organization's.
    pub fn external(&self) -> bool {
        !matches!(self.authorisation, Authorisation::NotNeeded)
    }

    /// Whether reports may be sent there; `None` where that is not known.
    pub fn is_authorised(&self) -> Option<bool> {
        match self.authorisation {
            Authorisation::NotNeeded | Authorisation::Given { .. } => Some(true),
            Authorisation::Unknown(_) => None,
            _ => Some(false),
        }
    }

    /// Whether the host can receive mail; `None` where that is not known.
    pub fn receives(&self) -> Option<bool> {
        match self.mail {
            MailAbility::Able => Some(true),
            MailAbility::Unknown(_) => None,
            MailAbility::NullMx | MailAbility::Nowhere => Some(false),
        }
    }

    /// Whether reports arrive, as far as DNS can tell.
    pub fn works(&self) -> Option<bool> {
        match (self.is_authorised(), self.receives()) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }
}

/// Looks up every destination of the record in effect.
pub(super) fn gather(context: &Context<'_>, facts: &Facts) -> Vec<Destination> {
    let Some((node, _, record)) = facts.subject() else { return Vec::new() };
    let policy_domain = node.domain.clone();
    let mut destinations: Vec<Destination> = Vec::new();
    let aggregate = record.aggregate_reports.iter().map(|uri| (uri, true));
    for (uri, aggregate) in aggregate.chain(record.failure_reports.iter().map(|uri| (uri, false))) {
        let Some(host) = uri.host.clone().filter(|_| uri.is_mailto) else { continue };
        if let Some(known) = destinations.iter_mut().find(|known| known.host == host) {
            known.addresses.push(uri.clone());
            continue;
        }
        if destinations.len() == MAX_DESTINATIONS {
            break;
        }
        let authorisation = authorisation(context, facts, &policy_domain, &host);
        let mail = mail_ability(context, &host);
        destinations.push(Destination { host, addresses: vec![uri.clone()], aggregate, authorisation, mail });
    }
    destinations
}

fn authorisation(context: &Context<'_>, facts: &Facts, policy_domain: &DomainName, host: &DomainName) -> Authorisation {
    // Needed where the organizational domains differ (RFC 9990 §4 step 2). That of the host is a name at or above it, so a
    // host that is not below ours has another one; one that is below may, by a psd tag of its own, and is asked.
    let organization = facts.organization().map(|(domain, _)| domain);
    match &organization {
        _ if host == policy_domain => return Authorisation::NotNeeded,
        Ok(ours) if host == ours => return Authorisation::NotNeeded,
        Ok(ours) if host.is_at_or_below(ours) => match organization_of(context, host) {
            Ok(theirs) if theirs == *ours => return Authorisation::NotNeeded,
            Ok(_) => {}
            Err(gap) => return Authorisation::Unknown(gap),
        },
        Err(gap) if host.is_at_or_below(policy_domain) => return Authorisation::Unknown((*gap).clone()),
        _ => {}
    }
    let Ok(name) = host.child(&format!("{policy_domain}._report._dmarc")) else { return Authorisation::NameTooLong };
    let lookup = context.ask(Technology::Dmarc, Urgency::Leaf, &name, RecordType::TXT);
    if let Some(gap) = Gap::of(&name, RecordType::TXT, &lookup) {
        return Authorisation::Unknown(gap);
    }
    let mut given = false;
    for record in lookup.records() {
        let RecordData::Txt(txt) = &record.data else { continue };
        // `v=DMARC1` first; erratum 5440: with or without a semicolon, so nothing else need follow.
        let Reading::Record(parsed) = dmarc::read(&txt.text()) else { continue };
        given = true;
        let other = parsed.record.aggregate_reports.iter().find(|uri| uri.host.as_ref() != Some(host));
        if let Some(other) = other {
            return Authorisation::ElsewhereOnly { name, address: other.uri.clone() };
        }
    }
    match (given, organization) {
        (true, _) => Authorisation::Given { name },
        // While the walk is not complete the two may still turn out to be one organization.
        (false, Err(gap)) if shares_a_domain(host, policy_domain) => Authorisation::Unknown(gap.clone()),
        (false, _) => Authorisation::Missing { name },
    }
}

/// Whether two names have the last two labels in common.
fn shares_a_domain(one: &DomainName, other: &DomainName) -> bool {
    one.suffix(2) == other.suffix(2)
}

fn mail_ability(context: &Context<'_>, host: &DomainName) -> MailAbility {
    let lookup = context.ask(Technology::Dmarc, Urgency::Leaf, host, RecordType::MX);
    if let Some(gap) = Gap::of(host, RecordType::MX, &lookup) {
        return MailAbility::Unknown(gap);
    }
    let exchanges: Vec<&DomainName> = lookup
        .records()
        .iter()
        .filter_map(|record| match &record.data {
            RecordData::Mx { exchange, .. } => Some(exchange),
            _ => None,
        })
        .collect();
    if !exchanges.is_empty() {
        return if exchanges.iter().all(|exchange| exchange.is_root()) {
            MailAbility::NullMx
        } else {
            MailAbility::Able
        };
    }
    if matches!(lookup, Lookup::NxDomain { .. }) {
        return MailAbility::Nowhere;
    }
    let mut gap = None;
    for record_type in [RecordType::A, RecordType::AAAA] {
        let lookup = context.ask(Technology::Dmarc, Urgency::Leaf, host, record_type);
        if !lookup.records().is_empty() {
            return MailAbility::Able;
        }
        gap = gap.or(Gap::of(host, record_type, &lookup));
    }
    gap.map_or(MailAbility::Nowhere, MailAbility::Unknown)
}
