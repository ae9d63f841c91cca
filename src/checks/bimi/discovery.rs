//! Finding the assertion record: at the domain, then at the organizational domain, BIMI §7.2.

use crate::checks::{Context, Gap, Published, dmarc};
use crate::dns::{RecordData, RecordType};
use crate::evidence::Lookup;
use crate::name::DomainName;
use crate::records::bimi::{self, Bimi, BimiProblem, Kind};
use crate::records::{Parsed, Technology};
use crate::text::Span;
use crate::wanted::Urgency;

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

/// Everything that the names say.
#[derive(Clone, Debug)]
pub struct Search {
    /// What was found.
    pub discovery: Discovery,
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
        let mut search =
            Self { discovery: Discovery::Absent, asked: Vec::new(), near_misses: Vec::new(), published: Vec::new() };
        if !search.ask(context, selector, context.domain, false) {
            return search;
        }
        match dmarc.organizational_domain() {
            Some(organizational) if organizational == *context.domain => {}
            Some(organizational) => {
                search.ask(context, selector, &organizational, true);
            }
            // A name of two labels can only be its own organizational domain or lie below a top-level domain's record.
            None => {
                let question = format!("organizational domain of {} (DMARC tree walk)", context.domain);
                search.discovery = Discovery::Unknown(Gap::NotSupplied { question });
            }
        }
        search
    }

    /// Asks at one domain; true where the search goes on.
    fn ask(&mut self, context: &Context<'_>, selector: &str, domain: &DomainName, inherited: bool) -> bool {
        let Ok(name) = domain.child(&format!("{selector}._bimi")) else {
            self.discovery = Discovery::NoSuchName { selector: selector.to_owned() };
            return false;
        };
        self.asked.push(name.clone());
        let lookup = context.ask(Technology::Bimi, Urgency::Leaf, &name, RecordType::TXT);
        if let Some(gap) = Gap::of(&name, RecordType::TXT, &lookup) {
            self.discovery = Discovery::Unknown(gap);
            return false;
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
        self.discovery = match texts.as_slice() {
            [] => return true,
            [text] => Discovery::Record { name, inherited, text: text.clone(), parsed: bimi::parse(text) },
            _ => Discovery::Several { name, texts },
        };
        false
    }
}
