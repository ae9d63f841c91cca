//! The driver of look-ups against a simulated network with a simulated clock.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use mxray::checks::Options;
use mxray::dns::{Provenance, Rcode, RecordType};
use mxray::evidence::{DnsEntry, DnsOutcome, Evidence, Failure, HttpsOutcome, Lookup};
use mxray::name::DomainName;
use mxray::source::{
    Fetch, MAX_GUESSES_IN_FLIGHT, MAX_IN_FLIGHT, MAX_LOOK_UPS, Request, ResolverStatus, Response, Session, Settings,
    Verdict,
};
use mxray::time::UnixTime;
use mxray::wanted::{Purpose, Urgency, Want, Wanted};

const NOW: UnixTime = UnixTime(1_795_435_200);
const LATENCY: u64 = 50;
const A: &str = "https://a.example/dns-query";
const B: &str = "https://b.example/dns-query";

/// The wants of a judge that is not the real one.
struct Wants(Vec<Wanted>);

impl Verdict for Wants {
    fn wanted(&self) -> &[Wanted] {
        &self.0
    }
}

fn name(text: &str) -> DomainName {
    DomainName::parse(text).unwrap()
}

fn txt(owner: &str) -> Want {
    Want::Dns { name: name(owner), record_type: RecordType::TXT }
}

fn two() -> Settings {
    Settings { resolvers: vec![A.into(), B.into()], ..Settings::default() }
}

fn one() -> Settings {
    Settings { resolvers: vec![A.into()], ..Settings::default() }
}

/// Wants everything in the list that the evidence does not hold, follows `next=<name>` in every TXT record found.
fn following(first: Vec<(Want, Urgency)>) -> impl FnMut(&Evidence) -> Wants {
    move |evidence| {
        let mut todo = first.clone();
        let mut wanted = Vec::new();
        while let Some((want, urgency)) = todo.pop() {
            let missing = match &want {
                Want::Https { url, .. } => evidence.https(url).is_none(),
                Want::Dns { name, record_type } => {
                    let lookup = evidence.look_up(name, *record_type);
                    for record in lookup.records() {
                        if let mxray::dns::RecordData::Txt(txt) = &record.data
                            && let Some(next) = txt.text().strip_prefix("next=")
                        {
                            todo.push((self::txt(next), Urgency::Path));
                        }
                    }
                    matches!(lookup, Lookup::NotSupplied { .. })
                }
            };
            if missing {
                wanted.push(Wanted { want, urgency, technologies: Vec::new() });
            }
        }
        Wants(wanted)
    }
}

/// What a simulated server does: so many milliseconds later, this.
type Answer = (u64, Response);

/// One request as the network saw it.
struct Seen {
    at: u64,
    url: String,
    fetch: Fetch,
    question: Option<(DomainName, RecordType)>,
}

/// What a whole run came to.
struct Outcome {
    elapsed: u64,
    most_in_flight: usize,
    most_guesses: usize,
    seen: Vec<Seen>,
}

impl Outcome {
    fn asked(&self, resolver: &str) -> usize {
        self.seen.iter().filter(|seen| seen.url.starts_with(resolver)).count()
    }
}

/// Runs a session to its end. A request that takes longer than its deadline ends there with a time-out.
fn run<V: Verdict>(session: &mut Session<V>, mut server: impl FnMut(&Request, u64) -> Answer) -> Outcome {
    let mut outcome = Outcome { elapsed: 0, most_in_flight: 0, most_guesses: 0, seen: Vec::new() };
    let mut coming: BTreeMap<(u64, u64), (bool, Response)> = BTreeMap::new();
    for _ in 0..10_000 {
        for request in session.requests() {
            let deadline = u64::try_from(request.deadline.as_millis()).unwrap();
            let (after, response) = server(&request, outcome.elapsed);
            let (after, response) =
                if after > deadline { (deadline, Response::Failed(Failure::Timeout)) } else { (after, response) };
            let question = (request.fetch == Fetch::Dns).then(|| question_of(&query_of(&request)));
            let is_guess = question.as_ref().is_some_and(|(name, _)| name.as_str().starts_with("guess"));
            coming.insert((outcome.elapsed + after, request.id), (is_guess, response));
            outcome.most_in_flight = outcome.most_in_flight.max(coming.len());
            outcome.most_guesses = outcome.most_guesses.max(coming.values().filter(|(guess, _)| *guess).count());
            outcome.seen.push(Seen { at: outcome.elapsed, url: request.url, fetch: request.fetch, question });
        }
        let Some((&(at, _), _)) = coming.first_key_value() else {
            assert!(session.is_finished(), "nothing is under way and the session waits");
            return outcome;
        };
        outcome.elapsed = at;
        while let Some(entry) = coming.first_entry().filter(|entry| entry.key().0 == at) {
            let ((_, id), (_, response)) = entry.remove_entry();
            session.respond(id, response, NOW);
        }
    }
    panic!("the session does not end");
}

