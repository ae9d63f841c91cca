//! What values lead to: identifiers, references, colours. The schema takes any text for these.

use std::ops::Range;

use usvg::roxmltree::{Attribute as XmlAttribute, Node};

use super::Faults;
use super::walk::cut;
use crate::svg::colours::{self, Fault};
use crate::svg::rules::{self, Rule};
use crate::svg::tables::{Attribute, Element};

/// Identifiers and the references to them.
#[derive(Default)]
pub struct References<'a> {
    /// Each identifier, and where it is given. Those in elements that are not allowed have no place.
    identifiers: Vec<(&'a str, Option<Range<usize>>)>,
    /// Each reference within the file: the identifier, where it stands, and how it is written.
    references: Vec<(&'a str, Range<usize>, &'static str)>,
}

impl<'a> References<'a> {
    /// An element has this identifier.
    pub fn identify(&mut self, identifier: &'a str, at: Range<usize>) {
        self.identifiers.push((identifier, Some(at)));
    }

    /// An element that is not allowed has an identifier too: references to it do not dangle.
    pub fn know(&mut self, node: Node<'a, 'a>) {
        self.identifiers.extend(node.attributes().filter(|one| one.name() == "id").map(|one| (one.value(), None)));
    }

    /// Told when all are known: identifiers that are given twice, and references that lead nowhere.
    pub fn judge(&mut self, faults: &mut Faults) {
        let start = |at: &Option<Range<usize>>| at.as_ref().map_or(usize::MAX, |at| at.start);
        self.identifiers.sort_by(|one, other| (one.0, start(&one.1)).cmp(&(other.0, start(&other.1))));
        for (first, second) in self.identifiers.iter().zip(self.identifiers.iter().skip(1)) {
            if let ((one, Some(_)), (other, Some(at))) = (first, second)
                && one == other
            {
                faults.add(&rules::DUPLICATE_ID, at.clone(), || {
                    (tr!("another element has the identifier “{}” too", cut(one)), None)
                });
            }
        }
        for (target, at, name) in &self.references {
            if self.identifiers.binary_search_by(|(identifier, _)| identifier.cmp(target)).is_err() {
                faults.add(&rules::DANGLING, at.clone(), || {
                    (tr!("`{name}` refers to `#{}`, which is not there", cut(target), name), None)
                });
            }
        }
    }

    /// A reference: `#identifier`, or one that leads out of the file.
    fn refer(&mut self, target: &'a str, at: Range<usize>, name: &'static str, faults: &mut Faults) {
        match target.strip_prefix('#') {
            Some(identifier) => self.references.push((identifier, at, name)),
            None if is_javascript(target) => {
                faults.add(&rules::JAVASCRIPT, at, || (tr!("`{name}` holds a `javascript:` address", name), None))
            }
            None => faults.add(&rules::EXTERNAL, at, || {
                let what = if target.is_empty() { "nothing".to_owned() } else { format!("“{}”", cut(target)) };
                (tr!("`{name}` refers to {what}, outside of this file", name, what), None)
            }),
        }
    }
}

/// Judges a value that the schema accepts. At most one fault is told of it.
pub fn judge<'a>(
    known: Attribute,
    attribute: &XmlAttribute<'a, 'a>,
    element: Element,
    references: &mut References<'a>,
    faults: &mut Faults,
) {
    let value = attribute.value();
    if known.is_paint() {
        paint(known, attribute, references, faults);
    } else if known.is_geometry() {
        // Numbers lead nowhere, and no reader looks for an address in them.
    } else if known.name() == "href" {
        references.refer(value.trim(), attribute.range(), known.name(), faults);
    } else if known.name() == "xml:base" {
        faults.add(&rules::XML_BASE, attribute.range(), || {
            (tr!("`xml:base` on `{}` makes references lead to “{}”", element.name(), cut(value)), None)
        });
    } else if value.contains(':') && is_javascript(value) {
        told(&rules::JAVASCRIPT, attribute, faults, || tr!("`{}` holds a `javascript:` address", known.name()));
    } else if let Some((target, _)) = url(value) {
        references.refer(target, attribute.range(), known.name(), faults);
    } else if known.name() == "requiredFonts" && value.contains("//") {
        told(&rules::EXTERNAL, attribute, faults, || tr!("`requiredFonts` refers to “{}”", cut(value)));
    }
}

