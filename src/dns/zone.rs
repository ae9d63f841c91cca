//! Zone files as BIND reads them, RFC 1035 §5 and RFC 2308 §4. A bad line costs that line only.

use std::str::FromStr;

use domain::base::iana::Rtype;

use super::fields::{duration, name_from_token};
use super::presentation::rdata_from_tokens;
use super::token::{Entries, Entry, Token};
use super::{Record, RecordData, RecordType};
use crate::name::DomainName;

/// Most records taken from one file; a zone of 16 MiB has about as many.
pub const MAX_RECORDS: usize = 200_000;
/// Most lines that are reported one by one.
pub const MAX_LINE_ERRORS: usize = 50;
/// TTL where neither the record, `$TTL` nor a record before says one.
const DEFAULT_TTL: u32 = 3600;

/// What a zone file says.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Zone {
    /// The records, in the order of the file.
    pub records: Vec<Record>,
    /// The owner of the SOA, else the first `$ORIGIN`, else the domain that was given.
    pub apex: Option<DomainName>,
    /// Whether the file is a whole zone, so that what it does not list does not exist.
    pub complete: bool,
    /// The lines that could not be used, at most [`MAX_LINE_ERRORS`].
    pub errors: Vec<LineError>,
    /// How many more such lines there were.
    pub more_errors: usize,
}

/// A line that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineError {
    /// Line, from 1.
    pub line: usize,
    /// Why.
    pub reason: String,
}

impl std::fmt::Display for LineError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

/// Reads a zone file. Names without a trailing dot are relative to `$ORIGIN`, before it to `domain`.
pub fn read(text: &[u8], domain: Option<&DomainName>) -> Zone {
    let mut reader = Reader { origin: domain.cloned(), ..Reader::default() };
    for entry in Entries::new(text) {
        if reader.zone.records.len() >= MAX_RECORDS {
            reader.refuse(entry.line, format!("the file has more than {MAX_RECORDS} records; the rest is left out"));
            reader.cut = true;
            break;
        }
        if let Err(reason) = reader.entry(&entry) {
            reader.refuse(entry.line, reason);
        }
    }
    reader.finish(domain)
}

#[derive(Default)]
struct Reader {
    zone: Zone,
    origin: Option<DomainName>,
    first_origin: Option<DomainName>,
    last_owner: Option<DomainName>,
    default_ttl: Option<u32>,
    last_ttl: Option<u32>,
    /// Whether something stands there that only zone files have: a directive, or an owner that is not absolute.
    written_as_zone: bool,
    /// Whether any owner is followed by a tab, `IN` between tabs, as dig prints answers; counted against all.
    dig_lines: usize,
    cut: bool,
}

impl Reader {
    fn refuse(&mut self, line: usize, reason: String) {
        if self.zone.errors.len() < MAX_LINE_ERRORS {
            self.zone.errors.push(LineError { line, reason });
        } else {
            self.zone.more_errors += 1;
        }
    }

    fn entry(&mut self, entry: &Entry<'_>) -> Result<(), String> {
        if let Some(error) = &entry.error {
            return Err(error.to_string());
        }
        let Some(first) = entry.tokens.first() else { return Ok(()) };
        if first.raw.starts_with(b"$") && !first.quoted && !entry.indented {
            self.written_as_zone = true;
            return self.directive(&first.text(), entry.tokens.get(1..).unwrap_or_default());
        }
        let record = self.record(entry)?;
        self.last_ttl = Some(record.ttl);
        self.zone.records.push(record);
        Ok(())
    }

