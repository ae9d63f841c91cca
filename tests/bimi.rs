//! BIMI beyond the record: the files that it names, senders with a logo of their own, and who may issue certificates.
//! Rows are those of standards.md §9.13 and §10.4.

use mxray::assess::{Assessment, assess};
use mxray::checks::{Finding, Options, Outcome, Status};
use mxray::evidence::Evidence;
use mxray::name::DomainName;
use mxray::records::Technology;
use mxray::time::UnixTime;
use mxray::wanted::{Purpose, Want};
use serde_json::{Value, json};

const NOW: UnixTime = UnixTime(1_795_435_200);
const LOGO: &str = "https://acme.example/bimi/logo.svg";
const MARK: &str = "https://acme.example/bimi/mark.pem";
const GOOD: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 96 96">
<title>Acme</title><rect width="96" height="96" fill="#0b5"/><circle cx="48" cy="48" r="30" fill="#fff"/></svg>"##;
const BAD: &str =
    r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><path style="fill:red" d="M0 0h9v9z"/></svg>"#;

fn rr(name: &str, record_type: &str, answers: &[&str]) -> Value {
    json!({"name": name, "type": record_type, "rcode": "NOERROR", "answers": answers, "ttl": 300})
}

/// A domain that sends mail under DMARC at reject, with this BIMI record.
fn world(record: &str) -> Vec<Value> {
    vec![
        rr("acme.example", "TXT", &["\"v=spf1 mx -all\""]),
        rr("acme.example", "MX", &["10 mx.acme.example."]),
        rr("mx.acme.example", "A", &["192.0.2.1"]),
        rr("_dmarc.acme.example", "TXT", &["\"v=DMARC1; p=reject\""]),
        rr("default._bimi.acme.example", "TXT", &[&format!("\"{record}\"")]),
    ]
}

fn judge(domain: &str, file: Value, options: &Options) -> Assessment {
    let evidence = Evidence::from_json(file.to_string().as_bytes()).expect("test data");
    assess(&DomainName::parse(domain).expect("test data"), options, &evidence, NOW)
}

fn evidence(dns: Vec<Value>, https: Value, files: Value) -> Value {
    json!({"format": "mxray-evidence/1", "dns": dns, "https": https, "files": files, "authoritative_for": ["."]})
}

/// Judges the domain with a logo alone, whose look-up came to `https`.
fn with_logo(https: Value, files: Value) -> Assessment {
    let dns = world(&format!("v=BIMI1; l={LOGO}"));
    judge("acme.example", evidence(dns, https, files), &Options::default())
}

fn findings<'a>(assessment: &'a Assessment, id: &str) -> Vec<&'a Finding> {
    assessment.report.findings.iter().filter(|finding| finding.id == id).collect()
}

fn outcomes(assessment: &Assessment, id: &str) -> Vec<Outcome> {
    findings(assessment, id).iter().map(|finding| finding.outcome).collect()
}

fn earned(assessment: &Assessment, id: &str) -> Option<u8> {
    assessment.report.score.lines.iter().find(|line| line.id == id).expect("a score item").earned
}

fn detail(assessment: &Assessment) -> &Value {
    &assessment.report.technology(Technology::Bimi).expect("one of the eight").detail
}

fn svg_prerequisite(assessment: &Assessment) -> Option<bool> {
    let bimi = assessment.report.technology(Technology::Bimi).expect("one of the eight");
    bimi.prerequisites.iter().find(|one| one.id == "svg-logo").expect("the matrix names it").met
}

#[test]
fn the_files_are_wanted_once_the_record_names_them() {
    let dns = world(&format!("v=BIMI1; l={LOGO}; a={MARK}"));
    let assessment = judge("acme.example", evidence(dns, json!([]), json!([])), &Options::default());
    let bodies: Vec<(String, Purpose)> = assessment
        .wanted
        .iter()
        .filter_map(|wanted| match &wanted.want {
            Want::Https { url, purpose } => Some((url.clone(), *purpose)),
            Want::Dns { .. } => None,
        })
        .collect();
    assert_eq!(bodies, [(LOGO.to_owned(), Purpose::Logo), (MARK.to_owned(), Purpose::MarkCertificate)]);
    assert_eq!(outcomes(&assessment, "bimi.logo-unread"), [Outcome::Unknown]);
    assert_eq!(outcomes(&assessment, "bimi.certificate-unread"), [Outcome::Unknown]);
    assert_eq!((earned(&assessment, "bimi.logo"), earned(&assessment, "bimi.certificate")), (None, None));
    assert_eq!(svg_prerequisite(&assessment), None);
}

