//! The road of MTA-STS: where the domain stands, what to do next, and how to serve the policy.

use yew::prelude::*;

use crate::report::Report;
use crate::report::road::{Road, RoadState, RoadStep};

use super::hosted::hosted;
use super::icon::icon;
use super::prose::prose;
use super::publish::to_publish;
use super::road_servers::RoadServers;

/// The road, folded away: only the title where it is not wanted yet; nothing where the domain receives no mail.
pub fn road_view(report: &Report, folded: bool) -> Html {
    let road = Road::of(report).filter(|_| folded);
    html! {
        <details id="road" class="detail" hidden={!report.profile.receives()}>
            <summary>{"The road to an enforced policy, step by step"}</summary>
            if let Some(road) = road {
                <p>{prose(&road.stands)}</p>
                {steps("From nothing to enforce", &road.steps)}
                {hosted!(RoadServers { servers: road.servers.clone() })}
                <h4>{"What never to do"}</h4>
                <ul class="bullets">{for road.never.iter().map(|never| html! { <li key={*never}>{text!(*never)}</li> })}</ul>
                if !road.removal.is_empty() {
                    {steps("How to take it away again", &road.removal)}
                }
            }
        </details>
    }
}

/// One way of the road.
fn steps(title: &'static str, steps: &[RoadStep]) -> Html {
    html! {
        <>
            <h4>{text!(title)}</h4>
            <ol class="road">{for steps.iter().map(step)}</ol>
        </>
    }
}

/// One step: open where it is the one to take now.
fn step(step: &RoadStep) -> Html {
    let (word, shape) = match step.state {
        RoadState::Done => ("done", "pass"),
        RoadState::Now => ("now", "warn"),
        RoadState::Later => ("later", "not-applicable"),
        RoadState::Unknown => ("not known", "unknown"),
    };
    let now = step.state == RoadState::Now;
    html! {
        <li key={step.id} data-step={step.id} data-state={word} aria-current={now.then_some("step")}>
            <details open={now}>
                <summary>
                    <span class="tag">{icon(shape)}{text!(word)}</span>
                    <span class="step">{step.title.clone()}</span>
                    if let Some(day) = &step.on {
                        <span class="hint">{" from "}<time datetime={day.clone()}>{day}</time></span>
                    }
                </summary>
                <p>{prose(&step.why)}</p>
                {for step.publish.iter().enumerate().map(|(key, publish)| to_publish(key, publish))}
            </details>
        </li>
    }
}
