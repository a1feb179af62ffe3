//! What carrying pouches by hand needs: what waits for a partner, a folder to write into, files to read from
//! (docs/protocol.md section 5.8).

use std::io::{self, Read};

use async_trait::async_trait;
use comity_model::{Digest, PartyRoot};
use jiff::Timestamp;

use super::{BlobError, BlobWriter, JournalEntry, KeptPouch, StoreError};

type Result<T> = std::result::Result<T, StoreError>;

/// Which of the signed statements for a partner are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToCarry {
    /// Those that are not on the partner's disk, are not answered, and were not carried before.
    New,
    /// Those that are not answered, carried before or not.
    Unanswered,
    /// Those sealed at this time or later, answered or not; counted in whole seconds.
    Since(Timestamp),
}

/// A statement that may be carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its digest.
    pub statement: Digest,
    /// Its place in the partner's outbox.
    pub position: u64,
    /// The bytes of its parts.
    pub bytes: u64,
    /// The pouch that was last written of it for a courier.
    pub pouch: Option<KeptPouch>,
}

/// The part of the store that knows what couriers took along. What holds for every method of [`Store`](super::Store)
/// holds here.
#[async_trait]
pub trait Carriage: Send + Sync {
    /// Signed statements for a partner, in the order of its outbox behind `after`, at most `limit`. A statement is answered
    /// when it is settled, or if its kind is not receipted when the partner cosigned it; of checkpoints, which nobody
    /// answers, the newest of each channel is meant. Of an epoch that
    /// ended nothing is: its reader takes nothing of it any more.
    async fn to_carry(
        &self,
        partner: PartyRoot,
        which: ToCarry,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Waiting>>;
    /// Remembers the pouch that was written of a statement for a courier. It is not delivered by that.
    async fn exported(
        &self,
        statement: Digest,
        pouch: KeptPouch,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;
    /// Bytes of the pouches that couriers brought and that are still in the spool.
    async fn brought(&self) -> Result<u64>;
}

/// A folder that somebody carries away.
pub trait Satchel: Send + Sync {
    /// Whether a pouch is in it, whole: so many bytes of this digest. A file that has the pouch's name and is not it, as one
    /// that was cut, is taken away.
    fn has(&self, pouch: &Digest, size: u64) -> std::result::Result<bool, BlobError>;
    /// Begins a pouch. When it is committed it is in the folder, durable, and named by its digest.
    fn create(&self) -> std::result::Result<Box<dyn BlobWriter>, BlobError>;
}

/// A file that somebody brought.
pub trait HandFile: Send + Sync {
    /// Its name, for whoever has to look for it.
    fn name(&self) -> String;
    /// The digest that its name promises, where it does.
    fn promised(&self) -> Option<Digest>;
    /// Opens it at its beginning.
    fn open(&self) -> io::Result<Box<dyn Read + Send>>;
}
