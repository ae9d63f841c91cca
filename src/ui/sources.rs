//! Where the answers came from.

use yew::prelude::*;
use yew::virtual_dom::VText;

use crate::records::Technology;
use crate::source::{ResolverState, ResolverStatus};
use crate::web::Update;

use super::icon::icon;
use super::request::Request;
use super::shared::Shared;

/// The section.
pub fn sources(request: &Shared<Request>, update: &Shared<Update>) -> Html {
    html! {
        <section aria-labelledby="sources-title" class="sources">
            <h2 id="sources-title">{"Where the answers came from"}</h2>
            {resolvers(request, update)}
            {relay(request, update)}
        </section>
    }
}

/// Which resolver was asked how often, and how it did.
fn resolvers(request: &Request, update: &Update) -> Html {
    let resolvers = &update.resolvers;
    if request.offline || resolvers.is_empty() {
        return html! { <p>{"No look-up left this page: the report rests on what was supplied."}</p> };
    }
    html! { <ul id="resolvers-used">{for resolvers.iter().map(resolver)}</ul> }
}

/// What was read through the user's relay.
fn relay(request: &Request, update: &Update) -> Html {
    let Some(url) = request.relay.as_ref().filter(|_| !request.offline) else { return Html::default() };
    let report = &update.assessment.report;
    let fact = |technology: Technology, file: &str, field: &str| {
        let detail = &report.technology(technology)?.detail;
        let facts = if file.is_empty() { detail } else { detail.get(file)? };
        facts.get(field)?.as_str()
    };
    let files = [
        (Technology::MtaSts, "", "evidence", "policy_url"),
        (Technology::Bimi, "logo_file", "grade", "url"),
        (Technology::Bimi, "certificate_file", "grade", "url"),
    ];
    let relayed = files.into_iter().filter(|(of, file, grade, _)| fact(*of, file, grade) == Some("relayed"));
    let read: Vec<&str> = relayed.filter_map(|(of, file, _, url)| fact(of, file, url)).collect();
    let words = if read.is_empty() {
        parts!("Your relay {0} brought nothing, or was not needed.", html! { <code>{url}</code> })
    } else {
        let read = VText::new(read.join(", ")).into();
        parts!("Your relay {0} brought {1}; it could have changed it.", html! { <code>{url}</code> }, read)
    };
    html! { <p id="relay-used">{icon("info")}{" "}{words}</p> }
}

/// One resolver.
fn resolver(resolver: &ResolverState) -> Html {
    let (shape, word) = match resolver.status {
        ResolverStatus::Answering => ("pass", "answered"),
        ResolverStatus::Untried => ("not-applicable", "was not needed"),
        ResolverStatus::Failing => ("warn", "failed at times"),
        ResolverStatus::Down => ("fail", "does not answer"),
        ResolverStatus::Refused => ("fail", "cannot be asked"),
    };
    let failed = if resolver.failed > 0 { tr!(", {} failed", resolver.failed) } else { String::new() };
    let answers = match resolver.answered {
        0 if resolver.failed == 0 => String::new(),
        answered => format!(": {}{failed}", tr!("{n} answer" | "{n} answers" % answered)),
    };
    html! {
        <li key={resolver.url.clone()}>
            {icon(shape)}
            <span><code>{&resolver.url}</code>{tr!(" {word}{answers}", word, answers)}
                if let Some(why) = &resolver.last_failure {
                    <span class="hint">{tr!(" — last failure: {why}", why)}</span>
                }
            </span>
        </li>
    }
}
