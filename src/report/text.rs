//! The report as plain text for a terminal, and as Markdown for a ticket or a mail.

use std::fmt::Write;

use crate::checks::{Finding, Level, Outcome, Status};

use super::road::{Road, RoadState};
use super::{MatrixRow, Report, TechnologyReport};

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

    /// The report as Markdown.
    pub fn to_markdown(&self) -> String {
        let mut out = String::new();
        let _ = self.write_markdown(&mut out);
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
            writeln!(out, "  {}. {}\n     {}", at + 1, step.step, step.why)?;
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
            writeln!(out, "  - {}: {}", unknown.what, unknown.why)?;
            if !unknown.how.is_empty() {
                writeln!(out, "    {}", indented(&unknown.how, "    "))?;
            }
        }
        Ok(())
    }

    fn write_checklist(&self, out: &mut String, heading: &str, indent: &str) -> std::fmt::Result {
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

    fn write_markdown(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "# Mail security of {}\n", self.domain)?;
        writeln!(out, "{}, judged {}.\n", score_sentence(self), self.taken_at)?;
        if let Some(note) = &self.basics_first {
            writeln!(out, "> {note}\n")?;
        }
        writeln!(out, "| Level | Earned | Judged | Of |\n|---|--:|--:|--:|")?;
        for level in &self.score.levels {
            writeln!(out, "| {} | {} | {} | {} |", level_label(level.level), level.earned, level.judged, level.of)?;
        }
        writeln!(out, "\n## Priority matrix\n")?;
        writeln!(
            out,
            "| Technology | Priority | Difficulty | Prerequisites | Status | Next step |\n|---|---|---|---|---|---|"
        )?;
        for row in MatrixRow::MATRIX {
            let Some(technology) = self.technology(row.technology) else { continue };
            writeln!(
                out,
                "| {} | {} | {} | {} | {} | {} |",
                row.technology.label(),
                row.priority.label(),
                row.difficulty.label(),
                row.prerequisites,
                status_label(technology.status),
                cell(technology.next_step.as_deref().unwrap_or("nothing left to do"))
            )?;
        }
        self.write_checklist(out, "\n## Checklist\n\n", "- ")?;
        if !self.plan.is_empty() {
            writeln!(out, "\n## Plan\n")?;
        }
        for (at, step) in self.plan.iter().enumerate() {
            writeln!(out, "{}. **{}** {}", at + 1, inline(&step.step), inline(&step.why))?;
            for publish in &step.publish {
                write_fenced(out, &publish.zone_line(), "   ")?;
            }
        }
        writeln!(out, "\n## Findings")?;
        for technology in std::iter::once(&self.mail_servers).chain(&self.technologies) {
            self.write_markdown_section(out, technology)?;
        }
        if !self.unknown.is_empty() {
            writeln!(out, "\n## Could not be seen\n")?;
        }
        for unknown in &self.unknown {
            writeln!(out, "- **{}**: {} {}", inline(&unknown.what), inline(&unknown.why), inline_code(&unknown.how))?;
        }
        Ok(())
    }

    fn write_markdown_section(&self, out: &mut String, technology: &TechnologyReport) -> std::fmt::Result {
        writeln!(out, "\n### {}: {}\n", technology.id.label(), status_label(technology.status))?;
        for published in &technology.published {
            writeln!(out, "`{}` {}:\n", published.name.replace('`', "'"), published.record_type)?;
            write_fenced(out, &shown_lines(&published.value), "")?;
            writeln!(out)?;
        }
        for finding in self.findings_of(technology.id) {
            let references = finding.references.join(", ");
            writeln!(
                out,
                "- **{}** {}: {} ({references}, `{}`)",
                outcome_label(finding.outcome),
                inline(&finding.title),
                inline(&finding.detail),
                finding.id
            )?;
            if let Some(fix) = &finding.fix {
                writeln!(out, "  Fix: {}", inline_code(fix))?;
            }
            for publish in &finding.publish {
                write_fenced(out, &publish.zone_line(), "  ")?;
            }
        }
        Ok(())
    }
}

fn write_finding(out: &mut String, finding: &Finding) -> std::fmt::Result {
    writeln!(
        out,
        "  {:<7} {} [{}; {}]",
        outcome_label(finding.outcome),
        finding.title,
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

/// A fenced block that its content cannot close.
fn write_fenced(out: &mut String, text: &str, indent: &str) -> std::fmt::Result {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    writeln!(out, "\n{indent}{fence}")?;
    for line in text.lines() {
        writeln!(out, "{indent}{line}")?;
    }
    writeln!(out, "{indent}{fence}")
}

/// A text of strangers on one terminal line: control characters, which could drive the terminal, become visible.
pub(super) fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { control_picture(c) } else { c }).collect()
}

/// The same for a text of several lines.
fn shown_lines(text: &str) -> String {
    text.lines().map(shown).collect::<Vec<_>>().join("\n")
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

/// A text of strangers inside a Markdown line: nothing in it is markup.
fn inline(text: &str) -> String {
    let mut out = String::new();
    for character in shown(&text.replace('\n', " ")).chars() {
        if matches!(character, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '`' | '!') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// The same, with what stands in backticks kept as code.
fn inline_code(text: &str) -> String {
    let mut out = String::new();
    for (at, part) in text.split('`').enumerate() {
        if at % 2 == 0 {
            out.push_str(&inline(part));
        } else {
            let _ = write!(out, "`{}`", shown(&part.replace('\n', " ")));
        }
    }
    out
}

/// A Markdown table cell.
fn cell(text: &str) -> String {
    inline_code(text)
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
    fn strangers_write_no_markup_and_no_terminal_codes() {
        assert_eq!(shown("a\u{1b}[31mb\n"), "a␛[31mb␊");
        assert_eq!(inline("<b>*x*_[y](z)|"), "\\<b\\>\\*x\\*\\_\\[y\\](z)\\|");
        assert_eq!(inline_code("run `dig *` *"), "run `dig *` \\*");
        let mut out = String::new();
        write_fenced(&mut out, "a\n````\nb", "").unwrap();
        assert!(out.starts_with("\n`````\n"));
    }
}
