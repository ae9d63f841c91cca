//! To be written.

use super::{Context, Room, Status};
use crate::records::Technology;

/// Facts.
#[derive(Clone, Debug)]
pub struct Facts {}

impl Facts {
    /// Gathers.
    pub fn gather(_context: &Context<'_>) -> Self {
        Self {}
    }

    /// Whether the domain says that it sends no mail (`v=spf1 -all`).
    pub fn sends_nothing(&self) -> bool {
        false
    }
}

/// Everything the report asks.
pub static ROOM: Room = Room {
    technology: Technology::Spf,
    checks: &[],
    status: |_, _| Status::Unknown,
    score: &[],
    done: |_| None,
    prerequisites: |_| Vec::new(),
    steps: |_| Vec::new(),
    unknowns: |_| Vec::new(),
    published: |_| Vec::new(),
    detail: |_| serde_json::Value::Null,
};
