//! The comparison in plain words.

use std::fmt::Write;

use crate::report::text::{outcome_label, shown, status_label};

use super::{Comparison, FindingChange, RecordChange, Standing, What};

/// Longest value that is written out, in characters; the JSON form has all of it.
const MAX_VALUE: usize = 400;

impl Comparison {
    /// The comparison for a terminal.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        // Writing into a String cannot fail.
        let _ = self.write_text(&mut out);
        out
    }

    fn write_text(&self, out: &mut String) -> std::fmt::Result {
        let (before, after) = (&self.before, &self.after);
        writeln!(out, "{}: {} → {}", self.domain, before.taken_at, after.taken_at)?;
        if before.taken_at > after.taken_at {
            writeln!(out, "The first file is the later one: read everything below the other way round.")?;
        }
        writeln!(out, "{}", self.score_sentence())?;
        if self.is_empty() {
            return writeln!(out, "Nothing has changed.");
        }
        if !self.technologies.is_empty() {
            writeln!(out, "\nHow the technologies stand")?;
        }
        for change in &self.technologies {
            let (before, after) = (status_label(change.before), status_label(change.after));
            writeln!(out, "  {:<8} {before} → {after}", change.id.label())?;
        }
        if !self.findings.is_empty() {
            writeln!(out, "\nFindings")?;
        }
        for change in &self.findings {
            writeln!(out, "  {} [{}]", shown(&change.sentence()), change.id)?;
        }
        if !self.score.is_empty() {
            writeln!(out, "\nPoints")?;
        }
        for line in &self.score {
            let points = |points: Option<u8>| points.map_or_else(|| "not judged".into(), |points| points.to_string());
            let (before, after) = (points(line.before), points(line.after));
            writeln!(out, "  {before} → {after} of {}  {}", line.points, line.label)?;
        }
        if !self.records.list.is_empty() {
            writeln!(out, "\nRecords and files")?;
        }
        for change in &self.records.list {
            write_record(out, change)?;
        }
        if self.records.more > 0 {
            writeln!(out, "  and {} more", self.records.more)?;
        }
        Ok(())
    }

    /// The score before and after in one sentence.
    pub fn score_sentence(&self) -> String {
        let (before, after) = (self.before.words(), self.after.words());
        if before == after {
            return format!("Score: {after}, as before.");
        }
        let by = match (self.before.points, self.after.points) {
            (Some(before), Some(after)) if after > before => format!(", {} more", after - before),
            (Some(before), Some(after)) if after < before => format!(", {} fewer", before - after),
            _ => String::new(),
        };
        format!("Score: {before} → {after}{by}.")
    }
}

impl Standing {
    fn words(&self) -> String {
        match (self.points, self.grade) {
            (Some(points), Some(grade)) => format!("{points} of 100 points, grade {}", grade.label()),
            _ => "no score".into(),
        }
    }
}

impl FindingChange {
    /// What happened to the finding, in one sentence.
    pub fn sentence(&self) -> String {
        match (&self.before, &self.after) {
            (None, Some(after)) => format!("new: {}: {}", outcome_label(after.outcome), after.title),
            (Some(before), None) => format!("gone: {}: {}", outcome_label(before.outcome), before.title),
            (Some(before), Some(after)) if before.outcome == after.outcome => {
                format!("still {}: {} (was: {})", outcome_label(after.outcome), after.title, before.title)
            }
            (Some(before), Some(after)) => {
                format!("{} → {}: {}", outcome_label(before.outcome), outcome_label(after.outcome), after.title)
            }
            (None, None) => String::new(),
        }
    }
}

impl What {
    /// The word for it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::NewlySeen => "seen now (not known before)",
            Self::NotSeen => "not seen now (it may still be there)",
        }
    }
}

fn write_record(out: &mut String, change: &RecordChange) -> std::fmt::Result {
    let RecordChange { name, record_type, what, .. } = change;
    write!(out, "  {}: {} {record_type}", what.label(), shown(name))?;
    if let (Some(before), Some(after)) = (change.before_at, change.after_at) {
        write!(out, " ({before} → {after})")?;
    }
    writeln!(out)?;
    for (mark, values) in [('-', &change.gone), ('+', &change.new)] {
        for value in values {
            writeln!(out, "    {mark} {}", short(value))?;
        }
    }
    Ok(())
}

/// A value on one line, cut where it is very long.
fn short(value: &str) -> String {
    let mut characters = value.chars();
    let head: String = characters.by_ref().take(MAX_VALUE).collect();
    let more = characters.count();
    if more == 0 { shown(&head) } else { format!("{}… ({more} more characters)", shown(&head)) }
}
