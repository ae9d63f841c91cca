//! Finding the assertion record: at the domain, then at the organizational domain, BIMI §7.2.

use crate::checks::{Context, Gap, Published, dmarc};
use crate::dns::{RecordData, RecordType};
use crate::evidence::Lookup;
use crate::name::DomainName;
use crate::records::bimi::{self, Bimi, BimiProblem, Kind};
use crate::records::{Parsed, Technology};
use crate::text::Span;
use crate::wanted::Urgency;

use super::local_part;

/// Most TXT records at one BIMI name that are looked at.
const MAX_TEXTS: usize = 32;

/// What was found.
#[derive(Clone, Debug)]
pub enum Discovery {
    /// Exactly one record; `inherited` where it stands at the organizational domain.
    Record { name: DomainName, inherited: bool, text: String, parsed: Parsed<Bimi, BimiProblem> },
    /// More than one record at a name: receivers stop (§7.2 step 4).
    Several { name: DomainName, texts: Vec<String> },
    /// No record at any name that receivers ask.
    Absent,
    /// Not known.
    Unknown(Gap),
    /// The selector that the user gave makes no name.
    NoSuchName { selector: String },
}

/// A TXT record that receivers drop although it was meant as an assertion record.
#[derive(Clone, Debug)]
pub struct NearMiss {
    /// Where it stands.
    pub name: DomainName,
    /// Its text.
    pub text: String,
    /// What spoils it.
    pub span: Span,
}

/// What `lps` means for one sender.
#[derive(Clone, Debug)]
pub struct OwnRecord {
    /// The sender's local-part.
    pub local_part: String,
    /// What receivers do for it.
    pub outcome: OwnOutcome,
}

/// What receivers do for a sender where the record has `lps`.
#[derive(Clone, Debug)]
pub enum OwnOutcome {
    /// The local-part makes no selector: the domain's record counts.
    NoSelector,
    /// The sender's own record counts.
    Used { name: DomainName },
    /// There is none, or more than one: the domain's record counts.
    NotUsed { name: DomainName },
    /// Not known.
    Unknown(Gap),
}

/// Everything that the names say.
#[derive(Clone, Debug)]
pub struct Search {
    /// What was found.
    pub discovery: Discovery,
    /// What `lps` means for the sender that the user named.
    pub own: Option<OwnRecord>,
    /// The names asked, in order.
    pub asked: Vec<DomainName>,
    /// What was meant and does not count.
    pub near_misses: Vec<NearMiss>,
    /// Every record at the names that has to do with BIMI, as published.
    pub published: Vec<Published>,
}

impl Search {
    /// Asks at the domain; only where there is no record, at the organizational domain, with the same selector.
    pub(super) fn run(context: &Context<'_>, dmarc: &dmarc::Facts) -> Self {
        let selector = &context.options.bimi_selector;
        let mut search = Self {
            discovery: Discovery::Absent,
            own: None,
            asked: Vec::new(),
            near_misses: Vec::new(),
            published: Vec::new(),
        };
        search.discovery = search.ask(context, selector, context.domain, false);
        if matches!(search.discovery, Discovery::Absent) {
            match dmarc.organizational_domain() {
                Some(organizational) if organizational == *context.domain => {}
                Some(organizational) => {
                    search.discovery = search.ask(context, selector, &organizational, true);
                }
                // A name of two labels can only be its own organizational domain or lie below a top-level domain's record.
                None => {
                    let question = tr!("organizational domain of {} (DMARC tree walk)", context.domain);
                    search.discovery = Discovery::Unknown(Gap::NotSupplied { question });
                }
            }
        }
        search.follow_local_part(context, dmarc);
        search
    }

    /// Asks at one domain.
    fn ask(&mut self, context: &Context<'_>, selector: &str, domain: &DomainName, inherited: bool) -> Discovery {
        let Ok(name) = domain.child(&format!("{selector}._bimi")) else {
            return Discovery::NoSuchName { selector: selector.to_owned() };
        };
        self.asked.push(name.clone());
        let lookup = context.ask(Technology::Bimi, Urgency::Leaf, &name, RecordType::TXT);
        if let Some(gap) = Gap::of(&name, RecordType::TXT, &lookup) {
            return Discovery::Unknown(gap);
        }
        let mut texts = Vec::new();
        if let Lookup::Found(found) = lookup {
            for record in found.records.iter().take(MAX_TEXTS) {
                let RecordData::Txt(txt) = &record.data else { continue };
                let text = txt.text();
                match bimi::kind(&text) {
                    Kind::Assertion => texts.push(text.clone()),
                    Kind::NearMiss { span } => {
                        self.near_misses.push(NearMiss { name: name.clone(), text: text.clone(), span });
                    }
                    Kind::Other => continue,
                }
                self.published.push(Published {
                    name: name.to_string(),
                    record_type: "TXT".into(),
                    value: text,
                    ttl: Some(record.ttl),
                    from: found.entry.provenance.from.clone(),
                });
            }
        }
        match texts.as_slice() {
            [] => Discovery::Absent,
            [text] => Discovery::Record { name, inherited, text: text.clone(), parsed: bimi::parse(text) },
            _ => Discovery::Several { name, texts },
        }
    }

    /// §7.2 step 2: where the record has `lps`, the record of the sender at the same domain counts if it is one.
    fn follow_local_part(&mut self, context: &Context<'_>, dmarc: &dmarc::Facts) {
        let Some(local_part) = &context.options.bimi_local_part else { return };
        let Discovery::Record { inherited, parsed, .. } = &self.discovery else { return };
        let Some(prefixes) = &parsed.record.local_part_selectors else { return };
        let inherited = *inherited;
        let domain = if inherited { dmarc.organizational_domain() } else { Some(context.domain.clone()) };
        let selector = local_part::selector(local_part, prefixes);
        let outcome = match selector.zip(domain) {
            None => OwnOutcome::NoSelector,
            Some((selector, domain)) => match self.ask(context, &selector, &domain, inherited) {
                Discovery::Record { name, inherited, text, parsed } => {
                    self.discovery = Discovery::Record { name: name.clone(), inherited, text, parsed };
                    OwnOutcome::Used { name }
                }
                Discovery::Several { name, .. } => OwnOutcome::NotUsed { name },
                Discovery::Unknown(gap) => OwnOutcome::Unknown(gap),
                Discovery::Absent | Discovery::NoSuchName { .. } => match self.asked.last() {
                    Some(name) => OwnOutcome::NotUsed { name: name.clone() },
                    None => OwnOutcome::NoSelector,
                },
            },
        };
        self.own = Some(OwnRecord { local_part: local_part.clone(), outcome });
    }
}
