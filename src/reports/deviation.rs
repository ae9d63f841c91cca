//! Where reporters deviate from RFC 8460: each deviation with what it is, and how it is read all the same.

use serde::{Deserialize, Serialize};

/// A small deviation that is tolerated and named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviationKind {
    /// The file begins with a byte order mark.
    ByteOrderMark,
    /// The text is not UTF-8.
    NotUtf8,
    /// An escape stands for half a character.
    HalfCharacter,
    /// Reports stand in an array.
    ReportsInArray,
    /// A member stands twice in one object.
    MemberRepeated,
    /// A member is spelled in another way, or as a draft of the RFC spelled it.
    MemberName,
    /// A member stands in another object than the RFC puts it.
    MemberMisplaced,
    /// A member that the RFC does not know.
    MemberUnknown,
    /// A single object where an array belongs.
    ObjectForArray,
    /// A single text where an array belongs.
    TextForArray,
    /// An array where an object belongs.
    ArrayForObject,
    /// A number where a text belongs.
    NumberForText,
    /// A number in quotation marks.
    NumberAsText,
    /// A value that cannot stand for what belongs there.
    OtherKind,
    /// There is no `organization-name`.
    OrganizationMissing,
    /// There is no `contact-info`.
    ContactMissing,
    /// There is no `report-id`.
    ReportIdMissing,
    /// The start or the end of the period is missing.
    PeriodMissing,
    /// `policies` is empty.
    PoliciesEmpty,
    /// There is no `policy-type`.
    PolicyTypeMissing,
    /// There is no `policy-domain`.
    PolicyDomainMissing,
    /// A total is missing.
    TotalMissing,
    /// There is no `result-type`.
    ResultTypeMissing,
    /// There is no `failed-session-count`.
    SessionCountMissing,
    /// A date in another form than RFC 3339.
    DateForm,
    /// A date that cannot be read.
    DateUnreadable,
    /// The period ends before it starts.
    PeriodReversed,
    /// The period is not one day in UTC.
    PeriodNotADay,
    /// A count below zero.
    CountNegative,
    /// A count with a fraction.
    CountNotWhole,
    /// A count that JSON numbers cannot hold exactly.
    CountTooLarge,
    /// A count that is no number.
    CountUnreadable,
    /// A known `policy-type` in another spelling.
    PolicyTypeForm,
    /// A `policy-type` that the RFC does not know.
    PolicyTypeUnknown,
    /// A known `result-type` in another spelling.
    ResultTypeForm,
    /// A `result-type` that the RFC does not know.
    ResultTypeUnknown,
    /// A domain that is no name in A-labels, or ends in a dot.
    DomainForm,
    /// An address that is no IP address.
    AddressForm,
    /// A text longer than is kept.
    TextTooLong,
    /// More policies, failures or texts than are kept.
    TooMany,
    /// The failures add up to more than their total.
    DetailsAboveTotal,
    /// The failures add up to less than their total.
    DetailsBelowTotal,
    /// A report id that stands for another period or domain too.
    ReportIdReused,
    /// Two reports with the same id, period and domain count differently.
    DuplicateDiffers,
}

/// What is to be known about a deviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviationDoc {
    /// What reporters do.
    pub title: &'static str,
    /// How it is read.
    pub treatment: &'static str,
    /// What they deviate from.
    pub reference: &'static str,
}

