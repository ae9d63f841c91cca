//! Something that the user supplied, and what it was read as.

use std::rc::Rc;

use crate::intake::{IntakeError, Kind};
use crate::name::DomainName;
use crate::web::reader::{self, Reading};

use super::named_file::NamedFile;

/// Something supplied, and what it was read as.
#[derive(Clone, Debug, PartialEq)]
pub struct Supplied {
    /// Name of the file.
    pub name: String,
    /// What could be read.
    pub read: Result<Rc<Reading>, IntakeError>,
    bytes: Rc<[u8]>,
    read_for: Option<DomainName>,
}

impl Supplied {
    /// Reads a file or text in the reader; some kinds need the domain that they belong to.
    pub async fn read(name: String, bytes: Rc<[u8]>, domain: Option<&DomainName>) -> Self {
        let read = reader::read(&name, &bytes, domain).await.map(Rc::new);
        Self { name, read, bytes, read_for: domain.cloned() }
    }

    /// A file that could not even be opened.
    pub fn refused(name: String, reason: String) -> Self {
        let error = IntakeError { file: name.clone(), line: None, reason };
        Self { name, read: Err(error), bytes: Rc::default(), read_for: None }
    }

    /// The file itself.
    pub fn file(&self) -> NamedFile {
        NamedFile { name: self.name.clone(), bytes: Rc::clone(&self.bytes) }
    }

    /// Whether it has to be read again because it was read for another domain, or for none.
    pub fn is_stale(&self, domain: &DomainName) -> bool {
        let depends = match &self.read {
            Ok(reading) => matches!(reading.kind, Kind::Zone | Kind::Policy | Kind::HttpResponse),
            Err(_) => !self.bytes.is_empty(),
        };
        depends && self.read_for.as_ref() != Some(domain)
    }

    /// The same, read for `domain`.
    pub async fn read_for(self, domain: &DomainName) -> Self {
        if self.is_stale(domain) { Self::read(self.name, self.bytes, Some(domain)).await } else { self }
    }
}
