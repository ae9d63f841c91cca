//! Links that hold evidence and edits: what goes in comes out, nothing else goes in, and hostile links are refused.

use std::fs;
use std::io::Write;

use domain::utils::base64;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use mxray::assess::assess;
use mxray::checks::Options;
use mxray::dns::Record;
use mxray::dns::{Provenance, RecordType, presentation};
use mxray::evidence::{Evidence, FileEntry, FileKind, HttpsEntry, HttpsOutcome};
use mxray::name::DomainName;
use mxray::report::Report;
use mxray::share::{Choice, MAX_LENGTH, SAFE_LENGTH, ShareError, Shared};
use mxray::time::UnixTime;
use mxray::what_if::Edit;
use proptest::prelude::*;

const ALL: Choice = Choice { signatures: true, files: true, edits: true };
const WORLDS: [&str; 5] = ["perfect", "weak", "bare", "parked", "nxdomain"];

fn world(name: &str) -> Evidence {
    let bytes = fs::read(format!("tests/data/worlds/{name}.json")).expect("a world");
    Evidence::from_json(&bytes).expect("evidence")
}

fn report(evidence: &Evidence) -> Report {
    let domain = evidence.domain.clone().expect("a domain");
    assess(&domain, &Options::default(), evidence, evidence.taken_at.expect("a time")).report
}

fn chosen(evidence: &Evidence, edits: &[Edit], choice: Choice) -> Shared {
    let domain = evidence.domain.clone().expect("a domain");
    Shared::choose(&domain, evidence.taken_at.expect("a time"), evidence, edits, choice)
}

fn edit(text: &str) -> Edit {
    Edit { name: "_dmarc.acme.example".into(), record_type: "TXT".into(), was: None, now: Some(text.into()) }
}

/// A link that holds this text.
fn link_of(text: &[u8]) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).expect("memory");
    let packed = encoder.finish().expect("memory");
    format!("1.{}", base64::encode_string(&packed).replace('+', "-").replace('/', "_").trim_end_matches('='))
}

#[test]
fn a_link_opens_to_the_same_report() {
    for name in WORLDS {
        let evidence = world(name);
        let shared = chosen(&evidence, &[edit("v=DMARC1; p=none")], ALL);
        let link = shared.pack().expect("it fits");
        assert!(link.len() < SAFE_LENGTH, "{name}: {} characters", link.len());
        assert!(link.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-_.".contains(&octet)), "{link}");
        let opened = Shared::unpack(&link).expect("it opens");
        assert_eq!(opened, shared, "{name}");
        assert_eq!(report(&opened.evidence), report(&evidence), "{name}");
    }
}

#[test]
fn a_link_holds_no_more_than_its_list_says() {
    let mut evidence = world("weak");
    let provenance = Provenance { from: Some("https://secret.example/dns-query/my-key".into()), at: Some(UnixTime(7)) };
    let name = DomainName::parse("extra.example").expect("a name");
    let data = presentation::rdata_from_text(RecordType::TXT, "\"kept\"", &DomainName::root()).expect("a record");
    let record = Record { owner: name, record_type: RecordType::TXT, ttl: 60, data };
    evidence.add_records([record], &provenance);
    for (kind, file) in [(FileKind::TlsReport, "report.json"), (FileKind::Svg, "logo.svg")] {
        evidence.add_file(FileEntry { kind, name: file.into(), body: format!("body of {file}").into_bytes() });
    }
    let read = |body: &str| HttpsOutcome::Read { status: 200, content_type: None, body: body.into() };
    for (url, body) in [
        ("https://brand.example/logo.svg", "<svg/>"),
        ("https://mta-sts.weak.example/.well-known/mta-sts.txt", "version: STSv1"),
    ] {
        let entry =
            HttpsEntry { url: url.into(), outcome: read(body), supplied: false, provenance: provenance.clone() };
        evidence.add_https(entry);
    }
    let list = |shared: &Shared| -> Vec<String> { shared.parts().into_iter().flat_map(|part| part.items).collect() };

    let all = chosen(&evidence, &[edit("x")], ALL);
    let text = all.evidence.to_json();
    for left_out in ["secret.example", "my-key", "report.json"] {
        assert!(!text.contains(left_out), "{left_out}");
    }
    for listed in ["extra.example TXT", "logo.svg", "https://brand.example/logo.svg", "_dmarc.acme.example TXT"] {
        assert!(list(&all).iter().any(|item| item == listed), "{listed}: {:?}", list(&all));
    }
    // Every entry stands in the list.
    for entry in all.evidence.dns() {
        assert!(list(&all).contains(&format!("{} {}", entry.name, entry.record_type)));
    }

    let least = chosen(&evidence, &[edit("x")], Choice { signatures: false, files: false, edits: false });
    let text = least.evidence.to_json();
    assert!(!text.contains("logo.svg") && !text.contains("\"wire\"") && least.edits.is_empty());
    assert!(text.contains("mta-sts.txt"), "a policy is a record like others");
    assert!(!list(&least).iter().any(|item| item.contains("logo")));
}

#[test]
fn what_is_too_long_is_not_written() {
    let mut evidence = world("weak");
    // Octets that nothing makes shorter.
    let mut state = 1_u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        u8::try_from(state >> 56).expect("eight bits")
    })
    .take(MAX_LENGTH)
    .collect();
    evidence.add_file(FileEntry { kind: FileKind::Svg, name: "logo.svg".into(), body: noise });
    assert!(matches!(chosen(&evidence, &[], ALL).pack(), Err(ShareError::TooLong { length }) if length > MAX_LENGTH));
    assert!(chosen(&evidence, &[], Choice::default()).pack().is_ok(), "without the file it fits");
}

