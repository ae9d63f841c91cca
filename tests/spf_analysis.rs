//! SPF analysed without a message, over the whole tree: who passes, what overlaps, what would save look-ups, and how
//! long it takes. Sections are those of RFC 7208.

mod spf_zone;

use std::time::Instant;

use mxray::checks::Outcome;
use mxray::records::Technology;
use mxray::report::spf_outline::outline;
use serde_json::json;
use spf_zone::{MX, assess_zone, bad, detail, details, outcomes, points};

#[test]
fn addresses_are_counted_once_and_in_order() {
    // Record and what it includes; IPv4, IPv6, shared IPv4, complete.
    for (zone, ipv4, ipv6, shared, complete) in [
        ("acme.example TXT \"v=spf1 ip4:8.8.8.0/24 ip4:8.8.8.128/25 ip6:2600::/126 -all\"", "256", "4", "0", true),
        ("acme.example TXT \"v=spf1 -ip4:8.8.8.128/25 ip4:8.8.8.0/24 -all\"", "128", "0", "0", true),
        ("acme.example TXT \"v=spf1 ip4:8.8.8.0/24 -ip4:8.8.8.128/25 -all\"", "256", "0", "0", true),
        ("acme.example TXT \"v=spf1 ?ip4:8.8.8.0/24 ~all\"", "0", "0", "0", true),
        // What a, mx and their prefix lengths stand for (§5.3, §5.4).
        ("acme.example TXT \"v=spf1 mx a:h.example/31//127 -all\"\nh.example A 9.9.9.9\nh.example AAAA 2600::9", "3", "2", "0", true),
        // A neutral result of an include does not match (§5.2), its own exceptions count, and a redirect takes over (§6.1).
        ("acme.example TXT \"v=spf1 include:a.example ip4:8.8.4.1 -all\"\na.example TXT \"v=spf1 ?ip4:8.8.4.0/31 ip4:8.8.4.0/30 -all\"", "3", "0", "0", true),
        ("acme.example TXT \"v=spf1 -include:a.example ip4:8.8.4.0/30 -all\"\na.example TXT \"v=spf1 ip4:8.8.4.0/31 -all\"", "2", "0", "0", true),
        ("acme.example TXT \"v=spf1 redirect=a.example -ip4:8.8.4.0/31\"\na.example TXT \"v=spf1 ip4:8.8.4.0/30 -all\"", "2", "0", "0", true),
        // Shared with the other customers of a service, less what was taken out before.
        (
            "acme.example TXT \"v=spf1 ip4:8.8.8.8 -ip4:8.8.4.0/25 include:_spf.google.com include:own.acme.example -all\"
            _spf.google.com TXT \"v=spf1 include:_netblocks.google.com ~all\"\n_netblocks.google.com TXT \"v=spf1 ip4:8.8.4.0/24 ~all\"
            own.acme.example TXT \"v=spf1 ip4:8.8.4.128/26 ip4:9.9.9.9 -all\"",
            "130", "0", "128", true,
        ),
        // What depends on the message cannot be counted.
        ("acme.example TXT \"v=spf1 exists:%{i}.l.example ip4:8.8.8.8 -all\"", "1", "0", "0", false),
        ("acme.example TXT \"v=spf1 include:a.example ip4:8.8.8.8 -all\"\na.example TXT !timeout", "1", "0", "0", false),
        ("acme.example TXT \"v=spf1 +all\"", "2^32", "2^128", "0", true),
        ("acme.example TXT \"v=spf1 ip6:::/1 ip6:8000::/1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all\"", "2^32", "2^128", "0", true),
    ] {
        let assessment = assess_zone(&format!("{MX}{zone}"), false);
        let addresses = &detail(&assessment)["addresses"];
        let expected = json!({"ipv4": ipv4, "ipv6": ipv6, "shared_ipv4": shared, "shared_ipv6": "0", "complete": complete});
        assert_eq!(addresses, &expected, "{zone}");
        let told = details(&assessment, "spf.addresses");
        assert_eq!(told.len(), usize::from((ipv4, ipv6) != ("0", "0")), "{zone}");
    }
    let nobody = assess_zone("acme.example TXT \"v=spf1 -all\"\nacme.example MX 0 .", false);
    assert_eq!(outcomes(&nobody, "spf.addresses"), []);
}

