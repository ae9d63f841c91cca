//! The DMARC tree walk and policy discovery over whole domains, RFC 9989 §4.10, and DKIM keys as DNS serves them; rows of
//! the standards sheet that concern more than one record.

use mxray::assess::{Assessment, assess};
use mxray::checks::{Context, Facts, Options, Outcome, Status};
use mxray::evidence::Evidence;
use mxray::name::DomainName;
use mxray::records::Technology;
use mxray::time::UnixTime;
use serde_json::json;

const NOW: UnixTime = UnixTime(1_795_435_200);

/// Evidence with these TXT records, complete for everything below `example` and `test`.
fn world(records: &[(&str, &str)]) -> Evidence {
    let mut dns: Vec<serde_json::Value> = Vec::new();
    for (name, text) in records {
        let (kind, value) = match text.strip_prefix("CNAME ") {
            Some(target) => ("CNAME", target.to_owned()),
            None => ("TXT", format!("\"{text}\"")),
        };
        match dns.iter_mut().find(|entry| entry["name"] == json!(name) && entry["type"] == json!(kind)) {
            Some(entry) => entry["answers"].as_array_mut().unwrap().push(json!(value)),
            None => dns.push(json!({"name": name, "type": kind, "rcode": "NOERROR", "answers": [value]})),
        }
    }
    let file = json!({"format": "mxray-evidence/1", "dns": dns, "authoritative_for": ["example", "test"]});
    Evidence::from_json(file.to_string().as_bytes()).unwrap()
}

fn name(text: &str) -> DomainName {
    DomainName::parse(text).unwrap()
}

fn facts(domain: &str, records: &[(&str, &str)]) -> Facts {
    let (domain, options, evidence) = (name(domain), Options::default(), world(records));
    Facts::gather(&Context::new(&domain, &options, &evidence, NOW))
}

/// Organizational domain, and the policies for the domain, its sub-domains and those that do not exist.
fn walked(domain: &str, records: &[(&str, &str)]) -> (String, String) {
    let facts = facts(domain, records);
    let policies = match facts.dmarc.effective() {
        Ok(Some(e)) => format!("{}: {} {} {}", e.name, e.domain.word(), e.subdomains.word(), e.nonexistent.word()),
        Ok(None) => "none".into(),
        Err(gap) => gap.why(),
    };
    (facts.dmarc.organizational_domain().map_or("unknown".into(), |domain| domain.to_string()), policies)
}

fn outcome(assessment: &Assessment, id: &str) -> Option<Outcome> {
    assessment.report.findings.iter().find(|finding| finding.id == id).map(|finding| finding.outcome)
}

