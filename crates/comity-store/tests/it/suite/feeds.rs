use std::time::Duration;

use comity_exchange::ports::{
    ApiRoot, CollectionEnd, Feed, FeedCode, FeedCollection, FeedFault, FeedOutcome, FeedPosition,
    FeedRejection, FeedSize, FeedStep, PullEnd, PullOutcome, Store, TaxiiVersion, WhyNotHeld,
};
use comity_model::{Holding, Origin};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::support::{at, events, line, own};

const ONE: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

fn feed(name: &str) -> Feed {
    let collection = |id: &str| FeedCollection::new(id.to_owned(), position(None));
    Feed {
        name: name.to_owned(),
        url: "https://feeds.example/".to_owned(),
        grade: "B2".parse().unwrap(),
        every: SignedDuration::from_mins(15),
        most: FeedSize { objects: 3, bytes: 1_000 },
        held: FeedSize::NONE,
        login: Some(vec![1, 2, 3]),
        ca: Some("pem".to_owned()),
        added_at: at(0),
        paused_at: None,
        next_run: at(0),
        root: None,
        collections: vec![collection("c2"), collection("c1")],
        outcome: FeedOutcome::default(),
        claim: None,
    }
}

fn position(next: Option<&str>) -> FeedPosition {
    FeedPosition {
        added_after: Some(at(-5)),
        next: next.map(ToOwned::to_owned),
        reached: next.map(|_| at(-3)),
    }
}

pub(crate) async fn a_feed_reads_back_as_it_was_added(store: &dyn Store) {
    store.add_feed(feed("b"), vec![line("added")]).await.unwrap();
    store.add_feed(feed("a"), vec![]).await.unwrap();
    assert_eq!(store.feeds().await.unwrap(), [feed("a"), feed("b")]);
    let again = store.add_feed(feed("a"), vec![line("again")]).await.unwrap_err();
    assert_eq!(again.code(), "exists");
    store.pause_feed("a".to_owned(), Some(at(1)), at(2), vec![line("paused")]).await.unwrap();
    let paused = Feed { paused_at: Some(at(1)), next_run: at(2), ..feed("a") };
    assert_eq!(store.feeds().await.unwrap()[0], paused);
    store.remove_feed("a".to_owned(), vec![line("removed")]).await.unwrap();
    assert_eq!(store.feeds().await.unwrap(), [feed("b")]);
    let gone = store.remove_feed("a".to_owned(), vec![line("gone")]).await.unwrap_err();
    assert_eq!(gone.code(), "not-found");
    assert_eq!(events(store).await, ["added", "paused", "removed"]);
}

pub(crate) async fn a_feed_is_pulled_by_one_at_a_time(store: &dyn Store) {
    store.add_feed(feed("a"), vec![]).await.unwrap();
    let name = || "a".to_owned();
    store.claim_feed(name(), ONE, at(0), at(60)).await.unwrap();
    let held = store.claim_feed(name(), OTHER, at(59), at(119)).await.unwrap_err();
    assert_eq!(held.code(), "conflict");
    store.renew_claim(ONE, at(80)).await.unwrap();
    assert!(store.claim_feed(name(), OTHER, at(79), at(139)).await.is_err());
    // who stopped to renew is overtaken, and moves nothing from then on
    store.claim_feed(name(), OTHER, at(80), at(140)).await.unwrap();
    let end = PullEnd {
        at: at(81),
        outcome: PullOutcome::Done,
        next_run: at(900),
        collections: Vec::new(),
    };
    let lost = [
        store.renew_claim(ONE, at(200)).await,
        store.locate_feed(ONE, None).await,
        store.advance_feed(ONE, "c1".to_owned(), position(None), FeedStep::default()).await,
        store.end_pull(ONE, end.clone(), vec![line("ended")]).await,
    ];
    assert!(lost.iter().all(|it| it.as_ref().is_err_and(|it| it.code() == "conflict")), "{lost:?}");
    store.end_pull(OTHER, end, vec![]).await.unwrap();
    store.claim_feed(name(), ONE, at(82), at(142)).await.unwrap();
    // a clock that went back an hour leaves nobody waiting for an hour
    store.claim_feed(name(), OTHER, at(-3_600), at(-3_540)).await.unwrap();
    assert_eq!(events(store).await, Vec::<String>::new());
}

