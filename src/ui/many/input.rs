//! Where the list comes from: pasted, chosen or dropped.

use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Event, File, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::ui::files::{self, Listener};
use crate::ui::icon::icon;
use crate::ui::locale::grouped;

use super::read::{Brought, read};
use super::state::{Action, MAX_DOMAINS, State};

/// What the panel shows.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The list.
    pub state: UseReducerHandle<State>,
    /// Whether nothing is looked up.
    pub offline: bool,
}

/// The panel.
#[component]
pub fn ListInput(props: &Props) -> Html {
    let text = use_node_ref();
    let column = use_node_ref();
    let brought = use_state(Brought::default);
    let reading = use_state(|| false);
    let take = Callback::from({
        let (state, column, text) = (props.state.clone(), column.clone(), text.clone());
        let (brought, reading) = (brought.setter(), reading.setter());
        move |source: Source| {
            let known = state.rows.iter().map(|row| row.domain.clone()).collect();
            let column = column.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
            let (state, brought, reading) = (state.clone(), brought.clone(), reading.clone());
            let field = text.cast::<HtmlTextAreaElement>().filter(|_| matches!(source, Source::Text(_)));
            reading.set(true);
            yew::platform::spawn_local(async move {
                let outcome = match source.octets().await {
                    Ok(octets) => read(&octets, &column, known).await,
                    Err(why) => Err(why),
                };
                reading.set(false);
                match outcome {
                    Ok(mut new) => {
                        if let Some(field) = field {
                            field.set_value("");
                        }
                        state.dispatch(Action::Add(std::mem::take(&mut new.rows)));
                        brought.set(new);
                    }
                    Err(why) => {
                        brought.set(Brought::default());
                        state.dispatch(Action::Complain(Some(why)));
                    }
                }
            });
        }
    });
    use_drops(take.clone());
    let onread = {
        let (text, take) = (text.clone(), take.clone());
        move |_: MouseEvent| {
            if let Some(field) = text.cast::<HtmlTextAreaElement>() {
                take.emit(Source::Text(field.value()));
            }
        }
    };
    let onchoose = move |event: Event| {
        let input = event.target_unchecked_into::<HtmlInputElement>();
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            take.emit(Source::File(file));
        }
        input.set_value("");
    };
    html! {
        <div class="supply">
            <p class="hint">
                {tr!("Plain text, CSV, cells copied from a spreadsheet, or a zone file: up to {most} domains. Drop the file \
                    anywhere, choose it, or paste. Of a zone file, the names with SOA, NS, MX, SPF or DMARC records are taken. The list \
                    stays in this tab until it is closed, so that a reload goes on with it; it never enters the address.",
                    most = grouped(MAX_DOMAINS as u64))}
                if props.offline { {" “Use only what I supply” is ticked: nothing will be looked up."} }
            </p>
            <div class="paste">
                <label for="list">{"Domains"}</label>
                <textarea id="list" ref={text} rows="4" spellcheck="false" autocapitalize="none" placeholder="example.com" />
            </div>
            <div class="choose">
                <button id="list-read" type="button" class="quiet" disabled={*reading} onclick={onread}>{"Add to the list"}</button>
                <input id="list-file" class="visually-hidden" type="file" onchange={onchoose} />
                <label for="list-file" class="button">{icon("file")}{"Choose a file"}</label>
                <span class="column">
                    <label for="list-column">{"Column"}</label>
                    <input id="list-column" ref={column} type="text" size="12" placeholder="found by itself" maxlength="100" />
                </span>
            </div>
            <p id="list-error" role="alert">{props.state.complaint.clone()}</p>
            <p id="list-read-as" role="status">{if *reading { tr!("Reading…") } else { brought.said.clone() }}</p>
            if !brought.refused.is_empty() {
                <ul id="list-refused" class="bullets">
                    {for brought.refused.iter().map(|line| html! { <li key={line.clone()}>{line}</li> })}
                </ul>
            }
        </div>
    }
}

/// While the list is shown, what is dropped on the page is a list and no evidence.
#[hook]
fn use_drops(take: Callback<Source>) {
    let latest = use_mut_ref(|| take.clone());
    *latest.borrow_mut() = take;
    use_effect_with((), move |()| {
        let body = web_sys::window().and_then(|window| window.document()).and_then(|document| document.body());
        let listener = body.map(|body| {
            Listener::new(&body.clone(), "drop", move |event: Event| {
                let _ = body.remove_attribute("data-dropping");
                let Some(data) = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer) else { return };
                event.prevent_default();
                event.stop_propagation();
                let take = latest.borrow().clone();
                match data.files().and_then(|files| files.get(0)) {
                    Some(file) => take.emit(Source::File(file)),
                    None => take.emit(Source::Text(data.get_data("text/plain").unwrap_or_default())),
                }
            })
        });
        move || drop(listener)
    });
}

/// A list before it is read.
enum Source {
    Text(String),
    File(File),
}

impl Source {
    async fn octets(self) -> Result<Vec<u8>, String> {
        match self {
            Self::Text(text) => Ok(text.into_bytes()),
            Self::File(file) => files::bytes(&file).await.map_err(|why| format!("{}: {why}.", file.name())),
        }
    }
}
