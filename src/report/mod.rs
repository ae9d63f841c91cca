//! The report: what the page, the widget and the command line show, and its JSON form `mxray-report/1`.

mod badge;
pub(crate) mod carried;
pub mod chain_outline;
pub mod changes;
mod checklist;
mod csv;
mod mail_hosts;
mod markdown;
mod matrix;
pub mod road;
mod said;
mod score;
pub mod spf_outline;
pub mod summary;
mod text;
mod tls_facts;

pub use checklist::{ChecklistItem, checklist};
pub use mail_hosts::{TlsReports, said_of};
pub use matrix::{Difficulty, MatrixRow, Priority};
pub use score::{Grade, LevelScore, Score, ScoreLine};
pub use summary::Summary;
pub use text::{level_label, outcome_label, score_sentence, status_label};
pub use tls_facts::tls_facts;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::checks::mail_hosts::MailHost;
use crate::checks::{Facts, Finding, Outcome, Prerequisite, Profile, Published, ROOMS, Room, Status, Step, Unknown};
use crate::name::DomainName;
use crate::order;
use crate::records::Technology;
use crate::time::UnixTime;

/// The `format` of the report file.
pub const FORMAT: &str = "mxray-report/1";

/// Everything there is to say about a domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Always [`FORMAT`].
    pub format: Cow<'static, str>,
    /// The domain in question, as A-labels.
    pub domain: DomainName,
    /// Its organizational domain, RFC 9989 §4.10.2; `null` until the tree walk is complete.
    pub organizational_domain: Option<DomainName>,
    /// When it was judged.
    pub taken_at: UnixTime,
    /// What the domain uses mail for.
    pub profile: Profile,
    /// Points and grade.
    pub score: Score,
    /// The mail servers.
    pub mail_servers: TechnologyReport,
    /// Each mail host between MTA-STS and DANE, best first; empty where mail is not received or the hosts are not known.
    pub mail_hosts: Vec<MailHost>,
    /// The eight technologies.
    pub technologies: Vec<TechnologyReport>,
    /// The checklist.
    pub checklist: Vec<ChecklistItem>,
    /// Every finding, worst first within each technology.
    pub findings: Vec<Finding>,
    /// What to do, in order.
    pub plan: Vec<Step>,
    /// Set where SPF, DKIM or DMARC is missing: finish those first.
    pub basics_first: Option<String>,
    /// What could not be seen, and how to find out.
    pub unknown: Vec<Unknown>,
    /// What TLS-RPT reports say beside it, where they were given.
    pub tls_reports: Option<TlsReports>,
}

/// How one technology stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TechnologyReport {
    /// Which.
    pub id: Technology,
    /// How it stands.
    pub status: Status,
    /// Its priority in the matrix.
    pub priority: Priority,
    /// Its difficulty in the matrix.
    pub difficulty: Difficulty,
    /// What must be there first.
    pub prerequisites: Vec<Prerequisite>,
    /// What to do next; `null` when nothing is left.
    pub next_step: Option<String>,
    /// Records and files as published.
    pub published: Vec<Published>,
    /// The technology's own facts.
    #[serde(with = "carried")]
    pub detail: serde_json::Value,
}

/// The report as it is written to a file: with the road of MTA-STS, which follows from it.
#[derive(Serialize)]
pub struct Written<'r> {
    #[serde(flatten)]
    report: &'r Report,
    mta_sts_road: Option<road::Road>,
}

