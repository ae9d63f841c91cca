//! The report and the evidence as files, on paper, and as links; and what changed since an older file.

use yew::prelude::*;

use crate::web::{Form, Update, clerk, reader};

use super::compare::Compare;
use super::files;
use super::hosted::hosted;
use super::icon::icon;
use super::request::Request;
use super::share::Share;
use super::shared::Shared;
use super::what_if::WhatIf;

/// What can be kept.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What was asked for.
    pub request: Shared<Request>,
    /// What is known, with edits where there are any.
    pub update: Shared<Update>,
    /// The edits.
    pub what_if: Option<Shared<WhatIf>>,
    /// Whether more is on its way.
    pub running: bool,
}

/// What a button saves.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Evidence,
    In(Form),
}

impl Kind {
    /// End of the file's name, and its media type.
    fn file(self) -> (&'static str, &'static str) {
        match self {
            Self::Evidence => ("evidence.json", "application/json"),
            Self::In(Form::Json) => ("report.json", "application/json"),
            Self::In(Form::Text) => ("report.txt", "text/plain;charset=utf-8"),
            Self::In(Form::Markdown) => ("report.md", "text/markdown;charset=utf-8"),
            Self::In(Form::Csv) => ("report.csv", "text/csv;charset=utf-8"),
            Self::In(Form::Badge) => ("badge.svg", "image/svg+xml"),
        }
    }
}

/// The section.
#[component]
pub fn Keep(props: &Props) -> Html {
    let problem = use_state(String::new);
    let Props { request, update, what_if, running } = props;
    let button = |id: &'static str, word: &'static str, kind: Kind, quiet: bool| {
        let (request, update, problem) = (request.clone(), update.clone(), problem.clone());
        let onclick = move |_: MouseEvent| {
            let (request, update, problem) = (request.clone(), update.clone(), problem.clone());
            yew::platform::spawn_local(async move {
                problem.set(save(&request, &update, kind).await.err().unwrap_or_default());
            });
        };
        html! {
            <button key={id} type="button" {id} class={quiet.then_some("quiet")} disabled={*running} {onclick}>{icon("save")}{text!(word)}</button>
        }
    };
    let print = Callback::from(|_: MouseEvent| {
        if let Some(window) = web_sys::window() {
            let _ = window.print();
        }
    });
    html! {
        <section id="keep" aria-labelledby="keep-title">
            <h2 id="keep-title">{"Keep and share"}</h2>
            <p class="hint">
                {parts!("The evidence file holds every answer as it came. Dropped on this page, or given to {0}, it gives this report again without a single look-up.",
                    html! { <code>{"mxray check --evidence"}</code> })}
            </p>
            <p class="buttons">
                {button("save-evidence", "Save evidence", Kind::Evidence, false)}
                {button("save-report", "Save report", Kind::In(Form::Json), false)}
                {button("save-markdown", "Markdown", Kind::In(Form::Markdown), true)}
                {button("save-csv", "CSV", Kind::In(Form::Csv), true)}
                {button("save-text", "Text", Kind::In(Form::Text), true)}
                {button("save-badge", "Badge", Kind::In(Form::Badge), true)}
                <button key="print" type="button" id="print" class="quiet" onclick={print}>{"Print"}</button>
            </p>
            if !problem.is_empty() {
                <p role="alert">{tr!("Nothing was saved. {}", *problem)}</p>
            }
            <div hidden={*running}>
                if !running {
                    {hosted!(Share { request: request.clone(), update: update.clone(), what_if: what_if.clone() })}
                    {hosted!(Compare { request: request.clone(), update: update.clone() })}
                }
            </div>
        </section>
    }
}

/// Hands a file to the user, or says why not.
async fn save(request: &Request, update: &Update, kind: Kind) -> Result<(), String> {
    let content = match kind {
        Kind::Evidence => reader::write_evidence(&update.evidence).await?,
        Kind::In(form) => clerk::write(&update.assessment, form).await?,
    };
    let (end, media_type) = kind.file();
    files::save(&format!("{}.{end}", request.domain), media_type, &js_sys::Uint8Array::from(content.as_slice()).into());
    Ok(())
}
