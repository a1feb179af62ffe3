//! The Store port over one SQLite file.

mod access;
mod accounts;
mod carriage;
mod ceilings;
mod channels;
mod collections;
mod column;
mod conduct;
mod connection;
mod contacts;
mod custody;
mod descriptors;
mod doubt;
mod epochs;
mod fault;
mod feeds;
mod figures;
mod folios;
mod freeze;
mod holdings;
mod journal;
mod ledger;
mod losses;
mod matters;
mod node;
mod outbox;
mod ownership;
mod parts;
mod patterns;
mod port;
mod pouches;
mod publish;
mod purge;
mod readers;
mod recovery;
mod releases;
mod schema;
mod seal;
mod settle;
mod snapshot;
mod tx;
mod units;
mod views;
mod writer;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use comity_exchange::ports::{Clock, StoreError};
use comity_model::Entropy;

pub(crate) use snapshot::parts_of_snapshot;

use fault::Result as Step;
use readers::Readers;
use tx::{Read, Tx};
use writer::Writer;

/// How a store is opened.
#[derive(Clone)]
pub struct Options {
    /// Where the salts of the journal come from.
    pub entropy: Arc<dyn Entropy>,
    /// By which the terms of what partners released run out.
    pub clock: Arc<dyn Clock>,
    /// Connections that read at the same time, at the most. 4 where nothing else is known.
    pub readers: usize,
    /// How long a transaction waits for another process, each of three times. 10 seconds where nothing else is known.
    pub busy: Duration,
}

impl Options {
    /// The usual ones.
    pub fn new(entropy: Arc<dyn Entropy>, clock: Arc<dyn Clock>) -> Self {
        Self { entropy, clock, readers: 4, busy: Duration::from_secs(10) }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("readers", &self.readers)
            .field("busy", &self.busy)
            .finish_non_exhaustive()
    }
}

/// A node's store in one SQLite file in WAL mode. Several processes may have the same file open; each has one of these.
/// Dropped, it finishes what was begun.
///
/// Every method of the port is one transaction, measured as `comity_store_seconds` by its name, waiting included;
/// failures are counted as `comity_store_failures_total` by name and code.
pub struct SqliteStore {
    path: PathBuf,
    busy: Duration,
    clock: Arc<dyn Clock>,
    writer: Writer,
    readers: Readers,
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("path", &self.path).finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Makes a database that only its owner can read. [`StoreError::Exists`] if there is a file at `path`.
    pub fn create(path: &Path, options: Options) -> Result<Self, StoreError> {
        connection::create_file(path)?;
        Self::connect(path, options)
    }

    /// Opens a database and brings it to this version's schema. [`StoreError::Missing`] if there is none,
    /// [`StoreError::Schema`] if a newer version wrote it, [`StoreError::Corrupt`] if another program did.
    pub fn open(path: &Path, options: Options) -> Result<Self, StoreError> {
        if !path.is_file() {
            let what = format!("database at `{}`; `comity init` makes one", path.display());
            return Err(StoreError::Missing(what));
        }
        Self::connect(path, options)
    }

    fn connect(path: &Path, options: Options) -> Result<Self, StoreError> {
        let Options { entropy, clock, readers, busy } = options;
        let mut connection = connection::writer(path, busy)?;
        schema::migrate(&mut connection)?;
        Ok(Self {
            path: path.to_owned(),
            busy,
            clock,
            writer: Writer::start(connection, busy, entropy)?,
            readers: Readers::new(path.to_owned(), busy, readers),
        })
    }

    /// Now, in milliseconds since 1970.
    fn now(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Looks through every page of the file, as SQLite's `PRAGMA quick_check` does, on a connection that reads: nobody
    /// waits for it. [`StoreError::Corrupt`] with the first thing that is wrong. It takes as long as reading the whole
    /// file.
    pub async fn quick_check(&self) -> Result<(), StoreError> {
        self.read("quick_check", figures::quick_check).await
    }

    async fn write<T, W>(&self, name: &'static str, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Tx<'_>) -> Step<T> + Send + 'static,
    {
        let begun = Instant::now();
        measured(name, begun, self.writer.run(work).await)
    }

    async fn read<T, W>(&self, name: &'static str, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Read<'_>) -> Step<T> + Send + 'static,
    {
        let begun = Instant::now();
        measured(name, begun, self.readers.run(work).await)
    }
}

fn measured<T>(
    name: &'static str,
    begun: Instant,
    result: Result<T, StoreError>,
) -> Result<T, StoreError> {
    metrics::histogram!("comity_store_seconds", "transaction" => name).record(begun.elapsed());
    if let Err(error) = &result {
        let labels = [("transaction", name), ("code", error.code())];
        metrics::counter!("comity_store_failures_total", &labels).increment(1);
    }
    result
}
