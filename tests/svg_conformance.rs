//! SVG Tiny PS: the verdicts of the official schema on 1,000 drawings, every rule, and hostile input.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use mxray::svg::conformance::MAX_SIZE;
use mxray::svg::rules::RULES;
use mxray::svg::source::MAX_TEXT;
use mxray::svg::{MAX_FAULTS, Severity, Verdict, judge, text};
use proptest::prelude::*;
use serde_json::Value;

/// The corpus, where it is there.
fn corpus() -> Option<Vec<Value>> {
    let folder = std::env::var_os("MXRAY_CORPORA").map_or_else(|| PathBuf::from("../shared/corpora"), PathBuf::from);
    let path = folder.join("svg/schema-verdicts.jsonl");
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()),
        Err(_) => {
            eprintln!("skipped: {} is not there (MXRAY_CORPORA names the folder above it)", path.display());
            None
        }
    }
}

/// The rules of a verdict's faults, in order.
fn rules(verdict: &Verdict) -> Vec<&str> {
    verdict.faults.iter().map(|fault| &*fault.rule).collect()
}

/// What must hold of every verdict on anything.
fn sound(bytes: &[u8], verdict: &Verdict) {
    let read = text(bytes).map(|text| text.text.into_owned()).unwrap_or_default();
    assert!(verdict.faults.len() <= MAX_FAULTS);
    assert!(verdict.faults.is_sorted_by_key(|fault| fault.start));
    for fault in &verdict.faults {
        let rule = RULES.iter().find(|rule| rule.id == fault.rule).expect("a rule of the table");
        assert_eq!((fault.severity, fault.schema), (rule.severity, rule.schema));
        assert!(!fault.title.is_empty() && fault.fix.ends_with('.') && !fault.reference.is_empty(), "{fault:?}");
        if read.is_empty() {
            continue;
        }
        assert!(read.get(fault.start..fault.end).is_some(), "{fault:?}");
        let before = read.get(..fault.start).expect("a place in the text");
        assert_eq!(fault.line, before.matches('\n').count() + 1, "{fault:?}");
        assert_eq!(fault.column, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1, "{fault:?}");
    }
    let errors = verdict.faults.iter().any(|fault| fault.severity == Severity::Error);
    assert!(!(verdict.conforms && (errors || !verdict.schema_valid)));
    assert!(!(verdict.schema_valid && verdict.faults.iter().any(|fault| fault.schema)));
}

#[test]
fn verdicts_are_those_of_the_official_schema() {
    let Some(cases) = corpus() else { return };
    assert_eq!(cases.len(), 1000);
    let mut wrong = Vec::new();
    for case in &cases {
        let svg = case["svg"].as_str().expect("an svg");
        let verdict = judge(svg.as_bytes());
        sound(svg.as_bytes(), &verdict);
        if verdict.schema_valid != case["schema_valid"].as_bool().expect("a verdict") {
            let faults: Vec<_> = verdict.faults.iter().filter(|fault| fault.schema).map(|fault| &fault.title).collect();
            wrong.push(format!("{}: schema {}, mxray {faults:?}", case["id"], case["first_error"]));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Rules whose fault no small file can show: they are triggered in `what_is_large_meets_a_limit`.
const MADE_BY_CODE: [&str; 2] = ["too-large", "over-32-kb"];

/// Each rule has a file of its name that triggers it and nothing else.
#[test]
fn every_rule_is_triggered_by_its_fixture_alone() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len(), "two rules share a name");
    let mut seen = BTreeSet::new();
    for entry in std::fs::read_dir("tests/data/svg").expect("the fixtures") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).expect("a file");
        let verdict = judge(&bytes);
        sound(&bytes, &verdict);
        // An entity cannot be declared without a DOCTYPE.
        let expected: &[&str] = match name.as_str() {
            "good" => &[],
            "entity" => &["doctype", "entity"],
            name => &[*ids.get(name).unwrap_or_else(|| panic!("{name} is no rule"))],
        };
        assert_eq!(rules(&verdict), expected, "{name}");
        seen.insert(name);
    }
    let missing: Vec<_> = ids.iter().filter(|id| !seen.contains(**id) && !MADE_BY_CODE.contains(id)).collect();
    assert!(missing.is_empty(), "no fixture: {missing:?}");
}

