//! A comparison, drawn.

use yew::prelude::*;

use crate::report::changes::{Comparison, FindingChange, RecordChange, StatusChange};
use crate::report::status_label;

use super::icon::icon;
use super::locale::moment;
use super::words::{outcome_id, status_id};

/// Most records that are drawn; the command line tells all of them.
const MAX_DRAWN: usize = 200;

/// What changed, from how it stands down to the records.
pub fn compare_view(comparison: &Comparison) -> Html {
    let Comparison { before, after, technologies, findings, records, .. } = comparison;
    let more = records.list.len().saturating_sub(MAX_DRAWN) + records.more;
    html! {
        <div class="judged" data-worse={comparison.worse.to_string()}>
            <p class="sentence">{format!("{} → {}. {}", moment(before.taken_at), moment(after.taken_at), comparison.score_sentence())}</p>
            if comparison.is_empty() {
                <p>{icon("pass")}{" Nothing has changed."}</p>
            }
            {list("How the technologies stand", technologies.iter().map(technology).collect())}
            {list("Findings", findings.iter().map(finding).collect())}
            {list("Records and files", records.list.iter().take(MAX_DRAWN).map(record).collect())}
            if more > 0 {
                <p class="hint">{tr!("And {more} more records; `mxray diff` lists them.", more)}</p>
            }
        </div>
    }
}

fn list(heading: &'static str, items: Vec<Html>) -> Html {
    html! {
        <div hidden={items.is_empty()}>
            <h3>{text!(heading)}</h3>
            <ul class="changes">{for items.into_iter().enumerate().map(|(key, item)| html! { <li {key}>{item}</li> })}</ul>
        </div>
    }
}

fn technology(change: &StatusChange) -> Html {
    html! {
        <>{icon(status_id(change.after))}<b>{text!(change.id.label())}</b>{tr!(" {} → {}", status_label(change.before), status_label(change.after))}</>
    }
}

fn finding(change: &FindingChange) -> Html {
    let shape = change.after.as_ref().map_or("tick", |told| outcome_id(told.outcome));
    html! { <>{icon(shape)}<b>{text!(change.technology.label())}</b>{format!(" {}", change.sentence())}</> }
}

fn record(change: &RecordChange) -> Html {
    let value = |mark: &'static str| move |(key, value): (usize, &String)| html! { <span key={format!("{mark}{key}")}>{format!("{mark} {value}\n")}</span> };
    let time = match (change.before_at, change.after_at) {
        (Some(before), Some(after)) => format!(" ({before} → {after})"),
        _ => String::new(),
    };
    html! {
        <>
            <code>{&change.name}</code>{tr!(" {}: {}", change.record_type, change.what.label())}<span class="hint">{time}</span>
            <pre class="record" dir="ltr">
                {for change.gone.iter().enumerate().map(value("−"))}
                {for change.new.iter().enumerate().map(value("+"))}
            </pre>
        </>
    }
}
