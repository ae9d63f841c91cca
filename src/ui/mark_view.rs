//! What a Mark Certificate says and what it is worth, as a card.

use std::borrow::Cow;

use serde_json::Value;
use yew::prelude::*;

use crate::name::DomainName;
use crate::say;
use crate::web::MarkAnswer;

use super::copy_button::CopyButton;
use super::hosted::hosted;
use super::icon::icon;
use super::prose::prose;
use super::references::references;

/// More entries of one list are not drawn; certificates have fewer.
const MAX_ENTRIES: usize = 60;

/// The card's body.
pub fn mark_view(answer: &MarkAnswer, domain: Option<&DomainName>) -> Html {
    let verdict = &answer.verdict;
    let (good, other): (Vec<&Value>, Vec<&Value>) =
        list(verdict, "reasons").partition(|reason| reason.get("outcome").is_some_and(|outcome| outcome == "pass"));
    html! {
        <div class="mark-body">
            <p class="sentence">{sentence(verdict, domain)}</p>
            <dl class="facts">
                {fact("Kind", kind(verdict))}
                {fact("Mark", text(verdict, "mark_type"))}
                {fact("For", words(verdict.get("names")))}
                {fact("Issuer", text(verdict, "issuer"))}
                {fact("Valid from", verdict.pointer("/certificates/0").map(|leaf| text(leaf, "not_before")).unwrap_or_default())}
                {fact("Valid until", text(verdict, "expires"))}
                {for list(verdict, "subject").map(|field| fact(&text(field, "name"), text(field, "value")))}
            </dl>
            <h4>{"Held against the rules of Mark Certificates"}</h4>
            <ul class="findings">{for other.into_iter().enumerate().map(|(key, reason)| lint(key, reason))}</ul>
            <ul class="findings good" aria-label="Rules that are kept">{for good.into_iter().enumerate().map(|(key, reason)| lint(key, reason))}</ul>
            <h4>{"The chain"}</h4>
            <ol class="certificates">{for list(verdict, "certificates").enumerate().map(|(key, one)| certificate(key, one))}</ol>
            <details class="detail" hidden={answer.outline.is_empty()}>
                <summary>{"The certificate as ASN.1"}</summary>
                <pre class="record outline" dir="ltr" tabindex="0" aria-label="The certificate as ASN.1">{&answer.outline}</pre>
            </details>
        </div>
    }
}

fn list<'v>(verdict: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    verdict.get(name).and_then(Value::as_array).into_iter().flatten().take(MAX_ENTRIES)
}

/// A member as text; empty where there is none.
fn text(value: &Value, name: &str) -> String {
    match value.get(name) {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}

fn words(value: Option<&Value>) -> String {
    let all = value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    all.take(MAX_ENTRIES).collect::<Vec<_>>().join(", ")
}

fn kind(verdict: &Value) -> String {
    match verdict.get("kind").and_then(Value::as_str) {
        Some("vmc") => tr!("Verified Mark Certificate (VMC)"),
        Some("cmc") => tr!("Common Mark Certificate (CMC)"),
        _ => String::new(),
    }
}

fn sentence(verdict: &Value, domain: Option<&DomainName>) -> String {
    let whose = match domain {
        Some(domain) => tr!(" for {domain}", domain),
        None => tr!(". Type a domain above to hold it against its names"),
    };
    if verdict.get("valid").is_some_and(|valid| *valid == true) {
        tr!("The certificate is valid{whose}.", whose)
    } else {
        tr!("The certificate is not valid{whose}.", whose)
    }
}

fn fact(name: &str, value: String) -> Html {
    if value.is_empty() {
        return Html::default();
    }
    html! { <div key={name.to_owned()}><dt>{say::known(name).into_owned()}</dt><dd>{value}</dd></div> }
}

/// One rule and whether it is kept.
fn lint(key: usize, reason: &Value) -> Html {
    let outcome = match reason.get("outcome").and_then(Value::as_str) {
        Some("pass") => "pass",
        Some("warn") => "warn",
        Some("fail") => "fail",
        Some("info") => "info",
        _ => "unknown",
    };
    let (detail, fix, reference) = (text(reason, "detail"), text(reason, "fix"), text(reason, "reference"));
    html! {
        <li {key} class="finding" data-reason={text(reason, "id")} data-outcome={outcome}>
            <h5>{icon(outcome)}<span class="word">{text!(word(outcome))}</span><span class="title">{prose(&text(reason, "title"))}</span></h5>
            <div class="body">
                if !detail.is_empty() {
                    <p>{prose(&detail)}</p>
                }
                if !fix.is_empty() && outcome != "pass" {
                    <p class="fix"><b>{"What to do. "}</b>{prose(&fix)}</p>
                    if let Some(command) = fix.split('`').nth(1).filter(|_| outcome == "unknown") {
                        <p>{hosted!(CopyButton { text: command.to_owned(), what: word!("the command") })}</p>
                    }
                }
                if !reference.is_empty() {
                    {references(&[Cow::Owned(reference)])}
                }
            </div>
        </li>
    }
}

fn word(outcome: &str) -> &'static str {
    match outcome {
        "pass" => "Good",
        "warn" => "Improve",
        "fail" => "Fix",
        "info" => "Note",
        _ => "Not seen",
    }
}

fn certificate(key: usize, one: &Value) -> Html {
    html! {
        <li {key}>
            <b>{text(one, "subject")}</b>
            <span class="tag">{say::known(&text(one, "role")).into_owned()}</span>
            <span class="hint">
                {tr!("issued by {} · {} to {} · key {} · signed {} · serial {}", text(one, "issuer"), text(one, "not_before"), text(one, "not_after"), text(one, "key"), text(one, "signature"), text(one, "serial"))}
            </span>
            <code class="hint">{format!("SHA-256 {}", text(one, "sha256"))}</code>
        </li>
    }
}