/// The DNS query in a request's URL.
fn query_of(request: &Request) -> Vec<u8> {
    let text = request.url.split_once("dns=").unwrap().1;
    let (mut bits, mut count, mut octets) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let value = alphabet.iter().position(|&known| known == letter).expect("base64url without padding");
        bits = bits << 6 | u32::try_from(value).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            octets.push((bits >> count & 0xFF) as u8);
        }
    }
    octets
}

fn question_of(query: &[u8]) -> (DomainName, RecordType) {
    let (mut at, mut labels) = (12, Vec::new());
    while query[at] != 0 {
        let length = usize::from(query[at]);
        labels.push(&query[at + 1..at + 1 + length]);
        at += length + 1;
    }
    let record_type = u16::from_be_bytes([query[at + 1], query[at + 2]]);
    (DomainName::from_labels(labels).unwrap(), RecordType(record_type))
}

/// A reply to a query: response code, records of the type asked for at the name asked for, extended error.
fn reply(query: &[u8], rcode: u8, records: &[Vec<u8>], extended_error: Option<u16>) -> Vec<u8> {
    let (_, record_type) = question_of(query);
    let end = query.iter().skip(12).position(|&octet| octet == 0).unwrap() + 12 + 5;
    let mut message = vec![0, 0, 0x81, 0x90 | rcode, 0, 1, 0, records.len() as u8, 0, 0, 0, 1];
    message.extend(&query[12..end]);
    for rdata in records {
        message.extend([0xC0, 12]);
        message.extend(record_type.0.to_be_bytes());
        message.extend([0, 1, 0, 0, 1, 44]);
        message.extend((rdata.len() as u16).to_be_bytes());
        message.extend(rdata);
    }
    let option: Vec<u8> =
        extended_error.iter().flat_map(|code| [0, 15, 0, 2, (code >> 8) as u8, *code as u8]).collect();
    message.extend([0, 0, 41, 4, 208, 0, 0, 0x80, 0, 0, option.len() as u8]);
    message.extend(option);
    message
}

fn text_rdata(text: &str) -> Vec<u8> {
    let mut rdata = vec![text.len() as u8];
    rdata.extend(text.as_bytes());
    rdata
}

fn dns(body: Vec<u8>) -> Response {
    Response::Read { status: 200, content_type: Some("application/dns-message".into()), body }
}

/// A good answer: the TXT given for the name, or NXDOMAIN.
fn good(request: &Request, zone: &[(&str, &str)]) -> Response {
    let query = query_of(request);
    let (asked, _) = question_of(&query);
    let records: Vec<_> =
        zone.iter().filter(|(owner, _)| asked == name(owner)).map(|(_, text)| text_rdata(text)).collect();
    dns(reply(&query, if records.is_empty() { 3 } else { 0 }, &records, None))
}

fn failure_at<'e>(evidence: &'e Evidence, owner: &str) -> Option<&'e Failure> {
    match evidence.look_up(&name(owner), RecordType::TXT) {
        Lookup::Failed(failure) => Some(failure),
        _ => None,
    }
}

/// A chain of four dependent look-ups among leaves and a hundred guesses.
const CHAIN: [(&str, &str); 4] =
    [("d0.test", "next=d1.test"), ("d1.test", "next=d2.test"), ("d2.test", "next=d3.test"), ("d3.test", "the end")];

fn busy() -> Vec<(Want, Urgency)> {
    let mut wants: Vec<_> = (0..100).map(|n| (txt(&format!("guess{n}.test")), Urgency::Guess)).collect();
    wants.extend((0..10).map(|n| (txt(&format!("leaf{n}.test")), Urgency::Leaf)));
    wants.push((txt("d0.test"), Urgency::Path));
    wants
}

