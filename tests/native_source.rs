//! The command line's transport against real sockets on this computer.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use mxray::checks::Options;
use mxray::dns::RecordType;
use mxray::evidence::{Evidence, Failure, Lookup};
use mxray::name::DomainName;
use mxray::source::native::{self, Transport};
use mxray::source::{Fetch, Request, Response, Settings};

/// Serves on a free port: each connection is handed to `handle` with the head of each request on it.
fn serve(handle: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let handle = Arc::new(handle);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let handle = Arc::clone(&handle);
            thread::spawn(move || {
                let (mut head, mut octet) = (Vec::new(), [0]);
                while stream.read(&mut octet).is_ok_and(|read| read == 1) {
                    head.push(octet[0]);
                    if head.ends_with(b"\r\n\r\n") {
                        handle(&String::from_utf8_lossy(&head), &mut stream);
                        head.clear();
                    }
                }
            });
        }
    });
    port
}

fn send(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}

/// A DNS over HTTPS server (without the S) that knows one TXT record and denies the rest.
fn resolver() -> (u16, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let port = serve(move |head, stream| {
        count.fetch_add(1, Ordering::Relaxed);
        assert!(head.to_ascii_lowercase().contains("accept: application/dns-message\r\n"), "{head}");
        let query = from_base64url(head.split_once("dns=").unwrap().1.split(' ').next().unwrap());
        send(stream, "200 OK", "content-type: application/dns-message\r\n", &reply(&query));
    });
    (port, asked)
}

fn reply(query: &[u8]) -> Vec<u8> {
    let end = query.iter().skip(12).position(|&octet| octet == 0).unwrap() + 12 + 5;
    let is_known = query[12..end] == *b"\x04acme\x04test\x00\x00\x10\x00\x01";
    let mut message = vec![0, 0, 0x81, if is_known { 0x80 } else { 0x83 }, 0, 1, 0, u8::from(is_known), 0, 0, 0, 0];
    message.extend(&query[12..end]);
    if is_known {
        message.extend(b"\xC0\x0C\x00\x10\x00\x01\x00\x00\x01\x2C\x00\x0C\x0Bv=spf1 -all");
    }
    message
}

fn from_base64url(text: &str) -> Vec<u8> {
    let (mut bits, mut count, mut octets) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        bits = bits << 6 | u32::try_from(alphabet.iter().position(|&known| known == letter).unwrap()).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            octets.push((bits >> count & 0xFF) as u8);
        }
    }
    octets
}

/// A port on which nobody listens.
fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn check(resolvers: &[u16]) -> Evidence {
    let resolvers = resolvers.iter().map(|port| format!("http://127.0.0.1:{port}/dns-query")).collect();
    let settings = Settings { resolvers, ..Settings::default() };
    let mut calls = 0;
    let domain = DomainName::parse("acme.test").unwrap();
    let (assessment, evidence) =
        native::run(domain, Options::default(), settings, Evidence::new(), native::now(), |_| calls += 1);
    assert!(calls >= 2 && assessment.wanted.is_empty(), "{calls} calls, wanted: {:?}", assessment.wanted);
    evidence
}

fn spf_is_found(evidence: &Evidence) -> bool {
    let name = DomainName::parse("acme.test").unwrap();
    matches!(evidence.look_up(&name, RecordType::TXT), Lookup::Found(_))
}

#[test]
fn a_check_over_real_sockets() {
    let (port, asked) = resolver();
    let evidence = check(&[port]);
    assert!(spf_is_found(&evidence));
    assert_eq!(asked.load(Ordering::Relaxed), evidence.dns().count(), "each question once");
}

#[test]
fn a_refusing_resolver_is_passed_over() {
    let (port, _) = resolver();
    assert!(spf_is_found(&check(&[closed_port(), port])));
}

#[test]
fn a_silent_resolver_is_passed_over_after_its_deadline() {
    let silent = serve(|_, _| thread::sleep(Duration::from_secs(60)));
    let (port, _) = resolver();
    let started = Instant::now();
    assert!(spf_is_found(&check(&[silent, port])));
    let took = started.elapsed();
    assert!(took >= Duration::from_secs(2) && took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn all_dead_ends_in_failures() {
    let evidence = check(&[closed_port(), closed_port()]);
    let name = DomainName::parse("acme.test").unwrap();
    let lookup = evidence.look_up(&name, RecordType::TXT);
    assert!(matches!(lookup, Lookup::Failed(Failure::Other { why }) if why.contains("refused")), "{lookup:?}");
}

/// Fetches a body of at most 100 octets without following redirects.
fn fetch(url: String) -> Response {
    let fetch = Fetch::Body { follow_redirects: false };
    Transport::new().fetch(&Request { id: 1, url, fetch, deadline: Duration::from_millis(700), max_octets: 100 })
}

#[test]
fn bodies_and_what_can_go_wrong_with_them() {
    let port = serve(|head, stream| {
        let path = head.split(' ').nth(1).unwrap_or_default();
        match path {
            "/good" => send(stream, "200 OK", "content-type: text/plain\r\n", b"version: STSv1"),
            "/missing" => send(stream, "404 Not Found", "content-type: text/html\r\n", b"<h1>no"),
            "/moved" => send(stream, "301 Moved", "location: https://elsewhere.test/\r\n", b""),
            "/exact" => send(stream, "200 OK", "", &[b'x'; 100]),
            "/large" => send(stream, "200 OK", "", &[b'x'; 101]),
            "/slow" => {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nx");
                thread::sleep(Duration::from_secs(5));
            }
            _ => {}
        }
    });
    let at = |path: &str| fetch(format!("http://127.0.0.1:{port}{path}"));
    let read = |status, content_type: Option<&str>, body: &[u8]| Response::Read {
        status,
        content_type: content_type.map(str::to_owned),
        body: body.to_vec(),
    };
    assert_eq!(at("/good"), read(200, Some("text/plain"), b"version: STSv1"));
    assert_eq!(at("/missing"), read(404, Some("text/html"), b"<h1>no"));
    let moved = Failure::Redirected { status: Some(301), to: Some("https://elsewhere.test/".into()) };
    assert_eq!(at("/moved"), Response::Failed(moved));
    assert_eq!(at("/exact"), read(200, None, &[b'x'; 100]));
    assert_eq!(at("/large"), Response::Failed(Failure::TooLarge { limit: 100 }));
    let started = Instant::now();
    assert_eq!(at("/slow"), Response::Failed(Failure::Timeout));
    assert!(started.elapsed() < Duration::from_secs(3), "the deadline covers the body");

    // A server that speaks no TLS.
    let garbage = TcpListener::bind("127.0.0.1:0").unwrap();
    let tls_port = garbage.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut stream in garbage.incoming().flatten() {
            let _ = stream.write_all(b"220 mx.acme.test ESMTP\r\n");
            let _ = stream.read(&mut [0; 1024]);
        }
    });
    let response = fetch(format!("https://127.0.0.1:{tls_port}/"));
    assert!(matches!(response, Response::Failed(Failure::Tls { .. })), "{response:?}");
    let response = fetch(format!("http://127.0.0.1:{}/", closed_port()));
    assert!(matches!(response, Response::Failed(Failure::Other { .. })), "{response:?}");
}

#[test]
fn roots_come_from_pem_or_not_at_all() {
    assert!(Transport::trusting(b"no certificate in here").is_none());
}
