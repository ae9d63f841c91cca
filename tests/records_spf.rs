//! SPF records against a table named by section and row of the standards sheet, the selection of records, the suite of
//! RFC 7208 where it is at hand, and arbitrary input.

use std::time::{Duration, Instant};

use mxray::records::spf::{self, Action, Modifier, NearMissKind};
use mxray::records::{Problem, Weight};
use mxray::text::Span;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Kind, place and weight of every problem, and what was meant there, as the table writes them.
fn shown(problems: &[Problem<spf::ProblemKind>], text: &str) -> Value {
    let row = |problem: &Problem<spf::ProblemKind>| {
        let weight = match problem.weight {
            Weight::Note => "note",
            Weight::Doubt => "doubt",
            Weight::Fault => "fault",
        };
        let kind: String = format!("{:?}", problem.kind).chars().take_while(char::is_ascii_alphanumeric).collect();
        match problem.kind.meant() {
            Some(meant) => json!([weight, kind, problem.span.of(text), meant]),
            None => json!([weight, kind, problem.span.of(text)]),
        }
    };
    problems.iter().map(row).collect()
}

/// The terms as they were understood: `+mx`, `redirect=`, `?` where a term could not be read.
fn terms(record: &spf::Record) -> String {
    let term = |term: &spf::Term| match &term.action {
        Action::Directive { qualifier, mechanism } => format!("{}{}", qualifier.sign(), mechanism.name()),
        Action::Modifier(Modifier::Redirect { .. }) => "redirect=".into(),
        Action::Modifier(Modifier::Explanation { .. }) => "exp=".into(),
        Action::Modifier(Modifier::Other { name, .. }) => format!("{name}="),
        Action::Unreadable => "!".into(),
    };
    record.terms.iter().map(term).collect::<Vec<_>>().join(" ")
}

