//! Who is let in, and how.

use std::sync::Arc;
use std::time::Duration;

use comity_link::LinkLimits;
use rcgen::date_time_ymd;
use rustls::client::{ResolvesClientCert, Resumption};
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::sign::CertifiedKey;
use rustls::{HandshakeKind, NamedGroup, SignatureScheme};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{Key, NOW, Node, PATIENCE, Pair, Raw, Service, YEAR, raw, until};

#[tokio::test]
async fn a_stranger_is_dropped_in_the_handshake_and_journalled_sparingly() {
    let limits = LinkLimits { strangers: Duration::from_millis(300), ..LinkLimits::default() };
    let pair = Pair::new(limits).await;
    for _ in 0..4 {
        assert!(Raw::connect(&pair.node.address, Some(&Key::new())).await.is_err());
    }
    let reports = || pair.node.service.strangers.lock().unwrap().clone();
    until("every stranger is in a report", || reports().iter().sum::<u64>() == 4).await;
    assert!(reports().len() <= 2, "one report at once and one after the time: {:?}", reports());
    assert!(pair.raw().await.ask_head("/").await.is_ok(), "a partner still gets in");
    pair.node.stop().await;
}

#[tokio::test]
async fn nobody_gets_in_without_a_certificate() {
    let pair = Pair::new(LinkLimits::default()).await;
    assert!(Raw::connect(&pair.node.address, None).await.is_err());
}

/// A key that signs, beside a certificate of somebody else.
#[derive(Debug)]
struct Copied(Arc<CertifiedKey>);

impl ResolvesClientCert for Copied {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn a_copied_certificate_without_its_key_lets_nobody_in() {
    let pair = Pair::new(LinkLimits::default()).await;
    let thief = Key::new();
    let key = any_supported_type(&PrivatePkcs8KeyDer::from(thief.pkcs8.clone()).into()).unwrap();
    let certificate = CertificateDer::from(pair.us.certificate.clone());
    let mut tls = raw::tls(Some(&thief));
    let copied = Copied(Arc::new(CertifiedKey::new(vec![certificate], key)));
    tls.client_auth_cert_resolver = Arc::new(copied);
    assert!(Raw::connect_with(&pair.node.address, tls).await.is_err());
}

#[tokio::test]
async fn only_the_key_of_a_certificate_counts() {
    let expired = Key::with(|params| {
        params.not_before = date_time_ymd(1990, 1, 1);
        params.not_after = date_time_ymd(1990, 1, 2);
        params.subject_alt_names = Vec::new();
    });
    let pins = [expired.pin("us")];
    let node = Node::start(&Key::new(), pins, Service::default(), LinkLimits::default()).await;
    assert!(Raw::connect(&node.address, Some(&expired)).await.is_ok());
}

#[tokio::test]
async fn a_pin_that_ends_shuts_out_new_and_open_connections() {
    let pair = Pair::new(LinkLimits::default()).await;
    let mut open = pair.raw().await;
    pair.node.clock.put(NOW + YEAR);
    assert!(Raw::connect(&pair.node.address, Some(&pair.us)).await.is_err());
    let reply = open.ask("GET / HTTP/1.1\r\n\r\n").await.unwrap();
    assert_eq!((reply.status, reply.code().as_str()), (403, "link-key-unknown"));
    open.closed().await;
}

#[tokio::test]
async fn a_replaced_set_of_pins_holds_on_open_connections() {
    let pair = Pair::new(LinkLimits::default()).await;
    let mut open = pair.raw().await;
    pair.node.pins.replace([pair.us.pin("another")]);
    assert_eq!(open.ask("GET / HTTP/1.1\r\n\r\n").await.unwrap().status, 403);
    pair.node.pins.replace([]);
    assert!(Raw::connect(&pair.node.address, Some(&pair.us)).await.is_err());
}

#[tokio::test]
async fn the_key_exchange_is_hybrid_and_no_session_is_resumed() {
    let pair = Pair::new(LinkLimits::default()).await;
    let mut tls = raw::tls(Some(&pair.us));
    tls.resumption = Resumption::in_memory_sessions(8);
    for _ in 0..2 {
        let connection = Raw::connect_with(&pair.node.address, tls.clone()).await.unwrap();
        let (_, state) = connection.0.get_ref();
        let group = state.negotiated_key_exchange_group().unwrap().name();
        assert_eq!(group, NamedGroup::X25519MLKEM768);
        assert_ne!(state.handshake_kind(), Some(HandshakeKind::Resumed));
    }
}

/// A hello that offers TLS 1.2 and nothing newer: two suites, P-256, ECDSA with SHA-256.
fn old_hello() -> Vec<u8> {
    let extensions: &[&[u8]] = &[
        &[0x00, 0x0a, 0x00, 0x04, 0x00, 0x02, 0x00, 0x17],
        &[0x00, 0x0b, 0x00, 0x02, 0x01, 0x00],
        &[0x00, 0x0d, 0x00, 0x04, 0x00, 0x02, 0x04, 0x03],
    ];
    let extensions = extensions.concat();
    let mut hello = vec![0x03, 0x03];
    hello.extend([7; 32]);
    hello.extend([0x00, 0x00, 0x04, 0xc0, 0x2b, 0xc0, 0x2c, 0x01, 0x00]);
    hello.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
    hello.extend(extensions);
    let mut message = vec![0x01, 0x00];
    message.extend(u16::try_from(hello.len()).unwrap().to_be_bytes());
    message.extend(hello);
    let mut record = vec![0x16, 0x03, 0x01];
    record.extend(u16::try_from(message.len()).unwrap().to_be_bytes());
    record.extend(message);
    record
}

#[tokio::test]
async fn tls_1_2_is_refused() {
    const FATAL_PROTOCOL_VERSION: [u8; 7] = [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 70];
    let pair = Pair::new(LinkLimits::default()).await;
    let mut stream = TcpStream::connect(&pair.node.address).await.unwrap();
    stream.write_all(&old_hello()).await.unwrap();
    let mut alert = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut alert)).await.expect("an end in time").unwrap();
    assert_eq!(alert, FATAL_PROTOCOL_VERSION);
}

#[tokio::test]
async fn whoever_does_not_shake_hands_in_time_is_dropped() {
    let limits = LinkLimits {
        handshake: Duration::from_millis(100),
        handshakes: 1,
        ..LinkLimits::default()
    };
    let pair = Pair::new(limits).await;
    let mut silent = TcpStream::connect(&pair.node.address).await.unwrap();
    let waiting = pair.raw();
    let mut nothing = Vec::new();
    let (end, _) = tokio::join!(timeout(PATIENCE, silent.read_to_end(&mut nothing)), waiting);
    assert!(end.is_ok(), "the silent connection is closed and the next one has its turn");
}
