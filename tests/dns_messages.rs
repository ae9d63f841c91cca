//! DNS messages and RDATA: real responses of BIND 9.18, rows of the DoH edge cases, RDATA text there and back.

use mxray::dns::message::{self, MAX_RECORDS, MessageError, decode, encode_query};
use mxray::dns::presentation::{PresentationError, rdata_from_text, rdata_to_text};
use mxray::dns::{ExtendedError, Provenance, Rcode, RecordData, RecordType, Txt, dig};
use mxray::evidence::{DnsEntry, DnsOutcome, Evidence, Failure, Lookup};
use mxray::name::DomainName;
use proptest::prelude::*;

fn name(text: &str) -> DomainName {
    DomainName::parse(text).unwrap()
}

/// A response to `a.example TXT`: header words behind the id, then the records.
fn response(flags: u16, counts: [u16; 3], records: &[u8]) -> Vec<u8> {
    let mut wire = vec![0, 0];
    wire.extend(flags.to_be_bytes());
    for count in [1, counts[0], counts[1], counts[2]] {
        wire.extend(count.to_be_bytes());
    }
    wire.extend(b"\x01A\x07eXample\x00\x00\x10\x00\x01");
    wire.extend(records);
    wire
}

/// A record at the question's name (a pointer to offset 12).
fn record(record_type: u16, class: u16, ttl: u32, rdata: &[u8]) -> Vec<u8> {
    let mut octets = vec![0xC0, 12];
    octets.extend(record_type.to_be_bytes());
    octets.extend(class.to_be_bytes());
    octets.extend(ttl.to_be_bytes());
    octets.extend((rdata.len() as u16).to_be_bytes());
    octets.extend(rdata);
    octets
}

fn outcome(wire: Vec<u8>) -> DnsOutcome {
    DnsEntry::from_wire(name("a.example"), RecordType::TXT, wire, Provenance::default()).outcome
}

const NOERROR: u16 = 0x8180;

#[test]
fn real_responses_say_what_dig_says() {
    let cases: Vec<serde_json::Value> = serde_json::from_str(include_str!("data/intake/wire/bind-9.18.json")).unwrap();
    assert!(cases.len() >= 25);
    let (mut records, mut failures, mut referrals) = (0, 0, 0);
    for case in &cases {
        let field = |field: &str| case[field].as_str().unwrap();
        let wire: Vec<u8> = domain::utils::base64::decode(field("wire")).unwrap();
        let (owner, record_type) = (name(field("name")), RecordType::parse(field("type")).unwrap());
        let what = format!("{owner} {record_type}");
        let entry = DnsEntry::from_wire(owner.clone(), record_type, wire.clone(), Provenance::default());
        assert_eq!(entry.wire.as_ref(), Some(&wire));
        let dig = dig::read(field("dig").as_bytes());
        assert_eq!(dig.errors, [], "{what}");
        assert_eq!(dig.answers.len(), 1, "{what}");
        let dig::AnswerResult::Response { rcode, answers, authority, .. } = &dig.answers[0].result else {
            panic!("{what}");
        };
        match &entry.outcome {
            DnsOutcome::Answer { rcode: wire_rcode, answers: wire_answers, authority: wire_authority, .. } => {
                assert_eq!(wire_rcode, rcode, "{what}");
                let sorted = |records: &[mxray::dns::Record]| {
                    let mut lines: Vec<String> = records.iter().map(|record| format!("{record:?}")).collect();
                    lines.sort();
                    lines
                };
                assert_eq!(sorted(wire_answers), sorted(answers), "{what}");
                assert_eq!(sorted(wire_authority), sorted(authority), "{what}");
                for record in wire_answers.iter().chain(wire_authority) {
                    let text = rdata_to_text(&record.data);
                    let again = rdata_from_text(record.record_type, &text, &DomainName::root());
                    assert_eq!(again.as_ref(), Ok(&record.data), "{text}");
                    records += 1;
                }
            }
            DnsOutcome::Failed(Failure::Rcode { rcode: wire_rcode, .. }) => {
                assert_eq!(wire_rcode, rcode, "{what}");
                failures += 1;
            }
            // A server that is asked below its delegation knows nothing of the name.
            DnsOutcome::Failed(Failure::Other { why }) if why.contains("refers") => {
                assert!(answers.is_empty() && what == "www.sub.example.test A", "{what}");
                referrals += 1;
            }
            other => panic!("{what}: {other:?}"),
        }
    }
    assert!(records > 60, "{records} records");
    assert_eq!((failures, referrals), (1, 1));
}

