//! Says every sentence in the language that the user wants.
//!
//! English stands in the code, where it is said: it is the msgid of a gettext catalog (`www/words/*.po`; `docs/words.md`). The
//! crate `tr` says what a translator is; ours is a [`Catalog`]. [`tr!`](crate::tr) is for sentences with names and numbers in them;
//! what is said without any is looked up where it is shown or written into a report ([`known`]).

use std::borrow::Cow;
use std::fmt::{Display, Write};
use std::sync::{Arc, PoisonError, RwLock};

use tr::Translator;

pub mod written;

/// The catalog in use. `tr` would keep one for each crate, by name, in a hash map that the page has no room for.
static CATALOG: RwLock<Option<Arc<Catalog>>> = RwLock::new(None);

/// What stands in a sentence: names, each with a comma behind it and empty where a value has none, and as many values.
pub type Values<'a> = (&'static str, &'a [&'a dyn Display]);

/// A sentence in the user's language: `tr!("{} of {total} hosts", seen, total)`. Placeholders are `{}`, `{0}` and `{name}`;
/// values are written as by `Display`, times as the language writes them ([`written`]). `tr!("{n} host" | "{n} hosts" % count)` chooses by the plural rule of the language. In a
/// value that is a sentence of the catalog by itself, this one is translated, too.
#[macro_export]
macro_rules! tr {
    ($one:literal | $many:literal % $count:expr $(, $($values:tt)*)?) => {{
        let n = ($count) as u64;
        $crate::say::plural(n, $one, $many, $crate::values!(["n",] [&n as &dyn ::std::fmt::Display,] $($($values)*)?))
    }};
    ($sentence:literal) => { $crate::say::sentence($sentence, ("", &[])) };
    ($sentence:literal, $($values:tt)*) => { $crate::say::sentence($sentence, $crate::values!([] [] $($values)*)) };
}

/// The values of [`tr!`](crate::tr). All names of a sentence are one constant: there are many sentences, and little room.
#[doc(hidden)]
#[macro_export]
macro_rules! values {
    ([$($name:expr,)*] [$($done:tt)*] $(,)?) => { (concat!($($name, ","),*), &[$($done)*]) };
    ([$($names:tt)*] [$($done:tt)*] $name:ident = $value:expr $(, $($rest:tt)*)?) => {
        $crate::values!([$($names)* stringify!($name),] [$($done)* &$value as &dyn ::std::fmt::Display,] $($($rest)*)?)
    };
    ([$($names:tt)*] [$($done:tt)*] $name:ident $(, $($rest:tt)*)?) => {
        $crate::values!([$($names)* stringify!($name),] [$($done)* &$name as &dyn ::std::fmt::Display,] $($($rest)*)?)
    };
    ([$($names:tt)*] [$($done:tt)*] $value:expr $(, $($rest:tt)*)?) => {
        $crate::values!([$($names)* "",] [$($done)* &$value as &dyn ::std::fmt::Display,] $($($rest)*)?)
    };
}

/// Uses a catalog from now on, or English again.
pub fn speak(catalog: Option<Arc<Catalog>>) {
    *CATALOG.write().unwrap_or_else(PoisonError::into_inner) = catalog;
}

fn spoken() -> Option<Arc<Catalog>> {
    CATALOG.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Whether another language than English is in use.
pub fn is_foreign() -> bool {
    spoken().is_some()
}

/// A sentence without values, as it stands in the catalog; itself where it does not.
pub fn known(sentence: &str) -> Cow<'_, str> {
    match spoken() {
        Some(catalog) if !sentence.is_empty() => Cow::Owned(catalog.translate(sentence, None).into_owned()),
        _ => Cow::Borrowed(sentence),
    }
}

/// Puts what [`known`] gives in the place of a sentence.
pub fn make_known<T: AsRef<str> + From<String>>(sentence: &mut T) {
    if let Cow::Owned(translated) = known(sentence.as_ref()) {
        *sentence = translated.into();
    }
}

/// A sentence with its values.
pub fn sentence(sentence: &str, values: Values) -> String {
    fill(&known(sentence), values)
}

/// A sentence with its values, by their number.
pub fn plural(n: u64, one: &str, many: &str, values: Values) -> String {
    match spoken() {
        Some(catalog) => fill(&catalog.ntranslate(n, one, many, None), values),
        None => fill(if n == 1 { one } else { many }, values),
    }
}

