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

struct Tally {
    since: Instant,
    found: u64,
    ids: BTreeSet<String>,
    /// Whether there was anything since its line was written.
    is_open: bool,
}

impl Tally {
    fn new() -> Self {
        Self { since: Instant::now(), found: 0, ids: BTreeSet::new(), is_open: false }
    }

    fn add(&mut self, object: Option<&str>, found: u64) {
        self.is_open = true;
        self.found = self.found.saturating_add(found);
        self.ids.extend(object.map(str::to_owned));
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
        let line = {
            let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(tally) = tallies.get_mut(&key)
                && tally.since.elapsed() < GATHERED
                && tally.ids.len() < IDS
            {
                tally.add(object, found);
                return Ok(());
            }
            let mut before = tallies.insert(key.clone(), Tally::new()).unwrap_or_else(Tally::new);
            before.add(object, found);
            self.line(key.clone(), before)
        };
        let written = record_access(&self.node, &Rules::default(), &[line]).await;
        if written.is_err() {
            // the next request is a first one again
            self.tallies.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
        }
        Ok(written?)
    }

    /// Writes the lines whose minute is over, or all of them. What cannot be written is kept for the next time.
    pub(super) async fn write(&self, all: bool) -> comity_exchange::Result<()> {
        let over: Vec<(Key, Tally)> = {
            let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
            let is_over = |tally: &Tally| all || tally.since.elapsed() >= GATHERED;
            tallies.extract_if(.., |_, tally| is_over(tally)).collect()
        };
        let open = over.into_iter().filter(|(_, tally)| tally.is_open);
        let lines: Vec<Access> = open.map(|(key, tally)| self.line(key, tally)).collect();
        let written = record_access(&self.node, &Rules::default(), &lines).await;
        if written.is_err() {
            tracing::error!(lines = lines.len(), "what programs read could not be journalled");
            let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
            for line in lines {
                let [collection, ids @ ..] = line.ids.as_slice() else { continue };
                let Ok(collection) = collection.parse() else { continue };
                let key = Key { account: line.actor.clone(), collection, verb: line.verb };
                let tally = tallies.entry(key).or_insert_with(Tally::new);
                tally.add(None, line.found);
                tally.ids.extend(ids.iter().cloned());
            }
        }
        written
    }

    fn line(&self, key: Key, tally: Tally) -> Access {
        let ids = std::iter::once(key.collection.to_string()).chain(tally.ids);
        Access {
            actor: key.account,
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
