//! The way in for who has many domains: a link within the page.

use yew::prelude::*;

use crate::ui::icon::icon;

/// The fragment of the address that shows the list. The list itself never enters the address.
pub const ADDRESS: &str = "#many";

/// The link.
pub fn many_way() -> Html {
    html! {
        <p class="way">
            <a id="check-many" class="button" href={ADDRESS}>{icon("list")}{"Check many domains"}</a>
            <span class="hint">{"A list, a column of a spreadsheet or a zone file becomes one table."}</span>
        </p>
    }
}
