//! Adds reports up, one at a time: what is kept grows with what differs, not with how much there is.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::net::IpAddr;

use super::deviation::DeviationKind;
use super::interner::Interner;
use super::kinds::ResultKind;
use super::summary::{
    Day, Detail, Deviation, Failure, HostFailure, MxHost, Organization, PolicyRow, Sessions, Share, Summary,
};
use super::{FailureDetail, Policy, Report, Unreadable, file};
use crate::crypto;
use crate::time::UnixTime;

/// Most reports that are counted: their ids are kept to find duplicates.
pub const MAX_REPORTS: u64 = 1_000_000;
/// Most rows of one table; more cannot be looked through.
pub const MAX_ROWS: usize = 50_000;
/// Most things listed that could not be read.
const MAX_UNREADABLE: usize = 10_000;

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Longest period that is counted on the day of its middle: a day in whatever zone, and some slack.
const ABOUT_A_DAY: i64 = 2 * DAY;
/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is counted.
    Counted,
    /// The same report is counted already.
    Duplicate,
    /// There are too many; it is listed as unreadable.
    Refused,
}

/// The sums so far.
#[derive(Default)]
pub struct Fold {
    names: Interner,
    /// By the number of an address as it is written: the number of its one form, and whether it is an address.
    addresses: HashMap<u32, (u32, bool)>,
    reports: u64,
    duplicates: u64,
    sessions: Sessions,
    detailed: u64,
    saturated: bool,
    period: Period,
    days: BTreeMap<i64, (u64, Sessions)>,
    organizations: HashMap<u32, OrganizationRow>,
    /// Reports whose id stood for another report before.
    again: HashMap<(u32, Box<str>, Identity), Sessions>,
    failures: HashMap<u32, Row>,
    policies: Table<[u32; 4], (Row, Sessions)>,
    host_failures: Table<[u32; 4], Row>,
    details: Table<[u32; 10], Row>,
    deviations: HashMap<(DeviationKind, u32), (u64, Box<str>)>,
    unreadable: Vec<Unreadable>,
    more_unreadable: u64,
    scratch: String,
    /// An address of the report that is being added which is none.
    odd_address: Option<Box<str>>,
}

/// What tells a report from others with the same id.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
struct Identity {
    start: Option<UnixTime>,
    end: Option<UnixTime>,
    /// A number for its domains, in whatever order.
    domains: u64,
}

/// What is kept of an organisation.
#[derive(Default)]
struct OrganizationRow {
    contact: Box<str>,
    reports: u64,
    sessions: Sessions,
    /// The ids of its reports.
    seen: HashMap<Box<str>, (Identity, Sessions)>,
}

/// The time that something was reported about.
#[derive(Clone, Copy, Default)]
struct Period {
    from: Option<UnixTime>,
    until: Option<UnixTime>,
}

impl Period {
    fn extend(&mut self, start: Option<UnixTime>, end: Option<UnixTime>) {
        let (start, end) = (start.or(end), end.or(start));
        self.from = if self.from.is_some() { self.from.min(start.or(self.from)) } else { start };
        self.until = self.until.max(end);
    }
}

/// What is kept of a row.
#[derive(Clone, Copy, Default)]
struct Row {
    sessions: u64,
    reports: u64,
    /// The report that was last counted.
    last: u64,
    period: Period,
}

impl Row {
    fn add(&mut self, sessions: u64, report: u64, of: &Report<'_>) {
        self.sessions = self.sessions.saturating_add(sessions);
        if self.last != report {
            self.last = report;
            self.reports += 1;
            self.period.extend(of.start, of.end);
        }
    }
}

/// Rows by key, at most [`MAX_ROWS`].
struct Table<K, R> {
    rows: HashMap<K, R>,
    left_out: u64,
}

impl<K, R> Default for Table<K, R> {
    fn default() -> Self {
        Self { rows: HashMap::new(), left_out: 0 }
    }
}

