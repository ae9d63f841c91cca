//! What to do, in order, with the records to publish.

use yew::prelude::*;

use crate::assess::Assessment;
use crate::checks::Step;

use super::prose::prose;
use super::publish::to_publish;

/// The plan.
pub fn plan(assessment: &Assessment) -> Html {
    let report = &assessment.report;
    html! {
        <section aria-labelledby="plan-title">
            <h2 id="plan-title">{"What to do, in order"}</h2>
            if report.plan.is_empty() {
                <p>{"Nothing is left to do by what could be seen."}</p>
            }
            <ol id="plan">{for report.plan.iter().enumerate().map(|(key, step)| item(key, step))}</ol>
        </section>
    }
}

/// One step.
fn item(key: usize, step: &Step) -> Html {
    html! {
        <li {key} data-technology={step.technology.id()}>
            <details open={key == 0}>
                <summary>
                    <span class="tag">{text!(step.technology.label())}</span>
                    <span class="step">{prose(&step.step)}</span>
                </summary>
                <p>{prose(&step.why)}</p>
                {for step.publish.iter().enumerate().map(|(key, publish)| to_publish(key, publish))}
            </details>
        </li>
    }
}
