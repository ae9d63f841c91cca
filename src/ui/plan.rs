//! What to do, in order, with the records to publish.

use yew::prelude::*;

use crate::assess::Assessment;
use crate::checks::Step;

use super::prose::prose;
use super::publish::ToPublish;
use super::shared::Shared;

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What is known.
    pub assessment: Shared<Assessment>,
}

/// The plan.
#[component]
pub fn Plan(props: &Props) -> Html {
    let report = &props.assessment.report;
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
                    <span class="tag">{step.technology.label()}</span>
                    <span class="step">{prose(&step.step)}</span>
                </summary>
                <p>{prose(&step.why)}</p>
                {for step.publish.iter().enumerate().map(|(key, publish)| html! {
                    <ToPublish {key} publish={publish.clone()} />
                })}
            </details>
        </li>
    }
}
