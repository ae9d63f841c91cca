//! Texts that are meant as DMARC records and are none for any receiver.

use crate::records::tags::{TagList, is_white};
use crate::text::Span;

/// Why receivers do not see a policy record in a text that is meant as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NearMiss {
    /// `v` has the right word in the wrong case (`v=dmarc1`).
    VersionCase { found: String },
    /// No semicolon after `v=DMARC1`, so that the value of `v` runs on.
    MissingSemicolon { found: String },
    /// `v=DMARC1` is there and not the first tag.
    VersionNotFirst,
    /// Backslashes of a zone file stand in the record itself (`v=DMARC1\;`).
    LeakedEscape,
    /// Quotation marks stand in the record itself.
    LeakedQuote,
    /// `v` names something that is no version of DMARC.
    WrongVersion { found: String },
    /// The tags of a policy without any `v`.
    NoVersion,
    /// An SPF record at the `_dmarc` name.
    SpfText,
    /// A semicolon stands before `v`.
    LeadingSemicolon,
}

/// Finds out whether a text that is no record was meant as one, and where it goes wrong.
pub(super) fn find(text: &str, list: &TagList<'_>) -> Option<(NearMiss, Span)> {
    let first = list.tags.first()?;
    let first_value = first.value.map_or("", |value| value.text);
    let is_version = |name: &str| name.eq_ignore_ascii_case("v");
    if let Some(at) = text.find(['"', '“', '”'])
        && text.to_ascii_uppercase().contains("DMARC1")
        && at <= first.span().end
    {
        let end = at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        return Some((NearMiss::LeakedQuote, Span::new(at, end)));
    }
    if is_version(first.name.text) {
        let span = first.span();
        if first_value == "DMARC1" {
            return Some((NearMiss::LeadingSemicolon, Span::new(0, first.name.start)));
        }
        if first_value.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("spf1")) {
            return Some((NearMiss::SpfText, span));
        }
        if first_value.trim_end_matches('\\').trim_end_matches(is_white) == "DMARC1" {
            return Some((NearMiss::LeakedEscape, span));
        }
        if first_value.eq_ignore_ascii_case("DMARC1") {
            return Some((NearMiss::VersionCase { found: first_value.into() }, span));
        }
        let found: String = first_value.chars().take(60).collect();
        if let Some(after) = first_value.get(6..).filter(|_| first_value.get(..6).is_some_and(is_dmarc1)) {
            let runs_on = !after.starts_with(|c: char| c.is_ascii_digit());
            let kind = if runs_on { NearMiss::MissingSemicolon { found } } else { NearMiss::WrongVersion { found } };
            return Some((kind, span));
        }
        if first_value.to_ascii_lowercase().contains("dmarc") || has_policy(list) {
            return Some((NearMiss::WrongVersion { found }, span));
        }
        return None;
    }
    if first.value.is_none() && first.name.text.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("v=spf1")) {
        return Some((NearMiss::SpfText, first.span()));
    }
    let later = list.tags.iter().skip(1).find(|tag| {
        is_version(tag.name.text) && tag.value.is_some_and(|value| value.text.get(..6).is_some_and(is_dmarc1))
    });
    if let Some(version) = later {
        return Some((NearMiss::VersionNotFirst, version.span()));
    }
    if has_policy(list) {
        return Some((NearMiss::NoVersion, first.span()));
    }
    let start = text.get(..6)?;
    is_dmarc1(start).then(|| (NearMiss::NoVersion, first.span()))
}

fn is_dmarc1(text: &str) -> bool {
    text.eq_ignore_ascii_case("DMARC1")
}

/// Whether a `p` tag asks for one of the three policies.
fn has_policy(list: &TagList<'_>) -> bool {
    list.tags.iter().any(|tag| {
        tag.name.text.eq_ignore_ascii_case("p")
            && tag.value.is_some_and(|value| {
                ["none", "quarantine", "reject"].iter().any(|word| value.text.eq_ignore_ascii_case(word))
            })
    })
}
