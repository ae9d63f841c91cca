//! What changed between two pieces of evidence: told exactly, and never told of what could not be seen.

use std::fs;

use mxray::assess::assess;
use mxray::checks::{Options, Outcome, Status};
use mxray::evidence::Evidence;
use mxray::records::Technology;
use mxray::report::changes::{Comparison, MAX_RECORDS, What};
use serde_json::{Value, json};

/// The perfect world as JSON, to be changed.
fn world() -> Value {
    let text = fs::read_to_string("tests/data/worlds/perfect.json").expect("a world");
    serde_json::from_str(&text).expect("JSON")
}

/// The world with the entry of one name and type changed, taken a week later.
fn later(change: impl Fn(&mut Vec<Value>)) -> Value {
    let mut world = world();
    world["taken_at"] = "2026-11-30T12:00:00Z".into();
    change(world["dns"].as_array_mut().expect("a list"));
    world
}

fn entry<'v>(dns: &'v mut [Value], name: &str, record_type: &str) -> &'v mut Value {
    let is = |entry: &&mut Value| entry["name"] == name && entry["type"] == record_type;
    dns.iter_mut().find(is).unwrap_or_else(|| panic!("{name} {record_type}"))
}

fn compared(old: &Value, new: &Value) -> Comparison {
    let read = |file: &Value| {
        let evidence = Evidence::from_json(file.to_string().as_bytes()).expect("evidence");
        let domain = evidence.domain.clone().expect("a domain");
        let at = evidence.taken_at.expect("a time");
        (assess(&domain, &Options::default(), &evidence, at).report, evidence)
    };
    let (old, new) = (read(old), read(new));
    Comparison::of((&old.0, &old.1), (&new.0, &new.1))
}

/// Name, type and what happened, of every record that differs.
fn records(comparison: &Comparison) -> Vec<(&str, &str, What)> {
    let list = comparison.records.list.iter();
    list.map(|change| (change.name.as_str(), change.record_type.as_str(), change.what)).collect()
}

#[test]
fn the_same_is_no_change() {
    let comparison = compared(&world(), &later(|_| {}));
    assert!(comparison.is_empty() && !comparison.worse, "{comparison:?}");
    assert!(comparison.to_text().contains("Nothing has changed."));
}

#[test]
fn order_and_lifetime_of_records_are_no_change() {
    let comparison = compared(
        &world(),
        &later(|dns| {
            let mx = entry(dns, "acme.example", "MX");
            mx["ttl"] = 17.into();
            mx["answers"].as_array_mut().expect("answers").reverse();
        }),
    );
    assert!(comparison.is_empty(), "{comparison:?}");
}

