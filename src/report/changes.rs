//! What changed between two times: records, findings, points, and how the technologies stand.
//!
//! Whatever could not be seen on one side has not changed: it is told apart as newly seen or no longer seen.

mod records;
mod text;

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::checks::{Finding, Outcome, Status};
use crate::evidence::Evidence;
use crate::name::DomainName;
use crate::records::Technology;
use crate::time::UnixTime;

use super::{Grade, Report};

pub use records::{MAX_RECORDS, RecordChange, RecordChanges, What};

/// The `format` of the JSON form.
pub const FORMAT: &str = "mxray-diff/1";

/// Everything that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Always [`FORMAT`].
    pub format: Cow<'static, str>,
    /// The domain.
    pub domain: DomainName,
    /// The older state.
    pub before: Standing,
    /// The newer state.
    pub after: Standing,
    /// Whether it stands worse than before.
    pub worse: bool,
    /// Technologies that stand differently.
    pub technologies: Vec<StatusChange>,
    /// Lines of the score table that earn something else.
    pub score: Vec<PointsChange>,
    /// Findings that came, went or came to something else, worst first.
    pub findings: Vec<FindingChange>,
    /// Records and files that differ.
    pub records: RecordChanges,
}

/// One of the two states.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// When it was judged.
    pub taken_at: UnixTime,
    /// Points; `null` where there is no score.
    pub points: Option<u8>,
    /// Grade, likewise.
    pub grade: Option<Grade>,
}

/// A technology that stands differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    /// Which.
    pub id: Technology,
    /// How it stood.
    pub before: Status,
    /// How it stands.
    pub after: Status,
}

/// A line of the score table that earns something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointsChange {
    /// Stable identifier.
    pub id: Cow<'static, str>,
    /// What earns the points.
    pub label: Cow<'static, str>,
    /// Points earned before; `null` where it could not be judged or did not apply.
    pub before: Option<u8>,
    /// Points earned after, likewise.
    pub after: Option<u8>,
    /// Most points it can earn.
    pub points: u8,
}

/// A finding that came, went, or came to something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingChange {
    /// Id of the check.
    pub id: Cow<'static, str>,
    /// Whose finding it is.
    pub technology: Technology,
    /// What it was; `null` where it is new.
    pub before: Option<Told>,
    /// What it is; `null` where it is gone.
    pub after: Option<Told>,
}

/// What a finding says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What the check came to.
    pub outcome: Outcome,
    /// In one line.
    pub title: String,
    /// Exactly.
    pub detail: String,
}

impl Comparison {
    /// Compares two reports on one domain, with the evidence that each rests on.
    pub fn of(before: (&Report, &Evidence), after: (&Report, &Evidence)) -> Self {
        let (old, new) = (before.0, after.0);
        let technologies = statuses(old, new);
        let findings = findings(old, new);
        let lost = old.score.points.zip(new.score.points).is_some_and(|(old, new)| new < old);
        let known = |technology| old.technology(technology).unwrap_or(&old.mail_servers).status != Status::Unknown;
        let broken = findings.iter().any(|change| {
            is_fail(change.after.as_ref()) && !is_fail(change.before.as_ref()) && known(change.technology)
        });
        let sank = technologies.iter().any(|change| known(change.id) && rank(change.after) > rank(change.before));
        Self {
            format: FORMAT.into(),
            domain: new.domain.clone(),
            before: Standing::of(old),
            after: Standing::of(new),
            worse: lost || broken || sank,
            technologies,
            score: points(old, new),
            findings,
            records: RecordChanges::between(before, after),
        }
    }

    /// Whether nothing differs but the time.
    pub fn is_empty(&self) -> bool {
        let same_score = self.before.points == self.after.points && self.before.grade == self.after.grade;
        let lists = [self.technologies.len(), self.score.len(), self.findings.len(), self.records.list.len()];
        same_score && lists.iter().all(|length| *length == 0)
    }
}

