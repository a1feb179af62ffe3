//! Feeds: whatever servers do and whenever nodes stop, what they gave is held once, under this party's own judgement.

use std::collections::BTreeSet;
use std::time::Duration;

use comity_exchange::feed::{
    NewFeed, PullLimits, PullOptions, Pulled, Room, add, find, pull, remove,
};
use comity_exchange::import::Lang;
use comity_exchange::ports::{Feed, FeedCode, FeedSize, HoldingQuery, Login};
use comity_exchange::provenance::{Behind, corroboration};
use comity_exchange::{ExchangeError, Node, feed};
use comity_model::Origin;
use comity_testkit::{Party, Result, TestClock, indicator};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::support::journal;
use crate::support::line::{Line, id_of};
use crate::views;

mod bounds;
mod lines;
mod server;
mod turns;

use server::{Act, Lie, Server};

async fn party() -> Result<Party> {
    Party::new("us", &TestClock::at("2026-03-01T10:00:00Z".parse()?), false).await
}

fn wanted() -> NewFeed {
    NewFeed {
        name: "alerts".to_owned(),
        url: "https://feeds.example/taxii2/".to_owned(),
        collections: vec!["c1".to_owned()],
        grade: "C3".parse().unwrap(),
        every: SignedDuration::from_mins(15),
        most: FeedSize::USUAL,
        login: None,
        ca: None,
        added_after: None,
    }
}

async fn added(party: &Party, server: &Server) -> Result<Feed> {
    Ok(add(&party.node, server, wanted(), "an administrator").await?)
}

fn options(limits: PullLimits) -> PullOptions {
    let room = Room::new(|| Ok(u64::MAX));
    PullOptions { by: "an administrator".to_owned(), lang: Lang::En, limits, room, all: true }
}

