//! SPF judged on evidence: the rows of the standards sheet (§1.8) that need more than one record, the limits, what is
//! unknown, and what is asked.

mod spf_zone;

use mxray::checks::{Outcome, Profile, Status};
use mxray::records::Technology;
use mxray::wanted::{Urgency, Want};
use serde_json::json;
use spf_zone::{MX, assess_zone, bad, detail, outcomes, points, status};

#[test]
fn rows_of_section_1_8() {
    let includes = |count: usize| (0..count).map(|i| format!("include:i{i}.example.net ")).collect::<String>();
    let included =
        (0..10).map(|i| format!("i{i}.example.net TXT \"v=spf1 ip4:8.8.{i}.0/24 -all\"\n")).collect::<String>();
    // Row, records, findings, and the points for published, limits and ends.
    type Row = (&'static str, String, &'static [&'static str], [Option<u8>; 3]);
    let rows: Vec<Row> = vec![
        ("1", "acme.example TXT \"v=spf1\"".into(), &["warn spf.all"], [Some(8), Some(6), Some(2)]),
        ("2", "acme.example TXT \"v=spf10 -all\"".into(), &["fail spf.missing", "fail spf.near-miss"], [Some(0); 3]),
        ("3", "acme.example TXT \"V=SPF1 IP4:8.8.8.0/24 -ALL\"".into(), &[], [Some(8), Some(6), Some(6)]),
        (
            "4",
            "acme.example TXT \"v=spf1 mx -all\"\nacme.example TXT \"v=spf1 -all\"".into(),
            &["fail spf.multiple"],
            [Some(0); 3],
        ),
        (
            "5",
            "acme.example TXT \"v=spf1 ip4:8.8.8.0/24\" \"include:_s.example.net -all\"\n_s.example.net TXT \"v=spf1 -all\"".into(),
            &["fail spf.syntax"],
            [Some(0), Some(0), Some(0)],
        ),
        (
            "5, with the space",
            "acme.example TXT \"v=spf1 ip4:8.8.8.0/24 \" \"include:_s.example.net -all\"\n_s.example.net TXT \"v=spf1 -all\"".into(),
            &[],
            [Some(8), Some(6), Some(6)],
        ),
        (
            "6",
            "acme.example TXT \"v=spf1 -all ip4:192.0.2.300\"".into(),
            &["fail spf.syntax"],
            [Some(0), Some(0), Some(0)],
        ),
        (
            "7",
            "acme.example TXT \"v=spf1 ~all redirect=_spf.acme.example\"".into(),
            &["warn spf.redirect-ignored"],
            [Some(8), Some(6), Some(6)],
        ),
        (
            "8",
            "acme.example TXT \"v=spf1 redirect=nospf.example\"\nnospf.example TXT hello".into(),
            &["fail spf.include-without-record"],
            [Some(8), Some(0), Some(0)],
        ),
        (
            "9",
            format!("acme.example TXT \"v=spf1 {}mx -all\"\n{included}", includes(10)),
            &["fail spf.too-many-lookups"],
            [Some(8), Some(0), Some(6)],
        ),
        (
            "9, without mx",
            format!("acme.example TXT \"v=spf1 {}-all\"\n{included}", includes(10)),
            &["warn spf.lookup-headroom"],
            [Some(8), Some(6), Some(6)],
        ),
        (
            "10",
            "acme.example TXT \"v=spf1 ip4:8.8.8.0/024 -all\"".into(),
            &["fail spf.syntax"],
            [Some(0), Some(0), Some(0)],
        ),
        (
            "11",
            "acme.example TXT \"v=spf1 a:acme.example/24//64 -all\"\nacme.example A 8.8.8.8".into(),
            &[],
            [Some(8), Some(6), Some(6)],
        ),
        (
            "12",
            "acme.example TXT \"v=spf1 exists:%{c}.chk.example -all\"".into(),
            &["fail spf.syntax"],
            [Some(0), Some(0), Some(0)],
        ),
        (
            "13",
            "acme.example TXT \"v=spf1 a:x1.acme.example a:x2.acme.example a:x3.acme.example -all\"".into(),
            &["fail spf.too-many-voids"],
            [Some(8), Some(0), Some(6)],
        ),
        (
            "13, with 2 names",
            "acme.example TXT \"v=spf1 a:x1.acme.example a:x2.acme.example -all\"".into(),
            &[],
            [Some(8), Some(6), Some(6)],
        ),
        (
            "14",
            "acme.example TXT \"v=spf1 a:museum -all\"".into(),
            &["fail spf.syntax"],
            [Some(0), Some(0), Some(0)],
        ),
        ("15", r#"acme.example TXT "v=spf1\009mx -all""#.into(), &["fail spf.missing", "fail spf.near-miss"], [Some(0); 3]),
        (
            "16",
            r#"acme.example TXT "v=spf1 mx\009-all""#.into(),
            &["fail spf.syntax"],
            [Some(0), Some(0), Some(0)],
        ),
        ("17", r#"acme.example TXT "\"v=spf1 -all\"""#.into(), &["fail spf.missing", "fail spf.near-miss"], [Some(0); 3]),
        (
            "18",
            "acme.example TXT \"v=spf1 include:%{d} -all\"".into(),
            &["fail spf.loop"],
            [Some(8), Some(0), Some(6)],
        ),
    ];
    for (row, zone, expected, earned) in rows {
        let assessment = assess_zone(&format!("{MX}{zone}"), false);
        assert_eq!(bad(&assessment), expected, "§1.8 row {row}");
        assert_eq!(points(&assessment), earned, "§1.8 row {row}");
    }
    // Row 19: a null MX is an answer, so the look-up is void at most by some receivers.
    let assessment = assess_zone("acme.example TXT \"v=spf1 mx -all\"\nacme.example MX 0 .", false);
    assert_eq!(bad(&assessment), [] as [&str; 0], "§1.8 row 19");
    assert_eq!(detail(&assessment)["limits"]["void_lookups"], json!({"ipv4": 0, "ipv6": 0, "maybe": 1}));
}

#[test]
fn void_look_ups_are_counted_for_each_family() {
    let hosts = "h1.acme.example A 8.8.8.1\nh2.acme.example A 8.8.8.2\nh3.acme.example A 8.8.8.3";
    let record =
        |end: &str| format!("acme.example TXT \"v=spf1 a:h1.acme.example a:h2.acme.example a:h3.acme.example {end}\"");
    let only_ip4 = assess_zone(&format!("{MX}{}\n{hosts}", record("-all")), false);
    assert_eq!(outcomes(&only_ip4, "spf.too-many-voids"), [Outcome::Warn], "no IPv6 address passes");
    assert_eq!(points(&only_ip4), [Some(8), Some(6), Some(6)]);
    let both = assess_zone(&format!("{MX}{}\n{hosts}", record("ip6:2600::1 -all")), false);
    assert_eq!(outcomes(&both, "spf.too-many-voids"), [Outcome::Fail], "IPv6 senders of its own meet the error");
    assert_eq!(detail(&both)["limits"]["void_lookups"], json!({"ipv4": 0, "ipv6": 3, "maybe": 0}));
    assert_eq!(points(&both)[1], Some(0));
    // Behind `all` nothing is looked up (RFC 7208 §5.1).
    let behind = "acme.example TXT \"v=spf1 -all a:x1.acme.example a:x2.acme.example a:x3.acme.example\"";
    assert_eq!(outcomes(&assess_zone(behind, false), "spf.too-many-voids"), []);
}

#[test]
fn the_count_is_over_the_whole_tree() {
    let zone = "acme.example TXT \"v=spf1 include:a.example include:a.example redirect=b.example\"
        a.example TXT \"v=spf1 mx:m.example a:h.example include:c.example ?all\"
        b.example TXT \"v=spf1 ptr exists:%{i}.l.example ~all redirect=never.example\"
        c.example TXT \"v=spf1 ip4:8.8.8.8 ip6:2600::1 exp=why.example -all\"
        m.example MX 10 h.example.
        h.example A 8.8.4.4
        h.example AAAA 2600::2";
    let assessment = assess_zone(&format!("{MX}{zone}"), false);
    // Twice (include a, mx, a, include c), then redirect, ptr, exists; not ip4, ip6, exp, all, nor what `all` switches off.
    let limits = &detail(&assessment)["limits"];
    assert_eq!(limits["lookups"], 11);
    assert_eq!(limits["void_lookups"]["ipv4"], 0);
    assert_eq!(bad(&assessment), ["fail spf.too-many-lookups", "warn spf.duplicate-terms"]);
    let tree = &detail(&assessment)["trees"][0];
    assert_eq!(tree["lookups"], 11);
    assert_eq!(tree["terms"][0]["child"]["domain"], "a.example");
    assert_eq!(tree["terms"][0]["child"]["lookups"], 3);
    assert_eq!(tree["terms"][2]["child"]["terms"][1]["target"], "depends on the message");
    assert_eq!(tree["terms"][2]["child"]["terms"][3]["evaluated"], false);
    assert_eq!(detail(&assessment)["ends"], json!({"all": "~all", "domain": "b.example"}));
}

#[test]
fn what_could_not_be_read_is_unknown_and_never_failed() {
    let zone = format!(
        "{MX}acme.example TXT \"v=spf1 include:a.example include:b.example -all\"
        a.example TXT \"v=spf1 -all\"\nb.example TXT !timeout"
    );
    let assessment = assess_zone(&zone, false);
    assert_eq!(bad(&assessment), ["unknown spf.unreadable"]);
    assert_eq!(points(&assessment), [Some(8), None, None]);
    assert_eq!(status(&assessment), Status::Unknown);
    assert_eq!(assessment.report.checklist[0].done, None);
    assert_eq!(detail(&assessment)["limits"]["complete"], false);
    // A fault that is there is told whatever else is unknown.
    let faulty = zone.replace("-all\"\nb", "+all\"\nb");
    let assessment = assess_zone(&faulty, false);
    assert_eq!(bad(&assessment), ["fail spf.pass-all-inside-include", "unknown spf.unreadable"]);
    assert_eq!(points(&assessment), [Some(8), None, Some(0)]);
    assert_eq!(status(&assessment), Status::Fail);
    // The record itself.
    let assessment = assess_zone("acme.example TXT !SERVFAIL", false);
    assert_eq!(bad(&assessment), ["unknown spf.unreadable"]);
    assert_eq!(points(&assessment), [None; 3]);
    assert_eq!(status(&assessment), Status::Unknown);
    // One address that nobody could look up cannot break the limit alone.
    let harmless =
        format!("{MX}acme.example TXT \"v=spf1 a:h.example -all\"\nh.example A !timeout\nh.example AAAA !timeout");
    let assessment = assess_zone(&harmless, false);
    assert_eq!(bad(&assessment), [] as [&str; 0]);
    assert_eq!(points(&assessment), [Some(8), Some(6), Some(6)]);
    let decisive = format!(
        "{MX}acme.example TXT \"v=spf1 a:x.example a:y.example a:h.example -all\"\nh.example A !timeout\nh.example AAAA 2600::1"
    );
    let assessment = assess_zone(&decisive, false);
    assert_eq!(bad(&assessment), ["unknown spf.unreadable"]);
    assert_eq!(points(&assessment), [Some(8), None, Some(6)]);
}

#[test]
fn domains_without_mail_are_judged_as_such() {
    let parked = assess_zone("acme.example TXT \"v=spf1 -all\"\nacme.example MX 0 .", false);
    assert_eq!(parked.report.profile, Profile::Parked);
    assert_eq!(points(&parked), [Some(8), Some(6), Some(6)]);
    assert_eq!((bad(&parked), status(&parked)), (Vec::new(), Status::Pass));
    let by_redirect =
        "acme.example TXT \"v=spf1 redirect=null.example\"\nnull.example TXT \"v=spf1 -all\"\nacme.example MX 0 .";
    assert_eq!(assess_zone(by_redirect, false).report.profile, Profile::Parked);
    let receives = assess_zone(&format!("{MX}acme.example TXT \"v=spf1 exp=why.example -all\""), false);
    assert_eq!(receives.report.profile, Profile::ReceiveOnly);
    assert_eq!(points(&receives), [Some(8), Some(6), Some(6)]);
    for (why, record) in [
        ("softfail refuses nobody", "v=spf1 ~all"),
        ("somebody passes", "v=spf1 ip4:8.8.8.8 -all"),
        ("invalid", "v=spf1 -all ipv4:8.8.8.8"),
        ("the redirect is not known", "v=spf1 redirect=gone.example"),
    ] {
        let assessment = assess_zone(&format!("acme.example MX 0 .\nacme.example TXT \"{record}\""), false);
        assert_eq!(assessment.report.profile, Profile::SendOnly, "{why}");
    }
}

#[test]
fn everybody_passing_is_seen_in_every_disguise() {
    for (zone, expected) in [
        ("acme.example TXT \"v=spf1 +all\"", vec!["fail spf.all"]),
        ("acme.example TXT \"v=spf1 ip4:0.0.0.0/0 -all\"", vec!["fail spf.all"]),
        (
            "acme.example TXT \"v=spf1 ip6:::/1 ip6:8000::/1 -all\"",
            vec!["fail spf.all", "fail spf.all", "warn spf.wide-range", "warn spf.wide-range"],
        ),
        ("acme.example TXT \"v=spf1 exists:%{d} -all\"\nacme.example A 8.8.8.8", vec!["fail spf.all"]),
        // A wildcard answers, whatever the macros stand for.
        ("acme.example TXT \"v=spf1 exists:%{ir}.w.example -all\"\n*.w.example A 127.0.0.2", vec!["fail spf.all"]),
        ("acme.example TXT \"v=spf1 exists:%{l}.%{h}.w.example -all\"\n*.w.example A 127.0.0.2", vec!["fail spf.all"]),
        ("acme.example TXT \"v=spf1 ?exists:%{i}.w.example -all\"\n*.w.example A 127.0.0.2", vec![]),
        ("acme.example TXT \"v=spf1 exists:%{i}.w.example -all\"\n1.1.1.1.w.example A 127.0.0.2", vec![]),
        (
            "acme.example TXT \"v=spf1 include:r.example -all\"\nr.example TXT \"v=spf1 exists:%{i}.w.example ~all\"\n*.w.example A 127.0.0.2",
            vec!["fail spf.pass-all-inside-include"],
        ),
        ("acme.example TXT \"v=spf1 redirect=r.example\"\nr.example TXT \"v=spf1 all\"", vec!["fail spf.all"]),
        (
            "acme.example TXT \"v=spf1 include:r.example -all\"\nr.example TXT \"v=spf1 redirect=s.example\"\ns.example TXT \"v=spf1 ip4:1.2.3.4/0 -all\"",
            vec!["fail spf.pass-all-inside-include"],
        ),
        ("acme.example TXT \"v=spf1 ?include:r.example -all\"\nr.example TXT \"v=spf1 +all\"", vec![]),
        ("acme.example TXT \"v=spf1 include:r.example -all\"\nr.example TXT \"v=spf1 ?all\"", vec![]),
        (
            "acme.example TXT \"v=spf1 -all include:r.example\"\nr.example TXT \"v=spf1 +all\"",
            vec!["warn spf.after-all"],
        ),
    ] {
        let assessment = assess_zone(&format!("{MX}{zone}"), false);
        assert_eq!(bad(&assessment), expected, "{zone}");
        let open = expected.iter().any(|id| id.starts_with("fail"));
        assert_eq!(points(&assessment)[2], Some(if open { 0 } else { 6 }), "{zone}");
    }
}

#[test]
fn only_what_can_tell_more_is_asked() {
    let wanted = |zone: &str| -> Vec<String> {
        let spf = |wanted: &mxray::wanted::Wanted| wanted.technologies.contains(&Technology::Spf);
        let name = |wanted: &mxray::wanted::Wanted| match &wanted.want {
            Want::Dns { name, record_type } => {
                let urgency = if wanted.urgency == Urgency::Path { "path" } else { "leaf" };
                format!("{urgency} {name} {record_type}")
            }
            Want::Https { url, .. } => url.clone(),
        };
        let mut all: Vec<String> = assess_zone(zone, true).wanted.iter().filter(|w| spf(w)).map(name).collect();
        all.sort();
        all.retain(|want| !want.ends_with("acme.example MX"));
        all
    };
    assert_eq!(wanted(""), ["path acme.example TXT"]);
    let zone = "acme.example TXT \"v=spf1 include:a.example include:%{i}.b.example exists:%{l}.c.example a:h.example \
        mx:m.example ptr ip4:8.8.8.8 exp=why.example include:%{d2}.d.example redirect=e.example\"";
    assert_eq!(
        wanted(zone),
        [
            "leaf h.example A",
            "leaf h.example AAAA",
            "leaf m.example MX",
            "leaf mxray-no-such-user.c.example A",
            "path a.example TXT",
            "path acme.example.d.example TXT",
            "path e.example TXT",
        ]
    );
    let dead = "acme.example TXT \"v=spf1 -all include:a.example a:h.example redirect=e.example\"";
    assert_eq!(wanted(dead), [] as [&str; 0], "what is never evaluated is never asked");
}

#[test]
fn corrections_can_be_published_as_they_are() {
    let published = |zone: &str| -> Vec<String> {
        let assessment = assess_zone(zone, false);
        let steps = assessment.report.plan.into_iter().filter(|step| step.technology == Technology::Spf);
        steps.flat_map(|step| step.publish).map(|publish| format!("{} {}", publish.name, publish.value)).collect()
    };
    assert_eq!(published(&format!("{MX}acme.example TXT hello")), ["acme.example v=spf1 mx -all"]);
    assert_eq!(published("acme.example MX 0 ."), ["acme.example v=spf1 -all"]);
    assert_eq!(
        published(
            "acme.example TXT \"v=spf1 mx ip4:8.8.8.8 -all\"\nacme.example TXT \"v=spf1 include:a.example MX ~all\"\na.example TXT \"v=spf1 -all\""
        ),
        ["acme.example v=spf1 mx ip4:8.8.8.8 include:a.example ~all"]
    );
    assert_eq!(
        published(&format!("{MX}acme.example TXT \"v=spf1 ipv4:8.8.8.8 -all\"")),
        ["acme.example v=spf1 ip4:8.8.8.8 -all"]
    );
    assert_eq!(published(&format!("{MX}acme.example TXT \"v=spf1 mx ?all\"")), ["acme.example v=spf1 mx ~all"]);
    assert_eq!(published(&format!("{MX}acme.example TXT \"v=spf1 mx\"")), ["acme.example v=spf1 mx ~all"]);
    assert_eq!(published(&format!("{MX}acme.example TXT \"v=spf1 mx -all\"")), [] as [&str; 0]);
}

/// A tree that somebody built to be endless ends soon, and is still shown.
#[test]
fn hostile_trees_end() {
    let mut zone = String::from(MX);
    for level in 0..20 {
        let terms: String = (0..20).map(|_| format!("include:n{}.example ", level + 1)).collect();
        let name = if level == 0 { "acme.example".into() } else { format!("n{level}.example") };
        for (at, chunk) in format!("v=spf1 {terms}-all").as_bytes().chunks(250).enumerate() {
            let text = String::from_utf8_lossy(chunk);
            zone.push_str(&if at == 0 { format!("{name} TXT \"{text}\"") } else { format!(" \"{text}\"") });
        }
        zone.push('\n');
    }
    let start = std::time::Instant::now();
    let assessment = assess_zone(&zone, false);
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    assert!(bad(&assessment).contains(&"fail spf.too-many-lookups".to_owned()));
    assert_eq!(points(&assessment)[1], Some(0));
    // A chain without branches: deeper than is followed.
    let chain: String =
        (0..40).map(|i| format!("c{i}.example TXT \"v=spf1 include:c{}.example -all\"\n", i + 1)).collect();
    let assessment = assess_zone(&format!("{MX}acme.example TXT \"v=spf1 include:c0.example -all\"\n{chain}"), false);
    assert!(bad(&assessment).contains(&"fail spf.too-many-lookups".to_owned()));
}

#[test]
fn well_known_senders_are_named() {
    let zone = "acme.example TXT \"v=spf1 include:_spf.google.com include:spf.protection.outlook.com include:shop.acme.example include:other.example -all\"
        shop.acme.example TXT \"v=spf1 include:u1234.wl.sendgrid.net -all\"
        other.example TXT \"v=spf1 include:amazonses.com -all\"";
    let assessment = assess_zone(zone, true);
    assert_eq!(detail(&assessment)["providers"], json!(["Google Workspace", "Microsoft 365", "SendGrid"]));
}
