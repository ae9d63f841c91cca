//! Which selectors are asked, and what came back.

use crate::checks::{Context, Gap};
use crate::dns::{RecordData, RecordType};
use crate::evidence::{DnsOutcome, Lookup};
use crate::name::DomainName;
use crate::records::dkim::{self, DkimKey, KeyProblem};
use crate::records::{Parsed, Technology};
use crate::wanted::Urgency;

use super::Facts;
use super::candidates::{self, Own};
use super::selectors::{hinted, nonsense};

/// TXT records looked at under one selector; an honest one has one.
const MAX_RECORDS: usize = 16;

/// One selector and what came back.
#[derive(Clone, Debug)]
pub struct Selector {
    /// The selector.
    pub label: String,
    /// The name asked.
    pub name: DomainName,
    /// Why it was asked.
    pub origin: Origin,
    /// What came back.
    pub state: State,
    /// Targets of the aliases on the way.
    pub chain: Vec<DomainName>,
    /// Where the answer came from.
    pub from: Option<String>,
    /// Whether the answer is a wildcard's, so that it proves nothing about this selector.
    pub from_wildcard: bool,
}

/// Why a selector was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The user gave it.
    Own,
    /// The evidence holds a record at it.
    Supplied,
    /// The zone itself names it: an NSEC record that denies another name has it at one end (RFC 4034 §4.1.1).
    Neighbour,
    /// A provider that MX or SPF point to uses it.
    Hinted(Vec<&'static str>),
    /// Others use it.
    Guess(Vec<&'static str>),
    /// Nobody uses it.
    Nonsense,
}

impl Origin {
    /// The providers, or that the user gave it.
    pub fn words(&self) -> String {
        match self {
            Self::Own => "given by you".into(),
            Self::Supplied => "among the evidence".into(),
            Self::Neighbour => "named by an NSEC record of the zone".into(),
            Self::Hinted(providers) | Self::Guess(providers) => providers.join(", "),
            Self::Nonsense => "nobody".into(),
        }
    }
}

/// What a selector holds.
#[derive(Clone, Debug)]
pub enum State {
    /// Not known.
    Unknown(Gap),
    /// Nothing.
    Absent,
    /// An alias that leads nowhere; whether its target does not exist at all.
    Dangling { missing: bool },
    /// TXT records.
    Found(Vec<KeyRecord>),
}

/// One TXT record at a selector.
#[derive(Clone, Debug)]
pub struct KeyRecord {
    /// The strings, joined.
    pub text: String,
    /// The record, read as a key.
    pub parsed: Parsed<DkimKey, KeyProblem>,
    /// Whether it is meant as a key at all.
    pub is_key: bool,
    /// Time to live.
    pub ttl: u32,
}

/// What the name `_domainkey` itself says, RFC 8020.
#[derive(Clone, Debug)]
pub enum Base {
    /// Not known.
    Unknown(Gap),
    /// It does not exist, so nothing exists below it; `proven` where the resolver says that DNSSEC proves it.
    NxDomain { proven: bool },
    /// It exists and has no TXT record, and a made-up name below it does not: something else exists there.
    Exists,
    /// It is answered, and that says nothing: a wildcard, an alias, or a zone of its own.
    Inconclusive,
    /// It has TXT records, once a policy of DomainKeys.
    Texts(Vec<String>),
}

impl Base {
    /// One word for the report.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "unknown",
            Self::NxDomain { .. } => "nxdomain",
            Self::Exists => "exists",
            Self::Inconclusive => "inconclusive",
            Self::Texts(_) => "text",
        }
    }
}

impl Selector {
    /// Every TXT record found.
    pub fn records(&self) -> &[KeyRecord] {
        match &self.state {
            State::Found(records) => records,
            _ => &[],
        }
    }

    /// The records that are meant as keys.
    pub fn keys(&self) -> impl Iterator<Item = &KeyRecord> {
        self.records().iter().filter(|record| record.is_key)
    }

    /// Whether anything was found.
    pub fn is_found(&self) -> bool {
        matches!(self.state, State::Found(_))
    }
}

impl Facts {
    /// Asks: the user's own selectors, those that the evidence shows, those that MX and SPF hint at, all common ones, one
    /// that nobody has, and the name above them all. A domain that sends nothing is spared the guesses.
    pub fn gather(context: &Context<'_>, _mx: &crate::checks::mx::Facts, spf: &crate::checks::spf::Facts) -> Self {
        let domain = context.domain;
        let providers = hinted(&candidates::hosts_in_use(context, spf));
        let made_up = nonsense(domain);
        let nonsense = ask(context, Urgency::Leaf, made_up.clone(), Origin::Nonsense);
        let base = base(context, nonsense.as_ref());
        let Own { selectors: own, not_selectors, foreign } = candidates::own(context);
        let mut wanted: Vec<(String, Origin)> = own.into_iter().map(|label| (label, Origin::Own)).collect();
        if !spf.sends_nothing() {
            candidates::add_guesses(&mut wanted, &providers);
            candidates::add_shown(&mut wanted, context, &made_up);
        }
        if matches!(base, Base::NxDomain { proven: true }) {
            // Proven: there is nothing to guess. What was asked meanwhile is still looked at.
            wanted.retain(|(label, origin)| *origin == Origin::Own || is_known(context, label));
        }
        let selectors: Vec<Selector> = wanted
            .into_iter()
            .filter_map(|(label, origin)| {
                let urgency = if matches!(origin, Origin::Guess(_)) { Urgency::Guess } else { Urgency::Leaf };
                ask(context, urgency, label, origin)
            })
            .map(|mut selector| {
                selector.from_wildcard |= nonsense.as_ref().is_some_and(|other| same_answer(&selector, other));
                // What somebody says he signs with is in use, whoever answers for it.
                selector.from_wildcard &= selector.origin != Origin::Own;
                selector
            })
            .collect();
        // A domain too long for any selector below it has none.
        let nonsense = nonsense.unwrap_or_else(|| Selector {
            label: String::new(),
            name: domain.clone(),
            origin: Origin::Nonsense,
            state: State::Absent,
            chain: Vec::new(),
            from: None,
            from_wildcard: false,
        });
        let unguessable = providers.iter().filter(|p| p.selectors.is_empty()).map(|p| p.name).collect();
        Self { domain: domain.clone(), selectors, not_selectors, foreign, nonsense, base, unguessable }
    }
}

