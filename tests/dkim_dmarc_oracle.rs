//! DKIM keys and DMARC records read by the crate mail-auth beside our own readers: over the rows of the tables and over
//! generated records. Where the two disagree, a rule below says why and which section settles it; a disagreement without
//! a rule fails.

use mail_auth::Error;
use mail_auth::common::crypto::HashAlgorithm;
use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use mail_auth::dkim::DkimError;
use mail_auth::dmarc::{Alignment, Dmarc, Policy as TheirPolicy, Psd as TheirPsd};
use mxray::records::dkim::{self, KeyProblem, Version};
use mxray::records::dmarc::{self, DmarcProblem, NearMiss, Policy, Psd, Reading, Request, UriProblem};
use mxray::records::{Problem, Weight};
use proptest::prelude::*;
use serde_json::Value;

/// The flags of `t` as mail-auth counts them; its names for them are private.
const TESTING: u64 = 0x10;
const STRICT: u64 = 0x20;

fn rows(json: &str) -> Vec<String> {
    let rows: Vec<Value> = serde_json::from_str(json).unwrap();
    rows.iter().map(|row| row["text"].as_str().unwrap().to_owned()).collect()
}

/// What a DKIM key record comes to: `Err` where signatures with it cannot be checked.
#[derive(Debug, PartialEq)]
enum Key {
    Refused,
    Revoked,
    /// The bits are those of an RSA modulus, in whole octets.
    Read {
        bits: Option<usize>,
        testing: bool,
        strict: bool,
        sha1: bool,
        sha256: bool,
    },
}

fn their_key(text: &str) -> Key {
    match DomainKey::parse(text.as_bytes()) {
        Err(Error::Dkim(DkimError::RevokedPublicKey)) => Key::Revoked,
        Err(_) => Key::Refused,
        Ok(key) => {
            let (sha1, sha256) = (key.has_flag(HashAlgorithm::Sha1), key.has_flag(HashAlgorithm::Sha256));
            let bits = key.p.public_key_bits();
            Key::Read {
                bits: (bits != usize::MAX).then_some(bits),
                testing: key.has_flag(TESTING),
                strict: key.has_flag(STRICT),
                sha1: sha1 || !sha256,
                sha256: sha256 || !sha1,
            }
        }
    }
}

fn our_key(text: &str) -> (Key, Vec<Problem<KeyProblem>>) {
    let parsed = dkim::parse(text);
    let key = &parsed.record;
    let has = |hash: &str| key.hashes.as_ref().is_none_or(|hashes| hashes.iter().any(|other| other == hash));
    let read = if !parsed.is_sound() || matches!(key.version, Version::Other(_)) {
        Key::Refused
    } else if key.is_revoked() {
        Key::Revoked
    } else {
        let bits = key.rsa_bits().map(|bits| bits.next_multiple_of(8));
        Key::Read { bits, testing: key.is_testing(), strict: key.is_strict(), sha1: has("sha1"), sha256: has("sha256") }
    };
    (read, parsed.problems)
}

