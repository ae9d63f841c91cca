//! Files and pastes of every kind: told by content, read to evidence, or refused in plain words.

use std::io::Write;
use std::time::Instant;

use mxray::dns::{Rcode, RecordData, RecordType, Txt};
use mxray::evidence::{Evidence, Failure, FileKind, HttpsOutcome, Lookup};
use mxray::intake::{self, Intake, IntakeError, Kind};
use mxray::name::DomainName;
use proptest::prelude::*;

fn name(text: &str) -> DomainName {
    DomainName::parse(text).unwrap()
}

fn data(file: &str) -> Vec<u8> {
    let path = format!("{}/tests/data/intake/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Reads a file of the test data under a name that says nothing.
fn read(file: &str) -> Result<Intake, IntakeError> {
    intake::read("dropped", &data(file), Some(&name("example.test")))
}

fn paste(text: &str) -> Result<Intake, IntakeError> {
    intake::read("paste", text.as_bytes(), Some(&name("example.com")))
}

fn texts(evidence: &Evidence, owner: &str) -> Vec<String> {
    let lookup = evidence.look_up(&name(owner), RecordType::TXT);
    lookup
        .records()
        .iter()
        .map(|record| match &record.data {
            RecordData::Txt(txt) => txt.text(),
            other => panic!("{other:?}"),
        })
        .collect()
}

const SPF: &str = "v=spf1 include:_spf.example.test -all";

#[test]
fn kinds_are_told_from_the_content() {
    for (file, kind) in [
        ("dig/txt.txt", Kind::Dig),
        ("dig/timeout.txt", Kind::Dig),
        ("dig/axfr.txt", Kind::Dig),
        ("dig/noall-answer.txt", Kind::Zone),
        ("zone/syntax.zone", Kind::Zone),
        ("doh/google-txt.json", Kind::DohJson),
        ("doh/cloudflare-several.json", Kind::DohJson),
        ("https/mta-sts.txt", Kind::Policy),
        ("https/curl-200.txt", Kind::HttpResponse),
        ("other/logo.svg", Kind::Svg),
        ("other/report.json", Kind::TlsReport),
        ("other/report-with-its-name-inside.gz", Kind::TlsReport),
        ("other/cert.pem", Kind::Pem),
    ] {
        let intake = read(file).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(intake.kind, kind, "{file}");
        assert!(!intake.evidence.is_empty(), "{file}");
        let again = Evidence::from_json(intake.evidence.to_json().as_bytes());
        assert_eq!(again, Ok(intake.evidence), "{file} survives being saved");
    }
    let svgz = intake::read("logo.svgz", &data("other/logo.svgz"), None).unwrap();
    assert_eq!(svgz.kind, Kind::Svg);
    assert_eq!(svgz.evidence.files()[0].body, data("other/logo.svgz"));
    assert_eq!(read("other/cert.pem").unwrap().evidence.files()[0].kind, FileKind::Pem);
    let evidence = paste("\u{FEFF}{\"format\": \"mxray-evidence/1\", \"authoritative_for\": [\".\"]}").unwrap();
    assert_eq!(evidence.kind, Kind::Evidence);
}

/// A gzip file whose header names nothing.
fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn reports_are_told_from_evidence_by_content() {
    let report = include_bytes!("data/tls-reports/plain.json").as_slice();
    let mail = include_bytes!("data/tls-reports/mail.eml").as_slice();
    let marked = [b"\xEF\xBB\xBF", report].concat();
    let mailbox = [b"From tls@sender.example Mon Nov 23 00:00:00 2026\n", mail].concat();
    let utf16: Vec<u8> = b"\xFF\xFE{\0".iter().copied().chain(b"\"\0x\0".iter().copied()).collect();
    let policy = b"version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 86400\n";
    let response = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nFrom: x\r\n\r\n{}";
    let saved = b"{\"format\": \"mxray-evidence/1\", \"note\": \"\", \"policies\": []}";
    let drawing = b"<svg xmlns='http://www.w3.org/2000/svg'/>";
    let (reports, evidence, neither) = ((true, true), (false, false), (false, true));
    for (what, bytes, expected) in [
        ("a report", report.to_vec(), reports),
        ("behind a byte order mark", marked, reports),
        ("in an array", [b"[", report, b"]"].concat(), reports),
        ("cut off", report[..400].to_vec(), reports),
        ("in UTF-16", utf16, reports),
        ("gzip", gzip(report), reports),
        ("gzip that is cut off", gzip(report)[..250].to_vec(), reports),
        ("mail", mail.to_vec(), reports),
        ("a mailbox", mailbox, reports),
        ("mail without a report", b"From: a@example.com\nSubject: x\n\nHello".to_vec(), reports),
        ("mail in gzip", gzip(mail), reports),
        ("zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec(), reports),
        ("a policy", policy.to_vec(), evidence),
        ("an HTTP response", response.to_vec(), evidence),
        ("saved evidence", saved.to_vec(), evidence),
        ("DoH JSON", data("doh/google-txt.json"), evidence),
        ("dig", data("dig/txt.txt"), evidence),
        ("a zone file", data("zone/syntax.zone"), evidence),
        ("a drawing in gzip", gzip(drawing), evidence),
        ("other JSON", b"{\"a\": 1}".to_vec(), neither),
        ("an address", b"2001:db8::1\n".to_vec(), neither),
        ("a DMARC report", b"<?xml version=\"1.0\"?><feedback></feedback>".to_vec(), neither),
        ("something binary", vec![0, 1, 2], neither),
        ("nothing", Vec::new(), neither),
    ] {
        let found = [false, true].map(|in_folder| intake::is_for_reports("dropped", &bytes, in_folder));
        assert_eq!(found, [expected.0, expected.1], "{what}");
    }
    let kind = |bytes: &[u8]| intake::read("dropped", bytes, None).map(|intake| intake.kind);
    assert_eq!(kind(mail), Ok(Kind::TlsReport), "the command line keeps it");
    assert_eq!(kind(&gzip(drawing)), Ok(Kind::Svg), "a drawing is told without its name");
}

#[test]
fn dig_output() {
    let one = read("dig/txt.txt").unwrap().evidence;
    assert_eq!(texts(&one, "example.test").len(), 2);
    assert!(texts(&one, "example.test").contains(&SPF.into()));
    assert!(one.look_up(&name("example.test"), RecordType::MX).is_unknown(), "what was not asked is unknown");

    let several = read("dig/several.txt").unwrap().evidence;
    assert_eq!(texts(&several, "_dmarc.example.test"), ["v=DMARC1; p=reject; rua=mailto:d@example.test"]);
    assert!(matches!(several.look_up(&name("nope.example.test"), RecordType::TXT), Lookup::NxDomain { .. }));
    let dkim = several.look_up(&name("s1._domainkey.example.test"), RecordType::TXT);
    assert_eq!((dkim.records().len(), dkim.chain()), (1, &[name("s1.dkim.example.test")][..]));

    let dangling = read("dig/dangling.txt").unwrap().evidence;
    assert_eq!(
        dangling.look_up(&name("dangling.example.test"), RecordType::TXT),
        Lookup::NxDomain { chain: vec![name("nothing.example.test")] },
        "§8.4 row 7"
    );

    for (file, owner, failure) in [
        ("dig/timeout.txt", "slow.example.test", Failure::Timeout),
        ("dig/connection-refused.txt", "dead.example.test", Failure::Network),
        ("dig/servfail.txt", "broken.test", Failure::Rcode { rcode: Rcode::SERVFAIL, extended_errors: vec![] }),
    ] {
        let evidence = read(file).unwrap().evidence;
        assert_eq!(evidence.look_up(&name(owner), RecordType::TXT), Lookup::Failed(&failure), "{file}");
    }
    let refused = read("dig/refused.txt").unwrap().evidence;
    assert!(matches!(
        refused.look_up(&name("other.example"), RecordType::TXT),
        Lookup::Failed(Failure::Rcode { rcode: Rcode(5), .. })
    ));

    let unasked = read("dig/noquestion.txt").unwrap().evidence;
    assert_eq!(texts(&unasked, "example.test").len(), 2, "the question is in the command line");
    let plain = read("dig/nocomments.txt").unwrap().evidence;
    assert_eq!(plain.look_up(&name("example.test"), RecordType::MX).records().len(), 2);
    let units = read("dig/ttlunits.txt").unwrap().evidence;
    assert_eq!(units.look_up(&name("example.test"), RecordType::MX).records()[0].ttl, 300);
    let multiline = read("dig/multiline.txt").unwrap().evidence;
    assert_eq!(multiline.look_up(&name("example.test"), RecordType::DNSKEY).records().len(), 1);
    assert_eq!(multiline.look_up(&name("example.test"), RecordType::SOA).records().len(), 1);
}

#[test]
fn the_ad_flag_and_extended_errors_of_dig() {
    let text = "\
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: SERVFAIL, id: 1
;; flags: qr rd ra; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 1

;; OPT PSEUDOSECTION:
; EDNS: version: 0, flags: do; udp: 1232
; EDE: 6 (DNSSEC Bogus): (expired)
;; QUESTION SECTION:
;bogus.example.com.\t\tIN\tTXT

;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 2
;; flags: qr rd ra ad; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1
;; QUESTION SECTION:
;example.com.\t\tIN\tTXT

;; ANSWER SECTION:
example.com.\t300\tIN\tTXT\t\"broken
";
    let evidence = paste(text).unwrap().evidence;
    match evidence.look_up(&name("bogus.example.com"), RecordType::TXT) {
        Lookup::Failed(Failure::Rcode { extended_errors, .. }) => {
            assert_eq!((extended_errors[0].code, &*extended_errors[0].text), (6, "expired"));
        }
        other => panic!("{other:?}"),
    }
    let broken = evidence.look_up(&name("example.com"), RecordType::TXT);
    assert!(matches!(broken, Lookup::Failed(Failure::Malformed { .. })), "a broken paste is no absence: {broken:?}");
    let whole = text.replace("\"broken", "\"whole\"");
    let whole = paste(&whole).unwrap().evidence;
    let Lookup::Found(found) = whole.look_up(&name("example.com"), RecordType::TXT) else { panic!() };
    assert!(matches!(found.entry.outcome, mxray::evidence::DnsOutcome::Answer { authentic: true, .. }));
    let cut = paste(&text.replace("qr rd ra ad", "qr tc rd")).unwrap().evidence;
    assert_eq!(cut.look_up(&name("example.com"), RecordType::TXT), Lookup::Failed(&Failure::Truncated));
}

#[test]
fn drill_and_kdig_are_near_enough() {
    let drill = ";; ->>HEADER<<- opcode: QUERY, rcode: NXDOMAIN, id: 12345
;; flags: qr rd ra ; QUERY: 1, ANSWER: 0, AUTHORITY: 1, ADDITIONAL: 0
;; QUESTION SECTION:
;; _dmarc.example.com.\tIN\tTXT

;; ANSWER SECTION:

;; AUTHORITY SECTION:
example.com.\t300\tIN\tSOA\tns. h. 1 2 3 4 5

;; Query time: 1 msec
";
    let kdig = drill.replace("QUERY, rcode: NXDOMAIN, id", "QUERY; status: NXDOMAIN; id").replace("flags", "Flags");
    for text in [drill, &kdig] {
        let evidence = paste(text).unwrap().evidence;
        let lookup = evidence.look_up(&name("_dmarc.example.com"), RecordType::TXT);
        assert!(matches!(lookup, Lookup::NxDomain { .. }), "{lookup:?}");
    }
}

#[test]
fn a_transfer_is_a_whole_zone() {
    let evidence = read("dig/axfr.txt").unwrap().evidence;
    assert_eq!(evidence.authorities().collect::<Vec<_>>(), [&name("example.test")]);
    assert!(matches!(evidence.look_up(&name("_mta-sts.example.test"), RecordType::TXT), Lookup::NxDomain { .. }));
    assert!(matches!(evidence.look_up(&name("_tcp.example.test"), RecordType::TXT), Lookup::NoData { .. }));
    assert_eq!(texts(&evidence, "x.y.wild.example.test"), ["wild"]);
    assert!(evidence.look_up(&name("www.sub.example.test"), RecordType::A).is_unknown(), "below a delegation");
}

#[test]
fn zone_files_are_complete_and_lines_are_not() {
    let zone = intake::read("z", &data("zone/syntax.zone"), Some(&name("example.com"))).unwrap();
    assert!(zone.evidence.look_up(&name("_mta-sts.example.com"), RecordType::TXT).is_absent());
    assert!(zone.evidence.look_up(&name("example.com"), RecordType::DS).is_unknown(), "DS stands in the parent zone");
    let lines = paste("_dmarc.example.com. TXT \"v=DMARC1; p=none\"\n").unwrap();
    assert_eq!(texts(&lines.evidence, "_dmarc.example.com"), ["v=DMARC1; p=none"]);
    assert!(lines.evidence.look_up(&name("example.com"), RecordType::TXT).is_unknown());
    assert!(lines.notes.iter().any(|note| note.contains("stays unknown")));
    let broken = intake::read("z", &data("zone/broken.zone"), None).unwrap();
    assert_eq!(broken.notes.iter().filter(|note| note.starts_with("Left out: line ")).count(), 14);
    let outside = paste("$ORIGIN example.com.\n@ TXT x\nother.example. TXT y\n").unwrap();
    assert!(outside.notes.iter().any(|note| note.contains("1 records that are not in the zone example.com")));
    let many = (0..5_000).map(|n| format!("a TXT {n}\n")).collect::<String>();
    let many = paste(&many).unwrap();
    assert_eq!(texts(&many.evidence, "a.example.com").len(), intake::MAX_RECORDS);
}

#[test]
fn resolvers_json() {
    let google = read("doh/google-txt.json").unwrap().evidence;
    assert_eq!(
        texts(&google, "example.com"),
        ["v=spf1 include:_spf.example.com; \"quoted\" -all", "two strings"],
        "§8.3: quoted and bare"
    );
    let several = read("doh/cloudflare-several.json").unwrap();
    let evidence = several.evidence;
    let dkim = evidence.look_up(&name("s1._domainkey.example.com"), RecordType::TXT);
    assert_eq!(
        dkim.records()[0].data,
        RecordData::Txt(Txt { strings: vec![b"v=DKIM1; p=AAAA".to_vec(), b"BBBB".to_vec()] })
    );
    let caa = evidence.look_up(&name("example.com"), RecordType::CAA);
    assert_eq!(
        caa.records()[0].data,
        RecordData::Caa { flags: 0, tag: "issue".into(), value: b"ca.example".to_vec() },
        "RFC 3597 data"
    );
    assert!(matches!(evidence.look_up(&name("_dmarc.example.com"), RecordType::TXT), Lookup::NxDomain { .. }));
    match evidence.look_up(&name("bogus.example.com"), RecordType::A) {
        Lookup::Failed(Failure::Rcode { rcode, extended_errors }) => {
            assert_eq!((*rcode, extended_errors[0].code), (Rcode::SERVFAIL, 6));
        }
        other => panic!("{other:?}"),
    }
    assert!(several.notes.iter().any(|note| note.contains("DNSSEC Bogus")));
    assert_eq!(evidence.look_up(&name("cut.example.com"), RecordType::TXT), Lookup::Failed(&Failure::Truncated));
    let odd = evidence.look_up(&name("odd.example.com"), RecordType::A);
    assert!(matches!(odd, Lookup::Failed(Failure::Malformed { .. })), "unreadable is not absent: {odd:?}");
}

#[test]
fn policies() {
    const URL: &str = "https://mta-sts.example.test/.well-known/mta-sts.txt";
    let entry = |file: &str| {
        let evidence = read(file).unwrap().evidence;
        let entry = evidence.https(URL).unwrap().clone();
        assert!(entry.supplied);
        entry.outcome
    };
    assert!(matches!(entry("https/mta-sts.txt"), HttpsOutcome::Read { status: 200, content_type: None, body }
        if body == data("https/mta-sts.txt")));
    assert!(matches!(entry("https/curl-200.txt"), HttpsOutcome::Read { status: 200, content_type: Some(t), body }
        if t.starts_with("text/plain") && body.starts_with(b"version: STSv1\nmode: testing")));
    assert_eq!(
        entry("https/curl-redirect.txt"),
        HttpsOutcome::Failed(Failure::Redirected {
            status: Some(301),
            to: Some("https://www.example.com/mta-sts.txt".into())
        }),
        "RFC 8461 §3.3"
    );
    assert_eq!(entry("https/curl-404.txt"), HttpsOutcome::Failed(Failure::HttpStatus { status: 404 }));
    let without = intake::read("mta-sts.txt", &data("https/mta-sts.txt"), None).unwrap_err();
    assert!(without.reason.contains("enter the domain"));
    let svg = [b"HTTP/1.1 200 OK\r\nContent-Type: image/svg+xml\r\n\r\n".to_vec(), data("other/logo.svg")].concat();
    assert_eq!(intake::read("x", &svg, None).unwrap().evidence.files()[0].body, data("other/logo.svg"));
    let nested = "HTTP/1.1 200 OK\n\n \n".repeat(200_000);
    assert!(intake::read("x", nested.as_bytes(), None).is_err(), "no recursion");
}

#[test]
fn what_is_refused_and_why() {
    for (text, line, part) in [
        ("", None, "empty"),
        (" \n\t", None, "empty"),
        ("v=spf1 -all", Some(1), "example.com. IN TXT \"v=spf1 -all\""),
        ("\"v=DMARC1; p=none\"", Some(1), "_dmarc.example.com. IN TXT"),
        ("v=STSv1; id=1", Some(1), "_mta-sts.example.com."),
        ("10 mx1.example.com.\n20 mx2.example.com.\n", Some(1), "+short"),
        ("<!DOCTYPE html><html><svg>", None, "web page"),
        ("<rss/>", None, "no SVG"),
        ("{\"a\": 1}", None, "neither"),
        ("{\n\"a\": }", Some(2), "malformed"),
        ("[]", None, "neither"),
        ("{\"format\":\n\"mxray-evidence/9\"}", Some(2), "this version"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", None, "private key"),
        ("\u{0}\u{1}\u{2}", None, "binary"),
        ("; only\n; comments\n", None, "nothing"),
        ("; a comment\nhello world how are you\n", Some(2), "no record type"),
        ("HTTP/1.1 what\n", Some(1), "malformed"),
        (";; Got answer:\n", None, "no question"),
    ] {
        let error = paste(text).unwrap_err();
        assert_eq!((error.file.as_str(), error.line), ("paste", line), "{text:?}: {error}");
        assert!(error.reason.contains(part), "{text:?}: {error}");
    }
    assert!(read("dig/short.txt").unwrap_err().reason.contains("+short"));
    assert!(read("dig/short-mx.txt").unwrap_err().reason.contains("+short"));
    assert!(read("dig/yaml.txt").unwrap_err().reason.contains("+yaml"));
    let utf16 = intake::read("x", b"\xFF\xFEa\0", None).unwrap_err();
    assert!(utf16.reason.contains("UTF-16"));
    let large = intake::read("x", &vec![b'a'; intake::MAX_FILE + 1], None).unwrap_err();
    assert!(large.reason.contains("at most"));
    let gzip = intake::read("x", b"\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\x03", None).unwrap_err();
    assert!(gzip.reason.contains("gzip"));
}

#[test]
fn megabytes_of_anything_are_quick() {
    // xorshift: the same bytes in every run.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let noise: Vec<u8> = (0..640_000).flat_map(|_| random().to_le_bytes()).collect();
    let printable: Vec<u8> = noise.iter().map(|b| b" \n;()\"\\abc.$@0123IN"[usize::from(*b) % 19]).collect();
    let mut slowest = (0.0_f32, "");
    let policy = b"version: STSv1\n".repeat(340_000);
    for (what, bytes) in [
        ("noise", noise.clone()),
        ("noise without NUL", noise.iter().map(|b| b | 1).collect()),
        ("zone-like noise", printable.clone()),
        ("dig-like noise", [b";; Got answer:\n".to_vec(), printable.clone()].concat()),
        ("JSON-like noise", [b"{\"Status\": 0, ".to_vec(), printable].concat()),
        ("brackets", b"[".repeat(5_000_000)),
        ("a list of objects", [b"[{}".to_vec(), b",{}".repeat(1_600_000), b"]".to_vec()].concat()),
        ("angle brackets", b"<".repeat(5_000_000)),
        ("a policy", policy),
        ("one TXT name", b"a.example. TXT x\n".iter().copied().cycle().take(5_000_000).collect()),
        ("one header", [b"HTTP/1.1 200 OK\n".to_vec(), b"a: b\n".repeat(1_000_000)].concat()),
        ("responses", b"HTTP/1.1 301 x\n\n".repeat(300_000)),
        ("gzip", [b"\x1F\x8B\x08\x08".to_vec(), noise].concat()),
    ] {
        let started = Instant::now();
        let _ = intake::read("x", &bytes, Some(&name("example.com")));
        let seconds = started.elapsed().as_secs_f32();
        println!("{what}: {seconds:.2} s");
        if seconds > slowest.0 {
            slowest = (seconds, what);
        }
    }
    assert!(slowest.0 < 20.0, "{slowest:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300), start in proptest::sample::select(vec![
        "", "{", "[", "<svg", "HTTP/1.1 200 OK\n", ";; Got answer:\n", "-----BEGIN ", "version: STSv1\n", "v=spf1 ", "\u{FEFF}",
        "$ORIGIN a.\n", "{\"format\": \"mxray-evidence/1\", ", "{\"Status\": 0, \"Question\": [", "\"",
    ])) {
        let bytes = [start.as_bytes(), &bytes].concat();
        if let Err(error) = intake::read("x", &bytes, Some(&name("example.com"))) {
            prop_assert!(!error.reason.is_empty());
            prop_assert!(error.line.is_none_or(|line| line >= 1));
        }
    }
}
