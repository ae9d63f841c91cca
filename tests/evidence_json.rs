//! Evidence files: what is read, what is refused and where, and that writing and reading again changes nothing.

use mxray::dns::{ExtendedError, Provenance, Rcode, Record, RecordData, RecordType, Txt};
use mxray::evidence::{DnsEntry, DnsOutcome, Evidence, Failure, FileEntry, FileKind, HttpsEntry, HttpsOutcome, Lookup};
use mxray::name::DomainName;
use mxray::time::UnixTime;
use proptest::prelude::*;

fn name(text: &str) -> DomainName {
    DomainName::parse(text).unwrap()
}

const DESIGN: &str = r#"{ "format": "mxray-evidence/1", "domain": "example.com", "taken_at": "2026-11-23T12:00:00Z",
  "dns": [
    {"name": "example.com", "type": "TXT", "rcode": "NOERROR", "answers": ["\"v=spf1 -all\""], "ttl": 300},
    {"name": "_dmarc.example.com", "type": "TXT", "rcode": "NXDOMAIN"},
    {"name": "www.example.com", "type": "CNAME", "answers": ["example.com."]},
    {"name": "mx1.example.com", "type": "A", "failed": "timeout"} ],
  "https": [
    {"url": "https://mta-sts.example.com/.well-known/mta-sts.txt", "status": 200, "content_type": "text/plain", "body": "version: STSv1\n"},
    {"url": "https://example.com/logo.svg", "failed": "cors"} ],
  "files": [ {"kind": "svg", "name": "logo.svg", "body": "<svg/>"} ],
  "authoritative_for": ["example.com"] }"#;

#[test]
fn the_example_of_the_format_reads() {
    let evidence = Evidence::from_json(DESIGN.as_bytes()).unwrap();
    assert_eq!(evidence.domain, Some(name("example.com")));
    let spf = evidence.look_up(&name("www.example.com"), RecordType::TXT);
    assert_eq!(spf.records()[0].data, RecordData::Txt(Txt::from_text("v=spf1 -all")));
    assert_eq!(spf.chain(), [name("example.com")]);
    assert!(matches!(evidence.look_up(&name("_dmarc.example.com"), RecordType::TXT), Lookup::NxDomain { .. }));
    assert_eq!(evidence.look_up(&name("mx1.example.com"), RecordType::A), Lookup::Failed(&Failure::Timeout));
    let policy = evidence.https("https://mta-sts.example.com/.well-known/mta-sts.txt").unwrap();
    assert!(matches!(&policy.outcome, HttpsOutcome::Read { status: 200, body, .. } if body == b"version: STSv1\n"));
    assert_eq!(evidence.files().len(), 1);
    assert_eq!(Evidence::from_json(evidence.to_json().as_bytes()), Ok(evidence));
}

#[test]
fn an_error_says_where() {
    for (text, line, column, part) in [
        ("{\n \"format\": \"mxray-evidence/2\"}", 2, 12, "this version of mxray reads"),
        ("{\"format\": \"mxray-report/1\"}", 1, 12, "saved report"),
        ("{}", 1, 1, "no evidence file"),
        (
            "{\"format\": \"mxray-evidence/1\",\n\"dns\": [\n  {\"name\": \"a..b\", \"type\": \"A\"}]}",
            3,
            17,
            "empty label",
        ),
        (
            "{\"format\": \"mxray-evidence/1\",\n\"dns\": [{\"name\": \"a\", \"type\": \"A\",\n \"answers\": [\"1.2.3.4\",\n  \"1.2.3\"]}]}",
            4,
            3,
            "no A record",
        ),
        (
            "{\"format\": \"mxray-evidence/1\", \"dns\": [{\"name\": \"a\", \"type\": \"TXT\",\n\"answers\": [\"v=DMARC1; p=none\"]}]}",
            2,
            13,
            "quotes",
        ),
        ("{\"format\": \"mxray-evidence/1\",\n\"dns\": [{\"name\": \"a\", \"type\": \"FOO\"}]}", 2, 31, "record type"),
        ("{\"format\": \"mxray-evidence/1\",\n\"dns\": [{\"wire\": \"AAAA\"}]}", 2, 9, "does not decode"),
        ("{\"format\": \"mxray-evidence/1\",\n\"dns\": [{\"wire\": \"?\"}]}", 2, 18, "Base64"),
        ("{\"format\": \"mxray-evidence/1\",\n\"dns\": [", 2, 8, "EOF"),
    ] {
        let error = Evidence::from_json(text.as_bytes()).unwrap_err();
        assert_eq!((error.line, error.column), (line, column), "{text}: {error}");
        assert!(error.reason.contains(part), "{text}: {error}");
    }
}

