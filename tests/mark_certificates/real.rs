//! The real certificates of the corpus, and the shipped roots.

use std::fs;
use std::path::PathBuf;

use mxray::crypto::sha256;
use mxray::name::DomainName;
use mxray::pki::Certificate;
use mxray::pki::mark::{self, Kind, Likeness, Outcome, Question, Verdict};
use mxray::time::UnixTime;

/// The corpus; `None`, said plainly, where it is not there.
fn corpus(file: &str) -> Option<String> {
    let folder = std::env::var_os("MXRAY_CORPORA").map_or_else(|| "../shared/corpora".into(), PathBuf::from);
    let path = folder.join("vmc").join(file);
    let text = fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("{} is not there: this test did nothing", path.display());
    }
    text
}

fn judge(pem: &str, domain: &str, logo: Option<&[u8]>, at: &str) -> Verdict {
    let (author, roots) = (DomainName::parse(domain).expect("a name"), mark::roots());
    let question = Question {
        author: Some(&author),
        organizational: Some(&author),
        selector: "default",
        logo,
        roots: &roots,
        at: UnixTime::parse_rfc3339(at).expect("a time"),
    };
    mark::judge(pem, &question)
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02X}")).collect()
}

#[test]
fn the_shipped_roots_are_the_published_ones() {
    let published = [
        (
            "CN=DigiCert Verified Mark Root CA,O=DigiCert, Inc.",
            "504386C9EE8932FECC95FADE427F69C3E2534B7310489E300FEE448E33C46B42",
            "2049-09-23",
        ),
        (
            "CN=GlobalSign Verified Mark Root R42,O=GlobalSign nv-sa",
            "CD122CB877C6928B9017B0F0B80DBD508196300BBD03CD7356C3BEEF524E7E0B",
            "2042-11-15",
        ),
        (
            "CN=SSL.com VMC ECC Root CA 2024,O=SSL Corporation",
            "1B82E7F4910B51E3E802A493ACDC17FF58EAC8B9EB7C09B52AC6CD2EFB83598C",
            "2048-02-13",
        ),
        (
            "CN=SSL.com VMC RSA Root CA 2024,O=SSL Corporation",
            "8F9D1B7698886782A599B48510651C66A1AA0C5CA3192097BDC68534154BD30D",
            "2048-02-13",
        ),
    ];
    let mut shipped: Vec<Certificate> = mark::roots();
    shipped.sort_by(|one, other| one.subject.cmp(&other.subject));
    assert_eq!(shipped.len(), published.len());
    for (root, (subject, fingerprint, ends)) in shipped.iter().zip(published) {
        // Organization and country stand in different orders.
        assert!(root.subject == subject && root.is_ca, "{}", root.subject);
        assert_eq!(hex(&sha256(&root.der)), fingerprint);
        assert_eq!(root.not_after.date(), ends);
        assert!(!mark::caa_domains(subject.split("O=").nth(1).expect("an organization")).is_empty(), "{subject}");
    }
}

#[test]
fn the_certificate_of_2021_was_valid_in_its_time() {
    let Some(pem) = corpus("cnn.pem") else { return };
    let verdict = judge(&pem, "cnn.com", None, "2022-01-01T00:00:00Z");
    assert!(verdict.valid(), "{:?}", verdict.ids(Outcome::Fail));
    assert_eq!((verdict.kind, verdict.mark_type.as_deref()), (Some(Kind::Vmc), Some("Registered Mark")));
    assert_eq!(verdict.names, ["cnn.com"]);
    assert_eq!((verdict.scts.len(), verdict.scts[0].valid), (1, Some(true)));
    assert_eq!(verdict.logo.as_ref().map(|logo| (logo.size, logo.conforms)), Some((1725, Some(true))));
    assert_eq!(verdict.issuer_domains().first(), Some(&"digicert.com"));
    assert!(verdict.svg().is_some_and(|svg| svg.starts_with(b"<")));
    let today = judge(&pem, "cnn.com", None, "2026-11-25T00:00:00Z");
    assert_eq!(today.ids(Outcome::Fail), ["expired"]);
    assert_eq!(judge(&pem, "edition.cnn.example", None, "2022-01-01T00:00:00Z").ids(Outcome::Fail), ["names"]);
}

#[test]
fn the_certificate_of_2025_was_valid_in_its_time() {
    let Some(pem) = corpus("globalsign-vmc.pem") else { return };
    let verdict = judge(&pem, "globalsign.com", None, "2025-06-01T00:00:00Z");
    assert!(verdict.valid(), "{:?}", verdict.ids(Outcome::Fail));
    assert_eq!(verdict.kind, Some(Kind::Vmc));
    let logo = verdict.logo.as_ref().expect("a logo");
    assert!(logo.hashes.len() == 3 && logo.hashes.iter().all(|hash| hash.matches == Some(true)));
    let embedded = verdict.svg().expect("a drawing").to_vec();
    let same = judge(&pem, "globalsign.com", Some(&embedded), "2025-06-01T00:00:00Z");
    assert_eq!(same.logo.and_then(|logo| logo.same_as_published), Some(Likeness::Same));
}

#[test]
fn the_issuer_whose_root_is_not_shipped_is_unknown() {
    let Some(pem) = corpus("redshift.pem") else { return };
    let verdict = judge(&pem, "redsift.com", None, "2022-01-01T00:00:00Z");
    assert_eq!(verdict.ids(Outcome::Fail), ["unknown-issuer"]);
    assert!(verdict.reasons[0].title.contains("unknown issuer"));
    assert_eq!(verdict.scts[0].valid, Some(true));
    assert_eq!(verdict.logo.map(|logo| logo.size), Some(1023));
    assert_eq!(verdict.issuer.as_deref(), Some("Entrust, Inc."));
}

#[test]
fn the_certificate_of_a_web_server_is_no_mark_certificate() {
    let Some(pem) = corpus("catchall.delivery.pem") else { return };
    let verdict = judge(&pem, "catchall.delivery", None, "2022-08-01T00:00:00Z");
    assert_eq!(verdict.ids(Outcome::Fail), ["mark-certificate"]);
    assert_eq!((verdict.valid(), verdict.kind, verdict.reasons.len()), (false, None, 1));
    assert_eq!(verdict.names, ["*.catchall.delivery", "catchall.delivery"]);
}

#[test]
fn the_outline_tells_every_octet_and_ends() {
    let Some(pem) = corpus("cnn.pem") else { return };
    let der = mxray::pki::certificates(&pem).expect("certificates").remove(0).der;
    let lines = mark::outline(&der);
    assert!(lines.len() > 120 && lines.len() < mark::MAX_OUTLINE);
    assert_eq!((lines[0].depth, lines[0].offset, lines[0].tag.as_str()), (0, 0, "SEQUENCE"));
    assert!(lines.iter().any(|line| line.name.as_deref() == Some("logotype")));
    assert!(lines.iter().any(|line| line.value.as_deref() == Some("image/svg+xml")), "the logotype is followed into");
    assert!(lines.iter().all(|line| line.value.as_ref().is_none_or(|value| value.chars().count() <= 81)));
    assert!(mark::outline(&[0x30; 5000]).len() <= mark::MAX_OUTLINE);
    assert!(mark::outline(&[]).is_empty());
}
