//! Stands in until the branch that judges is merged.

use std::borrow::Cow;

use super::Verdict;

/// The text of a file.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>, ()> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| ())
}

/// Stands in.
pub fn judge(bytes: &[u8]) -> Verdict {
    Verdict {
        schema_valid: false,
        conforms: false,
        faults: Vec::new(),
        more_faults: 0,
        size: bytes.len(),
        compressed: false,
        title: None,
        view_box: None,
    }
}
