//! The state of the list and everything that changes it.

use std::rc::Rc;

use yew::prelude::*;

use crate::checks::Status;
use crate::name::DomainName;
use crate::report::Summary;
use crate::ui::shared::Shared;
use crate::web::Brief;

use super::earlier::Earlier;

/// Checks at once: each asks some 100 questions, and a resolver that serves everybody is no place for more.
pub const AT_ONCE: usize = 3;
/// Most domains in one list: each takes some 200 octets in the page and a row in the tab's storage.
pub const MAX_DOMAINS: usize = 10_000;
/// After so many domains in a row of which no question was answered, it is the resolver that does not answer.
const SILENT_IN_A_ROW: usize = 5;

/// One domain of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The domain.
    pub domain: DomainName,
    /// The domain as it stands in the list, where that is not ASCII.
    pub international: Option<Rc<str>>,
    /// What is known.
    pub result: Known,
}

impl Row {
    /// Whether the domain is still to be seen: its check failed, or no answer on the basics came.
    pub fn is_unseen(&self) -> bool {
        match &self.result {
            Known::Waiting => false,
            Known::Failed(_) => true,
            // MX, SPF and DMARC.
            Known::Done(summary) => [0, 1, 3].iter().all(|at| summary.technologies.get(*at) == Some(&Status::Unknown)),
        }
    }
}

/// What is known of a domain.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// It waits for its turn, or is being checked.
    Waiting,
    /// How it stands.
    Done(Rc<Summary>),
    /// Why it could not be checked.
    Failed(Rc<str>),
}

/// What the rows are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// As they stand in the list.
    #[default]
    List,
    Domain,
    Grade,
    Score,
    /// A column of [`Summary::COLUMNS`].
    Technology(usize),
}

/// Which rows are shown by their state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    #[default]
    All,
    /// A technology stands like this.
    Status(Status),
    /// Not checked yet, or could not be.
    Open,
    /// Not as in the earlier run.
    Changed,
}

/// How the table is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    pub sort: Sort,
    pub backwards: bool,
    /// What domains must contain.
    pub contains: String,
    /// The technology that [`Show::Status`] is about; `None`: any.
    pub technology: Option<usize>,
    pub show: Show,
    /// The page of the table, from 0.
    pub page: usize,
}

/// Everything about the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    pub rows: Shared<Vec<Rc<Row>>>,
    /// Counts the lists of this visit: what was asked for an earlier one is not taken.
    pub serial: u32,
    pub running: bool,
    /// The rows that are being checked.
    pub under_way: Vec<usize>,
    pub view: View,
    pub earlier: Option<Shared<Earlier>>,
    /// What is wrong.
    pub complaint: Option<String>,
    /// When the checks began, in milliseconds, and how many rows were known then.
    pub began: Option<(f64, usize)>,
    silent: usize,
}

/// What can happen.
pub enum Action {
    /// Domains are added to the list.
    Add(Vec<Row>),
    /// What was kept is there again; it goes on where it ran.
    Restore(Vec<Row>, bool),
    /// The checks start or go on; with the time in milliseconds.
    Start(f64),
    /// They stop; what is under way waits again.
    Stop,
    /// What could not be checked waits again.
    Again,
    /// The list is forgotten.
    Clear,
    /// A check of the list of this number ended.
    Landed(u32, usize, Result<Brief, String>, bool),
    /// The table is looked at in another way.
    Look(View),
    /// An earlier run is there to compare with, or is not any more.
    Compare(Option<Shared<Earlier>>),
    /// Something is wrong.
    Complain(Option<String>),
}

impl State {
    /// How many rows are known, for good or ill.
    pub fn known(&self) -> usize {
        self.rows.iter().filter(|row| row.result != Known::Waiting).count()
    }

    /// How many could not be checked.
    pub fn failed(&self) -> usize {
        self.rows.iter().filter(|row| row.is_unseen()).count()
    }

