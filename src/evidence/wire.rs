//! Evidence from a DNS message as received.

use super::{DnsEntry, DnsOutcome, Failure};
use crate::dns::message::{self, MessageError};
use crate::dns::{Message, Provenance, Rcode, RecordType};
use crate::name::DomainName;

impl DnsEntry {
    /// What a message says to the question that was asked; a message that is no proper answer to it is a failure. The
    /// octets are kept either way.
    pub fn from_wire(name: DomainName, record_type: RecordType, wire: Vec<u8>, provenance: Provenance) -> Self {
        let outcome = match message::decode(&wire) {
            Ok(message) => outcome_of(message, &name, record_type),
            Err(error) => DnsOutcome::Failed(failure_of(error)),
        };
        Self { name, record_type, outcome, wire: Some(wire), provenance }
    }
}

fn outcome_of(message: Message, name: &DomainName, record_type: RecordType) -> DnsOutcome {
    if message.name != *name || message.record_type != record_type {
        return DnsOutcome::Failed(Failure::Mismatched);
    }
    match message.rcode {
        Rcode::NOERROR | Rcode::NXDOMAIN => DnsOutcome::Answer {
            rcode: message.rcode,
            answers: message.answers,
            authority: message.authority,
            authentic: message.authentic,
        },
        rcode => DnsOutcome::Failed(Failure::Rcode { rcode, extended_errors: message.extended_errors }),
    }
}

fn failure_of(error: MessageError) -> Failure {
    match error {
        MessageError::Truncated => Failure::Truncated,
        // A server that cannot or will not answer may leave the question out.
        MessageError::Questions { count: 0, rcode } if !matches!(rcode, Rcode::NOERROR | Rcode::NXDOMAIN) => {
            Failure::Rcode { rcode, extended_errors: Vec::new() }
        }
        MessageError::Questions { .. } | MessageError::NotInternet { .. } => Failure::Mismatched,
        error => Failure::Malformed { why: error.to_string() },
    }
}
