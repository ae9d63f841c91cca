//! What tells a DNSKEY from others: its tag (RFC 4034 Appendix B) and whether it may sign.

/// Zone key, RFC 4034 §2.1.1, and revoked, RFC 5011 §2.1.
const ZONE_KEY: u16 = 0x0100;
const REVOKED: u16 = 0x0080;

/// The tag of a key: a checksum, and not unique.
pub fn key_tag(flags: u16, protocol: u8, algorithm: u8, public_key: &[u8]) -> u16 {
    if algorithm == 1 {
        // Appendix B.1: for RSA/MD5, the middle of the last three octets of the modulus.
        return match public_key {
            [.., high, low, _] => u16::from_be_bytes([*high, *low]),
            _ => 0,
        };
    }
    let [flags_high, flags_low] = flags.to_be_bytes();
    let octets = [flags_high, flags_low, protocol, algorithm].into_iter().chain(public_key.iter().copied());
    let mut sum: u32 = 0; // At most 65,539 octets of at most 0xFF00 each: fits.
    for (index, octet) in octets.enumerate() {
        sum = sum.wrapping_add(if index % 2 == 0 { u32::from(octet) << 8 } else { u32::from(octet) });
    }
    let folded = (sum + (sum >> 16)) & 0xFFFF;
    u16::try_from(folded).unwrap_or(u16::MAX)
}

/// Whether a key may sign a zone: zone key, not revoked, protocol 3.
pub fn may_sign(flags: u16, protocol: u8) -> bool {
    flags & ZONE_KEY != 0 && !is_revoked(flags) && protocol == 3
}

/// Whether a key is revoked.
pub fn is_revoked(flags: u16) -> bool {
    flags & REVOKED != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The root's key-signing key of 2017, without flags, protocol and algorithm.
    const ROOT_2017: &[&str] = &[
        "03010001acffb409bcc939f831f7a1e5ec88f7a59255ec53040be432027390a4ce896d6f9086f3c5e177fbfe118163aa",
        "ec7af1462c47945944c4e2c026be5e98bbcded25978272e1e3e079c5094d573f0e83c92f02b32d3513b1550b826929c8",
        "0dd0f92cac966d17769fd5867b647c3f38029abdc48152eb8f207159ecc5d232c7c1537c79f4b7ac28ff11682f21681b",
        "f6d6aba555032bf6f9f036beb2aaa5b3778d6eebfba6bf9ea191be4ab0caea759e2f773a1f9029c73ecb8d5735b9321d",
        "b085f1b8e2d8038fe2941992548cee0d67dd4547e11dd63af9c9fc1c5466fb684cf009d7197c2cf79e792ab501e6a8a1",
        "ca519af2cb9b5f6367e94c0d47502451357be1b5",
    ];

    #[test]
    fn the_root_keys_have_the_published_tags() {
        let hex = ROOT_2017.concat();
        let key: Vec<u8> =
            (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap()).collect();
        assert_eq!(key_tag(257, 3, 8, &key), 20326);
        assert_eq!(key_tag(257 | 0x80, 3, 8, &key), 20454, "revoked");
    }

    #[test]
    fn any_key_has_a_tag() {
        assert_eq!(key_tag(0, 0, 1, &[]), 0);
        assert_eq!(key_tag(0, 0, 1, &[9, 1, 2, 3]), 0x0102);
        key_tag(0xFFFF, 0xFF, 0xFF, &[0xFF; 65_535]);
    }
}
