//! Edits laid over evidence: what they change, what they leave alone, and what has to be looked up for them.

use std::fs;
use std::time::Instant;

use mxray::assess::{Assessment, assess};
use mxray::checks::{Options, Outcome, Publish, Status};
use mxray::dns::{RecordType, presentation};
use mxray::evidence::{DnsOutcome, Evidence};
use mxray::name::DomainName;
use mxray::records::Technology;
use mxray::wanted::Want;
use mxray::what_if::{self, Edit};

fn world(name: &str) -> Evidence {
    let bytes = fs::read(format!("tests/data/worlds/{name}.json")).expect("a world");
    Evidence::from_json(&bytes).expect("evidence")
}

fn judged(evidence: &Evidence) -> Assessment {
    let domain = evidence.domain.clone().expect("a world names its domain");
    assess(&domain, &Options::default(), evidence, evidence.taken_at.expect("a world names its time"))
}

fn edit(name: &str, record_type: &str, was: Option<&str>, now: Option<&str>) -> Edit {
    Edit { name: name.into(), record_type: record_type.into(), was: was.map(Into::into), now: now.map(Into::into) }
}

fn published(assessment: &Assessment, technology: Technology) -> Vec<(String, String)> {
    let own = assessment.report.technology(technology).expect("a technology");
    own.published.iter().map(|record| (record.name.clone(), record.value.clone())).collect()
}

/// Applies edits that must all be accepted.
fn applied(evidence: &Evidence, edits: &[Edit]) -> Evidence {
    let (edited, problems) = what_if::apply(evidence, edits);
    assert_eq!(problems.iter().flatten().count(), 0, "{problems:?}");
    edited
}

#[test]
fn a_changed_record_changes_its_own_verdict_and_nothing_else() {
    let evidence = world("perfect");
    let before = judged(&evidence);
    let (name, value) = published(&before, Technology::Dmarc).remove(0);
    let after = judged(&applied(&evidence, &[edit(&name, "TXT", Some(&value), Some("v=DMARC1; p=none"))]));
    let changes = what_if::changes(&before.report, &after.report);
    assert!(changes.new.iter().any(|finding| finding.technology == Technology::Dmarc), "{changes:?}");
    assert!(changes.new.iter().all(|f| matches!(f.technology, Technology::Dmarc | Technology::Bimi)), "{changes:?}");
    assert!(after.report.score.points < before.report.score.points);
    assert_eq!(published(&after, Technology::Dmarc), [(name, "v=DMARC1; p=none".to_owned())]);
    assert_eq!(after.wanted, before.wanted, "nothing is looked up for what has not changed");
}

#[test]
fn an_edit_back_to_what_was_gives_the_same_report() {
    let evidence = world("weak");
    let before = judged(&evidence);
    for technology in Technology::ALL {
        let own = before.report.technology(technology).expect("a technology");
        for record in &own.published {
            let same = edit(&record.name, &record.record_type, Some(&record.value), Some(&record.value));
            let (edited, problems) = what_if::apply(&evidence, &[same]);
            assert_eq!(problems, [None], "{record:?}");
            let after = judged(&edited);
            let changes = what_if::changes(&before.report, &after.report);
            assert_eq!(changes, what_if::Changes::default(), "{record:?}");
            assert_eq!(before.report.score, after.report.score);
        }
    }
}

#[test]
fn an_added_record_is_there_although_the_name_was_not() {
    let evidence = world("bare");
    let before = judged(&evidence);
    let domain = evidence.domain.clone().expect("a domain");
    assert_eq!(before.report.technology(Technology::TlsRpt).map(|t| t.status), Some(Status::Absent));
    let name = format!("_smtp._tls.{domain}");
    let record = format!("v=TLSRPTv1; rua=mailto:tls@{domain}");
    let after = judged(&applied(&evidence, &[edit(&name, "TXT", None, Some(&record))]));
    assert_eq!(published(&after, Technology::TlsRpt), [(name, record)]);
    assert_ne!(after.report.technology(Technology::TlsRpt).map(|t| t.status), Some(Status::Absent));
    let changes = what_if::changes(&before.report, &after.report);
    assert!(
        changes
            .statuses
            .iter()
            .any(|(technology, from, _)| (*technology, *from) == (Technology::TlsRpt, Status::Absent))
    );
}

