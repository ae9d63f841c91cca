//! Zone files: what BIND reads is read, what is wrong costs its own line.

use mxray::dns::zone::{self, Zone};
use mxray::dns::{RecordData, RecordType};
use mxray::name::DomainName;
use proptest::prelude::*;

fn name(text: &str) -> DomainName {
    DomainName::parse(text).unwrap()
}

fn txt(zone: &Zone, owner: &str) -> Vec<String> {
    let texts =
        zone.records.iter().filter(|record| record.owner == name(owner)).filter_map(|record| match &record.data {
            RecordData::Txt(txt) => Some(txt.text()),
            _ => None,
        });
    texts.collect()
}

#[test]
fn the_whole_syntax() {
    let text = include_str!("data/intake/zone/syntax.zone");
    let zone = zone::read(text.as_bytes(), Some(&name("example.com")));
    assert_eq!(zone.errors, []);
    assert_eq!((zone.apex.clone(), zone.complete), (Some(name("example.com")), true));
    assert_eq!(txt(&zone, "example.com"), ["v=spf1 include:_spf.example.com -all", "second; not a comment"]);
    assert_eq!(txt(&zone, "_dmarc.example.com"), ["v=DMARC1; p=reject; rua=mailto:d@example.com"]);
    assert_eq!(txt(&zone, "s1._domainkey.sub.example.com"), ["v=DKIM1; p=AAAA"]);
    assert_eq!(txt(&zone, "unquoted.example.com"), ["v=DMARC1"], "an unquoted semicolon starts a comment, as in BIND");
    let ttl = |owner: &str, record_type| {
        zone.records.iter().find(|r| r.owner == name(owner) && r.record_type == record_type).map(|r| r.ttl)
    };
    assert_eq!(ttl("example.com", RecordType::TXT), Some(3600), "$TTL 1h");
    assert_eq!(ttl("mx1.example.com", RecordType::A), Some(60), "TTL before class");
    assert_eq!(ttl("mx2.example.com", RecordType::A), Some(61), "TTL after class");
    assert_eq!(ttl("mx2.example.com", RecordType::AAAA), Some(3600));
    let mx: Vec<_> = zone.records.iter().filter(|r| r.record_type == RecordType::MX).map(|r| &r.data).collect();
    assert_eq!(mx[0], &RecordData::Mx { preference: 10, exchange: name("mx1.example.com") });
    assert_eq!(mx[1], &RecordData::Mx { preference: 20, exchange: name("mx.other.example") });
    assert!(zone.records.iter().any(|r| r.record_type == RecordType(33) && matches!(&r.data, RecordData::Other(_))));
}

#[test]
fn a_bad_line_costs_that_line_only() {
    let text = include_str!("data/intake/zone/broken.zone");
    let zone = zone::read(text.as_bytes(), None);
    let expected: [(usize, &str); 14] = [
        (3, "IP address"),
        (4, "no record type"),
        (5, "$INCLUDE"),
        (6, "$GENERATE"),
        (7, "$FOO"),
        (8, "quoted string is not closed"),
        (9, "at most 255"),
        (10, "class CH"),
        (11, "no domain name"),
        (12, "no owner stands before it"),
        (13, "record type is missing"),
        (14, "never opened"),
        (15, "malformed"),
        (17, "never closed"),
    ];
    for (line, part) in expected {
        let error = zone.errors.iter().find(|error| error.line == line);
        assert!(error.is_some_and(|error| error.reason.contains(part)), "line {line}: {error:?}");
    }
    assert_eq!(zone.errors.len(), expected.len(), "{:#?}", zone.errors);
    assert_eq!(txt(&zone, "good.example.com"), ["one"]);
    assert_eq!(txt(&zone, "last.example.com"), ["reached"]);
    assert_eq!(zone.apex, Some(name("example.com")));
}