    fn directive(&mut self, directive: &str, arguments: &[Token<'_>]) -> Result<(), String> {
        let argument = arguments.first().ok_or_else(|| format!("{directive} says nothing"));
        match directive.to_ascii_uppercase().as_str() {
            "$ORIGIN" => {
                let origin = name_from_token(*argument?, "origin", self.origin.as_ref()).map_err(|e| e.to_string())?;
                self.first_origin.get_or_insert_with(|| origin.clone());
                self.origin = Some(origin);
                Ok(())
            }
            "$TTL" => {
                let word = argument?.text();
                let ttl = duration(&word).ok_or_else(|| format!("“{word}” is no TTL"))?;
                self.default_ttl = Some(ttl);
                Ok(())
            }
            "$INCLUDE" => {
                let file = argument?.text();
                Err(format!("$INCLUDE of “{file}”: other files cannot be opened from here; paste its lines in place"))
            }
            "$GENERATE" => Err("$GENERATE is BIND's own and not read here; write the records out \
                 (named-compilezone does that)"
                .into()),
            _ => Err(format!("the directive {directive} is unknown")),
        }
    }

    fn record(&mut self, entry: &Entry<'_>) -> Result<Record, String> {
        let mut tokens = entry.tokens.as_slice();
        let owner = if entry.indented {
            self.written_as_zone = true;
            self.last_owner.clone().ok_or("the line starts with a blank, and no owner stands before it")?
        } else {
            let (first, rest) = tokens.split_first().ok_or("the line is empty")?;
            tokens = rest;
            let owner = name_from_token(*first, "owner", self.origin.as_ref()).map_err(|error| error.to_string());
            if !first.raw.ends_with(b".") {
                self.written_as_zone = true;
            }
            // A line without a usable owner must not lend the owner before it to the lines after.
            self.last_owner = owner.clone().ok();
            owner?
        };
        let mut fields = head(tokens)?;
        if fields.dig_style {
            self.dig_lines += 1;
        }
        if let Some(class) = fields.class.take() {
            return Err(format!("class {class}: only class IN is read"));
        }
        let data = rdata_from_tokens(fields.record_type, fields.rdata, self.origin.as_ref())
            .map_err(|error| format!("{} record of {owner}: {error}", fields.record_type))?;
        let ttl = fields.ttl.or(self.default_ttl).or(self.last_ttl).unwrap_or(match &data {
            // RFC 2308 §4: before $TTL there was, the SOA's last field was the default.
            RecordData::Soa { minimum, .. } => *minimum,
            _ => DEFAULT_TTL,
        });
        Ok(Record { owner, record_type: fields.record_type, ttl, data })
    }

    fn finish(mut self, domain: Option<&DomainName>) -> Zone {
        let is_soa = |record: &Record| record.record_type == RecordType::SOA;
        let soa = self.zone.records.iter().find(|record| is_soa(record)).map(|record| record.owner.clone());
        let has_ns = |apex: &DomainName| {
            self.zone.records.iter().any(|record| record.record_type == RecordType::NS && record.owner == *apex)
        };
        // A transfer ends with the SOA that it began with (RFC 5936 §2.2).
        let transfer = self.zone.records.len() > 1
            && self.zone.records.first().is_some_and(is_soa)
            && self.zone.records.first().map(|r| &r.owner) == self.zone.records.last().map(|r| &r.owner)
            && self.zone.records.last().is_some_and(is_soa);
        // Answers of dig may hold a SOA as well; they are no zone.
        let answers = !self.written_as_zone && self.dig_lines == self.zone.records.len() && !transfer;
        self.zone.complete = !self.cut
            && match &soa {
                Some(apex) => !answers && (self.written_as_zone || transfer || has_ns(apex)),
                None => self.first_origin.is_some(),
            };
        self.zone.apex = soa.or(self.first_origin).or_else(|| domain.cloned());
        if transfer {
            self.zone.records.pop();
        }
        self.zone
    }
}

/// What stands between owner and RDATA.
pub(super) struct Head<'e, 't> {
    pub record_type: RecordType,
    pub ttl: Option<u32>,
    /// Set where it is not IN.
    pub class: Option<String>,
    pub rdata: &'e [Token<'t>],
    /// `TTL IN TYPE`, all there and in the order in which dig prints them.
    pub dig_style: bool,
}

/// Reads TTL and class, in either order and both optional, and the type (RFC 1035 §5.1).
pub(super) fn head<'e, 't>(mut tokens: &'e [Token<'t>]) -> Result<Head<'e, 't>, String> {
    let mut ttl = None;
    let mut class: Option<String> = None;
    let mut ttl_came_first = false;
    loop {
        let Some((token, rest)) = tokens.split_first() else { return Err("the record type is missing".into()) };
        tokens = rest;
        let word = token.text();
        if token.quoted {
            return Err(format!("“{}” stands where a record type should", word.chars().take(40).collect::<String>()));
        }
        if class.is_none() && is_class(&word) {
            ttl_came_first = ttl.is_some();
            class = Some(word);
        } else if ttl.is_none() && word.starts_with(|c: char| c.is_ascii_digit()) {
            let seconds = duration(&word).ok_or_else(|| format!("“{word}” is neither a TTL nor a record type"))?;
            ttl = Some(seconds);
        } else {
            let record_type = type_from_text(&word)
                .ok_or_else(|| format!("“{}” is no record type", word.chars().take(40).collect::<String>()))?;
            let dig_style = class.is_some() && ttl_came_first;
            let class = class.filter(|class| !class.eq_ignore_ascii_case("IN") && class != "CLASS1");
            return Ok(Head { record_type, ttl, class, rdata: tokens, dig_style });
        }
    }
}

fn is_class(word: &str) -> bool {
    let named = ["IN", "CH", "HS", "CS", "ANY"].iter().any(|class| word.eq_ignore_ascii_case(class));
    let generic = word.split_at_checked(5).is_some_and(|(prefix, number)| {
        prefix.eq_ignore_ascii_case("CLASS") && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
    });
    named || generic
}

/// A type that is known here or to `domain`.
fn type_from_text(word: &str) -> Option<RecordType> {
    RecordType::parse(word).or_else(|| Rtype::from_str(word).ok().map(|rtype| RecordType(rtype.to_int())))
}
