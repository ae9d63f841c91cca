//! The signed world of `tests/dnssec/run.mjs`, kept with the states that delv gave, proved again at the time it was kept.

use std::fs;

use mxray::assess::assess;
use mxray::checks::Options;
use mxray::dns::exact::{self, ExactMessage, ExactRecord};
use mxray::dns::{RecordData, RecordType};
use mxray::dnssec::{Anchor, Inquiry, Reason, State, iana};
use mxray::evidence::{DnsEntry, Evidence};
use mxray::name::DomainName;
use mxray::records::Technology;
use mxray::report::chain_outline::{Part, Row, fault, outline};
use mxray::time::UnixTime;
use serde_json::Value;

struct World {
    evidence: Evidence,
    anchors: Vec<Anchor>,
    at: UnixTime,
    cases: Vec<(DomainName, RecordType, String)>,
}

fn read(file: &str) -> String {
    fs::read_to_string(format!("tests/data/dnssec/{file}")).expect("a fixture")
}

fn name(text: &str) -> DomainName {
    DomainName::parse(text).expect("a name")
}

fn world() -> World {
    let kept: Value = serde_json::from_str(&read("cases.json")).expect("JSON");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let cases = kept["cases"].as_array().expect("cases").iter().map(|case| {
        (name(&text(&case["name"])), RecordType::parse(&text(&case["type"])).expect("a type"), text(&case["state"]))
    });
    World {
        evidence: Evidence::from_json(read("world.json").as_bytes()).expect("evidence"),
        anchors: Anchor::read(&read("anchor.key")).expect("an anchor"),
        at: UnixTime::parse_rfc3339(&text(&kept["at"])).expect("a time"),
        cases: cases.collect(),
    }
}

impl World {
    fn prove(&self, name: &DomainName, record_type: RecordType) -> Inquiry {
        Inquiry::new(name, record_type, &self.anchors, &self.evidence, self.at)
    }
}

#[test]
fn every_state_is_the_one_that_delv_gave() {
    let world = world();
    assert!(world.cases.len() >= 100);
    for (name, record_type, state) in &world.cases {
        let proof = world.prove(name, *record_type).proof;
        assert_eq!(proof.state.to_string(), *state, "{name} {}: {}", record_type.name(), proof.reason);
    }
}

#[test]
fn each_fault_is_named() {
    let world = world();
    let kind = |text: &str| {
        let proof = world.prove(&name(text), RecordType::A).proof;
        let value = serde_json::to_value(&proof.reason).expect("JSON");
        value["kind"].as_str().expect("a kind").to_owned()
    };
    for (name, expected) in [
        ("www.expired.test", "expired"),
        ("www.future.test", "not-yet-valid"),
        ("www.mismatch.test", "no-matching-key"),
        ("www.wrongkey.test", "no-matching-key"),
        ("www.stripped.test", "no-keys"),
        ("www.forged.test", "bad-signature"),
        ("www.badbits.test", "bad-signature"),
        ("www.nosig.test", "not-signed"),
        ("www.nokeysig.test", "not-signed"),
        ("www.insecure.test", "no-ds"),
        ("www.alg7.test", "unsupported"),
        ("www.sha1.test", "unsupported"),
        ("nope.optout.test", "opt-out"),
        ("www.csk.test", "signed"),
    ] {
        assert_eq!(kind(name), expected, "{name}");
    }
}

#[test]
fn time_alone_breaks_a_proof() {
    let mut world = world();
    let (www, taken) = (name("www.alg13.test"), world.at);
    let inquiry = world.prove(&www, RecordType::A);
    let end = inquiry.first_end.expect("a signature");
    assert!(!inquiry.ends_soon);
    for (before, soon) in [(7 * 86_400, false), (7 * 86_400 - 1, true)] {
        world.at = UnixTime(end.0 - before);
        let inquiry = world.prove(&www, RecordType::A);
        assert_eq!((inquiry.ends_soon, inquiry.proof.state), (soon, State::Secure));
        assert_eq!(inquiry.to_text().contains("within seven days"), soon);
    }
    world.at = UnixTime(taken.0 + 40 * 86_400);
    let late = world.prove(&www, RecordType::A).proof;
    assert!(matches!(late.reason, Reason::Expired { .. }), "{}", late.reason);
    world.at = UnixTime(taken.0 - 86_400);
    let early = world.prove(&www, RecordType::A).proof;
    assert!(matches!(early.reason, Reason::NotYetValid { .. }), "{}", early.reason);
}

#[test]
fn the_root_keys_of_iana_do_not_vouch_for_another_root() {
    let mut world = world();
    world.anchors = iana();
    assert_eq!(world.anchors.len(), 2);
    let proof = world.prove(&name("www.alg13.test"), RecordType::A).proof;
    assert_eq!(proof.state, State::Indeterminate);
    assert!(matches!(proof.reason, Reason::NotTrusted { .. }), "{}", proof.reason);
}

#[test]
fn what_is_not_there_is_wanted_and_indeterminate() {
    let world = world();
    let inquiry = Inquiry::new(&name("www.alg13.test"), RecordType::A, &world.anchors, &Evidence::new(), world.at);
    assert_eq!(inquiry.proof.state, State::Indeterminate);
    // The answer, the keys of the root, and DS and DNSKEY of the two names between, all in the first round.
    assert!(inquiry.wanted.len() >= 6, "{:?}", inquiry.wanted);
}

/// Owner, type and data of a record.
type Meant = (DomainName, RecordType, RecordData);

