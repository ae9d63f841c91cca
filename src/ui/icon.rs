//! One icon from the sprite in `index.html`: a shape of its own per meaning, always beside a word.

use yew::prelude::*;

/// Which icon.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Its name in the sprite, without the `i-`.
    pub name: &'static str,
}

/// An icon that screen readers pass over.
#[component]
pub fn Icon(props: &Props) -> Html {
    html! {
        <svg class={classes!("icon", props.name)} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
            <use href={format!("#i-{}", props.name)} />
        </svg>
    }
}