#[test]
fn a_busy_check_takes_as_long_as_its_longest_chain() {
    let mut session = Session::with_judge(following(busy()), one(), Evidence::new());
    let outcome = run(&mut session, |request, _| (LATENCY, good(request, &CHAIN)));
    // 4 dependent look-ups; 111 others beside them.
    let critical_path = 4 * LATENCY;
    let at =
        |owner: &str| outcome.seen.iter().find(|seen| seen.question.as_ref().unwrap().0 == name(owner)).unwrap().at;
    assert_eq!(at("d3.test"), 3 * LATENCY, "a look-up on the path waits for nothing but the one before it");
    assert!(outcome.elapsed * 10 <= critical_path * 13, "{} ms for {critical_path} ms", outcome.elapsed);
    println!(
        "busy check: {} look-ups, {} ms simulated, critical path {critical_path} ms",
        outcome.seen.len(),
        outcome.elapsed
    );
    assert!(outcome.most_in_flight <= MAX_IN_FLIGHT && outcome.most_in_flight > MAX_GUESSES_IN_FLIGHT);
    assert_eq!(outcome.most_guesses, MAX_GUESSES_IN_FLIGHT);
    let questions: BTreeSet<_> = outcome.seen.iter().map(|seen| seen.question.clone()).collect();
    assert_eq!(questions.len(), outcome.seen.len(), "no question twice");
    assert_eq!((session.progress().asked, session.progress().answered), (114, 114));
}

#[test]
fn the_most_urgent_leaves_first() {
    let mut session = Session::with_judge(following(busy()), one(), Evidence::new());
    let outcome = run(&mut session, |request, _| (LATENCY, good(request, &CHAIN)));
    let order: Vec<_> = outcome.seen.iter().map(|seen| seen.question.as_ref().unwrap().0.to_string()).collect();
    assert_eq!(order[0], "d0.test");
    assert!(order[1..11].iter().all(|name| name.starts_with("leaf")), "{:?}", &order[..12]);
    let path = order.iter().position(|name| name == "d1.test").unwrap();
    let guesses_after = order[path..].iter().filter(|name| name.starts_with("guess")).count();
    assert!(guesses_after >= 70, "a new want on the path overtakes the guesses in the queue: {guesses_after}");
}

#[test]
fn never_more_than_the_limit_in_flight() {
    let wants = (0..150).map(|n| (txt(&format!("p{n}.test")), Urgency::Path)).collect();
    let mut session = Session::with_judge(following(wants), one(), Evidence::new());
    // Every answer takes another time, so that places become free one by one.
    let mut turn = 0;
    let outcome = run(&mut session, |request, _| {
        turn += 7;
        (20 + turn % 61, good(request, &[]))
    });
    assert_eq!(outcome.most_in_flight, MAX_IN_FLIGHT);
    assert_eq!(outcome.seen.len(), 150);
}

#[test]
fn a_resolver_that_hangs_costs_one_deadline() {
    let mut session = Session::with_judge(following(busy()), two(), Evidence::new());
    let outcome = run(&mut session, |request, _| {
        let late = if request.url.starts_with(A) { 1_000_000 } else { LATENCY };
        (late, good(request, &CHAIN))
    });
    assert!(outcome.elapsed <= 2_000 + 6 * LATENCY, "{} ms", outcome.elapsed);
    assert!(outcome.asked(A) <= MAX_IN_FLIGHT, "asked {} times", outcome.asked(A));
    assert!(session.evidence().dns().all(|entry| matches!(entry.outcome, DnsOutcome::Answer { .. })));
    let states = session.resolvers();
    assert_eq!((states[0].status, states[0].answered), (ResolverStatus::Down, 0));
    assert_eq!((states[1].status, states[1].answered), (ResolverStatus::Answering, 114));
    assert!(states[0].last_failure.is_some());
}

#[test]
fn a_resolver_that_refuses_costs_next_to_nothing() {
    let mut session = Session::with_judge(following(busy()), two(), Evidence::new());
    let outcome = run(&mut session, |request, _| {
        if request.url.starts_with(A) {
            (1, Response::Failed(Failure::Network))
        } else {
            (LATENCY, good(request, &CHAIN))
        }
    });
    assert!(outcome.elapsed <= 7 * LATENCY, "{} ms", outcome.elapsed);
    assert!(outcome.asked(A) <= MAX_IN_FLIGHT);
    assert_eq!(session.resolvers()[0].status, ResolverStatus::Down);
    assert!(session.evidence().dns().all(|entry| matches!(entry.outcome, DnsOutcome::Answer { .. })));
}

