//! The browser's clock.

use std::time::Duration;

use wasm_bindgen_futures::JsFuture;

use crate::time::UnixTime;

/// The time by the browser's clock.
pub fn now() -> UnixTime {
    // A float-to-integer cast saturates; whole seconds until the year 285,000,000 fit.
    UnixTime((js_sys::Date::now() / 1000.0).floor() as i64)
}

/// Milliseconds by the browser's clock, for distances only.
pub(super) fn milliseconds() -> f64 {
    js_sys::Date::now()
}

/// Returns after `time`, or at once where there is no window.
pub(super) async fn sleep(time: Duration) {
    // The promise is never rejected.
    let _ = JsFuture::from(timer(time)).await;
}

/// Resolved with `undefined` after `time`, or at once where there is no window.
pub(super) fn timer(time: Duration) -> js_sys::Promise {
    let milliseconds = i32::try_from(time.as_millis()).unwrap_or(i32::MAX);
    js_sys::Promise::new(&mut |resolve, _| {
        let timer = web_sys::window()
            .and_then(|w| w.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds).ok());
        if timer.is_none() {
            let _ = resolve.call0(&wasm_bindgen::JsValue::UNDEFINED);
        }
    })
}
