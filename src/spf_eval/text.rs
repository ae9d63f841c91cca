//! The trace in words that an administrator can follow.

use super::trace::{Evaluation, Outcome, Reason, Step, Tried, Why};
use super::{MAX_LOOK_UPS, MAX_MX, MAX_VOIDS};

impl Evaluation {
    /// The verdict in one sentence.
    pub fn headline(&self) -> String {
        let (ip, domain) = (self.mail.ip, &self.domain);
        match self.outcome {
            None => "no verdict yet: answers are missing".into(),
            Some(Outcome::Pass) => tr!("pass: {ip} may send for {domain}", ip, domain),
            Some(Outcome::Fail) => tr!("fail: {ip} may not send for {domain}", ip, domain),
            Some(Outcome::SoftFail) => tr!("softfail: {ip} probably may not send for {domain}", ip, domain),
            Some(Outcome::Neutral) => tr!("neutral: {domain} does not say whether {ip} may send", domain, ip),
            Some(Outcome::None) => "none: there is nothing to judge by".into(),
            Some(Outcome::TempError) => "temperror: a look-up failed; a receiver would mostly try again later".into(),
            Some(Outcome::PermError) => tr!("permerror: the records of {domain} cannot be evaluated", domain),
        }
    }

    /// Why, in one sentence; empty where the last step says it.
    pub fn reason_in_words(&self) -> String {
        match &self.reason {
            None | Some(Reason::Step { .. }) => String::new(),
            Some(Reason::NotADomain { why }) => tr!("{why} (RFC 7208 §4.3)", why),
            Some(Reason::NoSuchDomain) => tr!("{} does not exist (RFC 7208 §4.3)", self.domain),
            Some(Reason::NoRecord) => tr!("{} has no SPF record (RFC 7208 §4.5)", self.domain),
            Some(Reason::SeveralRecords { domain, records }) => {
                tr!("{domain} has {records} SPF records, and only one is allowed (RFC 7208 §4.5)", domain, records)
            }
            Some(Reason::Syntax { record, .. }) => {
                let domain = self.records.get(*record).map_or("", |visited| visited.domain.as_str());
                tr!("the record of {domain} has errors (RFC 7208 §4.6)", domain)
            }
            Some(Reason::Failed { question, failure }) => {
                tr!("{question}: {failure} (RFC 7208 §4.4)", question, failure)
            }
            Some(Reason::NothingMatched) => "no term matches, which means neutral (RFC 7208 §4.7)".into(),
            Some(Reason::Missing { questions }) => tr!("not known: {}", questions.join(", ")),
        }
    }

    /// Everything, as plain text.
    pub fn to_text(&self) -> String {
        let mut lines = vec![self.headline()];
        let reason = self.reason_in_words();
        if !reason.is_empty() {
            lines.push(format!("  {reason}"));
        }
        if let Some(Reason::Syntax { record, faults }) = &self.reason {
            let text = self.records.get(*record).map_or("", |visited| visited.text.as_str());
            for fault in faults {
                let at = fault.span;
                lines.push(tr!(
                    "  “{}” (bytes {} to {}): {}. {}",
                    at.of(text),
                    at.start,
                    at.end,
                    fault.title,
                    fault.fix
                ));
            }
        }
        if let Some(explanation) = &self.explanation {
            lines.push(tr!("  the domain explains: {explanation}", explanation));
        }
        let mut shown = None;
        for step in &self.steps {
            let Some(visited) = self.records.get(step.record) else { continue };
            let indent = "    ".repeat(visited.depth);
            if shown != Some(step.record) {
                let again = if shown.is_some_and(|shown| shown > step.record) { ", continued" } else { "" };
                lines.push(String::new());
                lines.push(format!("{indent}{}{again}", visited.domain));
                if again.is_empty() {
                    lines.push(format!("{indent}{}", visited.text));
                }
                shown = Some(step.record);
            }
            lines.push(format!("{indent}  {}", self.step_in_words(step)));
        }
        // A record that was read and whose terms were not tried.
        for (at, visited) in self.records.iter().enumerate() {
            if !self.steps.iter().any(|step| step.record == at) {
                lines.push(String::new());
                lines.push(format!("{}\n{}", visited.domain, visited.text));
            }
        }
        lines.push(String::new());
        lines.push(tr!(
            "look-ups: {} of {MAX_LOOK_UPS}, of which found nothing: {} of {MAX_VOIDS} (RFC 7208 §4.6.4)",
            self.look_ups,
            self.voids,
            MAX_LOOK_UPS,
            MAX_VOIDS
        ));
        lines.join("\n") + "\n"
    }

    /// One step: the term, what came of it, and why.
    pub fn step_in_words(&self, step: &Step) -> String {
        let term = self.records.get(step.record).map_or("", |visited| step.span.of(&visited.text));
        let ip = self.mail.ip;
        let name = match &step.target {
            Some(target) if !term.to_ascii_lowercase().ends_with(target.as_str()) => format!(" ({target})"),
            _ => String::new(),
        };
        let tried = match step.tried {
            Tried::Match => "match",
            Tried::NoMatch => "no match",
            Tried::TempError => "temporary error",
            Tried::PermError => "permanent error",
            Tried::Missing => "not known yet",
            Tried::Handed => "decides",
            Tried::Noted => "noted",
        };
        let why = match &step.why {
            Why::Everybody => "everybody matches".into(),
            Why::Network if step.tried == Tried::Match => tr!("{ip} is in this network", ip),
            Why::Network => tr!("{ip} is not in this network", ip),
            Why::Address { host, address } => tr!("{host} has the address {address}", host, address),
            Why::NoAddress { addresses, hosts: 1 } => {
                tr!("{ip} is not among its addresses ({addresses})", ip, addresses)
            }
            Why::NoAddress { addresses, hosts } => {
                tr!("{ip} is not among the addresses ({addresses}) of its {hosts} mail servers", ip, addresses, hosts)
            }
            Why::Void => "there is no such record: a void look-up".into(),
            Why::NotAName { why } => tr!("no name can be looked up: {why}", why),
            Why::Exists => "the name exists".into(),
            Why::Judged { outcome } => tr!("the record there says {}", outcome.word()),
            Why::NoRecord { void: true } => "the name does not exist".into(),
            Why::NoRecord { void: false } => "there is no SPF record at the name".into(),
            Why::Named { name } => tr!("{ip} has the name {name}, which leads back to it", ip, name),
            Why::NotNamed { names } => tr!("none of the names of {ip} ({names}) fits and leads back to it", ip, names),
            Why::Failed { question, failure } => format!("{question}: {failure}"),
            Why::Missing { question } => tr!("{question} is not known", question),
            Why::TooManyLookUps => tr!("more than {MAX_LOOK_UPS} terms look something up", MAX_LOOK_UPS),
            Why::TooManyVoids => tr!("more than {MAX_VOIDS} look-ups find nothing", MAX_VOIDS),
            Why::TooManyMx { hosts } => {
                tr!("{hosts} mail servers, of which at most {MAX_MX} may be looked at", hosts, MAX_MX)
            }
            Why::Explained => "gives the explanation".into(),
            Why::Unexplained => "no explanation: its text is missing or cannot be read".into(),
        };
        format!("{term}{name}: {tried}, {why}")
    }
}
