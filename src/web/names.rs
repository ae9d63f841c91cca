//! Names as the browser maps them: its URL parser does UTS #46, so the page carries no tables of its own.

use wasm_bindgen::JsValue;

use crate::input::{self, InputError, Typed};

/// Sees the domain in what a person typed or pasted.
pub fn domain_from_input(text: &str) -> Result<Typed, InputError> {
    input::domain_from_input(text, to_ascii)
}

/// A host name as A-labels. Only names beyond ASCII, and A-labels, need the browser's tables.
pub(super) fn to_ascii(host: &str) -> Result<String, JsValue> {
    let lower = host.to_ascii_lowercase();
    if host.is_ascii() && !lower.contains("xn--") {
        return Ok(lower);
    }
    web_sys::Url::new(&format!("https://{host}")).map(|url| url.hostname())
}
