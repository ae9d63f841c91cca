//! The steps, RFC 8461 §8: reports first, then a policy that only watches, and force last.

use crate::checks::Publish;
use crate::records::mta_sts;
use crate::records::mta_sts_policy::{MAX_MAX_AGE, Mode};
use crate::records::tls_rpt;
use crate::time::UnixTime;

use super::{RoadState, RoadStep, Stand};
use crate::say::known;

/// A day in seconds: how long senders keep a policy that is tested.
pub(super) const DAY: u64 = 86_400;
/// A week in seconds: how long they keep it once it is enforced.
const WEEK: u64 = 7 * DAY;
/// Thirty days in seconds: how long they keep it in the end. RFC 8461 §3.2 wants weeks or more.
pub(super) const LONG: u64 = 30 * DAY;
/// How many days of reports to read before the policy is enforced.
const TESTING_DAYS: u64 = 14;
/// How many days to leave between enforcing it and raising max_age.
const ENFORCED_DAYS: u64 = 14;

/// What never to do.
pub(super) const NEVER: [&str; 5] = [
    "Never remove the policy or its host at once: senders keep to the policy that they know, and can no longer see that it \
     changed.",
    "Never change the file after the id: a sender that looks in between takes the old file for the new one.",
    "Never enforce while a mail server matches no mx line or has no valid certificate for its name: mail to it is kept back.",
    "Never let the policy URL redirect: senders do not follow.",
    "Never use an id twice: senders that know it do not look again.",
];

impl Stand<'_> {
    /// From nothing to an enforced policy.
    pub(super) fn steps(&self) -> Vec<RoadStep> {
        let tested = self.policy == Some(true) && matches!(self.mode, Some(Mode::Testing | Mode::Enforce));
        let enforced = tested && self.mode == Some(Mode::Enforce);
        // Days from now on which each step may be taken at the earliest.
        let enforce_on = if enforced { 0 } else { TESTING_DAYS };
        let raise_on = if enforced { 0 } else { enforce_on + ENFORCED_DAYS };
        let (mode, max_age) = if enforced { (Mode::Enforce, self.max_age.max(WEEK)) } else { (Mode::Testing, DAY) };
        let mut steps = vec![
            self.step("reports", self.reports, 0, [Some(self.reports_record())]),
            // In mode none, the road starts again.
            self.step("file", self.policy.map(|_| tested), 0, [self.file_of(Mode::Testing, DAY)]),
            self.step("record", self.record, 0, [self.record_on(0)]),
            self.step("watch", Some(enforced), 1, []),
            self.step(
                "cover",
                if tested { self.covers } else { Some(false) },
                0,
                [self.file_of(mode, max_age), self.record_on(0)],
            ),
            self.step(
                "enforce",
                Some(enforced),
                enforce_on,
                [self.file_of(Mode::Enforce, WEEK), self.record_on(enforce_on)],
            ),
            self.step(
                "raise",
                Some(enforced && self.max_age >= LONG),
                raise_on,
                [self.file_of(Mode::Enforce, LONG), self.record_on(raise_on)],
            ),
        ];
        self.settle(&mut steps, tested);
        steps
    }

    /// From an enforced policy to nothing, RFC 8461 §8.3; no step where there is nothing to take away.
    pub(super) fn removal(&self) -> Vec<RoadStep> {
        if self.record == Some(false) {
            return Vec::new();
        }
        let going = self.policy == Some(true) && self.mode == Some(Mode::None);
        // What was served before is not known once the policy says none: at most what the RFC allows.
        let longest = if going || self.policy != Some(true) { MAX_MAX_AGE } else { self.max_age };
        let days = longest.div_ceil(DAY);
        let mut steps = vec![
            self.step("none", Some(going), 0, [self.file_of(Mode::None, DAY), self.record_on(0)]),
            self.step("remove", Some(false), days, []),
        ];
        for step in &mut steps {
            step.state = match step.state {
                RoadState::Now if !going => RoadState::Later,
                state => state,
            };
        }
        if let Some(step) = steps.last_mut() {
            step.why = match longest {
                MAX_MAX_AGE => {
                    "Senders may keep what was served before for up to a year: the day shown is the latest; it is \
                                sooner if you know the longest max_age that was ever served."
                        .into()
                }
                seconds => {
                    tr!(
                        "By then no sender knows a policy any more: the one served now is kept for {seconds} s.",
                        seconds
                    )
                }
            };
        }
        steps
    }

    /// Settles which of the steps is to be taken now: the first that is not done. Covering has no place of its own: it is
    /// needed as soon as a policy misses a server.
    fn settle(&self, steps: &mut [RoadStep], tested: bool) {
        let uncovered = tested && self.covers == Some(false);
        if !tested {
            // The first file names every mail server that is known.
            steps.iter_mut().filter(|step| step.id == "cover").for_each(|step| step.state = RoadState::Later);
        }
        let mut seen_now = false;
        for step in steps.iter_mut() {
            let first = step.state == RoadState::Now && (!uncovered || matches!(step.id, "cover" | "reports"));
            if step.state == RoadState::Now && (seen_now || !first) {
                step.state = RoadState::Later;
            }
            // Behind something unknown, nobody can say what is next.
            seen_now |= matches!(step.state, RoadState::Now | RoadState::Unknown);
        }
    }

    /// A step, which is to be taken now unless it is done.
    fn step<const N: usize>(
        &self,
        id: &'static str,
        done: Option<bool>,
        days_on: u64,
        publish: [Option<Publish>; N],
    ) -> RoadStep {
        let state = match done {
            Some(true) => RoadState::Done,
            Some(false) => RoadState::Now,
            None => RoadState::Unknown,
        };
        let (title, why) = words(id);
        RoadStep {
            id,
            state,
            on: (state != RoadState::Done).then(|| self.day(days_on).date()),
            title: known(title).replace("{domain}", self.domain),
            why: known(why).replace("{domain}", self.domain),
            publish: publish.into_iter().flatten().filter(|_| state != RoadState::Done).collect(),
        }
    }

    fn day(&self, days_on: u64) -> UnixTime {
        let seconds = i64::try_from(days_on * DAY).unwrap_or(i64::MAX);
        UnixTime(self.now.0.saturating_add(seconds))
    }

    fn reports_record(&self) -> Publish {
        let value = tr!("{}; rua=mailto:tls-reports@{};", tls_rpt::VERSION, self.domain);
        Publish::txt(format!("_smtp._tls.{}", self.domain), value)
    }

    /// The file for the mail servers of today; none where they are not known, for nobody should publish a made-up name.
    fn file_of(&self, mode: Mode, max_age: u64) -> Option<Publish> {
        let known = mode == Mode::None || !self.hosts.is_empty();
        known.then(|| {
            Publish::file(format!("https://mta-sts.{}/.well-known/mta-sts.txt", self.domain), self.file(mode, max_age))
        })
    }

    /// The record with an id that follows from the day on which it is published.
    fn record_on(&self, days_on: u64) -> Option<Publish> {
        Some(Publish::txt(format!("_mta-sts.{}", self.domain), mta_sts::announce(self.day(days_on), self.id)))
    }
}