#[test]
fn real_responses_survive_an_evidence_file() {
    let cases: Vec<serde_json::Value> = serde_json::from_str(include_str!("data/intake/wire/bind-9.18.json")).unwrap();
    let mut evidence = Evidence::new();
    for case in &cases {
        let wire = domain::utils::base64::decode(case["wire"].as_str().unwrap()).unwrap();
        let record_type = RecordType::parse(case["type"].as_str().unwrap()).unwrap();
        let provenance = Provenance { from: Some("https://dns.example/dns-query".into()), at: None };
        evidence.add_dns(DnsEntry::from_wire(name(case["name"].as_str().unwrap()), record_type, wire, provenance));
    }
    assert_eq!(Evidence::from_json(evidence.to_json().as_bytes()), Ok(evidence.clone()));
    // Without name and type the message's own question counts.
    let text = evidence.to_json();
    let bare: String = text.lines().filter(|line| !line.contains("\"name\"") && !line.contains("\"type\"")).collect();
    assert_eq!(Evidence::from_json(bare.as_bytes()), Ok(evidence.clone()));
    // §8.4 row 7: an alias to nothing.
    let dangling = evidence.look_up(&name("dangling.example.test"), RecordType::TXT);
    assert_eq!(dangling, Lookup::NxDomain { chain: vec![name("nothing.example.test")] });
    let dkim = evidence.look_up(&name("s1._domainkey.example.test"), RecordType::TXT);
    assert_eq!(dkim.chain(), [name("s1.dkim.example.test")]);
    assert!(matches!(&dkim.records()[0].data, RecordData::Txt(txt) if txt.strings.len() == 2));
    let unknown = evidence.look_up(&name("unknown.example.test"), RecordType(65280));
    assert_eq!(unknown.records()[0].data, RecordData::Other(vec![0xAB, 0xCD, 0xEF]));
}

#[test]
fn a_real_truncated_response_is_refused() {
    let text = include_str!("data/intake/wire/truncated.b64");
    let wire: Vec<u8> = domain::utils::base64::decode(text.trim()).unwrap();
    assert_eq!(decode(&wire), Err(MessageError::Truncated));
}

#[test]
fn a_query_is_as_rfc_8484_wants_it() {
    for text in ["example.com", ".", "_25._tcp.mx1.example.com", r"a\.b.example", &["a"; 127].join(".")] {
        let query = encode_query(&name(text), RecordType::TXT);
        assert_eq!(query.len() % 128, 0, "RFC 8467 §4.1");
        assert_eq!(query[..12], [0, 0, 0x01, 0x10, 0, 1, 0, 0, 0, 0, 0, 1], "id 0, RD, CD, one question, one OPT");
        // The same octets with QR set are an empty answer to the same question.
        let mut echo = query.clone();
        echo[2] |= 0x80;
        let message = decode(&echo).unwrap();
        assert_eq!((message.name, message.record_type), (name(text), RecordType::TXT));
        let opt = query.windows(11).position(|w| w[..9] == [0, 0, 41, 0x04, 0xD0, 0, 0, 0x80, 0]).unwrap();
        assert_eq!(query[opt + 11..opt + 13], [0, 12], "padding option");
        let length = u16::from_be_bytes([query[opt + 13], query[opt + 14]]) as usize;
        assert_eq!(opt + 15 + length, query.len());
    }
}