async fn once(node: &Node, server: &Server) -> Result<Pulled, ExchangeError> {
    let options = options(PullLimits::default());
    pull(node, server, "alerts", &options, std::future::pending()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_feed_brings_as_red_is_for_the_house_and_for_no_unit() -> Result<()> {
    let party = party().await?;
    let red = indicator(8).replace(
        "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
        "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
    );
    let server = Server::of([indicator(0), red]);
    added(&party, &server).await?;
    once(&party.node, &server).await?;
    let all = views::collected(&party, "all", Some("all")).await?;
    assert_eq!(views::seen(&party, all, views::HOUSE).await?, [0, 8]);
    assert_eq!(views::seen(&party, all, views::CUSTOMS).await?, [0]);
    Ok(())
}

async fn held(party: &Party) -> Result<BTreeSet<String>> {
    let query = HoldingQuery { limit: 1_000, ..HoldingQuery::default() };
    let page = party.node.store().holdings(query).await?;
    Ok(page.holdings.into_iter().map(|it| it.id).collect())
}

fn code(done: Result<Pulled, ExchangeError>) -> &'static str {
    done.map_or_else(|error| error.code(), |_| "done")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_feed_brings_has_the_feed_as_its_source_and_the_grade_of_the_feed() -> Result<()> {
    let party = party().await?;
    let boast = indicator(1).replace("\"type\"", "\"confidence\":100,\"type\"");
    let server = Server::of([indicator(0), boast, "{\"type\":\"indicator\"}".to_owned()]);
    added(&party, &server).await?;
    let pulled = once(&party.node, &server).await?;
    assert_eq!((pulled.objects, pulled.new, pulled.rejected), (3, 2, 1));
    assert!(pulled.complete);
    for number in 0..2 {
        let holding = party.node.store().holding(id_of(number)).await?.ok_or("not held")?;
        assert_eq!(holding.origin, Origin::Own { source: "feed/alerts".to_owned() });
        assert_eq!(holding.grade, Some("C3".parse()?));
    }
    let feed = find(&party.node, "alerts").await?;
    assert_eq!((feed.outcome.objects, feed.outcome.new, feed.outcome.rejected), (3, 2, 1));
    assert_eq!(feed.outcome.rejections.len(), 1);
    assert_eq!(feed.next_run, party.node.now() + SignedDuration::from_mins(15));
    assert_eq!(journal(&party.node, "feed-pulled").await?.len(), 1);
    assert_eq!(journal(&party.node, "feed-taken").await?.len(), 1);

    server.asked();
    assert_eq!(once(&party.node, &server).await?.objects, 0, "it is asked for what is newer alone");
    assert_eq!(server.asked()[0].added_after, feed.collections[0].position.added_after);
    assert_eq!(journal(&party.node, "feed-pulled").await?.len(), 1, "nothing new is no news");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn nothing_lost_whatever_pages_failures_and_restarts_the_same_is_held_as_after_one_pull(
        gaps in prop::collection::vec(0i64..2, 1..24),
        acts in prop::collection::vec(
            prop_oneof![
                3 => (1usize..5).prop_map(Act::Give),
                1 => (0usize..4).prop_map(Act::Cut),
                1 => prop::sample::select(vec![FeedCode::Status, FeedCode::NotThere, FeedCode::Late, FeedCode::Busy])
                    .prop_map(Act::Fail),
            ],
            0..16,
        ),
        restarts: u16,
        counts: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let done: Result<()> = runtime.block_on(async {
            let mut party = party().await?;
            let mut at: Timestamp = "2026-02-01T00:00:00Z".parse()?;
            let mut objects = Vec::new();
            for (gap, number) in gaps.iter().zip(0..) {
                // several objects may be added at one moment
                at += SignedDuration::from_micros(*gap);
                objects.push((at, indicator(number)));
            }
            let server = Server::with(objects);
            let server = if counts { server.counting() } else { server };
            added(&party, &server).await?;
            server.acting(acts);
            for round in 0..40 {
                // now and then a pull that may not take all
                let pages = if restarts >> (round % 16) & 2 == 2 { 2 } else { 1_000 };
                let limits = PullLimits { page: 7, pages, ..PullLimits::default() };
                let options = options(limits);
                let stop = std::future::pending();
                let ended = pull(&party.node, &server, "alerts", &options, stop).await;
                let before = held(&party).await?;
                if restarts >> (round % 16) & 1 == 1 {
                    party.restart().await?;
                }
                assert_eq!(held(&party).await?, before);
                if ended.is_ok_and(|it| it.complete) && server.is_done() {
                    break;
                }
            }
            let all: BTreeSet<String> = (0..gaps.len() as u64).map(id_of).collect();
            assert_eq!(held(&party).await?, all);
            assert_eq!(party.count("SELECT count(*) FROM holding")?, all.len() as u64);
            assert_eq!(once(&party.node, &server).await?.new, 0);
            Ok(())
        });
        done.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_lost_a_node_that_is_killed_in_the_middle_of_a_page_goes_on_where_it_was()
-> Result<()> {
    let mut party = party().await?;
    let server = Server::of((0..9).map(indicator));
    added(&party, &server).await?;
    server.acting([Act::Give(3), Act::Stall(3)]);
    let stalls = async {
        while !server.is_done() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        ended = once(&party.node, &server) => panic!("it was at work: {ended:?}"),
        () = stalls => {}
    }
    party.restart().await?;
    assert_eq!(code(once(&party.node, &server).await), "feed-claimed");
    party.clock.advance(SignedDuration::from_secs(61));
    server.asked();
    assert_eq!(once(&party.node, &server).await?.objects, 7, "with the last that came");
    assert_eq!(server.asked()[0].next, None, "what was asked for once is not asked for again");
    assert_eq!(held(&party).await?.len(), 9);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_lie_ends_the_pull_under_its_own_name_and_what_came_stays_held() -> Result<()> {
    for (lie, wanted) in [
        (Lie::SameNext, "feed-next-repeats"),
        (Lie::SameObjects, "feed-pages-repeat"),
        (Lie::Nothing, "feed-pages-repeat"),
        (Lie::ToCome, "feed-position"),
        (Lie::NoPosition, "feed-position"),
        (Lie::NoEnvelope, "feed-unreadable"),
    ] {
        let party = party().await?;
        let server = Server::of((0..5).map(indicator)).lying(lie);
        let before = added(&party, &server).await?;
        assert_eq!(code(once(&party.node, &server).await), wanted, "{lie:?}");
        assert!(server.asked().len() <= 5, "{lie:?}");
        let feed = find(&party.node, "alerts").await?;
        let fault = feed.outcome.fault.ok_or("no fault")?;
        assert_eq!((fault.code.as_str(), feed.outcome.failures), (wanted, 1), "{lie:?}");
        assert_eq!(feed.collections[0].position.next, None, "{lie:?}");
        assert!(feed.next_run > before.next_run, "{lie:?}");
        let brought = !matches!(lie, Lie::Nothing | Lie::NoEnvelope);
        assert_eq!(!held(&party).await?.is_empty(), brought, "{lie:?}");
        assert_eq!(journal(&party.node, "feed-failed").await?.len(), 1, "{lie:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_takes_what_one_pull_may_and_the_next_goes_on_behind_it() -> Result<()> {
    let party = party().await?;
    let server = Server::of((0..10).map(indicator));
    added(&party, &server).await?;
    let limits = PullLimits { page: 2, pages: 2, ..PullLimits::default() };
    for (round, complete) in [(1, false), (2, false), (3, true)] {
        let pulled =
            pull(&party.node, &server, "alerts", &options(limits), std::future::pending()).await?;
        assert_eq!(pulled.complete, complete, "{round}");
        assert_eq!(server.asked()[0].next.is_some(), round > 1, "{round}");
        assert_eq!(held(&party).await?.len(), 10.min(round * 4));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_that_is_told_to_stop_is_no_failure_and_leaves_the_feed_to_others() -> Result<()> {
    let party = party().await?;
    let server = Server::of((0..4).map(indicator));
    added(&party, &server).await?;
    server.acting([Act::Stall(2)]);
    let stop = tokio::time::sleep(Duration::from_millis(300));
    let options = options(PullLimits::default());
    assert_eq!(code(pull(&party.node, &server, "alerts", &options, stop).await), "feed-stopped");
    assert_eq!(find(&party.node, "alerts").await?.outcome.failures, 0);
    assert_eq!(once(&party.node, &server).await?.objects, 4);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worker_pulls_what_is_due_and_a_dead_feed_stops_no_other() -> Result<()> {
    let party = party().await?;
    let server = Server::of((0..3).map(indicator));
    added(&party, &server).await?;
    let dead = Server::of([indicator(7)]);
    dead.acting([Act::Stall(1)]);
    let both = Both(dead, server.clone());
    let name = "a-dead-one".to_owned();
    let other = NewFeed { name, url: "https://dead.example/".to_owned(), ..wanted() };
    add(&party.node, &both, other, "an administrator").await?;
    let paused = NewFeed { name: "z-paused".to_owned(), ..wanted() };
    add(&party.node, &both, paused, "an administrator").await?;
    feed::set_paused(&party.node, "z-paused", true, "an administrator").await?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let shutdown = async {
        let _ = stopped.await;
    };
    let serving = tokio::spawn(feed::serve(
        party.node.clone(),
        std::sync::Arc::new(both),
        Room::new(|| Ok(u64::MAX)),
        shutdown,
    ));
    for _ in 0..200 {
        if held(&party).await?.len() == 3 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(held(&party).await?.len(), 3);
    stop.send(()).map_err(|()| "it ended")?;
    tokio::time::timeout(Duration::from_secs(20), serving).await??;
    assert_eq!(find(&party.node, "z-paused").await?.outcome.pulls, 0);
    Ok(())
}

/// The first where the URL says so.
struct Both(Server, Server);

impl comity_exchange::ports::FeedSource for Both {
    fn open(
        &self,
        server: comity_exchange::ports::FeedServer,
    ) -> Result<Box<dyn comity_exchange::ports::FeedSession>, comity_exchange::ports::FeedFault>
    {
        let is_dead = server.url.contains("dead");
        if is_dead { self.0.open(server) } else { self.1.open(server) }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_what_a_partner_released_stays_its_own_when_a_feed_brings_it() -> Result<()> {
    let line = Line::given(0..2).await?;
    let altered = indicator(1)
        .replace("2026-01-10T08:00:00.000Z\",\"name", "2026-01-12T08:00:00.000Z\",\"name");
    let server = Server::of([indicator(0), altered, indicator(5)]);
    added(&line.mx, &server).await?;
    let pulled = once(&line.mx.node, &server).await?;
    assert_eq!((pulled.new, pulled.rejected), (1, 2));
    assert!(pulled.rejections.iter().all(|it| it.code == "partners-object"), "{pulled:?}");
    for number in 0..2 {
        let holding = line.mx.node.store().holding(id_of(number)).await?.ok_or("not held")?;
        assert_eq!(holding.origin.partner(), Some(line.us.node.root()));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn circularity_a_feed_that_repeats_what_is_held_is_no_second_origin() -> Result<()> {
    let party = party().await?;
    party.hold(&indicator(0)).await?;
    let server = Server::of([indicator(0)]);
    added(&party, &server).await?;
    let pulled = once(&party.node, &server).await?;
    assert_eq!((pulled.objects, pulled.new, pulled.rejected), (1, 0, 0));
    let counted = corroboration(&party.node, &id_of(0)).await?;
    let [origin] = &counted.origins[..] else { return Err("one origin".into()) };
    assert_eq!(origin.whose, [Behind::Itself].into());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn circularity_what_this_party_made_no_feed_changes() -> Result<()> {
    let party = party().await?;
    let identity = party.descriptor()?.identity.get().to_owned();
    let id = identity.split('"').nth(11).ok_or("no id")?;
    let made = |number, at: &str| {
        let by = format!("\"created_by_ref\":\"{id}\",\"name\"");
        let later = format!("\"modified\":\"2026-01-{at}T08:00:00.000Z\"");
        indicator(number)
            .replace("\"name\"", &by)
            .replace("\"modified\":\"2026-01-10T08:00:00.000Z\"", &later)
    };
    party.hold(&made(0, "10")).await?;
    let forged =
        identity.replace("2026-01-01T00:00:00.000Z\",\"name", "2026-01-02T00:00:00.000Z\",\"name");
    let server = Server::of([made(0, "10"), made(0, "11"), made(1, "10"), forged, indicator(2)]);
    added(&party, &server).await?;
    let pulled = once(&party.node, &server).await?;
    assert_eq!(pulled.new, 1, "{pulled:?}");
    assert!(pulled.rejections.iter().all(|it| it.code == "own-object"), "{pulled:?}");
    assert_eq!(party.node.store().holding_versions(id_of(0)).await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_sealed_for_its_feed_and_address_and_goes_with_it() -> Result<()> {
    let party = party().await?;
    let server = Server::of([indicator(0)]);
    let password = "hidden words of a desk".to_owned().into();
    let login = Login::Basic { username: "desk".to_owned(), password };
    let new = NewFeed { login: Some(login.clone()), ..wanted() };
    let feed = add(&party.node, &server, new, "an administrator").await?;
    assert!(!format!("{feed:?}").contains("hidden"));
    for (table, rows) in party.tables()? {
        assert!(!rows.iter().any(|it| it.contains("hidden")), "{table}");
    }
    server.opened();
    once(&party.node, &server).await?;
    assert_eq!(server.opened()[0].login, Some(login));
    // put beside another address, it does not open
    party.sql("UPDATE feed SET url = 'https://other.example/'")?;
    assert_eq!(code(once(&party.node, &server).await), "key");
    assert!(server.opened().is_empty());
    remove(&party.node, "alerts", "an administrator").await?;
    assert_eq!(party.count("SELECT count(*) FROM feed_collection")?, 0);
    assert_eq!(held(&party).await?.len(), 1, "what it brought stays");
    assert_eq!(code(once(&party.node, &server).await), "not-found");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_without_the_form_is_refused_and_leaves_nothing() -> Result<()> {
    let party = party().await?;
    let server = Server::default();
    let login = |text: &str| Some(Login::Token(text.to_owned().into()));
    for (wrong, what) in [
        (NewFeed { name: "A feed".to_owned(), ..wanted() }, "a name"),
        (NewFeed { collections: Vec::new(), ..wanted() }, "no collection"),
        (NewFeed { collections: vec!["../c".to_owned()], ..wanted() }, "a path"),
        (NewFeed { collections: vec!["c".to_owned(); 33], ..wanted() }, "many collections"),
        (NewFeed { most: FeedSize { objects: 0, ..FeedSize::USUAL }, ..wanted() }, "nothing"),
        (NewFeed { most: FeedSize { bytes: u64::MAX, ..FeedSize::USUAL }, ..wanted() }, "all"),
        (NewFeed { every: SignedDuration::from_secs(59), ..wanted() }, "often"),
        (NewFeed { every: SignedDuration::from_hours(721), ..wanted() }, "seldom"),
        (NewFeed { login: login(""), ..wanted() }, "an empty token"),
        (NewFeed { login: login("a\r\nX-More: b"), ..wanted() }, "two lines"),
    ] {
        let refused = add(&party.node, &server, wrong, "an administrator").await;
        assert_eq!(refused.unwrap_err().code(), "bad-input", "{what}");
    }
    assert!(party.node.store().feeds().await?.is_empty());
    added(&party, &server).await?;
    let again = add(&party.node, &server, wanted(), "an administrator").await;
    assert_eq!(again.unwrap_err().code(), "exists");
    Ok(())
}
