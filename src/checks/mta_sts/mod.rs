//! To be written.

use super::{Context, Room, Status};
use crate::records::Technology;

/// Facts.
#[derive(Clone, Debug)]
pub struct Facts {}

impl Facts {
    /// Gathers.
    pub fn gather(_context: &Context<'_>, _mx: &super::mx::Facts) -> Self {
        Self {}
    }
}

/// Everything the report asks.
pub static ROOM: Room = Room {
    technology: Technology::MtaSts,
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
