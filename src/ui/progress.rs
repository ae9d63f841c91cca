//! How far the look-ups are, and what came out in one sentence.

use yew::prelude::*;

use crate::checks::{Outcome, Status};
use crate::report::Report;
use crate::web::Update;

use super::state::Phase;

/// A line that counts look-ups as they land. It is not read out each time: begin and end are announced instead.
pub fn progress(phase: Phase, offline: bool, update: Option<&Update>) -> Html {
    let (answered, asked) = update.map_or((0, 0), |update| (update.answered, update.asked));
    let text = match phase {
        Phase::Idle => String::new(),
        Phase::Running => tr!("{answered} of {asked} look-ups", answered, asked),
        Phase::Cancelled => tr!("Stopped after {answered} of {asked} look-ups; the rest is unknown", answered, asked),
        Phase::Done if offline => tr!("Offline: 0 look-ups, only what you supplied"),
        Phase::Done => tr!("{answered} of {asked} look-ups", answered, asked),
    };
    html! {
        <div class="progress" hidden={phase == Phase::Idle}>
            <p id="progress" role="status" aria-live="off">{text}</p>
            if phase == Phase::Running {
                <progress aria-label="Look-ups" max={asked.max(1).to_string()} value={answered.to_string()} />
            }
        </div>
    }
}

/// The outcome in one sentence.
pub fn summary(report: &Report) -> String {
    let score = match (report.score.grade, report.score.points) {
        (Some(grade), Some(points)) => tr!("Grade {}, {points} of 100 points. ", grade.label(), points),
        _ => tr!("No score. "),
    };
    tr!("{}: {score}{}", report.domain, tally(report), score)
}

/// How much there is to do, and how much could not be seen.
pub fn tally(report: &Report) -> String {
    let all = || std::iter::once(&report.mail_servers).chain(&report.technologies);
    if all().all(|technology| matches!(technology.status, Status::Unknown | Status::NotApplicable)) {
        return tr!(
            "Nothing could be seen. Perhaps this browser cannot reach a DNS-over-HTTPS resolver: a company network or an \
                extension may block it. Enter another resolver above, or supply a zone file."
        );
    }
    let findings = |outcome| report.findings.iter().filter(|finding| finding.outcome == outcome).count();
    let missing = all().filter(|technology| technology.status == Status::Absent).count();
    let (fails, warns) = (findings(Outcome::Fail), findings(Outcome::Warn));
    let part = |number: usize, words: fn(usize) -> String| (number > 0).then(|| words(number));
    let parts: Vec<String> = [
        part(fails, |number| tr!("{number} to fix", number)),
        part(warns, |number| tr!("{number} to improve", number)),
        part(missing, |number| tr!("{number} not there yet", number)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let todo = if parts.is_empty() { tr!("Nothing to mend") } else { parts.join(", ") };
    match report.unknown.len() {
        0 => format!("{todo}."),
        unseen => tr!("{todo}; {} could not be seen.", tr!("{n} thing" | "{n} things" % unseen), todo),
    }
}
