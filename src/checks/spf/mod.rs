//! SPF, RFC 7208: the domain's record, the tree of its includes, and what they come to.

mod addresses;
mod checks;
mod coverage_checks;
mod detail;
mod explanation;
mod grow;
mod judge;
mod limit_checks;
mod merge;
mod overlaps;
mod own;
mod providers;
mod savings;
mod score;
mod steps;
mod term_checks;
mod tree;
mod tree_checks;
pub mod words;

pub use judge::{End, Opening, Verdict};
pub use providers::Provider;
pub use tree::{Node, State, Tree, Via};

use super::{Context, Gap, Outcome, Published, Room, Status, worst};
use crate::dns::{RecordData, RecordType};
use crate::evidence::Lookup;
use crate::name::DomainName;
use crate::records::Technology;
use crate::records::spf::{self, NearMiss};
use crate::wanted::Urgency;

/// Most SPF records at one name whose trees are followed; more than one is a permanent error anyway.
const MAX_RECORDS: usize = 4;
/// The type of the old SPF record, RFC 7208 §3.1: it must not be used any more.
const TYPE_SPF: RecordType = RecordType(99);

/// What the TXT records of the domain say.
#[derive(Clone, Debug)]
pub enum Answer {
    /// They could not be read.
    Unknown(Gap),
    /// They were read.
    Read {
        /// Texts that only look like SPF, with what is wrong.
        near_misses: Vec<(String, NearMiss)>,
        /// Whether the domain exists at all.
        exists: bool,
        /// Octets of the answer on the wire, by the names and strings in it.
        octets: usize,
    },
}

/// Everything known about a domain's SPF.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The domain.
    pub domain: DomainName,
    /// What its TXT records say.
    pub answer: Answer,
    /// One tree for each SPF record at the domain; exactly one where SPF is used rightly.
    pub trees: Vec<Tree>,
    /// How many SPF records there are.
    pub records: usize,
    /// Whether the domain has mail servers of its own; `None` where that is not known.
    pub has_mx: Option<bool>,
    /// Texts of records of the old type SPF (99) that are among the evidence.
    pub type_99: Vec<String>,
}

impl Facts {
    /// Gathers. Asks for the TXT records of the domain and of everything that it includes.
    pub fn gather(context: &Context<'_>) -> Self {
        let domain = context.domain.clone();
        let lookup = context.ask(Technology::Spf, Urgency::Path, &domain, RecordType::TXT);
        let mx = context.ask(Technology::Spf, Urgency::Leaf, &domain, RecordType::MX);
        let has_mx = (!mx.is_unknown()).then(|| {
            mx.records()
                .iter()
                .any(|record| matches!(&record.data, RecordData::Mx { exchange, .. } if !exchange.is_root()))
        });
        // Nobody asks for type 99 any more (RFC 7208 §3.1): only what somebody supplied is looked at.
        let type_99 = match context.evidence().look_up(&domain, TYPE_SPF) {
            Lookup::Found(found) => found.records.iter().filter_map(|record| old_text(&record.data)).collect(),
            _ => Vec::new(),
        };
        if let Some(gap) = Gap::of(&domain, RecordType::TXT, &lookup) {
            return Self { domain, answer: Answer::Unknown(gap), trees: Vec::new(), records: 0, has_mx, type_99 };
        }
        let texts = grow::texts(&lookup);
        let selection = spf::select(texts.iter().map(|(text, ..)| text.as_str()));
        let near_misses = selection
            .near_misses
            .into_iter()
            .filter_map(|miss| Some((texts.get(miss.record)?.0.clone(), miss)))
            .collect();
        let trees = selection
            .records
            .iter()
            .take(MAX_RECORDS)
            .filter_map(|&at| texts.get(at).cloned())
            .map(|(text, ttl, from)| Tree::grow(context, &domain, tree::Published::new(text, ttl, from)))
            .collect();
        let exists = !matches!(lookup, Lookup::NxDomain { .. });
        let octets = answer_octets(&domain, texts.iter().map(|(text, ..)| text.len()));
        let answer = Answer::Read { near_misses, exists, octets };
        Self { domain, answer, trees, records: selection.records.len(), has_mx, type_99 }
    }

