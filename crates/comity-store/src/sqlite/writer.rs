//! The one thread of a process that writes: group commit.
//!
//! What is queued when the thread looks is run together and committed once, and only then is anybody answered. Of several
//! each runs in a savepoint of its own, so that a failing one goes alone. An empty queue commits at once:
//! nothing waits for company. `BEGIN IMMEDIATE` takes its turn with other processes, and everything a transaction
//! builds on is read inside it, so that no other process can make it stale.
//!
//! The lock knows no order: whoever asks in the right moment has it. So a thread that is never idle leaves it alone for some
//! milliseconds every now and then, and one that waits for it asks often enough to meet them. Nobody starves that way.

use std::sync::Arc;
use std::thread::{self, Builder, JoinHandle};
use std::time::{Duration, Instant};

use comity_exchange::ports::StoreError;
use comity_model::Entropy;
use rusqlite::{Connection, ErrorCode};
use tokio::sync::{mpsc, oneshot};

use super::fault::Result;
use super::journal;
use super::tx::{Read, Tx};

/// Transactions committed together at the most.
const GROUP: usize = 256;
/// Transactions that may wait; more wait for a place in the queue.
const QUEUE: usize = 1_024;
/// For how many times the busy timeout a busy database is asked.
const ATTEMPTS: u32 = 3;
/// Between two times that it is asked.
const ASKED_AGAIN: Duration = Duration::from_millis(1);
/// How long a thread may write without leaving the lock to others.
const WITHOUT_PAUSE: Duration = Duration::from_millis(100);
/// How long it then leaves it to them: long enough to be met by one who asks again and again.
const LEFT_TO_OTHERS: Duration = Duration::from_millis(4);

/// The handle to the thread. Dropped, it lets the thread finish what is queued and waits for it.
pub(super) struct Writer {
    queue: Option<mpsc::Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread on a connection made for it, which waits for other processes for three times as long as `busy`.
    pub(super) fn start(
        connection: Connection,
        busy: Duration,
        entropy: Arc<dyn Entropy>,
    ) -> std::result::Result<Self, StoreError> {
        let failed = |error: &dyn std::fmt::Display| StoreError::Failed(error.to_string());
        // left to itself SQLite asks ever more rarely, up to ten times a second
        connection.busy_timeout(Duration::ZERO).map_err(|error| failed(&error))?;
        let patience = busy.saturating_mul(ATTEMPTS);
        let (queue, mut jobs) = mpsc::channel(QUEUE);
        let thread = Builder::new()
            .name("comity-store-writer".to_owned())
            .spawn(move || {
                let (mut group, mut turn) = (Vec::new(), Turn::begin());
                while jobs.blocking_recv_many(&mut group, GROUP) > 0 {
                    while !group.is_empty() {
                        turn.next();
                        let jobs = std::mem::take(&mut group);
                        group = commit(&connection, patience, &*entropy, jobs);
                        turn.left = Instant::now();
                    }
                }
            })
            .map_err(|error| failed(&error))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Runs a transaction and returns once it is durable. It runs to its end even if nobody waits any more.
    pub(super) async fn run<T, W>(&self, work: W) -> std::result::Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Tx<'_>) -> Result<T> + Send + 'static,
    {
        let stopped = || StoreError::Failed("the writing thread ended; restart".to_owned());
        let (reply, answer) = oneshot::channel();
        let job = Queued { work: Some(work), result: None, reply };
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.send(Box::new(job)).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing more to finish.
            let _ = thread.join();
        }
    }
}

/// Since when a thread writes without a pause that others could have met, and when it left the lock last.
struct Turn {
    since: Instant,
    left: Instant,
}

impl Turn {
    fn begin() -> Self {
        let now = Instant::now();
        Self { since: now, left: now }
    }

    /// Before the lock is taken again.
    fn next(&mut self) {
        if self.left.elapsed() < LEFT_TO_OTHERS {
            if self.since.elapsed() < WITHOUT_PAUSE {
                return;
            }
            rest(LEFT_TO_OTHERS);
        }
        self.since = Instant::now();
    }
}

