//! What is said to screen readers: beginnings and ends only, one at a time.

use yew::prelude::*;

/// Says a sentence.
#[derive(Clone, PartialEq)]
pub struct Announce(pub Callback<String>);

/// The sentence.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What was said last.
    pub said: AttrValue,
}

/// The live region that everything is said through.
#[component]
pub fn Announcer(props: &Props) -> Html {
    html! { <p id="announcer" class="visually-hidden" aria-live="polite">{&props.said}</p> }
}
