//! What feeds may do to each other: how many are pulled at once, for how long, and what becomes of those that bring nothing of use.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use comity_exchange::ports::{
    ApiRoot, FeedFault, FeedServer, FeedSession, FeedSource, PageAsk, PageEnd,
};
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::bounds::{Several, pulled};
use super::*;

/// Feeds that the worker pulls at one time.
const AT_ONCE: usize = 8;

/// A server that answers when it is let, and counts who asks.
#[derive(Clone)]
struct Gated {
    server: Server,
    gate: Arc<Semaphore>,
    asking: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl FeedSource for Gated {
    fn open(&self, server: FeedServer) -> Result<Box<dyn FeedSession>, FeedFault> {
        Ok(Box::new(AtTheGate(self.clone(), self.server.open(server)?)))
    }
}

struct AtTheGate(Gated, Box<dyn FeedSession>);

#[async_trait]
impl FeedSession for AtTheGate {
    async fn locate(&mut self) -> Result<ApiRoot, FeedFault> {
        self.1.locate().await
    }

    async fn page(
        &mut self,
        root: &ApiRoot,
        ask: &PageAsk,
        sink: mpsc::Sender<Bytes>,
    ) -> Result<PageEnd, FeedFault> {
        let Gated { gate, asking, most, .. } = &self.0;
        let now = asking.fetch_add(1, Ordering::SeqCst) + 1;
        most.fetch_max(now, Ordering::SeqCst);
        gate.acquire().await.unwrap().forget();
        let end = self.1.page(root, ask, sink).await;
        asking.fetch_sub(1, Ordering::SeqCst);
        end
    }
}

/// Asks again and again until it is so.
async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    for _ in 0..2_000 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never: {what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_feeds_are_pulled_at_once_than_there_is_memory_for_and_all_have_their_turn()
-> Result<()> {
    const FEEDS: usize = 12;
    let party = party().await?;
    let server = Server::of((0..3).map(indicator));
    let gated = Gated {
        server,
        gate: Arc::new(Semaphore::new(0)),
        asking: Arc::default(),
        most: Arc::default(),
    };
    for number in 0..FEEDS {
        let new = NewFeed { name: format!("feed-{number}"), ..wanted() };
        add(&party.node, &gated, new, "an administrator").await?;
    }
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async {
        let _ = stopped.await;
    };
    let room = Room::new(|| Ok(u64::MAX));
    let (node, source) = (party.node.clone(), Arc::new(gated.clone()));
    let serving = tokio::spawn(feed::serve(node, source, room, shutdown));
    until("as many ask as may", async || gated.asking.load(Ordering::SeqCst) == AT_ONCE).await;
    let pulling = async || {
        let feeds = party.node.store().feeds().await.unwrap();
        feeds.iter().filter(|it| it.pulled_since(party.node.now()).is_some()).count()
    };
    assert_eq!(pulling().await, AT_ONCE);
    gated.gate.add_permits(FEEDS);
    until("all were pulled", async || {
        let feeds = party.node.store().feeds().await.unwrap();
        feeds.iter().all(|it| it.outcome.last_success.is_some())
    })
    .await;
    assert_eq!(gated.most.load(Ordering::SeqCst), AT_ONCE);
    assert_eq!(pulling().await, 0);
    stop.send(()).map_err(|()| "it ended")?;
    Ok(serving.await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_is_over_ends_behind_a_page_and_the_next_begins_with_who_was_not_asked()
-> Result<()> {
    let party = party().await?;
    let endless = || Server::of((10..200).map(indicator));
    let servers = [("a", endless()), ("b", endless()), ("c", Server::of([indicator(0)]))];
    let source = Several::of(servers.clone());
    add(&party.node, &source, source.wanted(), "an administrator").await?;
    let limits = PullLimits { page: 2, time: Duration::ZERO, ..PullLimits::default() };
    let due = PullOptions { all: false, ..options(limits) };
    for asked in [["a"], ["b"], ["c"]] {
        assert!(!pulled(&party, &source, due.clone()).await?.complete || asked == ["c"]);
        let by: Vec<_> =
            servers.iter().filter(|(_, it)| !it.asked().is_empty()).map(|(id, _)| *id).collect();
        assert_eq!(by, asked);
        party.clock.advance(SignedDuration::from_secs(1));
    }
    // those of which more is there go on where they were
    pulled(&party, &source, due).await?;
    assert_eq!(servers[0].1.asked()[0].next.as_deref(), Some("2"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_of_nothing_that_can_be_taken_is_asked_more_and_more_seldom_and_told_of_once()
-> Result<()> {
    let party = party().await?;
    // each page full, and no end of them
    let refused = |number: u64| indicator(number).replace("\"pattern\":", "\"x\":null,\"patern\":");
    let server = Server::of((0..5_000).map(refused));
    let feed = added(&party, &server).await?;
    let limits = PullLimits { page: 16, pages: 2, ..PullLimits::default() };
    let mut pauses = Vec::new();
    for round in 1..=12 {
        let done = pulled(&party, &server, options(limits)).await?;
        assert!(done.new == 0 && done.rejected == done.objects && done.objects > 0, "{done:?}");
        let named: Vec<_> = done.faults.iter().map(|it| it.code).collect();
        assert_eq!(named, ["feed-rejected"]);
        let feed = find(&party.node, "alerts").await?;
        assert_eq!(feed.outcome.fault.as_ref().map(|it| it.code), Some(FeedCode::Rejected));
        assert_eq!(feed.outcome.failures, round);
        assert!(feed.outcome.rejections.len() <= 20);
        let pause = feed.next_run.duration_since(party.node.now());
        pauses.push(pause);
        party.clock.advance(pause);
    }
    assert!(pauses.iter().all(|it| *it >= feed.every), "{pauses:?}");
    assert!(pauses[11] >= SignedDuration::from_hours(3), "{pauses:?}");
    assert_eq!(journal(&party.node, "feed-failed").await?.len(), 1);
    // what comes from then on can be taken, and it is a feed like others
    let mended = Server::of((0..5_000).map(indicator));
    assert!(pulled(&party, &mended, options(limits)).await?.new > 0);
    assert_eq!(find(&party.node, "alerts").await?.outcome.fault, None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_failed_is_asked_for_half_as_many_objects_at_a_time() -> Result<()> {
    let party = party().await?;
    let server = Server::of((0..40).map(indicator));
    added(&party, &server).await?;
    let limits = PullLimits { page: 32, ..PullLimits::default() };
    server.acting([FeedCode::Slow; 6].map(Act::Fail));
    let mut asked = Vec::new();
    for _ in 0..8 {
        let _ = pulled(&party, &server, options(limits)).await;
        asked.push(server.asked()[0].limit);
    }
    assert_eq!(asked, [32, 16, 8, 4, 2, 2, 2, 32]);
    assert_eq!(held(&party).await?.len(), 40);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stranger_wrote_into_a_rejected_object_is_cut() -> Result<()> {
    let party = party().await?;
    let key = "k".repeat(100_000);
    let long = indicator(1).replacen("\"name\"", &format!("\"{key}\":null,\"name\""), 1);
    let server = Server::of([indicator(0), long]);
    added(&party, &server).await?;
    let done = once(&party.node, &server).await?;
    assert_eq!((done.new, done.rejected), (1, 1));
    let [told] = &done.rejections[..] else { return Err("one is told of".into()) };
    assert!(told.pointer.len() <= 200 && told.message.chars().count() <= 200, "{told:?}");
    let kept = find(&party.node, "alerts").await?.outcome.rejections;
    assert!(kept.iter().all(|it| it.pointer.len() <= 200), "{kept:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_without_end_leaves_the_others_their_part_of_what_the_feed_may_hold()
-> Result<()> {
    let party = party().await?;
    let source = Several::of([
        ("a", Server::of((10..200).map(indicator))),
        ("b", Server::of((0..3).map(indicator))),
        ("c", Server::of((3..6).map(indicator))),
    ]);
    let most = FeedSize { objects: 18, ..FeedSize::USUAL };
    let new = NewFeed { most, ..source.wanted() };
    add(&party.node, &source, new, "an administrator").await?;
    let done = pulled(&party, &source, options(PullLimits::default())).await?;
    let named: Vec<_> = done.faults.iter().map(|it| (&*it.collection, it.code)).collect();
    assert_eq!(named, [("a", "feed-full")]);
    let all = held(&party).await?;
    assert!((0..6).all(|number| all.contains(&id_of(number))), "{all:?}");
    assert_eq!(all.len(), 18);
    Ok(())
}
