//! `check_host()`: the conformance suite, what is asked and in which order, and what the trace says.

mod openspf;

use std::net::{Ipv4Addr, Ipv6Addr};

use mxray::dns::{Provenance, Rcode, RecordType};
use mxray::evidence::{DnsEntry, DnsOutcome, Evidence, Failure, Lookup};
use mxray::name::DomainName;
use mxray::spf_eval::{Evaluation, Mail, Outcome, Reason, Tried, Why, check_host};
use mxray::time::UnixTime;
use mxray::wanted::Want;
use proptest::prelude::*;

/// What the suite's authors call the explanation of a receiver, given where the domain gives none.
const NO_EXPLANATION: &str = "DEFAULT";

#[test]
fn every_case_of_the_conformance_suite() {
    let Some(suite) = openspf::read() else { return };
    assert!(suite.cases.len() >= 200, "only {} cases", suite.cases.len());
    let mut wrong = Vec::new();
    let mut explained = 0;
    for case in &suite.cases {
        let evaluation = check_host(&case.mail, &suite.worlds[case.world]);
        let outcome = evaluation.outcome.map_or("missing", |outcome| outcome.word());
        if !case.results.iter().any(|any| any == outcome) {
            wrong.push(format!("{}: {outcome} instead of {:?}\n{}", case.name, case.results, evaluation.to_text()));
        }
        if let Some(expected) = &case.explanation {
            explained += 1;
            let explanation = evaluation.explanation.as_deref().unwrap_or(NO_EXPLANATION);
            if explanation != expected {
                wrong.push(format!("{}: “{explanation}” instead of “{expected}”", case.name));
            }
        }
        if !evaluation.wanted.is_empty() {
            wrong.push(format!("{}: wants {:?} in a world that is complete", case.name, evaluation.wanted));
        }
    }
    println!("{} cases, {explained} explanations", suite.cases.len());
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), suite.cases.len(), wrong.join("\n"));
}

/// Adds to `known` what `world` answers to one want.
fn answer(want: &Want, world: &Evidence, known: &mut Evidence) {
    let Want::Dns { name, record_type } = want else { panic!("SPF needs no {want:?}") };
    let answer = |rcode, answers| DnsOutcome::Answer { rcode, answers, authority: Vec::new(), authentic: false };
    let outcome = match world.look_up(name, *record_type) {
        Lookup::Found(found) => answer(Rcode::NOERROR, found.records.into_iter().cloned().collect()),
        Lookup::NoData { .. } => answer(Rcode::NOERROR, Vec::new()),
        Lookup::NxDomain { .. } => answer(Rcode::NXDOMAIN, Vec::new()),
        Lookup::Failed(failure) => DnsOutcome::Failed(failure.clone()),
        Lookup::NotSupplied { .. } => panic!("the world is complete"),
    };
    known.add_dns(DnsEntry {
        name: name.clone(),
        record_type: *record_type,
        outcome,
        wire: None,
        provenance: Provenance::default(),
    });
}

/// Evaluates from nothing, answering what is wanted round by round: the last evaluation, and what was asked.
fn live(mail: &Mail, world: &Evidence) -> (Evaluation, Vec<Vec<Want>>) {
    let mut known = Evidence::new();
    let mut rounds = Vec::new();
    loop {
        let evaluation = check_host(mail, &known);
        if evaluation.is_complete() {
            return (evaluation, rounds);
        }
        assert!(rounds.len() < 30, "no end: {:?}", evaluation.wanted);
        let round: Vec<Want> = evaluation.wanted.into_iter().map(|wanted| wanted.want).collect();
        for want in &round {
            answer(want, world, &mut known);
        }
        rounds.push(round);
    }
}

/// Answers that come one after the other lead to the same verdict as all at once, with the same trace; until all that
/// matter are there, there is none.
#[test]
fn live_is_as_offline() {
    let Some(suite) = openspf::read() else { return };
    for case in &suite.cases {
        let world = &suite.worlds[case.world];
        let (evaluation, rounds) = live(&case.mail, world);
        assert_eq!(evaluation, check_host(&case.mail, world), "{}", case.name);
        let asked: usize = rounds.iter().map(Vec::len).sum();
        assert!(asked <= 1 + 2 * (10 + 100), "{}: {asked} look-ups", case.name);
    }
}

fn mail(ip: &str, sender: &str) -> Mail {
    let (sender, helo, receiver) = (sender.into(), "mail.client.test".into(), "mx.receiver.test".into());
    Mail { ip: ip.parse().unwrap(), sender, helo, domain: None, receiver, at: UnixTime(1_795_435_200) }
}

