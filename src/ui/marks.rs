//! Places in a record, and the record cut where they begin and end.

use yew::prelude::*;

use crate::checks::{Finding, Outcome, Published};
use crate::order;

use super::words::outcome_id;

/// More problems are not marked in one record; the findings still list them.
const MAX_MARKS: usize = 200;

/// A problem's place.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    start: usize,
    end: usize,
    outcome: Outcome,
    title: String,
}

impl Mark {
    /// The places of the findings that point into this record, except what is only praise.
    pub fn within<'f>(published: &Published, findings: impl Iterator<Item = &'f Finding>) -> Vec<Self> {
        findings
            .filter(|finding| finding.outcome != Outcome::Pass)
            .filter_map(|finding| {
                let at = finding.at.as_ref()?;
                (at.name == published.name && at.record == published.value).then(|| Self {
                    start: at.start,
                    end: at.end,
                    outcome: finding.outcome,
                    title: finding.title.clone(),
                })
            })
            .take(MAX_MARKS)
            .collect()
    }
}

/// A run of text under the same mark.
pub struct Piece<'t> {
    text: &'t str,
    mark: Option<&'t Mark>,
}

impl Piece<'_> {
    /// The text, inside a mark where there is one.
    pub fn draw(&self, key: usize) -> Html {
        match self.mark {
            Some(mark) => {
                let class = self.text.is_empty().then_some("point");
                html! {
                    <mark {key} {class} data-outcome={outcome_id(mark.outcome)} title={mark.title.clone()}>
                        {visible(self.text)}
                    </mark>
                }
            }
            None => html! { <span {key}>{visible(self.text)}</span> },
        }
    }
}

/// Cuts the text where marks begin and end; where marks overlap the worst one shows.
pub fn pieces<'t>(text: &'t str, marks: &'t [Mark]) -> Vec<Piece<'t>> {
    let mut cuts: Vec<usize> = marks.iter().flat_map(|mark| [mark.start, mark.end]).collect();
    cuts.extend([0, text.len()]);
    cuts.retain(|&cut| text.is_char_boundary(cut));
    order::by_key(&mut cuts, |&cut| u128::try_from(cut).unwrap_or(u128::MAX));
    cuts.dedup();
    let mut pieces = Vec::new();
    let mut from = 0;
    for cut in cuts {
        if let Some(part) = text.get(from..cut).filter(|part| !part.is_empty()) {
            let covering = marks.iter().filter(|mark| mark.start <= from && mark.end >= cut);
            pieces.push(Piece { text: part, mark: covering.max_by_key(|mark| weight(mark.outcome)) });
        }
        let point = marks.iter().find(|mark| mark.start == cut && mark.end == cut);
        pieces.extend(point.map(|mark| Piece { text: "", mark: Some(mark) }));
        from = cut;
    }
    pieces
}

/// What was not seen must not hide what is wrong.
fn weight(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Pass => 0,
        Outcome::Info => 1,
        Outcome::Unknown => 2,
        Outcome::Warn => 3,
        Outcome::Fail => 4,
    }
}

/// The text with control and direction characters replaced by what can be seen.
pub fn visible(text: &str) -> Html {
    if !text.chars().any(is_hidden) {
        return html! { {text} };
    }
    let mut parts: Vec<Html> = Vec::new();
    let mut plain = String::new();
    for character in text.chars() {
        if is_hidden(character) {
            if !plain.is_empty() {
                parts.push(html! { <span key={parts.len()}>{std::mem::take(&mut plain)}</span> });
            }
            let code = format!("U+{:04X}", u32::from(character));
            parts.push(
                html! { <span key={parts.len()} class="control" title={code.clone()}>{symbol(character, code)}</span> },
            );
        } else {
            plain.push(character);
        }
    }
    if !plain.is_empty() {
        parts.push(html! { <span key={parts.len()}>{plain}</span> });
    }
    html! { <>{for parts}</> }
}

/// Whether a character does something that cannot be seen; line ends stay what they are.
fn is_hidden(character: char) -> bool {
    character != '\n'
        && (character.is_control()
            || matches!(character, '\u{00A0}' | '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'))
}

/// ASCII controls as zone files escape them, anything else as its code point.
fn symbol(character: char, code: String) -> String {
    if character.is_ascii() { format!("\\{:03}", u32::from(character)) } else { format!("<{code}>") }
}