/// A queued transaction, whatever it gives.
trait Job: Send {
    /// Runs it inside its savepoint; whether it is to be kept.
    fn run(&mut self, tx: &Tx<'_>) -> bool;
    /// Answers whoever waits: with its own result, or with what befell the whole group.
    fn answer(self: Box<Self>, group: Option<String>);
}

struct Queued<T, W> {
    work: Option<W>,
    result: Option<std::result::Result<T, StoreError>>,
    reply: oneshot::Sender<std::result::Result<T, StoreError>>,
}

impl<T, W> Job for Queued<T, W>
where
    T: Send,
    W: FnOnce(&Tx<'_>) -> Result<T> + Send,
{
    fn run(&mut self, tx: &Tx<'_>) -> bool {
        self.result = self.work.take().map(|work| work(tx).map_err(StoreError::from));
        matches!(self.result, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, group: Option<String>) {
        let result = match (self.result, group) {
            (Some(Err(own)), _) => Err(own),
            (_, Some(group)) => Err(StoreError::Failed(group)),
            (Some(Ok(value)), None) => Ok(value),
            (None, None) => Err(StoreError::Failed("the transaction was not run".to_owned())),
        };
        // Whoever asked may have gone; what was committed stays committed.
        let _ = self.reply.send(result);
    }
}

/// Runs and commits a group, and gives back those that were not run because the engine ended the transaction.
fn commit(
    connection: &Connection,
    patience: Duration,
    entropy: &dyn Entropy,
    group: Vec<Box<dyn Job>>,
) -> Vec<Box<dyn Job>> {
    let (mut ran, mut waiting) = (Vec::with_capacity(group.len()), group.into_iter());
    let outcome = begin(connection, patience).and_then(|()| {
        let tx = Tx { read: Read::new(connection), entropy };
        // one alone needs no savepoint: SQLite then keeps no copies of the pages that it changes
        let is_alone = waiting.len() == 1;
        let mut kept = false;
        for mut job in waiting.by_ref() {
            let result =
                if is_alone { Ok(job.run(&tx)) } else { in_savepoint(connection, &tx, &mut *job) };
            ran.push(job);
            kept |= result?;
        }
        if kept {
            journal::extend(&tx)?;
            tx.run("UPDATE counter SET value = value + 1 WHERE name = 'generation'", [])?;
        }
        Ok(connection.execute_batch(if kept { "COMMIT" } else { "ROLLBACK" })?)
    });
    let failure = outcome.err().map(|fault| StoreError::from(fault).to_string());
    if failure.is_some() && !connection.is_autocommit() {
        // If this fails too, the next BEGIN says so.
        let _ = connection.execute_batch("ROLLBACK");
    }
    // Nothing was run when it could not even begin: everybody is told.
    if ran.is_empty() {
        ran.extend(waiting.by_ref());
    }
    for job in ran {
        job.answer(failure.clone());
    }
    waiting.collect()
}

/// Runs one transaction of the group; whether it is kept. An error ends the whole group.
fn in_savepoint(connection: &Connection, tx: &Tx<'_>, job: &mut dyn Job) -> Result<bool> {
    connection.prepare_cached("SAVEPOINT one")?.execute([])?;
    let keep = job.run(tx);
    if !keep {
        // Fails if the engine already rolled everything back, as it does when the disk is full.
        connection.prepare_cached("ROLLBACK TO one")?.execute([])?;
    }
    connection.prepare_cached("RELEASE one")?.execute([])?;
    Ok(keep)
}

/// Takes the write lock, patiently: nothing was read yet, so nothing has to be repeated.
fn begin(connection: &Connection, patience: Duration) -> Result<()> {
    let since = Instant::now();
    loop {
        match connection.execute_batch("BEGIN IMMEDIATE") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && since.elapsed() < patience =>
            {
                rest(ASKED_AGAIN);
            }
            other => return Ok(other?),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the writing thread is its own, and no runtime's")]
fn rest(time: Duration) {
    thread::sleep(time);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::{connection, fault, schema};

    struct Nothing;

    impl Entropy for Nothing {
        fn fill(&self, out: &mut [u8]) {
            out.fill(0);
        }
    }

    #[tokio::test]
    async fn one_that_fails_after_it_wrote_leaves_nothing_and_is_in_nobodys_way() {
        const PUT: &str = "INSERT INTO counter VALUES (?1, 0)";
        const COUNT: &str = "SELECT count(*) FROM counter WHERE name = ?1";
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("node.db");
        connection::create_file(&path).unwrap();
        let mut connection = connection::writer(&path, Duration::from_secs(1)).unwrap();
        schema::migrate(&mut connection).unwrap();
        let writer = Writer::start(connection, Duration::from_secs(1), Arc::new(Nothing)).unwrap();
        for _ in 0..2 {
            let failed = writer.run(|tx| {
                tx.run(PUT, ["failed"])?;
                fault::conflict::<()>("nothing")
            });
            assert_eq!(failed.await.unwrap_err().code(), "conflict");
            let count = writer.run(|tx| tx.value::<i64>(COUNT, ["failed"])).await.unwrap();
            assert_eq!(count, Some(0));
        }
        writer.run(|tx| tx.run(PUT, ["kept"])).await.unwrap();
        assert_eq!(writer.run(|tx| tx.value::<i64>(COUNT, ["kept"])).await.unwrap(), Some(1));
    }
}