impl<K: Hash + Eq, R: Default> Table<K, R> {
    fn row(&mut self, key: K) -> Option<&mut R> {
        let full = self.rows.len() >= MAX_ROWS;
        match self.rows.entry(key) {
            Entry::Occupied(row) => Some(row.into_mut()),
            Entry::Vacant(_) if full => {
                self.left_out += 1;
                None
            }
            Entry::Vacant(place) => Some(place.insert(R::default())),
        }
    }
}

impl Fold {
    /// Nothing so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a file and adds every report in it.
    pub fn read(&mut self, name: &str, bytes: &[u8]) {
        file::read(name, bytes, &mut |found| match found {
            Ok(report) => {
                if self.add(&report) == Added::Refused {
                    let why = tr!("more than {MAX_REPORTS} reports came before; this one is not counted", MAX_REPORTS);
                    self.refuse(Unreadable { file: name.to_owned(), line: None, column: None, why });
                }
            }
            Err(unreadable) => self.refuse(unreadable),
        });
    }

    /// Lists what could not be read.
    pub fn refuse(&mut self, unreadable: Unreadable) {
        if self.unreadable.len() < MAX_UNREADABLE {
            self.unreadable.push(unreadable);
        } else {
            self.more_unreadable += 1;
        }
    }

    /// How many reports are counted.
    pub fn reports(&self) -> u64 {
        self.reports
    }

    /// How many things could not be read.
    pub fn refused(&self) -> u64 {
        self.more_unreadable.saturating_add(u64::try_from(self.unreadable.len()).unwrap_or(u64::MAX))
    }

    /// Adds a report, unless it is counted already.
    pub fn add(&mut self, report: &Report<'_>) -> Added {
        if self.reports >= MAX_REPORTS {
            return Added::Refused;
        }
        let organization = self.names.of(&report.organization);
        let mut sessions = Sessions::default();
        for policy in &report.policies {
            self.saturated |= sessions.add(policy.successful, policy.failed);
        }
        if self.is_duplicate(organization, report, sessions) {
            self.duplicates += 1;
            return Added::Duplicate;
        }
        self.reports += 1;
        self.saturated |= self.sessions.add(sessions.successful, sessions.failed);
        self.period.extend(report.start, report.end);
        if let Some(day) = day_of(report) {
            let (reports, of_day) = self.days.entry(day).or_default();
            *reports += 1;
            of_day.add(sessions.successful, sessions.failed);
        }
        let row = self.organizations.entry(organization).or_default();
        row.reports += 1;
        row.sessions.add(sessions.successful, sessions.failed);
        if let Some(contact) = report.contact.as_deref().filter(|contact| **contact != *row.contact) {
            // Whichever comes first in the alphabet, so that the order of files does not matter.
            if row.contact.is_empty() || *contact < *row.contact {
                row.contact = contact.into();
            }
        }
        for policy in &report.policies {
            self.add_policy(organization, report, policy);
        }
        for noted in &report.deviations {
            self.note(organization, noted.kind, &noted.example);
        }
        if let Some(address) = self.odd_address.take() {
            self.note(organization, DeviationKind::AddressForm, &address);
        }
        Added::Counted
    }