/// The name above all selectors.
pub(super) fn base_name(domain: &DomainName) -> String {
    format!("_domainkey.{domain}")
}

fn base(context: &Context<'_>, nonsense: Option<&Selector>) -> Base {
    let Ok(name) = context.domain.child("_domainkey") else { return Base::NxDomain { proven: true } };
    let lookup = context.ask(Technology::Dkim, Urgency::Leaf, &name, RecordType::TXT);
    if let Some(gap) = Gap::of(&name, RecordType::TXT, &lookup) {
        return Base::Unknown(gap);
    }
    let entry = context.evidence().dns().find(|entry| entry.name == name && entry.record_type == RecordType::TXT);
    let (authority, proven) = match entry.map(|entry| &entry.outcome) {
        Some(DnsOutcome::Answer { authority, authentic, .. }) => (authority.as_slice(), *authentic),
        _ => (Default::default(), false),
    };
    let is_zone = authority.iter().any(|record| record.record_type == RecordType::SOA && record.owner == name);
    // Where a made-up selector is answered too, a wildcard (of whatever type) speaks, not the name.
    let is_alone = nonsense.is_some_and(|nonsense| {
        let lookup = context.evidence().look_up(&nonsense.name, RecordType::TXT);
        matches!(&lookup, Lookup::NxDomain { chain } if chain.is_empty())
    });
    match &lookup {
        // NXDOMAIN behind an alias speaks of the alias's target: the name itself exists.
        Lookup::NxDomain { chain } if chain.is_empty() => Base::NxDomain { proven },
        Lookup::NoData { chain } if chain.is_empty() && is_alone && !is_zone => Base::Exists,
        Lookup::Found(found) if found.wildcard.is_none() => {
            let text = |data: &RecordData| match data {
                RecordData::Txt(txt) => Some(txt.text()),
                _ => None,
            };
            let texts: Vec<String> =
                found.records.iter().filter_map(|record| text(&record.data)).take(MAX_RECORDS).collect();
            let others = nonsense.map(Selector::records).unwrap_or_default();
            match texts.iter().all(|text| others.iter().any(|other| other.text == *text)) {
                true => Base::Inconclusive,
                false => Base::Texts(texts),
            }
        }
        _ => Base::Inconclusive,
    }
}

/// Whether the evidence answers for a selector.
fn is_known(context: &Context<'_>, label: &str) -> bool {
    let name = context.domain.child(&format!("{label}._domainkey"));
    name.is_ok_and(|name| !context.evidence().look_up(&name, RecordType::TXT).is_unknown())
}

fn ask(context: &Context<'_>, urgency: Urgency, label: String, origin: Origin) -> Option<Selector> {
    let name = context.domain.child(&format!("{label}._domainkey")).ok()?;
    let lookup = context.ask(Technology::Dkim, urgency, &name, RecordType::TXT);
    let chain = lookup.chain().to_vec();
    let (mut from, mut from_wildcard) = (None, false);
    let state = match &lookup {
        Lookup::Found(found) => {
            from = found.entry.provenance.from.clone();
            from_wildcard = found.wildcard.is_some();
            State::Found(key_records(&lookup))
        }
        Lookup::NoData { .. } | Lookup::NxDomain { .. } if chain.is_empty() => State::Absent,
        Lookup::NoData { .. } => State::Dangling { missing: false },
        Lookup::NxDomain { .. } => State::Dangling { missing: true },
        Lookup::Failed(_) | Lookup::NotSupplied { .. } => State::Unknown(Gap::of(&name, RecordType::TXT, &lookup)?),
    };
    Some(Selector { label, name, origin, state, chain, from, from_wildcard })
}

fn key_records(lookup: &Lookup<'_>) -> Vec<KeyRecord> {
    let records = lookup.records().iter().filter_map(|record| match &record.data {
        RecordData::Txt(txt) => {
            let text = txt.text();
            let (parsed, is_key) = (dkim::parse(&text), dkim::looks_like_key(&text));
            Some(KeyRecord { text, parsed, is_key, ttl: record.ttl })
        }
        _ => None,
    });
    records.take(MAX_RECORDS).collect()
}

/// Whether two lists hold the same texts, in whatever order; neither is longer than [`MAX_RECORDS`].
fn same_texts(ours: &[KeyRecord], theirs: &[KeyRecord]) -> bool {
    let count = |records: &[KeyRecord], text: &str| records.iter().filter(|record| record.text == text).count();
    ours.len() == theirs.len() && ours.iter().all(|record| count(ours, &record.text) == count(theirs, &record.text))
}

/// Whether a selector was answered just as the one that nobody has.
fn same_answer(selector: &Selector, nonsense: &Selector) -> bool {
    match (&selector.state, &nonsense.state) {
        (State::Found(ours), State::Found(theirs)) => same_texts(ours, theirs),
        (State::Dangling { .. }, State::Dangling { .. }) => selector.chain == nonsense.chain,
        _ => false,
    }
}
