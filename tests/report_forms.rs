//! The report as Markdown, CSV and badge: strangers' records stay text in each.

use std::fs;

use comrak::nodes::NodeValue;
use comrak::{Arena, Options as MarkdownOptions, parse_document};
use mxray::assess::assess;
use mxray::checks::Options;
use mxray::evidence::Evidence;
use mxray::name::DomainName;
use mxray::report::Report;
use mxray::time::UnixTime;
use proptest::prelude::*;

fn report_on(evidence: &Evidence, domain: &str) -> Report {
    let domain = DomainName::parse(domain).expect("a domain");
    assess(&domain, &Options::default(), evidence, UnixTime(1_795_435_200)).report
}

/// A report on a domain whose every record holds `text`.
fn report_with(text: &str) -> Report {
    let quoted: String = text.bytes().map(|octet| format!("\\{octet:03}")).collect();
    let record = |name: &str, start: &str| {
        let answers: Vec<String> = vec![format!("\"{start}\" \"{quoted}\"")];
        serde_json::json!({"name": name, "type": "TXT", "rcode": "NOERROR", "answers": answers})
    };
    let file = serde_json::json!({
        "format": "mxray-evidence/1", "domain": "h.example",
        "dns": [
            record("h.example", "v=spf1 include:"), record("_dmarc.h.example", "v=DMARC1; p=none; rua=mailto:"),
            record("_mta-sts.h.example", "v=STSv1; id="), record("_smtp._tls.h.example", "v=TLSRPTv1; rua="),
            record("default._bimi.h.example", "v=BIMI1; l="), record("selector1._domainkey.h.example", "v=DKIM1; p="),
            {"name": "h.example", "type": "MX", "rcode": "NOERROR", "answers": ["10 mx.h.example."]},
        ],
        "https": [{"url": "https://mta-sts.h.example/.well-known/mta-sts.txt", "status": 200, "body": format!("version: STSv1\n{text}\n")}],
        "authoritative_for": ["."],
    });
    let evidence = Evidence::from_json(file.to_string().as_bytes()).expect("evidence");
    report_on(&evidence, "h.example")
}

/// What GitHub's reader of Markdown finds in a text that is no plain text: links, pictures, HTML.
fn foreign_markup(markdown: &str) -> Vec<String> {
    let mut options = MarkdownOptions::default();
    options.extension.autolink = true;
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &options);
    let mut found = Vec::new();
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::Link(link) | NodeValue::Image(link) => found.push(format!("link to {}", link.url)),
            NodeValue::HtmlBlock(html) => found.push(html.literal.clone()),
            NodeValue::HtmlInline(html) => found.push(html.clone()),
            NodeValue::Emph
            | NodeValue::Strikethrough
            | NodeValue::Math(_)
            | NodeValue::FootnoteReference(_)
            | NodeValue::FootnoteDefinition(_) => found.push("markup".into()),
            // Ours: bold begins a step or an outcome.
            NodeValue::Heading(heading) if heading.level > 3 => found.push("a heading".into()),
            _ => {}
        }
    }
    found
}

/// The headings and the cells of a text, as counted.
fn shape(markdown: &str) -> (usize, usize) {
    let mut options = MarkdownOptions::default();
    options.extension.table = true;
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &options);
    let mut counts = (0, 0);
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::Heading(_) => counts.0 += 1,
            NodeValue::TableCell => counts.1 += 1,
            _ => {}
        }
    }
    counts
}

const HOSTILE: [&str; 14] = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "[click](https://evil.example) ![x](https://evil.example/p.png)",
    "https://evil.example/ www.evil.example http://x.example mailto:a@evil.example",
    "\n# heading\n\n<div>\n",
    "x\r# heading\r\r```\r<script>alert(1)</script>\r",
    "``` \n```\n~~~\n<b>",
    "`` `<b>` ``` <i>",
    "| a | b | c |\n|---|---|---|\n",
    "*x* _y_ **z** ~~s~~ $x^2$ $$y$$ [^1]",
    "\n[^1]: note\n\n[evil]: https://evil.example\n[evil]",
    "&lt;script&gt; &#60;b&#62; \\<b>",
    "a@evil.example xmpp:a@evil.example ftp://evil.example",
    "\u{202e}txet\u{2066} \u{1b}[31m \0",
    "- item\n1. item\n> quote\n---\n===\n",
];

#[test]
fn nothing_in_a_record_is_markdown() {
    let plain = report_with("plain").to_markdown();
    for text in HOSTILE {
        let markdown = report_with(text).to_markdown();
        assert_eq!(foreign_markup(&markdown), Vec::<String>::new(), "{text:?}\n{markdown}");
        assert_eq!(shape(&markdown).0, shape(&plain).0, "{text:?} makes or hides a heading\n{markdown}");
        assert_eq!(shape(&markdown).1, shape(&plain).1, "{text:?} makes or hides a cell\n{markdown}");
        assert!(!markdown.contains(['\u{1b}', '\0', '\r', '\u{202e}']), "{text:?}");
    }
}

#[test]
fn markdown_shows_the_records_as_they_are() {
    let markdown = report_with("<b>|`x").to_markdown();
    assert!(markdown.contains("v=STSv1; id=<b>|`x"), "{markdown}");
}

