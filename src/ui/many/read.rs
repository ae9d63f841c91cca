//! A list handed over: the reader reads it, so that no list freezes the page.

use std::rc::Rc;

use crate::name::DomainName;
use crate::web::{List, reader};

use super::state::{Known, MAX_DOMAINS, Row};

/// Largest list, in octets.
pub const MAX_LIST: usize = 10 * 1024 * 1024;

/// What a list brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Brought {
    /// Rows to add.
    pub rows: Vec<Row>,
    /// What is said about it, in sentences.
    pub said: String,
    /// Lines that hold no domain: where, what, why.
    pub refused: Vec<String>,
}

/// Reads a list; `known` are the domains that are there already. An empty column is none.
pub async fn read(octets: &[u8], column: &str, known: Vec<DomainName>) -> Result<Brought, String> {
    if octets.len() > MAX_LIST {
        return Err(tr!(
            "The list is larger than {} MB. The command line takes lists of any length: mxray check --list FILE.",
            MAX_LIST / (1024 * 1024)
        ));
    }
    let List { domains, said, refused } = reader::read_list(octets, column, known, MAX_DOMAINS).await?;
    let row = |(domain, international): (DomainName, Option<String>)| Row {
        domain,
        international: international.map(Rc::from),
        result: Known::Waiting,
    };
    Ok(Brought { rows: domains.into_iter().map(row).collect(), said, refused })
}