fn world(zone: &str) -> Evidence {
    let intake = mxray::intake::read("world.zone", zone.as_bytes(), None).unwrap();
    let mut evidence = intake.evidence;
    evidence.add_authority(name("."));
    evidence
}

fn name(text: &str) -> DomainName {
    DomainName::parse(text).unwrap()
}

fn dns(text: &str, record_type: RecordType) -> Want {
    Want::Dns { name: name(text), record_type }
}

const TREE: &str = r#"
$ORIGIN .
$TTL 300
acme.example. TXT  "v=spf1 a:out.acme.example include:_a.mailer.test include:_b.mailer.test exists:%{i}.ok.acme.example mx exp=why.acme.example redirect=_end.acme.example"
acme.example. MX   10 mx1.acme.example.
acme.example. MX   20 mx2.acme.example.
out.acme.example. A    192.0.2.1
mx1.acme.example. A    192.0.2.11
mx2.acme.example. A    192.0.2.12
why.acme.example. TXT  "%{i} is no server of %{d}; seen by %{r} at %{t}, helo %{h}, from %{S}"
_end.acme.example. TXT  "v=spf1 ip4:198.51.100.0/24 -all exp=why.acme.example"
_a.mailer.test. TXT "v=spf1 ip4:203.0.113.0/25 include:_a1.mailer.test ~all"
_a1.mailer.test. TXT "v=spf1 ip6:2001:db8:77::/48 -all"
_b.mailer.test. TXT "v=spf1 ip4:203.0.113.128/25 -all"
"#;

/// Whatever does not hang on a missing answer is asked for at once: three rounds for a tree of three storeys.
#[test]
fn independent_questions_leave_together() {
    let world = world(TREE);
    let (evaluation, rounds) = live(&mail("198.51.100.9", "bob@acme.example"), &world);
    assert_eq!(evaluation.outcome, Some(Outcome::Pass));
    assert_eq!(rounds[0], [dns("acme.example", RecordType::TXT)]);
    let second = [
        dns("_a.mailer.test", RecordType::TXT),
        dns("_b.mailer.test", RecordType::TXT),
        dns("acme.example", RecordType::MX),
        dns("_end.acme.example", RecordType::TXT),
        dns("out.acme.example", RecordType::A),
        dns("198.51.100.9.ok.acme.example", RecordType::A),
    ];
    assert_eq!(rounds[1], second);
    let third = [
        dns("_a1.mailer.test", RecordType::TXT),
        dns("mx1.acme.example", RecordType::A),
        dns("mx2.acme.example", RecordType::A),
    ];
    assert_eq!(rounds[2], third);
    assert_eq!(rounds.len(), 3);
}

/// Where a term matches, nothing is asked for that stands behind it.
#[test]
fn nothing_is_asked_behind_a_match() {
    let (evaluation, rounds) = live(&mail("192.0.2.1", "bob@acme.example"), &world(TREE));
    assert_eq!(evaluation.outcome, Some(Outcome::Pass));
    assert_eq!((evaluation.look_ups, evaluation.voids), (1, 0));
    assert_eq!(rounds.len(), 2);
    let mut known = Evidence::new();
    answer(&dns("acme.example", RecordType::TXT), &world(TREE), &mut known);
    answer(&dns("out.acme.example", RecordType::A), &world(TREE), &mut known);
    assert!(check_host(&mail("192.0.2.1", "bob@acme.example"), &known).is_complete());
}

#[test]
fn a_missing_answer_is_no_verdict() {
    let mut known = Evidence::new();
    answer(&dns("acme.example", RecordType::TXT), &world(TREE), &mut known);
    let evaluation = check_host(&mail("203.0.113.200", "bob@acme.example"), &known);
    assert_eq!(evaluation.outcome, None);
    assert!(matches!(&evaluation.reason, Some(Reason::Missing { questions }) if questions.len() == 6));
    assert_eq!(evaluation.steps.len(), 1, "the trace ends at the first missing answer: {:?}", evaluation.steps);
    assert_eq!(evaluation.steps[0].tried, Tried::Missing);
}