/// A drawing around a body.
fn svg(body: &str) -> String {
    with("version=\"1.2\" baseProfile=\"tiny-ps\" viewBox=\"0 0 64 64\"", &format!("<title>Acme</title>{body}"))
}

/// A drawing with other attributes on its root.
fn with(attributes: &str, body: &str) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {attributes}>{body}</svg>")
}

/// The root's attributes without `viewBox`.
const ROOT: &str = "version=\"1.2\" baseProfile=\"tiny-ps\"";

/// Every bullet of standards §9.6 a, c and d and the rows of §9.13: the section, the drawing, whether the schema
/// accepts it, whether it conforms, and the one text that the first fault is about.
#[test]
fn each_row_of_the_standard() {
    let root = |more: &str| with(&format!("{ROOT} viewBox=\"0 0 64 64\" {more}"), "<title>A</title>");
    let rows: Vec<(&str, String, bool, bool, &str)> = vec![
        ("§9.6a 1 no namespace", svg("").replace(" xmlns=\"http://www.w3.org/2000/svg\"", ""), false, false, "<svg"),
        ("§9.6a 1 version", svg("").replace("1.2", "1.1"), false, false, "version=\"1.1\""),
        ("§9.6a 1 version padded", svg("").replace("1.2", " 1.2"), false, false, "version=\" 1.2\""),
        ("§9.6a 1 baseProfile", svg("").replace("tiny-ps", "tiny"), false, false, "baseProfile=\"tiny\""),
        ("§9.6a 2 no title", svg("").replace("<title>Acme</title>", ""), false, false, "<svg"),
        ("§9.6a 2 two titles", svg("<title>B</title>"), false, false, "<title>B</title>"),
        ("§9.6a 2 empty title", svg("").replace("Acme", " "), true, false, "<title> </title>"),
        ("§9.6a 2 64 characters", svg("").replace("Acme", &"é".repeat(64)), true, true, ""),
        ("§9.6a 2 65 characters", svg("").replace("Acme", &"é".repeat(65)), true, true, "<title>é"),
        ("§9.6a 2 empty desc", svg("<desc> </desc>"), true, false, "<desc> </desc>"),
        ("§9.6a 2 desc twice", svg("<desc>a</desc><g/><desc>b</desc>"), true, true, ""),
        ("§9.6a 3 x on root", root("x=\"0\""), false, false, "x=\"0\""),
        ("§9.6a 3 y on root", root("y=\"0px\""), false, false, "y=\"0px\""),
        ("§9.6a 4 zoomAndPan", root("zoomAndPan=\"magnify\""), false, false, "zoomAndPan"),
        ("§9.6a 4 externalResourcesRequired", root("externalResourcesRequired=\"true\""), false, false, "external"),
        ("§9.6a 4 focusable", root("focusable=\"true\""), false, false, "focusable"),
        ("§9.6a 4 snapshotTime", root("snapshotTime=\"1s\""), false, false, "snapshotTime"),
        ("§9.6a 4 playbackOrder", root("playbackOrder=\"forwardOnly\""), false, false, "playbackOrder"),
        ("§9.6a 4 timelineBegin", root("timelineBegin=\"onStart\""), false, false, "timelineBegin"),
        (
            "§9.6a 4 all as fixed",
            root(
                "zoomAndPan=\"disable\" externalResourcesRequired=\"false\" focusable=\"false\" snapshotTime=\"none\" \
                 playbackOrder=\"all\" timelineBegin=\"onLoad\"",
            ),
            true,
            true,
            "",
        ),
        ("§9.6a 5 script", svg("<script/>"), false, false, "<script/>"),
        ("§9.6a 5 event", root("onload=\"x()\""), false, false, "onload"),
        ("§9.6a 5 animation", svg("<g><animate/></g>"), false, false, "<animate/>"),
        ("§9.6a 5 link", svg("<a><g/></a>"), false, false, "<a>"),
        ("§9.6a 5 image", svg("<image/>"), false, false, "<image/>"),
        ("§9.6a 5 video", svg("<video/>"), false, false, "<video/>"),
        ("§9.6a 5 switch", svg("<switch><g/></switch>"), false, false, "<switch>"),
        ("§9.6a 5 foreignObject", svg("<foreignObject><p/></foreignObject>"), false, false, "<foreignObject>"),
        ("§9.6a 6 size", root("width=\"96\" height=\"96px\""), true, true, ""),
        ("§9.6a 6 small", root("width=\"95.9\""), true, true, "width=\"95.9\""),
        ("§9.6c missing viewBox", with(ROOT, "<title>A</title>"), true, false, "<svg"),
        ("§9.6c odd viewBox", svg("").replace("0 0 64 64", "0,,0 64 64"), true, false, "viewBox"),
        ("§9.6c viewBox without area", svg("").replace("0 0 64 64", "0 0 64 0"), true, false, "viewBox"),
        ("§9.6c viewBox that is no number", svg("").replace("0 0 64 64", "0 0 inf inf"), true, false, "viewBox"),
        ("§9.6c viewBox with commas", svg("").replace("0 0 64 64", "0, 0,64 ,64"), true, true, ""),
        ("§9.6c percent", root("height=\"100%\""), true, false, "height=\"100%\""),
        ("§9.6c use elsewhere", svg("<use href=\"https://x.example/a\"/>"), true, false, "href="),
        ("§9.6c data address", svg("<use href=\"data:,a\"/>"), true, false, "href="),
        ("§9.6c empty href", svg("<use href=\"\"/>"), true, false, "href="),
        ("§9.6c paint elsewhere", svg("<g stroke=\"url(//x.example/g#g)\"/>"), true, false, "stroke="),
        ("§9.6c stop elsewhere", svg("<g stop-color=\" URL( 'a.svg#g' ) red\"/>"), true, false, "stop-color="),
        ("§9.6c address in another attribute", svg("<g class=\"a\" role=\"url(x)\"/>"), true, false, "role="),
        ("§9.6c font elsewhere", svg("<g requiredFonts=\"https://x.example/f\"/>"), true, false, "requiredFonts"),
        ("§9.6c xml:base", svg("<g xml:base=\"a\"/>"), true, false, "xml:base"),
        ("§9.6c duplicate id", svg("<g id=\"a\"/><path id=\"a\"/>"), true, false, "id=\"a\"/></svg>"),
        ("§9.6c dangling", svg("<g fill=\"url(#a)\"/>"), true, false, "fill="),
        ("§9.6c dangling use", svg("<use href=\"#a\"/>"), true, false, "href="),
        ("§9.6c known id", svg("<use href=\"#a\"/><g xml:id=\"a\"/>"), true, true, ""),
        ("§9.6c fallback colour", svg("<g id=\"a\" fill=\"url(#a) rgba(1,2,3,.4)\"/>"), true, false, "fill="),
        ("§9.6c DOCTYPE", format!("<!DOCTYPE svg PUBLIC 'a' 'b'>{}", svg("")), true, false, "<!DOCTYPE"),
        ("§9.6c DOCTYPE in a comment", format!("<!--<!DOCTYPE svg>-->{}", svg("")), true, true, ""),
        ("§9.6c style sheet", format!("<?xml-stylesheet href='a'?>{}", svg("")), true, false, "<?xml-stylesheet"),
        ("§9.6c other instruction", format!("<?editor a?>{}", svg("")), true, true, ""),
        ("§9.6c eight digits", svg("<g fill=\"#11223344\"/>"), true, false, "fill="),
        ("§9.6c hsl", svg("<g fill=\"hsl(0,0%,0%)\"/>"), true, false, "fill="),
        ("§9.6c no colour", svg("<g fill=\"redd\"/>"), true, false, "fill="),
        ("§9.6c name of CSS", svg("<g fill=\"tomato\"/>"), true, true, "fill="),
        ("§9.6c system colour", svg("<g fill=\"WindowText\"/>"), true, true, ""),
        ("§9.6c javascript", svg("<g about=\"Java&#10;Script:x\"/>"), true, false, "about="),
        ("§9.6c text", svg("<textArea>a</textArea>"), true, true, "<textArea>"),
        ("§9.6d style", svg("<g style=\"\"/>"), false, false, "style"),
        ("§9.6d style element", svg("<style/>"), false, false, "<style/>"),
        ("§9.6d class alone", svg("<g class=\"a b\"/>"), true, true, ""),
        ("§9.6d opacity", svg("<g opacity=\"1\"/>"), false, false, "opacity"),
        ("§9.6d display", svg("<g display=\"none\"/>"), false, false, "display"),
        ("§9.6d overflow", root("overflow=\"visible\""), false, false, "overflow"),
        ("§9.6d clip-path", svg("<g clip-path=\"url(#a)\"/>"), false, false, "clip-path"),
        ("§9.6d mask", svg("<mask id=\"a\"/>"), false, false, "<mask"),
        ("§9.6d filter", svg("<filter/>"), false, false, "<filter/>"),
        ("§9.6d pattern", svg("<pattern id=\"p\"/><g fill=\"url(#p)\"/>"), false, false, "<pattern"),
        ("§9.6d paint-order", svg("<g paint-order=\"stroke\"/>"), false, false, "paint-order"),
        ("§9.6d data", svg("<g data-name=\"a\"/>"), false, false, "data-name"),
        ("§9.6d aria", svg("<g aria-label=\"a\"/>"), false, false, "aria-label"),
        ("§9.6d editor", svg("<s:a xmlns:s=\"urn:s\"/>"), false, false, "<s:a"),
        ("§9.6d editor attribute", svg("<g xmlns:s=\"urn:s\" s:a=\"\"/>"), false, false, "s:a"),
        ("§9.6d unused declaration", svg("<g xmlns:s=\"urn:s\"/>"), true, true, ""),
        ("§9.6d RDF", svg("<metadata><r:RDF xmlns:r=\"urn:r\"/></metadata>"), false, false, "<r:RDF"),
        ("§9.6d plain metadata", svg("<metadata>a</metadata>"), true, true, ""),
        ("§9.6d attribute of metadata", svg("<metadata id=\"a\"/>"), false, false, "id=\"a\""),
        ("§9.6d enable-background", root("enable-background=\"new\""), false, false, "enable-background"),
        ("§9.6d gradientTransform", svg("<linearGradient gradientTransform=\"\"/>"), false, false, "gradientTransform"),
        ("§9.6d transform on root", root("transform=\"\""), false, false, "transform"),
        ("§9.6d symbol", svg("<symbol><g/></symbol>"), false, false, "<symbol>"),
        ("§9.6d nested svg", svg("<svg><g/></svg>"), false, false, "<svg><g/>"),
        ("§9.6d viewport-fill", root("viewport-fill=\"red\""), false, false, "viewport-fill"),
        ("§9.6d slice", root("preserveAspectRatio=\"xMidYMid slice\""), false, false, "preserveAspectRatio"),
        ("§9.6d meet", root("preserveAspectRatio=\"xMidYMid meet\""), true, true, ""),
        ("§9.6d id with a digit", svg("<g id=\"1a\"/>"), false, false, "id=\"1a\""),
        ("§9.6b stray text", svg("a"), false, false, "a</svg>"),
        ("§9.6b CDATA", svg("<![CDATA[ ]]>"), true, true, ""),
        ("§9.6b stop in g", svg("<g><stop/></g>"), false, false, "<stop/>"),
        ("§9.6b stop in gradient", svg("<defs><radialGradient><stop/></radialGradient></defs>"), true, true, ""),
        ("§9.6b empty language", svg("<g xml:lang=\"\" xml:space=\"preserve\"/>"), true, true, ""),
        ("§9.6b no language", svg("<g xml:lang=\"d_e\"/>"), false, false, "xml:lang"),
        (
            "§9.6b prefixed",
            svg("").replace("<svg xmlns", "<s:svg xmlns:s").replace("</svg", "</s:svg"),
            false,
            false,
            "",
        ),
        ("§9.13 17 title not first", svg("").replace("<title>", "<defs/><title>"), false, false, "<title>"),
        (
            "§9.13 18 xlink:href",
            svg("<g id=\"a\"/><use xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"#a\"/>"),
            false,
            false,
            "xlink:href",
        ),
        ("§9.13 19 external fill", svg("<g fill=\"url(https://x/g.svg#g)\"/>"), true, false, "fill="),
        ("§9.13 20 font-weight", svg("<g font-weight=\"700\"/>"), false, false, "font-weight"),
        ("§9.13 20 bold", svg("<g font-weight=\"bold\"/>"), true, true, ""),
        ("§9.13 21 clip-rule", svg("<path clip-rule=\"evenodd\"/>"), false, false, "clip-rule"),
        ("§9.13 22 not square", svg("").replace("0 0 64 64", "0 0 128 64"), true, true, "viewBox=\"0 0 128 64\""),
        (
            "§9.13 23 entity",
            format!("<!DOCTYPE svg [<!ENTITY a 'b'>]>{}", svg("<desc>&a;</desc>")),
            true,
            false,
            "<!DOC",
        ),
    ];
    for (section, drawing, schema_valid, conforms, about) in rows {
        let verdict = judge(drawing.as_bytes());
        sound(drawing.as_bytes(), &verdict);
        assert_eq!(
            (verdict.schema_valid, verdict.conforms),
            (schema_valid, conforms),
            "{section}: {:?}",
            verdict.faults
        );
        if let Some(fault) = verdict.faults.first().filter(|_| !about.is_empty()) {
            assert!(drawing[fault.start..].starts_with(about), "{section}: {fault:?}");
            let elsewhere: Vec<_> = verdict.faults.iter().map(|fault| (fault.start, fault.end)).collect();
            assert_eq!(elsewhere.len(), elsewhere.iter().collect::<BTreeSet<_>>().len(), "{section} is told twice");
        } else if section != "§9.6b prefixed" {
            assert_eq!((rules(&verdict), about), (vec![], ""), "{section}");
        }
    }
}

#[test]
fn facts_are_told_beside_the_faults() {
    let drawing = svg("<rect/>").replace("Acme", " Acme &amp; <![CDATA[Sons]]>\n");
    let verdict = judge(drawing.as_bytes());
    assert_eq!(verdict.title.as_deref(), Some("Acme & Sons"));
    assert_eq!(verdict.view_box, Some([0.0, 0.0, 64.0, 64.0]));
    assert_eq!((verdict.size, verdict.compressed), (drawing.len(), false));
    let packed = gzip(drawing.as_bytes());
    assert_eq!(judge(&packed), Verdict { compressed: true, ..verdict.clone() });
    let marked = [b"\xEF\xBB\xBF", drawing.as_bytes()].concat();
    assert_eq!(judge(&marked), verdict);
}

/// Gzipped.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// How long this thread was on the processor, where the system tells.
fn processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}

