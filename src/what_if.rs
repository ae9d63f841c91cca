//! What would be if records were different: edits laid over evidence, and what they change in the report.
//!
//! Pure, like the assessment itself: the evidence stays as it is, and what an edit does not touch is not looked up again.

use serde::{Deserialize, Serialize};

use crate::checks::{Finding, Outcome, Publish, Status};
use crate::dns::{Provenance, Rcode, Record, RecordData, RecordType, Txt};
use crate::evidence::{DnsEntry, DnsOutcome, EDITED, Evidence, HttpsEntry, HttpsOutcome};
use crate::name::DomainName;
use crate::records::Technology;
use crate::report::Report;
use crate::text::octets_of_hex;

/// Time to live of a record that is only thought of.
const TTL: u32 = 3600;
/// Most edits at a time; a domain has some twenty records.
pub const MAX_EDITS: usize = 100;
/// Longest text of one edit in bytes: as much as a DNS message holds.
pub const MAX_TEXT: usize = 65_535;

/// One record that is changed, added or taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Owner name without trailing dot, or the URL of a file.
    pub name: String,
    /// Record type, or `file`.
    pub record_type: String,
    /// The record as published, as in [`crate::checks::Published::value`]; `None` for one that is added.
    pub was: Option<String>,
    /// The record as it would be; `None` for one that is taken away.
    pub now: Option<String>,
}

impl Edit {
    /// The technology whose record this is, by its owner name and type.
    pub fn technology(&self) -> Technology {
        technology_of(&self.name, &self.record_type)
    }

    /// The record as it would be published.
    pub fn publish(&self) -> Option<Publish> {
        let value = self.now.clone()?;
        Some(Publish { name: self.name.clone(), record_type: self.record_type.clone(), value })
    }
}

/// The technology that a record belongs to, by its owner name (or URL) and type.
pub fn technology_of(name: &str, record_type: &str) -> Technology {
    const BY_LABELS: [(&str, Technology); 5] = [
        ("_domainkey.", Technology::Dkim),
        ("_dmarc.", Technology::Dmarc),
        ("_mta-sts.", Technology::MtaSts),
        ("_smtp._tls.", Technology::TlsRpt),
        ("._bimi.", Technology::Bimi),
    ];
    let by_labels = BY_LABELS.iter().find(|(labels, _)| name.contains(labels)).map(|(_, technology)| *technology);
    match record_type {
        "file" => Technology::MtaSts,
        "MX" | "A" | "AAAA" => Technology::Mx,
        "TLSA" => Technology::Dane,
        "DS" | "DNSKEY" | "RRSIG" => Technology::Dnssec,
        "CAA" => Technology::Bimi,
        _ => by_labels.unwrap_or(Technology::Spf),
    }
}

/// The evidence as it would be, and what is wrong with each edit (in their order; `None` where it was taken in).
pub fn apply(evidence: &Evidence, edits: &[Edit]) -> (Evidence, Vec<Option<String>>) {
    let mut edited = evidence.clone();
    let problems = edits
        .iter()
        .enumerate()
        .map(|(at, edit)| {
            if at >= MAX_EDITS {
                return Some(tr!("more than {MAX_EDITS} records cannot be changed at a time", MAX_EDITS));
            }
            lay(&mut edited, edit).err()
        })
        .collect();
    (edited, problems)
}

/// Takes over what was looked up for the sake of edits, but not what the edits made up.
pub fn learn(known: &mut Evidence, looked_up: &Evidence) {
    for entry in looked_up.dns() {
        if entry.provenance.from.as_deref() != Some(EDITED) && !known.has_dns(&entry.name, entry.record_type) {
            known.add_dns(entry.clone());
        }
    }
    for entry in looked_up.https_entries() {
        if entry.provenance.from.as_deref() != Some(EDITED) && known.https(&entry.url).is_none() {
            known.add_https(entry.clone());
        }
    }
}

