//! The Mark Certificate that a check has read, as its card.

use yew::prelude::*;

use crate::records::Technology;
use crate::web::{MarkAnswer, Update};

use super::icon::icon;
use super::mark_view::mark_view;

/// The card; nothing where the report speaks of none.
pub fn found_mark(update: Option<&Update>) -> Html {
    let bimi = update.and_then(|update| update.assessment.report.technology(Technology::Bimi));
    let says = |name: &str| bimi.and_then(|bimi| bimi.detail.get(name)).filter(|value| !value.is_null());
    let Some((update, verdict)) = update.zip(says("mark")) else { return Html::default() };
    let is_valid = verdict.get("valid").is_some_and(|valid| valid == true);
    let (status, word) = if is_valid { ("pass", "Valid") } else { ("fail", "Not valid") };
    let from = says("certificate_file").and_then(|file| file.get("from")).and_then(|from| from.as_str());
    let answer = MarkAnswer { is_mark: true, verdict: verdict.clone(), embedded: None, outline: String::new() };
    html! {
        <section class="technology mark-card" aria-labelledby="found-mark-title" data-mark={status}>
            <header>
                <h3 id="found-mark-title">{"Mark Certificate of the domain"}<span class="plain">{" — the certificate"}</span></h3>
                <p class="status" data-status={status}>{icon(status)}{text!(word)}</p>
            </header>
            if let Some(from) = from {
                <p class="hint">{tr!("Read from {from}.", from)}</p>
            }
            {mark_view(&answer, Some(&update.assessment.report.domain))}
        </section>
    }
}
