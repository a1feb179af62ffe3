//! The Store port over SQLite, and the ports for blobs and pouches over plain files.
//!
//! - [`SqliteStore`]: everything a node keeps, in one file, each method of the port one durable transaction.
//! - [`FileBlobs`]: parts that are too large for a row, by their digest.
//! - [`FileSpool`]: pouches on their way in or out, by their digest.
//! - [`FileSatchel`]: a folder of pouches that is carried by hand; [`CarriedFile`]: one that was brought.
//! - [`FileTombstones`]: what was purged, where no backup of the database reaches.
//! - [`backup`]: a copy of a node's folder while it runs, checked, and put back.
//! - [`FileLastCheckpoints`]: what was signed last, in the same place.

pub mod backup;
mod files;
mod sqlite;

pub use files::{
    CarriedFile, FileBlobs, FileLastCheckpoints, FileSatchel, FileSpool, FileTombstones,
};
pub use sqlite::{Options, SqliteStore};
