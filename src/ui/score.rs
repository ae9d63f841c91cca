//! The score: grade, points, sub-totals, and what was not judged.

use yew::prelude::*;

use crate::assess::Assessment;
use crate::report::{LevelScore, Score};

use super::progress::tally;
use super::words::{level_words, profile_sentence};

/// The section that opens the report; `weights` is the whole table behind it.
pub fn score_section(assessment: &Assessment, international: Option<&str>, running: bool, weights: Html) -> Html {
    let report = &assessment.report;
    let score = &report.score;
    // Nothing applies to a domain that does not exist.
    let applies = score.lines.iter().any(|line| line.applies);
    let (points, grade) = if running { (None, None) } else { (score.points, score.grade) };
    html! {
        <section
            id="score" aria-labelledby="score-title" data-points={points.map(|points| points.to_string())}
            data-grade={grade.map(|grade| grade.label())}
        >
            <div class="score">
                {ring(points, grade.map(|grade| grade.label()), running)}
                <div class="verdict">
                    <h2 id="score-title" class="domain">
                        if let Some(name) = international {
                            <bdi>{name.to_owned()}</bdi><span class="ascii">{format!(" {}", report.domain)}</span>
                        } else {
                            {report.domain.to_string()}
                        }
                    </h2>
                    if running {
                        <p class="lead">{"Looking things up. What is known already stands below."}</p>
                    } else {
                        <p class="lead">{tally(report)}</p>
                    }
                    if let Some(sentence) = profile_sentence(report.profile).filter(|_| !running && applies) {
                        <p>{text!(sentence)}</p>
                    }
                    if let Some(reason) = score.reason.as_ref().filter(|_| !running) {
                        <p id="no-score" class="note">{reason}</p>
                    }
                </div>
                <ul class="levels">{for score.levels.iter().map(level)}</ul>
            </div>
            if !running && applies {
                {not_judged(score)}
                {weights}
            }
        </section>
    }
}

/// Grade and points in a ring that fills with the points.
fn ring(points: Option<u8>, grade: Option<&'static str>, running: bool) -> Html {
    let share = points.unwrap_or(0);
    html! {
        <div class={classes!("ring", running.then_some("waiting"))}>
            <svg viewBox="0 0 120 120" aria-hidden="true" focusable="false">
                <circle class="track" cx="60" cy="60" r="52" />
                <circle class="share" cx="60" cy="60" r="52" pathLength="100" stroke-dasharray={format!("{share} 100")} />
            </svg>
            <p>
                if let (Some(grade), Some(points)) = (grade, points) {
                    <span class="visually-hidden">{"Grade "}</span><b class="grade">{grade}</b>
                    <span class="points">{tr!("{points} of 100", points)}</span>
                } else {
                    <b class="grade" aria-hidden="true">{if running { "…" } else { "–" }}</b>
                    <span class="points">{text!(if running { "counting" } else { "no score" })}</span>
                }
            </p>
        </div>
    }
}

/// One sub-total.
fn level(level: &LevelScore) -> Html {
    let (id, word) = level_words(level.level);
    let of = level.of.max(1);
    html! {
        <li key={id}>
            <span class="name">{text!(word)}</span>
            <span class="sum">
                if level.of == 0 {
                    {"not needed"}
                } else if level.judged == 0 {
                    {"not known"}
                } else {
                    {tr!("{} of {}", level.earned, level.of)}
                }
            </span>
            <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <rect class="track" width="100" height="4" />
                <rect class="judged" width={(u32::from(level.judged) * 100 / u32::from(of)).to_string()} height="4" />
                <rect class="share" width={(u32::from(level.earned) * 100 / u32::from(of)).to_string()} height="4" />
            </svg>
        </li>
    }
}

/// What earns nothing and costs nothing because nobody could see it.
fn not_judged(score: &Score) -> Html {
    let unseen: Vec<&str> =
        score.lines.iter().filter(|line| line.applies && line.earned.is_none()).map(|line| &*line.label).collect();
    if unseen.is_empty() {
        return html! { <p id="not-judged" class="hint">{"Every point of the score was judged."}</p> };
    }
    let points: u32 = score
        .lines
        .iter()
        .filter(|line| line.applies && line.earned.is_none())
        .map(|line| u32::from(line.points))
        .sum();
    html! {
        <p id="not-judged" class="hint">
            {tr!("Not judged, so neither earned nor lost ({n} point): {items}." | "Not judged, so neither earned nor lost ({n} points): {items}." % points, items = unseen.join("; "))}
        </p>
    }
}
