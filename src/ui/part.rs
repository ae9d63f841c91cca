//! The parts of the report, each drawn anew only when what it shows has changed: an answer or an edit touches few of them.

use std::rc::Rc;

use yew::prelude::*;

use crate::assess::Assessment;
use crate::checks::Finding;
use crate::records::Technology;
use crate::report::TechnologyReport;

use super::checklist::checklist;
use super::matrix::matrix;
use super::overview::overview;
use super::plan::plan;
use super::score_table::score_table;
use super::shared::Shared;
use super::technology::technology_section;
use super::unknowns::unknowns;
use super::what_if::{Edited, WhatIf};
use super::words::Standing;

/// Which part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Overview,
    Weights,
    Plan,
    Matrix,
    Checklist,
    Technology(Technology),
    Unknowns,
}

/// A part and the report that it is of.
#[derive(Clone, Properties)]
pub struct Props {
    /// Which.
    pub part: Part,
    /// What the evidence says so far, or would say.
    pub assessment: Rc<Assessment>,
    /// What would be with edited records.
    pub what_if: Option<Shared<WhatIf>>,
    /// Whether more is on its way.
    pub running: bool,
    /// Whether what is folded away is wanted already.
    pub folded: bool,
}

impl PartialEq for Props {
    /// Whether both show the same.
    fn eq(&self, other: &Self) -> bool {
        let set = |props: &Self| (props.part, props.running, props.folded);
        if set(self) != set(other) {
            return false;
        }
        if Rc::ptr_eq(&self.assessment, &other.assessment) && self.what_if == other.what_if {
            return true;
        }
        let (one, two) = (&self.assessment.report, &other.assessment.report);
        match self.part {
            Part::Overview => self.standings() == other.standings(),
            Part::Weights => one.score == two.score,
            Part::Plan => one.plan == two.plan,
            Part::Matrix => {
                one.basics_first == two.basics_first
                    && self.standings() == other.standings()
                    && self.next_steps().eq(other.next_steps())
            }
            Part::Checklist => one.checklist == two.checklist,
            Part::Technology(technology) => {
                one.domain == two.domain
                    && self.standing(technology) == other.standing(technology)
                    && self.own(technology) == other.own(technology)
                    && self.findings(technology).eq(other.findings(technology))
                    && self.edits(technology) == other.edits(technology)
            }
            Part::Unknowns => one.unknown == two.unknown,
        }
    }
}

impl Props {
    fn own(&self, technology: Technology) -> &TechnologyReport {
        let report = &self.assessment.report;
        report.technology(technology).unwrap_or(&report.mail_servers)
    }

    fn standing(&self, technology: Technology) -> Standing {
        Standing::of(&self.assessment, technology, self.running)
    }

    fn standings(&self) -> Vec<Standing> {
        [Technology::Mx].into_iter().chain(Technology::ALL).map(|technology| self.standing(technology)).collect()
    }

    fn next_steps(&self) -> impl Iterator<Item = impl PartialEq + '_> {
        self.assessment.report.technologies.iter().map(|own| (own.next_step.as_deref(), own.prerequisites.as_slice()))
    }

    fn findings(&self, technology: Technology) -> impl Iterator<Item = &Finding> {
        self.assessment.report.findings_of(technology)
    }

    /// What a technology shows of edits: those of its own records, as typed and as judged, with what is wrong with them.
    fn edits(&self, technology: Technology) -> Vec<(&Edited, Option<&str>)> {
        let Some(what_if) = &self.what_if else { return Vec::new() };
        let all = what_if.edits.iter().chain(&what_if.judged);
        all.filter(|edited| edited.edit.technology() == technology)
            .map(|edited| (edited, what_if.problem(edited.id)))
            .collect()
    }
}

/// Draws a part.
#[component]
pub fn ReportPart(props: &Props) -> Html {
    let Props { part, assessment, what_if, running, folded } = props;
    match *part {
        Part::Overview => overview(assessment, *running),
        Part::Weights => score_table(&assessment.report.score),
        Part::Plan => plan(assessment),
        Part::Matrix => matrix(assessment, *running),
        Part::Checklist => checklist(assessment),
        Part::Technology(technology) => {
            technology_section(technology, assessment, what_if.as_deref(), *running, *folded)
        }
        Part::Unknowns => unknowns(assessment),
    }
}