/// An entity of an entity of an entity: the first of 10 levels stands for 10⁹ words.
fn billion_laughs() -> String {
    let levels: String =
        (1..10).map(|n| format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10))).collect();
    format!("<!DOCTYPE svg [<!ENTITY a0 \"ha\">{levels}]>{}", svg("<desc>&a9;</desc>"))
}

/// What costs much or grows without end is answered within a second or two even unoptimised, and names a limit.
#[test]
fn what_is_large_meets_a_limit() {
    let many = |count: usize, of: &dyn Fn(usize) -> String| (0..count).map(of).collect::<String>();
    let entity = format!("<!DOCTYPE svg [<!ENTITY a \"{}\">]>", "x".repeat(100_000));
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("a path of 10 MB", svg(&format!("<path d=\"M0 0{}\"/>", "h1".repeat(5_000_000))).into(), "over-32-kb"),
        ("100,000 groups deep", svg(&("<g>".repeat(100_000) + &"</g>".repeat(100_000))).into(), "too-deep"),
        ("100,000 groups, none closed", svg(&"<g>".repeat(100_000)).into(), "not-well-formed"),
        ("a million elements", svg(&"<g/>".repeat(1_000_000)).into(), "limit"),
        ("billion laughs", billion_laughs().into(), "limit"),
        ("quadratic growth", (entity + &svg(&format!("<desc>{}</desc>", "&a;".repeat(10_000)))).into(), "limit"),
        (
            "entities that hold each other",
            format!("<!DOCTYPE svg [<!ENTITY a '&b;'><!ENTITY b '&a;'>]>{}", svg("<desc>&a;</desc>")).into(),
            "limit",
        ),
        (
            "100,000 entities",
            format!(
                "<!DOCTYPE svg [{}]>{}",
                many(100_000, &|n| format!("<!ENTITY a{n} 'x'>")),
                svg(&format!("<desc>{}</desc>", "&a99999;".repeat(10_000)))
            )
            .into(),
            "limit",
        ),
        ("a zip bomb", gzip(&vec![b' '; MAX_TEXT * 4]), "too-large"),
        ("20 MB of nothing", vec![b' '; MAX_TEXT + 1], "too-large"),
        ("100,000 attributes", svg(&format!("<g {}/>", many(100_000, &|n| format!("a{n}=\"\" ")))).into(), "limit"),
        ("10,000 namespaces", svg(&many(10_000, &|n| format!("<g xmlns:a{n}=\"u\" a{n}:b=\"\">"))).into(), "limit"),
        ("100,000 faults", svg(&"<g style=''/>".repeat(100_000)).into(), "over-32-kb"),
        ("100,000 identifiers", svg(&many(100_000, &|n| format!("<g id='a{n}'/>"))).into(), "over-32-kb"),
        ("100,000 gaps in the lines", svg(&"\n<g a=''/>".repeat(100_000)).into(), "over-32-kb"),
        ("10 MB of <", "<".repeat(10_000_000).into(), "limit"),
        ("10 MB of =", svg(&format!("<path d=\"{}\"/>", "=".repeat(10_000_000))).into(), "limit"),
        ("10 MB of &", svg(&"&".repeat(10_000_000)).into(), "not-well-formed"),
        ("10 MB of quotes", svg(&format!("<g a={}", "\"'".repeat(5_000_000))).into(), "not-well-formed"),
    ];
    for (name, bytes, rule) in cases {
        let (started, before) = (Instant::now(), processor());
        let verdict = judge(&bytes);
        let elapsed = processor().zip(before).map_or_else(|| started.elapsed(), |(after, before)| after - before);
        assert!(rules(&verdict).contains(&rule), "{name}: {:?}", verdict.faults.iter().take(5).collect::<Vec<_>>());
        assert!(!verdict.conforms, "{name}");
        // Generous, since caches are shared with other work; each takes a second or less.
        assert!(elapsed < Duration::from_secs(5), "{name} took {elapsed:?}");
        eprintln!("{name}: {elapsed:?}, {} octets", bytes.len());
    }
    let long = svg(&format!("<path d=\"{}\"/>", " ".repeat(MAX_SIZE)));
    assert_eq!(rules(&judge(long.as_bytes())), ["over-32-kb"]);
    let exact = svg(&format!("<path d=\"{}\"/>", " ".repeat(MAX_SIZE - svg("<path d=\"\"/>").len())));
    assert_eq!((exact.len(), rules(&judge(exact.as_bytes()))), (MAX_SIZE, vec![]));
    let many = judge(svg(&"<g style=''/>".repeat(2_000)).as_bytes());
    assert_eq!((many.faults.len(), many.more_faults), (MAX_FAULTS, 2_000 - MAX_FAULTS));
}

