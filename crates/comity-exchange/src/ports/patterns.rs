//! The part of the Store port behind standing patterns (docs/design.md, "Standing patterns").

use async_trait::async_trait;
use comity_model::{Digest, Grade, Handling, Holding};
use jiff::Timestamp;

use super::{JournalEntry, StoreError};

type Result<T> = std::result::Result<T, StoreError>;

/// What holds for every method of [`Store`](super::Store) holds here: one durable transaction each.
#[async_trait]
pub trait Patterns: Send + Sync {
    /// Adds a pattern; `made` is the indicator, where it is made for the pattern, and is kept with it. `Exists` if the name or
    /// the indicator has one, `Missing` if readers do not see the indicator.
    async fn add_pattern(
        &self,
        pattern: PatternRecord,
        made: Option<Holding>,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;
    /// Removes a pattern, and of its sightings those that are no holdings. `Missing` if there is none of the name.
    async fn remove_pattern(&self, name: String, journal: Vec<JournalEntry>) -> Result<()>;
    /// All patterns, by name.
    async fn patterns(&self) -> Result<Vec<PatternRow>>;
    /// What each pattern sighted, by its number.
    async fn pattern_figures(&self) -> Result<Vec<(u64, PatternFigures)>>;
    /// Where following is.
    async fn pattern_place(&self) -> Result<PatternPlace>;
    /// Follows at most `limit` objects that became visible: observed-data among them is to be looked at, and so is what names
    /// one of them as observed. Gives whether there was any.
    async fn queue_observed(&self, limit: u32) -> Result<bool>;
    /// Observed-data to be looked at, and how often that was asked for; at most `limit`.
    async fn observed_due(&self, limit: u32) -> Result<Vec<(String, u64)>>;
    /// Observed-data that entered after one place and up to another, at most `limit`, and the place after the last of it.
    async fn observed_between(
        &self,
        after: u64,
        until: u64,
        limit: u32,
    ) -> Result<(Vec<String>, u64)>;
    /// Those of these observed-data that went into a sighting, with the pattern.
    async fn sighted(&self, observed: Vec<String>) -> Result<Vec<(u64, String)>>;
    /// Observed-data of which a part of a pattern is true and that went into no sighting of it: the last `limit`, in the order
    /// in which that was found.
    async fn pattern_hits(&self, pattern: u64, limit: u32) -> Result<Vec<String>>;
    /// Keeps what was found. `Conflict` where anything that it rests on changed: then nothing is kept, and it is looked at
    /// again.
    async fn pattern_work(&self, work: PatternWork) -> Result<()>;
    /// The newest sightings of a pattern, at most `limit`, as far as readers see what they rest on.
    async fn pattern_sightings(&self, pattern: u64, limit: u32) -> Result<Vec<SightingRow>>;
}

/// A standing pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternRecord {
    /// Its name here: lower-case letters, digits and hyphens; unique.
    pub name: String,
    /// The kept version of the indicator for which it stands.
    pub indicator: Kept,
    /// The grade that its sightings have at best.
    pub grade: Option<Grade>,
    /// What people noted about it; stays here.
    pub note: Option<String>,
    /// When it was added.
    pub added_at: Timestamp,
}

/// One kept row of an object: a version, from a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kept {
    /// STIX id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The release that brought it; `None` for this party's own.
    pub statement: Option<Digest>,
}

impl Kept {
    /// The row of a holding.
    pub fn of(holding: &Holding) -> Self {
        Self {
            id: holding.id.clone(),
            version: holding.version.clone(),
            statement: holding.origin.statement(),
        }
    }
}

/// A standing pattern as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternRow {
    /// Its number.
    pub number: u64,
    /// What was added.
    pub record: PatternRecord,
    /// Observed-data that entered up to here and was there before the pattern has been looked at.
    pub looked: u64,
    /// Up to where observed-data was there before the pattern.
    pub goal: u64,
    /// Observed-data of which the budget of matching did not tell whether it matches.
    pub undecided: u64,
}

/// What a pattern sighted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PatternFigures {
    /// Sightings that are holdings.
    pub own: u64,
    /// Sightings that rest on what partners released, and are kept apart.
    pub apart: u64,
}

/// Where the following of patterns is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PatternPlace {
    /// A number that goes up whenever a pattern comes or goes.
    pub generation: u64,
    /// Up to where what became visible was followed.
    pub followed: u64,
    /// The place of what became visible last.
    pub entered: u64,
}

/// What was found in one look.
#[derive(Debug, Clone, Default)]
pub struct PatternWork {
    /// The generation of the patterns that were matched.
    pub generation: u64,
    /// Up to where what became visible was followed when the objects were read.
    pub followed: u64,
    /// What was looked at, as [`Patterns::observed_due`] gave it.
    pub due: Vec<(String, u64)>,
    /// What observed-data names as observed. It takes the place of what was kept of it.
    pub parts: Vec<(String, Vec<String>)>,
    /// Patterns, and observed-data of which a part of them is true.
    pub hits: Vec<(u64, String)>,
    /// New sightings.
    pub sightings: Vec<NewSighting>,
    /// Patterns of which something could not be told, once for each time.
    pub undecided: Vec<u64>,
    /// Patterns that looked at what was there before them: from where, and up to where.
    pub looked: Vec<(u64, u64, u64)>,
    /// Lines for the journal.
    pub journal: Vec<JournalEntry>,
    /// When.
    pub at: Timestamp,
}

/// A sighting to be kept.
#[derive(Debug, Clone)]
pub struct NewSighting {
    /// The pattern.
    pub pattern: u64,
    /// Its STIX id.
    pub id: String,
    /// The observed-data that went into it.
    pub observed: Vec<String>,
    /// Every row that it rests on.
    pub inputs: Vec<Kept>,
    /// How it is kept.
    pub sighted: Sighted,
}

/// How a sighting is kept.
#[derive(Debug, Clone)]
pub enum Sighted {
    /// As a holding of this party: everything that it rests on is this party's own.
    Own(Box<Holding>),
    /// Apart from the holdings, so that no release, collection, export or count of origins ever has it: it rests on what
    /// partners released.
    Apart {
        /// The exact bytes.
        bytes: Vec<u8>,
        /// The strictest of the terms of all that it rests on.
        handling: Handling,
    },
}

/// A sighting of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SightingRow {
    /// Its STIX id.
    pub id: String,
    /// When it was made.
    pub at: Timestamp,
    /// Its bytes and its terms, if it is kept apart; a holding has its bytes there.
    pub apart: Option<(Vec<u8>, Handling)>,
}
