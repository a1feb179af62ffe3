//! Section 8.2.2 of TAXII 2.1 over a real socket: which versions and suites of TLS are spoken.

use std::sync::Arc;

use rustls::version::{TLS12, TLS13};
use rustls::{ClientConnection, ProtocolVersion};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsConnector;

use super::{Desk, TcpStream, pem, private};
use crate::support::{Key, any_server};

/// A node that serves TAXII over TLS.
async fn over_tls() -> Desk {
    let server = Key::new();
    Desk::with("tls = { certificate = \"t.pem\", key = \"t.key\" }\n", |data| {
        std::fs::write(data.join("t.pem"), pem("CERTIFICATE", &server.certificate)).unwrap();
        private(&data.join("t.key"), &pem("PRIVATE KEY", &server.pkcs8));
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_2_2_requests_come_over_tls_1_2_and_1_3_with_good_suites_alone() {
    let desk = over_tls().await;
    for (version, wanted) in
        [(&TLS12, ProtocolVersion::TLSv1_2), (&TLS13, ProtocolVersion::TLSv1_3)]
    {
        let config = any_server(&[version]).with_no_client_auth();
        let stream = TcpStream::connect(("127.0.0.1", desk.port)).await.unwrap();
        let connector = TlsConnector::from(Arc::new(config));
        let mut stream = connector.connect("any".try_into().unwrap(), stream).await.unwrap();
        let (_, spoken) = stream.get_ref();
        assert_eq!(spoken.protocol_version(), Some(wanted));
        let suite = format!("{:?}", spoken.negotiated_cipher_suite().unwrap().suite());
        let seals = suite.contains("GCM") || suite.contains("CHACHA20_POLY1305");
        assert!(seals, "{suite}: RFC 9113 appendix A lists what does not");
        assert!(wanted == ProtocolVersion::TLSv1_3 || suite.contains("ECDHE"), "{suite}");
        let ask = b"GET /taxii2/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        stream.write_all(ask).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert!(answer.starts_with(b"HTTP/1.1 401 "), "{}", String::from_utf8_lossy(&answer));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_2_2_no_early_data_is_taken() {
    let desk = over_tls().await;
    let mut config = any_server(&[&TLS13]).with_no_client_auth();
    config.enable_early_data = true;
    let config = Arc::new(config);
    let connector = TlsConnector::from(Arc::clone(&config));
    let mut resumed = false;
    for _ in 0..2 {
        // what a client knows from before decides what it may send before the handshake ends
        let mut early =
            ClientConnection::new(Arc::clone(&config), "any".try_into().unwrap()).unwrap();
        assert!(early.early_data().is_none());
        let stream = TcpStream::connect(("127.0.0.1", desk.port)).await.unwrap();
        let mut stream = connector.connect("any".try_into().unwrap(), stream).await.unwrap();
        let ask = b"GET /taxii2/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        stream.write_all(ask).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert!(answer.starts_with(b"HTTP/1.1 401 "), "{}", String::from_utf8_lossy(&answer));
        let (_, spoken) = stream.get_ref();
        resumed |= spoken.handshake_kind() == Some(rustls::HandshakeKind::Resumed);
    }
    assert!(resumed, "only who comes again could send early data");
}
