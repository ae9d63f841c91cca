//! TLS-RPT reports: the corpus, every deviation that is tolerated, every way in which files travel, hostile files, and
//! sums over generated reports.

#[path = "tls_reports/pack.rs"]
mod pack;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use mxray::reports::{
    Added, DeviationKind, Fold, KINDS, MAX_COUNT, MAX_NESTING, MAX_RATIO, MAX_UNPACKED, Report, Summary, Unreadable,
    read,
};
use pack::{base64, gzip, zip};
use proptest::prelude::*;
use serde_json::{Value, json};

const PLAIN: &str = include_str!("data/tls-reports/plain.json");
const MAIL: &str = include_str!("data/tls-reports/mail.eml");

/// What files come to.
fn fold<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Summary {
    let mut fold = Fold::new();
    for (name, bytes) in files {
        fold.read(name, bytes);
    }
    fold.summary()
}

fn one(bytes: &[u8]) -> Summary {
    fold([("file", bytes)])
}

/// The plain report with another id.
fn plain(id: &str) -> String {
    PLAIN.replace("\"r1\"", &format!("\"{id}\""))
}

/// Read without a note, and nothing else found.
fn assert_plain(summary: &Summary, reports: u64) {
    assert_eq!(summary.unreadable, []);
    assert_eq!(
        (summary.reports, summary.sessions.successful, summary.sessions.failed),
        (reports, 10 * reports, 3 * reports)
    );
    assert_eq!(summary.deviations, []);
}

fn whys(summary: &Summary) -> Vec<&str> {
    summary.unreadable.iter().map(|unreadable| unreadable.why.as_str()).collect()
}

#[test]
fn the_corpus_is_read_whole() {
    let folder = std::env::var("MXRAY_CORPORA").unwrap_or_else(|_| "../shared/corpora".into());
    let folder = std::path::Path::new(&folder).join("tls-rpt");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("SKIPPED: no folder tls-rpt (set MXRAY_CORPORA)");
        return;
    };
    let mut seen = 0;
    for path in entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "json"))
    {
        seen += 1;
        let bytes = std::fs::read(&path).unwrap();
        let theirs: Value = serde_json::from_slice(&bytes).unwrap();
        let (mut sums, mut by_type) = ([0, 0], BTreeMap::new());
        for policy in theirs["policies"].as_array().unwrap() {
            sums[0] += policy["summary"]["total-successful-session-count"].as_u64().unwrap();
            sums[1] += policy["summary"]["total-failure-session-count"].as_u64().unwrap();
            for detail in policy["failure-details"].as_array().into_iter().flatten() {
                let sessions: &mut u64 = by_type.entry(detail["result-type"].as_str().unwrap().to_owned()).or_default();
                *sessions += detail["failed-session-count"].as_u64().unwrap();
            }
        }
        let summary = one(&bytes);
        assert_eq!((summary.reports, summary.unreadable.len()), (1, 0), "{}", path.display());
        assert_eq!([summary.sessions.successful, summary.sessions.failed], sums, "{}", path.display());
        let ours: BTreeMap<_, _> = summary.failures.iter().map(|row| (row.result_type.clone(), row.sessions)).collect();
        assert_eq!(ours, by_type, "{}", path.display());
    }
    assert!(seen >= 4, "only {seen} reports in {}", folder.display());
}

/// Deviations that no row of the table has, since they need octets, many reports or huge ones.
const ELSEWHERE: [DeviationKind; 5] = [
    DeviationKind::NotUtf8,
    DeviationKind::TextTooLong,
    DeviationKind::TooMany,
    DeviationKind::ReportIdReused,
    DeviationKind::DuplicateDiffers,
];

#[test]
fn deviations_of_the_table() {
    let rows: Vec<Value> = serde_json::from_str(include_str!("data/tls-reports/deviations.json")).unwrap();
    let mut met = BTreeSet::new();
    for row in &rows {
        let name = row["row"].as_str().unwrap();
        let text = row["text"].as_str().map_or_else(|| row["report"].to_string(), str::to_owned);
        let summary = one(text.as_bytes());
        assert_eq!((summary.reports, &summary.unreadable), (1, &Vec::new()), "{name}");
        let kinds: BTreeSet<String> = summary.deviations.iter().map(|row| row.kind.id()).collect();
        assert_eq!(json!(kinds), row["deviations"], "{name}");
        assert!(summary.deviations.iter().all(|row| row.reports == 1), "{name}: {:?}", summary.deviations);
        met.extend(summary.deviations.iter().map(|row| row.kind));
        assert_eq!(json!([summary.sessions.successful, summary.sessions.failed]), row["sessions"], "{name}");
        let failures: BTreeMap<&str, u64> =
            summary.failures.iter().map(|row| (row.result_type.as_str(), row.sessions)).collect();
        assert_eq!(json!(failures), row["failures"], "{name}");
        let first = |text: Option<&String>| text.map_or(Value::Null, |text| json!(text));
        for (field, found) in [
            ("domain", first(summary.policies.first().map(|row| &row.domain))),
            ("policy_type", first(summary.policies.first().map(|row| &row.policy_type))),
            ("strings", json!(summary.policies.first().map(|row| &row.strings))),
            ("organization", first(summary.organizations.first().map(|row| &row.name))),
            ("host", first(summary.details.first().map(|row| &row.host))),
            ("sending_ip", first(summary.details.first().map(|row| &row.sending_ip))),
            ("days", json!(summary.days.iter().map(|day| &day.date).collect::<Vec<_>>())),
        ] {
            if let Some(wanted) = row.get(field) {
                assert_eq!(&found, wanted, "{name}: {field}");
            }
        }
    }
    let without: Vec<_> =
        DeviationKind::ALL.iter().filter(|kind| !met.contains(kind) && !ELSEWHERE.contains(kind)).collect();
    assert_eq!(without, Vec::<&DeviationKind>::new(), "deviations without a row");
}

