//! What the edits change: the score, the findings, and the lines to publish.

use yew::prelude::*;

use crate::checks::{Finding, Publish};
use crate::report::Report;

use super::copy_button::CopyButton;
use super::edit::Editing;
use super::hosted::hosted;
use super::icon::icon;
use super::publish::to_publish;
use super::state::Action;
use super::what_if::WhatIf;
use super::words::{outcome_id, outcome_word};

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The edits and what follows from them.
    pub what_if: super::shared::Shared<WhatIf>,
}

/// The section above a report that is only thought of.
#[component]
pub fn WhatIfView(props: &Props) -> Html {
    let what_if = &*props.what_if;
    let editing = use_context::<Editing>();
    let onreset = Callback::from(move |_: MouseEvent| {
        if let Some(Editing(Some(callback))) = &editing {
            callback.emit(Action::Reset(None));
        }
    });
    let (before, after) = (&what_if.before.assessment.report, &what_if.after.assessment.report);
    // As judged last: what is drawn with every letter would hold up the verdict on it.
    let changed: Vec<_> = what_if
        .judged
        .iter()
        .filter(|edited| what_if.problem(edited.id).is_none() && edited.edit.was != edited.edit.now)
        .map(|edited| &edited.edit)
        .collect();
    let lines: Vec<String> = changed
        .iter()
        .filter(|edit| edit.record_type != "file")
        .flat_map(|edit| {
            let (name, record_type) = (edit.name.clone(), edit.record_type.clone());
            let gone =
                edit.was.clone().map(|value| format!("; remove: {}", Publish { name, record_type, value }.zone_line()));
            [gone, edit.publish().map(|publish| publish.zone_line())]
        })
        .flatten()
        .collect();
    let lines = lines.join("\n");
    let files = changed.iter().filter(|edit| edit.record_type == "file").filter_map(|edit| edit.publish());
    html! {
        <section id="what-if" aria-labelledby="what-if-title" data-gone={what_if.changes.gone.len().to_string()} data-new={what_if.changes.new.len().to_string()}>
            <h2 id="what-if-title">{"What if"}</h2>
            <p>
                {tr!("The report below shows what would be with {n} edited record. " | "The report below shows what would be with {n} edited records. " % what_if.edits.len())}
                <b>{tr!("Score {} → {}", points(before), points(after))}</b>
                {text!(if what_if.after.finished { "." } else { "; looking up what the edits newly name…" })}
            </p>
            {list("gone", "Would be mended", &what_if.changes.gone)}
            {list("new", "Would be new", &what_if.changes.new)}
            if !lines.is_empty() {
                <div class="publish">
                    <p>{"Lines for the zone file"}</p>
                    <pre id="what-if-lines" tabindex="0">{lines.clone()}</pre>
                    <p class="buttons">{hosted!(CopyButton { text: lines, label: word!("Copy lines"), what: word!("for the zone file") })}</p>
                </div>
            }
            {for files.enumerate().map(|(key, file)| to_publish(key, &file))}
            <p class="buttons"><button type="button" id="what-if-reset" class="quiet" onclick={onreset}>{"Reset everything"}</button></p>
        </section>
    }
}

fn points(report: &Report) -> String {
    match (report.score.points, report.score.grade) {
        (Some(points), Some(grade)) => format!("{points} ({})", grade.label()),
        _ => tr!("none"),
    }
}

/// Findings by their titles.
fn list(id: &'static str, heading: &'static str, findings: &[Finding]) -> Html {
    let item = |(key, finding): (usize, &Finding)| {
        let outcome = outcome_id(finding.outcome);
        html! {
            <li {key}>{icon(outcome)}<span class="visually-hidden">{text!(outcome_word(finding.outcome))}{": "}</span>
                <b>{text!(finding.technology.label())}</b>{" "}{super::prose::prose(&finding.title)}</li>
        }
    };
    html! {
        if !findings.is_empty() {
            <h3>{text!(heading)}</h3>
            <ul class="changes" data-changes={id}>{for findings.iter().enumerate().map(item)}</ul>
        }
    }
}