#[test]
fn all_dead_ends_with_everything_failed() {
    let mut session = Session::with_judge(following(busy()), two(), Evidence::new());
    let outcome = run(&mut session, |request, _| {
        if request.url.starts_with(A) { (1_000_000, Response::Opaque) } else { (1, Response::Failed(Failure::Network)) }
    });
    assert_eq!(session.progress().asked, 111);
    assert_eq!(session.progress().answered, 111);
    assert_eq!(outcome.seen.len(), 222, "exactly one retry each");
    let failures = session.evidence().dns().filter(|entry| matches!(entry.outcome, DnsOutcome::Failed(_))).count();
    assert_eq!(failures, 111);
    assert!(session.verdict().0.is_empty(), "a failure is no longer wanted");
}

#[test]
fn bad_answers_are_refused_and_asked_again_elsewhere() {
    let html = |status, content_type: &str| Response::Read {
        status,
        content_type: Some(content_type.into()),
        body: b"<html>Please log in".to_vec(),
    };
    type Make<'m> = Box<dyn Fn(&[u8]) -> Response + 'm>;
    let of_reply = |change: fn(&mut Vec<u8>)| -> Make<'_> {
        Box::new(move |query| {
            let mut message = reply(query, 0, &[text_rdata("a lie")], None);
            change(&mut message);
            dns(message)
        })
    };
    type Case<'a> = (&'static str, Make<'a>, fn(&Failure) -> bool);
    let cases: Vec<Case<'_>> = vec![
        ("captive portal", Box::new(|_| html(200, "text/html; charset=utf-8")), |f| {
            matches!(f, Failure::NotDns { .. })
        }),
        (
            "no type",
            Box::new(|query| Response::Read { status: 200, content_type: None, body: reply(query, 0, &[], None) }),
            |f| matches!(f, Failure::NotDns { .. }),
        ),
        ("429", Box::new(|_| html(429, "text/plain")), |f| *f == Failure::HttpStatus { status: 429 }),
        ("redirect", Box::new(|_| html(302, "text/plain")), |f| matches!(f, Failure::Redirected { .. })),
        ("HTML said to be DNS", Box::new(|_| html(200, "application/dns-message")), |f| {
            matches!(f, Failure::Malformed { .. } | Failure::Mismatched)
        }),
        ("empty", Box::new(|_| dns(Vec::new())), |f| matches!(f, Failure::Malformed { .. })),
        ("too large", Box::new(|_| dns(vec![0; 65_536])), |f| matches!(f, Failure::TooLarge { .. })),
        ("truncated", of_reply(|message| message[2] |= 0x02), |f| *f == Failure::Truncated),
        ("a query", of_reply(|message| message[2] &= 0x7F), |f| matches!(f, Failure::Malformed { .. })),
        ("other name", of_reply(|message| message[13] ^= 0x01), |f| *f == Failure::Mismatched),
        ("other type", of_reply(|message| message[22] = 1), |f| *f == Failure::Mismatched),
        ("cut", of_reply(|message| message.truncate(30)), |f| matches!(f, Failure::Malformed { .. })),
        (
            "SERVFAIL",
            Box::new(|query| dns(reply(query, 2, &[], Some(22)))),
            |f| matches!(f, Failure::Rcode { rcode: Rcode::SERVFAIL, extended_errors } if extended_errors[0].code == 22),
        ),
        ("REFUSED", Box::new(|query| dns(reply(query, 5, &[], None))), |f| {
            matches!(f, Failure::Rcode { rcode: Rcode(5), .. })
        }),
        (
            "blocked",
            Box::new(|query| dns(reply(query, 3, &[], Some(15)))),
            |f| matches!(f, Failure::Rcode { extended_errors, .. } if extended_errors[0].code == 15),
        ),
        ("opaque", Box::new(|_| Response::Opaque), |f| *f == Failure::Cors),
        ("network", Box::new(|_| Response::Failed(Failure::Network)), |f| *f == Failure::Network),
    ];
    for (case, bad, expected) in &cases {
        let wants = || vec![(txt("n1.test"), Urgency::Path)];
        let mut session = Session::with_judge(following(wants()), two(), Evidence::new());
        let outcome = run(&mut session, |request, _| {
            let is_bad = request.url.starts_with(A);
            (LATENCY, if is_bad { bad(&query_of(request)) } else { good(request, &[("n1.test", "the truth")]) })
        });
        assert_eq!((outcome.asked(A), outcome.asked(B)), (1, 1), "{case}");
        let evidence = session.evidence();
        let lookup = evidence.look_up(&name("n1.test"), RecordType::TXT);
        let Lookup::Found(found) = lookup else { panic!("{case}: {lookup:?}") };
        assert_eq!(found.entry.provenance.from.as_deref(), Some(B), "{case}");

        let mut alone = Session::with_judge(following(wants()), one(), Evidence::new());
        let outcome = run(&mut alone, |request, _| (LATENCY, bad(&query_of(request))));
        assert_eq!(outcome.asked(A), 2, "{case}: exactly one retry, on the same resolver where there is one only");
        let failure = failure_at(alone.evidence(), "n1.test").unwrap_or_else(|| panic!("{case}: no failure"));
        assert!(expected(failure), "{case}: {failure:?}");
    }
}

