//! The language that the page and its workers speak.

use std::sync::Arc;

use crate::say::{self, Catalog};

use super::{engine, task_worker};

/// Has everybody speak the language of a catalog, `.mo`, from now on; `None` is English, and so is what is no
/// catalog.
pub fn speak(octets: Option<&[u8]>) {
    say::speak(octets.and_then(|octets| Catalog::read(octets.to_vec())).map(Arc::new));
    engine::speak(octets);
    task_worker::speak(octets);
}
