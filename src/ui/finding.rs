//! One finding: what was found, where, why it matters, and how to mend it.

use yew::prelude::*;

use crate::checks::{Finding, Outcome, Place};

use super::icon::icon;
use super::marks::visible;
use super::prose::{beginning, prose};
use super::publish::to_publish;
use super::references::references;
use super::words::{outcome_id, outcome_word};

/// More of a marked place is not repeated beside the finding; the record shows all of it.
const MAX_EXCERPT: usize = 160;

/// A finding as an entry of the list.
pub fn finding_item(key: usize, finding: &Finding) -> Html {
    let outcome = outcome_id(finding.outcome);
    html! {
        <li {key} class="finding" data-finding={finding.id.to_string()} data-outcome={outcome}>
            <h4>
                {icon(outcome)}
                <span class="word">{text!(outcome_word(finding.outcome))}</span>
                <span class="title">{prose(&finding.title)}</span>
            </h4>
            <div class="body">
                if !finding.detail.is_empty() && finding.detail != finding.title {
                    <p>{prose(&finding.detail)}</p>
                }
                if let Some(place) = finding.at.as_ref().filter(|_| finding.outcome != Outcome::Pass) {
                    {excerpt(place)}
                }
                if finding.outcome != Outcome::Pass && !finding.why.is_empty() {
                    <p class="why"><b>{"Why it matters. "}</b>{prose(&finding.why)}</p>
                }
                if let Some(fix) = &finding.fix {
                    <p class="fix"><b>{if finding.outcome == Outcome::Unknown { text!("How to find out. ") } else { text!("What to do. ") }}</b>{prose(fix)}</p>
                }
                {for finding.publish.iter().enumerate().map(|(key, publish)| to_publish(key, publish))}
                if !finding.references.is_empty() {
                    {references(&finding.references)}
                }
            </div>
        </li>
    }
}

/// The words that the finding is about.
fn excerpt(place: &Place) -> Html {
    let words = place.record.get(place.start..place.end).unwrap_or("");
    if words.is_empty() || words == place.record {
        return Html::default();
    }
    let shown = beginning(words, MAX_EXCERPT);
    let more = if shown.len() < words.len() { "…" } else { "" };
    html! {
        <p class="excerpt"><b>{"Where. "}</b><code dir="ltr">{visible(shown)}{more}</code>{tr!(" in the record of {}", place.name)}</p>
    }
}
