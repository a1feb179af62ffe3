//! A partner gets its share and not more.

use std::time::Duration;

use comity_link::{LinkLimits, Route};
use comity_model::Digest;

use crate::support::raw::put_header;
use crate::support::{Key, Node, Pair, Raw, Service, noise, until};

/// Bytes that are sent at the beginning: more than are kept in memory.
const BEGUN: usize = 1_500_000;

fn limits() -> LinkLimits {
    LinkLimits { small: 1_000, ..LinkLimits::default() }
}

fn path(bytes: &[u8]) -> String {
    Route::Pouch(Digest::of(bytes)).to_string()
}

#[tokio::test]
async fn the_fifth_connection_of_a_partner_is_refused_and_others_are_not() {
    let (us, gt) = (Key::new(), Key::new());
    let pins = [us.pin("us"), gt.pin("gt")];
    let node = Node::start(&Key::new(), pins, Service::default(), LinkLimits::default()).await;
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(Raw::connect(&node.address, Some(&us)).await.unwrap());
    }
    let fifth = Raw::connect(&node.address, Some(&us)).await.err().unwrap();
    assert_eq!(fifth.to_string(), "too-many-connections");
    assert!(Raw::connect(&node.address, Some(&gt)).await.is_ok());
    open.pop();
    for _ in 0..100 {
        if Raw::connect(&node.address, Some(&us)).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("a place that was left cannot be taken");
}

/// Begins to send `bytes`, and waits until the first of them are on the disk.
async fn begin(pair: &Pair, bytes: &[u8]) -> Raw {
    let (len, last) = (bytes.len(), bytes.len() - 1);
    let mut raw = pair.raw().await;
    raw.write(put_header(&path(bytes), &format!("bytes 0-{last}/{len}"), len)).await.unwrap();
    raw.write(&bytes[..BEGUN]).await.unwrap();
    until("it is under way", || pair.node.service.spool.appended() > 0).await;
    raw
}

#[tokio::test]
async fn one_bulk_upload_at_a_time_and_a_small_pouch_passes_it() {
    let pair = Pair::new(limits()).await;
    let (first, second, small) = (noise(2_000_000), noise(4_000), noise(900));
    let mut slow = begin(&pair, &first).await;
    let mut other = pair.raw().await;
    let reply = other.put(&path(&second), "bytes 0-3999/4000", &second).await.unwrap();
    assert_eq!((reply.status, reply.code().as_str()), (429, "bulk-busy"));
    assert_eq!(reply.field("retry-after"), Some("1"));
    let reply = other.put(&path(&small), "bytes 0-899/900", &small).await.unwrap();
    assert_eq!(reply.status, 202, "a recall does not wait behind a bulk");
    assert_eq!(slow.ask(&first[BEGUN..]).await.unwrap().status, 202);
    let reply = other.put(&path(&second), "bytes 0-3999/4000", &second).await.unwrap();
    assert_eq!(reply.status, 202, "its turn has come");
}

#[tokio::test]
async fn a_pouch_is_written_by_one_request_at_a_time() {
    let pair = Pair::new(LinkLimits::default()).await;
    let bytes = noise(2_000_000);
    let mut first = begin(&pair, &bytes).await;
    let mut second = pair.raw().await;
    let range = "bytes 1999999-1999999/2000000";
    let reply = second.put(&path(&bytes), range, &bytes[1_999_999..]).await.unwrap();
    assert_eq!((reply.status, reply.code().as_str()), (429, "pouch-busy"));
    assert_eq!(first.ask(&bytes[BEGUN..]).await.unwrap().status, 202);
}

#[tokio::test]
async fn a_partner_that_fills_its_space_leaves_that_of_others() {
    let (us, gt) = (Key::new(), Key::new());
    let pins = [us.pin("us"), gt.pin("gt")];
    let service = Service { limit: 1_000, ..Service::default() };
    let limits = LinkLimits { reserve: 0, ..LinkLimits::default() };
    let node = Node::start(&Key::new(), pins, service, limits).await;
    let mut greedy = Raw::connect(&node.address, Some(&us)).await.unwrap();
    for len in [1_000, 999, 2] {
        let (bytes, last) = (noise(len), len - 1);
        let reply =
            greedy.put(&path(&bytes), &format!("bytes 0-{last}/{len}"), &bytes).await.unwrap();
        assert_eq!(reply.status, if len > 2 { 202 } else { 507 });
    }
    let mut other = Raw::connect(&node.address, Some(&gt)).await.unwrap();
    let bytes = noise(998);
    assert_eq!(other.put(&path(&bytes), "bytes 0-997/998", &bytes).await.unwrap().status, 202);
}

#[tokio::test]
async fn the_listener_ends_when_it_is_asked_and_lets_requests_end() {
    let pair = Pair::new(LinkLimits::default()).await;
    let bytes = noise(2_000_000);
    let mut idle = pair.raw().await;
    let mut under_way = begin(&pair, &bytes).await;
    let stopping = tokio::spawn(pair.node.stop());
    assert!(idle.reply(true).await.is_err(), "an idle connection is closed");
    assert_eq!(under_way.ask(&bytes[BEGUN..]).await.unwrap().status, 202);
    stopping.await.unwrap();
}

#[tokio::test]
async fn a_request_that_does_not_end_does_not_hold_the_listener() {
    let limits = LinkLimits { farewell: Duration::from_millis(100), ..LinkLimits::default() };
    let pair = Pair::new(limits).await;
    let hanging = begin(&pair, &noise(2_000_000)).await;
    pair.node.stop().await;
    drop(hanging);
}
