//! The caller's end: whom it speaks to, and what it says when it cannot.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use comity_exchange::ports::{Courier as _, CourierError, PouchState, RemoteHead, RemotePouch};
use comity_link::{CourierLimits, LinkLimits, Pin, Pins};
use comity_model::{AgreementId, ChannelId, Digest};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::{
    Key, MemorySpool, NOW, Node, Pair, Service, at, courier, courier_that_knows, in_memory, noise,
    party,
};

fn spool() -> Arc<MemorySpool> {
    Arc::default()
}

#[tokio::test]
async fn a_small_pouch_arrives() {
    let pair = Pair::new(LinkLimits::default()).await;
    let courier = pair.courier(&spool(), CourierLimits::default());
    for len in [1, 2, 70_000, 1 << 20] {
        let bytes = noise(len);
        courier.deliver(party("mx"), &in_memory(&bytes)).await.unwrap();
        let received = pair.node.service.received().last().copied();
        assert_eq!(received, Some((party("us"), Digest::of(&bytes), len as u64)));
    }
}

#[tokio::test]
async fn a_server_with_another_partys_key_is_not_spoken_to() {
    let (us, mx, gt) = (Key::new(), Key::new(), Key::new());
    // At the address of mx answers gt, which is a confirmed party with a pinned key of its own.
    let node = Node::start(&gt, [us.pin("us")], Service::default(), LinkLimits::default()).await;
    let pins = [mx.pin("mx"), gt.pin("gt")];
    let addresses = [("mx", &node.address), ("gt", &node.address)];
    let courier = courier(&us, pins, addresses, &spool(), CourierLimits::default());
    let pouch = in_memory(&noise(10));
    assert_eq!(courier.deliver(party("mx"), &pouch).await, Err(CourierError::WrongKey));
    assert!(node.service.received().is_empty());
    assert_eq!(courier.deliver(party("gt"), &pouch).await, Ok(()));
}

#[tokio::test]
async fn a_server_with_an_unknown_or_expired_key_is_not_spoken_to() {
    let pair = Pair::new(LinkLimits::default()).await;
    let pouch = in_memory(&noise(10));
    let expired = Pin { not_after: at(NOW), ..pair.mx.pin("mx") };
    for pins in [vec![], vec![Key::new().pin("mx")], vec![expired]] {
        let addresses = [("mx", &pair.node.address)];
        let courier = courier(&pair.us, pins, addresses, &spool(), CourierLimits::default());
        assert_eq!(courier.deliver(party("mx"), &pouch).await, Err(CourierError::WrongKey));
    }
    assert!(pair.node.service.received().is_empty());
}

#[tokio::test]
async fn a_key_that_is_no_longer_pinned_is_not_spoken_to_on_an_open_connection() {
    let pair = Pair::new(LinkLimits::default()).await;
    let (pins, addresses) = (Pins::new(), [("mx", &pair.node.address)]);
    pins.replace([pair.mx.pin("mx")]);
    let courier =
        courier_that_knows(&pins, &pair.us, addresses, &spool(), CourierLimits::default());
    assert_eq!(courier.deliver(party("mx"), &in_memory(&noise(10))).await, Ok(()));
    pins.replace([Key::new().pin("mx")]);
    let refused = courier.deliver(party("mx"), &in_memory(&noise(20))).await;
    assert_eq!(refused, Err(CourierError::WrongKey));
    assert_eq!(pair.node.service.received().len(), 1);
}

#[tokio::test]
async fn a_partner_that_does_not_know_our_key_is_named_as_such() {
    let pair = Pair::new(LinkLimits::default()).await;
    let addresses = [("mx", &pair.node.address)];
    let pins = [pair.mx.pin("mx")];
    let courier = courier(&Key::new(), pins, addresses, &spool(), CourierLimits::default());
    let refused = courier.deliver(party("mx"), &in_memory(&noise(10))).await;
    assert_eq!(refused, Err(CourierError::Refused("link-key-unknown".to_owned())));
}