#[test]
fn a_slow_domain_is_no_dead_resolver() {
    let mut wants: Vec<_> = (0..10).map(|n| (txt(&format!("slow{n}.test")), Urgency::Path)).collect();
    wants.extend((0..10).map(|n| (txt(&format!("quick{n}.test")), Urgency::Leaf)));
    let mut session = Session::with_judge(following(wants), two(), Evidence::new());
    run(&mut session, |request, _| {
        let (asked, _) = question_of(&query_of(request));
        (if asked.as_str().starts_with("slow") { 1_000_000 } else { LATENCY }, good(request, &[]))
    });
    assert_eq!(session.resolvers()[0].status, ResolverStatus::Answering);
    assert_eq!(failure_at(session.evidence(), "slow3.test"), Some(&Failure::Timeout));
}

#[test]
fn a_resolver_that_comes_back_is_asked_again() {
    // The first is dead for a second, then the second one dies for good.
    let chain: Vec<(String, String)> =
        (0..60).map(|n| (format!("d{n}.test"), format!("next=d{}.test", n + 1))).collect();
    let zone: Vec<(&str, &str)> = chain.iter().map(|(owner, text)| (owner.as_str(), text.as_str())).collect();
    let mut wants: Vec<_> = (0..5).map(|n| (txt(&format!("leaf{n}.test")), Urgency::Leaf)).collect();
    wants.push((txt("d0.test"), Urgency::Path));
    let mut session = Session::with_judge(following(wants), two(), Evidence::new());
    run(&mut session, |request, now| {
        let dead = if request.url.starts_with(A) { now < 1_000 } else { now >= 1_000 };
        if dead { (1, Response::Failed(Failure::Network)) } else { (LATENCY, good(request, &zone)) }
    });
    assert!(session.evidence().dns().all(|entry| matches!(entry.outcome, DnsOutcome::Answer { .. })));
    let states = session.resolvers();
    assert_eq!((states[0].status, states[1].status), (ResolverStatus::Answering, ResolverStatus::Failing));
}

#[test]
fn a_check_without_end_ends_at_the_limit_and_says_so() {
    let mut session = Session::with_judge(following(vec![(txt("d0.test"), Urgency::Path)]), one(), Evidence::new());
    let outcome = run(&mut session, |request, _| {
        let query = query_of(request);
        let number: u32 = question_of(&query).0.labels()[0][1..].parse().unwrap();
        (LATENCY, dns(reply(&query, 0, &[text_rdata(&format!("next=d{}.test", number + 1))], None)))
    });
    assert_eq!(outcome.seen.len(), MAX_LOOK_UPS);
    let failure = failure_at(session.evidence(), &format!("d{MAX_LOOK_UPS}.test"));
    assert!(failure.is_some_and(|failure| failure.to_string().contains("400 look-ups")), "{failure:?}");

    let wants = (0..2_000).map(|n| (txt(&format!("p{n}.test")), Urgency::Path)).collect();
    let mut wide = Session::with_judge(following(wants), one(), Evidence::new());
    let outcome = run(&mut wide, |request, _| (LATENCY, good(request, &[])));
    assert_eq!(outcome.seen.len(), MAX_LOOK_UPS);
}

