//! MTA-STS and TLS-RPT as rooms: what is asked for and when, what each grade of evidence proves (standards sheet §4.6,
//! §5.4, §10.4), points, checklist, prerequisites and the road. Each case changes one thing in a sound world.

use mxray::assess::{Assessment, assess};
use mxray::checks::{Options, Outcome, Status};
use mxray::dns::RecordType;
use mxray::evidence::Evidence;
use mxray::name::DomainName;
use mxray::records::Technology;
use mxray::time::UnixTime;
use mxray::wanted::{Purpose, Want};
use serde_json::{Value, json};

const URL: &str = "https://mta-sts.acme.example/.well-known/mta-sts.txt";
const POLICY: &str = "version: STSv1\nmode: enforce\nmx: mx1.acme.example\nmx: *.mail.acme.example\nmax_age: 604800\n";

/// A sound world: policy read, enforced, complete; reports go to a domain with mail.
struct World {
    dns: Vec<Value>,
    https: Vec<Value>,
    authoritative: bool,
}

impl World {
    fn new() -> Self {
        let mut world = Self { dns: Vec::new(), https: Vec::new(), authoritative: true };
        world.set("acme.example", "MX", &["10 mx1.acme.example.", "20 a.mail.acme.example."]);
        world.set("mx1.acme.example", "A", &["192.0.2.1"]);
        world.set("a.mail.acme.example", "A", &["192.0.2.2"]);
        world.set("_mta-sts.acme.example", "TXT", &["\"v=STSv1; id=20261123T101500;\""]);
        world.set("mta-sts.acme.example", "A", &["192.0.2.3"]);
        world.set("_smtp._tls.acme.example", "TXT", &["\"v=TLSRPTv1; rua=mailto:tls@acme.example\""]);
        world.serve(json!({"status": 200, "content_type": "text/plain", "body": POLICY}));
        world
    }

    fn set(&mut self, name: &str, record_type: &str, answers: &[&str]) {
        self.remove(name, record_type);
        if !answers.is_empty() {
            self.dns.push(json!({"name": name, "type": record_type, "answers": answers}));
        }
    }

    /// Says that the name exists, without the record.
    fn no_data(&mut self, name: &str, record_type: &str) {
        self.remove(name, record_type);
        self.dns.push(json!({"name": name, "type": record_type, "answers": []}));
    }

    fn fail(&mut self, name: &str, record_type: &str) {
        self.remove(name, record_type);
        self.dns.push(json!({"name": name, "type": record_type, "failed": "timeout"}));
    }

    fn remove(&mut self, name: &str, record_type: &str) {
        self.dns.retain(|entry| entry["name"] != name || entry["type"] != record_type);
    }

    fn serve(&mut self, mut entry: Value) {
        entry["url"] = json!(URL);
        self.https = vec![entry];
    }

    fn policy(&mut self, text: &str) {
        self.serve(json!({"status": 200, "content_type": "text/plain", "body": text}));
    }

    fn assess(&self) -> Assessment {
        let domain = DomainName::parse("acme.example").unwrap();
        assess(&domain, &Options::default(), &self.evidence(), UnixTime(1_795_435_200))
    }

    fn evidence(&self) -> Evidence {
        let authority: &[&str] = if self.authoritative { &["acme.example"] } else { &[] };
        let evidence = json!({
            "format": "mxray-evidence/1", "domain": "acme.example", "dns": self.dns, "https": self.https,
            "authoritative_for": authority,
        });
        Evidence::from_json(evidence.to_string().as_bytes()).unwrap()
    }

    fn verdict(&self) -> Verdict {
        Verdict(self.assess())
    }
}

/// What one assessment says.
struct Verdict(Assessment);

impl Verdict {
    fn status(&self, technology: Technology) -> Status {
        self.0.report.technology(technology).unwrap().status
    }

    fn outcomes(&self, id: &str) -> Vec<Outcome> {
        self.0.report.findings.iter().filter(|finding| finding.id == id).map(|finding| finding.outcome).collect()
    }

    fn detail(&self, id: &str) -> &str {
        &self.0.report.findings.iter().find(|finding| finding.id == id).unwrap().detail
    }

    /// Points for record, policy, coverage and enforcement.
    fn points(&self) -> [Option<u8>; 4] {
        ["record", "policy", "covers", "enforce"].map(|item| self.earned(&format!("mta-sts.{item}")))
    }

    fn earned(&self, id: &str) -> Option<u8> {
        self.0.report.score.lines.iter().find(|line| line.id == id).unwrap().earned
    }

    fn done(&self, technology: Technology) -> Option<bool> {
        self.0.report.checklist.iter().find(|item| item.id == technology.id()).unwrap().done
    }

    fn met(&self, technology: Technology, id: &str) -> Option<bool> {
        let report = self.0.report.technology(technology).unwrap();
        report.prerequisites.iter().find(|prerequisite| prerequisite.id == id).unwrap().met
    }

    fn grade(&self) -> &Value {
        &self.0.report.technology(Technology::MtaSts).unwrap().detail["evidence"]
    }

    fn fetches(&self) -> bool {
        let fetch = Want::Https { url: URL.into(), purpose: Purpose::MtaStsPolicy };
        self.0.wanted.iter().any(|wanted| wanted.want == fetch)
    }

    fn steps(&self, technology: Technology) -> Vec<&str> {
        self.0.report.plan.iter().filter(|step| step.technology == technology).map(|step| step.step.as_str()).collect()
    }
}

fn with(change: impl FnOnce(&mut World)) -> Verdict {
    let mut world = World::new();
    change(&mut world);
    world.verdict()
}

