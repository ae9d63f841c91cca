//! Certificates in text: PEM (RFC 7468), with anything between them, as `openssl s_client -showcerts` prints it.

use std::fmt;

use domain::utils::base64;

use super::Certificate;

/// Most certificates of one text: a server shows three or four.
const MAX_CERTIFICATES: usize = 32;
/// Longest text of one certificate; those with many names have 20 KB.
const MAX_TEXT: usize = 128 * 1024;
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Why a text gives no certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PemError {
    /// No line begins one.
    None,
    /// One has no end.
    NoEnd { number: usize },
    /// One is no Base64, or longer than the limit.
    NotBase64 { number: usize },
    /// One is no certificate.
    NotACertificate { number: usize },
    /// More than the limit.
    TooMany { limit: usize },
}

impl fmt::Display for PemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str(&tr!("there is no certificate in it: none begins with {BEGIN}", BEGIN)),
            Self::NoEnd { number } => {
                f.write_str(&tr!("certificate {number} has no end: {END} is missing", number, END))
            }
            Self::NotBase64 { number } => f.write_str(&tr!("certificate {number} is no Base64", number)),
            Self::NotACertificate { number } => {
                f.write_str(&tr!("certificate {number} does not read as X.509", number))
            }
            Self::TooMany { limit } => f.write_str(&tr!("more than {limit} certificates", limit)),
        }
    }
}

/// Every certificate in a text, in order.
pub fn certificates(text: &str) -> Result<Vec<Certificate>, PemError> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(BEGIN) {
        let number = found.len() + 1;
        if number > MAX_CERTIFICATES {
            return Err(PemError::TooMany { limit: MAX_CERTIFICATES });
        }
        let (body, behind) = after.split_once(END).ok_or(PemError::NoEnd { number })?;
        if body.len() > MAX_TEXT {
            return Err(PemError::NotBase64 { number });
        }
        let body: String = body.split_ascii_whitespace().collect();
        let der: Vec<u8> = base64::decode(&body).map_err(|_| PemError::NotBase64 { number })?;
        found.push(Certificate::read(&der).ok_or(PemError::NotACertificate { number })?);
        rest = behind;
    }
    if found.is_empty() { Err(PemError::None) } else { Ok(found) }
}
