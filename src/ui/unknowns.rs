//! What could not be seen, why, and how to find out.

use yew::prelude::*;

use crate::assess::Assessment;
use crate::checks::Unknown;

use super::prose::prose;

/// The section.
pub fn unknowns(assessment: &Assessment) -> Html {
    let unknown = &assessment.report.unknown;
    html! {
        <section aria-labelledby="unknown-title">
            <h2 id="unknown-title">{"What could not be seen"}</h2>
            <p class="hint">
                {"None of this counts for or against the domain. A web page can ask the DNS and some web servers; it cannot open \
                  mail connections or see another server's certificate."}
            </p>
            if unknown.is_empty() {
                <p>{"Everything the page asked for was answered."}</p>
            }
            <ul id="unknown">{for unknown.iter().enumerate().map(|(key, entry)| item(key, entry))}</ul>
        </section>
    }
}

/// One thing not seen.
fn item(key: usize, entry: &Unknown) -> Html {
    html! {
        <li {key} data-technology={entry.technology.id()}>
            <p class="what"><span class="tag">{text!(entry.technology.label())}</span><b>{prose(&entry.what)}</b></p>
            if !entry.why.is_empty() {
                <p>{prose(&entry.why)}</p>
            }
            if !entry.how.is_empty() {
                <p class="fix"><b>{"How to find out. "}</b>{prose(&entry.how)}</p>
            }
        </li>
    }
}
