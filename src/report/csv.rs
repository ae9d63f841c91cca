//! The report as a table for spreadsheets: one line for the score, each technology, finding and step.

use crate::checks::{Finding, Publish, Step};
use crate::csv::line;

use super::text::{outcome_label, score_sentence, shown_lines, status_label};
use super::{Report, TechnologyReport};

/// The first line.
const HEADING: [&str; 12] = [
    "row",
    "domain",
    "judged",
    "technology",
    "id",
    "outcome",
    "title",
    "detail",
    "why",
    "fix",
    "publish",
    "references",
];

/// What a line says besides domain and time.
#[derive(Default)]
struct Row<'r> {
    kind: &'r str,
    technology: &'r str,
    id: &'r str,
    outcome: &'r str,
    title: &'r str,
    detail: &'r str,
    why: &'r str,
    fix: &'r str,
    publish: &'r [Publish],
    references: String,
}

impl Report {
    /// The report as CSV (RFC 4180). No cell is a formula for a spreadsheet, whatever a record holds.
    pub fn to_csv(&self) -> String {
        let mut csv = String::new();
        line(&mut csv, HEADING);
        let sentence = score_sentence(self);
        let grade = self.score.grade.map_or("unknown", |grade| grade.label());
        self.write_row(&mut csv, Row { kind: "score", outcome: grade, title: &sentence, ..Row::default() });
        for technology in std::iter::once(&self.mail_servers).chain(&self.technologies) {
            self.write_row(&mut csv, technology_row(technology));
            for finding in self.findings_of(technology.id) {
                self.write_row(&mut csv, finding_row(finding));
            }
        }
        for step in &self.plan {
            self.write_row(&mut csv, step_row(step));
        }
        csv
    }

    fn write_row(&self, csv: &mut String, row: Row<'_>) {
        let published: Vec<String> = row.publish.iter().map(Publish::zone_line).collect();
        let cells = [
            row.kind,
            self.domain.as_str(),
            &self.taken_at.to_string(),
            row.technology,
            row.id,
            row.outcome,
            row.title,
            row.detail,
            row.why,
            row.fix,
            &published.join("\n"),
            &row.references,
        ]
        .map(shown_lines);
        line(csv, cells.iter().map(String::as_str));
    }
}

fn technology_row(technology: &TechnologyReport) -> Row<'_> {
    Row {
        kind: "technology",
        technology: technology.id.label(),
        id: technology.id.id(),
        outcome: status_label(technology.status),
        title: technology.next_step.as_deref().unwrap_or("nothing left to do"),
        ..Row::default()
    }
}

fn finding_row(finding: &Finding) -> Row<'_> {
    Row {
        kind: "finding",
        technology: finding.technology.label(),
        id: &finding.id,
        outcome: outcome_label(finding.outcome),
        title: &finding.title,
        detail: &finding.detail,
        why: &finding.why,
        fix: finding.fix.as_deref().unwrap_or_default(),
        publish: &finding.publish,
        references: finding.references.join("; "),
    }
}

fn step_row(step: &Step) -> Row<'_> {
    Row {
        kind: "step",
        technology: step.technology.label(),
        title: &step.step,
        why: &step.why,
        publish: &step.publish,
        ..Row::default()
    }
}
