//! What the command line says of servers whose TLS is wrong, over real sockets on this computer. The certificates are
//! made by `tests/data/tls/make.sh`.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use mxray::evidence::Failure;
use mxray::source::native::Transport;
use mxray::source::{Fetch, Request, Response};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

fn data(file: &str) -> Vec<u8> {
    std::fs::read(format!("tests/data/tls/{file}")).unwrap()
}

/// Serves over TLS with this chain on a free port: what `answer` writes once a request is there.
fn serve(chain: &[&str], answer: impl Fn(&mut dyn Write) + Send + 'static) -> u16 {
    let chain = chain.iter().map(|file| CertificateDer::from_pem_slice(&data(file)).unwrap()).collect();
    let key = PrivateKeyDer::from_pem_slice(&data("server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    listen(move |stream| {
        let mut stream = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream);
        if stream.read(&mut [0; 4096]).is_ok() {
            answer(&mut stream);
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    })
}

fn listen(handle: impl Fn(TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || listener.incoming().flatten().for_each(handle));
    port
}

fn fetch(url: String) -> Response {
    let fetch = Fetch::Body { follow_redirects: false };
    let transport = Transport::trusting(&data("root.pem")).unwrap();
    transport.fetch(&Request { id: 1, url, fetch, deadline: Duration::from_millis(3000), max_octets: 100 })
}

fn failure_with(chain: &[&str]) -> Failure {
    let port = serve(chain, |stream| stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap());
    match fetch(format!("https://localhost:{port}/")) {
        Response::Failed(failure) => failure,
        other => panic!("{chain:?}: {other:?}"),
    }
}

#[test]
fn what_is_wrong_with_a_certificate_is_told_exactly() {
    let cases: [(&[&str], &str); 10] = [
        (&["expired.pem"], "the certificate expired on 2025-12-31T23:59:59Z"),
        (&["future.pem"], "the certificate is not valid before 2125-01-01T00:00:00Z"),
        (&["other-name.pem"], "the certificate is not for localhost; it names acme.test, www.acme.test"),
        (&["nameless.pem"], "the certificate is not for localhost; it names no host (subject alternative names)"),
        (&["own.pem"], "the certificate is self-signed"),
        (&["own-authority.pem"], "the certificate is self-signed"),
        (&["purpose.pem"], "the certificate is not for web servers (extended key usage)"),
        (
            &["below.pem"],
            "the chain ends at “CN=Acme Test Intermediate”, which is no trusted root and whose certificate the server \
             does not send; if that is an intermediate, let the server send the full chain",
        ),
        (
            &["elsewhere.pem", "elsewhere-root.pem"],
            "the chain ends at “CN=Nobody’s Root”, which is not among the trusted roots",
        ),
        (&["authority.pem"], "the certificate is that of an authority (CA), which no server may use as its own"),
    ];
    for (chain, why) in cases {
        assert_eq!(failure_with(chain), Failure::Tls { why: why.into() }, "{chain:?}");
    }
}

#[test]
fn sound_chains_are_read() {
    for chain in [&["good.pem"][..], &["below.pem", "middle.pem"]] {
        let port = serve(chain, |stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok").unwrap();
        });
        let read = Response::Read { status: 200, content_type: Some("text/plain".into()), body: b"ok".to_vec() };
        assert_eq!(fetch(format!("https://localhost:{port}/")), read, "{chain:?}");
    }
}

#[test]
fn redirects_tell_status_and_target() {
    let port = serve(&["good.pem"], |stream| {
        stream.write_all(b"HTTP/1.1 308 Moved\r\nlocation: /there\r\ncontent-length: 0\r\n\r\n").unwrap();
    });
    let moved = Failure::Redirected { status: Some(308), to: Some("/there".into()) };
    assert_eq!(fetch(format!("https://localhost:{port}/")), Response::Failed(moved));
}

#[test]
fn what_is_wrong_before_tls_is_told_too() {
    let other = |why: &str| Response::Failed(Failure::Other { why: why.into() });
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(
        fetch(format!("https://localhost:{closed}/")),
        other("the connection was refused: nothing listens there")
    );
    let silent = listen(drop);
    let why = "the server closed the connection without an answer";
    assert_eq!(fetch(format!("https://localhost:{silent}/")), other(why));
    let plain = listen(|mut stream| {
        let _ = stream.write_all(b"220 mail.acme.test ESMTP\r\n").and_then(|()| stream.read(&mut [0; 1024]));
    });
    let why = "the server does not speak TLS on this port".into();
    assert_eq!(fetch(format!("https://localhost:{plain}/")), Response::Failed(Failure::Tls { why }));
    // RFC 6761 §6.4: no resolver finds a name below `invalid`.
    let why = "the host name does not resolve on this computer";
    assert_eq!(fetch("https://mta-sts.acme.invalid/".into()), other(why));
    let slow = listen(|_stream| thread::sleep(Duration::from_secs(10)));
    assert_eq!(fetch(format!("https://localhost:{slow}/")), Response::Failed(Failure::Timeout));
}

#[test]
fn what_comes_over_tls_is_bounded() {
    let large = serve(&["good.pem"], |stream| {
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 101\r\n\r\n")
            .and_then(|()| stream.write_all(&[b'x'; 101]));
    });
    assert_eq!(fetch(format!("https://localhost:{large}/")), Response::Failed(Failure::TooLarge { limit: 100 }));
    let header = serve(&["good.pem"], |stream| {
        let _ = stream.write_all(format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "y".repeat(100_000)).as_bytes());
    });
    let why = "the header of the answer is too large".into();
    assert_eq!(fetch(format!("https://localhost:{header}/")), Response::Failed(Failure::Other { why }));
    let garbage = serve(&["good.pem"], |stream| stream.write_all(b"220 hello\r\n\r\n").unwrap());
    let response = fetch(format!("https://localhost:{garbage}/"));
    assert!(
        matches!(&response, Response::Failed(Failure::Other { why }) if why.starts_with("the answer is no HTTP")),
        "{response:?}"
    );
}