#[test]
fn the_tree_walk() {
    const ACME: (&str, &str) = ("acme.example", "some text");
    const SUB: (&str, &str) = ("mail.acme.example", "some text");
    // Case, domain, names with their records, organizational domain, and where the policy comes from.
    type Walk = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str, &'static str);
    let walks: &[Walk] = &[
        (
            "own record",
            "acme.example",
            &[ACME, ("_dmarc.acme.example", "v=DMARC1; p=reject")],
            "acme.example",
            "acme.example: reject reject reject",
        ),
        ("nothing", "a.acme.example", &[ACME], "a.acme.example", "none"),
        (
            "§3.5 row 10",
            "acme.example",
            &[("_dmarc.acme.example", "v=DMARC1; p=reject; sp=quarantine; t=y")],
            "acme.example",
            "acme.example: quarantine none none",
        ),
        (
            "§3.5 row 8: two records are none, the walk goes on",
            "acme.example",
            &[
                ACME,
                ("_dmarc.acme.example", "v=DMARC1; p=reject"),
                ("_dmarc.acme.example", "v=DMARC1; p=none"),
                ("_dmarc.example", "v=DMARC1; p=quarantine"),
            ],
            "example",
            "example: quarantine quarantine quarantine",
        ),
        (
            "§3.5 row 12: sp of a record that is not the organizational one is dead",
            "mail.acme.example",
            &[
                SUB,
                ("_dmarc.mail.acme.example", "v=DMARC1; p=quarantine; sp=reject"),
                ("_dmarc.acme.example", "v=DMARC1; p=none"),
            ],
            "acme.example",
            "mail.acme.example: quarantine none none",
        ),
        (
            "§3.5 row 12: the name below takes the organizational record",
            "x.mail.acme.example",
            &[
                ("x.mail.acme.example", "text"),
                ("_dmarc.mail.acme.example", "v=DMARC1; p=quarantine; sp=reject"),
                ("_dmarc.acme.example", "v=DMARC1; p=none"),
            ],
            "acme.example",
            "acme.example: none none none",
        ),
        (
            "§3.5 row 13: the public suffix speaks",
            "acme.example",
            &[ACME, ("_dmarc.example", "v=DMARC1; p=reject; sp=quarantine; psd=y")],
            "acme.example",
            "example: quarantine quarantine quarantine",
        ),
        (
            "a public suffix is not asked where the organizational domain has a record",
            "mail.acme.example",
            &[
                SUB,
                ("_dmarc.acme.example", "v=DMARC1; p=none; sp=quarantine"),
                ("_dmarc.example", "v=DMARC1; p=reject; psd=y"),
            ],
            "acme.example",
            "acme.example: quarantine quarantine quarantine",
        ),
        (
            "psd=n ends the walk",
            "a.b.acme.example",
            &[
                ("a.b.acme.example", "text"),
                ("_dmarc.b.acme.example", "v=DMARC1; p=reject; psd=n"),
                ("_dmarc.acme.example", "v=DMARC1; p=none"),
            ],
            "b.acme.example",
            "b.acme.example: reject reject reject",
        ),
        (
            "np for a name that does not exist",
            "gone.acme.example",
            &[ACME, ("_dmarc.acme.example", "v=DMARC1; p=none; sp=quarantine; np=reject")],
            "acme.example",
            "acme.example: reject quarantine reject",
        ),
        (
            "a record that asks for nothing ends discovery",
            "mail.acme.example",
            &[SUB, ("_dmarc.mail.acme.example", "v=DMARC1; p=rejct"), ("_dmarc.acme.example", "v=DMARC1; p=reject")],
            "acme.example",
            "none",
        ),
        (
            "§3.2: between the domain and the seventh label nothing is asked",
            "a.b.c.d.e.f.g.h.acme.example",
            &[
                ("a.b.c.d.e.f.g.h.acme.example", "text"),
                ("_dmarc.c.d.e.f.g.h.acme.example", "v=DMARC1; p=reject"),
                ("_dmarc.acme.example", "v=DMARC1; p=quarantine"),
            ],
            "acme.example",
            "acme.example: quarantine quarantine quarantine",
        ),
        (
            "§3.5 row 19",
            "acme.example",
            &[ACME, ("_dmarc.acme.example", "CNAME acme.vendor.test."), ("acme.vendor.test", "v=DMARC1; p=reject")],
            "acme.example",
            "acme.example: reject reject reject",
        ),
    ];
    for (what, domain, records, organization, policies) in walks {
        assert_eq!(walked(domain, records), (organization.to_string(), policies.to_string()), "{what}");
    }
}