fn told(rule: &'static Rule, attribute: &XmlAttribute<'_, '_>, faults: &mut Faults, title: impl FnOnce() -> String) {
    faults.add(rule, attribute.range(), || (title(), None));
}

/// A paint: `url(#…)`, perhaps with a colour behind it, or a colour alone.
fn paint<'a>(known: Attribute, attribute: &XmlAttribute<'a, 'a>, references: &mut References<'a>, faults: &mut Faults) {
    let value = attribute.value();
    let colour = match url(value) {
        Some((target, behind)) => {
            references.refer(target, attribute.range(), known.name(), faults);
            if !target.starts_with('#') || behind.is_empty() {
                return;
            }
            behind
        }
        None => value,
    };
    let (name, at) = (known.name(), attribute.range());
    match colours::fault(colour) {
        None => {}
        Some(Fault::Name { instead }) => faults.add(&rules::COLOUR_NAME, at, || {
            (
                tr!("`{name}` is “{}”, a colour name that SVG Tiny does not have", cut(colour), name),
                Some(tr!("Write `{instead}`.", instead)),
            )
        }),
        Some(Fault::Css { instead, opacity }) => faults.add(&rules::COLOUR, at, || {
            let fix = match opacity_of(name).zip(opacity) {
                Some((attribute, opacity)) => {
                    tr!("Write `{name}=\"{instead}\" {attribute}=\"{opacity}\"`.", name, instead, attribute, opacity)
                }
                None => tr!("Write `{instead}`.", instead),
            };
            (tr!("`{name}` is “{}”, which SVG Tiny does not have", cut(colour), name), Some(fix))
        }),
        Some(Fault::Unknown) if is_javascript(colour) => {
            faults.add(&rules::JAVASCRIPT, at, || (tr!("`{name}` holds a `javascript:` address", name), None));
        }
        Some(Fault::Unknown) => {
            faults.add(&rules::COLOUR, at, || (tr!("`{name}` is “{}”, which is no colour", cut(colour), name), None));
        }
    }
}

/// Which attribute makes a paint transparent.
fn opacity_of(paint: &str) -> Option<&'static str> {
    Some(match paint {
        "fill" => "fill-opacity",
        "stroke" => "stroke-opacity",
        "stop-color" => "stop-opacity",
        "solid-color" => "solid-opacity",
        "viewport-fill" => "viewport-fill-opacity",
        _ => return None,
    })
}

/// What the first `url(…)` of a value leads to, and what stands behind it.
fn url(value: &str) -> Option<(&str, &str)> {
    let open = value.find('(')?;
    let (word, rest) = value.split_at(open);
    let is_url = word.get(word.len().checked_sub(3)?..)?.eq_ignore_ascii_case("url");
    let (target, behind) = rest.get(1..).filter(|_| is_url)?.split_once(')').unwrap_or((rest.get(1..)?, ""));
    Some((target.trim().trim_matches(['"', '\'']).trim(), behind.trim()))
}

/// Whether there is a `javascript:` address, however it is spaced.
fn is_javascript(value: &str) -> bool {
    const WORD: &[u8] = b"javascript:";
    // Browsers drop space and control characters within the word.
    let letters = || value.bytes().filter(|byte| *byte > b' ').map(|byte| byte.to_ascii_lowercase());
    let mut matched = 0;
    for byte in letters() {
        // No letter of the word but its first starts it again, so that one step back is enough.
        matched = match WORD.get(matched) {
            Some(wanted) if *wanted == byte => matched + 1,
            _ => usize::from(byte == b'j'),
        };
        if matched == WORD.len() {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_found_however_they_are_written() {
        for (value, expected) in [
            ("url(#a)", Some(("#a", ""))),
            (" URL( '#a' ) red", Some(("#a", "red"))),
            ("url(\"https://x/y#z\")", Some(("https://x/y#z", ""))),
            ("url(#a", Some(("#a", ""))),
            ("rgb(1,2,3)", None),
            ("(", None),
            ("é(", None),
        ] {
            assert_eq!(url(value), expected, "{value}");
        }
    }

    #[test]
    fn javascript_is_found_however_it_is_spaced() {
        assert!(is_javascript("javascript:x") && is_javascript(" JaVa\tScript :x") && is_javascript("jajavascript:"));
        assert!(!is_javascript("javascript") && !is_javascript("java-script:") && !is_javascript(""));
    }
}
