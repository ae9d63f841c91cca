//! DNS messages: queries as they leave, responses as they come (RFC 1035 §4, RFC 6891, RFC 8484).

use std::fmt;

use domain::base::Message as WireMessage;
use domain::base::header::Header;
use domain::base::iana::Opcode;
use domain::dep::octseq::Parser;

use super::rdata::{self, RdataError};
use super::{ExtendedError, Message, Rcode, Record, RecordType};
use crate::name::DomainName;

/// Longest message: its length goes in two octets over TCP (RFC 1035 §4.2.2), and RFC 8484 §6 has no larger ones.
pub const MAX_MESSAGE: usize = 65_535;
/// Most records of one section. Real answers have some hundred; a full 64 KB message of nothing but addresses has 4,095.
pub const MAX_RECORDS: u16 = 4_096;
/// Most extended errors taken from one message; resolvers send one to four.
const MAX_EXTENDED_ERRORS: usize = 16;

/// UDP payload size announced, without effect over HTTPS: what DNS Flag Day 2020 settled on.
const UDP_SIZE: u16 = 1232;
/// Queries are padded to a multiple of this, RFC 8467 §4.1.
const PADDING_BLOCK: usize = 128;
/// EDNS option numbers, RFC 7830 and RFC 8914.
const OPTION_PADDING: u16 = 12;
const OPTION_EXTENDED_ERROR: u16 = 15;
const TYPE_OPT: u16 = 41;
const CLASS_IN: u16 = 1;

/// A part of a message, RFC 1035 §4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The records that answer the question.
    Answer,
    /// The records that point to an authority, and the proofs of denial.
    Authority,
    /// The rest, where EDNS stands.
    Additional,
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Answer => "answer",
            Self::Authority => "authority",
            Self::Additional => "additional",
        })
    }
}

/// Why octets are no response that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageError {
    /// Fewer octets than a header has.
    TooShort { octets: usize },
    /// More octets than a message can have.
    TooLong { octets: usize },
    /// The QR bit is not set: a query.
    NotAResponse,
    /// The OPCODE is not QUERY.
    NotAQuery { opcode: u8 },
    /// The TC bit is set: records are missing.
    Truncated,
    /// Not exactly one question; servers that refuse may leave it out, hence the response code.
    Questions { count: u16, rcode: Rcode },
    /// The question is cut or its name is malformed.
    BadQuestion,
    /// The question is of another class than IN.
    NotInternet { class: u16 },
    /// A section announces more records than are looked at.
    TooManyRecords { section: Section, count: u16, limit: u16 },
    /// A record is cut or its owner is malformed; `index` counts from 0.
    BadRecord { section: Section, index: u16 },
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { octets } => write!(f, "{octets} octets are less than a DNS header"),
            Self::TooLong { octets } => {
                write!(f, "{octets} octets are more than a DNS message can have ({MAX_MESSAGE})")
            }
            Self::NotAResponse => f.write_str("it is a query, not a response"),
            Self::NotAQuery { opcode } => write!(f, "it is a response to another operation (OPCODE {opcode})"),
            Self::Truncated => f.write_str("it is cut short (TC bit)"),
            Self::Questions { count, .. } => write!(f, "it repeats {count} questions instead of one"),
            Self::BadQuestion => f.write_str("its question is malformed"),
            Self::NotInternet { class } => write!(f, "its question is of class {class}, not IN"),
            Self::TooManyRecords { section, count, limit } => {
                write!(f, "its {section} section has {count} records; at most {limit} are read")
            }
            Self::BadRecord { section, index } => {
                write!(f, "record {} of its {section} section is malformed", u32::from(*index) + 1)
            }
        }
    }
}