fn lay(evidence: &mut Evidence, edit: &Edit) -> Result<(), String> {
    if edit.now.as_ref().is_some_and(|now| now.len() > MAX_TEXT) {
        return Err(tr!("the text is longer than {MAX_TEXT} bytes", MAX_TEXT));
    }
    if edit.record_type == "file" {
        lay_file(evidence, edit);
        return Ok(());
    }
    let name = DomainName::parse(&edit.name).map_err(|error| error.to_string())?;
    let record_type = RecordType::parse(&edit.record_type).ok_or("this record type is not known")?;
    let now = edit.now.as_deref().map(|now| data(record_type, now)).transpose()?;
    let was = edit.was.as_deref().map(|was| data(record_type, was)).transpose()?;
    let mut entry = holder(evidence, &name, record_type, was.as_ref()).unwrap_or_else(|| DnsEntry {
        name: name.clone(),
        record_type,
        outcome: DnsOutcome::Answer {
            rcode: Rcode::NOERROR,
            answers: Vec::new(),
            authority: Vec::new(),
            authentic: false,
        },
        wire: None,
        provenance: Provenance::default(),
    });
    if !matches!(entry.outcome, DnsOutcome::Answer { .. }) {
        entry.outcome =
            DnsOutcome::Answer { rcode: Rcode::NOERROR, answers: Vec::new(), authority: Vec::new(), authentic: false };
    }
    let DnsOutcome::Answer { rcode, answers, authority, .. } = &mut entry.outcome else { return Ok(()) };
    let of_type = |record: &Record| record.record_type == record_type;
    match (answers.iter().position(|record| of_type(record) && was.as_ref() == Some(&record.data)), now) {
        (Some(at), Some(now)) => {
            if let Some(record) = answers.get_mut(at) {
                record.data = now;
            }
        }
        (Some(at), None) => {
            answers.remove(at);
        }
        (None, Some(now)) => {
            // Beside its like, which may stand behind an alias.
            let owner = answers.iter().find(|record| of_type(record)).map_or(&name, |record| &record.owner).clone();
            answers.push(Record { owner, record_type, ttl: TTL, data: now });
        }
        (None, None) => {}
    }
    if !answers.is_empty() {
        *rcode = Rcode::NOERROR;
        authority.clear();
    }
    entry.wire = None;
    entry.provenance.from = Some(EDITED.into());
    let exists = matches!(&entry.outcome, DnsOutcome::Answer { answers, .. } if !answers.is_empty());
    evidence.put_dns(entry);
    if exists {
        evidence.make_exist(&name);
    }
    Ok(())
}

/// The entry that answers for the record: the one of its own name, else the one whose answer reached it by an alias.
fn holder(
    evidence: &Evidence,
    name: &DomainName,
    record_type: RecordType,
    was: Option<&RecordData>,
) -> Option<DnsEntry> {
    let of_type = || evidence.dns().filter(|entry| entry.record_type == record_type);
    let reached = |entry: &&DnsEntry| {
        let DnsOutcome::Answer { answers, .. } = &entry.outcome else { return false };
        answers.iter().any(|record| record.owner == *name && was == Some(&record.data))
    };
    of_type().find(|entry| entry.name == *name).or_else(|| of_type().find(reached)).cloned()
}

/// RDATA from the text of a record of the types that a mail domain publishes; TXT text is taken as it stands. The
/// full reader of zone files would double what the page has to load.
pub fn data(record_type: RecordType, text: &str) -> Result<RecordData, String> {
    if record_type == RecordType::TXT {
        return Ok(RecordData::Txt(Txt::from_text(text)));
    }
    let shape = match record_type {
        RecordType::MX => "preference and host: `10 mail.example.com.`",
        RecordType::TLSA => "usage, selector, matching type and hexadecimal data: `3 1 1 0123…`",
        RecordType::DS => "key tag, algorithm, digest type and hexadecimal digest: `12345 13 2 0123…`",
        RecordType::CAA => "flags, tag and quoted value: `0 issuevmc \"ca.example\"`",
        RecordType::CNAME => "a host name: `mail.example.com.`",
        _ => return Err("records of this type cannot be edited here".into()),
    };
    plain_data(record_type, text).ok_or_else(|| tr!("it is not {shape}", shape))
}