    /// Whether a report with this id, period and domain was there before.
    fn is_duplicate(&mut self, organization: u32, report: &Report<'_>, sessions: Sessions) -> bool {
        let mut identity = Identity { start: report.start, end: report.end, domains: 0 };
        for policy in &report.policies {
            // Odd, so that no domain vanishes; a sum, so that their order does not matter.
            let number = u64::from(self.names.of(&policy.domain)).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            identity.domains = identity.domains.wrapping_add(number);
        }
        let id = report.id.clone().unwrap_or_else(|| content_id(report).into());
        let seen = &mut self.organizations.entry(organization).or_default().seen;
        let Some((first, counted)) = seen.get(&*id) else {
            seen.insert(id.into(), (identity, sessions));
            return false;
        };
        let counted = if *first == identity {
            *counted
        } else {
            match self.again.entry((organization, (&*id).into(), identity)) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(place) => {
                    place.insert(sessions);
                    self.note(organization, DeviationKind::ReportIdReused, &id);
                    return false;
                }
            }
        };
        if counted != sessions {
            self.note(organization, DeviationKind::DuplicateDiffers, &id);
        }
        true
    }

    fn note(&mut self, organization: u32, kind: DeviationKind, example: &str) {
        let (reports, kept) = self.deviations.entry((kind, organization)).or_default();
        if *reports == 0 || *example < **kept {
            *kept = example.into();
        }
        *reports += 1;
    }

    fn add_policy(&mut self, organization: u32, report: &Report<'_>, policy: &Policy<'_>) {
        let policy_type = self.names.id(&policy.policy_type);
        let domain = self.names.of(&policy.domain);
        let strings = self.joined(&policy.strings);
        let mx_hosts = self.joined(&policy.mx_hosts);
        if let Some((row, sessions)) = self.policies.row([policy_type, domain, strings, mx_hosts]) {
            row.add(0, self.reports, report);
            sessions.add(policy.successful, policy.failed);
        }
        for detail in &policy.details {
            self.add_detail(organization, report, [domain, policy_type], detail);
        }
    }

    fn add_detail(
        &mut self,
        organization: u32,
        report: &Report<'_>,
        [domain, policy_type]: [u32; 2],
        detail: &FailureDetail<'_>,
    ) {
        let sessions = detail.sessions;
        match self.detailed.checked_add(sessions) {
            Some(sum) => self.detailed = sum,
            None => (self.detailed, self.saturated) = (u64::MAX, true),
        }
        let result_type = self.names.id(&detail.result_type);
        let host = self.names.of(&detail.mx_host);
        // The number of reports is the number of the one that is being added.
        self.failures.entry(result_type).or_default().add(sessions, self.reports, report);
        if let Some(row) = self.host_failures.row([domain, policy_type, host, result_type]) {
            row.add(sessions, self.reports, report);
        }
        let key = [
            organization,
            domain,
            policy_type,
            result_type,
            host,
            self.address(&detail.sending_ip),
            self.address(&detail.receiving_ip),
            self.names.of(&detail.helo),
            self.names.of(&detail.reason),
            self.names.of(&detail.information),
        ];
        if let Some(row) = self.details.row(key) {
            row.add(sessions, self.reports, report);
        }
    }

    /// An address in its one form (RFC 5952), each spelling read once.
    fn address(&mut self, text: &Option<Cow<'_, str>>) -> u32 {
        let Some(text) = text else { return 0 };
        let written = self.names.id(text);
        let (id, proper) = match self.addresses.get(&written) {
            Some(known) => *known,
            None => {
                let address = text.trim_start_matches('[').trim_end_matches(']');
                let address = address.strip_prefix("IPv6:").unwrap_or(address).parse::<IpAddr>();
                let id = address.map_or(written, |address| self.names.id(&address.to_string()));
                let known = (id, text.parse::<IpAddr>().is_ok());
                self.addresses.insert(written, known);
                known
            }
        };
        if !proper && self.odd_address.is_none() {
            self.odd_address = Some((&**text).into());
        }
        id
    }

    /// Lines as one name.
    fn joined(&mut self, lines: &[Cow<'_, str>]) -> u32 {
        match lines {
            [] => 0,
            [line] => self.names.id(line),
            lines => {
                self.scratch.clear();
                for line in lines {
                    self.scratch.push_str(line);
                    self.scratch.push('\n');
                }
                self.names.id(self.scratch.trim_end())
            }
        }
    }

    /// What the reports come to so far.
    pub fn summary(&self) -> Summary {
        let host_failures = self.host_failures();
        Summary {
            reports: self.reports,
            duplicates: self.duplicates,
            sessions: self.sessions,
            detailed: self.detailed,
            saturated: self.saturated,
            from: self.period.from,
            until: self.period.until,
            days: self.days(),
            failures: self.failures(),
            mx_hosts: mx_hosts(&host_failures),
            organizations: self.organizations(),
            policies: self.policies(),
            host_failures,
            details: self.details(),
            left_out: self.policies.left_out + self.host_failures.left_out + self.details.left_out,
            deviations: self.deviations(),
            unreadable: self.unreadable.clone(),
            more_unreadable: self.more_unreadable,
        }
    }

    fn days(&self) -> Vec<Day> {
        let day = |(day, (reports, sessions)): (&i64, &(u64, Sessions))| Day {
            date: UnixTime(day.saturating_mul(DAY)).date(),
            reports: *reports,
            sessions: *sessions,
        };
        self.days.iter().map(day).collect()
    }

    fn failures(&self) -> Vec<Failure> {
        let failures = self.failures.iter().map(|(result_type, row)| Failure {
            result_type: self.names.named(*result_type),
            family: ResultKind::of(self.names.text(*result_type)).family,
            sessions: row.sessions,
            reports: row.reports,
            from: row.period.from,
            until: row.period.until,
        });
        sorted(failures.collect(), |row| key(row.sessions, &[&row.result_type]))
    }

    fn organizations(&self) -> Vec<Organization> {
        let organizations =
            self.organizations.iter().filter(|(_, row)| row.reports > 0).map(|(name, row)| Organization {
                name: self.names.owned(*name),
                contact: (*row.contact).to_owned(),
                reports: row.reports,
                sessions: row.sessions,
            });
        sorted(organizations.collect(), |row| key(row.sessions.total(), &[&row.name]))
    }

    fn policies(&self) -> Vec<PolicyRow> {
        let lines = |id: u32| self.names.text(id).lines().map(str::to_owned).collect();
        let policies =
            self.policies.rows.iter().map(|([policy_type, domain, strings, mx_hosts], (row, sessions))| PolicyRow {
                policy_type: self.names.named(*policy_type),
                domain: self.names.owned(*domain),
                strings: lines(*strings),
                mx_hosts: lines(*mx_hosts),
                reports: row.reports,
                sessions: *sessions,
                from: row.period.from,
                until: row.period.until,
            });
        sorted(policies.collect(), |row| {
            let (strings, mx_hosts) = (row.strings.join("\n"), row.mx_hosts.join("\n"));
            key(row.sessions.total(), &[&row.domain, &row.policy_type, &strings, &mx_hosts])
        })
    }

    fn host_failures(&self) -> Vec<HostFailure> {
        let rows = self.host_failures.rows.iter().map(|([domain, policy_type, host, result_type], row)| HostFailure {
            domain: self.names.owned(*domain),
            policy_type: self.names.named(*policy_type),
            host: self.names.owned(*host),
            result_type: self.names.named(*result_type),
            sessions: row.sessions,
            from: row.period.from,
            until: row.period.until,
        });
        sorted(rows.collect(), |row| key(row.sessions, &[&row.domain, &row.host, &row.result_type, &row.policy_type]))
    }

    fn details(&self) -> Vec<Detail> {
        let owned = |id: &u32| self.names.owned(*id);
        let details = self.details.rows.iter().map(|(ids, row)| {
            let [organization, domain, policy_type, result_type, host, sending_ip, receiving_ip, helo, reason, more] =
                ids;
            Detail {
                organization: owned(organization),
                domain: owned(domain),
                policy_type: self.names.named(*policy_type),
                result_type: self.names.named(*result_type),
                host: owned(host),
                sending_ip: owned(sending_ip),
                receiving_ip: owned(receiving_ip),
                helo: owned(helo),
                reason: owned(reason),
                information: owned(more),
                sessions: row.sessions,
                reports: row.reports,
                from: row.period.from,
                until: row.period.until,
            }
        });
        sorted(details.collect(), |row| {
            let texts: [&str; 10] = [
                &row.domain,
                &row.host,
                &row.result_type,
                &row.organization,
                &row.policy_type,
                &row.sending_ip,
                &row.receiving_ip,
                &row.helo,
                &row.reason,
                &row.information,
            ];
            key(row.sessions, &texts)
        })
    }

    fn deviations(&self) -> Vec<Deviation> {
        let deviations = self.deviations.iter().map(|((kind, organization), (reports, example))| Deviation {
            kind: *kind,
            organization: self.names.owned(*organization),
            reports: *reports,
            example: (**example).to_owned(),
        });
        sorted(deviations.collect(), |row| key(row.reports, &[&row.kind.id(), &row.organization]))
    }
}

