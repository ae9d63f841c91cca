//! DKIM over whole domains: what wildcards, aliases, denial of existence and several records come to. Rows of §2.2 and
//! §2.4 of the standards sheet that concern more than one record.

use mxray::assess::{Assessment, assess};
use mxray::checks::{Context, Facts, Options, Outcome, Status};
use mxray::dns::Provenance;
use mxray::evidence::{DnsEntry, DnsOutcome, Evidence, Failure};
use mxray::name::DomainName;
use mxray::records::Technology;
use mxray::time::UnixTime;
use mxray::wanted::Want;
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
            "a wildcard that revokes what is not in use, beside a good key",
            &[("*._domainkey.acme.example", "TXT", "v=DKIM1; p="), (DEFAULT, "TXT", KEY)],
            Status::Warn,
            &["pass dkim.key", "warn dkim.ed25519-only", "info dkim.wildcard"],
        ),
        (
            "a key supplied under a name that nobody guesses",
            &[("hidden.two._domainkey.acme.example", "TXT", KEY)],
            Status::Warn,
            &["pass dkim.key", "warn dkim.ed25519-only"],
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
            &[("hidden._domainkey.acme.example", "A", "192.0.2.1")],
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

/// Facts about the keys of acme.example, for what the user gave as selectors.
fn keys(selectors: &[&str], dns: &Value, complete: &[&str]) -> (mxray::checks::dkim::Facts, Assessment) {
    let file = json!({"format": "mxray-evidence/1", "dns": dns, "authoritative_for": complete});
    let evidence = Evidence::from_json(file.to_string().as_bytes()).unwrap();
    let options = Options { selectors: selectors.iter().map(ToString::to_string).collect(), ..Options::default() };
    let domain = DomainName::parse("acme.example").unwrap();
    let facts = Facts::gather(&Context::new(&domain, &options, &evidence, NOW)).dkim;
    (facts, assess(&domain, &options, &evidence, NOW))
}

fn answer(name: &str, texts: &[&str]) -> Value {
    let texts: Vec<String> = texts.iter().map(|text| format!("\"{text}\"")).collect();
    json!({"name": name, "type": "TXT", "rcode": "NOERROR", "answers": texts})
}

fn labels(facts: &mxray::checks::dkim::Facts) -> Vec<&str> {
    facts.selectors.iter().map(|selector| selector.label.as_str()).collect()
}

/// §2.3: all of them leave at once, those that MX and SPF hint at first, the user's own before all.
#[test]
fn every_selector_of_the_table_is_asked() {
    let table: Vec<&str> = include_str!("data/dkim-selectors.txt").lines().collect();
    let (facts, _) = keys(&["mine"], &json!([]), &[]);
    let missing: Vec<&&str> = table.iter().filter(|selector| !labels(&facts).contains(selector)).collect();
    println!("{} selectors of the table, {} asked", table.len(), labels(&facts).len());
    assert!(table.len() > 100 && missing.is_empty(), "{missing:?}");
    assert_eq!(labels(&facts)[0], "mine");
    let readme = std::fs::read_to_string("README.md").expect("a README");
    let said = format!("Some {} selectors are asked at once", labels(&facts).len() / 10 * 10);
    assert!(readme.contains(&said), "the README says: {said}");
    let rows: [(&str, Vec<Value>, &str); 5] = [
        (
            "MX",
            vec![
                json!({"name": "acme.example", "type": "MX", "rcode": "NOERROR", "answers": ["1 aspmx.l.google.com."]}),
            ],
            "google",
        ),
        ("SPF", vec![answer("acme.example", &["v=spf1 include:servers.mcsv.net -all"])], "k1"),
        ("a macro in front", vec![answer("acme.example", &["v=spf1 exists:%{i}._spf.mta.salesforce.com -all"])], "sf1"),
        ("a macro in the first label", vec![answer("acme.example", &["v=spf1 include:x%{d}.migadu.com -all"])], "key1"),
        (
            "an include of an include",
            vec![
                answer("acme.example", &["v=spf1 include:spf.vendor.test -all"]),
                answer("spf.vendor.test", &["v=spf1 include:spf.messagingengine.com -all"]),
            ],
            "fm1",
        ),
    ];
    for (what, dns, first) in rows {
        let (facts, _) = keys(&["mine"], &Value::from(dns), &[]);
        assert_eq!(labels(&facts)[..2], ["mine", first], "{what}");
    }
}

/// What people paste: a selector, its name, `s=`, or the header of a signature.
#[test]
fn selectors_as_they_are_pasted() {
    let header = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=acme.example; s=mine; h=from:to:subject; bh=abc=; b=dGVz dA==";
    let other = "dkim-signature: v=1; a=rsa-sha256; s=theirs; d=vendor.test; bh=x; b=y";
    let (facts, _) = keys(&[header], &json!([]), &[]);
    assert_eq!((labels(&facts)[0], facts.not_selectors.len(), facts.foreign.len()), ("mine", 0, 0));
    // As the page hands it on, cut at white space and semicolons, two headers behind one plain selector.
    let words: Vec<String> =
        format!("first {header} {other}").split([';', ' ']).filter(|w| !w.is_empty()).map(str::to_owned).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (facts, assessment) = keys(&words, &json!([]), &[]);
    assert_eq!(labels(&facts)[..2], ["first", "mine"]);
    assert!(!labels(&facts).contains(&"theirs"), "its key is at another domain");
    assert_eq!(facts.foreign, [("theirs".to_owned(), "vendor.test".to_owned())]);
    assert!(
        assessment.report.unknown.iter().any(|unknown| unknown.why.contains("vendor.test (d=)")),
        "and that is said"
    );
    let (facts, _) = keys(&["d=acme.example", "s=mine"], &json!([]), &[]);
    assert_eq!(labels(&facts)[0], "mine");
}

/// A zone signed with plain NSEC names neighbours of a name that it denies (§2.2 item 5); nothing else is walked.
#[test]
fn neighbours_in_nsec_records_are_asked() {
    let denial = |owner: &str, next: &str, types: &str| {
        let mut denied = json!({"name": MADE_UP, "type": "TXT", "rcode": "NXDOMAIN"});
        denied["authority"] =
            json!([{"name": owner, "type": "NSEC", "ttl": 300, "data": format!("{next}. {types} RRSIG NSEC")}]);
        json!([denied])
    };
    let asked = |dns: &Value| -> Vec<String> {
        let (facts, assessment) = keys(&[], dns, &[]);
        let shown = facts.selectors.iter().filter(|s| s.origin == mxray::checks::dkim::Origin::Neighbour);
        let labels: Vec<String> = shown.map(|selector| selector.label.clone()).collect();
        for label in &labels {
            let wants = |want: &mxray::wanted::Want| matches!(want, mxray::wanted::Want::Dns { name, .. } if name.as_str() == format!("{label}._domainkey.acme.example"));
            assert!(assessment.wanted.iter().any(|wanted| wants(&wanted.want)), "{label} is asked");
        }
        labels
    };
    let (a, b) = ("cust1._domainkey.acme.example", "k9.mail._domainkey.acme.example");
    assert_eq!(asked(&denial(a, b, "TXT")), ["cust1", "k9.mail"]);
    assert_eq!(asked(&denial(a, "www.acme.example", "CNAME")), ["cust1"], "the last selector of the zone");
    assert_eq!(asked(&denial(a, b, "A")), ["k9.mail"], "no text at the one end");
    assert_eq!(asked(&denial(MADE_UP, &format!("\\000.{MADE_UP}"), "TYPE128")), Vec::<String>::new(), "RFC 9824");
    assert_eq!(asked(&denial("acme.example", "*._domainkey.acme.example", "TXT")), Vec::<String>::new(), "a wildcard");
    let mut answered = denial(a, b, "TXT");
    answered.as_array_mut().unwrap().push(answer(a, &[KEY]));
    let facts = keys(&[], &answered, &[]).0;
    let found = facts.selectors.iter().find(|selector| selector.label == "cust1").unwrap();
    assert!(found.is_found() && found.origin == mxray::checks::dkim::Origin::Neighbour, "still so when it is answered");
    let far = denial("a._domainkey.other.example", "xx_domainkey.acme.example", "TXT");
    assert_eq!(asked(&far), Vec::<String>::new(), "not below _domainkey");
}

/// A selector that somebody says he signs with counts, wildcard or not; one that could not be looked up is not absent.
#[test]
fn the_users_own_selector() {
    let wild = json!([answer("*._domainkey.acme.example", &[KEY]), answer("acme.example", &["text"])]);
    let usable = |selectors: &[&str]| keys(selectors, &wild, &["example", "test"]).0.usable().count();
    assert_eq!((usable(&[]), usable(&["mine"])), (0, 1));

    let status = |own: &[&str], authentic: bool| {
        let mut dns = vec![
            json!({"name": "_domainkey.acme.example", "type": "TXT", "rcode": "NXDOMAIN", "authentic": authentic}),
            json!({"name": "mine._domainkey.acme.example", "type": "TXT", "rcode": "SERVFAIL"}),
        ];
        let (facts, _) = keys(own, &Value::from(dns.clone()), &[]);
        let denied = |selector: &mxray::checks::dkim::Selector| json!({"name": selector.name.as_str(), "type": "TXT", "rcode": "NXDOMAIN"});
        dns.extend(facts.selectors.iter().filter(|selector| selector.label != "mine").map(denied));
        dns.push(json!({"name": MADE_UP, "type": "TXT", "rcode": "NXDOMAIN"}));
        keys(own, &Value::from(dns), &[]).1.report.technology(Technology::Dkim).unwrap().status
    };
    assert_eq!(status(&[], false), Status::Absent, "every guess is answered");
    assert_eq!(status(&["mine"], false), Status::Unknown, "a faulty server may deny the name above a key");
    assert_eq!(status(&["mine"], true), Status::Absent, "DNSSEC proves it");
}

/// Where the made-up selector could not be looked up, keys that were guessed may be a wildcard's.
#[test]
fn an_unread_wildcard_is_said() {
    let failed = json!({"name": MADE_UP, "type": "TXT", "rcode": "SERVFAIL"});
    let google = answer("google._domainkey.acme.example", &[KEY]);
    let wildcard = |selectors: &[&str], dns: Value| {
        let report = keys(selectors, &dns, &[]).1.report;
        report.findings.iter().find(|finding| finding.id == "dkim.wildcard").map(|finding| finding.outcome)
    };
    assert_eq!(wildcard(&[], json!([failed, google])), Some(Outcome::Unknown));
    assert_eq!(wildcard(&["google"], json!([failed, google])), None, "a selector known to be in use");
    assert_eq!(wildcard(&[], json!([failed])), None, "nothing was found");
}

/// What is unusual about a key is said of short keys too.
#[test]
fn flags_and_aliases_of_short_keys() {
    let rows: Vec<Value> = serde_json::from_str(include_str!("data/records/dkim.json")).unwrap();
    let short = rows.iter().find(|row| row["row"] == "§2.4 row 6").unwrap()["text"].as_str().unwrap();
    let text = short.replace("k=rsa", "k=rsa; t=s");
    let dns = json!([
        {"name": "selector1._domainkey.acme.example", "type": "CNAME", "rcode": "NOERROR", "answers": ["k.acme.onmicrosoft.com."]},
        answer("k.acme.onmicrosoft.com", &[&text]),
    ]);
    let report = keys(&[], &dns, &["example", "com"]).1.report;
    let weak = report.findings.iter().find(|finding| finding.id == "dkim.weak-key").unwrap();
    for words in ["1024 bits", "t=s: signatures", "alias of k.acme.onmicrosoft.com (Microsoft 365)"] {
        assert!(weak.detail.contains(words), "{words}: {}", weak.detail);
    }
}

/// The command line takes the header of a signature where it takes a selector.
#[test]
fn a_header_on_the_command_line() {
    let check = |selector: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_mxray"))
            .args([
                "check",
                "acme.example",
                "--offline",
                "--format",
                "json",
                "--evidence",
                "tests/data/checks/dkim.key.json",
            ])
            .args(["--selector", selector])
            .output()
            .expect("mxray runs");
        (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8"))
    };
    let header = format!("DKIM-Signature: v=1; d=vendor.test; s=theirs; b={}", "dGVzdA".repeat(60));
    let (code, report) = check(&header);
    assert!(code == Some(0) && report.contains("the signature that was pasted is by vendor.test"), "{code:?} {report}");
    assert_eq!(check("no selector!..").0, Some(2), "nonsense is refused as before");
}

/// Where no resolver answers, nothing may be said of selectors: not even that those asked for have no key.
#[test]
fn without_any_answer_nothing_is_claimed() {
    let domain = DomainName::parse("acme.example").unwrap();
    let mut evidence = Evidence::new();
    let assessment = loop {
        let assessment = assess(&domain, &Options::default(), &evidence, NOW);
        let mut asked = 0;
        for wanted in &assessment.wanted {
            if let Want::Dns { name, record_type } = &wanted.want {
                evidence.add_dns(DnsEntry {
                    name: name.clone(),
                    record_type: *record_type,
                    outcome: DnsOutcome::Failed(Failure::Timeout),
                    wire: None,
                    provenance: Provenance::default(),
                });
                asked += 1;
            }
        }
        if asked == 0 {
            break assessment;
        }
    };
    assert_eq!(seen(&assessment), (Status::Unknown, vec!["unknown dkim.unreadable".to_owned()]));
    assert_eq!(assessment.report.plan, []);
}
