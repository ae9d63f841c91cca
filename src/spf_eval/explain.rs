//! The values of macros (RFC 7208 §7.2, §7.3), and the explanation of a refusal (§6.2).

use std::net::IpAddr;

use crate::dns::{RecordData, RecordType};
use crate::records::spf::{Family, Letter, MacroString, read_explanation};

use super::ask::Answer;
use super::trace::{Tried, Why};
use super::walk::{Place, Walk};

impl Walk<'_> {
    /// What a letter stands for.
    pub(super) fn value(&self, letter: Letter, place: &Place<'_>, validated: Option<&str>) -> Option<String> {
        Some(match letter {
            Letter::Sender => format!("{}@{}", self.local_part, self.sender_domain),
            Letter::LocalPart => self.local_part.to_owned(),
            Letter::SenderDomain => self.sender_domain.to_owned(),
            Letter::Domain => place.text.to_owned(),
            Letter::Address => self.dotted(),
            Letter::ValidatedName => validated?.to_owned(),
            Letter::AddressFamily => if self.client.family == Family::Ipv4 { "in-addr" } else { "ip6" }.to_owned(),
            Letter::Helo => self.mail.helo.clone(),
            Letter::ReadableAddress => self.mail.ip.to_canonical().to_string(),
            Letter::Receiver if self.mail.receiver.is_empty() => "unknown".to_owned(),
            Letter::Receiver => self.mail.receiver.clone(),
            Letter::Time => self.mail.at.0.to_string(),
        })
    }

    /// `%{i}`: dotted, an IPv6 address nibble by nibble (RFC 7208 §7.3).
    fn dotted(&self) -> String {
        match self.mail.ip.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => nibbles(address.octets().iter().flat_map(|octet| [octet >> 4, octet & 15])),
        }
    }

    /// The name under which the client's names are found (RFC 1035 §3.5, RFC 3596 §2.5).
    pub(super) fn reverse_name(&self) -> String {
        match self.mail.ip.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, d] = address.octets();
                format!("{d}.{c}.{b}.{a}.in-addr.arpa")
            }
            IpAddr::V6(address) => {
                let reversed = address.octets().into_iter().rev().flat_map(|octet| [octet & 15, octet >> 4]);
                nibbles(reversed) + ".ip6.arpa"
            }
        }
    }

    /// The explanation to give: one TXT record of plain ASCII with sound macros, or none at all (RFC 7208 §6.2).
    pub(super) fn explanation(
        &mut self,
        target: &MacroString,
        place: &Place<'_>,
        step: usize,
    ) -> (Tried, Why, Option<String>) {
        let name = match self.target(Some(target), place, step) {
            Ok((name, _)) => name,
            Err((Tried::Missing, why)) => return (Tried::Noted, why, None),
            Err((_, why)) => return (Tried::Noted, why, None),
        };
        let texts: Vec<String> = match self.ask(&name, RecordType::TXT) {
            Answer::Known(lookup) => lookup
                .records()
                .iter()
                .filter_map(|record| match &record.data {
                    RecordData::Txt(txt) => Some(txt.text()),
                    _ => None,
                })
                .collect(),
            Answer::Failed(why) | Answer::Missing(why) => return (Tried::Noted, why, None),
        };
        let [text] = texts.as_slice() else { return (Tried::Noted, Why::Unexplained, None) };
        let Some(read) = read_explanation(text) else { return (Tried::Noted, Why::Unexplained, None) };
        match self.expand(&read, place) {
            Some(explanation) => (Tried::Noted, Why::Explained, Some(explanation)),
            None => {
                let question = tr!("the name of {}", self.mail.ip);
                (Tried::Noted, Why::Missing { question }, None)
            }
        }
    }
}

/// Hexadecimal digits with dots between, as of an IPv6 address.
fn nibbles(digits: impl Iterator<Item = u8>) -> String {
    let mut text = String::with_capacity(72);
    for digit in digits {
        if !text.is_empty() {
            text.push('.');
        }
        text.extend(char::from_digit(digit.into(), 16).map(|digit| digit.to_ascii_uppercase()));
    }
    text
}
