//! What the workers have in common.

use std::sync::Arc;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use serde::Serialize;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

use crate::say::{Catalog, speak};

/// Does whatever arrives, one message after the other; first says that it listens.
pub(super) fn serve(work: impl Fn(&[u8]) + 'static) {
    listen(move |task, _| work(task));
}

/// The same, where files may come beside a message.
pub(super) fn serve_with_files(work: impl Fn(&[u8], Vec<Blob>) + 'static) {
    listen(work);
}

/// A buffer by itself is the catalog of the language to speak, `.mo`; an empty one is English.
fn listen(work: impl Fn(&[u8], Vec<Blob>) + 'static) {
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| match event.data().dyn_into() {
        Ok(message) => {
            let mut parts = Array::iter(&message);
            let task = parts.next().map(|task| Uint8Array::new(&task).to_vec()).unwrap_or_default();
            work(&task, parts.filter_map(|part| part.dyn_into().ok()).collect());
        }
        Err(other) if other.is_instance_of::<ArrayBuffer>() => {
            speak(Catalog::read(Uint8Array::new(&other).to_vec()).map(Arc::new));
        }
        Err(task) => work(&Uint8Array::new(&task).to_vec(), Vec::new()),
    });
    let scope = scope();
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let _ = scope.post_message(&JsValue::NULL);
}

/// The worker's own global object.
pub(super) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Sends a message to the page. What cannot be written as postcard is sent as nothing, and the page says that it is
/// garbled.
pub(super) fn post(message: &impl Serialize) {
    let octets = postcard::to_allocvec(message).unwrap_or_default();
    // There is nobody to tell when the page is gone.
    let _ = scope().post_message(&Uint8Array::from(octets.as_slice()));
}
