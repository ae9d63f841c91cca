//! The openspf RFC 7208 conformance suite: its cases, and its zones as evidence. Nobody here wrote it, and it is not
//! part of this repository: `MXRAY_CORPORA` names the folder that holds `spf/rfc7208-tests.yml`.

// Not everybody who reads the suite needs all of it.
#![allow(dead_code)]

use std::path::PathBuf;

use mxray::dns::{Provenance, Record, RecordData, RecordType, Txt};
use mxray::evidence::{DnsEntry, DnsOutcome, Evidence, Failure};
use mxray::name::DomainName;
use mxray::spf_eval::Mail;
use mxray::time::UnixTime;
use serde::Deserialize;
use serde_yaml::Value;

/// The types that the suite's zones hold.
const TYPES: [(&str, RecordType); 5] = [
    ("A", RecordType::A),
    ("AAAA", RecordType::AAAA),
    ("MX", RecordType::MX),
    ("PTR", RecordType::PTR),
    ("TXT", RecordType::TXT),
];

/// One case: a mail in the world of its group.
pub struct Case {
    /// Group and name.
    pub name: String,
    /// Place of the world among [`Suite::worlds`].
    pub world: usize,
    /// The mail.
    pub mail: Mail,
    /// Results of which any is right.
    pub results: Vec<String>,
    /// The explanation, where the case asks for one.
    pub explanation: Option<String>,
}

/// Every case, and the worlds they play in.
pub struct Suite {
    pub cases: Vec<Case>,
    pub worlds: Vec<Evidence>,
}

/// Where the suite lies.
pub fn path() -> PathBuf {
    let folder = std::env::var_os("MXRAY_CORPORA").map_or_else(|| PathBuf::from("../shared/corpora"), PathBuf::from);
    folder.join("spf/rfc7208-tests.yml")
}

/// Reads the suite; `None`, with a line that says so, where it is not there.
pub fn read() -> Option<Suite> {
    let path = path();
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not there (MXRAY_CORPORA names its folder)", path.display());
        return None;
    };
    let mut suite = Suite { cases: Vec::new(), worlds: Vec::new() };
    for document in serde_yaml::Deserializer::from_str(&text) {
        let group = Value::deserialize(document).expect("a YAML document");
        if group.is_null() {
            continue;
        }
        let world = suite.worlds.len();
        suite.worlds.push(world_of(&group["zonedata"]));
        for (name, case) in group["tests"].as_mapping().expect("tests") {
            let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
            suite.cases.push(Case {
                name: format!(
                    "{}: {}",
                    group["description"].as_str().unwrap_or_default(),
                    name.as_str().expect("a name")
                ),
                world,
                mail: Mail {
                    ip: text("host").parse().expect("an address"),
                    sender: text("mailfrom"),
                    helo: text("helo"),
                    domain: None,
                    receiver: String::new(),
                    at: UnixTime(1_421_124_007),
                },
                results: match &case["result"] {
                    Value::Sequence(any) => any.iter().map(|one| one.as_str().expect("a result").to_owned()).collect(),
                    one => vec![one.as_str().expect("a result").to_owned()],
                },
                explanation: case["explanation"].as_str().map(str::to_owned),
            });
        }
    }
    Some(suite)
}

/// A zone of the suite. What it does not name does not exist; `TIMEOUT` fails every look-up that has no record at the
/// name; records of the old type SPF stand for TXT where no TXT is given.
fn world_of(zone: &Value) -> Evidence {
    let mut evidence = Evidence::new();
    for (name, entries) in zone.as_mapping().expect("a zone") {
        let name = DomainName::parse(name.as_str().expect("a name").trim_end_matches('.')).expect("a domain name");
        let entries = entries.as_sequence().expect("entries");
        let has_txt = entries.iter().any(|entry| !entry["TXT"].is_null());
        let mut seen = Vec::new();
        for entry in entries {
            for (word, record_type) in TYPES {
                let as_spf = word == "TXT" && !has_txt;
                let value = if as_spf { &entry["SPF"] } else { &entry[word] };
                if value.is_null() || value == "NONE" {
                    continue;
                }
                seen.push(record_type);
                let record = Record { owner: name.clone(), record_type, ttl: 300, data: data(record_type, value) };
                // Identical records stay two: the suite has a case of them.
                add(&mut evidence, record);
            }
        }
        if entries.iter().any(|entry| entry == "TIMEOUT") {
            for (_, record_type) in TYPES.into_iter().filter(|(_, record_type)| !seen.contains(record_type)) {
                evidence.add_dns(DnsEntry {
                    name: name.clone(),
                    record_type,
                    outcome: DnsOutcome::Failed(Failure::Timeout),
                    wire: None,
                    provenance: Provenance::default(),
                });
            }
        }
    }
    evidence.add_authority(DomainName::root());
    evidence
}

fn add(evidence: &mut Evidence, record: Record) {
    let known =
        evidence.look_up(&record.owner, record.record_type).records().iter().copied().cloned().collect::<Vec<_>>();
    evidence.add_dns(DnsEntry {
        name: record.owner.clone(),
        record_type: record.record_type,
        outcome: DnsOutcome::Answer {
            rcode: mxray::dns::Rcode::NOERROR,
            answers: [known, vec![record]].concat(),
            authority: Vec::new(),
            authentic: false,
        },
        wire: None,
        provenance: Provenance::default(),
    });
}

fn data(record_type: RecordType, value: &Value) -> RecordData {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let name = |value: &Value| match text(value).trim_end_matches('.') {
        "" => DomainName::root(),
        name => DomainName::parse(name).expect("a domain name"),
    };
    match record_type {
        RecordType::A => RecordData::A(text(value).parse().expect("IPv4")),
        RecordType::AAAA => RecordData::Aaaa(text(value).parse().expect("IPv6")),
        RecordType::MX => RecordData::Mx {
            preference: value[0].as_u64().and_then(|number| u16::try_from(number).ok()).expect("a preference"),
            exchange: name(&value[1]),
        },
        RecordType::PTR => RecordData::Ptr(name(value)),
        _ => RecordData::Txt(Txt {
            strings: match value {
                Value::Sequence(strings) => strings.iter().map(|one| text(one).into_bytes()).collect(),
                one => vec![text(one).into_bytes()],
            },
        }),
    }
}
