//! Lists of domains, in the reader: which domains a list holds, and what is said about the rest.

use std::collections::HashSet;

use crate::lists::{Entry, Form, Reader};
use crate::name::DomainName;

use super::message::{List, ListRequest};
use super::names::to_ascii;

/// Most lines that are read; a list of that many domains is one for the command line.
const MAX_LINES: usize = 200_000;
/// Lines without a domain that are shown one by one.
const MAX_REFUSED: usize = 20;

/// Reads a list, or says why it holds nothing.
pub(super) fn read(request: ListRequest<'_>) -> Result<List, String> {
    let ListRequest { octets, column, known, most } = request;
    let column = Some(column.trim()).filter(|column| !column.is_empty());
    let form = Form::of(octets, column).map_err(|error| tr!("Nothing was added: {error}.", error))?;
    let mut reader = Reader::new(form.clone(), to_ascii);
    let mut taken =
        Taken { room: most.saturating_sub(known.len()), seen: known.into_iter().collect(), ..Taken::default() };
    let mut entries = Vec::new();
    for (number, line) in octets.split(|octet| *octet == b'\n').enumerate() {
        if number >= MAX_LINES || taken.left_out {
            taken.left_out = true;
            break;
        }
        reader.line(line, &mut entries);
        entries.drain(..).for_each(|entry| taken.take(entry));
    }
    reader.finish(&mut entries);
    entries.drain(..).for_each(|entry| taken.take(entry));
    Ok(List { said: taken.said(&form, most), ..taken.list })
}

/// What was taken so far.
#[derive(Default)]
struct Taken {
    list: List,
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
            Ok(_) if self.list.domains.len() >= self.room => self.left_out = true,
            Ok(typed) => {
                self.seen.insert(typed.domain.clone());
                self.list.domains.push((typed.domain, typed.international));
            }
            Err(error) => {
                self.refused += 1;
                if self.list.refused.len() < MAX_REFUSED {
                    self.list.refused.push(tr!("Line {line}, “{input}”: {error}", line, input, error));
                }
            }
        }
    }

    fn said(&self, form: &Form, most: usize) -> String {
        let mut said = tr!(
            "Read as {form}: {n} domain added" | "Read as {form}: {n} domains added" % self.list.domains.len(),
            form
        );
        if self.twice > 0 {
            said.push_str(&tr!(", {n} line there already" | ", {n} lines there already" % self.twice));
        }
        if self.refused > 0 {
            said.push_str(&tr!(", {n} line without a domain" | ", {n} lines without a domain" % self.refused));
        }
        said.push('.');
        if self.left_out {
            said.push_str(&tr!(
                " A list here has at most {most} domains on {MAX_LINES} lines; the rest was left out. The command line \
                 takes lists of any length: mxray check --list FILE.",
                most,
                MAX_LINES
            ));
        }
        said
    }
}