/// Reads CSV as RFC 4180 has it.
fn cells(csv: &str) -> Vec<Vec<String>> {
    let (mut lines, mut line, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = csv.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => line.push(std::mem::take(&mut cell)),
            '\r' if !quoted && characters.peek() == Some(&'\n') => {
                characters.next();
                line.push(std::mem::take(&mut cell));
                lines.push(std::mem::take(&mut line));
            }
            other => cell.push(other),
        }
    }
    assert!(!quoted && cell.is_empty() && line.is_empty(), "the last line is whole");
    lines
}

const FORMULAS: [&str; 8] = [
    "=1+1",
    "=HYPERLINK(\"https://evil.example\")",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "＝1",
    "\",=1,\"\r\n=1",
];

/// A report whose sentences all begin with `text`, as a check's might that quotes a record first.
fn report_quoting(text: &str) -> Report {
    let mut report = report_with(text);
    for finding in &mut report.findings {
        for place in [&mut finding.title, &mut finding.detail] {
            place.insert_str(0, text);
        }
        finding.fix.get_or_insert_default().insert_str(0, text);
    }
    for step in &mut report.plan {
        step.step.insert_str(0, text);
    }
    report
}

#[test]
fn nothing_in_a_record_is_a_formula() {
    for text in FORMULAS.iter().chain(&HOSTILE) {
        let lines = cells(&report_quoting(text).to_csv());
        assert!(lines.len() > 20, "{text:?}");
        for line in &lines {
            assert_eq!(line.len(), 12, "{text:?}: {line:?}");
            for cell in line {
                let start = cell.trim_start().chars().next().unwrap_or('x');
                assert!(!"=+-@＝＋－＠|%\t\r".contains(start), "{text:?}: {cell:?}");
            }
        }
        assert!(
            lines.iter().skip(1).all(|line| ["score", "technology", "finding", "step"].contains(&line[0].as_str()))
        );
    }
}

#[test]
fn every_finding_and_step_has_its_line() {
    let report = report_with("x");
    let lines = cells(&report.to_csv());
    let count = |kind: &str| lines.iter().filter(|line| line[0] == kind).count();
    assert_eq!((count("score"), count("technology")), (1, 9));
    assert_eq!((count("finding"), count("step")), (report.findings.len(), report.plan.len()));
    let first = report.findings.iter().find(|finding| !finding.publish.is_empty()).expect("a finding with a record");
    assert!(lines.iter().any(|line| line[4] == first.id && line[10] == first.publish[0].zone_line()));
}

#[test]
fn a_badge_is_a_small_picture_with_a_title() {
    for world in ["perfect", "weak", "bare", "parked", "nxdomain", "nothing-known"] {
        let bytes = fs::read(format!("tests/data/worlds/{world}.json")).expect("a world");
        let evidence = Evidence::from_json(&bytes).expect("evidence");
        let domain = evidence.domain.clone().map_or_else(|| "acme.example".into(), |domain| domain.to_string());
        let report = report_on(&evidence, &domain);
        let badge = report.to_badge();
        assert!(badge.len() < 2_000, "{world}: {} bytes", badge.len());
        let document = usvg::roxmltree::Document::parse(&badge).expect("well-formed");
        let texts: Vec<&str> =
            document.descendants().filter(|n| n.has_tag_name("text")).filter_map(|n| n.text()).collect();
        assert_eq!((texts[0], texts[2]), (domain.as_str(), "2026-11-23"), "{world}");
        match report.score.grade {
            Some(grade) => assert!(texts[1].starts_with(grade.label()), "{world}: {texts:?}"),
            None => assert_eq!(texts[1], "not scored", "{world}"),
        }
        let title = document.descendants().find(|n| n.has_tag_name("title")).and_then(|n| n.text()).expect("a title");
        assert!(title.contains(&domain) && title.contains("2026-11-23"), "{title}");
        // Nothing runs and nothing is loaded.
        for node in document.descendants().filter(|n| n.is_element()) {
            assert!(["svg", "title", "clipPath", "rect", "g", "text"].contains(&node.tag_name().name()), "{node:?}");
            assert!(node.attributes().all(|a| !a.name().starts_with("on") && a.name() != "href"), "{node:?}");
        }
    }
}

#[test]
fn a_badge_holds_the_longest_and_the_oddest_domain() {
    let label = "a".repeat(63);
    let long = format!("{label}.{label}.{label}.{}", "b".repeat(61));
    for domain in [long.as_str(), "\\060script\\062.example", "a\\&\\\"b.example"] {
        let Ok(name) = DomainName::parse(domain) else { continue };
        let badge = assess(&name, &Options::default(), &Evidence::new(), UnixTime(0)).report.to_badge();
        let document = usvg::roxmltree::Document::parse(&badge).expect("well-formed");
        let width: usize = document.root_element().attribute("width").and_then(|w| w.parse().ok()).expect("a width");
        assert!(width < 500, "{domain}: {width}");
        assert!(document.descendants().all(|n| !n.has_tag_name("script")));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever octets stand in records, neither form lets them out.
    #[test]
    fn no_text_gets_out(text in "[ -~\n\r\t<>`*_|\\[\\](){}#&~$@:.!=+\u{85}\u{2028}é-]{0,120}") {
        let report = report_with(&text);
        let markdown = report.to_markdown();
        prop_assert_eq!(foreign_markup(&markdown), Vec::<String>::new(), "{}", markdown);
        for line in cells(&report.to_csv()) {
            prop_assert_eq!(line.len(), 12);
        }
    }
}