#[test]
fn everything_in_place() {
    let verdict = World::new().verdict();
    assert_eq!(verdict.status(Technology::MtaSts), Status::Pass);
    assert_eq!(verdict.status(Technology::TlsRpt), Status::Pass);
    assert_eq!(verdict.points(), [Some(4), Some(4), Some(4), Some(5)]);
    assert_eq!([verdict.earned("tls-rpt.record"), verdict.earned("tls-rpt.target")], [Some(5), Some(3)]);
    assert_eq!(verdict.done(Technology::MtaSts), Some(true));
    assert_eq!(verdict.done(Technology::TlsRpt), Some(true));
    assert_eq!(verdict.met(Technology::MtaSts, "https-subdomain"), Some(true));
    assert_eq!(verdict.met(Technology::MtaSts, "tls-capable-mx"), None);
    assert_eq!(verdict.met(Technology::TlsRpt, "report-address"), Some(true));
    assert_eq!(verdict.grade(), "read");
    assert!(verdict.steps(Technology::MtaSts).is_empty() && verdict.steps(Technology::TlsRpt).is_empty());
    let commands = verdict.0.report.unknown.iter().filter(|unknown| unknown.how.contains("openssl s_client"));
    assert_eq!(commands.filter(|unknown| unknown.technology == Technology::MtaSts).count(), 2);
}

#[test]
fn the_policy_is_fetched_only_where_it_is_announced_and_public() {
    assert!(with(|world| world.https.clear()).fetches());
    assert!(!World::new().verdict().fetches(), "known already");
    assert!(
        !with(|world| {
            world.https.clear();
            world.set("_mta-sts.acme.example", "TXT", &[]);
        })
        .fetches()
    );
    assert!(
        !with(|world| {
            world.https.clear();
            world.fail("_mta-sts.acme.example", "TXT");
        })
        .fetches()
    );
    assert!(
        !with(|world| {
            world.https.clear();
            world.set("mta-sts.acme.example", "A", &[]);
        })
        .fetches()
    );
    assert!(
        !with(|world| {
            world.https.clear();
            world.set("mta-sts.acme.example", "A", &["10.0.0.1"]);
        })
        .fetches()
    );
    // A name that could not be looked up may still be one that the browser can reach.
    assert!(
        with(|world| {
            world.https.clear();
            world.no_data("mta-sts.acme.example", "AAAA");
            world.fail("mta-sts.acme.example", "A");
        })
        .fetches()
    );
    // Not before both kinds of addresses are known.
    let mut world = World::new();
    world.https.clear();
    world.authoritative = false;
    let verdict = world.verdict();
    assert!(!verdict.fetches());
    let name = DomainName::parse("mta-sts.acme.example").unwrap();
    assert!(verdict.0.wanted.iter().any(|w| w.want == Want::Dns { name: name.clone(), record_type: RecordType::AAAA }));
    world.no_data("mta-sts.acme.example", "AAAA");
    assert!(world.verdict().fetches());
}

#[test]
fn what_a_fetch_proves() {
    let unread = |entry: Value| with(|world| world.serve(entry));
    // §10.4 row 1: reachable is no verdict on the content.
    let verdict = unread(json!({"reachable": true}));
    assert_eq!(verdict.status(Technology::MtaSts), Status::Unknown);
    assert_eq!(verdict.points(), [Some(4), None, None, None]);
    assert_eq!(verdict.done(Technology::MtaSts), None);
    assert_eq!(verdict.met(Technology::MtaSts, "https-subdomain"), Some(true));
    assert_eq!(verdict.outcomes("mta-sts.policy-unread"), [Outcome::Unknown]);
    assert_eq!(verdict.outcomes("mta-sts.policy-no-cors"), [Outcome::Info]);
    assert_eq!(verdict.grade(), "reachable");
    assert!(verdict.steps(Technology::MtaSts)[0].contains(&format!("curl -sS -D- {URL}")));
    // §10.4 rows 2 and 11: a failure is unknown, never a fault.
    for failed in ["network", "timeout", "cors"] {
        let verdict = unread(json!({"failed": failed}));
        assert_eq!(verdict.status(Technology::MtaSts), Status::Unknown, "{failed}");
        assert_eq!(verdict.points(), [Some(4), None, None, None], "{failed}");
        assert_eq!(verdict.met(Technology::MtaSts, "https-subdomain"), None, "{failed}");
        assert_eq!(verdict.grade(), "unknown");
    }
    // §10.4 row 13.
    let verdict = with(|world| {
        world.serve(json!({"failed": "network"}));
        world.set("mta-sts.acme.example", "A", &[]);
        world.set("mta-sts.acme.example", "AAAA", &["2001:db8::3"]);
    });
    assert!(verdict.detail("mta-sts.policy-unread").contains("IPv6"));
    // §4.6 row 15 and §10.4 row 4; §4.6 row 18; a status; §10.4 row 5.
    for (entry, id) in [
        (json!({"status": 301, "body": ""}), "mta-sts.policy-redirect"),
        (json!({"failed": "redirected: https://www.acme.example/"}), "mta-sts.policy-redirect"),
        (json!({"failed": "tls: the certificate is for acme.example"}), "mta-sts.policy-tls"),
        (json!({"status": 404, "content_type": "text/plain", "body": POLICY}), "mta-sts.policy-status"),
        (json!({"status": 206, "content_type": "text/plain", "body": POLICY}), "mta-sts.policy-status"),
        (json!({"failed": "http-503"}), "mta-sts.policy-status"),
        (json!({"failed": "too-large: 65536"}), "mta-sts.policy-status"),
        (
            json!({"status": 200, "content_type": "text/html", "body": "<!DOCTYPE html><title>x"}),
            "mta-sts.policy-syntax",
        ),
    ] {
        let verdict = unread(entry.clone());
        assert_eq!(verdict.outcomes(id), [Outcome::Fail], "{entry}");
        assert_eq!(verdict.status(Technology::MtaSts), Status::Fail, "{entry}");
        assert_eq!(verdict.points(), [Some(4), Some(0), Some(0), Some(0)], "{entry}");
        assert_eq!(verdict.done(Technology::MtaSts), Some(false), "{entry}");
        assert!(!verdict.steps(Technology::MtaSts).is_empty(), "{entry}");
    }
}

