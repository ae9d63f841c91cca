//! What is said to screen readers: beginnings and ends only, one at a time.

use yew::prelude::*;

/// Says a sentence.
#[derive(Clone, PartialEq)]
pub struct Announce(pub Callback<String>);

/// The live region that everything is said through.
pub fn announcer(said: &str) -> Html {
    html! { <p id="announcer" class="visually-hidden" aria-live="polite">{said.to_owned()}</p> }
}
