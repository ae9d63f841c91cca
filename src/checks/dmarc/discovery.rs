//! The tree walk of RFC 9989 §4.10: which names are asked, which record counts, which domain is organizational.

use crate::checks::{Context, Gap};
use crate::dns::{RecordData, RecordType};
use crate::evidence::Lookup;
use crate::name::DomainName;
use crate::records::dmarc::{self, DmarcProblem, DmarcRecord, Policy, Psd, Reading, Request};
use crate::records::{Parsed, Technology};
use crate::wanted::Urgency;

use super::Facts;

/// Labels from which the walk goes on after a name of eight or more, RFC 9989 §4.10: at most eight queries.
const LONG_NAME_LABELS: usize = 7;
/// TXT records looked at under one name; an honest name has one.
const MAX_TEXTS: usize = 32;

/// One name of the tree walk.
#[derive(Clone, Debug)]
pub struct Node {
    /// The domain whose record it would be.
    pub domain: DomainName,
    /// The name asked, `_dmarc.` and the domain.
    pub name: DomainName,
    /// What came back.
    pub state: NodeState,
}

/// What a `_dmarc` name holds.
#[derive(Clone, Debug)]
pub enum NodeState {
    /// Not known.
    Unknown(Gap),
    /// TXT records, none where there are none, with the alias targets on the way to them.
    Known { texts: Vec<Text>, chain: Vec<DomainName> },
}

/// One TXT record at a `_dmarc` name.
#[derive(Clone, Debug)]
pub struct Text {
    /// The strings, joined.
    pub text: String,
    /// What it is.
    pub reading: Reading,
    /// Time to live.
    pub ttl: Option<u32>,
    /// Where the answer came from.
    pub from: Option<String>,
}

impl Node {
    /// Every TXT record at the name.
    pub fn texts(&self) -> &[Text] {
        match &self.state {
            NodeState::Known { texts, .. } => texts,
            NodeState::Unknown(_) => &[],
        }
    }

    /// The policy records at the name; the walk uses them only where there is exactly one.
    pub fn records(&self) -> impl Iterator<Item = (&Text, &Parsed<DmarcRecord, DmarcProblem>)> {
        self.texts().iter().filter_map(|text| match &text.reading {
            Reading::Record(parsed) => Some((text, parsed)),
            _ => None,
        })
    }

    /// The one policy record; several at one name are all discarded (§4.10 step 2).
    pub fn record(&self) -> Option<(&Text, &Parsed<DmarcRecord, DmarcProblem>)> {
        let mut records = self.records();
        let only = records.next()?;
        records.next().is_none().then_some(only)
    }

    /// The alias targets on the way to the records.
    pub fn chain(&self) -> &[DomainName] {
        match &self.state {
            NodeState::Known { chain, .. } => chain,
            NodeState::Unknown(_) => &[],
        }
    }

    /// Why nothing is known, where nothing is.
    pub fn gap(&self) -> Option<&Gap> {
        match &self.state {
            NodeState::Unknown(gap) => Some(gap),
            NodeState::Known { .. } => None,
        }
    }

    /// One word for the report.
    pub(super) fn state_word(&self) -> &'static str {
        match (&self.state, self.records().count()) {
            (NodeState::Unknown(_), _) => "unknown",
            (_, 0) => "none",
            (_, 1) => "record",
            _ => "several",
        }
    }

    fn psd(&self) -> Option<Psd> {
        self.record().map(|(_, parsed)| parsed.record.psd)
    }
}

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

/// Asks for every name that the walk from the domain can reach. No name depends on an answer, so all leave at once.
pub(super) fn walk(context: &Context<'_>) -> Vec<Node> {
    let names = walk_names(context.domain).into_iter().enumerate();
    names.map(|(index, domain)| ask(context, if index == 0 { Urgency::Path } else { Urgency::Leaf }, domain)).collect()
}

