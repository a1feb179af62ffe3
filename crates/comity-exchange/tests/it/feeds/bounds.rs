//! What a feed may hold in all, and what one of its collections may do to the others.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use comity_exchange::feed::limit;
use comity_exchange::ports::{
    ApiRoot, FeedFault, FeedServer, FeedSession, FeedSource, PageAsk, PageEnd,
};
use tokio::sync::mpsc;

use super::*;

/// One server for each collection, behind one address.
#[derive(Clone)]
pub(super) struct Several(BTreeMap<String, Server>);

impl Several {
    pub(super) fn of(servers: impl IntoIterator<Item = (&'static str, Server)>) -> Self {
        Self(servers.into_iter().map(|(id, server)| (id.to_owned(), server)).collect())
    }

    pub(super) fn wanted(&self) -> NewFeed {
        NewFeed { collections: self.0.keys().cloned().collect(), ..wanted() }
    }
}

impl FeedSource for Several {
    fn open(&self, server: FeedServer) -> Result<Box<dyn FeedSession>, FeedFault> {
        let open = |it: &Server| it.open(server.clone());
        let sessions = self.0.iter().map(|(id, it)| Ok((id.clone(), open(it)?)));
        Ok(Box::new(Sessions(sessions.collect::<Result<_, FeedFault>>()?)))
    }
}

struct Sessions(BTreeMap<String, Box<dyn FeedSession>>);

#[async_trait]
impl FeedSession for Sessions {
    async fn locate(&mut self) -> Result<ApiRoot, FeedFault> {
        self.0.values_mut().next().unwrap().locate().await
    }

