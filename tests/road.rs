//! The road of MTA-STS in the report: where a domain stands on it, what each step publishes, and that nothing in it breaks
//! the rules it teaches.

use mxray::assess::assess;
use mxray::checks::{Options, Publish};
use mxray::evidence::Evidence;
use mxray::name::DomainName;
use mxray::records::{mta_sts, mta_sts_policy, tls_rpt};
use mxray::report::Report;
use mxray::report::road::{Road, RoadState};
use mxray::time::UnixTime;
use serde_json::{Value, json};

const URL: &str = "https://mta-sts.acme.example/.well-known/mta-sts.txt";
/// 2026-11-23T12:00:00Z.
const NOW: UnixTime = UnixTime(1_795_435_200);

fn policy(mode: &str, hosts: &[&str], max_age: u64) -> Value {
    let lines: String = hosts.iter().map(|host| format!("mx: {host}\n")).collect();
    let body = format!("version: STSv1\nmode: {mode}\n{lines}max_age: {max_age}\n");
    json!({"url": URL, "status": 200, "content_type": "text/plain", "body": body})
}

/// A domain with two mail servers: its TLS-RPT record, its MTA-STS record, what its policy host says.
fn report(reports: bool, record: bool, https: &[Value]) -> Report {
    let mut dns = vec![
        json!({"name": "acme.example", "type": "MX", "answers": ["10 mx1.acme.example.", "20 mx2.acme.example."]}),
        json!({"name": "mx1.acme.example", "type": "A", "answers": ["192.0.2.1"]}),
        json!({"name": "mx2.acme.example", "type": "A", "answers": ["192.0.2.2"]}),
        json!({"name": "mta-sts.acme.example", "type": "A", "answers": ["192.0.2.3"]}),
    ];
    if reports {
        let answers = ["\"v=TLSRPTv1; rua=mailto:tls@acme.example\""];
        dns.push(json!({"name": "_smtp._tls.acme.example", "type": "TXT", "answers": answers}));
    }
    if record {
        let answers = ["\"v=STSv1; id=20261123T120000;\""];
        dns.push(json!({"name": "_mta-sts.acme.example", "type": "TXT", "answers": answers}));
    }
    report_on(&dns, https)
}

fn report_on(dns: &[Value], https: &[Value]) -> Report {
    let evidence = json!({
        "format": "mxray-evidence/1", "dns": dns, "https": https, "authoritative_for": ["acme.example"],
    });
    let evidence = Evidence::from_json(evidence.to_string().as_bytes()).unwrap();
    assess(&DomainName::parse("acme.example").unwrap(), &Options::default(), &evidence, NOW).report
}

fn states(road: &Road) -> String {
    let letter = |state| match state {
        RoadState::Done => 'd',
        RoadState::Now => 'N',
        RoadState::Later => '-',
        RoadState::Unknown => '?',
    };
    road.steps.iter().map(|step| letter(step.state)).collect()
}

const BOTH: [&str; 2] = ["mx1.acme.example", "mx2.acme.example"];

/// Steps: reports, file, record, watch, cover, enforce, raise.
#[test]
fn where_a_domain_stands() {
    let one = ["mx1.acme.example"];
    for (reports, record, https, expected, says) in [
        (false, false, vec![], "N------", "senders know of none"),
        (true, false, vec![], "dN-----", "senders know of none"),
        (true, true, vec![json!({"url": URL, "status": 404, "body": ""})], "dNd----", "get no valid policy"),
        (true, true, vec![json!({"url": URL, "failed": "cors"})], "d?d----", "could not be read here"),
        (true, true, vec![json!({"url": URL, "reachable": true})], "d?d----", "curl -sS -D-"),
        (false, true, vec![policy("testing", &BOTH, 86_400)], "NddNd--", "is being tested"),
        (true, true, vec![policy("testing", &BOTH, 86_400)], "dddNd--", "mail gets through"),
        (true, true, vec![policy("testing", &one, 86_400)], "ddd-N--", "does not name every mail server"),
        (true, true, vec![policy("enforce", &one, 604_800)], "ddddNd-", "is kept back"),
        (true, true, vec![policy("enforce", &BOTH, 604_800)], "ddddddN", "rather short"),
        (true, true, vec![policy("enforce", &BOTH, 2_592_000)], "ddddddd", "the end of the road"),
        (true, true, vec![policy("none", &[], 86_400)], "dNd----", "on its way out"),
    ] {
        let road = Road::of(&report(reports, record, &https)).unwrap();
        // Two things may not be the next one.
        let expected = expected.replacen("NddNd", "Ndd-d", 1);
        assert_eq!(states(&road), expected, "{https:?}");
        assert!(road.stands.contains(says), "{}", road.stands);
        assert!(road.steps.iter().filter(|step| step.state == RoadState::Now).count() <= 1, "{https:?}");
    }
}

