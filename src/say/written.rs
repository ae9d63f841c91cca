//! Numbers and times as the language writes them. A catalog says how by translating examples: `12,345.6`, `1,234` and the parts
//! of a time.

use crate::tr;

/// A plain decimal number, `-1234.5`, with the signs of the language and its digits in groups; what is no number stays as it is.
pub fn number(plain: &str) -> String {
    let digits = plain.strip_prefix('-').unwrap_or(plain);
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    if !is_digits(whole) || !part.is_none_or(is_digits) {
        return plain.to_owned();
    }
    let example = tr!("12,345.6");
    let mut signs = example.chars().filter(|sign| !sign.is_ascii_digit());
    // With one sign alone it is the one before the decimals.
    let (group, point) = match (signs.next(), signs.next()) {
        (Some(group), Some(point)) => (Some(group), point),
        (point, _) => (None, point.unwrap_or('.')),
    };
    // Some languages leave four digits together.
    let group = group.filter(|_| whole.len() > 4 || !is_digits(&tr!("1,234")));
    let mut text = String::with_capacity(plain.len() * 4 / 3 + 1);
    text.extend(plain.starts_with('-').then_some('-'));
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.extend(group);
        }
        text.push(digit);
    }
    if let Some(part) = part {
        text.push(point);
        text.push_str(part);
    }
    text
}

/// A day or a time of RFC 3339 in UTC, `2026-12-31` or `2026-12-31T23:59:58Z`, as the language writes it; `None` is neither.
pub fn time(plain: &str) -> Option<String> {
    let Some((day, clock)) = plain.split_once('T') else { return self::day(plain) };
    let day = self::day(day)?;
    let [hour, minute, second] = parts(clock.strip_suffix('Z')?, ':', [2, 2, 2])?;
    Some(tr!("{day}T{hour}:{minute}:{second}Z", day, hour, minute, second))
}

fn day(plain: &str) -> Option<String> {
    let [year, month, day] = parts(plain, '-', [4, 2, 2])?;
    Some(tr!("{year}-{month}-{day}", year, month, day))
}

/// Three numbers of so many digits.
fn parts(text: &str, between: char, lengths: [usize; 3]) -> Option<[&str; 3]> {
    let mut found = text.split(between);
    let parts = [found.next()?, found.next()?, found.next()?];
    let fits = parts.iter().zip(lengths).all(|(part, length)| part.len() == length && is_digits(part));
    (fits && found.next().is_none()).then_some(parts)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_groups_digits_and_keeps_times() {
        let cases =
            [("0", "0"), ("999", "999"), ("1234", "1,234"), ("12345678", "12,345,678"), ("1234.50", "1,234.50")];
        for (plain, written) in cases {
            assert_eq!(number(plain), written);
            assert_eq!(number(&format!("-{plain}")), format!("-{written}"));
        }
        for odd in ["", "-", "1.", ".5", "1.2.3", "NaN", "1e3", "12 345", "٣٤٥"] {
            assert_eq!(number(odd), odd);
        }
        for plain in ["2026-12-31", "2026-12-31T23:59:58Z"] {
            assert_eq!(time(plain).as_deref(), Some(plain));
        }
        let odd = [
            "",
            "T",
            "2026-12",
            "2026-12-3",
            "2026-12-31-1",
            "2026-12-31T",
            "2026-12-31T23:59Z",
            "2026-12-31T23:59:58",
            "20ä6-12-31",
        ];
        for odd in odd {
            assert_eq!(time(odd), None, "{odd}");
        }
    }
}