impl Sessions {
    /// Adds, up to what can be counted; tells whether that was reached.
    fn add(&mut self, successful: u64, failed: u64) -> bool {
        let sums = (self.successful.checked_add(successful), self.failed.checked_add(failed));
        self.successful = sums.0.unwrap_or(u64::MAX);
        self.failed = sums.1.unwrap_or(u64::MAX);
        sums.0.is_none() || sums.1.is_none()
    }
}

/// Failures by host, from those by domain, host and kind.
pub(super) fn mx_hosts(rows: &[HostFailure]) -> Vec<MxHost> {
    let mut hosts: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for row in rows {
        let sessions = hosts.entry(&row.host).or_default().entry(&row.result_type).or_default();
        *sessions = sessions.saturating_add(row.sessions);
    }
    let hosts = hosts.into_iter().map(|(host, by_type)| {
        let shares = by_type.iter().map(|(name, sessions)| Share { name: (*name).to_owned(), sessions: *sessions });
        MxHost {
            host: host.to_owned(),
            sessions: by_type.values().fold(0, |sum: u64, sessions| sum.saturating_add(*sessions)),
            result_types: sorted(shares.collect(), |share| key(share.sessions, &[&share.name])),
        }
    });
    sorted(hosts.collect(), |row| key(row.sessions, &[&row.host]))
}

