//! Says that a report rests on records that came in a link.

use yew::prelude::*;

use super::address::Address;
use super::icon::icon;
use super::locale::moment;
use super::request::Request;

/// The note, with the way to a fresh check; nothing where the records did not come in a link.
pub fn link_note(request: &Request) -> Html {
    let Some(link) = &request.link else { return Html::default() };
    let fresh = Address { shared: None, ..request.address.clone() };
    let onclick = move |_: MouseEvent| {
        if let Some(window) = web_sys::window() {
            // The page follows its address.
            let _ = window.location().set_hash(&fresh.write());
        }
    };
    html! {
        <div id="from-link" class="note" role="note">
            {icon("info")}
            <div>
                <p>{tr!("This report rests on {} that came in the link, taken at {}. Nobody was asked, and whoever made the link may have changed them.", tr!("{n} answer" | "{n} answers" % link.count), moment(link.taken_at))}</p>
                <p class="buttons"><button type="button" id="fresh" {onclick}>{"Check afresh"}</button></p>
            </div>
        </div>
    }
}
