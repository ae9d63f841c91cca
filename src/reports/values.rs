//! Single values of a report: texts, counts, dates, domains, each read as it is meant, with a note where it deviates.

use std::borrow::Cow;

use super::dates;
use super::deviation::DeviationKind;
use super::json::{Json, JsonFault, Kind, Scalar};
use super::{Noted, kinds};
use crate::time::UnixTime;

/// Longest text that is kept, in octets: host names have 255, URIs seldom more.
pub const MAX_TEXT: usize = 1000;
/// Largest count: what I-JSON holds exactly (RFC 7493 §2.2).
pub const MAX_COUNT: u64 = (1 << 53) - 1;
/// Longest example of a deviation, in octets.
const MAX_EXAMPLE: usize = 80;

/// The deviations of one report, each kind once.
#[derive(Default)]
pub struct Notes<'t> {
    seen: u64,
    list: Vec<Noted<'t>>,
}

impl<'t> Notes<'t> {
    /// Notes a deviation, with what the reporter wrote.
    #[cold]
    pub fn note(&mut self, kind: DeviationKind, example: impl Into<Cow<'t, str>>) {
        if self.seen & kind.bit() == 0 {
            self.seen |= kind.bit();
            let example = cut(example.into(), MAX_EXAMPLE).0;
            self.list.push(Noted { kind, example });
        }
    }

    /// All of them.
    pub fn into_list(self) -> Vec<Noted<'t>> {
        self.list
    }
}

/// The first octets of a text, and whether there are more.
pub fn cut(text: Cow<'_, str>, most: usize) -> (Cow<'_, str>, bool) {
    if text.len() <= most {
        return (text, false);
    }
    let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(..end).unwrap_or_default()),
        Cow::Owned(mut text) => {
            text.truncate(end);
            Cow::Owned(text)
        }
    };
    (text, true)
}

/// Without white space around it.
fn trim(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// A text and its notes, read one value after the other.
pub struct Values<'t> {
    /// The text.
    pub json: Json<'t>,
    /// What deviates.
    pub notes: Notes<'t>,
}

