//! Numbers and times as the language writes them; in English times stand as in the reports of mxray.

use crate::say::written;
use crate::time::UnixTime;

/// A number in groups of three digits.
pub fn grouped(number: u64) -> String {
    written::number(&number.to_string())
}

/// A number with so many decimals.
pub fn decimals(number: f64, places: u8) -> String {
    // By the browser, which has the digits of floating-point numbers already; fails beyond 100 places only.
    let plain = js_sys::Number::from(number).to_fixed(places).map(String::from).unwrap_or_default();
    written::number(&plain)
}

/// The day of a time.
pub fn date(time: UnixTime) -> String {
    written::time(&time.date()).unwrap_or_default()
}

/// A time.
pub fn moment(time: UnixTime) -> String {
    written::time(&time.to_string()).unwrap_or_default()
}