#[test]
fn a_logo_that_was_read_is_judged() {
    let good =
        with_logo(json!([{"url": LOGO, "status": 200, "content_type": "image/svg+xml", "body": GOOD}]), json!([]));
    assert_eq!(outcomes(&good, "bimi.logo"), [Outcome::Pass]);
    assert_eq!((earned(&good, "bimi.logo"), svg_prerequisite(&good)), (Some(1), Some(true)));
    assert_eq!(detail(&good)["logo_file"]["grade"], "read");
    assert_eq!(detail(&good)["logo_file"]["conforms"], true);

    let bad = with_logo(json!([{"url": LOGO, "status": 200, "content_type": "image/svg+xml", "body": BAD}]), json!([]));
    assert!(outcomes(&bad, "bimi.logo-fault").len() >= 4, "version, baseProfile, title, style");
    assert_eq!(outcomes(&bad, "bimi.logo"), []);
    assert_eq!((earned(&bad, "bimi.logo"), svg_prerequisite(&bad)), (Some(0), Some(false)));
    let style = findings(&bad, "bimi.logo-fault").into_iter().find(|finding| finding.title.contains("style"));
    let place = style.and_then(|finding| finding.at.as_ref()).expect("a fault stands somewhere");
    assert!(place.record[place.start..place.end].starts_with("style"), "{:?}", &place.record[place.start..place.end]);
}

#[test]
fn what_receivers_cannot_fetch_fails_and_what_we_cannot_is_unknown() {
    let of = |entry: Value| with_logo(json!([entry]), json!([]));
    for (entry, says) in [
        (json!({"url": LOGO, "status": 404, "content_type": "text/html", "body": "gone"}), "404"),
        (json!({"url": LOGO, "failed": "http-500"}), "500"),
    ] {
        let assessment = of(entry);
        let found = findings(&assessment, "bimi.logo-fetch");
        assert!(found.len() == 1 && found[0].outcome == Outcome::Fail && found[0].detail.contains(says), "{found:?}");
        assert_eq!(earned(&assessment, "bimi.logo"), Some(0));
        assert_eq!(outcomes(&assessment, "bimi.logo-unread"), []);
    }
    for failed in ["timeout", "network", "cors"] {
        let assessment = of(json!({"url": LOGO, "failed": failed}));
        assert_eq!(outcomes(&assessment, "bimi.logo-fetch"), [], "{failed}");
        assert_eq!(outcomes(&assessment, "bimi.logo-unread"), [Outcome::Unknown], "{failed}");
        assert_eq!(earned(&assessment, "bimi.logo"), None, "{failed}");
    }
}

#[test]
fn section_10_4_rows_5_to_7_for_logos() {
    let page = with_logo(
        json!([{"url": LOGO, "status": 200, "content_type": "text/html", "body": "<!doctype html><title>Not here</title>"}]),
        json!([]),
    );
    assert_eq!(outcomes(&page, "bimi.logo-type"), [Outcome::Warn]);
    assert!(!outcomes(&page, "bimi.logo-fault").is_empty(), "a web page is no drawing");
    let upper = with_logo(
        json!([{"url": LOGO, "status": 200, "content_type": "Image/SVG+XML; charset=utf-8", "body": GOOD}]),
        json!([]),
    );
    assert_eq!(outcomes(&upper, "bimi.logo-type"), []);
}