#[tokio::test]
async fn a_silent_address_is_passed_over_for_the_next() {
    let pair = Pair::new(LinkLimits::default()).await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
    let mute = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mute_address = mute.local_addr().unwrap().to_string();
    let limits = CourierLimits { handshake: Duration::from_millis(50), ..CourierLimits::default() };
    let pins = || [pair.mx.pin("mx")];
    let pouch = in_memory(&noise(10));
    let addresses = [("mx", &closed), ("mx", &mute_address)];
    let nobody = courier(&pair.us, pins(), addresses, &spool(), limits);
    let error = nobody.deliver(party("mx"), &pouch).await.unwrap_err();
    assert!(
        matches!(&error, CourierError::Unreachable(text) if text.contains(&mute_address)),
        "{error}"
    );
    let addresses = [("mx", &closed), ("mx", &mute_address), ("mx", &pair.node.address)];
    let third = courier(&pair.us, pins(), addresses, &spool(), limits);
    assert_eq!(third.deliver(party("mx"), &pouch).await, Ok(()));
    let unknown = third.deliver(party("gt"), &pouch).await.unwrap_err();
    assert_eq!(unknown.code(), "local");
}

#[tokio::test]
async fn heads_and_states_come_as_the_partner_says_them() {
    let pair = Pair::new(LinkLimits::default()).await;
    let courier = pair.courier(&spool(), CourierLimits::default());
    let agreement: AgreementId = "agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".parse().unwrap();
    let channel = ChannelId { agreement, epoch: 2, from: party("us"), to: party("mx") };
    let none = courier.head(party("mx"), channel).await;
    assert_eq!(none, Err(CourierError::Refused("not-found".to_owned())));
    let head = RemoteHead {
        epoch: 2,
        next: 1,
        digest: Some(Digest::of(b"0")),
        cosigned: Some("note\n".to_owned()),
        waiting: 0,
    };
    pair.node.service.heads.lock().unwrap().insert((party("us"), agreement, 2), head.clone());
    assert_eq!(courier.head(party("mx"), channel).await, Ok(head));

    let pouch = in_memory(&noise(10));
    let unknown = RemotePouch { state: PouchState::Unknown, code: None };
    assert_eq!(courier.status(party("mx"), pouch.digest).await, Ok(unknown));
    courier.deliver(party("mx"), &pouch).await.unwrap();
    let refused = RemotePouch { state: PouchState::Refused, code: Some("not-for-us".to_owned()) };
    assert_eq!(courier.status(party("mx"), pouch.digest).await, Ok(refused));
}

#[tokio::test]
async fn many_deliveries_share_three_connections() {
    let limits = LinkLimits { connections: 3, ..LinkLimits::default() };
    let pair = Pair::new(limits).await;
    let courier = Arc::new(pair.courier(&spool(), CourierLimits::default()));
    let deliveries: Vec<_> = (1..=30)
        .map(|len| {
            let courier = Arc::clone(&courier);
            tokio::spawn(async move { courier.deliver(party("mx"), &in_memory(&noise(len))).await })
        })
        .collect();
    for delivery in deliveries {
        assert_eq!(delivery.await.unwrap(), Ok(()));
    }
    assert_eq!(pair.node.service.received().len(), 30);
}

#[tokio::test]
async fn a_connection_that_ended_while_idle_is_replaced_unseen() {
    let limits = LinkLimits { idle: Duration::from_millis(50), ..LinkLimits::default() };
    let pair = Pair::new(limits).await;
    let courier = pair.courier(&spool(), CourierLimits::default());
    for len in [10, 20] {
        assert_eq!(courier.deliver(party("mx"), &in_memory(&noise(len))).await, Ok(()));
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
}

#[tokio::test]
async fn a_courier_cannot_show_a_key_that_is_not_the_certificates() {
    let (one, other) = (Key::new(), Key::new());
    let mixed = Key { certificate: one.certificate, pkcs8: other.pkcs8, spki: one.spki };
    let nowhere = "127.0.0.1:1".to_owned();
    let courier = courier(&mixed, [], [("mx", &nowhere)], &spool(), CourierLimits::default());
    let error = courier.deliver(party("mx"), &in_memory(&noise(1))).await.unwrap_err();
    assert_eq!(error.code(), "local");
}

async fn tls_listener(key: &Key) -> (TcpListener, TlsAcceptor) {
    let certificate = CertificateDer::from(key.certificate.clone());
    let pkcs8 = PrivatePkcs8KeyDer::from(key.pkcs8.clone());
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], pkcs8.into())
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    (listener, TlsAcceptor::from(Arc::new(config)))
}

