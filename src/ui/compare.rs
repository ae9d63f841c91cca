//! What changed since an older evidence file, or between two.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{FileList, HtmlInputElement};
use yew::prelude::*;

use crate::intake::IntakeError;
use crate::report::changes::Comparison;
use crate::web::{News, Question, Run, RunRequest, Sealed, Told, Update, clerk, reader};

use super::compare_view::compare_view;
use super::files;
use super::icon::icon;
use super::request::Request;
use super::shared::Shared;

/// Most files that are compared.
const MAX_FILES: u32 = 2;

/// What is compared with.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What was asked for.
    pub request: Shared<Request>,
    /// What is shown.
    pub update: Shared<Update>,
}

/// The panel.
#[component]
pub fn Compare(props: &Props) -> Html {
    let compared = use_state(|| None::<Result<Comparison, String>>);
    let busy = use_state(|| false);
    // Judging the older records goes on for as long as this stands here.
    let run = use_mut_ref(|| None::<Run>);
    let onchange = {
        let (compared, busy, run) = (compared.clone(), busy.clone(), run.clone());
        let (request, update) = (props.request.clone(), props.update.clone());
        move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            let Some(list) = input.files().filter(|files| files.length() > 0) else { return };
            let (compared, busy, run) = (compared.clone(), busy.clone(), run.clone());
            let (request, update) = (request.clone(), update.clone());
            busy.set(true);
            yew::platform::spawn_local(async move {
                compared.set(Some(compare(&list, &request, &update, &run).await));
                busy.set(false);
                // So that the same file can be chosen again after it was changed.
                input.set_value("");
            });
        }
    };
    html! {
        <details id="compare">
            <summary>{"What changed since a saved evidence file"}</summary>
            <div class="judged">
                <div class="supply">
                    <p class="hint">
                    {"Choose an older evidence file of this domain, or drop it here: it is held against the report above. Two files are held against each other. They stay in this tab."}
                </p>
                    <div class="choose">
                        <input id="compare-files" class="visually-hidden" type="file" multiple=true {onchange} />
                        <label for="compare-files" class="button">{icon("file")}{"Choose the file"}</label>
                    </div>
                </div>
                <div id="compared" aria-live="polite" aria-busy={busy.to_string()}>
                    {match &*compared {
                        _ if *busy => html! { <p class="hint">{"Comparing…"}</p> },
                        None => html! { <p></p> },
                        Some(Err(why)) => html! { <p role="alert">{icon("fail")}{format!(" {why}")}</p> },
                        Some(Ok(comparison)) => compare_view(comparison),
                    }}
                </div>
            </div>
        </details>
    }
}

type Place = Rc<RefCell<Option<Run>>>;

async fn compare(list: &FileList, request: &Request, update: &Update, run: &Place) -> Result<Comparison, String> {
    if list.length() > MAX_FILES {
        return Err(tr!("One file is held against the report, two against each other; these are more."));
    }
    let mut sides = Vec::new();
    for file in (0..list.length()).filter_map(|at| list.get(at)) {
        sides.push(judged(&file, request, run).await?);
    }
    if list.length() < MAX_FILES {
        sides.push((update.assessment.clone(), update.evidence.clone()));
    }
    let (Some(last), Some(first)) = (sides.pop(), sides.pop()) else { return Err(tr!("There is no file.")) };
    // The older one first, in whatever order they were chosen.
    let in_order = first.0.report.taken_at <= last.0.report.taken_at;
    let (before, after) = if in_order { (first, last) } else { (last, first) };
    clerk::compare(before, after).await
}

/// The report on what a file holds, as of its own time.
async fn judged(file: &web_sys::File, request: &Request, run: &Place) -> Result<(Told, Sealed), String> {
    let name = file.name();
    let bytes = files::bytes(file).await.map_err(|why| format!("{name}: {why}."))?;
    let reading =
        reader::read(&name, &bytes, Some(&request.domain)).await.map_err(|error: IntakeError| error.to_string())?;
    if let Some(about) = reading.about.filter(|about| *about != request.domain) {
        return Err(tr!(
            "{name} is about {about}, the report about {}: they cannot be compared.",
            request.domain,
            name,
            about
        ));
    }
    let ask = RunRequest { offline: true, ..request.asking(Question::Check, vec![reading.evidence.clone()]) };
    let report = finished(ask, run).await?;
    Ok((report, reading.evidence))
}

/// The final report of a run that asks nobody.
async fn finished(ask: RunRequest, place: &Place) -> Result<Told, String> {
    let outcome: Rc<RefCell<Option<Result<Told, String>>>> = Rc::default();
    let promise = Promise::new(&mut |resolve, _| {
        let told = Rc::clone(&outcome);
        let run = Run::start(ask.clone(), move |news| {
            let result = match news {
                News::Update(update) if update.finished => Ok(update.assessment),
                News::Update(_) => return,
                News::Failed(why) => Err(why),
                News::Judged(_) | News::Mark(_) | News::Brief(_) | News::Stopped => Err(tr!("It was stopped.")),
            };
            told.replace(Some(result));
            let _ = resolve.call0(&JsValue::UNDEFINED);
        });
        place.replace(Some(run));
    });
    // The promise is never rejected.
    let _ = JsFuture::from(promise).await;
    outcome.take().unwrap_or_else(|| Err(tr!("It was stopped.")))
}
