//! What flows into the page from outside its own elements: the address, drops and pastes, and the running check.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ClipboardEvent, DragEvent, Element, Event, EventInit, FileList, HtmlInputElement};
use yew::prelude::*;

use crate::input::Typed;
use crate::web::{News, Run, Unpacked, engine, reader, reports};

use super::address::Address;
use super::files::{self, Listener};
use super::language;
use super::reading::supply_transfer;
use super::request::{Link, Request};
use super::shared::Shared;
use super::state::{Action, State};
use super::understand::{check_settings, understand};
use super::what_if::WhatIf;

/// Where actions go.
pub type Dispatch = UseReducerDispatcher<State>;

/// Starts the check that the form or the address asks for, or says why it cannot be started.
pub fn open_address(dispatch: &Dispatch, address: Address, from_form: bool) {
    let checked = check_settings(&address);
    match understand(&address.domain).and_then(|typed| checked.map(|()| typed)) {
        Ok(typed) if address.shared.is_some() => open_link(dispatch.clone(), address, typed),
        Ok(typed) => dispatch.dispatch(Action::Open(Address { domain: typed.domain.to_string(), ..address }, typed)),
        Err(complaint) if from_form => dispatch.dispatch(Action::Complain(complaint)),
        Err(complaint) => dispatch.dispatch(Action::OpenNonsense(address, complaint)),
    }
}

/// Reads the records in the address, then judges them.
fn open_link(dispatch: Dispatch, address: Address, typed: Typed) {
    yew::platform::spawn_local(async move {
        let text = address.shared.clone().unwrap_or_default();
        let address = Address { domain: typed.domain.to_string(), ..address };
        let read = match reader::unpack(&text).await {
            Ok(read) if read.domain == typed.domain => Ok(read),
            Ok(read) => Err(tr!("its records are those of {}", read.domain)),
            Err(why) => Err(why),
        };
        dispatch.dispatch(match read {
            Ok(Unpacked { taken_at, evidence, edits, count, .. }) => {
                Action::OpenLink(address, typed, Link { text, taken_at, count, evidence, edits })
            }
            Err(why) => Action::OpenNonsense(
                Address { shared: None, ..address },
                tr!("The records in this link cannot be read: {why}. “Check” looks the domain up afresh.", why),
            ),
        });
    });
}

/// Follows the address, drops, pastes and links within the page for as long as the page lives.
#[hook]
pub fn use_browser_events(dispatch: Dispatch, submitted: Option<String>) {
    use_effect_with((), move |()| {
        let mut listeners = Vec::new();
        if let Some(window) = web_sys::window() {
            let follow = dispatch.clone();
            listeners.push(Listener::new(&window, "hashchange", move |_| follow_address(&follow)));
            // Browsers keep a page that was left, with its requests, for a way back; whoever comes back finds the check
            // cancelled.
            let stop = dispatch.clone();
            listeners.push(Listener::new(&window, "pagehide", move |_| {
                engine::end();
                reports::stop();
                stop.dispatch(Action::Cancel);
            }));
            if let Some(document) = window.document() {
                listeners.push(Listener::new(&document, "click", jump_within));
                let respeak = dispatch.clone();
                listeners.push(Listener::new(&document, language::CHANGED, move |_| {
                    language::take();
                    respeak.dispatch(Action::Respeak);
                }));
                for kind in ["dragover", "dragleave", "drop"] {
                    let dispatch = dispatch.clone();
                    listeners.push(Listener::new(&document, kind, move |event| take_drop(&dispatch, &event)));
                }
                let dispatch = dispatch.clone();
                listeners.push(Listener::new(&document, "paste", move |event| take_paste(&dispatch, &event)));
            }
        }
        match submitted {
            Some(domain) => open_address(&dispatch, Address { domain, ..Address::default() }, true),
            None => follow_address(&dispatch),
        }
        move || drop(listeners)
    });
}