/// A server with the partner's key that answers every request with the same bytes.
async fn parrot(key: &Key, answer: Vec<u8>) -> String {
    let (listener, acceptor) = tls_listener(key).await;
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        for _ in 0..8 {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = acceptor.accept(stream).await.unwrap();
            let mut request = [0; 16 << 10];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        }
    });
    address
}

#[tokio::test]
async fn an_answer_outside_the_protocol_is_the_partners_fault() {
    let (us, mx) = (Key::new(), Key::new());
    let json = |body: &str| {
        let len = body.len();
        format!("HTTP/1.1 200 OK\r\nContent-Length: {len}\r\n\r\n{body}").into_bytes()
    };
    let answers = [
        b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(),
        json("{}"),
        json(r#"{"state":"received","more":1}"#),
        json(r#"{"state":"refused","code":"\u001b[2J"}"#),
        json(&"[".repeat(60_000)),
        json(&format!(r#"{{"state":"received"{}}}"#, " ".repeat(64 << 10))),
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}".to_vec(),
    ];
    for answer in answers {
        let shown = String::from_utf8_lossy(&answer[..answer.len().min(80)]).into_owned();
        let address = parrot(&mx, answer).await;
        let courier =
            courier(&us, [mx.pin("mx")], [("mx", &address)], &spool(), CourierLimits::default());
        let error = courier.status(party("mx"), Digest::of(b"pouch")).await.unwrap_err();
        assert_eq!(error.code(), "partner-protocol", "{shown}: {error}");
    }
}

/// A server with the partner's key that answers one request on each connection and closes at the next one.
async fn fickle(key: &Key) -> (String, Arc<AtomicUsize>) {
    let (listener, acceptor) = tls_listener(key).await;
    let address = listener.local_addr().unwrap().to_string();
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    tokio::spawn(async move {
        for _ in 0..4 {
            let (stream, _) = listener.accept().await.unwrap();
            count.fetch_add(1, Ordering::SeqCst);
            let mut stream = acceptor.accept(stream).await.unwrap();
            let mut request = [0; 16 << 10];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").await;
            let _ = stream.flush().await;
            let _ = stream.read(&mut request).await;
        }
    });
    (address, connections)
}

#[tokio::test]
async fn a_connection_that_ends_under_a_request_is_replaced_unseen() {
    let (us, mx) = (Key::new(), Key::new());
    let (address, connections) = fickle(&mx).await;
    let courier =
        courier(&us, [mx.pin("mx")], [("mx", &address)], &spool(), CourierLimits::default());
    for _ in 0..3 {
        let status = courier.status(party("mx"), Digest::of(b"pouch")).await.unwrap();
        assert_eq!(status.state, PouchState::Unknown);
    }
    assert_eq!(connections.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn an_offset_outside_the_pouch_is_the_partners_fault() {
    let (us, mx) = (Key::new(), Key::new());
    for offset in ["11", "-1", "18446744073709551616", "x"] {
        let answer = format!(
            "HTTP/1.1 409 Conflict\r\nComity-Offset: {offset}\r\nContent-Length: 0\r\n\r\n"
        );
        let address = parrot(&mx, answer.into_bytes()).await;
        let courier =
            courier(&us, [mx.pin("mx")], [("mx", &address)], &spool(), CourierLimits::default());
        let error = courier.deliver(party("mx"), &in_memory(&noise(10))).await.unwrap_err();
        assert_eq!(error.code(), "partner-protocol", "{offset}: {error}");
    }
}

#[tokio::test]
async fn a_partner_that_names_offsets_for_ever_is_left() {
    let (us, mx) = (Key::new(), Key::new());
    let answer = b"HTTP/1.1 409 Conflict\r\nComity-Offset: 3\r\nContent-Length: 0\r\n\r\n";
    let address = parrot(&mx, answer.to_vec()).await;
    let courier =
        courier(&us, [mx.pin("mx")], [("mx", &address)], &spool(), CourierLimits::default());
    let error = courier.deliver(party("mx"), &in_memory(&noise(10))).await.unwrap_err();
    assert_eq!(error.code(), "partner-protocol");
}
