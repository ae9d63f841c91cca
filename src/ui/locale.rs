//! Numbers and dates as the user's language writes them, by the browser; in English as the reports of mxray write them.

use js_sys::{Array, Date, Intl, JsString, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::say;
use crate::time::UnixTime;

use super::language;

/// A number in groups of three digits.
pub fn grouped(number: u64) -> String {
    if say::is_foreign() {
        return written(number as f64, 0);
    }
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with so many decimals.
pub fn decimals(number: f64, places: u8) -> String {
    if say::is_foreign() {
        return written(number, places);
    }
    // Fails beyond 100 places only.
    js_sys::Number::from(number).to_fixed(places).map(String::from).unwrap_or_default()
}

/// The day of a time.
pub fn date(time: UnixTime) -> String {
    if say::is_foreign() { shown(time, false) } else { time.date() }
}

/// A time to the minute; in English to the second, as evidence has it.
pub fn moment(time: UnixTime) -> String {
    if say::is_foreign() { shown(time, true) + " UTC" } else { time.to_string() }
}

fn written(number: f64, places: u8) -> String {
    let options =
        options(&[("minimumFractionDigits", JsValue::from(places)), ("maximumFractionDigits", JsValue::from(places))]);
    let format = Intl::NumberFormat::new(&Array::of1(&language::tag().into()), &options).format();
    format.call1(&JsValue::UNDEFINED, &JsValue::from(number)).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn shown(time: UnixTime, with_clock: bool) -> String {
    // Exact in a floating-point number for any year that is written with four digits.
    let day = Date::new(&JsValue::from(time.0 as f64 * 1000.0));
    let mut wanted = vec![("timeZone", JsValue::from("UTC")), ("dateStyle", JsValue::from("medium"))];
    if with_clock {
        wanted.push(("timeStyle", JsValue::from("short")));
    }
    let format = Intl::DateTimeFormat::new(&Array::of1(&language::tag().into()), &options(&wanted)).format();
    format.call1(&JsValue::UNDEFINED, &day).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn options(members: &[(&str, JsValue)]) -> Object {
    let options = Object::new();
    for (name, value) in members {
        // A new object takes every member.
        let _ = Reflect::set(&options, &JsString::from(*name), value);
    }
    options
}
