//! A record or file to publish, ready to copy.

use yew::prelude::*;

use crate::checks::Publish;

use super::copy_button::CopyButton;
use super::edit::{EditButton, Kind};
use super::files;
use super::hosted::hosted;
use super::icon::icon;

/// The record with its parts named, as DNS hosts ask for them, and as a line of a zone file.
pub fn to_publish(key: usize, publish: &Publish) -> Html {
    let Publish { name, record_type, value } = publish;
    let is_file = record_type == "file";
    let place = if is_file { text!("Address") } else { text!("Name") };
    html! {
        <div {key} class="publish">
            <dl>
                <div><dt>{place}</dt><dd><code>{name}</code></dd></div>
                if !is_file {
                    <div><dt>{"Type"}</dt><dd><code>{record_type}</code></dd></div>
                }
                <div class="value">
                    <dt>{if is_file { text!("Content") } else { text!("Value") }}</dt>
                    <dd><pre tabindex="0">{value}</pre></dd>
                </div>
            </dl>
            <p class="buttons">
                {hosted!(CopyButton { text: value.clone(), label: word!("Copy value"), what: tr!("of {name}", name) }, key = "value")}
                if is_file {
                    {download(name, value)}
                } else {
                    {hosted!(CopyButton { text: publish.zone_line(), label: word!("Copy zone-file line"), what: tr!("for {name}", name) }, key = "line")}
                }
                {hosted!(EditButton { record: publish.clone(), kind: Kind::Try })}
            </p>
        </div>
    }
}

/// A button that hands the file to the user, under the name that it has on the server.
fn download(url: &str, text: &str) -> Html {
    let name = url.rsplit('/').next().unwrap_or_default().to_owned();
    let onclick = {
        let (name, text) = (name.clone(), text.to_owned());
        Callback::from(move |_: MouseEvent| {
            files::save(&name, "text/plain", &text.as_str().into());
        })
    };
    html! {
        <button type="button" class="quiet copier download" {onclick}>{icon("save")}<span>{tr!("Download {name}", name)}</span></button>
    }
}
