//! What one partner has under way, so that it gets its share and not more.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use comity_model::{Digest, PartyRoot};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::LinkLimits;
use crate::problem::Problem;

/// How long a count of the spool may be old. Bytes written since are in it; bytes deleted are seen after it.
const COUNT_AGE: Duration = Duration::from_secs(1);

/// The desks of all partners. There are as many as there are pinned parties.
pub(super) struct Desks {
    limits: LinkLimits,
    desks: Mutex<BTreeMap<PartyRoot, Arc<Desk>>>,
}

impl Desks {
    pub(super) const fn new(limits: LinkLimits) -> Self {
        Self { limits, desks: Mutex::new(BTreeMap::new()) }
    }

    pub(super) fn of(&self, party: PartyRoot) -> Arc<Desk> {
        let desk = || Arc::new(Desk::new(&self.limits));
        Arc::clone(lock(&self.desks).entry(party).or_insert_with(desk))
    }
}

/// One partner's connections, uploads and bytes.
pub(super) struct Desk {
    seats: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
    bulk: Arc<Semaphore>,
    claims: Mutex<BTreeSet<Digest>>,
    ledger: Mutex<Ledger>,
}

/// A connection's place.
pub(super) enum Seat {
    /// One of the partner's own.
    Free(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit),
    /// One too many: it is told so.
    Full(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit),
}

impl Desk {
    fn new(limits: &LinkLimits) -> Self {
        Self {
            seats: Arc::new(Semaphore::new(limits.connections)),
            refusals: Arc::new(Semaphore::new(limits.connections)),
            bulk: Arc::new(Semaphore::new(1)),
            claims: Mutex::default(),
            ledger: Mutex::default(),
        }
    }

    /// A place for a connection; `None` when even those that are told so are too many.
    pub(super) fn seat(&self) -> Option<Seat> {
        let take = |places: &Arc<Semaphore>| Arc::clone(places).try_acquire_owned().ok();
        take(&self.seats).map(Seat::Free).or_else(|| take(&self.refusals).map(Seat::Full))
    }

    /// The one place for a bulk upload, if it is free.
    pub(super) fn bulk(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.bulk).try_acquire_owned().ok()
    }

    /// The right to write one pouch; `None` while another request writes it.
    pub(super) fn claim(self: &Arc<Self>, pouch: Digest) -> Option<Claim> {
        let new = lock(&self.claims).insert(pouch);
        new.then(|| Claim { desk: Arc::clone(self), pouch })
    }

    /// Whether `need` more bytes fit in `room` beside what this partner has in the spool. `offset` says how much of a pouch is
    /// there; it is asked, from a thread that may block, when its last answers are old or would refuse.
    pub(super) fn fits(
        &self,
        need: u64,
        room: u64,
        offset: impl Fn(&Digest) -> Result<u64, Problem>,
    ) -> Result<bool, Problem> {
        let mut ledger = lock(&self.ledger);
        let fresh = ledger.counted.is_some_and(|at| at.elapsed() < COUNT_AGE);
        if !fresh || !ledger.fits(need, room) {
            ledger.count(offset)?;
        }
        Ok(ledger.fits(need, room))
    }

    /// Takes note that so many bytes of a pouch of this partner are in the spool.
    pub(super) fn holds(&self, pouch: Digest, bytes: u64) {
        if bytes > 0 {
            lock(&self.ledger).pouches.insert(pouch, bytes);
        }
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Desk({} seats free)", self.seats.available_permits())
    }
}

/// A partner's pouches in the spool: those that it wrote since the process began, until they are deleted.
#[derive(Debug, Default)]
struct Ledger {
    pouches: BTreeMap<Digest, u64>,
    counted: Option<Instant>,
}

impl Ledger {
    fn fits(&self, need: u64, room: u64) -> bool {
        let used = self.pouches.values().try_fold(need, |sum, bytes| sum.checked_add(*bytes));
        used.is_some_and(|used| used <= room)
    }

    fn count(&mut self, offset: impl Fn(&Digest) -> Result<u64, Problem>) -> Result<(), Problem> {
        for (pouch, bytes) in &mut self.pouches {
            *bytes = offset(pouch)?;
        }
        self.pouches.retain(|_, bytes| *bytes > 0);
        self.counted = Some(Instant::now());
        Ok(())
    }
}

/// The right to write one pouch, until it is dropped.
pub(super) struct Claim {
    desk: Arc<Desk>,
    pouch: Digest,
}

impl Drop for Claim {
    fn drop(&mut self) {
        lock(&self.desk.claims).remove(&self.pouch);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pouch_has_one_writer_at_a_time() {
        let desk = Arc::new(Desk::new(&LinkLimits::default()));
        let pouch = Digest::of(b"a pouch");
        let claim = desk.claim(pouch);
        assert!(claim.is_some());
        assert!(desk.claim(pouch).is_none());
        assert!(desk.claim(Digest::of(b"another")).is_some());
        drop(claim);
        assert!(desk.claim(pouch).is_some());
    }

    #[test]
    fn space_that_was_freed_is_seen_before_anything_is_refused() {
        let desk = Desk::new(&LinkLimits::default());
        let (one, two) = (Digest::of(b"one"), Digest::of(b"two"));
        let never = |_: &Digest| unreachable!("the count is fresh and allows it");
        assert!(desk.fits(10, 100, |_| Ok(0)).unwrap());
        desk.holds(one, 60);
        desk.holds(two, 30);
        assert!(desk.fits(10, 100, never).unwrap());
        assert!(!desk.fits(11, 100, |pouch| Ok(if *pouch == one { 60 } else { 30 })).unwrap());
        assert!(desk.fits(11, 100, |pouch| Ok(if *pouch == one { 0 } else { 30 })).unwrap());
        assert!(desk.fits(70, 100, never).unwrap());
        assert!(!desk.fits(u64::MAX, u64::MAX, |_| Ok(1)).unwrap());
    }
}