    /// Gives free places to rows that wait.
    fn fill(&mut self) {
        if !self.running {
            return;
        }
        let next = self.under_way.iter().max().map_or(0, |last| last + 1);
        // Rows before `next` may wait again after a stop.
        for start in [next, 0] {
            for (at, row) in self.rows.iter().enumerate().skip(start) {
                if self.under_way.len() >= AT_ONCE {
                    return;
                }
                if row.result == Known::Waiting && !self.under_way.contains(&at) {
                    self.under_way.push(at);
                }
            }
        }
        self.running = !self.under_way.is_empty();
    }

    fn set(&mut self, at: usize, result: Known) {
        let mut rows: Vec<Rc<Row>> = self.rows.to_vec();
        if let Some(row) = rows.get_mut(at) {
            *row = Rc::new(Row { result, ..row.as_ref().clone() });
        }
        self.rows = Shared::from(Rc::new(rows));
    }

    fn landed(&mut self, at: usize, outcome: Result<Brief, String>, offline: bool) {
        let Some(place) = self.under_way.iter().position(|other| *other == at) else { return };
        self.under_way.swap_remove(place);
        let silent = outcome.as_ref().is_ok_and(|brief| brief.answered == 0 && !offline);
        self.silent = if silent { self.silent + 1 } else { 0 };
        self.set(
            at,
            match outcome {
                Ok(_) if silent => Known::Failed(tr!("No resolver answered.").into()),
                Ok(brief) => Known::Done(Rc::new(brief.summary)),
                Err(why) => Known::Failed(why.into()),
            },
        );
        if self.silent >= SILENT_IN_A_ROW {
            self.silent = 0;
            self.stop();
            self.complaint = Some(tr!(
                "{} in a row got no answer from any resolver, so the checks have stopped. Look at the connection or enter \
                 another resolver, then press “Check again what failed”.",
                tr!("{n} domain" | "{n} domains" % SILENT_IN_A_ROW)
            ));
        }
        self.fill();
    }

    fn stop(&mut self) {
        self.running = false;
        self.under_way.clear();
    }
}

impl Default for Shared<Vec<Rc<Row>>> {
    fn default() -> Self {
        Self::from(Rc::new(Vec::new()))
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut state = Rc::unwrap_or_clone(self);
        match action {
            Action::Add(rows) => {
                let all = state.rows.iter().cloned().chain(rows.into_iter().map(Rc::new)).take(MAX_DOMAINS).collect();
                state.rows = Shared::from(Rc::new(all));
                state.complaint = None;
            }
            Action::Restore(rows, running) => {
                state.rows = Shared::from(Rc::new(rows.into_iter().map(Rc::new).collect()));
                state.running = running;
                state.fill();
            }
            Action::Start(now) => {
                state.running = true;
                state.complaint = None;
                state.began = Some((now, state.known()));
                state.fill();
            }
            Action::Stop => state.stop(),
            Action::Again => {
                let again = |row: &Rc<Row>| match row.is_unseen() {
                    true => Rc::new(Row { result: Known::Waiting, ..row.as_ref().clone() }),
                    false => Rc::clone(row),
                };
                state.rows = Shared::from(Rc::new(state.rows.iter().map(again).collect()));
                state.complaint = None;
            }
            Action::Clear => {
                state = Self { serial: state.serial + 1, earlier: state.earlier, ..Self::default() };
            }
            Action::Landed(serial, at, outcome, offline) => {
                if serial == state.serial {
                    state.landed(at, outcome, offline);
                }
            }
            Action::Look(view) => state.view = view,
            Action::Compare(earlier) => {
                state.earlier = earlier;
                if state.earlier.is_none() && state.view.show == Show::Changed {
                    state.view.show = Show::All;
                }
            }
            Action::Complain(complaint) => state.complaint = complaint,
        }
        Rc::new(state)
    }
}
