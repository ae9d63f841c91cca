//! Where the answers came from, and the report and the evidence as files.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::records::Technology;
use crate::report::Report;
use crate::source::{ResolverState, ResolverStatus};
use crate::web::{Update, reader};

use super::files;
use super::icon::icon;
use super::request::Request;
use super::shared::Shared;
use super::words::count;

/// The section.
pub fn sources(
    request: &Shared<Request>,
    update: &Shared<Update>,
    problem: &UseStateHandle<String>,
    running: bool,
) -> Html {
    let evidence = save(request, update, problem, false);
    let report = save(request, update, problem, true);
    let print = Callback::from(|_: MouseEvent| {
        if let Some(window) = web_sys::window() {
            let _ = window.print();
        }
    });
    html! {
        <section aria-labelledby="sources-title" class="sources">
            <h2 id="sources-title">{"Where the answers came from"}</h2>
            {resolvers(request, update)}
            {relay(request, update)}
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
            if !problem.is_empty() {
                <p role="alert">{format!("Nothing was saved. {}", **problem)}</p>
            }
        </section>
    }
}

/// Hands the report or the evidence, which the reader writes, to the user, or says why not.
fn save(
    request: &Shared<Request>,
    update: &Shared<Update>,
    problem: &UseStateHandle<String>,
    report: bool,
) -> Callback<MouseEvent> {
    let (request, update, problem) = (request.clone(), update.clone(), problem.clone());
    Callback::from(move |_| {
        let (request, update, problem) = (request.clone(), update.clone(), problem.clone());
        yew::platform::spawn_local(async move {
            let (kind, written) = if report {
                ("report", report_json(&update.assessment.report))
            } else {
                let written = reader::write_evidence(&update.evidence).await;
                ("evidence", written.map(|bytes| js_sys::Uint8Array::from(bytes.as_slice()).into()))
            };
            match written {
                Ok(content) => {
                    files::save(&format!("{}.{kind}.json", request.domain), "application/json", &content);
                    problem.set(String::new());
                }
                Err(reason) => {
                    problem.set(reason);
                }
            }
        });
    })
}

/// The report file, as the command line writes it: the page needs no writer of JSON of its own for it.
fn report_json(report: &Report) -> Result<JsValue, String> {
    // Whole numbers become JavaScript numbers; one beyond 2^53 would be an error.
    let report = report.written().serialize(&Serializer::json_compatible()).map_err(|error| error.to_string())?;
    js_sys::JSON::stringify_with_replacer_and_space(&report, &JsValue::NULL, &2.into())
        .map(JsValue::from)
        .map_err(|_| "The browser could not write the report as JSON.".into())
}

/// Which resolver was asked how often, and how it did.
fn resolvers(request: &Request, update: &Update) -> Html {
    let resolvers = &update.resolvers;
    if request.offline || resolvers.is_empty() {
        return html! { <p>{"No look-up left this page: the report rests on what you supplied."}</p> };
    }
    html! { <ul id="resolvers-used">{for resolvers.iter().map(resolver)}</ul> }
}

/// What was read through the user's relay.
fn relay(request: &Request, update: &Update) -> Html {
    let Some(url) = request.relay.as_ref().filter(|_| !request.offline) else { return Html::default() };
    let report = &update.assessment.report;
    let fact = |technology: Technology, file: &str, field: &str| {
        let detail = &report.technology(technology)?.detail;
        let facts = if file.is_empty() { detail } else { detail.get(file)? };
        facts.get(field)?.as_str()
    };
    let files = [
        (Technology::MtaSts, "", "evidence", "policy_url"),
        (Technology::Bimi, "logo_file", "grade", "url"),
        (Technology::Bimi, "certificate_file", "grade", "url"),
    ];
    let relayed = files.into_iter().filter(|(of, file, grade, _)| fact(*of, file, grade) == Some("relayed"));
    let read: Vec<&str> = relayed.filter_map(|(of, file, _, url)| fact(of, file, url)).collect();
    let words = if read.is_empty() {
        "brought nothing, or was not needed".to_owned()
    } else {
        format!("brought {}; it could have changed it", read.join(", "))
    };
    html! { <p id="relay-used">{icon("info")}{" Your relay "}<code>{url}</code>{format!(" {words}.")}</p> }
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
