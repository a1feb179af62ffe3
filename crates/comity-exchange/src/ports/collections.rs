//! The part of the Store port behind TAXII: accounts, collections, and what each audience sees of a collection
//! (docs/design.md, "Collections").

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use comity_model::{Digest, Holding, UseCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{HoldSummary, JournalEntry, NotHeld, StoreError};

type Result<T> = std::result::Result<T, StoreError>;

/// What holds for every method of [`Store`](super::Store) holds here: one durable transaction each.
#[async_trait]
pub trait Collections: Send + Sync {
    // Who may ask.

    /// Adds an account. `Exists` if the name or the certificate is taken, `Missing` if there is no such unit.
    async fn add_account(&self, account: Account, journal: Vec<JournalEntry>) -> Result<()>;
    /// Puts an account in the place of the one of its name. `Missing` if there is none.
    async fn change_account(&self, account: Account, journal: Vec<JournalEntry>) -> Result<()>;
    /// All accounts, by name.
    async fn accounts(&self) -> Result<Vec<Account>>;
    /// Adds a token and gives its number. `Missing` if there is no such account, `Exists` if the token is known.
    async fn add_token(&self, token: Token, journal: Vec<JournalEntry>) -> Result<u64>;
    /// All tokens, by number.
    async fn tokens(&self) -> Result<Vec<Token>>;
    /// Revokes one. `Missing` if there is none, `Conflict` if it was revoked before.
    async fn revoke_token(
        &self,
        number: u64,
        at: Timestamp,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;

    // Collections.

    /// Adds a collection. `Exists` if the id or the alias is taken.
    async fn add_collection(
        &self,
        collection: CollectionRecord,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;
    /// Puts a collection in the place of the one of its id. `Missing` if there is none, `Exists` if its new alias is taken.
    async fn change_collection(
        &self,
        collection: CollectionRecord,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;
    /// Removes a collection with its grants and views. The objects in it stay where they are. `Missing` if there is none.
    async fn remove_collection(&self, id: Uuid, journal: Vec<JournalEntry>) -> Result<()>;
    /// All collections, by alias.
    async fn collections(&self) -> Result<Vec<CollectionRecord>>;
    /// Says what an account may do in a collection; with neither reading nor writing it is told nothing of it any more.
    /// `Missing` if one of the two is not there.
    async fn grant_collection(&self, grant: Grant, journal: Vec<JournalEntry>) -> Result<()>;
    /// All grants.
    async fn grants(&self) -> Result<Vec<Grant>>;
    /// A number that changes whenever an account, a token, a collection, a grant or a unit's grant does.
    async fn access_generation(&self) -> Result<u64>;
    /// The key of page tokens. `fresh` is kept as that key if there is none yet.
    async fn page_key(&self, fresh: [u8; 32]) -> Result<PageKey>;

    // Views.

    /// Sees to it that there is a view of a collection for an audience, and gives it. Its number is none that a view had before,
    /// also not one that was removed. `Missing` if there is no collection.
    async fn open_view(&self, collection: Uuid, audience: Audience) -> Result<ViewRow>;
    /// All views.
    async fn views(&self) -> Result<Vec<ViewRow>>;
    /// The place of what became visible last.
    async fn entered(&self) -> Result<u64>;
    /// Whether objects are to be looked at again.
    async fn is_touched(&self) -> Result<bool>;
    /// Brings views forward: looks at objects, has the judge say what they are in each of the views, and writes that down. Gives
    /// the place reached, or how many lines of what is to be looked at again were done. `Conflict` if one of the views is not
    /// as the input has it.
    async fn advance_views(&self, input: Advance) -> Result<u64>;
    /// Whether a view changed, and how: two equal answers mean equal pages, until `until`.
    async fn view_state(&self, view: u64) -> Result<ViewState>;
    /// Objects of a view, as bytes.
    async fn view_objects(&self, query: ViewQuery) -> Result<ObjectPage>;
    /// Objects of a view, named.
    async fn view_manifest(&self, query: ViewQuery) -> Result<ManifestPage>;
    /// Notes that a unit is given these members of a view, by the times at which they were added, as far as partners released them
    /// and the unit did not have them. Gives whether all of them are in the view still; if not, some were frozen or purged since
    /// they were read, and nothing may be given. `Missing` if there is no such unit.
    async fn pulled(&self, unit: String, view: u64, added: Vec<i64>, at: Timestamp)
    -> Result<bool>;

    // Writing.

    /// Keeps this party's own objects and puts them into a collection, also those that were there before; they are in its views
    /// when this returns, however far these are. Like [`Store::hold`](super::Store::hold) otherwise, but for an observable that is
    /// another's to bring and whose id follows from its value: it is kept aside, for this collection alone.
    async fn post(
        &self,
        collection: Uuid,
        batch: Vec<Holding>,
        journal: Vec<JournalEntry>,
        shown: Shown,
    ) -> Result<(HoldSummary, Vec<NotHeld>)>;
    /// When versions of objects, each by id and version with the digest of its bytes, came: as they stand aside in the collection,
    /// or as this party holds them. `None` for one that did not.
    async fn written_at(
        &self,
        collection: Uuid,
        versions: Vec<(String, String, Digest)>,
    ) -> Result<Vec<Option<Timestamp>>>;
    /// When each of these objects, with bytes of these digests, was first written into a collection by an account that does not see
    /// them there: `at` for those that were not, or with other bytes since. `Missing` if there is no collection or account.
    async fn first_told(
        &self,
        collection: Uuid,
        account: String,
        objects: BTreeMap<String, Digest>,
        at: Timestamp,
    ) -> Result<BTreeMap<String, Timestamp>>;
    /// Takes an object out of a collection: these of its versions, or all that are in it. They are in none of its views when this
    /// returns. Gives how many they were; `Missing` if none.
    async fn remove_objects(
        &self,
        collection: Uuid,
        id: String,
        versions: Option<Vec<Timestamp>>,
        journal: Vec<JournalEntry>,
        shown: Shown,
    ) -> Result<u64>;
    /// Keeps what became of a posting, and forgets those from before `forget`, and the account's oldest beyond what is kept.
    async fn put_posting(
        &self,
        posting: Posting,
        forget: Timestamp,
        kept: StatusBound,
    ) -> Result<()>;
    /// What became of a posting.
    async fn posting(&self, id: Uuid) -> Result<Option<Posting>>;
}

/// What an account is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "role", content = "unit")]
pub enum Role {
    /// A program of this party's own desks.
    Tool,
    /// A national unit, by its name.
    Unit(String),
}

/// Who may ask for collections. Nothing in it can name another party.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its name: lower-case letters, digits, hyphens and dots.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// The argon2id hash of its password, in PHC form; without one it has tokens or a certificate only.
    pub password: Option<String>,
    /// The SHA-256 of the public key (SPKI) of its client certificate.
    pub certificate: Option<Digest>,
    /// Requests a minute, at the most.
    pub per_minute: u32,
    /// When it was added.
    pub created_at: Timestamp,
    /// Since when it opens nothing.
    pub disabled_at: Option<Timestamp>,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("name", &self.name)
            .field("role", &self.role)
            .field("disabled_at", &self.disabled_at)
            .finish_non_exhaustive()
    }
}

/// A bearer token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its number; of a new one, whatever it is.
    pub number: u64,
    /// Whose it is.
    pub account: String,
    /// The SHA-256 of the token.
    pub digest: Digest,
    /// What it is for.
    pub note: Option<String>,
    /// The collections that it opens; `None`: all that its account may use.
    pub scope: Option<Vec<Uuid>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it opens nothing.
    pub expires_at: Timestamp,
    /// Since when it opens nothing.
    pub revoked_at: Option<Timestamp>,
}

/// A collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionRecord {
    /// Its id in TAXII.
    pub id: Uuid,
    /// The short name that people and URLs may use.
    pub alias: String,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// Which holdings are in it, beside what clients put there; `None`: only that.
    pub query: Option<String>,
    /// Whether clients may write into it.
    pub writable: bool,
    /// Whether the configuration defines it.
    pub configured: bool,
    /// When it was added.
    pub created_at: Timestamp,
}

