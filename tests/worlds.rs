//! Whole domains: what the report says of each in outline. `UPDATE_EXPECT=1` rewrites the expected files, and then
//! fails. What must hold of a domain whatever the files say stands in tests of its own below.

use std::fs;
use std::path::Path;

use mxray::assess::assess;
use mxray::checks::{Options, Outcome, Profile, Status};
use mxray::evidence::Evidence;
use mxray::records::Technology;
use mxray::report::{Grade, Report};
use serde_json::{Value, json};

const FOLDER: &str = "tests/data/worlds";

fn report(world: &str) -> Report {
    let path = Path::new(FOLDER).join(format!("{world}.json"));
    let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let evidence = Evidence::from_json(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let domain = evidence.domain.clone().expect("a world names its domain");
    let now = evidence.taken_at.expect("a world names its time");
    assess(&domain, &Options::default(), &evidence, now).report
}

/// The outline of a report: enough to see every verdict, short enough to read.
fn outline(report: &Report) -> Value {
    json!({
        "domain": report.domain,
        "organizational_domain": report.organizational_domain,
        "profile": report.profile,
        "points": report.score.points,
        "grade": report.score.grade,
        "levels": report.score.levels,
        "lost": report.score.lines.iter().filter(|line| line.earned.is_some_and(|earned| earned < line.points))
            .map(|line| format!("{}: {} of {}", line.id, line.earned.unwrap_or(0), line.points)).collect::<Vec<_>>(),
        "status": report.technologies.iter().map(|t| (t.id.id().to_owned(), json!(t.status))).collect::<serde_json::Map<_, _>>(),
        "checklist": report.checklist.iter().map(|item| format!("{}: {:?}", item.label, item.done)).collect::<Vec<_>>(),
        "findings": report.findings.iter().map(|f| format!("{:?} {}: {}", f.outcome, f.id, f.title)).collect::<Vec<_>>(),
        "plan": report.plan.iter().map(|step| &step.step).collect::<Vec<_>>(),
        "unknown": report.unknown.iter().map(|unknown| &unknown.what).collect::<Vec<_>>(),
    })
}

#[test]
fn whole_domains_are_judged_as_expected() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut worlds = 0;
    let mut faults = Vec::new();
    for entry in fs::read_dir(FOLDER).expect("the folder of worlds") {
        let path = entry.expect("a readable entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(world) = name.strip_suffix(".json").filter(|world| !world.ends_with(".expected")) else { continue };
        worlds += 1;
        let found = serde_json::to_string_pretty(&outline(&report(world))).expect("plain data") + "\n";
        let expected = Path::new(FOLDER).join(format!("{world}.expected.json"));
        if found == fs::read_to_string(&expected).unwrap_or_default() {
            continue;
        }
        if update {
            fs::write(&expected, found).expect("the expected file is writable");
            faults.push(format!("{world}: rewritten; read it, then run again without UPDATE_EXPECT"));
        } else {
            faults.push(format!("{world}: differs from the expected file\n{found}"));
        }
    }
    println!("{worlds} worlds judged");
    assert!(worlds >= 6 && faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_perfect_domain_loses_nothing() {
    let report = report("perfect");
    assert_eq!((report.profile, report.score.grade), (Profile::Mail, Some(Grade::A)));
    assert_eq!(report.score.points, Some(100), "what waits for a proof is unknown, and costs nothing");
    let bad: Vec<_> = report.findings.iter().filter(|f| matches!(f.outcome, Outcome::Fail | Outcome::Warn)).collect();
    assert!(bad.is_empty(), "{bad:#?}");
    for item in &report.checklist {
        assert_ne!(item.done, Some(false), "{}", item.label);
    }
}

#[test]
fn a_parked_domain_can_reach_100() {
    let report = report("parked");
    assert_eq!((report.profile, report.score.points), (Profile::Parked, Some(100)));
    let bad: Vec<_> = report.findings.iter().filter(|f| f.outcome == Outcome::Fail).collect();
    assert!(bad.is_empty(), "{bad:#?}");
    for technology in [Technology::MtaSts, Technology::TlsRpt, Technology::Dane] {
        assert_eq!(report.technology(technology).map(|t| t.status), Some(Status::NotApplicable), "{technology:?}");
    }
}

#[test]
fn look_ups_that_failed_fail_nobody() {
    let report = report("nothing-known");
    let bad: Vec<_> = report.findings.iter().filter(|f| matches!(f.outcome, Outcome::Fail | Outcome::Warn)).collect();
    assert!(bad.is_empty(), "{bad:#?}");
    assert_eq!((report.score.points, report.score.grade), (None, None));
    assert!(report.score.reason.is_some() && !report.unknown.is_empty());
    for technology in &report.technologies {
        assert_eq!(technology.status, Status::Unknown, "{:?}", technology.id);
    }
}

#[test]
fn a_domain_with_a_fault_per_technology_shows_each() {
    let report = report("weak");
    for technology in Technology::ALL.into_iter().filter(|t| *t != Technology::Dnssec) {
        let worst = report.findings_of(technology).map(|f| f.outcome).max_by_key(|o| match o {
            Outcome::Fail => 3,
            Outcome::Warn => 2,
            _ => 1,
        });
        assert!(matches!(worst, Some(Outcome::Fail | Outcome::Warn)), "{technology:?}: {worst:?}");
    }
    assert!(report.basics_first.is_some());
}
