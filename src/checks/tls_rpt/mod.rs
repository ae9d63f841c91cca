//! TLS-RPT, RFC 8460: where senders report how TLS went in their deliveries to this domain.

mod receivers;
mod rules;
mod target_checks;
mod wording;

pub use receivers::{Receiver, Receives};
pub(in crate::checks) use rules::right_record;

use serde_json::json;

use super::mta_sts::txt::{Pick, TxtSet};
use super::{Context, Finding, Judgement, Level, Prerequisite, Room, ScoreItem, Status, Step};
use crate::records::tls_rpt::{self, TlsRptProblem, TlsRptRecord, Way};
use crate::records::{Parsed, Technology};

/// Names at which the record is sometimes put by mistake.
const SLIPS: &[&str] = &[
    "_tls",
    "_smtp-tls",
    "_smtp_tls",
    "_smtp._tlsrpt",
    "_smtp._tls-rpt",
    "_tls._smtp",
    "smtp._tls",
    "_tlsrpt",
    "_tls-rpt",
];

/// Everything known of TLS-RPT.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The TXT records.
    pub txt: TxtSet,
    /// The record that senders pick, where there is exactly one.
    pub record: Option<Parsed<TlsRptRecord, TlsRptProblem>>,
    /// The hosts and mail domains that reports go to, each once.
    pub receivers: Vec<Receiver>,
}

impl Facts {
    /// Asks for the record, and whether the domains in it can receive reports.
    pub fn gather(context: &Context<'_>) -> Self {
        let txt = TxtSet::gather(context, Technology::TlsRpt, "_smtp._tls", SLIPS, tls_rpt::standing);
        let record = match txt.pick() {
            Pick::One(text) => Some(tls_rpt::parse(&text.text)),
            _ => None,
        };
        let receivers = record.as_ref().map_or(Vec::new(), |parsed| receivers::gather(context, &parsed.record));
        Self { txt, record, receivers }
    }

    /// Whether senders see exactly one valid record; `None` where that is not known.
    pub fn has_record(&self) -> Option<bool> {
        match self.txt.pick() {
            Pick::Unknown(_) => None,
            _ => Some(self.valid_record().is_some()),
        }
    }

    /// The record, where there is exactly one and it is valid.
    pub fn valid_record(&self) -> Option<&TlsRptRecord> {
        self.record.as_ref().filter(|parsed| parsed.is_sound()).map(|parsed| &parsed.record)
    }

    /// Whether at least one target of the valid record can take reports; `None` where that is not known.
    pub fn has_target(&self) -> Option<bool> {
        if !self.has_record()? {
            return Some(false);
        }
        let record = self.valid_record()?;
        let known: Vec<Option<bool>> = record.targets.iter().map(|target| self.receives(&target.way)).collect();
        if known.contains(&Some(true)) {
            return Some(true);
        }
        if known.contains(&None) { None } else { Some(false) }
    }

    /// Whether a target can take reports.
    fn receives(&self, way: &Way) -> Option<bool> {
        let (name, by_mail) = match way {
            Way::Mail { domain, .. } => (domain, true),
            Way::Https { host: Some(host) } => (host, false),
            // An address needs no look-up.
            Way::Https { host: None } => return Some(true),
        };
        let receiver = self.receivers.iter().find(|receiver| receiver.name == *name && receiver.by_mail == by_mail)?;
        match receiver.receives {
            Receives::Yes => Some(true),
            Receives::NullMx | Receives::NoHost | Receives::Private => Some(false),
            Receives::Unknown(_) => None,
        }
    }
}

/// Everything the report asks.
pub static ROOM: Room = Room {
    technology: Technology::TlsRpt,
    checks: rules::CHECKS,
    status,
    score: SCORE,
    done: |facts| {
        let target = facts.tls_rpt.has_target();
        if facts.profile.receives() { target } else { None }
    },
    prerequisites,
    steps,
    unknowns: |_| Vec::new(),
    published: |facts| facts.tls_rpt.txt.published(),
    detail,
};

fn status(facts: &super::Facts, findings: &[Finding]) -> Status {
    facts.tls_rpt.txt.status(facts.profile, findings)
}

static SCORE: &[ScoreItem] = &[
    ScoreItem {
        id: "tls-rpt.record",
        level: Level::Important,
        label: "TLS-RPT record",
        how: "5 points for exactly one valid TXT record at _smtp._tls.",
        points: 5,
        judge: |facts| judge(facts, facts.tls_rpt.has_record(), 5),
    },
    ScoreItem {
        id: "tls-rpt.target",
        level: Level::Important,
        label: "TLS reports can arrive",
        how: "3 points where at least one mailto or https target of the valid record is at a domain that can receive: a \
              mail server for mailto, an address for https.",
        points: 3,
        judge: |facts| judge(facts, facts.tls_rpt.has_target(), 3),
    },
];

fn judge(facts: &super::Facts, met: Option<bool>, points: u8) -> Judgement {
    match met {
        _ if !facts.profile.receives() => Judgement::NotApplicable,
        None => Judgement::Unknown,
        Some(met) => Judgement::Earned(if met { points } else { 0 }),
    }
}

/// Reports need an address: one of the record's targets, or else any at the domain itself.
fn prerequisites(facts: &super::Facts) -> Vec<Prerequisite> {
    let own_mail = match facts.mx.hosts() {
        None => None,
        Some([]) => Some(false),
        Some(hosts) if hosts.iter().any(|host| host.has_address() || host.literal.is_some()) => Some(true),
        Some(hosts) if hosts.iter().all(|host| host.has_no_address()) => Some(false),
        Some(_) => None,
    };
    let met = match (facts.tls_rpt.has_target(), own_mail) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    };
    vec![Prerequisite { id: "report-address".into(), label: "email address for reports".into(), met }]
}

fn steps(facts: &super::Facts) -> Vec<Step> {
    let own = &facts.tls_rpt;
    if !facts.profile.receives() {
        return Vec::new();
    }
    let step = |step: String, why: &str| {
        vec![Step { technology: Technology::TlsRpt, step, why: why.into(), publish: vec![right_record(facts)] }]
    };
    match (own.has_record(), own.has_target()) {
        (Some(false), _) if matches!(own.txt.pick(), Pick::None) => step(
            "Publish a TLS-RPT record. Choose an address that somebody reads; the one shown must exist first.".into(),
            "Senders then report once a day how TLS went in their deliveries to you. It changes nothing else, so it comes \
             before MTA-STS and DANE.",
        ),
        (Some(false), _) => step(
            tr!("Have exactly one valid record at {}.", own.txt.name),
            "With several records, or one that is not valid, senders send no reports.",
        ),
        (Some(true), Some(false)) => vec![Step {
            technology: Technology::TlsRpt,
            step: "Send the TLS reports to an address that can receive them.".into(),
            why: "The targets of the record have no mail server or address, so that every report is lost.".into(),
            publish: vec![rules::fresh_record(facts)],
        }],
        _ => Vec::new(),
    }
}

fn detail(facts: &super::Facts) -> serde_json::Value {
    let own = &facts.tls_rpt;
    let targets = own.record.as_ref().map(|parsed| {
        let target = |target: &tls_rpt::Target| json!({"uri": target.uri, "receives": own.receives(&target.way)});
        parsed.record.targets.iter().map(target).collect::<Vec<_>>()
    });
    json!({"record_name": own.txt.name, "record_aliases": own.txt.aliases, "targets": targets})
}
