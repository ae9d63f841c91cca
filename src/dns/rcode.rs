//! Response codes by number and name.

/// A response code, RFC 1035 §4.1.1 with the extension of RFC 6891.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rcode(pub u16);

impl Rcode {
    /// The name exists; the type may not.
    pub const NOERROR: Self = Self(0);
    /// The server could not answer, which includes failed DNSSEC validation.
    pub const SERVFAIL: Self = Self(2);
    /// The name does not exist.
    pub const NXDOMAIN: Self = Self(3);
}

/// Response codes with a name of their own, RFC 6895 §2.3.
const RCODES: [(u16, &str); 6] =
    [(0, "NOERROR"), (1, "FORMERR"), (2, "SERVFAIL"), (3, "NXDOMAIN"), (4, "NOTIMP"), (5, "REFUSED")];

impl Rcode {
    /// The name, or `RCODE23` where there is none here.
    pub fn name(self) -> String {
        match RCODES.iter().find(|(number, _)| *number == self.0) {
            Some((_, name)) => (*name).into(),
            None => format!("RCODE{}", self.0),
        }
    }

    /// Reads a name, `RCODE23` or a number, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_uppercase();
        if let Some((number, _)) = RCODES.iter().find(|(_, name)| *name == text) {
            return Some(Self(*number));
        }
        let number = text.strip_prefix("RCODE").unwrap_or(&text);
        let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        // RFC 6891 §6.1.3 gives the code twelve bits.
        if plain { number.parse().ok().filter(|code| *code < 4096).map(Self) } else { None }
    }
}