/// Puts values in the place of `{}`, `{0}` and `{name}`; `{{` and `}}` are braces. What stands for no value stays as it is.
fn fill(template: &str, (names, values): Values) -> String {
    let mut text = String::with_capacity(template.len() + 16 * values.len());
    let mut next = 0;
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        let doubled = from.starts_with("{{") || from.starts_with("}}");
        let name = from.strip_prefix('{').and_then(|inner| inner.split_once('}')).map(|(name, _)| name);
        let value = name.filter(|_| !doubled).and_then(|name| {
            let number = match name {
                "" => {
                    next += 1;
                    Some(next - 1)
                }
                _ => name.parse().ok().or_else(|| names.split(',').position(|other| other == name)),
            };
            Some((*values.get(number?)?, name.len() + 2))
        });
        let used = match value {
            Some((value, used)) => {
                write_value(&mut text, value);
                used
            }
            None => {
                text.push_str(&from[..1]);
                if doubled { 2 } else { 1 }
            }
        };
        rest = &from[used..];
    }
    text.push_str(rest);
    text
}

fn write_value(text: &mut String, value: &dyn Display) {
    if is_foreign() {
        let plain = value.to_string();
        text.push_str(&written::time(&plain).unwrap_or_else(|| known(&plain).into_owned()));
    } else {
        // Writing to a string fails only where a value's own `Display` does; nothing stands there then.
        let _ = write!(text, "{value}");
    }
}

/// Largest catalog, in octets: all our sentences in a long-winded language are a fifth of it.
const MAX_OCTETS: usize = 4 << 20;
/// Most sentences in a catalog.
const MAX_SENTENCES: usize = 50_000;
/// What a `.mo` file starts with, written little-endian.
const MAGIC: u32 = 0x9504_12de;
/// Stands between the forms of a plural.
const PLURAL: char = '\0';

/// A gettext catalog in its `.mo` form (GNU gettext manual, “The Format of GNU MO Files”), little-endian, sorted, UTF-8.
#[derive(Debug)]
pub struct Catalog {
    octets: Vec<u8>,
    count: usize,
    /// Where the tables of originals and of translations stand.
    tables: [usize; 2],
}

impl Catalog {
    /// Reads a catalog; `None` where the octets are none.
    pub fn read(octets: Vec<u8>) -> Option<Self> {
        let number = |at| word(&octets, at);
        // Revision 0 of the format.
        if octets.len() > MAX_OCTETS || number(0)? != MAGIC as usize || number(4)? != 0 {
            return None;
        }
        let (count, tables) = (number(8)?, [number(12)?, number(16)?]);
        if count > MAX_SENTENCES {
            return None;
        }
        let catalog = Self { count, tables, octets };
        let all = (0..count).map(|at| catalog.text(0, at).zip(catalog.text(1, at)).map(|(original, _)| original));
        // Every text must be there, and in order, so that searching finds it.
        let mut before = None;
        for original in all {
            let original = original?;
            if before.is_some_and(|before| before >= original) {
                return None;
            }
            before = Some(original);
        }
        Some(catalog)
    }

    /// How many sentences it has.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// A text of one of the tables.
    fn text(&self, table: usize, at: usize) -> Option<&str> {
        let entry = self.tables.get(table)?.checked_add(at.checked_mul(8)?)?;
        let (length, start) = (word(&self.octets, entry)?, word(&self.octets, entry.checked_add(4)?)?);
        std::str::from_utf8(self.octets.get(start..start.checked_add(length)?)?).ok()
    }

    /// The translation of a sentence; with all its plural forms where it has them.
    fn find(&self, sentence: &str) -> Option<&str> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low.midpoint(high);
            // A plural stands as `one NUL many`, and is looked for by the first.
            let original = self.text(0, middle)?;
            match original.split(PLURAL).next()?.cmp(sentence) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return self.text(1, middle).filter(|text| !text.is_empty()),
            }
        }
        None
    }
}

fn word(octets: &[u8], at: usize) -> Option<usize> {
    let four = octets.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_le_bytes(four.try_into().ok()?)).ok()
}