/// Which section settles a disagreement about a key, by what we find wrong where they find nothing (or the reverse).
fn key_section(ours: &Key, theirs: &Key, problems: &[Problem<KeyProblem>]) -> Option<&'static str> {
    let by = |problem: &Problem<KeyProblem>| match problem.kind {
        _ if problem.weight != Weight::Fault => None,
        KeyProblem::VersionNotFirst => Some("RFC 6376 §3.6.1: v must be the first tag"),
        KeyProblem::DuplicateTag { .. } => Some("RFC 6376 §3.2: a duplicate makes the list invalid"),
        KeyProblem::NoValue { .. } | KeyProblem::BadTagName { .. } => Some("RFC 6376 §3.2: tag-spec"),
        KeyProblem::WrongCase { .. } => Some("RFC 6376 §3.2: names are case-sensitive"),
        KeyProblem::UnknownKeyType { .. } => Some("RFC 6376 §3.2: values are case-sensitive"),
        KeyProblem::Sha1Only | KeyProblem::NoUsableHash => Some("RFC 8301 §3.1"),
        KeyProblem::TooWeak { .. } => Some("RFC 8301 §3.2"),
        KeyProblem::BadVersion { .. } | KeyProblem::MissingSemicolon { .. } => {
            Some("RFC 6376 §3.6.1: v is exactly DKIM1")
        }
        KeyProblem::Truncated { .. } | KeyProblem::NotAKey | KeyProblem::OtherAlgorithm { .. } => {
            Some("RFC 6376 §3.6.1: p is an RSA key; mail-auth finds out when it checks a signature")
        }
        KeyProblem::WrappedEd25519 | KeyProblem::Ed25519Length { .. } => {
            Some("RFC 8463 §4.2: p is 32 octets; mail-auth finds out when it checks a signature")
        }
        KeyProblem::LeakedEscape { .. } | KeyProblem::LeakedQuote => Some("RFC 6376 §3.6.1: v is exactly DKIM1"),
        KeyProblem::BadExponent { .. } | KeyProblem::BadModulus => Some("RFC 8017 §3.1"),
        KeyProblem::TrailingBytes { .. } => Some("RFC 6376 §3.6.1: p is one key"),
        _ => None,
    };
    match (ours, theirs) {
        (Key::Refused, _) => problems.iter().find_map(by),
        _ => None,
    }
}

fn compare_key(text: &str) -> Result<Option<&'static str>, String> {
    let ((ours, problems), theirs) = (our_key(text), their_key(text));
    if ours == theirs {
        return Ok(None);
    }
    let section = key_section(&ours, &theirs, &problems);
    section.map(Some).ok_or_else(|| format!("{text}\n ours: {ours:?}\n theirs: {theirs:?}\n {problems:?}"))
}

