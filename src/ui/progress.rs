//! How far the look-ups are, and what came out in one sentence.

use yew::prelude::*;

use crate::checks::{Outcome, Status};
use crate::report::Report;
use crate::web::Update;

use super::state::Phase;
use super::words::count;

/// A line that counts look-ups as they land. It is not read out each time: begin and end are announced instead.
pub fn progress(phase: Phase, offline: bool, update: Option<&Update>) -> Html {
    let (answered, asked) = update.map_or((0, 0), |update| (update.answered, update.asked));
    let text = match phase {
        Phase::Idle => String::new(),
        Phase::Running => format!("{answered} of {asked} look-ups"),
        Phase::Cancelled => format!("Stopped after {answered} of {asked} look-ups; the rest is unknown"),
        Phase::Done if offline => "Offline: 0 look-ups, only what you supplied".into(),
        Phase::Done => format!("{answered} of {asked} look-ups"),
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
        (Some(grade), Some(points)) => format!("Grade {}, {points} of 100 points. ", grade.label()),
        _ => "No score. ".into(),
    };
    format!("{}: {score}{}", report.domain, tally(report))
}

/// How much there is to do, and how much could not be seen.
pub fn tally(report: &Report) -> String {
    let all = || std::iter::once(&report.mail_servers).chain(&report.technologies);
    if all().all(|technology| matches!(technology.status, Status::Unknown | Status::NotApplicable)) {
        return "Nothing could be seen. Perhaps this browser cannot reach a DNS-over-HTTPS resolver: a company network or an \
                extension may block it. Enter another resolver above, or supply a zone file."
            .into();
    }
    let findings = |outcome| report.findings.iter().filter(|finding| finding.outcome == outcome).count();
    let missing = all().filter(|technology| technology.status == Status::Absent).count();
    let (fails, warns) = (findings(Outcome::Fail), findings(Outcome::Warn));
    let parts: Vec<String> = [(fails, "to fix"), (warns, "to improve"), (missing, "not there yet")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
    let todo = if parts.is_empty() { "Nothing to mend".into() } else { parts.join(", ") };
    match report.unknown.len() {
        0 => format!("{todo}."),
        unseen => format!("{todo}; {} could not be seen.", count(unseen, "thing", "things")),
    }
}
