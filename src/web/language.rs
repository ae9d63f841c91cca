//! The language that the page and its workers speak.

use std::sync::Arc;

use crate::say::{self, Catalog};

use super::{engine, task_worker};

/// Has everybody speak the language of a catalog, `.mo`, from now on; `None` is English. False where it is no catalog: then
/// everybody speaks English.
pub fn speak(octets: Option<&[u8]>) -> bool {
    let catalog = octets.and_then(|octets| Catalog::read(octets.to_vec()));
    let octets = octets.filter(|_| catalog.is_some());
    let understood = catalog.is_some();
    say::speak(catalog.map(Arc::new));
    engine::speak(octets);
    task_worker::speak(octets);
    understood
}
