//! What is refused of an upload, and when.

use std::time::Duration;

use comity_exchange::ports::Spool as _;
use comity_link::{LinkLimits, Route};
use comity_model::Digest;

use crate::support::raw::put_header;
use crate::support::{Pair, Service, noise, party, until};

fn path(bytes: &[u8]) -> String {
    Route::Pouch(Digest::of(bytes)).to_string()
}

#[tokio::test]
async fn a_whole_pouch_is_acknowledged_when_it_is_durable() {
    let pair = Pair::new(LinkLimits::default()).await;
    let bytes = noise(5_000);
    let reply = pair.raw().await.put(&path(&bytes), "bytes 0-4999/5000", &bytes).await.unwrap();
    assert_eq!((reply.status, reply.offset()), (202, Some(5_000)));
    let digest = Digest::of(&bytes);
    assert_eq!(pair.node.service.received(), [(party("us"), digest, 5_000)]);
    assert_eq!(pair.node.service.spool.bytes(&digest), Some(bytes));
}

#[tokio::test]
async fn ten_gigabytes_announced_in_a_kilobyte_are_refused_before_a_byte_is_read() {
    let pair = Pair::new(LinkLimits::default()).await;
    let mut raw = pair.raw().await;
    let path = path(b"a huge pouch");
    // The body is announced and never sent: the answer does not wait for it.
    raw.write(put_header(&path, "bytes 0-1023/10737418240", 1024)).await.unwrap();
    let reply = raw.reply(true).await.unwrap();
    assert_eq!((reply.status, reply.code().as_str()), (413, "too-large"));
    assert_eq!(pair.node.service.spool.appended(), 0);
}

#[tokio::test]
async fn a_range_that_does_not_follow_is_told_where_to_go_on() {
    let pair = Pair::new(LinkLimits::default()).await;
    let bytes = noise(100);
    let path = path(&bytes);
    let mut raw = pair.raw().await;
    let first = raw.put(&path, "bytes 0-39/100", &bytes[..40]).await.unwrap();
    assert_eq!((first.status, first.offset()), (200, Some(40)));
    for (range, piece) in [("bytes 41-99/100", &bytes[41..]), ("bytes 0-99/100", &bytes[..])] {
        let reply = raw.put(&path, range, piece).await.unwrap();
        assert_eq!((reply.status, reply.code().as_str()), (409, "wrong-offset"));
        assert_eq!(reply.offset(), Some(40));
    }
    // The body is announced and never sent: the answer does not wait for it.
    let mut other = pair.raw().await;
    other.write(put_header(&path, "bytes 0-99/100", 100)).await.unwrap();
    assert_eq!(other.reply(true).await.unwrap().status, 409);
    drop(other);
    let state = raw.ask_head(&path).await.unwrap();
    assert_eq!(
        (state.status, state.offset(), state.field("comity-state")),
        (200, Some(40), Some("unknown"))
    );
    assert_eq!(raw.put(&path, "bytes 40-99/100", &bytes[40..]).await.unwrap().status, 202);
    assert_eq!(pair.node.service.spool.appended(), 100, "no byte came twice");
}

#[tokio::test]
async fn a_malformed_announcement_is_refused() {
    let pair = Pair::new(LinkLimits::default()).await;
    let bytes = noise(10);
    let path = path(&bytes);
    let requests = [
        (400, "malformed", format!("PUT {path} HTTP/1.1\r\nContent-Length: 10\r\n\r\n")),
        (400, "malformed", put_header(&path, "bytes 0-10/10", 11)),
        (400, "malformed", put_header(&path, "bytes 0-9/10\r\nContent-Range: bytes 0-9/10", 10)),
        (400, "malformed", put_header(&path, "bytes */10", 0)),
        (400, "malformed", put_header(&path, "bytes 0-9/10", 9)),
        (416, "range-too-long", put_header(&path, "bytes 0-67108864/100000000", 67_108_865)),
        (
            411,
            "length-required",
            format!(
                "PUT {path} HTTP/1.1\r\nContent-Range: bytes 0-9/10\r\nTransfer-Encoding: chunked\r\n\r\n"
            ),
        ),
    ];
    for (status, code, request) in requests {
        let reply = pair.raw().await.ask(&request).await.unwrap();
        assert_eq!((reply.status, reply.code().as_str()), (status, code), "{request}");
    }
    assert_eq!(pair.node.service.spool.appended(), 0);
}