/// The organizational domain of another name, by its own tree walk. What the walk of the domain has asked already is not
/// asked again.
pub(super) fn organization_of(context: &Context<'_>, name: &DomainName) -> Result<DomainName, Gap> {
    let walk: Vec<Node> = walk_names(name).into_iter().map(|domain| ask(context, Urgency::Leaf, domain)).collect();
    organization(&walk).map(|(domain, _)| domain).map_err(Gap::clone)
}

fn ask(context: &Context<'_>, urgency: Urgency, domain: DomainName) -> Node {
    // A name of 253 characters has no room for `_dmarc.`: nothing can be there.
    let Ok(name) = domain.child("_dmarc") else {
        let state = NodeState::Known { texts: Vec::new(), chain: Vec::new() };
        return Node { name: domain.clone(), domain, state };
    };
    let lookup = context.ask(Technology::Dmarc, urgency, &name, RecordType::TXT);
    let state = match Gap::of(&name, RecordType::TXT, &lookup) {
        Some(gap) => NodeState::Unknown(gap),
        None => NodeState::Known { texts: texts(&lookup), chain: lookup.chain().to_vec() },
    };
    Node { domain, name, state }
}

/// The names of the walk, RFC 9989 §4.10 steps 1 to 7: the domain, then one label less each time, from the seventh
/// label on where the domain has eight or more, down to the top-level domain.
pub(super) fn walk_names(domain: &DomainName) -> Vec<DomainName> {
    let mut names = vec![domain.clone()];
    let below = domain.label_count().saturating_sub(1).min(LONG_NAME_LABELS);
    names.extend((1..=below).rev().map(|labels| domain.suffix(labels)));
    names
}

/// Whether the domain exists, by look-ups that the rooms of mail servers and SPF make anyway (RFC 8020 §2).
pub(super) fn exists(context: &Context<'_>) -> Result<bool, Gap> {
    let ask = |record_type| {
        let lookup = context.evidence().look_up(context.domain, record_type);
        match (Gap::of(context.domain, record_type, &lookup), lookup) {
            (Some(gap), _) => Err(gap),
            // Behind an alias it is the target that does not exist.
            (None, Lookup::NxDomain { chain }) => Ok(!chain.is_empty()),
            (None, _) => Ok(true),
        }
    };
    match (ask(RecordType::MX), ask(RecordType::TXT)) {
        (Ok(false), _) | (_, Ok(false)) => Ok(false),
        (known @ Ok(true), _) | (_, known @ Ok(true)) => known,
        (gap, _) => gap,
    }
}

/// Policy records at the domain itself, where nobody looks for them; its TXT records are asked for by the SPF room.
pub(super) fn misplaced(context: &Context<'_>) -> Vec<String> {
    let texts = texts(&context.evidence().look_up(context.domain, RecordType::TXT));
    let records = texts.into_iter().filter(|text| matches!(text.reading, Reading::Record(_)));
    records.map(|text| text.text).collect()
}

fn texts(lookup: &Lookup<'_>) -> Vec<Text> {
    let from = match lookup {
        Lookup::Found(found) => found.entry.provenance.from.clone(),
        _ => None,
    };
    let texts = lookup.records().iter().filter_map(|record| match &record.data {
        RecordData::Txt(txt) => {
            let text = txt.text();
            let reading = dmarc::read(&text);
            Some(Text { text, reading, ttl: Some(record.ttl), from: from.clone() })
        }
        _ => None,
    });
    texts.take(MAX_TEXTS).collect()
}

/// Why a domain is the organizational one, RFC 9989 §4.10.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its record has `psd=n`.
    Declared,
    /// The name one label above, this one, has `psd=y`.
    BelowPublicSuffix(DomainName),
    /// The walk started at a record with `psd=y`.
    StartIsSuffix,
    /// Of the names with a record it has the fewest labels.
    Fewest,
    /// No name has a record: the domain itself.
    NothingFound,
}

/// The organizational domain, RFC 9989 §4.10.2; the gap that hides it where the walk is not complete.
pub(super) fn organization(walk: &[Node]) -> Result<(DomainName, Reason), &Gap> {
    organization_from(walk, walk.first(), true)
}

