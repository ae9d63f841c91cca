//! DNSSEC algorithms and digests, as of the IANA registries of 2026 (RFC 9904, RFC 9905, RFC 9906).

/// What validators do with an algorithm or digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// Every validator has it.
    Common,
    /// Some validators have it, this one does not: a zone that uses only this cannot be judged here.
    Rare,
    /// SHA-1: must not be used to sign any more, and many validators treat the zone as unsigned (RFC 9905).
    Sha1,
    /// Given up or never common: validators treat the zone as unsigned.
    Unsupported,
}

/// Number, name and support of each DNSSEC algorithm.
const ALGORITHMS: [(u8, &str, Support); 13] = [
    (1, "RSAMD5", Support::Unsupported),
    (3, "DSA", Support::Unsupported),
    (5, "RSASHA1", Support::Sha1),
    (6, "DSA-NSEC3-SHA1", Support::Unsupported),
    (7, "RSASHA1-NSEC3-SHA1", Support::Sha1),
    (8, "RSASHA256", Support::Common),
    (10, "RSASHA512", Support::Common),
    (12, "ECC-GOST", Support::Unsupported),
    (13, "ECDSAP256SHA256", Support::Common),
    (14, "ECDSAP384SHA384", Support::Common),
    (15, "ED25519", Support::Common),
    (16, "ED448", Support::Rare),
    (17, "SM2SM3", Support::Unsupported),
];

/// What validators do with signatures of an algorithm.
pub fn algorithm_support(number: u8) -> Support {
    ALGORITHMS.iter().find(|(known, ..)| *known == number).map_or(Support::Unsupported, |(.., support)| *support)
}

/// The algorithm's mnemonic, or its number where it has none here.
pub fn algorithm_name(number: u8) -> String {
    match ALGORITHMS.iter().find(|(known, ..)| *known == number) {
        Some((_, name, _)) => format!("{name} ({number})"),
        None => tr!("algorithm {number}", number),
    }
}

/// What validators do with a DS digest: 1 SHA-1, 2 SHA-256, 4 SHA-384.
pub fn digest_support(number: u8) -> Support {
    match number {
        2 | 4 => Support::Common,
        1 => Support::Sha1,
        _ => Support::Unsupported,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_answers() {
        assert_eq!(algorithm_support(13), Support::Common);
        assert_eq!(algorithm_support(7), Support::Sha1);
        assert_eq!(algorithm_support(16), Support::Rare);
        assert_eq!(algorithm_support(12), Support::Unsupported);
        assert_eq!(algorithm_support(200), Support::Unsupported);
        assert_eq!(algorithm_name(8), "RSASHA256 (8)");
        assert_eq!(
            (digest_support(1), digest_support(2), digest_support(3)),
            (Support::Sha1, Support::Common, Support::Unsupported)
        );
    }
}