pub(crate) async fn what_came_of_a_feed_is_counted_and_its_position_kept(store: &dyn Store) {
    store.add_feed(feed("a"), vec![]).await.unwrap();
    store.claim_feed("a".to_owned(), ONE, at(0), at(60)).await.unwrap();
    let url = "https://feeds.example/api1/".to_owned();
    let root = Some(ApiRoot { url, version: TaxiiVersion::V20 });
    store.locate_feed(ONE, root.clone()).await.unwrap();
    let rejection = |number: u32| FeedRejection {
        id: Some(number.to_string()),
        pointer: "/id".to_owned(),
        code: "partners-object".to_owned(),
    };
    for round in 0..2 {
        let rejections = (round * 15..round * 15 + 15).map(rejection).collect();
        let step = FeedStep { objects: 100, new: 40, rejected: 15, rejections };
        let moved = position(Some("t"));
        store.advance_feed(ONE, "c1".to_owned(), moved, step).await.unwrap();
    }
    let fault = FeedFault {
        retry_after: Some(Duration::from_secs(9)),
        ..FeedFault::of(FeedCode::Busy, 503)
    };
    let outcome = PullOutcome::Failed(fault.clone());
    let wrong = |id: &str, fault| CollectionEnd { id: id.to_owned(), next_run: at(65), fault };
    let collections =
        vec![wrong("c2", Some(FeedFault::of(FeedCode::Late, "a page"))), wrong("c1", None)];
    let end = PullEnd { at: at(5), outcome, next_run: at(65), collections };
    store.end_pull(ONE, end, vec![]).await.unwrap();
    let found = store.feeds().await.unwrap().remove(0);
    assert_eq!((found.root, found.next_run), (root, at(65)));
    let faults =
        found.collections.iter().map(|it| (it.failures, it.fault.as_ref().map(|it| it.code)));
    assert_eq!(faults.collect::<Vec<_>>(), [(1, Some(FeedCode::Late)), (0, None)]);
    assert!(found.collections.iter().all(|it| it.next_run == Some(at(65))));
    let positions: Vec<_> = found.collections.into_iter().map(|it| it.position).collect();
    assert_eq!(positions, [position(None), position(Some("t"))]);
    let outcome = found.outcome;
    assert_eq!(outcome.fault, Some(FeedFault { retry_after: None, ..fault }));
    assert_eq!((outcome.objects, outcome.new, outcome.rejected), (200, 80, 30));
    assert_eq!((outcome.failures, outcome.pulls, outcome.last_success), (1, 1, None));
    let newest: Vec<_> = (10..30).map(rejection).collect();
    assert_eq!(outcome.rejections, newest);

    store.claim_feed("a".to_owned(), OTHER, at(65), at(125)).await.unwrap();
    let collections = vec![wrong("c2", None)];
    let end = PullEnd { at: at(66), outcome: PullOutcome::Done, next_run: at(966), collections };
    store.end_pull(OTHER, end, vec![]).await.unwrap();
    let c2 = store.feeds().await.unwrap().remove(0).collections.remove(0);
    assert_eq!((c2.failures, c2.fault), (0, None));
    let outcome = store.feeds().await.unwrap().remove(0).outcome;
    assert_eq!((outcome.fault, outcome.failures, outcome.pulls), (None, 0, 2));
    assert_eq!((outcome.last_run, outcome.last_success), (Some(at(66)), Some(at(66))));
}

