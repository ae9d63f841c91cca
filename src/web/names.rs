//! Names as the browser maps them: its URL parser does UTS #46, so the page carries no tables of its own.

use wasm_bindgen::JsValue;

use crate::input::{self, InputError, Typed};

/// Sees the domain in what a person typed or pasted.
pub fn domain_from_input(text: &str) -> Result<Typed, InputError> {
    input::domain_from_input(text, to_ascii)
}

/// A host name as A-labels.
fn to_ascii(host: &str) -> Result<String, JsValue> {
    web_sys::Url::new(&format!("https://{host}")).map(|url| url.hostname())
}
