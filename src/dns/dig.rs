//! Output of BIND's `dig`, as printed or pasted: one or several queries, with or without comments. What Knot's `kdig`
//! and NLnet Labs' `drill` print is near enough to be read as well.

use super::fields::name_from_token;
use super::presentation::rdata_from_tokens;
use super::token::{Entries, Entry};
use super::zone::{self, LineError, MAX_LINE_ERRORS, MAX_RECORDS};
use super::{ExtendedError, Rcode, Record, RecordType};
use crate::name::DomainName;

const TYPE_ANY: RecordType = RecordType(255);
const TYPE_AXFR: RecordType = RecordType(252);

/// What dig was told by one server, or that it was told nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Name asked for.
    pub name: DomainName,
    /// Type asked for.
    pub record_type: RecordType,
    /// What came.
    pub result: AnswerResult,
}

/// What came to one query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerResult {
    /// A response.
    Response {
        rcode: Rcode,
        /// TC flag.
        truncated: bool,
        /// AD flag.
        authentic: bool,
        answers: Vec<Record>,
        authority: Vec<Record>,
        extended_errors: Vec<ExtendedError>,
        /// Why a line of the answer could not be read.
        unreadable: Option<String>,
    },
    /// No answer in time.
    TimedOut,
    /// The connection failed.
    NotReached,
}

/// All that a dig output says.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Dig {
    /// The queries whose question is known, in order.
    pub answers: Vec<Answer>,
    /// Records that stand there without a question.
    pub records: Vec<Record>,
    /// Apexes of complete zone transfers (RFC 5936 §2.2).
    pub transfers: Vec<DomainName>,
    /// The lines that could not be used.
    pub errors: Vec<LineError>,
}

/// Whether a text has lines that only dig writes.
pub fn is_dig(text: &[u8]) -> bool {
    text.split(|octet| *octet == b'\n').any(|line| {
        line.starts_with(b"; <<>> DiG")
            || line.starts_with(b";; ->>HEADER<<-")
            || line.starts_with(b";; Got answer:")
            || line.starts_with(b";; ANSWER SECTION:")
            || line.starts_with(b";; QUESTION SECTION:")
            || line.starts_with(b";; communications error")
            || (line.starts_with(b";;") && line.trim_ascii_end().ends_with(b"no servers could be reached"))
    })
}

/// Reads dig output.
pub fn read(text: &[u8]) -> Dig {
    let lines: Vec<&[u8]> = text.split(|octet| *octet == b'\n').collect();
    let mut reader = Reader::default();
    for entry in Entries::new(text) {
        if reader.taken >= MAX_RECORDS {
            let reason = format!("the text has more than {MAX_RECORDS} records; the rest is left out");
            reader.refuse(entry.line, reason);
            break;
        }
        if entry.tokens.is_empty() && entry.error.is_none() {
            let line = lines.get(entry.line.saturating_sub(1)).copied().unwrap_or_default();
            reader.comment(&String::from_utf8_lossy(line));
        } else {
            reader.line(&entry);
        }
    }
    reader.end_of_response();
    reader.dig
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Question,
    Answer,
    Authority,
    Additional,
}

/// One response while its lines come.
#[derive(Default)]
struct Response {
    /// `;; Sending:` — the query itself, shown by +qr.
    sent: bool,
    rcode: Option<Rcode>,
    truncated: bool,
    authentic: bool,
    question: Option<(DomainName, RecordType)>,
    part: Option<Part>,
    answers: Vec<Record>,
    authority: Vec<Record>,
    /// Records under no section title.
    untitled: Vec<Record>,
    extended_errors: Vec<ExtendedError>,
    unreadable: Option<String>,
}

#[derive(Default)]
struct Reader {
    dig: Dig,
    response: Response,
    /// Questions of the command line that were not answered yet, first to last.
    commanded: std::collections::VecDeque<(DomainName, RecordType)>,
    /// The last communications error.
    error: Option<AnswerResult>,
    taken: usize,
}

impl Reader {
    fn refuse(&mut self, line: usize, reason: String) {
        if self.dig.errors.len() < MAX_LINE_ERRORS {
            self.dig.errors.push(LineError { line, reason });
        }
    }

