//! Digests: of DS records (RFC 4509, RFC 6605 §2), NSEC3 owners (RFC 5155 §5), TLSA data (RFC 6698 §2.1.3) and logotypes
//! (RFC 9399 §4.1).

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// A digest of DS records that is relied on. Digest 1 is SHA-1, which RFC 9905 §2 rules out; 3, 5 and 6 are given up or rare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestType {
    /// Type 2, RFC 4509.
    Sha256,
    /// Type 4, RFC 6605 §2.
    Sha384,
}

impl DigestType {
    /// The digest with this number; `None` where it is not relied on.
    pub fn of(number: u8) -> Option<Self> {
        match number {
            2 => Some(Self::Sha256),
            4 => Some(Self::Sha384),
            _ => None,
        }
    }

    /// The digest of the parts joined.
    pub fn of_parts(self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Sha256 => joined::<Sha256>(parts),
            Self::Sha384 => joined::<Sha384>(parts),
        }
    }
}

fn joined<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut hasher = D::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().to_vec()
}

/// SHA-1: only logotypes still have it, in a certificate that is signed with more.
pub fn sha1(octets: &[u8]) -> Vec<u8> {
    joined::<Sha1>(&[octets])
}

/// SHA-384.
pub fn sha384(octets: &[u8]) -> Vec<u8> {
    joined::<Sha384>(&[octets])
}

/// SHA-256.
pub fn sha256(octets: &[u8]) -> Vec<u8> {
    joined::<Sha256>(&[octets])
}

/// SHA-512.
pub fn sha512(octets: &[u8]) -> Vec<u8> {
    joined::<Sha512>(&[octets])
}

/// The hash of an owner name in lower-case wire form, RFC 5155 §5: SHA-1 once, and `iterations` times more. The caller
/// bounds `iterations`.
pub fn nsec3_hash(name: &[u8], salt: &[u8], iterations: u16) -> Vec<u8> {
    let mut hash = joined::<Sha1>(&[name, salt]);
    for _ in 0..iterations {
        hash = joined::<Sha1>(&[&hash, salt]);
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_rfc_5155_appendix_a() {
        let salt = [0xaa, 0xbb, 0xcc, 0xdd];
        let hash = nsec3_hash(b"\x07example\x00", &salt, 12);
        assert_eq!(domain::utils::base32::encode_string_hex(&hash).to_lowercase(), "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom");
    }

    #[test]
    fn only_strong_digests_are_relied_on() {
        let relied_on: Vec<u8> = (0..=255).filter(|number| DigestType::of(*number).is_some()).collect();
        assert_eq!(relied_on, [2, 4]);
    }
}