/// §10.4 row 3: no host while there is a record is a real fault; a look-up that failed is none.
#[test]
fn the_policy_host() {
    let without_host = |world: &mut World| {
        world.https.clear();
        world.set("mta-sts.acme.example", "A", &[]);
    };
    let verdict = with(without_host);
    assert_eq!(verdict.outcomes("mta-sts.policy-host"), [Outcome::Fail]);
    assert_eq!(verdict.points(), [Some(4), Some(0), Some(0), Some(0)]);
    assert_eq!(verdict.met(Technology::MtaSts, "https-subdomain"), Some(false));
    let verdict = with(|world| {
        without_host(world);
        world.set("mta-sts.acme.example", "CNAME", &["gone.acme.example."]);
    });
    assert!(verdict.detail("mta-sts.policy-host").contains("gone.acme.example"));
    let verdict = with(|world| {
        without_host(world);
        world.no_data("mta-sts.acme.example", "AAAA");
        world.fail("mta-sts.acme.example", "A");
    });
    assert!(verdict.outcomes("mta-sts.policy-host").is_empty());
    assert_eq!(verdict.points(), [Some(4), None, None, None]);
    let mixed = with(|world| world.set("mta-sts.acme.example", "A", &["192.0.2.3", "192.168.0.1"]));
    assert!(mixed.outcomes("mta-sts.policy-host-private").is_empty(), "it was read, so it can be reached");
    let mixed = with(|world| {
        world.https.clear();
        world.set("mta-sts.acme.example", "A", &["192.0.2.3", "192.168.0.1"]);
    });
    assert_eq!(mixed.outcomes("mta-sts.policy-host-private"), [Outcome::Warn]);
}

#[test]
fn a_policy_through_a_relay_is_judged_and_marked() {
    let relay = "https://relay.example/?url=";
    let verdict = with(|world| {
        world.serve(json!({"status": 200, "content_type": "text/html", "body": POLICY, "from": relay}));
    });
    assert_eq!(verdict.status(Technology::MtaSts), Status::Pass);
    assert_eq!(verdict.grade(), "relayed");
    assert!(verdict.detail("mta-sts.mode").contains("through your relay, which could have changed it"));
    assert!(verdict.outcomes("mta-sts.policy-type").is_empty(), "the type may be the relay's");
    assert_eq!(verdict.met(Technology::MtaSts, "https-subdomain"), None, "the relay proves nothing about the host");
    let rows = &verdict.0.report.mail_hosts;
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row.policy.grade == "relayed" && row.words.policy.contains("as your relay gave it")));
    let verdict = with(|world| world.serve(json!({"reachable": true, "from": relay})));
    assert_eq!(verdict.grade(), "reachable");
    assert!(verdict.detail("mta-sts.policy-unread").contains("Your relay https://relay.example/?url= was asked too"));
}

#[test]
fn each_mail_host_has_its_row() {
    use mxray::checks::mail_hosts::{Cover, Delivery, Tlsa};
    let rows = |change: &dyn Fn(&mut World)| with(|world| change(world)).0.report.mail_hosts;
    let states = |change: &dyn Fn(&mut World)| -> Vec<_> {
        rows(change).iter().map(|row| (row.policy.state, row.policy.line.clone(), row.delivery.mta_sts)).collect()
    };
    let sound = states(&|_| {});
    assert_eq!(
        sound,
        [
            (Cover::Covered, Some("mx1.acme.example".into()), Delivery::WebPki),
            (Cover::Covered, Some("*.mail.acme.example".into()), Delivery::WebPki),
        ]
    );
    let one = states(&|world| world.policy("version: STSv1\nmode: enforce\nmx: mx1.acme.example\nmax_age: 604800\n"));
    assert_eq!(one[1], (Cover::NotCovered, None, Delivery::Refused));
    let testing =
        states(&|world| world.policy("version: STSv1\nmode: testing\nmx: mx1.acme.example\nmax_age: 604800\n"));
    assert_eq!((testing[0].2, testing[1].0, testing[1].2), (Delivery::Tested, Cover::NotCovered, Delivery::Tested));
    for (words, change) in [
        ("no record", &(|world: &mut World| world.set("_mta-sts.acme.example", "TXT", &[])) as &dyn Fn(&mut World)),
        ("mode none", &|world| world.policy("version: STSv1\nmode: none\nmax_age: 86400\n")),
        ("no file", &|world| world.serve(json!({"status": 404, "body": ""}))),
        ("a broken file", &|world| world.policy("mode: enforce\n")),
    ] {
        let rows = states(change);
        assert!(
            rows.iter().all(|row| (row.0, row.2) == (Cover::NoPolicy, Delivery::Opportunistic)),
            "{words}: {rows:?}"
        );
    }
    let unread = states(&|world| world.serve(json!({"failed": "network"})));
    assert!(unread.iter().all(|row| (row.0, row.2) == (Cover::Unknown, Delivery::Unknown)), "{unread:?}");
    assert_eq!(rows(&|world| world.set("acme.example", "MX", &["0 ."])), [], "a null MX has no hosts");
    assert_eq!(rows(&|world| world.fail("acme.example", "MX")), [], "nor do hosts that are not known");
    // Without a DS record the zone is unsigned, and TLSA records change nothing.
    let digest = "11".repeat(32);
    let tlsa = rows(&|world| {
        world.set("_25._tcp.mx1.acme.example", "TLSA", &[&format!("3 1 1 {digest}")]);
        world.fail("_25._tcp.a.mail.acme.example", "TLSA");
    });
    assert_eq!((tlsa[0].tlsa.state, tlsa[0].tlsa.records), (Tlsa::Insecure, 1));
    assert_eq!(
        (tlsa[0].delivery.both.clone(), tlsa[0].delivery.dane),
        (vec![Delivery::WebPki], Delivery::Opportunistic)
    );
    assert_eq!((tlsa[1].tlsa.state, tlsa[1].delivery.dane), (Tlsa::Unknown, Delivery::Unknown));
}

