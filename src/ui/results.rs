//! The report as it becomes known.

use std::rc::Rc;
use std::time::Duration;

use yew::prelude::*;

use crate::records::Technology;
use crate::reports::Summary;
use crate::web::Update;

use super::hosted::hosted;
use super::keep::Keep;
use super::link_note::link_note;
use super::mail_hosts::MailHosts;
use super::part::{Part, ReportPart};
use super::printed::printed;
use super::request::Request;
use super::score::score_section;
use super::shared::Shared;
use super::sources::sources;
use super::spf_box::SpfBox;
use super::what_if::WhatIf;
use super::what_if_view::WhatIfView;

/// How long after the report is final what is folded away in it is drawn: nobody waits for what cannot be seen.
const FOLDED_AFTER: Duration = Duration::from_millis(50);

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What was asked for.
    pub request: Shared<Request>,
    /// What is known so far.
    pub update: Shared<Update>,
    /// What would be with edited records.
    pub what_if: Option<Shared<WhatIf>>,
    /// What the TLS reports come to that were handed over.
    pub reports: Option<Shared<Summary>>,
    /// Whether more is on its way.
    pub running: bool,
}

/// The report. What only a complete report can say waits for the end.
#[component]
pub fn Results(props: &Props) -> Html {
    let running = props.running;
    let folded = use_state(|| false);
    use_effect_with(running, {
        let folded = folded.setter();
        move |running| {
            if !running {
                yew::platform::spawn_local(async move {
                    yew::platform::time::sleep(FOLDED_AFTER).await;
                    folded.set(true);
                });
            }
        }
    });
    let update = props.what_if.as_ref().map_or(&props.update, |what_if| &what_if.after);
    let draw = |part: Part| {
        let (assessment, what_if) = (Rc::clone(&update.assessment), props.what_if.clone());
        hosted!(ReportPart { part, assessment, what_if, running, folded: *folded })
    };
    html! {
        <div class="report" aria-busy={(running || !*folded).to_string()}>
            {printed(&props.request, &update.assessment.report)}
            {link_note(&props.request)}
            if let Some(what_if) = props.what_if.clone() {
                {hosted!(WhatIfView { what_if })}
            }
            {score_section(&update.assessment, props.request.international.as_deref(), running, draw(Part::Weights))}
            {draw(Part::Overview)}
            <div class="when-known" hidden={running}>
                if !running {
                    {draw(Part::Plan)}
                }
            </div>
            {draw(Part::Matrix)}
            {draw(Part::Checklist)}
            <section aria-labelledby="technologies-title">
                <h2 id="technologies-title">{"Technology by technology"}</h2>
                {draw(Part::Technology(Technology::Mx))}
                {for Technology::ALL.into_iter().map(|technology| html! {
                    <>
                        {draw(Part::Technology(technology))}
                        if technology == Technology::Spf && !running {
                            {hosted!(SpfBox { request: props.request.clone(), update: update.clone() })}
                        }
                        if technology == Technology::Dane {
                            {hosted!(MailHosts { assessment: Rc::clone(&update.assessment), reports: props.reports.clone() })}
                        }
                    </>
                })}
            </section>
            <div class="when-known" hidden={running}>
                if !running {
                    {draw(Part::Unknowns)}
                }
            </div>
            {sources(&props.request, update)}
            {hosted!(Keep { request: props.request.clone(), update: update.clone(), what_if: props.what_if.clone(), running })}
        </div>
    }
}