#[test]
fn a_supplied_drawing_stands_for_the_one_at_the_address() {
    let one = json!([{"kind": "svg", "name": "drawing.svg", "body": GOOD}]);
    let assessment = with_logo(json!([]), one);
    assert_eq!(outcomes(&assessment, "bimi.logo"), [Outcome::Pass]);
    assert_eq!(detail(&assessment)["logo_file"]["grade"], "supplied");
    assert!(!assessment.wanted.iter().any(|wanted| matches!(&wanted.want, Want::Https { .. })), "nothing is fetched");

    let two = json!([
        {"kind": "svg", "name": "other.svg", "body": BAD},
        {"kind": "svg", "name": "logo.svg", "body": GOOD}
    ]);
    assert_eq!(outcomes(&with_logo(json!([]), two), "bimi.logo"), [Outcome::Pass], "the one called like the address");
    let strangers = json!([
        {"kind": "svg", "name": "a.svg", "body": BAD},
        {"kind": "svg", "name": "b.svg", "body": GOOD}
    ]);
    let unclear = with_logo(json!([]), strangers);
    assert_eq!(outcomes(&unclear, "bimi.logo-unread"), [Outcome::Unknown], "neither is taken for it");
}

#[test]
fn a_drawing_counts_for_the_matrix_without_a_record() {
    let mut dns = world("v=spf1 -all");
    dns.pop();
    let files = json!([{"kind": "svg", "name": "logo.svg", "body": GOOD}]);
    let assessment = judge("acme.example", evidence(dns, json!([]), files), &Options::default());
    assert_eq!(assessment.report.technology(Technology::Bimi).map(|bimi| bimi.status), Some(Status::Absent));
    assert_eq!(svg_prerequisite(&assessment), Some(true));
}

#[test]
fn section_9_3_a_sender_with_a_record_of_its_own() {
    let other = "https://acme.example/news.svg";
    let mut dns = world(&format!("v=BIMI1; l={LOGO}; lps=news,shop"));
    let sender = |local_part: &str| {
        let mut options = Options::default();
        options.set_bimi(&format!("{local_part}@acme.example"));
        options
    };
    let logo = |assessment: &Assessment| detail(assessment)["logo"].as_str().map(str::to_owned);
    let of = |dns: &[Value], local_part: &str| {
        judge("acme.example", evidence(dns.to_vec(), json!([]), json!([])), &sender(local_part))
    };
    assert_eq!(logo(&of(&dns, "news.letter+x")).as_deref(), Some(LOGO), "no record of its own");
    dns.push(rr("news-letter._bimi.acme.example", "TXT", &[&format!("\"v=BIMI1; l={other}\"")]));
    assert_eq!(logo(&of(&dns, "News.Letter+x")).as_deref(), Some(other));
    assert_eq!(logo(&of(&dns, "billing")).as_deref(), Some(LOGO), "lps does not take it");
    assert_eq!(outcomes(&of(&dns, "billing"), "bimi.local-part"), [Outcome::Info]);
    dns.push(rr("shop._bimi.acme.example", "TXT", &["\"v=BIMI1; l=\"", "\"v=BIMI1; a=\""]));
    assert_eq!(logo(&of(&dns, "shop")).as_deref(), Some(LOGO), "two records are none");
    let silent = judge("acme.example", evidence(dns.clone(), json!([]), json!([])), &Options::default());
    assert_eq!(outcomes(&silent, "bimi.local-part"), [Outcome::Info], "what lps means is said");
}

#[test]
fn caa_is_climbed_to_the_organizational_domain() {
    let mut dns = world(&format!("v=BIMI1; l={LOGO}"));
    dns.push(rr("acme.example", "CAA", &["0 issuevmc \"ca.example\""]));
    dns.push(rr("example", "CAA", &["0 issuevmc \"registry.example\""]));
    dns.push(rr("news.acme.example", "TXT", &["\"v=spf1 a -all\""]));
    let at =
        |domain: &str, dns: &[Value]| judge(domain, evidence(dns.to_vec(), json!([]), json!([])), &Options::default());
    for domain in ["acme.example", "news.acme.example"] {
        let assessment = at(domain, &dns);
        let found = findings(&assessment, "bimi.caa-issuevmc");
        assert!(found.len() == 1 && found[0].detail.contains("ca.example"), "{domain}: {found:?}");
    }
    dns.push(rr("news.acme.example", "CAA", &["0 issue \"web.example\""]));
    assert_eq!(
        outcomes(&at("news.acme.example", &dns), "bimi.caa-issuevmc"),
        [],
        "the nearest set counts (RFC 8659 §3)"
    );
}
