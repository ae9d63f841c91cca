//! The report as it becomes known.

use yew::prelude::*;

use crate::assess::Assessment;
use crate::records::Technology;
use crate::web::Update;

use super::checklist::Checklist;
use super::matrix::Matrix;
use super::overview::Overview;
use super::plan::Plan;
use super::request::Request;
use super::score::ScoreSection;
use super::shared::Shared;
use super::sources::Sources;
use super::technology::TechnologySection;
use super::unknowns::Unknowns;

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What was asked for.
    pub request: Shared<Request>,
    /// What is known so far.
    pub update: Shared<Update>,
    /// Whether more is on its way.
    pub running: bool,
}

/// The report. What only a complete report can say waits for the end.
#[component]
pub fn Results(props: &Props) -> Html {
    let running = props.running;
    let assessment: Shared<Assessment> = props.update.assessment.clone().into();
    let section = |technology: Technology| {
        html! { <TechnologySection key={technology.id()} {technology} assessment={assessment.clone()} {running} /> }
    };
    html! {
        <div class="report" aria-busy={running.to_string()}>
            <ScoreSection assessment={assessment.clone()} {running} />
            <Overview assessment={assessment.clone()} {running} />
            <div class="when-known" hidden={running}>
                if !running {
                    <Plan assessment={assessment.clone()} />
                }
            </div>
            <Matrix assessment={assessment.clone()} {running} />
            <Checklist assessment={assessment.clone()} />
            <section aria-labelledby="technologies-title">
                <h2 id="technologies-title">{"Technology by technology"}</h2>
                {section(Technology::Mx)}
                {for Technology::ALL.into_iter().map(section)}
            </section>
            <div class="when-known" hidden={running}>
                if !running {
                    <Unknowns assessment={assessment.clone()} />
                }
            </div>
            <Sources request={props.request.clone()} update={props.update.clone()} {running} />
        </div>
    }
}
