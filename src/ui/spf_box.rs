//! “Would this mail pass?”: SPF for one mail, judged in the worker, with the trace.

use std::cell::RefCell;
use std::net::IpAddr;
use std::rc::{Rc, Weak};

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::evidence::Evidence;
use crate::records::Technology;
use crate::spf_eval::Mail;
use crate::wanted::{Urgency, Want, Wanted};
use crate::web::lab::{self, Judged};
use crate::web::{Run, RunRequest, Update};

use super::request::Request;
use super::shared::Shared;

/// Most rounds of questions: ten look-ups after one another, with their addresses and explanations.
const MAX_ROUNDS: usize = 24;

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
                said.set(Said::Complaint("That is no IP address; one looks like 192.0.2.1 or 2001:db8::1.".into()));
                return;
            };
            let domain = (sender.is_empty() && helo.is_empty()).then(|| request.domain.to_string());
            let at = update.assessment.report.taken_at;
            let mail = Mail { ip, sender, helo, domain, receiver: String::new(), at };
            said.set(Said::Looking);
            let question = Question {
                mail,
                request: request.clone(),
                update: update.clone(),
                said: said.clone(),
                run: Rc::downgrade(&run),
            };
            ask(question, Rc::clone(&update.evidence), 0);
        })
    };
    let postmaster = format!("someone@{}", props.request.domain);
    html! {
        <details id="spf-box" class="card" ontoggle={|_: Event| lab::prepare()}>
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

/// One mail to judge, and who is told.
struct Question {
    mail: Mail,
    request: Shared<Request>,
    update: Shared<Update>,
    said: UseStateSetter<Said>,
    /// Where the look-ups under way are kept; gone with the box.
    run: Weak<RefCell<Option<Run>>>,
}

/// Has the worker judge by what is known; what is missing is looked up, unless nothing may be, and judged again.
fn ask(question: Question, evidence: Rc<Evidence>, round: usize) {
    yew::platform::spawn_local(async move {
        let judged = match lab::judge(question.mail.clone(), &evidence).await {
            Ok(judged) => judged,
            Err(reason) => return question.said.set(Said::Complaint(reason)),
        };
        if judged.wanted.is_empty() || question.request.offline || round >= MAX_ROUNDS {
            return question.said.set(Said::Judged(judged));
        }
        let wanted = judged.wanted.into_iter().map(|(name, record_type)| Wanted {
            want: Want::Dns { name, record_type },
            urgency: Urgency::Path,
            technologies: vec![Technology::Spf],
        });
        let only = Some((Rc::clone(&question.update.assessment), wanted.collect()));
        let request =
            RunRequest { evidence: Evidence::clone(&evidence), keep_failures: true, only, ..question.request.to_run() };
        let Some(place) = question.run.upgrade() else { return };
        let rest = RefCell::new(Some(question));
        let run = Run::start(request, move |update| {
            if update.finished
                && let Some(question) = rest.take()
            {
                ask(question, update.evidence, round + 1);
            }
        });
        // The run before it has finished.
        drop(place.replace(Some(run)));
    });
}
