//! The closed set of requests, and whose answers they are.

use std::time::Duration;

use comity_exchange::ports::RemoteHead;
use comity_link::{LinkFault, LinkLimits, Route};
use comity_model::{AgreementId, Digest};

use crate::support::{Key, Node, Pair, Raw, Service, noise, party};

const AGREEMENT: &str = "5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11";

#[tokio::test]
async fn there_is_nothing_on_the_link_but_four_requests() {
    let pair = Pair::new(LinkLimits::default()).await;
    let bytes = noise(10);
    let pouch = Route::Pouch(Digest::of(&bytes)).to_string();
    let mut raw = pair.raw().await;
    assert_eq!(raw.put(&pouch, "bytes 0-9/10", &bytes).await.unwrap().status, 202);
    let status = raw.ask(format!("GET {pouch} HTTP/1.1\r\n\r\n")).await.unwrap();
    assert_eq!(status.status, 200, "this is one of the four");
    let head = format!("/link/v1/channels/{AGREEMENT}.1/head");
    let requests = [
        ("GET", "/".to_owned()),
        ("GET", "/link/v1/pouches".to_owned()),
        ("GET", "/link/v1/channels".to_owned()),
        ("GET", "/healthz".to_owned()),
        ("GET", "/metrics".to_owned()),
        ("GET", "/taxii2/".to_owned()),
        ("GET", format!("{pouch}?download=1")),
        ("GET", format!("https://any{pouch}")),
        ("POST", pouch.clone()),
        ("DELETE", pouch.clone()),
        ("PATCH", pouch.clone()),
        ("OPTIONS", pouch.clone()),
        ("TRACE", pouch.clone()),
        ("PUT", head.clone()),
        ("DELETE", head.clone()),
        ("POST", "/link/v1/query".to_owned()),
    ];
    for (method, path) in requests {
        let mut raw = pair.raw().await;
        let reply = raw.ask(format!("{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n")).await.unwrap();
        assert_eq!((reply.status, reply.code().as_str()), (404, "not-found"), "{method} {path}");
    }
    assert_eq!(pair.node.service.received().len(), 1);
}

#[tokio::test]
async fn the_head_is_of_the_callers_own_channel_only() {
    let (us, gt, mx) = (Key::new(), Key::new(), Key::new());
    let service = Service::default();
    let agreement: AgreementId = format!("agreement--{AGREEMENT}").parse().unwrap();
    let head = RemoteHead {
        epoch: 1,
        next: 7,
        digest: Some(Digest::of(b"statement 6")),
        cosigned: None,
        waiting: 2,
    };
    service.heads.lock().unwrap().insert((party("us"), agreement, 1), head.clone());
    let pins = [us.pin("us"), gt.pin("gt")];
    let node = Node::start(&mx, pins, service, LinkLimits::default()).await;
    let request = format!("GET /link/v1/channels/{AGREEMENT}.1/head HTTP/1.1\r\n\r\n");
    let mut own = Raw::connect(&node.address, Some(&us)).await.unwrap();
    let reply = own.ask(&request).await.unwrap();
    assert_eq!((reply.status, reply.field("content-type")), (200, Some("application/json")));
    assert_eq!(serde_json::from_slice::<RemoteHead>(&reply.body).unwrap(), head);
    let mut other = Raw::connect(&node.address, Some(&gt)).await.unwrap();
    assert_eq!(other.ask(&request).await.unwrap().status, 404);
}

#[tokio::test]
async fn what_became_of_a_pouch_is_told_only_to_whom_delivered_it() {
    let (us, gt, mx) = (Key::new(), Key::new(), Key::new());
    let pins = [us.pin("us"), gt.pin("gt")];
    let node = Node::start(&mx, pins, Service::default(), LinkLimits::default()).await;
    let bytes = noise(100);
    let path = Route::Pouch(Digest::of(&bytes)).to_string();
    let mut own = Raw::connect(&node.address, Some(&us)).await.unwrap();
    assert_eq!(own.put(&path, "bytes 0-99/100", &bytes).await.unwrap().status, 202);
    let status = own.ask(format!("GET {path} HTTP/1.1\r\n\r\n")).await.unwrap();
    assert_eq!(status.body, br#"{"state":"refused","code":"not-for-us"}"#);
    let state = own.ask_head(&path).await.unwrap();
    assert_eq!((state.offset(), state.field("comity-state")), (Some(100), Some("refused")));
    let mut other = Raw::connect(&node.address, Some(&gt)).await.unwrap();
    assert_eq!(other.ask(format!("GET {path} HTTP/1.1\r\n\r\n")).await.unwrap().status, 404);
    assert_eq!(other.ask_head(&path).await.unwrap().field("comity-state"), Some("unknown"));
}

#[tokio::test]
async fn a_header_has_bounds() {
    let pair = Pair::new(LinkLimits::default()).await;
    let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(9 << 10));
    assert_eq!(pair.raw().await.ask(long).await.unwrap().status, 431);
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X: x\r\n".repeat(33));
    assert_eq!(pair.raw().await.ask(many).await.unwrap().status, 431);
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let limits = LinkLimits { idle: Duration::from_millis(100), ..LinkLimits::default() };
    let pair = Pair::new(limits).await;
    pair.raw().await.closed().await;
    let mut slow = pair.raw().await;
    slow.write("GET / HT").await.unwrap();
    slow.closed().await;
}

#[tokio::test]
async fn an_old_connection_is_closed_after_its_request() {
    let limits = LinkLimits { age: Duration::from_millis(100), ..LinkLimits::default() };
    let pair = Pair::new(limits).await;
    pair.raw().await.closed().await;
}

#[tokio::test]
async fn a_failing_node_says_only_that_it_fails() {
    let pair = Pair::new(LinkLimits::default()).await;
    let secret = LinkFault::Failed("cannot open /var/lib/comity/comity.db".to_owned());
    *pair.node.service.fault.lock().unwrap() = Some(secret);
    let bytes = noise(10);
    let path = Route::Pouch(Digest::of(&bytes)).to_string();
    let mut raw = pair.raw().await;
    let reply = raw.put(&path, "bytes 0-9/10", &bytes).await.unwrap();
    assert_eq!((reply.status, reply.code().as_str()), (500, "node-failed"));
    assert!(!String::from_utf8(reply.body).unwrap().contains("comity.db"));
    // The bytes are here; the same last range again is enough.
    assert_eq!(raw.put(&path, "bytes 9-9/10", &bytes[9..]).await.unwrap().status, 202);
    assert_eq!(pair.node.service.received().len(), 1);
}
