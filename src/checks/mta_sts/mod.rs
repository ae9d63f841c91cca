//! MTA-STS, RFC 8461: a record in the DNS says that there is a policy; a file on a web server says which mail servers
//! are the domain's, and that mail goes to them over TLS with a valid certificate or not at all.

mod change_checks;
mod content_checks;
mod policy;
mod policy_checks;
mod record_checks;
mod road;
pub(in crate::checks) mod txt;
pub(in crate::checks) mod wording;

pub use super::fetched::{Fetched, Grade};
pub use change_checks::Other;
pub use policy::{PolicyFile, PolicyHost};

use serde_json::json;

use super::mx::Host;
use super::{Context, Judgement, Level, Prerequisite, Published, Room, ScoreItem, Status, Unknown};
use crate::evidence::HttpsEntry;
use crate::name::DomainName;
use crate::records::mta_sts::{self, MtaStsProblem, MtaStsRecord};
use crate::records::mta_sts_policy::{Mode, MtaStsPolicy, MxPattern};
use crate::records::{Parsed, Technology};
use txt::{Pick, TxtSet};

/// Names at which the record is sometimes put by mistake.
const SLIPS: &[&str] = &["mta-sts", "_mta_sts", "_mtasts", "_sts", "_mta-sts._tls", "_mta-sts._smtp", "_smtp._mta-sts"];
/// Most mail hosts for which a command is written out.
const MAX_COMMANDS: usize = 10;

/// Everything known of MTA-STS.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The TXT records.
    pub txt: TxtSet,
    /// The record that senders pick, where there is exactly one.
    pub record: Option<Parsed<MtaStsRecord, MtaStsProblem>>,
    /// Where the policy must be, RFC 8461 §3.2.
    pub url: String,
    /// The policy host.
    pub host: PolicyHost,
    /// What the request for the policy came to.
    pub fetch: Fetched,
    /// The policy file, where its text is known.
    pub file: Option<PolicyFile>,
    /// Whether the user supplied what is known of the policy.
    pub supplied: bool,
    /// Another policy that is known, and says something else.
    pub other: Option<Other>,
    /// The user's relay, where it was asked for the policy.
    pub asked_relay: Option<String>,
}

impl Facts {
    /// Asks for the record and the addresses of the policy host; for the policy where there is a record.
    pub fn gather(context: &Context<'_>, _mx: &super::mx::Facts) -> Self {
        let txt = TxtSet::gather(context, Technology::MtaSts, "_mta-sts", SLIPS, mta_sts::standing);
        let record = match txt.pick() {
            Pick::One(text) => Some(mta_sts::parse(&text.text)),
            _ => None,
        };
        let host = PolicyHost::gather(context);
        let url = format!("https://{}/.well-known/mta-sts.txt", host.name);
        let wanted = match txt.pick() {
            Pick::One(_) | Pick::Several => true,
            Pick::None => context.options.leftovers,
            Pick::Unknown(_) => false,
        };
        let (fetch, entry) = policy::fetch(context, &url, &host, wanted);
        let file = entry.and_then(PolicyFile::of);
        let other = change_checks::other(context, &url, file.as_ref());
        let supplied = entry.is_some_and(|entry| entry.supplied);
        let asked_relay = entry.and_then(HttpsEntry::relay).map(str::to_owned);
        Self { txt, record, url, host, fetch, file, other, supplied, asked_relay }
    }

    /// Whether senders see exactly one valid record; `None` where that is not known.
    pub fn has_record(&self) -> Option<bool> {
        match self.txt.pick() {
            Pick::Unknown(_) => None,
            _ => Some(self.record.as_ref().is_some_and(Parsed::is_sound)),
        }
    }

    /// The grade of the evidence: what the user says of the host is never better than supplied.
    pub fn grade(&self) -> Grade {
        match self.fetch.grade() {
            Grade::Read if self.supplied => Grade::Supplied,
            grade => grade,
        }
    }

    /// Whether the file was read from its host, here and now.
    fn is_read(&self) -> bool {
        self.grade() == Grade::Read
    }

    /// The policy, where it is known and valid.
    pub fn valid_policy(&self) -> Option<&MtaStsPolicy> {
        self.file.as_ref().filter(|file| file.parsed.is_sound()).map(|file| &file.parsed.record)
    }

