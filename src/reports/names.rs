//! What a file name says of the report in it, RFC 8460 §5.1: `sender!policy-domain!begin!end!id.json.gz`.

use std::borrow::Cow;

use super::{Report, dates};
use crate::time::UnixTime;

/// What is known of a report from around it; it stands in for what the report lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Who sent it.
    pub sender: Option<String>,
    /// The domain that it is about.
    pub domain: Option<String>,
    /// The start of its period.
    pub begin: Option<UnixTime>,
    /// The end of its period.
    pub end: Option<UnixTime>,
}

impl Origin {
    /// What a name says that has the form of the RFC.
    pub fn of_file_name(name: &str) -> Self {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let mut parts = file.split('!');
        let (Some(sender), Some(domain), Some(begin), Some(end)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Self::default();
        };
        let time = |text: &str| {
            let digits = text.split('.').next().unwrap_or(text);
            let digits = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
            digits.and_then(dates::read).map(|date| date.time)
        };
        match (time(begin), time(end)) {
            (Some(begin), Some(end)) => Self {
                sender: Some(sender.to_owned()),
                domain: Some(domain.to_ascii_lowercase()),
                begin: Some(begin),
                end: Some(end),
            },
            _ => Self::default(),
        }
    }

    /// This, and what `other` knows beside it.
    pub fn or(&self, other: Self) -> Self {
        Self {
            sender: self.sender.clone().or(other.sender),
            domain: self.domain.clone().or(other.domain),
            begin: self.begin.or(other.begin),
            end: self.end.or(other.end),
        }
    }

    /// Fills in what a report lacks; that it lacks it has been noted.
    pub fn complete(&self, report: &mut Report<'_>) {
        let whole = report.organization.is_some() && report.start.is_some() && report.end.is_some();
        if !whole {
            let contact = report.contact.as_deref().and_then(|contact| contact.rsplit_once('@'));
            let sender = contact.map(|(_, domain)| domain.trim_end_matches('>').to_owned());
            let sender = sender.or_else(|| self.sender.clone());
            report.organization = report.organization.take().or(sender.map(Cow::Owned));
            if report.start.is_none() && report.end.is_none() {
                (report.start, report.end) = (self.begin, self.end);
            }
        }
        let Some(domain) = &self.domain else { return };
        for policy in report.policies.iter_mut().filter(|policy| policy.domain.is_none()) {
            policy.domain = Some(Cow::Owned(domain.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_rfc_and_others() {
        let origin = Origin::of_file_name("inbox/mail.sender.example!Acme.example!1013662812!1013749130!001.json.gz");
        assert_eq!(origin.sender.as_deref(), Some("mail.sender.example"));
        assert_eq!(origin.domain.as_deref(), Some("acme.example"));
        assert_eq!((origin.begin, origin.end), (Some(UnixTime(1_013_662_812)), Some(UnixTime(1_013_749_130))));
        assert_eq!(Origin::of_file_name("a!b!1013662812!1013749130.json").end, Some(UnixTime(1_013_749_130)));
        for other in ["report.json", "a!b!c!d.json", "a!b!1013662812", "", "!!!"] {
            assert_eq!(Origin::of_file_name(other), Origin::default(), "{other}");
        }
    }
}
