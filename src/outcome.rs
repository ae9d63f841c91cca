//! What a rule came to, in the words of the report.

use serde::{Deserialize, Serialize};

/// What a check, or a rule for a file, came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// As it should be.
    Pass,
    /// Worth knowing.
    Info,
    /// Works, and should be better.
    Warn,
    /// Broken, or missing where it is needed.
    Fail,
    /// Could not be seen. Never a fault of the domain.
    Unknown,
}