#[test]
fn deviations_beyond_the_table() {
    let kinds = |summary: &Summary| summary.deviations.iter().map(|row| row.kind).collect::<Vec<_>>();
    let latin = PLAIN.replace("Sender Example", "Sender @ Example").replace('@', "\u{e9}");
    let latin: Vec<u8> = latin.chars().map(|c| c as u32 as u8).collect();
    assert_eq!(kinds(&one(&latin)), [DeviationKind::NotUtf8]);
    let utf16: Vec<u8> = "\u{feff}".chars().chain(PLAIN.chars()).flat_map(|c| (c as u16).to_le_bytes()).collect();
    let summary = one(&utf16);
    assert_eq!((kinds(&summary), summary.sessions.successful), (vec![DeviationKind::NotUtf8], 10));
    let long = PLAIN.replace("Sender Example", &"ü".repeat(2_000));
    let summary = one(long.as_bytes());
    assert_eq!(kinds(&summary), [DeviationKind::TextTooLong]);
    assert_eq!(summary.organizations[0].name, "ü".repeat(500));
    let lines = format!("[{}]", vec!["\"a.example\""; 1_001].join(","));
    let many = PLAIN.replace("\"mx-host\": [", &format!("\"mx-host\": {lines}, \"x\": ["));
    assert_eq!(kinds(&one(many.as_bytes())), [DeviationKind::MemberUnknown, DeviationKind::TooMany]);
}

#[test]
fn the_same_report_counts_once_in_whatever_form() {
    let minified = serde_json::from_str::<Value>(PLAIN).unwrap().to_string();
    let packed = gzip(PLAIN.as_bytes());
    let archive = zip(&[("a/report.json", PLAIN.as_bytes()), ("b/report.json.gz", &packed)]);
    let summary = fold([
        ("one.json", PLAIN.as_bytes()),
        ("two.json", minified.as_bytes()),
        ("three.gz", &packed),
        ("four.zip", &archive),
    ]);
    assert_plain(&summary, 1);
    assert_eq!(summary.duplicates, 4);
    // Another sender may use the same id, and the same sender another one.
    let other = PLAIN.replace("Sender Example", "Other Example");
    assert_plain(&fold([("1", PLAIN.as_bytes()), ("2", other.as_bytes()), ("3", plain("r2").as_bytes())]), 3);
}

#[test]
fn ids_that_are_reused_or_missing() {
    let kinds = |summary: &Summary| summary.deviations.iter().map(|row| (row.kind, row.reports)).collect::<Vec<_>>();
    let tomorrow = PLAIN.replace("2026-11-23", "2026-11-24");
    let elsewhere = PLAIN.replace("\"acme.example\"", "\"other.example\"");
    let reports = [PLAIN, &tomorrow, &elsewhere, &tomorrow, &elsewhere];
    let summary = fold(reports.iter().map(|report| ("", report.as_bytes())));
    assert_eq!((summary.reports, summary.duplicates), (3, 2));
    assert_eq!(kinds(&summary), [(DeviationKind::ReportIdReused, 2)]);

    let recounted = PLAIN.replace(": 10", ": 11");
    let summary = fold([("", PLAIN.as_bytes()), ("", recounted.as_bytes())]);
    assert_eq!((summary.reports, summary.duplicates, summary.sessions.successful), (1, 1, 10));
    assert_eq!(kinds(&summary), [(DeviationKind::DuplicateDiffers, 1)]);

    let nameless = PLAIN.replace("\"report-id\": \"r1\",", "");
    let other = nameless.replace(": 10", ": 11");
    let summary = fold([("", nameless.as_bytes()), ("", other.as_bytes()), ("", nameless.as_bytes())]);
    assert_eq!((summary.reports, summary.duplicates, summary.sessions.successful), (2, 1, 21));
}

