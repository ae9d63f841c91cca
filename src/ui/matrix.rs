//! The priority matrix, with the domain's own state in it.

use yew::prelude::*;

use crate::assess::Assessment;
use crate::checks::{Prerequisite, Status};
use crate::report::MatrixRow;

use super::icon::icon;
use super::prose::prose;
use super::words::{Standing, status_id};

/// The matrix as a table; on narrow screens each row is a card. The roles keep it a table there too.
pub fn matrix(assessment: &Assessment, running: bool) -> Html {
    const COLUMNS: [&str; 6] = ["Technology", "Priority", "Difficulty", "Prerequisites", "Status", "Next step"];
    html! {
        <section aria-labelledby="matrix-title">
            <h2 id="matrix-title">{"Priority matrix"}</h2>
            if let Some(note) = &assessment.report.basics_first {
                <p id="basics-first" class="note">{icon("warn")}<span>{note}</span></p>
            }
            <table id="matrix" class="cards" role="table" aria-labelledby="matrix-title">
                <thead role="rowgroup">
                    <tr role="row">
                        {for COLUMNS.iter().map(|&column| html! { <th key={column} role="columnheader" scope="col">{text!(column)}</th> })}
                    </tr>
                </thead>
                <tbody role="rowgroup">{for MatrixRow::MATRIX.iter().map(|row| line(row, assessment, running))}</tbody>
            </table>
        </section>
    }
}

/// One row.
fn line(row: &MatrixRow, assessment: &Assessment, running: bool) -> Html {
    let standing = Standing::of(assessment, row.technology, running);
    let report = assessment.report.technology(row.technology);
    let next_step = report.and_then(|report| report.next_step.as_deref());
    let id = row.technology.id();
    html! {
        <tr role="row" key={id} data-technology={id} data-status={status_id(standing.status)}>
            <th role="rowheader" scope="row"><a href={format!("#tech-{id}")}>{text!(row.technology.label())}</a></th>
            <td role="cell" data-label="Priority">{text!(row.priority.label())}</td>
            <td role="cell" data-label="Difficulty">{text!(row.difficulty.label())}</td>
            <td role="cell" data-label="Prerequisites">
                <span class="words">{text!(row.prerequisites)}</span>
                <ul class="prerequisites">
                    {for report.iter().flat_map(|report| &report.prerequisites).map(prerequisite)}
                </ul>
            </td>
            <td role="cell" data-label="Status">
                <span class="status" data-status={status_id(standing.status)}>
                    {icon(standing.icon())}{text!(standing.word())}
                </span>
            </td>
            <td role="cell" data-label="Next step">
                if standing.looking {
                    {"…"}
                } else if let Some(step) = next_step {
                    <span>{prose(step)}</span>
                } else if standing.status == Status::Unknown {
                    <a href="#unknown">{"Find out what could not be seen"}</a>
                } else if standing.status == Status::NotApplicable {
                    {"Nothing to do"}
                } else {
                    {"Nothing left to do"}
                }
            </td>
        </tr>
    }
}

/// One prerequisite and whether the domain meets it.
pub fn prerequisite(prerequisite: &Prerequisite) -> Html {
    let (shape, words) = match prerequisite.met {
        Some(true) => ("tick", "met"),
        Some(false) => ("cross", "missing"),
        None => ("question", "not known"),
    };
    html! {
        <li key={&*prerequisite.id} data-met={super::words::tri_state(prerequisite.met)}>
            {icon(shape)}{tr!("{}: {words}", prerequisite.label, words)}
        </li>
    }
}
