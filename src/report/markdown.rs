//! The report as Markdown, for a ticket, a wiki or a mail.
//!
//! Records are strangers' texts: whatever is in them stays text. No markup, no HTML, no link and no end of a block comes
//! out of them, whether the reader follows CommonMark or GitHub's dialect of it.

use std::fmt::Write;

use super::text::{level_label, outcome_label, score_sentence, shown, shown_lines, status_label};
use super::{MatrixRow, Report, TechnologyReport};

impl Report {
    /// The report as Markdown.
    pub fn to_markdown(&self) -> String {
        let mut out = String::new();
        let _ = self.write_markdown(&mut out);
        out
    }

    fn write_markdown(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "# Mail security of {}\n", self.domain)?;
        writeln!(out, "{}, judged {}.\n", inline(&score_sentence(self)), self.taken_at)?;
        if let Some(note) = &self.basics_first {
            writeln!(out, "> {}\n", inline(note))?;
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
                inline_code(technology.next_step.as_deref().unwrap_or("nothing left to do"))
            )?;
        }
        self.write_checklist(out, "\n## Checklist\n\n", "- ")?;
        if !self.plan.is_empty() {
            writeln!(out, "\n## Plan\n")?;
        }
        for (at, step) in self.plan.iter().enumerate() {
            writeln!(out, "{}. **{}** {}", at + 1, inline_code(&step.step), inline_code(&step.why))?;
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
            writeln!(
                out,
                "- **{}**: {} {}",
                inline_code(&unknown.what),
                inline_code(&unknown.why),
                inline_code(&unknown.how)
            )?;
        }
        Ok(())
    }

    fn write_markdown_section(&self, out: &mut String, technology: &TechnologyReport) -> std::fmt::Result {
        writeln!(out, "\n### {}: {}\n", technology.id.label(), status_label(technology.status))?;
        for published in &technology.published {
            writeln!(out, "{} {}:\n", code(&published.name), inline(&published.record_type))?;
            write_fenced(out, &published.value, "")?;
            writeln!(out)?;
        }
        for finding in self.findings_of(technology.id) {
            let references = finding.references.join(", ");
            writeln!(
                out,
                "- **{}** {}: {} ({references}, `{}`)",
                outcome_label(finding.outcome),
                inline_code(&finding.title),
                inline_code(&finding.detail),
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

/// A fenced block that its content cannot close.
fn write_fenced(out: &mut String, text: &str, indent: &str) -> std::fmt::Result {
    // A lone carriage return ends a line for Markdown, and what follows it would stand outside of the list item.
    let text = shown_lines(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    writeln!(out, "\n{indent}{fence}")?;
    for line in text.lines() {
        writeln!(out, "{indent}{line}")?;
    }
    writeln!(out, "{indent}{fence}")
}

/// A text of strangers inside a Markdown line: nothing in it is markup. Addresses become code, for GitHub's dialect makes
/// links of them however they are escaped.
fn inline(text: &str) -> String {
    let text = shown(&text.replace('\n', " "));
    let mut out = String::new();
    for word in text.split_inclusive(' ') {
        let bare = word.trim_end_matches(' ');
        if bare.contains('@') || bare.contains(':') && LINKS.iter().any(|link| has(bare, link)) || has(bare, "www.") {
            out.push_str(&code(bare));
            out.push_str(word.get(bare.len()..).unwrap_or_default());
        } else {
            out.extend(word.chars().flat_map(|c| MARKUP.contains(c).then_some('\\').into_iter().chain([c])));
        }
    }
    out
}

/// What can be markup inside a line.
const MARKUP: &str = "\\*_[]<>#|`!&~$";
/// How the addresses begin that GitHub's dialect makes links of.
const LINKS: [&str; 5] = ["http:", "https:", "ftp:", "mailto:", "xmpp:"];

fn has(word: &str, part: &str) -> bool {
    word.to_ascii_lowercase().contains(part)
}

/// The same, with what stands in backticks kept as code.
fn inline_code(text: &str) -> String {
    let mut out = String::new();
    for (at, part) in text.split('`').enumerate() {
        out.push_str(&if at % 2 == 0 { inline(part) } else { code(part) });
    }
    out
}

/// A text of strangers as code; nothing where there is none, for two backticks side by side would begin something else.
fn code(text: &str) -> String {
    let text = shown(&text.replace('\n', " ").replace('`', "'"));
    // In a table a bar parts cells even in code; the picture of it does not.
    let text = text.replace('|', "¦");
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_write_no_markup() {
        assert_eq!(inline("<b>*x*_[y](z)|"), "\\<b\\>\\*x\\*\\_\\[y\\](z)\\|");
        assert_eq!(inline("&lt; (HTTPS://x) www.y a@`b"), "\\&lt; `(HTTPS://x)` `www.y` `a@'b`");
        assert_eq!(inline_code("run `dig *` *"), "run `dig *` \\*");
        assert_eq!(inline_code("`` `<b>`"), " `<b>`");
        let mut out = String::new();
        write_fenced(&mut out, "a\n````\nb\rc", "").unwrap();
        assert!(out.starts_with("\n`````\n"));
        assert!(!out.contains('\r'));
    }
}
