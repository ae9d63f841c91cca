//! MX, BIMI, DANE and DNSSEC over small worlds: what one record alone does not show. Rows are those of standards.md.

use mxray::assess::{Assessment, assess};
use mxray::checks::{Finding, Options, Outcome, Status};
use mxray::dnssec::Anchor;
use mxray::evidence::Evidence;
use mxray::name::DomainName;
use mxray::records::Technology;
use mxray::time::UnixTime;
use mxray::wanted::{Want, Wanted};
use mxray::what_if::{Edit, apply};
use serde_json::{Value, json};

const NOW: UnixTime = UnixTime(1_795_435_200);
const DIGEST: &str = "1111111111111111111111111111111111111111111111111111111111111111";
/// The octets 1 to 64; with `257 3 13` before it the key tag is 2098.
const KEY: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/QA==";

/// A DNS entry: its answers, or why there is none.
fn rr(name: &str, record_type: &str, answers: &[&str]) -> Value {
    json!({"name": name, "type": record_type, "rcode": "NOERROR", "answers": answers, "ttl": 300})
}

fn evidence(dns: Vec<Value>, authoritative_for: &[&str]) -> Evidence {
    let file = json!({"format": "mxray-evidence/1", "dns": dns, "authoritative_for": authoritative_for});
    Evidence::from_json(file.to_string().as_bytes()).expect("test data")
}

fn judge_as(domain: &str, dns: Vec<Value>, authoritative_for: &[&str], options: &Options) -> Assessment {
    let domain = DomainName::parse(domain).expect("test data");
    assess(&domain, options, &evidence(dns, authoritative_for), NOW)
}

/// Judges acme.example with everything known.
fn judge(dns: Vec<Value>) -> Assessment {
    judge_as("acme.example", dns, &["."], &Options::default())
}

fn outcomes(assessment: &Assessment, id: &str) -> Vec<Outcome> {
    let of_id = |finding: &&Finding| finding.id == id;
    assessment.report.findings.iter().filter(of_id).map(|finding| finding.outcome).collect()
}

fn status(assessment: &Assessment, technology: Technology) -> Status {
    assessment.report.technology(technology).expect("one of the eight").status
}

fn earned(assessment: &Assessment, id: &str) -> (Option<u8>, bool) {
    let line = assessment.report.score.lines.iter().find(|line| line.id == id).expect("a score item");
    (line.earned, line.applies)
}

/// A domain with one mail host and its address.
fn mail() -> Vec<Value> {
    vec![
        rr("acme.example", "TXT", &["\"v=spf1 mx -all\""]),
        rr("acme.example", "MX", &["10 mx.acme.example."]),
        rr("mx.acme.example", "A", &["192.0.2.1"]),
    ]
}

fn mail_and(more: Vec<Value>) -> Assessment {
    judge(mail().into_iter().chain(more).collect())
}

