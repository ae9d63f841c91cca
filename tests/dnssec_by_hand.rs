//! Answers that no signer makes, signed by hand with an Ed25519 key of a root of our own: compact denial, NSEC3 beyond the
//! limits, keys that may not sign, and inputs made to cost time.

use std::time::{Duration, Instant};

use ed25519_dalek::{Signer, SigningKey};
use mxray::dns::{RecordType, key_tag};
use mxray::dnssec::{Anchor, Inquiry, Reason, State};
use mxray::evidence::Evidence;
use mxray::name::DomainName;
use mxray::time::UnixTime;
use serde_json::json;

const NOW: u32 = 1_790_000_000;
const A: u16 = 1;
const NS: u16 = 2;
const CNAME: u16 = 5;
const SOA: u16 = 6;
const MX: u16 = 15;
const DNAME: u16 = 39;
const DS: u16 = 43;
const RRSIG: u16 = 46;
const NSEC: u16 = 47;
const DNSKEY: u16 = 48;
const NSEC3: u16 = 50;
const NXNAME: u16 = 128;

type Rr = (String, u16, Vec<u8>);

fn wire_name(name: &str) -> Vec<u8> {
    let mut wire = Vec::new();
    for label in name.split('.').filter(|label| !label.is_empty()) {
        // `\0` stands for the octet that compact denial puts before a name.
        let label = if label == "\\0" { vec![0] } else { label.as_bytes().to_vec() };
        wire.push(u8::try_from(label.len()).unwrap());
        wire.extend(label);
    }
    wire.push(0);
    wire
}

fn bitmap(types: &[u16]) -> Vec<u8> {
    let mut bits = [0_u8; 32];
    for number in types {
        bits[usize::from(*number / 8)] |= 0x80 >> (number % 8);
    }
    let length = bits.iter().rposition(|octet| *octet != 0).map_or(0, |last| last + 1);
    [&[0, u8::try_from(length).unwrap()], &bits[..length]].concat()
}

/// A root with one key, and what it signs.
struct Root {
    key: SigningKey,
    public: Vec<u8>,
    flags: u16,
    /// When its signatures begin.
    inception: u32,
}

impl Root {
    fn new(flags: u16) -> Self {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = key.verifying_key().to_bytes().to_vec();
        Self { key, public, flags, inception: NOW - 86_400 }
    }

    fn tag(&self) -> u16 {
        key_tag(self.flags, 3, 15, &self.public)
    }

    fn dnskey(&self) -> Rr {
        (String::new(), DNSKEY, [&self.flags.to_be_bytes()[..], &[3, 15], &self.public].concat())
    }

    /// The signature over a set, by this root's name or another's.
    fn sign(&self, records: &[Rr], signer: &str) -> Rr {
        let (owner, record_type, _) = &records[0];
        let labels = u8::try_from(owner.split('.').filter(|label| !label.is_empty() && *label != "*").count()).unwrap();
        let mut rdata = record_type.to_be_bytes().to_vec();
        rdata.extend([15, labels]);
        rdata.extend(300_u32.to_be_bytes());
        rdata.extend((NOW + 86_400).to_be_bytes());
        rdata.extend(self.inception.to_be_bytes());
        rdata.extend(self.tag().to_be_bytes());
        rdata.extend(wire_name(signer));
        let mut data = rdata.clone();
        let mut sorted: Vec<&Vec<u8>> = records.iter().map(|(.., rdata)| rdata).collect();
        sorted.sort();
        for record in sorted {
            data.extend(wire_name(owner));
            data.extend(record_type.to_be_bytes());
            data.extend([0, 1]);
            data.extend(300_u32.to_be_bytes());
            data.extend(u16::try_from(record.len()).unwrap().to_be_bytes());
            data.extend(record);
        }
        rdata.extend(self.key.sign(&data).to_bytes());
        (owner.clone(), RRSIG, rdata)
    }

    fn signed(&self, records: &[Rr]) -> Vec<Rr> {
        [records, &[self.sign(records, "")]].concat()
    }

