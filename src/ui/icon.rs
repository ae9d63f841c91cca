//! One icon from the sprite in `index.html`: a shape of its own per meaning, always beside a word.

use yew::prelude::*;

/// An icon that screen readers pass over.
pub fn icon(name: &'static str) -> Html {
    html! {
        <svg class={classes!("icon", name)} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
            <use href={format!("#i-{}", name)} />
        </svg>
    }
}
