//! Packed files: gzip (RFC 1952) and zip, with a bound on what they unpack to.
//!
//! The zip reader is our own: reports need the directory, two methods and a checksum, of which flate2 has the hard parts.

use std::borrow::Cow;
use std::io::Read;

use flate2::Crc;
use flate2::bufread::{DeflateDecoder, GzDecoder};

/// Largest report that is unpacked; reporters stop at some megabytes, for mail carries no more.
pub const MAX_UNPACKED: usize = 32 * 1024 * 1024;
/// Most that is unpacked from one dropped file in all: a year of reports on thousands of domains.
pub const MAX_UNPACKED_IN_ALL: usize = 512 * 1024 * 1024;
/// Most files in an archive, members of a gzip file or messages in a mailbox.
pub const MAX_MEMBERS: usize = 50_000;
/// Most times its own size to which a file may unpack, beyond [`SMALL`]; reports shrink to a tenth, or a fiftieth when
/// they repeat themselves, and the format allows a thousand.
pub const MAX_RATIO: usize = 250;
/// What any file may unpack to.
const SMALL: usize = 1024 * 1024;

/// What a zip file needs to be opened, and how many octets its end may stand before that of the file (APPNOTE 4.3.16).
const MAX_COMMENT: usize = 65_535;

/// Unpacks `decoder`, which reads `packed` octets, to at most `left` octets.
fn bounded(mut decoder: impl Read, packed: usize, left: usize, into: &mut Vec<u8>) -> Result<(), String> {
    let by_ratio = packed.saturating_mul(MAX_RATIO).max(SMALL);
    let limit = by_ratio.min(MAX_UNPACKED).min(left);
    let start = into.len();
    let room = u64::try_from(limit.saturating_sub(start)).unwrap_or(u64::MAX);
    let read = decoder.by_ref().take(room.saturating_add(1)).read_to_end(into);
    if into.len() > limit {
        return Err(if limit == left {
            tr!("what it is part of unpacks to more than {MAX_UNPACKED_IN_ALL} bytes", MAX_UNPACKED_IN_ALL)
        } else if limit == MAX_UNPACKED {
            tr!("it unpacks to more than {MAX_UNPACKED} bytes", MAX_UNPACKED)
        } else {
            tr!("it unpacks to more than {MAX_RATIO} times its size, which no report does", MAX_RATIO)
        });
    }
    read.map(drop).map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => "the packed data is cut off".into(),
        _ => tr!("the packed data is damaged ({error})", error),
    })
}

/// Whether the octets begin like a gzip file.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// Unpacks a gzip file, all its members; what follows the last one is passed over.
pub fn gunzip(bytes: &[u8], left: usize) -> Result<Vec<u8>, String> {
    let mut unpacked = Vec::with_capacity(bytes.len().saturating_mul(4).min(SMALL));
    let mut rest = bytes;
    for _ in 0..MAX_MEMBERS {
        let mut decoder = GzDecoder::new(rest);
        bounded(&mut decoder, bytes.len(), left, &mut unpacked)?;
        rest = decoder.into_inner();
        if !is_gzip(rest) {
            return Ok(unpacked);
        }
    }
    Err(tr!("the gzip file has more than {MAX_MEMBERS} members", MAX_MEMBERS))
}

/// Whether the octets begin like a zip file, be it empty.
pub fn is_zip(bytes: &[u8]) -> bool {
    [b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06"].iter().any(|magic| bytes.starts_with(*magic))
}

/// A file in a zip file.
pub struct Member<'z> {
    /// Its name with its folders.
    pub name: String,
    flags: u16,
    method: u16,
    checksum: u32,
    size: u32,
    packed: Option<&'z [u8]>,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn size_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, at)?).ok()
}

