//! Files and texts of the user's own: dropped, chosen or pasted; with them a check needs no network.

use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::web::reader;
use crate::web::reports::Lot;

use super::icon::icon;
use super::state::Settings;
use super::supplied::Supplied;

/// What the panel shows and whom it tells.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Everything supplied.
    pub supplied: Vec<Supplied>,
    /// Reports that were handed over.
    pub lots: Vec<Lot>,
    /// Whether more is being read.
    pub reading: bool,
    /// The paste field.
    pub paste: String,
    /// Holds the offline box.
    pub settings: Settings,
    /// Whether the panel stands open by itself.
    pub open: bool,
    /// The settings were edited.
    pub onset: Callback<Settings>,
    /// The paste field was edited.
    pub onpaste: Callback<String>,
    /// The pasted text is to be added.
    pub onadd: Callback<()>,
    /// Files were chosen.
    pub onfiles: Callback<web_sys::FileList>,
    /// One entry is to be forgotten.
    pub onforget: Callback<usize>,
    /// Reports that were handed over at once are to be forgotten.
    pub onforgetlot: Callback<u32>,
}

/// The panel.
#[component]
pub fn OwnFiles(props: &Props) -> Html {
    let onoffline = {
        let (settings, onset) = (props.settings.clone(), props.onset.clone());
        move |event: Event| {
            let offline = event.target_unchecked_into::<HtmlInputElement>().checked();
            onset.emit(Settings { offline, ..settings.clone() });
        }
    };
    let onfiles = props.onfiles.clone();
    let onchoose = Callback::from(move |event: Event| {
        let input = event.target_unchecked_into::<HtmlInputElement>();
        if let Some(files) = input.files() {
            onfiles.emit(files);
        }
        // So that the same file can be chosen again after it was changed.
        input.set_value("");
    });
    let onpaste =
        props.onpaste.reform(|event: InputEvent| event.target_unchecked_into::<HtmlTextAreaElement>().value());
    html! {
        <details id="own" open={props.open} ontoggle={|_: Event| reader::prepare()}>
            <summary>{"Your own files, or no network at all"}</summary>
            <p class="hint">
                {parts!("A zone file, {0} output, DoH JSON, {1} or saved evidence; TLS reports, a folder of them too. Drop it anywhere on this page; it stays in this tab.",
                    html! { <code>{"dig"}</code> }, html! { <code>{"mta-sts.txt"}</code> })}
            </p>
            <div class="supply">
                <div class="choose">
                    <input id="files" class="visually-hidden" type="file" multiple=true onchange={onchoose.clone()} />
                    <label for="files" class="button">{icon("file")}{"Choose files"}</label>
                    <input id="folder" class="visually-hidden" type="file" webkitdirectory=true onchange={onchoose} />
                    <label for="folder" class="button">{"Choose a folder"}</label>
                    <span class="offline">
                        <input id="offline" type="checkbox" checked={props.settings.offline} onchange={onoffline} />
                        <label for="offline">{"Use only what I supply: no look-ups"}</label>
                    </span>
                </div>
                <div class="paste">
                    <label for="paste">{"Or paste it here"}</label>
                    <textarea id="paste" rows="2" spellcheck="false" value={props.paste.clone()} oninput={onpaste} />
                    <button id="paste-add" type="button" class="quiet" onclick={props.onadd.reform(|_: MouseEvent| ())}>
                        {"Add the pasted text"}
                    </button>
                </div>
            </div>
            if props.reading {
                <p class="hint">{"Reading…"}</p>
            }
            <ul id="supplied">
                {for props.lots.iter().map(|lot| lot_entry(lot, &props.onforgetlot))}
                {for props.supplied.iter().enumerate().map(|(index, one)| entry(index, one, &props.onforget))}
            </ul>
        </details>
    }
}

/// Reports that were handed over at once.
fn lot_entry(lot: &Lot, onforget: &Callback<u32>) -> Html {
    let number = lot.number;
    let files = if lot.files > 1 { tr!(" ({} files)", lot.files) } else { String::new() };
    html! {
        <li key={format!("lot {number}")} data-kind="TLS reports">
            {icon("pass")}
            <span class="what"><b>{&lot.name}</b>{tr!(" — TLS reports{files}", files)}</span>
            <button type="button" class="quiet" onclick={onforget.reform(move |_: MouseEvent| number)}>
                {"Remove"}<span class="visually-hidden">{format!(" {}", lot.name)}</span>
            </button>
        </li>
    }
}

/// One thing supplied.
fn entry(index: usize, one: &Supplied, onforget: &Callback<usize>) -> Html {
    let forget = html! {
        <button type="button" class="quiet" onclick={onforget.reform(move |_: MouseEvent| index)}>
            {"Remove"}<span class="visually-hidden">{format!(" {}", one.name)}</span>
        </button>
    };
    match &one.read {
        Ok(intake) => html! {
            <li key={index} data-kind={intake.kind.label()}>
                {icon("pass")}
                <span class="what"><b>{&one.name}</b>{tr!(" — {}", intake.kind.label())}</span>
                {forget}
                if !intake.notes.is_empty() {
                    <ul class="notes">{for intake.notes.iter().enumerate().map(|(key, note)| html! { <li {key}>{note}</li> })}</ul>
                }
            </li>
        },
        Err(error) => html! {
            <li key={index} class="refused">
                {icon("fail")}
                <span class="what" role="alert">
                    <b>{&error.file}</b>
                    if let Some(line) = error.line { {tr!(", line {line}", line)} }
                    {format!(": {}", error.reason)}
                </span>
                {forget}
            </li>
        },
    }
}
