//! Section 3.5: a walk over pages skips nothing and repeats nothing, whatever happens between them, whoever answers them.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};

use axum::body::Body;
use axum::http::{Method, StatusCode};
use comity_api::{TaxiiLimits, TaxiiSettings};
use comity_exchange::{collection, view};
use comity_testkit::{Result, indicator};
use proptest::prelude::*;
use serde_json::Value;
use tokio::sync::watch;

use super::{Answer, MEDIA, Server, ask, id_of, request, serve};

/// What happens between two pages.
#[derive(Debug, Clone)]
enum Event {
    /// So many objects are written.
    Write(u64),
    /// An object gets a new version.
    Revise(prop::sample::Index),
    /// An object is deleted from the collection.
    Delete(prop::sample::Index),
    /// The last version of an object is.
    DeleteLast(prop::sample::Index),
    /// An object is frozen, as by a recall.
    Freeze(prop::sample::Index),
    /// An object is purged, as when its time is over.
    Purge(prop::sample::Index),
    /// The second process is stopped and started again.
    Restart,
}

fn event() -> impl Strategy<Value = Event> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        3 => (1_u64..4).prop_map(Event::Write),
        3 => index().prop_map(Event::Revise),
        2 => index().prop_map(Event::Delete),
        2 => index().prop_map(Event::DeleteLast),
        1 => index().prop_map(Event::Freeze),
        1 => index().prop_map(Event::Purge),
        1 => Just(Event::Restart),
    ]
}

/// A node that two processes serve, and in which every walk has a collection of its own.
struct House {
    server: Server,
    second: Mutex<(SocketAddr, watch::Sender<bool>)>,
    numbers: AtomicU64,
}

impl House {
    async fn new() -> Result<Self> {
        let mut server = Server::new().await?;
        let second = Self::start(&mut server).await?;
        Ok(Self { server, second: Mutex::new(second), numbers: AtomicU64::new(0) })
    }

    async fn start(server: &mut Server) -> Result<(SocketAddr, watch::Sender<bool>)> {
        let node = server.party.beside().await?;
        serve(node, TaxiiSettings::default(), TaxiiLimits::default()).await
    }

    fn address(&self, second: bool) -> SocketAddr {
        if second { self.second.lock().unwrap().0 } else { self.server.address }
    }

    async fn get(&self, path: &str, second: bool) -> Answer {
        let request = request(Method::GET, path, "desk").body(Body::empty()).unwrap();
        let answer = ask(self.address(second), request).await.unwrap();
        assert_eq!(answer.status, StatusCode::OK, "{path}: {answer:?}");
        answer
    }

    async fn post(&self, alias: &str, object: &str, second: bool) -> Result<()> {
        let path = format!("/comity/collections/{alias}/objects/");
        let post = request(Method::POST, &path, "desk").header("content-type", MEDIA);
        let body = Body::from(format!("{{\"objects\":[{object}]}}"));
        let answer = ask(self.address(second), post.body(body)?).await?;
        assert_eq!(answer.json()["success_count"], 1, "{answer:?}");
        Ok(())
    }

    /// A collection, and the first of ten thousand numbers of objects for it alone.
    async fn collection(&self) -> Result<(String, u64)> {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        let alias = format!("walk-{number}");
        super::add_collection(&self.server.party, &alias, None).await?;
        let node = &self.server.party.node;
        let it = collection::find(node, &alias).await?;
        collection::grant(node, &it, "desk", (true, true), "an administrator").await?;
        Ok((alias, number * 10_000))
    }

    fn sql(&self, sql: &str) -> Result<()> {
        self.server.party.sql(sql)
    }
}

/// The name of each object of an answer with its version.
fn names(answer: &Answer) -> Vec<(String, String)> {
    let objects = answer.json()["objects"].as_array().cloned().unwrap_or_default();
    let version = |it: &Value| {
        ["version", "modified"].iter().find_map(|name| it[name].as_str()).unwrap().to_owned()
    };
    objects.iter().map(|it| (it["id"].as_str().unwrap().to_owned(), version(it))).collect()
}

fn revised(number: u64, revision: usize) -> String {
    let (minute, second) = (revision / 60, revision % 60);
    indicator(number).replace(
        "\"modified\":\"2026-01-10T08:00:00.000Z\"",
        &format!("\"modified\":\"2026-01-10T09:{minute:02}:{second:02}.000Z\""),
    )
}

