//! Feeds: TAXII servers of others, from which this party takes objects on its own account.

use std::collections::BTreeSet;
use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use comity_model::{Grade, Holding};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{HoldSummary, JournalEntry, NotHeld, StoreError};

mod fault;

pub use fault::{FeedCode, FeedFault};

/// A feed: where it is pulled from and what came of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its name here. Objects from it have the source `feed/NAME`.
    pub name: String,
    /// The URL of a server, a discovery or an API root.
    pub url: String,
    /// The grade of its objects, whatever they say of themselves.
    pub grade: Grade,
    /// The time from one pull to the next.
    pub every: SignedDuration,
    /// How much it may hold in all.
    pub most: FeedSize,
    /// How much it holds: every version that it brought under this name, also before it was removed and added again.
    pub held: FeedSize,
    /// What it is logged in with, sealed under the node's keys.
    pub login: Option<Vec<u8>>,
    /// The certificates, PEM, of the only authorities that are believed; else the system's are.
    pub ca: Option<String>,
    /// When it was added.
    pub added_at: Timestamp,
    /// Since when it is not pulled.
    pub paused_at: Option<Timestamp>,
    /// When it is pulled next.
    pub next_run: Timestamp,
    /// Where its collections are, as far as that was found.
    pub root: Option<ApiRoot>,
    /// Its collections, in the order given.
    pub collections: Vec<FeedCollection>,
    /// What came of it.
    pub outcome: FeedOutcome,
    /// The last claim on it, if it was not given up.
    pub claim: Option<FeedClaim>,
}

impl Feed {
    /// Since when it is being pulled; `None` if it is not.
    pub fn pulled_since(&self, now: Timestamp) -> Option<Timestamp> {
        self.claim.filter(|it| it.until > now).map(|it| it.since)
    }
}

/// Somebody's claim on a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedClaim {
    /// When it was made.
    pub since: Timestamp,
    /// Until when it lasts if it is not renewed.
    pub until: Timestamp,
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed").field("name", &self.name).finish_non_exhaustive()
    }
}

/// How much came from a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedSize {
    /// Versions of objects.
    pub objects: u64,
    /// Bytes of them.
    pub bytes: u64,
}

impl FeedSize {
    /// Nothing.
    pub const NONE: Self = Self { objects: 0, bytes: 0 };
    /// What a feed may hold where nothing else is said: 1,000,000 objects and 4 GiB.
    pub const USUAL: Self = Self { objects: 1_000_000, bytes: 4 << 30 };

    /// With one more object of so many bytes, if that is within a bound.
    pub fn and(self, bytes: u64, most: Self) -> Option<Self> {
        let with = Self { objects: self.objects + 1, bytes: self.bytes.checked_add(bytes)? };
        (with.objects <= most.objects && with.bytes <= most.bytes).then_some(with)
    }

    /// Without as much of it.
    #[must_use]
    pub const fn less(self, part: Self) -> Self {
        Self {
            objects: self.objects.saturating_sub(part.objects),
            bytes: self.bytes.saturating_sub(part.bytes),
        }
    }

    /// What one of so many collections may hold whatever the others do: its part of the half that is shared in equal parts. The
    /// other half is for those that need it.
    #[must_use]
    pub fn part(self, collections: u64) -> Self {
        let parts = collections.max(1).saturating_mul(2);
        Self { objects: self.objects / parts, bytes: self.bytes / parts }
    }
}

/// What came of a feed so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedOutcome {
    /// When it was pulled last.
    pub last_run: Option<Timestamp>,
    /// When a pull last ended well.
    pub last_success: Option<Timestamp>,
    /// What went wrong in the last pull, if something did: with all of it, or with one of the collections.
    pub fault: Option<FeedFault>,
    /// Pulls in a row that failed.
    pub failures: u32,
    /// Pulls, all of them.
    pub pulls: u64,
    /// Objects seen, those again that came again.
    pub objects: u64,
    /// Objects that were not held in that version before.
    pub new: u64,
    /// Objects rejected.
    pub rejected: u64,
    /// The newest of the rejected ones.
    pub rejections: Vec<FeedRejection>,
}

/// Why one object of a feed was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedRejection {
    /// Its id, where it can be told.
    pub id: Option<String>,
    /// Where in the object, as a JSON pointer.
    pub pointer: String,
    /// A stable word.
    pub code: String,
}