#[test]
fn a_supplied_policy_is_judged_as_such() {
    let verdict = with(|world| world.serve(json!({"status": 200, "body": POLICY, "supplied": true})));
    assert_eq!(verdict.status(Technology::MtaSts), Status::Pass);
    assert_eq!(verdict.done(Technology::MtaSts), Some(true));
    assert_eq!(verdict.grade(), "supplied");
    assert_eq!(verdict.met(Technology::MtaSts, "https-subdomain"), None, "a file proves nothing about the host");
    assert!(verdict.detail("mta-sts.mode").contains("that you supplied"));
    assert!(verdict.outcomes("mta-sts.policy-type").is_empty());
    let verdict = with(|world| {
        world.serve(json!({"status": 200, "body": POLICY, "supplied": true}));
        world.set("_mta-sts.acme.example", "TXT", &[]);
    });
    assert_eq!(verdict.outcomes("mta-sts.leftover-policy"), [Outcome::Warn]);
    assert_eq!(verdict.status(Technology::MtaSts), Status::Absent);
    assert_eq!(verdict.points(), [Some(0); 4]);
    assert_eq!(verdict.done(Technology::MtaSts), Some(false));
}

/// A status or redirect that curl printed is what the user says of the host, and outranks that the browser reached it.
#[test]
fn what_the_user_says_of_the_host_is_no_better_than_supplied() {
    for (entry, id) in [
        (json!({"failed": "redirected-301: https://www.acme.example/"}), "mta-sts.policy-redirect"),
        (json!({"failed": "http-404"}), "mta-sts.policy-status"),
    ] {
        let verdict = with(|world| {
            world.serve(json!({"reachable": true}));
            let mut supplied = entry.clone();
            supplied["url"] = json!(URL);
            supplied["supplied"] = json!(true);
            world.https.push(supplied);
        });
        assert_eq!(verdict.outcomes(id), [Outcome::Fail], "{entry}");
        assert_eq!(verdict.grade(), "supplied", "{entry}");
        assert_eq!(verdict.met(Technology::MtaSts, "https-subdomain"), None, "{entry}");
    }
    let verdict = with(|world| world.serve(json!({"failed": "redirected-301: https://www.acme.example/"})));
    assert_eq!(
        verdict.detail("mta-sts.policy-redirect"),
        format!("{URL} redirects to https://www.acme.example/ with status 301. Read from the policy host.")
    );
}

/// §4.5 rule 1: whoever knows the old policy looks again only for a new id.
#[test]
fn a_changed_policy_needs_a_new_id() {
    let changed = POLICY.replace("*.mail.acme.example", "a.mail.acme.example");
    let two = |first: Value, second: Value, ids: &[&str]| {
        with(|world| {
            let entry = |mut entry: Value| {
                entry["url"] = json!(URL);
                entry
            };
            world.https = vec![entry(first), entry(second)];
            world.remove("_mta-sts.acme.example", "TXT");
            for id in ids {
                let answers = [format!("\"v=STSv1; id={id};\"")];
                world.dns.push(json!({"name": "_mta-sts.acme.example", "type": "TXT", "answers": answers}));
            }
        })
    };
    let read = |text: &str| json!({"status": 200, "content_type": "text/plain", "body": text});
    let supplied = |text: &str| json!({"status": 200, "body": text, "supplied": true});
    // The same id beside both: said as a fault of the record, with one to publish that is new.
    let verdict = two(read(POLICY), read(&changed), &["1", "1"]);
    assert_eq!(verdict.outcomes("mta-sts.changed-policy"), [Outcome::Warn]);
    assert_eq!(
        verdict.detail("mta-sts.changed-policy"),
        "Two policies are known, and differ: in the other one only: *.mail.acme.example; in the present one only: \
         a.mail.acme.example. The record beside each has the id 1."
    );
    let verdict = two(read(POLICY), read(&changed), &["1", "2"]);
    assert_eq!(verdict.outcomes("mta-sts.changed-policy"), [Outcome::Pass]);
    // One record only: nobody can say which policy it stood beside, so it is advice.
    let verdict = two(read(POLICY), supplied(&changed), &["1"]);
    assert_eq!(verdict.outcomes("mta-sts.changed-policy"), [Outcome::Info]);
    assert!(
        verdict.detail("mta-sts.changed-policy").starts_with("The policy on the host (other) and the file that you")
    );
    // What was supplied first stays in force, whatever the host serves.
    let verdict = two(supplied(POLICY), read(&changed), &["1"]);
    assert_eq!(verdict.outcomes("mta-sts.changed-policy"), [Outcome::Info]);
    assert_eq!(verdict.grade(), "supplied");
    // The same policy in other words is no change; nor is a file that is no policy.
    let same = POLICY.replace('\n', "\r\n");
    assert!(two(read(POLICY), read(&same), &["1", "1"]).outcomes("mta-sts.changed-policy").is_empty());
    assert!(two(read("<html>"), read(POLICY), &["1", "1"]).outcomes("mta-sts.changed-policy").is_empty());
}

