//! Whom a verdict relies on: the roots for marks, and the logs whose timestamps count.

use std::fmt;

use domain::utils::base64;

use super::{Log, transparency};
use crate::pki::{self, Certificate, PemError};

/// Most keys of logs in one text; one log is approved today.
const MAX_LOGS: usize = 16;
/// Longest text of one key; RSA keys of 4096 bits have 800 letters.
const MAX_KEY: usize = 4096;
const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";

/// Roots and logs that are trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// The roots.
    pub roots: Vec<Certificate>,
    /// The logs.
    pub logs: Vec<Log>,
}

/// Why a text says nothing of whom to trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustError {
    /// Its certificates do not read.
    Certificates(PemError),
    /// A public key in it does not read.
    Key { number: usize },
}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificates(error) => error.fmt(f),
            Self::Key { number } => {
                f.write_str(&tr!("public key {number} is no Base64, has no end, or is one too many", number))
            }
        }
    }
}

impl Default for Trust {
    /// The roots and the log that receivers trust, as of 2026-11.
    fn default() -> Self {
        Self { roots: super::roots(), logs: transparency::logs() }
    }
}

impl Trust {
    /// Reads own roots (certificates) and own logs (public keys) from PEM; without a key the usual log counts.
    pub fn read(text: &str) -> Result<Self, TrustError> {
        let roots = pki::certificates(text).map_err(TrustError::Certificates)?;
        let mut logs = Vec::new();
        let mut rest = text;
        while let Some((_, after)) = rest.split_once(BEGIN) {
            let number = logs.len() + 1;
            let (body, behind) = after.split_once(END).ok_or(TrustError::Key { number })?;
            if number > MAX_LOGS || body.len() > MAX_KEY {
                return Err(TrustError::Key { number });
            }
            let body: String = body.split_ascii_whitespace().collect();
            let spki: Vec<u8> = base64::decode(&body).map_err(|_| TrustError::Key { number })?;
            logs.push(Log { name: tr!("log {number} of your own", number), spki });
            rest = behind;
        }
        Ok(Self { roots, logs: if logs.is_empty() { transparency::logs() } else { logs } })
    }
}