#[test]
fn mail_in_its_forms() {
    assert_plain(&one(MAIL.as_bytes()), 1);
    assert_plain(&one(MAIL.replace('\n', "\r\n").as_bytes()), 1);
    let part = |head: &str, body: &str| {
        format!(
            "Subject: a report\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>see\
             </p>\r\n--b\r\n{head}\r\n\r\n{body}\r\n--b--\r\nafter the end\r\n"
        )
    };
    let quoted = PLAIN.replace('=', "=3D").replace("organization-name", "organ=\r\nization-name");
    let packed = base64(&gzip(PLAIN.as_bytes()));
    let archive = base64(&zip(&[("r.json", PLAIN.as_bytes())]));
    for (head, body) in [
        ("Content-Type: application/tlsrpt+json", PLAIN),
        ("Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64", &base64(PLAIN.as_bytes())),
        ("Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: BASE64", &packed),
        ("Content-Type: application/zip; name=\"r.zip\"\r\nContent-Transfer-Encoding: base64", &archive),
        ("Content-Type: application/tlsrpt+json\r\nContent-Transfer-Encoding: quoted-printable", &quoted),
        ("content-type:text/plain;\r\n\tcharset=utf-8", PLAIN),
    ] {
        let mail = part(head, body);
        assert_plain(&one(mail.as_bytes()), 1);
        // Forwarded as a whole, cut off behind the report, and twice in a mailbox with another id.
        assert_plain(
            &one(part("Content-Type: message/rfc822", &mail.replace("--b", "--c").replace("=b", "=c")).as_bytes()),
            1,
        );
        assert_plain(&one(mail.split("\r\n--b--").next().unwrap().as_bytes()), 1);
    }
    let plain_part = |id| part("Content-Type: application/tlsrpt+json", &plain(id));
    let mailbox = format!("From a@b Mon\n{}\nFrom a@b Tue\n{}", plain_part("m1"), plain_part("m2"));
    assert_plain(&one(mailbox.replace("\r\n", "\n").as_bytes()), 2);
    let bare = format!("Content-Type: application/tlsrpt+gzip\nContent-Transfer-Encoding: base64\n\n{packed}\n");
    assert_plain(&one(bare.as_bytes()), 1);
}

#[test]
fn mail_without_a_readable_report_is_listed() {
    let summary = one(b"Subject: hello\n\nno report\n");
    assert_eq!(whys(&summary), ["no part of this message holds a TLS report"]);
    let broken = MAIL.replace("H4sI", "H4*I");
    let summary = fold([("m.eml", broken.as_bytes())]);
    assert_eq!(summary.unreadable.len(), 1);
    assert_eq!(summary.unreadable[0].file, "m.eml › sender.example!acme.example!1795392000!1795478399!001.json.gz");
    assert!(summary.unreadable[0].why.contains("base64"), "{}", summary.unreadable[0].why);
}

#[test]
fn what_a_file_name_knows() {
    let bare = r#"{"policies":[{"policy":{"policy-type":"sts"},"summary":{"total-successful-session-count":1,"total-failure-session-count":0}}]}"#;
    let summary = fold([("in/sender.example!acme.example!1795392000!1795478399!001.json", bare.as_bytes())]);
    assert_eq!(
        (summary.organizations[0].name.as_str(), summary.policies[0].domain.as_str()),
        ("sender.example", "acme.example")
    );
    assert_eq!(summary.days[0].date, "2026-11-23");
}

#[test]
fn several_documents_in_one_file() {
    let line = |id: &str| serde_json::from_str::<Value>(&plain(id)).unwrap().to_string();
    let lines = [line("a"), line("b"), line("c")];
    assert_plain(&one(lines.join("\n").as_bytes()), 3);
    assert_plain(&one(lines.concat().as_bytes()), 3);
    assert_plain(&one([plain("a"), plain("b")].concat().as_bytes()), 2);
    // A broken line is named with its place, and those behind it are read.
    let cut = &lines[1][..100];
    let summary = one([&lines[0], cut, "", &lines[2], "{\"no\": \"report\"}"].join("\n").as_bytes());
    assert_eq!(summary.reports, 2);
    let places: Vec<_> = summary.unreadable.iter().map(|unreadable| (unreadable.line, unreadable.column)).collect();
    assert_eq!(places, [(Some(2), Some(101)), (Some(5), Some(1))]);
    assert!(whys(&summary)[1].contains("no TLS report"));
    let array = format!("[{}]", lines.join(","));
    let summary = one(array.as_bytes());
    assert_eq!((summary.reports, summary.deviations[0].reports), (3, 3));
    let summary = one(format!("[{}, {{}}, 7]", lines[0]).as_bytes());
    assert_eq!((summary.reports, summary.unreadable.len()), (1, 2));
}

