//! The road of MTA-STS, RFC 8461 §8: from nothing to an enforced policy as dated steps, the way back, and how to serve the
//! file. It follows from the report alone, so that only what shows or writes a report carries its sentences.

mod servers;
mod steps;

pub use servers::Server;

use serde::Serialize;
use serde_json::Value;

use crate::checks::Publish;
use crate::records::Technology;
use crate::records::mta_sts_policy::Mode;
use crate::time::UnixTime;

use super::Report;

/// More hosts than these are not all in the report, so no file can name them all.
const MAX_HOSTS: usize = crate::checks::mx::MAX_HOSTS;

/// The road, and where the domain stands on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Road {
    /// Where the domain stands, in a sentence.
    pub stands: String,
    /// From nothing to an enforced policy.
    pub steps: Vec<RoadStep>,
    /// From an enforced policy to nothing.
    pub removal: Vec<RoadStep>,
    /// What never to do.
    pub never: Vec<&'static str>,
    /// How to serve the file, by server.
    pub servers: Vec<Server>,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoadState {
    /// Behind the domain.
    Done,
    /// The next thing to do.
    Now,
    /// Comes after.
    Later,
    /// Whether it is done could not be seen.
    Unknown,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoadStep {
    /// Names the step.
    pub id: &'static str,
    /// How far it is.
    pub state: RoadState,
    /// The day on which it may be taken at the earliest, `2026-11-23`; `null` where it is behind.
    pub on: Option<String>,
    /// What to do.
    pub title: String,
    /// Why, and what to watch out for.
    pub why: String,
    /// What to publish, in this order.
    pub publish: Vec<Publish>,
}

/// What the report says of MTA-STS.
struct Stand<'r> {
    domain: &'r str,
    now: UnixTime,
    /// Whether reports can arrive.
    reports: Option<bool>,
    /// Whether there is exactly one valid record.
    record: Option<bool>,
    /// Whether senders get a valid policy.
    policy: Option<bool>,
    /// Whether it covers every mail server.
    covers: Option<bool>,
    /// The mode of the valid policy.
    mode: Option<Mode>,
    /// Its max_age.
    max_age: u64,
    /// The mail hosts; empty where they are not all known.
    hosts: Vec<&'r str>,
    /// The id of the record there is.
    id: Option<&'r str>,
}

impl Road {
    /// The road of the domain; `None` where it receives no mail.
    pub fn of(report: &Report) -> Option<Self> {
        let stand = Stand::of(report)?;
        let (steps, removal) = (stand.steps(), stand.removal());
        let current = steps.iter().find(|step| step.state != RoadState::Done);
        let file = current.into_iter().chain(&steps).flat_map(|step| &step.publish);
        let file = file.into_iter().find(|publish| publish.record_type == "file");
        let text = file.map_or_else(|| stand.file(Mode::Testing, steps::DAY), |file| file.value.clone());
        Some(Self {
            stands: stand.words(),
            servers: servers::servers(stand.domain, &text),
            never: steps::NEVER.to_vec(),
            steps,
            removal,
        })
    }

    /// The step to take now.
    pub fn next(&self) -> Option<&RoadStep> {
        self.steps.iter().find(|step| step.state == RoadState::Now)
    }
}

impl<'r> Stand<'r> {
    fn of(report: &'r Report) -> Option<Self> {
        let own = report.technology(Technology::MtaSts)?;
        if !report.profile.receives() {
            return None;
        }
        let earned = |id: &str| {
            let line = report.score.lines.iter().find(|line| line.id == id)?;
            line.earned.map(|points| points > 0)
        };
        let policy = earned("mta-sts.policy");
        let known = own.detail.get("policy").filter(|_| policy == Some(true));
        let mode = known.and_then(|known| known.get("mode")?.as_str());
        let mode = [Mode::Enforce, Mode::Testing, Mode::None].into_iter().find(|known| Some(known.word()) == mode);
        let hosts = report.mail_servers.detail.get("hosts").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let hosts: Vec<&str> = hosts.iter().filter_map(|host| host.get("name")?.as_str()).collect();
        let all_known = hosts.len() < MAX_HOSTS && hosts.iter().all(|host| is_host(host));
        Some(Self {
            domain: report.domain.as_str(),
            now: report.taken_at,
            reports: earned("tls-rpt.target"),
            record: earned("mta-sts.record"),
            policy,
            covers: earned("mta-sts.covers"),
            mode,
            max_age: known.and_then(|known| known.get("max_age")?.as_u64()).unwrap_or_default(),
            hosts: if all_known { hosts } else { Vec::new() },
            id: own.detail.get("id").and_then(Value::as_str),
        })
    }

    /// Where the domain stands.
    fn words(&self) -> String {
        let url = format!("https://mta-sts.{}/.well-known/mta-sts.txt", self.domain);
        match (self.record, self.policy, self.mode) {
            (None, _, _) => "The record could not be looked up, so nobody can say where the domain stands.".into(),
            (Some(false), _, _) => "No valid record announces a policy yet, so senders know of none.".into(),
            (_, None, _) => tr!(
                "The record is there. What the policy says could not be read here: run `curl -sS -D- {url}` and paste what \
                 it prints.",
                url
            ),
            (_, Some(false), _) => "The record is there, and senders get no valid policy.".into(),
            (_, _, Some(Mode::None)) => {
                "The policy is in mode none: it is on its way out, and protects nothing.".into()
            }
            (_, _, Some(Mode::Testing)) if self.covers == Some(false) => {
                "The policy is being tested, and does not name every mail server.".into()
            }
            (_, _, Some(Mode::Testing)) => {
                "The policy is being tested: failures are reported, and mail gets through.".into()
            }
            _ if self.covers == Some(false) => {
                "The policy is enforced, and does not name every mail server: mail to the others is kept back.".into()
            }
            _ if self.max_age < steps::LONG => {
                "The policy is enforced; senders keep it for a rather short time.".into()
            }
            _ => "The policy is enforced, and senders keep it for weeks: the end of the road.".into(),
        }
    }

    /// The text of a policy for the mail servers of today; with a name to replace where they are not known.
    fn file(&self, mode: Mode, max_age: u64) -> String {
        let hosts = if self.hosts.is_empty() { &["name-of-your-mail-server"][..] } else { &self.hosts };
        crate::records::mta_sts_policy::write(mode, if mode == Mode::None { &[] } else { hosts }, max_age)
    }
}

/// Whether an mx line can hold the name.
fn is_host(name: &str) -> bool {
    crate::name::DomainName::parse(name).is_ok_and(|name| name.is_host_name())
}