#[test]
fn a_record_that_is_taken_away_is_surely_not_there() {
    let evidence = world("perfect");
    let before = judged(&evidence);
    let edits: Vec<Edit> = published(&before, Technology::TlsRpt)
        .iter()
        .map(|(name, value)| edit(name, "TXT", Some(value), None))
        .collect();
    assert!(!edits.is_empty());
    let after = judged(&applied(&evidence, &edits));
    assert_eq!(after.report.technology(Technology::TlsRpt).map(|t| t.status), Some(Status::Absent));
}

#[test]
fn only_what_an_edit_newly_names_is_wanted() {
    let mut evidence = Evidence::new();
    evidence.absorb(world("perfect"));
    let before = judged(&evidence);
    let (name, value) = published(&before, Technology::Spf).remove(0);
    // A world is complete for its own zone only.
    let now = value.replacen("v=spf1 ", "v=spf1 include:_spf.elsewhere.test ", 1);
    let edited = applied(&evidence, &[edit(&name, "TXT", Some(&value), Some(&now))]);
    let wanted: Vec<String> = judged(&edited)
        .wanted
        .iter()
        .filter(|wanted| !before.wanted.contains(wanted))
        .map(|wanted| match &wanted.want {
            Want::Dns { name, record_type } => format!("{name} {}", record_type.name()),
            Want::Https { url, .. } => url.clone(),
        })
        .collect();
    assert_eq!(wanted, ["_spf.elsewhere.test TXT"]);
}

#[test]
fn what_was_looked_up_is_kept_and_what_was_made_up_is_not() {
    let evidence = world("bare");
    let domain = evidence.domain.clone().expect("a domain");
    let made_up = applied(&evidence, &[edit(&format!("x._domainkey.{domain}"), "TXT", None, Some("v=DKIM1; p="))]);
    let mut looked_up = made_up.clone();
    looked_up.absorb(world("weak"));
    let mut known = evidence.clone();
    what_if::learn(&mut known, &looked_up);
    let weak = world("weak").domain.expect("a domain");
    assert!(known.has_dns(&weak, RecordType::TXT));
    let name = DomainName::parse(&format!("x._domainkey.{domain}")).expect("a name");
    assert!(!known.has_dns(&name, RecordType::TXT));
}

#[test]
fn an_edit_behind_an_alias_changes_the_record_that_the_alias_leads_to() {
    let json = r#"{"format": "mxray-evidence/1", "domain": "acme.example", "taken_at": "2026-11-01T00:00:00Z",
        "authoritative_for": ["acme.example"], "dns": [
            {"name": "_dmarc.acme.example", "type": "CNAME", "rcode": "NOERROR", "answers": ["acme.dmarc.test."]},
            {"name": "acme.dmarc.test", "type": "TXT", "rcode": "NOERROR", "answers": ["\"v=DMARC1; p=none\""]}]}"#;
    let evidence = Evidence::from_json(json.as_bytes()).expect("evidence");
    let before = judged(&evidence);
    let (name, value) = published(&before, Technology::Dmarc).remove(0);
    let edited = applied(&evidence, &[edit(&name, "TXT", Some(&value), Some("v=DMARC1; p=reject"))]);
    let after = judged(&edited);
    assert_eq!(published(&after, Technology::Dmarc), [(name, "v=DMARC1; p=reject".to_owned())]);
    let aliases = edited.dns().filter_map(|entry| match &entry.outcome {
        DnsOutcome::Answer { answers, .. } => {
            Some(answers.iter().filter(|r| r.record_type == RecordType::CNAME).count())
        }
        DnsOutcome::Failed(_) => None,
    });
    assert_eq!(aliases.sum::<usize>(), 1, "the alias stays");
}

#[test]
fn what_cannot_be_a_record_is_refused_with_the_reason_and_changes_nothing() {
    let evidence = world("perfect");
    let before = judged(&evidence);
    let domain = evidence.domain.clone().expect("a domain").to_string();
    let edits = [
        edit(&domain, "MX", None, Some("mx.example.com")),
        edit("a..b", "TXT", None, Some("v=spf1 -all")),
        edit(&domain, "NONSENSE", None, Some("x")),
        edit(&domain, "TXT", None, Some(&"x".repeat(what_if::MAX_TEXT + 1))),
    ];
    let (edited, problems) = what_if::apply(&evidence, &edits);
    assert!(problems.iter().all(Option::is_some), "{problems:?}");
    assert_eq!(judged(&edited), before);
}