#[test]
fn what_cannot_be_read_says_why_and_where() {
    let encrypted = {
        let mut archive = zip(&[("r.json", PLAIN.as_bytes())]);
        let at = archive.windows(4).rposition(|magic| magic == b"PK\x01\x02").unwrap();
        archive[at + 8] |= 1;
        archive
    };
    let with = |at: usize, octets: &[u8]| {
        let mut archive = zip(&[("r.json", PLAIN.as_bytes())]);
        let end = archive.windows(4).rposition(|magic| magic == b"PK\x05\x06").unwrap();
        archive[end + at..end + at + octets.len()].copy_from_slice(octets);
        archive
    };
    let damaged = {
        let mut archive = zip(&[("a.json", b"{}"), ("r.json", PLAIN.as_bytes())]);
        let at = archive.windows(6).position(|text| text == b"Sender").unwrap();
        archive[at] = b'B';
        archive
    };
    let packed = gzip(PLAIN.as_bytes());
    let deep = "{\"policies\":[".repeat(100_000);
    let cases: [(&[u8], &str); 21] = [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"hello", "neither JSON nor gzip"),
        (b"\x00\x01\x02", "neither JSON nor gzip"),
        (b"<?xml version=\"1.0\"?><feedback>", "DMARC"),
        (b"<html>", "XML or HTML"),
        (b"{}", "no \u{201c}policies\u{201d}"),
        (b"[1]", "a report is an object"),
        (b"{\"policies\": [}", "a value should stand here"),
        (b"{\"policies\": [] \"a\": 1}", "a comma or `}`"),
        (b"{\"policies\": ", "ends where a value should stand"),
        (b"{\"policies\": [", "cut off"),
        (deep.as_bytes(), "nested deeper"),
        (&packed[..packed.len() / 2], "cut off"),
        (&zip(&[]), "holds no files"),
        (&zip(&[("r.json", PLAIN.as_bytes())])[..200], "cut off"),
        (&encrypted, "encrypted"),
        (&with(10, &[0xff, 0xff]), "ZIP64"),
        (&with(16, &[0xff; 4]), "ZIP64"),
        (&with(16, &[0xff, 0xff, 0, 0]), "cut off"),
        (&damaged, "checksum"),
    ];
    for (bytes, why) in cases {
        let summary = one(bytes);
        assert_eq!(summary.reports, 0, "{why}");
        assert!(whys(&summary).iter().any(|found| found.contains(why)), "{why}: {:?}", summary.unreadable);
    }
    let summary = one(PLAIN.replace("\"contact-info\":", "\"contact-info\"").as_bytes());
    assert_eq!((summary.unreadable[0].line, summary.unreadable[0].column), (Some(7), Some(18)));
    assert_eq!(summary.unreadable[0].to_string(), "file, line 7, column 18: a colon should stand here");
}

#[test]
fn a_file_within_another_is_named() {
    let archive =
        zip(&[("in/r.json", PLAIN.as_bytes()), ("in/", b""), ("notes.txt", b"hello"), ("__MACOSX/in/._r.json", b"x")]);
    let summary = fold([("all.zip", archive.as_slice())]);
    assert_eq!((summary.reports, summary.unreadable.len()), (1, 1));
    assert_eq!(summary.unreadable[0].file, "all.zip › notes.txt");
}

