//! DKIM over whole domains: what wildcards, aliases, denial of existence and several records come to. Rows of §2.2 and
//! §2.4 of the standards sheet that concern more than one record.

use mxray::assess::{Assessment, assess};
use mxray::checks::{Options, Status};
use mxray::evidence::Evidence;
use mxray::name::DomainName;
use mxray::records::Technology;
use mxray::time::UnixTime;
use serde_json::{Value, json};

const NOW: UnixTime = UnixTime(1_795_435_200);
/// The vector of RFC 8463, and 32 other octets.
const KEY: &str = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const OTHER: &str = "v=DKIM1; k=ed25519; p=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// The selector that nobody has, for acme.example.
const MADE_UP: &str = "x40ed49e3fe056bf3._domainkey.acme.example";

fn judge(dns: &Value, complete: &[&str]) -> Assessment {
    let file = json!({"format": "mxray-evidence/1", "dns": dns, "authoritative_for": complete});
    let evidence = Evidence::from_json(file.to_string().as_bytes()).unwrap();
    assess(&DomainName::parse("acme.example").unwrap(), &Options::default(), &evidence, NOW)
}

/// A whole domain with these records; everything else does not exist.
fn world(records: &[(&str, &str, &str)]) -> Assessment {
    let entry = |(name, kind, value): &(&str, &str, &str)| {
        let value = if *kind == "TXT" { format!("\"{value}\"") } else { (*value).to_owned() };
        json!({"name": name, "type": kind, "rcode": "NOERROR", "answers": [value]})
    };
    let mut dns: Vec<Value> = vec![entry(&("acme.example", "TXT", "some text"))];
    for record in records {
        let new = entry(record);
        match dns.iter_mut().find(|old| old["name"] == new["name"] && old["type"] == new["type"]) {
            Some(old) => old["answers"].as_array_mut().unwrap().push(new["answers"][0].clone()),
            None => dns.push(new),
        }
    }
    judge(&Value::from(dns), &["example", "test"])
}

/// Status, and the findings about DKIM in the form `outcome check`.
fn seen(assessment: &Assessment) -> (Status, Vec<String>) {
    let report = &assessment.report;
    let findings = report.findings.iter().filter(|finding| finding.technology == Technology::Dkim);
    let words = findings.map(|finding| format!("{:?} {}", finding.outcome, finding.id).to_lowercase()).collect();
    (report.technology(Technology::Dkim).unwrap().status, words)
}

fn base_word(assessment: &Assessment) -> &Value {
    &assessment.report.technology(Technology::Dkim).unwrap().detail["domainkey_name"]
}

