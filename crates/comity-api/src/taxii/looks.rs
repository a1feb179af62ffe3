//! What programs read, in the access journal.
//!
//! A program asks many times a minute, and a line for each request would bury what people do. So the first request of an
//! account for a collection is a line before it is answered, and what it reads in the minute after is one line more when
//! that minute is over. Where a line cannot be written nothing is shown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use comity_exchange::Node;
use comity_exchange::access::{Access, Area, Rules, Verb, record_access};
use uuid::Uuid;

use super::Fault;

/// How long requests are gathered into one line.
const GATHERED: Duration = Duration::from_mins(1);
/// Objects asked for by their id that one line names; with more it is written at once.
const IDS: usize = 500;

/// What was read and is not in the journal yet.
pub(crate) struct Looks {
    node: Node,
    tallies: Mutex<BTreeMap<Key, Tally>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    account: String,
    collection: Uuid,
    verb: Verb,
}

#[derive(Default)]
struct Tally {
    /// When its last line was written; `None`: the next request is a line at once.
    since: Option<Instant>,
    found: u64,
    ids: BTreeSet<String>,
    /// Whether there was anything since its line was written.
    is_open: bool,
}

impl Tally {
    fn add(&mut self, object: Option<&str>, found: u64) {
        self.is_open = true;
        self.found = self.found.saturating_add(found);
        self.ids.extend(object.map(str::to_owned));
    }

    fn is_over(&self) -> bool {
        self.since.is_none_or(|since| since.elapsed() >= GATHERED)
    }
}

impl Looks {
    pub(crate) fn new(node: Node) -> Self {
        Self { node, tallies: Mutex::default() }
    }

    /// Notes that so many objects, or names of objects, are about to be shown; `object` is the one that was asked for.
    pub(super) async fn note(
        &self,
        account: &str,
        collection: Uuid,
        verb: Verb,
        object: Option<&str>,
        found: u64,
    ) -> Result<(), Fault> {
        let key = Key { account: account.to_owned(), collection, verb };
        let before = {
            let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
            let tally = tallies.entry(key.clone()).or_default();
            if !tally.is_over() && tally.ids.len() < IDS {
                tally.add(object, found);
                return Ok(());
            }
            std::mem::replace(tally, Tally { since: Some(Instant::now()), ..Tally::default() })
        };
        let mut line = self.line(&key, &before);
        line.found = line.found.saturating_add(found);
        if let Some(object) = object
            && !before.ids.contains(object)
        {
            line.ids.push(object.to_owned());
        }
        let written = record_access(&self.node, &Rules::default(), &[line]).await;
        if written.is_err() {
            // this request shows nothing; what others were shown before is still to be written
            self.put_back(key, before);
        }
        Ok(written?)
    }

    /// Writes the lines whose minute is over, or all of them. What cannot be written is kept for the next time.
    pub(super) async fn write(&self, all: bool) -> comity_exchange::Result<()> {
        let over: Vec<(Key, Tally)> = {
            let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
            tallies.extract_if(.., |_, tally| all || tally.is_over()).collect()
        };
        let open: Vec<_> = over.into_iter().filter(|(_, tally)| tally.is_open).collect();
        let lines: Vec<Access> = open.iter().map(|(key, tally)| self.line(key, tally)).collect();
        let written = record_access(&self.node, &Rules::default(), &lines).await;
        if written.is_err() {
            tracing::error!(lines = lines.len(), "what programs read could not be journalled");
            for (key, tally) in open {
                self.put_back(key, tally);
            }
        }
        written
    }

    /// Puts back what could not be written, beside what came since. The next request is a line at once, or is not answered.
    fn put_back(&self, key: Key, unwritten: Tally) {
        let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        let tally = tallies.entry(key).or_default();
        tally.since = None;
        tally.is_open |= unwritten.is_open;
        tally.found = tally.found.saturating_add(unwritten.found);
        tally.ids.extend(unwritten.ids);
    }

    fn line(&self, key: &Key, tally: &Tally) -> Access {
        let ids = std::iter::once(key.collection.to_string()).chain(tally.ids.iter().cloned());
        Access {
            actor: key.account.clone(),
            verb: key.verb,
            area: Area::Collections,
            ids: ids.collect(),
            words: None,
            purpose: None,
            found: tally.found,
            at: self.node.now(),
        }
    }
}

#[cfg(test)]
mod tests {
    use comity_exchange::access::accesses;
    use comity_exchange::ports::AccessQuery;
    use comity_testkit::{Party, Result, TestClock};

    use super::*;

    #[tokio::test]
    async fn what_could_not_be_journalled_is_journalled_later_and_whole() -> Result<()> {
        let clock = TestClock::at("2026-03-01T10:00:00Z".parse()?);
        let party = Party::new("mx", &clock, false).await?;
        let (looks, collection) = (Looks::new(party.node.clone()), Uuid::from_u128(1));
        let note = |object, found| looks.note("desk", collection, Verb::Opened, object, found);
        note(None, 3).await.unwrap();
        note(Some("one"), 1).await.unwrap();
        note(Some("two"), 1).await.unwrap();
        let over = || looks.tallies.lock().unwrap().values_mut().for_each(|it| it.since = None);
        over();
        party.sql(
            "CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'full'); END",
        )?;
        assert!(note(Some("three"), 1).await.is_err(), "and nothing is shown");
        assert!(looks.write(true).await.is_err());
        assert!(note(None, 5).await.is_err(), "the next one is a line at once again");
        party.sql("DROP TRIGGER full")?;
        looks.write(true).await?;
        let query = AccessQuery { limit: 10, ..AccessQuery::default() };
        let found = accesses(&party.node, query).await?;
        let lines: Vec<_> = found.into_iter().map(|it| (it.found, it.ids)).collect();
        let ids = |ids: &[&str]| -> Vec<String> {
            let collection = collection.to_string();
            std::iter::once(collection).chain(ids.iter().map(|it| (*it).to_owned())).collect()
        };
        assert_eq!(lines, [(2, ids(&["one", "two"])), (3, ids(&[]))]);
        Ok(())
    }
}
