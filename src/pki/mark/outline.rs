//! The elements of a certificate, one a line, for who wants to see it all.

use serde::{Deserialize, Serialize};

use super::der::{self, Element, Elements, tag};
use super::oids;

/// Most lines of an outline; a Mark Certificate has about two hundred.
pub const MAX_LINES: usize = 2_000;
/// Deepest nesting that is followed; a logotype has some fourteen levels.
const MAX_DEPTH: usize = 24;
/// Longest value that is shown, in characters.
const MAX_VALUE: usize = 80;

/// One element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlineLine {
    /// How deep it is nested.
    pub depth: usize,
    /// Octet of the file that it begins at.
    pub offset: usize,
    /// Octets of its content.
    pub length: usize,
    /// What its tag is called.
    pub tag: String,
    /// The name of the identifier that it is, where it is a known one.
    pub name: Option<String>,
    /// What it holds, cut short.
    pub value: Option<String>,
}

/// The outline of DER octets, at most [`MAX_LINES`] lines; it ends where they are no DER.
pub fn outline(der: &[u8]) -> Vec<OutlineLine> {
    let mut lines = Vec::new();
    // What is left to read at every level: the elements, and where the next one begins.
    let mut open = vec![(Elements::of(der), 0)];
    while let Some((mut elements, offset)) = open.pop() {
        let Some(element) = elements.read().filter(|_| lines.len() < MAX_LINES) else { continue };
        let depth = open.len();
        open.push((elements, offset + element.whole.len()));
        let inside = inside(&element).filter(|_| depth + 1 < MAX_DEPTH);
        lines.push(line(&element, depth, offset, inside.is_some()));
        if let Some(inside) = inside {
            open.push((Elements::of(inside), offset + element.whole.len() - inside.len()));
        }
    }
    lines
}

/// The elements that an element holds: by its tag, or as octets that are themselves one.
fn inside<'d>(element: &Element<'d>) -> Option<&'d [u8]> {
    if element.tag & tag::CONSTRUCTED != 0 {
        return Some(element.content);
    }
    let octets = match element.tag {
        tag::OCTET_STRING => element.content,
        tag::BIT_STRING => der::bits(element.content)?,
        _ => return None,
    };
    let mut elements = Elements::of(octets);
    let first = elements.read()?;
    let is_likely = matches!(first.tag, tag::SEQUENCE | tag::OCTET_STRING | tag::BIT_STRING);
    (is_likely && elements.is_empty()).then_some(octets)
}

fn line(element: &Element<'_>, depth: usize, offset: usize, is_followed: bool) -> OutlineLine {
    let name = if element.tag == tag::OID { oids::name(element.content).map(str::to_owned) } else { None };
    let value = if is_followed { None } else { value(element) };
    OutlineLine { depth, offset, length: element.content.len(), tag: tag_name(element.tag), name, value }
}

/// What an element holds, in words.
fn value(element: &Element<'_>) -> Option<String> {
    let text = match element.tag {
        tag::OID => oids::dotted(element.content),
        tag::BOOLEAN => if element.content == [0] { "FALSE" } else { "TRUE" }.into(),
        tag::NULL => return None,
        tag::UTF8 | tag::PRINTABLE | tag::T61 | tag::IA5 | tag::BMP | tag::UTC_TIME | tag::GENERALIZED_TIME => {
            der::text(element)
        }
        // Names and addresses under a number of their own.
        0x80..=0x9F if element.content.iter().all(|octet| octet.is_ascii_graphic()) && !element.content.is_empty() => {
            der::text(element)
        }
        _ => der::hex(element.content.get(..MAX_VALUE).unwrap_or(element.content)),
    };
    let short: String = text.chars().take(MAX_VALUE).collect();
    Some(if short.len() < text.len() || element.content.len() > MAX_VALUE * 2 { format!("{short}…") } else { short })
}

/// What a tag is called.
fn tag_name(tag: u8) -> String {
    let name = match tag {
        tag::BOOLEAN => "BOOLEAN",
        tag::INTEGER => "INTEGER",
        tag::BIT_STRING => "BIT STRING",
        tag::OCTET_STRING => "OCTET STRING",
        tag::NULL => "NULL",
        tag::OID => "OBJECT IDENTIFIER",
        tag::UTF8 => "UTF8String",
        tag::PRINTABLE => "PrintableString",
        tag::T61 => "T61String",
        tag::IA5 => "IA5String",
        tag::UTC_TIME => "UTCTime",
        tag::GENERALIZED_TIME => "GeneralizedTime",
        tag::BMP => "BMPString",
        tag::SEQUENCE => "SEQUENCE",
        tag::SET => "SET",
        0x80..=0xBF => return format!("[{}]", tag & 0x1F),
        other => return format!("tag {other:#04x}"),
    };
    name.into()
}