#[test]
fn the_trace_says_which_term_at_which_bytes_and_why() {
    let evaluation = check_host(&mail("203.0.113.200", "bob@acme.example"), &world(TREE));
    assert_eq!(evaluation.outcome, Some(Outcome::Pass));
    assert_eq!((evaluation.look_ups, evaluation.voids), (4, 0));
    let told: Vec<(&str, &str, Tried)> = evaluation
        .steps
        .iter()
        .map(|step| {
            let record = &evaluation.records[step.record];
            (record.domain.as_str(), step.span.of(&record.text), step.tried)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("acme.example", "a:out.acme.example", Tried::NoMatch),
            ("acme.example", "include:_a.mailer.test", Tried::NoMatch),
            ("_a.mailer.test", "ip4:203.0.113.0/25", Tried::NoMatch),
            ("_a.mailer.test", "include:_a1.mailer.test", Tried::NoMatch),
            ("_a1.mailer.test", "ip6:2001:db8:77::/48", Tried::NoMatch),
            ("_a1.mailer.test", "-all", Tried::Match),
            ("_a.mailer.test", "~all", Tried::Match),
            ("acme.example", "include:_b.mailer.test", Tried::Match),
            ("_b.mailer.test", "ip4:203.0.113.128/25", Tried::Match),
        ]
    );
    assert_eq!(evaluation.steps[1].why, Why::Judged { outcome: Outcome::SoftFail });
    let text = evaluation.to_text();
    for line in [
        "pass: 203.0.113.200 may send for acme.example",
        "  a:out.acme.example: no match, 203.0.113.200 is not among its addresses (1)",
        "  include:_a.mailer.test: no match, the record there says softfail",
        "        ip6:2001:db8:77::/48: no match, 203.0.113.200 is not in this network",
        "look-ups: 4 of 10, of which found nothing: 0 of 2 (RFC 7208 §4.6.4)",
    ] {
        assert!(text.lines().any(|other| other.contains(line)), "{line}\n{text}");
    }
}

/// The explanation of the record that refuses counts, with the letters that only explanations have.
#[test]
fn explanations_with_every_letter() {
    let evaluation = check_host(&mail("192.0.2.99", "b&b@acme.example"), &world(TREE));
    assert_eq!(evaluation.outcome, Some(Outcome::Fail), "{}", evaluation.to_text());
    // `exists` finds nothing.
    assert_eq!((evaluation.look_ups, evaluation.voids), (7, 1));
    let expected = "192.0.2.99 is no server of _end.acme.example; seen by mx.receiver.test at 1795435200, \
                    helo mail.client.test, from b%26b%40acme.example";
    assert_eq!(evaluation.explanation.as_deref(), Some(expected));
}

#[test]
fn a_failed_look_up_is_a_temporary_error_and_a_missing_name_is_not() {
    let zone = world("acme.example. 300 TXT \"v=spf1 a:gone.acme.example a:out.acme.example -all\"\n");
    let failing = |what: &str, record_type| {
        let mut world = zone.clone();
        world.add_dns(DnsEntry {
            name: name(what),
            record_type,
            outcome: DnsOutcome::Failed(Failure::Timeout),
            wire: None,
            provenance: Provenance::default(),
        });
        check_host(&mail("192.0.2.1", "bob@acme.example"), &world)
    };
    let evaluation = failing("out.acme.example", RecordType::A);
    assert_eq!(evaluation.outcome, Some(Outcome::TempError));
    assert_eq!(evaluation.reason, Some(Reason::Step { step: 1 }));
    assert_eq!((evaluation.look_ups, evaluation.voids), (2, 1));
    assert_eq!(failing("out.acme.example", RecordType::AAAA).outcome, Some(Outcome::Fail), "nobody asks for AAAA");
    let missing = check_host(&mail("192.0.2.1", "bob@nobody.example"), &zone);
    assert_eq!((missing.outcome, missing.reason), (Some(Outcome::None), Some(Reason::NoSuchDomain)));
}

