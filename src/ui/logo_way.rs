//! The way in for who has a file and no domain: a button that opens the file chooser.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::icon::icon;

/// The button. The files go where chosen files go.
pub fn logo_way() -> Html {
    let onclick = Callback::from(|_: MouseEvent| {
        let field = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|document| document.get_element_by_id("files"));
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            field.click();
        }
    });
    html! {
        <p class="way">
            <button id="check-logo" type="button" class="quiet" {onclick}>{icon("file")}{"Check a logo or a Mark Certificate"}</button>
            <span class="hint">{"An SVG or PEM file, without any domain. Or drop it anywhere on this page."}</span>
        </p>
    }
}
