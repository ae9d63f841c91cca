//! The members of a report, RFC 8460 §4.4, and the other names under which they come.

/// A member of one of the objects of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    OrganizationName,
    DateRange,
    StartDatetime,
    EndDatetime,
    ContactInfo,
    ReportId,
    Policies,
    Policy,
    PolicyType,
    PolicyString,
    PolicyDomain,
    MxHost,
    Summary,
    Successful,
    Failed,
    FailureDetails,
    ResultType,
    SendingMtaIp,
    ReceivingMxHostname,
    ReceivingMxHelo,
    ReceivingIp,
    FailedSessionCount,
    AdditionalInformation,
    FailureReasonCode,
}

/// The object that a member stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Report,
    DateRange,
    /// An item of `policies`.
    Entry,
    Policy,
    Summary,
    Failure,
}

impl Member {
    /// The member of exactly this name.
    pub fn of(name: &str) -> Option<Self> {
        Some(match name {
            "organization-name" => Self::OrganizationName,
            "date-range" => Self::DateRange,
            "start-datetime" => Self::StartDatetime,
            "end-datetime" => Self::EndDatetime,
            "contact-info" => Self::ContactInfo,
            "report-id" => Self::ReportId,
            "policies" => Self::Policies,
            "policy" => Self::Policy,
            "policy-type" => Self::PolicyType,
            "policy-string" => Self::PolicyString,
            "policy-domain" => Self::PolicyDomain,
            "mx-host" => Self::MxHost,
            "summary" => Self::Summary,
            "total-successful-session-count" => Self::Successful,
            "total-failure-session-count" => Self::Failed,
            "failure-details" => Self::FailureDetails,
            "result-type" => Self::ResultType,
            "sending-mta-ip" => Self::SendingMtaIp,
            "receiving-mx-hostname" => Self::ReceivingMxHostname,
            "receiving-mx-helo" => Self::ReceivingMxHelo,
            "receiving-ip" => Self::ReceivingIp,
            "failed-session-count" => Self::FailedSessionCount,
            "additional-information" => Self::AdditionalInformation,
            "failure-reason-code" => Self::FailureReasonCode,
            _ => return None,
        })
    }

    /// The member that is meant by a name in other letters, with other marks between its words, or from the text and the
    /// drafts of the RFC.
    pub fn meant(name: &str) -> Option<Self> {
        /// Longest name that is looked at, twice the longest there is.
        const MAX_NAME: usize = 60;
        if name.len() > MAX_NAME {
            return None;
        }
        let letters = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase());
        Some(match letters.collect::<String>().as_str() {
            "organizationname" | "organisationname" | "orgname" => Self::OrganizationName,
            "daterange" => Self::DateRange,
            "startdatetime" | "startdate" => Self::StartDatetime,
            "enddatetime" | "enddate" => Self::EndDatetime,
            "contactinfo" | "emailaddress" => Self::ContactInfo,
            "reportid" => Self::ReportId,
            "policies" => Self::Policies,
            "policy" => Self::Policy,
            "policytype" => Self::PolicyType,
            "policystring" | "policystrings" => Self::PolicyString,
            "policydomain" => Self::PolicyDomain,
            "mxhost" | "mxhosts" | "mxhostpattern" | "mxhostpatterns" => Self::MxHost,
            "summary" => Self::Summary,
            "totalsuccessfulsessioncount"
            | "totalsuccesssessioncount"
            | "successfulsessioncount"
            | "successaggregate" => Self::Successful,
            "totalfailuresessioncount" | "totalfailedsessioncount" | "failuresessioncount" | "failureaggregate" => {
                Self::Failed
            }
            "failuredetails" | "failuredetail" => Self::FailureDetails,
            "resulttype" => Self::ResultType,
            "sendingmtaip" | "sendingmtaipaddress" | "sendingip" => Self::SendingMtaIp,
            "receivingmxhostname" | "receivingmxhost" => Self::ReceivingMxHostname,
            "receivingmxhelo" => Self::ReceivingMxHelo,
            "receivingip" | "receivingmxip" | "receivingmtaip" => Self::ReceivingIp,
            "failedsessioncount" | "sessioncount" => Self::FailedSessionCount,
            "additionalinformation" | "additionalinfo" | "additionalinfouri" => Self::AdditionalInformation,
            "failurereasoncode" | "failureerrorcode" => Self::FailureReasonCode,
            _ => return None,
        })
    }

    /// Where the RFC puts it.
    pub fn place(self) -> Place {
        match self {
            Self::OrganizationName | Self::DateRange | Self::ContactInfo | Self::ReportId | Self::Policies => {
                Place::Report
            }
            Self::StartDatetime | Self::EndDatetime => Place::DateRange,
            Self::Policy | Self::Summary | Self::FailureDetails => Place::Entry,
            Self::PolicyType | Self::PolicyString | Self::PolicyDomain | Self::MxHost => Place::Policy,
            Self::Successful | Self::Failed => Place::Summary,
            Self::ResultType
            | Self::SendingMtaIp
            | Self::ReceivingMxHostname
            | Self::ReceivingMxHelo
            | Self::ReceivingIp
            | Self::FailedSessionCount
            | Self::AdditionalInformation
            | Self::FailureReasonCode => Place::Failure,
        }
    }

    /// A bit of its own among the members.
    pub fn bit(self) -> u32 {
        1 << (self as u8)
    }
}