/// A query for DNS over HTTPS: id 0 (RFC 8484 §4.1), RD and CD set, EDNS with DO, padded (RFC 8467).
pub fn encode_query(name: &DomainName, record_type: RecordType) -> Vec<u8> {
    let mut header = Header::new();
    header.set_rd(true);
    header.set_cd(true);
    let mut query = header.as_slice().to_vec();
    for count in [1_u16, 0, 0, 1] {
        query.extend(count.to_be_bytes());
    }
    rdata::name_to_octets(name, &mut query);
    query.extend(record_type.0.to_be_bytes());
    query.extend(CLASS_IN.to_be_bytes());

    // OPT, RFC 6891 §6.1.2: root, type, size as class, extended RCODE, version, DO bit, options.
    const OPT_AND_OPTION_HEADER: usize = 11 + 4;
    let unpadded = query.len() + OPT_AND_OPTION_HEADER;
    let padding = unpadded.next_multiple_of(PADDING_BLOCK) - unpadded;
    // Below the block's 128 octets, so this never falls back.
    let padding_length = u16::try_from(padding).unwrap_or_default();
    query.push(0);
    query.extend(TYPE_OPT.to_be_bytes());
    query.extend(UDP_SIZE.to_be_bytes());
    query.extend([0, 0, 0x80, 0]);
    query.extend((padding_length + 4).to_be_bytes());
    query.extend(OPTION_PADDING.to_be_bytes());
    query.extend(padding_length.to_be_bytes());
    query.resize(query.len() + padding, 0);
    query
}

/// Decodes a response to one question of class IN.
///
/// Records of other classes are left out, and so are TXT records without even an empty string; RDATA of a known type
/// that does not decode stays as octets.
pub fn decode(octets: &[u8]) -> Result<Message, MessageError> {
    if octets.len() > MAX_MESSAGE {
        return Err(MessageError::TooLong { octets: octets.len() });
    }
    let wire = WireMessage::from_slice(octets).map_err(|_| MessageError::TooShort { octets: octets.len() })?;
    let (header, counts) = (wire.header(), wire.header_counts());
    if !header.qr() {
        return Err(MessageError::NotAResponse);
    }
    if header.opcode() != Opcode::QUERY {
        return Err(MessageError::NotAQuery { opcode: header.opcode().to_int() });
    }
    if header.tc() {
        return Err(MessageError::Truncated);
    }
    let low_rcode = u16::from(header.rcode().to_int());
    if counts.qdcount() != 1 {
        return Err(MessageError::Questions { count: counts.qdcount(), rcode: Rcode(low_rcode) });
    }
    let mut reader = Reader { message: octets, parser: Parser::from_ref(octets) };
    let (name, record_type) = reader.question()?;

    let answers = reader.records(Section::Answer, counts.ancount())?;
    let authority = reader.records(Section::Authority, counts.nscount())?;
    let mut rcode = Rcode(low_rcode);
    let mut extended_errors = Vec::new();
    for raw in reader.raw_records(Section::Additional, counts.arcount())? {
        if raw.record_type.0 == TYPE_OPT && raw.owner.is_root() {
            // RFC 6891 §6.1.3: the upper eight bits of the RCODE.
            let [high, ..] = raw.ttl.to_be_bytes();
            rcode = Rcode(u16::from(high) << 4 | low_rcode);
            extended_errors.extend(extended_errors_of(octets.get(raw.rdata).unwrap_or_default()));
        }
    }
    extended_errors.truncate(MAX_EXTENDED_ERRORS);
    let authentic = header.ad();
    Ok(Message { name, record_type, rcode, authentic, answers, authority, extended_errors })
}

/// The records of class IN in the answer and authority sections of a response, RDATA not decoded yet.
pub(super) fn sections(octets: &[u8]) -> Result<[Vec<RawRecord>; 2], MessageError> {
    let wire = WireMessage::from_slice(octets).map_err(|_| MessageError::TooShort { octets: octets.len() })?;
    let counts = wire.header_counts();
    if counts.qdcount() != 1 {
        return Err(MessageError::Questions { count: counts.qdcount(), rcode: Rcode(0) });
    }
    let mut reader = Reader { message: octets, parser: Parser::from_ref(octets) };
    reader.question()?;
    let mut answers = reader.raw_records(Section::Answer, counts.ancount())?;
    let mut authority = reader.raw_records(Section::Authority, counts.nscount())?;
    answers.retain(|raw| raw.class == CLASS_IN);
    authority.retain(|raw| raw.class == CLASS_IN);
    Ok([answers, authority])
}