#[test]
fn guesses_that_find_nothing_are_judged_together() {
    let guesses = || (0..95).map(|n| (txt(&format!("guess{n}.test")), Urgency::Guess)).collect();
    let judged = |found: &'static [(&str, &str)]| {
        let count = Rc::new(Cell::new(0));
        let (mut judge, counter) = (following(guesses()), Rc::clone(&count));
        let counting = move |evidence: &Evidence| {
            counter.set(counter.get() + 1);
            judge(evidence)
        };
        let mut session = Session::with_judge(counting, one(), Evidence::new());
        let mut at = 0;
        // No two answers arrive together.
        run(&mut session, |request, _| {
            at += 1;
            (LATENCY + 7 * at, good(request, found))
        });
        assert!(session.verdict().0.is_empty(), "the last verdict knows every answer");
        count.get()
    };
    assert_eq!(judged(&[]), 2, "at the beginning and at the end");
    assert_eq!(judged(&[("guess4.test", "x")]), 3, "what was found is news");
}

#[test]
fn offline_asks_nobody() {
    let settings = Settings { offline: true, ..two() };
    let mut session = Session::with_judge(following(busy()), settings, Evidence::new());
    assert!(session.requests().is_empty());
    assert!(session.is_finished() && session.resolvers().is_empty());
    assert_eq!(session.verdict().0.len(), 111, "what is wanted stays known");
}

#[test]
fn without_an_acceptable_resolver_nobody_else_is_asked() {
    let settings = Settings { resolvers: vec!["http://dns.example/".into()], ..Settings::default() };
    let mut session = Session::with_judge(following(busy()), settings, Evidence::new());
    assert!(session.requests().is_empty() && session.is_finished());
    assert!(failure_at(session.evidence(), "d0.test").is_some());
    assert_eq!(session.resolvers()[0].status, ResolverStatus::Refused);
}

#[test]
fn failures_in_the_evidence_are_asked_again_in_a_live_run_only() {
    let failed = |owner: &str| DnsEntry {
        name: name(owner),
        record_type: RecordType::TXT,
        outcome: DnsOutcome::Failed(Failure::Timeout),
        wire: None,
        provenance: Provenance::default(),
    };
    let mut evidence = Evidence::new();
    evidence.add_dns(failed("d3.test"));
    evidence.add_dns(failed("unrelated.test"));
    evidence.add_authority(name("zone.test"));
    evidence.add_dns(failed("x.zone.test"));
    let wants = || {
        vec![(txt("d3.test"), Urgency::Path), (txt("x.zone.test"), Urgency::Path), (txt("y.zone.test"), Urgency::Path)]
    };

    let settings = Settings { offline: true, ..one() };
    let offline = Session::with_judge(following(wants()), settings, evidence.clone());
    assert_eq!(**offline.evidence(), evidence);

    let mut live = Session::with_judge(following(wants()), one(), evidence);
    let outcome = run(&mut live, |request, _| (LATENCY, good(request, &[("d3.test", "x"), ("x.zone.test", "y")])));
    assert_eq!(outcome.seen.len(), 2, "neither the unrelated name nor what the zone denies");
    for owner in ["d3.test", "x.zone.test"] {
        assert!(matches!(live.evidence().look_up(&name(owner), RecordType::TXT), Lookup::Found(_)), "{owner}");
    }
}

#[test]
fn responses_nobody_waits_for_change_nothing() {
    let mut session = Session::with_judge(following(busy()), one(), Evidence::new());
    let requests = session.requests();
    let first = &requests[0];
    session.respond(first.id, good(first, &CHAIN), NOW);
    let progress = session.progress();
    session.respond(first.id, Response::Failed(Failure::Network), NOW);
    session.respond(9_999_999, Response::Opaque, NOW);
    assert_eq!(session.progress(), progress);
    assert_eq!(failure_at(session.evidence(), "d0.test"), None);
}

const POLICY: &str = "https://mta-sts.acme.test/.well-known/mta-sts.txt";

/// The same by way of a relay.
const RELAYED: &str = "https://relay.example/?url=https%3A%2F%2Fmta-sts.acme.test%2F.well-known%2Fmta-sts.txt";