#[tokio::test]
async fn other_bytes_than_the_name_says_are_refused_and_forgotten() {
    let pair = Pair::new(LinkLimits::default()).await;
    let bytes = noise(100);
    let path = path(b"something else");
    let mut raw = pair.raw().await;
    let reply = raw.put(&path, "bytes 0-99/100", &bytes).await.unwrap();
    assert_eq!((reply.status, reply.code().as_str()), (422, "wrong-digest"));
    assert_eq!(pair.node.service.spool.used().unwrap(), 0);
    assert!(pair.node.service.received().is_empty());
    assert_eq!(raw.ask_head(&path).await.unwrap().offset(), Some(0));
}

#[tokio::test]
async fn a_pouch_that_shrinks_between_two_ranges_is_begun_again() {
    let pair = Pair::new(LinkLimits::default()).await;
    let bytes = noise(100);
    let mut raw = pair.raw().await;
    let path = path(&bytes);
    assert_eq!(raw.put(&path, "bytes 0-149/300", &noise(150)).await.unwrap().status, 200);
    let reply = raw.put(&path, "bytes 0-99/100", &bytes).await.unwrap();
    assert_eq!((reply.status, reply.code().as_str()), (422, "wrong-digest"));
    assert_eq!(raw.put(&path, "bytes 0-99/100", &bytes).await.unwrap().status, 202);
}

#[tokio::test]
async fn a_dripping_body_is_cut_and_what_came_is_kept() {
    let limits = LinkLimits {
        grace: Duration::from_millis(100),
        window: Duration::from_millis(100),
        ..LinkLimits::default()
    };
    let pair = Pair::new(limits).await;
    let bytes = noise(100_000);
    let path = path(&bytes);
    let mut raw = pair.raw().await;
    raw.write(put_header(&path, "bytes 0-99999/100000", bytes.len())).await.unwrap();
    let mut sent = 0;
    for byte in bytes.iter().take(100) {
        if raw.write([*byte]).await.is_err() {
            break;
        }
        sent += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    if let Ok(reply) = raw.reply(true).await {
        assert_eq!((reply.status, reply.code().as_str()), (408, "too-slow"));
    }
    raw.closed().await;
    let kept = pair.node.service.spool.bytes(&Digest::of(&bytes)).unwrap();
    assert!(!kept.is_empty() && kept.len() <= sent);
    assert_eq!(kept, bytes[..kept.len()]);
}

#[tokio::test]
async fn a_steady_body_is_not_cut() {
    let limits = LinkLimits {
        grace: Duration::from_secs(1),
        window: Duration::from_secs(1),
        ..LinkLimits::default()
    };
    let pair = Pair::new(limits).await;
    let bytes = noise(100_000);
    let mut raw = pair.raw().await;
    raw.write(put_header(&path(&bytes), "bytes 0-99999/100000", bytes.len())).await.unwrap();
    for piece in bytes.chunks(10_000) {
        raw.write(piece).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert_eq!(raw.reply(true).await.unwrap().status, 202);
}

#[tokio::test]
async fn a_full_spool_takes_no_bulk_and_still_takes_a_recall() {
    let service = Service { limit: 2_000, ..Service::default() };
    let limits = LinkLimits { small: 500, reserve: 1_000, ..LinkLimits::default() };
    let pair = Pair::with(service, limits).await;
    let mut raw = pair.raw().await;
    let (first, second, small) = (noise(2_000), noise(1_500), noise(500));
    let reply = raw.put(&path(&first), "bytes 0-1999/2000", &first).await.unwrap();
    assert_eq!(reply.status, 202);
    let reply = raw.put(&path(&second), "bytes 0-1499/1500", &second).await.unwrap();
    assert_eq!((reply.status, reply.code().as_str()), (507, "spool-full"));
    assert_eq!(raw.put(&path(&small), "bytes 0-499/500", &small).await.unwrap().status, 202);
    pair.node.service.spool.remove(&Digest::of(&first)).unwrap();
    assert_eq!(raw.put(&path(&second), "bytes 0-1499/1500", &second).await.unwrap().status, 202);
}

#[tokio::test]
async fn a_cut_connection_leaves_what_had_come() {
    let pair = Pair::new(LinkLimits::default()).await;
    let bytes = noise(300_000);
    let path = path(&bytes);
    let mut raw = pair.raw().await;
    raw.write(put_header(&path, "bytes 0-299999/300000", bytes.len())).await.unwrap();
    raw.write(&bytes[..200_000]).await.unwrap();
    drop(raw);
    let kept = || pair.node.service.spool.appended();
    until("what came is on the disk", || kept() == 200_000).await;
    let mut again = pair.raw().await;
    let offset = again.ask_head(&path).await.unwrap().offset();
    assert_eq!(offset, Some(200_000));
    let rest = &bytes[200_000..];
    let reply = again.put(&path, "bytes 200000-299999/300000", rest).await.unwrap();
    assert_eq!(reply.status, 202);
}
