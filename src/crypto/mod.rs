//! Signatures and digests of DNSSEC, RFC 4034 appendix A: the only room that names RustCrypto's signatures and digests.

mod digest;
mod key;
mod verify;

pub use digest::{DigestType, nsec3_hash, sha256, sha512};
pub use key::{KeyError, PublicKey};
pub use verify::verify;
