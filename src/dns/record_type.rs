//! Record types by number and name.

use std::borrow::Cow;
use std::fmt;

/// A record type, RFC 1035 §3.2.2 and the IANA registry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct RecordType(pub u16);

/// Number and name of every type that is shown by name; the others are written `TYPE123` (RFC 3597 §5).
const NAMES: &[(u16, &str)] = &[
    (1, "A"),
    (2, "NS"),
    (5, "CNAME"),
    (6, "SOA"),
    (12, "PTR"),
    (13, "HINFO"),
    (15, "MX"),
    (16, "TXT"),
    (28, "AAAA"),
    (33, "SRV"),
    (35, "NAPTR"),
    (39, "DNAME"),
    (41, "OPT"),
    (43, "DS"),
    (44, "SSHFP"),
    (46, "RRSIG"),
    (47, "NSEC"),
    (48, "DNSKEY"),
    (50, "NSEC3"),
    (51, "NSEC3PARAM"),
    (52, "TLSA"),
    (53, "SMIMEA"),
    (59, "CDS"),
    (60, "CDNSKEY"),
    (61, "OPENPGPKEY"),
    (62, "CSYNC"),
    (63, "ZONEMD"),
    (64, "SVCB"),
    (65, "HTTPS"),
    (99, "SPF"),
    (128, "NXNAME"),
    (255, "ANY"),
    (257, "CAA"),
];

impl RecordType {
    pub const A: Self = Self(1);
    pub const NS: Self = Self(2);
    pub const CNAME: Self = Self(5);
    pub const SOA: Self = Self(6);
    pub const PTR: Self = Self(12);
    pub const MX: Self = Self(15);
    pub const TXT: Self = Self(16);
    pub const AAAA: Self = Self(28);
    pub const DNAME: Self = Self(39);
    pub const DS: Self = Self(43);
    pub const RRSIG: Self = Self(46);
    pub const NSEC: Self = Self(47);
    pub const DNSKEY: Self = Self(48);
    pub const NSEC3: Self = Self(50);
    pub const NSEC3PARAM: Self = Self(51);
    pub const TLSA: Self = Self(52);
    pub const SVCB: Self = Self(64);
    pub const HTTPS: Self = Self(65);
    pub const SPF: Self = Self(99);
    /// Marks a name that does not exist in compact denial, RFC 9824 §3.
    pub const NXNAME: Self = Self(128);
    pub const CAA: Self = Self(257);

    /// The name, or `TYPE123` where there is none.
    pub fn name(self) -> Cow<'static, str> {
        match NAMES.iter().find(|(number, _)| *number == self.0) {
            Some((_, name)) => Cow::Borrowed(name),
            None => Cow::Owned(format!("TYPE{}", self.0)),
        }
    }

    /// Reads a name or `TYPE123`, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((number, _)) = NAMES.iter().find(|(_, name)| name.eq_ignore_ascii_case(text)) {
            return Some(Self(*number));
        }
        let (prefix, number) = text.split_at_checked(4)?;
        if !prefix.eq_ignore_ascii_case("TYPE") || !number.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        number.parse().ok().map(Self)
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl fmt::Debug for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers() {
        assert_eq!(RecordType::parse("txt"), Some(RecordType::TXT));
        assert_eq!(RecordType::parse("TYPE65280"), Some(RecordType(65280)));
        assert_eq!(RecordType::parse("type16"), Some(RecordType::TXT));
        assert_eq!(RecordType::parse("TYPE99999"), None);
        assert_eq!(RecordType::parse("TYPE+1"), None);
        assert_eq!(RecordType::parse("é"), None);
        assert_eq!(RecordType(65280).name(), "TYPE65280");
    }
}
