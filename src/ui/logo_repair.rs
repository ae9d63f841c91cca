//! The repair of a logo: a field for the title, a button, and what came of it.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::web::{Repaired, lab};

use super::announce::Announce;
use super::icon::icon;
use super::logo_repaired::repaired_view;
use super::named_file::NamedFile;
use super::use_lab::in_pixels;

/// Side of the pictures of before and after, in CSS pixels.
const SIDE: u32 = 160;

/// What is repaired.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The logo.
    pub file: NamedFile,
    /// The number of its card.
    pub number: usize,
    /// Whether there is nothing that must be repaired.
    pub conforms: bool,
}

/// The outcome of a repair, and whether one goes on.
#[derive(Clone, Default)]
struct State {
    working: bool,
    outcome: Option<Result<Repaired, String>>,
}

/// Field, button and outcome.
#[component]
pub fn LogoRepair(props: &Props) -> Html {
    let title = use_state(String::new);
    let state = use_state(State::default);
    let announce = use_context::<Announce>();
    use_effect_with(props.file.clone(), {
        let state = state.setter();
        move |_| state.set(State::default())
    });
    let oninput = {
        let title = title.clone();
        move |event: InputEvent| title.set(event.target_unchecked_into::<HtmlInputElement>().value())
    };
    let onsubmit = {
        let (title, state, file) = (title.clone(), state.setter(), props.file.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let title = Some(title.trim().to_owned()).filter(|title| !title.is_empty());
            let (state, file, announce) = (state.clone(), file.clone(), announce.clone());
            state.set(State { working: true, outcome: None });
            yew::platform::spawn_local(async move {
                let outcome = lab::repair(&file.bytes, title, in_pixels(SIDE)).await.map(|repaired| *repaired);
                if let Some(Announce(say)) = announce {
                    say.emit(spoken(&outcome));
                }
                state.set(State { working: false, outcome: Some(outcome) });
            });
        }
    };
    let field = format!("logo-{}-new-title", props.number);
    html! {
        <div class="repair">
            <h4>{"Repair"}</h4>
            <form class="search" autocomplete="off" {onsubmit}>
                <label for={field.clone()}>{"Title of the logo"}</label>
                <div class="field">
                    <input id={field.clone()} type="text" maxlength="64" placeholder="Name of the company or brand" aria-describedby={format!("{field}-hint")} value={(*title).clone()} {oninput} />
                    <button type="submit" class={classes!("repairer", props.conforms.then_some("quiet"))} disabled={state.working}>{"Repair it"}</button>
                </div>
                <p id={format!("{field}-hint")} class="hint">{"Every logo needs one; the title of the file is kept where this stays empty. The file is rewritten in this tab, and before and after are compared."}</p>
            </form>
            if state.working {
                <p class="hint">{"Repairing…"}</p>
            }
            <div class="outcome">
                {match &state.outcome {
                    None => Html::default(),
                    Some(Err(why)) => html! { <p class="note stopped">{icon("warn")}<span>{tr!("It could not be repaired. {why}", why)}</span></p> },
                    Some(Ok(repaired)) => repaired_view(repaired, &props.file.name),
                }}
            </div>
        </div>
    }
}

fn spoken(outcome: &Result<Repaired, String>) -> String {
    match outcome {
        Ok(repaired) if repaired.judgement.verdict.conforms => tr!("Repaired: the result conforms to SVG Tiny PS."),
        Ok(_) => tr!("Repaired in part: the result does not conform to SVG Tiny PS."),
        Err(why) => tr!("It could not be repaired. {why}", why),
    }
}
