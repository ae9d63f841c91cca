//! Evidence from a DNS message as received.

use super::{DnsEntry, DnsOutcome, Failure};
use crate::dns::message::{self, MessageError};
use crate::dns::{ExtendedError, Message, Provenance, Rcode, Record, RecordType};
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

impl DnsOutcome {
    /// What a response says, once it is known to belong to the question. A referral (RFC 2308 §2.2: name servers in the
    /// authority section, no SOA, no answer) says nothing about the name: who sent it was not asked to resolve.
    pub fn of_response(
        rcode: Rcode,
        answers: Vec<Record>,
        authority: Vec<Record>,
        authentic: bool,
        extended_errors: Vec<ExtendedError>,
    ) -> Self {
        if !matches!(rcode, Rcode::NOERROR | Rcode::NXDOMAIN) {
            return Self::Failed(Failure::Rcode { rcode, extended_errors });
        }
        let has = |record_type| authority.iter().any(|record| record.record_type == record_type);
        let referral = rcode == Rcode::NOERROR && answers.is_empty() && has(RecordType::NS) && !has(RecordType::SOA);
        if referral {
            return Self::Failed(Failure::Other { why: "the server only refers to other servers".into() });
        }
        Self::Answer { rcode, answers, authority, authentic }
    }
}

fn outcome_of(message: Message, name: &DomainName, record_type: RecordType) -> DnsOutcome {
    if message.name != *name || message.record_type != record_type {
        return DnsOutcome::Failed(Failure::Mismatched);
    }
    let Message { rcode, authentic, answers, authority, extended_errors, .. } = message;
    DnsOutcome::of_response(rcode, answers, authority, authentic, extended_errors)
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
