//! A button that copies a text.

use std::time::Duration;

use yew::prelude::*;

use super::announce::Announce;
use super::files;
use super::icon::icon;

/// How long the button says that it copied.
const SAID_FOR: Duration = Duration::from_secs(2);

/// What is copied.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The text.
    pub text: AttrValue,
    /// The word on the button.
    #[prop_or_else(|| word!("Copy"))]
    pub label: AttrValue,
    /// What the text is, for those who do not see it.
    pub what: AttrValue,
}

/// Copies, and says so.
#[component]
pub fn CopyButton(props: &Props) -> Html {
    let copied = use_state(|| None::<bool>);
    let announce = use_context::<Announce>();
    let onclick = {
        let (copied, text) = (copied.clone(), props.text.clone());
        Callback::from(move |_: MouseEvent| {
            let (copied, text, announce) = (copied.clone(), text.clone(), announce.clone());
            yew::platform::spawn_local(async move {
                let done = files::copy(&text).await;
                copied.set(Some(done));
                if let Some(Announce(say)) = announce {
                    say.emit(if done { tr!("Copied.") } else { tr!("The browser did not let the page copy.") });
                }
                yew::platform::time::sleep(SAID_FOR).await;
                copied.set(None);
            });
        })
    };
    let (shape, word) = match *copied {
        None => ("copy", props.label.clone()),
        Some(true) => ("tick", word!("Copied")),
        Some(false) => ("fail", word!("Not allowed")),
    };
    html! {
        <button type="button" class="quiet copier" data-copy={&props.text} {onclick}>
            {icon(shape)}
            <span>{word}</span>
            <span class="visually-hidden">{format!(" {}", props.what)}</span>
        </button>
    }
}
