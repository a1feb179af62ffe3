//! The half of the Store port that keeps what partners released as their terms say: how long, frozen or not, and which
//! unit has it (docs/protocol.md section 7).

use async_trait::async_trait;
use comity_model::matter::Grounds;
use comity_model::{AgreementId, Digest, Holding, MatterId, PartyRoot, ReleaseId};
use jiff::Timestamp;

use super::{JournalEntry, Received, StoreError, Tombstone, Why};

type Result<T> = std::result::Result<T, StoreError>;

/// What holds for every method of [`Store`](super::Store) holds here: one durable transaction each. The time is the store's own clock.
#[async_trait]
pub trait Custody: Send + Sync {
    // Purge.

    /// Objects whose term is over and that no legal hold keeps, at most `limit`.
    async fn expired(&self, limit: u32) -> Result<Vec<Received>>;
    /// Deletes the rows of objects, with everything that was made of them, and keeps their tombstones. Gives how many
    /// rows there were; if none, no line is written. What is not here only gets its tombstone, so that it can't come back.
    async fn purge(&self, stones: Vec<Tombstone>, journal: Vec<JournalEntry>) -> Result<u64>;
    /// How far the tombstones beside the database were followed.
    async fn tombstones_followed(&self) -> Result<u64>;
    /// Notes how far they were followed.
    async fn follow_tombstones(&self, place: u64) -> Result<()>;
    /// The objects of a release that were purged for a reason.
    async fn purged(&self, release: Digest, why: Why) -> Result<u64>;
    /// Files that nothing needs any more: large parts of releases, and pouches. Parts of releases of this party that hold
    /// what was purged are given up here, once the release is not on its way any more.
    async fn doomed(&self, limit: u32) -> Result<Vec<Doomed>>;
    /// Notes that such files are deleted.
    async fn undoom(&self, files: Vec<Doomed>) -> Result<()>;
    /// Overwrites what the database keeps beside its file of what was purged. `false` if a reader was in the way: call
    /// it again.
    async fn scrub(&self) -> Result<bool>;
    /// Releases of whose objects something became of which their owner was not told yet.
    async fn purge_dues(&self, limit: u32) -> Result<Vec<PurgeDue>>;

    // What is frozen.

    /// Lays a legal hold on what is held of an object of partners, or on what a release brought. `Missing` if nothing of
    /// it is held. Gives how many rows it keeps.
    async fn lay_hold(&self, hold: NewLegalHold, journal: Vec<JournalEntry>) -> Result<LegalHold>;
    /// Lifts one. `Missing` if there is none of this number that is laid.
    async fn lift_hold(&self, number: u64, at: Timestamp, journal: Vec<JournalEntry>)
    -> Result<()>;
    /// Legal holds, newest first: those that are laid, or all there ever were.
    async fn holds(&self, all: bool) -> Result<Vec<LegalHold>>;
    /// Every kept version of an object that some legal hold or recall keeps from readers.
    async fn frozen(&self, id: String) -> Result<Vec<Frozen>>;
    /// Those of these objects that are a partner's, with the partner: what readers get of them is, or they get nothing of
    /// them, and something is kept that a partner released, staged, frozen or expired. With no partner those of which nothing is
    /// left but that it was purged.
    async fn of_partners(&self, ids: Vec<String>) -> Result<Vec<(String, Option<PartyRoot>)>>;
    /// What became of the objects of a release that was taken in, by id and version: of these objects, or of all.
    async fn release_objects(
        &self,
        release: Digest,
        objects: Vec<String>,
    ) -> Result<Vec<(Received, Custodial)>>;

    // Recalls of this party.

    /// Releases of this party that hold an object or a derivative of it, by any of their ids: the release and the ids as
    /// they were released. Only those that were sealed.
    async fn releases_with(&self, original: String) -> Result<Vec<(ReleaseId, Vec<String>)>>;
    /// Releases of this party in which objects went on that a partner's release brought: of these objects, or of all. The
    /// ids are those as they came.
    async fn onward(
        &self,
        release: Digest,
        objects: Vec<String>,
    ) -> Result<Vec<(ReleaseId, Vec<String>)>>;

