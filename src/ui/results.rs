//! The report as it becomes known.

use yew::prelude::*;

use crate::assess::Assessment;
use crate::records::Technology;
use crate::web::Update;

use super::checklist::checklist;
use super::matrix::matrix;
use super::overview::overview;
use super::plan::plan;
use super::request::Request;
use super::score::score_section;
use super::shared::Shared;
use super::sources::sources;
use super::technology::technology_section;
use super::unknowns::unknowns;

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
    let problem = use_state(String::new);
    let assessment: &Assessment = &props.update.assessment;
    let section = |technology: Technology| technology_section(technology, assessment, running);
    html! {
        <div class="report" aria-busy={running.to_string()}>
            {score_section(assessment, props.request.international.as_deref(), running)}
            {overview(assessment, running)}
            <div class="when-known" hidden={running}>
                if !running {
                    {plan(assessment)}
                }
            </div>
            {matrix(assessment, running)}
            {checklist(assessment)}
            <section aria-labelledby="technologies-title">
                <h2 id="technologies-title">{"Technology by technology"}</h2>
                {section(Technology::Mx)}
                {for Technology::ALL.into_iter().map(section)}
            </section>
            <div class="when-known" hidden={running}>
                if !running {
                    {unknowns(assessment)}
                }
            </div>
            {sources(&props.request, &props.update, &problem, running)}
        </div>
    }
}
