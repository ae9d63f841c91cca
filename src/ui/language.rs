//! The language of the page. `boot.js` chooses it, fetches its catalog while the page loads and puts the document round the page into
//! it; here it is spoken, in everything that is drawn.

use std::cell::{Cell, RefCell};

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsCast;

use crate::web::language::speak;

/// Where `boot.js` leaves the language that is wanted and the octets of its catalog; none where there is none to be had.
const WORDS: &str = "mxrayWords";
/// What `boot.js` fires at the document when that has changed.
pub const CHANGED: &str = "mxray-words";

thread_local! {
    static TIMES: Cell<u32> = const { Cell::new(0) };
    /// Its tag (RFC 5646).
    static TAG: RefCell<String> = const { RefCell::new(String::new()) };
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
pub fn take() {
    let words = Reflect::get(&js_sys::global(), &WORDS.into()).unwrap_or_default();
    let member = |name: &str| Reflect::get(&words, &name.into()).unwrap_or_default();
    let octets = member("octets").dyn_into::<Uint8Array>().ok().map(|octets| octets.to_vec());
    if octets.is_none() && times() == 0 {
        return;
    }
    speak(octets.as_deref());
    TIMES.set(times() + 1);
    TAG.set(member("language").as_string().unwrap_or_default());
}