/// Runs a check that wants one policy, whose host has the addresses given; `server` answers what is no DNS question.
fn fetch_policy(
    settings: Settings,
    address: Option<[u8; 4]>,
    mut server: impl FnMut(&Request) -> Answer,
) -> (Option<HttpsOutcome>, Vec<Fetch>) {
    let want = Want::Https { url: POLICY.into(), purpose: Purpose::MtaStsPolicy };
    let mut session = Session::with_judge(following(vec![(want, Urgency::Path)]), settings, Evidence::new());
    let outcome = run(&mut session, |request, _| {
        if request.fetch != Fetch::Dns {
            assert!(request.url == POLICY || request.url == RELAYED, "{}", request.url);
            return server(request);
        }
        let query = query_of(request);
        let (asked, record_type) = question_of(&query);
        assert_eq!(asked, name("mta-sts.acme.test"));
        let records: Vec<_> =
            address.filter(|_| record_type == RecordType::A).iter().map(|address| address.to_vec()).collect();
        (LATENCY, dns(reply(&query, 0, &records, None)))
    });
    let entry = session.evidence().https(POLICY).map(|entry| entry.outcome.clone());
    (entry, outcome.seen.iter().map(|seen| seen.fetch).filter(|fetch| *fetch != Fetch::Dns).collect())
}

#[test]
fn policies_are_fetched_probed_or_left_alone() {
    let body = Fetch::Body { follow_redirects: false };
    let page = || Settings { probe: true, ..one() };
    let public = Some([192, 0, 2, 1]);
    let network = || Response::Failed(Failure::Network);
    let read =
        || Response::Read { status: 200, content_type: Some("text/plain".into()), body: b"version: STSv1".to_vec() };

    let (outcome, fetches) = fetch_policy(page(), public, |_| (LATENCY, read()));
    assert!(matches!(outcome, Some(HttpsOutcome::Read { status: 200, .. })));
    assert_eq!(fetches, [body]);

    let probed =
        |request: &Request| (LATENCY, if request.fetch == Fetch::Probe { Response::Opaque } else { network() });
    let (outcome, fetches) = fetch_policy(page(), public, probed);
    assert_eq!(outcome, Some(HttpsOutcome::Reachable));
    assert_eq!(fetches, [body, Fetch::Probe]);

    let (outcome, fetches) = fetch_policy(page(), public, |_| (LATENCY, network()));
    assert_eq!(outcome, Some(HttpsOutcome::Failed(Failure::Network)));
    assert_eq!(fetches, [body, Fetch::Probe]);

    let (outcome, fetches) = fetch_policy(page(), public, |_| (1_000_000, read()));
    assert_eq!(outcome, Some(HttpsOutcome::Failed(Failure::Timeout)));
    assert_eq!(fetches, [body], "a host that hangs is not asked twice");

    let (outcome, fetches) = fetch_policy(one(), public, |_| (LATENCY, network()));
    assert_eq!(outcome, Some(HttpsOutcome::Failed(Failure::Network)));
    assert_eq!(fetches, [body], "no probe where errors can be read");

    let (outcome, fetches) = fetch_policy(page(), Some([192, 168, 1, 1]), |_| (LATENCY, read()));
    assert!(matches!(outcome, Some(HttpsOutcome::Failed(Failure::Other { why })) if why.contains("private")));
    assert_eq!(fetches, []);

    let (outcome, fetches) = fetch_policy(page(), None, |_| (LATENCY, read()));
    assert!(matches!(outcome, Some(HttpsOutcome::Failed(Failure::Other { why })) if why.contains("no address")));
    assert_eq!(fetches, []);
}