    // Units.

    /// Adds a unit. `Exists` if the name is taken.
    async fn add_unit(&self, unit: Unit, journal: Vec<JournalEntry>) -> Result<()>;
    /// Puts another grant in the place of a unit's. `Missing` if there is no such unit.
    async fn grant_unit(
        &self,
        unit: String,
        grant: SignedGrant,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;
    /// All units, by name.
    async fn units(&self) -> Result<Vec<Unit>>;
    /// Notes what a unit was given. `Missing` if there is no such unit; `Conflict` if readers do not see one of the
    /// objects any more, and then nothing is noted.
    async fn give(
        &self,
        unit: String,
        objects: Vec<Given>,
        at: Timestamp,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;
    /// The units that have any of the objects of a release, of these or of all, and when each was told of a recall.
    async fn notices(
        &self,
        recall: MatterId,
        release: Digest,
        objects: Vec<String>,
    ) -> Result<Vec<Notice>>;
    /// Notes that a unit was told of a recall. It stays at the first time.
    async fn tell(
        &self,
        recall: MatterId,
        unit: String,
        at: Timestamp,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;
}

/// A file that nothing needs any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doomed {
    /// Its digest.
    pub digest: Digest,
    /// Whether it is a pouch; else it is a blob.
    pub pouch: bool,
}

/// What the owner of a release is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurgeDue {
    /// The release statement.
    pub release: Digest,
    /// Under which agreement it came.
    pub agreement: AgreementId,
    /// The owner.
    pub partner: PartyRoot,
    /// Objects purged since it was told last.
    pub purged: u64,
    /// Objects whose time came and that a legal hold keeps.
    pub held: u64,
    /// Objects whose time has not come.
    pub remaining: u64,
    /// The purge matter that is open because of what is held.
    pub matter: Option<MatterId>,
    /// On what the legal holds rest.
    pub grounds: Grounds,
}

/// A legal hold to be laid: on an object, or on a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLegalHold {
    /// The object's id; `None` for every object of the release.
    pub object: Option<String>,
    /// The release statement; `None` for every release that brought the object.
    pub release: Option<Digest>,
    /// Why, in words; stays here.
    pub text: String,
    /// On what it rests, from the agreement's lists.
    pub grounds: Grounds,
    /// When.
    pub at: Timestamp,
}

/// A legal hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalHold {
    /// Its number, from 1.
    pub number: u64,
    /// What it was laid on and why.
    pub laid: NewLegalHold,
    /// Rows that it keeps now.
    pub rows: u64,
    /// When it was lifted.
    pub lifted_at: Option<Timestamp>,
}

/// What keeps an object from readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// The object.
    pub holding: Holding,
    /// The legal holds on it, by number.
    pub holds: Vec<u64>,
    /// The recalls that are not answered.
    pub recalls: Vec<MatterId>,
}

/// What became of an object that was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Custodial {
    /// It is here, and no legal hold keeps it.
    Here,
    /// It is here under a legal hold.
    Held,
    /// It was purged.
    Purged,
}

/// A national body inside the party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its name here: 1 to 64 lower-case letters, digits and hyphens; unique.
    pub name: String,
    /// What it is called, one line of 1 to 200 characters.
    pub title: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// What an officer granted it; `None` for one that an earlier version of the software added: it is given nothing until
    /// an officer signs.
    pub grant: Option<SignedGrant>,
}

/// A unit's grant: an officer's standing decision (docs/protocol.md section 7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedGrant {
    /// The registrar's certificate of the officer: a DSSE envelope as text.
    pub certificate: String,
    /// The grant: a DSSE envelope as text.
    pub envelope: String,
}

/// Something that a unit was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// STIX id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The release that brought it; `None` for this party's own.
    pub statement: Option<Digest>,
}

/// A unit that has something of what a recall names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The unit.
    pub unit: Unit,
    /// Objects that it was given.
    pub objects: u64,
    /// When it was told.
    pub told_at: Option<Timestamp>,
}