fn plain_data(record_type: RecordType, text: &str) -> Option<RecordData> {
    let mut words = text.split_ascii_whitespace();
    let data = match record_type {
        RecordType::MX => RecordData::Mx { preference: words.next()?.parse().ok()?, exchange: host(words.next()?)? },
        RecordType::CNAME => RecordData::Cname(host(words.next()?)?),
        RecordType::TLSA => RecordData::Tlsa {
            usage: words.next()?.parse().ok()?,
            selector: words.next()?.parse().ok()?,
            matching: words.next()?.parse().ok()?,
            data: data_of(words.by_ref())?,
        },
        RecordType::DS => RecordData::Ds {
            key_tag: words.next()?.parse().ok()?,
            algorithm: words.next()?.parse().ok()?,
            digest_type: words.next()?.parse().ok()?,
            digest: data_of(words.by_ref())?,
        },
        _ => {
            let (flags, rest) = text.trim().split_once(' ')?;
            let (tag, value) = rest.trim_start().split_once(' ')?;
            let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
            let tag = tag.to_ascii_lowercase();
            if !tag.bytes().all(|octet| octet.is_ascii_alphanumeric()) || value.contains(['"', '\\']) {
                return None;
            }
            return Some(RecordData::Caa { flags: flags.parse().ok()?, tag, value: value.into() });
        }
    };
    words.next().is_none().then_some(data)
}

/// The octets of all words that are left.
fn data_of<'w>(words: impl Iterator<Item = &'w str>) -> Option<Vec<u8>> {
    octets_of_hex(&words.collect::<String>()).filter(|octets| !octets.is_empty())
}

/// A host name, absolute with or without its last dot.
fn host(word: &str) -> Option<DomainName> {
    DomainName::parse(word).ok()
}

fn lay_file(evidence: &mut Evidence, edit: &Edit) {
    let crlf = edit.was.as_ref().is_some_and(|was| was.contains("\r\n"));
    let body = edit.now.as_deref().unwrap_or("").replace("\r\n", "\n");
    let body = if crlf { body.replace('\n', "\r\n") } else { body };
    let status = if edit.now.is_some() { 200 } else { 404 };
    evidence.put_https(HttpsEntry {
        url: edit.name.clone(),
        outcome: HttpsOutcome::Read { status, content_type: Some("text/plain".into()), body: body.into_bytes() },
        supplied: true,
        provenance: Provenance { from: Some(EDITED.into()), at: None },
    });
}

/// What edits change in a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Findings that would be no more: faults, improvements and what could not be seen.
    pub gone: Vec<Finding>,
    /// Those that would be new.
    pub new: Vec<Finding>,
    /// Technologies that would stand differently: which, before, after.
    pub statuses: Vec<(Technology, Status, Status)>,
}

/// What differs between two reports on one domain.
pub fn changes(before: &Report, after: &Report) -> Changes {
    let only_in = |one: &Report, other: &Report| -> Vec<Finding> {
        let is_same = |a: &Finding, b: &Finding| a.id == b.id && a.outcome == b.outcome && a.title == b.title;
        let has = |report: &Report, finding: &Finding| report.findings.iter().any(|known| is_same(known, finding));
        one.findings.iter().filter(|finding| tells(finding) && !has(other, finding)).cloned().collect()
    };
    let both = before.technologies.iter().zip(&after.technologies);
    Changes {
        gone: only_in(before, after),
        new: only_in(after, before),
        statuses: std::iter::once((&before.mail_servers, &after.mail_servers))
            .chain(both)
            .filter(|(before, after)| before.status != after.status)
            .map(|(before, after)| (before.id, before.status, after.status))
            .collect(),
    }
}

fn tells(finding: &Finding) -> bool {
    matches!(finding.outcome, Outcome::Fail | Outcome::Warn | Outcome::Unknown)
}

/// Edits that publish a record as a report proposes it: in place of what its technology has at that name, for TXT and
/// files, of which there is to be one; beside it for other types.
pub fn proposal(report: &Report, publish: &Publish) -> Vec<Edit> {
    let Publish { name, record_type, value } = publish;
    let technology = technology_of(name, record_type);
    let own = report.technology(technology).unwrap_or(&report.mail_servers);
    let alone = matches!(record_type.as_str(), "TXT" | "file");
    let at_name =
        own.published.iter().filter(|known| alone && known.name == *name && known.record_type == *record_type);
    let edit = |was: Option<&String>, now: Option<&String>| Edit {
        name: name.clone(),
        record_type: record_type.clone(),
        was: was.cloned(),
        now: now.cloned(),
    };
    let mut edits: Vec<Edit> = at_name.map(|known| edit(Some(&known.value), None)).collect();
    match edits.first_mut() {
        Some(first) => first.now = Some(value.clone()),
        None => edits.push(edit(None, Some(value))),
    }
    edits
}