/// The rows of RFC 7208's limits at their edges: what is still allowed, and what is one too many.
#[test]
fn limits_at_their_edges() {
    let record = |terms: String| format!("acme.example. 300 TXT \"v=spf1 {terms} ?all\"\n");
    let terms = |term: &str, count: usize| vec![term; count].join(" ");
    let outcome = |zone: String| {
        let evaluation = check_host(&mail("192.0.2.1", "bob@acme.example"), &world(&zone));
        (evaluation.outcome.unwrap(), evaluation.steps.last().map(|step| step.why.clone()).unwrap())
    };
    let host = "out.acme.example. 300 A 192.0.2.9\n";
    let many = |count| record(terms("a:out.acme.example", count)) + host;
    assert_eq!(outcome(many(10)), (Outcome::Neutral, Why::Everybody));
    assert_eq!(outcome(many(11)), (Outcome::PermError, Why::TooManyLookUps));
    let void = |count| record(terms("exists:gone.acme.example", count));
    assert_eq!(outcome(void(2)), (Outcome::Neutral, Why::Everybody));
    assert_eq!(outcome(void(3)), (Outcome::PermError, Why::TooManyVoids));
    let servers = |count: usize| {
        let mx = (0..count).map(|at| format!("acme.example. 300 MX 10 mx{at}.acme.example.\n")).collect::<String>();
        record("mx".into()) + &mx
    };
    assert_eq!(outcome(servers(10)).0, Outcome::Neutral);
    assert_eq!(outcome(servers(11)), (Outcome::PermError, Why::TooManyMx { hosts: 11 }));
    // Of eleven names of the client only ten count, and the one that fits is the last (the order is that of the file).
    let names = |fits_at: usize| {
        let ptr = (0..11).map(|at| match at {
            at if at == fits_at => "1.2.0.192.in-addr.arpa. 300 PTR out.acme.example.\n".to_owned(),
            at => format!("1.2.0.192.in-addr.arpa. 300 PTR p{at}.other.test.\n"),
        });
        record("ptr".into()) + &ptr.collect::<String>() + "out.acme.example. 300 A 192.0.2.1\n"
    };
    assert_eq!(outcome(names(9)), (Outcome::Pass, Why::Named { name: name("out.acme.example") }));
    assert_eq!(outcome(names(10)).0, Outcome::Neutral);
}

#[test]
fn who_is_judged() {
    let zone = world(
        "acme.example. 300 TXT \"v=spf1 a:%{l}.%{o}.log.acme.example -all\"\n\
         mail.client.test. 300 TXT \"v=spf1 ip4:192.0.2.1 -all\"\n\
         postmaster.acme.example.log.acme.example. 300 A 192.0.2.7\n",
    );
    let check = |ip: &str, sender: &str| check_host(&mail(ip, sender), &zone);
    assert_eq!(check("192.0.2.1", "").outcome, Some(Outcome::Pass), "a bounce is judged by its HELO name");
    assert_eq!(check("192.0.2.1", "").domain, "mail.client.test");
    assert_eq!(check("192.0.2.7", "@acme.example").outcome, Some(Outcome::Pass), "postmaster without a local-part");
    assert_eq!(check("192.0.2.7", "acme.example.").outcome, Some(Outcome::Pass), "a bare domain, with its dot");
    for nobody in ["bob@[192.0.2.1]", "bob@localhost", "bob@a..example", "bob@bücher.example"] {
        let evaluation = check("192.0.2.1", nobody);
        assert_eq!(evaluation.outcome, Some(Outcome::None), "{nobody}");
        assert!(matches!(evaluation.reason, Some(Reason::NotADomain { .. })), "{nobody}: {:?}", evaluation.reason);
    }
}

/// Numbers with all bits, so that networks are compared with what they mean and not with their own code.
fn masked(address: u128, bits: u32, prefix: u8) -> u128 {
    match bits - u32::from(prefix) {
        128 => 0,
        host => address >> host,
    }
}

