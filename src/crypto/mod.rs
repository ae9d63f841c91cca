//! Signatures and digests of DNSSEC (RFC 4034 appendix A) and of certificates (RFC 5280): the only room that names
//! RustCrypto's signatures and digests.

mod certificate;
mod digest;
mod key;
mod verify;

pub use certificate::{
    MAX_CERTIFICATE_RSA_BITS, MIN_CERTIFICATE_RSA_BITS, SignatureHash, SubjectKey, verify_by_subject,
};
pub use digest::{DigestType, nsec3_hash, sha1, sha256, sha384, sha512};
pub use key::{KeyError, PublicKey};
pub use verify::verify;
