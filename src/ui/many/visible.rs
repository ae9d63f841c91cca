//! Which rows are shown, and in which order.

use std::rc::Rc;

use crate::checks::Status;
use crate::order;
use crate::report::Grade;

use super::changes::changes;
use super::earlier::Earlier;
use super::state::{Known, Row, Show, Sort, View};

/// The rows that the view shows, in its order.
pub fn visible(rows: &[Rc<Row>], view: &View, earlier: Option<&Earlier>) -> Vec<Rc<Row>> {
    let contains = view.contains.trim().to_lowercase();
    let shown = |row: &&Rc<Row>| is_shown(row, view, earlier) && is_named(row, &contains);
    let mut shown: Vec<Rc<Row>> = rows.iter().filter(shown).cloned().collect();
    match view.sort {
        Sort::List => {}
        Sort::Domain => order::by_text(&mut shown, |row| row.domain.as_str()),
        sort => order::by_key(&mut shown, |row| key(row, sort)),
    }
    if view.backwards {
        shown.reverse();
    }
    shown
}

fn is_named(row: &Row, contains: &str) -> bool {
    row.domain.as_str().contains(contains) || row.international.as_ref().is_some_and(|name| name.contains(contains))
}

fn is_shown(row: &Row, view: &View, earlier: Option<&Earlier>) -> bool {
    match (view.show, &row.result) {
        (Show::All, _) => true,
        (Show::Open, known) => !matches!(known, Known::Done(_)),
        (Show::Status(status), Known::Done(summary)) => match view.technology {
            Some(technology) => summary.technologies.get(technology) == Some(&status),
            None => summary.technologies.contains(&status),
        },
        (Show::Changed, Known::Done(summary)) => earlier.is_some_and(|earlier| !changes(earlier, summary).is_empty()),
        (Show::Status(_) | Show::Changed, _) => false,
    }
}

/// Worst first; what is not known comes last.
fn key(row: &Row, sort: Sort) -> u128 {
    let Known::Done(summary) = &row.result else { return u128::MAX };
    match sort {
        Sort::Grade => summary.grade.map_or(u128::MAX - 1, |grade| 7 - grade_rank(grade)),
        Sort::Score => summary.points.map_or(u128::MAX - 1, u128::from),
        Sort::Technology(at) => summary.technologies.get(at).map_or(u128::MAX - 1, |status| status_rank(*status)),
        Sort::List | Sort::Domain => 0,
    }
}

fn grade_rank(grade: Grade) -> u128 {
    match grade {
        Grade::APlus => 0,
        Grade::A => 1,
        Grade::B => 2,
        Grade::C => 3,
        Grade::D => 4,
        Grade::E => 5,
        Grade::F => 6,
    }
}

fn status_rank(status: Status) -> u128 {
    match status {
        Status::Fail => 0,
        Status::Warn => 1,
        Status::Absent => 2,
        Status::Unknown => 3,
        Status::Pass => 4,
        Status::NotApplicable => 5,
    }
}
