//! The road to an enforced policy: what to publish next, RFC 8461 §8.

use crate::checks::{Facts, Finding, Publish, Step};
use crate::records::Technology;
use crate::records::mta_sts;
use crate::records::mta_sts_policy::{self, Mode};
use crate::time::UnixTime;

use super::Fetched;
use super::content_checks::{DAY, WEEK};
use super::txt::Pick;
use super::uncovered;

/// How long a policy should be tested before it is enforced, in days.
const TESTING_DAYS: i64 = 14;

/// The policy file for the mail servers of today; `None` where they are not known.
pub(super) fn file(facts: &Facts, mode: Mode, max_age: u64) -> Option<Publish> {
    if mode == Mode::None {
        return Some(Publish::file(&facts.mta_sts.url, mta_sts_policy::write(mode, &[], max_age)));
    }
    let hosts = facts.mx.hosts().filter(|_| facts.mx.left_out == 0)?;
    let names: Vec<&str> =
        hosts.iter().map(|host| &host.name).filter(|name| name.is_host_name()).map(|name| name.as_str()).collect();
    let text = (!names.is_empty()).then(|| mta_sts_policy::write(mode, &names, max_age))?;
    Some(Publish::file(&facts.mta_sts.url, text))
}

/// The mode and time that the policy has, where they are sound; testing for a day otherwise.
fn current(facts: &Facts) -> (Mode, u64) {
    let policy = facts.mta_sts.file.as_ref().map(|file| &file.parsed.record);
    let mode = policy.and_then(|policy| policy.mode).unwrap_or(Mode::Testing);
    let usual = if mode == Mode::Enforce { WEEK } else { DAY };
    (mode, policy.and_then(|policy| policy.max_age).filter(|seconds| *seconds >= DAY).unwrap_or(usual))
}

/// A finding with the file as it should be, where that is known.
pub(super) fn with_current_file(facts: &Facts, finding: Finding) -> Finding {
    let (mode, max_age) = current(facts);
    match file(facts, mode, max_age) {
        Some(file) => finding.publishing(file),
        None => finding,
    }
}

/// A record with an id that follows from the day on which it is published, and that is not there now.
pub(super) fn record(facts: &Facts, days_on: i64) -> Publish {
    let time = UnixTime(facts.now.0.saturating_add(days_on * 86_400));
    let current = facts.mta_sts.record.as_ref().and_then(|parsed| parsed.record.id.as_deref());
    Publish::txt(&facts.mta_sts.txt.name, mta_sts::announce(time, current))
}

/// What to do, in order; nothing while the record or the policy is not known, beyond finding out.
pub(super) fn steps(facts: &Facts) -> Vec<Step> {
    let own = &facts.mta_sts;
    if !facts.profile.receives() {
        return Vec::new();
    }
    match own.txt.pick() {
        Pick::Unknown(_) => Vec::new(),
        Pick::None => {
            let mut steps = vec![publish_both(facts)];
            steps.extend(enforce(facts));
            steps
        }
        Pick::Several => vec![one_record(facts)],
        Pick::One(_) => with_record(facts),
    }
}

/// What is left where there is one record.
fn with_record(facts: &Facts) -> Vec<Step> {
    let own = &facts.mta_sts;
    let mut steps = Vec::new();
    if own.has_record() == Some(false) {
        steps.push(one_record(facts));
    }
    match (own.has_policy(), own.valid_policy()) {
        (Some(false), _) => {
            steps.push(serve_the_file(facts));
            if current(facts).0 == Mode::Testing {
                steps.extend(enforce(facts));
            }
        }
        (Some(true), Some(policy)) => {
            let missed = uncovered(facts, policy).is_some_and(|hosts| !hosts.is_empty());
            if missed && policy.mode != Some(Mode::None) {
                steps.push(cover(facts));
            }
            match policy.mode {
                Some(Mode::Testing) => steps.extend(enforce(facts)),
                Some(Mode::Enforce) if policy.max_age.is_some_and(|seconds| seconds < WEEK) => {
                    steps.extend(raise_max_age(facts));
                }
                Some(Mode::None) => steps.push(finish_removal(facts)),
                _ => {}
            }
        }
        // The plan must not guess what the file says; while the request is still out, there is nothing to say at all.
        _ if !matches!(own.fetch, Fetched::Unknown(crate::checks::Gap::NotSupplied { .. })) => {
            steps.push(find_out(facts))
        }
        _ => {}
    }
    steps
}

