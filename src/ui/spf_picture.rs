//! The tree of an SPF record as a picture: a row for each look-up, indented, and a bar where it falls among the ten.

use serde_json::Value;
use yew::prelude::*;

use crate::report::spf_outline::{ALLOWED, Row, Standing, outline};

/// Height of a row; the first one holds the heads of the columns.
const ROW: usize = 20;
/// How far each level is moved in.
const STEP: usize = 14;
/// Where the bars begin, and how far ten look-ups (or all, where there are more) reach: tenths of a per cent.
const BARS: (usize, usize) = (550, 180);

/// The picture; the list below it says the same in words.
pub fn picture(key: usize, tree: &Value) -> Html {
    let rows = outline(tree);
    let Some(root) = rows.first().filter(|_| rows.len() > 1) else { return Html::default() };
    let scale = root.lookups.max(ALLOWED);
    let [ipv4, ipv6] = root.voids;
    let words = tr!(
        "{}: {} of {ALLOWED} look-ups; void: {ipv4} for IPv4 and {ipv6} for IPv6 senders, of 2. The list says the same in words.",
        root.label,
        root.lookups,
        ALLOWED,
        ipv4,
        ipv6
    );
    let limit = percent(BARS.0 + BARS.1 * ALLOWED / scale);
    html! {
        <svg {key} class="picture" role="img" aria-label={words} height={(ROW * (rows.len() + 1)).to_string()}>
            <text x={percent(BARS.0)} y="14">{"look-ups"}</text>
            <text x="100%" y="14" text-anchor="end">{"void 4/6"}</text>
            {for rows.iter().enumerate().map(|(at, shown)| row(at, shown, scale))}
            <line class="limit" x1={limit.clone()} x2={limit} y1={ROW.to_string()} y2="100%" />
        </svg>
    }
}

fn row(at: usize, row: &Row, scale: usize) -> Html {
    let x = row.depth * STEP + 7;
    let middle = |at: usize| ROW * at + ROW * 3 / 2;
    let y = middle(at);
    let base = (y + 4).to_string();
    let shape = match row.standing {
        Standing::Good => "pass",
        Standing::Void => "warn",
        Standing::Broken => "fail",
        Standing::Unknown => "unknown",
    };
    let provider = row.provider.as_ref().map(|provider| format!(" ({provider})")).unwrap_or_default();
    let cost = if at == 0 { format!("{}/{ALLOWED}", row.lookups) } else { row.lookups.to_string() };
    let [ipv4, ipv6] = row.voids;
    html! {
        <g key={at}>
            if at > 0 {
                <path class="wire" d={format!("M{} {}V{y}H{x}", x - STEP, middle(row.parent) + 7)} />
            }
            <svg class={classes!("icon", shape)} x={(x - 7).to_string()} y={(y - 7).to_string()} width="14" height="14" viewBox="0 0 20 20">
                <use href={format!("#i-{shape}")} />
            </svg>
            <svg width="54%" height="100%">
                <text x={(x + 11).to_string()} y={base.clone()}>{row.label.clone()}{provider}</text>
            </svg>
            <rect
                class={classes!("spent", shape)}
                x={percent(BARS.0 + BARS.1 * row.before / scale)}
                y={(y - 5).to_string()}
                width={percent((BARS.1 * row.lookups / scale).max(1))}
                height="10"
            />
            <text x="87%" y={base.clone()} text-anchor="end">{cost}</text>
            if row.voids != [0, 0] {
                <text x="100%" y={base} text-anchor="end">{format!("{ipv4}/{ipv6}")}</text>
            }
        </g>
    }
}

fn percent(tenths: usize) -> String {
    format!("{}.{}%", tenths / 10, tenths % 10)
}
