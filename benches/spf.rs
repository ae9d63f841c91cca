//! SPF verdicts a second on one core: every case of the openspf suite, by mxray and by mail-auth, in turn. The last
//! line is JSON for `benches/run.mjs`, which runs pyspf beside it.

#[path = "../tests/openspf/mod.rs"]
mod openspf;

use std::borrow::Borrow;
use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use mail_auth::common::parse::TxtRecordParser;
use mail_auth::spf::verify::SpfParameters;
use mail_auth::spf::{Macro, Spf};
use mail_auth::{DnsError, DnssecStatus, Error, MX, MessageAuthenticator, Parameters, RecordSet, ResolverCache, Txt};
use mxray::dns::{RecordData, RecordType};
use mxray::evidence::{DnsOutcome, Evidence};
use mxray::spf_eval::{Mail, check_host};

/// Rounds of each; the fastest counts, since other work on the machine only ever slows one down.
const ROUNDS: usize = 7;
/// Least length of a round.
const ROUND: Duration = Duration::from_millis(400);

fn main() {
    let Some(suite) = openspf::read() else { return };
    let authenticator = MessageAuthenticator::new_cloudflare().expect("a resolver that is never asked");
    let worlds: Vec<World> = suite.worlds.iter().map(World::of).collect();
    let right = |outcome: &str, case: &openspf::Case| case.results.iter().any(|any| any == outcome);

    let ours = |case: &openspf::Case| {
        check_host(&case.mail, &suite.worlds[case.world])
            .outcome
            .map_or("none yet", |outcome| outcome.word())
            .to_owned()
    };
    let theirs = |case: &openspf::Case, parsed: bool| verdict(&authenticator, &worlds[case.world], &case.mail, parsed);
    let count =
        |judge: &dyn Fn(&openspf::Case) -> String| suite.cases.iter().filter(|case| right(&judge(case), case)).count();
    let correct = [count(&ours), count(&|case| theirs(case, false)), count(&|case| theirs(case, true))];

    let mut best = [f64::MAX; 3];
    for _ in 0..ROUNDS {
        best[0] = best[0]
            .min(seconds(&suite.cases, &|case| drop(black_box(check_host(&case.mail, &suite.worlds[case.world])))));
        best[1] = best[1].min(seconds(&suite.cases, &|case| drop(black_box(theirs(case, false)))));
        best[2] = best[2].min(seconds(&suite.cases, &|case| drop(black_box(theirs(case, true)))));
    }
    let rates = best.map(|seconds| suite.cases.len() as f64 / seconds);
    let cases = suite.cases.len();
    println!(
        "{{\"cases\":{cases},\"mxray\":{:.0},\"mxray_right\":{},\"mail_auth\":{:.0},\"mail_auth_right\":{},\
         \"mail_auth_parsed\":{:.0},\"mail_auth_parsed_right\":{}}}",
        rates[0], correct[0], rates[1], correct[1], rates[2], correct[2]
    );
}

/// How long all cases take, once each.
fn seconds(cases: &[openspf::Case], judge: &dyn Fn(&openspf::Case)) -> f64 {
    let started = Instant::now();
    let mut turns = 0.0;
    while started.elapsed() < ROUND {
        cases.iter().for_each(judge);
        turns += 1.0;
    }
    started.elapsed().as_secs_f64() / turns
}

/// A world as mail-auth's caches: everything is found in memory, nothing is looked up.
struct World {
    /// TXT records as texts, read anew at every question, as mxray reads its evidence.
    texts: Texts,
    /// TXT records read beforehand, as after an earlier mail from the same domain.
    parsed: Cache<Box<str>, Txt>,
    mx: Cache<Box<str>, RecordSet<MX>>,
    ip4: Cache<Box<str>, RecordSet<Ipv4Addr>>,
    ip6: Cache<Box<str>, RecordSet<Ipv6Addr>>,
    ptr: Cache<IpAddr, RecordSet<Box<str>>>,
}

struct Cache<K, V>(HashMap<K, V>);

impl<K: Hash + Eq, V: Clone> ResolverCache<K, V> for Cache<K, V> {
    fn get<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.0.get(name).cloned()
    }

    fn remove<Q: Hash + Eq + ?Sized>(&self, _: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        None
    }

    fn insert(&self, _: K, _: V, _: Instant) {}
}

/// Texts, or nothing where the look-up fails.
struct Texts(HashMap<Box<str>, Option<Vec<Vec<u8>>>>);

impl ResolverCache<Box<str>, Txt> for Texts {
    fn get<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
    {
        self.0.get(name).map(|texts| read(texts.as_deref()))
    }

    fn remove<Q: Hash + Eq + ?Sized>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

/// As mail-auth reads TXT records: the first that is one.
fn read(texts: Option<&[Vec<u8>]>) -> Txt {
    let Some(texts) = texts else { return Txt::Error(Error::Dns(DnsError::Resolver("timeout".into()))) };
    let is_spf = |text: &&Vec<u8>| text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"v=spf"));
    if texts.iter().find(is_spf).is_none() {
        return texts.first().map_or(Err(Error::ParseError), |text| Macro::parse(text)).into();
    }
    let mut result = Err(Error::Dns(DnsError::InvalidRecordType));
    for text in texts {
        result = Spf::parse(text);
        if result.is_ok() {
            break;
        }
    }
    result.into()
}

