//! The way in for who has a file and no domain: a button that opens the file chooser.

use yew::prelude::*;

use super::icon::icon;
use super::reports_way::opens;

/// The button. The files go where chosen files go.
pub fn logo_way() -> Html {
    html! {
        <p class="way">
            <button id="check-logo" type="button" class="quiet" onclick={opens("files")}>{icon("file")}{"Check a logo or a Mark Certificate"}</button>
            <span class="hint">{"An SVG or PEM file, without any domain. Or drop it anywhere on this page."}</span>
        </p>
    }
}
