//! The form: one domain, and what else a check may need.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::hosted::hosted;
use super::icon::icon;
use super::options::OptionFields;
use super::state::{Phase, Settings};

/// What the form shows and whom it tells.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The domain field.
    pub typed: String,
    /// What is wrong with it.
    pub complaint: Option<String>,
    /// What to know about how it was read.
    pub remarks: Vec<String>,
    /// The other fields.
    pub settings: Settings,
    /// How far the page is.
    pub phase: Phase,
    /// The domain field was edited.
    pub ontype: Callback<String>,
    /// The other fields were edited.
    pub onset: Callback<Settings>,
    /// The check is to start.
    pub onsubmit: Callback<()>,
    /// The check is to stop.
    pub oncancel: Callback<()>,
}

/// The form.
#[component]
pub fn Search(props: &Props) -> Html {
    let oninput = props.ontype.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let onsubmit = props.onsubmit.reform(|event: SubmitEvent| event.prevent_default());
    let running = props.phase == Phase::Running;
    html! {
        <form role="search" class="search" autocomplete="off" novalidate=true {onsubmit}>
            <label for="domain">{"Domain"}</label>
            <div class="field">
                <input
                    id="domain" name="domain" type="text" inputmode="url" placeholder="example.com" maxlength="2000"
                    autocapitalize="none" autocorrect="off" spellcheck="false" enterkeyhint="go"
                    aria-invalid={props.complaint.is_some().to_string()} aria-describedby="domain-error domain-hint"
                    value={props.typed.clone()} {oninput}
                />
                <button id="check" type="submit">{"Check"}</button>
                if running {
                    <button id="cancel" type="button" class="quiet" onclick={props.oncancel.reform(|_: MouseEvent| ())}>
                        {"Stop"}
                    </button>
                }
            </div>
            <p id="domain-error" role="alert">
                if let Some(complaint) = &props.complaint {
                    {icon("fail")}<span>{complaint}</span>
                }
            </p>
            {for props.remarks.iter().map(|remark| html! { <p key={remark.clone()} class="hint remark">{tr!("Note: {remark}.", remark)}</p> })}
            <p id="domain-hint" class="hint">{"An address or a link works too: the page finds the domain in it."}</p>
            {hosted!(OptionFields { settings: props.settings.clone(), onset: props.onset.clone() })}
        </form>
    }
}
