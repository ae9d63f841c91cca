//! All technologies at a glance, each leading to its section.

use yew::prelude::*;

use crate::assess::Assessment;
use crate::records::Technology;

use super::icon::icon;
use super::words::{Standing, status_id};

/// The mail servers and the eight technologies.
pub fn overview(assessment: &Assessment, running: bool) -> Html {
    let tile = |technology: Technology| {
        let standing = Standing::of(assessment, technology, running);
        let id = technology.id();
        html! {
            <li key={id} data-status={status_id(standing.status)} data-looking={standing.looking.then_some("true")}>
                <a href={format!("#tech-{id}")}>
                    {icon(standing.icon())}
                    <span class="name">{text!(technology.label())}</span>
                    <span class="word">{text!(standing.word())}</span>
                </a>
            </li>
        }
    };
    html! {
        <nav id="overview" aria-label="Technologies">
            <ul>{tile(Technology::Mx)}{for Technology::ALL.into_iter().map(tile)}</ul>
        </nav>
    }
}