    async fn page(
        &mut self,
        root: &ApiRoot,
        ask: &PageAsk,
        sink: mpsc::Sender<Bytes>,
    ) -> Result<PageEnd, FeedFault> {
        self.0.get_mut(&ask.collection).unwrap().page(root, ask, sink).await
    }
}

pub(super) async fn pulled(
    party: &Party,
    source: &dyn FeedSource,
    how: PullOptions,
) -> Result<Pulled, ExchangeError> {
    pull(&party.node, source, "alerts", &how, std::future::pending()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_that_fails_stops_no_other_and_is_named() -> Result<()> {
    for lie in [Lie::SameObjects, Lie::NoEnvelope, Lie::ToCome] {
        let party = party().await?;
        let bad = Server::of((5..9).map(indicator)).lying(lie);
        let servers = Several::of([
            ("a", bad),
            ("b", Server::of([indicator(0)])),
            ("c", Server::of([indicator(1)])),
        ]);
        add(&party.node, &servers, servers.wanted(), "an administrator").await?;
        let done = pulled(&party, &servers, options(PullLimits::default())).await?;
        let failed: Vec<_> = done.faults.iter().map(|it| it.collection.as_str()).collect();
        assert_eq!((failed, done.complete), (vec!["a"], false), "{lie:?}");
        let all = held(&party).await?;
        assert!(all.contains(&id_of(0)) && all.contains(&id_of(1)), "{lie:?}");
        let feed = find(&party.node, "alerts").await?;
        let faults: Vec<_> = feed.collections.iter().map(|it| it.fault.is_some()).collect();
        assert_eq!(faults, [true, false, false]);
        assert!(feed.outcome.fault.is_some() && feed.outcome.last_success.is_some());
        assert_eq!(feed.outcome.failures, 0, "the feed itself goes on as ever");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_that_fails_is_asked_more_and_more_seldom_and_the_others_as_ever() -> Result<()>
{
    let party = party().await?;
    let (bad, good) =
        (Server::of([indicator(5)]).lying(Lie::NoEnvelope), Server::of([indicator(0)]));
    let servers = Several::of([("bad", bad.clone()), ("good", good.clone())]);
    add(&party.node, &servers, servers.wanted(), "an administrator").await?;
    let due = || PullOptions { all: false, ..options(PullLimits::default()) };
    let (mut asked, mut pulls) = (Vec::new(), 0);
    for _ in 0..64 {
        let feed = find(&party.node, "alerts").await?;
        party.clock.advance(feed.next_run.duration_since(party.node.now()));
        // where the bad one alone was due, the pull failed
        let _ = pulled(&party, &servers, due()).await;
        asked.push(bad.asked().len());
        pulls += good.asked().len();
    }
    let (early, late) = (asked[..16].iter().sum::<usize>(), asked[48..].iter().sum::<usize>());
    assert!(early > late && late <= 2, "{asked:?}");
    assert!(pulls >= 50, "{pulls}: {asked:?}");
    assert_eq!(journal(&party.node, "feed-failed").await?.len(), 0, "it is told of once");
    let first = find(&party.node, "alerts").await?.collections.remove(0);
    assert!(first.failures > 3 && first.fault.is_some());
    bad.honest();
    party.clock.advance(SignedDuration::from_hours(12));
    pulled(&party, &servers, due()).await?;
    let feed = find(&party.node, "alerts").await?;
    assert_eq!((feed.outcome.fault, feed.collections[0].failures), (None, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_without_end_takes_its_share_and_no_more() -> Result<()> {
    let party = party().await?;
    let endless = Server::of((10..200).map(indicator));
    let servers = Several::of([
        ("a", endless),
        ("b", Server::of((0..3).map(indicator))),
        ("c", Server::of((3..6).map(indicator))),
    ]);
    add(&party.node, &servers, servers.wanted(), "an administrator").await?;
    let limits = PullLimits { page: 2, pages: 9, ..PullLimits::default() };
    let done = pulled(&party, &servers, options(limits)).await?;
    assert!(!done.complete && done.pages <= 9, "{done:?}");
    let all = held(&party).await?;
    assert!((0..6).all(|number| all.contains(&id_of(number))), "{all:?}");
    // a pull that may take next to nothing gets to each of them
    let party = self::party().await?;
    add(&party.node, &servers, servers.wanted(), "an administrator").await?;
    let limits = PullLimits { page: 1, pages: 1, ..PullLimits::default() };
    pulled(&party, &servers, options(limits)).await?;
    let all = held(&party).await?;
    assert!([10, 0, 3].into_iter().all(|number| all.contains(&id_of(number))), "{all:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_several_collections_have_is_no_repetition() -> Result<()> {
    let party = party().await?;
    let same = || Server::of((0..12).map(indicator));
    let servers = Several::of([("a", same()), ("b", same())]);
    add(&party.node, &servers, servers.wanted(), "an administrator").await?;
    let limits = PullLimits { page: 2, ..PullLimits::default() };
    let done = pulled(&party, &servers, options(limits)).await?;
    assert!(done.complete && done.faults.is_empty(), "{done:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_holds_no_more_than_it_may_and_says_so_once() -> Result<()> {
    let party = party().await?;
    let server = Server::of((0..10).map(indicator));
    let most = FeedSize { objects: 6, ..FeedSize::USUAL };
    add(&party.node, &server, NewFeed { most, ..wanted() }, "an administrator").await?;
    for _ in 0..3 {
        assert_eq!(code(once(&party.node, &server).await), "feed-full");
        assert_eq!(held(&party).await?.len(), 6);
    }
    let feed = find(&party.node, "alerts").await?;
    assert_eq!(feed.outcome.fault.map(|it| it.code), Some(FeedCode::Full));
    assert_eq!((feed.held.objects, feed.outcome.failures), (6, 3));
    assert_eq!(journal(&party.node, "feed-failed").await?.len(), 1);
    assert_eq!(journal(&party.node, "feed-taken").await?.len(), 1);
    // nothing is lost by it
    limit(&party.node, "alerts", FeedSize { objects: 10, ..most }, "an administrator").await?;
    assert_eq!(find(&party.node, "alerts").await?.next_run, party.node.now());
    assert!(once(&party.node, &server).await?.complete);
    assert_eq!(held(&party).await?.len(), 10);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_leaves_the_room_on_the_disk_that_has_to_stay_free() -> Result<()> {
    let party = party().await?;
    let server = Server::of((0..3).map(indicator));
    added(&party, &server).await?;
    let free = Arc::new(AtomicU64::new(100));
    let asked = Arc::clone(&free);
    let how = PullOptions {
        room: Room::new(move || Ok(asked.load(Ordering::Relaxed))),
        ..options(PullLimits::default())
    };
    assert_eq!(code(pulled(&party, &server, how.clone()).await), "feed-no-room");
    assert!(held(&party).await?.is_empty());
    free.store(1 << 20, Ordering::Relaxed);
    assert!(pulled(&party, &server, how).await?.complete);
    let broken = PullOptions {
        room: Room::new(|| Err(std::io::Error::other("no disk"))),
        ..options(PullLimits::default())
    };
    let more = Server::of((0..4).map(indicator));
    assert_eq!(code(pulled(&party, &more, broken).await), "feed-no-room");
    Ok(())
}