impl<'t> Values<'t> {
    /// A text; nothing where it is missing, empty or cannot be meant.
    #[inline]
    pub fn text(&mut self, member: &'static str) -> Result<Option<Cow<'t, str>>, JsonFault> {
        if self.json.peek()? != Kind::Text {
            return self.odd_text(member);
        }
        let text = self.json.text()?;
        let is_tidy = text.len() <= MAX_TEXT
            && text.bytes().next().is_some_and(|byte| byte.is_ascii_graphic())
            && text.bytes().next_back().is_some_and(|byte| byte.is_ascii_graphic());
        Ok(if is_tidy { Some(text) } else { self.tidy(member, text) })
    }

    /// A text that is no string.
    fn odd_text(&mut self, member: &'static str) -> Result<Option<Cow<'t, str>>, JsonFault> {
        let text = match self.json.scalar()? {
            Scalar::Text(text) => text,
            Scalar::Number(number) => {
                self.notes.note(DeviationKind::NumberForText, format!("{member}: {number}"));
                Cow::Borrowed(number)
            }
            Scalar::Null => return Ok(None),
            Scalar::Bool(_) | Scalar::Compound => {
                self.notes.note(DeviationKind::OtherKind, member);
                return Ok(None);
            }
        };
        Ok(self.tidy(member, text))
    }

    /// Without white space around it, and no longer than is kept.
    fn tidy(&mut self, member: &'static str, text: Cow<'t, str>) -> Option<Cow<'t, str>> {
        let (text, longer) = cut(trim(text), MAX_TEXT);
        if longer {
            self.notes.note(DeviationKind::TextTooLong, member);
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// Texts in an array, which are added to `into`, at most `most` of them; one text alone is taken line by line.
    pub fn texts(
        &mut self,
        member: &'static str,
        single: Option<DeviationKind>,
        most: usize,
        into: &mut Vec<Cow<'t, str>>,
    ) -> Result<(), JsonFault> {
        if self.json.peek()? != Kind::Array {
            let Some(text) = self.text(member)? else { return Ok(()) };
            if let Some(kind) = single {
                self.notes.note(kind, member);
            }
            match text {
                Cow::Borrowed(text) => into.extend(lines(text).map(Cow::Borrowed).take(most)),
                Cow::Owned(text) => into.extend(lines(&text).map(|line| Cow::Owned(line.to_owned())).take(most)),
            }
            return Ok(());
        }
        let mut first = self.json.open()?;
        while self.json.item(&mut first)? {
            let Some(text) = self.text(member)? else { continue };
            if into.len() < most {
                into.push(text);
            } else {
                self.notes.note(DeviationKind::TooMany, member);
            }
        }
        Ok(())
    }

    /// A number of sessions.
    pub fn count(&mut self, member: &'static str) -> Result<Option<u64>, JsonFault> {
        let (number, as_text) = match self.json.scalar()? {
            Scalar::Number(number) => (Cow::Borrowed(number), false),
            Scalar::Text(text) => (trim(text), true),
            Scalar::Null => return Ok(None),
            Scalar::Bool(_) | Scalar::Compound => {
                self.notes.note(DeviationKind::OtherKind, member);
                return Ok(None);
            }
        };
        if as_text && !number.is_empty() {
            self.notes.note(DeviationKind::NumberAsText, format!("{member}: \"{number}\""));
        }
        if let Some(count) = plain_count(&number) {
            return Ok(Some(count));
        }
        let (count, kind) = odd_count(&number);
        self.notes.note(kind, format!("{member}: {number}"));
        Ok(count)
    }

    /// A date.
    pub fn date(&mut self, member: &'static str) -> Result<Option<UnixTime>, JsonFault> {
        let text = match self.json.scalar()? {
            Scalar::Text(text) => text,
            Scalar::Number(number) => Cow::Borrowed(number),
            Scalar::Null => return Ok(None),
            Scalar::Bool(_) | Scalar::Compound => {
                self.notes.note(DeviationKind::OtherKind, member);
                return Ok(None);
            }
        };
        if text.trim().is_empty() {
            return Ok(None);
        }
        let date = dates::read(&text);
        match date {
            Some(date) if date.proper => {}
            Some(_) => self.notes.note(DeviationKind::DateForm, text),
            None => self.notes.note(DeviationKind::DateUnreadable, text),
        }
        Ok(date.map(|date| date.time))
    }

    /// A domain or the name of a host, in small letters and without a final dot.
    pub fn domain(&mut self, member: &'static str) -> Result<Option<Cow<'t, str>>, JsonFault> {
        let Some(text) = self.text(member)? else { return Ok(None) };
        let of_a_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
        if text.bytes().all(of_a_name) && !text.ends_with('.') {
            return Ok(Some(text));
        }
        let name = text.trim_end_matches('.').to_ascii_lowercase();
        // Underscores are no part of a host name, but of domains that are looked up.
        if text.ends_with('.') || !name.bytes().all(|byte| of_a_name(byte) || byte == b'_') {
            self.notes.note(DeviationKind::DomainForm, text);
        }
        Ok(Some(name.into()).filter(|name: &Cow<'_, str>| !name.is_empty()))
    }

    /// `policy-type` as the RFC writes it, where it is known.
    pub fn policy_type(&mut self) -> Result<Option<Cow<'t, str>>, JsonFault> {
        let Some(text) = self.text("policy-type")? else { return Ok(None) };
        if matches!(&*text, "sts" | "tlsa" | "no-policy-found") {
            return Ok(Some(text));
        }
        let meant = match text.to_ascii_lowercase().replace(['_', ' '], "-").as_str() {
            "sts" | "mta-sts" => "sts",
            "tlsa" | "dane" => "tlsa",
            "no-policy-found" | "no-policy" | "nopolicyfound" | "none" => "no-policy-found",
            _ => {
                self.notes.note(DeviationKind::PolicyTypeUnknown, text.clone());
                return Ok(Some(text));
            }
        };
        self.notes.note(DeviationKind::PolicyTypeForm, text);
        Ok(Some(meant.into()))
    }

    /// `result-type` as the RFC writes it, where it is known.
    pub fn result_type(&mut self) -> Result<Option<Cow<'t, str>>, JsonFault> {
        let Some(text) = self.text("result-type")? else { return Ok(None) };
        if kinds::of(&text).is_some() {
            return Ok(Some(text));
        }
        match kinds::of(&text.to_ascii_lowercase().replace(['_', ' '], "-")) {
            Some(kind) => {
                self.notes.note(DeviationKind::ResultTypeForm, text);
                Ok(Some(kind.result_type.into()))
            }
            None => {
                self.notes.note(DeviationKind::ResultTypeUnknown, text.clone());
                Ok(Some(text))
            }
        }
    }
}

/// The lines of a text, without empty ones.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// A whole number that JSON holds exactly.
fn plain_count(number: &str) -> Option<u64> {
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse().ok().filter(|count| digits && *count <= MAX_COUNT)
}

/// What a number stands for that is no plain count, and how it deviates.
fn odd_count(number: &str) -> (Option<u64>, DeviationKind) {
    // Infinities and `nan` are numbers for `parse`, but none in a report.
    let digits = number.bytes().any(|byte| byte.is_ascii_digit());
    let Some(value) = number.parse::<f64>().ok().filter(|value| digits && !value.is_nan()) else {
        return (None, DeviationKind::CountUnreadable);
    };
    if value < 0.0 {
        return (Some(0), DeviationKind::CountNegative);
    }
    // Exact below 2^53, and the conversion of floats saturates.
    let whole = value.trunc() as u64;
    if whole > MAX_COUNT {
        (Some(MAX_COUNT), DeviationKind::CountTooLarge)
    } else {
        (Some(whole), DeviationKind::CountNotWhole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_that_are_none() {
        for (number, count, kind) in [
            ("-5", Some(0), DeviationKind::CountNegative),
            ("2.75", Some(2), DeviationKind::CountNotWhole),
            ("1e3", Some(1000), DeviationKind::CountNotWhole),
            ("9007199254740992", Some(MAX_COUNT), DeviationKind::CountTooLarge),
            ("1e999", Some(MAX_COUNT), DeviationKind::CountTooLarge),
            ("many", None, DeviationKind::CountUnreadable),
            ("inf", None, DeviationKind::CountUnreadable),
            ("", None, DeviationKind::CountUnreadable),
        ] {
            assert_eq!(plain_count(number), None, "{number}");
            assert_eq!(odd_count(number), (count, kind), "{number}");
        }
        assert_eq!(plain_count("9007199254740991"), Some(MAX_COUNT));
        assert_eq!(plain_count("+5"), None);
    }

    #[test]
    fn cutting_keeps_characters_whole() {
        assert_eq!(cut("äöü".into(), 3), ("ä".into(), true));
        assert_eq!(cut(String::from("äöü").into(), 3), ("ä".into(), true));
        assert_eq!(cut("äöü".into(), 6), ("äöü".into(), false));
    }
}
