//! Large pouches go in ranges and go on where they were cut.

use std::sync::Arc;

use comity_exchange::ports::{
    Courier as _, CourierError, OutgoingPouch, PouchState, RemotePouch, Spool as _,
};
use comity_link::{CourierLimits, LinkLimits, Route};
use comity_model::Digest;
use proptest::prelude::*;

use crate::support::raw::put_header;
use crate::support::{MemorySpool, Pair, in_memory, in_spool, noise, party, until};

fn short_ranges() -> CourierLimits {
    CourierLimits { range: 300_000, first: 10_000, small: 1_000, ..CourierLimits::default() }
}

#[tokio::test]
async fn a_large_pouch_goes_from_the_spool_in_ranges() {
    let pair = Pair::new(LinkLimits { small: 1_000, ..LinkLimits::default() }).await;
    let spool: Arc<MemorySpool> = Arc::default();
    let bytes = noise(1_500_000);
    let pouch = in_spool(&spool, &bytes);
    let courier = pair.courier(&spool, short_ranges());
    courier.deliver(party("mx"), &pouch).await.unwrap();
    assert_eq!(pair.node.service.spool.bytes(&pouch.digest), Some(bytes));
    assert_eq!(pair.node.service.spool.appended(), 1_500_000);
}

#[tokio::test]
async fn a_delivery_that_was_cut_goes_on_where_it_was() {
    let pair = Pair::new(LinkLimits { small: 1_000, ..LinkLimits::default() }).await;
    let spool: Arc<MemorySpool> = Arc::default();
    let bytes = noise(1_500_000);
    let pouch = in_spool(&spool, &bytes);
    let courier = pair.courier(&spool, short_ranges());
    *pair.node.service.spool.fail_past.lock().unwrap() = Some(700_000);
    let cut = courier.deliver(party("mx"), &pouch).await;
    assert_eq!(cut, Err(CourierError::Refused("node-failed".to_owned())));
    let kept = pair.node.service.spool.appended();
    assert!((1..=700_000).contains(&kept), "{kept}");
    courier.deliver(party("mx"), &pouch).await.unwrap();
    assert_eq!(pair.node.service.spool.appended(), 1_500_000, "no byte came twice");
    assert_eq!(pair.node.service.spool.bytes(&pouch.digest), Some(bytes));
}

#[tokio::test]
async fn a_delivery_whose_last_answer_was_lost_is_answered_again() {
    let pair = Pair::new(LinkLimits { small: 1_000, ..LinkLimits::default() }).await;
    let spool: Arc<MemorySpool> = Arc::default();
    let bytes = noise(50_000);
    let pouch = in_spool(&spool, &bytes);
    pair.node.service.spool.put(&bytes);
    let courier = pair.courier(&spool, short_ranges());
    courier.deliver(party("mx"), &pouch).await.unwrap();
    assert_eq!(pair.node.service.received(), [(party("us"), pouch.digest, 50_000)]);
    assert_eq!(pair.node.service.spool.appended(), 0);
}

#[tokio::test]
async fn a_large_pouch_that_the_partner_took_in_is_not_sent_again() {
    let states =
        [PouchState::Received, PouchState::Held, PouchState::Consumed, PouchState::Repeated];
    for state in states {
        let pair = Pair::new(LinkLimits::default()).await;
        let spool: Arc<MemorySpool> = Arc::default();
        let pouch = in_spool(&spool, &noise(50_000));
        let service = &pair.node.service;
        service.received.lock().unwrap().push((party("us"), pouch.digest, pouch.size));
        *service.status.lock().unwrap() = RemotePouch { state, code: None };
        let courier = pair.courier(&spool, short_ranges());
        courier.deliver(party("mx"), &pouch).await.unwrap();
        assert_eq!(service.spool.appended(), 0, "{state:?}");
    }
}

#[tokio::test]
async fn a_large_pouch_that_the_partner_refused_is_sent_again() {
    let pair = Pair::new(LinkLimits::default()).await;
    let spool: Arc<MemorySpool> = Arc::default();
    let pouch = in_spool(&spool, &noise(50_000));
    pair.node.service.received.lock().unwrap().push((party("us"), pouch.digest, pouch.size));
    let courier = pair.courier(&spool, short_ranges());
    courier.deliver(party("mx"), &pouch).await.unwrap();
    assert_eq!(pair.node.service.spool.appended(), 50_000);
}

#[tokio::test]
async fn a_small_pouch_of_which_a_piece_is_there_goes_on_from_it() {
    let pair = Pair::new(LinkLimits::default()).await;
    let bytes = noise(900);
    let path = Route::Pouch(Digest::of(&bytes)).to_string();
    let mut raw = pair.raw().await;
    raw.write(put_header(&path, "bytes 0-899/900", 900)).await.unwrap();
    raw.write(&bytes[..600]).await.unwrap();
    drop(raw);
    until("the piece is there", || pair.node.service.spool.appended() == 600).await;
    let courier = pair.courier(&Arc::default(), CourierLimits::default());
    courier.deliver(party("mx"), &in_memory(&bytes)).await.unwrap();
    assert_eq!(pair.node.service.spool.appended(), 900);
}

#[tokio::test]
async fn a_pouch_that_is_missing_or_cut_here_is_this_nodes_fault() {
    let pair = Pair::new(LinkLimits::default()).await;
    let spool: Arc<MemorySpool> = Arc::default();
    let courier = pair.courier(&spool, short_ranges());
    let missing = OutgoingPouch { bytes: None, ..in_memory(&noise(50_000)) };
    assert_eq!(courier.deliver(party("mx"), &missing).await.unwrap_err().code(), "local");
    let cut = OutgoingPouch { size: 60_000, ..in_spool(&spool, &noise(50_000)) };
    assert_eq!(courier.deliver(party("mx"), &cut).await.unwrap_err().code(), "local");
    let other = OutgoingPouch { size: 60_000, ..in_memory(&noise(50_000)) };
    assert_eq!(courier.deliver(party("mx"), &other).await.unwrap_err().code(), "local");
    let empty = in_memory(&[]);
    assert_eq!(courier.deliver(party("mx"), &empty).await.unwrap_err().code(), "local");
    assert!(pair.node.service.received().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_there_already_every_pouch_arrives_whole(
        len in 1usize..40_000,
        there in 0usize..40_000,
        range in 1u64..20_000,
        first in 1u64..20_000,
        small in 0u64..40_000,
        memory in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let pair = Pair::new(LinkLimits::default()).await;
            let spool: Arc<MemorySpool> = Arc::default();
            let bytes = noise(len);
            let range = range.max(len as u64 / 20);
            let limits = CourierLimits { range, first, small, ..CourierLimits::default() };
            let courier = pair.courier(&spool, limits);
            let pouch = if memory { in_memory(&bytes) } else { in_spool(&spool, &bytes) };
            let there = there.min(len);
            pair.node.service.spool.append(&pouch.digest, 0, &bytes[..there]).unwrap();
            courier.deliver(party("mx"), &pouch).await.unwrap();
            assert_eq!(pair.node.service.spool.bytes(&pouch.digest), Some(bytes));
            assert_eq!(pair.node.service.received().len(), 1);
        });
    }
}
