//! Rows of CSV and of pasted spreadsheets, RFC 4180 §2.

/// The cells of a row; quotes around a cell are taken off. What follows a closing quote within a cell is kept.
pub(super) fn cells(row: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut characters = row.chars().peekable();
    while let Some(character) = characters.next() {
        let Some(cell) = cells.last_mut() else { break };
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = true;
            }
            other if other == separator && !quoted => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells
}

/// Whether the row ends within a quoted cell.
pub(super) fn is_open(row: &str, separator: char) -> bool {
    let mut quoted = false;
    let mut at_start = true;
    let mut characters = row.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
            }
            '"' if quoted => quoted = false,
            '"' if at_start => (quoted, at_start) = (true, false),
            other if other == separator && !quoted => at_start = true,
            other => at_start &= other.is_whitespace(),
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows() {
        assert_eq!(cells("a, b ,\"c, \"\"d\"\"\",", ','), ["a", " b ", "c, \"d\"", ""]);
        assert_eq!(cells(r#"5" disk,x"#, ','), [r#"5" disk"#, "x"]);
        assert_eq!(cells("", ','), [""]);
        for (row, open) in [("a,\"b", true), ("a,\"b\"", false), ("a\"b", false), (" \"a", true), ("\"a\"\"", true)] {
            assert_eq!(is_open(row, ','), open, "{row}");
        }
    }
}