/// The organizational domain of names below the one that the walk started at.
pub(super) fn organization_below(walk: &[Node]) -> Result<(DomainName, Reason), &Gap> {
    let below = walk_below(walk);
    organization_from(below, walk.first(), below.len() == walk.len())
}

/// The part of the walk that names below come by: all of it, save a start of eight labels or more, which the walk of a
/// longer name skips (§4.10 step 2).
fn walk_below(walk: &[Node]) -> &[Node] {
    match walk.split_first() {
        Some((own, above)) if own.domain.label_count() > LONG_NAME_LABELS => above,
        _ => walk,
    }
}

fn organization_from<'w>(
    walk: &'w [Node],
    start: Option<&Node>,
    starts_there: bool,
) -> Result<(DomainName, Reason), &'w Gap> {
    let mut shortest = None;
    for node in walk {
        if let NodeState::Unknown(gap) = &node.state {
            return Err(gap);
        }
        match node.psd() {
            Some(Psd::No) => return Ok((node.domain.clone(), Reason::Declared)),
            // The name one label below the public suffix. In the walk of a long name that may be none of its names.
            Some(Psd::Yes) if !starts_there || start.is_none_or(|start| start.domain != node.domain) => {
                let start = start.map_or(&node.domain, |start| &start.domain);
                let below = start.suffix(node.domain.label_count() + 1);
                return Ok((below, Reason::BelowPublicSuffix(node.domain.clone())));
            }
            // psd=y at the start ends the walk there (§4.10 step 2).
            Some(Psd::Yes) => return Ok((node.domain.clone(), Reason::StartIsSuffix)),
            Some(Psd::Undeclared) => shortest = Some(node),
            None => {}
        }
    }
    let (node, reason) = match shortest {
        Some(node) => (Some(node), Reason::Fewest),
        None => (start, Reason::NothingFound),
    };
    Ok((node.map_or_else(DomainName::root, |node| node.domain.clone()), reason))
}

/// Second levels under which country registries register names.
const SECOND_LEVELS: &str = " ac co com edu gob go gov ind mil ne net nom or org plc sch ";

/// The name that a list of public suffixes most likely calls organizational: two labels, or three under the usual second
/// levels of countries. A guess for the wording of hints; no such list is part of this program.
pub(super) fn likely_registered(domain: &DomainName) -> DomainName {
    let two = domain.suffix(2);
    let mut labels = two.as_str().split('.');
    let (second, top) = (labels.next().unwrap_or(""), labels.next().unwrap_or(""));
    let third = top.len() == 2 && SECOND_LEVELS.contains(&format!(" {second} "));
    if third { domain.suffix(3) } else { two }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registered_names() {
        for (domain, registered) in [
            ("acme.example", "acme.example"),
            ("a.b.acme.example", "acme.example"),
            ("mail.acme.co.uk", "acme.co.uk"),
            ("co.uk", "co.uk"),
            ("x.com.example", "com.example"),
            ("example", "example"),
        ] {
            assert_eq!(likely_registered(&DomainName::parse(domain).unwrap()).as_str(), registered, "{domain}");
        }
    }

    #[test]
    fn names_of_the_walk() {
        let names = |text: &str| -> Vec<String> {
            walk_names(&DomainName::parse(text).unwrap()).iter().map(ToString::to_string).collect()
        };
        // The examples of RFC 9989 §4.10.
        assert_eq!(names("a.mail.example.com"), ["a.mail.example.com", "mail.example.com", "example.com", "com"]);
        assert_eq!(
            names("a.b.c.d.e.f.g.h.example.com"),
            [
                "a.b.c.d.e.f.g.h.example.com",
                "d.e.f.g.h.example.com",
                "e.f.g.h.example.com",
                "f.g.h.example.com",
                "g.h.example.com",
                "h.example.com",
                "example.com",
                "com",
            ]
        );
        assert_eq!(names("a.b.c.d.e.f.example.com").len(), 8, "eight labels: every name");
        assert_eq!(names("com"), ["com"]);
    }
}