/// §4.5 rule 3.
#[test]
fn delegation() {
    let delegated = |record: bool, host: bool| {
        with(|world| {
            if record {
                world.set("_mta-sts.acme.example", "TXT", &[]);
                world.set("_mta-sts.acme.example", "CNAME", &["_mta-sts.provider.example."]);
                world.set("_mta-sts.provider.example", "TXT", &["\"v=STSv1; id=7;\""]);
            }
            if host {
                world.set("mta-sts.acme.example", "A", &[]);
                world.set("mta-sts.acme.example", "CNAME", &["mta-sts.provider.example."]);
                world.set("mta-sts.provider.example", "A", &["192.0.2.8"]);
            }
        })
    };
    assert!(delegated(false, false).outcomes("mta-sts.delegation").is_empty());
    for (record, host, says) in [
        (true, true, "record and policy come from there"),
        (true, false, "must serve the policy of whoever writes that record"),
        (false, true, "the id in your record must change"),
    ] {
        let verdict = delegated(record, host);
        assert_eq!(verdict.outcomes("mta-sts.delegation"), [Outcome::Info], "{record} {host}");
        let detail = verdict.detail("mta-sts.delegation");
        assert!(detail.contains(says), "{detail}");
        assert_eq!(detail.contains("certificate there must name mta-sts.acme.example"), host, "{detail}");
        assert_eq!(verdict.points(), [Some(4), Some(4), Some(4), Some(5)]);
    }
    let verdict = with(|world| {
        world.set("mta-sts.acme.example", "A", &[]);
        world.set("mta-sts.acme.example", "CNAME", &["mta-sts.provider.example."]);
        world.set("mta-sts.provider.example", "A", &["192.0.2.8"]);
        world.serve(
            json!({"failed": "tls: the certificate is not for mta-sts.acme.example; it names provider.example"}),
        );
    });
    assert!(verdict.detail("mta-sts.policy-tls").contains("an alias to mta-sts.provider.example"));
}

/// §4.5 rule 4: the record is gone, and the host still serves. Looked for on the command line only.
#[test]
fn what_is_left_over() {
    let mut world = World::new();
    world.https.clear();
    world.set("_mta-sts.acme.example", "TXT", &[]);
    let domain = DomainName::parse("acme.example").unwrap();
    let judge = |world: &World, leftovers: bool| {
        let options = Options { leftovers, ..Options::default() };
        Verdict(assess(&domain, &options, &world.evidence(), UnixTime(1_795_435_200)))
    };
    assert!(!judge(&world, false).fetches());
    assert!(judge(&world, true).fetches());
    world.policy(POLICY);
    let verdict = judge(&world, true);
    assert_eq!(verdict.outcomes("mta-sts.leftover-policy"), [Outcome::Warn]);
    assert!(verdict.detail("mta-sts.leftover-policy").contains("mode enforce"));
    assert!(verdict.outcomes("mta-sts.mode").is_empty(), "what nobody announces is judged no further");
    world.policy(&POLICY.replace("enforce", "none"));
    assert_eq!(judge(&world, true).outcomes("mta-sts.leftover-policy"), [Outcome::Info]);
    // What a stray host answers says nothing.
    for entry in [json!({"status": 404, "body": "no"}), json!({"failed": "tls: x"}), json!({"status": 301, "body": ""})]
    {
        world.serve(entry.clone());
        let own = judge(&world, true);
        let ids: Vec<_> = own.0.report.findings_of(Technology::MtaSts).map(|finding| finding.id.as_ref()).collect();
        assert_eq!(ids, ["mta-sts.missing"], "{entry}");
        assert_eq!(own.status(Technology::MtaSts), Status::Absent, "{entry}");
    }
}

/// §3.4 of the RFC: no policy is inherited.
#[test]
fn sub_domains_need_their_own() {
    let sub = DomainName::parse("news.acme.example").unwrap();
    let mut world = World::new();
    world.set("news.acme.example", "MX", &["10 mx1.acme.example."]);
    world.set("_dmarc.acme.example", "TXT", &["\"v=DMARC1; p=reject; psd=n\""]);
    let verdict = Verdict(assess(&sub, &Options::default(), &world.evidence(), UnixTime(1_795_435_200)));
    assert!(verdict.detail("mta-sts.missing").contains("A policy of acme.example does not hold"));
    let url = "https://mta-sts.news.acme.example/.well-known/mta-sts.txt";
    assert_eq!(verdict.0.report.technology(Technology::MtaSts).unwrap().detail["policy_url"], url);
}

