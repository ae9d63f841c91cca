//! Gzip, RFC 1952: header and checksum are read here and only the inflating is flate2's, whose own checksum brings 16 KB of
//! tables, a twentieth of what the lab may weigh.

use flate2::{Decompress, FlushDecompress, Status};

/// How much room is made at a time.
const CHUNK: usize = 64 << 10;
/// Most members of one file (§2.2); tools write one.
const MAX_MEMBERS: usize = 64;
/// Octets of the trailer, §2.3.1: CRC32 and ISIZE.
const TRAILER: usize = 8;

/// Why it does not unpack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GzipError {
    /// Header, data or checksum are damaged, or it has no end.
    Damaged,
    /// It unpacks to more than the limit.
    TooLarge,
}

/// Unpacks up to `most` octets.
pub fn unpack(bytes: &[u8], most: usize) -> Result<Vec<u8>, GzipError> {
    let mut unpacked = Vec::new();
    let mut rest = bytes;
    for _ in 0..MAX_MEMBERS {
        let data = behind_header(rest).ok_or(GzipError::Damaged)?;
        let start = unpacked.len();
        let used = inflate(data, &mut unpacked, most)?;
        let (trailer, behind) =
            data.get(used..).and_then(|behind| behind.split_at_checked(TRAILER)).ok_or(GzipError::Damaged)?;
        let member = unpacked.get(start..).unwrap_or_default();
        let size = u32::try_from(member.len()).unwrap_or(u32::MAX);
        if trailer != [crc32(member).to_le_bytes(), size.to_le_bytes()].concat() {
            return Err(GzipError::Damaged);
        }
        // Zeros fill a block of tape; they are no member.
        if behind.iter().all(|octet| *octet == 0) {
            return Ok(unpacked);
        }
        rest = behind;
    }
    Err(GzipError::Damaged)
}

/// What follows the header of a member, §2.3.
fn behind_header(bytes: &[u8]) -> Option<&[u8]> {
    const HEADER_CRC: u8 = 0b10;
    const EXTRA: u8 = 0b100;
    const NAME: u8 = 0b1000;
    const COMMENT: u8 = 0b1_0000;
    const RESERVED: u8 = 0b1110_0000;
    let [0x1F, 0x8B, 8, flags, _, _, _, _, _, _, rest @ ..] = bytes else { return None };
    let mut rest = rest;
    if flags & RESERVED != 0 {
        return None;
    }
    if flags & EXTRA != 0 {
        let [low, high, behind @ ..] = rest else { return None };
        rest = behind.get(usize::from(u16::from_le_bytes([*low, *high]))..)?;
    }
    for flag in [NAME, COMMENT] {
        if flags & flag != 0 {
            let end = rest.iter().position(|octet| *octet == 0)?;
            rest = rest.get(end + 1..)?;
        }
    }
    if flags & HEADER_CRC != 0 { rest.get(2..) } else { Some(rest) }
}

/// Inflates one stream behind what is there already; how many octets of it were used.
fn inflate(data: &[u8], into: &mut Vec<u8>, most: usize) -> Result<usize, GzipError> {
    let mut inflater = Decompress::new(false);
    loop {
        let used = usize::try_from(inflater.total_in()).map_err(|_| GzipError::Damaged)?;
        let before = (inflater.total_in(), inflater.total_out());
        into.reserve(CHUNK);
        let rest = data.get(used..).unwrap_or_default();
        let status = inflater.decompress_vec(rest, into, FlushDecompress::None).map_err(|_| GzipError::Damaged)?;
        if into.len() > most {
            return Err(GzipError::TooLarge);
        }
        if status == Status::StreamEnd {
            return usize::try_from(inflater.total_in()).map_err(|_| GzipError::Damaged);
        }
        // Without progress there is no end to come.
        if before == (inflater.total_in(), inflater.total_out()) {
            return Err(GzipError::Damaged);
        }
    }
}

/// CRC-32 of §8, four bits at a time.
fn crc32(octets: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0xEDB8_8320;
    let mut table = [0_u32; 16];
    for (value, entry) in (0_u32..).zip(&mut table) {
        *entry = (0..4).fold(value, |crc, _| if crc & 1 == 1 { crc >> 1 ^ POLYNOMIAL } else { crc >> 1 });
    }
    let step = |crc: u32| crc >> 4 ^ table.get(usize::try_from(crc & 15).unwrap_or(0)).copied().unwrap_or(0);
    !octets.iter().fold(!0, |crc, octet| step(step(crc ^ u32::from(*octet))))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, GzBuilder};

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut writer = GzBuilder::new()
            .filename("logo.svg")
            .comment("made here")
            .extra(vec![1, 2, 3])
            .write(Vec::new(), Compression::best());
        writer.write_all(text).unwrap();
        writer.finish().unwrap()
    }

    #[test]
    fn the_checksum_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn members_follow_one_another() {
        let text = "<svg/>".repeat(40_000);
        let one = packed(text.as_bytes());
        assert_eq!(unpack(&one, 1 << 20), Ok(text.clone().into_bytes()));
        let two = [one.clone(), packed(b"more"), vec![0; 100]].concat();
        assert_eq!(unpack(&two, 1 << 20), Ok((text.clone() + "more").into_bytes()));
        assert_eq!(unpack(&one, text.len() - 1), Err(GzipError::TooLarge));
        assert_eq!(unpack(&one, text.len()), Ok(text.into_bytes()));
        assert_eq!(unpack(&packed(b"a").repeat(MAX_MEMBERS + 1), 1 << 20), Err(GzipError::Damaged));
    }

    #[test]
    fn damage_is_seen() {
        let whole = packed(b"<svg xmlns='http://www.w3.org/2000/svg'/>");
        for length in 0..whole.len() {
            assert_eq!(unpack(&whole[..length], 1 << 20), Err(GzipError::Damaged), "cut to {length}");
        }
        for bit in (whole.len() - TRAILER) * 8..whole.len() * 8 {
            let mut odd = whole.clone();
            odd[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(unpack(&odd, 1 << 20), Err(GzipError::Damaged), "bit {bit} of the trailer");
        }
        assert_eq!(unpack(&[whole, b"odd".to_vec()].concat(), 1 << 20), Err(GzipError::Damaged));
    }
}