#[test]
fn the_walk_leaves_at_once_and_is_bounded() {
    let domain = name("a.b.c.d.e.f.g.h.i.j.k.example");
    let assessment = assess(&domain, &Options::default(), &Evidence::new(), NOW);
    let walk: Vec<String> = assessment
        .wanted
        .iter()
        .filter_map(|wanted| match &wanted.want {
            mxray::wanted::Want::Dns { name, .. } if name.as_str().starts_with("_dmarc.") => Some(name.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(walk.len(), 8, "{walk:?}");
    assert_eq!(walk[0], "_dmarc.a.b.c.d.e.f.g.h.i.j.k.example", "what others hang on leaves first");
}

#[test]
fn report_destinations() {
    let judge =
        |domain: &str, records: &[(&str, &str)]| assess(&name(domain), &Options::default(), &world(records), NOW);
    let id = "dmarc.external-report-unauthorised";
    let policy = ("_dmarc.acme.example", "v=DMARC1; p=reject; rua=mailto:x@rep.vendor.test");
    assert_eq!(outcome(&judge("acme.example", &[policy, ("acme.example", "text")]), id), Some(Outcome::Fail), "row 15");
    let given = ("acme.example._report._dmarc.rep.vendor.test", "v=DMARC1");
    assert_eq!(outcome(&judge("acme.example", &[policy, given]), id), Some(Outcome::Pass));
    assert_eq!(
        outcome(&judge("a.b.acme.example", &[policy, given]), id),
        Some(Outcome::Pass),
        "row 16: the policy's name"
    );
    let wildcard = ("*._report._dmarc.rep.vendor.test", "v=DMARC1;");
    assert_eq!(outcome(&judge("acme.example", &[policy, wildcard]), id), Some(Outcome::Pass), "§3.3 item 5");
    let elsewhere = ("acme.example._report._dmarc.rep.vendor.test", "v=DMARC1; rua=mailto:x@other.test");
    assert_eq!(outcome(&judge("acme.example", &[policy, elsewhere]), id), Some(Outcome::Fail), "§3.3 item 4");
    let inside = ("_dmarc.acme.example", "v=DMARC1; p=reject; rua=mailto:x@rep.acme.example");
    assert_eq!(outcome(&judge("acme.example", &[inside]), id), None, "the same organization");
}

/// What a live run knows before the guesses are answered: nothing may be called absent.
#[test]
fn no_dkim_verdict_before_the_guesses_are_answered() {
    let status = |evidence: &Evidence| {
        let assessment = assess(&name("acme.example"), &Options::default(), evidence, NOW);
        assessment.report.technology(Technology::Dkim).map(|technology| technology.status)
    };
    let evidence = |dns: serde_json::Value| {
        let file = json!({"format": "mxray-evidence/1", "dns": dns});
        Evidence::from_json(file.to_string().as_bytes()).unwrap()
    };
    let base = json!({"name": "_domainkey.acme.example", "type": "TXT", "rcode": "NXDOMAIN"});
    assert_eq!(status(&evidence(json!([base]))), Some(Status::Unknown));
    let key = json!({"name": "fm1._domainkey.acme.example", "type": "TXT", "rcode": "NOERROR",
        "answers": ["\"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\""]});
    assert_eq!(status(&evidence(json!([key]))), Some(Status::Pass), "a key that is found is found");
    assert_eq!(
        status(&world(&[("acme.example", "text")])),
        Some(Status::Absent),
        "every guess answered, nothing below"
    );
    let hidden = [("acme.example", "text"), ("hidden._domainkey.acme.example", "v=DKIM1; p=")];
    assert_eq!(status(&world(&hidden)), Some(Status::Unknown), "something is below _domainkey");
}

#[test]
fn a_users_selector_comes_first_and_wildcards_do_not_count() {
    let key = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    let ask = |selectors: &[&str], records: &[(&str, &str)]| {
        let options = Options { selectors: selectors.iter().map(ToString::to_string).collect(), ..Options::default() };
        let (domain, evidence) = (name("acme.example"), world(records));
        Facts::gather(&Context::new(&domain, &options, &evidence, NOW)).dkim
    };
    let own = ask(
        &["s=mine;", "mine._domainkey.acme.example", "two.labels", "b@d"],
        &[("mine._domainkey.acme.example", key)],
    );
    let first: Vec<&str> = own.selectors.iter().take(2).map(|selector| selector.label.as_str()).collect();
    assert_eq!((first, own.not_selectors.as_slice()), (vec!["mine", "two.labels"], &["b@d".to_owned()][..]));
    assert_eq!(own.usable().count(), 1);
    let wild = ask(&[], &[("*._domainkey.acme.example", key)]);
    assert_eq!((wild.usable().count(), wild.is_absent()), (0, false), "§2.4 row 16");
    // As a resolver shows it: the made-up selector is answered, and nothing says that a wildcard did it.
    let made_up = format!("{}._domainkey.acme.example", wild.nonsense.label);
    let other = "v=DKIM1; k=ed25519; p=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let records =
        [(made_up.as_str(), key), ("default._domainkey.acme.example", key), ("google._domainkey.acme.example", other)];
    let seen = ask(&[], &records);
    let usable: Vec<&str> = seen.usable().map(|(selector, _)| selector.label.as_str()).collect();
    assert_eq!(usable, ["google"], "§2.2 item 3: only content that differs counts");
}