impl DeviationKind {
    /// Every kind, in order.
    pub const ALL: [Self; 44] = [
        Self::ByteOrderMark,
        Self::NotUtf8,
        Self::HalfCharacter,
        Self::ReportsInArray,
        Self::MemberRepeated,
        Self::MemberName,
        Self::MemberMisplaced,
        Self::MemberUnknown,
        Self::ObjectForArray,
        Self::TextForArray,
        Self::ArrayForObject,
        Self::NumberForText,
        Self::NumberAsText,
        Self::OtherKind,
        Self::OrganizationMissing,
        Self::ContactMissing,
        Self::ReportIdMissing,
        Self::PeriodMissing,
        Self::PoliciesEmpty,
        Self::PolicyTypeMissing,
        Self::PolicyDomainMissing,
        Self::TotalMissing,
        Self::ResultTypeMissing,
        Self::SessionCountMissing,
        Self::DateForm,
        Self::DateUnreadable,
        Self::PeriodReversed,
        Self::PeriodNotADay,
        Self::CountNegative,
        Self::CountNotWhole,
        Self::CountTooLarge,
        Self::CountUnreadable,
        Self::PolicyTypeForm,
        Self::PolicyTypeUnknown,
        Self::ResultTypeForm,
        Self::ResultTypeUnknown,
        Self::DomainForm,
        Self::AddressForm,
        Self::TextTooLong,
        Self::TooMany,
        Self::DetailsAboveTotal,
        Self::DetailsBelowTotal,
        Self::ReportIdReused,
        Self::DuplicateDiffers,
    ];

    /// A bit of its own among the kinds.
    pub(super) fn bit(self) -> u64 {
        1 << (self as u8)
    }