    /// Whether senders get a valid policy; `None` where that is not known.
    pub fn has_policy(&self) -> Option<bool> {
        if !self.is_read() && (self.host.is_missing() || self.host.is_private()) {
            return Some(false);
        }
        match &self.fetch {
            Fetched::Read(_) => self.file.as_ref().map(|file| file.parsed.is_sound()),
            Fetched::Status(_) | Fetched::Redirect { .. } | Fetched::Tls(_) | Fetched::TooLarge(_) => Some(false),
            Fetched::NotNamed | Fetched::Reachable | Fetched::Unknown(_) => None,
        }
    }
}

/// The mail hosts that no pattern of the policy covers; `None` where the hosts are not known, or not all of them and
/// those that are known are covered.
fn uncovered<'f>(facts: &'f super::Facts, policy: &MtaStsPolicy) -> Option<Vec<&'f DomainName>> {
    let hosts = facts.mx.hosts()?;
    let missed: Vec<&DomainName> = hosts.iter().map(|host| &host.name).filter(|name| !policy.covers(name)).collect();
    (!missed.is_empty() || facts.mx.left_out == 0).then_some(missed)
}

/// Each mail host that is known, with the line of the policy that covers it.
fn coverage<'f>(
    facts: &'f super::Facts,
    policy: &'f MtaStsPolicy,
) -> impl Iterator<Item = (&'f DomainName, Option<&'f MxPattern>)> {
    let hosts = facts.mx.hosts().unwrap_or_default();
    hosts.iter().map(|host| (&host.name, policy.patterns.iter().find(|pattern| pattern.matches(&host.name))))
}

/// Everything the report asks.
pub static ROOM: Room = Room {
    technology: Technology::MtaSts,
    checks: &[
        record_checks::MISSING,
        record_checks::UNREADABLE,
        record_checks::MULTIPLE,
        record_checks::SYNTAX,
        record_checks::NEAR_MISS,
        record_checks::POINTLESS,
        change_checks::DELEGATION,
        policy_checks::HOST,
        policy_checks::PRIVATE,
        policy_checks::TLS,
        policy_checks::STATUS,
        policy_checks::REDIRECT,
        policy_checks::TYPE,
        policy_checks::SYNTAX,
        content_checks::MODE,
        content_checks::NOT_COVERED,
        content_checks::UNUSED,
        content_checks::MAX_AGE,
        content_checks::WITHOUT_REPORTS,
        content_checks::LEFTOVER,
        change_checks::CHANGED,
        policy_checks::UNREAD,
        policy_checks::NO_CORS,
    ],
    status,
    score: SCORE,
    done,
    prerequisites,
    steps: road::steps,
    unknowns,
    published,
    detail,
};

fn status(facts: &super::Facts, findings: &[super::Finding]) -> Status {
    facts.mta_sts.txt.status(facts.profile, findings)
}

static SCORE: &[ScoreItem] = &[
    ScoreItem {
        id: "mta-sts.record",
        level: Level::Important,
        label: "MTA-STS record",
        how: "4 points for exactly one valid TXT record at _mta-sts.",
        points: 4,
        judge: |facts| judge(facts, |_| Judgement::Earned(4)),
    },
    ScoreItem {
        id: "mta-sts.policy",
        level: Level::Important,
        label: "MTA-STS policy file",
        how: "4 points for a valid policy file that senders can fetch, with a valid record to announce it. Unknown while \
              the file was neither read nor supplied.",
        points: 4,
        judge: |facts| judge_policy(facts, |_| Judgement::Earned(4)),
    },
    ScoreItem {
        id: "mta-sts.covers",
        level: Level::Important,
        label: "MTA-STS policy covers every mail server",
        how: "4 points where the valid policy, in mode enforce or testing, covers every MX host.",
        points: 4,
        judge: |facts| {
            judge_policy(facts, |policy| {
                if policy.mode == Some(Mode::None) {
                    return Judgement::Earned(0);
                }
                match uncovered(facts, policy) {
                    None => Judgement::Unknown,
                    Some(hosts) => Judgement::Earned(if hosts.is_empty() { 4 } else { 0 }),
                }
            })
        },
    },
    ScoreItem {
        id: "mta-sts.enforce",
        level: Level::Important,
        label: "MTA-STS is enforced",
        how: "5 points for mode enforce in the valid policy, 2 for testing, 0 for none.",
        points: 5,
        judge: |facts| {
            judge_policy(facts, |policy| {
                Judgement::Earned(match policy.mode {
                    Some(Mode::Enforce) => 5,
                    Some(Mode::Testing) => 2,
                    Some(Mode::None) | None => 0,
                })
            })
        },
    },
];

