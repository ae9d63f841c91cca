//! Sentences with code in backticks.

use yew::prelude::*;

/// The text with what stands in backticks as code. Everything stays text.
pub fn prose(text: &str) -> Html {
    let text = say::known(text);
    let parts = text.split('`').enumerate().map(|(index, part)| {
        if index % 2 == 1 {
            html! { <code key={index}>{part.to_owned()}</code> }
        } else {
            html! { <span key={index}>{part.to_owned()}</span> }
        }
    });
    html! { <>{for parts}</> }
}

/// The longest beginning of a text that has at most `limit` bytes.
pub fn beginning(text: &str, limit: usize) -> &str {
    let end = (0..=limit.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    text.get(..end).unwrap_or("")
}
use crate::say;
