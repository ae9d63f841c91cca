//! All technologies at a glance, each leading to its section.

use yew::prelude::*;

use crate::assess::Assessment;
use crate::records::Technology;

use super::icon::Icon;
use super::shared::Shared;
use super::words::{Standing, status_id};

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What is known so far.
    pub assessment: Shared<Assessment>,
    /// Whether more is on its way.
    pub running: bool,
}

/// The mail servers and the eight technologies.
#[component]
pub fn Overview(props: &Props) -> Html {
    let tile = |technology: Technology| {
        let standing = Standing::of(&props.assessment, technology, props.running);
        let id = technology.id();
        html! {
            <li key={id} data-status={status_id(standing.status)} data-looking={standing.looking.then_some("true")}>
                <a href={format!("#tech-{id}")}>
                    <Icon name={standing.icon()} />
                    <span class="name">{technology.label()}</span>
                    <span class="word">{standing.word()}</span>
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