/// Judges what needs a valid record.
fn judge(facts: &super::Facts, with_record: impl Fn(&Facts) -> Judgement) -> Judgement {
    if !facts.profile.receives() {
        return Judgement::NotApplicable;
    }
    match facts.mta_sts.has_record() {
        None => Judgement::Unknown,
        Some(false) => Judgement::Earned(0),
        Some(true) => with_record(&facts.mta_sts),
    }
}

/// Judges what needs a valid policy, too.
fn judge_policy(facts: &super::Facts, with_policy: impl Fn(&MtaStsPolicy) -> Judgement) -> Judgement {
    judge(facts, |own| match (own.has_policy(), own.valid_policy()) {
        (Some(true), Some(policy)) => with_policy(policy),
        (Some(false), _) => Judgement::Earned(0),
        _ => Judgement::Unknown,
    })
}

/// Done when the record is valid and the policy known, valid, enforced and complete.
fn done(facts: &super::Facts) -> Option<bool> {
    if !facts.profile.receives() {
        return None;
    }
    let own = &facts.mta_sts;
    if !own.has_record()? || !own.has_policy()? {
        return Some(false);
    }
    let policy = own.valid_policy()?;
    if policy.mode != Some(Mode::Enforce) {
        return Some(false);
    }
    uncovered(facts, policy).map(|hosts| hosts.is_empty())
}

fn prerequisites(facts: &super::Facts) -> Vec<Prerequisite> {
    let own = &facts.mta_sts;
    let https = match &own.fetch {
        // What the user or a relay says of it proves nothing.
        _ if matches!(own.grade(), Grade::Supplied | Grade::Relayed) => None,
        Fetched::Status(_) | Fetched::Redirect { .. } | Fetched::TooLarge(_) | Fetched::Reachable => Some(true),
        Fetched::Read(_) => Some(true),
        Fetched::Tls(_) => Some(false),
        _ if own.host.is_missing() => Some(false),
        _ => None,
    };
    vec![
        Prerequisite { id: "https-subdomain".into(), label: "HTTPS subdomain".into(), met: https },
        // SMTP is out of reach of a browser, and no DNS record proves what a mail server offers.
        Prerequisite { id: "tls-capable-mx".into(), label: "TLS-capable MX".into(), met: None },
    ]
}

/// One command per mail host: a browser cannot speak SMTP.
fn unknowns(facts: &super::Facts) -> Vec<Unknown> {
    let hosts: &[Host] = if facts.profile.receives() { facts.mx.hosts().unwrap_or_default() } else { &[] };
    let unknown = |host: &Host| Unknown {
        technology: Technology::MtaSts,
        what: tr!("Whether {} offers STARTTLS with a valid certificate for its name", host.name),
        why: "A browser cannot speak SMTP.".into(),
        how: tr!(
            "Run `openssl s_client -starttls smtp -connect {0}:25 -servername {0} -verify_hostname {0} -verify_return_error` \
             where port 25 is not blocked; “Verify return code: 0 (ok)” is what senders want to see.",
            host.name
        ),
    };
    hosts.iter().filter(|host| host.name.is_host_name()).take(MAX_COMMANDS).map(unknown).collect()
}

fn published(facts: &super::Facts) -> Vec<Published> {
    let own = &facts.mta_sts;
    let mut published = own.txt.published();
    if let Some(file) = &own.file {
        published.push(Published {
            name: own.url.clone(),
            record_type: "file".into(),
            value: file.text.clone(),
            ttl: None,
            from: file.from.clone(),
        });
    }
    published
}

fn detail(facts: &super::Facts) -> serde_json::Value {
    let own = &facts.mta_sts;
    let policy = own.file.as_ref().map(|file| {
        let policy = &file.parsed.record;
        json!({
            "valid": file.parsed.is_sound(),
            "mode": policy.mode.map(Mode::word),
            "max_age": policy.max_age,
            "mx": policy.patterns.iter().map(|pattern| pattern.text()).collect::<Vec<_>>(),
            "uncovered": uncovered(facts, policy),
            "coverage": coverage(facts, policy)
                .map(|(host, by)| json!({"host": host, "line": by.map(MxPattern::text)}))
                .collect::<Vec<_>>(),
        })
    });
    json!({
        "record_name": own.txt.name,
        "record_aliases": own.txt.aliases,
        "supplied": own.supplied,
        "id": own.record.as_ref().and_then(|parsed| parsed.record.id.as_deref()),
        "policy_url": own.url,
        "policy_host_aliases": own.host.aliases,
        "policy_host_addresses": own.host.addresses.iter().map(|address| address.to_string()).collect::<Vec<_>>(),
        "evidence": own.grade().word(),
        "policy": policy,
    })
}