#[test]
fn which_network_lies_inside_which() {
    let told = |zone: &str| -> Vec<String> { details(&assess_zone(&format!("{MX}{zone}"), false), "spf.overlap") };
    assert_eq!(told("acme.example TXT \"v=spf1 ip4:8.8.8.0/24 ip4:8.8.9.0/24 ip6:2600::/64 -all\""), [] as [&str; 0]);
    assert_eq!(
        told("acme.example TXT \"v=spf1 ip4:8.8.8.0/24 ip4:8.8.8.8 ip6:2600::1 ip6:2600::/64 -all\""),
        [
            "“ip4:8.8.8.8” lies inside “ip4:8.8.8.0/24” of the same record.",
            "“ip6:2600::1” lies inside “ip6:2600::/64” of the same record."
        ]
    );
    // The nearest around it; the same twice in one record is another finding.
    assert_eq!(
        told("acme.example TXT \"v=spf1 ip4:8.8.0.0/16 ip4:8.8.8.0/24 ip4:8.8.8.8 ip4:8.8.8.8 -all\"")
            .first()
            .map(String::as_str),
        Some("“ip4:8.8.8.0/24” lies inside “ip4:8.8.0.0/16” of the same record.")
    );
    // An exception before the network is meant; behind it, it never decides (§4.6.2).
    assert_eq!(told("acme.example TXT \"v=spf1 -ip4:8.8.8.8 ip4:8.8.8.0/24 -all\""), [] as [&str; 0]);
    let late = assess_zone(&format!("{MX}acme.example TXT \"v=spf1 ip4:8.8.8.0/24 -ip4:8.8.8.8 -all\""), false);
    assert_eq!(outcomes(&late, "spf.overlap"), [Outcome::Warn]);
    // Across records: the domain's own term is the one that its owner can remove, wherever it stands.
    for own in ["ip4:8.8.4.4 include:a.example", "include:a.example ip4:8.8.4.4"] {
        let zone = format!("acme.example TXT \"v=spf1 {own} -all\"\na.example TXT \"v=spf1 ip4:8.8.4.0/24 -all\"");
        assert_eq!(
            told(&zone),
            ["“ip4:8.8.4.4” lies inside “ip4:8.8.4.0/24”, which passes anyway (acme.example → a.example)."]
        );
        assert_eq!(told(&zone.replace("include", "?include")), [] as [&str; 0], "what does not pass covers nothing");
        assert_eq!(told(&zone.replace("ip4:8.8.4.4", "ip4:8.8.4.0/24")).len(), 1, "the same network");
    }
}

#[test]
fn a_record_reached_twice_is_told_once() {
    let zone = "acme.example TXT \"v=spf1 include:a.example include:b.example -all\"
        a.example TXT \"v=spf1 include:c.example -all\"\nb.example TXT \"v=spf1 include:c.example -all\"
        c.example TXT \"v=spf1 include:d.example -all\"\nd.example TXT \"v=spf1 ip4:8.8.8.8 -all\"";
    let told = details(&assess_zone(&format!("{MX}{zone}"), false), "spf.included-twice");
    assert_eq!(told.len(), 1, "d.example below the second c.example goes without saying: {told:?}");
    assert!(told[0].ends_with("acme.example → b.example → c.example. Each time costs 2 of the look-ups."), "{told:?}");
    let twice = "acme.example TXT \"v=spf1 include:a.example include:a.example -all\"\na.example TXT \"v=spf1 ip4:8.8.8.8 -all\"";
    let assessment = assess_zone(&format!("{MX}{twice}"), false);
    assert_eq!(
        (outcomes(&assessment, "spf.included-twice"), bad(&assessment)),
        (vec![], vec!["warn spf.duplicate-terms".to_owned()])
    );
}