    /// The tree, where the domain has exactly one SPF record.
    pub fn only_tree(&self) -> Option<&Tree> {
        match self.trees.as_slice() {
            [tree] if self.records == 1 => Some(tree),
            _ => None,
        }
    }

    /// The domain's own record, where it has exactly one.
    pub fn only_record(&self) -> Option<&tree::Published> {
        self.only_tree()?.root()?.published()
    }

    /// Whether the TXT records were read and none of them is SPF.
    pub fn is_absent(&self) -> bool {
        matches!(self.answer, Answer::Read { .. }) && self.records == 0
    }

    /// Whether the one record, or something that it includes or redirects to, surely lets everybody pass.
    pub fn lets_everybody_pass(&self) -> bool {
        self.only_tree().is_some_and(|tree| !judge::openings(tree).0.is_empty())
    }

    /// Whether the domain says that it sends no mail: exactly one record, valid, that refuses everybody
    /// (`v=spf1 -all`, or a redirect to that).
    pub fn sends_nothing(&self) -> bool {
        self.only_tree().is_some_and(judge::refuses_everyone)
    }

    /// The well-known senders that the record lets send, by the targets of its terms.
    pub fn providers(&self) -> Vec<&'static Provider> {
        providers::of(&self.trees)
    }
}

/// The text of a record of type 99, which has the form of TXT.
fn old_text(data: &RecordData) -> Option<String> {
    let octets = match data {
        RecordData::Txt(txt) => return Some(txt.text()),
        RecordData::Other(octets) => octets,
        _ => return None,
    };
    let mut text = Vec::new();
    let mut rest = octets.as_slice();
    while let Some((&length, after)) = rest.split_first() {
        let (string, next) = after.split_at_checked(usize::from(length))?;
        text.extend_from_slice(string);
        rest = next;
    }
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// The size of the answer to a TXT question, RFC 1035 §4.1: header, question, and each record with a compressed owner.
fn answer_octets(domain: &DomainName, texts: impl Iterator<Item = usize>) -> usize {
    let records: usize = texts.map(|length| 12 + length + length.div_ceil(255).max(1)).sum();
    12 + domain.as_str().len() + 2 + 4 + records
}

/// Everything the report asks.
pub static ROOM: Room = Room {
    technology: Technology::Spf,
    checks: checks::CHECKS,
    status: |facts, findings| match facts.spf.answer {
        Answer::Unknown(_) => Status::Unknown,
        Answer::Read { .. } if facts.spf.is_absent() => Status::Absent,
        // A broken record is broken whatever else is unknown, and an unread include hides what it may hold.
        Answer::Read { .. } => worst(findings),
    },
    score: score::ITEMS,
    done: |facts| match facts.spf.overall() {
        Verdict::Good => Some(true),
        Verdict::Broken => Some(false),
        Verdict::Unknown => None,
    },
    prerequisites: |_| Vec::new(),
    steps: steps::steps,
    unknowns: |_| Vec::new(),
    published: |facts| published(&facts.spf),
    detail: |facts| detail::detail(&facts.spf),
};

/// The domain's own records, near misses too, and the records of its includes.
fn published(facts: &Facts) -> Vec<Published> {
    let mut all: Vec<Published> = Vec::new();
    let mut add = |name: &DomainName, value: &str, ttl: Option<u32>, from: Option<String>| {
        let name = name.to_string();
        if !all.iter().any(|known| known.name == name && known.value == value) {
            all.push(Published { name, record_type: "TXT".into(), value: value.into(), ttl, from });
        }
    };
    for tree in &facts.trees {
        for node in &tree.nodes {
            let records = match &node.state {
                State::Read(record) => std::slice::from_ref(&**record),
                State::Several(records) => records.as_slice(),
                _ => continue,
            };
            for record in records {
                add(&node.domain, &record.text, record.ttl, record.from.clone());
            }
        }
    }
    if let Answer::Read { near_misses, .. } = &facts.answer {
        for (text, _) in near_misses {
            add(&facts.domain, text, None, None);
        }
    }
    all
}

/// The outcome of a finding about somebody else's record: the domain's owner cannot mend it.
fn softened(own: bool, outcome: Outcome) -> Outcome {
    if own { outcome } else { outcome.min(Outcome::Info) }
}
