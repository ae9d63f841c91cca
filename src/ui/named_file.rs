//! A file that only a worker opens: a logo or a certificate.

use std::rc::Rc;

/// A file with a name.
#[derive(Clone, Debug)]
pub struct NamedFile {
    /// What it is called.
    pub name: String,
    /// What is in it.
    pub bytes: Rc<[u8]>,
}

impl PartialEq for NamedFile {
    /// Whether both are the same file; megabytes are not compared.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && Rc::ptr_eq(&self.bytes, &other.bytes)
    }
}