/// One collection of a feed, and how far it was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedCollection {
    /// Its id or alias on the server: letters, digits and `-._~`.
    pub id: String,
    /// How far it was taken in.
    pub position: FeedPosition,
    /// When it is asked for next; at once, where nothing is said.
    pub next_run: Option<Timestamp>,
    /// What went wrong with it when it was last asked for, if something did.
    pub fault: Option<FeedFault>,
    /// How often in a row something did.
    pub failures: u32,
}

impl FeedCollection {
    /// One that was never asked for.
    pub fn new(id: String, position: FeedPosition) -> Self {
        Self { id, position, next_run: None, fault: None, failures: 0 }
    }
}

/// How far a collection was taken in. It never stands behind an object that is not held yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedPosition {
    /// Everything that was added there until then is taken in.
    pub added_after: Option<Timestamp>,
    /// Where the pages after `added_after` go on (TAXII 2.1 section 3.5), where a pull took what it may and ended well. What
    /// a server gives for that may be good once: some count what they gave under it.
    pub next: Option<String>,
    /// When the last object of those pages was added.
    pub reached: Option<Timestamp>,
}

/// The version of TAXII that a server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaxiiVersion {
    /// TAXII 2.0 (Committee Specification 01).
    V20,
    /// TAXII 2.1 (OASIS Standard).
    V21,
}

impl TaxiiVersion {
    /// `2.0` or `2.1`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V20 => "2.0",
            Self::V21 => "2.1",
        }
    }
}

/// Where collections are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiRoot {
    /// Its URL, with a slash at the end.
    pub url: String,
    /// What is spoken there.
    pub version: TaxiiVersion,
}

/// What a client shows to be let in.
#[derive(Clone, PartialEq, Eq)]
pub enum Login {
    /// A name and a password (RFC 7617).
    Basic {
        /// The name.
        username: String,
        /// The password.
        password: Zeroizing<String>,
    },
    /// A bearer token (RFC 6750).
    Token(Zeroizing<String>),
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Basic { .. } => "Basic",
            Self::Token(_) => "Token",
        })
    }
}

/// A server to pull from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedServer {
    /// The URL of a server, a discovery or an API root.
    pub url: String,
    /// What to show to be let in.
    pub login: Option<Login>,
    /// The certificates, PEM, of the only authorities that are believed; else the system's are.
    pub ca: Option<String>,
    /// The collections that are wanted.
    pub collections: BTreeSet<String>,
}

/// Asks servers. One of it serves every feed of a node.
pub trait FeedSource: Send + Sync {
    /// What a URL, a login and certificates come to, before anything is sent. `feed-url`, `feed-https-needed`,
    /// `feed-certificates`.
    fn open(&self, server: FeedServer) -> Result<Box<dyn FeedSession>, FeedFault>;
}

/// A conversation with one server.
#[async_trait]
pub trait FeedSession: Send {
    /// Finds the API root that has the wanted collections, or the most of them, and the version spoken there.
    async fn locate(&mut self) -> Result<ApiRoot, FeedFault>;
    /// Asks for one page of a collection and gives the bytes of its body to `sink` as they come: an envelope (TAXII 2.1
    /// section 3.7) or a bundle (TAXII 2.0). Ends with `feed-stopped` when nobody takes them any more.
    async fn page(
        &mut self,
        root: &ApiRoot,
        ask: &PageAsk,
        sink: mpsc::Sender<Bytes>,
    ) -> Result<PageEnd, FeedFault>;
}

/// Which page is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageAsk {
    /// The collection.
    pub collection: String,
    /// Only what was added later.
    pub added_after: Option<Timestamp>,
    /// Where to go on: what [`Next::Token`] of the page before said.
    pub next: Option<String>,
    /// Objects that are wanted, at the most.
    pub limit: u32,
}

/// What a server said beside the objects of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageEnd {
    /// When the last object of the page was added (`X-TAXII-Date-Added-Last`, TAXII 2.1 section 3.2).
    pub last: Option<Timestamp>,
    /// Whether there is more, and how to ask for it.
    pub next: Next,
}

/// What comes after a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing.
    End,
    /// More, asked for with this and with the same `added_after`.
    Token(String),
    /// More, asked for with the time of the last object as `added_after`.
    After,
}

