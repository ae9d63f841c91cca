//! The language of the page. `boot.js` chooses it and fetches its catalog while the page loads; here it is spoken, in everything that
//! is drawn and in the document around it.

use std::cell::{Cell, RefCell};

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, Node};

use crate::say;
use crate::web::language::speak;

/// Where `boot.js` leaves the language that is wanted and the octets of its catalog; none where there is none to be had.
const WORDS: &str = "mxrayWords";
/// What `boot.js` fires at the document when that has changed.
pub const CHANGED: &str = "mxray-words";
/// What in the document says nothing, or is drawn by the page itself.
const SILENT: [&str; 7] = ["CODE", "NOSCRIPT", "SCRIPT", "SELECT", "STYLE", "svg", "symbol"];

thread_local! {
    static TIMES: Cell<u32> = const { Cell::new(0) };
    /// Its tag (RFC 5646).
    static TAG: RefCell<String> = const { RefCell::new(String::new()) };
    /// The texts of the document around the page, in English.
    static AROUND: RefCell<Vec<(Node, String)>> = const { RefCell::new(Vec::new()) };
}

/// How often the language has changed: what was drawn before that is to be drawn anew.
pub fn times() -> u32 {
    TIMES.get()
}

/// The tag of the language that is spoken, as `Intl` wants it.
pub fn tag() -> String {
    TAG.with_borrow(Clone::clone)
}

/// Speaks the language that is wanted now.
pub fn take(document: &Document) {
    let words = Reflect::get(&js_sys::global(), &WORDS.into()).unwrap_or_default();
    let member = |name: &str| Reflect::get(&words, &name.into()).unwrap_or_default();
    let wanted = member("language").as_string().unwrap_or_else(|| "en".into());
    let octets = member("octets").dyn_into::<Uint8Array>().ok().map(|octets| octets.to_vec());
    if octets.is_none() && !say::is_foreign() && wanted == "en" {
        // As the document stands.
        return;
    }
    let understood = speak(octets.as_deref());
    TIMES.set(TIMES.get() + 1);
    TAG.set(if understood { wanted.clone() } else { "en".into() });
    if let Some(root) = document.document_element() {
        let _ = root.set_attribute("lang", &tag());
        AROUND.with_borrow_mut(|around| {
            if around.is_empty() {
                gather(&root, around);
            }
            around.iter().for_each(|(node, english)| translate(node, english));
        });
    }
    let trouble =
        document.get_element_by_id("language-trouble").and_then(|trouble| trouble.dyn_into::<HtmlElement>().ok());
    if let Some(trouble) = trouble {
        trouble.set_hidden(understood || wanted == "en");
    }
}

/// Finds the texts, and the spoken names, below an element.
fn gather(element: &Element, around: &mut Vec<(Node, String)>) {
    if let Some(name) = element.get_attribute("aria-label") {
        around.push((element.clone().into(), name));
    }
    let mut next = element.first_child();
    while let Some(node) = next {
        match node.dyn_ref::<Element>() {
            Some(below) if SILENT.contains(&below.tag_name().as_str()) || below.id() == "app" => {}
            Some(below) => gather(below, around),
            None if node.node_type() == Node::TEXT_NODE => {
                let text = node.node_value().unwrap_or_default();
                if !text.trim().is_empty() {
                    around.push((node.clone(), text));
                }
            }
            None => {}
        }
        next = node.next_sibling();
    }
}

/// Writes a text in the language that is spoken, with the white space that stood around it.
fn translate(node: &Node, english: &str) {
    let words = english.trim();
    let text = english.replacen(words, &say::known(words), 1);
    match node.dyn_ref::<Element>() {
        Some(element) => {
            let _ = element.set_attribute("aria-label", &text);
        }
        None => node.set_node_value(Some(&text)),
    }
}
