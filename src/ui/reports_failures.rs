//! The kinds of failures: how many of each and where, what each means, its likely cause and the fix.

use std::borrow::Cow;

use yew::prelude::*;

use crate::reports::{Failure, ResultKind, Summary};

use super::icon::icon;
use super::locale::{date, grouped};
use super::prose::prose;
use super::references::references;
use super::reports_ties::{Tied, tie_list};

/// Most kinds that are explained; there are eleven of the RFC, and whatever else reporters write.
const MAX_KINDS: usize = 40;
/// Most hosts that are named with a kind; the table has the others.
const MAX_HOSTS: usize = 5;

/// The list.
pub fn failures(summary: &Summary, ties: &[Tied]) -> Html {
    let all = &summary.failures;
    let more = all.len().saturating_sub(MAX_KINDS);
    html! {
        <section id="reports-failures" aria-labelledby="reports-failures-title">
            <h3 id="reports-failures-title">{"What failed, and what to do"}</h3>
            if all.is_empty() {
                <p class="sentence">{icon("pass")}{"No report tells of a failure."}</p>
            }
            // What concerns all failures.
            {tie_list(ties.iter().filter(|tied| tied.tie.result_type.is_empty()))}
            <ul class="findings">
                {for all.iter().take(MAX_KINDS).map(|failure| {
                    let own = ties.iter().filter(|tied| tied.tie.result_type == failure.result_type);
                    kind(summary, failure, tie_list(own))
                })}
            </ul>
            if more > 0 {
                <p class="hint">{tr!("{more} more kinds are in the files that you can save.", more)}</p>
            }
        </section>
    }
}

/// One kind.
fn kind(summary: &Summary, failure: &Failure, ties: Html) -> Html {
    let kind = ResultKind::of(&failure.result_type);
    let sessions = tr!("{count} session" | "{count} sessions" % failure.sessions, count = grouped(failure.sessions));
    let reports = match failure.reports {
        0 => String::new(),
        reports => tr!("In {count} report, " | "In {count} reports, " % reports, count = grouped(reports)),
    };
    let when = match (failure.from, failure.until) {
        (Some(from), Some(until)) => tr!("{} to {}", date(from), date(until)),
        _ => String::new(),
    };
    let cited: Vec<Cow<'static, str>> = kind.reference.split("; ").map(Cow::Borrowed).collect();
    html! {
        <li key={failure.result_type.clone()} class="finding" data-outcome="fail" data-failure={failure.result_type.clone()} data-sessions={failure.sessions.to_string()}>
            <h4>
                {icon("fail")}
                <span class="word">{text!(kind.family.title())}</span>
                <span class="title"><code>{&failure.result_type}</code>{format!(": {sessions}{}", at(summary, failure))}</span>
            </h4>
            <div class="body">
                <p class="hint">{format!("{reports}{when}")}</p>
                <p>{prose(kind.means)}</p>
                <p class="why"><b>{"Likely cause. "}</b>{prose(kind.cause)}</p>
                <p class="fix"><b>{"What to do. "}</b>{prose(kind.fix)}</p>
                {ties}
                {references(&cited)}
            </div>
        </li>
    }
}

/// Where it was met.
fn at(summary: &Summary, failure: &Failure) -> String {
    let hosts = summary.hosts_of(&failure.result_type);
    let named: Vec<String> = hosts
        .iter()
        .filter(|(host, _)| !host.is_empty())
        .take(MAX_HOSTS)
        .map(|(host, sessions)| format!("{host} ({})", grouped(*sessions)))
        .collect();
    if named.is_empty() { String::new() } else { tr!(" at {}", named.join(", ")) }
}
