//! RDATA between octets and [`RecordData`].

use domain::base::name::ParsedName;
use domain::dep::octseq::Parser;

use super::{RecordData, RecordType, Rrsig, Txt};
use crate::name::DomainName;

/// Why RDATA does not decode as its type says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RdataError {
    /// The RDATA ends inside a field.
    Short,
    /// Octets are left over behind the last field.
    Trailing { octets: usize },
    /// A name in the RDATA is malformed, or points out of the message or round in circles.
    BadName,
    /// A TXT record without even one character-string (RFC 1035 §3.3.14 asks for one or more).
    NoString,
    /// A type bitmap that breaks RFC 4034 §4.1.2.
    BadBitmap,
    /// A CAA tag that is empty or not made of letters and digits (RFC 8659 §4.1).
    BadTag,
    /// Service parameters that are not in strictly growing order (RFC 9460 §2.2).
    ParametersOutOfOrder,
}

impl std::fmt::Display for RdataError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Short => f.write_str("the data ends too early"),
            Self::Trailing { octets } => write!(f, "{octets} octets are left over"),
            Self::BadName => f.write_str("a name in it is malformed"),
            Self::NoString => f.write_str("it holds no character-string, not even an empty one"),
            Self::BadBitmap => f.write_str("its list of types is malformed"),
            Self::BadTag => f.write_str("its tag is not made of letters and digits"),
            Self::ParametersOutOfOrder => f.write_str("its parameters are not in growing order"),
        }
    }
}

/// Decodes RDATA that stands alone, as behind `\#` (RFC 3597 §5). Types without a form of their own stay octets.
pub fn decode(record_type: RecordType, octets: &[u8]) -> Result<RecordData, RdataError> {
    decode_in_message(record_type, octets, 0..octets.len())
}

/// Decodes the RDATA at `range` of a message, where names may be compressed (RFC 1035 §4.1.4).
pub(super) fn decode_in_message(
    record_type: RecordType,
    message: &[u8],
    range: std::ops::Range<usize>,
) -> Result<RecordData, RdataError> {
    let mut reader = Reader::new(message, range)?;
    let data = match record_type {
        RecordType::A => RecordData::A(reader.array::<4>()?.into()),
        RecordType::AAAA => RecordData::Aaaa(reader.array::<16>()?.into()),
        RecordType::CNAME => RecordData::Cname(reader.name()?),
        RecordType::DNAME => RecordData::Dname(reader.name()?),
        RecordType::NS => RecordData::Ns(reader.name()?),
        RecordType::PTR => RecordData::Ptr(reader.name()?),
        RecordType::MX => RecordData::Mx { preference: reader.u16()?, exchange: reader.name()? },
        RecordType::TXT | RecordType::SPF => RecordData::Txt(Txt { strings: reader.strings()? }),
        RecordType::SOA => RecordData::Soa {
            primary: reader.name()?,
            mailbox: reader.name()?,
            serial: reader.u32()?,
            refresh: reader.u32()?,
            retry: reader.u32()?,
            expire: reader.u32()?,
            minimum: reader.u32()?,
        },
        RecordType::DS => RecordData::Ds {
            key_tag: reader.u16()?,
            algorithm: reader.u8()?,
            digest_type: reader.u8()?,
            digest: reader.some()?,
        },
        RecordType::DNSKEY => RecordData::Dnskey {
            flags: reader.u16()?,
            protocol: reader.u8()?,
            algorithm: reader.u8()?,
            public_key: reader.some()?,
        },
        RecordType::RRSIG => RecordData::Rrsig(Rrsig {
            type_covered: RecordType(reader.u16()?),
            algorithm: reader.u8()?,
            labels: reader.u8()?,
            original_ttl: reader.u32()?,
            expiration: reader.u32()?,
            inception: reader.u32()?,
            key_tag: reader.u16()?,
            signer: reader.name()?,
            signature: reader.some()?,
        }),
        RecordType::NSEC => RecordData::Nsec { next: reader.name()?, types: reader.bitmap()? },
        RecordType::NSEC3 => RecordData::Nsec3 {
            hash_algorithm: reader.u8()?,
            flags: reader.u8()?,
            iterations: reader.u16()?,
            salt: reader.counted()?,
            next: Some(reader.counted()?).filter(|hash| !hash.is_empty()).ok_or(RdataError::Short)?,
            types: reader.bitmap()?,
        },
        RecordType::NSEC3PARAM => RecordData::Nsec3Param {
            hash_algorithm: reader.u8()?,
            flags: reader.u8()?,
            iterations: reader.u16()?,
            salt: reader.counted()?,
        },
        RecordType::TLSA => RecordData::Tlsa {
            usage: reader.u8()?,
            selector: reader.u8()?,
            matching: reader.u8()?,
            data: reader.rest(),
        },
        RecordType::CAA => {
            RecordData::Caa { flags: reader.u8()?, tag: caa_tag(&reader.counted()?)?, value: reader.rest() }
        }
        RecordType::SVCB | RecordType::HTTPS => {
            RecordData::Svcb { priority: reader.u16()?, target: reader.name()?, parameters: reader.parameters()? }
        }
        _ => RecordData::Other(reader.rest()),
    };
    match reader.remaining() {
        0 => Ok(data),
        octets => Err(RdataError::Trailing { octets }),
    }
}