#[test]
fn keys_of_the_table() {
    let rows = rows(include_str!("data/records/dkim.json"));
    let faults: Vec<String> = rows.iter().filter_map(|text| compare_key(text).err()).collect();
    let differ = rows.iter().filter(|text| compare_key(text).is_ok_and(|section| section.is_some())).count();
    println!("{} keys, {differ} of them read otherwise by mail-auth", rows.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What a DMARC record comes to.
#[derive(Debug, PartialEq)]
enum Record {
    None,
    Broken,
    Read { policies: (Policy, Policy, Policy), testing: bool, psd: Psd, strict: (bool, bool), rua: Vec<String> },
}

fn their_record(text: &str) -> Record {
    let Ok(record) = Dmarc::parse(text.as_bytes()) else {
        return if text.trim_start().to_ascii_lowercase().starts_with("v") { Record::Broken } else { Record::None };
    };
    let policy = |policy: TheirPolicy| match policy {
        TheirPolicy::None | TheirPolicy::Unspecified => Policy::None,
        TheirPolicy::Quarantine => Policy::Quarantine,
        TheirPolicy::Reject => Policy::Reject,
    };
    let psd = match record.psd {
        TheirPsd::Yes => Psd::Yes,
        TheirPsd::No => Psd::No,
        TheirPsd::Default => Psd::Undeclared,
    };
    Record::Read {
        policies: (policy(record.p), policy(record.sp), policy(record.np)),
        testing: record.t,
        psd,
        strict: (record.adkim == Alignment::Strict, record.aspf == Alignment::Strict),
        rua: record.rua.iter().map(|uri| uri.uri.clone()).collect(),
    }
}

fn our_record(text: &str) -> (Record, Vec<Problem<DmarcProblem>>) {
    let Reading::Record(parsed) = dmarc::read(text) else { return (Record::None, Vec::new()) };
    let record = &parsed.record;
    let policies = match record.request() {
        Request::Policies { domain, subdomains, nonexistent } => (domain, subdomains, nonexistent),
        Request::MonitorOnly => (Policy::None, Policy::None, Policy::None),
        Request::Nothing => return (Record::Broken, parsed.problems),
    };
    let mailbox = |uri: &dmarc::ReportUri| {
        let text = uri.uri.get("mailto:".len()..).unwrap_or("").to_ascii_lowercase();
        text.replace("%2c", ",").replace("%21", "!") // mail-auth decodes, we keep the URI as it stands
    };
    let read = Record::Read {
        policies,
        testing: record.testing,
        psd: record.psd,
        strict: (record.strict_dkim, record.strict_spf),
        rua: record.aggregate_reports.iter().filter(|uri| uri.is_mailto).map(mailbox).collect(),
    };
    (read, parsed.problems)
}

/// Which section settles a disagreement about a record.
fn record_section(
    text: &str,
    ours: &Record,
    theirs: &Record,
    problems: &[Problem<DmarcProblem>],
) -> Option<&'static str> {
    let by = |problem: &Problem<DmarcProblem>| match &problem.kind {
        DmarcProblem::InvalidPolicy { .. } if *theirs == Record::Broken => Some("RFC 9989 §4.10.1: with rua as p=none"),
        DmarcProblem::MissingPolicy { .. } if *ours == Record::Broken || can_fall_back(theirs) => {
            Some("RFC 9989 §4.10.1: without p as p=none alone with rua, and no DMARC without")
        }
        DmarcProblem::InvalidValue { .. } | DmarcProblem::InvalidFailureOptions { .. } if *theirs == Record::Broken => {
            Some("RFC 9989 §4.7: syntax errors are discarded in favour of default values")
        }
        DmarcProblem::EmptyValue { .. } => Some("RFC 9989 §4.8: a value has at least one character"),
        DmarcProblem::NoValue { .. } | DmarcProblem::BadTagName { .. } | DmarcProblem::StrayUri { .. } => {
            Some("RFC 9989 §4.8: dmarc-tag")
        }
        DmarcProblem::DuplicateTag { .. } | DmarcProblem::SecondVersion => {
            Some("not settled: RFC 9989 §4.8 says nothing of duplicates")
        }
        DmarcProblem::Uri { problem, .. } => match problem {
            UriProblem::Duplicate { .. } => Some("the same address twice is one destination"),
            UriProblem::Many { .. } | UriProblem::ObsoleteSize { .. } | UriProblem::Empty => None,
            _ => Some("RFC 9989 §4.8: dmarc-uri, RFC 6068 §2"),
        },
        _ => None,
    };
    match (ours, theirs) {
        (Record::None | Record::Broken, Record::None | Record::Broken) => Some("neither reads it"),
        (Record::None, Record::Read { .. }) => match dmarc::read(text) {
            Reading::NearMiss { kind: NearMiss::VersionCase { .. }, .. } => {
                Some("RFC 9989 §4.8: DMARC1 is case-sensitive")
            }
            Reading::NearMiss { kind: NearMiss::LeadingSemicolon, .. } => Some("RFC 9989 §4.8: v comes first"),
            _ => None,
        },
        _ => problems.iter().find_map(by),
    }
}

/// Whether sp or np of a record without p ask for more than none, which a receiver must not apply.
fn can_fall_back(record: &Record) -> bool {
    matches!(record, Record::Read { policies: (Policy::None, subdomains, nonexistent), .. }
        if *subdomains > Policy::None || *nonexistent > Policy::None)
}

fn compare_record(text: &str) -> Result<Option<&'static str>, String> {
    let ((ours, problems), theirs) = (our_record(text), their_record(text));
    if ours == theirs {
        return Ok(None);
    }
    let section = record_section(text, &ours, &theirs, &problems);
    section.map(Some).ok_or_else(|| format!("{text}\n ours: {ours:?}\n theirs: {theirs:?}\n {problems:?}"))
}

#[test]
fn records_of_the_table() {
    let rows = rows(include_str!("data/records/dmarc.json"));
    let faults: Vec<String> = rows.iter().filter_map(|text| compare_record(text).err()).collect();
    let differ = rows.iter().filter(|text| compare_record(text).is_ok_and(|section| section.is_some())).count();
    println!("{} records, {differ} of them read otherwise by mail-auth", rows.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// White space as people leave it.
fn space() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "", "", " ", "  ", "\t"]).prop_map(str::to_owned)
}

/// Tags joined as a record: each with its own white space.
fn joined(tags: impl Strategy<Value = Vec<String>>) -> impl Strategy<Value = String> {
    (tags, prop::collection::vec(space(), 16), any::<bool>()).prop_map(|(tags, spaces, last)| {
        let mut text = String::new();
        for (at, tag) in tags.iter().enumerate() {
            let space = |place: usize| &spaces[(2 * at + place) % spaces.len()];
            if at > 0 {
                text += ";";
                text += space(0);
            }
            text += tag;
            text += if at > 0 { space(1) } else { "" };
        }
        text + if last { ";" } else { "" }
    })
}