#[test]
fn a_response_code_is_a_failure() {
    let text = r#"{"format": "mxray-evidence/1", "later": 1, "dns": [
        {"name": "a.example", "type": "A", "rcode": "SERVFAIL", "extended_errors": [{"code": 6, "text": "bogus"}]},
        {"name": "b.example", "type": "A", "rcode": 5},
        {"name": "c.example", "type": "A", "failed": "the dog ate it"},
        {"name": "d.example", "type": "A", "failed": "http-503"}]}"#;
    let evidence = Evidence::from_json(text.as_bytes()).unwrap();
    let failure = |text: &str| match evidence.look_up(&name(text), RecordType::A) {
        Lookup::Failed(failure) => failure.clone(),
        other => panic!("{other:?}"),
    };
    assert!(
        matches!(failure("a.example"), Failure::Rcode { rcode: Rcode::SERVFAIL, extended_errors } if extended_errors[0].code == 6)
    );
    assert!(matches!(failure("b.example"), Failure::Rcode { rcode: Rcode(5), .. }));
    assert_eq!(failure("c.example"), Failure::Other { why: "the dog ate it".into() });
    assert_eq!(failure("d.example"), Failure::HttpStatus { status: 503 });
    assert!(evidence.dns().all(|entry| matches!(entry.outcome, DnsOutcome::Failed(_))));
    assert_eq!(Evidence::from_json(evidence.to_json().as_bytes()), Ok(evidence));
}

/// A DNS message with one record that may or may not be an answer to the question.
fn wire(flags: u16, question: &str, rdata: &[u8]) -> Vec<u8> {
    let mut wire = vec![0, 0];
    wire.extend(flags.to_be_bytes());
    wire.extend([0, 1, 0, 1, 0, 0, 0, 0]);
    for label in question.split('.') {
        wire.push(label.len() as u8);
        wire.extend(label.as_bytes());
    }
    wire.extend([0, 0, 16, 0, 1, 0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
    wire.extend((rdata.len() as u16).to_be_bytes());
    wire.extend(rdata);
    wire
}

fn names() -> impl Strategy<Value = DomainName> {
    prop_oneof![
        "[a-c]\\.(com|example)".prop_map(|text| name(&text)),
        proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..5), 0..4)
            .prop_map(|labels| DomainName::from_labels(labels.iter().map(Vec::as_slice)).unwrap()),
    ]
}

fn octets() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..20)
}

fn failures() -> impl Strategy<Value = Failure> {
    let words = "\\PC{0,12}|timeout|http-503|servfail|rcode7|tls: x|other: y|too-large: 5|redirected|5";
    prop_oneof![
        proptest::sample::select(vec![
            Failure::Timeout,
            Failure::Network,
            Failure::Cors,
            Failure::Truncated,
            Failure::Mismatched,
            Failure::Redirected { status: None, to: None },
            Failure::Redirected { status: Some(302), to: None },
        ]),
        any::<u16>().prop_map(|status| Failure::HttpStatus { status }),
        any::<usize>().prop_map(|limit| Failure::TooLarge { limit }),
        (0..4096_u16, proptest::collection::vec((any::<u16>(), "\\PC{0,5}"), 0..3)).prop_map(|(rcode, errors)| {
            let extended_errors = errors.into_iter().map(|(code, text)| ExtendedError { code, text }).collect();
            Failure::Rcode { rcode: Rcode(rcode), extended_errors }
        }),
        words.prop_map(|why| Failure::Other { why }),
        words.prop_map(|why| Failure::Malformed { why }),
        words.prop_map(|why| Failure::Tls { why }),
        words.prop_map(|content_type| Failure::NotDns { content_type }),
        (words, proptest::option::of(300_u16..400))
            .prop_map(|(to, status)| Failure::Redirected { status, to: Some(to) }),
    ]
}

