//! The sentences of a report in the user's language.
//!
//! What has names and numbers in it was translated where it was said (`tr!`). What has none stands in the code in English, in
//! documents of checks, tables and titles, and is looked up here, in one place.

use crate::checks::{Finding, Prerequisite, Step, Unknown};
use crate::say::{is_foreign, make_known};

use super::{Report, TechnologyReport};

impl Report {
    pub(super) fn say(&mut self) {
        if !is_foreign() {
            return;
        }
        let Self {
            score,
            mail_servers,
            mail_hosts,
            technologies,
            checklist,
            findings,
            plan,
            basics_first,
            unknown,
            ..
        } = self;
        score.reason.iter_mut().for_each(make_known);
        for line in &mut score.lines {
            make_known(&mut line.label);
            make_known(&mut line.how);
        }
        say_technology(mail_servers);
        technologies.iter_mut().for_each(say_technology);
        for host in mail_hosts {
            host.tlsa.why.iter_mut().for_each(make_known);
            make_known(&mut host.words.policy);
            make_known(&mut host.words.tlsa);
            for senders in &mut host.words.senders {
                make_known(&mut senders.who);
                make_known(&mut senders.what);
            }
        }
        checklist.iter_mut().for_each(|item| make_known(&mut item.label));
        findings.iter_mut().for_each(say_finding);
        for Step { step, why, .. } in plan {
            make_known(step);
            make_known(why);
        }
        basics_first.iter_mut().for_each(make_known);
        for Unknown { what, why, how, .. } in unknown {
            make_known(what);
            make_known(why);
            make_known(how);
        }
    }
}

fn say_technology(technology: &mut TechnologyReport) {
    for Prerequisite { label, .. } in &mut technology.prerequisites {
        make_known(label);
    }
    technology.next_step.iter_mut().for_each(make_known);
}

fn say_finding(finding: &mut Finding) {
    make_known(&mut finding.title);
    make_known(&mut finding.detail);
    make_known(&mut finding.why);
    finding.fix.iter_mut().for_each(make_known);
}
