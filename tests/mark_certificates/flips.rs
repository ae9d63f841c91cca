//! Flipped bits: nothing panics, and nothing stays valid with another meaning.

use mxray::name::DomainName;
use mxray::pki::Certificate;
use mxray::pki::mark::{self, Question, Verdict};
use mxray::time::UnixTime;
use proptest::prelude::*;

use super::world::*;

fn judge(pem: &str, root: &[u8]) -> Verdict {
    let author = DomainName::parse("acme.example").expect("a name");
    let roots = [Certificate::read(root).expect("a root")];
    let question = Question {
        author: Some(&author),
        organizational: None,
        selector: "default",
        logo: None,
        roots: &roots,
        at: UnixTime::parse_rfc3339("2025-06-01T00:00:00Z").expect("a time"),
    };
    mark::judge_with_logs(pem, &question, &logs())
}

/// What a verdict says of the mark, without what is said of the file.
fn meaning(verdict: &Verdict) -> impl PartialEq + std::fmt::Debug + use<> {
    (
        (verdict.kind, verdict.mark_type.clone(), verdict.names.clone(), verdict.subject.clone()),
        (verdict.svg().map(<[u8]>::to_vec), verdict.expires, verdict.crl.clone(), verdict.issuer.clone()),
    )
}

#[test]
fn a_flipped_bit_never_stays_valid_with_another_meaning() {
    let [root, issuer, leaf] = World::new().ders();
    let good = judge(&pem(&[&leaf, &issuer, &root]), &root);
    assert!(good.valid());
    let (mut flipped, mut still_valid) = (0, 0);
    for place in 0..3 {
        let whole = [&leaf, &issuer, &root][place];
        // One bit in eleven, so that all places of an octet come.
        for bit in (0..whole.len() * 8).step_by(11) {
            let mut altered = whole.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            let mut ders = [&leaf[..], &issuer, &root];
            ders[place] = &altered;
            let verdict = judge(&pem(&ders), &root);
            flipped += 1;
            if verdict.valid() {
                still_valid += 1;
                assert_eq!(place, 2, "bit {bit} of certificate {place}: only the root in the file is not needed");
                assert_eq!(meaning(&verdict), meaning(&good), "bit {bit}");
            }
        }
    }
    assert!(flipped > 1_500, "{flipped} flips");
    assert!(still_valid < flipped / 4);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn altered_text_never_panics_nor_changes_its_meaning(at in 0usize..100_000, with in any::<u8>()) {
        let [root, issuer, leaf] = World::new().ders();
        let text = pem(&[&leaf, &issuer]);
        let good = judge(&text, &root);
        let mut octets = text.into_bytes();
        let length = octets.len();
        octets[at % length] = with & 0x7F;
        let verdict = judge(&String::from_utf8(octets).expect("ASCII"), &root);
        prop_assert!(!verdict.valid() || meaning(&verdict) == meaning(&good));
    }

    #[test]
    fn any_octets_are_judged(octets in proptest::collection::vec(any::<u8>(), 0..400)) {
        let [root, ..] = World::new().ders();
        prop_assert!(!judge(&pem(&[&octets]), &root).valid());
        mark::outline(&octets);
    }

    #[test]
    fn any_value_of_an_extension_is_judged(at in 0usize..8, octets in proptest::collection::vec(any::<u8>(), 0..60)) {
        let mut world = World::new();
        let kinds = [ALTERNATIVE_NAME, EXTENDED_KEY_USAGE, POLICIES, CRL_POINTS, AUTHORITY_ACCESS, BASIC_CONSTRAINTS, LOGOTYPE, KEY_USAGE];
        world.leaf.set(kinds[at], false, octets);
        let [root, issuer, leaf] = world.ders();
        judge(&pem(&[&leaf, &issuer]), &root);
    }
}