/// §6.2: any problem with an explanation means none, and no verdict depends on it.
#[test]
fn explanations_are_looked_up_where_they_can_be_used() {
    let told = |zone: &str| -> Vec<String> {
        let assessment = assess_zone(&format!("{MX}{zone}"), false);
        assert_eq!(bad(&assessment), [] as [&str; 0], "{zone}");
        details(&assessment, "spf.explanation")
    };
    let record = "acme.example TXT \"v=spf1 mx exp=why.acme.example -all\"\n";
    assert_eq!(told(&format!("{record}why.acme.example TXT \"no: %{{i}}\"")), [] as [&str; 0]);
    assert_eq!(told(record), ["why.acme.example has no TXT record."]);
    assert_eq!(
        told(&format!("{record}why.acme.example TXT one\nwhy.acme.example TXT two")),
        ["why.acme.example has 2 TXT records; exactly one is used."]
    );
    assert_eq!(
        told(&format!("{record}why.acme.example TXT \"nein, stra\\195\\159e\"")),
        ["The text at why.acme.example holds characters outside ASCII."]
    );
    assert_eq!(told(&format!("{record}why.acme.example TXT !timeout")), [] as [&str; 0], "not seen is not missing");
    let soft = told("acme.example TXT \"v=spf1 mx exp=why.acme.example ~all\"");
    assert_eq!(soft, ["Nothing in the record results in fail (-), so nobody asks for the explanation."]);
    // That of an included record is never used.
    assert_eq!(
        told(
            "acme.example TXT \"v=spf1 include:a.acme.example -all\"\na.acme.example TXT \"v=spf1 mx:acme.example exp=gone.acme.example -all\""
        ),
        [] as [&str; 0]
    );
    assert_eq!(
        told(
            "acme.example TXT \"v=spf1 redirect=a.acme.example\"\na.acme.example TXT \"v=spf1 mx:acme.example exp=gone.acme.example -all\""
        ),
        ["gone.acme.example has no TXT record."]
    );
}

/// §4.6.4: what brings nothing goes first, flattening is named last and with its risk, and below the limit not at all.
#[test]
fn ways_back_under_the_limit() {
    let includes = |count: usize| (0..count).map(|i| format!("include:i{i}.example ")).collect::<String>();
    let included = (0..9).map(|i| format!("i{i}.example TXT \"v=spf1 ip4:8.8.{i}.0/24 -all\"\n")).collect::<String>();
    let judged = |terms: &str, more: &str| {
        let assessment = assess_zone(&format!("{MX}acme.example TXT \"v=spf1 {terms}-all\"\n{included}{more}"), false);
        let finding = assessment
            .report
            .findings_of(Technology::Spf)
            .find(|f| matches!(&*f.id, "spf.too-many-lookups" | "spf.lookup-headroom"));
        let finding = finding.expect("over the limit, or close to it");
        (finding.fix.clone().unwrap(), finding.publish.iter().map(|publish| publish.value.clone()).collect::<Vec<_>>())
    };
    // A name without answer, and an include that is covered by the others.
    let (fix, publish) = judged(
        &format!("a:gone.acme.example ip4:8.8.200.0/24 include:covered.example {}", includes(9)),
        "covered.example TXT \"v=spf1 ip4:8.8.200.7 ip4:8.8.3.0/25 -all\"",
    );
    assert!(fix.starts_with("Remove “a:gone.acme.example” (1 look-up): it finds nothing. Remove “include:covered.example” (1 look-up): everybody whom it lets pass passes by the rest too."), "{fix}");
    assert_eq!(publish, [format!("v=spf1 ip4:8.8.200.0/24 {}-all", includes(9))]);
    let flattening = fix.find("flattening").expect("named over the limit");
    assert!(fix[flattening..].contains("without notice"), "{fix}");
    // Own hosts can be written as addresses, a provider is named, and what costs most comes first.
    let (fix, publish) = judged(
        &format!("mx include:_spf.google.com {}", includes(8)),
        "_spf.google.com TXT \"v=spf1 include:n1.example include:n2.example ~all\"\nn1.example TXT \"v=spf1 ip4:9.1.0.0/24 -all\"\nn2.example TXT \"v=spf1 ip4:9.2.0.0/24 -all\"",
    );
    assert!(fix.starts_with("Write “ip4:8.8.8.8” for “mx” (1 look-up)"), "{fix}");
    assert!(fix.contains("Most is spent on “include:_spf.google.com” (3 look-ups, Google Workspace): remove"), "{fix}");
    assert_eq!(publish, [] as [&str; 0], "nothing that can be removed for sure");
    // Within the limit there is no talk of flattening.
    let (fix, publish) = judged(&format!("a:gone.acme.example {}", includes(8)), "");
    assert!(fix.starts_with("Remove “a:gone.acme.example”") && !fix.contains("flattening"), "{fix}");
    assert_eq!(publish, [format!("v=spf1 {}-all", includes(8))]);
    // What refuses somebody is no saving, even though nobody passes by it.
    let (fix, _) = judged(
        &format!("-a:bad.acme.example {}", includes(8)),
        "bad.acme.example A 9.9.9.9\nbad.acme.example AAAA 2600::9",
    );
    assert!(!fix.contains("Remove “-a:bad"), "{fix}");
}