/// What the proof of a type rests on: its records, denials, and the signatures over them, of keys by both of a zone's keys
/// only that of the key which the DS points to. TTLs and the case of names do not count.
fn meaning(message: &ExactMessage, of_type: RecordType, signer: Option<u16>) -> Vec<Meant> {
    let is_denial = |record_type| [RecordType::NSEC, RecordType::NSEC3].contains(&record_type);
    let rests_on = |section: Vec<&ExactRecord>, counts: &dyn Fn(RecordType) -> bool| {
        let counts = |record: &&ExactRecord| match &record.data {
            RecordData::Rrsig(rrsig) => {
                counts(rrsig.type_covered) && signer.is_none_or(|signer| signer == rrsig.key_tag)
            }
            _ => counts(record.record_type),
        };
        section.into_iter().filter(counts).cloned().collect::<Vec<_>>()
    };
    let mut records = rests_on(message.answers.iter().collect(), &|record_type| record_type == of_type);
    // Denials count in the authority section only.
    records.extend(rests_on(message.authority.iter().collect(), &is_denial));
    let records = records.iter();
    records.map(|record| (record.owner.clone(), record.record_type, record.data.clone())).collect()
}

#[test]
fn no_changed_bit_of_data_signature_or_key_is_ever_secure() {
    let world = world();
    let questions = [
        ("www.alg8.test", RecordType::A, "www.alg8.test", RecordType::A),
        ("www.alg13.test", RecordType::A, "www.alg13.test", RecordType::A),
        ("www.alg15.test", RecordType::A, "www.alg15.test", RecordType::A),
        ("www.alg13.test", RecordType::A, "alg13.test", RecordType::DNSKEY),
        ("www.alg13.test", RecordType::A, "alg13.test", RecordType::DS),
        ("nope.alg13.test", RecordType::A, "nope.alg13.test", RecordType::A),
        ("nope.nsec3.test", RecordType::A, "nope.nsec3.test", RecordType::A),
    ];
    let mut changed_meanings = 0;
    for (asked, record_type, of, of_type) in questions {
        let (asked, of) = (name(asked), name(of));
        let proof = world.prove(&asked, record_type).proof;
        assert_eq!(proof.state, State::Secure, "{asked}");
        let zone = proof.chain.last().and_then(|link| link.zones.last()).expect("a zone");
        let signer = zone.signature.map(|signature| signature.key_tag).filter(|_| of_type == RecordType::DNSKEY);
        let entry = world.evidence.dns_entry(&of, of_type).expect("an answer");
        let wire = entry.wire.clone().expect("as it came");
        let before = meaning(&exact::read(&wire).expect("a message"), of_type, signer);
        let mut changed = world.evidence.clone();
        for bit in 0..wire.len() * 8 {
            let (at, mut wire) = (bit / 8, wire.to_vec());
            wire[at] ^= 1 << (bit % 8);
            let Ok(message) = exact::read(&wire) else { continue };
            // A set that was not there before carries no signature, and nothing rests on it.
            let known = |(owner, record_type, _): &Meant| before.iter().any(|(o, t, _)| o == owner && t == record_type);
            let after: Vec<Meant> = meaning(&message, of_type, signer).into_iter().filter(known).collect();
            if after == before {
                continue;
            }
            changed_meanings += 1;
            changed.put_dns(DnsEntry { wire: Some(wire), ..entry.clone() });
            let proof = Inquiry::new(&asked, record_type, &world.anchors, &changed, world.at).proof;
            assert_ne!(proof.state, State::Secure, "{asked}: bit {} of octet {at} of {of}", bit % 8);
        }
    }
    assert!(changed_meanings > 8000, "{changed_meanings}");
}

/// The picture's rows for the fixture of a check, and what breaks the chain.
fn pictured(id: &str) -> (Vec<Row>, Option<(String, Option<String>)>) {
    let evidence = fs::read(format!("tests/data/checks/{id}.json")).expect("a fixture");
    let evidence = Evidence::from_json(&evidence).expect("evidence");
    let options = Options { anchors: world().anchors, ..Options::default() };
    let (domain, at) = (evidence.domain.clone().expect("a domain"), evidence.taken_at.expect("a time"));
    let report = assess(&domain, &options, &evidence, at).report;
    let detail = &report.technology(Technology::Dnssec).expect("DNSSEC").detail;
    (outline(detail), fault(detail))
}

#[test]
fn the_picture_shows_zones_keys_and_links_and_where_it_breaks() {
    let (rows, broken) = pictured("dnssec.proven");
    let of = |part| rows.iter().filter(|row| row.part == part).map(|row| row.label.as_str()).collect::<Vec<_>>();
    assert_eq!(of(Part::Zone), [". (the root)", "test", "alg13.test"]);
    assert_eq!(
        (of(Part::Ds).len(), of(Part::Key { signs: true }).len(), of(Part::Key { signs: false }).len()),
        (2, 3, 3)
    );
    assert_eq!(of(Part::Answers), ["7 of 7 answers proved"]);
    assert!(rows.iter().all(|row| row.state == "secure") && broken.is_none());

    let (rows, broken) = pictured("dnssec.bogus");
    let states: Vec<&str> = rows.iter().filter(|row| row.part == Part::Zone).map(|row| row.state.as_str()).collect();
    assert_eq!(states, ["secure", "secure", "bogus"]);
    let (says, remedy) = broken.expect("a fault");
    assert!(says.contains("ended on") && remedy.is_some_and(|remedy| remedy.contains("signed anew")), "{says}");
}