/// A record whose RDATA is not decoded yet.
pub(super) struct RawRecord {
    pub owner: DomainName,
    pub record_type: RecordType,
    class: u16,
    ttl: u32,
    pub rdata: std::ops::Range<usize>,
}

/// Reads the sections of a message one after the other.
struct Reader<'m> {
    message: &'m [u8],
    parser: Parser<'m, [u8]>,
}

impl Reader<'_> {
    fn question(&mut self) -> Result<(DomainName, RecordType), MessageError> {
        const HEADER: usize = 12;
        let bad = |_| MessageError::BadQuestion;
        self.parser.seek(HEADER).map_err(bad)?;
        let name = rdata::parse_name(&mut self.parser).map_err(|_| MessageError::BadQuestion)?;
        let record_type = RecordType(self.parser.parse_u16_be().map_err(bad)?);
        match self.parser.parse_u16_be().map_err(bad)? {
            CLASS_IN => Ok((name, record_type)),
            class => Err(MessageError::NotInternet { class }),
        }
    }

    fn raw_records(&mut self, section: Section, count: u16) -> Result<Vec<RawRecord>, MessageError> {
        if count > MAX_RECORDS {
            return Err(MessageError::TooManyRecords { section, count, limit: MAX_RECORDS });
        }
        (0..count).map(|index| self.raw_record().ok_or(MessageError::BadRecord { section, index })).collect()
    }

    fn raw_record(&mut self) -> Option<RawRecord> {
        let owner = rdata::parse_name(&mut self.parser).ok()?;
        let record_type = RecordType(self.parser.parse_u16_be().ok()?);
        let class = self.parser.parse_u16_be().ok()?;
        let ttl = self.parser.parse_u32_be().ok()?;
        let length = usize::from(self.parser.parse_u16_be().ok()?);
        let start = self.parser.pos();
        self.parser.advance(length).ok()?;
        Some(RawRecord { owner, record_type, class, ttl, rdata: start..start + length })
    }

    fn records(&mut self, section: Section, count: u16) -> Result<Vec<Record>, MessageError> {
        let raw_records = self.raw_records(section, count)?;
        let records = raw_records.into_iter().filter(|raw| raw.class == CLASS_IN).filter_map(|raw| {
            let data = match rdata::decode_in_message(raw.record_type, self.message, raw.rdata.clone()) {
                Ok(data) => data,
                Err(RdataError::NoString) => return None,
                Err(_) => super::RecordData::Other(self.message.get(raw.rdata)?.to_vec()),
            };
            // RFC 2181 §8: a TTL with the highest bit set counts as 0.
            let ttl = if raw.ttl > i32::MAX.unsigned_abs() { 0 } else { raw.ttl };
            Some(Record { owner: raw.owner, record_type: raw.record_type, ttl, data })
        });
        Ok(records.collect())
    }
}

/// The extended errors among EDNS options, RFC 8914 §2; options that do not fit end the reading.
fn extended_errors_of(mut options: &[u8]) -> Vec<ExtendedError> {
    let mut errors = Vec::new();
    while let Some(([code @ .., length_high, length_low], rest)) = options.split_first_chunk::<4>() {
        let length = u16::from_be_bytes([*length_high, *length_low]);
        let Some((value, rest)) = rest.split_at_checked(length.into()) else { break };
        if u16::from_be_bytes(*code) == OPTION_EXTENDED_ERROR
            && let Some((code, text)) = value.split_first_chunk::<2>()
        {
            let text = String::from_utf8_lossy(text).trim_end_matches('\0').to_owned();
            errors.push(ExtendedError { code: u16::from_be_bytes(*code), text });
        }
        options = rest;
    }
    errors
}