/// §4.6 rows 12 and 13, and §4.4 rules 3 and 5.
#[test]
fn coverage_of_the_mail_servers() {
    let star = POLICY.replace("mx1.acme.example", "*.acme.example");
    for (exchanges, outcome) in [
        (&["10 mx1.acme.example."][..], Outcome::Pass),
        (&["10 MX1.ACME.EXAMPLE."], Outcome::Pass),
        (&["10 a.b.acme.example."], Outcome::Fail),
        (&["10 acme.example."], Outcome::Fail),
        (&["10 mx1.acme.example.evil.test."], Outcome::Fail),
    ] {
        let judge = |policy: &str| {
            with(|world| {
                world.policy(policy);
                world.set("acme.example", "MX", exchanges);
            })
        };
        let verdict = judge(&star);
        assert_eq!(verdict.outcomes("mta-sts.mx-not-covered"), [outcome], "{exchanges:?}");
        let covered = outcome == Outcome::Pass;
        assert_eq!(verdict.points()[2], Some(if covered { 4 } else { 0 }), "{exchanges:?}");
        assert_eq!(verdict.done(Technology::MtaSts), Some(covered), "{exchanges:?}");
        let verdict = judge(&star.replace("enforce", "testing"));
        let expected = if covered { Outcome::Pass } else { Outcome::Warn };
        assert_eq!(verdict.outcomes("mta-sts.mx-not-covered"), [expected], "{exchanges:?} while testing");
    }
    let verdict = with(|world| {
        world.policy(&star);
        world.set("acme.example", "MX", &["10 mx1.acme.example.", "20 a.b.acme.example.", "30 acme.example."]);
    });
    assert!(verdict.detail("mta-sts.mx-not-covered").starts_with(
        "2 of 3 mail hosts match no mx line: a.b.acme.example (the star of *.acme.example stands for one label, and not for \
         several); acme.example (*.acme.example needs one label more; the name itself is not in it)."
    ));
    assert_eq!(
        verdict.0.report.technology(Technology::MtaSts).unwrap().detail["policy"]["coverage"],
        json!([
            {"host": "mx1.acme.example", "line": "*.acme.example"},
            {"host": "a.b.acme.example", "line": null},
            {"host": "acme.example", "line": null},
        ])
    );
    // Implicit MX: the domain itself is the host.
    let implicit = |world: &mut World, policy: &str| {
        world.set("acme.example", "MX", &[]);
        world.set("acme.example", "A", &["192.0.2.9"]);
        world.policy(policy);
    };
    assert_eq!(with(|world| implicit(world, POLICY)).outcomes("mta-sts.mx-not-covered"), [Outcome::Fail]);
    let own = POLICY.replace("mx1.acme.example", "acme.example");
    assert_eq!(with(|world| implicit(world, &own)).outcomes("mta-sts.mx-not-covered"), [Outcome::Pass]);
    // Unknown mail servers are no fault of the policy.
    let verdict = with(|world| world.fail("acme.example", "MX"));
    assert!(verdict.outcomes("mta-sts.mx-not-covered").is_empty());
    assert_eq!(verdict.points(), [Some(4), Some(4), None, Some(5)]);
    assert_eq!(verdict.done(Technology::MtaSts), None);
}

#[test]
fn modes() {
    let verdict = with(|world| world.policy(&POLICY.replace("enforce", "testing")));
    assert_eq!(verdict.outcomes("mta-sts.mode"), [Outcome::Warn]);
    assert_eq!(verdict.points(), [Some(4), Some(4), Some(4), Some(2)]);
    assert_eq!(verdict.done(Technology::MtaSts), Some(false));
    // §4.6 row 14.
    let verdict = with(|world| world.policy("version: STSv1\nmode: none\nmax_age: 86400\n"));
    assert_eq!(verdict.outcomes("mta-sts.mode"), [Outcome::Info]);
    assert_eq!(verdict.outcomes("mta-sts.policy-syntax"), [Outcome::Pass]);
    assert_eq!(verdict.points(), [Some(4), Some(4), Some(0), Some(0)]);
    for (mode, seconds, outcome) in [
        ("enforce", 0, Some(Outcome::Warn)),
        ("enforce", 86_399, Some(Outcome::Warn)),
        ("enforce", 86_400, Some(Outcome::Info)),
        ("enforce", 604_800, Some(Outcome::Pass)),
        ("testing", 3600, Some(Outcome::Info)),
        ("testing", 86_400, None),
        ("none", 0, None),
    ] {
        let policy = POLICY.replace("enforce", mode).replace("604800", &seconds.to_string());
        let verdict = with(|world| world.policy(&policy));
        assert_eq!(verdict.outcomes("mta-sts.max-age"), outcome.into_iter().collect::<Vec<_>>(), "{mode} {seconds}");
    }
}

/// §4.6 row 7 and the selection of §4.1.
#[test]
fn which_record_counts() {
    let records = |texts: &[&str]| with(|world| world.set("_mta-sts.acme.example", "TXT", texts));
    let good = "\"v=STSv1; id=1\"";
    let verdict = records(&[good, "\"v=STSv1; id=2\""]);
    assert_eq!(verdict.outcomes("mta-sts.multiple"), [Outcome::Fail]);
    assert_eq!(verdict.points(), [Some(0); 4]);
    assert_eq!(verdict.done(Technology::MtaSts), Some(false));
    let verdict = records(&[good, "\"v=spf1 -all\"", "\"some note\""]);
    assert_eq!(verdict.status(Technology::MtaSts), Status::Pass);
    let verdict = records(&[good, "\"v=STSv1 ; id=2\""]);
    assert_eq!(verdict.outcomes("mta-sts.multiple"), [Outcome::Warn]);
    assert_eq!(verdict.points()[0], Some(4));
    let verdict = records(&[good, "\"v=stsv1; id=2\""]);
    assert_eq!(verdict.outcomes("mta-sts.near-miss"), [Outcome::Info]);
    let verdict = records(&["\"v=stsv1; id=2\""]);
    assert_eq!(verdict.outcomes("mta-sts.near-miss"), [Outcome::Fail]);
    assert!(verdict.outcomes("mta-sts.missing").is_empty());
    assert_eq!(verdict.status(Technology::MtaSts), Status::Fail);
    let verdict = records(&["\"v=STSv1\""]);
    assert_eq!(verdict.outcomes("mta-sts.record-syntax"), [Outcome::Fail]);
    assert_eq!(verdict.points(), [Some(0); 4]);
    // Strings are joined without a separator, T7.
    assert_eq!(
        records(&["\"v=STSv1; id=2026\" \"1123\""]).0.report.technology(Technology::MtaSts).unwrap().detail["id"],
        "20261123"
    );
}

