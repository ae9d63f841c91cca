//! The tree walk of RFC 9989 §4.10: which names are asked, and what they hold.

use crate::checks::{Context, Gap};
use crate::dns::{RecordData, RecordType};
use crate::evidence::Lookup;
use crate::name::DomainName;
use crate::records::dmarc::{self, DmarcProblem, DmarcRecord, Psd, Reading};
use crate::records::{Parsed, Technology};
use crate::wanted::Urgency;

/// Labels from which the walk goes on after a name of eight or more, RFC 9989 §4.10: at most eight queries.
pub(super) const LONG_NAME_LABELS: usize = 7;

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

    pub(super) fn psd(&self) -> Option<Psd> {
        self.record().map(|(_, parsed)| parsed.record.psd)
    }
}

/// Asks for every name that the walk from a domain can reach. No name depends on an answer, so all leave at once; what
/// another walk has asked already is not asked again.
pub(super) fn walk_of(context: &Context<'_>, domain: &DomainName) -> Vec<Node> {
    // Others hang on the record of the domain in question.
    let urgency = |name: &DomainName| if name == context.domain { Urgency::Path } else { Urgency::Leaf };
    walk_names(domain).into_iter().map(|name| ask(context, urgency(&name), name)).collect()
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
    let lookup = context.evidence().look_up(context.domain, RecordType::TXT);
    // A wildcard answers at any name: what it says is not meant for this one.
    if matches!(&lookup, Lookup::Found(found) if found.wildcard.is_some()) {
        return Vec::new();
    }
    let texts = texts(&lookup);
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

#[cfg(test)]
mod tests {
    use super::*;

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
