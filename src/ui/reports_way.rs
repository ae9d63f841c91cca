//! The way in for who has TLS reports: buttons that open the file chooser and the folder chooser.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::web::clerk;

use super::icon::icon;

/// The buttons. Files and folders go where chosen files go; the clerk starts while they are looked for.
pub fn reports_way() -> Html {
    html! {
        <p class="way" onpointerover={|_: PointerEvent| clerk::prepare()} onfocusin={|_: FocusEvent| clerk::prepare()}>
            <button id="read-reports" type="button" class="quiet" onclick={opens("files")}>{icon("file")}{"Read TLS reports"}</button>
            <button id="read-report-folder" type="button" class="quiet" onclick={opens("folder")}>{"A whole folder"}</button>
            <span class="hint">{"JSON, gzip, mail or zip, thousands at once. Nothing leaves this device."}</span>
        </p>
    }
}

/// Opens the chooser of a field.
pub fn opens(id: &'static str) -> Callback<MouseEvent> {
    Callback::from(move |_: MouseEvent| {
        let field =
            web_sys::window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id(id));
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            field.click();
        }
    })
}
