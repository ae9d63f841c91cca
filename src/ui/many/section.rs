//! The section with the list, and the way back to it from a report.

use std::rc::Rc;

use yew::prelude::*;

use crate::ui::announce::Announce;
use crate::ui::files::{self, Listener};
use crate::ui::hosted::hosted;
use crate::ui::state::Settings;
use crate::ui::supplied::Supplied;

use super::bar::Bar;
use super::checks::{Common, use_checks};
use super::filter::Filter;
use super::input::ListInput;
use super::keep::use_kept;
use super::state::State;
use super::table::Table;
use super::visible::visible;
use super::way::ADDRESS;

/// What the list has from the rest of the page.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Resolvers, selectors and anchors, and whether anything may be asked.
    pub settings: Settings,
    /// What was supplied: it counts for every domain.
    pub supplied: Vec<Supplied>,
    /// Whether a check of one domain runs or is shown; the list goes on unseen meanwhile.
    pub busy: bool,
}

/// The section.
#[component]
pub fn Many(props: &Props) -> Html {
    let state = use_reducer(State::default);
    let full = use_state(|| false);
    let opened = use_opened();
    let shown = opened && !props.busy;
    let address = props.settings.address("");
    let evidence = props.supplied.iter().filter_map(|one| one.read.as_ref().ok()).map(|read| read.evidence.clone());
    let common = Common { address, offline: props.settings.offline, evidence: evidence.collect() };
    use_kept(
        &state,
        Callback::from({
            let full = full.setter();
            move |room: bool| full.set(!room)
        }),
    );
    use_checks(state.clone(), common);
    use_spoken(&state);
    let rows = use_memo((state.rows.clone(), state.view.clone(), state.earlier.clone()), |(rows, view, earlier)| {
        visible(rows, view, earlier.as_deref())
    });
    let done = state.known();
    html! {
        <div class="many">
            if props.busy && !state.rows.is_empty() {
                <p class="way"><a id="back-to-list" class="button" href={ADDRESS}>
                    {tr!("Back to the list: {done} of {n} domain checked" | "Back to the list: {done} of {n} domains checked" % state.rows.len(), done)}
                </a></p>
            }
            <section id="many" aria-labelledby="many-title" hidden={!shown} data-state={if state.running { "running" } else { "idle" }}
                data-done={done.to_string()} data-domains={state.rows.len().to_string()}>
                <h2 id="many-title" tabindex="-1">{"Many domains"}</h2>
                if shown {
                    {hosted!(ListInput { state: state.clone(), offline: props.settings.offline })}
                    if *full {
                        <p class="hint" role="alert">{"This browser has no more room to keep the list: save it before you reload the page."}</p>
                    }
                    if !state.rows.is_empty() {
                        {hosted!(Bar { state: state.clone(), rows: Rc::clone(&rows), settings: props.settings.clone() })}
                        {hosted!(Filter { state: state.clone(), shown: rows.len() })}
                        {hosted!(Table { state: state.clone(), rows, settings: props.settings.clone() })}
                    }
                }
            </section>
        </div>
    }
}

/// Whether the address is that of the list, or was before a report took its place.
#[hook]
fn use_opened() -> bool {
    let opened = use_state(|| hash() == ADDRESS);
    use_effect_with((), {
        let opened = opened.setter();
        move |()| {
            let listener = web_sys::window().map(|window| {
                Listener::new(&window, "hashchange", move |_| match hash().as_str() {
                    ADDRESS => {
                        opened.set(true);
                        yew::platform::spawn_local(async {
                            yew::platform::time::sleep(std::time::Duration::ZERO).await;
                            files::jump("many-title");
                        });
                    }
                    "" => opened.set(false),
                    _ => {}
                })
            });
            move || drop(listener)
        }
    });
    *opened
}

fn hash() -> String {
    web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Says when the checks begin and end.
#[hook]
fn use_spoken(state: &UseReducerHandle<State>) {
    let announce = use_context::<Announce>();
    let (done, all) = (state.known(), state.rows.len());
    use_effect_with(state.running, move |running| {
        if let (Some(Announce(say)), true) = (announce, all > 0) {
            say.emit(if *running {
                tr!("Checking {n} domain." | "Checking {n} domains." % all - done)
            } else {
                tr!("{done} of {n} domain checked." | "{done} of {n} domains checked." % all, done)
            });
        }
    });
}