#[test]
fn days_and_what_is_published_on_them() {
    let road = Road::of(&report(false, false, &[])).unwrap();
    let shown: Vec<_> =
        road.steps.iter().map(|step| (step.id, step.on.as_deref().unwrap(), step.publish.len())).collect();
    assert_eq!(
        shown,
        [
            ("reports", "2026-11-23", 1),
            ("file", "2026-11-23", 1),
            ("record", "2026-11-23", 1),
            ("watch", "2026-11-24", 0),
            ("cover", "2026-11-23", 2),
            ("enforce", "2026-12-07", 2),
            ("raise", "2026-12-21", 2),
        ]
    );
    let values = |id: &str| {
        let step = road.steps.iter().find(|step| step.id == id).unwrap();
        step.publish.iter().map(|publish| publish.value.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(
        values("file"),
        ["version: STSv1\nmode: testing\nmx: mx1.acme.example\nmx: mx2.acme.example\nmax_age: 86400\n"]
    );
    assert_eq!(values("record"), ["v=STSv1; id=20261123T120000;"]);
    assert_eq!(
        values("enforce"),
        [
            "version: STSv1\nmode: enforce\nmx: mx1.acme.example\nmx: mx2.acme.example\nmax_age: 604800\n",
            "v=STSv1; id=20261207T120000;"
        ]
    );
    // The file stands before the record in every step, and the way back waits as long as senders keep the policy.
    for step in road.steps.iter().chain(&road.removal) {
        let kinds: Vec<&str> = step.publish.iter().map(|publish| publish.record_type.as_str()).collect();
        assert!(kinds != ["TXT", "file"], "{}", step.id);
    }
    let enforced = Road::of(&report(true, true, &[policy("enforce", &BOTH, 604_800)])).unwrap();
    assert_eq!(enforced.removal[0].publish[0].value, "version: STSv1\nmode: none\nmax_age: 86400\n");
    assert_eq!(enforced.removal[1].on.as_deref(), Some("2026-11-30"), "a week");
    assert!(enforced.removal.iter().all(|step| step.state == RoadState::Later), "nobody is told to remove it");
    let going = Road::of(&report(true, true, &[policy("none", &[], 86_400)])).unwrap();
    assert_eq!(going.removal.iter().map(|step| step.state).collect::<Vec<_>>(), [RoadState::Done, RoadState::Now]);
    assert_eq!(going.removal[1].on.as_deref(), Some("2027-11-24"), "at most a year");
}

/// The id is of letters and digits, new against the record there is, and another one on each day.
#[test]
fn no_id_is_used_twice() {
    let road = Road::of(&report(true, true, &[policy("testing", &BOTH[..1], 86_400)])).unwrap();
    let ids: Vec<String> = road
        .steps
        .iter()
        .flat_map(|step| &step.publish)
        .filter(|publish| publish.name.starts_with("_mta-sts."))
        .map(|publish| mta_sts::parse(&publish.value).record.id.unwrap())
        .collect();
    assert_eq!(ids, ["20261123T120001", "20261207T120000", "20261221T120000"], "the present id is 20261123T120000");
}

#[test]
fn everything_on_the_road_is_valid() {
    for https in [vec![], vec![policy("testing", &BOTH, 86_400)], vec![policy("enforce", &BOTH[..1], 3600)]] {
        let road = Road::of(&report(false, !https.is_empty(), &https)).unwrap();
        let publish: Vec<&Publish> = road.steps.iter().chain(&road.removal).flat_map(|step| &step.publish).collect();
        assert!(publish.len() >= 5);
        for publish in publish {
            let problems = match publish.record_type.as_str() {
                "file" => mta_sts_policy::parse(&publish.value).problems.len(),
                _ if publish.name.starts_with("_mta-sts.") => mta_sts::parse(&publish.value).problems.len(),
                _ => tls_rpt::parse(&publish.value).problems.len(),
            };
            assert_eq!(problems, 0, "{publish:?}");
        }
    }
}

#[test]
fn servers_are_told_host_type_and_leave() {
    let road = Road::of(&report(true, false, &[])).unwrap();
    let ids: Vec<&str> = road.servers.iter().map(|server| server.id).collect();
    assert_eq!(ids, ["nginx", "apache", "caddy", "github-pages", "cloudflare"]);
    for server in &road.servers {
        let text = format!("{}{}", server.note, server.snippet);
        assert!(text.contains("mta-sts.acme.example") && !text.contains("HOST") && !text.contains("POLICY"), "{text}");
        if server.id != "github-pages" {
            assert!(
                text.contains("text/plain; charset=utf-8") && text.contains("Access-Control-Allow-Origin"),
                "{text}"
            );
        }
    }
    let file = &road.steps.iter().find(|step| step.id == "file").unwrap().publish[0].value;
    assert!(road.servers.iter().filter(|server| server.snippet.contains(file.as_str())).count() == 2);
}

#[test]
fn a_domain_that_receives_nothing_has_no_road() {
    let none = report_on(&[json!({"name": "acme.example", "type": "MX", "answers": ["0 ."]})], &[]);
    assert_eq!(Road::of(&none), None);
}

/// Unknown mail servers: no file that somebody might publish with a made-up name.
#[test]
fn unknown_mail_servers_are_not_made_up() {
    let dns = [json!({"name": "acme.example", "type": "MX", "failed": "timeout"})];
    let road = Road::of(&report_on(&dns, &[])).unwrap();
    let files = road.steps.iter().flat_map(|step| &step.publish).filter(|publish| publish.record_type == "file");
    assert_eq!(files.count(), 0);
    assert!(road.servers[4].snippet.contains("mx: name-of-your-mail-server\n"), "which the snippet asks to replace");
}

#[test]
fn the_text_tells_the_road() {
    let text = report(true, true, &[policy("testing", &BOTH, 86_400)]).to_text();
    let road = text.split("The road of MTA-STS\n").nth(1).unwrap();
    assert!(road.contains("[x] Have TLS reports sent to you\n"), "{road}");
    assert!(road.contains("[>] Read the reports of two weeks or more (from 2026-11-24)\n"), "{road}");
    assert!(road.contains("[ ] Set mode enforce, when the reports show no failures (from 2026-12-07)\n"), "{road}");
}
