//! Tables as CSV (RFC 4180) whose cells are text for every spreadsheet.

/// Adds one line.
pub fn line<'c>(csv: &mut String, cells: impl IntoIterator<Item = &'c str>) {
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            csv.push(',');
        }
        csv.push_str(&escaped(cell));
    }
    csv.push_str("\r\n");
}

/// A cell that spreadsheets take for a text: what would begin a formula gets an apostrophe before it, behind white space
/// too, and whatever parts cells is quoted.
fn escaped(cell: &str) -> String {
    // First the octet that readers drop, so that nothing hides behind it.
    let cell = cell.replace('\0', "");
    let begins = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%']);
    let odd_start = cell.starts_with(['\t', '\r', '\n']);
    let guarded = if begins || odd_start { format!("'{cell}") } else { cell };
    if guarded.contains([',', ';', '"', '\n', '\r', '\t', '\'']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, written) in [
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("+1", "\"'+1\""),
            ("-2", "\"'-2\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\tx", "\"'\tx\""),
            (" =1", "\"' =1\""),
            ("\0=1", "\"'=1\""),
            ("a,b", "\"a,b\""),
            ("plain", "plain"),
            ("2001:db8::1", "2001:db8::1"),
            ("", ""),
        ] {
            assert_eq!(escaped(cell), written);
        }
    }
}
