//! Lines and columns.

use usvg::roxmltree::TextPos;

use crate::svg::Fault;

/// Sorts faults in the order of the text, and gives them lines and columns in one pass over it. A fault that starts
/// outside the text or within a character is moved to the next place within it before.
pub fn place(faults: &mut [Fault], text: &str) {
    faults.sort_by_key(|fault| (fault.start, fault.end));
    let (mut line, mut column, mut passed) = (1, 1, 0);
    for fault in faults {
        fault.start = boundary(text, fault.start);
        fault.end = boundary(text, fault.end).max(fault.start);
        for char in text.get(passed..fault.start).unwrap_or_default().chars() {
            (line, column) = if char == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        passed = passed.max(fault.start);
        (fault.line, fault.column) = (line, column);
    }
}

/// Where the parser stopped, in octets.
pub fn offset(text: &str, position: TextPos) -> usize {
    let row = usize::try_from(position.row).unwrap_or(usize::MAX).saturating_sub(1);
    let column = usize::try_from(position.col).unwrap_or(usize::MAX).saturating_sub(1);
    let start = match row {
        0 => 0,
        row => text.match_indices('\n').nth(row - 1).map_or(text.len(), |(index, _)| index + 1),
    };
    let line = text.get(start..).unwrap_or_default();
    start + line.char_indices().nth(column).map_or(line.len(), |(index, _)| index)
}

/// The last place at or before this one where a character starts.
pub fn boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    // A character has four octets at most.
    (at.saturating_sub(3)..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}