impl Translator for Catalog {
    fn translate<'a>(&'a self, string: &'a str, _context: Option<&'a str>) -> Cow<'a, str> {
        let found = self.find(string).and_then(|text| text.split(PLURAL).next());
        Cow::Borrowed(found.unwrap_or(string))
    }

    /// By the rule that English, German and Spanish share: one, and all others.
    fn ntranslate<'a>(&'a self, n: u64, singular: &'a str, plural: &'a str, _context: Option<&'a str>) -> Cow<'a, str> {
        let form = usize::from(n != 1);
        let found = self.find(singular).and_then(|text| text.split(PLURAL).nth(form)).filter(|text| !text.is_empty());
        Cow::Borrowed(found.unwrap_or(if n == 1 { singular } else { plural }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A catalog as msgfmt writes it: originals and translations in order of the originals.
    fn mo(sentences: &[(&str, &str)]) -> Vec<u8> {
        let mut sorted = sentences.to_vec();
        sorted.sort_unstable();
        let count = sorted.len();
        let mut head: Vec<u32> = vec![MAGIC, 0, count as u32, 28, 28 + 8 * count as u32, 0, 0];
        let mut texts = Vec::new();
        let start = 28 + 16 * count;
        for which in 0..2 {
            for pair in &sorted {
                let text = if which == 0 { pair.0 } else { pair.1 };
                head.extend([text.len() as u32, (start + texts.len()) as u32]);
                texts.extend(text.bytes().chain([0]));
            }
        }
        head.iter().flat_map(|word| word.to_le_bytes()).chain(texts).collect()
    }

    #[test]
    fn values_stand_where_the_sentence_wants_them() {
        let host = "mx1.example.com";
        assert_eq!(tr!("Nothing is left to do."), "Nothing is left to do.");
        assert_eq!(tr!("{} of {total}: {host}", 1, total = 2, host), "1 of 2: mx1.example.com");
        assert_eq!(tr!("{1} before {0}", "a", "b"), "b before a");
        assert_eq!(tr!("{{}} is no place, {} is", 'x'), "{} is no place, x is");
        assert_eq!(tr!("{unknown} and {} stay", 'x'), "{unknown} and x stay");
        assert_eq!(tr!("{} {} {", 1), "1 {} {");
        assert_eq!(tr!("{n} host" | "{n} hosts" % 1), "1 host");
        assert_eq!(
            tr!("{n} host of {domain}" | "{n} hosts of {domain}" % 2, domain = "example.com"),
            "2 hosts of example.com"
        );
    }

    #[test]
    fn a_catalog_finds_sentences_and_plurals() {
        let catalog = Catalog::read(mo(&[
            ("", "Content-Type: text/plain; charset=UTF-8\n"),
            ("Copy", "Kopieren"),
            ("Not there", ""),
            ("{n} host\0{n} hosts", "{n} Host\0{n} Hosts, alle"),
        ]));
        let catalog = catalog.unwrap();
        assert_eq!(catalog.len(), 4);
        assert_eq!(catalog.translate("Copy", None), "Kopieren");
        assert_eq!(catalog.translate("Copies", None), "Copies");
        assert_eq!(catalog.translate("Not there", None), "Not there");
        assert_eq!(catalog.ntranslate(1, "{n} host", "{n} hosts", None), "{n} Host");
        assert_eq!(catalog.ntranslate(0, "{n} host", "{n} hosts", None), "{n} Hosts, alle");
        assert_eq!(catalog.ntranslate(3, "{n} word", "{n} words", None), "{n} words");
    }

    #[test]
    fn octets_that_are_no_catalog_are_refused() {
        let good = mo(&[("a", "A"), ("b", "B")]);
        assert!(Catalog::read(good.clone()).is_some());
        for length in 0..good.len() - 1 {
            // The last octet ends a text and belongs to none.
            assert!(Catalog::read(good[..length].to_vec()).is_none(), "{length}");
        }
        for at in 0..good.len() {
            for octet in [0, 1, 0x7f, 0xff] {
                let mut bad = good.clone();
                bad[at] = octet;
                if let Some(catalog) = Catalog::read(bad) {
                    let _ = (catalog.find("a"), catalog.find("b"), catalog.find("c"));
                }
            }
        }
        assert!(Catalog::read(mo(&[("a", "A"), ("a", "B")])).is_none(), "twice the same");
    }
}