/// Pieces that drawings are made of, good and bad.
const PIECES: [&str; 24] = [
    "<g>",
    "</g>",
    "<path d=\"M0 0\"/>",
    "<title>",
    "</title>",
    "é\u{10FFFF}",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "&amp;",
    "&#0;",
    "<use href=\"#a\" xlink:href=''/>",
    " id='a'",
    "\"",
    "'",
    "<!DOCTYPE svg [<!ENTITY a '&a;<g>'>]>",
    "&a;",
    "<?xml-stylesheet?>",
    "fill=\"url(#\"",
    "\r\n",
    "\0",
    "xmlns=\"\"",
    "<svg viewBox='0 0 1 1'",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anything_is_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        sound(&bytes, &judge(&bytes));
    }

    #[test]
    fn mutations_are_answered_with_places_in_the_text(edits in proptest::collection::vec((0..2_000_usize, 0..8_usize, 0..PIECES.len()), 1..12)) {
        let mut drawing = svg("<defs><linearGradient id=\"a\"><stop offset=\"0\" stop-color=\"#fff\"/></linearGradient></defs>\n\
            <g fill=\"url(#a)\"><path d=\"M0 0h1\" style=\"\"/>é<text>a</text></g>");
        for (at, length, piece) in edits {
            let start = (0..=at % (drawing.len() + 1)).rev().find(|at| drawing.is_char_boundary(*at)).unwrap_or(0);
            let end = (start..=drawing.len()).find(|end| *end >= start + length && drawing.is_char_boundary(*end)).unwrap_or(start);
            drawing.replace_range(start..end, PIECES[piece]);
        }
        sound(drawing.as_bytes(), &judge(drawing.as_bytes()));
        let packed = gzip(drawing.as_bytes());
        let (one, other) = (judge(drawing.as_bytes()), judge(&packed));
        prop_assert_eq!(one.faults, other.faults);
    }
}