#[test]
fn rows_about_whole_domains() {
    const DEFAULT: &str = "default._domainkey.acme.example";
    const GOOGLE: &str = "google._domainkey.acme.example";
    type Row = (&'static str, &'static [(&'static str, &'static str, &'static str)], Status, &'static [&'static str]);
    let rows: &[Row] = &[
        (
            "§2.4 row 2: a revoked key beside a good one",
            &[(DEFAULT, "TXT", KEY), (GOOGLE, "TXT", "v=DKIM1; p=")],
            Status::Warn,
            &["pass dkim.key", "warn dkim.ed25519-only", "info dkim.revoked"],
        ),
        (
            "§2.4 row 2: a revoked key alone",
            &[(GOOGLE, "TXT", "v=DKIM1; k=rsa; p=")],
            Status::Unknown,
            &["warn dkim.revoked", "unknown dkim.none-found"],
        ),
        (
            "§2.4 row 15, §2.2 item 6: a dangling alias",
            &[(GOOGLE, "CNAME", "gone.vendor.test.")],
            Status::Fail,
            &["fail dkim.dangling", "unknown dkim.none-found"],
        ),
        (
            "§2.4 row 16, §2.2 item 3: a wildcard proves nothing",
            &[("*._domainkey.acme.example", "TXT", KEY)],
            Status::Unknown,
            &["warn dkim.wildcard", "unknown dkim.none-found"],
        ),
        (
            "§2.1 item 1: an alias to the key",
            &[(GOOGLE, "CNAME", "acme.vendor.test."), ("acme.vendor.test", "TXT", KEY)],
            Status::Warn,
            &["pass dkim.key", "warn dkim.ed25519-only"],
        ),
        (
            "§2.1 item 2: two keys at one selector",
            &[(DEFAULT, "TXT", KEY), (DEFAULT, "TXT", OTHER)],
            Status::Fail,
            &["fail dkim.several-records", "unknown dkim.none-found"],
        ),
        (
            "§2.1 item 2: a key and an unrelated text",
            &[(DEFAULT, "TXT", KEY), (DEFAULT, "TXT", "some-verification=1")],
            Status::Warn,
            &["pass dkim.key", "warn dkim.ed25519-only", "warn dkim.several-records"],
        ),
        (
            "one key at two selectors",
            &[(DEFAULT, "TXT", KEY), (GOOGLE, "TXT", KEY)],
            Status::Warn,
            &["pass dkim.key", "pass dkim.key", "warn dkim.ed25519-only", "info dkim.same-key"],
        ),
        ("§2.2 item 2: nothing below _domainkey", &[], Status::Absent, &["fail dkim.absent"]),
        (
            "§2.2 item 2: an empty non-terminal is no proof of absence",
            &[("hidden._domainkey.acme.example", "TXT", KEY)],
            Status::Unknown,
            &["unknown dkim.none-found"],
        ),
        (
            "§2.2 item 2: an old policy",
            &[("_domainkey.acme.example", "TXT", "o=~"), (DEFAULT, "TXT", KEY)],
            Status::Warn,
            &["pass dkim.key", "warn dkim.ed25519-only", "info dkim.old-policy"],
        ),
    ];
    for (what, records, status, findings) in rows {
        let ((found_status, mut found), mut wanted) = (seen(&world(records)), findings.to_vec());
        found.sort();
        wanted.sort_unstable();
        assert_eq!((found_status, found.iter().map(String::as_str).collect()), (*status, wanted), "{what}");
    }
}

/// Answers as a resolver gives them. `_domainkey`, the made-up selector, and what the two together say.
#[test]
fn what_the_name_above_the_selectors_says() {
    let base = "_domainkey.acme.example";
    let answer = |name: &str, rcode: &str| json!({"name": name, "type": "TXT", "rcode": rcode});
    let text = |name: &str| json!({"name": name, "type": "TXT", "rcode": "NOERROR", "answers": ["\"v=spf1 -all\""]});
    let with = |mut entry: Value, key: &str, value: Value| {
        entry[key] = value;
        entry
    };
    let nsec = json!([{"name": base, "type": "NSEC", "ttl": 300, "data": format!("\\000.{base}. RRSIG NSEC TYPE128")}]);
    let soa = |owner: &str| json!([{"name": owner, "type": "SOA", "ttl": 300, "data": "ns.acme.example. h.acme.example. 1 2 3 4 5"}]);
    let rows = [
        ("RFC 8020: nothing below", answer(base, "NXDOMAIN"), answer(MADE_UP, "NXDOMAIN"), "nxdomain"),
        (
            "RFC 9824: NXNAME is NXDOMAIN",
            with(answer(base, "NOERROR"), "authority", nsec),
            answer(MADE_UP, "NOERROR"),
            "nxdomain",
        ),
        ("an empty non-terminal", answer(base, "NOERROR"), answer(MADE_UP, "NXDOMAIN"), "exists"),
        ("a wildcard of another type", answer(base, "NOERROR"), answer(MADE_UP, "NOERROR"), "inconclusive"),
        ("a wildcard text at the domain", text(base), text(MADE_UP), "inconclusive"),
        ("an old policy", text(base), answer(MADE_UP, "NXDOMAIN"), "text"),
        (
            "§2.2 item 4 (c): a zone of its own",
            with(answer(base, "NOERROR"), "authority", soa(base)),
            answer(MADE_UP, "NXDOMAIN"),
            "inconclusive",
        ),
        (
            "the SOA of the domain",
            with(answer(base, "NOERROR"), "authority", soa("acme.example")),
            answer(MADE_UP, "NXDOMAIN"),
            "exists",
        ),
    ];
    for (what, base, made_up, word) in rows {
        let assessment = judge(&json!([base, made_up]), &[]);
        assert_eq!(base_word(&assessment), word, "{what}");
    }
}

/// A proven NXDOMAIN of `_domainkey` makes the guesses needless; one that is only said does not.
#[test]
fn proven_absence_spares_the_guesses() {
    let guesses = |assessment: &Assessment| {
        let asks = |wanted: &&mxray::wanted::Wanted| matches!(&wanted.want, mxray::wanted::Want::Dns { name, .. } if name.as_str().contains("._domainkey."));
        assessment.wanted.iter().filter(asks).count()
    };
    let base = |authentic: bool| {
        json!([{"name": "_domainkey.acme.example", "type": "TXT", "rcode": "NXDOMAIN", "authentic": authentic},
            {"name": MADE_UP, "type": "TXT", "rcode": "NXDOMAIN", "authentic": authentic}])
    };
    let proven = judge(&base(true), &[]);
    assert_eq!((guesses(&proven), seen(&proven).0), (0, Status::Absent));
    let said = judge(&base(false), &[]);
    assert!(guesses(&said) > 90, "{}", guesses(&said));
    assert_eq!(seen(&said).0, Status::Unknown, "nothing is absent while guesses are out");
    // A key that came in before the proof counts: somebody's name server is faulty.
    let mut early = base(true);
    early.as_array_mut().unwrap().push(json!({"name": "google._domainkey.acme.example", "type": "TXT",
        "rcode": "NOERROR", "answers": [format!("\"{KEY}\"")]}));
    let found = seen(&judge(&early, &[])).1;
    assert!(found.iter().any(|finding| finding == "pass dkim.key"), "{found:?}");
}
