//! How to serve the policy, for the server that is chosen.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::report::road::Server;

use super::copy_button::CopyButton;
use super::hosted::hosted;
use super::prose::prose;

/// What there is to choose from.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The servers; the first is shown until another is chosen.
    pub servers: Vec<Server>,
}

/// The choice, and the snippet for it.
#[component]
pub fn RoadServers(props: &Props) -> Html {
    let chosen = use_state(|| 0_usize);
    let onchange = {
        let chosen = chosen.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                chosen.set(usize::try_from(select.selected_index()).unwrap_or_default());
            }
        })
    };
    let server = props.servers.get(*chosen);
    html! {
        <div class="servers">
            <h4>{"How to serve the policy"}</h4>
            <p>
                <label for="road-server">{"Web server "}</label>
                <select id="road-server" {onchange}>
                    {for props.servers.iter().enumerate().map(|(key, server)| html! {
                        <option key={server.id} value={server.id} selected={key == *chosen}>{text!(server.label)}</option>
                    })}
                </select>
            </p>
            if let Some(server) = server {
                <div class="publish" data-server={server.id}>
                    <p>{prose(&server.note)}</p>
                    <pre tabindex="0">{&server.snippet}</pre>
                    <p class="buttons">
                        {hosted!(CopyButton { text: server.snippet.clone(), what: tr!("the snippet for {}", server.label) })}
                    </p>
                </div>
            }
        </div>
    }
}