/// What an account may do in a collection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The collection.
    pub collection: Uuid,
    /// The account.
    pub account: String,
    /// Whether it may read.
    pub read: bool,
    /// Whether it may write.
    pub write: bool,
}

/// The key of page tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct PageKey(pub [u8; 32]);

impl fmt::Debug for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageKey")
    }
}

/// Those who see the same of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// This party's own programs.
    House,
    /// Units that an officer granted a use.
    Unit(UseCode),
}

impl Audience {
    /// Every audience.
    pub const ALL: [Self; 3] =
        [Self::House, Self::Unit(UseCode::IntelligenceOnly), Self::Unit(UseCode::Judicial)];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::House => "house",
            Self::Unit(use_code) => use_code.as_str(),
        }
    }
}

/// A collection as one audience sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewRow {
    /// Its number.
    pub number: u64,
    /// The collection.
    pub collection: Uuid,
    /// The audience.
    pub audience: Audience,
    /// A digest of what decided, beside the holdings, who is a member.
    pub basis: Digest,
    /// How far it followed what became visible.
    pub entered: u64,
    /// A random id of its own, which no view had before or ever has again, whatever is removed or put back from a backup.
    pub identity: Uuid,
}

/// An object with everything that decides in which collections it is.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its STIX id.
    pub id: String,
    /// Every kept version and source that readers may see, by position; the newest in the sense of `modified` is not
    /// necessarily last.
    pub rows: Vec<EntryRow>,
    /// The units that it was given.
    pub units: Vec<String>,
    /// The versions that clients put into collections, each as [`Holding::version`] has it.
    pub posted: Vec<(Uuid, String)>,
    /// The versions that clients took out of collections.
    pub removed: Vec<(Uuid, Timestamp)>,
}

