//! By hand: what waits for a partner is written into a folder that somebody carries, and what somebody brought is taken in
//! (docs/protocol.md section 5.8). The files are the pouches of the link.

use std::sync::Arc;

mod export;
mod import;
mod look;

pub use export::{Export, Exported, LeftBehind, export};
pub use import::{Brought, Fate, Import, Imported, import};
pub use look::{InPouch, PartOf, open, unpack};

/// Hears how far a long work is. Called from threads that may block.
pub trait Watch: Send + Sync {
    /// So many bytes are to be done in all, about.
    fn total(&self, bytes: u64);
    /// So many more are done.
    fn done(&self, bytes: u64);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn total(&self, _: u64) {}
    fn done(&self, _: u64) {}
}

/// A watch that several threads share.
pub type SharedWatch = Arc<dyn Watch>;
