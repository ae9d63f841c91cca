//! How the desk of TLS-RPT reports stands, and how its numbers are written.

use std::rc::Rc;

use crate::reports::Summary;
use crate::web::Rows;
use crate::web::reports::{Lot, Progress, Standing};

use super::shared::Shared;

/// From so many files on, the reading is shown before it is known whether they hold reports.
const MANY: usize = 20;

/// Everything about reports but what they come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desk {
    /// What was handed over.
    pub lots: Vec<Lot>,
    /// How many rows the tables have; the page holds the first ones.
    pub rows: Rows,
    /// How far the reading is, while it goes on.
    pub progress: Option<Progress>,
    /// How many files were not read, because the user stopped it.
    pub stopped: usize,
    /// Why the sums are not complete.
    pub trouble: Option<String>,
}

impl Desk {
    /// Whether files are being read that are worth to be spoken of: nobody who drops a zone file waits for reports.
    pub fn is_reading(&self) -> bool {
        self.progress.is_some_and(|progress| progress.reports > 0 || progress.of >= MANY || !self.lots.is_empty())
    }

    /// Whether there is anything to say before there are numbers.
    pub fn is_shown(&self) -> bool {
        self.is_reading() || self.trouble.is_some() || self.stopped > 0
    }

    /// Takes in what was read; tells the new sums, and what to say of them, where they have changed.
    pub fn take(&mut self, standing: Standing) -> Option<(Option<Shared<Summary>>, String)> {
        self.progress = None;
        let Standing { sums, lots, stopped, trouble } = standing;
        if lots == self.lots && trouble.is_none() && stopped == 0 {
            // Those files were no reports.
            return None;
        }
        (self.lots, self.stopped, self.trouble) = (lots, stopped, trouble);
        let Some((summary, rows)) = sums else {
            self.rows = Rows::default();
            let said = self.trouble.clone().unwrap_or_else(|| tr!("No reports are left."));
            return Some((None, said));
        };
        self.rows = rows;
        let unread = rows.unreadable + usize::try_from(summary.more_unreadable).unwrap_or(usize::MAX);
        let reports = usize::try_from(summary.reports).unwrap_or(usize::MAX);
        let mut said = tr!("{n} report read" | "{n} reports read" % reports);
        if unread > 0 {
            said.push_str(&tr!(", {n} thing could not be" | ", {n} things could not be" % unread));
        }
        Some((Some(Shared::from(Rc::new(summary))), said + "."))
    }
}
