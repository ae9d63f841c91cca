//! The names in a zone file that mail may be about: owners of SOA, NS, MX and SPF records, and what `_dmarc` stands before.
//!
//! Only names and types are looked at, line by line, so that the zone of a registry needs the memory of one line. Whole
//! records are read by `dns::zone`.

use crate::name::DomainName;

/// Words of an entry that are kept: owner, TTL, class, type and the first of the data.
const MAX_WORDS: usize = 6;
/// Most lines that parentheses hold together; after so many, one was never closed.
const MAX_ENTRY_LINES: usize = 500;

/// Reads entries, which parentheses may spread over lines (RFC 1035 §5.1).
#[derive(Debug, Default)]
pub(super) struct ZoneNames {
    origin: Option<String>,
    owner: Option<Result<String, String>>,
    words: Vec<String>,
    indented: bool,
    depth: usize,
    /// Lines of this entry so far.
    lines: usize,
}

impl ZoneNames {
    /// Takes the next line. Gives the names in it; an error is a relative name without an origin.
    pub(super) fn line(&mut self, text: &str) -> Option<Result<String, String>> {
        if self.depth == 0 {
            self.words.clear();
            self.lines = 0;
            self.indented = text.starts_with([' ', '\t']);
        }
        self.words_of(text);
        self.lines += 1;
        if self.depth > 0 && self.lines < MAX_ENTRY_LINES {
            return None;
        }
        self.depth = 0;
        self.entry()
    }

    fn words_of(&mut self, text: &str) {
        let mut word = String::new();
        let mut quoted = false;
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            match character {
                '\\' => {
                    word.push('\\');
                    word.extend(characters.next());
                }
                '"' => quoted = !quoted,
                ';' if !quoted => break,
                '(' if !quoted => self.depth += 1,
                ')' if !quoted => self.depth = self.depth.saturating_sub(1),
                blank if blank.is_ascii_whitespace() && !quoted => self.end_word(&mut word),
                other => word.push(other),
            }
        }
        self.end_word(&mut word);
    }

    fn end_word(&mut self, word: &mut String) {
        if !word.is_empty() && self.words.len() < MAX_WORDS {
            self.words.push(std::mem::take(word));
        }
        word.clear();
    }

    /// What the entry that has ended is about.
    fn entry(&mut self) -> Option<Result<String, String>> {
        let words = std::mem::take(&mut self.words);
        let first = words.first()?;
        if first.eq_ignore_ascii_case("$ORIGIN") {
            self.origin = self.absolute(words.get(1)?).ok();
            return None;
        }
        if first.starts_with('$') {
            return None;
        }
        let mut rest = words.as_slice();
        if !self.indented {
            self.owner = Some(self.absolute(first));
            rest = words.get(1..)?;
        }
        let (kind, data) = type_in(rest)?;
        let owner = self.owner.clone()?;
        let is = |known: &str| kind.eq_ignore_ascii_case(known);
        let under_dmarc = owner.as_ref().ok().and_then(|owner| {
            let (label, parent) = owner.split_once('.')?;
            label.eq_ignore_ascii_case("_dmarc").then(|| parent.to_owned())
        });
        if let Some(parent) = under_dmarc {
            return (is("TXT") || is("CNAME")).then_some(Ok(parent));
        }
        let spf = || data.and_then(|data| data.get(..6)).is_some_and(|start| start.eq_ignore_ascii_case("v=spf1"));
        if !(is("SOA") || is("NS") || is("MX") || is("TXT") && spf()) {
            return None;
        }
        match owner {
            Ok(name) if is_left_out(&name) => None,
            owner => Some(owner),
        }
    }

    /// A name with what it is relative to, without the dot at its end; the name itself where nothing says that.
    fn absolute(&self, word: &str) -> Result<String, String> {
        if let Some(name) = word.strip_suffix('.') {
            return Ok(name.to_owned());
        }
        match (&self.origin, word) {
            (Some(origin), "@") => Ok(origin.clone()),
            (Some(origin), word) => Ok(format!("{word}.{origin}")),
            (None, word) => Err(word.to_owned()),
        }
    }
}

/// Wildcards are no domain, names of records no mail domain, and the reverse tree has no mail.
fn is_left_out(name: &str) -> bool {
    let reverse = name.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("arpa"));
    reverse || name.split('.').any(|label| label == "*" || label.starts_with('_'))
}

/// The type of a record, after TTL and class in either order, and the first word of its data.
fn type_in(words: &[String]) -> Option<(&str, Option<&str>)> {
    let is_head = |word: &String| {
        word.starts_with(|c: char| c.is_ascii_digit())
            || ["IN", "CH", "HS"].iter().any(|class| word.eq_ignore_ascii_case(class))
    };
    let at = words.iter().position(|word| !is_head(word)).filter(|at| *at <= 2)?;
    Some((words.get(at)?, words.get(at + 1).map(String::as_str)))
}

/// Whether a line can only be of a zone file: a directive, or an owner and a record.
pub(super) fn is_zone_line(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let Some(first) = words.next() else { return false };
    if ["$ORIGIN", "$TTL"].iter().any(|directive| first.eq_ignore_ascii_case(directive)) {
        return true;
    }
    let rest: Vec<String> = words.take(MAX_WORDS).map(str::to_owned).collect();
    let known = |kind: &str| ["SOA", "NS", "MX", "TXT", "A", "AAAA", "CNAME"].contains(&kind);
    let is_name = first == "@" || DomainName::parse(first).is_ok();
    is_name && type_in(&rest).is_some_and(|(kind, data)| known(&kind.to_ascii_uppercase()) && data.is_some())
}
