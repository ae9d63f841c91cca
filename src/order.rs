//! One sort for lists of every type.
//!
//! The sorts of `std` are compiled anew for each type of element, 4 KB of wasm each time; here only the moving of the
//! elements is.

/// Puts `items` in the order of their keys; items of the same key stay as they stood.
pub fn by_key<T>(items: &mut [T], key: impl Fn(&T) -> u128) {
    for (at, other) in swaps(items.iter().map(key).collect()) {
        items.swap(at, other);
    }
}

/// Puts `items` in the order of the octets of their texts; a text comes before the longer ones that begin with it, and
/// items of the same text stay as they stood.
pub fn by_text<T>(items: &mut [T], text: impl Fn(&T) -> &str) {
    let longest = items.iter().map(|item| text(item).len()).max().unwrap_or(0);
    // Pass after pass from the last octets to the first, each of which leaves what is equal as it is.
    for start in (0..longest).step_by(CHUNK).rev() {
        by_key(items, |item| chunk(text(item), start));
    }
}

/// Octets of a text that one pass looks at: with nine bits each, so that the end of a text comes before every octet.
const CHUNK: usize = 14;

/// The octets from `start` on as one number.
#[inline(never)]
fn chunk(text: &str, start: usize) -> u128 {
    let octets = text.as_bytes().iter().skip(start).map(|octet| u128::from(*octet) + 1).chain(std::iter::repeat(0));
    octets.take(CHUNK).fold(0, |key, octet| key << 9 | octet)
}

/// What to exchange, one after the other, so that the list with these keys is in order.
#[inline(never)]
fn swaps(keys: Vec<u128>) -> Vec<(usize, usize)> {
    if keys.is_sorted() {
        return Vec::new();
    }
    let mut sorted: Vec<(u128, usize)> = keys.into_iter().zip(0..).collect();
    // Stable, though all differ: lists that are mostly in order already are quick.
    sorted.sort();
    // Where each item goes.
    let mut places = vec![0; sorted.len()];
    for (place, (_, from)) in sorted.into_iter().enumerate() {
        places[from] = place;
    }
    let mut swaps = Vec::new();
    for at in 0..places.len() {
        while places[at] != at {
            let place = places[at];
            swaps.push((at, place));
            places.swap(at, place);
        }
    }
    swaps
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// So it is with texts.
        #[test]
        fn as_std_sorts_texts(texts in proptest::collection::vec("[a\0ä]{0,40}", 0..40)) {
            let mut items: Vec<(String, usize)> = texts.into_iter().zip(0..).collect();
            let mut expected = items.clone();
            expected.sort_by(|one, other| one.0.cmp(&other.0));
            by_text(&mut items, |(text, _)| text);
            prop_assert_eq!(items, expected);
        }

        /// The order is that of the stable sort of `std`.
        #[test]
        fn as_std_sorts(keys in proptest::collection::vec(0u8..20, 0..100)) {
            let mut items: Vec<(u8, usize)> = keys.into_iter().zip(0..).collect();
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            by_key(&mut items, |(key, _)| u128::from(*key));
            prop_assert_eq!(items, expected);
        }
    }
}