/// What stands for the id of a report without one: only the same content has the same.
fn content_id(report: &Report<'_>) -> String {
    let content = format!("{:?}", (report.start, report.end, &report.policies));
    let digest = crypto::sha256(content.as_bytes());
    // No id of a report begins so: texts are trimmed.
    digest.iter().fold(String::from(" "), |id, octet| id + &format!("{octet:02x}"))
}

/// The day that a report is about.
fn day_of(report: &Report<'_>) -> Option<i64> {
    let UnixTime(start) = report.start.or(report.end)?;
    let length = report.end.map_or(0, |UnixTime(end)| end.saturating_sub(start));
    let at = if length <= ABOUT_A_DAY { start.saturating_add(length / 2) } else { start };
    Some(at.div_euclid(DAY))
}

/// A key that sorts by a number, the largest first, then by texts.
fn key(number: u64, texts: &[&str]) -> Vec<u8> {
    let mut key = (u64::MAX - number).to_be_bytes().to_vec();
    for text in texts {
        key.extend_from_slice(text.as_bytes());
        key.push(0);
    }
    key
}

/// The rows in the order of their keys. One sort serves all tables: those of `std` are compiled for each type.
fn sorted<R>(rows: Vec<R>, key: impl Fn(&R) -> Vec<u8>) -> Vec<R> {
    let order = order(rows.iter().map(key).collect());
    let mut rows: Vec<Option<R>> = rows.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| rows.get_mut(at)?.take()).collect()
}

fn order(keys: Vec<Vec<u8>>) -> Vec<usize> {
    let mut keys: Vec<(Vec<u8>, usize)> = keys.into_iter().zip(0..).collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, at)| at).collect()
}
