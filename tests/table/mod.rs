//! Tables of records: "## title", one line of input, and the lines that a reader must say, each after "-> ".

use std::fs;

/// Runs every case of a table and says how many held.
pub fn run(file: &str, say: impl Fn(&str) -> Vec<String>) -> usize {
    let path = format!("tests/data/records/{file}");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut faults = Vec::new();
    let mut held = 0;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(title) = line.strip_prefix("## ") else {
            assert!(line.is_empty() || line.starts_with("# "), "{path}: what is “{line}”?");
            continue;
        };
        let input = lines.next().unwrap_or_else(|| panic!("{path}: {title}: no input"));
        let mut wanted = Vec::new();
        while let Some(said) = lines.next_if(|line| line.starts_with("-> ")) {
            wanted.push(said.trim_start_matches("-> ").to_owned());
        }
        assert!(!wanted.is_empty(), "{path}: {title}: nothing is wanted");
        let said = say(input);
        if said == wanted {
            held += 1;
        } else {
            faults.push(format!("{title}\n  input  {input}\n  said   {said:#?}\n  wanted {wanted:#?}"));
        }
    }
    assert!(faults.is_empty(), "{path}: {held} cases hold, {} do not:\n{}", faults.len(), faults.join("\n"));
    println!("{path}: {held} cases hold");
    held
}
