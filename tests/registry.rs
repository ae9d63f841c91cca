//! Every check has one function, one document, one fixture and one expected file. `UPDATE_EXPECT=1` rewrites the
//! expected files, and then fails, so that nobody updates by accident.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mxray::assess::assess;
use mxray::checks::{Check, Finding, Level, Options, Outcome, ROOMS};
use mxray::dnssec::Anchor;
use mxray::evidence::Evidence;

const FOLDER: &str = "tests/data/checks";

fn checks() -> impl Iterator<Item = &'static Check> {
    ROOMS.iter().flat_map(|room| room.checks)
}

fn fixture(id: &str) -> PathBuf {
    Path::new(FOLDER).join(format!("{id}.json"))
}

fn expected(id: &str) -> PathBuf {
    Path::new(FOLDER).join(format!("{id}.expected.json"))
}

/// Assesses a fixture as it stands: its own domain, its own time.
fn findings_of(path: &Path) -> Vec<Finding> {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let evidence = Evidence::from_json(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let domain = evidence.domain.clone().unwrap_or_else(|| panic!("{}: names no domain", path.display()));
    let now = evidence.taken_at.unwrap_or_else(|| panic!("{}: names no time", path.display()));
    // The signed fixtures are of the world that `tests/dnssec/run.mjs` signs, with a root of its own.
    let anchors = Anchor::read(&fs::read_to_string("tests/data/dnssec/anchor.key").expect("an anchor")).expect("keys");
    // The mark certificates are of the authority that `tests/mark_certificates` makes up.
    let mark_roots = fs::read_to_string("tests/data/mark/roots.pem").ok();
    assess(&domain, &Options { anchors, mark_roots, ..Options::default() }, &evidence, now).report.findings
}

#[test]
fn every_check_is_documented() {
    let mut ids = BTreeSet::new();
    for room in ROOMS {
        for check in room.checks {
            let doc = check.doc;
            assert!(ids.insert(doc.id), "{}: the id is taken", doc.id);
            assert_eq!(doc.technology, room.technology, "{}: in the wrong room", doc.id);
            let prefix = format!("{}.", room.technology.id());
            assert!(doc.id.starts_with(&prefix), "{}: starts with {prefix}", doc.id);
            for (what, text) in [("title", doc.title), ("what", doc.what), ("why", doc.why)] {
                assert!(text.trim().len() > 8, "{}: {what} says nothing", doc.id);
            }
            assert!(!doc.title.ends_with('.'), "{}: a title is no sentence", doc.id);
            assert!(!doc.references.is_empty(), "{}: names no section", doc.id);
        }
    }
    println!("{} checks documented", ids.len());
    assert!(ids.len() > 60, "only {} checks", ids.len());
}

#[test]
fn every_check_has_a_fixture_that_triggers_it() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut faults = Vec::new();
    let mut updated = 0;
    let mut held = 0;
    for check in checks() {
        let id = check.doc.id;
        if !fixture(id).exists() {
            faults.push(format!("{id}: no fixture"));
            continue;
        }
        let own: Vec<Finding> = findings_of(&fixture(id)).into_iter().filter(|finding| finding.id == id).collect();
        if own.is_empty() {
            faults.push(format!("{id}: the fixture does not trigger it"));
            continue;
        }
        for finding in &own {
            if let Some(place) = &finding.at
                && place.record.get(place.start..place.end).is_none()
            {
                faults.push(format!("{id}: the place {}..{} is not in the record", place.start, place.end));
            }
            let mends = matches!(finding.outcome, Outcome::Warn | Outcome::Fail | Outcome::Unknown);
            if mends && finding.fix.as_ref().is_none_or(|fix| fix.trim().is_empty()) {
                faults.push(format!("{id}: says what is wrong, not how to mend it"));
            }
        }
        let found = serde_json::to_string_pretty(&own).expect("findings are plain data") + "\n";
        let wanted = fs::read_to_string(expected(id)).unwrap_or_default();
        if found == wanted {
            held += 1;
        } else if update {
            fs::write(expected(id), found).expect("the expected file is writable");
            updated += 1;
        } else {
            faults.push(format!("{id}: differs from the expected file\n--- found ---\n{found}"));
        }
    }
    println!("{held} fixtures hold, {updated} updated");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(updated, 0, "expected files were rewritten: read them, then run again without UPDATE_EXPECT");
}

#[test]
fn no_file_is_left_over() {
    let known: BTreeSet<PathBuf> = checks().flat_map(|check| [fixture(check.doc.id), expected(check.doc.id)]).collect();
    for entry in fs::read_dir(FOLDER).expect("the folder of fixtures") {
        let path = entry.expect("a readable entry").path();
        assert!(known.contains(&path), "{} belongs to no check", path.display());
    }
}

#[test]
fn every_finding_comes_from_a_documented_check() {
    let ids: BTreeSet<&str> = checks().map(|check| check.doc.id).collect();
    for check in checks().filter(|check| fixture(check.doc.id).exists()) {
        for finding in findings_of(&fixture(check.doc.id)) {
            assert!(ids.contains(&*finding.id), "{}: unknown id in the fixture of {}", finding.id, check.doc.id);
        }
    }
}

#[test]
fn the_score_table_adds_up() {
    let sum = |level: Level| -> u16 {
        let items = ROOMS.iter().flat_map(|room| room.score).filter(|item| item.level == level);
        items.map(|item| u16::from(item.points)).sum()
    };
    assert_eq!([sum(Level::Essential), sum(Level::Important), sum(Level::Advanced)], [60, 25, 15]);
    let mut ids = BTreeSet::new();
    for room in ROOMS {
        for item in room.score {
            assert!(ids.insert(item.id), "{}: twice", item.id);
            assert!(item.id.starts_with(room.technology.id()), "{}: in the wrong room", item.id);
            assert!(!item.label.is_empty() && !item.how.is_empty(), "{}: says nothing", item.id);
        }
    }
}

/// A look-up that failed is never held against the domain: with nothing known at all, nothing fails.
#[test]
fn with_nothing_known_nothing_fails() {
    let domain = mxray::name::DomainName::parse("acme.example").unwrap();
    let now = mxray::time::UnixTime(1_795_435_200);
    let assessment = assess(&domain, &Options::default(), &Evidence::new(), now);
    for finding in &assessment.report.findings {
        assert!(
            matches!(finding.outcome, Outcome::Unknown | Outcome::Info),
            "{}: {:?} out of nothing: {}",
            finding.id,
            finding.outcome,
            finding.title
        );
    }
    for item in &assessment.report.checklist {
        assert_eq!(item.done, None, "{}: ticked or crossed out of nothing", item.id);
    }
    assert_eq!(assessment.report.score.points, None);
    assert!(!assessment.wanted.is_empty());
}
