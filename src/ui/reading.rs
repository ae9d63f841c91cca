//! Reading what the user supplies, beside the page, so that no file can freeze it.

use wasm_bindgen::JsCast;
use web_sys::{DataTransfer, FileList, HtmlInputElement};
use yew::prelude::*;

use crate::name::DomainName;
use crate::say;
use crate::web::reports::{self, Given, Standing};

use super::effects::Dispatch;
use super::files;
use super::handed;
use super::shared::Shared;
use super::state::{Action, Waiting};
use super::supplied::Supplied;
use super::understand::understand;

/// Most files of a folder that are read as evidence; the rest is listed in one line.
const MAX_FROM_FOLDER: usize = 100;

/// Reads files and supplies them.
pub fn supply_files(dispatch: &Dispatch, list: &FileList) {
    supply(dispatch, handed::of_list(list));
}

/// Reads a text and supplies it.
pub fn supply_text(dispatch: &Dispatch, text: String, name: &'static str) {
    if !text.trim().is_empty() {
        supply(dispatch, handed::of_text(&text, &say::known(name)).into_iter().collect());
    }
}

/// Reads what was dropped or pasted: files, folders, or a text.
pub fn supply_transfer(dispatch: &Dispatch, data: &DataTransfer, text: &'static str) {
    if let Some(dropped) = handed::folders(data) {
        let dispatch = dispatch.clone();
        yew::platform::spawn_local(async move {
            supply(&dispatch, dropped.files().await);
        });
        return;
    }
    match data.files().filter(|files| files.length() > 0) {
        Some(files) => supply_files(dispatch, &files),
        None => supply_text(dispatch, data.get_data("text/plain").unwrap_or_default(), text),
    }
}

/// Takes away reports: what was handed over at once, or everything.
pub fn forget_reports(dispatch: &Dispatch, lot: Option<u32>) {
    let dispatch = dispatch.clone();
    yew::platform::spawn_local(async move {
        let tell = |progress| dispatch.dispatch(Action::ReportsProgress(progress));
        let standing = reports::remove(lot, tell).await;
        dispatch.dispatch(Action::Reports(Box::new(standing)));
    });
}

/// Hands everything to the desk of reports, and reads as evidence what is none for it.
fn supply(dispatch: &Dispatch, given: Vec<Given>) {
    if given.is_empty() {
        return;
    }
    let dispatch = dispatch.clone();
    dispatch.dispatch(Action::Reading);
    yew::platform::spawn_local(async move {
        let tell = |progress| dispatch.dispatch(Action::ReportsProgress(progress));
        let (others, standing): (Vec<Given>, Standing) = reports::add(lot_name(&given), given, tell).await;
        dispatch.dispatch(Action::Reports(Box::new(standing)));
        dispatch.dispatch(Action::Supply(read(others).await));
    });
}

/// Reads evidence.
async fn read(given: Vec<Given>) -> Vec<Supplied> {
    let domain = typed_domain();
    let mut supplied = Vec::new();
    let mut from_folder = 0_usize;
    for Given { name, content, in_folder, .. } in given {
        from_folder += usize::from(in_folder);
        if from_folder > MAX_FROM_FOLDER && in_folder {
            continue;
        }
        let bytes = match content.blob().await {
            Ok(blob) => files::bytes(&blob).await,
            Err(reason) => Err(reason),
        };
        supplied.push(match bytes {
            Ok(bytes) => Supplied::read(name, bytes.into(), domain.as_ref()).await,
            Err(reason) => Supplied::refused(name, reason),
        });
    }
    if let Some(more) = from_folder.checked_sub(MAX_FROM_FOLDER).filter(|more| *more > 0) {
        let reason = tr!("not read: {MAX_FROM_FOLDER} files of a folder that hold no reports are", MAX_FROM_FOLDER);
        supplied.push(Supplied::refused(tr!("{n} more file" | "{n} more files" % more), reason));
    }
    supplied
}

/// What files are called together: as the only one of them, or as their folder.
fn lot_name(given: &[Given]) -> String {
    let folder = |given: &Given| given.in_folder.then(|| given.name.split('/').next().map(str::to_owned)).flatten();
    match given {
        [one] => one.name.clone(),
        [first, others @ ..] => match folder(first) {
            Some(name) if others.iter().all(|other| folder(other).as_ref() == Some(&name)) => name,
            _ => tr!("{} and {}", first.name, tr!("{n} more file" | "{n} more files" % others.len())),
        },
        [] => String::new(),
    }
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
