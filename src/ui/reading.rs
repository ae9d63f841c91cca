//! Reading what the user supplies, beside the page, so that no file can freeze it.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{FileList, HtmlInputElement};
use yew::prelude::*;

use crate::name::DomainName;

use super::effects::Dispatch;
use super::files;
use super::shared::Shared;
use super::state::{Action, Waiting};
use super::supplied::Supplied;
use super::understand::understand;

/// Reads files and supplies them.
pub fn supply_files(dispatch: &Dispatch, list: &FileList) {
    let files: Vec<web_sys::File> = (0..list.length()).filter_map(|index| list.get(index)).collect();
    if files.is_empty() {
        return;
    }
    let dispatch = dispatch.clone();
    dispatch.dispatch(Action::Reading);
    yew::platform::spawn_local(async move {
        let domain = typed_domain();
        let mut supplied = Vec::new();
        for file in &files {
            supplied.push(match files::bytes(file).await {
                Ok(bytes) => Supplied::read(file.name(), bytes.into(), domain.as_ref()).await,
                Err(reason) => Supplied::refused(file.name(), reason),
            });
        }
        dispatch.dispatch(Action::Supply(supplied));
    });
}

/// Reads a text and supplies it.
pub fn supply_text(dispatch: &Dispatch, text: String, name: &'static str) {
    if text.trim().is_empty() {
        return;
    }
    let dispatch = dispatch.clone();
    dispatch.dispatch(Action::Reading);
    yew::platform::spawn_local(async move {
        let bytes: Rc<[u8]> = text.into_bytes().into();
        let supplied = Supplied::read(name.into(), bytes, typed_domain().as_ref()).await;
        dispatch.dispatch(Action::Supply(vec![supplied]));
    });
}

/// Reads again what was read for another domain than the one that a check waits to start with.
#[hook]
pub fn use_rereading(waiting: Option<Shared<Waiting>>, dispatch: Dispatch) {
    use_effect_with(waiting, move |waiting| {
        let Some(waiting) = waiting.clone() else { return };
        yew::platform::spawn_local(async move {
            let mut supplied = Vec::new();
            for one in waiting.supplied.iter().cloned() {
                supplied.push(one.read_for(&waiting.typed.domain).await);
            }
            dispatch.dispatch(Action::Reread(waiting, supplied));
        });
    });
}

/// The domain that stands in the field at this moment.
fn typed_domain() -> Option<DomainName> {
    let field = web_sys::window()?.document()?.get_element_by_id("domain")?;
    understand(&field.unchecked_into::<HtmlInputElement>().value()).ok().map(|typed| typed.domain)
}
