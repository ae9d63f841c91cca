//! Evidence files: what is read, what is refused and where, and that writing and reading again changes nothing.

use mxray::dns::{Rcode, RecordData, RecordType, Txt};
use mxray::evidence::{DnsOutcome, Evidence, Failure, HttpsOutcome, Lookup};
use mxray::name::DomainName;

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
