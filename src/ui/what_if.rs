//! What would be with edited records: the edits, and the report that follows from them.

use std::rc::Rc;

use crate::assess::Assessment;
use crate::web::{Question, RunRequest, Sealed, Update};
use crate::what_if::{Changes, Edit, changes};

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
    pub before: Shared<Update>,
    /// Everything known, without the edits.
    known: Sealed,
    /// The edits.
    pub edits: Vec<Edited>,
    /// What is wrong with edits, by their numbers.
    problems: Vec<(u32, String)>,
    /// What would be, with the edits as they were judged last.
    pub after: Shared<Update>,
    /// Those edits.
    pub judged: Vec<Edited>,
    /// What differs.
    pub changes: Changes,
}

impl WhatIf {
    /// Edits that are still to be judged. Until then, what `last` came to stands.
    pub fn new(
        serial: u32,
        request: &Shared<Request>,
        before: &Shared<Update>,
        last: Option<&WhatIf>,
        edits: Vec<Edited>,
    ) -> Self {
        let request = request.clone();
        match last {
            Some(last) => Self { serial, edits, ..last.clone() },
            None => Self {
                serial,
                request,
                before: before.clone(),
                known: before.evidence.clone(),
                edits,
                problems: Vec::new(),
                after: before.clone(),
                judged: Vec::new(),
                changes: Changes::default(),
            },
        }
    }

    /// With what the worker says.
    pub fn landed(&self, mut update: Update) -> Self {
        let known = update.known.take().unwrap_or_else(|| self.known.clone());
        let both = self.edits.iter().zip(&update.problems);
        let problems = both.filter_map(|(edited, problem)| Some((edited.id, problem.clone()?))).collect();
        let changes = changes(&self.before.assessment.report, &update.assessment.report);
        if update.resolvers.is_empty() {
            // Nobody was asked for the edits: what is shown is what came before.
            update.resolvers = self.before.resolvers.clone();
            (update.asked, update.answered) = (self.before.asked, self.before.answered);
        }
        let (after, judged) = (Shared::from(Rc::new(update)), self.edits.clone());
        Self { known, problems, changes, after, judged, ..self.clone() }
    }

    /// Everything known, without the edits.
    pub fn known(&self) -> &Sealed {
        &self.known
    }

    /// What is wrong with the edit of this number.
    pub fn problem(&self, id: u32) -> Option<&str> {
        self.problems.iter().find(|(other, _)| *other == id).map(|(_, problem)| problem.as_str())
    }

    /// The question for the worker. Nothing is looked up where the check before the edits was stopped.
    pub fn to_run(&self) -> RunRequest {
        let edits = self.edits.iter().map(|edited| edited.edit.clone()).collect();
        let Assessment { report, wanted, .. } = &**self.before.assessment;
        let question = Question::WhatIf { edits, at: report.taken_at, may_ask: wanted.is_empty() };
        self.request.asking(question, vec![self.known.clone()])
    }
}
