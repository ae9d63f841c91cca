//! Selectors of one sender: `lps` in the record, BIMI §7.2 step 2.

/// Longest selector, RFC 1035 §2.3.4.
const MAX_SELECTOR: usize = 63;

/// The selector that receivers make of a local-part, with `prefixes` as in `lps`; `None` where they make none: it has other
/// characters, is too long, or starts with none of the prefixes (an empty list takes every one).
pub fn selector(local_part: &str, prefixes: &[String]) -> Option<String> {
    let without_tag = local_part.split('+').next().unwrap_or_default();
    let mut selector = String::new();
    for character in without_tag.chars() {
        match character {
            '_' | '.' | '-' if !selector.ends_with('-') => selector.push('-'),
            '_' | '.' | '-' => {}
            letter if letter.is_ascii_alphanumeric() => selector.push(letter.to_ascii_lowercase()),
            _ => return None,
        }
    }
    let selector = selector.trim_matches('-');
    let starts = |prefix: &String| selector.starts_with(&prefix.to_ascii_lowercase());
    let sound = (1..=MAX_SELECTOR).contains(&selector.len()) && (prefixes.is_empty() || prefixes.iter().any(starts));
    sound.then(|| selector.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_parts_become_selectors_as_section_7_2_says() {
        let any: Vec<String> = Vec::new();
        let made = |text: &str| selector(text, &any);
        assert_eq!(made("news").as_deref(), Some("news"));
        assert_eq!(made("News.Letter_2026+eu").as_deref(), Some("news-letter-2026"));
        assert_eq!(made("._--a..b_.").as_deref(), Some("a-b"));
        assert_eq!(made("+only"), None, "nothing is left");
        assert_eq!(made("bücher"), None, "other characters");
        assert_eq!(made("a!b"), None);
        assert_eq!(made(&"a".repeat(64)), None, "no label is that long");
        assert_eq!(made(&"a".repeat(63)).map(|made| made.len()), Some(63));
    }

    #[test]
    fn prefixes_limit_who_has_one() {
        let prefixes = ["News".to_owned(), "shop-".to_owned()];
        assert_eq!(selector("newsletter", &prefixes).as_deref(), Some("newsletter"));
        assert_eq!(selector("shop.eu", &prefixes).as_deref(), Some("shop-eu"));
        assert_eq!(selector("billing", &prefixes), None);
    }
}