fn records() -> impl Strategy<Value = Record> {
    let data = prop_oneof![
        proptest::collection::vec(octets(), 1..4).prop_map(|strings| (16, RecordData::Txt(Txt { strings }))),
        names().prop_map(|target| (5, RecordData::Cname(target))),
        (any::<u16>(), names()).prop_map(|(preference, exchange)| (15, RecordData::Mx { preference, exchange })),
        (any::<[u8; 3]>(), octets()).prop_map(|([usage, selector, matching], mut data)| {
            data.push(0);
            (52, RecordData::Tlsa { usage, selector, matching, data })
        }),
        (any::<u8>(), "[a-z0-9]{1,5}", octets())
            .prop_map(|(flags, tag, value)| (257, RecordData::Caa { flags, tag, value })),
        octets().prop_map(|octets| (65_280, RecordData::Other(octets))),
    ];
    (names(), any::<u32>(), data).prop_map(|(owner, ttl, (record_type, data))| Record {
        owner,
        record_type: RecordType(record_type),
        ttl,
        data,
    })
}

fn provenance() -> impl Strategy<Value = Provenance> {
    let seconds = -62_000_000_000_i64..250_000_000_000;
    (proptest::option::of("\\PC{0,9}"), proptest::option::of(seconds))
        .prop_map(|(from, at)| Provenance { from, at: at.map(UnixTime) })
}

fn dns_entries() -> impl Strategy<Value = DnsEntry> {
    let answer = (
        any::<bool>(),
        proptest::collection::vec(records(), 0..4),
        proptest::collection::vec(records(), 0..2),
        any::<bool>(),
    )
        .prop_map(|(exists, answers, authority, authentic)| DnsOutcome::Answer {
            rcode: if exists { Rcode::NOERROR } else { Rcode::NXDOMAIN },
            answers,
            authority,
            authentic,
        });
    let outcome = prop_oneof![answer, failures().prop_map(DnsOutcome::Failed)];
    let plain = (names(), 0..4_u16, outcome, provenance()).prop_map(|(name, number, mut outcome, provenance)| {
        let mut record_type = RecordType(number);
        // Mostly records of the question's own name and type, as in real answers.
        if let DnsOutcome::Answer { answers, .. } = &mut outcome {
            record_type = answers.first().map_or(record_type, |record| record.record_type);
            answers.iter_mut().skip(number.into()).for_each(|record| record.owner = name.clone());
        }
        DnsEntry { name, record_type, outcome, wire: None, provenance }
    });
    let flags = proptest::sample::select(vec![0x8180, 0x81A0, 0x8183, 0x8182, 0x8380, 0x0100]);
    let message = prop_oneof![
        (flags, "[ab]\\.(com|example)", octets()).prop_map(|(flags, question, rdata)| wire(flags, &question, &rdata)),
        octets(),
    ];
    let received = (names(), message, provenance())
        .prop_map(|(name, message, provenance)| DnsEntry::from_wire(name, RecordType::TXT, message, provenance));
    prop_oneof![plain, received]
}

fn https_entries() -> impl Strategy<Value = HttpsEntry> {
    let body = prop_oneof!["\\PC{0,20}".prop_map(String::into_bytes), octets()];
    let outcome = prop_oneof![
        (any::<u16>(), proptest::option::of("\\PC{0,9}"), body)
            .prop_map(|(status, content_type, body)| HttpsOutcome::Read { status, content_type, body }),
        Just(HttpsOutcome::Reachable),
        failures().prop_map(HttpsOutcome::Failed),
    ];
    ("https://[a-c]\\.example/\\PC{0,5}", outcome, any::<bool>(), provenance())
        .prop_map(|(url, outcome, supplied, provenance)| HttpsEntry { url, outcome, supplied, provenance })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn writing_and_reading_changes_nothing(
        domain in proptest::option::of(names()),
        // One entry of each name and type: what an answer that was replaced said of names is not kept.
        dns in proptest::collection::btree_map((names(), any::<u16>()), dns_entries(), 0..6),
        https in proptest::collection::vec(https_entries(), 0..4),
        file in (proptest::sample::select(vec![FileKind::Svg, FileKind::Pem, FileKind::TlsReport]), "\\PC{0,9}", octets()),
        authority in names(),
    ) {
        let mut evidence = Evidence::new();
        evidence.domain = domain;
        let mut seen = std::collections::BTreeSet::new();
        for (_, entry) in dns {
            if seen.insert((entry.name.clone(), entry.record_type)) {
                evidence.add_dns(entry);
            }
        }
        for entry in https {
            evidence.add_https(entry);
        }
        evidence.add_file(FileEntry { kind: file.0, name: file.1, body: file.2 });
        evidence.add_authority(authority);
        let text = evidence.to_json();
        prop_assert_eq!(text.lines().last(), Some("}"));
        prop_assert!(text.ends_with(char::is_control));
        prop_assert_eq!(Evidence::from_json(text.as_bytes()), Ok(evidence), "{}", text);
    }
}
