//! One JSON document as a report, RFC 8460 §4.4. Members are read wherever they stand.

use std::borrow::Cow;

use super::deviation::DeviationKind;
use super::json::{Json, JsonFault, Kind, Scalar};
use super::member::{Member, Place};
use super::values::{MAX_COUNT, Notes, Values};
use super::{FailureDetail, Policy, Report};
use crate::time::UnixTime;

/// Most policies of a report that are kept: a domain has one or two, a reporter's slip may join many domains.
pub const MAX_POLICIES: usize = 10_000;
/// Most failures of a report that are kept: one for each way between two farms of servers.
pub const MAX_DETAILS: usize = 100_000;
/// Most lines of a policy, or patterns, that are kept: those of an MTA-STS policy of 64 KB (RFC 8461 §3.3).
pub const MAX_TEXTS: usize = 1_000;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Reads the value that stands next: a report, or why it is none. A fault is one of JSON, and nothing behind it can be
/// told.
pub fn read<'t>(json: Json<'t>) -> (Json<'t>, Result<Result<Report<'t>, &'static str>, JsonFault>) {
    let mut values = Values { json, notes: Notes::default() };
    let mut reader = Reader::default();
    let result = reader.report(&mut values);
    let report = result.map(|()| reader.finish(&mut values));
    let Values { json, notes } = values;
    (json, report.map(|report| report.map(|report| Report { deviations: notes.into_list(), ..report })))
}

/// What is collected on the way.
#[derive(Default)]
struct Reader<'t> {
    report: Report<'t>,
    /// Whether there are `policies`, be they empty.
    has_policies: bool,
    /// A policy that stands at the top, as in drafts of the RFC.
    at_top: Draft<'t>,
    details: usize,
}

/// A policy whose totals may be missing.
#[derive(Default)]
struct Draft<'t> {
    policy: Policy<'t>,
    successful: Option<u64>,
    failed: Option<u64>,
    any: bool,
}

impl<'t> Reader<'t> {
    fn report(&mut self, values: &mut Values<'t>) -> Result<(), JsonFault> {
        let mut top = Draft::default();
        self.members(values, Place::Report, &mut top)?;
        self.at_top = top;
        Ok(())
    }

    /// Reads an object; members of other objects are taken too. The depth of JSON bounds the recursion.
    fn members(&mut self, values: &mut Values<'t>, place: Place, draft: &mut Draft<'t>) -> Result<(), JsonFault> {
        let mut first = values.json.open()?;
        let mut seen = 0_u32;
        while let Some(name) = values.json.member(&mut first)? {
            let Some(member) = member_of(values, name) else {
                values.json.skip()?;
                continue;
            };
            if member.place() != place {
                values.notes.note(DeviationKind::MemberMisplaced, format!("{member:?} in {place:?}"));
            }
            if seen & member.bit() != 0 {
                values.notes.note(DeviationKind::MemberRepeated, format!("{member:?}"));
                self.forget(member, draft);
            }
            seen |= member.bit();
            self.member(values, member, draft)?;
        }
        Ok(())
    }

    /// The last of two members of the same name counts, as in most readers of JSON.
    fn forget(&mut self, member: Member, draft: &mut Draft<'t>) {
        match member {
            Member::Policies => self.report.policies.clear(),
            Member::PolicyString => draft.policy.strings.clear(),
            Member::MxHost => draft.policy.mx_hosts.clear(),
            Member::FailureDetails => draft.policy.details.clear(),
            // Single values are overwritten.
            _ => {}
        }
    }

    fn member(&mut self, values: &mut Values<'t>, member: Member, draft: &mut Draft<'t>) -> Result<(), JsonFault> {
        draft.any |= member.place() != Place::Report && member.place() != Place::DateRange;
        match member {
            Member::OrganizationName => self.report.organization = values.text("organization-name")?,
            Member::ContactInfo => self.report.contact = values.text("contact-info")?,
            Member::ReportId => self.report.id = values.text("report-id")?,
            Member::DateRange => self.objects(values, Place::DateRange, "date-range", draft)?,
            Member::StartDatetime => self.report.start = values.date("start-datetime")?,
            Member::EndDatetime => self.report.end = values.date("end-datetime")?,
            Member::Policies => {
                self.has_policies = true;
                self.policies(values)?;
            }
            Member::Policy => self.objects(values, Place::Policy, "policy", draft)?,
            Member::Summary => self.objects(values, Place::Summary, "summary", draft)?,
            Member::PolicyType => draft.policy.policy_type = values.policy_type()?.unwrap_or_default(),
            Member::PolicyDomain => draft.policy.domain = values.domain("policy-domain")?,
            Member::PolicyString => {
                let single = Some(DeviationKind::TextForArray);
                values.texts("policy-string", single, MAX_TEXTS, &mut draft.policy.strings)?;
            }
            // The text of the RFC says an array, its example has a text (§4.4, appendix B).
            Member::MxHost => values.texts("mx-host", None, MAX_TEXTS, &mut draft.policy.mx_hosts)?,
            Member::Successful => draft.successful = values.count("total-successful-session-count")?,
            Member::Failed => draft.failed = values.count("total-failure-session-count")?,
            Member::FailureDetails => self.details(values, draft)?,
            Member::ResultType
            | Member::SendingMtaIp
            | Member::ReceivingMxHostname
            | Member::ReceivingMxHelo
            | Member::ReceivingIp
            | Member::FailedSessionCount
            | Member::AdditionalInformation
            | Member::FailureReasonCode => values.json.skip()?,
        }
        Ok(())
    }

