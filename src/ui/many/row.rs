//! One domain in the table.

use std::rc::Rc;

use yew::prelude::*;

use crate::checks::Status;
use crate::report::Summary;
use crate::ui::icon::icon;
use crate::ui::shared::Shared;
use crate::ui::words::{status_id, status_word};

use super::changes::changes;
use super::earlier::Earlier;
use super::state::{Known, Row};

/// A row that equals itself only: what has not changed is not drawn again.
#[derive(Clone, Debug)]
pub struct Sight(pub Rc<Row>);

impl PartialEq for Sight {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The domain and what is known.
    pub row: Sight,
    /// Whether it is being checked.
    pub checking: bool,
    /// The fragment that opens its report.
    pub address: String,
    /// The earlier run, where there is one to compare with.
    pub earlier: Option<Shared<Earlier>>,
}

/// The row.
#[component]
pub fn TableRow(props: &Props) -> Html {
    let row = &props.row.0;
    let state = match &row.result {
        Known::Done(_) => "done",
        Known::Failed(_) => "failed",
        Known::Waiting if props.checking => "checking",
        Known::Waiting => "waiting",
    };
    html! {
        <tr role="row" data-domain={row.domain.to_string()} data-state={state}>
            <th role="rowheader" scope="row">
                <a href={props.address.clone()}>{row.international.as_deref().unwrap_or(row.domain.as_str())}</a>
                if row.international.is_some() {
                    <span class="ascii">{row.domain.as_str()}</span>
                }
            </th>
            {match &row.result {
                Known::Done(summary) => judged(summary, props.earlier.as_deref()),
                Known::Failed(why) => one_cell(props, html! { <>{icon("unknown")}{" "}{&**why}</> }),
                Known::Waiting if props.checking => one_cell(props, html! { <>{icon("looking")}{" Checking…"}</> }),
                Known::Waiting => one_cell(props, html! { <span class="hint">{"Waiting"}</span> }),
            }}
        </tr>
    }
}

fn one_cell(props: &Props, content: Html) -> Html {
    let columns = 2 + Summary::COLUMNS.len() + usize::from(props.earlier.is_some());
    html! { <td role="cell" class="whole" colspan={columns.to_string()}>{content}</td> }
}

/// Grade, score and every technology.
fn judged(summary: &Summary, earlier: Option<&Earlier>) -> Html {
    let points = summary.points.map_or_else(|| "–".to_owned(), |points| points.to_string());
    html! {
        <>
            <td role="cell" data-label="Grade"><b>{summary.grade.map_or("–", |grade| grade.label())}</b></td>
            <td role="cell" data-label="Score"><span>{points}</span></td>
            {for Summary::COLUMNS.iter().zip(summary.technologies).map(|(technology, status)| cell(technology.label(), status))}
            if let Some(earlier) = earlier {
                <td role="cell" data-label="Changed" class="changed">
                    <span>{changes(earlier, summary).join(", ")}</span>
                </td>
            }
        </>
    }
}

/// How one technology stands: a shape for those who see it, a word for everybody else and on demand.
fn cell(label: &'static str, status: Status) -> Html {
    let word = status_word(status);
    html! {
        <td key={label} role="cell" data-label={word!(label)} data-status={status_id(status)} title={tr!("{label}: {word}", label, word)}>
            <span>{icon(status_id(status))}<span class="visually-hidden">{text!(word)}</span></span>
        </td>
    }
}