/// What one page changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedStep {
    /// Objects seen.
    pub objects: u64,
    /// Objects that were not held in that version before.
    pub new: u64,
    /// Objects rejected.
    pub rejected: u64,
    /// The newest of the rejected ones.
    pub rejections: Vec<FeedRejection>,
}

/// How a pull ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullEnd {
    /// When.
    pub at: Timestamp,
    /// How.
    pub outcome: PullOutcome,
    /// When the next one is due.
    pub next_run: Timestamp,
    /// The collections that were asked for.
    pub collections: Vec<CollectionEnd>,
}

/// What became of one collection in a pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionEnd {
    /// Which one.
    pub id: String,
    /// When it is asked for next.
    pub next_run: Timestamp,
    /// What went wrong, if something did.
    pub fault: Option<FeedFault>,
}

/// What became of a pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PullOutcome {
    /// It took in what was there, or as much of it as one pull may.
    Done,
    /// So it did, but for some of the collections.
    Partly(FeedFault),
    /// This node stopped it.
    Stopped,
    /// Something went wrong.
    Failed(FeedFault),
}

/// The half of the port behind feeds. Who pulls a feed holds a claim on it, an id of its own, until a moment; no two hold one
/// at once, in whichever processes they are.
#[async_trait]
pub trait Feeds: Send + Sync {
    /// Adds a feed. [`StoreError::Exists`] if the name is taken.
    async fn add_feed(&self, feed: Feed, journal: Vec<JournalEntry>) -> Result<(), StoreError>;
    /// The feeds, by name.
    async fn feeds(&self) -> Result<Vec<Feed>, StoreError>;
    /// Has a feed rest since `paused_at`, or go on at `next_run`. `Missing` if there is none.
    async fn pause_feed(
        &self,
        name: String,
        paused_at: Option<Timestamp>,
        next_run: Timestamp,
        journal: Vec<JournalEntry>,
    ) -> Result<(), StoreError>;
    /// Says how much a feed may hold, and has it go on at `next_run`. `Missing` if there is none.
    async fn bound_feed(
        &self,
        name: String,
        most: FeedSize,
        next_run: Timestamp,
        journal: Vec<JournalEntry>,
    ) -> Result<(), StoreError>;
    /// Keeps a batch of objects that a collection of a feed brought, like [`Store::hold`](super::Store::hold), as far as the
    /// feed may hold them and leaves the other collections their parts (docs/protocol.md section 7); what would be more is given
    /// as [`WhyNotHeld::Full`](super::WhyNotHeld::Full), with everything new behind it. The journal is written where something is
    /// new. `Conflict` if the claim is another's by now.
    async fn hold_of_feed(
        &self,
        claim: Uuid,
        collection: String,
        batch: Vec<Holding>,
        journal: Vec<JournalEntry>,
    ) -> Result<(HoldSummary, Vec<NotHeld>), StoreError>;
    /// Forgets a feed, what it is logged in with and how far it was taken in. `Missing` if there is none.
    async fn remove_feed(&self, name: String, journal: Vec<JournalEntry>)
    -> Result<(), StoreError>;
    /// Claims a feed until a moment and gives it. `Missing` if there is none, [`StoreError::Conflict`] if somebody's claim
    /// lasts beyond `now`.
    async fn claim_feed(
        &self,
        name: String,
        claim: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Feed, StoreError>;
    /// Makes a claim last until a later moment. `Conflict` if it is another's by now.
    async fn renew_claim(&self, claim: Uuid, until: Timestamp) -> Result<(), StoreError>;
    /// Keeps where the collections are; `None` to look again. `Conflict` if the claim is another's by now.
    async fn locate_feed(&self, claim: Uuid, root: Option<ApiRoot>) -> Result<(), StoreError>;
    /// Moves the position in a collection on, behind objects that are held. `Conflict` if the claim is another's by now.
    async fn advance_feed(
        &self,
        claim: Uuid,
        collection: String,
        position: FeedPosition,
        step: FeedStep,
    ) -> Result<(), StoreError>;
    /// Ends a pull and gives up the claim. `Conflict` if it is another's by now.
    async fn end_pull(
        &self,
        claim: Uuid,
        end: PullEnd,
        journal: Vec<JournalEntry>,
    ) -> Result<(), StoreError>;
}
