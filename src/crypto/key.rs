//! Public keys of DNSKEY records, and what they sign.

use ed25519_dalek::VerifyingKey;
use p256::ecdsa::signature::Verifier;
use rsa::pkcs1v15;
use rsa::{BoxedUint, PublicKey as RsaPublicKey};
use sha2::{Sha256, Sha512};

/// Shortest RSA modulus that is relied on, in bits: RFC 5702 §2 allows from 512, and RFC 9904 leaves those below 1024 to history.
const MIN_RSA_BITS: u32 = 1024;
/// Longest RSA modulus, RFC 5702 §2.
const MAX_RSA_BITS: u32 = 4096;
/// Longest RSA exponent, in octets: 65537 has three, and a long one costs time (RFC 3110 §2 sets no limit that helps).
const MAX_EXPONENT: usize = 8;
/// Octets of the coordinates of a point, RFC 6605 §4.
const P256_POINT: usize = 64;
const P384_POINT: usize = 96;

/// Why the public key of a DNSKEY record cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// The algorithm is none that is verified here; validators treat a zone with nothing else as unsigned (RFC 4035 §5.2).
    Unsupported { algorithm: u8 },
    /// The octets are no key of the algorithm.
    Malformed,
    /// The RSA modulus is too short or too long.
    RsaBits { bits: u32 },
}

/// A public key that signatures are verified with.
#[derive(Clone, Debug)]
pub enum PublicKey {
    /// Algorithm 8, RFC 5702.
    RsaSha256(pkcs1v15::VerifyingKey<Sha256>),
    /// Algorithm 10, RFC 5702.
    RsaSha512(pkcs1v15::VerifyingKey<Sha512>),
    /// Algorithm 13, RFC 6605.
    EcdsaP256(p256::ecdsa::VerifyingKey),
    /// Algorithm 14, RFC 6605.
    EcdsaP384(p384::ecdsa::VerifyingKey),
    /// Algorithm 15, RFC 8080.
    Ed25519(VerifyingKey),
}

impl PublicKey {
    /// Whether signatures of an algorithm are verified here.
    pub fn supports(algorithm: u8) -> bool {
        matches!(algorithm, 8 | 10 | 13 | 14 | 15)
    }

    /// Reads the public-key field of a DNSKEY record.
    pub fn read(algorithm: u8, octets: &[u8]) -> Result<Self, KeyError> {
        let malformed = |_| KeyError::Malformed;
        match algorithm {
            8 => rsa(octets).map(|key| Self::RsaSha256(pkcs1v15::VerifyingKey::new(key))),
            10 => rsa(octets).map(|key| Self::RsaSha512(pkcs1v15::VerifyingKey::new(key))),
            13 if octets.len() == P256_POINT => p256::ecdsa::VerifyingKey::from_sec1_bytes(&uncompressed(octets))
                .map(Self::EcdsaP256)
                .map_err(malformed),
            14 if octets.len() == P384_POINT => p384::ecdsa::VerifyingKey::from_sec1_bytes(&uncompressed(octets))
                .map(Self::EcdsaP384)
                .map_err(malformed),
            15 => {
                let octets = octets.try_into().map_err(|_| KeyError::Malformed)?;
                VerifyingKey::from_bytes(octets).map(Self::Ed25519).map_err(|_| KeyError::Malformed)
            }
            13 | 14 => Err(KeyError::Malformed),
            algorithm => Err(KeyError::Unsupported { algorithm }),
        }
    }

    /// Whether `signature`, as it stands in an RRSIG record, is this key's over `data`.
    pub(super) fn verifies(&self, data: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::RsaSha256(key) => {
                pkcs1v15::Signature::try_from(signature).is_ok_and(|signature| key.verify(data, &signature).is_ok())
            }
            Self::RsaSha512(key) => {
                pkcs1v15::Signature::try_from(signature).is_ok_and(|signature| key.verify(data, &signature).is_ok())
            }
            Self::EcdsaP256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(data, &signature).is_ok()),
            Self::EcdsaP384(key) => p384::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(data, &signature).is_ok()),
            Self::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(data, &signature).is_ok()),
        }
    }
}

/// A point as SEC 1 writes it: the octet 4 and both coordinates.
fn uncompressed(coordinates: &[u8]) -> Vec<u8> {
    let mut point = vec![4];
    point.extend(coordinates);
    point
}

/// An RSA key, RFC 3110 §2: length of the exponent in one octet, or in two behind a zero; exponent; modulus.
fn rsa(octets: &[u8]) -> Result<RsaPublicKey, KeyError> {
    let (length, rest) = match octets {
        [0, high, low, rest @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), rest),
        [length, rest @ ..] => (usize::from(*length), rest),
        [] => return Err(KeyError::Malformed),
    };
    let (exponent, modulus) = rest.split_at_checked(length).ok_or(KeyError::Malformed)?;
    let first = modulus.iter().position(|octet| *octet != 0).ok_or(KeyError::Malformed)?;
    let modulus = modulus.get(first..).unwrap_or_default();
    let bits = u32::try_from(modulus.len())
        .unwrap_or(u32::MAX)
        .saturating_mul(8)
        .saturating_sub(modulus.first().map_or(0, |octet| octet.leading_zeros()));
    if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
        return Err(KeyError::RsaBits { bits });
    }
    if exponent.is_empty() || exponent.len() > MAX_EXPONENT {
        return Err(KeyError::Malformed);
    }
    let (modulus, exponent) = (BoxedUint::from_be_slice_vartime(modulus), BoxedUint::from_be_slice_vartime(exponent));
    RsaPublicKey::new_with_size_limits(modulus, exponent, 1024..=4096).map_err(|_| KeyError::Malformed)
}
