//! What went wrong on the way to a server, in plain sentences.

use std::io;

use rustls::{AlertDescription, CertificateError};

use crate::evidence::Failure;
use crate::pki::Certificate;
use crate::time::UnixTime;

/// Most names of a certificate that a sentence lists.
const MAX_NAMES: usize = 10;
/// What the standard library says where the system's resolver knows no address; it has no kind of its own.
const NO_ADDRESS: &str = "failed to lookup address information";

/// What went wrong, as exactly as can be told.
pub(super) fn failure(error: ureq::Error, max_octets: usize) -> Failure {
    match error {
        ureq::Error::Timeout(_) => Failure::Timeout,
        ureq::Error::Io(error) => io_failure(error),
        ureq::Error::Tls(why) => Failure::Tls { why: why.into() },
        ureq::Error::Rustls(error) => Failure::Tls { why: tls(&error) },
        ureq::Error::HostNotFound => other("the host name does not resolve on this computer"),
        ureq::Error::BodyExceedsLimit(_) => Failure::TooLarge { limit: max_octets },
        ureq::Error::TooManyRedirects => Failure::Redirected { status: None, to: None },
        ureq::Error::LargeResponseHeader(..) => other("the header of the answer is too large"),
        ureq::Error::Protocol(error) => other(format!("the answer is no HTTP ({error})")),
        ureq::Error::ConnectProxyFailed(why) => other(format!("the proxy did not connect: {why}")),
        error => other(error.to_string()),
    }
}

fn other(why: impl Into<String>) -> Failure {
    Failure::Other { why: why.into() }
}

fn io_failure(error: io::Error) -> Failure {
    // What rustls objects to reaches the socket's user as invalid data.
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return Failure::Tls { why: tls(error) };
    }
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Failure::Timeout,
        io::ErrorKind::ConnectionRefused => other("the connection was refused: nothing listens there"),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => other("the server closed the connection without an answer"),
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => {
            other("no way leads from this computer to the server")
        }
        _ if error.to_string().starts_with(NO_ADDRESS) => other("the host name does not resolve on this computer"),
        _ => other(format!("the connection failed: {error}")),
    }
}

/// What is wrong with TLS itself.
pub(super) fn tls(error: &rustls::Error) -> String {
    match error {
        // A sentence of `refused`.
        rustls::Error::General(why) => why.clone(),
        rustls::Error::AlertReceived(AlertDescription::UnrecognisedName) => {
            "the server has no certificate for this name".into()
        }
        rustls::Error::AlertReceived(AlertDescription::ProtocolVersion) | rustls::Error::PeerIncompatible(_) => {
            "the server offers neither TLS 1.2 nor TLS 1.3 with a cipher in use today".into()
        }
        rustls::Error::AlertReceived(AlertDescription::HandshakeFailure) => {
            "the server broke off the handshake; it may have no certificate for this name".into()
        }
        rustls::Error::AlertReceived(alert) => format!("the server broke off the handshake ({alert:?})"),
        rustls::Error::InvalidMessage(_) => "the server does not speak TLS on this port".into(),
        error => error.to_string(),
    }
}

/// Why the certificate of a server was refused: the leaf, and the others that the server sent.
pub(super) fn refused(error: &rustls::Error, leaf: &[u8], others: &[&[u8]], host: &str) -> String {
    let rustls::Error::InvalidCertificate(error) = error else { return error.to_string() };
    let certificate = Certificate::read(leaf);
    let self_signed = certificate.as_ref().is_some_and(|certificate| certificate.subject == certificate.issuer);
    let time = |seconds: u64| UnixTime(i64::try_from(seconds).unwrap_or(i64::MAX));
    match error {
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("{} expired on {}", expired(&certificate, time(not_after.as_secs())), time(not_after.as_secs()))
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!("the certificate is not valid before {}", time(not_before.as_secs()))
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!("the certificate is not for {host}; {}", names(certificate.as_ref()))
        }
        CertificateError::UnknownIssuer if self_signed => "the certificate is self-signed".into(),
        CertificateError::UnknownIssuer => chain_ends(certificate.as_ref(), others),
        // Tools mark what a server signs for itself as issuing too, which webpki names first.
        CertificateError::Other(_) if self_signed => "the certificate is self-signed".into(),
        CertificateError::Other(_) if certificate.is_some_and(|certificate| certificate.is_ca) => {
            "the certificate is that of an authority (CA), which no server may use as its own".into()
        }
        CertificateError::Revoked => "the certificate is revoked".into(),
        CertificateError::BadSignature => "the signature on the certificate is wrong".into(),
        CertificateError::BadEncoding => "the certificate cannot be read".into(),
        CertificateError::UnhandledCriticalExtension => {
            "the certificate has a critical extension that no client knows".into()
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "the certificate is not for web servers (extended key usage)".into()
        }
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "the certificate is signed with an algorithm that clients no longer accept".into()
        }
        error => format!("the certificate is refused ({error})"),
    }
}

/// Whose time ran out: an issuer's certificate may be the one that expired.
fn expired(certificate: &Option<Certificate>, at: UnixTime) -> &'static str {
    match certificate {
        Some(certificate) if certificate.not_after != at => "a certificate of the issuer",
        _ => "the certificate",
    }
}

/// The names that a certificate has.
fn names(certificate: Option<&Certificate>) -> String {
    let names = certificate.map_or(&[][..], |certificate| &certificate.names);
    let listed: Vec<&str> = names.iter().take(MAX_NAMES).map(String::as_str).collect();
    match names.len().saturating_sub(MAX_NAMES) {
        _ if listed.is_empty() => "it names no host (subject alternative names)".into(),
        0 => format!("it names {}", listed.join(", ")),
        more => format!("it names {} and {more} more", listed.join(", ")),
    }
}

/// Where the way from the certificate to a root ends: at an issuer whose certificate the server leaves out, or at one
/// that is not trusted.
fn chain_ends(certificate: Option<&Certificate>, others: &[&[u8]]) -> String {
    let sent: Vec<Certificate> = others.iter().filter_map(|der| Certificate::read(der)).collect();
    let Some(mut last) = certificate else { return "nobody who is trusted vouches for the certificate".into() };
    // Each step uses up one of the certificates, or ends.
    for _ in 0..sent.len() {
        match sent.iter().find(|other| other.subject == last.issuer) {
            Some(issuer) if issuer.subject != issuer.issuer => last = issuer,
            Some(root) => return format!("the chain ends at “{}”, which is not among the trusted roots", root.subject),
            None => break,
        }
    }
    format!(
        "the chain ends at “{}”, which is no trusted root and whose certificate the server does not send; if that is an \
         intermediate, let the server send the full chain",
        last.issuer
    )
}