#[test]
fn section_8_4_rows() {
    // Row 2: RCODE 2 under HTTP 200 is DNS's own failure; what the resolver says about it is kept.
    let opt = b"\x00\x00\x29\x04\xD0\x00\x00\x00\x00\x00\x12\x00\x0F\x00\x07\x00\x06bogus\x00\x0F\x00\x03\x00\x16";
    let mut edns = opt.to_vec();
    edns.extend(b"x");
    match outcome(response(0x8182, [0, 0, 1], &edns)) {
        DnsOutcome::Failed(Failure::Rcode { rcode, extended_errors }) => {
            assert_eq!(rcode, Rcode::SERVFAIL);
            let said = |code, text: &str| ExtendedError { code, text: text.into() };
            assert_eq!(extended_errors, [said(6, "bogus"), said(22, "x")]);
        }
        other => panic!("{other:?}"),
    }
    // RFC 6891: the extended RCODE (BADVERS is 16).
    let badvers = b"\x00\x00\x29\x04\xD0\x01\x00\x00\x00\x00\x00";
    assert!(matches!(
        outcome(response(0x8180, [0, 0, 1], badvers)),
        DnsOutcome::Failed(Failure::Rcode { rcode: Rcode(16), .. })
    ));
    // Row 6: TC.
    assert_eq!(outcome(response(0x8380, [0, 0, 0], b"")), DnsOutcome::Failed(Failure::Truncated));
    // Row 10: records off the chain are decoded and answer nothing.
    let mut stray = b"\x05other\x07example\x00".to_vec();
    stray.extend(&record(16, 1, 60, b"\x01x")[2..]);
    let mut evidence = Evidence::new();
    evidence.add_dns(DnsEntry::from_wire(
        name("a.example"),
        RecordType::TXT,
        response(NOERROR, [1, 0, 0], &stray),
        Provenance::default(),
    ));
    assert_eq!(evidence.look_up(&name("a.example"), RecordType::TXT), Lookup::NoData { chain: vec![] });
    // Row 11: one empty string is legal; no string at all is not.
    let mut both = record(16, 1, 60, b"\x00");
    both.extend(record(16, 1, 60, b""));
    let message = decode(&response(NOERROR, [2, 0, 0], &both)).unwrap();
    assert_eq!(message.answers.len(), 1);
    assert_eq!(message.answers[0].data, RecordData::Txt(Txt { strings: vec![vec![]] }));
}

#[test]
fn what_is_no_answer_to_the_question() {
    let malformed = |wire| matches!(outcome(wire), DnsOutcome::Failed(Failure::Malformed { .. }));
    assert!(malformed(response(0x0180, [0, 0, 0], b"")), "QR not set");
    assert!(malformed(response(0xA980, [0, 0, 0], b"")), "another opcode");
    assert!(malformed(response(NOERROR, [1, 0, 0], b"")), "an announced record is missing");
    assert!(malformed(vec![0; 11]));
    assert!(malformed(b"<!DOCTYPE html><html>".to_vec()));
    let other =
        DnsEntry::from_wire(name("b.example"), RecordType::TXT, response(NOERROR, [0; 3], b""), Provenance::default());
    assert_eq!(other.outcome, DnsOutcome::Failed(Failure::Mismatched));
    let other =
        DnsEntry::from_wire(name("a.example"), RecordType::MX, response(NOERROR, [0; 3], b""), Provenance::default());
    assert_eq!(other.outcome, DnsOutcome::Failed(Failure::Mismatched));
    let mut two = response(NOERROR, [0; 3], b"\x01A\x07eXample\x00\x00\x10\x00\x01");
    two[5] = 2;
    assert_eq!(outcome(two), DnsOutcome::Failed(Failure::Mismatched));
    assert!(
        matches!(
            outcome(vec![0, 0, 0x81, 0x85, 0, 0, 0, 0, 0, 0, 0, 0]),
            DnsOutcome::Failed(Failure::Rcode { rcode: Rcode(5), .. })
        ),
        "REFUSED without the question"
    );
    let loops = response(NOERROR, [1, 0, 0], b"\xC0\x1B\x00\x10\x00\x01\x00\x00\x00\x00\x00\x00");
    assert!(malformed(loops), "an owner that points to itself");
}

