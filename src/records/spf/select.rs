//! Which of the TXT records at a name are SPF records (RFC 7208 §4.5), and which only look like one.

use crate::text::Span;

use super::VERSION;

/// Most near misses that are told: more are no accident.
const MAX_NEAR_MISSES: usize = 10;

/// What was found among the TXT records of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Places of the SPF records among the texts. None: no SPF; more than one: a permanent error (RFC 7208 §4.5).
    pub records: Vec<usize>,
    /// Records that somebody meant as SPF, and receivers do not see.
    pub near_misses: Vec<NearMiss>,
}

/// A TXT record that looks like SPF and is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// Its place among the texts.
    pub record: usize,
    /// What is wrong.
    pub kind: NearMissKind,
    /// Where.
    pub span: Span,
    /// The whole text as it should be, where that can be told.
    pub meant: Option<String>,
}

/// Why a TXT record is not seen as SPF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NearMissKind {
    /// Blanks or invisible characters before `v=spf1`.
    LeadingBlank,
    /// Quotation marks are part of the text.
    Quoted,
    /// `v=spf1` is followed by something other than a space.
    VersionNotEnded,
    /// The version is misspelt or missing.
    VersionMisspelt,
    /// A Sender ID record (RFC 4406), which nobody reads any more.
    SenderId,
}

/// Picks the SPF records from TXT texts, each of them the strings of one record joined without a space (RFC 7208 §3.3).
pub fn select<'t>(texts: impl IntoIterator<Item = &'t str>) -> Selection {
    let mut selection = Selection::default();
    for (record, text) in texts.into_iter().enumerate() {
        if is_spf(text) {
            selection.records.push(record);
        } else if let Some((kind, span, meant)) = near_miss(text)
            && selection.near_misses.len() < MAX_NEAR_MISSES
        {
            selection.near_misses.push(NearMiss { record, kind, span, meant });
        }
    }
    selection
}

/// Whether a text is an SPF record: `v=spf1` in any case, then a space or the end (RFC 7208 §4.5).
pub fn is_spf(text: &str) -> bool {
    after_version(text).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// What follows `v=spf1`.
fn after_version(text: &str) -> Option<&str> {
    let (version, rest) = text.split_at_checked(VERSION.len())?;
    version.eq_ignore_ascii_case(VERSION).then_some(rest)
}

fn near_miss(text: &str) -> Option<(NearMissKind, Span, Option<String>)> {
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}');
    let quote = |c: char| matches!(c, '"' | '\'' | '`' | '\\' | '\u{2018}'..='\u{201F}' | '\u{AB}' | '\u{BB}');
    let bare = text.trim_start_matches(|c| blank(c) || quote(c));
    let lead = text.len() - bare.len();
    let start = text.get(..lead).unwrap_or("");
    let unquoted = bare.trim_end_matches(|c| blank(c) || quote(c));
    if after_version(bare).is_some() && lead > 0 {
        let kind = if start.chars().any(quote) { NearMissKind::Quoted } else { NearMissKind::LeadingBlank };
        let meant = if kind == NearMissKind::Quoted { unquoted } else { bare };
        return Some((kind, Span::new(0, lead), is_spf(meant).then(|| meant.to_owned())));
    }
    let word = bare.split([' ', '\t']).next().unwrap_or("");
    let word_span = Span::new(lead, lead + word.len());
    if word.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("spf2.0")) {
        return Some((NearMissKind::SenderId, word_span, None));
    }
    if let Some(rest) = after_version(text) {
        return Some(not_ended(text, rest));
    }
    let meant = |rest: &str| Some(format!("{VERSION} {}", rest.trim_start_matches([' ', '\t'])).trim_end().to_owned());
    let rest = bare.get(word.len()..).unwrap_or("");
    if is_misspelt_version(word) {
        return Some((NearMissKind::VersionMisspelt, word_span, meant(rest)));
    }
    // `v = spf1 …`: blanks within the version.
    let (glued, used) = first_without_blanks(bare, VERSION.len());
    if glued.eq_ignore_ascii_case(VERSION) {
        let span = Span::new(lead, lead + used);
        return Some((NearMissKind::VersionMisspelt, span, meant(bare.get(used..).unwrap_or(""))));
    }
    None
}

/// `v=spf1` and then something other than a space.
fn not_ended(text: &str, rest: &str) -> (NearMissKind, Span, Option<String>) {
    let end = rest.find(' ').unwrap_or(rest.len());
    let blank_end = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{200B}').len();
    let junk_end = rest.len() - rest.trim_start_matches([';', ',', ':', '.']).len();
    let at = |length: usize| Span::new(VERSION.len(), VERSION.len() + length);
    let (span, tail) = if blank_end > 0 {
        (at(blank_end), rest.get(blank_end..))
    } else if junk_end > 0 {
        (at(junk_end), rest.get(junk_end..))
    } else if rest.starts_with(|c: char| c.is_ascii_digit()) {
        // `v=spf10` is another version; nobody knows what was meant.
        (Span::new(0, VERSION.len() + end), None)
    } else {
        // `v=spf1include:…`: only the space is missing.
        (Span::new(0, VERSION.len() + end), Some(rest))
    };
    let version = text.get(..VERSION.len()).unwrap_or(VERSION);
    let meant = tail.map(|tail| format!("{version} {}", tail.trim_start_matches(' ')).trim_end().to_owned());
    (NearMissKind::VersionNotEnded, span, meant)
}

/// Words that stand for `v=spf1` in records of people who did not look it up.
fn is_misspelt_version(word: &str) -> bool {
    const KNOWN: [&str; 17] = [
        "spf1", "v:spf1", "v-spf1", "vspf1", "v=spf", "v=sfp1", "v=spf2", "v=spf-1", "v=spf_1", "v=spfv1", "=spf1",
        "v==spf1", "v=psf1", "v=fps1", "v=spfi", "v=spfl", "v=spf1.0",
    ];
    KNOWN.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// The first `count` characters without blanks, and how many bytes they take with them.
fn first_without_blanks(text: &str, count: usize) -> (String, usize) {
    let mut glued = String::new();
    let mut used = 0;
    // Four times as many characters are looked at: blanks between the letters, not a page of them.
    for (at, character) in text.char_indices().take(count * 4) {
        if matches!(character, ' ' | '\t') {
            continue;
        }
        glued.push(character);
        used = at + character.len_utf8();
        if glued.chars().count() == count {
            break;
        }
    }
    (glued, used)
}
