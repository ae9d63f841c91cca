//! The encodings in which mail carries octets, RFC 2045 §6.7 and §6.8.

/// Octets from base64; white space is passed over, and what follows the padding.
pub fn base64(text: &[u8]) -> Result<Vec<u8>, &'static str> {
    let mut octets = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ if byte.is_ascii_whitespace() => continue,
            _ => return Err("its base64 holds a character that base64 does not have"),
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            octets.extend((bits >> count).to_le_bytes().first());
        }
    }
    if count == 6 { Err("its base64 is cut off") } else { Ok(octets) }
}

/// Octets from quoted-printable; what is no escape stands for itself.
pub fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'=' {
            octets.push(*byte);
            continue;
        }
        // A soft line break, white space before it included.
        let blank = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let line_end = after.get(blank..).unwrap_or_default();
        if let Some(next) = line_end.strip_prefix(b"\r\n").or_else(|| line_end.strip_prefix(b"\n")) {
            rest = next;
            continue;
        }
        let digit = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (digit(0), digit(1)) {
            (Some(high), Some(low)) => {
                octets.extend((high << 4 | low).to_le_bytes().first());
                rest = after.get(2..).unwrap_or_default();
            }
            _ => octets.push(b'='),
        }
    }
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_mail_has_it() {
        assert_eq!(base64(b"eyJh\r\nIjoxfQ==\r\n"), Ok(b"{\"a\":1}".to_vec()));
        assert_eq!(base64(b"_-8"), base64(b"/+8="));
        assert_eq!(base64(b""), Ok(Vec::new()));
        assert!(base64(b"eyJ*").is_err());
        assert!(base64(b"e").is_err());
    }

    #[test]
    fn quoted_printable_as_mail_has_it() {
        assert_eq!(quoted_printable(b"{=22a=22: =\r\n1=3D}= \n!"), b"{\"a\": 1=}!");
        assert_eq!(quoted_printable(b"a=zz=4="), b"a=zz=4=");
    }
}
