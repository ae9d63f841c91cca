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
    let length = |part: &[u8]| u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes();
    let (of_key, of_data) = (length(public_key), length(data));
    let name = sha256(&[&[algorithm], &of_key[..], public_key, &of_data, data, signature].concat());
    if let Some(known) = KEPT.with_borrow(|kept| kept.get(&name).cloned()) {
        return known;
    }
    let outcome = PublicKey::read(algorithm, public_key).map(|key| key.verifies(data, signature));
    KEPT.with_borrow_mut(|kept| {
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        kept.insert(name, outcome.clone());
    });
    outcome
}