proptest! {
    /// `ip4:` matches exactly the addresses that share the first bits (RFC 7208 §5.6).
    #[test]
    fn ip4_networks(network: u32, flip in 0u32..34, prefix in 0u8..=32) {
        let client = if flip < 32 { network ^ (1 << flip) } else { network };
        let (network, client) = (Ipv4Addr::from_bits(network), Ipv4Addr::from_bits(client));
        let zone = world(&format!("acme.example. 300 TXT \"v=spf1 ip4:{network}/{prefix} -all\"\n"));
        let same = masked(network.to_bits().into(), 32, prefix) == masked(client.to_bits().into(), 32, prefix);
        let expected = if same { Outcome::Pass } else { Outcome::Fail };
        prop_assert_eq!(check_host(&mail(&client.to_string(), "bob@acme.example"), &zone).outcome, Some(expected));
        // The same client as an IPv4-mapped IPv6 address.
        let mapped = client.to_ipv6_mapped().to_string();
        prop_assert_eq!(check_host(&mail(&mapped, "bob@acme.example"), &zone).outcome, Some(expected));
    }

    /// `a` with both prefixes takes that of the client's family (RFC 7208 §5.3).
    #[test]
    fn dual_prefixes(ip4: u32, ip6: u128, flip in 0u32..130, short in 0u8..=32, long in 0u8..=128) {
        prop_assume!(Ipv6Addr::from_bits(ip6).to_ipv4_mapped().is_none());
        let zone = world(&format!(
            "acme.example. 300 TXT \"v=spf1 a/{short}//{long} -all\"\nacme.example. 300 A {}\nacme.example. 300 AAAA {}\n",
            Ipv4Addr::from_bits(ip4), Ipv6Addr::from_bits(ip6),
        ));
        let four = if flip < 32 { ip4 ^ (1 << flip) } else { ip4 };
        let six = if flip < 128 { ip6 ^ (1 << flip) } else { ip6 };
        prop_assume!(Ipv6Addr::from_bits(six).to_ipv4_mapped().is_none());
        let verdict = |same| Some(if same { Outcome::Pass } else { Outcome::Fail });
        let check = |ip: String| check_host(&mail(&ip, "bob@acme.example"), &zone).outcome;
        prop_assert_eq!(
            check(Ipv4Addr::from_bits(four).to_string()),
            verdict(masked(ip4.into(), 32, short) == masked(four.into(), 32, short))
        );
        prop_assert_eq!(
            check(Ipv6Addr::from_bits(six).to_string()),
            verdict(masked(ip6, 128, long) == masked(six, 128, long))
        );
    }

    /// Macros: parts are cut, reversed, kept from the right and joined by dots (RFC 7208 §7.3); a model beside the code.
    #[test]
    fn macros_in_explanations(
        local in "[a-z+=_.-]{1,12}", keep in 0usize..9, reverse: bool, delimiters in "[.+=_-]{0,3}", upper: bool,
    ) {
        let letter = if upper { "L" } else { "l" };
        let digits = if keep == 0 { String::new() } else { keep.to_string() };
        let sign = if reverse { "r" } else { "" };
        let text = format!("<%{{{letter}{digits}{sign}{delimiters}}}>");
        let zone = world(&format!(
            "acme.example. 300 TXT \"v=spf1 -all exp=why.acme.example\"\nwhy.acme.example. 300 TXT \"{text}\"\n",
        ));
        let mut parts: Vec<String> = vec![String::new()];
        for character in local.chars() {
            let cuts = if delimiters.is_empty() { character == '.' } else { delimiters.contains(character) };
            match parts.last_mut() {
                Some(part) if !cuts => part.push(character),
                _ => parts.push(String::new()),
            }
        }
        if reverse {
            parts.reverse();
        }
        while keep > 0 && parts.len() > keep {
            parts.remove(0);
        }
        let mut expected = parts.join(".");
        if upper {
            expected = expected.replace('+', "%2B").replace('=', "%3D");
        }
        let evaluation = check_host(&mail("192.0.2.1", &format!("{local}@acme.example")), &zone);
        prop_assert_eq!(evaluation.explanation, Some(format!("<{expected}>")), "{}", text);
    }

    /// Whatever the records say: no panic, at most ten look-ups counted, and an end.
    #[test]
    fn hostile_records(
        terms in proptest::collection::vec(
            prop_oneof![
                Just("include:%{d}"), Just("redirect=%{d}"), Just("a:%{p}"), Just("exists:%{ir}.%{h}"), Just("mx//0"),
                Just("ptr"), Just("a:%{s}%{s}%{s}%{s}%{s}.x.test"), Just("exp=%{l}.test"), Just("ip6:::/0"),
                Just("include:a.acme.example"), Just("%{"), Just("-a:..test"), Just("~all"), Just("mx:a.acme.example"),
            ],
            0..14,
        ),
        other in proptest::collection::vec(prop_oneof![Just("include:acme.example"), Just("a"), Just("?exists:%{i}.x")], 0..8),
        sender in ".{0,20}",
        ip: [u8; 4],
    ) {
        let zone = world(&format!(
            "acme.example. 300 TXT \"v=spf1 {}\"\na.acme.example. 300 TXT \"v=spf1 {}\"\nacme.example. 300 MX 1 a.acme.example.\n",
            terms.join(" "), other.join(" "),
        ));
        let ip = Ipv4Addr::from(ip).to_string();
        let (evaluation, _) = live(&mail(&ip, &format!("{sender}@acme.example")), &zone);
        prop_assert!(evaluation.outcome.is_some());
        prop_assert!(evaluation.look_ups <= 11 && evaluation.voids <= 3);
        prop_assert!(!evaluation.to_text().is_empty());
    }
}