impl World {
    fn of(evidence: &Evidence) -> Self {
        let mut world = Self {
            texts: Texts(HashMap::new()),
            parsed: Cache(HashMap::new()),
            mx: Cache(HashMap::new()),
            ip4: Cache(HashMap::new()),
            ip6: Cache(HashMap::new()),
            ptr: Cache(HashMap::new()),
        };
        for entry in evidence.dns() {
            let key: Box<str> = plain(entry.name.as_str()).into();
            let DnsOutcome::Answer { answers, .. } = &entry.outcome else {
                if entry.record_type == RecordType::TXT {
                    world.texts.0.insert(key.clone(), None);
                    world.parsed.0.insert(key, read(None));
                }
                continue;
            };
            let data: Vec<&RecordData> = answers.iter().map(|record| &record.data).collect();
            match entry.record_type {
                RecordType::TXT => {
                    let texts: Vec<Vec<u8>> = data
                        .iter()
                        .filter_map(
                            |data| if let RecordData::Txt(txt) = data { Some(txt.strings.concat()) } else { None },
                        )
                        .collect();
                    world.parsed.0.insert(key.clone(), read(Some(&texts)));
                    world.texts.0.insert(key, Some(texts));
                }
                RecordType::MX => {
                    let mut hosts: Vec<MX> = data
                        .iter()
                        .filter_map(|data| match data {
                            RecordData::Mx { preference, exchange } => Some(MX {
                                exchanges: Box::new([plain(exchange.as_str()).into()]),
                                preference: *preference,
                            }),
                            _ => None,
                        })
                        .collect();
                    hosts.sort_by_key(|host| host.preference);
                    world.mx.0.insert(key, set(hosts));
                }
                RecordType::A => {
                    let of = |data: &&RecordData| if let RecordData::A(address) = data { Some(*address) } else { None };
                    world.ip4.0.insert(key, set(data.iter().filter_map(of).collect()));
                }
                RecordType::AAAA => {
                    let of =
                        |data: &&RecordData| if let RecordData::Aaaa(address) = data { Some(*address) } else { None };
                    world.ip6.0.insert(key, set(data.iter().filter_map(of).collect()));
                }
                RecordType::PTR => {
                    let of = |data: &&RecordData| match data {
                        RecordData::Ptr(name) => Some(plain(name.as_str()).into()),
                        _ => None,
                    };
                    if let Some(address) = address_of(entry.name.as_str()) {
                        world.ptr.0.insert(address, set(data.iter().filter_map(of).collect()));
                    }
                }
                _ => {}
            }
        }
        world
    }
}

fn set<T>(records: Vec<T>) -> RecordSet<T> {
    RecordSet { rrset: Arc::from(records), dnssec_status: DnssecStatus::Indeterminate }
}

/// A name as mail-auth asks for it: with the final dot, without escapes.
fn plain(name: &str) -> String {
    let mut text = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let code = after.get(..3).and_then(|digits| digits.parse::<u8>().ok());
        let (character, length) = code.map_or((after.chars().next().unwrap_or('\\'), 1), |code| (char::from(code), 3));
        text.push(character);
        rest = after.get(length..).unwrap_or("");
    }
    text + rest + "."
}

/// The address behind a name below `in-addr.arpa` or `ip6.arpa`.
fn address_of(name: &str) -> Option<IpAddr> {
    if let Some(reversed) = name.strip_suffix(".in-addr.arpa") {
        let parts: Vec<&str> = reversed.rsplit('.').collect();
        return parts.join(".").parse().ok();
    }
    let nibbles: String = name.strip_suffix(".ip6.arpa")?.rsplit('.').collect();
    Some(IpAddr::V6(Ipv6Addr::from_bits(u128::from_str_radix(&nibbles, 16).ok()?)))
}

/// mail-auth's verdict. Nothing is waited for, so the first poll ends it.
fn verdict(authenticator: &MessageAuthenticator, world: &World, mail: &Mail, parsed: bool) -> String {
    let parameters = if mail.sender.is_empty() {
        SpfParameters::verify_ehlo(mail.ip, &mail.helo, "unknown")
    } else {
        SpfParameters::verify_mail_from(mail.ip, &mail.helo, "unknown", &mail.sender)
    };
    let parameters = Parameters::new(parameters)
        .with_mx_cache(&world.mx)
        .with_ipv4_cache(&world.ip4)
        .with_ipv6_cache(&world.ip6)
        .with_ptr_cache(&world.ptr);
    let mut context = Context::from_waker(Waker::noop());
    let polled = if parsed {
        pin!(authenticator.verify_spf(parameters.with_txt_cache(&world.parsed))).poll(&mut context)
    } else {
        pin!(authenticator.verify_spf(parameters.with_txt_cache(&world.texts))).poll(&mut context)
    };
    match polled {
        Poll::Ready(output) => output.result().to_string().to_lowercase(),
        Poll::Pending => "pending".into(),
    }
}
