//! A small pool of connections that read, each query in one transaction on a thread where it may block.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use comity_exchange::ports::StoreError;
use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::connection;
use super::fault::Result;
use super::tx::Read;

/// The pool. Connections are opened when first needed.
pub(super) struct Readers {
    shared: Arc<Shared>,
    permits: Arc<Semaphore>,
}

struct Shared {
    path: PathBuf,
    busy: Duration,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    /// A pool of at most `count` connections.
    pub(super) fn new(path: PathBuf, busy: Duration, count: usize) -> Self {
        Self {
            shared: Arc::new(Shared { path, busy, idle: Mutex::new(Vec::new()) }),
            permits: Arc::new(Semaphore::new(count.max(1))),
        }
    }

    /// Runs a query that sees one state of the database.
    pub(super) async fn run<T, W>(&self, work: W) -> std::result::Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Read<'_>) -> Result<T> + Send + 'static,
    {
        let failed = |error: &dyn std::fmt::Display| StoreError::Failed(error.to_string());
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|e| failed(&e))?;
        let shared = Arc::clone(&self.shared);
        let query = move || {
            // Held until the connection is back in the pool, even if nobody waits for the answer any more.
            let _permit = permit;
            shared.query(work).map_err(StoreError::from)
        };
        tokio::task::spawn_blocking(query).await.map_err(|e| failed(&e))?
    }
}

impl Shared {
    fn query<T>(&self, work: impl FnOnce(&Read<'_>) -> Result<T>) -> Result<T> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connection::reader(&self.path, self.busy)?,
        };
        let transaction = connection.unchecked_transaction()?;
        let result = work(&Read::new(&transaction));
        transaction.finish()?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        result
    }
}