    /// The answer to the question for its keys.
    fn keys(&self) -> serde_json::Value {
        response("", DNSKEY, &self.signed(&[self.dnskey()]), &[])
    }

    fn anchors(&self) -> Vec<Anchor> {
        let key: String = domain::utils::base64::encode_string(&self.public);
        Anchor::read(&format!(". IN DNSKEY {} 3 15 {key}", self.flags)).unwrap()
    }
}

/// A whole response in base64, as evidence has it.
fn response(name: &str, record_type: u16, answers: &[Rr], authority: &[Rr]) -> serde_json::Value {
    let counts =
        [1, answers.len(), authority.len(), 0].map(|count| u16::try_from(count).unwrap().to_be_bytes()).concat();
    let mut wire = [&[0, 0, 0x84, 0][..], &counts, &wire_name(name), &record_type.to_be_bytes(), &[0, 1]].concat();
    for (owner, record_type, rdata) in answers.iter().chain(authority) {
        wire.extend(wire_name(owner));
        wire.extend(record_type.to_be_bytes());
        wire.extend([0, 1, 0, 0, 1, 44]);
        wire.extend(u16::try_from(rdata.len()).unwrap().to_be_bytes());
        wire.extend(rdata);
    }
    let wire: String = domain::utils::base64::encode_string(&wire);
    json!({ "wire": wire })
}

fn inquire(root: &Root, name: &str, record_type: u16, dns: &[serde_json::Value]) -> Inquiry {
    let evidence = json!({ "format": "mxray-evidence/1", "dns": dns }).to_string();
    let evidence = Evidence::from_json(evidence.as_bytes()).unwrap();
    let name = DomainName::parse(name).unwrap();
    Inquiry::new(&name, RecordType(record_type), &root.anchors(), &evidence, UnixTime(NOW.into()))
}

fn prove(root: &Root, name: &str, dns: &[serde_json::Value]) -> (State, Reason) {
    let proof = inquire(root, name, A, dns).proof;
    (proof.state, proof.reason)
}

/// What a root answers for `nope` with these denials, its keys as they should be.
fn denied(root: &Root, denial: &[Rr]) -> (State, Reason) {
    prove(root, "nope", &[root.keys(), response("nope", DS, &[], denial), response("nope", A, &[], denial)])
}

fn nsec(owner: &str, next: &str, types: &[u16]) -> Rr {
    (owner.into(), NSEC, [wire_name(next), bitmap(types)].concat())
}

#[test]
fn compact_denial_of_rfc_9824_is_proof() {
    let root = Root::new(257);
    // The name is not there; it is there without the type.
    for types in [&[RRSIG, NSEC, NXNAME][..], &[RRSIG, NSEC, 16]] {
        let (state, reason) = denied(&root, &root.signed(&[nsec("nope", "\\0.nope", types)]));
        assert_eq!(state, State::Secure, "{types:?}: {reason}");
    }
}

#[test]
fn a_denial_that_says_otherwise_is_none() {
    let root = Root::new(257);
    for (denial, why) in [
        (nsec("nope", "\\0.nope", &[A, RRSIG, NSEC]), "the type is there"),
        (nsec("nope", "\\0.nope", &[5, RRSIG, NSEC]), "there is an alias"),
        (nsec("a", "b", &[A, RRSIG, NSEC]), "the name is not between"),
        (nsec("m", "z", &[A, RRSIG, NSEC]), "nothing speaks of the wildcard"),
    ] {
        let (state, reason) = denied(&root, &root.signed(&[denial]));
        assert_eq!(state, State::Bogus, "{why}: {reason}");
        assert!(matches!(reason, Reason::NoDenial { .. }), "{why}: {reason}");
    }
    let (state, reason) = denied(&root, &[nsec("nope", "\\0.nope", &[RRSIG, NSEC, NXNAME])]);
    assert_eq!(state, State::Bogus, "unsigned: {reason}");
    // Both gaps, the last of which leads back to the apex.
    let gaps =
        [root.signed(&[nsec("", "a", &[NS, SOA, RRSIG, NSEC])]), root.signed(&[nsec("a", "", &[A, RRSIG, NSEC])])]
            .concat();
    let (state, reason) = denied(&root, &gaps);
    assert_eq!(state, State::Secure, "{reason}");
}

