//! The trace in words that an administrator can follow.

use super::trace::{Evaluation, Outcome, Reason, Step, Tried, Why};
use super::{MAX_LOOK_UPS, MAX_MX, MAX_VOIDS};

impl Evaluation {
    /// The verdict in one sentence.
    pub fn headline(&self) -> String {
        let (ip, domain) = (self.mail.ip, &self.domain);
        match self.outcome {
            None => "no verdict yet: answers are missing".into(),
            Some(Outcome::Pass) => format!("pass: {ip} may send for {domain}"),
            Some(Outcome::Fail) => format!("fail: {ip} may not send for {domain}"),
            Some(Outcome::SoftFail) => format!("softfail: {ip} probably may not send for {domain}"),
            Some(Outcome::Neutral) => format!("neutral: {domain} does not say whether {ip} may send"),
            Some(Outcome::None) => "none: there is nothing to judge by".into(),
            Some(Outcome::TempError) => "temperror: a look-up failed; a receiver would mostly try again later".into(),
            Some(Outcome::PermError) => format!("permerror: the records of {domain} cannot be evaluated"),
        }
    }

    /// Why, in one sentence; empty where the last step says it.
    pub fn reason_in_words(&self) -> String {
        match &self.reason {
            None | Some(Reason::Step { .. }) => String::new(),
            Some(Reason::NotADomain { why }) => format!("{why} (RFC 7208 §4.3)"),
            Some(Reason::NoSuchDomain) => format!("{} does not exist (RFC 7208 §4.3)", self.domain),
            Some(Reason::NoRecord) => format!("{} has no SPF record (RFC 7208 §4.5)", self.domain),
            Some(Reason::SeveralRecords { domain, records }) => {
                format!("{domain} has {records} SPF records, and only one is allowed (RFC 7208 §4.5)")
            }
            Some(Reason::Syntax { record, .. }) => {
                let domain = self.records.get(*record).map_or("", |visited| visited.domain.as_str());
                format!("the record of {domain} has errors (RFC 7208 §4.6)")
            }
            Some(Reason::Failed { question, failure }) => format!("{question}: {failure} (RFC 7208 §4.4)"),
            Some(Reason::NothingMatched) => "no term matches, which means neutral (RFC 7208 §4.7)".into(),
            Some(Reason::Missing { questions }) => format!("not known: {}", questions.join(", ")),
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
                lines.push(format!(
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
            lines.push(format!("  the domain explains: {explanation}"));
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
        lines.push(format!(
            "look-ups: {} of {MAX_LOOK_UPS}, of which found nothing: {} of {MAX_VOIDS} (RFC 7208 §4.6.4)",
            self.look_ups, self.voids
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
            Why::Network if step.tried == Tried::Match => format!("{ip} is in this network"),
            Why::Network => format!("{ip} is not in this network"),
            Why::Address { host, address } => format!("{host} has the address {address}"),
            Why::NoAddress { addresses, hosts: 1 } => format!("{ip} is not among its addresses ({addresses})"),
            Why::NoAddress { addresses, hosts } => {
                format!("{ip} is not among the addresses ({addresses}) of its {hosts} mail servers")
            }
            Why::Void => "there is no such record: a void look-up".into(),
            Why::NotAName { why } => format!("no name can be looked up: {why}"),
            Why::Exists => "the name exists".into(),
            Why::Judged { outcome } => format!("the record there says {}", outcome.word()),
            Why::NoRecord { void: true } => "the name does not exist".into(),
            Why::NoRecord { void: false } => "there is no SPF record at the name".into(),
            Why::Named { name } => format!("{ip} has the name {name}, which leads back to it"),
            Why::NotNamed { names } => format!("none of the names of {ip} ({names}) fits and leads back to it"),
            Why::Failed { question, failure } => format!("{question}: {failure}"),
            Why::Missing { question } => format!("{question} is not known"),
            Why::TooManyLookUps => format!("more than {MAX_LOOK_UPS} terms look something up"),
            Why::TooManyVoids => format!("more than {MAX_VOIDS} look-ups find nothing"),
            Why::TooManyMx { hosts } => format!("{hosts} mail servers, of which at most {MAX_MX} may be looked at"),
            Why::Explained => "gives the explanation".into(),
            Why::Unexplained => "no explanation: its text is missing or cannot be read".into(),
        };
        format!("{term}{name}: {tried}, {why}")
    }
}