/// Runs the check for as long as it is the one that is running; then aborts what is left of it.
#[hook]
pub fn use_run(request: Option<Shared<Request>>, dispatch: Dispatch) {
    use_effect_with(request, move |request| {
        let run = request.as_ref().map(|request| {
            let serial = request.serial;
            Run::start(request.to_run(), move |news| match news {
                News::Update(update) => dispatch.dispatch(Action::Landed(serial, update)),
                News::Failed(why) => {
                    dispatch.dispatch(Action::Complain(why));
                    dispatch.dispatch(Action::Cancel);
                }
                News::Judged(_) | News::Mark(_) | News::Brief(_) | News::Stopped => {}
            })
        });
        move || drop(run)
    });
}

/// Has the worker judge edits, whenever they change.
#[hook]
pub fn use_what_if_run(what_if: Option<Shared<WhatIf>>, dispatch: Dispatch) {
    let serial = what_if.as_ref().map(|what_if| what_if.serial);
    use_effect_with(serial, move |_| {
        let run = what_if.map(|what_if| {
            let serial = what_if.serial;
            Run::start(what_if.to_run(), move |news| match news {
                News::Update(update) => dispatch.dispatch(Action::LandedWhatIf(serial, update)),
                News::Failed(why) => dispatch.dispatch(Action::Complain(why)),
                News::Judged(_) | News::Mark(_) | News::Brief(_) | News::Stopped => {}
            })
        });
        move || drop(run)
    });
}

/// Keeps the address of the page in step with the check that it shows.
#[hook]
pub fn use_written_address(request: Option<Shared<Request>>) {
    use_effect_with(request, move |request| {
        if let (Some(request), Some(window)) = (request, web_sys::window())
            && current_address().as_ref() != Some(&request.address)
            && let Ok(history) = window.history()
        {
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&request.address.write()));
        }
    });
}

fn current_address() -> Option<Address> {
    Address::read(&web_sys::window()?.location().hash().ok()?)
}

fn follow_address(dispatch: &Dispatch) {
    let fragment = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    match Address::read(&fragment) {
        Some(address) => open_address(dispatch, address, false),
        None if fragment.len() <= 1 || fragment == super::many::ADDRESS => dispatch.dispatch(Action::Close),
        None => {}
    }
}

/// Follows a link within the page without writing it into the address, which holds the check.
fn jump_within(event: Event) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let Ok(Some(link)) = target.closest("a[href^='#']:not([href='#many'], [href^='#d='])") else { return };
    if let Some(id) = link.get_attribute("href").and_then(|href| href.strip_prefix('#').map(str::to_owned)) {
        event.prevent_default();
        files::jump(&id);
    }
}

/// Takes files or text dropped anywhere, and shows that the page would.
fn take_drop(dispatch: &Dispatch, event: &Event) {
    event.prevent_default();
    let body = web_sys::window().and_then(|window| window.document()).and_then(|document| document.body());
    let Some(body) = body else { return };
    if event.type_() == "dragover" {
        let _ = body.set_attribute("data-dropping", "true");
        return;
    }
    let _ = body.remove_attribute("data-dropping");
    let data = event.dyn_ref::<DragEvent>().filter(|event| event.type_() == "drop").and_then(DragEvent::data_transfer);
    let Some(data) = data else { return };
    let compared =
        data.files().filter(|files| files.length() > 0).is_some_and(|files| dropped_to_compare(event, &files));
    if !compared {
        supply_transfer(dispatch, &data, "dropped text");
    }
}

/// Hands files on that were dropped where older ones are compared, as if they had been chosen there.
fn dropped_to_compare(event: &Event, files: &FileList) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let panel = target.and_then(|target| target.closest("#compare").ok().flatten());
    let input = panel.and_then(|panel| panel.query_selector("input").ok().flatten());
    let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) else { return false };
    input.set_files(Some(files));
    Event::new_with_event_init_dict("change", &bubbling()).is_ok_and(|change| input.dispatch_event(&change).is_ok())
}

/// Yew listens at the root.
fn bubbling() -> EventInit {
    let init = EventInit::new();
    init.set_bubbles(true);
    init
}

/// Takes what is pasted beside the fields.
fn take_paste(dispatch: &Dispatch, event: &Event) {
    let into_field = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| matches!(element.closest("input, textarea"), Ok(Some(_))));
    let Some(data) = event.dyn_ref::<ClipboardEvent>().filter(|_| !into_field).and_then(ClipboardEvent::clipboard_data)
    else {
        return;
    };
    supply_transfer(dispatch, &data, "pasted text");
}
