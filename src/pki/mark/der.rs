//! Elements of DER (X.690 §10), octet by octet: what is signed and hashed must be the very octets of the file.

/// Tags that certificates are made of, X.690 §8.1.2.
pub mod tag {
    pub const BOOLEAN: u8 = 0x01;
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTET_STRING: u8 = 0x04;
    pub const NULL: u8 = 0x05;
    pub const OID: u8 = 0x06;
    pub const UTF8: u8 = 0x0C;
    pub const PRINTABLE: u8 = 0x13;
    pub const T61: u8 = 0x14;
    pub const IA5: u8 = 0x16;
    pub const UTC_TIME: u8 = 0x17;
    pub const GENERALIZED_TIME: u8 = 0x18;
    pub const BMP: u8 = 0x1E;
    pub const SEQUENCE: u8 = 0x30;
    pub const SET: u8 = 0x31;
    /// Set in the tag of what holds further elements.
    pub const CONSTRUCTED: u8 = 0x20;

    /// `[n]` that holds further elements.
    pub const fn holder(number: u8) -> u8 {
        0xA0 | number
    }

    /// `[n]` that holds octets.
    pub const fn octets(number: u8) -> u8 {
        0x80 | number
    }
}

/// One element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element<'d> {
    /// Its tag, one octet.
    pub tag: u8,
    /// All its octets, tag and length included.
    pub whole: &'d [u8],
    /// What it holds.
    pub content: &'d [u8],
}

/// Reads elements one after the other. Nothing is repaired: long lengths where short ones do, indefinite lengths and tags over
/// 30 are no DER.
#[derive(Clone, Copy, Debug)]
pub struct Elements<'d> {
    rest: &'d [u8],
}

impl<'d> Elements<'d> {
    /// From the start of these octets.
    pub fn of(octets: &'d [u8]) -> Self {
        Self { rest: octets }
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next element; `None` where there is none, or none that is DER.
    pub fn read(&mut self) -> Option<Element<'d>> {
        let (&tag, after_tag) = self.rest.split_first()?;
        if tag & 0x1F == 0x1F {
            return None;
        }
        let (&first, after_first) = after_tag.split_first()?;
        let (length, after_length) = match first {
            0..=0x7F => (usize::from(first), after_first),
            // Four octets of length are more than any file has.
            0x81..=0x84 => {
                let (octets, after) = after_first.split_at_checked(usize::from(first & 0x7F))?;
                let length =
                    octets.iter().try_fold(0usize, |sum, octet| sum.checked_mul(256)?.checked_add((*octet).into()))?;
                let is_shortest = octets.first() != Some(&0) && length > 0x7F;
                is_shortest.then_some((length, after))?
            }
            _ => return None,
        };
        let (content, behind) = after_length.split_at_checked(length)?;
        let whole = self.rest.get(..self.rest.len() - behind.len())?;
        self.rest = behind;
        Some(Element { tag, whole, content })
    }

    /// The next element, if it has this tag; nothing is read otherwise.
    pub fn take(&mut self, tag: u8) -> Option<Element<'d>> {
        let mut ahead = *self;
        let element = ahead.read().filter(|element| element.tag == tag)?;
        *self = ahead;
        Some(element)
    }

    /// The elements in the next one, if it has this tag.
    pub fn enter(&mut self, tag: u8) -> Option<Elements<'d>> {
        self.take(tag).map(|element| Elements::of(element.content))
    }
}

/// The one element that these octets are, with this tag.
pub fn only(octets: &[u8], tag: u8) -> Option<Element<'_>> {
    let mut elements = Elements::of(octets);
    elements.take(tag).filter(|_| elements.is_empty())
}

/// Every element in these octets, if all are DER and there are at most `limit`.
pub fn all(octets: &[u8], limit: usize) -> Option<Vec<Element<'_>>> {
    let mut elements = Elements::of(octets);
    let mut found = Vec::new();
    while !elements.is_empty() {
        if found.len() == limit {
            return None;
        }
        found.push(elements.read()?);
    }
    Some(found)
}

/// The octets of a whole number of octets in a BIT STRING, X.690 §8.6.
pub fn bits(content: &[u8]) -> Option<&[u8]> {
    content.split_first().filter(|(unused, _)| **unused == 0).map(|(_, octets)| octets)
}

/// An element with this content.
pub fn wrapped(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut whole = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => whole.push(short),
        _ => {
            let length = content.len().to_be_bytes();
            let significant: Vec<u8> = length.iter().copied().skip_while(|octet| *octet == 0).collect();
            // A length has at most eight octets.
            whole.push(0x80 | u8::try_from(significant.len()).unwrap_or(8));
            whole.extend(significant);
        }
    }
    whole.extend_from_slice(content);
    whole
}

/// The text of a string of any kind that names have; what would steer a terminal is replaced.
pub fn text(element: &Element<'_>) -> String {
    let text: String = match element.tag {
        tag::BMP => {
            let units = element.content.chunks(2).map(|pair| match pair {
                [high, low] => u16::from_be_bytes([*high, *low]),
                _ => 0xFFFD,
            });
            char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        // T.61 as everybody reads it: Latin-1.
        tag::T61 => element.content.iter().map(|octet| char::from(*octet)).collect(),
        _ => String::from_utf8_lossy(element.content).into_owned(),
    };
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Octets in hexadecimal, two digits each.
pub fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_the_shortest_ones() {
        let element = Elements::of(&[4, 1, 7]).read().expect("an element");
        assert_eq!((element.tag, element.content), (4, &[7][..]));
        for no_der in
            [&[4, 0x81, 1, 7][..], &[4, 0x82, 0, 1, 7], &[0x30, 0x80, 0, 0], &[0x1F, 1, 0], &[4, 2, 7], &[4], &[]]
        {
            assert_eq!(Elements::of(no_der).read(), None, "{no_der:?}");
        }
    }

    #[test]
    fn what_is_wrapped_reads_again() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let content = vec![7; length];
            let whole = wrapped(tag::OCTET_STRING, &content);
            assert_eq!(only(&whole, tag::OCTET_STRING).expect("one element").content, content);
        }
    }
}
