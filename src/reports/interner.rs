//! Each text once, by number.

use std::borrow::Cow;
use std::collections::HashMap;

/// Most different names of servers, domains and so on.
const MAX_NAMES: usize = 500_000;
/// How many texts are found without hashing them: reports repeat the same few again and again.
const RECENT: usize = 512;
/// Said for what has no name.
const UNKNOWN: &str = "unknown";

/// Texts by number; 0 is the empty text.
#[derive(Default)]
pub struct Interner {
    ids: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
    /// The number of a text that was asked for lately, by [`slot`].
    recent: Vec<u32>,
}

impl Interner {
    /// What stands for names beyond [`MAX_NAMES`].
    const OTHERS: &'static str = "(others)";

    /// The number of a text.
    pub fn id(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        let slot = slot(text);
        if let Some(id) = self.recent.get(slot).filter(|id| self.text(**id) == text) {
            return *id;
        }
        let id = self.look_up(text);
        self.recent.resize(RECENT, 0);
        if let Some(recent) = self.recent.get_mut(slot) {
            *recent = id;
        }
        id
    }

    fn look_up(&mut self, text: &str) -> u32 {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        if self.texts.len() >= MAX_NAMES && text != Self::OTHERS {
            return self.look_up(Self::OTHERS);
        }
        self.texts.push(text.into());
        let id = u32::try_from(self.texts.len()).unwrap_or(0);
        self.ids.insert(text.into(), id);
        id
    }

    /// The number of a text that may be missing.
    pub fn of(&mut self, text: &Option<Cow<'_, str>>) -> u32 {
        text.as_deref().map_or(0, |text| self.id(text))
    }

    /// The text of a number.
    pub fn text(&self, id: u32) -> &str {
        let at = usize::try_from(id).ok().and_then(|id| id.checked_sub(1));
        at.and_then(|at| self.texts.get(at)).map_or("", |text| text)
    }

    /// The text of a number, to keep.
    pub fn owned(&self, id: u32) -> String {
        self.text(id).to_owned()
    }

    /// The text, or “unknown” where there is none.
    pub fn named(&self, id: u32) -> String {
        if id == 0 { UNKNOWN.into() } else { self.owned(id) }
    }
}

/// A number below [`RECENT`] from the length and the ends of a text.
fn slot(text: &str) -> usize {
    let bytes = text.as_bytes();
    let start = bytes.first_chunk::<4>().map_or(0, |chunk| u32::from_le_bytes(*chunk));
    let end = bytes.last_chunk::<4>().map_or(0, |chunk| u32::from_le_bytes(*chunk));
    let middle = bytes.get(bytes.len() / 2).copied().unwrap_or(0);
    let mixed = start ^ end.rotate_left(7) ^ u32::from(middle).rotate_left(15);
    let number = mixed.wrapping_mul(0x9e37_79b9) >> 16;
    usize::try_from(number).unwrap_or(0).wrapping_add(bytes.len()) % RECENT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_has_one_number() {
        let mut names = Interner::default();
        let texts: Vec<String> = (0..2_000).map(|number| format!("mx{number}.example")).collect();
        let ids: Vec<u32> = texts.iter().map(|text| names.id(text)).collect();
        for _ in 0..2 {
            for (text, id) in texts.iter().zip(&ids) {
                assert_eq!((names.id(text), names.text(*id)), (*id, text.as_str()));
            }
        }
        assert_eq!((names.id(""), names.text(0), names.text(u32::MAX)), (0, "", ""));
        assert_eq!((names.named(0), names.of(&None)), ("unknown".into(), 0));
    }
}