pub(crate) async fn a_feed_holds_what_it_may_also_after_it_was_removed_and_added_again(
    store: &dyn Store,
) {
    let brought = |name: &str| Holding {
        origin: Origin::Own { source: "feed/a".to_owned() },
        ..own(name, 0, name)
    };
    let size = brought("a").bytes.len() as u64;
    let most = FeedSize { objects: 3, bytes: 10 * size };
    let mut of_one = Feed { most, ..feed("a") };
    of_one.collections.truncate(1);
    store.add_feed(of_one.clone(), vec![]).await.unwrap();
    store.claim_feed("a".to_owned(), ONE, at(0), at(60)).await.unwrap();
    let take = async |claim, names: &[&str]| {
        let batch = names.iter().copied().map(brought).collect();
        let (kept, not) =
            store.hold_of_feed(claim, "c2".to_owned(), batch, vec![line("taken")]).await.unwrap();
        assert!(not.iter().all(|it| it.why == WhyNotHeld::Full), "{not:?}");
        (kept.new, kept.unchanged, not.len())
    };
    assert_eq!(take(ONE, &["a", "b"]).await, (2, 0, 0));
    assert_eq!(take(ONE, &["a", "c", "d", "b"]).await, (1, 2, 1));
    assert_eq!(take(ONE, &["d", "a"]).await, (0, 1, 1));
    assert_eq!(events(store).await, ["taken", "taken"], "what changes nothing is no news");
    let held = FeedSize { objects: 3, bytes: 3 * size };
    assert_eq!(store.feeds().await.unwrap()[0].held, held);

    store.remove_feed("a".to_owned(), vec![]).await.unwrap();
    let lost =
        store.hold_of_feed(ONE, "c2".to_owned(), vec![brought("d")], vec![]).await.unwrap_err();
    assert_eq!(lost.code(), "conflict");
    store.add_feed(of_one, vec![]).await.unwrap();
    assert_eq!(store.feeds().await.unwrap()[0].held, held, "what it brought is still held");
    let most = FeedSize { objects: 100, bytes: 4 * size };
    store.bound_feed("a".to_owned(), most, at(0), vec![]).await.unwrap();
    store.claim_feed("a".to_owned(), ONE, at(0), at(60)).await.unwrap();
    assert_eq!(take(ONE, &["d", "e"]).await, (1, 0, 1), "bytes are counted too");
    let gone = store.bound_feed("x".to_owned(), most, at(0), vec![]).await.unwrap_err();
    assert_eq!(gone.code(), "not-found");
}

pub(crate) async fn no_collection_of_a_feed_takes_what_the_others_may_need(store: &dyn Store) {
    let most = FeedSize { objects: 16, bytes: 1 << 20 };
    let mut shared = Feed { most, ..feed("a") };
    let endless = FeedCollection::new("endless".to_owned(), position(None));
    shared.collections.extend([endless.clone(), FeedCollection { id: "c3".to_owned(), ..endless }]);
    store.add_feed(shared, vec![]).await.unwrap();
    store.claim_feed("a".to_owned(), ONE, at(0), at(60)).await.unwrap();
    let take = async |collection: &str, count: usize| {
        let names = (0..count).map(|number| format!("{collection}-{number}"));
        let origin = Origin::Own { source: "feed/a".to_owned() };
        let batch = names.map(|name| Holding { origin: origin.clone(), ..own(&name, 0, &name) });
        let batch = batch.collect();
        store.hold_of_feed(ONE, collection.to_owned(), batch, vec![]).await.unwrap().0.new
    };
    // a half is for all of them, and of the other half each of the four has two
    assert_eq!(take("endless", 100).await, 8 + 2);
    assert_eq!(take("c1", 2).await, 2);
    assert_eq!(take("endless", 100).await, 0);
    assert_eq!(take("c2", 1).await, 1);
    assert_eq!(take("c1", 100).await, 0, "what is left of its part is c2's");
    assert_eq!(take("c3", 100).await, 2);
    assert_eq!(take("c2", 100).await, 1);
    assert_eq!(store.feeds().await.unwrap()[0].held.objects, 16);
    // raised, there is more for whoever needs it
    let most = FeedSize { objects: 20, ..most };
    store.bound_feed("a".to_owned(), most, at(0), vec![]).await.unwrap();
    assert_eq!(take("c3", 100).await, 4);
}

pub(crate) async fn who_looks_at_a_feed_sees_since_when_it_is_pulled(store: &dyn Store) {
    store.add_feed(feed("a"), vec![]).await.unwrap();
    let since = async |now| store.feeds().await.unwrap()[0].pulled_since(at(now));
    assert_eq!(since(0).await, None);
    store.claim_feed("a".to_owned(), ONE, at(5), at(65)).await.unwrap();
    store.renew_claim(ONE, at(100)).await.unwrap();
    assert_eq!(since(99).await, Some(at(5)));
    assert_eq!(since(100).await, None, "who does not renew it is gone");
    let outcome = PullOutcome::Done;
    let end = PullEnd { at: at(66), outcome, next_run: at(966), collections: vec![] };
    store.end_pull(ONE, end, vec![]).await.unwrap();
    assert_eq!(since(67).await, None);
}
