//! The part of the Store port that reads the record and the journal from end to end: what shows them, checks them and
//! writes them out asks here (docs/protocol.md sections 3.4, 4.6 and 7).

use async_trait::async_trait;
use comity_log::Hash;
use comity_model::statement::ReceiptEntry;
use comity_model::{ChannelId, Digest};
use jiff::Timestamp;

use super::StoreError;

type Result<T> = std::result::Result<T, StoreError>;

/// What holds for every method of [`Store`](super::Store) holds here: one transaction each, durable where it writes.
#[async_trait]
pub trait Ledger: Send + Sync {
    // The record.

    /// Every channel in which anything was said or heard, in the order in which they began.
    async fn channels(&self) -> Result<Vec<ChannelId>>;
    /// How far a channel is answered, and what waits in it.
    async fn channel_progress(&self, channel: ChannelId) -> Result<ChannelProgress>;
    /// The statements of a channel as they are kept, ours or a partner's, from sequence `from` on, at most `limit`. What
    /// is not kept is left out: the caller sees the gap in the sequence.
    async fn record_lines(
        &self,
        channel: ChannelId,
        from: u64,
        limit: u32,
    ) -> Result<Vec<RecordLine>>;

    // The journal as a log.

    /// The journal's log.
    async fn journal_head(&self) -> Result<JournalHead>;
    /// The journal's rows as they are kept, from `from` on, at most `limit`.
    async fn journal_rows(&self, from: u64, limit: u32) -> Result<Vec<JournalRow>>;
    /// The hashes of the tile of `level` at `index` of the journal's log, as many as there are, 256 at most. Level 0 has
    /// the leaf hashes of the rows (C2SP tlog-tiles).
    async fn journal_tile(&self, level: u8, index: u64) -> Result<Vec<Hash>>;
    /// Keeps a signed checkpoint of the journal: the note and its size. A smaller one than that kept is passed over;
    /// [`StoreError::Misuse`] for one beyond the journal.
    async fn put_journal_checkpoint(&self, size: u64, note: String) -> Result<()>;
    /// The number of the row that a reader of the journal takes next; 0 for one that never read.
    async fn journal_cursor(&self, reader: String) -> Result<u64>;
    /// Notes it. It never goes back.
    async fn move_journal_cursor(&self, reader: String, next: u64) -> Result<()>;
}

/// How far a channel is answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChannelProgress {
    /// Of this party's channel: the first statement that has a receipt to come and is not settled. `None`: all are, or the
    /// channel is a partner's.
    pub unsettled: Option<u64>,
    /// Of a partner's channel: statements that arrived early and wait for those before them.
    pub held: u64,
    /// The first of these; with the sequence consumed next it bounds the gap.
    pub first_held: Option<u64>,
}

/// A statement at its place of the record, as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLine {
    /// Its place.
    pub sequence: u64,
    /// The digest under which it is kept. That it is that of the payload is for the caller to check.
    pub digest: Digest,
    /// Its kind, as the word on the wire.
    pub kind: String,
    /// The exact payload.
    pub payload: Vec<u8>,
    /// The signed envelope; `None`: sealed and not signed yet.
    pub envelope: Option<Vec<u8>>,
    /// When it was sealed here, or consumed here.
    pub at: Timestamp,
    /// The receipt for it: the partner's, or this party's.
    pub receipt: Option<ReceiptEntry>,
    /// For this party's own: when it was settled.
    pub settled_at: Option<Timestamp>,
}

/// The journal's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalHead {
    /// How many rows are in the log: all that were written.
    pub size: u64,
    /// The log's frontier, as `comity_log::Frontier::to_bytes`.
    pub frontier: Vec<u8>,
    /// The checkpoint signed last, as size and note.
    pub checkpoint: Option<(u64, String)>,
}

/// A row of the journal, as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// Counts from 0.
    pub number: u64,
    /// The exact bytes that the leaf commits to.
    pub row: Vec<u8>,
    /// The salt.
    pub salt: Vec<u8>,
    /// The leaf hash under which it is kept. That it is that of the row is for the caller to check.
    pub leaf: Hash,
    /// When it was written.
    pub at: Timestamp,
    /// What happened.
    pub event: String,
    /// What it is about.
    pub subject: String,
    /// Who, as the number under which the name stands apart.
    pub actor: u64,
}
