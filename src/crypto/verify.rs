//! Verified once, known from then on: a check is assessed anew with every answer that comes, and signatures cost most of it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::key::{KeyError, PublicKey};
use super::sha256;

/// Most outcomes that are kept, of some 80 octets each; a whole check has about fifty.
const MAX_KEPT: usize = 4096;

thread_local! {
    static KEPT: RefCell<BTreeMap<Vec<u8>, Result<bool, KeyError>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Whether `signature`, as it stands in an RRSIG record, is over `data` and by the key of a DNSKEY record. Pure: the outcome
/// is kept under a digest of everything that it follows from.
pub fn verify(algorithm: u8, public_key: &[u8], data: &[u8], signature: &[u8]) -> Result<bool, KeyError> {
    kept(&[&[algorithm], public_key, data, signature], || {
        PublicKey::read(algorithm, public_key).map(|key| key.verifies(data, signature))
    })
}

/// What verifying came to the first time. `parts` are everything that the outcome follows from; the first tells the kinds of
/// signature apart.
pub(super) fn kept(parts: &[&[u8]], verify: impl FnOnce() -> Result<bool, KeyError>) -> Result<bool, KeyError> {
    let mut all = Vec::new();
    for part in parts {
        all.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        all.extend_from_slice(part);
    }
    let name = sha256(&all);
    if let Some(known) = KEPT.with_borrow(|kept| kept.get(&name).cloned()) {
        return known;
    }
    let outcome = verify();
    KEPT.with_borrow_mut(|kept| {
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        kept.insert(name, outcome.clone());
    });
    outcome
}
