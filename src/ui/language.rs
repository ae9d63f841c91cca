//! The language of the page. `boot.js` chooses it, fetches its catalog while the page loads and puts the document round the page into
//! it; here it is spoken, in everything that is drawn.

use std::cell::Cell;

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsCast;

use crate::web::language::speak;

/// Where `boot.js` leaves the octets of the catalog of the language that is wanted; none where there is none to be had.
const WORDS: &str = "mxrayWords";
/// What `boot.js` fires at the document when that has changed.
pub const CHANGED: &str = "mxray-words";

thread_local! {
    static TIMES: Cell<u32> = const { Cell::new(0) };
}

/// How often the language has changed: what was drawn before that is to be drawn anew.
pub fn times() -> u32 {
    TIMES.get()
}

/// Speaks the language that is wanted now.
pub fn take() {
    let words = Reflect::get(&js_sys::global(), &WORDS.into()).unwrap_or_default();
    let octets = Reflect::get(&words, &"octets".into())
        .unwrap_or_default()
        .dyn_into::<Uint8Array>()
        .ok()
        .map(|octets| octets.to_vec());
    if octets.is_none() && times() == 0 {
        return;
    }
    speak(octets.as_deref());
    TIMES.set(times() + 1);
}