#[test]
fn what_is_a_whole_zone() {
    let complete = |text: &str| {
        let zone = zone::read(text.as_bytes(), Some(&name("given.example")));
        assert_eq!(zone.errors, [], "{text}");
        (zone.apex.unwrap().to_string(), zone.complete)
    };
    let soa = "example.com.\t300\tIN\tSOA\tns. h. 1 2 3 4 5\n";
    let ns = "example.com.\t300\tIN\tNS\tns.\n";
    let tail = "example.com.\t300\tIN\tTXT\tx\n";
    let apex = |apex: &str, complete| (apex.to_owned(), complete);
    assert_eq!(complete(&format!("{soa}{ns}{tail}")), apex("example.com", false), "answers of dig +noall +answer");
    assert_eq!(complete(&format!("{soa}{ns}{tail}{soa}")), apex("example.com", true), "a transfer");
    assert_eq!(complete(&format!("$ORIGIN example.com.\n{soa}{ns}")), apex("example.com", true));
    assert_eq!(complete("example.com. IN SOA ns. h. 1 2 3 4 5\nexample.com. IN NS ns.\n"), apex("example.com", true));
    assert_eq!(complete("@ SOA ns. h. 1 2 3 4 5\n"), apex("given.example", true));
    assert_eq!(complete("$ORIGIN example.com.\n@ TXT x\n$ORIGIN sub\na TXT x\n"), apex("example.com", true));
    assert_eq!(complete("_dmarc IN TXT x\n"), apex("given.example", false), "single records");
    assert_eq!(zone::read(b"_dmarc IN TXT x\n", None).errors.len(), 1, "relative to nothing");
    assert_eq!(zone::read(b"_dmarc.a.example. IN TXT x\n", None).records.len(), 1);
}

#[test]
fn megabytes_are_quick() {
    let started = std::time::Instant::now();
    let mut text = String::from("$ORIGIN example.com.\n$TTL 300\n@ SOA ns h 1 2 3 4 5\n");
    for number in 0..100_000 {
        text.push_str(&format!("host{number} IN TXT \"v=spf1 ip4:192.0.2.1 -all\"\n"));
    }
    assert!(text.len() > 4_000_000);
    assert_eq!(zone::read(text.as_bytes(), None).records.len(), 100_001);
    for hostile in ["(\n", "(", ")", "\"", "\\", "$", "a ", "\n", "a IN TXT (\n", "a. TXT \"", " ;", "\u{0}"] {
        let text = hostile.repeat(5_000_000 / hostile.len());
        let zone = zone::read(text.as_bytes(), None);
        assert!(zone.errors.len() <= zone::MAX_LINE_ERRORS, "{hostile:?}");
    }
    let seconds = started.elapsed().as_secs_f32();
    println!("65 MB of zone text: {seconds:.1} s");
    assert!(seconds < 60.0, "{seconds} s");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_octets(text in proptest::collection::vec(prop_oneof![
        proptest::sample::select(b" \t\n\r;()\"\\$@.a0IN".to_vec()), any::<u8>()], 0..400)) {
        let _ = zone::read(&text, None);
        let _ = mxray::dns::dig::read(&text);
    }

    #[test]
    fn any_words(words in proptest::collection::vec(proptest::sample::select(vec![
        "$ORIGIN", "$TTL", "example.com.", "@", "a", "IN", "CH", "300", "1h", "TXT", "A", "MX", "SOA", "SRV", "NAPTR", "LOC",
        "\"x\"", "(", ")", ";", "\n", "\n ", "\\#", "4", "c0000201", ".", "192.0.2.1", "::1", "NSEC3", "-", "HTTPS", "alpn=h2",
        ";; Got answer:\n", ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n", ";; ANSWER SECTION:\n",
        ";a. IN TXT\n", "; <<>> DiG 9 <<>> a. TXT\n"]), 0..60)) {
        let text = words.join(" ");
        let _ = zone::read(text.as_bytes(), Some(&name("example.com")));
        let _ = mxray::dns::dig::read(text.replace("\n ", "\n").as_bytes());
    }
}
