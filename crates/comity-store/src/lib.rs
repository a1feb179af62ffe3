//! The Store port over SQLite, and the ports for blobs and pouches over plain files.
//!
//! - [`SqliteStore`]: everything a node keeps, in one file, each method of the port one durable transaction.
//! - [`FileBlobs`]: parts that are too large for a row, by their digest.
//! - [`FileSpool`]: pouches on their way in or out, by their digest.
//! - [`FileTombstones`]: what was purged, where no backup of the database reaches.

mod files;
mod sqlite;

pub use files::{FileBlobs, FileSpool, FileTombstones};
pub use sqlite::{Options, SqliteStore};
