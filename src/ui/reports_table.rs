//! A table about reports: its first rows, and more when they are asked for.

use yew::prelude::*;

use crate::say;

use super::locale::grouped;

/// Rows that are shown at first.
const FIRST: usize = 10;
/// Rows that each further step shows.
const STEP: usize = 100;

/// A cell.
#[derive(Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// What somebody wrote, as it stands.
    Code(String),
    /// Lines of such.
    Lines(Vec<String>),
    /// A count.
    Number(u64),
}

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Its identifier in the document.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// A sentence below that.
    #[prop_or_default]
    pub hint: &'static str,
    /// Heads of the columns.
    pub columns: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// How many rows there are, of which these are the first.
    pub all: usize,
}

/// The table with its heading; nothing in it where there are no rows.
#[component]
pub fn ReportsTable(props: &Props) -> Html {
    let shown = use_state(|| FIRST);
    let rows = &props.rows;
    let left = rows.len().saturating_sub(*shown);
    let beyond = props.all.saturating_sub(rows.len());
    let onmore = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(*shown + STEP))
    };
    let title = format!("{}-title", props.id);
    html! {
        <section id={props.id} hidden={rows.is_empty()} aria-labelledby={title.clone()}>
            <h3 id={title}>{text!(props.title)}</h3>
            if !props.hint.is_empty() {
                <p class="hint">{text!(props.hint)}</p>
            }
            <table class="cards weights">
                <thead>
                    <tr>{for props.columns.iter().zip(rows.first().into_iter().flatten()).map(|(column, cell)| html! {
                        <th key={*column} scope="col" class={alignment(cell)}>{text!(*column)}</th>
                    })}</tr>
                </thead>
                <tbody>{for rows.iter().take(*shown).enumerate().map(|(key, cells)| row(key, &props.columns, cells))}</tbody>
            </table>
            if left > 0 {
                <p class="buttons">
                    <button type="button" class="quiet" onclick={onmore}>
                        {tr!("Show {} more", left.min(STEP))}<span class="visually-hidden">{tr!(" of {}", props.title)}</span>
                    </button>
                    <span class="hint">{tr!("{} of {} are shown.", *shown, grouped(u64::try_from(props.all).unwrap_or(u64::MAX)))}</span>
                </p>
            } else if beyond > 0 {
                <p class="hint">{tr!("{beyond} more rows are in the files that you can save.", beyond)}</p>
            }
        </section>
    }
}

fn row(key: usize, columns: &[&'static str], cells: &[Cell]) -> Html {
    html! {
        <tr {key}>
            {for cells.iter().zip(columns).enumerate().map(|(key, (cell, column))| {
                let content = content(cell);
                if key == 0 {
                    html! { <th {key} scope="row">{content}</th> }
                } else {
                    html! { <td {key} class={alignment(cell)} data-label={word!(*column)}>{content}</td> }
                }
            })}
        </tr>
    }
}

/// One element, as the narrow form of the table wants it.
fn content(cell: &Cell) -> Html {
    match cell {
        Cell::Text(text) => html! { <span>{say::known(text).into_owned()}</span> },
        Cell::Code(text) => html! { <code>{text}</code> },
        Cell::Lines(lines) => html! {
            <span>{for lines.iter().enumerate().map(|(key, line)| html! { <><code {key}>{line}</code><br /></> })}</span>
        },
        Cell::Number(number) => html! { <span>{grouped(*number)}</span> },
    }
}

fn alignment(cell: &Cell) -> Option<&'static str> {
    matches!(cell, Cell::Number(_)).then_some("number")
}