#[test]
fn below_a_delegation_the_parent_speaks_of_the_ds_alone() {
    let root = Root::new(257);
    let unsigned = [("nope".to_string(), A, vec![192, 0, 2, 1])];
    let with = |types: &[u16]| {
        let keys = root.keys();
        let denial = root.signed(&[nsec("nope", "z", types)]);
        prove(&root, "nope", &[keys, response("nope", DS, &[], &denial), response("nope", A, &unsigned, &[])])
    };
    assert_eq!(with(&[NS, RRSIG, NSEC]), (State::Insecure, Reason::NoDs { zone: DomainName::parse("nope").unwrap() }));
    // The child's own record at its apex proves nothing (RFC 4035 §5.2), and without a cut the root should have signed.
    let (state, reason) = with(&[NS, SOA, RRSIG, NSEC]);
    assert_eq!(state, State::Bogus, "{reason}");
    assert!(matches!(reason, Reason::NoDenial { record_type: RecordType::DS, .. }), "{reason}");
    let (state, reason) = with(&[RRSIG, NSEC]);
    assert_eq!(state, State::Bogus, "{reason}");
    assert!(matches!(reason, Reason::NotSigned { .. }), "{reason}");
}

#[test]
fn an_expanded_wildcard_needs_proof_that_the_name_is_not_there() {
    let root = Root::new(257);
    let address = ("*".to_string(), A, vec![192, 0, 2, 1]);
    let expanded =
        root.signed(&[address]).into_iter().map(|(_, record_type, rdata)| ("nope".into(), record_type, rdata));
    let expanded: Vec<Rr> = expanded.collect();
    let with = |denial: &[Rr]| {
        let keys = root.keys();
        prove(&root, "nope", &[keys, response("nope", A, &expanded, denial)])
    };
    assert_eq!(with(&root.signed(&[nsec("m", "z", &[A, RRSIG, NSEC])])).0, State::Secure);
    for denial in [Vec::new(), vec![nsec("m", "z", &[A])], root.signed(&[nsec("a", "b", &[A, RRSIG, NSEC])])] {
        let (state, reason) = with(&denial);
        assert_eq!(state, State::Bogus, "{reason}");
    }
}

#[test]
fn iterations_over_the_limits_of_rfc_9276() {
    let root = Root::new(257);
    let nsec3 = |iterations: u16| {
        let rdata = [&[1, 0][..], &iterations.to_be_bytes(), &[0, 20], &[0xff; 20], &bitmap(&[NS, SOA])].concat();
        root.signed(&[("00000000000000000000000000000000".into(), NSEC3, rdata)])
    };
    for (iterations, expected) in [
        (100, State::Bogus),
        (101, State::Insecure),
        (500, State::Insecure),
        (501, State::Bogus),
        (65535, State::Bogus),
    ] {
        let (state, reason) = denied(&root, &nsec3(iterations));
        assert_eq!(state, expected, "{iterations}: {reason}");
        // At the limit it is computed, and this record proves nothing.
        assert_eq!(matches!(reason, Reason::Iterations { .. }), iterations > 100, "{iterations}: {reason}");
    }
}

#[test]
fn keys_that_may_not_sign_do_not() {
    for flags in [0, 1, 0x0180, 0x0181] {
        let root = Root::new(flags);
        let (state, reason) = denied(&root, &root.signed(&[nsec("nope", "\\0.nope", &[NXNAME])]));
        assert_eq!(state, State::Indeterminate, "flags {flags:#06x}");
        assert!(matches!(reason, Reason::NotTrusted { .. }), "flags {flags:#06x}: {reason}");
    }
}

#[test]
fn a_root_without_signatures_is_a_resolver_that_strips_them() {
    let root = Root::new(257);
    let (state, reason) =
        prove(&root, "nope", &[response("", DNSKEY, &[root.dnskey()], &[]), response("nope", A, &[], &[])]);
    // The DS is missing, but the keys come first.
    assert_eq!(state, State::Indeterminate);
    assert!(matches!(reason, Reason::Stripped { .. }), "{reason}");
}