impl Report {
    /// The report as it is written to a file.
    pub fn written(&self) -> Written<'_> {
        Written { report: self, mta_sts_road: road::Road::of(self) }
    }

    /// The report on a set of facts.
    pub fn on(facts: &Facts) -> Self {
        let mut findings = Vec::new();
        let mut technologies = Vec::new();
        let mut plan = Vec::new();
        let mut unknown = Vec::new();
        for room in ROOMS {
            let (report, mut own, steps) = Self::of_room(room, facts);
            unknown.extend((room.unknowns)(facts));
            for finding in own.iter().filter(|finding| finding.outcome == Outcome::Unknown) {
                unknown.push(Unknown {
                    technology: finding.technology,
                    what: finding.title.clone(),
                    why: finding.detail.clone(),
                    how: finding.fix.clone().unwrap_or_default(),
                });
            }
            technologies.push(report);
            findings.append(&mut own);
            plan.extend(steps);
        }
        let mail_servers = technologies.remove(0);
        order::by_key(&mut plan, |step: &Step| u128::from(matrix::order(step.technology)));
        let exists = !facts.mx.does_not_exist(&facts.domain);
        if !exists {
            // What is missing at a name that is not there needs no finding and no step: the mail servers' say it all.
            plan.retain(|step| step.technology == Technology::Mx);
            for technology in technologies.iter_mut().filter(|t: &&mut TechnologyReport| t.status == Status::Absent) {
                if technology.id != Technology::Mx {
                    technology.status = Status::NotApplicable;
                    technology.next_step = None;
                    findings.retain(|finding: &Finding| finding.technology != technology.id);
                }
            }
        }
        let mut report = Self {
            format: FORMAT.into(),
            domain: facts.domain.clone(),
            organizational_domain: facts.dmarc.organizational_domain(),
            taken_at: facts.now,
            profile: facts.profile,
            score: Score::of(facts),
            mail_servers,
            mail_hosts: crate::checks::mail_hosts::mail_hosts(facts),
            checklist: checklist(facts, &technologies),
            basics_first: matrix::basics_first(&technologies).filter(|_| exists),
            technologies,
            findings,
            plan,
            unknown,
            tls_reports: None,
        };
        report.say();
        report
    }

    /// The report of one technology; `None` only for what is no technology of its own.
    pub fn technology(&self, technology: Technology) -> Option<&TechnologyReport> {
        self.technologies.iter().find(|report| report.id == technology)
    }

    /// The findings of one technology, in order.
    pub fn findings_of(&self, technology: Technology) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.technology == technology)
    }

    fn of_room(room: &Room, facts: &Facts) -> (TechnologyReport, Vec<Finding>, Vec<Step>) {
        let mut findings = Vec::new();
        for check in room.checks {
            (check.run)(facts, check.doc, &mut findings);
        }
        order::by_key(&mut findings, |finding| severity(finding.outcome));
        let status = (room.status)(facts, &findings);
        let mut steps = (room.steps)(facts);
        if steps.is_empty() && matches!(status, Status::Fail | Status::Warn) {
            steps.extend(findings.iter().find_map(step_of));
        }
        let row = matrix::row(room.technology);
        let report = TechnologyReport {
            id: room.technology,
            status,
            priority: row.priority,
            difficulty: row.difficulty,
            // What is not needed waits for nothing.
            prerequisites: if status == Status::NotApplicable { Vec::new() } else { (room.prerequisites)(facts) },
            next_step: steps.first().map(|step| step.step.clone()),
            published: (room.published)(facts),
            detail: (room.detail)(facts),
        };
        (report, findings, steps)
    }
}

/// The step that a finding asks for by itself, where its room has no plan of its own.
fn step_of(finding: &Finding) -> Option<Step> {
    let fix = finding.fix.as_ref().filter(|_| matches!(finding.outcome, Outcome::Fail | Outcome::Warn))?;
    Some(Step {
        technology: finding.technology,
        step: fix.clone(),
        why: tr!("{} {}", finding.detail, finding.why),
        publish: finding.publish.clone(),
    })
}

/// Order of display: what is broken first.
fn severity(outcome: Outcome) -> u128 {
    match outcome {
        Outcome::Fail => 0,
        Outcome::Warn => 1,
        Outcome::Unknown => 2,
        Outcome::Info => 3,
        Outcome::Pass => 4,
    }
}
