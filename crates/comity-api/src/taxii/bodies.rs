//! Room for bodies. What clients have sent and what is being worked on has a bound over all of them together, so that neither
//! many who send at once nor many who send slowly take the memory; and nobody takes it all.
//!
//! A body waits for its room before anything of it is read, and takes all that it said it would need, in the order in which they
//! came. One that does not say how long it is begins in the small hall and may move to the large one. Whoever has room in the
//! large hall waits for no more, so what is there always ends and nobody waits in a circle.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::Fault;

#[cfg(test)]
mod tests;

/// Room is taken in pieces of so many bytes.
const PIECE: usize = 16 << 10;
/// Bytes of a body that is small, and of one of unknown length before it moves.
const SMALL: usize = 256 << 10;
/// The part of all room that is kept for small bodies.
const FOR_SMALL: usize = 8;

/// The room for all bodies.
pub(crate) struct Bodies {
    small: Hall,
    large: Hall,
    /// Bytes of one body at the most.
    body: usize,
}

/// Room with a bound over all, and one for each account.
struct Hall {
    all: Arc<Queue>,
    /// Pieces that one account may take.
    share: usize,
    shares: Mutex<BTreeMap<String, Arc<Queue>>>,
}

/// Pieces, and those who wait for them, first come first served.
struct Queue {
    free: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// What one body takes, given back when this is dropped.
pub(crate) struct Room {
    bytes: usize,
    all: Place,
    own: Place,
}

struct Place {
    queue: Arc<Queue>,
    _taken: OwnedSemaphorePermit,
}

impl Bodies {
    /// Room for so many bytes, half of it for one account; but in each hall there is always room for another account's body.
    pub(super) fn new(bytes: usize, body: usize) -> Self {
        let first = SMALL.min(body);
        let small = bytes / FOR_SMALL;
        let large = bytes.saturating_sub(small);
        Self {
            small: Hall::new(small, small / 2, first),
            large: Hall::new(large, bytes / 2, body),
            body,
        }
    }

    /// Room for a body of so many bytes, or for the first of one that does not say how many, waiting for it as long as `patience`.
    pub(crate) async fn enter(
        &self,
        account: &str,
        bytes: Option<usize>,
        patience: Duration,
    ) -> Result<Room, Fault> {
        let bytes = bytes.unwrap_or(SMALL).min(self.body);
        let hall = if bytes <= SMALL { &self.small } else { &self.large };
        hall.take(account, bytes, patience).await
    }

    /// Room for the longest body there is, instead of `room`, waiting for it as long as `patience`. What was there is held until
    /// then: it is in the small hall, so nobody in the large one waits for it.
    pub(crate) async fn grow(
        &self,
        room: Room,
        account: &str,
        patience: Duration,
    ) -> Result<Room, Fault> {
        let larger = self.large.take(account, self.body, patience).await?;
        drop(room);
        Ok(larger)
    }
}

impl Hall {
    fn new(all: usize, share: usize, body: usize) -> Self {
        let (all, share, body) = (pieces(all), pieces(share), pieces(body));
        let share = share.max(body);
        let all = all.max(share + body).min(Semaphore::MAX_PERMITS);
        let share = share.min(all);
        Self { all: Arc::new(Queue::new(all)), share, shares: Mutex::default() }
    }

    async fn take(&self, account: &str, bytes: usize, patience: Duration) -> Result<Room, Fault> {
        let own = {
            let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
            // an account that sends nothing has its whole share
            shares.retain(|_, it| Arc::strong_count(it) > 1);
            let own = shares.entry(account.to_owned());
            Arc::clone(own.or_insert_with(|| Arc::new(Queue::new(self.share))))
        };
        let until = Instant::now() + patience;
        let pieces = u32::try_from(pieces(bytes)).map_err(|_| Fault::crowded())?;
        // who waits for its own share stands in nobody else's way
        let own = own.take(pieces, until).await?;
        let all = Arc::clone(&self.all).take(pieces, until).await?;
        Ok(Room { bytes, all, own })
    }
}

impl Queue {
    fn new(pieces: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(pieces)), waiting: AtomicUsize::new(0) }
    }

    async fn take(self: Arc<Self>, pieces: u32, until: Instant) -> Result<Place, Fault> {
        // what is given back goes to those who wait, so nobody overtakes them here
        let at_once = Arc::clone(&self.free).try_acquire_many_owned(pieces);
        let taken = if let Ok(taken) = at_once {
            taken
        } else {
            let _waiting = Waiting::new(&self.waiting);
            let taken = timeout_at(until, Arc::clone(&self.free).acquire_many_owned(pieces));
            taken.await.ok().and_then(Result::ok).ok_or_else(Fault::crowded)?
        };
        Ok(Place { queue: self, _taken: taken })
    }
}

impl Room {
    /// Bytes of a body for which it is enough.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether somebody waits for what this takes.
    pub(crate) fn is_wanted(&self) -> bool {
        [&self.own, &self.all].iter().any(|it| it.queue.waiting.load(Ordering::Relaxed) > 0)
    }
}

/// Somebody who waits, until this is dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The pieces of so many bytes; what has none takes one all the same.
const fn pieces(bytes: usize) -> usize {
    let pieces = bytes.div_ceil(PIECE);
    if pieces == 0 { 1 } else { pieces }
}