#[test]
fn a_signature_in_another_name_does_not_count() {
    let root = Root::new(257);
    let address = [("nope".to_string(), A, vec![192, 0, 2, 1])];
    let denial = root.signed(&[nsec("nope", "\\0.nope", &[A, RRSIG, NSEC])]);
    let with = |signature| {
        let keys = root.keys();
        let answers = [&address[..], &[signature]].concat();
        prove(&root, "nope", &[keys, response("nope", DS, &[], &denial), response("nope", A, &answers, &[])])
    };
    assert_eq!(with(root.sign(&address, "")).0, State::Secure);
    let (state, reason) = with(root.sign(&address, "other"));
    assert_eq!(state, State::Bogus);
    assert!(matches!(reason, Reason::NotSigned { .. }), "{reason}");
    let mut forged = root.sign(&[("nope".to_string(), A, vec![192, 0, 2, 2])], "");
    assert!(matches!(with(forged.clone()).1, Reason::BadSignature { .. }));
    forged.2.truncate(30);
    assert_eq!(with(forged).0, State::Bogus);
}

#[test]
fn many_keys_of_one_tag_and_many_signatures_cost_little() {
    let root = Root::new(257);
    // Swapping two words of a key leaves its tag as it is.
    let mut keys = vec![root.dnskey()];
    for at in 1..200 {
        let (mut flags_and_key, (one, other)) = (root.dnskey().2, (2 + at % 15, 2 + (at / 15 + at + 1) % 15));
        for octet in 0..2 {
            flags_and_key.swap(one * 2 + octet, other * 2 + octet);
        }
        keys.push((String::new(), DNSKEY, flags_and_key));
    }
    keys.sort();
    keys.dedup();
    // Of many keys only the first are looked at: the genuine one is among them.
    keys.retain(|key| *key != root.dnskey());
    keys.insert(0, root.dnskey());
    assert!(keys.len() > 50, "{} keys of one tag", keys.len());
    let (_, _, signature) = root.sign(&[("nope".to_string(), A, vec![192, 0, 2, 2])], "");
    let signatures = (0..500_u16).map(|at| {
        let mut rdata = signature.clone();
        let last = rdata.len() - 2;
        rdata[last..].copy_from_slice(&at.to_be_bytes());
        ("nope".to_string(), RRSIG, rdata)
    });
    let answers: Vec<Rr> = [("nope".to_string(), A, vec![192, 0, 2, 1])].into_iter().chain(signatures).collect();
    let denial = root.signed(&[nsec("nope", "\\0.nope", &[A, RRSIG, NSEC])]);
    let started = Instant::now();
    let (state, reason) = prove(
        &root,
        "nope",
        &[
            response("", DNSKEY, &root.signed(&keys), &[]),
            response("nope", DS, &[], &denial),
            response("nope", A, &answers, &[]),
        ],
    );
    assert_eq!(state, State::Bogus, "{reason}");
    assert!(matches!(reason, Reason::BadSignature { record_type: RecordType::A, .. }), "{reason}");
    // 100,000 pairs would take minutes in a debug build.
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

fn address(name: &str, last: u8) -> Rr {
    (name.into(), A, vec![192, 0, 2, last])
}

fn alias(name: &str, record_type: u16, target: &str) -> Rr {
    (name.into(), record_type, wire_name(target))
}

/// The records of a set under another owner, as a name server makes them from a wildcard.
fn renamed(records: &[Rr], owner: &str) -> Vec<Rr> {
    records.iter().map(|(_, record_type, rdata)| (owner.into(), *record_type, rdata.clone())).collect()
}

#[test]
fn the_denial_of_a_wildcard_is_no_denial_of_another() {
    let root = Root::new(257);
    let genuine = root.signed(&[nsec("*.a", "z.a", &[RRSIG, NSEC])]);
    let of = |name: &str, denial: &[Rr]| prove(&root, name, &[root.keys(), response(name, A, &[], denial)]);
    assert_eq!(of("*.a", &genuine).0, State::Secure);
    let (state, reason) = of("*.b.a", &renamed(&genuine, "*.b.a"));
    assert_eq!(state, State::Bogus, "{reason}");
}

#[test]
fn a_wildcard_answers_only_right_below_the_closest_name() {
    let root = Root::new(257);
    let answer = renamed(&root.signed(&[address("*", 1)]), "x.b");
    let with = |denial: Rr| {
        let denial = root.signed(&[denial]);
        prove(&root, "x.b", &[root.keys(), response("x.b", A, &answer, &denial)])
    };
    let (state, reason) = with(nsec("a", "z", &[A, RRSIG, NSEC]));
    assert_eq!(state, State::Secure, "{reason}");
    // `b` is there, if only as the name above `a.b`: `*` does not reach below it (RFC 4592 §2.2.2).
    let (state, reason) = with(nsec("a.b", "z.b", &[A, RRSIG, NSEC]));
    assert_eq!(state, State::Bogus, "{reason}");
}

#[test]
fn a_wildcard_over_an_opt_out_span_is_not_secure() {
    let root = Root::new(257);
    let answer = renamed(&root.signed(&[address("*", 1)]), "nope");
    for (flags, expected) in [(0, State::Secure), (1, State::Insecure)] {
        let rdata = [&[1, flags, 0, 0, 0, 20][..], &[0xff; 20], &bitmap(&[NS, SOA])].concat();
        let denial = root.signed(&[("00000000000000000000000000000000".into(), NSEC3, rdata)]);
        let (state, reason) = prove(&root, "nope", &[root.keys(), response("nope", A, &answer, &denial)]);
        assert_eq!(state, expected, "flags {flags}: {reason}");
    }
}

#[test]
fn an_alias_made_from_a_dname_is_the_one_that_the_dname_says() {
    let root = Root::new(257);
    let dname = root.signed(&[alias("d", DNAME, "t")]);
    let answers = |target: &str, rest: &[Rr]| [&dname[..], &[alias("x.d", CNAME, target)], rest].concat();
    let with = |record_type: u16, answers: &[Rr]| {
        inquire(&root, "x.d", record_type, &[root.keys(), response("x.d", record_type, answers, &[])]).proof
    };
    // The alias itself was asked for: it is the answer.
    let proof = with(CNAME, &answers("x.t", &[]));
    assert_eq!((proof.state, proof.chain.len()), (State::Secure, 1), "{}", proof.reason);
    let proof = with(A, &answers("x.t", &root.signed(&[address("x.t", 1)])));
    assert_eq!((proof.state, proof.chain.len()), (State::Secure, 2), "{}", proof.reason);
    for record_type in [CNAME, A] {
        let proof = with(record_type, &answers("x.evil", &root.signed(&[address("x.t", 1)])));
        assert_eq!(proof.state, State::Bogus, "{}", proof.reason);
    }
}

#[test]
fn an_alias_below_its_own_name_is_looked_up_where_it_leads() {
    let root = Root::new(257);
    let dns = [
        root.keys(),
        response("w", A, &root.signed(&[alias("w", CNAME, "x.w")]), &[]),
        response("x.w", A, &root.signed(&[address("x.w", 1)]), &[]),
    ];
    let (state, reason) = prove(&root, "w", &dns);
    assert_eq!(state, State::Secure, "{reason}");
}

#[test]
fn a_root_without_keys_is_a_resolver_that_leaves_them_out() {
    let root = Root::new(257);
    let (state, reason) = prove(&root, "nope", &[response("", DNSKEY, &[], &[]), response("nope", A, &[], &[])]);
    assert_eq!(state, State::Indeterminate, "{reason}");
    assert!(matches!(reason, Reason::Stripped { .. }), "{reason}");
}

#[test]
fn a_short_rsa_key_is_named() {
    let root = Root::new(257);
    for (octets, named) in [(64, true), (127, true), (128, false), (512, false), (513, true)] {
        let key = [&[1, 1, 3, 8, 3, 1, 0, 1][..], &vec![0xff; octets]].concat();
        let tag = key_tag(257, 3, 8, &key[4..]);
        let (owner, record_type, mut rdata) = root.sign(&[(String::new(), DNSKEY, key.clone())], "");
        rdata[2] = 8;
        rdata[16..18].copy_from_slice(&tag.to_be_bytes());
        let text: String = domain::utils::base64::encode_string(&key[4..]);
        let anchors = Anchor::read(&format!(". IN DNSKEY 257 3 8 {text}")).unwrap();
        let keys = [(String::new(), DNSKEY, key), (owner, record_type, rdata)];
        let evidence = json!({ "format": "mxray-evidence/1", "dns": [response("", DNSKEY, &keys, &[])] }).to_string();
        let evidence = Evidence::from_json(evidence.as_bytes()).unwrap();
        let (name, at) = (DomainName::root(), UnixTime(NOW.into()));
        let proof = Inquiry::new(&name, RecordType(DNSKEY), &anchors, &evidence, at).proof;
        assert_eq!(proof.state, State::Indeterminate);
        assert_eq!(matches!(proof.reason, Reason::UnusableKey { .. }), named, "{octets}: {}", proof.reason);
    }
}

#[test]
fn clocks_may_differ_by_some_minutes() {
    let mut root = Root::new(257);
    for (ahead, expected) in [(180, State::Secure), (300, State::Secure), (301, State::Indeterminate)] {
        root.inception = NOW + ahead;
        let (state, reason) = denied(&root, &root.signed(&[nsec("nope", "\\0.nope", &[RRSIG, NSEC, NXNAME])]));
        assert_eq!(state, expected, "{ahead} seconds: {reason}");
    }
}

#[test]
fn a_zone_of_algorithms_that_are_not_verified_counts_as_unsigned() {
    let root = Root::new(257);
    let ds = |algorithm: u8, digest_type: u8| {
        ("nope".to_string(), DS, [&[0, 9, algorithm, digest_type][..], &[7; 32]].concat())
    };
    for (records, expected) in [
        (vec![ds(16, 2)], State::Insecure),
        (vec![ds(5, 2)], State::Insecure),
        (vec![ds(13, 1)], State::Insecure),
        (vec![ds(13, 3), ds(17, 2)], State::Insecure),
        // One that is verified is enough for the zone to be signed, and this one fits no key.
        (vec![ds(16, 2), ds(13, 2)], State::Bogus),
    ] {
        let keys = response("nope", DNSKEY, &[("nope".to_string(), DNSKEY, root.dnskey().2)], &[]);
        let dns = [root.keys(), response("nope", DS, &root.signed(&records), &[]), keys];
        let dns = [&dns[..], &[response("nope", A, &[address("nope", 1)], &[])]].concat();
        let (state, reason) = prove(&root, "nope", &dns);
        assert_eq!(state, expected, "{reason}");
    }
}

#[test]
fn everything_on_the_way_to_the_name_and_its_aliases_is_wanted_at_once() {
    let root = Root::new(257);
    let wanted = |inquiry: &Inquiry| {
        let wants = inquiry.wanted.iter().map(|wanted| match &wanted.want {
            mxray::wanted::Want::Dns { name, record_type } => format!("{name} {}", record_type.name()),
            other => format!("{other:?}"),
        });
        wants.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    let inquiry = inquire(&root, "b.a", MX, &[]);
    let expected = [". DNSKEY", "a DNSKEY", "a DS", "b.a DNSKEY", "b.a DS", "b.a MX"];
    assert_eq!(wanted(&inquiry), expected);
    let inquiry = inquire(&root, "w", A, &[response("w", A, &[alias("w", CNAME, "t.u")], &[])]);
    let expected = [". DNSKEY", "t.u A", "t.u DNSKEY", "t.u DS", "u DNSKEY", "u DS", "w DNSKEY", "w DS"];
    assert_eq!(wanted(&inquiry), expected);
}