#[test]
fn records_of_the_table() {
    let rows: Vec<Value> = serde_json::from_str(include_str!("data/records/spf.json")).unwrap();
    println!("{} rows", rows.len());
    assert!(rows.len() >= 100);
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut faults = Vec::new();
    let mut lines = Vec::new();
    for row in &rows {
        let text = row["text"].as_str().unwrap();
        let parsed = spf::parse(text);
        let found = json!({"row": row["row"], "text": text, "want": terms(&parsed.record), "problems": shown(&parsed.problems, text)});
        if found != *row {
            faults.push(format!("wanted {row}\nfound  {found}"));
        }
        lines.push(format!("  {found}"));
    }
    if update && !faults.is_empty() {
        std::fs::write("tests/data/records/spf.json", format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn records_are_selected_as_the_standard_says() {
    let misses = |text: &str| -> Vec<(NearMissKind, String, Option<String>)> {
        let selection = spf::select([text]);
        assert!(selection.records.is_empty(), "{text} is no SPF record");
        let miss = |miss: spf::NearMiss| (miss.kind, miss.span.of(text).to_owned(), miss.meant);
        selection.near_misses.into_iter().map(miss).collect()
    };
    for text in ["v=spf1", "v=spf1 ", "V=SPF1 -all", "v=spf1 v=spf1"] {
        assert_eq!(spf::select([text]).records, [0], "§1.1 rule 5: {text}");
    }
    let texts = ["hello", "v=spf1 mx -all", "google-site-verification=x", "v=spf1 -all"];
    assert_eq!(spf::select(texts).records, [1, 3], "§1.8 row 4");
    assert!(spf::select(["v=spf1 mx -all", "v=DMARC1; p=none", "spfoo", "v=spf", ""]).near_misses.len() == 1);
    for (row, text, kind, at, meant) in [
        ("§1.8 row 2", "v=spf10 -all", NearMissKind::VersionNotEnded, "v=spf10", None),
        ("§1.8 row 15", "v=spf1\tmx -all", NearMissKind::VersionNotEnded, "\t", Some("v=spf1 mx -all")),
        ("§1.8 row 17", "\"v=spf1 -all\"", NearMissKind::Quoted, "\"", Some("v=spf1 -all")),
        ("leading blank", " v=spf1 -all", NearMissKind::LeadingBlank, " ", Some("v=spf1 -all")),
        ("no-break space", "v=spf1\u{a0}mx -all", NearMissKind::VersionNotEnded, "\u{a0}", Some("v=spf1 mx -all")),
        ("byte order mark", "\u{feff}v=spf1 -all", NearMissKind::LeadingBlank, "\u{feff}", Some("v=spf1 -all")),
        ("semicolon", "v=spf1; mx -all", NearMissKind::VersionNotEnded, ";", Some("v=spf1 mx -all")),
        (
            "glued",
            "v=spf1include:x.example -all",
            NearMissKind::VersionNotEnded,
            "v=spf1include:x.example",
            Some("v=spf1 include:x.example -all"),
        ),
        ("no version", "spf1 mx -all", NearMissKind::VersionMisspelt, "spf1", Some("v=spf1 mx -all")),
        (
            "spaces in the version",
            "v = spf1 mx -all",
            NearMissKind::VersionMisspelt,
            "v = spf1",
            Some("v=spf1 mx -all"),
        ),
        ("spf2", "v=spf2 mx -all", NearMissKind::VersionMisspelt, "v=spf2", Some("v=spf1 mx -all")),
        ("Sender ID", "spf2.0/pra mx -all", NearMissKind::SenderId, "spf2.0/pra", None),
        ("smart quotes", "“v=spf1 -all”", NearMissKind::Quoted, "“", Some("v=spf1 -all")),
    ] {
        assert_eq!(misses(text), [(kind, at.to_owned(), meant.map(str::to_owned))], "{row}");
    }
    for text in ["", "v=DMARC1; p=none", "spf", "v=verifydomain MS=1", "sender policy", "v", "\"", "   "] {
        assert_eq!(misses(text), [], "{text:?}");
    }
}

#[test]
fn corrections_are_sound_and_complete() {
    for (text, mended) in [
        ("v=spf1 ipv4:192.0.2.1 inlude:x.example -all;", Some("v=spf1 ip4:192.0.2.1 include:x.example -all")),
        ("v=spf1 ip4: 192.0.2.1 - all", Some("v=spf1 ip4:192.0.2.1 -all")),
        ("v=spf1\tmx", None),
        ("v=spf1 mx\t-all", Some("v=spf1 mx -all")),
        ("v=spf1 “mx” –all", Some("v=spf1 mx -all")),
        ("v=spf1 ip4:192.0.2.1ip4:192.0.2.2-all", Some("v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 -all")),
        ("v=spf1 --all", Some("v=spf1 -all")),
        ("v=spf1 redirect:x.example", Some("v=spf1 redirect=x.example")),
        ("v=spf1 ipv4:192.0.2.1 ip4:192.0.2.300 -all", None),
        ("v=spf1 mx -all", None),
    ] {
        let parsed = spf::parse(text);
        assert_eq!(spf::repaired(text, &parsed.problems, Weight::Fault).as_deref(), mended, "{text}");
    }
}

/// Spans lie in the text and on character boundaries, problems come in order, and terms do not overlap.
fn well_formed(text: &str) {
    let parsed = spf::parse(text);
    let fits = |span: Span| text.get(span.start..span.end).is_some();
    for problem in &parsed.problems {
        assert!(fits(problem.span), "{:?} at {:?} in {text:?}", problem.kind, problem.span);
    }
    assert!(parsed.problems.windows(2).all(|pair| pair[0].span <= pair[1].span));
    for term in &parsed.record.terms {
        assert!(fits(term.span) && term.span.start < term.span.end, "{:?} in {text:?}", term.span);
    }
    assert!(parsed.record.terms.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "{text:?}");
    let unreadable = parsed.record.terms.iter().any(|term| term.action == Action::Unreadable);
    assert!(!(unreadable && parsed.is_sound()), "an unreadable term without a fault in {text:?}");
    for weight in [Weight::Fault, Weight::Doubt, Weight::Note] {
        if let Some(mended) = spf::repaired(text, &parsed.problems, weight) {
            assert!(spf::parse(&mended).is_sound() && mended != text);
        }
    }
    let selection = spf::select([text]);
    for miss in &selection.near_misses {
        assert!(fits(miss.span), "{miss:?} in {text:?}");
        assert!(miss.meant.as_deref().is_none_or(|meant| spf::select([meant]).records == [0]), "{miss:?} in {text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        well_formed(&text);
        well_formed(&format!("v=spf1 {text}"));
    }

    #[test]
    fn any_mix_of_pieces_is_read(pieces in proptest::collection::vec(prop_oneof![
        Just("v=spf1"), Just(" "), Just("\t"), Just("\u{a0}"), Just("-"), Just("+"), Just("~"), Just("?"), Just("all"),
        Just("include"), Just("a"), Just("mx"), Just("ptr"), Just("ip4"), Just("ip6"), Just("exists"), Just("redirect"),
        Just("exp"), Just(":"), Just("="), Just("/"), Just("//"), Just("192.0.2.1"), Just("2001:db8::1"), Just("0"),
        Just("24"), Just("024"), Just("x.example"), Just("."), Just("%"), Just("%{"), Just("}"), Just("d"), Just("2"),
        Just("r"), Just("–"), Just("“"), Just("ü"), Just("\""), Just(","), Just(";"), Just("\u{0}"),
    ], 0..40)) {
        well_formed(&pieces.concat());
        well_formed(&format!("v=spf1 {}", pieces.concat()));
    }
}

#[test]
fn megabytes_are_read_quickly() {
    let most = Duration::from_millis(200);
    let mut slowest = Duration::ZERO;
    for piece in [
        "a",
        " ",
        "a ",
        "%",
        "%{",
        "%{d}",
        "ip4:",
        "ip4:192.0.2.1",
        "ip4:192.0.2.1 ",
        "include:x.example ",
        "-all",
        "- ",
        "all ",
        "\t",
        "\t\t\t\t ",
        "ü",
        "ü ",
        "\"",
        "x=y ",
        "redirect=x.example ",
        "redirect= x ",
        ".",
        "/",
        "//24",
        ":",
        "a:b.example/24 ",
        "exists:%{i}.x.example ",
        "0",
        "v=spf1",
        "v=spf1 ",
        "\u{a0}",
    ] {
        let text = format!("v=spf1 {}", piece.repeat(1_000_000 / piece.len()));
        // The best of several: another process may hold the machine for a while.
        let mut took = Duration::MAX;
        for _ in 0..20 {
            let start = Instant::now();
            let parsed = spf::parse(&text);
            let _ = spf::repaired(&text, &parsed.problems, Weight::Fault);
            took = took.min(start.elapsed());
            if took < most {
                break;
            }
        }
        assert!(took < most, "{took:?} for a megabyte of {piece:?}");
        assert!(!spf::parse(&text).is_sound(), "no record is that long");
        slowest = slowest.max(took);
    }
    println!("slowest megabyte: {slowest:?}");
}

/// Where the corpora are: `MXRAY_CORPORA`, or beside the repository.
fn suite() -> Option<String> {
    let folder = std::env::var("MXRAY_CORPORA").unwrap_or_else(|_| "../shared/corpora".into());
    std::fs::read_to_string(format!("{folder}/spf/rfc7208-tests.yml")).ok()
}

/// Cases of the suite whose record is sound and whose permanent error comes from what it leads to, or from a limit.
const NOT_SYNTAX: [&str; 9] = [
    "include-permerror",
    "include-none",
    "redirect-none",
    "redirect-loop",
    "include-loop",
    "mx-limit",
    "mech-over-limit",
    "include-over-limit",
    "void-over-limit",
];

/// One case: its name, the domain of its sender, and the results that it allows.
#[derive(Default)]
struct Case {
    name: String,
    domain: String,
    results: String,
}

/// Every record of the suite is read; whatever has a fault must be allowed to be a permanent error, and the other way
/// round. Only what stands on one line is read: this is no YAML parser.
#[test]
fn the_suite_of_rfc_7208_agrees_on_syntax() {
    let Some(suite) = suite() else {
        println!("SKIPPED: no rfc7208-tests.yml (set MXRAY_CORPORA)");
        return;
    };
    let (mut compared, mut faulty, mut records) = (0, 0, 0);
    for scenario in suite.split("\n---") {
        let Some((tests, zone)) = scenario.split_once("\nzonedata:") else { continue };
        let mut cases: Vec<Case> = Vec::new();
        for line in tests.lines() {
            let value = line.split_once(": ").map_or("", |(_, value)| value.trim());
            if line.starts_with("  ") && !line.starts_with("   ") && line.ends_with(':') {
                cases.push(Case { name: line.trim().trim_end_matches(':').into(), ..Case::default() });
            } else if let Some(case) = cases.last_mut() {
                match line.trim_start().split(':').next() {
                    Some("mailfrom") => case.domain = value.rsplit('@').next().unwrap_or("").to_lowercase(),
                    Some("result") if line.starts_with("    result") => case.results = value.into(),
                    _ => {}
                }
            }
        }
        let mut domain = String::new();
        let mut texts: Vec<(String, String)> = Vec::new();
        let mut lines = zone.lines().peekable();
        while let Some(line) = lines.next() {
            if line.starts_with("  ") && !line.starts_with("   ") && line.ends_with(':') {
                domain = line.trim().trim_end_matches(':').to_lowercase();
            }
            let text = ["- SPF: ", "- TXT: "].iter().find_map(|kind| line.trim_start().strip_prefix(kind));
            let goes_on = lines.peek().is_some_and(|next| next.starts_with("      "));
            if let Some(text) = text.filter(|text| spf::is_spf(text) && !goes_on) {
                texts.push((domain.clone(), text.into()));
            }
        }
        for (_, text) in &texts {
            well_formed(text);
            records += 1;
        }
        for case in &cases {
            let of_case: Vec<&String> =
                texts.iter().filter(|(domain, _)| *domain == case.domain).map(|(_, t)| t).collect();
            let [text] = of_case.as_slice() else { continue };
            compared += 1;
            let sound = spf::parse(text).is_sound();
            faulty += usize::from(!sound);
            assert!(sound || case.results.contains("permerror"), "{}: {text:?} must be sound", case.name);
            let must_fail = case.results == "permerror" && !NOT_SYNTAX.contains(&case.name.as_str());
            assert!(!(sound && must_fail), "{}: {text:?} must be faulty", case.name);
        }
    }
    println!("{records} records of the suite read, {compared} cases compared, {faulty} of them faulty");
    assert!(
        compared >= 140 && faulty >= 45,
        "{compared} cases, {faulty} faulty: the suite is not read as it should be"
    );
}
