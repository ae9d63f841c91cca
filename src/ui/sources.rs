//! Where the answers came from, and the report and the evidence as files.

use yew::prelude::*;

use crate::source::{ResolverState, ResolverStatus};
use crate::web::Update;

use super::files;
use super::icon::icon;
use super::request::Request;
use super::shared::Shared;
use super::words::count;

/// The section.
pub fn sources(request: &Request, update: &Shared<Update>, running: bool) -> Html {
    let domain = &request.domain;
    let evidence = {
        let (update, domain) = (update.clone(), domain.clone());
        Callback::from(move |_: MouseEvent| {
            files::save(&format!("{domain}.evidence.json"), "application/json", &update.evidence.to_json());
        })
    };
    let report = {
        let (update, domain) = (update.clone(), domain.clone());
        Callback::from(move |_: MouseEvent| {
            // A report holds nothing that JSON cannot write.
            let text = serde_json::to_string_pretty(&update.assessment.report).unwrap_or_default();
            files::save(&format!("{domain}.report.json"), "application/json", &text);
        })
    };
    let print = Callback::from(|_: MouseEvent| {
        if let Some(window) = web_sys::window() {
            let _ = window.print();
        }
    });
    html! {
        <section aria-labelledby="sources-title" class="sources">
            <h2 id="sources-title">{"Where the answers came from"}</h2>
            {resolvers(request, update)}
            <p class="hint">
                {"The evidence file holds every answer as it came. Dropped on this page, or given to "}
                <code>{"mxray check --evidence"}</code>{", it gives this report again without a single look-up."}
            </p>
            <p class="buttons">
                <button type="button" id="save-evidence" disabled={running} onclick={evidence}>
                    {icon("save")}{"Save evidence"}
                </button>
                <button type="button" id="save-report" disabled={running} onclick={report}>
                    {icon("save")}{"Save report"}
                </button>
                <button type="button" id="print" class="quiet" onclick={print}>{"Print"}</button>
            </p>
        </section>
    }
}

/// Which resolver was asked how often, and how it did.
fn resolvers(request: &Request, update: &Update) -> Html {
    let resolvers = &update.resolvers;
    if request.offline || resolvers.is_empty() {
        return html! { <p>{"No look-up left this page: the report rests on what you supplied."}</p> };
    }
    html! { <ul id="resolvers-used">{for resolvers.iter().map(resolver)}</ul> }
}

/// One resolver.
fn resolver(resolver: &ResolverState) -> Html {
    let (shape, word) = match resolver.status {
        ResolverStatus::Answering => ("pass", "answered"),
        ResolverStatus::Untried => ("not-applicable", "was not needed"),
        ResolverStatus::Failing => ("warn", "failed at times"),
        ResolverStatus::Down => ("fail", "does not answer"),
        ResolverStatus::Refused => ("fail", "cannot be asked"),
    };
    let failed = if resolver.failed > 0 { format!(", {} failed", resolver.failed) } else { String::new() };
    let answers = match resolver.answered {
        0 if resolver.failed == 0 => String::new(),
        answered => format!(": {}{failed}", count(answered, "answer", "answers")),
    };
    html! {
        <li key={resolver.url.clone()}>
            {icon(shape)}
            <span><code>{&resolver.url}</code>{format!(" {word}{answers}")}
                if let Some(why) = &resolver.last_failure {
                    <span class="hint">{format!(" — last failure: {why}")}</span>
                }
            </span>
        </li>
    }
}
