//! The priority matrix: fixed rows and words, with the domain's own state beside them.

use serde::{Deserialize, Serialize};

use crate::checks::Status;
use crate::records::Technology;

use super::TechnologyReport;

/// How much a technology matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    Essential,
    High,
    Medium,
    Lower,
}

impl Priority {
    /// The word in the matrix.
    pub fn label(self) -> &'static str {
        match self {
            Self::Essential => "Essential",
            Self::High => "High",
            Self::Medium => "Medium",
            Self::Lower => "Lower",
        }
    }
}

/// How hard it is to get in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difficulty {
    VeryEasy,
    Easy,
    Medium,
    Hard,
}

impl Difficulty {
    /// The word in the matrix.
    pub fn label(self) -> &'static str {
        match self {
            Self::VeryEasy => "Very Easy",
            Self::Easy => "Easy",
            Self::Medium => "Medium",
            Self::Hard => "Hard",
        }
    }
}

/// The fixed words of one technology.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatrixRow {
    /// Whose row it is.
    pub technology: Technology,
    /// How much it matters.
    pub priority: Priority,
    /// How hard it is.
    pub difficulty: Difficulty,
    /// What must be there first, in the words of the matrix.
    pub prerequisites: &'static str,
}

impl MatrixRow {
    /// The four rows of the priority matrix, in order.
    pub const MATRIX: [Self; 4] = [
        Self {
            technology: Technology::MtaSts,
            priority: Priority::High,
            difficulty: Difficulty::Easy,
            prerequisites: "HTTPS subdomain + TLS-capable MX",
        },
        Self {
            technology: Technology::TlsRpt,
            priority: Priority::High,
            difficulty: Difficulty::VeryEasy,
            prerequisites: "email address for reports",
        },
        Self {
            technology: Technology::Bimi,
            priority: Priority::Medium,
            difficulty: Difficulty::Medium,
            prerequisites: "DMARC enforcement + SVG logo",
        },
        Self {
            technology: Technology::Dane,
            priority: Priority::Lower,
            difficulty: Difficulty::Hard,
            prerequisites: "DNSSEC + certificate management",
        },
    ];
}

/// The words of any technology; those outside the matrix are the basics, and DNSSEC, which DANE stands on.
pub(super) fn row(technology: Technology) -> MatrixRow {
    if let Some(row) = MatrixRow::MATRIX.iter().find(|row| row.technology == technology) {
        return *row;
    }
    let (priority, difficulty) = match technology {
        Technology::Dnssec => (Priority::Lower, Difficulty::Hard),
        Technology::Spf => (Priority::Essential, Difficulty::Easy),
        _ => (Priority::Essential, Difficulty::Medium),
    };
    MatrixRow { technology, priority, difficulty, prerequisites: "" }
}

/// The order in which the steps of the technologies make sense: reports before enforcement, DNSSEC before DANE.
pub(super) fn order(technology: Technology) -> u8 {
    match technology {
        Technology::Mx => 0,
        Technology::Spf => 1,
        Technology::Dkim => 2,
        Technology::Dmarc => 3,
        Technology::TlsRpt => 4,
        Technology::MtaSts => 5,
        Technology::Bimi => 6,
        Technology::Dnssec => 7,
        Technology::Dane => 8,
    }
}

/// The note to finish the basics first, where SPF, DKIM or DMARC is missing or broken and the matrix has work to do.
pub(super) fn basics_first(technologies: &[TechnologyReport]) -> Option<String> {
    let missing: Vec<&str> = technologies
        .iter()
        .filter(|report| matches!(report.id, Technology::Spf | Technology::Dkim | Technology::Dmarc))
        .filter(|report| matches!(report.status, Status::Absent | Status::Fail))
        .map(|report| report.id.label())
        .collect();
    let needed = |row: &MatrixRow| {
        technologies.iter().any(|report| report.id == row.technology && report.status != Status::NotApplicable)
    };
    if !MatrixRow::MATRIX.iter().any(needed) {
        return None;
    }
    let names = match missing.as_slice() {
        [] => return None,
        [one] => (*one).to_owned(),
        [one, two] => tr!("{one} and {two}", one, two),
        [one, two, rest @ ..] => tr!("{one}, {two} and {}", rest.join(", "), one, two),
    };
    Some(tr!(
        "Finish {names} first: everything in this matrix builds on SPF, DKIM and DMARC, and protects little without them.",
        names
    ))
}