#[test]
fn hostile_links_are_refused() {
    let good = chosen(&world("weak"), &[], ALL).pack().expect("it fits");
    for (link, error) in [
        (String::new(), ShareError::Version),
        ("2.abc".into(), ShareError::Version),
        (good.replacen("1.", "", 1), ShareError::Version),
        ("1.".into(), ShareError::Damaged),
        ("1.!!!!".into(), ShareError::Damaged),
        ("1.aaaaa".into(), ShareError::Damaged),
        (format!("{good}AAAA="), ShareError::Damaged),
        (format!("1.{}", "A".repeat(MAX_LENGTH)), ShareError::TooLong { length: MAX_LENGTH + 2 }),
        (link_of(&vec![b' '; 5 << 20]), ShareError::TooLarge),
        (link_of(br#"{"evidence":{"format":"mxray-evidence/1"},"edits":[]}"#), ShareError::Nameless),
    ] {
        assert_eq!(Shared::unpack(&link), Err(error), "{}", &link[..link.len().min(80)]);
    }
    for text in
        ["", "[]", "{}", "null", r#"{"evidence":[]}"#, r#"{"evidence":{"format":"other/1"}}"#, &"[".repeat(100_000)]
    {
        assert!(matches!(Shared::unpack(&link_of(text.as_bytes())), Err(ShareError::Unreadable { .. })), "{text:.60}");
    }
    let edits = vec![edit("x"); 101];
    let evidence = world("weak").to_compact_json();
    let many = format!("{{\"evidence\":{evidence},\"edits\":{}}}", serde_json::to_string(&edits).expect("JSON"));
    assert_eq!(Shared::unpack(&link_of(many.as_bytes())), Err(ShareError::TooManyEdits { count: 101 }));
}

#[test]
fn a_link_that_was_cut_or_altered_says_so() {
    let good = chosen(&world("weak"), &[], ALL).pack().expect("it fits");
    for length in 2..good.len() {
        assert_eq!(Shared::unpack(&good[..length]), Err(ShareError::Damaged), "cut to {length} of {}", good.len());
    }
    for at in (2..good.len() - 1).step_by(7) {
        let other = if good.as_bytes()[at] == b'A' { 'B' } else { 'A' };
        let altered = format!("{}{other}{}", &good[..at], &good[at + 1..]);
        assert!(Shared::unpack(&altered).is_err(), "altered at {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What goes in comes out.
    #[test]
    fn round_trip(
        texts in proptest::collection::vec(("[a-z0-9_-]{1,20}", proptest::collection::vec(any::<u8>(), 0..300)), 0..12),
        edits in proptest::collection::vec(("[a-z.]{1,20}", proptest::option::of(".{0,80}"), proptest::option::of(".{0,80}")), 0..6),
        body in proptest::collection::vec(any::<u8>(), 0..2_000),
    ) {
        let mut evidence = Evidence::new();
        evidence.domain = DomainName::parse("acme.example").ok();
        evidence.taken_at = Some(UnixTime(1_795_435_200));
        for (label, octets) in texts {
            let quoted: String = octets.iter().map(|octet| format!("\\{octet:03}")).collect();
            let name = DomainName::parse(&format!("{label}.example")).expect("a name");
            let strings = quoted.as_bytes().chunks(800).map(|chunk| format!("\"{}\"", String::from_utf8_lossy(chunk)));
            let text = strings.collect::<Vec<_>>().join(" ");
            let Ok(data) = presentation::rdata_from_text(RecordType::TXT, &text, &DomainName::root()) else { continue };
            evidence.add_records([Record { owner: name, record_type: RecordType::TXT, ttl: 60, data }], &Provenance::default());
        }
        evidence.add_file(FileEntry { kind: FileKind::Pem, name: "a.pem".into(), body });
        let edits: Vec<Edit> = edits
            .into_iter()
            .map(|(name, was, now)| Edit { name, record_type: "TXT".into(), was, now })
            .collect();
        let shared = chosen(&evidence, &edits, ALL);
        prop_assert_eq!(Shared::unpack(&shared.pack().expect("it fits")), Ok(shared));
    }

    /// Nothing makes the reader panic.
    #[test]
    fn no_panic(text in "1?\\.?[A-Za-z0-9_-]{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Shared::unpack(&text);
        let _ = Shared::unpack(&link_of(&bytes));
    }
}
