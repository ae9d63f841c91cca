//! Certificates of mail servers: what is read in them, what OpenSSL computes of them, and the TLSA records that they fit.

use std::fs;

use mxray::assess::assess;
use mxray::checks::Options;
use mxray::checks::dane::{fits, recommended};
use mxray::evidence::Evidence;
use mxray::pki::{Certificate, PemError, certificates};
use mxray::records::Technology;
use mxray::records::tlsa::Tlsa;
use proptest::prelude::*;

/// What OpenSSL says: SHA-256 of the certificate, SHA-256 and SHA-512 of its public key (`openssl x509 -outform DER`,
/// `openssl pkey -pubin -outform DER`, `openssl dgst`).
const BY_OPENSSL: [(&str, &str, [&str; 3]); 4] = [
    (
        "leaf",
        "RSA 2048",
        [
            "41c9ab4e0d7e6071eb0e51e8426151cff480edac6c0c9047dcf7ffe52c849104",
            "1834f036ec1547efc17580e1cc5f282d29992b98585f7bd3edc9cb5c356c9aa4",
            "3c6ce37156efabf9d48d11939c51c8a2f524d3fb2176bd6f2997c5e61725ef0ffca85dc07acb0400858475a19b8bf67fa7343a0511f2e0c9d3a8c40cc6698af1",
        ],
    ),
    (
        "ca",
        "ECDSA P-256",
        [
            "26e34d8e2ace499a314b03cba452e576f61688210ac99179c8830446b0f39fdf",
            "c99d28c70814b9e5f2eaa6285509510c2ab05bbb70ebba43d026d564b4f70dc8",
            "0133eac954884d75bce7c06f99106afd47a5e1101a0086d144ee3bbc30208d956e18035f99b628aa155a2fad5f02c2c0e9643822522dd2847c6b0218c4ca7e7c",
        ],
    ),
    (
        "self",
        "Ed25519",
        [
            "b2b30c9af6cc675f5bafebbdfb69dfb04e9c5eaa0e1fd251f76b99aa815d1cad",
            "0863fae17f0d77ee9a643f5b60ad61116aac863dcd363340161e977354d5caf4",
            "7fdfbb6cf3f7b282eacb440bd3789ce8234caf8a7f6e9099299ca85b276e52c7368a15c24b8364ea150bc69c654d8336307df1f333e14e6c3012aa908223cc96",
        ],
    ),
    (
        "p384",
        "ECDSA P-384",
        [
            "718fdcc809a044641ea6a5125cfa80f8caf8a9ebd10a64d962b5e40791978490",
            "d6f31a83ff29f000195ac4280bbc7acd2d1fd815544a6e2649a556710a148e8d",
            "6a88b0cf2e18ab2afafe42704ef89eae03a0bb1c54918d7ec0c26098745a57cd4783b70893e482cc721326e01d3d41716b5e2157d9d1a57901413e227adc67f8",
        ],
    ),
];

fn read(name: &str) -> String {
    fs::read_to_string(format!("tests/data/pem/{name}.pem")).expect("a fixture")
}

