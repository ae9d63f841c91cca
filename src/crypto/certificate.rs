//! Signatures of certificates (RFC 4055 §5, RFC 5758 §3.2) and of Certificate Transparency logs (RFC 6962 §2.1.4).

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::{BoxedUint, PublicKey as RsaPublicKey, pkcs1v15};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::key::KeyError;
use super::verify::kept;

/// Shortest RSA modulus of a certificate that is relied on, in bits: MCR §6.1.5.
pub const MIN_CERTIFICATE_RSA_BITS: u32 = 2048;
/// Longest RSA modulus that is computed with, in bits: the roots for Mark Certificates have 4096.
pub const MAX_CERTIFICATE_RSA_BITS: u32 = 4096;
/// Longest RSA exponent, in octets: 65537 has three, and a long one costs time.
const MAX_EXPONENT: usize = 8;

/// The digest that a signature is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureHash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// The public key of a certificate or log, taken out of its SubjectPublicKeyInfo; its kind decides the kind of signature.
#[derive(Clone, Copy, Debug)]
pub enum SubjectKey<'k> {
    /// RSA, signing with PKCS #1 v1.5 (RFC 8017 §8.2): big-endian modulus and exponent.
    Rsa { modulus: &'k [u8], exponent: &'k [u8] },
    /// A point of P-256 as SEC 1 writes it.
    P256(&'k [u8]),
    /// A point of P-384 as SEC 1 writes it.
    P384(&'k [u8]),
}

/// Whether `signature` is over `data` and by this key. Pure: the outcome is kept under a digest of everything that it follows
/// from.
pub fn verify_by_subject(
    key: SubjectKey<'_>,
    hash: SignatureHash,
    data: &[u8],
    signature: &[u8],
) -> Result<bool, KeyError> {
    let hash_octet = match hash {
        SignatureHash::Sha256 => [1],
        SignatureHash::Sha384 => [2],
        SignatureHash::Sha512 => [3],
    };
    let (kind, first, second): (&[u8], &[u8], &[u8]) = match key {
        SubjectKey::Rsa { modulus, exponent } => (b"certificate rsa", modulus, exponent),
        SubjectKey::P256(point) => (b"certificate p256", point, &[]),
        SubjectKey::P384(point) => (b"certificate p384", point, &[]),
    };
    kept(&[kind, &hash_octet, first, second, data, signature], || match key {
        SubjectKey::Rsa { modulus, exponent } => rsa(modulus, exponent).map(|key| by_rsa(key, hash, data, signature)),
        SubjectKey::P256(point) => p256::ecdsa::VerifyingKey::from_sec1_bytes(point)
            .map(|key| {
                p256::ecdsa::Signature::from_der(signature)
                    .is_ok_and(|signature| key.verify_prehash(&digest(hash, data), &signature).is_ok())
            })
            .map_err(|_| KeyError::Malformed),
        SubjectKey::P384(point) => p384::ecdsa::VerifyingKey::from_sec1_bytes(point)
            .map(|key| {
                p384::ecdsa::Signature::from_der(signature)
                    .is_ok_and(|signature| key.verify_prehash(&digest(hash, data), &signature).is_ok())
            })
            .map_err(|_| KeyError::Malformed),
    })
}

/// The digest of the data.
fn digest(hash: SignatureHash, data: &[u8]) -> Vec<u8> {
    match hash {
        SignatureHash::Sha256 => Sha256::digest(data).to_vec(),
        SignatureHash::Sha384 => Sha384::digest(data).to_vec(),
        SignatureHash::Sha512 => Sha512::digest(data).to_vec(),
    }
}

/// RSASSA-PKCS1-v1_5, RFC 8017 §8.2.2.
fn by_rsa(key: RsaPublicKey, hash: SignatureHash, data: &[u8], signature: &[u8]) -> bool {
    let Ok(signature) = pkcs1v15::Signature::try_from(signature) else { return false };
    let digest = digest(hash, data);
    match hash {
        SignatureHash::Sha256 => pkcs1v15::VerifyingKey::<Sha256>::new(key).verify_prehash(&digest, &signature).is_ok(),
        SignatureHash::Sha384 => pkcs1v15::VerifyingKey::<Sha384>::new(key).verify_prehash(&digest, &signature).is_ok(),
        SignatureHash::Sha512 => pkcs1v15::VerifyingKey::<Sha512>::new(key).verify_prehash(&digest, &signature).is_ok(),
    }
}

/// An RSA key within the limits.
fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<RsaPublicKey, KeyError> {
    let bits = modulus_bits(modulus);
    if !(MIN_CERTIFICATE_RSA_BITS..=MAX_CERTIFICATE_RSA_BITS).contains(&bits) {
        return Err(KeyError::RsaBits { bits });
    }
    if exponent.is_empty() || exponent.len() > MAX_EXPONENT {
        return Err(KeyError::Malformed);
    }
    let (modulus, exponent) = (BoxedUint::from_be_slice_vartime(modulus), BoxedUint::from_be_slice_vartime(exponent));
    RsaPublicKey::new_with_size_limits(modulus, exponent, 2048..=4096).map_err(|_| KeyError::Malformed)
}

/// Bits of a modulus without leading zeros.
fn modulus_bits(modulus: &[u8]) -> u32 {
    let significant = modulus.iter().skip_while(|octet| **octet == 0);
    let length = u32::try_from(significant.clone().count()).unwrap_or(u32::MAX);
    let unused = significant.clone().next().map_or(0, |octet| octet.leading_zeros());
    length.saturating_mul(8).saturating_sub(unused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_moduli_are_told_not_tried() {
        for (octets, bits) in [(128, 1024), (255, 2040), (513, 4104)] {
            let modulus = vec![0xFF; octets];
            let key = SubjectKey::Rsa { modulus: &modulus, exponent: &[1, 0, 1] };
            assert_eq!(verify_by_subject(key, SignatureHash::Sha256, b"", b""), Err(KeyError::RsaBits { bits }));
        }
    }

    #[test]
    fn a_point_off_the_curve_is_no_key() {
        let point = [4; 65];
        let outcome = verify_by_subject(SubjectKey::P256(&point), SignatureHash::Sha256, b"data", b"signature");
        assert_eq!(outcome, Err(KeyError::Malformed));
    }
}
