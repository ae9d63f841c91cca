//! The whole table of weights, line by line: how each point is earned and what this domain got.

use yew::prelude::*;

use crate::checks::Level;
use crate::report::{LevelScore, Score, ScoreLine};

use super::prose::prose;
use super::words::level_words;

/// The table, folded away.
pub fn score_table(score: &Score) -> Html {
    html! {
        <details id="weights">
            <summary>{"How every point is earned, and what this domain got"}</summary>
            <p class="hint">
                {"The score is the share of the judged points that is earned. What could not be looked up is left out on both \
                  sides; with less than half of the points judged there is no score. Grade A means everything essential and \
                  important is complete, A+ the advanced part too. Advanced points never lower a grade."}
            </p>
            <table class="weights">
                <thead>
                    <tr>
                        <th scope="col">{"What"}</th>
                        <th scope="col" class="number">{"Got"}</th>
                        <th scope="col" class="number">{"Of"}</th>
                    </tr>
                </thead>
                {for score.levels.iter().map(|level| body(level, &score.lines))}
            </table>
        </details>
    }
}

/// The lines of one level with its sub-total.
fn body(level: &LevelScore, lines: &[ScoreLine]) -> Html {
    let (id, word) = level_words(level.level);
    html! {
        <tbody key={id}>
            <tr class="total">
                <th scope="rowgroup">{text!(word)}<span class="hint">{text!(weight(level.level))}</span></th>
                <td class="number">{level.earned}</td>
                <td class="number">{level.of}</td>
            </tr>
            {for lines.iter().filter(|line| line.level == level.level).map(row)}
        </tbody>
    }
}

/// What a level is worth, where everything applies.
fn weight(level: Level) -> &'static str {
    match level {
        Level::Essential => " 60 points where everything applies",
        Level::Important => " 25 points where everything applies",
        Level::Advanced => " 15 points where everything applies",
    }
}

/// One line.
fn row(line: &ScoreLine) -> Html {
    let (state, got) = match (line.applies, line.earned) {
        (false, _) => ("not-applicable", tr!("not needed")),
        (true, None) => ("unknown", tr!("not seen")),
        (true, Some(earned)) if earned == line.points => ("pass", earned.to_string()),
        (true, Some(earned)) => ("short", earned.to_string()),
    };
    html! {
        <tr key={&*line.id} data-item={line.id.to_string()} data-state={state}>
            <th scope="row">{prose(&line.label)}<span class="how">{prose(&line.how)}</span></th>
            <td class="number">{got}</td>
            <td class="number">{line.points}</td>
        </tr>
    }
}
