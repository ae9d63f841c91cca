//! The page: state, what flows into it, and what shows it.

use web_sys::FileList;
use yew::prelude::*;

use super::announce::{Announce, announcer};
use super::edit::Editing;
use super::effects::{Dispatch, open_address, use_browser_events, use_run, use_what_if_run, use_written_address};
use super::hosted::hosted;
use super::logo_way::logo_way;
use super::logos::{Logos, has_found, has_logos};
use super::many::{Many, many_way};
use super::own_files::OwnFiles;
use super::progress::progress;
use super::reading::{forget_reports, supply_files, supply_text, use_rereading};
use super::reports_view::Reports;
use super::reports_way::reports_way;
use super::results::Results;
use super::search::Search;
use super::state::{Action, Phase, State};
use super::words::shown;

/// What the page starts with.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What was typed before the page was ready.
    pub typed: String,
    /// Whether the form was sent before the page was ready.
    pub submitted: bool,
}

/// The page.
#[component]
pub fn App(props: &Props) -> Html {
    let state = {
        let typed = props.typed.clone();
        use_reducer(move || State::new(typed))
    };
    let dispatch: Dispatch = state.dispatcher();
    use_browser_events(dispatch.clone(), props.submitted.then(|| props.typed.clone()));
    use_written_address(state.request.clone());
    use_rereading(state.waiting.clone(), dispatch.clone());
    use_what_if_run(state.what_if.clone(), dispatch.clone());
    use_run(state.request.clone().filter(|_| state.phase == Phase::Running), dispatch.clone());

    let onsubmit = {
        let (dispatch, state) = (dispatch.clone(), state.clone());
        Callback::from(move |()| {
            open_address(&dispatch, state.settings.address(&state.typed), true);
        })
    };
    let onadd = {
        let (dispatch, state) = (dispatch.clone(), state.clone());
        Callback::from(move |()| {
            supply_text(&dispatch, state.paste.clone(), "pasted text");
            dispatch.dispatch(Action::Paste(String::new()));
        })
    };
    let onfiles = {
        let dispatch = dispatch.clone();
        Callback::from(move |files: FileList| supply_files(&dispatch, &files))
    };
    let tell = |action: fn(String) -> Action| {
        let dispatch = dispatch.clone();
        Callback::from(move |text: String| dispatch.dispatch(action(text)))
    };
    let onset = {
        let dispatch = dispatch.clone();
        Callback::from(move |settings| dispatch.dispatch(Action::Set(settings)))
    };
    let oncancel = {
        let dispatch = dispatch.clone();
        Callback::from(move |()| dispatch.dispatch(Action::Cancel))
    };
    let onforget = {
        let dispatch = dispatch.clone();
        Callback::from(move |index| dispatch.dispatch(Action::Forget(index)))
    };
    let onforget_lot = {
        let dispatch = dispatch.clone();
        Callback::from(move |lot| forget_reports(&dispatch, lot))
    };
    let announce = use_memo((), |()| Announce(tell(Action::Say)));
    let editable = matches!(state.phase, Phase::Done | Phase::Cancelled) && state.update.is_some();
    let editing = use_memo(editable, |editable| {
        let dispatch = dispatch.clone();
        Editing(editable.then(|| Callback::from(move |action| dispatch.dispatch(action))))
    });
    let own_open = state.phase == Phase::Idle
        || state.settings.offline
        || !state.supplied.is_empty()
        || !state.desk.lots.is_empty();
    let offline = state.request.as_ref().is_some_and(|request| request.offline);

    let judged = state.update.clone().filter(|_| state.phase != Phase::Running);
    let last = state.update.clone().filter(|update| update.finished);
    let found = last.as_deref().is_some_and(has_found);
    let logos = || {
        let domain = state.domain();
        hosted!(Logos {
            supplied: state.supplied.clone(),
            domain,
            selector: state.bimi_selector(),
            update: last.clone(),
            offline
        })
    };

    let page = html! {
            <main id="main" tabindex="-1" data-state={state.phase.id()} data-what-if={state.what_if.is_some().then_some("true")}>
                <div class="ask">
                    <h1>{"See how well a domain’s mail is protected"}</h1>
                    {hosted!(Search {
                        typed: state.typed.clone(), complaint: state.complaint.clone(),
                        remarks: state.remarks.clone(), settings: state.settings.clone(), phase: state.phase,
                        ontype: tell(Action::Type), onset: onset.clone(), onsubmit, oncancel,
                    })}
                    {logo_way()}
                    {reports_way()}
                    {many_way()}
                    {hosted!(OwnFiles {
                        supplied: state.supplied.clone(), reading: state.reading > 0, paste: state.paste.clone(),
                        settings: state.settings.clone(), open: own_open, lots: state.desk.lots.clone(), onset,
                        onpaste: tell(Action::Paste), onadd, onfiles, onforget,
                        onforgetlot: onforget_lot.reform(Some),
                    })}
                    {progress(state.phase, offline, state.update.as_deref())}
                </div>
                <div class="reports-first">
                    if state.reports.is_some() || state.desk.is_shown() {
                        {hosted!(Reports {
                            summary: state.reports.clone(), desk: state.desk.clone(), update: judged,
                            onclear: onforget_lot.reform(|()| None),
                            // No lot has this number: all are kept, and read.
                            onagain: onforget_lot.reform(|()| Some(0)),
                        })}
                    }
                </div>
                {hosted!(Many {
                    settings: state.settings.clone(), supplied: state.supplied.clone(),
                    busy: state.phase != Phase::Idle,
                })}
                // What was handed over is looked at first, what a check has found after its report.
                <div class="logos-first">
                    if has_logos(&state.supplied) {
                        {logos()}
                    }
                </div>
                <div id="results">
                    if let (Some(request), Some(update)) = (state.request.clone(), state.update.clone()) {
                        <ContextProvider<Editing> context={(*editing).clone()}>
                            {hosted!(Results {
                                request, update, what_if: state.what_if.clone(), reports: state.reports.clone(),
                                running: state.phase == Phase::Running,
                            })}
                        </ContextProvider<Editing>>
                    }
                </div>
                <div class="logos-after">
                    if found && !has_logos(&state.supplied) {
                        {logos()}
                    }
                </div>
                {announcer(&state.said)}
            </main>
    };
    html! { <ContextProvider<Announce> context={(*announce).clone()}>{shown(page)}</ContextProvider<Announce>> }
}
