//! The score table of the README is the one in the code. `UPDATE_EXPECT=1` rewrites it, and then fails.

use std::fmt::Write;
use std::fs;

use mxray::checks::{Level, ROOMS};
use mxray::report::level_label;

const MARK: &str = "<!-- score table: held against the code by tests/readme.rs -->\n";

fn table() -> String {
    let mut table = String::from("| level | points | for | how they are earned |\n|---|--:|---|---|\n");
    for level in [Level::Essential, Level::Important, Level::Advanced] {
        for room in ROOMS {
            for item in room.score.iter().filter(|item| item.level == level) {
                let label = format!("{}: {}", room.technology.label(), item.label);
                writeln!(
                    table,
                    "| {} | {} | {label} | {} |",
                    level_label(level),
                    item.points,
                    item.how.replace('|', "\\|")
                )
                .expect("a String takes everything");
            }
        }
    }
    table
}

#[test]
fn the_readme_publishes_the_table_of_weights() {
    let readme = fs::read_to_string("README.md").expect("a README");
    let (before, after) = readme.split_once(MARK).expect("the mark of the table");
    let end = after.find("\n\n").map_or(after.len(), |at| at + 1);
    let (found, rest) = after.split_at(end);
    let wanted = table();
    if found == wanted {
        return;
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write("README.md", format!("{before}{MARK}{wanted}{rest}")).expect("the README is writable");
        panic!("the score table was rewritten: read it, then run again without UPDATE_EXPECT");
    }
    panic!("the score table of the README is not that of the code; UPDATE_EXPECT=1 rewrites it\n{wanted}");
}

#[test]
fn the_readme_shows_the_two_commands() {
    let readme = fs::read_to_string("README.md").expect("a README");
    for command in ["make serve", "make test"] {
        assert!(readme.contains(command), "{command}");
    }
}