/// §4.6.4: the warning comes before the error.
#[test]
fn little_room_is_a_warning_from_eight_on() {
    for count in 6..=11 {
        let hosts = (0..count).map(|i| format!("a:h{i}.example ")).collect::<String>();
        let addresses =
            (0..count).map(|i| format!("h{i}.example A 8.8.4.{i}\nh{i}.example AAAA 2600::{i}\n")).collect::<String>();
        let assessment = assess_zone(&format!("{MX}acme.example TXT \"v=spf1 {hosts}-all\"\n{addresses}"), false);
        let expected: &[&str] = match count {
            0..=7 => &[],
            8..=10 => &["warn spf.lookup-headroom"],
            _ => &["fail spf.too-many-lookups"],
        };
        assert_eq!(bad(&assessment), expected, "{count}");
        assert_eq!(points(&assessment)[1], Some(if count > 10 { 0 } else { 6 }), "{count}");
    }
}

/// The tree is there when the record is invalid, over the limit, or one of several.
#[test]
fn the_tree_is_drawn_whatever_is_wrong() {
    for (zone, domains) in [
        (
            "acme.example TXT \"v=spf1 include:a.example ipv4:8.8.8.8 -all\"\na.example TXT \"v=spf1 nonsense include:b.example -all\"\nb.example TXT \"v=spf1 -all\"",
            vec!["a.example", "b.example"],
        ),
        (
            "acme.example TXT \"v=spf1 include:a.example -all\"\na.example TXT \"v=spf1 include:acme.example -all\"",
            vec!["a.example", "acme.example"],
        ),
        ("acme.example TXT \"v=spf1 include:a.example -all\"", vec!["a.example"]),
    ] {
        let assessment = assess_zone(&format!("{MX}{zone}"), false);
        let mut tree = &detail(&assessment)["trees"][0];
        for domain in domains {
            let terms = tree["terms"].as_array().expect("terms");
            tree = terms
                .iter()
                .find_map(|term| term.get("child"))
                .unwrap_or_else(|| panic!("{zone}: nothing at {domain}"));
            assert_eq!(tree["domain"], domain, "{zone}");
        }
    }
    let two = assess_zone(
        &format!("{MX}acme.example TXT \"v=spf1 include:a.example -all\"\nacme.example TXT \"v=spf1 mx -all\""),
        false,
    );
    assert_eq!(detail(&two)["trees"].as_array().map(Vec::len), Some(2));
}

/// One `include` of every branch with its provider, its addresses, and what it costs.
#[test]
fn every_branch_is_counted() {
    let zone = "acme.example TXT \"v=spf1 include:spf.protection.outlook.com mx -all\"
        spf.protection.outlook.com TXT \"v=spf1 ip4:8.8.4.0/24 a:gone.example a:v4.example -all\"\nv4.example A 9.9.9.9";
    let assessment = assess_zone(&format!("{MX}{zone}"), false);
    let branch = &detail(&assessment)["trees"][0]["terms"][0]["child"];
    assert_eq!(branch["provider"], "Microsoft 365");
    assert_eq!(branch["lookups"], 2);
    assert_eq!(branch["void_lookups"], json!({"ipv4": 1, "ipv6": 2}));
    assert_eq!(branch["addresses"], json!({"ipv4": "257", "ipv6": "0"}));
    assert_eq!(detail(&assessment)["size"]["strings"], 1);
}