    /// A line that starts with a semicolon, or an empty one.
    fn comment(&mut self, line: &str) {
        let line = line.trim_end();
        if let Some(rest) = line.strip_prefix("; <<>> DiG") {
            self.end_of_response();
            self.commanded = commanded_questions(rest);
        } else if let Some(rest) = line.strip_prefix(";; ->>HEADER<<-") {
            if self.response.rcode.is_some() {
                self.end_of_response();
            }
            // kdig parts its fields by semicolons, drill says “rcode” for “status”.
            let rcode = rest.split([',', ';']).find_map(|field| {
                let (name, value) = field.trim().split_once(": ")?;
                matches!(name, "status" | "rcode").then_some(value)
            });
            self.response.rcode = rcode.and_then(Rcode::parse);
        } else if line == ";; Got answer:" {
            self.end_of_response();
            self.error = None;
        } else if line == ";; Sending:" {
            self.end_of_response();
            self.response.sent = true;
        } else if let Some(rest) = line.strip_prefix(";; flags:").or_else(|| line.strip_prefix(";; Flags:")) {
            let flags = rest.split(';').next().unwrap_or_default();
            self.response.authentic = flags.split(' ').any(|flag| flag == "ad");
            self.response.truncated = flags.split(' ').any(|flag| flag == "tc");
        } else if let Some(rest) = line.strip_prefix("; EDE: ") {
            self.response.extended_errors.extend(extended_error(rest));
        } else if line.starts_with(";;") && line.ends_with("SECTION:") {
            self.response.part = match line {
                ";; QUESTION SECTION:" => Some(Part::Question),
                ";; ANSWER SECTION:" => Some(Part::Answer),
                ";; AUTHORITY SECTION:" => Some(Part::Authority),
                _ => Some(Part::Additional),
            };
        } else if let Some(question) = line.strip_prefix(";; ").and_then(question).filter(|_| self.in_question()) {
            self.response.question = Some(question);
        } else if line.starts_with(";;") {
            self.trouble(line);
        } else if let Some(question) = line.strip_prefix(';').and_then(question) {
            if self.response.question.is_some() {
                self.end_of_response();
            }
            self.response.question = Some(question);
        }
    }

    fn in_question(&self) -> bool {
        self.response.part == Some(Part::Question)
    }

    /// What dig says when a server does not answer.
    fn trouble(&mut self, line: &str) {
        let timed_out = line.contains("timed out");
        if line.starts_with(";; communications error") {
            self.error = Some(if timed_out { AnswerResult::TimedOut } else { AnswerResult::NotReached });
        }
        if line.ends_with("no servers could be reached") {
            let result = match self.error.take() {
                Some(error) if !timed_out => error,
                _ => AnswerResult::TimedOut,
            };
            if let Some((name, record_type)) = self.commanded.pop_front() {
                self.dig.answers.push(Answer { name, record_type, result });
            }
        }
    }

    fn line(&mut self, entry: &Entry<'_>) {
        match record(entry) {
            Ok(record) => {
                self.taken += 1;
                match self.response.part {
                    Some(Part::Answer) => self.response.answers.push(record),
                    Some(Part::Authority) => self.response.authority.push(record),
                    // What servers add unasked need not be whole.
                    Some(Part::Additional | Part::Question) => {}
                    None => self.response.untitled.push(record),
                }
            }
            Err(reason) => {
                if matches!(self.response.part, Some(Part::Answer) | None) {
                    self.response.unreadable = Some(format!("line {}: {reason}", entry.line));
                }
                self.refuse(entry.line, reason);
            }
        }
    }

    fn end_of_response(&mut self) {
        let response = std::mem::take(&mut self.response);
        if response.sent {
            return;
        }
        let mut untitled = response.untitled;
        let (Some(first), Some(last)) = (untitled.first(), untitled.last()) else {
            return self.end_of_titled(Response { untitled, ..response });
        };
        let soa = |record: &Record| record.record_type == RecordType::SOA;
        if untitled.len() > 1 && soa(first) && soa(last) && first.owner == last.owner {
            self.dig.transfers.push(first.owner.clone());
            untitled.pop();
        }
        self.dig.records.extend(untitled);
        self.end_of_titled(Response { untitled: Vec::new(), ..response });
    }

