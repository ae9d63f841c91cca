//! What a person would notice of a logo.

use yew::prelude::*;

use crate::svg::seen::{Observation, Weight};

use super::icon::icon;
use super::prose::prose;

/// The observations.
pub fn seen_list(seen: &[Observation]) -> Html {
    html! {
        <div class="seen">
            <h4>{"What is seen"}</h4>
            if seen.is_empty() {
                <p class="hint">{"Nothing that would spoil it: it fills its square, keeps its details at small sizes, and stands out on light and dark."}</p>
            }
            <ul class="findings">{for seen.iter().map(observation)}</ul>
        </div>
    }
}

fn observation(seen: &Observation) -> Html {
    let (outcome, word) = match seen.severity {
        Weight::Error => ("fail", "Fix"),
        Weight::Warning => ("warn", "Improve"),
        Weight::Info => ("info", "Note"),
    };
    html! {
        <li key={seen.id.clone()} class="finding" data-seen={seen.id.clone()} data-outcome={outcome}>
            <h5>
                {icon(outcome)}
                <span class="word">{text!(word)}</span>
                <span class="title">{prose(&seen.title)}</span>
            </h5>
            <div class="body">
                if !seen.detail.is_empty() {
                    <p>{prose(&seen.detail)}</p>
                }
                if !seen.fix.is_empty() {
                    <p class="fix"><b>{"What to do. "}</b>{prose(&seen.fix)}</p>
                }
            </div>
        </li>
    }
}