impl Standing {
    fn of(report: &Report) -> Self {
        Self { taken_at: report.taken_at, points: report.score.points, grade: report.score.grade }
    }
}

fn is_fail(told: Option<&Told>) -> bool {
    told.is_some_and(|told| told.outcome == Outcome::Fail)
}

/// How bad a status is; what is not known is no worse than anything, and nothing is worse than what was not known.
fn rank(status: Status) -> u8 {
    match status {
        Status::Pass | Status::NotApplicable | Status::Unknown => 0,
        Status::Warn => 1,
        Status::Absent => 2,
        Status::Fail => 3,
    }
}

fn statuses(old: &Report, new: &Report) -> Vec<StatusChange> {
    let both = old.technologies.iter().zip(&new.technologies);
    std::iter::once((&old.mail_servers, &new.mail_servers))
        .chain(both)
        .filter(|(old, new)| old.id == new.id && old.status != new.status)
        .map(|(old, new)| StatusChange { id: old.id, before: old.status, after: new.status })
        .collect()
}

fn points(old: &Report, new: &Report) -> Vec<PointsChange> {
    let earlier = |id: &str| old.score.lines.iter().find(|line| line.id == id);
    let lines = new.score.lines.iter().filter_map(|line| {
        let before = earlier(&line.id)?.earned;
        (before != line.earned).then(|| PointsChange {
            id: line.id.clone(),
            label: line.label.clone(),
            before,
            after: line.earned,
            points: line.points,
        })
    });
    lines.collect()
}

/// The findings of each check that are not the same on both sides, in pairs where they speak of the same.
fn findings(old: &Report, new: &Report) -> Vec<FindingChange> {
    let ids: BTreeSet<&str> = old.findings.iter().chain(&new.findings).map(|finding| &*finding.id).collect();
    let mut changes = Vec::new();
    for id in ids {
        let of = |report: &'_ Report| -> Vec<Finding> {
            report.findings.iter().filter(|finding| finding.id == id).cloned().collect()
        };
        let (mut before, mut after) = (of(old), of(new));
        // First what is the same, then what has the same title or place, then whatever is left, in order.
        before.retain(|one| match after.iter().position(|other| is_same(one, other)) {
            Some(at) => {
                after.remove(at);
                false
            }
            None => true,
        });
        for finding in before {
            let place = |finding: &Finding| finding.at.as_ref().map(|place| place.name.clone());
            let like = |other: &Finding| other.title == finding.title || place(other) == place(&finding);
            let other = after.iter().position(like).map(|at| after.remove(at));
            push(&mut changes, Some(&finding), other.as_ref());
        }
        for finding in &after {
            push(&mut changes, None, Some(finding));
        }
    }
    crate::order::by_key(&mut changes, severity);
    changes
}

fn is_same(one: &Finding, other: &Finding) -> bool {
    one.outcome == other.outcome && one.title == other.title
}

/// Adds a change that tells something: of what is well on both sides nobody needs to hear.
fn push(changes: &mut Vec<FindingChange>, before: Option<&Finding>, after: Option<&Finding>) {
    let tells = |finding: &Finding| matches!(finding.outcome, Outcome::Fail | Outcome::Warn | Outcome::Unknown);
    let Some(either) = after.or(before) else { return };
    if !before.is_some_and(tells) && !after.is_some_and(tells) {
        return;
    }
    let told = |finding: &Finding| Told {
        outcome: finding.outcome,
        title: finding.title.clone(),
        detail: finding.detail.clone(),
    };
    changes.push(FindingChange {
        id: either.id.clone(),
        technology: either.technology,
        before: before.map(told),
        after: after.map(told),
    });
}

/// What is broken now comes first, what is well or gone last.
fn severity(change: &FindingChange) -> u128 {
    match change.after.as_ref().map(|told| told.outcome) {
        Some(Outcome::Fail) => 0,
        Some(Outcome::Warn) => 1,
        Some(Outcome::Unknown) => 2,
        Some(Outcome::Info) => 3,
        Some(Outcome::Pass) => 4,
        None => 5,
    }
}