    /// An object, or several in an array, which are taken together.
    fn objects(
        &mut self,
        values: &mut Values<'t>,
        place: Place,
        name: &'static str,
        draft: &mut Draft<'t>,
    ) -> Result<(), JsonFault> {
        match values.json.peek()? {
            Kind::Object => self.members(values, place, draft),
            Kind::Array => {
                values.notes.note(DeviationKind::ArrayForObject, name);
                let mut first = values.json.open()?;
                while values.json.item(&mut first)? {
                    match values.json.peek()? {
                        Kind::Object => self.members(values, place, draft)?,
                        _ => values.json.skip()?,
                    }
                }
                Ok(())
            }
            _ => pass(values, name),
        }
    }

    fn policies(&mut self, values: &mut Values<'t>) -> Result<(), JsonFault> {
        let Some(mut first) = open_list(values, "policies")? else {
            return if values.json.peek()? == Kind::Object { self.policy(values) } else { pass(values, "policies") };
        };
        while values.json.item(&mut first)? {
            match values.json.peek()? {
                Kind::Object => self.policy(values)?,
                _ => pass(values, "policies")?,
            }
        }
        Ok(())
    }

    fn policy(&mut self, values: &mut Values<'t>) -> Result<(), JsonFault> {
        let mut draft = Draft::default();
        self.members(values, Place::Entry, &mut draft)?;
        self.keep(values, draft);
        Ok(())
    }

    fn details(&mut self, values: &mut Values<'t>, draft: &mut Draft<'t>) -> Result<(), JsonFault> {
        let Some(mut first) = open_list(values, "failure-details")? else {
            if values.json.peek()? == Kind::Object {
                return self.detail(values, draft);
            }
            return pass(values, "failure-details");
        };
        while values.json.item(&mut first)? {
            match values.json.peek()? {
                Kind::Object => self.detail(values, draft)?,
                _ => pass(values, "failure-details")?,
            }
        }
        Ok(())
    }

    fn detail(&mut self, values: &mut Values<'t>, draft: &mut Draft<'t>) -> Result<(), JsonFault> {
        let detail = detail(values)?;
        self.details += 1;
        if self.details > MAX_DETAILS {
            values.notes.note(DeviationKind::TooMany, "failure-details");
        } else {
            draft.policy.details.push(detail);
        }
        Ok(())
    }

    /// Keeps a policy that has been read to its end, with the totals that it lacks.
    fn keep(&mut self, values: &mut Values<'t>, draft: Draft<'t>) {
        if self.report.policies.len() >= MAX_POLICIES {
            return values.notes.note(DeviationKind::TooMany, "policies");
        }
        let Draft { mut policy, successful, failed, .. } = draft;
        let sum = policy.details.iter().fold(0_u64, |sum, detail| sum.saturating_add(detail.sessions)).min(MAX_COUNT);
        if policy.policy_type.is_empty() {
            values.notes.note(DeviationKind::PolicyTypeMissing, "");
        }
        if policy.domain.is_none() {
            values.notes.note(DeviationKind::PolicyDomainMissing, policy.policy_type.clone());
        }
        if successful.is_none() || failed.is_none() {
            values.notes.note(DeviationKind::TotalMissing, "");
        }
        policy.successful = successful.unwrap_or(0);
        policy.failed = failed.unwrap_or(sum);
        if sum > policy.failed {
            values.notes.note(DeviationKind::DetailsAboveTotal, format!("{sum} of {}", policy.failed));
        } else if sum < policy.failed {
            values.notes.note(DeviationKind::DetailsBelowTotal, format!("{sum} of {}", policy.failed));
        }
        self.report.policies.push(policy);
    }

