//! Tombstones: what was purged, kept where no backup of the database reaches.

use comity_model::{Digest, MatterId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::BlobError;

/// One version of an object as one release of a partner brought it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// The digest of the release statement.
    pub statement: Digest,
    /// STIX id.
    pub id: String,
    /// Its version, as [`comity_model::Holding`] names versions.
    pub version: String,
}

/// Why something was purged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Its retention ended.
    Retention,
    /// Its owner recalled it.
    Recall(MatterId),
}

/// What stays of something that was purged: that it was here, and why it is not any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tombstone {
    /// What.
    pub object: Received,
    /// Why.
    pub why: Why,
    /// When.
    pub at: Timestamp,
}

/// Where tombstones are kept: outside the database and outside its backups (docs/protocol.md section 7), so that a
/// database that is put back from a backup purges again what was purged since.
pub trait Tombstones: Send + Sync {
    /// Adds tombstones at the end. They are durable when this returns.
    fn append(&self, stones: &[Tombstone]) -> Result<(), BlobError>;
    /// Tombstones from a place on, at most `most`, and the place after them. Places count up from 0; one that is beyond
    /// the end, because another file was put there, reads from 0. A tombstone that was cut off while it was written
    /// is not read: what it speaks of was not purged.
    fn read(&self, from: u64, most: usize) -> Result<(Vec<Tombstone>, u64), BlobError>;
}