    /// What is to be known about it.
    pub fn doc(self) -> DeviationDoc {
        let (title, treatment, reference) = match self {
            Self::ByteOrderMark => ("the file begins with a byte order mark", "passed over", "RFC 8259 §8.1"),
            Self::NotUtf8 => {
                ("the text is not UTF-8", "read as UTF-16, or with � for what is no letter", "RFC 8259 §8.1")
            }
            Self::HalfCharacter => ("an escape stands for half a character", "read as �", "RFC 7493 §2.1"),
            Self::ReportsInArray => ("reports stand in an array", "each item is a report", "RFC 8460 §4.4"),
            Self::MemberRepeated => ("a member stands twice", "the last one counts", "RFC 7493 §2.3"),
            Self::MemberName => ("a member has another name", "read as the member that is meant", "RFC 8460 §4.4"),
            Self::MemberMisplaced => (
                "a member stands in another object",
                "read as if it stood in its own, where that is clear",
                "RFC 8460 §4.4",
            ),
            Self::MemberUnknown => ("a member that the RFC does not know", "passed over", "RFC 8460 §4.4"),
            Self::ObjectForArray => ("a single object instead of an array", "taken as the only item", "RFC 8460 §4.4"),
            Self::TextForArray => {
                ("a single text instead of an array", "taken as the items, one a line", "RFC 8460 §4.4")
            }
            Self::ArrayForObject => {
                ("an array instead of an object", "its objects are taken together", "RFC 8460 §4.4")
            }
            Self::NumberForText => {
                ("a number instead of a text", "taken as the text that it is written as", "RFC 8460 §4.4")
            }
            Self::NumberAsText => ("a number in quotation marks", "taken as the number", "RFC 8460 §4.4"),
            Self::OtherKind => ("a value that cannot be meant there", "taken as missing", "RFC 8460 §4.4"),
            Self::OrganizationMissing => (
                "there is no organization-name",
                "the domain of contact-info, or the sender in the file name",
                "RFC 8460 §4.4",
            ),
            Self::ContactMissing => ("there is no contact-info", "left empty", "RFC 8460 §4.4"),
            Self::ReportIdMissing => {
                ("there is no report-id", "only a report with the same content is its duplicate", "RFC 8460 §4.4")
            }
            Self::PeriodMissing => ("the period is missing", "the period in the file name, or no day", "RFC 8460 §4.4"),
            Self::PoliciesEmpty => ("policies is empty", "a report without sessions", "RFC 8460 §4.4"),
            Self::PolicyTypeMissing => ("there is no policy-type", "counted as unknown", "RFC 8460 §4.4"),
            Self::PolicyDomainMissing => {
                ("there is no policy-domain", "the domain in the file name, or none", "RFC 8460 §4.4")
            }
            Self::TotalMissing => {
                ("a total is missing", "failures: the sum of the details; successes: none", "RFC 8460 §4.4")
            }
            Self::ResultTypeMissing => ("there is no result-type", "counted as unknown", "RFC 8460 §4.4"),
            Self::SessionCountMissing => ("there is no failed-session-count", "taken as 0", "RFC 8460 §4.4"),
            Self::DateForm => {
                ("a date in another form", "read as it is meant, in UTC where no zone stands", "RFC 8460 §4.4")
            }
            Self::DateUnreadable => ("a date that cannot be read", "taken as missing", "RFC 8460 §4.4"),
            Self::PeriodReversed => {
                ("the period ends before it starts", "start and end are exchanged", "RFC 8460 §4.4")
            }
            Self::PeriodNotADay => (
                "the period is not one day in UTC",
                "counted on the day of its middle; above two days, of its start",
                "RFC 8460 §4.1",
            ),
            Self::CountNegative => ("a count below zero", "taken as 0", "RFC 8460 §4.4"),
            Self::CountNotWhole => ("a count with a fraction", "the fraction is dropped", "RFC 8460 §4.4"),
            Self::CountTooLarge => {
                ("a count beyond what JSON holds exactly", "taken as 9007199254740991", "RFC 7493 §2.2")
            }
            Self::CountUnreadable => ("a count that is no number", "taken as missing", "RFC 8460 §4.4"),
            Self::PolicyTypeForm => ("a policy-type in another spelling", "read as it is meant", "RFC 8460 §4.4"),
            Self::PolicyTypeUnknown => {
                ("a policy-type that the RFC does not know", "shown as written", "RFC 8460 §4.4")
            }
            Self::ResultTypeForm => ("a result-type in another spelling", "read as it is meant", "RFC 8460 §4.3"),
            Self::ResultTypeUnknown => {
                ("a result-type that the RFC does not know", "shown as written", "RFC 8460 §4.3")
            }
            Self::DomainForm => (
                "a domain that is not written in A-labels without a final dot",
                "kept, without the dot",
                "RFC 8460 §4.4",
            ),
            Self::AddressForm => ("an address that is no IP address", "shown as written", "RFC 8460 §4.4"),
            Self::TextTooLong => ("a text longer than 1000 octets", "cut", "a limit of mxray"),
            Self::TooMany => (
                "more policies, failures or texts in one report than are kept",
                "the rest is left out",
                "a limit of mxray",
            ),
            Self::DetailsAboveTotal => (
                "the failures add up to more than their total",
                "both are shown: one session may fail in several ways",
                "RFC 8460 §4.4",
            ),
            Self::DetailsBelowTotal => (
                "the failures add up to less than their total",
                "both are shown; the rest is unexplained",
                "RFC 8460 §4.4",
            ),
            Self::ReportIdReused => {
                ("a report-id stands for several periods or domains", "each is counted", "RFC 8460 §4.4")
            }
            Self::DuplicateDiffers => {
                ("the same report came again with other counts", "the first one counts", "RFC 8460 §4.4")
            }
        };
        DeviationDoc { title, treatment, reference }
    }

    /// The stable name, `number-as-text`.
    pub fn id(self) -> String {
        serde_json::to_value(self).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_words_and_a_bit_of_its_own() {
        let bits: BTreeSet<u64> = DeviationKind::ALL.iter().map(|kind| kind.bit()).collect();
        let titles: BTreeSet<&str> = DeviationKind::ALL.iter().map(|kind| kind.doc().title).collect();
        assert_eq!((bits.len(), titles.len()), (DeviationKind::ALL.len(), DeviationKind::ALL.len()));
        // `bit` must not overflow, and ALL must not forget the last one.
        assert_eq!(DeviationKind::DuplicateDiffers as usize + 1, DeviationKind::ALL.len());
        assert!(DeviationKind::ALL.len() <= 64);
        assert_eq!(DeviationKind::NumberAsText.id(), "number-as-text");
    }
}
