//! What was probably meant: typing errors, missing spaces, addresses and names in the wrong place.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::term::{KNOWN_MODIFIERS, MECHANISMS};
use super::value::check_end;
use super::{Family, macros};

/// Longest term in which a missing space is looked for: no domain-spec that means anything is longer.
const MAX_GLUED: usize = 1024;
/// What surely starts a term even in the middle of a word.
const STARTS: [&str; 5] = ["include:", "exists:", "redirect=", "ip4:", "ip6:"];

/// Whether a word surely starts a term of its own.
pub(super) fn starts_term(word: &str) -> bool {
    let bare = word.strip_prefix(['+', '-', '~', '?']).unwrap_or(word);
    let end = bare.find([':', '/', '=']).unwrap_or(bare.len());
    let name = bare.get(..end).unwrap_or("");
    MECHANISMS.iter().chain(&KNOWN_MODIFIERS).any(|known| known.eq_ignore_ascii_case(name))
}

/// Where a space is missing in a word: before a term that cannot stand inside another one.
pub(super) fn missing_space(word: &str, faulty: bool) -> Option<usize> {
    let sign = |c: char| matches!(c, '+' | '-' | '~' | '?');
    // Doubled qualifiers are no second term.
    let signs = word.len() - word.trim_start_matches(sign).len();
    if word.len() > MAX_GLUED {
        return None;
    }
    let octets = word.as_bytes();
    let starts = |at: usize, start: &str| {
        octets.get(at..at + start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start.as_bytes()))
    };
    let signed = |at: usize| match at.checked_sub(1).and_then(|before| octets.get(before)) {
        Some(b'+' | b'-' | b'~' | b'?') => at - 1,
        _ => at,
    };
    let glued = (1..word.len()).find(|&at| STARTS.iter().any(|start| starts(at, start))).map(signed);
    // `-include:x` starts with its own qualifier.
    if let Some(at) = glued.filter(|at| *at > signs) {
        return Some(at);
    }
    let all = word.len().checked_sub(4).filter(|at| *at > signs && starts(at + 1, "all"))?;
    let is_signed = matches!(octets.get(all), Some(b'+' | b'-' | b'~' | b'?'));
    (is_signed && (faulty || word.contains([':', '=']))).then_some(all)
}

/// The term that starts a glued word, up to the next glued one, for the correction.
pub(super) fn first_of(word: &str) -> &str {
    let end = missing_space(word, true).unwrap_or(word.len());
    word.get(..end).unwrap_or(word)
}

/// The mechanism that somebody probably meant.
pub(super) fn mechanism_like(name: &str, value: &str) -> Option<&'static str> {
    let address = value.split('/').next().unwrap_or("");
    match name {
        "ip" | "ipv" | "ips" | "addr" if address.parse::<Ipv6Addr>().is_ok() => return Some("ip6"),
        "ip" | "ipv" | "ips" | "addr" if address.parse::<Ipv4Addr>().is_ok() => return Some("ip4"),
        "ipv4" | "ip-4" | "ip_4" | "ipv-4" | "4ip" | "ip4v" => return Some("ip4"),
        "ipv6" | "ip-6" | "ip_6" | "ipv-6" | "6ip" | "ip6v" => return Some("ip6"),
        _ => {}
    }
    MECHANISMS.into_iter().filter(|known| known.len() > 2).find(|known| is_close(name, known))
}

/// Whether two names differ by little: one edit, or two in a long name; swapped neighbours are one edit.
pub(super) fn is_close(name: &str, known: &str) -> bool {
    let allowed = if known.len() >= 6 { 2 } else { 1 };
    // `ip4` and `ip6`, `all` and `a` are one edit apart themselves: short names must keep their length or gain.
    name.len().abs_diff(known.len()) <= allowed
        && (known.len() > 3 || name.len() >= known.len())
        && edits(name.as_bytes(), known.as_bytes()) <= allowed
}

/// Optimal string alignment distance; both are short (the length was compared before).
fn edits(left: &[u8], right: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.iter().enumerate() {
        let mut current = vec![i + 1];
        for (j, r) in right.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
            let mut best =
                (at(&previous, j) + usize::from(l != r)).min(at(&previous, j + 1) + 1).min(at(&current, j) + 1);
            let swapped = i > 0 && j > 0 && left.get(i - 1) == Some(r) && right.get(j - 1) == Some(l);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut previous, current);
    }
    previous.last().copied().unwrap_or(0)
}

/// `ip4:` or `ip6:` before what is an address with or without prefix length.
pub(super) fn bare_address(text: &str) -> Option<String> {
    let (address, prefix) = text.split_once('/').unwrap_or((text, ""));
    let (family, bits) = if address.parse::<Ipv4Addr>().is_ok() {
        (Family::Ipv4, 32)
    } else if address.parse::<Ipv6Addr>().is_ok() {
        (Family::Ipv6, 128)
    } else {
        return None;
    };
    let sound = !text.contains('/') || prefix.parse::<u8>().is_ok_and(|p| p <= bits && p.to_string() == prefix);
    let name = if family == Family::Ipv4 { "ip4" } else { "ip6" };
    sound.then(|| format!("{name}:{text}"))
}

/// `a:` before a host name that stands where an address should.
pub(super) fn host_instead(address: &str, tail: &str) -> Option<String> {
    let name = macros::target_name(address).ok().filter(|name| name.is_host_name())?;
    (tail.is_empty() && check_end(name.as_str()).is_ok()).then(|| format!("a:{address}"))
}

/// The IPv4 address without the leading zeros of its numbers, read as decimal as their writer meant them.
pub(super) fn without_zeros(address: &str) -> Option<String> {
    let parts: Option<Vec<String>> = address
        .split('.')
        .map(|part| {
            part.parse::<u8>().ok().filter(|_| part.len() <= 3 && !part.starts_with('+')).map(|n| n.to_string())
        })
        .collect();
    let joined = parts?.join(".");
    (joined != address && joined.parse::<Ipv4Addr>().is_ok()).then_some(joined)
}

/// The ASCII that editors and chat programs turn into something prettier.
pub(super) fn ascii_for(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' | '\u{FF0D}' | '\u{00AD}' => "-",
        '\u{201C}'..='\u{201F}' | '\u{2018}'..='\u{201B}' | '\u{00AB}' | '\u{00BB}' => "",
        '\u{FF1A}' | '\u{A789}' => ":",
        '\u{FF1D}' => "=",
        '\u{2044}' | '\u{2215}' | '\u{FF0F}' => "/",
        '\u{FF0E}' | '\u{3002}' => ".",
        '\u{02DC}' | '\u{223C}' | '\u{FF5E}' => "~",
        _ => return None,
    })
}