/// A wildcard answers at every name: that is no record at the wrong one.
#[test]
fn a_wildcard_is_no_slip() {
    let verdict = with(|world| {
        world.set("*.acme.example", "TXT", &["\"v=STSv1; id=1;\"", "\"v=TLSRPTv1; rua=mailto:a@acme.example\""])
    });
    assert!(verdict.outcomes("mta-sts.near-miss").is_empty());
    assert!(verdict.outcomes("tls-rpt.near-miss").is_empty());
}

#[test]
fn a_record_that_is_not_there_and_one_that_could_not_be_looked_up() {
    let absent = with(|world| {
        world.https.clear();
        world.set("_mta-sts.acme.example", "TXT", &[]);
        world.set("_smtp._tls.acme.example", "TXT", &[]);
    });
    assert_eq!(absent.points(), [Some(0); 4]);
    assert_eq!(absent.status(Technology::MtaSts), Status::Absent);
    assert_eq!(absent.status(Technology::TlsRpt), Status::Absent);
    assert_eq!(absent.earned("tls-rpt.target"), Some(0));
    let failed = with(|world| {
        world.https.clear();
        world.fail("_mta-sts.acme.example", "TXT");
        world.fail("_smtp._tls.acme.example", "TXT");
    });
    assert_eq!(failed.points(), [None; 4]);
    assert_eq!(failed.status(Technology::MtaSts), Status::Unknown);
    assert_eq!(failed.status(Technology::TlsRpt), Status::Unknown);
    assert_eq!([failed.done(Technology::MtaSts), failed.done(Technology::TlsRpt)], [None, None]);
    assert!(failed.outcomes("mta-sts.missing").is_empty() && failed.outcomes("tls-rpt.missing").is_empty());
}

#[test]
fn nothing_is_asked_of_a_domain_that_receives_nothing() {
    let verdict = with(|world| {
        world.set("acme.example", "MX", &["0 ."]);
        world.set("_mta-sts.acme.example", "TXT", &[]);
        world.set("_smtp._tls.acme.example", "TXT", &[]);
    });
    assert_eq!(verdict.status(Technology::MtaSts), Status::NotApplicable);
    assert_eq!(verdict.status(Technology::TlsRpt), Status::NotApplicable);
    assert!(
        verdict
            .0
            .report
            .score
            .lines
            .iter()
            .filter(|l| l.id.starts_with("mta-sts") || l.id.starts_with("tls-rpt"))
            .all(|l| !l.applies)
    );
    let own = |technology| verdict.0.report.findings_of(technology).count();
    assert_eq!([own(Technology::MtaSts), own(Technology::TlsRpt)], [0, 0]);
    assert!(verdict.steps(Technology::MtaSts).is_empty() && verdict.steps(Technology::TlsRpt).is_empty());
}

/// §4.5 rules 1 and 2: reports, then testing, then enforce; the file before the id.
#[test]
fn the_road() {
    let verdict = with(|world| {
        world.https.clear();
        world.set("_mta-sts.acme.example", "TXT", &[]);
        world.set("_smtp._tls.acme.example", "TXT", &[]);
    });
    let own = |technology: &Technology| matches!(technology, Technology::MtaSts | Technology::TlsRpt);
    let plan: Vec<_> = verdict.0.report.plan.iter().filter(|step| own(&step.technology)).collect();
    let published: Vec<Vec<&str>> =
        plan.iter().map(|step| step.publish.iter().map(|p| p.value.as_str()).collect()).collect();
    assert_eq!(
        published,
        [
            vec!["v=TLSRPTv1; rua=mailto:tls-reports@acme.example;"],
            vec![
                "version: STSv1\nmode: testing\nmx: mx1.acme.example\nmx: a.mail.acme.example\nmax_age: 86400\n",
                "v=STSv1; id=20261123T120000;"
            ],
            vec![
                "version: STSv1\nmode: enforce\nmx: mx1.acme.example\nmx: a.mail.acme.example\nmax_age: 604800\n",
                "v=STSv1; id=20261207T120000;"
            ],
        ]
    );
    // Every record and file of the plan is one that the parsers find nothing wrong with.
    for publish in plan.iter().flat_map(|step| &step.publish) {
        let problems = match publish.record_type.as_str() {
            "file" => mxray::records::mta_sts_policy::parse(&publish.value).problems.len(),
            _ if publish.name.starts_with("_mta-sts.") => mxray::records::mta_sts::parse(&publish.value).problems.len(),
            _ => mxray::records::tls_rpt::parse(&publish.value).problems.len(),
        };
        assert_eq!(problems, 0, "{}", publish.value);
    }
}

/// A domain whose mail servers are not known gets no file with invented names.
#[test]
fn no_file_is_made_up() {
    let verdict = with(|world| {
        world.https.clear();
        world.fail("acme.example", "MX");
        world.set("_mta-sts.acme.example", "TXT", &[]);
    });
    let files =
        verdict.0.report.plan.iter().flat_map(|step| &step.publish).filter(|publish| publish.record_type == "file");
    assert_eq!(files.count(), 0);
    assert!(verdict.steps(Technology::MtaSts)[0].contains("could not be looked up"));
}