fn key_tags() -> impl Strategy<Value = Vec<String>> {
    let keys = rows(include_str!("data/records/dkim.json"));
    let key = |text: &str| text.split(';').find_map(|tag| tag.trim().strip_prefix("p=").map(str::to_owned));
    let materials: Vec<String> = keys.iter().filter_map(|text| key(text)).chain([String::new()]).collect();
    let tag = |name: &'static str, values: Vec<&'static str>| {
        prop::option::of(prop::sample::select(values))
            .prop_map(move |value| value.map(|value| format!("{name}={value}")))
    };
    (
        tag("v", vec!["DKIM1", "DKIM1", "DKIM1", "dkim1", "DKIM2"]),
        tag("k", vec!["rsa", "rsa", "ed25519", "RSA", "dsa"]),
        tag("h", vec!["sha256", "sha1", "sha1:sha256", "sha256 : sha1", "sha512"]),
        tag("s", vec!["*", "email", "tlsrpt", "email:tlsrpt"]),
        tag("t", vec!["y", "s", "y:s", "q", " y : s "]),
        tag("n", vec!["notes", "=20", "a=b"]),
        prop::option::weighted(0.95, prop::sample::select(materials)).prop_map(|key| key.map(|key| format!("p={key}"))),
        any::<prop::sample::Index>(),
    )
        .prop_map(|(v, k, h, s, t, n, p, place)| {
            let mut rest: Vec<String> = [k, h, s, t, n].into_iter().flatten().collect();
            if let Some(p) = p {
                rest.insert(place.index(rest.len() + 1), p);
            }
            v.into_iter().chain(rest).collect()
        })
}

fn policy_tags() -> impl Strategy<Value = Vec<String>> {
    let tag = |name: &'static str, values: Vec<&'static str>| {
        prop::option::weighted(0.4, prop::sample::select(values))
            .prop_map(move |value| value.map(|value| format!("{name}={value}")))
    };
    let policies = vec!["none", "quarantine", "reject", "Reject", "NONE", "rejct"];
    let uris = vec![
        "mailto:a@x.test",
        "mailto:A@X.test!10m",
        "mailto:a@x.test , mailto:b@y.test",
        "MAILTO:a@x.test",
        "mailto:a+b@x.test,mailto:c@z.test!5k",
        "a@x.test",
        "https://x.test/r",
        "mailto:a%2Cb@x.test",
    ];
    (
        tag("sp", policies.clone()),
        tag("np", policies.clone()),
        tag("t", vec!["y", "n", "Y", "maybe"]),
        tag("psd", vec!["y", "n", "u", "x"]),
        tag("adkim", vec!["r", "s", "S", "strict"]),
        tag("aspf", vec!["r", "s", "R"]),
        tag("rua", uris.clone()),
        tag("ruf", uris),
        tag("fo", vec!["0", "1", "d", "s", "1:d:s", "d:s", "0:1"]),
        tag("pct", vec!["100", "0", "x"]),
        (prop::option::weighted(0.9, prop::sample::select(policies)), any::<prop::sample::Index>()),
    )
        .prop_map(|(sp, np, t, psd, adkim, aspf, rua, ruf, fo, pct, (p, place))| {
            let rest = [sp, np, t, psd, adkim, aspf, rua, ruf, fo, pct];
            let mut rest: Vec<String> = rest.into_iter().flatten().collect();
            if let Some(p) = p {
                rest.insert(place.index(rest.len() + 1), format!("p={p}"));
            }
            std::iter::once("v=DMARC1".to_owned()).chain(rest).collect()
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

    #[test]
    fn generated_keys(text in joined(key_tags())) {
        if let Err(what) = compare_key(&text) {
            prop_assert!(false, "{what}");
        }
    }

    #[test]
    fn generated_records(text in joined(policy_tags())) {
        if let Err(what) = compare_record(&text) {
            prop_assert!(false, "{what}");
        }
    }
}
