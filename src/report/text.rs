//! The report as plain text for a terminal.

use std::fmt::Write;

use crate::checks::{Finding, Level, Outcome, Status};

use super::Report;
use super::road::{Road, RoadState};

/// The word for a status, as it is shown everywhere.
pub fn status_label(status: Status) -> &'static str {
    match status {
        Status::Pass => "in place",
        Status::Warn => "needs attention",
        Status::Fail => "broken",
        Status::Absent => "not set up",
        Status::Unknown => "unknown",
        Status::NotApplicable => "not applicable",
    }
}

/// The word for an outcome.
pub fn outcome_label(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Info => "info",
        Outcome::Warn => "warning",
        Outcome::Fail => "fail",
        Outcome::Unknown => "unknown",
    }
}

/// The word for a level.
pub fn level_label(level: Level) -> &'static str {
    match level {
        Level::Essential => "Essential",
        Level::Important => "Important",
        Level::Advanced => "Advanced",
    }
}

/// One sentence on the score: points and grade, or why there is none.
pub fn score_sentence(report: &Report) -> String {
    match (report.score.points, report.score.grade) {
        (Some(points), Some(grade)) => format!("{points} of 100 points, grade {}", grade.label()),
        _ => report.score.reason.clone().unwrap_or_else(|| "no score".into()),
    }
}

impl Report {
    /// The report for a terminal: no colours, lines as long as they are.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        // Writing into a String cannot fail.
        let _ = self.write_text(&mut out);
        out
    }

    fn write_text(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "{}: {}", self.domain, score_sentence(self))?;
        for level in &self.score.levels {
            let unjudged = level.of.saturating_sub(level.judged);
            write!(out, "  {:<10} {:>2} of {:>2}", level_label(level.level), level.earned, level.of)?;
            if unjudged > 0 {
                write!(out, "  ({unjudged} not judged)")?;
            }
            writeln!(out)?;
        }
        if let Some(note) = &self.basics_first {
            writeln!(out, "\n{note}")?;
        }
        for technology in std::iter::once(&self.mail_servers).chain(&self.technologies) {
            writeln!(out, "\n{}: {}", technology.id.label(), status_label(technology.status))?;
            for published in technology.published.iter().filter(|published| published.record_type != "file") {
                writeln!(out, "  {} {} {}", published.name, published.record_type, shown(&published.value))?;
            }
            for finding in self.findings_of(technology.id) {
                write_finding(out, finding)?;
            }
        }
        self.write_mail_hosts(out)?;
        self.write_checklist(out, "\nChecklist\n", "  ")?;
        if !self.plan.is_empty() {
            writeln!(out, "\nPlan")?;
        }
        for (at, step) in self.plan.iter().enumerate() {
            writeln!(out, "  {}. {}\n     {}", at + 1, shown(&step.step), shown(&step.why))?;
            for publish in &step.publish {
                writeln!(out, "       {}", indented(&publish.zone_line(), "       "))?;
            }
        }
        if let Some(road) = Road::of(self) {
            write_road(out, &road)?;
        }
        if !self.unknown.is_empty() {
            writeln!(out, "\nCould not be seen")?;
        }
        for unknown in &self.unknown {
            writeln!(out, "  - {}: {}", shown(&unknown.what), shown(&unknown.why))?;
            if !unknown.how.is_empty() {
                writeln!(out, "    {}", indented(&unknown.how, "    "))?;
            }
        }
        Ok(())
    }

    pub(super) fn write_checklist(&self, out: &mut String, heading: &str, indent: &str) -> std::fmt::Result {
        write!(out, "{heading}")?;
        for item in &self.checklist {
            let mark = match item.done {
                Some(true) => "[x]",
                Some(false) => "[ ]",
                None if item.applies => "[?]",
                None => "[-]",
            };
            writeln!(out, "{indent}{mark} {} ({})", item.label, level_label(item.level).to_ascii_lowercase())?;
        }
        Ok(())
    }
}

fn write_finding(out: &mut String, finding: &Finding) -> std::fmt::Result {
    writeln!(
        out,
        "  {:<7} {} [{}; {}]",
        outcome_label(finding.outcome),
        shown(&finding.title),
        finding.id,
        finding.references.join(", ")
    )?;
    if !finding.detail.is_empty() {
        writeln!(out, "          {}", shown(&finding.detail))?;
    }
    if let Some(place) = &finding.at
        && let Some(text) = place.record.get(place.start..place.end)
        && !text.is_empty()
    {
        writeln!(out, "          at bytes {}–{} of {}: {}", place.start, place.end, place.name, shown(text))?;
    }
    if let Some(fix) = &finding.fix {
        writeln!(out, "          fix: {}", indented(fix, "          "))?;
    }
    for publish in &finding.publish {
        writeln!(out, "            {}", indented(&publish.zone_line(), "            "))?;
    }
    Ok(())
}

/// The road in short: where the domain stands, and each step with its day.
fn write_road(out: &mut String, road: &Road) -> std::fmt::Result {
    writeln!(out, "\nThe road of MTA-STS\n  {}", road.stands)?;
    for step in &road.steps {
        let mark = match step.state {
            RoadState::Done => "[x]",
            RoadState::Now => "[>]",
            RoadState::Later => "[ ]",
            RoadState::Unknown => "[?]",
        };
        let day = step.on.as_deref().map_or(String::new(), |day| format!(" (from {day})"));
        writeln!(out, "  {mark} {}{day}", step.title)?;
    }
    Ok(())
}

/// A text of strangers on one terminal line: control characters, which could drive the terminal, become visible.
pub(super) fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || turns(c) { control_picture(c) } else { c }).collect()
}

/// The same for a text of several lines.
pub(super) fn shown_lines(text: &str) -> String {
    text.lines().map(shown).collect::<Vec<_>>().join("\n")
}

/// Whether a character is not seen itself and changes the order or the place of others: a record could show what it is not.
fn turns(character: char) -> bool {
    matches!(character, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The picture of a control character (Unicode block Control Pictures).
fn control_picture(character: char) -> char {
    match u32::from(character) {
        code @ 0..=0x1F => char::from_u32(0x2400 + code).unwrap_or('\u{FFFD}'),
        0x7F => '\u{2421}',
        _ => '\u{FFFD}',
    }
}

/// The lines after the first, set in; control characters made visible.
fn indented(text: &str, indent: &str) -> String {
    shown_lines(text).replace('\n', &format!("\n{indent}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::assess;
    use crate::checks::Options;
    use crate::evidence::Evidence;
    use crate::name::DomainName;
    use crate::records::Technology;
    use crate::time::UnixTime;

    #[test]
    fn both_forms_name_every_technology() {
        let domain = DomainName::parse("acme.example").unwrap();
        let report = assess(&domain, &Options::default(), &Evidence::new(), UnixTime(0)).report;
        for text in [report.to_text(), report.to_markdown()] {
            for technology in Technology::ALL {
                assert!(text.contains(technology.label()), "{technology:?}");
            }
        }
    }

    #[test]
    fn strangers_write_no_terminal_codes() {
        assert_eq!(shown("a\u{1b}[31mb\n"), "a␛[31mb␊");
        assert_eq!(shown("reject\u{202e}enon=p"), "reject\u{fffd}enon=p", "what turns the order of letters round");
    }
}