#[test]
fn limits_and_oddities() {
    let many = MAX_RECORDS + 1;
    let error = decode(&response(NOERROR, [many, 0, 0], b"")).unwrap_err();
    assert_eq!(
        error,
        MessageError::TooManyRecords { section: message::Section::Answer, count: many, limit: MAX_RECORDS }
    );
    assert_eq!(decode(&vec![0; 70_000]), Err(MessageError::TooLong { octets: 70_000 }));
    for (kind, rdata) in [(43, &[0; 4][..]), (48, &[0; 4]), (46, &[0; 19]), (50, &[1, 0, 0, 0, 0, 0])] {
        let message = decode(&response(NOERROR, [1, 0, 0], &record(kind, 1, 60, rdata))).unwrap();
        assert_eq!(message.answers[0].data, RecordData::Other(rdata.to_vec()), "no digest, key, signature or hash");
    }
    let mut records = record(16, 3, 60, b"\x01x");
    records.extend(record(1, 1, 60, b"\x01\x02\x03"));
    records.extend(record(16, 1, 0x8000_0000, b"\x01y"));
    let message = decode(&response(NOERROR, [3, 0, 0], &records)).unwrap();
    assert_eq!(message.answers.len(), 2, "class CH is left out");
    assert_eq!(message.answers[0].data, RecordData::Other(vec![1, 2, 3]), "an A record of three octets");
    assert_eq!(message.answers[1].ttl, 0, "RFC 2181 §8");
}

