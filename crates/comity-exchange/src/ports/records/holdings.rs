//! Holdings, and how they are asked for.

use comity_model::{Holding, PartyRoot};
use serde::Serialize;

/// What became of a batch of holdings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct HoldSummary {
    /// Versions that were not there.
    pub new: u64,
    /// Versions that were there with the same bytes.
    pub unchanged: u64,
    /// Versions that were there with other bytes; the old ones stay.
    pub conflicts: u64,
}

/// An object of a batch of which a version was not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotHeld {
    /// Its id.
    pub id: String,
    /// Why not.
    pub why: WhyNotHeld,
}

/// Why a version of this party's own was not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyNotHeld {
    /// The version was there with other bytes.
    Conflict,
    /// Somebody else brought the object in, and further versions of it are theirs and the house's to bring.
    Anothers {
        /// The source of the version by which it is theirs.
        source: String,
    },
    /// The feed that brought it holds as much as it may, and this would be more.
    Full,
}

/// Which holdings to list. Every condition must hold; only visible holdings are found, in each the newest version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HoldingQuery {
    /// Of this STIX type.
    pub stix_type: Option<String>,
    /// Whose text has these words; each word is a prefix.
    pub search: Option<String>,
    /// With one of these ids.
    pub ids: Option<Vec<String>>,
    /// Relationships, sightings, opinions and notes that name one of these ids.
    pub about: Option<Vec<String>>,
    /// Objects of any type that name one of these ids in one of their references.
    pub naming: Option<Vec<String>>,
    /// From this partner; `Some(None)`: this party's own.
    pub partner: Option<Option<PartyRoot>>,
    /// After this position, exclusive.
    pub after: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

/// One page of holdings, in the order in which they entered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HoldingPage {
    /// The holdings.
    pub holdings: Vec<Holding>,
    /// The position to go on from, if there are more.
    pub next: Option<u64>,
}

/// How many holdings there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TypeCount {
    /// STIX type.
    pub stix_type: String,
    /// `None`: this party's own.
    pub partner: Option<PartyRoot>,
    /// Objects, each counted once.
    pub objects: u64,
    /// Versions of them.
    pub versions: u64,
}
