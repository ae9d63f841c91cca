//! The chain of trust as a picture: zones from the root down, the keys of each, and the DS records that lead to the next.

use serde_json::Value;
use yew::prelude::*;

use crate::report::chain_outline::{Part, Row, fault, outline};

use super::icon::icon;

/// Height of a row.
const ROW: usize = 22;
/// Where the line through the zones stands, and where the words of zones and of keys begin.
const LINE: usize = 9;
const WORDS: usize = 24;
const INDENT: usize = 36;

/// The picture with what breaks the chain in words, and the same as a list; nothing where no chain is known.
pub fn chain_picture(detail: &Value) -> Html {
    let rows = outline(detail);
    let (Some(last), true) = (rows.last(), rows.len() > 1) else { return Html::default() };
    let words = tr!("Chain of trust, from the root down: {}. The list says the same in words.", last.state);
    html! {
        <>
            <svg class="picture" role="img" aria-label={words} height={(ROW * rows.len()).to_string()}>
                {for rows.iter().enumerate().map(|(at, shown)| row(at, shown, at + 1 == rows.len()))}
            </svg>
            if let Some((says, remedy)) = fault(detail) {
                <p class="broken">{icon(shape(&last.state))}<span>{format!("{says}. ")}{remedy}</span></p>
            }
            <details class="detail">
                <summary>{"The chain in words"}</summary>
                <ol class="chain">{for list(&rows)}</ol>
            </details>
        </>
    }
}

/// The shape that stands for a state, beside its colour.
fn shape(state: &str) -> &'static str {
    match state {
        "secure" => "pass",
        "insecure" => "warn",
        "bogus" => "fail",
        _ => "unknown",
    }
}

fn row(at: usize, row: &Row, is_last: bool) -> Html {
    let (top, middle) = (ROW * at, ROW * at + ROW / 2);
    let base = (middle + 4).to_string();
    let shape = shape(&row.state);
    let node = matches!(row.part, Part::Zone | Part::Answers);
    // The line reaches a zone from above and leaves it below.
    let from = if at == 0 { middle } else { top };
    let to = if is_last { middle } else { top + ROW };
    let x = if node { WORDS } else { INDENT };
    html! {
        <g key={at} class={shape}>
            <path class="wire" d={format!("M{LINE} {from}V{to}")} />
            {match row.part {
                Part::Zone | Part::Answers => html! {
                    <svg class={classes!("icon", shape)} x="1" y={(middle - 8).to_string()} width="16" height="16" viewBox="0 0 20 20">
                        <use href={format!("#i-{shape}")} />
                    </svg>
                },
                Part::Ds => html! { <path class="link" d={format!("M{} {}l5 8l5 -8z", LINE - 5, middle - 4)} /> },
                Part::Key { signs } => html! {
                    <circle class={if signs { "link" } else { "wire" }} cx={(INDENT - 9).to_string()} cy={middle.to_string()} r="4" />
                },
            }}
            <text class={node.then_some("zone")} x={x.to_string()} y={base}>{row.label.clone()}</text>
        </g>
    }
}

/// The rows in words: an entry for each zone with everything about it, and one for the answers.
fn list(rows: &[Row]) -> Vec<Html> {
    let mut entries = Vec::new();
    let mut ds: Vec<&str> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        match row.part {
            Part::Ds => ds.push(&row.label),
            Part::Key { .. } => {}
            Part::Answers => entries.push(html! { <li key={at}>{format!("{}: {}", row.label, row.state)}</li> }),
            Part::Zone => {
                let keys = rows.iter().skip(at + 1).take_while(|row| matches!(row.part, Part::Key { .. }));
                let keys: Vec<&str> = keys.map(|row| row.label.as_str()).collect();
                let facts = std::mem::take(&mut ds).into_iter().chain(keys).collect::<Vec<_>>().join("; ");
                entries
                    .push(html! { <li key={at}><b>{row.label.clone()}</b>{format!(": {}. {facts}", row.state)}</li> });
            }
        }
    }
    entries
}
