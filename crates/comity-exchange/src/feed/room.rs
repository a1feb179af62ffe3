//! Room on the disk.

use std::fmt;
use std::io;
use std::sync::Arc;

use crate::ports::{FeedCode, FeedFault};

/// Asks how many bytes feeds and clients of TAXII may still write on the disk, beyond what has to stay free. What brings objects
/// asks before every batch.
#[derive(Clone)]
pub struct Room(Arc<dyn Fn() -> io::Result<u64> + Send + Sync>);

impl Room {
    /// Asks this.
    pub fn new(free: impl Fn() -> io::Result<u64> + Send + Sync + 'static) -> Self {
        Self(Arc::new(free))
    }

    /// Whether there are so many bytes; not where that cannot be told.
    pub fn holds(&self, bytes: usize) -> bool {
        (self.0)().is_ok_and(|free| free >= bytes as u64)
    }

    /// For so many bytes more: `feed-no-room` where there is none, or where that cannot be told.
    pub(super) fn must_hold(&self, bytes: usize) -> Result<(), FeedFault> {
        match (self.0)() {
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