#[test]
fn rdata_text_of_every_type() {
    let origin = name("example.com");
    for (record_type, text, canonical) in [
        ("A", "192.0.2.1", "192.0.2.1"),
        ("AAAA", "2001:DB8::1", "2001:db8::1"),
        ("CNAME", "www", "www.example.com."),
        ("DNAME", "@", "example.com."),
        ("NS", "NS.Example.", "ns.example."),
        ("PTR", r"a\.b.example.", r"a\.b.example."),
        ("MX", "0 .", "0 ."),
        ("TXT", r#"one "two ; three" "\"\\\000\255" """#, r#""one" "two ; three" "\"\\\000\255" """#),
        ("TXT", "( a\n b )", r#""a" "b""#),
        ("TXT", "\"ü\"", r#""\195\188""#),
        ("SPF", "\"v=spf1 -all\"", "\"v=spf1 -all\""),
        (
            "SOA",
            "ns hostmaster.example.net. 1 1h 15m 2w 5m",
            "ns.example.com. hostmaster.example.net. 1 3600 900 1209600 300",
        ),
        ("DS", "43755 ECDSAP256SHA256 2 AB cd", "43755 13 2 abcd"),
        ("DNSKEY", "257 3 13 AQID BA==", "257 3 13 AQIDBA=="),
        (
            "RRSIG",
            "TXT 13 2 300 20261207142942 1795461415 43755 example. AQI=",
            "TXT 13 2 300 20261207142942 20261123191655 43755 example. AQI=",
        ),
        ("NSEC", "a TYPE65534 A RRSIG A", "a.example.com. A RRSIG TYPE65534"),
        ("NSEC3", "1 0 0 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr A", "1 0 0 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr A"),
        ("NSEC3PARAM", "1 0 10 AABB", "1 0 10 aabb"),
        ("TLSA", "3 1 1 0123 4567", "3 1 1 01234567"),
        ("TLSA", r"\# 3 030101", r"\# 3 030101"),
        ("CAA", "128 Issue ca.example", "128 issue \"ca.example\""),
        (
            "HTTPS",
            "1 . port=443 alpn=\"h2,h3\" ipv4hint=192.0.2.1,192.0.2.2 key65000=a\\000",
            "1 . alpn=h2,h3 port=443 ipv4hint=192.0.2.1,192.0.2.2 key65000=\"a\\000\"",
        ),
        (
            "SVCB",
            "16 foo mandatory=alpn no-default-alpn alpn=h2",
            "16 foo.example.com. mandatory=alpn alpn=h2 no-default-alpn",
        ),
        ("SRV", "0 5 5060 sip", r"\# 23 0000000513c403736970076578616d706c6503636f6d00"),
        ("TYPE65280", r"\# 3 ab cdef", r"\# 3 abcdef"),
        ("TYPE65280", r"\# 0", r"\# 0"),
        ("A", r"\# 4 c0000201", "192.0.2.1"),
        ("MX", r"\# 5 000a 0178 00", "10 x."),
    ] {
        let record_type = RecordType::parse(record_type).unwrap();
        let data = rdata_from_text(record_type, text, &origin).unwrap_or_else(|error| panic!("{text}: {error}"));
        let written = rdata_to_text(&data);
        assert_eq!(written, canonical);
        assert_eq!(rdata_from_text(record_type, &written, &DomainName::root()), Ok(data), "{written}");
    }
}

#[test]
fn rdata_text_that_is_none() {
    let error = |record_type: &str, text: &str| {
        rdata_from_text(RecordType::parse(record_type).unwrap(), text, &DomainName::root()).unwrap_err()
    };
    assert_eq!(error("TXT", "v=DMARC1; p=none"), PresentationError::Comment);
    assert_eq!(error("TXT", "\"open"), PresentationError::UnclosedQuote);
    assert_eq!(error("TXT", "( a"), PresentationError::UnclosedParenthesis);
    assert_eq!(error("TXT", "a )"), PresentationError::UnopenedParenthesis);
    assert_eq!(error("TXT", ""), PresentationError::Missing { field: "text" });
    assert_eq!(error("TXT", r"\256"), PresentationError::BadEscape);
    assert_eq!(error("TXT", &"a".repeat(256)), PresentationError::StringTooLong { octets: 256 });
    assert_eq!(error("TXT", &"\"\" ".repeat(65_536)), PresentationError::TooLong { octets: 65_536 });
    assert_eq!(error("MX", "10"), PresentationError::Missing { field: "exchange" });
    assert!(matches!(error("MX", "65536 a."), PresentationError::NotANumber { max: 65_535, .. }));
    assert!(matches!(error("MX", "10 a. b."), PresentationError::Extra { .. }));
    assert!(matches!(error("A", "1.2.3.4.5"), PresentationError::NotAnAddress { .. }));
    assert!(matches!(error("A", r"\# 3 010203"), PresentationError::Octets(_)));
    assert_eq!(error("A", r"\# 5 01020304"), PresentationError::WrongLength { stated: 5, found: 4 });
    assert!(matches!(error("TLSA", "3 1 1 abc"), PresentationError::NotHex { .. }));
    assert!(matches!(error("DNSKEY", "257 3 13 ?"), PresentationError::NotBase64 { .. }));
    assert!(matches!(error("HTTPS", "1 . port=1 port=2"), PresentationError::BadParameter { .. }));
    assert!(matches!(error("SRV", "0 5"), PresentationError::Other { .. }));
    assert!(matches!(error("RRSIG", "A 13 2 300 20261307142942 0 1 . AQI="), PresentationError::NotATime { .. }));
}

const KNOWN_TYPES: [u16; 20] = [1, 2, 5, 6, 12, 15, 16, 28, 39, 43, 46, 47, 48, 50, 51, 52, 64, 65, 99, 257];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_octets_decode_or_not(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&octets);
        let mut wire = response(NOERROR, [2, 1, 1], b"");
        wire.extend(octets);
        let _ = decode(&wire);
    }

    /// Whatever RDATA decodes can be written and read again, and what does not decode stays as octets.
    #[test]
    fn rdata_goes_through_text(
        kind in proptest::sample::select(KNOWN_TYPES.to_vec()),
        rdata in proptest::collection::vec(prop_oneof![0..4_u8, any::<u8>()], 0..60),
    ) {
        let message = decode(&response(NOERROR, [1, 0, 0], &record(kind, 1, 60, &rdata))).unwrap();
        if let Some(record) = message.answers.first()
            && !matches!(record.data, RecordData::Other(_))
        {
            let text = rdata_to_text(&record.data);
            let again = rdata_from_text(RecordType(kind), &text, &DomainName::root());
            prop_assert_eq!(again.as_ref(), Ok(&record.data), "{}", text);
        }
    }

    #[test]
    fn any_text_is_rdata_or_not(
        kind in proptest::sample::select([KNOWN_TYPES.to_vec(), vec![33, 35, 44, 61, 62, 63, 13, 59, 60, 45, 17]].concat()),
        text in "([0-9]{1,5}|[a-z.]{1,9}|\"[^\"]{0,9}\"|\\PC{0,9}|\\\\[0-9]{0,3}|[;()= \\n]){0,9}",
    ) {
        let _ = rdata_from_text(RecordType(kind), &text, &name("example.com"));
    }
}
