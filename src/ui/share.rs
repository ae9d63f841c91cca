//! Links to the report: one that opens a fresh check, and one that carries the records themselves.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::share::{Choice, Part, SAFE_LENGTH};
use crate::web::{PackRequest, Packed, Update, reader};

use super::address::Address;
use super::copy_button::CopyButton;
use super::hosted::hosted;
use super::icon::icon;
use super::request::Request;
use super::shared::Shared;
use super::what_if::WhatIf;
use super::words::count;

/// What can be shared.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What was asked for.
    pub request: Shared<Request>,
    /// What is known.
    pub update: Shared<Update>,
    /// The edits.
    pub what_if: Option<Shared<WhatIf>>,
}

impl Props {
    /// What the reader has to pack for a choice.
    fn to_pack(&self, choice: Choice) -> PackRequest {
        let (evidence, edits) = match &self.what_if {
            Some(what_if) => {
                (what_if.known().clone(), what_if.edits.iter().map(|edited| edited.edit.clone()).collect())
            }
            None => (self.update.evidence.clone(), Vec::new()),
        };
        let taken_at = self.update.assessment.report.taken_at;
        PackRequest { domain: self.request.domain.clone(), taken_at, evidence, edits, choice }
    }
}

/// The panel.
#[component]
pub fn Share(props: &Props) -> Html {
    let open = use_state(|| false);
    let choice = use_state(Choice::default);
    let packed = use_state(|| None::<Result<Packed, String>>);
    use_effect_with((*open, *choice, props.update.clone(), props.what_if.clone()), {
        let (packed, request) = (packed.setter(), props.to_pack(*choice));
        move |(open, ..)| {
            if *open {
                yew::platform::spawn_local(async move { packed.set(Some(reader::pack(request).await)) });
            }
        }
    });
    let ontoggle = {
        let open = open.setter();
        move |event: Event| open.set(event.target_unchecked_into::<web_sys::Element>().has_attribute("open"))
    };
    let tick = |id: &'static str, label: &'static str, on: bool, change: fn(&mut Choice, bool)| {
        let choice = choice.clone();
        let onchange = move |event: Event| {
            let mut next = *choice;
            change(&mut next, event.target_unchecked_into::<HtmlInputElement>().checked());
            choice.set(next);
        };
        html! {
            <span key={id} class="offline"><input {id} type="checkbox" checked={on} {onchange} /><label for={id}>{text!(label)}</label></span>
        }
    };
    let fresh = Address { shared: None, ..props.request.address.clone() };
    html! {
        <details id="share" {ontoggle}>
            <summary>{"Share as a link"}</summary>
            <div class="judged">
                <p>{tr!("A link that opens a fresh check. It holds {}, and nothing else.", held_words(&fresh))}</p>
                <p class="buttons">{hosted!(CopyButton {
                    text: link_of(&fresh), label: word!("Copy link"), what: word!("that opens a fresh check"),
                })}</p>
                <p>{"A link that holds the records themselves: it opens this very report, without a look-up, and nothing is kept on any server."}</p>
                <p class="choose">
                    {tick("share-signatures", "Signatures of DNSSEC", choice.signatures, |choice, on| choice.signatures = on)}
                    {tick("share-files", "Logos and certificates", choice.files, |choice, on| choice.files = on)}
                    if props.what_if.is_some() {
                        {tick("share-edits", "Your edits", choice.edits, |choice, on| choice.edits = on)}
                    }
                </p>
                {packed_view(props, &packed)}
            </div>
        </details>
    }
}

/// The link with its length and everything in it.
fn packed_view(props: &Props, packed: &Option<Result<Packed, String>>) -> Html {
    let parts = |parts: &[Part]| {
        html! {
            <details class="detail" id="share-parts">
                <summary>{"Everything in it"}</summary>
                <ul class="bullets">
                    {for parts.iter().enumerate().map(|(key, part)| html! {
                        <li {key}>{&part.label}<ul class="hint">{for part.items.iter().enumerate().map(|(key, item)| html! { <li {key}>{item}</li> })}</ul></li>
                    })}
                </ul>
            </details>
        }
    };
    match packed {
        None => html! { <p class="hint">{"Packing…"}</p> },
        Some(Err(why)) => html! { <p role="alert">{icon("fail")}{format!(" {why}")}</p> },
        Some(Ok(Packed { link: Err(why), parts: held })) => html! {
            <div id="share-link" data-length="0">
                <p role="alert">{icon("warn")}{tr!(" There is no such link: {why}. Leave something out, or send the evidence file.", why)}</p>
                {parts(held)}
            </div>
        },
        Some(Ok(Packed { link: Ok(link), parts: held })) => {
            // Resolvers may be private; the records came from them and stand in the link.
            let resolvers = Vec::new();
            let address = Address { shared: Some(link.clone()), resolvers, ..props.request.address.clone() };
            let link = link_of(&address);
            let length = link.chars().count();
            html! {
                <div id="share-link" data-length={length.to_string()}>
                    <p class="buttons">
                        {hosted!(CopyButton { text: link, label: word!("Copy link"), what: word!("that holds the records") })}
                        <span class="hint">{size_words(length)}</span>
                    </p>
                    <p class="hint">{tr!("It holds {}, and what is listed here.", held_words(&address))}</p>
                    {parts(held)}
                </div>
            }
        }
    }
}

/// How long the link is, and whether that goes everywhere.
fn size_words(length: usize) -> String {
    let characters = tr!("{n} character" | "{n} characters" % length);
    if length <= SAFE_LENGTH {
        tr!("{characters}: up to {SAFE_LENGTH} go through mail and chat.", characters, SAFE_LENGTH)
    } else {
        tr!(
            "{characters}: mail and chat often cut links of more than {SAFE_LENGTH}. Leave something out, or send the evidence file.",
            characters,
            SAFE_LENGTH
        )
    }
}

/// What an address holds besides records.
fn held_words(address: &Address) -> String {
    let counts = [
        (address.resolvers.len(), "{n} resolver", "{n} resolvers"),
        (address.selectors.len(), "{n} DKIM selector", "{n} DKIM selectors"),
        (address.bimi_selector.iter().count(), "{n} BIMI selector", "{n} BIMI selectors"),
        (address.anchors.len(), "{n} trust anchor", "{n} trust anchors"),
    ];
    let options = counts.iter().filter(|(number, ..)| *number > 0).map(|(number, one, many)| count(*number, one, many));
    std::iter::once(tr!("the domain")).chain(options).collect::<Vec<_>>().join(", ")
}

/// The address of this page with a fragment.
pub fn link_of(address: &Address) -> String {
    let href = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let page = href.split('#').next().unwrap_or_default();
    format!("{page}{}", address.write())
}