#[test]
fn a_relay_is_asked_only_for_what_the_host_refuses() {
    let body = Fetch::Body { follow_redirects: false };
    let relay = Some("https://relay.example/?url=".to_owned());
    let page = || Settings { probe: true, relay: relay.clone(), ..one() };
    let public = Some([192, 0, 2, 1]);
    let read = |status| Response::Read { status, content_type: None, body: b"version: STSv1".to_vec() };
    let network = || Response::Failed(Failure::Network);
    // What the host and the relay say, what comes of it, and who was asked.
    let both = |settings: Settings, address, host: Response, relay: Response| {
        let mut urls = Vec::new();
        let (outcome, fetches) = fetch_policy(settings, address, |request| {
            urls.push((request.url == RELAYED, request.fetch));
            let answer = match (request.fetch, request.url == RELAYED) {
                (Fetch::Probe, _) => Response::Opaque,
                (_, true) => relay.clone(),
                (_, false) => host.clone(),
            };
            (LATENCY, answer)
        });
        assert_eq!(fetches.len(), urls.len());
        (outcome, urls)
    };

    let (outcome, urls) = both(page(), public, read(200), read(200));
    assert!(matches!(outcome, Some(HttpsOutcome::Read { status: 200, .. })));
    assert_eq!(urls, [(false, body)], "what can be read is read at the host");
    for said in [read(404), Response::Failed(Failure::Timeout), Response::Failed(Failure::TooLarge { limit: 1 })] {
        let (_, urls) = both(page(), public, said, read(200));
        assert_eq!(urls, [(false, body)], "a relay mends nothing there");
    }
    let (outcome, urls) = both(page(), public, network(), read(200));
    assert!(matches!(outcome, Some(HttpsOutcome::Read { status: 200, .. })));
    assert_eq!(urls, [(false, body), (true, body)]);
    for said in [
        read(404),
        read(502),
        network(),
        Response::Opaque,
        Response::Failed(Failure::Redirected { status: None, to: None }),
    ] {
        let (outcome, urls) = both(page(), public, network(), said);
        assert_eq!(outcome, Some(HttpsOutcome::Reachable), "its own answer, and none of the host");
        assert_eq!(urls, [(false, body), (true, body), (false, Fetch::Probe)]);
    }
    let bad = Settings { relay: Some("http://relay.example/".into()), ..page() };
    let (_, urls) = both(bad, public, network(), read(200));
    assert_eq!(urls, [(false, body), (false, Fetch::Probe)], "a relay that is not accepted is never asked");
    let (_, urls) = both(page(), Some([192, 168, 1, 1]), network(), read(200));
    assert_eq!(urls, [], "nor for a private address");
}

/// A domain with a three-deep SPF include tree and two mail servers, every answer 50 ms away, judged for real.
#[test]
fn a_real_check_takes_as_long_as_its_longest_chain() {
    let zone = [
        ("acme.test", "v=spf1 include:s1.acme.test -all"),
        ("s1.acme.test", "v=spf1 include:s2.acme.test -all"),
        ("s2.acme.test", "v=spf1 include:s3.acme.test -all"),
        ("s3.acme.test", "v=spf1 ip4:192.0.2.0/24 -all"),
        ("_dmarc.acme.test", "v=DMARC1; p=reject"),
    ];
    let mut session = Session::new(name("acme.test"), Options::default(), one(), Evidence::new(), NOW);
    let started = std::time::Instant::now();
    let outcome = run(&mut session, |request, _| {
        if request.fetch != Fetch::Dns {
            return (LATENCY, Response::Failed(Failure::Network));
        }
        let query = query_of(request);
        let (asked, record_type) = question_of(&query);
        let records: Vec<Vec<u8>> = match record_type {
            RecordType::TXT => {
                zone.iter().filter(|(owner, _)| asked == name(owner)).map(|(_, text)| text_rdata(text)).collect()
            }
            RecordType::MX if asked == name("acme.test") => {
                vec![b"\x00\x0A\x03mx1\xC0\x0C".to_vec(), b"\x00\x14\x03mx2\xC0\x0C".to_vec()]
            }
            RecordType::A if asked.as_str().starts_with("mx") => vec![vec![192, 0, 2, 25]],
            _ => Vec::new(),
        };
        (LATENCY, dns(reply(&query, 0, &records, None)))
    });
    let found = |owner: &str| matches!(session.evidence().look_up(&name(owner), RecordType::TXT), Lookup::Found(_));
    // TXT of the domain and of three includes depend on one another; nothing else is longer.
    let depth = zone.iter().take(4).filter(|(owner, _)| found(owner)).count();
    assert_eq!(depth, 4, "the include tree was followed to its end");
    let critical_path = depth as u64 * LATENCY;
    println!(
        "real check: {} look-ups, {} ms simulated, critical path {critical_path} ms; {} µs of judging in all",
        outcome.seen.len(),
        outcome.elapsed,
        started.elapsed().as_micros()
    );
    assert!(outcome.elapsed * 10 <= critical_path * 13, "{} ms for {critical_path} ms", outcome.elapsed);
    let questions: BTreeSet<_> = outcome.seen.iter().map(|seen| (&seen.url, seen.question.clone())).collect();
    assert_eq!(questions.len(), outcome.seen.len(), "no question twice");
    assert_eq!(session.evidence().domain, Some(name("acme.test")));
}
