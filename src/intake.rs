//! What a user hands over (files, pasted text): its kind, told from the content, and the evidence in it.
//! So far only evidence files are read.

use crate::evidence::Evidence;
use crate::name::DomainName;

/// What something handed over is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `mxray-evidence/1`.
    Evidence,
}

impl Kind {
    /// Its name for people.
    pub fn label(self) -> &'static str {
        "saved evidence"
    }
}

/// Something handed over and understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Intake {
    /// What it is.
    pub kind: Kind,
    /// What it says.
    pub evidence: Evidence,
    /// What the user should know about how it was read.
    pub notes: Vec<String>,
}

/// Why something handed over cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntakeError {
    /// Name of the file.
    pub file: String,
    /// The line that cannot be read, counted from 1.
    pub line: Option<usize>,
    /// What is wrong.
    pub reason: String,
}

/// Reads what was handed over.
pub fn read(name: &str, bytes: &[u8], _domain: Option<&DomainName>) -> Result<Intake, IntakeError> {
    match Evidence::from_json(bytes) {
        Ok(evidence) => Ok(Intake { kind: Kind::Evidence, evidence, notes: Vec::new() }),
        Err(error) => Err(IntakeError { file: name.into(), line: None, reason: error.to_string() }),
    }
}
