//! The words in other languages: catalogs as GNU msgfmt writes them are read, and every sentence of the checks is in ours.

mod catalogs;

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use catalogs::entries;
use mxray::checks::ROOMS;
use mxray::report::MatrixRow;
use mxray::say::{self, Catalog, speak};
use mxray::tr;

/// The sentences of the template.
fn template() -> BTreeSet<String> {
    let originals = entries("mxray.pot").into_iter().map(|(original, _)| original);
    originals.map(|original| original.split('\0').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn every_sentence_of_the_checks_is_in_the_template() {
    let known = template();
    assert!(known.len() > 1000, "only {} sentences", known.len());
    let mut looked_at = 0;
    let mut missing = Vec::new();
    let mut look = |what: &str, sentence: &str| {
        looked_at += 1;
        if !sentence.is_empty() && sentence.contains(' ') && !known.contains(sentence) {
            missing.push(format!("{what}: {sentence}"));
        }
    };
    for doc in ROOMS.iter().flat_map(|room| room.checks).map(|check| check.doc) {
        look(doc.id, doc.title);
        look(doc.id, doc.why);
        look(doc.id, doc.fix);
    }
    for row in MatrixRow::MATRIX {
        look("matrix", row.prerequisites);
        look("matrix", row.difficulty.label());
        look("matrix", row.priority.label());
    }
    assert!(missing.is_empty(), "run `node .ci/words.mjs update`:\n{}", missing.join("\n"));
    assert!(looked_at > 300, "only {looked_at} sentences looked at");
}

/// One test, for the language is that of the whole process.
#[test]
fn a_catalog_of_msgfmt_is_spoken() {
    let octets = fs::read("tests/data/words/oracle.mo").expect("the file of msgfmt");
    let name = "MX";
    assert_eq!(tr!("{name} – “quoted”", name), "MX – “quoted”");
    speak(Some(Arc::new(Catalog::read(octets.clone()).expect("a catalog"))));
    assert!(say::is_foreign());
    assert_eq!(say::known("Copy"), "Kopieren");
    assert_eq!(tr!("{name} – “quoted”", name), "„zitiert“: MX");
    assert_eq!(tr!("{name} – “quoted”", name = "Copy"), "„zitiert“: Kopieren", "a value that is a sentence itself");
    let domain = "example.com";
    assert_eq!(tr!("{n} host of {domain}" | "{n} hosts of {domain}" % 1, domain), "1 Host von example.com");
    assert_eq!(tr!("{n} host of {domain}" | "{n} hosts of {domain}" % 0, domain), "0 Hosts von example.com");
    for english in ["Doubtful", "Not translated", "Unheard of", ""] {
        assert_eq!(say::known(english), english);
    }
    speak(None);
    assert!(!say::is_foreign());
    assert_eq!(say::known("Copy"), "Copy");
    // Whatever is cut off or broken is refused or read, never a panic.
    for length in 0..octets.len() {
        let _ = Catalog::read(octets[..length].to_vec());
    }
    for at in 0..octets.len() {
        for octet in [0, 0x7f, 0xff] {
            let mut bad = octets.clone();
            bad[at] = octet;
            if let Some(bad) = Catalog::read(bad) {
                speak(Some(Arc::new(bad)));
                let _ = (say::known("Copy"), tr!("{n} host of {domain}" | "{n} hosts of {domain}" % 2, domain));
            }
        }
    }
    speak(None);
}
