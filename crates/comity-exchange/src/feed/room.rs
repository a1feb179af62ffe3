//! Room on the disk, and a place at it.

use std::fmt;
use std::io;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::ports::{FeedCode, FeedFault};

/// Pulls that keep a batch at one time. The others wait, in the order in which they came to it, so that who writes beside them
/// waits for a few batches and not for one of every feed.
const PLACES: usize = 2;

/// Asks how many bytes feeds and clients of TAXII may still write on the disk, beyond what has to stay free. What brings objects
/// asks before every batch. Clones share the places at it.
#[derive(Clone)]
pub struct Room {
    free: Arc<dyn Fn() -> io::Result<u64> + Send + Sync>,
    places: Arc<Semaphore>,
}

impl Room {
    /// Asks this.
    pub fn new(free: impl Fn() -> io::Result<u64> + Send + Sync + 'static) -> Self {
        Self { free: Arc::new(free), places: Arc::new(Semaphore::new(PLACES)) }
    }

    /// Waits for a place, which is held until what is given is dropped.
    pub(super) async fn place(&self) -> Option<OwnedSemaphorePermit> {
        // it is never closed
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    /// Whether there are so many bytes; not where that cannot be told.
    pub fn holds(&self, bytes: usize) -> bool {
        (self.free)().is_ok_and(|free| free >= bytes as u64)
    }

    /// For so many bytes more: `feed-no-room` where there is none, or where that cannot be told.
    pub(super) fn must_hold(&self, bytes: usize) -> Result<(), FeedFault> {
        match (self.free)() {
            Ok(free) if free >= bytes as u64 => Ok(()),
            Ok(_) => Err(FeedFault::new(FeedCode::NoRoom)),
            Err(error) => Err(FeedFault::of(FeedCode::NoRoom, error)),
        }
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Room")
    }
}
