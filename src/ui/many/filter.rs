//! Which rows are shown.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::report::Summary;
use crate::ui::words::{status_id, status_word};

use super::earlier::STATUSES;
use super::state::{Action, Show, State, View};

/// What the fields show.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The list.
    pub state: UseReducerHandle<State>,
    /// How many rows are shown.
    pub shown: usize,
}

/// The fields.
#[component]
pub fn Filter(props: &Props) -> Html {
    let state = &props.state;
    let look = |change: fn(&mut View, String)| {
        let state = state.clone();
        move |value: String| {
            let mut view = View { page: 0, ..state.view.clone() };
            change(&mut view, value);
            state.dispatch(Action::Look(view));
        }
    };
    let oncontains = {
        let look = look(|view, value| view.contains = value);
        move |event: InputEvent| look(event.target_unchecked_into::<HtmlInputElement>().value())
    };
    let selected = |look: Box<dyn Fn(String)>| {
        Callback::from(move |event: Event| look(event.target_unchecked_into::<HtmlSelectElement>().value()))
    };
    let ontechnology = selected(Box::new(look(|view, value| view.technology = value.parse().ok())));
    let onshow = selected(Box::new(look(|view, value| view.show = show_of(&value))));
    let View { contains, technology, show, .. } = &state.view;
    let option = |value: &str, words: &'static str, chosen: bool| {
        html! { <option key={value.to_owned()} value={value.to_owned()} selected={chosen}>{text!(words)}</option> }
    };
    html! {
        <div class="list-filter" role="group" aria-label="Rows shown">
            <span>
                <label for="list-contains">{"Name contains"}</label>
                <input id="list-contains" type="text" autocapitalize="none" spellcheck="false" maxlength="253" value={contains.clone()} oninput={oncontains} />
            </span>
            <span>
                <label for="list-technology">{"Technology"}</label>
                <select id="list-technology" onchange={ontechnology}>
                    {option("", "Any", technology.is_none())}
                    {for Summary::COLUMNS.iter().enumerate().map(|(at, one)| option(&at.to_string(), one.label(), *technology == Some(at)))}
                </select>
            </span>
            <span>
                <label for="list-show">{"State"}</label>
                <select id="list-show" onchange={onshow}>
                    {option("", "Any", *show == Show::All)}
                    {for STATUSES.into_iter().map(|status| option(status_id(status), status_word(status), *show == Show::Status(status)))}
                    {option("open", "Not checked", *show == Show::Open)}
                    if state.earlier.is_some() {
                        {option("changed", "Changed", *show == Show::Changed)}
                    }
                </select>
            </span>
            <p id="list-shown" role="status">{tr!("{n} row shown" | "{n} rows shown" % props.shown)}</p>
        </div>
    }
}

fn show_of(value: &str) -> Show {
    match value {
        "open" => Show::Open,
        "changed" => Show::Changed,
        id => STATUSES.into_iter().find(|status| status_id(*status) == id).map_or(Show::All, Show::Status),
    }
}