/// Title and reason of a step.
fn words(id: &str) -> (&'static str, &'static str) {
    match id {
        "reports" => (
            "Have TLS reports sent to you",
            "Senders then tell you once a day how TLS went. Without them, a test tells you nothing. The address must exist \
             first.",
        ),
        "file" => (
            "Serve a policy in mode testing on mta-sts.{domain}",
            "Over HTTPS, with a certificate for that name, as text/plain, without a redirect. In mode testing nothing is kept \
             back. Each mail server needs its line; a server that the file names needs a certificate for its name.",
        ),
        "record" => (
            "Announce the policy with the TXT record",
            "Only after the file is served: the record makes senders fetch it. From now on, each change of the file needs a \
             new id, after the file.",
        ),
        "watch" => (
            "Read the reports of two weeks or more",
            "Each failure in them is a delivery that would be kept back in mode enforce. Drop the reports on this page or run \
             `mxray tls-report`.",
        ),
        "cover" => (
            "Name every mail server in the policy",
            "In mode enforce, senders do not deliver to a server that matches no mx line. The file first, then the record. A \
             new server goes into the file before it goes into the MX records.",
        ),
        "enforce" => (
            "Set mode enforce, when the reports show no failures",
            "Only now is mail kept back where somebody strips TLS or poses as your server. The file first, then the record.",
        ),
        "raise" => (
            "Raise max_age",
            "The longer senders keep the policy, the longer it protects where fetching it is blocked. The file first, then the \
             record. Weeks or months; at most a year.",
        ),
        "none" => (
            "Set mode none, to take MTA-STS away",
            "The file first, then the record with a new id: senders that look now forget the policy. Those that do not look \
             keep to the old one until its max_age is over.",
        ),
        _ => ("Remove the record and the host mta-sts.{domain}", ""),
    }
}
