//! What logos, Mark Certificates and report files are told in another language: every sentence goes through the catalog, and
//! numbers and times are written as the language does. By itself, for the language is that of the whole process.

mod catalogs;

use std::fs;
use std::sync::Arc;

use catalogs::entries;
use mxray::name::DomainName;
use mxray::pki::mark::{self, Question};
use mxray::reports::Fold;
use mxray::say::{self, Catalog, speak, written};
use mxray::svg::{self, repair, seen};
use mxray::time::UnixTime;
use mxray::tr;

/// A catalog in its binary form (GNU gettext manual, “The Format of GNU MO Files”).
fn catalog(mut entries: Vec<(String, String)>) -> Arc<Catalog> {
    entries.sort();
    entries.dedup_by(|one, other| one.0 == other.0);
    let count = entries.len();
    let mut words = vec![0x9504_12de, 0, count as u32, 28, 28 + 8 * count as u32, 0, 0];
    let mut texts = Vec::new();
    let (originals, translations): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
    for text in originals.iter().chain(&translations) {
        words.extend([text.len() as u32, (28 + 16 * count + texts.len()) as u32]);
        texts.extend(text.bytes().chain([0]));
    }
    let octets = words.iter().flat_map(|word: &u32| word.to_le_bytes()).chain(texts).collect();
    Arc::new(Catalog::read(octets).expect("a catalog"))
}

/// What stands outside of every `⟦…⟧`, without code and what is quoted.
fn bare(text: &str) -> String {
    let (mut depth, mut code, mut left) = (0, false, String::new());
    for sign in text.chars() {
        match sign {
            '⟦' | '“' => depth += 1,
            '⟧' | '”' => depth -= 1,
            '`' => code = !code,
            sign if depth == 0 && !code => left.push(sign),
            _ => {}
        }
    }
    left
}

/// Sentences that nobody translated.
#[derive(Default)]
struct Bare {
    looked_at: usize,
    found: Vec<String>,
}

impl Bare {
    fn look(&mut self, text: &str) {
        self.looked_at += 1;
        // Whole sentences without values are looked up where they are shown.
        let said = say::known(text);
        let left = bare(&said);
        let words = left.split_whitespace().map(|word| word.trim_matches(['.', ',', ':', ';', '(', ')']));
        let words = words.filter(|word| word.len() > 2 && word.chars().all(char::is_alphabetic));
        if words.count() > 1 {
            self.found.push(format!("{said}\n"));
        }
    }
}

fn files(folder: &str) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = fs::read_dir(format!("tests/data/{folder}")).expect("a folder").flatten().collect();
    paths.sort_by_key(fs::DirEntry::path);
    paths.iter().map(|entry| fs::read(entry.path()).expect("a file")).collect()
}

fn look_at_logos(bare: &mut Bare) {
    let odd: [&[u8]; 7] = [
        b"<svg",
        b"\x1f\x8b\x08odd",
        b"\xff\xfe",
        b"<!DOCTYPE svg><html/>",
        b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 20' width='50%' height='1em'><g id='a'/><g id='a'/>\
          <use href='#b'/><rect fill='pink' foo='1' style='x'/><p:a/><title/></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='a'><path fill='rgba(1,2,3,.5)' stroke='nocolour'/>&nothing;</svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg' version='1.2' baseProfile='tiny-ps' viewBox='0 0 64 64'><title>A</title>\
          <circle cx='64' cy='32' r='30' fill='#ffffee'/></svg>",
    ];
    for logo in files("svg").into_iter().chain(files("svg-repair")).chain(odd.map(<[u8]>::to_vec)) {
        for fault in svg::judge(&logo).faults {
            bare.look(&fault.title);
            bare.look(&fault.fix);
        }
        match svg::text(&logo).map(|text| seen::look(&text.text)) {
            Ok(Ok(seen)) => seen.iter().for_each(|seen| {
                bare.look(&seen.title);
                bare.look(&seen.detail);
                bare.look(&seen.fix);
            }),
            Ok(Err(error)) => bare.look(&error.words()),
            Err(_) => {}
        }
        match repair::repair(&logo, &repair::Options::default()) {
            Ok(repaired) => {
                repaired.changes.iter().for_each(|change| bare.look(&change.title));
                repaired.lost.iter().for_each(|lost| bare.look(lost));
            }
            Err(error) => bare.look(&error.words()),
        }
    }
}

