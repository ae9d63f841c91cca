//! Something that the user supplied, and what it was read as.

use std::rc::Rc;

use crate::intake::{self, Intake, IntakeError};
use crate::name::DomainName;

/// Something supplied, and what it was read as.
#[derive(Clone, Debug, PartialEq)]
pub struct Supplied {
    /// Name of the file.
    pub name: String,
    /// What could be read.
    pub read: Result<Rc<Intake>, IntakeError>,
    bytes: Rc<[u8]>,
    read_for: Option<DomainName>,
}

impl Supplied {
    /// Reads a file or text; some kinds need the domain that they belong to.
    pub fn new(name: String, bytes: Vec<u8>, domain: Option<&DomainName>) -> Self {
        let read = intake::read(&name, &bytes, domain).map(Rc::new);
        Self { name, read, bytes: bytes.into(), read_for: domain.cloned() }
    }

    /// A file that could not even be opened.
    pub fn refused(name: String, reason: String) -> Self {
        let error = IntakeError { file: name.clone(), line: None, reason };
        Self { name, read: Err(error), bytes: Rc::default(), read_for: None }
    }

    /// Reads it again where it was read for another domain, or for none.
    pub fn read_for(&mut self, domain: &DomainName) {
        if self.read_for.as_ref() != Some(domain) && !self.bytes.is_empty() {
            self.read = intake::read(&self.name, &self.bytes, Some(domain)).map(Rc::new);
            self.read_for = Some(domain.clone());
        }
    }
}