    fn end_of_titled(&mut self, response: Response) {
        // Without its header nothing says whether the server answered at all: the records are all there is.
        let Some(rcode) = response.rcode else {
            self.dig.records.extend(response.answers);
            return;
        };
        let commanded = self.commanded.pop_front();
        let Some((name, record_type)) = response.question.or(commanded) else {
            self.dig.records.extend(response.answers);
            return;
        };
        if record_type == TYPE_ANY || record_type == TYPE_AXFR {
            // RFC 8482: an answer to ANY need not be whole.
            self.dig.records.extend(response.answers);
            return;
        }
        self.dig.answers.push(Answer {
            name,
            record_type,
            result: AnswerResult::Response {
                rcode,
                truncated: response.truncated,
                authentic: response.authentic,
                answers: response.answers,
                authority: response.authority,
                extended_errors: response.extended_errors,
                unreadable: response.unreadable,
            },
        });
    }
}

/// A record line; dig writes every name absolute.
fn record(entry: &Entry<'_>) -> Result<Record, String> {
    if let Some(error) = &entry.error {
        return Err(error.to_string());
    }
    let (first, rest) = entry.tokens.split_first().ok_or("the line is empty")?;
    if entry.indented {
        return Err("the line continues another one that was broken".into());
    }
    let owner = name_from_token(*first, "owner", Some(&DomainName::root())).map_err(|error| error.to_string())?;
    let head = zone::head(rest)?;
    if let Some(class) = head.class {
        return Err(format!("class {class}: only class IN is read"));
    }
    let data = rdata_from_tokens(head.record_type, head.rdata, Some(&DomainName::root()))
        .map_err(|error| format!("{} record of {owner}: {error}", head.record_type))?;
    Ok(Record { owner, record_type: head.record_type, ttl: head.ttl.unwrap_or(0), data })
}

/// `example.com. IN TXT`.
fn question(text: &str) -> Option<(DomainName, RecordType)> {
    let mut words = text.split_ascii_whitespace();
    let name = DomainName::parse(words.next().filter(|word| word.ends_with('.'))?).ok()?;
    words.next().filter(|class| *class == "IN")?;
    let record_type = RecordType::parse(words.next()?).or_else(|| (text.ends_with("AXFR")).then_some(TYPE_AXFR))?;
    words.next().is_none().then_some((name, record_type))
}

/// `6 (DNSSEC Bogus): (signature expired)`, RFC 8914 as dig shows it.
fn extended_error(text: &str) -> Option<ExtendedError> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let extra = text.split_once("): (").map(|(_, extra)| extra.strip_suffix(')').unwrap_or(extra));
    Some(ExtendedError { code: digits.parse().ok()?, text: extra.unwrap_or_default().to_owned() })
}

/// The questions of dig's command line, which it repeats in its first line: `9.18 <<>> @server -p 53 name TYPE …`.
fn commanded_questions(banner: &str) -> std::collections::VecDeque<(DomainName, RecordType)> {
    let mut questions = std::collections::VecDeque::new();
    let command = banner.split_once("<<>>").map_or("", |(_, command)| command);
    let mut words = command.split_ascii_whitespace().peekable();
    let mut early_type = None;
    while let Some(word) = words.next() {
        if word.starts_with('@') || word.starts_with('+') {
            continue;
        }
        if let Some(option) = word.strip_prefix('-') {
            let value =
                if matches!(option, "p" | "b" | "c" | "f" | "k" | "q" | "t" | "x" | "y") { words.next() } else { None };
            match (option, value) {
                ("t", Some(value)) => match (RecordType::parse(value), questions.back_mut()) {
                    (Some(record_type), Some((_, of_last))) => *of_last = record_type,
                    (record_type, _) => early_type = record_type,
                },
                ("q", Some(value)) => questions.extend(DomainName::parse(value).ok().map(|name| (name, RecordType::A))),
                _ => {}
            }
            continue;
        }
        if word == "IN" {
            continue;
        }
        // A type behind a name is that name's; a type before any name is the next one's.
        match (RecordType::parse(word).or((word == "AXFR").then_some(TYPE_AXFR)), questions.back_mut()) {
            (Some(record_type), Some((_, of_last))) => *of_last = record_type,
            (Some(record_type), None) => early_type = Some(record_type),
            (None, _) => {
                let record_type = early_type.take().unwrap_or(RecordType::A);
                questions.extend(DomainName::parse(word).ok().map(|name| (name, record_type)));
            }
        }
    }
    questions
}