#[test]
fn bombs_do_not_go_off() {
    let started = Instant::now();
    let spaces = gzip(&vec![b' '; MAX_UNPACKED + 1]);
    assert!(spaces.len() * MAX_RATIO < MAX_UNPACKED);
    assert!(whys(&one(&spaces))[0].contains("times its size"), "{:?}", whys(&one(&spaces)));
    let archive = zip(&[("a.json", &vec![b' '; MAX_UNPACKED + 1]), ("b.json", PLAIN.as_bytes())]);
    let summary = one(&archive);
    assert_eq!((summary.reports, summary.unreadable.len()), (1, 1));
    // Many files that are the same octets: the directory names them again and again.
    let noise: Vec<u8> = (0..1_000_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let files: Vec<(&str, &[u8])> = vec![("n.json", &noise); 3];
    assert_eq!(one(&zip(&files)).unreadable.len(), 3);
    let mut nested = PLAIN.as_bytes().to_vec();
    for depth in 0..=MAX_NESTING {
        let summary = one(&nested);
        assert_eq!(summary.reports, 1, "packed {depth} times");
        nested = gzip(&nested);
    }
    assert!(whys(&one(&nested))[0].contains("packed more than"));
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

#[test]
fn huge_counts_stop_at_what_can_be_counted() {
    let huge = PLAIN.replace(": 10", ": 1e40").replace(": 3\n", ": 99999999999999999999\n");
    let summary = one(huge.as_bytes());
    assert_eq!(
        (summary.sessions.successful, summary.sessions.failed, summary.saturated),
        (MAX_COUNT, MAX_COUNT, false)
    );
    let mut fold = Fold::new();
    for number in 0..2_100 {
        fold.read("", huge.replace("\"r1\"", &number.to_string()).as_bytes());
    }
    let summary = fold.summary();
    assert!(summary.saturated);
    assert_eq!((summary.reports, summary.sessions.successful, summary.detailed), (2_100, u64::MAX, u64::MAX));
    assert!(summary.to_text().contains("too large to be added up"));
}

#[test]
fn megabytes_are_quick() {
    let started = Instant::now();
    let mut boxes = String::from("From a\n");
    boxes.push_str(&"\n\nFrom b\nX: y\n".repeat(40_000));
    let parts = "--b\nA: b\n\n{}\n".repeat(50_000);
    for text in [
        "{}".repeat(500_000),
        format!("[{}]", vec!["{}"; 150_000].join(",")),
        "{\"a\n".repeat(200_000),
        "{\"policies\":[{}]}\n".repeat(20_000),
        format!("{{\"policies\":[{}]}}", vec!["{}"; 300_000].join(",")),
        format!("{{\"policies\":[{{\"failure-details\":[{}]}}]}}", vec!["{\"result-type\":1}"; 200_000].join(",")),
        format!("{{\"organization-name\":\"{}\"}}", "\\u00e4".repeat(500_000)),
        boxes,
        format!("Content-Type: multipart/mixed; boundary=b\n\n{parts}"),
        format!("Content-Type: multipart/mixed{}\n\nx", "; boundary=b".repeat(100_000)),
        format!("A: b\n{}", " x\n".repeat(500_000)),
    ] {
        let summary = one(text.as_bytes());
        assert!(summary.reports + summary.duplicates + summary.unreadable.len() as u64 > 0);
    }
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

#[test]
fn every_cut_is_told() {
    let archive = zip(&[("a.json", PLAIN.as_bytes()), ("b.json", plain("r2").as_bytes())]);
    let packed = gzip(PLAIN.as_bytes());
    let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_be_bytes).collect();
    for whole in [PLAIN.trim_end().as_bytes(), MAIL.as_bytes(), &archive, &packed, &utf16] {
        for end in 0..whole.len() {
            let mut found = 0;
            read("cut", &whole[..end], &mut |_| found += 1);
            assert!(found > 0, "{end} octets of {}", String::from_utf8_lossy(&whole[..20.min(whole.len())]));
        }
    }
}

#[test]
fn every_kind_of_failure_is_explained() {
    for kind in KINDS {
        let summary = one(PLAIN.replace("certificate-expired", kind.result_type).as_bytes());
        assert_eq!(summary.deviations, [], "{}", kind.result_type);
        assert_eq!(summary.failures[0].family, kind.family);
        let json: Value = serde_json::from_str(&summary.to_json()).unwrap();
        assert_eq!(json["failures"][0]["fix"], kind.fix);
        assert!(summary.to_text().contains(kind.means));
    }
}

#[test]
fn json_csv_and_text_tell_the_same() {
    let hostile = PLAIN.replace("Sender Example", "=HYPERLINK(\\\"http://x\\\",\\\"a\\\")").replace(
        "mx1.acme.example\",\n          \"receiving-ip",
        "+mx1\",\n          \"receiving-mx-helo\": \"@x\\r\\ny\",\n          \"receiving-ip",
    );
    let summary = fold([("r.json", hostile.as_bytes()), ("broken.json", b"{")]);
    let text = summary.to_json();
    assert!(!text.contains('\n'));
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["reports"], 1);
    assert_eq!(json["duplicates"], 0);
    assert_eq!(json["successful_sessions"], 10);
    assert_eq!(json["failed_sessions"], 3);
    assert_eq!(json["failures"][0]["result_type"], "certificate-expired");
    assert_eq!(json["failures"][0]["sessions"], 3);
    assert_eq!(json["unreadable"][0]["file"], "broken.json");
    assert_eq!(json["unreadable"][0]["line"], 1);
    let csv = summary.to_csv();
    assert_eq!(csv.matches("\r\n").count(), 3 + 1, "heading, policy, failure, and the line end in a cell: {csv}");
    for cell in ["\"'=HYPERLINK(\"\"http://x\"\",\"\"a\"\")\"", "\"'+mx1\"", "\"'@x\r\ny\""] {
        assert!(csv.contains(cell), "{cell} in {csv}");
    }
    assert!(csv.starts_with("row,organization,policy_type"));
    let text = summary.to_text();
    for words in [
        "1 report from 1 sender",
        "10 sessions succeeded, 3 failed: 76.92 %",
        "3 × certificate-expired",
        "broken.json, line 1",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn sums_of_one_domain_among_several() {
    let other = plain("r2").replace("acme.example", "other.example").replace("certificate-expired", "tlsa-invalid");
    let more = plain("r3").replace("\"failed-session-count\": 3", "\"failed-session-count\": 1");
    let files = [plain("r1"), other, more];
    let summary = of(&files);
    assert_eq!(summary.domains(), ["acme.example", "other.example"]);
    let own = summary.of_domain("acme.example");
    assert_eq!((own.sessions.successful, own.sessions.failed, own.detailed), (20, 6, 4));
    let failures: Vec<_> = own.failures.iter().map(|row| (row.result_type.as_str(), row.sessions)).collect();
    assert_eq!(failures, [("certificate-expired", 4)]);
    assert_eq!(own.hosts_of("certificate-expired"), [("mx1.acme.example", 4)]);
    assert_eq!((own.from, own.until), (summary.from, summary.until));
    let [one, two] = ["acme.example", "other.example"].map(|domain| summary.of_domain(domain).sessions.total());
    assert_eq!(one + two, summary.sessions.total(), "nothing is lost between the domains");
    assert_eq!(summary.of_domain("elsewhere.example").sessions.total(), 0);
}

#[test]
fn ties_to_the_domain() {
    use mxray::name::DomainName;
    use mxray::reports::{Facts, TieKind, tie};
    let name = |text: &str| DomainName::parse(text).unwrap();
    let failing = |host: &str, kind: &str, policy: &str, id: &str| {
        plain(id)
            .replace(
                "\"receiving-mx-hostname\": \"mx1.acme.example\"",
                &format!("\"receiving-mx-hostname\": \"{host}\""),
            )
            .replace("certificate-expired", kind)
            .replace("\"policy-type\": \"sts\"", &format!("\"policy-type\": \"{policy}\""))
    };
    let reports = [
        failing("mx1.acme.example", "certificate-expired", "sts", "a"),
        failing("mx2.acme.example", "certificate-host-mismatch", "sts", "b"),
        failing("old.acme.example", "certificate-expired", "sts", "c"),
        failing("mx1.acme.example", "tlsa-invalid", "tlsa", "d"),
        failing("mx2.acme.example", "dane-required", "tlsa", "e"),
        failing("mx1.acme.example", "sts-policy-fetch-error", "sts", "f"),
        failing("mx1.acme.example", "certificate-expired", "sts", "g").replace("\"acme.example\"", "\"other.example\""),
    ];
    let summary = fold(reports.iter().map(|report| ("", report.as_bytes())));
    let facts = Facts {
        domain: Some(name("acme.example")),
        mx_hosts: Some(vec![name("mx1.acme.example"), name("mx2.acme.example")]),
        patterns: Some(vec!["mx1.acme.example".into()]),
        enforced: true,
        tlsa_hosts: Some(vec![name("mx1.acme.example")]),
    };
    let ties = tie(&summary, &facts);
    let mut found: Vec<_> = ties.iter().map(|tie| (tie.kind, tie.host.as_str(), tie.sessions)).collect();
    found.sort();
    assert_eq!(
        found,
        [
            (TieKind::HostNotInPolicy, "mx2.acme.example", 3),
            (TieKind::HostNotAnMx, "old.acme.example", 3),
            (TieKind::CertificateOfHost, "mx1.acme.example", 3),
            (TieKind::NoTlsaNow, "mx2.acme.example", 3),
            (TieKind::TlsaOfHost, "mx1.acme.example", 3),
            (TieKind::NotDelivered, "", 9),
        ]
    );
    let title = &ties.iter().find(|tie| tie.kind == TieKind::HostNotInPolicy).unwrap().title;
    assert!(title.starts_with("mx2.acme.example is not in the policy"), "{title}");

    // A star covers one label, and a policy that has changed is told.
    let wide = Facts { patterns: Some(vec!["*.acme.example".into()]), enforced: false, ..facts.clone() };
    let kinds: Vec<_> = tie(&summary, &wide).iter().map(|tie| tie.kind).collect();
    assert!(kinds.contains(&TieKind::PolicyChanged) && !kinds.contains(&TieKind::HostNotInPolicy), "{kinds:?}");
    assert!(!kinds.contains(&TieKind::NotDelivered));
    let deep = Facts { patterns: Some(vec!["*.example".into()]), ..facts };
    assert!(
        tie(&summary, &deep).iter().any(|tie| tie.kind == TieKind::HostNotInPolicy && tie.host == "mx1.acme.example")
    );
    assert_eq!(tie(&summary, &Facts::default()), []);
}

/// A report as the generator makes it.
#[derive(Clone, Debug)]
struct Made {
    organization: usize,
    id: u32,
    day: u32,
    policies: Vec<MadePolicy>,
}

/// Type, domain, successes, unexplained failures, and details: kind, host, count.
type MadePolicy = (usize, usize, u32, u32, Vec<(usize, usize, u32)>);

fn made() -> impl Strategy<Value = Made> {
    let detail = (0..KINDS.len(), 0..4_usize, 0..1000_u32);
    let policy = (0..3_usize, 0..3_usize, 0..100_000_u32, 0..10_u32, proptest::collection::vec(detail, 0..4));
    (0..4_usize, any::<u32>(), 1..28_u32, proptest::collection::vec(policy, 0..4))
        .prop_map(|(organization, id, day, policies)| Made { organization, id, day, policies })
}

impl Made {
    fn text(&self) -> String {
        let policies: Vec<Value> = self.policies.iter().map(|(kind, domain, successful, more, details)| {
            let failed: u32 = more + details.iter().map(|detail| detail.2).sum::<u32>();
            let details: Vec<Value> = details.iter().map(|(kind, host, count)| json!({
                "result-type": KINDS[*kind].result_type, "receiving-mx-hostname": format!("mx{host}.d.example"), "failed-session-count": count,
            })).collect();
            json!({
                "policy": {"policy-type": (["sts", "tlsa", "no-policy-found"][*kind]), "policy-domain": format!("d{domain}.example")},
                "summary": {"total-successful-session-count": successful, "total-failure-session-count": failed},
                "failure-details": details,
            })
        }).collect();
        json!({
            "organization-name": format!("org {}", self.organization), "contact-info": "a@b.example", "report-id": self.id.to_string(),
            "date-range": {"start-datetime": format!("2026-11-{:02}T00:00:00Z", self.day), "end-datetime": format!("2026-11-{:02}T23:59:59Z", self.day)},
            "policies": policies,
        }).to_string()
    }
}

fn of(texts: &[String]) -> Summary {
    fold(texts.iter().map(|text| ("", text.as_bytes())))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn totals_add_up(reports in proptest::collection::vec(made(), 0..20)) {
        let mut reports = reports;
        for (number, report) in reports.iter_mut().enumerate() {
            report.id = number as u32;
        }
        let texts: Vec<String> = reports.iter().map(Made::text).collect();
        let summary = of(&texts);
        let policies = || reports.iter().flat_map(|report| &report.policies);
        let successful: u64 = policies().map(|policy| u64::from(policy.2)).sum();
        let detailed: u64 = policies().flat_map(|policy| &policy.4).map(|detail| u64::from(detail.2)).sum();
        let failed = detailed + policies().map(|policy| u64::from(policy.3)).sum::<u64>();
        prop_assert_eq!(summary.reports, reports.len() as u64);
        prop_assert_eq!((summary.sessions.successful, summary.sessions.failed, summary.detailed), (successful, failed, detailed));
        prop_assert_eq!(summary.days.iter().map(|row| row.sessions.total()).sum::<u64>(), successful + failed);
        prop_assert_eq!(summary.organizations.iter().map(|row| row.sessions.total()).sum::<u64>(), successful + failed);
        prop_assert_eq!(summary.policies.iter().map(|row| row.sessions.total()).sum::<u64>(), successful + failed);
        prop_assert_eq!(summary.organizations.iter().map(|row| row.reports).sum::<u64>(), summary.reports);
        prop_assert_eq!(summary.days.iter().map(|row| row.reports).sum::<u64>(), summary.reports);
        for sum in [
            summary.failures.iter().map(|row| row.sessions).sum::<u64>(),
            summary.mx_hosts.iter().map(|row| row.sessions).sum(),
            summary.mx_hosts.iter().flat_map(|row| &row.result_types).map(|share| share.sessions).sum(),
            summary.host_failures.iter().map(|row| row.sessions).sum(),
            summary.details.iter().map(|row| row.sessions).sum(),
        ] {
            prop_assert_eq!(sum, detailed);
        }
        for rows in summary.failures.windows(2) {
            prop_assert!(rows[0].sessions >= rows[1].sessions);
        }
    }

    /// Within each policy, domain and report too: what is not explained by details is what the reporter counted beyond them.
    #[test]
    fn parts_add_up(reports in proptest::collection::vec(made(), 1..12)) {
        let mut reports = reports;
        for (number, report) in reports.iter_mut().enumerate() {
            report.id = number as u32;
        }
        let texts: Vec<String> = reports.iter().map(Made::text).collect();
        let summary = of(&texts);
        let apart: Vec<Summary> = texts.iter().map(|text| of(std::slice::from_ref(text))).collect();
        let sum = |part: &dyn Fn(&Summary) -> u64| apart.iter().map(part).sum::<u64>();
        prop_assert_eq!(summary.sessions.successful, sum(&|one| one.sessions.successful));
        prop_assert_eq!(summary.sessions.failed, sum(&|one| one.sessions.failed));
        prop_assert_eq!(summary.detailed, sum(&|one| one.detailed));
        let policies = || reports.iter().flat_map(|report| &report.policies);
        for (domain, kind) in (0..3).flat_map(|domain| ["sts", "tlsa", "no-policy-found"].map(|kind| (domain, kind))) {
            let at = ["sts", "tlsa", "no-policy-found"].iter().position(|other| *other == kind);
            let name = format!("d{domain}.example");
            let own = || policies().filter(|policy| Some(policy.0) == at && policy.1 == domain);
            let rows = summary.policies.iter().filter(|row| row.domain == name && row.policy_type == kind);
            let (successful, failed) = rows.fold((0, 0), |(s, f), row| (s + row.sessions.successful, f + row.sessions.failed));
            let details: u64 = own().flat_map(|policy| &policy.4).map(|detail| u64::from(detail.2)).sum();
            let beyond: u64 = own().map(|policy| u64::from(policy.3)).sum();
            prop_assert_eq!((successful, failed), (own().map(|policy| u64::from(policy.2)).sum(), details + beyond));
            let of_hosts = summary.host_failures.iter().filter(|row| row.domain == name && row.policy_type == kind);
            prop_assert_eq!(of_hosts.map(|row| row.sessions).sum::<u64>(), details);
        }
        for failure in &summary.failures {
            let at_hosts: u64 = summary.hosts_of(&failure.result_type).iter().map(|(_, sessions)| sessions).sum();
            prop_assert_eq!(at_hosts, failure.sessions);
        }
    }

    /// In whatever form they come, packed one by one, all in one archive or one after the other: the same sums.
    #[test]
    fn the_form_does_not_matter(reports in proptest::collection::vec(made(), 1..8)) {
        let mut reports = reports;
        for (number, report) in reports.iter_mut().enumerate() {
            report.id = number as u32;
        }
        let texts: Vec<String> = reports.iter().map(Made::text).collect();
        let straight = of(&texts);
        let packed: Vec<Vec<u8>> = texts.iter().map(|text| gzip(text.as_bytes())).collect();
        prop_assert_eq!(&fold(packed.iter().map(|bytes| ("", bytes.as_slice()))), &straight);
        let names: Vec<String> = (0..texts.len()).map(|number| format!("{number}.json")).collect();
        let members: Vec<(&str, &[u8])> = names.iter().map(String::as_str).zip(texts.iter().map(|text| text.as_bytes())).collect();
        prop_assert_eq!(&one(&zip(&members)), &straight);
        prop_assert_eq!(&one(texts.join("\n").as_bytes()), &straight);
    }

    #[test]
    fn neither_order_nor_repetition_matters(reports in proptest::collection::vec(made(), 1..12), seed in any::<u64>()) {
        let mut reports = reports;
        for (number, report) in reports.iter_mut().enumerate() {
            report.id = number as u32;
        }
        let texts: Vec<String> = reports.iter().map(Made::text).collect();
        let straight = of(&texts);
        let mut shuffled = texts.clone();
        for at in (1..shuffled.len()).rev() {
            shuffled.swap(at, (seed.rotate_left(at as u32) % (at as u64 + 1)) as usize);
        }
        prop_assert_eq!(&of(&shuffled), &straight);
        shuffled.extend(texts.iter().cloned());
        let repeated = of(&shuffled);
        prop_assert_eq!(repeated.duplicates, texts.len() as u64);
        prop_assert_eq!(Summary { duplicates: 0, ..repeated }, straight);
    }

    /// Whatever is dropped: no panic, and something is said of every file.
    #[test]
    fn noise_is_told(bytes in proptest::collection::vec(any::<u8>(), 0..200), start in 0..8_usize) {
        let starts: [&[u8]; 8] = [b"", b"{", b"\x1f\x8b\x08\0", b"PK\x03\x04", b"From ", b"A: b\n\n", b"\xff\xfe", b"{\"policies\":["];
        let noise = [starts[start], &bytes].concat();
        let mut found = 0;
        read("noise", &noise, &mut |_| found += 1);
        prop_assert!(found > 0);
    }

    /// One octet changed anywhere: no panic, and something is said of the file.
    #[test]
    fn flips_are_told(at in any::<prop::sample::Index>(), octet in any::<u8>(), which in 0..4_usize) {
        let files: [Vec<u8>; 4] = [PLAIN.into(), MAIL.into(), gzip(PLAIN.as_bytes()), zip(&[("a", PLAIN.as_bytes()), ("b", b"{}")])];
        let mut file = files[which].clone();
        let at = at.index(file.len());
        file[at] = octet;
        let mut found: Vec<Result<(), Unreadable>> = Vec::new();
        read("flip", &file, &mut |one| found.push(one.map(|_: Report<'_>| ())));
        prop_assert!(!found.is_empty());
    }
}

#[test]
fn a_summary_survives_json() {
    let summary = fold([("r.json", PLAIN.as_bytes()), ("x", b"{")]);
    let text = serde_json::to_string(&summary).unwrap();
    assert_eq!(serde_json::from_str::<Summary>(&text).unwrap(), summary);
    let mut fold = Fold::new();
    let mut added = Vec::new();
    read("r.json", PLAIN.as_bytes(), &mut |report| added.push(fold.add(&report.unwrap())));
    read("r.json", PLAIN.as_bytes(), &mut |report| added.push(fold.add(&report.unwrap())));
    assert_eq!(added, [Added::Counted, Added::Duplicate]);
}