#[test]
fn a_weaker_policy_is_worse_and_told_everywhere() {
    let comparison = compared(
        &world(),
        &later(|dns| {
            entry(dns, "_dmarc.acme.example", "TXT")["answers"] =
                json!(["\"v=DMARC1; p=none; rua=mailto:dmarc@acme.example\""]);
        }),
    );
    assert!(comparison.worse);
    assert_eq!(records(&comparison), [("_dmarc.acme.example", "TXT", What::Changed)]);
    let change = &comparison.records.list[0];
    assert_eq!(change.gone, ["v=DMARC1; p=reject; sp=reject; np=reject; rua=mailto:dmarc@acme.example"]);
    assert_eq!(change.new, ["v=DMARC1; p=none; rua=mailto:dmarc@acme.example"]);
    assert_eq!(change.before_at.map(|at| at.to_string()).as_deref(), Some("2026-11-23T12:00:00Z"));
    assert_eq!(change.after_at.map(|at| at.to_string()).as_deref(), Some("2026-11-30T12:00:00Z"));
    let status = comparison.technologies.iter().find(|change| change.id == Technology::Dmarc).expect("DMARC");
    assert_eq!((status.before, status.after), (Status::Pass, Status::Warn));
    let finding = comparison.findings.iter().find(|change| change.id == "dmarc.policy").expect("the policy");
    let outcome = |told: &Option<mxray::report::changes::Told>| told.as_ref().map(|told| told.outcome);
    assert_eq!((outcome(&finding.before), outcome(&finding.after)), (Some(Outcome::Pass), Some(Outcome::Warn)));
    assert!(
        comparison
            .score
            .iter()
            .any(|line| line.id == "dmarc.policy" && (line.before, line.after) == (Some(12), Some(0)))
    );
    let text = comparison.to_text();
    for words in [
        "DMARC    in place → needs attention",
        "pass → warning",
        "12 → 0 of 12",
        "fewer",
        "    - v=DMARC1; p=reject",
        "    + v=DMARC1; p=none",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

#[test]
fn the_other_way_round_is_better() {
    let weaker = later(|dns| {
        entry(dns, "_dmarc.acme.example", "TXT")["answers"] =
            json!(["\"v=DMARC1; p=none; rua=mailto:dmarc@acme.example\""]);
    });
    let comparison = compared(&weaker, &world());
    assert!(!comparison.worse && !comparison.is_empty());
    assert!(comparison.to_text().contains("The first file is the later one"));
}

#[test]
fn what_could_not_be_seen_has_not_changed_and_is_not_worse() {
    let mut new = later(|dns| {
        *entry(dns, "_smtp._tls.acme.example", "TXT") =
            json!({"name": "_smtp._tls.acme.example", "type": "TXT", "failed": "timeout"});
        dns.retain(|entry| entry["name"] != "_mta-sts.acme.example");
    });
    // Nor does it claim to be complete.
    new["authoritative_for"] = json!([]);
    let comparison = compared(&world(), &new);
    let told = records(&comparison);
    assert!(told.contains(&("_smtp._tls.acme.example", "TXT", What::NotSeen)), "{told:?}");
    assert!(told.contains(&("_mta-sts.acme.example", "TXT", What::NotSeen)), "{told:?}");
    assert!(!told.iter().any(|(.., what)| *what == What::Removed), "{told:?}");
    assert!(!comparison.worse, "{comparison:?}");
    assert!(comparison.to_text().contains("it may still be there"));
    // Nor is it better when it is seen again.
    let back = compared(&new, &world());
    assert!(records(&back).contains(&("_mta-sts.acme.example", "TXT", What::NewlySeen)));
}

#[test]
fn a_record_that_came_or_went() {
    let without = later(|dns| {
        *entry(dns, "_smtp._tls.acme.example", "TXT") =
            json!({"name": "_smtp._tls.acme.example", "type": "TXT", "rcode": "NXDOMAIN"});
    });
    let removed = compared(&world(), &without);
    assert_eq!(records(&removed), [("_smtp._tls.acme.example", "TXT", What::Removed)]);
    assert!(removed.worse);
    let added = compared(&without, &world());
    assert_eq!(records(&added), [("_smtp._tls.acme.example", "TXT", What::Added)]);
    assert!(!added.worse);
}

#[test]
fn a_policy_file_is_compared_line_by_line() {
    let mut new = later(|_| {});
    let file = new["https"]
        .as_array_mut()
        .expect("files")
        .iter_mut()
        .find(|file| file["url"].as_str().is_some_and(|url| url.contains("mta-sts.txt")))
        .expect("a policy");
    let body = file["body"].as_str().expect("a body").replace("enforce", "testing");
    file["body"] = body.into();
    let comparison = compared(&world(), &new);
    let change = comparison.records.list.iter().find(|change| change.record_type == "file").expect("the file");
    assert_eq!(
        (change.what, change.gone.as_slice(), change.new.as_slice()),
        (What::Changed, &["mode: enforce".to_owned()][..], &["mode: testing".to_owned()][..])
    );
}

#[test]
fn keys_of_other_zones_and_what_every_signing_changes_are_left_out() {
    let comparison = compared(
        &world(),
        &later(|dns| {
            dns.push(json!({"name": "example", "type": "DNSKEY", "rcode": "NOERROR", "answers": ["257 3 13 AAAA"]}));
            dns.push(json!({"name": ".", "type": "DNSKEY", "rcode": "NOERROR", "answers": ["257 3 13 AAAA"]}));
            dns.push(json!({"name": "other.test", "type": "DS", "rcode": "NOERROR", "answers": ["1 13 2 AAAA"]}));
            dns.push(
                json!({"name": "acme.example", "type": "SOA", "rcode": "NOERROR", "answers": ["a. b. 2 3 4 5 6"]}),
            );
        }),
    );
    assert_eq!(records(&comparison), [], "{comparison:?}");
}

#[test]
fn a_whole_zone_has_an_end() {
    let zone = |value: &str| {
        let dns: Vec<Value> = (0..5_000)
            .map(
                |at| json!({"name": format!("h{at}.acme.example"), "type": "TXT", "answers": [format!("\"{value}\"")]}),
            )
            .collect();
        json!({"format": "mxray-evidence/1", "domain": "acme.example", "taken_at": "2026-11-23T12:00:00Z", "dns": dns})
    };
    let comparison = compared(&zone("a"), &zone("b"));
    assert_eq!((comparison.records.list.len(), comparison.records.more), (MAX_RECORDS, 5_000 - MAX_RECORDS));
    assert!(comparison.to_text().contains("and 4000 more"));
}

#[test]
fn strangers_write_no_terminal_codes() {
    let text = compared(
        &world(),
        &later(|dns| {
            entry(dns, "_dmarc.acme.example", "TXT")["answers"] = json!(["\"v=DMARC1; p=\\027[31m\\013\\010x\""]);
        }),
    )
    .to_text();
    assert!(!text.contains(['\u{1b}', '\r']), "{text:?}");
}
