//! Records and files that differ between two pieces of evidence.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::crypto::sha256;
use crate::dns::presentation::rdata_to_text;
use crate::dns::{RecordData, RecordType};
use crate::evidence::{Evidence, HttpsOutcome, Lookup};
use crate::name::DomainName;
use crate::report::Report;
use crate::time::UnixTime;

/// Most records that are named; a domain and what it points to have some hundred, and whole zones can be compared.
pub const MAX_RECORDS: usize = 1_000;
/// Longest file that is compared line by line: a policy has some hundred bytes, RFC 8461 §3.2 allows 64 KB.
const MAX_LINES_OF: usize = 64 * 1024;
/// Types that change with every signing, or whose content says nothing to anybody.
const NOISE: [RecordType; 5] =
    [RecordType::SOA, RecordType::RRSIG, RecordType::NSEC, RecordType::NSEC3, RecordType::NSEC3PARAM];

/// The records that differ, by name and type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordChanges {
    /// At most [`MAX_RECORDS`] of them.
    pub list: Vec<RecordChange>,
    /// How many more there are.
    pub more: usize,
}

/// What happened to the records of one name and type, or to one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordChange {
    /// Owner name, or the URL of a file.
    pub name: String,
    /// Record type, or `file`.
    #[serde(rename = "type")]
    pub record_type: String,
    /// What happened.
    pub what: What,
    /// What is no longer there.
    pub gone: Vec<String>,
    /// What is there now.
    pub new: Vec<String>,
    /// When the older answer was given, where that is known.
    pub before_at: Option<UnixTime>,
    /// When the newer one was.
    pub after_at: Option<UnixTime>,
}

/// What can happen to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// There was none.
    Added,
    /// There is none any more.
    Removed,
    /// Another value, or another set of values.
    Changed,
    /// It is there now; whether it was before is not known.
    NewlySeen,
    /// It was there; whether it still is is not known.
    NotSeen,
}

/// What is known of one name and type: the values, or nothing.
struct Side {
    values: Option<BTreeSet<String>>,
    at: Option<UnixTime>,
}

impl RecordChanges {
    /// What differs.
    pub(super) fn between(before: (&Report, &Evidence), after: (&Report, &Evidence)) -> Self {
        let ((old, old_evidence), (new, new_evidence)) = (before, after);
        let mut changes = Self::default();
        let own = new.organizational_domain.as_ref().unwrap_or(&new.domain);
        let keys: BTreeSet<(&DomainName, RecordType)> = old_evidence
            .dns()
            .chain(new_evidence.dns())
            .map(|entry| (&entry.name, entry.record_type))
            .filter(|(name, record_type)| tells(name, *record_type, own))
            .collect();
        for (name, record_type) in keys {
            let before = Side::of_records(old_evidence, name, record_type, old.taken_at);
            let after = Side::of_records(new_evidence, name, record_type, new.taken_at);
            changes.push(name.to_string(), &record_type.name(), before, after);
        }
        let urls: BTreeSet<&str> =
            old_evidence.https_entries().chain(new_evidence.https_entries()).map(|entry| entry.url.as_str()).collect();
        for url in urls {
            let before = Side::of_file(old_evidence, url, old.taken_at);
            let after = Side::of_file(new_evidence, url, new.taken_at);
            changes.push(url.to_owned(), "file", before, after);
        }
        changes
    }

    fn push(&mut self, name: String, record_type: &str, before: Side, after: Side) {
        let Some((what, gone, new)) = difference(before.values, after.values) else { return };
        if self.list.len() >= MAX_RECORDS {
            self.more += 1;
            return;
        }
        let record_type = record_type.to_owned();
        self.list.push(RecordChange { name, record_type, what, gone, new, before_at: before.at, after_at: after.at });
    }
}

/// Whether a change of this record could matter to the domain `own`: the keys of other zones are the business of others.
fn tells(name: &DomainName, record_type: RecordType, own: &DomainName) -> bool {
    let of_dnssec = matches!(record_type, RecordType::DS | RecordType::DNSKEY);
    let above = own != name && own.is_at_or_below(name);
    !NOISE.contains(&record_type) && !above && (!of_dnssec || name.is_at_or_below(own))
}

/// What happened, what is gone and what is new; `None` where nothing can be said to differ.
fn difference(
    before: Option<BTreeSet<String>>,
    after: Option<BTreeSet<String>>,
) -> Option<(What, Vec<String>, Vec<String>)> {
    let all = |values: BTreeSet<String>| values.into_iter().collect::<Vec<_>>();
    match (before, after) {
        (None, None) => None,
        (None, Some(after)) => (!after.is_empty()).then(|| (What::NewlySeen, Vec::new(), all(after))),
        (Some(before), None) => (!before.is_empty()).then(|| (What::NotSeen, all(before), Vec::new())),
        (Some(before), Some(after)) if before == after => None,
        (Some(before), Some(after)) => {
            let what = match (before.is_empty(), after.is_empty()) {
                (true, _) => What::Added,
                (_, true) => What::Removed,
                _ => What::Changed,
            };
            let gone = before.difference(&after).cloned().collect();
            Some((what, gone, after.difference(&before).cloned().collect()))
        }
    }
}

impl Side {
    fn of_records(evidence: &Evidence, name: &DomainName, record_type: RecordType, taken_at: UnixTime) -> Self {
        let lookup = evidence.look_up(name, record_type);
        let mut at = evidence.dns_entry(name, record_type).and_then(|entry| entry.provenance.at);
        let aliases = lookup.chain().iter().map(|target| tr!("alias of {target}", target));
        let values = match &lookup {
            Lookup::Failed(_) | Lookup::NotSupplied { .. } => None,
            Lookup::NoData { .. } | Lookup::NxDomain { .. } => Some(aliases.collect()),
            Lookup::Found(found) => {
                at = at.or(found.entry.provenance.at);
                Some(aliases.chain(found.records.iter().map(|record| value(&record.data))).collect())
            }
        };
        Self { values, at: at.or(Some(taken_at)) }
    }

    fn of_file(evidence: &Evidence, url: &str, taken_at: UnixTime) -> Self {
        let entry = evidence.https(url);
        let values = entry.and_then(|entry| match &entry.outcome {
            HttpsOutcome::Read { status: 200, body, .. } => Some(lines(body)),
            HttpsOutcome::Read { status: 404 | 410, .. } => Some(BTreeSet::new()),
            HttpsOutcome::Read { status, .. } => Some([tr!("HTTP status {status}", status)].into()),
            HttpsOutcome::Reachable | HttpsOutcome::Failed(_) => None,
        });
        Self { values, at: entry.and_then(|entry| entry.provenance.at).or(Some(taken_at)) }
    }
}

/// The text of a TXT record, the RDATA of any other as zone files have it.
fn value(data: &RecordData) -> String {
    match data {
        RecordData::Txt(txt) => txt.text(),
        other => rdata_to_text(other),
    }
}

/// The lines of a policy; drawings and certificates by their length and digest.
fn lines(body: &[u8]) -> BTreeSet<String> {
    match std::str::from_utf8(body) {
        Ok(text) if body.len() <= MAX_LINES_OF && text.starts_with("version:") => {
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        }
        _ => {
            let digest: String = sha256(body).iter().take(8).map(|octet| format!("{octet:02x}")).collect();
            [tr!("{} bytes, SHA-256 {digest}…", body.len(), digest)].into()
        }
    }
}
