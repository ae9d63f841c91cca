//! Sessions over time: bars for those that succeeded, and below them, on a scale of their own, for those that failed.

use yew::prelude::*;

use crate::reports::{Day, Sessions};
use crate::time::UnixTime;

use super::hosted::hosted;
use super::locale::grouped;
use super::reports_table::{Cell, ReportsTable};

/// Most bars; where there are more days, each stands for several.
const MAX_BARS: i64 = 92;
/// Fewer bars do not fill the picture: a day would look like a wall.
const MIN_BARS: i64 = 20;
/// Days that a bar may stand for.
const LENGTHS: [i64; 5] = [1, 7, 28, 91, 364];
/// Seconds of a day.
const DAY: i64 = 86_400;
/// Where the bars of both kinds stand, and how high the highest one is.
const GOOD: (u64, u64) = (104, 84);
const BAD: (u64, u64) = (182, 50);

/// A bar.
#[derive(Clone, Default, PartialEq)]
struct Bar {
    /// The place among all bars.
    at: i64,
    /// The first day.
    from: String,
    /// The last day with a report.
    until: String,
    reports: u64,
    sessions: Sessions,
}

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The days, in order.
    pub days: Vec<Day>,
}

/// The picture, and the same as a table.
#[component]
pub fn ReportsChart(props: &Props) -> Html {
    let (length, count, bars) = bars(&props.days);
    let most = |of: fn(&Sessions) -> u64| bars.iter().map(|bar| of(&bar.sessions)).max().unwrap_or(0);
    let (good, bad) = (most(|sessions| sessions.successful), most(|sessions| sessions.failed));
    let each = match length {
        1 => tr!("a day"),
        days => tr!("in {days} days", days),
    };
    let (first, last) = (bars.first().map(|bar| bar.from.clone()), bars.last().map(|bar| bar.until.clone()));
    let words = tr!(
        "Sessions from {} to {}: at most {} successful and {} failed {each}. The table below says the same.",
        first.clone().unwrap_or_default(),
        last.clone().unwrap_or_default(),
        grouped(good),
        grouped(bad),
        each
    );
    // Below the last bar; where there is no room beside the first date, to the right of it.
    let place = bars.last().map_or(0, |bar| bar.at + 1);
    let anchor = if place * 2 > count { "end" } else { "start" };
    let rows: Vec<Vec<Cell>> = bars.iter().rev().map(row).collect();
    let all = rows.len();
    html! {
        <section aria-labelledby="reports-chart-title" hidden={bars.is_empty()}>
            <h3 id="reports-chart-title">{"Sessions over time"}</h3>
            <svg class="picture" role="img" aria-label={words} height="204">
                <text y="14">{tr!("successful, at most {} {each}", grouped(good), each)}</text>
                {band(&bars, count, GOOD, good, "spent pass", |sessions| sessions.successful)}
                <text y="124">{tr!("failed, at most {} {each}", grouped(bad), each)}</text>
                {band(&bars, count, BAD, bad, "spent fail", |sessions| sessions.failed)}
                <text y="200">{first.clone()}</text>
                if last != first {
                    <text x={thousandths(place * 100_000 / count)} y="200" text-anchor={anchor}>{last.clone()}</text>
                }
            </svg>
            <details class="detail">
                <summary>{"The same as a table"}</summary>
                {hosted!(ReportsTable {
                    id: "reports-days", title: "Sessions by day",
                    columns: vec!["From", "Until", "Reports", "Successful", "Failed"], rows, all,
                })}
            </details>
        </section>
    }
}

fn row(bar: &Bar) -> Vec<Cell> {
    vec![
        Cell::Text(bar.from.clone()),
        Cell::Text(bar.until.clone()),
        Cell::Number(bar.reports),
        Cell::Number(bar.sessions.successful),
        Cell::Number(bar.sessions.failed),
    ]
}

/// The bars of one kind on their line.
fn band(
    bars: &[Bar],
    count: i64,
    (line, height): (u64, u64),
    most: u64,
    class: &'static str,
    of: fn(&Sessions) -> u64,
) -> Html {
    html! {
        <g>
            <line class="wire" x1="0" x2="100%" y1={line.to_string()} y2={line.to_string()} />
            {for bars.iter().filter(|bar| of(&bar.sessions) > 0).map(|bar| {
                let sessions = of(&bar.sessions);
                // Whoever reports one session among millions has a bar too.
                let high = (u128::from(sessions) * u128::from(height) / u128::from(most.max(1))).max(2);
                let high = u64::try_from(high).unwrap_or(height);
                html! {
                    <rect
                        key={bar.at.to_string()} {class} x={thousandths(bar.at * 100_000 / count)} width={thousandths(80_000 / count)}
                        y={(line - high.min(line)).to_string()} height={high.to_string()}
                    >
                        <title>{format!("{}: {}", bar.from, grouped(sessions))}</title>
                    </rect>
                }
            })}
        </g>
    }
}

/// How many days a bar stands for, how many bars there is room for, and the bars that are not empty.
fn bars(days: &[Day]) -> (i64, i64, Vec<Bar>) {
    let numbered: Vec<(i64, &Day)> = days.iter().filter_map(|day| Some((number(&day.date)?, day))).collect();
    let (Some((first, _)), Some((last, _))) = (numbered.first(), numbered.last()) else { return (1, 1, Vec::new()) };
    let span = last - first + 1;
    let length = LENGTHS.into_iter().find(|length| span <= length * MAX_BARS).unwrap_or(span / MAX_BARS + 1);
    let mut bars: Vec<Bar> = Vec::new();
    for (number, day) in &numbered {
        let at = (number - first) / length;
        if bars.last().is_none_or(|bar| bar.at != at) {
            bars.push(Bar { at, from: UnixTime((first + at * length) * DAY).date(), ..Bar::default() });
        }
        if let Some(bar) = bars.last_mut() {
            bar.until.clone_from(&day.date);
            bar.reports = bar.reports.saturating_add(day.reports);
            bar.sessions.successful = bar.sessions.successful.saturating_add(day.sessions.successful);
            bar.sessions.failed = bar.sessions.failed.saturating_add(day.sessions.failed);
        }
    }
    (length, ((span + length - 1) / length).max(MIN_BARS), bars)
}

/// The number of a day.
fn number(date: &str) -> Option<i64> {
    UnixTime::parse_rfc3339(&format!("{date}T00:00:00Z")).ok().map(|UnixTime(seconds)| seconds.div_euclid(DAY))
}

/// Thousandths of a per cent.
fn thousandths(number: i64) -> String {
    format!("{}.{:03}%", number / 1000, number % 1000)
}
