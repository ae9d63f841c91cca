//! Repair: one drawing for each thing it mends, hostile ones, and drawings changed at random.

use std::fs;

use mxray::svg::repair::{MAX_OCTETS, Options, Repair, RepairError, SAME, Way, repair};
use mxray::svg::seen::RenderError;
use mxray::svg::{judge, limits};
use proptest::prelude::*;
use usvg::roxmltree::{Document, ParsingOptions};

/// A drawing, how it is repaired, what is told of it, what is lost, and the difference that antialiasing may leave.
type Case = (&'static str, Way, &'static [&'static str], &'static [&'static str], f64);

/// What is left where edges fall onto other fractions of a pixel.
const NEAR: f64 = 0.0005;

const CASES: &[Case] = &[
    ("root", Way::Mended, &["root-attributes", "root-attributes-removed"], &[], 0.0),
    ("title-last", Way::Mended, &["title-first"], &[], 0.0),
    ("title-missing", Way::Mended, &["title-placeholder"], &[], 0.0),
    ("style-attribute", Way::Mended, &["styles-inlined"], &[], 0.0),
    ("style-sheet", Way::Mended, &["styles-inlined"], &[], 0.0),
    ("xlink", Way::Mended, &["href"], &[], 0.0),
    ("prefix-undeclared", Way::Mended, &["namespaces-declared", "href"], &[], 0.0),
    ("leaf-opacity", Way::Mended, &["opacity-folded"], &[], NEAR),
    ("group-opacity-apart", Way::Redrawn, &["group-opacity"], &[], NEAR),
    ("group-opacity-over", Way::Redrawn, &["group-opacity"], &[], NEAR),
    ("gradient-transform", Way::Redrawn, &["gradient-transform"], &[], NEAR),
    ("gradient-spread", Way::Redrawn, &["gradient-spread"], &[], NEAR),
    ("gradient-shared", Way::Redrawn, &["redrawn", "href"], &[], NEAR),
    ("clip-rectangle", Way::Redrawn, &["clip-applied", "stroke-outlined"], &[], NEAR),
    ("clip-circle", Way::Redrawn, &["clip-applied"], &[], NEAR),
    ("clip-needless", Way::Redrawn, &["clip-removed"], &[], NEAR),
    ("mask-white", Way::Redrawn, &["mask-applied"], &[], NEAR),
    ("symbol", Way::Redrawn, &["redrawn"], &[], NEAR),
    ("editor", Way::Mended, &["editor-data", "attributes-removed"], &[], 0.0),
    ("script", Way::Mended, &["scripts-removed"], &[], 0.0),
    ("animation", Way::Mended, &["animation-removed"], &[], 0.0),
    ("colours", Way::Mended, &["colours", "opacity-folded"], &[], 0.0),
    ("percent", Way::Mended, &["lengths", "size-removed"], &[], NEAR),
    ("wide", Way::Redrawn, &["square-canvas"], &[], NEAR),
    ("size-only", Way::Mended, &["view-box", "size-removed"], &[], 0.0),
    ("ids", Way::Mended, &["ids-renamed"], &[], 0.0),
    ("doctype", Way::Mended, &["doctype"], &[], 0.0),
    ("hidden", Way::Mended, &["hidden-removed"], &[], 0.0),
    ("marker", Way::Redrawn, &["redrawn"], &[], NEAR),
    ("stroke-skewed", Way::Redrawn, &["redrawn"], &[], NEAR),
    ("large", Way::Redrawn, &["precision"], &[], SAME),
    ("filter", Way::Redrawn, &["redrawn"], &["Filters"], SAME),
    ("text", Way::Mended, &["root-attributes"], &["Text"], 0.0),
    ("image", Way::Redrawn, &["redrawn"], &["Pictures"], 0.0),
    ("external", Way::Redrawn, &["redrawn"], &["References to other files"], 0.0),
];

fn fixture(name: &str) -> Vec<u8> {
    fs::read(format!("tests/data/svg-repair/{name}.svg")).expect("a fixture")
}

fn repaired(bytes: &[u8]) -> Repair {
    repair(bytes, &Options::default()).expect("a result")
}

#[test]
fn each_thing_is_mended_and_told() {
    for (name, way, changes, lost, most) in CASES {
        let bytes = fixture(name);
        assert!(!judge(&bytes).conforms, "{name}: conforms before");
        let result = repaired(&bytes);
        let text = &result.svg;
        assert!(result.verdict.conforms && result.verdict.schema_valid, "{name}: {:?}\n{text}", result.verdict.faults);
        assert_eq!(result.verdict, judge(text.as_bytes()), "{name}");
        assert!(result.difference <= *most, "{name}: differs by {}\n{text}", result.difference);
        assert_eq!(result.way, *way, "{name}\n{text}");
        for change in *changes {
            let told = result.changes.iter().find(|told| told.id == **change);
            assert!(told.is_some_and(|told| told.count > 0), "{name}: {change} is not told: {:?}", result.changes);
        }
        assert_eq!(result.lost.len(), lost.len(), "{name}: {:?}", result.lost);
        for (told, start) in result.lost.iter().zip(*lost) {
            assert!(told.starts_with(start), "{name}: {told}");
        }
        assert!(text.len() <= MAX_OCTETS, "{name}");
    }
}

#[test]
fn every_fixture_is_used() {
    let files = fs::read_dir("tests/data/svg-repair").expect("a folder").count();
    assert_eq!(files, CASES.len());
}

#[test]
fn what_is_repaired_needs_no_repair() {
    for (name, ..) in CASES {
        let once = repaired(&fixture(name));
        let twice = repaired(once.svg.as_bytes());
        assert!(twice.verdict.conforms && twice.difference == 0.0, "{name}: {}", twice.difference);
        assert_eq!(twice.way, Way::Mended, "{name}");
    }
}

#[test]
fn the_title_is_the_one_given_and_never_empty() {
    let drawing = |title: &str| {
        format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9' {title}<path d='M1 1h7v7z'/></svg>")
    };
    let title = |drawing: &str, given: Option<&str>| {
        let options = Options { title: given.map(str::to_owned) };
        repair(drawing.as_bytes(), &options).expect("a result").verdict.title
    };
    let own = drawing("><title>Own</title>");
    assert_eq!(title(&own, Some("A & <B>")).as_deref(), Some("A & <B>"));
    assert_eq!(title(&own, Some("  ")).as_deref(), Some("Own"));
    assert_eq!(title(&drawing("aria-label='Label'>"), None).as_deref(), Some("Label"));
    assert_eq!(title(&drawing("><title> </title>"), None).as_deref(), Some("Logo"));
    assert_eq!(title(&drawing(">"), Some(&"x".repeat(300))).map(|title| title.len()), Some(64));
}

/// Runs with the stack that a worker of the page has, so that a recursion too deep ends the test.
fn with_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).expect("a thread").join().expect("no panic");
}

fn limit_of(text: &str) -> Option<limits::Limit> {
    match repair(text.as_bytes(), &Options::default()) {
        Err(RepairError::Render(RenderError::Limit(limit))) => Some(limit),
        _ => None,
    }
}

#[test]
fn hostile_drawings_meet_a_named_limit() {
    with_small_stack(|| {
        let svg = |inner: &str| format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>{inner}</svg>");
        let nest =
            |depth: usize| svg(&("<g opacity='.9'>".repeat(depth) + "<path d='M1 1h7v7z'/>" + &"</g>".repeat(depth)));
        assert_eq!(limit_of(&nest(100_000)), Some(limits::Limit::Text(nest(100_000).len())));
        assert_eq!(limit_of(&nest(10_000)), Some(limits::Limit::Depth));
        assert_eq!(limit_of(&nest(limits::MAX_DEPTH - 2)), None, "as deep as is allowed fits the stack");
        let path = svg(&format!("<path d='M0 0{}'/>", "l1 1-1 2".repeat(1_300_000)));
        assert_eq!(limit_of(&path), Some(limits::Limit::Text(path.len())));
        let mut uses = "<g id='a0'><path d='M1 1h7v7z'/></g>".to_owned();
        for level in 1..40 {
            let below = level - 1;
            uses += &format!("<g id='a{level}'><use href='#a{below}'/><use href='#a{below}'/></g>");
        }
        assert_eq!(limit_of(&svg(&uses)), Some(limits::Limit::Drawn));
        let patterns: String = (1..30)
            .map(|level| {
                let paths = format!("<path fill='url(#p{})' d='M1 1h7v7z'/>", level - 1).repeat(8);
                format!("<pattern id='p{level}' width='1' height='1'>{paths}</pattern>")
            })
            .collect();
        assert_eq!(limit_of(&svg(&(patterns + "<path fill='url(#p29)' d='M1 1h7v7z'/>"))), Some(limits::Limit::Drawn));
        let laughs = "<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>".to_owned();
        assert_eq!(
            limit_of(&(laughs + &svg(&format!("<title>{}</title>", "&b;".repeat(200_000))))),
            Some(limits::Limit::Entities)
        );
    });
}

#[test]
fn odd_numbers_give_a_result_or_a_clear_error() {
    with_small_stack(|| {
        let sizes = [
            "0 0 0 0",
            "0 0 1e38 1e38",
            "0 0 1e-30 1e-30",
            "nan nan nan nan",
            "-1e30 1e30 5 5",
            "0 0 1 1e9",
            "0 0 -4 9",
        ];
        let paths =
            ["M0 0L1e38 1e38 1e-38 5z", "M1e20-1e20h1e30v-1e30z", "M0 0L5 nan", "M0 0", "", "M1 1h7v7zM1e300 5"];
        let extra = [
            "",
            "stroke='red' stroke-width='1e30'",
            "stroke='red' stroke-width='1e-30'",
            "transform='scale(1e-20)'",
            "transform='matrix(1e20 1e20 1e20 1e20 0 0)'",
            "stroke='#00f' stroke-dasharray='1e-9'",
        ];
        let mut results = 0;
        for size in sizes {
            for path in paths {
                for extra in extra {
                    let text = format!(
                        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='{size}'><path d='{path}' {extra}/></svg>"
                    );
                    match repair(text.as_bytes(), &Options::default()) {
                        Ok(result) => {
                            results += 1;
                            assert!(result.difference.is_finite(), "{text}");
                            assert!(Document::parse(&result.svg).is_ok(), "{}", result.svg);
                        }
                        Err(error) => assert!(!error.words().is_empty()),
                    }
                }
            }
        }
        assert!(results > 100, "only {results} of them gave a result");
    });
}

#[test]
fn gzip_that_is_broken_and_other_octets_are_told() {
    assert_eq!(repair(&[0x1f, 0x8b, 8, 0, 1, 2], &Options::default()), Err(RepairError::Gzip));
    assert_eq!(repair(&[0xff, 0xfe, b'<', 0], &Options::default()), Err(RepairError::NotText));
    let not_xml = repair(b"<svg><g></svg>", &Options::default());
    assert!(matches!(not_xml, Err(RepairError::Render(RenderError::Xml(_)))), "{not_xml:?}");
    let not_svg = repair(b"<html/>", &Options::default());
    assert!(matches!(not_svg, Err(RepairError::Render(RenderError::NotSvg))), "{not_svg:?}");
}

/// Pieces that a random change puts somewhere.
const PIECES: &[&str] = &[
    "<g>",
    "</g>",
    "<g opacity='.5'>",
    "<svg>",
    "</svg>",
    "clip-path='url(#c)'",
    "mask='url(#m)'",
    "transform='scale(0)'",
    "1e40",
    "-",
    "%",
    "\"",
    "url(#1st)",
    "style='fill:url(#l)'",
    "<use href='#leaf'/>",
    "&amp;",
    "\u{1F600}",
    "fill='none'",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever is changed in a drawing, nothing panics, and what comes out is XML with the verdict of the judge.
    #[test]
    fn drawings_changed_at_random(
        which in 0..CASES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize, 0..PIECES.len()), 1..4),
    ) {
        prop_assume!(CASES[which].0 != "large");
        let mut text = String::from_utf8(fixture(CASES[which].0)).expect("text");
        for (place, length, piece) in changes {
            let floor = |mut at: usize| { while !text.is_char_boundary(at) { at -= 1; } at };
            let start = floor(place.index(text.len()));
            let end = floor((start + length).min(text.len())).max(start);
            text.replace_range(start..end, PIECES[piece]);
        }
        if let Ok(result) = repair(text.as_bytes(), &Options::default()) {
            let parsed = Document::parse_with_options(&result.svg, ParsingOptions::default());
            prop_assert!(parsed.is_ok(), "{}", result.svg);
            prop_assert_eq!(&result.verdict, &judge(result.svg.as_bytes()));
            prop_assert!((0.0..=1.0).contains(&result.difference));
            prop_assert!(result.verdict.schema_valid, "{:?}\n{}\n{}", result.verdict.faults, text, result.svg);
        }
    }
}