/// The rows that the picture draws: each look-up where it falls among the ten.
#[test]
fn the_picture_has_a_row_for_each_look_up() {
    let rows = |zone: &str| -> Vec<String> {
        let assessment = assess_zone(&format!("{MX}{zone}"), false);
        let rows = outline(&detail(&assessment)["trees"][0]);
        rows.iter()
            .map(|row| {
                format!(
                    "{}{} {:?} {}+{} void {:?}",
                    "  ".repeat(row.depth),
                    row.label,
                    row.standing,
                    row.before,
                    row.lookups,
                    row.voids
                )
            })
            .collect()
    };
    let zone = "acme.example TXT \"v=spf1 include:_spf.google.com ip4:8.8.8.8 a:gone.example include:bad.example include:late.example redirect=r.example\"
        _spf.google.com TXT \"v=spf1 a:v4.example include:n.example ~all\"\nn.example TXT \"v=spf1 mx:acme.example ~all\"
        v4.example A 9.9.9.9\nlate.example TXT !timeout\nbad.example TXT \"v=spf1 ipv4:8.8.8.8 -all\"\nr.example TXT \"v=spf1 -all\"";
    assert_eq!(
        rows(zone),
        [
            "acme.example Good 0+8 void [1, 2]",
            "  _spf.google.com Good 0+4 void [0, 1]",
            "    a:v4.example Void 1+1 void [0, 1]",
            "    n.example Good 2+2 void [0, 0]",
            "      mx:acme.example Good 3+1 void [0, 0]",
            "  a:gone.example Void 4+1 void [1, 1]",
            "  bad.example Broken 5+1 void [0, 0]",
            "  late.example Unknown 6+1 void [0, 0]",
            "  r.example Good 7+1 void [0, 0]",
        ]
    );
    let hosts: String = (0..12).map(|i| format!("exists:%{{i}}.h{i}.at ")).collect();
    let over = rows(&format!("acme.example TXT \"v=spf1 {hosts}-all\""));
    assert_eq!(over[0], "acme.example Broken 0+12 void [0, 0]");
    assert_eq!(over[10], "  exists:%{i}.h9.at Good 9+1 void [0, 0]", "the tenth is allowed");
    assert_eq!(over[11], "  exists:%{i}.h10.at Broken 10+1 void [0, 0]", "the eleventh is not");
    assert_eq!(rows("acme.example TXT \"v=spf1 -all\"").len(), 1);
}

fn many_networks(count: usize, branches: usize) -> String {
    let mut zone = String::from(MX);
    let names: String = (0..branches).map(|at| format!("include:b{at}.example ")).collect();
    zone.push_str(&format!("acme.example TXT \"v=spf1 {names}-all\"\n"));
    for branch in 0..branches {
        let mut text = String::from("v=spf1 ");
        for at in (0..count).filter(|at| at % branches == branch) {
            text.push_str(&format!("ip4:{}.{}.{}.0/{} ", 11 + at % 80, at / 80 % 256, at / 7 % 256, 20 + at % 9));
        }
        text.push_str("~all");
        let strings: Vec<String> =
            text.as_bytes().chunks(250).map(|chunk| format!("\"{}\"", String::from_utf8_lossy(chunk))).collect();
        zone.push_str(&format!("b{branch}.example TXT {}\n", strings.join(" ")));
    }
    zone
}

/// Prints what a whole assessment of a tree with 100 networks takes; the bound is for an unoptimised build.
#[test]
fn a_hundred_networks_are_quick() {
    let zone = many_networks(100, 7);
    assess_zone(&zone, false);
    let start = Instant::now();
    let rounds: u32 = 20;
    for _ in 0..rounds {
        std::hint::black_box(assess_zone(&zone, false));
    }
    let each = start.elapsed() / rounds;
    println!("whole assessment with an SPF tree of 100 networks, evidence read from JSON: {each:?}");
    assert!(each.as_millis() < 100, "{each:?}");
}

/// Nested and repeated networks by the thousand: sorted, not compared each with each.
#[test]
fn thousands_of_networks_are_no_quadratic_work() {
    let time = |count: usize| {
        let zone = many_networks(count, 10);
        let start = Instant::now();
        let assessment = assess_zone(&zone, false);
        assert_eq!(detail(&assessment)["limits"]["lookups"], 10);
        start.elapsed()
    };
    time(1000);
    let (small, large) = (time(2000), time(16000));
    println!("2,000 networks: {small:?}; 16,000: {large:?}");
    assert!(large < small * 24, "8 times the networks must not take {small:?} → {large:?}");
}