/// The files in a zip file, folders left out, as its directory lists them (APPNOTE 4.3.12).
pub fn members(zip: &[u8]) -> Result<Vec<Member<'_>>, String> {
    const ZIP64: &str = "this is a zip file in the ZIP64 form, which is not read; pack fewer or smaller files";
    let cut_off = || String::from("the zip file is cut off or damaged: its directory cannot be read");
    let tail = zip.len().saturating_sub(MAX_COMMENT + 22);
    let end = zip.get(tail..).and_then(|rest| rest.windows(4).rposition(|magic| magic == b"PK\x05\x06"));
    let end = tail + end.ok_or_else(cut_off)?;
    let record = zip.get(end..).unwrap_or_default();
    let count = u16_at(record, 10).ok_or_else(cut_off)?;
    let (size, offset) = (u32_at(record, 12).ok_or_else(cut_off)?, u32_at(record, 16).ok_or_else(cut_off)?);
    if count == u16::MAX || size == u32::MAX || offset == u32::MAX {
        return Err(ZIP64.into());
    }
    if usize::from(count) > MAX_MEMBERS {
        return Err(tr!("the zip file holds {count} files; at most {MAX_MEMBERS} are read", count, MAX_MEMBERS));
    }
    let size = usize::try_from(size).map_err(|_| cut_off())?;
    let start = end.checked_sub(size).ok_or_else(cut_off)?;
    // What stands before the archive, as in programs that unpack themselves, shifts every offset.
    let shift = start.checked_sub(usize::try_from(offset).map_err(|_| cut_off())?).ok_or_else(cut_off)?;
    let mut directory = zip.get(start..end).unwrap_or_default();
    let mut members = Vec::with_capacity(usize::from(count));
    for _ in 0..count {
        if !directory.starts_with(b"PK\x01\x02") {
            return Err(cut_off());
        }
        let (member, length) = entry(zip, directory, shift).ok_or_else(cut_off)?;
        if member.size == u32::MAX {
            return Err(ZIP64.into());
        }
        members.extend(Some(member).filter(|member| !member.name.ends_with('/')));
        directory = directory.get(length..).unwrap_or_default();
    }
    Ok(members)
}

/// One entry of the directory, and its length.
fn entry<'z>(zip: &'z [u8], entry: &[u8], shift: usize) -> Option<(Member<'z>, usize)> {
    let name_length = usize::from(u16_at(entry, 28)?);
    let name = String::from_utf8_lossy(entry.get(46..46 + name_length)?).into_owned();
    let length = 46 + name_length + usize::from(u16_at(entry, 30)?) + usize::from(u16_at(entry, 32)?);
    let packed = size_at(entry, 20)?;
    let data = size_at(entry, 42)?.checked_add(shift).and_then(|local| {
        let header = zip.get(local..).filter(|header| header.starts_with(b"PK\x03\x04"))?;
        let start = 30 + usize::from(u16_at(header, 26)?) + usize::from(u16_at(header, 28)?);
        header.get(start..start.checked_add(packed)?)
    });
    let member = Member {
        name,
        flags: u16_at(entry, 8)?,
        method: u16_at(entry, 10)?,
        checksum: u32_at(entry, 16)?,
        size: u32_at(entry, 24)?,
        packed: data,
    };
    Some((member, length))
}

impl<'z> Member<'z> {
    /// What the file holds, at most `left` octets.
    pub fn unpack(&self, left: usize) -> Result<Cow<'z, [u8]>, String> {
        if self.flags & 1 != 0 {
            return Err("it is encrypted; unpack the archive with its password first".into());
        }
        let packed = self.packed.ok_or("the zip file is cut off or damaged: this file cannot be read")?;
        let unpacked = match self.method {
            0 if packed.len() > MAX_UNPACKED.min(left) => {
                return Err(tr!("it has {} bytes; at most {} are read", packed.len(), MAX_UNPACKED.min(left)));
            }
            0 => Cow::Borrowed(packed),
            8 => {
                let mut unpacked = Vec::with_capacity(packed.len().saturating_mul(4).min(SMALL));
                bounded(DeflateDecoder::new(packed), packed.len(), left, &mut unpacked)?;
                Cow::Owned(unpacked)
            }
            other => return Err(tr!("it is packed with method {other}; only “deflate” and “stored” are read", other)),
        };
        let mut checksum = Crc::new();
        checksum.update(&unpacked);
        if checksum.sum() == self.checksum { Ok(unpacked) } else { Err("its checksum is wrong: it is damaged".into()) }
    }
}