/// One kept row of an object.
#[derive(Debug, Clone)]
pub struct EntryRow {
    /// Its position.
    pub position: u64,
    /// Until when it may be kept, in milliseconds since 1970.
    pub until: Option<i64>,
    /// The collection into which clients wrote it, where that alone has it.
    pub aside: Option<Uuid>,
    /// What it is. Without its search text, and without its bytes where it says itself when it was modified.
    pub holding: Holding,
}

/// Says what objects are in views. It is asked inside the transaction that writes its answer down, so that nobody changes
/// meanwhile what it is told; it waits for nothing, and asks nobody.
pub trait Judge: fmt::Debug + Send + Sync {
    /// What an object is in a view, whether it was in it or not; `None` if the judge does not know the view, or not as it is.
    fn membership(&self, view: &ViewRow, entry: &Entry) -> Option<Membership>;
}

/// Brings views forward.
#[derive(Debug, Clone)]
pub struct Advance {
    /// The views, each as it was read, and the digest of the rules by which it is judged now.
    pub views: Vec<(ViewRow, Digest)>,
    /// The objects that are looked at.
    pub look: Look,
    /// At most so many.
    pub limit: u32,
    /// Who judges, and when.
    pub shown: Shown,
}

/// Which objects are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Those that became visible, in their order.
    Entered {
        /// After this place.
        after: u64,
        /// Up to this one.
        until: u64,
    },
    /// Those that are to be looked at again, as [`Collections::is_touched`] says.
    Touched,
}

/// How objects come into views.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Who says what they are there.
    pub judge: Arc<dyn Judge>,
    /// The time, in microseconds since 1970. Members get it, or later ones, so that no two of a view have the same.
    pub at: i64,
}

/// What an object is in a view.
#[derive(Debug, Clone)]
pub struct Membership {
    /// The view.
    pub view: u64,
    /// The object's STIX id.
    pub id: String,
    /// Its versions in the view, oldest first. None: it is not in it.
    pub versions: Vec<MemberVersion>,
}

/// One version of an object in a view.
#[derive(Debug, Clone)]
pub struct MemberVersion {
    /// The version as TAXII has it: `modified`, else `created`, else when it entered.
    pub version: String,
    /// The same as a time.
    pub version_at: Timestamp,
    /// Its STIX type.
    pub stix_type: String,
    /// The rows that may stand for it, the best first, each with until when.
    pub rows: Vec<(u64, Option<i64>)>,
}

/// How a view stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewState {
    /// Changes with everything but new members.
    pub revision: u64,
    /// The time of the newest member, in microseconds since 1970; changes with every new one.
    pub last: i64,
    /// Whether everything that became visible is in it.
    pub is_current: bool,
}

/// Which members to give. Every condition must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewQuery {
    /// The view.
    pub view: u64,
    /// Added after this time, in microseconds since 1970.
    pub after: i64,
    /// Of these types; none: of any.
    pub types: Vec<String>,
    /// With one of these ids; `None`: with any.
    pub ids: Option<Vec<String>>,
    /// Of these versions.
    pub versions: Versions,
    /// At most so many, and of objects so many bytes, but one at least.
    pub limit: u32,
    /// The bytes of the objects, at most.
    pub bytes: usize,
}

/// Which versions of each object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Versions {
    /// The last.
    Newest,
    /// All.
    All,
    /// Those that any of these names.
    Of {
        /// The first.
        oldest: bool,
        /// The last.
        newest: bool,
        /// Those of these times.
        at: Vec<Timestamp>,
    },
}

/// A page of objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObjectPage {
    /// The exact bytes of each object, with commas between them.
    pub bytes: Vec<u8>,
    /// How many there are.
    pub count: u32,
    /// When each was added, in microseconds since 1970, counting up.
    pub added: Vec<i64>,
    /// Whether there are more.
    pub more: bool,
    /// When the first of them leaves by itself, in milliseconds since 1970.
    pub until: Option<i64>,
}

/// A page of names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ManifestPage {
    /// The members.
    pub members: Vec<Member>,
    /// Whether there are more.
    pub more: bool,
    /// When the first of them leaves by itself, in milliseconds since 1970.
    pub until: Option<i64>,
}

/// A member of a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its STIX id.
    pub id: String,
    /// When it was added, in microseconds since 1970.
    pub added: i64,
    /// Its version as TAXII has it.
    pub version: String,
    /// The same as a time.
    pub version_at: Timestamp,
}

/// How much is kept of one account's statuses, at the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusBound {
    /// How many of them.
    pub statuses: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// What became of objects that a client wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The id of the status resource.
    pub id: Uuid,
    /// The collection.
    pub collection: Uuid,
    /// Whose it is.
    pub account: String,
    /// When it was asked for.
    pub at: Timestamp,
    /// The status resource (TAXII 2.1 section 4.3.1), as JSON.
    pub status: String,
}
