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
            "§3.2: the walk of a name below one of eight labels does not come by it",
            "b.c.d.e.f.g.acme.example",
            &[
                ("b.c.d.e.f.g.acme.example", "text"),
                ("_dmarc.b.c.d.e.f.g.acme.example", "v=DMARC1; p=reject; sp=reject; psd=n"),
                ("_dmarc.acme.example", "v=DMARC1; p=none; sp=quarantine; np=none"),
            ],
            "b.c.d.e.f.g.acme.example",
            "b.c.d.e.f.g.acme.example: reject quarantine none",
        ),
        (
            "the same with nothing above",
            "b.c.d.e.f.g.acme.example",
            &[("b.c.d.e.f.g.acme.example", "text"), ("_dmarc.b.c.d.e.f.g.acme.example", "v=DMARC1; p=reject")],
            "b.c.d.e.f.g.acme.example",
            "b.c.d.e.f.g.acme.example: reject none none",
        ),
        (
            "seven labels are in the walk of the names below",
            "c.d.e.f.g.acme.example",
            &[("c.d.e.f.g.acme.example", "text"), ("_dmarc.c.d.e.f.g.acme.example", "v=DMARC1; p=reject")],
            "c.d.e.f.g.acme.example",
            "c.d.e.f.g.acme.example: reject reject reject",
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

/// Outcome and title of the finding about the organizational domain.
fn organization(domain: &str, records: &[(&str, &str)]) -> Option<(Outcome, String, String)> {
    let report = assess(&name(domain), &Options::default(), &world(records), NOW).report;
    let finding = report.findings.into_iter().find(|finding| finding.id == "dmarc.organizational-domain")?;
    let publish = finding.publish.first().map(|publish| format!("{} {}", publish.name, publish.value));
    Some((finding.outcome, finding.detail, publish.unwrap_or_default()))
}

/// RFC 9989 §4.10.2, each rule with the reason that the report gives, and what a public suffix list makes of it.
#[test]
fn why_a_domain_is_organizational() {
    let policy = "v=DMARC1; p=reject";
    type Row =
        (&'static str, &'static str, Vec<(&'static str, &'static str)>, Outcome, &'static [&'static str], &'static str);
    let rows: Vec<Row> = vec![
        (
            "rule 3",
            "mail.acme.example",
            vec![("_dmarc.mail.acme.example", policy), ("_dmarc.acme.example", policy)],
            Outcome::Pass,
            &["acme.example: of the names"],
            "",
        ),
        (
            "rule 2",
            "mail.acme.example",
            vec![("_dmarc.acme.example", policy), ("_dmarc.example", "v=DMARC1; p=none; psd=y")],
            Outcome::Pass,
            &["acme.example: example declares"],
            "",
        ),
        (
            "rule 1",
            "a.b.acme.example",
            vec![("_dmarc.b.acme.example", "v=DMARC1; p=reject; psd=n"), ("_dmarc.acme.example", policy)],
            Outcome::Info,
            &["b.acme.example: its record says so", "take acme.example", "find no policy"],
            "",
        ),
        (
            "psd=y at the start",
            "acme.example",
            vec![("_dmarc.acme.example", "v=DMARC1; p=reject; psd=y")],
            Outcome::Pass,
            &["its own record ends the tree walk"],
            "",
        ),
        (
            "§3.2: an intermediate record alone",
            "a.b.acme.example",
            vec![("_dmarc.b.acme.example", policy)],
            Outcome::Info,
            &["b.acme.example: of the names", "take acme.example", "find no policy"],
            "",
        ),
        (
            "§3.2: a record of its own below the registered name",
            "mail.acme.example",
            vec![("_dmarc.mail.acme.example", policy)],
            Outcome::Info,
            &["align for them and not here"],
            "",
        ),
        (
            "a public suffix without psd=y",
            "acme.example",
            vec![("_dmarc.acme.example", policy), ("_dmarc.example", "v=DMARC1; p=none")],
            Outcome::Warn,
            &["example: of the names", "lacks psd=y"],
            "_dmarc.acme.example v=DMARC1; p=reject; psd=n",
        ),
        (
            "the same without a record of its own",
            "acme.example",
            vec![("_dmarc.example", "v=DMARC1; p=none")],
            Outcome::Warn,
            &["lacks psd=y"],
            "_dmarc.acme.example v=DMARC1; p=none; psd=n",
        ),
    ];
    for (what, domain, mut records, outcome, words, publish) in rows {
        records.push((domain, "some text"));
        let (found, detail, published) = organization(domain, &records).expect(what);
        assert_eq!((found, published.as_str()), (outcome, publish), "{what}: {detail}");
        for words in words {
            assert!(detail.contains(words), "{what}: {detail}");
        }
    }
    assert_eq!(organization("acme.example", &[("acme.example", "text")]), None, "without DMARC nothing is aligned");
}

/// What the domain's own SPF and DKIM mean for DMARC, and what strict modes exclude.
#[test]
fn alignment_by_the_domains_own_records() {
    const KEY: (&str, &str) =
        ("google._domainkey.acme.example", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    const SPF: (&str, &str) = ("acme.example", "v=spf1 ip4:192.0.2.1 -all");
    const HIDDEN: (&str, &str) = ("hidden._domainkey.acme.example", "v=DKIM1; p=");
    let seen = |id: &str, policy: &str, records: &[(&str, &str)]| {
        let mut all = vec![("_dmarc.acme.example", policy), ("acme.example", "some text")];
        all.extend_from_slice(records);
        outcome(&assess(&name("acme.example"), &Options::default(), &world(&all), NOW), id)
    };
    let alignment = |policy: &str, records: &[(&str, &str)]| seen("dmarc.alignment", policy, records);
    let (none, reject) = ("v=DMARC1; p=none", "v=DMARC1; p=reject");
    assert_eq!(alignment(reject, &[SPF, KEY]), Some(Outcome::Pass));
    assert_eq!(alignment(reject, &[KEY]), Some(Outcome::Info), "DKIM alone is enough");
    assert_eq!(alignment(reject, &[SPF]), Some(Outcome::Warn), "§3.1 item 11: reject must not rest on SPF alone");
    assert_eq!(alignment(none, &[SPF]), Some(Outcome::Info));
    let strict_both = "v=DMARC1; p=reject; adkim=s; aspf=s";
    assert_eq!(alignment(strict_both, &[]), Some(Outcome::Fail), "nothing can pass");
    assert_eq!(alignment(reject, &[]), Some(Outcome::Warn), "another name of the organization may carry the mail");
    assert_eq!(alignment(none, &[]), Some(Outcome::Warn));
    assert_eq!(alignment(reject, &[SPF, HIDDEN]), Some(Outcome::Info), "a key not found is not known to be missing");
    assert_eq!(alignment(reject, &[HIDDEN]), Some(Outcome::Unknown), "it may be all there is");
    let broken = ("acme.example", "v=spf1 ip4:192.0.2.300 -all");
    assert_eq!(alignment(reject, &[broken, KEY]), Some(Outcome::Info), "SPF with a permanent error never passes");
    assert_eq!(alignment(reject, &[broken]), Some(Outcome::Warn));
    assert_eq!(alignment(reject, &[("acme.example", "v=spf1 -all")]), None, "a domain that sends nothing");

    let strict = |policy: &str, records: &[(&str, &str)]| seen("dmarc.strict-alignment", policy, records);
    let bulk = ("acme.example", "v=spf1 include:sendgrid.net -all");
    assert_eq!(strict("v=DMARC1; p=reject; aspf=s", &[SPF, KEY]), Some(Outcome::Info));
    assert_eq!(strict("v=DMARC1; p=reject; aspf=s", &[bulk, KEY]), Some(Outcome::Warn), "bounce addresses lie below");
    assert_eq!(strict("v=DMARC1; p=reject; adkim=s", &[bulk, KEY]), Some(Outcome::Info));
    assert_eq!(strict(reject, &[bulk, KEY]), None);
}

/// The staged road from each stage: what is already stronger is never taken back.
#[test]
fn the_road_to_reject() {
    let road = |policy: &str| -> Vec<String> {
        let key =
            ("google._domainkey.acme.example", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        let records = [("acme.example", "v=spf1 ip4:192.0.2.1 -all"), ("_dmarc.acme.example", policy), key];
        let report = assess(&name("acme.example"), &Options::default(), &world(&records), NOW).report;
        let steps = report.plan.into_iter().filter(|step| step.technology == Technology::Dmarc);
        steps.flat_map(|step| step.publish).map(|publish| publish.value).collect()
    };
    let rua = "rua=mailto:d@acme.example";
    assert_eq!(
        road(&format!("v=DMARC1; p=none; {rua}")),
        [
            format!("v=DMARC1; p=quarantine; t=y; {rua}"),
            format!("v=DMARC1; p=quarantine; {rua}"),
            format!("v=DMARC1; p=reject; {rua}")
        ]
    );
    assert_eq!(
        road(&format!("v=DMARC1; p=none; sp=none; np=reject; {rua}")),
        [
            format!("v=DMARC1; p=quarantine; np=reject; t=y; {rua}"),
            format!("v=DMARC1; p=quarantine; np=reject; {rua}"),
            format!("v=DMARC1; p=reject; {rua}")
        ]
    );
    assert_eq!(
        road(&format!("v=DMARC1; p=quarantine; t=y; {rua}")),
        [format!("v=DMARC1; p=quarantine; {rua}"), format!("v=DMARC1; p=reject; {rua}")]
    );
    assert_eq!(road(&format!("v=DMARC1; p=reject; t=y; {rua}")), [format!("v=DMARC1; p=reject; {rua}")]);
    assert_eq!(road(&format!("v=DMARC1; p=reject; {rua}")), Vec::<String>::new());
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
    // By the tree walk mail.acme.example is an organization of its own; by a public suffix list it is not.
    let below = ("_dmarc.mail.acme.example", "v=DMARC1; p=reject; rua=mailto:x@acme.example");
    assert_eq!(outcome(&judge("mail.acme.example", &[below, ("acme.example", "text")]), id), Some(Outcome::Warn));
    // RFC 9991 §5: the addresses of ruf need the same permission.
    let failures = ("_dmarc.acme.example", "v=DMARC1; p=reject; ruf=mailto:x@rep.vendor.test");
    assert_eq!(outcome(&judge("acme.example", &[failures, ("acme.example", "text")]), id), Some(Outcome::Warn));
    let inside = ("_dmarc.acme.example", "v=DMARC1; p=reject; rua=mailto:x@rep.acme.example");
    assert_eq!(outcome(&judge("acme.example", &[inside]), id), None, "the same organization");
    // §3.3: the organizational domain of the target is found by its own tree walk.
    let apart = ("_dmarc.rep.acme.example", "v=DMARC1; p=none; psd=n");
    assert_eq!(
        outcome(&judge("acme.example", &[inside, apart]), id),
        Some(Outcome::Warn),
        "an organization of its own"
    );
    let part = ("_dmarc.rep.acme.example", "v=DMARC1; p=none");
    assert_eq!(outcome(&judge("acme.example", &[inside, part]), id), None, "a record alone parts nothing");
    let given = ("acme.example._report._dmarc.rep.acme.example", "v=DMARC1");
    assert_eq!(outcome(&judge("acme.example", &[inside, apart, given]), id), Some(Outcome::Pass));
}

/// The tree walk of a target that is asked live: wanted once, unknown until it is answered.
#[test]
fn the_walk_of_a_report_target_is_asked() {
    let file = json!({"format": "mxray-evidence/1", "dns": [
        {"name": "_dmarc.acme.example", "type": "TXT", "rcode": "NOERROR",
            "answers": ["\"v=DMARC1; p=reject; rua=mailto:x@a.rep.acme.example\""]},
        {"name": "_dmarc.example", "type": "TXT", "rcode": "NXDOMAIN"}]});
    let evidence = Evidence::from_json(file.to_string().as_bytes()).unwrap();
    let assessment = assess(&name("acme.example"), &Options::default(), &evidence, NOW);
    let asked = |wanted: &str| {
        let is = |want: &mxray::wanted::Want| matches!(want, mxray::wanted::Want::Dns { name, .. } if name.as_str() == wanted);
        assessment.wanted.iter().filter(|wanted| is(&wanted.want)).count()
    };
    assert_eq!(
        (asked("_dmarc.a.rep.acme.example"), asked("_dmarc.rep.acme.example"), asked("_dmarc.example")),
        (1, 1, 0)
    );
    assert_eq!(asked("acme.example._report._dmarc.a.rep.acme.example"), 0, "not before it is known to be needed");
    assert_eq!(outcome(&assessment, "dmarc.external-report-unauthorised"), Some(Outcome::Unknown));
}

/// Where the policy in effect is a registry's, the steps and corrections are about a record of one's own.
#[test]
fn nobody_is_told_to_change_a_registrys_record() {
    let registry = "v=DMARC1; p=quarantine; sp=quarantine; t=y; pct=50; psd=y; rua=mailto:x@nic.test";
    for record in [registry, "v=DMARC1; p=quarantine; pct=50; np=none"] {
        let records = [("acme.example", "v=spf1 ip4:192.0.2.1 -all"), ("_dmarc.example", record)];
        let report = assess(&name("acme.example"), &Options::default(), &world(&records), NOW).report;
        let findings = report.findings.iter().filter(|finding| finding.technology == Technology::Dmarc);
        let published =
            findings.flat_map(|finding| &finding.publish).chain(report.plan.iter().flat_map(|s| &s.publish));
        let names: Vec<&str> = published.filter(|p| p.name.contains("_dmarc")).map(|p| p.name.as_str()).collect();
        assert!(names.len() > 2 && names.iter().all(|name| *name == "_dmarc.acme.example"), "{record}: {names:?}");
        assert!(report.findings.iter().any(|finding| finding.id == "dmarc.no-reports"), "the reports go elsewhere");
    }
    let strict = [("acme.example", "v=spf1 ip4:192.0.2.1 -all"), ("_dmarc.example", "v=DMARC1; p=reject; psd=y")];
    let plan = assess(&name("acme.example"), &Options::default(), &world(&strict), NOW).report.plan;
    let first = plan.iter().find(|step| step.technology == Technology::Dmarc).unwrap();
    assert!(first.publish[0].value.starts_with("v=DMARC1; p=reject; rua="), "not weakened: {first:?}");
}

/// Texts that are policies to people and none to receivers.
#[test]
fn records_that_nobody_sees() {
    let seen = |domain: &str, records: &[(&str, &str)]| -> Vec<(Outcome, String)> {
        let report = assess(&name(domain), &Options::default(), &world(records), NOW).report;
        let found = report.findings.into_iter().filter(|finding| finding.id == "dmarc.not-a-record");
        found
            .map(|finding| (finding.outcome, finding.publish.first().map_or(String::new(), |p| p.name.clone())))
            .collect()
    };
    let own = "_dmarc.acme.example".to_owned();
    let apex = ("acme.example", "v=DMARC1; p=reject");
    assert_eq!(seen("acme.example", &[apex]), [(Outcome::Fail, own.clone())], "at the domain itself");
    let good = ("_dmarc.acme.example", "v=DMARC1; p=reject");
    assert_eq!(seen("acme.example", &[apex, good]), [(Outcome::Info, String::new())]);
    let token = ("_dmarc.acme.example", "some-verification=1");
    assert_eq!(seen("acme.example", &[("acme.example", "text"), token, good]), [(Outcome::Info, String::new())]);
    let wild = [("*.acme.example", "v=DMARC1; p=reject")];
    assert_eq!(seen("mail.acme.example", &wild), [], "a wildcard is meant for no name");
    let above = [("mail.acme.example", "text"), ("_dmarc.acme.example", "v=dmarc1; p=reject")];
    assert_eq!(seen("mail.acme.example", &above), [(Outcome::Warn, own)], "it would have been inherited");
    let missing = |records: &[(&str, &str)]| {
        outcome(&assess(&name("acme.example"), &Options::default(), &world(records), NOW), "dmarc.missing")
    };
    assert_eq!((missing(&[apex]), missing(&[("acme.example", "text")])), (None, Some(Outcome::Fail)), "said once");
    let dangling = [("acme.example", "text"), ("_dmarc.acme.example", "CNAME gone.vendor.test.")];
    let alias = outcome(&assess(&name("acme.example"), &Options::default(), &world(&dangling), NOW), "dmarc.alias");
    assert_eq!(alias, Some(Outcome::Fail), "an alias to nothing can be taken over");
}

/// Between sp and np of an inherited record the existence of the domain decides; where that is not known, nothing is said.
#[test]
fn existence_decides_between_sp_and_np() {
    let effective = |policy: &str, existence: Option<&str>| {
        let mut dns = vec![
            json!({"name": "_dmarc.mail.acme.example", "type": "TXT", "rcode": "NXDOMAIN"}),
            json!({"name": "_dmarc.acme.example", "type": "TXT", "rcode": "NOERROR", "answers": [format!("\"{policy}\"")]}),
            json!({"name": "_dmarc.example", "type": "TXT", "rcode": "NXDOMAIN"}),
        ];
        dns.extend(existence.map(|rcode| json!({"name": "mail.acme.example", "type": "MX", "rcode": rcode})));
        let file = json!({"format": "mxray-evidence/1", "dns": dns});
        let (domain, options) = (name("mail.acme.example"), Options::default());
        let evidence = Evidence::from_json(file.to_string().as_bytes()).unwrap();
        let facts = Facts::gather(&Context::new(&domain, &options, &evidence, NOW));
        facts.dmarc.effective().ok().flatten().map(|effective| effective.domain.word())
    };
    let both = "v=DMARC1; p=none; sp=quarantine; np=reject";
    assert_eq!(effective(both, Some("NOERROR")), Some("quarantine"));
    assert_eq!(effective(both, Some("NXDOMAIN")), Some("reject"));
    assert_eq!(effective(both, None), None, "not known");
    assert_eq!(effective("v=DMARC1; p=none; sp=reject", None), Some("reject"), "either way");
}

/// What receivers of both RFCs make of the tags that RFC 9989 removed (§3.1 item 6, §3.5 row 9).
#[test]
fn removed_tags_are_explained() {
    let explained = |policy: &str| {
        let records = [("acme.example", "v=spf1 ip4:192.0.2.1 -all"), ("_dmarc.acme.example", policy)];
        let report = assess(&name("acme.example"), &Options::default(), &world(&records), NOW).report;
        let finding = report.findings.into_iter().find(|finding| finding.id == "dmarc.removed-tags").unwrap();
        (finding.outcome, finding.detail, finding.publish[0].value.clone())
    };
    for (policy, outcome, words, record) in [
        ("v=DMARC1; p=reject; pct=20", Outcome::Warn, "20 %", "v=DMARC1; p=reject"),
        ("v=DMARC1; p=reject; pct=0", Outcome::Warn, "0 %", "v=DMARC1; p=reject; t=y"),
        ("v=DMARC1; p=reject; pct=100", Outcome::Info, "default", "v=DMARC1; p=reject"),
        ("v=DMARC1; p=none; pct=20", Outcome::Info, "changes nothing beside p=none", "v=DMARC1; p=none"),
        ("v=DMARC1; p=none; sp=reject; pct=20", Outcome::Warn, "20 %", "v=DMARC1; p=none; sp=reject"),
        ("v=DMARC1; p=reject; pct=half", Outcome::Warn, "no number from 0 to 100", "v=DMARC1; p=reject"),
        ("v=DMARC1; p=reject; rf=afrf", Outcome::Info, "one format", "v=DMARC1; p=reject"),
        ("v=DMARC1; p=reject; ri=3600", Outcome::Info, "every 3600 seconds", "v=DMARC1; p=reject"),
    ] {
        let (found, detail, published) = explained(policy);
        assert_eq!((found, published.as_str()), (outcome, record), "{policy}");
        assert!(detail.contains(words), "{policy}: {detail}");
    }
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

/// §3.1 item 11: at reject, what mailing lists do to mail is said to a domain that sends some, and is no fault.
#[test]
fn mailing_lists_are_mentioned_at_reject() {
    let policy = |record: &str, spf: &str| {
        let records = [("acme.example", spf), ("_dmarc.acme.example", record)];
        let report = assess(&name("acme.example"), &Options::default(), &world(&records), NOW).report;
        let finding = report.findings.into_iter().find(|finding| finding.id == "dmarc.policy").unwrap();
        (finding.outcome, finding.detail.contains("mailing lists"))
    };
    let sends = "v=spf1 ip4:192.0.2.1 -all";
    assert_eq!(policy("v=DMARC1; p=reject", sends), (Outcome::Pass, true));
    assert_eq!(policy("v=DMARC1; p=reject", "v=spf1 -all"), (Outcome::Pass, false), "nobody writes from there");
    assert_eq!(policy("v=DMARC1; p=reject; t=y", sends), (Outcome::Info, false), "quarantine in effect");
}