/// A CAA tag in lower case, RFC 8659 §4.1: letters and digits, at least one.
pub(super) fn caa_tag(octets: &[u8]) -> Result<String, RdataError> {
    if octets.is_empty() || !octets.iter().all(u8::is_ascii_alphanumeric) {
        return Err(RdataError::BadTag);
    }
    Ok(octets.iter().map(|b| char::from(b.to_ascii_lowercase())).collect())
}

/// The owner or another name at the parser's place, which may be compressed.
pub(super) fn parse_name(parser: &mut Parser<'_, [u8]>) -> Result<DomainName, RdataError> {
    let name = ParsedName::parse_ref(parser).map_err(|_| RdataError::BadName)?;
    let labels = name.iter().map(|label| label.as_slice()).filter(|label| !label.is_empty());
    DomainName::from_labels(labels).map_err(|_| RdataError::BadName)
}

/// Reads fields up to the end of one RDATA.
struct Reader<'m> {
    parser: Parser<'m, [u8]>,
    end: usize,
}

impl<'m> Reader<'m> {
    fn new(message: &'m [u8], range: std::ops::Range<usize>) -> Result<Self, RdataError> {
        let mut parser = Parser::from_ref(message);
        parser.seek(range.start).map_err(|_| RdataError::Short)?;
        if range.end > message.len() {
            return Err(RdataError::Short);
        }
        Ok(Self { parser, end: range.end })
    }

    fn remaining(&self) -> usize {
        self.end.saturating_sub(self.parser.pos())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], RdataError> {
        if self.remaining() < N {
            return Err(RdataError::Short);
        }
        let mut octets = [0; N];
        self.parser.parse_buf(&mut octets).map_err(|_| RdataError::Short)?;
        Ok(octets)
    }

    fn u8(&mut self) -> Result<u8, RdataError> {
        Ok(u8::from_be_bytes(self.array()?))
    }

    fn u16(&mut self) -> Result<u16, RdataError> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    fn u32(&mut self) -> Result<u32, RdataError> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    fn octets(&mut self, count: usize) -> Result<Vec<u8>, RdataError> {
        if self.remaining() < count {
            return Err(RdataError::Short);
        }
        let octets = self.parser.peek(count).map_err(|_| RdataError::Short)?.to_vec();
        self.parser.advance(count).map_err(|_| RdataError::Short)?;
        Ok(octets)
    }

    fn rest(&mut self) -> Vec<u8> {
        self.octets(self.remaining()).unwrap_or_default()
    }

    /// What is left, at least one octet: a digest, a key or a signature cannot be empty.
    fn some(&mut self) -> Result<Vec<u8>, RdataError> {
        if self.remaining() == 0 { Err(RdataError::Short) } else { Ok(self.rest()) }
    }

    /// One octet of length and as many octets.
    fn counted(&mut self) -> Result<Vec<u8>, RdataError> {
        let count = self.u8()?;
        self.octets(count.into())
    }

    fn name(&mut self) -> Result<DomainName, RdataError> {
        let name = parse_name(&mut self.parser)?;
        if self.parser.pos() > self.end {
            return Err(RdataError::Short);
        }
        Ok(name)
    }

    fn strings(&mut self) -> Result<Vec<Vec<u8>>, RdataError> {
        let mut strings = Vec::new();
        while self.remaining() > 0 {
            strings.push(self.counted()?);
        }
        if strings.is_empty() { Err(RdataError::NoString) } else { Ok(strings) }
    }

    /// A type bitmap, RFC 4034 §4.1.2: windows in growing order, 1 to 32 octets each.
    fn bitmap(&mut self) -> Result<Vec<RecordType>, RdataError> {
        let mut types = Vec::new();
        let mut least_window = 0_u16;
        while self.remaining() > 0 {
            let window = self.u8()?;
            let bits = self.counted()?;
            if u16::from(window) < least_window || bits.is_empty() || bits.len() > 32 {
                return Err(RdataError::BadBitmap);
            }
            least_window = u16::from(window) + 1;
            for (low, octet) in (0_u16..).step_by(8).zip(bits) {
                let set = (0..8_u16).filter(|bit| octet & (0x80 >> bit) != 0);
                types.extend(set.map(|bit| RecordType(u16::from(window) * 256 + low + bit)));
            }
        }
        Ok(types)
    }

    fn parameters(&mut self) -> Result<Vec<(u16, Vec<u8>)>, RdataError> {
        let mut parameters: Vec<(u16, Vec<u8>)> = Vec::new();
        while self.remaining() > 0 {
            let key = self.u16()?;
            let length = self.u16()?;
            if parameters.last().is_some_and(|(last, _)| *last >= key) {
                return Err(RdataError::ParametersOutOfOrder);
            }
            parameters.push((key, self.octets(length.into())?));
        }
        Ok(parameters)
    }
}

/// Appends a name in wire form, uncompressed, RFC 1035 §3.1.
pub(super) fn name_to_octets(name: &DomainName, into: &mut Vec<u8>) {
    for label in name.labels() {
        // The labels of a DomainName have valid escapes and 1 to 63 octets each.
        let token = super::token::Token { raw: label.as_bytes(), quoted: false, joined: false };
        let octets = token.octets().unwrap_or_default();
        into.push(u8::try_from(octets.len()).unwrap_or_default());
        into.extend(octets);
    }
    into.push(0);
}
