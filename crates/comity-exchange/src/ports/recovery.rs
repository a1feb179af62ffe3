//! The part of the Store port that remembers what this node can no longer be sure of, and how its channels go on after a
//! loss (docs/protocol.md sections 2.3, 4.8); and what is kept apart from the database, so that a database that was put
//! back from a backup is known for one.

use async_trait::async_trait;
use comity_model::{ChannelId, Digest, PartyRoot};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{BlobError, JournalEntry, StoreError};

type Result<T> = std::result::Result<T, StoreError>;

/// Why nothing is sealed for a partner: this node may have forgotten what it said. What stands further down weighs more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DoubtKind {
    /// The database was put back from a backup, and the partner was not asked yet what it has.
    Restored,
    /// The database is older than a checkpoint that this node signed.
    RolledBack,
    /// The partner has statements that this node does not remember.
    PartnerAhead,
}

impl DoubtKind {
    /// The word in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Restored => "restored",
            Self::RolledBack => "rolled-back",
            Self::PartnerAhead => "partner-ahead",
        }
    }

    /// The code with which sealing is refused.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Restored => "record-unchecked",
            Self::RolledBack => "record-rolled-back",
            Self::PartnerAhead => "partner-ahead",
        }
    }
}

/// A partner for whom nothing is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubt {
    /// The partner.
    pub partner: PartyRoot,
    /// Why.
    pub why: DoubtKind,
    /// Since when.
    pub since: Timestamp,
    /// Whether nothing was sealed for the partner between the loss and the doubt: whether what is here of this party's
    /// channels is what it said before the loss, and nothing else.
    pub is_clean: bool,
}

/// A place of a partner's channel for which later statements wait: nothing behind it is taken in or settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The partner's channel.
    pub channel: ChannelId,
    /// The first sequence that is missing.
    pub from: u64,
    /// The first one behind it that is here.
    pub until: u64,
    /// Statements that wait.
    pub held: u64,
}

/// Pouches of one partner that were refused for one reason and used no place, so that they stand in the way of what comes
/// behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusals {
    /// Over whose link they came.
    pub partner: PartyRoot,
    /// The code of the refusal.
    pub code: String,
    /// How many.
    pub count: u64,
    /// When the first of them came.
    pub since: Timestamp,
    /// When the last of them came.
    pub last: Timestamp,
    /// Whether nothing that has a place was taken in from the partner since the first of them. Else something was, in whichever
    /// channel, and these are one statement or more that came three times and were never taken in.
    pub is_all: bool,
}

/// A statement that was taken in and that its sender forgot. It stays as evidence, and counts as not said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unsaid {
    /// Its place.
    pub sequence: u64,
    /// Its digest.
    pub digest: Digest,
    /// Its kind, as the word on the wire.
    pub kind: String,
    /// When it was taken in.
    pub taken_at: Timestamp,
}

/// What holds for every method of [`Store`](super::Store) holds here: one durable transaction each.
#[async_trait]
pub trait Recovery: Send + Sync {
    /// The partners for whom nothing is sealed.
    async fn doubts(&self) -> Result<Vec<Doubt>>;
    /// Seals nothing more for a partner. A doubt that weighs more stays; whether there is a new one, and then the lines are
    /// written. About a partner that was trusted before, folios go on behind the next ten thousand, as after `restored`, and
    /// behind that of number `folios`.
    async fn doubt(&self, doubt: Doubt, folios: u32, journal: Vec<JournalEntry>) -> Result<bool>;
    /// The number of the folio that was given or passed over last in a year; 0 where there was none.
    async fn last_folio(&self, year: i16) -> Result<u32>;
    /// Folios of a year go on behind the ten thousand of number `folios`, and of the last one that is known here.
    async fn pass_over_folios(
        &self,
        year: i16,
        folios: u32,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;
    /// Seals again for a partner. Without a doubt nothing is done and nothing written.
    async fn trust(&self, partner: PartyRoot, journal: Vec<JournalEntry>) -> Result<()>;
    /// The epoch in which a direction goes on, from 1; the epoch of `channel` does not matter.
    async fn epoch(&self, channel: ChannelId) -> Result<u32>;
    /// How many statements of a channel stand whose epoch ended; what follows counts as not said. `None` for one that goes
    /// on.
    async fn epoch_end(&self, channel: ChannelId) -> Result<Option<u64>>;
    /// Statements of a partner in an epoch that ended which the partner forgot, in order.
    async fn unsaid(&self, channel: ChannelId) -> Result<Vec<Unsaid>>;
    /// Pouches that came over the link of a partner and wait: not looked into yet, or held for earlier statements.
    async fn waiting(&self, partner: PartyRoot) -> Result<u64>;
    /// What is missing in the channels of partners, by channel.
    async fn gaps(&self) -> Result<Vec<Gap>>;
    /// What stands in the way of partners' channels: the refusals that nothing put right, by partner, the oldest first. What
    /// belongs to an epoch that ended stands in nobody's way.
    async fn refusals(&self) -> Result<Vec<Refusals>>;
    /// The database was put back from a backup: every partner with whom there is an agreement is in doubt, and folios go on
    /// behind the next ten thousand, and behind that of number `folios`, so that none is given twice. Gives the partners.
    async fn restored(
        &self,
        at: Timestamp,
        folios: u32,
        journal: Vec<JournalEntry>,
    ) -> Result<Vec<PartyRoot>>;
}

/// The largest checkpoint of one of this party's logs that it ever signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastCheckpoint {
    /// The channel.
    pub channel: ChannelId,
    /// Statements that it covers.
    pub size: u64,
    /// The root of the log over them.
    pub root: Digest,
    /// The digest of the last of them.
    pub last: Digest,
    /// The largest checkpoint of the channel that the partner cosigned, as a note, where one came.
    pub cosigned: Option<String>,
}

/// The last folio that was given, or passed over, while a partner was in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastFolio {
    /// Its year.
    pub year: i16,
    /// Its number.
    pub number: u32,
}

/// Where the last checkpoints are kept: outside the database and outside its backups, like the tombstones, so that a node
/// on an old database knows that it once said more (docs/protocol.md section 4.8).
pub trait LastCheckpoints: Send + Sync {
    /// One for each channel of this party in which a checkpoint was signed.
    fn all(&self) -> std::result::Result<Vec<LastCheckpoint>, BlobError>;
    /// Keeps one, if it is larger than the one kept for its channel; of the partner's cosignature the newer one stays
    /// where none is given. Durable when this returns.
    fn keep(&self, last: LastCheckpoint) -> std::result::Result<(), BlobError>;
    /// Keeps the partner's cosignature beside the checkpoint kept for a channel, if there is one.
    fn cosigned(&self, channel: ChannelId, note: &str) -> std::result::Result<(), BlobError>;
    /// The checkpoint of the private journal that was signed last, as a note.
    fn journal(&self) -> std::result::Result<Option<String>, BlobError>;
    /// Keeps that one in the place of the one before; `None` where the journal was put back on purpose, and begins anew from
    /// what is there. Durable when this returns.
    fn keep_journal(&self, note: Option<&str>) -> std::result::Result<(), BlobError>;
    /// The last folio of a time of doubt.
    fn folio(&self) -> std::result::Result<Option<LastFolio>, BlobError>;
    /// Keeps that one, unless one of the same year with a higher number is kept, or one of a later year. Durable when this
    /// returns.
    fn keep_folio(&self, last: LastFolio) -> std::result::Result<(), BlobError>;
}
