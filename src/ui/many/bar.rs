//! How far the checks are, what starts and stops them, and the list as files.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use crate::ui::files;
use crate::ui::icon::icon;
use crate::ui::locale::decimals;
use crate::ui::shared::Shared;
use crate::ui::understand::check_settings;

use super::earlier::Earlier;
use super::export::{csv, json};
use super::state::{Action, State};
use super::table::Shown;

/// Fewer finished checks tell nothing of how long the rest takes.
const ENOUGH_TO_TELL: usize = 5;

/// The bar. It saves the rows that are shown, and looks at the settings before the checks start.
#[component]
pub fn Bar(props: &Shown) -> Html {
    let state = &props.state;
    let (done, all, failed) = (state.known(), state.rows.len(), state.failed());
    let onclick = {
        let (state, settings) = (state.clone(), props.settings.clone());
        move |_: MouseEvent| {
            if state.running {
                return state.dispatch(Action::Stop);
            }
            let address = settings.address("");
            match check_settings(&address) {
                Ok(()) => state.dispatch(Action::Start(js_sys::Date::now())),
                Err(why) => state.dispatch(Action::Complain(Some(why))),
            }
        }
    };
    let tell = |action: fn() -> Action| {
        let state = state.clone();
        move |_: MouseEvent| state.dispatch(action())
    };
    let save = |as_json: bool| {
        let (rows, earlier) = (Rc::clone(&props.rows), state.earlier.clone());
        move |_: MouseEvent| {
            if as_json {
                let text = json(&rows).unwrap_or_default();
                files::save("mxray-list.json", "application/json", &JsValue::from(text));
            } else {
                let text = csv(&rows, earlier.as_deref());
                files::save("mxray-list.csv", "text/csv", &JsValue::from(text));
            }
        }
    };
    let saved = tr!("{n} row" | "{n} rows" % props.rows.len());
    html! {
        <div class="list-bar">
            <p id="list-progress" role="status" aria-live="off">{progress(state, done, all, failed)}</p>
            <progress aria-label="Domains checked" max={all.to_string()} value={done.to_string()} />
            <p class="buttons">
                // One button, so that the focus stays where it is.
                <button id={if state.running { "list-stop" } else { "list-start" }} type="button" disabled={done == all && !state.running} {onclick}>
                    {text!(match (state.running, done) {
                        (true, _) => "Stop",
                        (false, 0) => "Start checking",
                        (false, done) if done == all => "All checked",
                        (false, _) => "Go on",
                    })}
                </button>
                <button id="list-again" type="button" class="quiet" disabled={failed == 0 || state.running} onclick={tell(|| Action::Again)}>
                    {"Check again what failed"}
                </button>
                <button id="list-csv" type="button" class="quiet" onclick={save(false)}>{icon("save")}{tr!("Save {saved} as CSV", saved)}</button>
                <button id="list-json" type="button" class="quiet" onclick={save(true)}>{icon("save")}{tr!("Save {saved} as JSON", saved)}</button>
                <button id="list-clear" type="button" class="quiet" onclick={tell(|| Action::Clear)}>{"Clear the list"}</button>
            </p>
            {compare(state)}
        </div>
    }
}

/// How far the checks are, in words.
fn progress(state: &State, done: usize, all: usize, failed: usize) -> String {
    let mut text = tr!("{done} of {n} domain checked" | "{done} of {n} domains checked" % all, done);
    if failed > 0 {
        text.push_str(&tr!(", {failed} of them could not be", failed));
    }
    if let Some((began, before)) = state.began.filter(|(_, before)| state.running && done >= before + ENOUGH_TO_TELL) {
        let each = (js_sys::Date::now() - began) / (done - before) as f64;
        let minutes = (each * (all - done) as f64 / 60_000.0).ceil();
        text.push_str(&tr!("; some {} min to go", decimals(minutes, 0)));
    }
    text
}

/// The earlier run, or the way to one.
fn compare(state: &UseReducerHandle<State>) -> Html {
    let onchoose = {
        let state = state.clone();
        move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                let state = state.clone();
                yew::platform::spawn_local(async move {
                    state.dispatch(match open(&file).await {
                        Ok(earlier) => Action::Compare(Some(Shared::from(Rc::new(earlier)))),
                        Err(why) => Action::Complain(Some(why)),
                    });
                });
            }
            input.set_value("");
        }
    };
    let forget = {
        let state = state.clone();
        move |_: MouseEvent| state.dispatch(Action::Compare(None))
    };
    html! {
        <div class="choose">
            <input id="list-earlier" class="visually-hidden" type="file" onchange={onchoose} />
            <label for="list-earlier" class="button">{icon("file")}{"Compare with an earlier run"}</label>
            <p id="list-compared">
                if let Some(earlier) = &state.earlier {
                    {compared(state, earlier)}{" "}
                    <button type="button" class="quiet" onclick={forget}>{"Compare no more"}</button>
                } else {
                    <span class="hint">{"The JSON file that was saved here, or by mxray check --list FILE --brief."}</span>
                }
            </p>
        </div>
    }
}

async fn open(file: &File) -> Result<Earlier, String> {
    let octets = files::bytes(file).await.map_err(|why| format!("{}: {why}.", file.name()))?;
    Earlier::read(file.name(), &String::from_utf8_lossy(&octets))
}

fn compared(state: &State, earlier: &Earlier) -> String {
    let here = state.rows.iter().filter(|row| earlier.domains.contains_key(&row.domain)).count();
    let gone = earlier.domains.len() - here;
    let words = tr!("{n} domain" | "{n} domains" % earlier.domains.len());
    tr!("Compared with “{}”: {words}, of which {gone} are not in this list.", earlier.name, words, gone)
}
