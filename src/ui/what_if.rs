//! What would be with edited records: the edits, and the report that follows from them.

use std::rc::Rc;

use crate::assess::{Assessment, assess};
use crate::evidence::Evidence;
use crate::web::{RunRequest, Update};
use crate::what_if::{Changes, Edit, apply, changes, learn};

use super::request::Request;
use super::shared::Shared;

/// An edit with a number of its own, so that its editor stays where it is whatever is typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Edited {
    /// The number; 0 until it is put among the others.
    pub id: u32,
    /// The edit.
    pub edit: Edit,
}

impl From<Edit> for Edited {
    fn from(edit: Edit) -> Self {
        Self { id: 0, edit }
    }
}

impl Edited {
    /// Takes the place of an earlier edit of the same record, or the last place.
    pub fn put_into(mut self, edits: &mut Vec<Edited>, serial: u32) {
        let own = &self.edit;
        let same = |other: &Edited| match self.id {
            0 => {
                let only_one = own.was.is_some() || matches!(own.record_type.as_str(), "TXT" | "file");
                let other = &other.edit;
                only_one && (&other.name, &other.record_type, &other.was) == (&own.name, &own.record_type, &own.was)
            }
            id => other.id == id,
        };
        match edits.iter_mut().find(|other| same(other)) {
            Some(other) => other.edit = self.edit,
            None => {
                // Room for as many as one action adds.
                self.id = serial.wrapping_mul(128).wrapping_add(u32::try_from(edits.len()).unwrap_or(0));
                edits.push(self);
            }
        }
    }
}

/// What would be.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// Counts the states of the edits.
    pub serial: u32,
    /// The check whose report is the ground.
    pub request: Shared<Request>,
    /// What is without the edits.
    pub before: Rc<Assessment>,
    /// Everything known, without the edits.
    pub known: Rc<Evidence>,
    /// The edits.
    pub edits: Vec<Edited>,
    /// What is wrong with each.
    pub problems: Vec<Option<String>>,
    /// What would be.
    pub after: Shared<Update>,
    /// What differs.
    pub changes: Changes,
}

impl WhatIf {
    /// Judges what is known with the edits laid over it.
    pub fn judge(
        serial: u32,
        request: &Shared<Request>,
        before: &Update,
        known: Rc<Evidence>,
        edits: Vec<Edited>,
    ) -> Self {
        let plain: Vec<Edit> = edits.iter().map(|edited| edited.edit.clone()).collect();
        let (evidence, problems) = apply(&known, &plain);
        let at = before.assessment.report.taken_at;
        let assessment = assess(&request.domain, &request.options, &evidence, at);
        let finished = !asks(request, &before.assessment, &assessment);
        let (assessment, evidence) = (Rc::new(assessment), Rc::new(evidence));
        let after = Update { assessment, evidence, finished, ..before.clone() };
        let changes = changes(&before.assessment.report, &after.assessment.report);
        let (request, before, after) = (request.clone(), Rc::clone(&before.assessment), Shared::from(Rc::new(after)));
        Self { serial, request, before, known, edits, problems, after, changes }
    }

    /// With what the look-ups for the edits have brought.
    pub fn landed(&self, update: Update) -> Self {
        let mut known = Evidence::clone(&self.known);
        learn(&mut known, &update.evidence);
        let changes = changes(&self.before.report, &update.assessment.report);
        Self { known: Rc::new(known), changes, after: Shared::from(Rc::new(update)), ..self.clone() }
    }

    /// The look-ups that only the edits ask for, where they ask for any.
    pub fn to_run(&self) -> Option<RunRequest> {
        (!self.after.finished).then(|| RunRequest {
            evidence: Evidence::clone(&self.after.evidence),
            keep_failures: true,
            ..self.request.to_run()
        })
    }
}

/// Whether edits ask for look-ups: never offline, and not where the check before them was stopped.
fn asks(request: &Request, before: &Assessment, after: &Assessment) -> bool {
    !request.offline && before.wanted.is_empty() && !after.wanted.is_empty()
}
