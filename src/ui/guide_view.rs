//! The short guide to one technology, folded away.

use yew::prelude::*;

use crate::checks::Publish;
use crate::records::Technology;

use super::guide::Guide;
use super::prose::prose;
use super::publish::ToPublish;

/// Which technology.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Its identifier.
    pub technology: Technology,
}

/// What it is, how it works, and an example record.
#[component]
pub fn GuideView(props: &Props) -> Html {
    let guide = Guide::to(props.technology);
    html! {
        <details class="guide">
            <summary>{format!("What is {}?", guide.title)}</summary>
            <p>{prose(guide.what)}</p>
            <ol>{for guide.how.iter().enumerate().map(|(key, &step)| html! { <li {key}>{prose(step)}</li> })}</ol>
            {for guide.examples.iter().enumerate().map(|(key, &(name, record_type, value))| {
                let publish = Publish { name: name.into(), record_type: record_type.into(), value: value.into() };
                html! { <ToPublish {key} {publish} /> }
            })}
            <p class="hint">{prose(guide.mind)}</p>
        </details>
    }
}
