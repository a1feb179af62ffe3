//! The part of the Store port that knows who looked at what (docs/protocol.md section 7).

use async_trait::async_trait;
use comity_model::ReleaseId;
use jiff::Timestamp;
use serde::Serialize;

use super::{JournalEntry, JournalLine, StoreError};

type Result<T> = std::result::Result<T, StoreError>;

/// What holds for every method of [`Store`](super::Store) holds here: one transaction each, durable where it writes.
#[async_trait]
pub trait AccessLog: Send + Sync {
    /// Writes lines of the journal about accesses, the ids by which they are found, and what people typed, all or none.
    async fn record_access(&self, lines: Vec<AccessLine>) -> Result<()>;
    /// Lines about accesses, newest first.
    async fn accesses(&self, query: AccessQuery) -> Result<Vec<AccessRow>>;
    /// What national units were given of these objects, oldest first.
    async fn given_to(&self, ids: Vec<String>) -> Result<Vec<GivenTo>>;
    /// Releases of this party that hold one of these objects, or a derivative of one, by any of their ids: the release and the
    /// ids as they were released. Only those that were sealed.
    async fn releases_with_any(&self, ids: Vec<String>) -> Result<Vec<(ReleaseId, Vec<String>)>>;
    /// Erases what people typed before a moment, and its salts; the lines stay. Gives how many texts.
    async fn erase_words(&self, before: Timestamp) -> Result<u64>;
}

/// A line of the journal about an access, and what is kept beside it.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessLine {
    /// The line. Its details commit to `words` and `purpose` by their salted digests.
    pub entry: JournalEntry,
    /// What was shown, by id or folio.
    pub ids: Vec<String>,
    /// The words of a search.
    pub words: Option<TypedText>,
    /// What for.
    pub purpose: Option<TypedText>,
}

/// A text that somebody typed, which can be erased. It is never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedText {
    /// 32 random bytes.
    pub salt: Vec<u8>,
    /// The text.
    pub text: String,
}

impl std::fmt::Debug for AccessLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessLine").field("entry", &self.entry).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for TypedText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypedText").finish_non_exhaustive()
    }
}

/// Which accesses. Every condition must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessQuery {
    /// By this actor.
    pub actor: Option<String>,
    /// That showed one of these, by id or folio.
    pub ids: Option<Vec<String>>,
    /// From this moment on, in milliseconds.
    pub since: Option<Timestamp>,
    /// Only those with words that are not erased.
    pub worded: bool,
    /// Before the line of this number.
    pub before: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

/// An access as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRow {
    /// The line of the journal.
    pub line: JournalLine,
    /// The words, if there were any and they are not erased.
    pub words: Option<TypedText>,
    /// What for, likewise.
    pub purpose: Option<TypedText>,
}

/// What a national unit was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GivenTo {
    /// The unit's name.
    pub unit: String,
    /// The object.
    pub id: String,
    /// Which version of it.
    pub version: String,
    /// When.
    pub at: Timestamp,
}
