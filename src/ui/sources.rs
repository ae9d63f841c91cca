//! Where the answers came from.

use yew::prelude::*;

use crate::source::{ResolverState, ResolverStatus};
use crate::web::Update;

use super::icon::icon;
use super::request::Request;
use super::shared::Shared;
use super::words::count;

/// The section.
pub fn sources(request: &Shared<Request>, update: &Shared<Update>) -> Html {
    html! {
        <section aria-labelledby="sources-title" class="sources">
            <h2 id="sources-title">{"Where the answers came from"}</h2>
            {resolvers(request, update)}
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

/// One resolver.
fn resolver(resolver: &ResolverState) -> Html {
    let (shape, word) = match resolver.status {
        ResolverStatus::Answering => ("pass", "answered"),
        ResolverStatus::Untried => ("not-applicable", "was not needed"),
        ResolverStatus::Failing => ("warn", "failed at times"),
        ResolverStatus::Down => ("fail", "does not answer"),
        ResolverStatus::Refused => ("fail", "cannot be asked"),
    };
    let failed = if resolver.failed > 0 { format!(", {} failed", resolver.failed) } else { String::new() };
    let answers = match resolver.answered {
        0 if resolver.failed == 0 => String::new(),
        answered => format!(": {}{failed}", count(answered, "answer", "answers")),
    };
    html! {
        <li key={resolver.url.clone()}>
            {icon(shape)}
            <span><code>{&resolver.url}</code>{format!(" {word}{answers}")}
                if let Some(why) = &resolver.last_failure {
                    <span class="hint">{format!(" — last failure: {why}")}</span>
                }
            </span>
        </li>
    }
}
