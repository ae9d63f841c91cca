//! The short guide to one technology, folded away.

use yew::prelude::*;

use crate::checks::Publish;
use crate::records::Technology;

use super::guide::Guide;
use super::prose::prose;
use super::publish::to_publish;

/// What it is, how it works, and an example record; only its title where what is folded away is not wanted yet.
pub fn guide_view(technology: Technology, folded: bool) -> Html {
    let guide = Guide::to(technology);
    html! {
        <details class="guide">
            <summary>{tr!("What is {}?", guide.title)}</summary>
            if folded {
                <p>{prose(guide.what)}</p>
                <ol>{for guide.how.iter().enumerate().map(|(key, &step)| html! { <li {key}>{prose(step)}</li> })}</ol>
                {for guide.examples.iter().enumerate().map(|(key, &(name, record_type, value))| {
                    let publish = Publish { name: name.into(), record_type: record_type.into(), value: value.into() };
                    to_publish(key, &publish)
                })}
                <p class="hint">{prose(guide.mind)}</p>
            }
        </details>
    }
}
