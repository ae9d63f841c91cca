//! The numbers that matter first.

use yew::prelude::*;

use crate::reports::{Sessions, Summary};

use super::locale::{date, decimals, grouped};

/// The numbers; `of_domain` says that they are of one domain among several, of which reports are not counted apart.
pub fn head(summary: &Summary, of_domain: bool) -> Html {
    let period = match (summary.from, summary.until) {
        (Some(from), Some(until)) => tr!("{} to {}", date(from), date(until)),
        _ => tr!("not told"),
    };
    let number = |id: &'static str, name: &'static str, value: String| html! { <div key={id} data-number={id}><dt>{text!(name)}</dt><dd>{value}</dd></div> };
    html! {
        <>
            <dl class="numbers">
                {number("success-rate", "Succeeded", rate(summary.sessions))}
                {number("sessions", "Sessions", grouped(summary.sessions.total()))}
                {number("failed", "Failed", grouped(summary.sessions.failed))}
                if !of_domain {
                    {number("reports", "Reports", grouped(summary.reports))}
                    {number("duplicates", "Duplicates left out", grouped(summary.duplicates))}
                }
                {number("period", "Period", period)}
            </dl>
            if summary.saturated {
                <p class="note">{"The counts are too large to be added up; the sums stop at what can be counted."}</p>
            }
            if summary.left_out > 0 {
                <p class="hint">{"There are more different rows than are kept; the totals count them all the same."}</p>
            }
        </>
    }
}

/// The share that succeeded; all is said only of all.
fn rate(sessions: Sessions) -> String {
    match sessions.success_rate() {
        None => "–".into(),
        Some(_) if sessions.failed == 0 => "100 %".into(),
        Some(_) if sessions.successful == 0 => "0 %".into(),
        Some(rate) => decimals(rate.clamp(0.01, 99.99), 2) + " %",
    }
}