fn look_at_certificates(bare: &mut Bare) {
    let acme = String::from_utf8(fs::read("tests/data/mark/acme.pem").expect("a file")).expect("text");
    let twice = format!("{acme}{acme}");
    let cut = acme.replace("-----END", "-----NED");
    let texts = files("mark").into_iter().map(|octets| String::from_utf8_lossy(&octets).into_owned());
    let texts: Vec<_> =
        texts.chain([twice, cut, acme.replacen("MII", "MI!", 1), acme.replacen("MII", "AAA", 1)]).collect();
    let [author, other] = ["acme.example", "odd.test"].map(|name| DomainName::parse(name).expect("a name"));
    let logo = fs::read("tests/data/mark/logo.svg").expect("a file");
    for pem in &texts {
        for author in [None, Some(&author), Some(&other)] {
            for (logo, selector) in
                [(None, "default"), (Some(logo.as_slice()), "v1"), (Some(b"<svg/>".as_slice()), "default")]
            {
                for at in [0, 1_790_000_000, 1_900_000_000] {
                    let roots = mark::roots();
                    let question =
                        Question { author, organizational: None, selector, logo, roots: &roots, at: UnixTime(at) };
                    for reason in mark::judge(pem, &question).reasons {
                        bare.look(&reason.title);
                        bare.look(&reason.detail);
                        reason.fix.iter().for_each(|fix| bare.look(fix));
                    }
                }
            }
        }
    }
}

fn look_at_report_files(bare: &mut Bare) {
    let mut fold = Fold::new();
    for (at, file) in files("tls-reports").into_iter().enumerate() {
        fold.read(&format!("{at}.json"), &file[..file.len() - file.len() / 3]);
    }
    for odd in [
        b"\x1f\x8b\x08odd".as_slice(),
        b"PK\x03\x04odd",
        b"{}",
        b"",
        b"[1]",
        b"\xff",
        b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff",
    ] {
        fold.read("odd", odd);
    }
    let summary = fold.summary();
    assert!(summary.unreadable.len() > 6, "{:?}", summary.unreadable);
    summary.unreadable.iter().for_each(|unreadable| bare.look(&unreadable.why));
}

#[test]
fn logos_certificates_and_reports_are_told_in_the_language() {
    // Every sentence in brackets: what stands outside of them is said without the catalog.
    let pseudo = entries("mxray.pot").into_iter().map(|(original, _)| {
        let forms = original.split('\0').map(|form| format!("⟦{form}⟧"));
        let translation = forms.collect::<Vec<_>>().join("\0");
        (original, translation)
    });
    speak(Some(catalog(
        pseudo.filter(|(original, _)| !original.contains("12,345") && !original.contains("{day}")).collect(),
    )));
    let mut bare = Bare::default();
    look_at_logos(&mut bare);
    look_at_certificates(&mut bare);
    look_at_report_files(&mut bare);
    speak(None);
    bare.found.sort();
    bare.found.dedup();
    assert!(bare.looked_at > 400, "only {} sentences", bare.looked_at);
    assert!(bare.found.is_empty(), "said without the catalog:\n{}", bare.found.concat());

    let day = UnixTime::parse_rfc3339("2026-12-31T23:59:58Z").expect("a time");
    for (language, cases) in [
        ("de.po", ["0", "1.234", "12.345.678", "1.234,50", "31.12.2026", "31.12.2026, 23:59:58 UTC"]),
        ("es.po", ["0", "1234", "12.345.678", "1234,50", "31/12/2026", "31/12/2026, 23:59:58 UTC"]),
    ] {
        speak(Some(catalog(entries(language))));
        let numbers = ["0", "1234", "12345678", "1234.50"].map(written::number);
        assert_eq!(numbers.as_slice(), &cases[..4], "{language}");
        assert_eq!(written::time(&day.date()).as_deref(), Some(cases[4]));
        assert_eq!(written::time(&day.to_string()).as_deref(), Some(cases[5]));
        let sentence = tr!("The Mark Certificate is valid from {} to {}.", day.date(), day);
        assert!(sentence.contains(cases[4]) && sentence.contains(cases[5]), "{sentence}");
        let kept = tr!("{} of {total} hosts", "2026-12", total = "v=DMARC1");
        assert!(kept.contains("2026-12") && kept.contains("v=DMARC1"), "{kept}");
    }
    speak(None);
}