/// A walk that goes on.
struct Walk {
    alias: String,
    base: u64,
    written: u64,
    revision: usize,
    /// Whether it asks for each object as it is now, and for no other version.
    newest: bool,
    /// The objects that were purged.
    over: BTreeSet<u64>,
    /// The objects of which an earlier version became the last again: of that one a walk is told again.
    again: BTreeSet<String>,
}

impl Walk {
    async fn happen(&mut self, house: &House, event: &Event, second: bool) -> Result<()> {
        self.revision += 1;
        let (alias, base, written) = (self.alias.as_str(), self.base, self.written);
        let number =
            |it: &prop::sample::Index| base + it.index(usize::try_from(written).unwrap()) as u64;
        let target = match event {
            Event::Revise(it)
            | Event::Delete(it)
            | Event::DeleteLast(it)
            | Event::Freeze(it)
            | Event::Purge(it) => Some(number(it)),
            Event::Write(_) | Event::Restart => None,
        };
        if target.is_some_and(|it| self.over.contains(&it)) {
            return Ok(());
        }
        let id = target.map(id_of).unwrap_or_default();
        let delete = async |query: &str| {
            let path = format!("/comity/collections/{alias}/objects/{id}/{query}");
            let delete = request(Method::DELETE, &path, "desk").body(Body::empty()).unwrap();
            let status = ask(house.address(second), delete).await.unwrap().status;
            assert!([StatusCode::OK, StatusCode::NOT_FOUND].contains(&status), "{status}");
        };
        match event {
            Event::Write(count) => {
                for number in written..written + count {
                    house.post(alias, &indicator(base + number), second).await?;
                }
                self.written += count;
            }
            Event::Revise(it) => {
                house.post(alias, &revised(number(it), self.revision), second).await?;
            }
            Event::Delete(_) => delete("").await,
            // whoever asks for other versions than the last is told again of the one that is the last now
            Event::DeleteLast(_) if self.newest => {
                delete("?match[version]=last").await;
                self.again.insert(id.clone());
            }
            Event::DeleteLast(_) | Event::Restart => {}
            // the rows that these transactions of the store write and delete, and nothing of the views: those are for the triggers
            Event::Freeze(_) => house.sql(&format!(
                "BEGIN IMMEDIATE;
                 INSERT INTO freeze DEFAULT VALUES;
                 INSERT INTO frozen (position, freeze)
                   SELECT h.position, f.number FROM holding h, (SELECT max(number) AS number FROM freeze) f WHERE h.id = '{id}'
                   AND NOT EXISTS (SELECT 1 FROM frozen o WHERE o.position = h.position);
                 DELETE FROM newest WHERE position IN (SELECT position FROM holding WHERE id = '{id}');
                 COMMIT"
            ))?,
            Event::Purge(it) => {
                house.sql(&format!(
                    "BEGIN IMMEDIATE;
                     INSERT INTO holding_text (holding_text, rowid, text)
                       SELECT 'delete', position, text FROM holding WHERE id = '{id}';
                     DELETE FROM frozen WHERE position IN (SELECT position FROM holding WHERE id = '{id}');
                     DELETE FROM newest WHERE position IN (SELECT position FROM holding WHERE id = '{id}');
                     DELETE FROM holding WHERE id = '{id}';
                     COMMIT"
                ))?;
                self.over.insert(number(it));
            }
        }
        Ok(view::catch_up(&house.server.party.node).await?)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 60, ..ProptestConfig::with_cases(40) })]

    #[test]
    fn s3_5_a_walk_skips_and_repeats_nothing_whatever_happens_between_its_pages(
        first in 1_u64..25,
        steps in prop::collection::vec((1_u32..9, any::<bool>(), prop::collection::vec(event(), 0..3)), 1..12),
        resource in prop_oneof![Just("objects"), Just("manifest")],
        filter in prop_oneof![Just(""), Just("&match[type]=indicator"), Just("&match[type]=malware,indicator"), Just("&match[version]=all"), Just("&match[version]=first,last")],
        by_date in any::<bool>(),
    ) {
        static HOUSE: OnceLock<(tokio::runtime::Runtime, tokio::sync::Mutex<House>)> = OnceLock::new();
        let (runtime, house) = HOUSE.get_or_init(|| {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let house = runtime.block_on(House::new()).unwrap();
            (runtime, tokio::sync::Mutex::new(house))
        });
        runtime.block_on(async {
            let mut house = house.lock().await;
            let (alias, base) = house.collection().await.unwrap();
            for number in 0..first {
                house.post(&alias, &indicator(base + number), false).await.unwrap();
            }
            let newest = !filter.contains("version");
            let mut walk = Walk { alias, base, written: first, revision: 0, newest, over: BTreeSet::new(), again: BTreeSet::new() };
            let alias = walk.alias.clone();
            let (mut walked, mut place) = (Vec::new(), String::new());
            for turn in 0..200 {
                let (limit, second, events) = &steps[turn % steps.len()];
                // after the last step nothing happens any more
                let events = if turn < steps.len() { events.as_slice() } else { &[] };
                let path = format!("/comity/collections/{alias}/{resource}/?limit={limit}{filter}{place}");
                let page = house.get(&path, *second).await;
                walked.extend(names(&page));
                let json = page.json();
                let last = page.field("x-taxii-date-added-last").unwrap().to_owned();
                let more = json["more"] == true;
                match json["next"].as_str().filter(|_| !by_date) {
                    Some(next) => place = format!("&next={next}"),
                    None => place = format!("&added_after={last}"),
                }
                if !more && turn >= steps.len() {
                    break;
                }
                for event in events {
                    if matches!(event, Event::Restart) {
                        let fresh = House::start(&mut house.server).await.unwrap();
                        *house.second.lock().unwrap() = fresh;
                    }
                    walk.happen(&house, event, *second).await.unwrap();
                }
            }
            // the last time that each was met counts
            let mut once = BTreeSet::new();
            walked.reverse();
            walked.retain(|it| {
                let is_new = once.insert(it.clone());
                assert!(is_new || walk.again.contains(&it.0), "repeated: {it:?}");
                is_new
            });
            walked.reverse();
            let path = format!("/comity/collections/{alias}/{resource}/?{filter}");
            let there = names(&house.get(path.trim_end_matches('?'), false).await);
            let met: Vec<_> = walked.iter().filter(|it| there.contains(it)).cloned().collect();
            assert_eq!(met, there, "what is there was met, once, in its order");
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_5_a_walk_beside_writers_of_two_processes_meets_every_object_once() -> Result<()> {
    const EACH: u64 = 40;
    let house = std::sync::Arc::new(House::new().await?);
    let (alias, base) = house.collection().await?;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..3 {
        let (house, alias) = (std::sync::Arc::clone(&house), alias.clone());
        writers.spawn(async move {
            for number in 0..EACH {
                let object = indicator(base + writer * EACH + number);
                house.post(&alias, &object, writer % 2 == 0).await.unwrap();
            }
        });
    }
    let (mut walked, mut place, mut turn) = (Vec::new(), String::new(), 0);
    loop {
        let is_written = writers.is_empty();
        let path = format!("/comity/collections/{alias}/objects/?limit={}{place}", turn % 7 + 1);
        let page = house.get(&path, turn % 2 == 0).await;
        walked.extend(page.ids());
        let json = page.json();
        let last = page.field("x-taxii-date-added-last").ok_or("a date")?;
        place = match json["next"].as_str() {
            Some(next) => format!("&next={next}"),
            None if is_written => break,
            None => format!("&added_after={last}"),
        };
        while writers.try_join_next().is_some() {}
        turn += 1;
        assert!(turn < 10_000, "it does not end");
    }
    let wanted: BTreeSet<String> = (0..3 * EACH).map(|it| id_of(base + it)).collect();
    assert_eq!(walked.len(), wanted.len(), "each once");
    assert_eq!(walked.into_iter().collect::<BTreeSet<_>>(), wanted);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_5_a_version_that_is_the_newest_again_is_met_by_a_walk_that_was_past_its_place()
-> Result<()> {
    let house = House::new().await?;
    let (alias, base) = house.collection().await?;
    for object in [indicator(base), indicator(base + 1), indicator(base + 2), revised(base, 1)] {
        house.post(&alias, &object, false).await?;
    }
    let objects = format!("/comity/collections/{alias}/objects/");
    let first = house.get(&format!("{objects}?limit=1"), false).await;
    assert_eq!(first.ids(), [id_of(base + 1)], "of the first one a later version is there");
    let last = format!("{objects}{}/?match[version]=last", id_of(base));
    let delete = request(Method::DELETE, &last, "desk").body(Body::empty())?;
    assert_eq!(ask(house.address(true), delete).await?.status, StatusCode::OK);
    let next = first.json()["next"].as_str().ok_or("a token")?.to_owned();
    let rest = house.get(&format!("{objects}?limit=9&next={next}"), true).await;
    assert_eq!(rest.ids(), [id_of(base + 2), id_of(base)]);
    Ok(())
}