fn one(name: &str) -> Certificate {
    certificates(&read(name)).expect("a certificate").remove(0)
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn tlsa(text: &str) -> Tlsa {
    mxray::records::tlsa::parse(text).record.expect("a record")
}

#[test]
fn digests_are_those_of_openssl() {
    for (name, key, [whole, spki, spki_512]) in BY_OPENSSL {
        let certificate = one(name);
        assert_eq!(certificate.key, key, "{name}");
        for ((selector, matching), expected) in [((0, 1), whole), ((1, 1), spki), ((1, 2), spki_512)] {
            assert_eq!(
                hex(&certificate.association(selector, matching).unwrap()),
                expected,
                "{name} {selector} {matching}"
            );
        }
        assert_eq!(certificate.association(1, 0), Some(certificate.spki.clone()));
        assert_eq!((certificate.association(2, 1), certificate.association(1, 3)), (None, None));
    }
}

#[test]
fn names_times_and_roles() {
    let leaf = one("leaf");
    assert_eq!(leaf.subject, "CN=mx1.acme.example");
    assert_eq!(leaf.names, ["mx1.acme.example", "mx2.acme.example"]);
    assert!(leaf.is_own() && !leaf.is_ca && !leaf.is_mark);
    assert_eq!((leaf.not_after.0 - leaf.not_before.0) / 86_400, 365);
    assert!(leaf.is_for("MX2.acme.example") && !leaf.is_for("mx3.acme.example"));
    let wildcard = one("p384");
    assert!(
        wildcard.is_for("mx.acme.example") && !wildcard.is_for("acme.example") && !wildcard.is_for("a.b.acme.example")
    );
    // OpenSSL marks what a server made for itself as issuing; it is its own all the same.
    assert!(one("self").is_ca && one("self").is_own() && !one("ca").is_own());
}

#[test]
fn usage_3_is_for_the_servers_own_and_usage_2_for_one_that_issues() {
    let (leaf, ca) = (one("leaf"), one("ca"));
    let of = |certificate: &Certificate| recommended(certificate).expect("a record").text();
    assert!(of(&leaf).starts_with("3 1 1 ") && of(&ca).starts_with("2 1 1 ") && of(&one("self")).starts_with("3 1 1 "));
    assert!(fits(&tlsa(&of(&leaf)), &leaf) && fits(&tlsa(&of(&ca)), &ca));
    assert!(!fits(&tlsa(&of(&leaf).replacen('3', "2", 1)), &leaf));
    assert!(!fits(&tlsa(&of(&leaf).replacen('3', "1", 1)), &leaf), "usage 1 is not for mail");
    assert!(!fits(&tlsa(&of(&ca).replacen('2', "3", 1)), &ca));
    assert!(!fits(&tlsa(&of(&leaf)), &ca));
    assert!(fits(&tlsa(&format!("3 0 1 {}", BY_OPENSSL[0].2[0])), &leaf));
    assert!(fits(&tlsa(&format!("3 1 2 {}", BY_OPENSSL[0].2[2])), &leaf));
}

#[test]
fn certificate_management_is_met_where_every_host_has_a_certificate_that_fits() {
    for (id, expected) in [("dane.certificate", Some(true)), ("dane.certificate-mismatch", None), ("dane.record", None)]
    {
        let evidence = fs::read(format!("tests/data/checks/{id}.json")).expect("a fixture");
        let evidence = Evidence::from_json(&evidence).expect("evidence");
        let (domain, at) = (evidence.domain.clone().expect("a domain"), evidence.taken_at.expect("a time"));
        let report = assess(&domain, &Options::default(), &evidence, at).report;
        let dane = report.technology(Technology::Dane).expect("DANE");
        let met = dane.prerequisites.iter().find(|one| one.id == "certificate-management").expect("it").met;
        assert_eq!(met, expected, "{id}");
        let unmatched = report.unknown.iter().filter(|unknown| unknown.what.contains("fits its TLSA records"));
        assert_eq!(
            unmatched.count(),
            match id {
                "dane.certificate" => 0,
                "dane.certificate-mismatch" => 1,
                _ => 2,
            },
            "{id}"
        );
        let steps = report.plan.iter().filter(|step| step.step.contains("in this order")).count();
        assert_eq!(steps, usize::from(id == "dane.certificate-mismatch"), "{id}");
    }
}

#[test]
fn a_chain_is_read_out_of_the_output_of_s_client() {
    let text = format!(
        "CONNECTED(00000003)\r\n---\n 0 s:CN=x\n{}   i:CN=y\n{}---\n",
        read("leaf"),
        read("ca").replace('\n', "\r\n")
    );
    assert_eq!(certificates(&text).unwrap().len(), 2);
}

#[test]
fn what_is_no_certificate_is_said_to_be_none() {
    let leaf = read("leaf");
    let end = leaf.find("-----END").unwrap();
    assert_eq!(certificates("nothing"), Err(PemError::None));
    assert_eq!(certificates(&leaf[..end]), Err(PemError::NoEnd { number: 1 }));
    assert_eq!(certificates(&leaf.replace("MII", "M!I")), Err(PemError::NotBase64 { number: 1 }));
    let broken = format!("{leaf}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assert_eq!(certificates(&broken), Err(PemError::NotACertificate { number: 2 }));
    assert_eq!(certificates(&leaf.repeat(33)), Err(PemError::TooMany { limit: 32 }));
}

proptest! {
    #[test]
    fn whatever_octets_stand_in_it_nothing_panics(at in 0_usize..1200, octet in any::<u8>(), cut in 0_usize..1200) {
        let mut der = one("leaf").der;
        let length = der.len();
        der[at % length] = octet;
        let _ = Certificate::read(&der);
        let _ = Certificate::read(&der[..cut % length]);
    }
}
