//! How the listener behaves towards those who dawdle, and that no party has anything to show it.

use std::time::Duration;

use comity_api::ApiLimits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{PATIENCE, start};

async fn is_closed(mut stream: TcpStream) -> bool {
    let mut rest = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut rest)).await.is_ok()
}

#[tokio::test]
async fn whoever_dawdles_is_cut_and_makes_room() {
    let limits =
        ApiLimits { connections: 2, idle: Duration::from_millis(100), ..ApiLimits::default() };
    let node = start(false, limits, &[]).await;
    let mut dawdlers = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(&node.address).await.unwrap();
        stream.write_all(b"GET /healthz HT").await.unwrap();
        dawdlers.push(stream);
    }
    assert_eq!(node.get("/healthz", "").await.status, 200, "its turn comes");
    for dawdler in dawdlers {
        assert!(is_closed(dawdler).await);
    }
}

#[tokio::test]
async fn a_header_has_bounds() {
    let node = start(false, ApiLimits::default(), &[]).await;
    let long = format!("X: {}\r\n", "x".repeat(17 << 10));
    assert_eq!(node.get("/healthz", &long).await.status, 431);
    assert_eq!(node.get("/healthz", &"X: x\r\n".repeat(65)).await.status, 431);
}

#[tokio::test]
async fn the_listener_ends_when_it_is_asked() {
    let limits = ApiLimits { farewell: Duration::from_millis(100), ..ApiLimits::default() };
    let node = start(false, limits, &[]).await;
    let mut open = TcpStream::connect(&node.address).await.unwrap();
    open.write_all(b"GET /healthz HT").await.unwrap();
    node.stop.send(true).unwrap();
    timeout(PATIENCE, node.task).await.expect("it ends").unwrap();
    assert!(is_closed(open).await);
}

/// no-foothold: what a party holds is a link key, and there is nobody here to show it to.
#[tokio::test]
async fn no_foothold_a_tls_hello_gets_no_handshake() {
    let node = start(false, ApiLimits::default(), &[]).await;
    let mut stream = TcpStream::connect(&node.address).await.unwrap();
    let hello = [&[0x16, 0x03, 0x01, 0x00, 0x2e, 0x01, 0x00, 0x00, 0x2a, 0x03, 0x03][..], &[7; 40]]
        .concat();
    stream.write_all(&hello).await.unwrap();
    let mut answer = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("it is closed").unwrap();
    assert_ne!(answer.first(), Some(&0x16), "a server's hello");
}

/// no-foothold: the crate cannot come to know a link key, because it depends on nothing that has them.
#[test]
fn no_foothold_the_listeners_depend_on_no_link_and_no_keys() {
    let manifest = include_str!("../../Cargo.toml");
    let (product, _) = manifest.split_once("[dev-dependencies]").expect("a manifest");
    for name in ["comity-link", "comity-pouch", "comity-store"] {
        assert!(!product.contains(name), "{name}");
    }
}
