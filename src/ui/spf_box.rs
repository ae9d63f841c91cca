//! “Would this mail pass?”: SPF for one mail, judged in the worker, with the trace.

use std::net::IpAddr;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::spf_eval::Mail;
use crate::web::{Judged, News, Question, Run, Update};

use super::request::Request;
use super::shared::Shared;

/// What the box judges by.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The check.
    pub request: Shared<Request>,
    /// What is known, edits included.
    pub update: Shared<Update>,
}

/// What the box says.
#[derive(Clone, PartialEq)]
enum Said {
    Nothing,
    Complaint(String),
    Looking,
    Judged(Judged),
}

/// The box.
#[component]
pub fn SpfBox(props: &Props) -> Html {
    let fields = [use_node_ref(), use_node_ref(), use_node_ref()];
    let said = use_state(|| Said::Nothing);
    let run = use_mut_ref(|| None::<Run>);
    let [ip, sender, helo] = &fields;
    let onsubmit = {
        let fields = fields.clone();
        let (request, update, said, run) = (props.request.clone(), props.update.clone(), said.setter(), run);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let text =
                |field: &NodeRef| field.cast::<HtmlInputElement>().map_or_else(String::new, |field| field.value());
            let [ip, sender, helo] = fields.each_ref().map(|field| text(field).trim().to_owned());
            let Ok(ip) = ip.parse::<IpAddr>() else {
                said.set(Said::Complaint(tr!("That is no IP address; one looks like 192.0.2.1 or 2001:db8::1.")));
                return;
            };
            let domain = (sender.is_empty() && helo.is_empty()).then(|| request.domain.to_string());
            let at = update.assessment.report.taken_at;
            let mail = Mail { ip, sender, helo, domain, receiver: String::new(), at };
            said.set(Said::Looking);
            let request = request.asking(Question::Mail(mail), vec![update.evidence.clone()]);
            let said = said.clone();
            // The question before it is answered, or not wanted any more.
            drop(run.take());
            run.replace(Some(Run::start(request, move |news| match news {
                News::Judged(judged) => said.set(Said::Judged(judged)),
                News::Failed(why) => said.set(Said::Complaint(why)),
                News::Update(_) | News::Mark(_) | News::Brief(_) | News::Stopped => {}
            })));
        })
    };
    let postmaster = tr!("someone@{}", props.request.domain);
    html! {
        <details id="spf-box" class="card">
            <summary>{"Would a mail pass SPF?"}</summary>
            <form {onsubmit} class="paste">
                <label for="spf-ip">{"Address of the sending server"}</label>
                <input ref={ip.clone()} id="spf-ip" type="text" placeholder="192.0.2.1" spellcheck="false" autocomplete="off" />
                <label for="spf-sender">{"Sender (MAIL FROM)"}</label>
                <input ref={sender.clone()} id="spf-sender" type="text" placeholder={postmaster} spellcheck="false" autocomplete="off" />
                <label for="spf-helo">{"Name in HELO, if you know it"}</label>
                <input ref={helo.clone()} id="spf-helo" type="text" spellcheck="false" autocomplete="off" />
                <p class="buttons"><button type="submit" class="quiet">{"Judge"}</button></p>
            </form>
            <div role="status" id="spf-result" data-result={if let Said::Judged(judged) = &*said { judged.result.clone() } else { String::new() }}>
                {match &*said {
                    Said::Nothing => Html::default(),
                    Said::Looking => html! { <p class="hint">{"Looking…"}</p> },
                    Said::Complaint(why) => html! { <p>{why}</p> },
                    Said::Judged(judged) => html! { <pre class="record" tabindex="0">{&judged.trace}</pre> },
                }}
            </div>
        </details>
    }
}
