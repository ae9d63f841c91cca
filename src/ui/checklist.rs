//! The checklist, ticked from the evidence.

use yew::prelude::*;

use crate::assess::Assessment;
use crate::checks::Level;
use crate::report::ChecklistItem;

use super::icon::icon;
use super::words::{level_words, tri_state};

/// The checklist in its three levels.
pub fn checklist(assessment: &Assessment) -> Html {
    let entries = &assessment.report.checklist;
    html! {
        <section id="checklist" aria-labelledby="checklist-title">
            <h2 id="checklist-title">{"Checklist"}</h2>
            <div class="columns">
                {for [Level::Essential, Level::Important, Level::Advanced].map(|level| {
                    let (id, word) = level_words(level);
                    html! {
                        <div key={id}>
                            <h3>{text!(word)}</h3>
                            <ul>{for entries.iter().filter(|entry| entry.level == level).map(item)}</ul>
                        </div>
                    }
                })}
            </div>
        </section>
    }
}

/// One entry.
fn item(entry: &ChecklistItem) -> Html {
    let (shape, word) = match entry.done {
        Some(true) => ("pass", "done"),
        Some(false) => ("absent", "not done"),
        None if entry.applies => ("unknown", "not known"),
        None => ("not-applicable", "not needed"),
    };
    html! {
        <li key={&*entry.id} data-item={entry.id.to_string()} data-done={tri_state(entry.done)}>
            {icon(shape)}
            <a href={format!("#tech-{}", entry.id)}>{&*entry.label}</a>
            <span class="word">{text!(word)}</span>
        </li>
    }
}