#[test]
fn the_short_reader_agrees_with_that_of_zone_files() {
    let texts = [
        ("MX", "10 mx1.example.com."),
        ("MX", "0 ."),
        ("CNAME", "acme.dmarc.test."),
        ("TLSA", "3 1 1 E3B0C44298FC1C14 9AFBF4C8996FB924"),
        ("DS", "12345 13 2 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("CAA", "0 issuevmc \"digicert.com; policy=1\""),
    ];
    for (record_type, text) in texts {
        let record_type = RecordType::parse(record_type).expect("a type");
        let expected = presentation::rdata_from_text(record_type, text, &DomainName::root()).expect("zone-file data");
        assert_eq!(what_if::data(record_type, text), Ok(expected), "{text}");
    }
    for (record_type, text) in [
        ("MX", "mx1.example.com."),
        ("MX", "10 mx1..example.com."),
        ("MX", "10 mx1.example.com. more"),
        ("MX", "65536 mx1.example.com."),
        ("TLSA", "3 1 1 E3B"),
        ("TLSA", "3 1 1"),
        ("TLSA", "3 1 256 00"),
        ("DS", "1 2 3 zz"),
        ("CAA", "0 issuevmc digicert.com"),
        ("CAA", "0 issue \"a\"b\""),
        ("CAA", ""),
        ("SOA", "x"),
    ] {
        let record_type = RecordType::parse(record_type).expect("a type");
        assert!(what_if::data(record_type, text).is_err(), "{text}");
    }
}

#[test]
fn a_policy_file_is_edited_like_a_record() {
    let evidence = world("perfect");
    let before = judged(&evidence);
    let file = before.report.technology(Technology::MtaSts).expect("a technology").published.clone();
    let file = file.iter().find(|published| published.record_type == "file").expect("a policy file");
    let now = file.value.replace("mode: enforce", "mode: testing");
    let after = judged(&applied(&evidence, &[edit(&file.name, "file", Some(&file.value), Some(&now))]));
    let own = after.report.technology(Technology::MtaSts).expect("a technology");
    assert!(own.published.iter().any(|published| published.value == now), "line ends stay what they were");
    assert!(after.report.score.points < before.report.score.points);
}

#[test]
fn what_the_plan_proposes_mends_what_it_is_for() {
    let evidence = world("weak");
    let before = judged(&evidence);
    let mut tried = 0;
    for step in &before.report.plan {
        for publish in &step.publish {
            let edits = what_if::proposal(&before.report, publish);
            assert_eq!(edits.iter().filter(|edit| edit.now.as_ref() == Some(&publish.value)).count(), 1, "{publish:?}");
            let (_, problems) = what_if::apply(&evidence, &edits);
            assert!(problems.iter().all(Option::is_none), "{publish:?}: {problems:?}");
            tried += 1;
        }
    }
    assert!(tried > 3, "{tried}");
    let publish = Publish::txt("_dmarc.weak.test", "v=DMARC1; p=reject");
    assert_eq!(what_if::technology_of(&publish.name, &publish.record_type), Technology::Dmarc);
}

#[test]
fn findings_are_compared_by_check_outcome_and_title() {
    let evidence = world("weak");
    let report = judged(&evidence).report;
    let mut other = report.clone();
    let at = other.findings.iter().position(|finding| finding.outcome == Outcome::Fail).expect("a fault");
    let fault = other.findings.remove(at);
    let changes = what_if::changes(&report, &other);
    assert_eq!(changes.gone, std::slice::from_ref(&fault));
    assert!(changes.new.is_empty());
    assert_eq!(what_if::changes(&other, &report).new, [fault]);
}

#[test]
fn a_change_is_judged_in_a_moment() {
    let evidence = world("perfect");
    let before = judged(&evidence);
    let (name, value) = published(&before, Technology::Dmarc).remove(0);
    let edits = [edit(&name, "TXT", Some(&value), Some("v=DMARC1; p=none"))];
    let started = Instant::now();
    const ROUNDS: u32 = 20;
    for _ in 0..ROUNDS {
        let after = judged(&applied(&evidence, &edits));
        std::hint::black_box(what_if::changes(&before.report, &after.report));
    }
    println!("what-if, unoptimised build: {:?} each", started.elapsed() / ROUNDS);
}