    /// The report, or why it is none.
    fn finish(&mut self, values: &mut Values<'t>) -> Result<Report<'t>, &'static str> {
        let mut at_top = std::mem::take(&mut self.at_top);
        let has_head = self.report.organization.is_some() || self.report.id.is_some() || self.report.start.is_some();
        if !self.has_policies && at_top.any && has_head {
            self.keep(values, at_top);
        } else if !self.has_policies {
            return Err("this is JSON, but no TLS report: it has no “policies”");
        } else if let Some(policy) = self.report.policies.first_mut() {
            // Totals at the top repeat those of the policies.
            policy.details.append(&mut at_top.policy.details);
        }
        let report = std::mem::take(&mut self.report);
        let missing = [
            (report.organization.is_none(), DeviationKind::OrganizationMissing),
            (report.contact.is_none(), DeviationKind::ContactMissing),
            (report.id.is_none(), DeviationKind::ReportIdMissing),
            (report.start.is_none() || report.end.is_none(), DeviationKind::PeriodMissing),
            (report.policies.is_empty(), DeviationKind::PoliciesEmpty),
            (values.json.half_character, DeviationKind::HalfCharacter),
        ];
        for (_, kind) in missing.into_iter().filter(|(is_so, _)| *is_so) {
            values.notes.note(kind, "");
        }
        Ok(Report { ..with_period(report, values) })
    }
}

/// Start before end, and a note where they are not a day apart.
fn with_period<'t>(mut report: Report<'t>, values: &mut Values<'t>) -> Report<'t> {
    let (Some(UnixTime(start)), Some(UnixTime(end))) = (report.start, report.end) else { return report };
    if end < start {
        values.notes.note(DeviationKind::PeriodReversed, "");
        std::mem::swap(&mut report.start, &mut report.end);
    }
    let (start, end) = (start.min(end), start.max(end));
    // 23:59:59 and 24:00 both end a day.
    let is_a_day = start.rem_euclid(DAY) == 0 && (DAY - 1..=DAY).contains(&(end - start));
    if !is_a_day {
        values.notes.note(DeviationKind::PeriodNotADay, format!("{} to {}", UnixTime(start), UnixTime(end)));
    }
    report
}

/// The member that a name stands for, with a note where it is another name or none.
fn member_of<'t>(values: &mut Values<'t>, name: Cow<'t, str>) -> Option<Member> {
    let exact = Member::of(&name);
    if exact.is_some() {
        return exact;
    }
    let meant = Member::meant(&name);
    let kind = if meant.is_some() { DeviationKind::MemberName } else { DeviationKind::MemberUnknown };
    values.notes.note(kind, name);
    meant
}

/// Enters an array; `None` for anything else, with a note where it is an object.
fn open_list(values: &mut Values<'_>, name: &'static str) -> Result<Option<super::json::First>, JsonFault> {
    match values.json.peek()? {
        Kind::Array => values.json.open().map(Some),
        Kind::Object => {
            values.notes.note(DeviationKind::ObjectForArray, name);
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// Passes over a value that cannot stand for an object; `null` is as good as nothing.
fn pass(values: &mut Values<'_>, name: &'static str) -> Result<(), JsonFault> {
    if values.json.scalar()? != Scalar::Null {
        values.notes.note(DeviationKind::OtherKind, name);
    }
    Ok(())
}

/// One item of `failure-details`.
fn detail<'t>(values: &mut Values<'t>) -> Result<FailureDetail<'t>, JsonFault> {
    let mut detail = FailureDetail::default();
    let mut count = None;
    let mut seen = 0_u32;
    let mut first = values.json.open()?;
    while let Some(name) = values.json.member(&mut first)? {
        let Some(member) = member_of(values, name) else {
            values.json.skip()?;
            continue;
        };
        if seen & member.bit() != 0 {
            values.notes.note(DeviationKind::MemberRepeated, format!("{member:?}"));
        }
        seen |= member.bit();
        match member {
            Member::ResultType => detail.result_type = values.result_type()?.unwrap_or_default(),
            Member::SendingMtaIp => detail.sending_ip = values.text("sending-mta-ip")?,
            Member::ReceivingMxHostname => detail.mx_host = values.domain("receiving-mx-hostname")?,
            Member::ReceivingMxHelo => detail.helo = values.text("receiving-mx-helo")?,
            Member::ReceivingIp => detail.receiving_ip = values.text("receiving-ip")?,
            Member::FailedSessionCount => count = values.count("failed-session-count")?,
            Member::AdditionalInformation => detail.information = values.text("additional-information")?,
            Member::FailureReasonCode => detail.reason = values.text("failure-reason-code")?,
            other => {
                values.notes.note(DeviationKind::MemberMisplaced, format!("{other:?} in Failure"));
                values.json.skip()?;
            }
        }
    }
    if detail.result_type.is_empty() {
        values.notes.note(DeviationKind::ResultTypeMissing, "");
    }
    if count.is_none() {
        values.notes.note(DeviationKind::SessionCountMissing, detail.result_type.clone());
    }
    detail.sessions = count.unwrap_or(0);
    Ok(detail)
}