fn step(step: impl Into<String>, why: impl Into<String>, publish: impl IntoIterator<Item = Publish>) -> Step {
    Step { technology: Technology::MtaSts, step: step.into(), why: why.into(), publish: publish.into_iter().collect() }
}

fn publish_both(facts: &Facts) -> Step {
    let name = &facts.mta_sts.host.name;
    let file = file(facts, Mode::Testing, DAY);
    let mut text = tr!(
        "Serve an MTA-STS policy in mode testing on {name} over HTTPS, with a certificate for that name; then publish the \
         record that announces it.",
        name
    );
    if file.is_none() {
        text.push_str(&tr!(" The file needs an mx line for each mail server, which could not be looked up here."));
    }
    step(
        text,
        "Senders that know the policy notice when somebody strips TLS from a delivery. In mode testing nothing is kept back \
         yet; failures come in the TLS reports.",
        file.into_iter().chain([record(facts, 0)]),
    )
}

fn one_record(facts: &Facts) -> Step {
    step(
        tr!("Have exactly one valid record at {}.", facts.mta_sts.txt.name),
        "With several records, or one that is not valid, senders act as if there was no MTA-STS.",
        [super::record_checks::right_record(facts)],
    )
}

fn serve_the_file(facts: &Facts) -> Step {
    let (mode, max_age) = current(facts);
    let name = &facts.mta_sts.host.name;
    let is_read = facts.mta_sts.file.as_ref().is_some();
    let text = if facts.mta_sts.host.is_missing() {
        tr!("Give {name} an address, and serve this policy on it over HTTPS with a certificate for that name.", name)
    } else if is_read {
        "Replace the policy file by a valid one, and then the record, with a new id.".to_owned()
    } else {
        tr!("Serve this policy on {name}: over HTTPS, with status 200, as text/plain, without a redirect.", name)
    };
    step(
        text,
        "The record announces a policy that senders cannot get or not read, so it has no effect.",
        file(facts, mode, max_age).into_iter().chain([record(facts, 0)]),
    )
}

fn cover(facts: &Facts) -> Step {
    let (mode, max_age) = current(facts);
    let why = match mode {
        Mode::Enforce => "Senders that follow MTA-STS do not deliver to a host that the policy does not name.",
        _ => "In mode enforce, senders would not deliver to a host that the policy does not name.",
    };
    step(
        "Name every mail server in the policy file first, and then set a new id in the record.",
        why,
        file(facts, mode, max_age).into_iter().chain([record(facts, 0)]),
    )
}

fn enforce(facts: &Facts) -> Option<Step> {
    let max_age = current(facts).1.max(WEEK);
    let file = file(facts, Mode::Enforce, max_age)?;
    Some(step(
        "When the TLS reports of some weeks show no failures, set mode enforce and a longer max_age in the policy file; then \
         set a new id in the record (any that was not used before).",
        "Only now is mail kept back where somebody interferes. A long max_age protects the deliveries for which a fresh \
         policy cannot be fetched; weeks or months are usual once nothing changes.",
        [file, record(facts, TESTING_DAYS)],
    ))
}

fn raise_max_age(facts: &Facts) -> Option<Step> {
    Some(step(
        "Raise max_age to a week or more in the policy file, and then set a new id in the record.",
        "Senders forget a short-lived policy between two deliveries, and with it the protection.",
        [file(facts, Mode::Enforce, WEEK)?, record(facts, 0)],
    ))
}

fn finish_removal(facts: &Facts) -> Step {
    step(
        "Wait until the longest max_age ever served has passed, then remove the record and the policy host; or go back to \
         mode testing, if MTA-STS was not meant to go.",
        "The policy is in mode none: it protects nothing any more.",
        file(facts, Mode::Testing, DAY).into_iter().chain([record(facts, 0)]),
    )
}

fn find_out(facts: &Facts) -> Step {
    step(
        tr!("Look at the policy: run `curl -sS -D- {}` and paste what it prints into this page.", facts.mta_sts.url),
        "It could not be read from here, so nobody can say yet whether it is valid, enforced and covers every mail server.",
        [],
    )
}
