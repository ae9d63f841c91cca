//! Reading a list in the page, a slice at a time, so that no list freezes it.

use std::collections::HashSet;
use std::rc::Rc;
use std::time::Duration;

use js_sys::Date;
use wasm_bindgen::JsValue;

use crate::lists::{Entry, Form, Reader};
use crate::name::DomainName;
use crate::ui::words::count;

use super::state::{Known, MAX_DOMAINS, Row};

/// Largest list, in octets.
pub const MAX_LIST: usize = 10 * 1024 * 1024;
/// Most lines that are read; a list of that many domains is one for the command line.
const MAX_LINES: usize = 200_000;
/// How long a slice may take, in milliseconds: less than a frame.
const SLICE: f64 = 10.0;
/// Lines between two looks at the clock.
const LINES_AT_ONCE: usize = 50;
/// Lines without a domain that are shown one by one.
const MAX_REFUSED: usize = 20;

/// What a list brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Brought {
    /// Rows to add.
    pub rows: Vec<Row>,
    /// What is said about it, in sentences.
    pub said: String,
    /// Lines that hold no domain: where, what, why.
    pub refused: Vec<String>,
}

/// Reads a list; `known` are the domains that are there already. An empty column is none.
pub async fn read(octets: &[u8], column: &str, known: Vec<DomainName>) -> Result<Brought, String> {
    if octets.len() > MAX_LIST {
        return Err(format!(
            "The list is larger than {} MB. The command line takes lists of any length: mxray check --list FILE.",
            MAX_LIST / (1024 * 1024)
        ));
    }
    let column = Some(column.trim()).filter(|column| !column.is_empty());
    let form = Form::of(octets, column).map_err(|error| format!("Nothing was added: {error}."))?;
    let mut reader = Reader::new(form.clone(), to_ascii);
    let mut taken =
        Taken { room: MAX_DOMAINS.saturating_sub(known.len()), seen: known.into_iter().collect(), ..Taken::default() };
    let mut entries = Vec::new();
    let mut slice_began = Date::now();
    for (number, line) in octets.split(|octet| *octet == b'\n').enumerate() {
        if number >= MAX_LINES || taken.left_out {
            taken.left_out = true;
            break;
        }
        reader.line(line, &mut entries);
        entries.drain(..).for_each(|entry| taken.take(entry));
        if number % LINES_AT_ONCE == 0 && Date::now() - slice_began > SLICE {
            yew::platform::time::sleep(Duration::ZERO).await;
            slice_began = Date::now();
        }
    }
    reader.finish(&mut entries);
    entries.drain(..).for_each(|entry| taken.take(entry));
    let said = taken.said(&form);
    Ok(Brought { said, ..taken.brought })
}

/// What was taken so far.
#[derive(Default)]
struct Taken {
    brought: Brought,
    seen: HashSet<DomainName>,
    /// So many domains may still be added.
    room: usize,
    twice: usize,
    refused: usize,
    left_out: bool,
}

impl Taken {
    fn take(&mut self, entry: Entry) {
        let Entry { line, input, domain } = entry;
        match domain {
            Ok(typed) if self.seen.contains(&typed.domain) => self.twice += 1,
            Ok(_) if self.brought.rows.len() >= self.room => self.left_out = true,
            Ok(typed) => {
                self.seen.insert(typed.domain.clone());
                let international = typed.international.map(Rc::from);
                self.brought.rows.push(Row { domain: typed.domain, international, result: Known::Waiting });
            }
            Err(error) => {
                self.refused += 1;
                if self.brought.refused.len() < MAX_REFUSED {
                    self.brought.refused.push(format!("Line {line}, “{input}”: {error}"));
                }
            }
        }
    }

    fn said(&self, form: &Form) -> String {
        let mut said = format!("Read as {form}: {} added", count(self.brought.rows.len(), "domain", "domains"));
        for (number, what) in [(self.twice, "there already"), (self.refused, "without a domain")] {
            if number > 0 {
                said.push_str(&format!(", {} {what}", count(number, "line", "lines")));
            }
        }
        said.push('.');
        if self.left_out {
            said.push_str(&format!(
                " A list here has at most {MAX_DOMAINS} domains on {MAX_LINES} lines; the rest was left out. The command line \
                 takes lists of any length: mxray check --list FILE."
            ));
        }
        said
    }
}

/// A host name as A-labels. Only names beyond ASCII, and A-labels, need the browser's tables.
fn to_ascii(host: &str) -> Result<String, JsValue> {
    let lower = host.to_ascii_lowercase();
    if host.is_ascii() && !lower.contains("xn--") {
        return Ok(lower);
    }
    web_sys::Url::new(&format!("https://{host}")).map(|url| url.hostname())
}
