//! Does a logo conform to SVG Tiny PS? Every fault with its place, its rule and its fix.
//!
//! The tree is walked once beside the tables of the schema; what a schema cannot say (references, colours, sizes, what
//! precedes the parser) is judged on the way.

mod fixes;
mod places;
mod root;
mod values;
mod walk;

use std::ops::Range;

use usvg::roxmltree::{Document, Error, ParsingOptions};

use super::rules::{self, Rule};
use super::source::{self, Limit, MAX_ATTRIBUTES, MAX_NODES, MAX_TEXT, Text, Unreadable};
use super::{Fault, MAX_FAULTS, Verdict};

/// Largest uncompressed text (draft §2.4 SHOULD; mail-bimi and others refuse more).
pub const MAX_SIZE: usize = 32_768;

/// Judges a file. It never fails: what is no XML is a verdict with a fault.
pub fn judge(bytes: &[u8]) -> Verdict {
    match source::text(bytes) {
        Ok(Text { text, compressed }) => judge_text(&text, compressed),
        Err(error) => unreadable(error, bytes.len()),
    }
}

/// Judges an uncompressed text.
pub fn judge_text(text: &str, compressed: bool) -> Verdict {
    let mut faults = Faults::default();
    if text.len() > MAX_SIZE {
        let octets = text.len();
        faults.add(&rules::SIZE, places::boundary(text, MAX_SIZE)..octets, || {
            (tr!("the text has {octets} octets; at most {MAX_SIZE} are accepted", octets, MAX_SIZE), None)
        });
    }
    if let Some((name, at)) = source::declared_encoding(text).filter(|(name, _)| !is_utf8(name))
        && !text.is_ascii()
    {
        faults.add(&rules::DECLARED, at..at + name.len(), || {
            (tr!("the XML declaration says `{name}`, and the text is UTF-8", name), None)
        });
    }
    let mut facts = Facts::default();
    let parsed = match source::within_limits(text) {
        Err(limit) => beyond(limit, text, &mut faults),
        Ok(()) => {
            let options = ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
            match Document::parse_with_options(text, options) {
                Ok(document) => {
                    facts = walk::walk(&document, text, &mut faults);
                    true
                }
                Err(error) => not_xml(&error, text, &mut faults),
            }
        }
    };
    verdict(faults, facts, parsed, text, compressed)
}

/// What is told of a drawing beside its faults.
#[derive(Default)]
struct Facts {
    title: Option<String>,
    view_box: Option<[f64; 4]>,
}

/// Faults as they are found; places are computed once, at the end.
#[derive(Default)]
struct Faults {
    kept: Vec<Fault>,
    more: usize,
    schema: bool,
    error: bool,
}

impl Faults {
    /// Adds a fault; words are made only where they are kept. Without a fix of its own the rule's is told.
    fn add(&mut self, rule: &'static Rule, at: Range<usize>, words: impl FnOnce() -> (String, Option<String>)) {
        self.schema |= rule.schema;
        self.error |= rule.severity == super::Severity::Error;
        if self.kept.len() >= MAX_FAULTS {
            self.more += 1;
            return;
        }
        let (title, fix) = words();
        self.kept.push(Fault {
            rule: rule.id.into(),
            severity: rule.severity,
            schema: rule.schema,
            line: 0,
            column: 0,
            start: at.start,
            end: at.end.max(at.start),
            title,
            fix: fix.unwrap_or_else(|| rule.fix.to_owned()),
            reference: rule.reference.into(),
        });
    }
}

/// The verdict, with faults in the order of the text and their lines and columns.
fn verdict(faults: Faults, facts: Facts, parsed: bool, text: &str, compressed: bool) -> Verdict {
    let Faults { mut kept, more, schema, error } = faults;
    places::place(&mut kept, text);
    Verdict {
        schema_valid: parsed && !schema,
        conforms: parsed && !schema && !error,
        faults: kept,
        more_faults: more,
        size: text.len(),
        compressed,
        title: facts.title,
        view_box: facts.view_box,
    }
}

fn is_utf8(name: &str) -> bool {
    name.eq_ignore_ascii_case("utf-8") || name.eq_ignore_ascii_case("utf8")
}

/// The verdict on what is no text.
fn unreadable(error: Unreadable, octets: usize) -> Verdict {
    let mut faults = Faults::default();
    let (mut read, mut size) = (String::new(), octets);
    let compressed = match error {
        Unreadable::Gzip => {
            faults.add(&rules::GZIP, 0..0, || ("the file starts as gzip and does not unpack".into(), None));
            true
        }
        Unreadable::TooLarge { compressed } => {
            faults.add(&rules::TOO_LARGE, 0..0, || {
                (tr!("the text is longer than {MAX_TEXT} octets and was not read", MAX_TEXT), None)
            });
            compressed
        }
        Unreadable::Wide => {
            faults.add(&rules::ENCODING, 0..0, || ("the text is UTF-16 or UTF-32, not UTF-8".into(), None));
            false
        }
        Unreadable::NotUtf8 { before, compressed, size: whole } => {
            faults.add(&rules::ENCODING, before.len()..before.len(), || {
                ("the text is not UTF-8 from here on".into(), None)
            });
            (read, size) = (before, whole);
            compressed
        }
    };
    Verdict { size, ..verdict(faults, Facts::default(), false, &read, compressed) }
}

/// A limit that stops the parser before it starts.
fn beyond(limit: Limit, text: &str, faults: &mut Faults) -> bool {
    let (at, title, fix) = match limit {
        Limit::Openings => (0, "there are too many elements or attributes".to_owned(), None),
        Limit::Attributes { at } => {
            (at, tr!("an element has more than {MAX_ATTRIBUTES} attributes", MAX_ATTRIBUTES), None)
        }
        Limit::Prefixes { at } => (at, "too many namespaces are declared".to_owned(), None),
        Limit::Entities { at } => {
            let fix = "Remove the DOCTYPE with all entities and write their text where it is meant.".to_owned();
            (at, "entities grow to more than is read (“billion laughs”)".to_owned(), Some(fix))
        }
    };
    faults.add(&rules::LIMIT, at..next_boundary(text, at), || (title, fix));
    false
}

/// Why the parser stopped.
fn not_xml(error: &Error, text: &str, faults: &mut Faults) -> bool {
    let at = match error {
        Error::NoRootNode | Error::UnclosedRootNode | Error::UnexpectedEndOfStream => text.len(),
        Error::NodesLimitReached => 0,
        error => places::offset(text, error.pos()),
    };
    let range = at..next_boundary(text, at);
    match error {
        Error::NodesLimitReached | Error::AttributesLimitReached | Error::NamespacesLimitReached => {
            faults.add(&rules::LIMIT, range, || {
                (tr!("there are more than {MAX_NODES} elements and texts", MAX_NODES), None)
            });
        }
        Error::EntityReferenceLoop(_) => faults.add(&rules::LIMIT, range, || {
            let fix = "Remove the DOCTYPE with all entities and write their text where it is meant.".to_owned();
            ("entities hold one another, and grow without end (“billion laughs”)".into(), Some(fix))
        }),
        error => faults.add(&rules::NOT_XML, range, || fixes::of_xml(error)),
    }
    false
}

/// One character on from a place in the text.
fn next_boundary(text: &str, at: usize) -> usize {
    at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
}
