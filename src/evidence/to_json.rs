//! Writing evidence files; their format stands in `json.rs`.

use domain::utils::base64;
use serde_json::{Map, Value, json};

use super::json::{DEFAULT_TTL, FORMAT, KINDS};
use super::{DnsEntry, DnsOutcome, Evidence, Failure, FileEntry, HttpsEntry, HttpsOutcome};
use crate::dns::presentation::rdata_to_text;
use crate::dns::{Provenance, Record};
use crate::name::DomainName;

impl Evidence {
    /// Writes an evidence file that [`Evidence::from_json`] reads back to the same value.
    pub fn to_json(&self) -> String {
        format!("{:#}\n", self.to_value())
    }

    /// The same without white space.
    pub fn to_compact_json(&self) -> String {
        self.to_value().to_string()
    }

    fn to_value(&self) -> Value {
        let mut file = Map::new();
        file.insert("format".into(), FORMAT.into());
        insert(&mut file, "domain", self.domain.as_ref().map(DomainName::as_str));
        insert(&mut file, "taken_at", self.taken_at.map(|time| time.to_string()));
        // What gave way stands first, so that it gives way again when the file is read.
        file.insert("dns".into(), self.displaced.dns.iter().chain(self.dns()).map(dns_to_json).collect());
        let https = self.displaced.https.iter().chain(self.https_entries());
        file.insert("https".into(), https.map(https_to_json).collect());
        file.insert("files".into(), self.files().iter().map(file_to_json).collect());
        let mut authorities: Vec<&str> = self.authorities().map(DomainName::as_str).collect();
        authorities.sort_unstable();
        file.insert("authoritative_for".into(), authorities.into());
        Value::Object(file)
    }
}

fn insert(object: &mut Map<String, Value>, field: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object.insert(field.into(), value.into());
    }
}

fn insert_provenance(object: &mut Map<String, Value>, provenance: &Provenance) {
    insert(object, "from", provenance.from.as_deref());
    insert(object, "at", provenance.at.map(|time| time.to_string()));
}

fn insert_extended_errors(object: &mut Map<String, Value>, failure: &Failure) {
    if let Failure::Rcode { extended_errors, .. } = failure
        && !extended_errors.is_empty()
    {
        let errors = extended_errors.iter().map(|error| json!({"code": error.code, "text": error.text}));
        object.insert("extended_errors".into(), errors.collect());
    }
}

fn insert_body(object: &mut Map<String, Value>, body: &[u8]) {
    match std::str::from_utf8(body) {
        Ok(text) => object.insert("body".into(), text.into()),
        Err(_) => object.insert("body_base64".into(), base64::encode_string(body).into()),
    };
}

fn dns_to_json(entry: &DnsEntry) -> Value {
    let mut object = Map::new();
    object.insert("name".into(), entry.name.as_str().into());
    object.insert("type".into(), entry.record_type.name().into());
    match (&entry.wire, &entry.outcome) {
        (Some(wire), _) => {
            object.insert("wire".into(), base64::encode_string(wire).into());
        }
        (None, DnsOutcome::Failed(failure)) => {
            object.insert("failed".into(), failure.to_word().into());
            insert_extended_errors(&mut object, failure);
        }
        (None, DnsOutcome::Answer { rcode, answers, authority, authentic }) => {
            let ttl = answers.first().map_or(DEFAULT_TTL, |record| record.ttl);
            object.insert("rcode".into(), rcode.name().into());
            object.insert("answers".into(), answers.iter().map(|record| record_to_json(record, entry, ttl)).collect());
            if !answers.is_empty() {
                object.insert("ttl".into(), ttl.into());
            }
            if !authority.is_empty() {
                let records = authority.iter().map(|record| record_to_json(record, entry, ttl));
                object.insert("authority".into(), records.collect());
            }
            if *authentic {
                object.insert("authentic".into(), true.into());
            }
        }
    }
    insert_provenance(&mut object, &entry.provenance);
    object.into()
}

/// The RDATA alone where owner, type and TTL are the entry's, else an object.
fn record_to_json(record: &Record, entry: &DnsEntry, ttl: u32) -> Value {
    let data = rdata_to_text(&record.data);
    let (same_owner, same_type) = (record.owner == entry.name, record.record_type == entry.record_type);
    if same_owner && same_type && record.ttl == ttl {
        return data.into();
    }
    json!({
        "name": record.owner.as_str(),
        "type": record.record_type.name(),
        "ttl": record.ttl,
        "data": data,
    })
}

fn https_to_json(entry: &HttpsEntry) -> Value {
    let mut object = Map::new();
    object.insert("url".into(), entry.url.as_str().into());
    match &entry.outcome {
        HttpsOutcome::Read { status, content_type, body } => {
            object.insert("status".into(), (*status).into());
            insert(&mut object, "content_type", content_type.as_deref());
            insert_body(&mut object, body);
        }
        HttpsOutcome::Reachable => {
            object.insert("reachable".into(), true.into());
        }
        HttpsOutcome::Failed(failure) => {
            object.insert("failed".into(), failure.to_word().into());
            insert_extended_errors(&mut object, failure);
        }
    }
    if entry.supplied {
        object.insert("supplied".into(), true.into());
    }
    insert_provenance(&mut object, &entry.provenance);
    object.into()
}

fn file_to_json(file: &FileEntry) -> Value {
    let mut object = Map::new();
    let kind = KINDS.iter().find(|(kind, _)| *kind == file.kind).map(|(_, name)| *name);
    insert(&mut object, "kind", kind);
    object.insert("name".into(), file.name.as_str().into());
    insert_body(&mut object, &file.body);
    object.into()
}