#[test]
fn where_reports_go() {
    let record = |text: &str| with(|world| world.set("_smtp._tls.acme.example", "TXT", &[&format!("\"{text}\"")]));
    let both = |verdict: &Verdict| [verdict.earned("tls-rpt.record"), verdict.earned("tls-rpt.target")];
    // §5.4 rows 3, 4 and 6.
    for text in [
        "v=TLSRPTv1; rua=tls@acme.example",
        "v=TLSRPTv1; rua=http://acme.example/",
        "v=tlsrptv1; rua=mailto:tls@acme.example",
    ] {
        let verdict = record(text);
        assert_eq!(both(&verdict), [Some(0), Some(0)], "{text}");
        assert_eq!(verdict.status(Technology::TlsRpt), Status::Fail, "{text}");
        assert_eq!(verdict.done(Technology::TlsRpt), Some(false), "{text}");
    }
    // One target of two is enough; that the other is dead is a warning.
    let verdict = record("v=TLSRPTv1; rua=mailto:a@gone.acme.example,mailto:tls@acme.example");
    assert_eq!(both(&verdict), [Some(5), Some(3)]);
    assert_eq!(verdict.outcomes("tls-rpt.target-undeliverable"), [Outcome::Warn]);
    let verdict = record("v=TLSRPTv1; rua=mailto:a@gone.acme.example");
    assert_eq!(both(&verdict), [Some(5), Some(0)]);
    assert_eq!(verdict.outcomes("tls-rpt.target-undeliverable"), [Outcome::Fail]);
    assert_eq!(verdict.steps(Technology::TlsRpt).len(), 1);
    // Elsewhere, nothing is known yet: it is asked for, and held against nobody.
    let verdict = record("v=TLSRPTv1; rua=mailto:a@reports.test");
    assert_eq!(both(&verdict), [Some(5), None]);
    assert_eq!(verdict.done(Technology::TlsRpt), None);
    let name = DomainName::parse("reports.test").unwrap();
    assert!(verdict.0.wanted.iter().any(|w| w.want == Want::Dns { name: name.clone(), record_type: RecordType::MX }));
    // A domain without MX and with an address takes mail; a host needs no MX.
    let verdict = record("v=TLSRPTv1; rua=mailto:a@mx1.acme.example,https://mx1.acme.example/v1");
    assert!(verdict.outcomes("tls-rpt.target-undeliverable").is_empty());
    assert_eq!(both(&verdict), [Some(5), Some(3)]);
    // A null MX, no such domain, private addresses.
    let dead = |uri: &str, change: &dyn Fn(&mut World)| {
        with(|world| {
            world.set("_smtp._tls.acme.example", "TXT", &[&format!("\"v=TLSRPTv1; rua={uri}\"")]);
            change(world);
        })
    };
    for (uri, says, change) in [
        (
            "mailto:a@null.acme.example",
            "null MX",
            (&|world: &mut World| world.set("null.acme.example", "MX", &["0 ."])) as &dyn Fn(&mut World),
        ),
        ("mailto:a@gone.acme.example", "neither mail servers nor an address", &|_| {}),
        ("https://gone.acme.example/v1", "has no address", &|_| {}),
        ("https://inside.acme.example/v1", "private addresses only", &|world| {
            world.set("inside.acme.example", "A", &["10.1.2.3"]);
        }),
        ("mailto:a@inside.acme.example", "private addresses only", &|world| {
            world.set("inside.acme.example", "A", &["192.168.1.1"]);
        }),
    ] {
        let verdict = dead(uri, change);
        assert_eq!(both(&verdict), [Some(5), Some(0)], "{uri}");
        assert_eq!(verdict.outcomes("tls-rpt.target-undeliverable"), [Outcome::Fail], "{uri}");
        assert!(verdict.detail("tls-rpt.target-undeliverable").contains(says), "{uri}");
    }
    // Reports that come to the servers they are about.
    let verdict = record("v=TLSRPTv1; rua=mailto:tls@acme.example");
    assert!(verdict.detail("tls-rpt.targets").contains("the mail servers that they are about"));
    let verdict = record("v=TLSRPTv1; rua=mailto:tls@acme.example,https://mx1.acme.example/v1");
    assert!(!verdict.detail("tls-rpt.targets").contains("that they are about"));
    // §5.4 row 9.
    let verdict = with(|world| {
        world.set(
            "_smtp._tls.acme.example",
            "TXT",
            &["\"v=TLSRPTv1; rua=mailto:a@acme.example\"", "\"v=TLSRPTv1; rua=mailto:b@acme.example\""],
        );
    });
    assert_eq!(both(&verdict), [Some(0), Some(0)]);
}

/// The page highlights the place of a finding in what is published, so the two must be the same text.
#[test]
fn every_place_is_in_something_published() {
    let mut places = 0;
    for entry in std::fs::read_dir("tests/data/checks").unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let own = ["mta-sts.", "tls-rpt."].iter().any(|prefix| name.starts_with(prefix));
        if !own || name.ends_with(".expected.json") {
            continue;
        }
        let evidence = Evidence::from_json(&std::fs::read(&path).unwrap()).unwrap();
        let domain = evidence.domain.clone().unwrap();
        let report = assess(&domain, &Options::default(), &evidence, UnixTime(1_795_435_200)).report;
        for technology in [Technology::MtaSts, Technology::TlsRpt] {
            let published = &report.technology(technology).unwrap().published;
            for place in report.findings_of(technology).filter_map(|finding| finding.at.as_ref()) {
                places += 1;
                assert!(
                    published.iter().any(|p| p.name == place.name && p.value == place.record),
                    "{name}: {place:?} is in nothing published"
                );
                assert!(place.start < place.end, "{name}: {place:?} covers nothing");
            }
        }
    }
    assert!(places > 80, "{places} places");
}
