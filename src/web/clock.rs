//! The browser's clock, in the page and in its workers.

use std::time::Duration;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::time::UnixTime;

#[wasm_bindgen]
extern "C" {
    /// Of windows and workers alike, which web-sys keeps apart.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(then: &Function, milliseconds: i32) -> JsValue;
}

/// The time by the browser's clock.
pub(crate) fn now() -> UnixTime {
    // A float-to-integer cast saturates; whole seconds until the year 285,000,000 fit.
    UnixTime((js_sys::Date::now() / 1000.0).floor() as i64)
}

/// Milliseconds by the browser's clock, for distances only.
pub(crate) fn milliseconds() -> f64 {
    js_sys::Date::now()
}

/// Returns after `time`.
pub(super) async fn sleep(time: Duration) {
    // The promise is never rejected.
    let _ = JsFuture::from(timer(time)).await;
}

/// Resolved with `undefined` after `time`.
pub(super) fn timer(time: Duration) -> js_sys::Promise {
    let milliseconds = i32::try_from(time.as_millis()).unwrap_or(i32::MAX);
    js_sys::Promise::new(&mut |resolve, _| {
        set_timeout(&resolve, milliseconds);
    })
}