fn signed(ds: &[&str], keys: &[&str]) -> Assessment {
    let soa = "ns1.acme.example. hostmaster.acme.example. 1 7200 3600 1209600 3600";
    let keys: Vec<String> = keys.iter().map(|head| format!("{head} {KEY}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    mail_and(vec![rr("acme.example", "SOA", &[soa]), rr("acme.example", "DS", ds), rr("acme.example", "DNSKEY", &keys)])
}

#[test]
fn before_anything_is_answered_everything_leaves_and_nothing_is_claimed() {
    let assessment = judge_as("mail.acme.example", Vec::new(), &[], &Options::default());
    let wanted = |name: &str, record_type: &str| {
        assessment.wanted.iter().any(|wanted| match &wanted.want {
            Want::Dns { name: n, record_type: t } => n.as_str() == name && t.to_string() == record_type,
            Want::Https { .. } => false,
        })
    };
    for (name, record_type) in [
        ("mail.acme.example", "MX"),
        ("mail.acme.example", "CAA"),
        ("default._bimi.mail.acme.example", "TXT"),
        ("mail.acme.example", "SOA"),
        ("acme.example", "SOA"),
        ("mail.acme.example", "DS"),
        ("acme.example", "DS"),
        ("example", "DS"),
        ("mail.acme.example", "DNSKEY"),
        ("acme.example", "DNSKEY"),
        ("example", "DNSKEY"),
        (".", "DNSKEY"),
    ] {
        assert!(wanted(name, record_type), "{record_type} of {name} leaves at once");
    }
    for technology in [Technology::Bimi, Technology::Dane, Technology::Dnssec] {
        assert_eq!(status(&assessment, technology), Status::Unknown, "{technology:?}");
    }
    for finding in &assessment.report.findings {
        assert!(!matches!(finding.outcome, Outcome::Fail | Outcome::Warn), "{}", finding.id);
    }
}

#[test]
fn look_ups_about_a_host_leave_together() {
    let mx = vec![rr("acme.example", "MX", &["10 mx.other.example.", "20 mx2.other.example."])];
    let assessment = judge_as("acme.example", mx, &[], &Options::default());
    for host in ["mx", "mx2"] {
        for name in [format!("{host}.other.example"), format!("_25._tcp.{host}.other.example")] {
            let asked = assessment
                .wanted
                .iter()
                .any(|wanted| matches!(&wanted.want, Want::Dns { name: n, .. } if n.as_str() == name));
            assert!(asked, "{name}");
        }
    }
    assert_eq!(outcomes(&assessment, "mx.no-address"), []);
}

#[test]
fn section_6_5_row_14_null_mx() {
    let assessment = judge(vec![
        rr("acme.example", "MX", &["0 ."]),
        rr("_25._tcp.acme.example", "TLSA", &[&format!("3 1 1 {DIGEST}")]),
    ]);
    assert_eq!(outcomes(&assessment, "mx.null"), [Outcome::Info]);
    assert_eq!(status(&assessment, Technology::Dane), Status::NotApplicable);
    assert_eq!(earned(&assessment, "dane.records"), (None, false));
    assert!(!assessment.report.findings.iter().any(|finding| finding.technology == Technology::Dane));
}

#[test]
fn an_implicit_mx_has_its_records_at_the_domain() {
    let assessment = judge(vec![
        rr("acme.example", "A", &["192.0.2.1"]),
        rr("_25._tcp.acme.example", "TLSA", &[&format!("3 1 1 {DIGEST}")]),
    ]);
    assert_eq!(outcomes(&assessment, "mx.implicit"), [Outcome::Warn]);
    assert_eq!(outcomes(&assessment, "dane.wrong-owner"), []);
    assert_eq!(outcomes(&assessment, "dane.record"), [Outcome::Pass]);
}

#[test]
fn a_failed_address_look_up_is_no_missing_address() {
    let failed = json!({"name": "acme.example", "type": "AAAA", "failed": "timeout"});
    let assessment = judge(vec![rr("acme.example", "TXT", &["\"v=spf1 -all\""]), failed]);
    assert_eq!(outcomes(&assessment, "mx.missing"), []);
    assert_eq!(outcomes(&assessment, "mx.unreadable"), [Outcome::Unknown]);
    assert_eq!(outcomes(&assessment, "dane.missing"), []);
}

#[test]
fn section_6_2_item_2_an_alias_is_asked_at_its_end_first() {
    let world = |tlsa_at: &str| {
        judge(vec![
            rr("acme.example", "MX", &["10 mx.acme.example."]),
            rr("mx.acme.example", "CNAME", &["host.acme.example."]),
            rr("host.acme.example", "A", &["192.0.2.1"]),
            rr(tlsa_at, "TLSA", &[&format!("3 1 1 {DIGEST}")]),
        ])
    };
    for owner in ["_25._tcp.host.acme.example", "_25._tcp.mx.acme.example"] {
        assert_eq!(outcomes(&world(owner), "dane.record"), [Outcome::Pass], "{owner}");
    }
}

#[test]
fn both_names_of_an_aliased_host_are_asked_in_one_round() {
    let dns = vec![
        rr("acme.example", "MX", &["10 mx.acme.example."]),
        rr("mx.acme.example", "CNAME", &["host.other.test."]),
        rr("host.other.test", "A", &["192.0.2.1"]),
    ];
    let assessment = judge_as("acme.example", dns, &[], &Options::default());
    for name in ["_25._tcp.host.other.test", "_25._tcp.mx.acme.example"] {
        let of = |wanted: &Wanted| matches!(&wanted.want, Want::Dns { name: asked, .. } if asked.as_str() == name);
        assert!(assessment.wanted.iter().any(of), "{name}");
    }
}

#[test]
fn broken_signatures_are_no_absence() {
    let file = std::fs::read("tests/data/checks/dane.bogus.json").expect("a fixture");
    let evidence = Evidence::from_json(&file).expect("evidence");
    let anchors = std::fs::read_to_string("tests/data/dnssec/anchor.key").expect("a key");
    let anchors = Anchor::read(&anchors).expect("an anchor");
    let (domain, at) = (evidence.domain.clone().expect("a domain"), evidence.taken_at.expect("a time"));
    // As if the last record were taken away: the answer that there is none is as broken as the others.
    let edit = Edit {
        name: format!("_25._tcp.mail.{domain}"),
        record_type: "TLSA".into(),
        was: Some(format!("3 1 1 {}", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")),
        now: None,
    };
    let (evidence, problems) = apply(&evidence, &[edit]);
    assert_eq!(problems, [None]);
    let assessment = assess(&domain, &Options { anchors, ..Options::default() }, &evidence, at);
    assert_eq!(outcomes(&assessment, "dane.record"), []);
    assert_eq!(outcomes(&assessment, "dane.bogus"), [Outcome::Fail]);
    assert_eq!(status(&assessment, Technology::Dane), Status::Fail);
}

#[test]
fn section_6_5_row_9_without_ds_dane_has_no_effect_and_with_one_it_is_unknown() {
    let tlsa = || rr("_25._tcp.mx.acme.example", "TLSA", &[&format!("3 1 1 {DIGEST}")]);
    let unsigned = mail_and(vec![tlsa()]);
    assert_eq!(outcomes(&unsigned, "dane.not-effective"), [Outcome::Warn]);
    assert_eq!(earned(&unsigned, "dane.proven"), (Some(0), true));
    let ds = format!("2098 13 2 {DIGEST}");
    let key = format!("257 3 13 {KEY}");
    let signed = mail_and(vec![tlsa(), rr("acme.example", "DS", &[&ds]), rr("acme.example", "DNSKEY", &[&key])]);
    assert_eq!(outcomes(&signed, "dane.not-effective"), []);
    assert_eq!(outcomes(&signed, "dane.not-proven"), [Outcome::Unknown]);
    assert_eq!(earned(&signed, "dane.records"), (Some(2), true));
    assert_eq!(earned(&signed, "dane.proven"), (None, true));
}

#[test]
fn section_7_9_what_is_seen_of_a_signed_zone() {
    let ds = |head: &str| format!("{head} {DIGEST}");
    let good = signed(&[&ds("2098 13 2")], &["257 3 13"]);
    assert_eq!(outcomes(&good, "dnssec.not-proven"), [Outcome::Unknown]);
    assert_eq!((earned(&good, "dnssec.signed"), earned(&good, "dnssec.proven")), ((Some(2), true), (None, true)));

    let row_3 = signed(&[&ds("4711 13 2")], &["257 3 13"]);
    assert_eq!(outcomes(&row_3, "dnssec.stale-ds"), [Outcome::Warn]);
    assert_eq!(earned(&row_3, "dnssec.signed"), (Some(0), true));

    let row_7 = signed(&[&ds("2098 13 2"), &ds("4711 13 2")], &["257 3 13"]);
    assert_eq!(outcomes(&row_7, "dnssec.stale-ds"), [Outcome::Info]);

    let same_tag_other_algorithm = signed(&[&ds("2098 8 2")], &["257 3 13"]);
    assert_eq!(outcomes(&same_tag_other_algorithm, "dnssec.stale-ds"), [Outcome::Warn]);

    // 385 = 257 + 128: the tag counts the flags in, so it is 2098 + 128.
    let row_16 = signed(&[&ds("2226 13 2")], &["385 3 13"]);
    let finding = row_16.report.findings.iter().find(|finding| finding.id == "dnssec.stale-ds").expect("revoked");
    assert!(finding.detail.contains("revoked"), "{}", finding.detail);

    let row_4_beside_sha256 =
        signed(&[&ds("2098 13 2"), "2098 13 1 1111111111111111111111111111111111111111"], &["257 3 13"]);
    assert_eq!(outcomes(&row_4_beside_sha256, "dnssec.sha1"), [Outcome::Info]);
    let row_4 = signed(&["2098 13 1 1111111111111111111111111111111111111111"], &["257 3 13"]);
    assert_eq!(outcomes(&row_4, "dnssec.sha1"), [Outcome::Warn]);
}

#[test]
fn a_name_inside_a_zone_is_judged_by_its_zone() {
    let dns = vec![
        rr("acme.example", "SOA", &["ns1.acme.example. hostmaster.acme.example. 1 7200 3600 1209600 3600"]),
        rr("acme.example", "DS", &[&format!("2098 13 2 {DIGEST}")]),
        rr("acme.example", "DNSKEY", &[&format!("257 3 13 {KEY}")]),
        rr("news.acme.example", "TXT", &["\"v=spf1 -all\""]),
    ];
    let assessment = judge_as("news.acme.example", dns, &["."], &Options::default());
    assert_eq!(outcomes(&assessment, "dnssec.unsigned"), [], "no DS where no zone starts is no sign of anything");
    assert_eq!(outcomes(&assessment, "dnssec.not-proven"), [Outcome::Unknown]);
}

#[test]
fn a_signed_zone_file_does_not_say_that_its_ds_is_missing() {
    let mut dns = mail();
    dns.push(rr("acme.example", "DNSKEY", &[&format!("257 3 13 {KEY}")]));
    let assessment = judge_as("acme.example", dns, &["acme.example"], &Options::default());
    assert_eq!(outcomes(&assessment, "dnssec.island"), []);
    assert_eq!(outcomes(&assessment, "dnssec.unreadable"), [Outcome::Unknown]);
}

#[test]
fn section_9_13_row_10_no_fallback_from_another_selector() {
    let options = Options { bimi_selector: "brand".into(), ..Options::default() };
    let logo = "\"v=BIMI1; l=https://acme.example/l.svg\"";
    let mut dns = mail();
    dns.push(rr("default._bimi.acme.example", "TXT", &[logo]));
    let assessment = judge_as("acme.example", dns.clone(), &["."], &options);
    assert_eq!(status(&assessment, Technology::Bimi), Status::Absent);
    dns.push(rr("brand._bimi.acme.example", "TXT", &[logo]));
    let assessment = judge_as("acme.example", dns, &["."], &options);
    assert_eq!(outcomes(&assessment, "bimi.record"), [Outcome::Pass]);
    let nonsense = Options { bimi_selector: "a..b".into(), ..Options::default() };
    let assessment = judge_as("acme.example", mail(), &["."], &nonsense);
    assert_eq!(outcomes(&assessment, "bimi.unreadable"), [Outcome::Unknown]);
}

#[test]
fn section_9_13_row_5_a_sub_domain_declines_for_itself() {
    let dns = vec![
        rr("news.acme.example", "TXT", &["\"v=spf1 a -all\""]),
        rr("news.acme.example", "A", &["192.0.2.1"]),
        rr("_dmarc.acme.example", "TXT", &["\"v=DMARC1; p=reject\""]),
        rr("default._bimi.news.acme.example", "TXT", &["\"v=BIMI1; l=; a=;\""]),
        rr("default._bimi.acme.example", "TXT", &["\"v=BIMI1; l=https://acme.example/l.svg\""]),
    ];
    let assessment = judge_as("news.acme.example", dns, &["."], &Options::default());
    assert_eq!(outcomes(&assessment, "bimi.declined"), [Outcome::Info]);
    assert_eq!(outcomes(&assessment, "bimi.inherited"), []);
    assert_eq!(status(&assessment, Technology::Bimi), Status::NotApplicable);
    assert_eq!(earned(&assessment, "bimi.record"), (None, false));
}

#[test]
fn section_9_13_rows_7_to_9_dmarc_decides() {
    let world = |dmarc: &str| {
        mail_and(vec![
            rr("_dmarc.acme.example", "TXT", &[&format!("\"{dmarc}\"")]),
            rr("default._bimi.acme.example", "TXT", &["\"v=BIMI1; l=https://acme.example/l.svg\""]),
        ])
    };
    let of = |dmarc: &str| outcomes(&world(dmarc), "bimi.dmarc-not-enforcing");
    assert_eq!(of("v=DMARC1; p=reject"), []);
    assert_eq!(of("v=DMARC1; p=reject; sp=none"), [Outcome::Fail]);
    assert_eq!(of("v=DMARC1; p=quarantine; pct=50"), [Outcome::Fail]);
    assert_eq!(of("v=DMARC1; p=quarantine; t=y"), [Outcome::Warn]);
    assert_eq!(of("v=spf1 -all"), [Outcome::Fail], "no DMARC at all");
    assert_eq!(earned(&world("v=DMARC1; p=reject"), "bimi.enforcement"), (Some(1), true));
    assert_eq!(earned(&world("v=DMARC1; p=quarantine; t=y"), "bimi.enforcement"), (Some(0), true));
}

#[test]
fn hostile_sets_stay_small() {
    let many: Vec<String> = (0..400).map(|at| format!("{at} mx{at}.other.example.")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let assessment = judge_as("acme.example", vec![rr("acme.example", "MX", &many)], &[], &Options::default());
    let about_hosts = assessment
        .wanted
        .iter()
        .filter(|wanted| matches!(&wanted.want, Want::Dns { name, .. } if name.as_str().ends_with("other.example")));
    // Two kinds of addresses and TLSA for each of the first 50; other technologies may ask for more of the same.
    assert!(about_hosts.count() <= 50 * 4);
    let deep = DomainName::parse(&["a"; 120].join(".")).expect("a long name");
    let assessment = assess(&deep, &Options::default(), &Evidence::new(), NOW);
    let dnssec = assessment.wanted.iter().filter(|wanted| wanted.technologies.contains(&Technology::Dnssec)).count();
    assert!(dnssec <= 3 * 9 + 1, "{dnssec} look-ups for the chain");
}
