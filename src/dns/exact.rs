//! Records octet by octet, as signatures need them: canonical RDATA (RFC 4034 §6.2) beside the decoded form.

use domain::base::name::ParsedName;
use domain::dep::octseq::Parser;

use super::message::{self, MessageError};
use super::{RecordData, RecordType};
use crate::name::DomainName;

/// One record of a message with its canonical RDATA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExactRecord {
    /// Owner name, lower-case.
    pub owner: DomainName,
    /// Type.
    pub record_type: RecordType,
    /// The decoded RDATA.
    pub data: RecordData,
    /// The RDATA as it was signed: names uncompressed and, where RFC 4034 §6.2 as amended by RFC 6840 §5.1 says so,
    /// lower-case.
    pub rdata: Vec<u8>,
}

/// The answer and authority sections of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExactMessage {
    /// Answer section.
    pub answers: Vec<ExactRecord>,
    /// Authority section.
    pub authority: Vec<ExactRecord>,
}

/// Reads the sections of a response. Records of other classes, and those whose RDATA has a name that cannot be read, are
/// left out: no signature could fit them.
pub fn read(octets: &[u8]) -> Result<ExactMessage, MessageError> {
    let [answers, authority] = message::sections(octets)?;
    let exact = |raw: message::RawRecord| {
        let rdata = canonical(raw.record_type, octets, raw.rdata.clone())?;
        let data = super::rdata::decode_in_message(raw.record_type, octets, raw.rdata)
            .unwrap_or_else(|_| RecordData::Other(rdata.clone()));
        Some(ExactRecord { owner: raw.owner, record_type: raw.record_type, data, rdata })
    };
    Ok(ExactMessage {
        answers: answers.into_iter().filter_map(exact).collect(),
        authority: authority.into_iter().filter_map(exact).collect(),
    })
}

/// A field of RDATA, as far as canonical form cares.
#[derive(Clone, Copy)]
enum Field {
    /// So many octets.
    Octets(usize),
    /// A character-string, RFC 1035 §3.3.
    Text,
    /// A name, which is lower-cased.
    Name,
}

/// The types whose RDATA holds names that are lower-cased, RFC 4034 §6.2 item 3 without NSEC (RFC 6840 §5.1), with the
/// fields up to the last name. SIG, NXT and A6 are given up and stay as they are.
const WITH_NAMES: [(u16, &[Field]); 17] = [
    (2, &[Field::Name]),                                                           // NS
    (3, &[Field::Name]),                                                           // MD
    (4, &[Field::Name]),                                                           // MF
    (5, &[Field::Name]),                                                           // CNAME
    (6, &[Field::Name, Field::Name]),                                              // SOA
    (7, &[Field::Name]),                                                           // MB
    (8, &[Field::Name]),                                                           // MG
    (9, &[Field::Name]),                                                           // MR
    (12, &[Field::Name]),                                                          // PTR
    (14, &[Field::Name, Field::Name]),                                             // MINFO
    (15, &[Field::Octets(2), Field::Name]),                                        // MX
    (17, &[Field::Name, Field::Name]),                                             // RP
    (18, &[Field::Octets(2), Field::Name]),                                        // AFSDB
    (21, &[Field::Octets(2), Field::Name]),                                        // RT
    (33, &[Field::Octets(6), Field::Name]),                                        // SRV
    (35, &[Field::Octets(4), Field::Text, Field::Text, Field::Text, Field::Name]), // NAPTR
    (39, &[Field::Name]),                                                          // DNAME
];
/// KX and PX, which mail knows, beside them: RFC 2230, RFC 2163.
const RARE_WITH_NAMES: [(u16, &[Field]); 2] =
    [(36, &[Field::Octets(2), Field::Name]), (26, &[Field::Octets(2), Field::Name, Field::Name])];

/// The canonical RDATA of the record at `range` of a message.
fn canonical(record_type: RecordType, message: &[u8], range: std::ops::Range<usize>) -> Option<Vec<u8>> {
    let raw = message.get(range.clone())?;
    let layout = WITH_NAMES.iter().chain(&RARE_WITH_NAMES).find(|(number, _)| *number == record_type.0);
    let Some((_, fields)) = layout else { return Some(raw.to_vec()) };
    let mut parser = Parser::from_ref(message);
    parser.seek(range.start).ok()?;
    let mut rdata = Vec::with_capacity(raw.len());
    for field in *fields {
        match field {
            Field::Octets(count) => {
                rdata.extend(parser.peek(*count).ok()?);
                parser.advance(*count).ok()?;
            }
            Field::Text => {
                let count = usize::from(*parser.peek(1).ok()?.first()?) + 1;
                rdata.extend(parser.peek(count).ok()?);
                parser.advance(count).ok()?;
            }
            Field::Name => {
                let name = ParsedName::parse_ref(&mut parser).ok()?;
                for label in name.iter() {
                    let label = label.as_slice();
                    rdata.push(u8::try_from(label.len()).ok()?);
                    rdata.extend(label.iter().map(u8::to_ascii_lowercase));
                }
            }
        }
    }
    rdata.extend(message.get(parser.pos()..range.end)?);
    Some(rdata)
}

/// The labels of a name in canonical form, left-most first.
pub fn wire_labels(name: &DomainName) -> Vec<Vec<u8>> {
    let wire = wire_name(name);
    let mut labels = Vec::new();
    let mut rest = wire.as_slice();
    while let Some((length, after)) = rest.split_first() {
        let Some((label, after)) = after.split_at_checked(usize::from(*length)) else { break };
        if label.is_empty() {
            break;
        }
        labels.push(label.to_vec());
        rest = after;
    }
    labels
}

/// A name in canonical wire form, RFC 4034 §6.2.
pub fn wire_name(name: &DomainName) -> Vec<u8> {
    let mut wire = Vec::with_capacity(name.as_str().len() + 2);
    super::rdata::name_to_octets(name, &mut wire);
    wire
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelt_out_and_lower_cased() {
        // MX 10 behind a name, its exchange a pointer to that name.
        let message = b"\x07ExAmple\x00\x00\x0a\xc0\x00";
        let rdata = canonical(RecordType::MX, message, 9..13).expect("a name");
        assert_eq!(rdata, b"\x00\x0a\x07example\x00");
        // NSEC keeps its case.
        let raw = b"\x01A\x00\x00\x01\x40";
        assert_eq!(canonical(RecordType::NSEC, raw, 0..6).expect("octets"), raw);
    }

    #[test]
    fn labels_have_no_root() {
        let name = DomainName::parse("a.b\\.c.d").expect("a name");
        assert_eq!(wire_labels(&name), [b"a".to_vec(), b"b.c".to_vec(), b"d".to_vec()]);
        assert!(wire_labels(&DomainName::root()).is_empty());
    }
}
