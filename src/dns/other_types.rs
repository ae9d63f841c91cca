//! Text of the types that nothing here looks into (SRV, NAPTR, SSHFP …): the reader of `domain` makes octets of them.

use domain::base::iana::Class;
use domain::base::name::Name;
use domain::base::rdata::ComposeRecordData;
use domain::zonefile::inplace::{Entry, Zonefile};

use super::presentation::{MAX_RDATA, PresentationError};
use super::token::Token;
use super::{RecordData, RecordType};
use crate::name::DomainName;

/// Octets of a record whose type has no variant in [`RecordData`].
pub(super) fn rdata_from_tokens(
    record_type: RecordType,
    tokens: &[Token<'_>],
    origin: Option<&DomainName>,
) -> Result<RecordData, PresentationError> {
    let unreadable = |why: String| PresentationError::Other {
        why: format!(r"data of type {record_type} that cannot be read ({why}); it can be given as \# length hex"),
    };
    let mut line = format!(". 0 IN {record_type}").into_bytes();
    for token in tokens {
        if !token.joined {
            line.push(b' ');
        }
        let quote: &[u8] = if token.quoted { b"\"" } else { b"" };
        line.extend_from_slice(quote);
        line.extend_from_slice(token.raw);
        line.extend_from_slice(quote);
    }
    line.push(b'\n');
    if line.len() > 4 * MAX_RDATA {
        return Err(PresentationError::TooLong { octets: line.len() });
    }
    let mut reader = Zonefile::from(line.as_slice());
    reader.set_default_class(Class::IN);
    if let Some(origin) = origin
        && let Ok(origin) = Name::bytes_from_str(&origin.absolute())
    {
        reader.set_origin(origin);
    }
    let record = match reader.next_entry() {
        Ok(Some(Entry::Record(record))) => record,
        Ok(_) => return Err(unreadable("no record".into())),
        Err(error) => return Err(unreadable(error.to_string())),
    };
    let mut octets = Vec::new();
    // Writing into a growing buffer cannot run out of space.
    let _ = record.data().compose_rdata(&mut octets);
    if octets.len() > MAX_RDATA {
        return Err(PresentationError::TooLong { octets: octets.len() });
    }
    Ok(RecordData::Other(octets))
}
