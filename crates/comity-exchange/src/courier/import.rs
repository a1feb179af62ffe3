//! Taking in what somebody brought: file after file, in whatever order, as often as they come.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use comity_model::{Digest, Refusal};
use serde::Serialize;
use serde_json::json;

use super::SharedWatch;
use super::look::{Looked, look};
use crate::acknowledge::acknowledge;
use crate::admit::take_in;
use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result};
use crate::failpoint::fail_point;
use crate::node::Node;
use crate::partner;
use crate::ports::{BlobError, HandFile, PouchState, Spool};
use crate::receive::receive;

/// Bytes copied at a time.
const CHUNK: usize = 1 << 20;
/// Pouches up to this size have room of their own in the spool.
const SMALL: u64 = 1 << 20;
/// That room.
const RESERVE: u64 = 64 << 20;
/// Rounds of taking in after which a pouch is left to the node that serves.
const ROUNDS: u32 = 1_000;
/// Files that the journal names one by one.
const NAMED: usize = 100;
/// Long enough that no checkpoint is sealed for its age alone: the node that serves, or an export, does that.
const NEVER: Duration = Duration::MAX;

/// What is to be taken in.
#[derive(Clone)]
pub struct Import {
    /// The files.
    pub files: Vec<Arc<dyn HandFile>>,
    /// How many bytes may still be written to this node's disk.
    pub free: Arc<dyn Fn() -> io::Result<u64> + Send + Sync>,
    /// Who asks, for the journal.
    pub by: String,
    /// Who hears how far it is: each file is read twice.
    pub watch: SharedWatch,
}

impl std::fmt::Debug for Import {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { files, by, .. } = self;
        f.debug_struct("Import")
            .field("files", &files.len())
            .field("by", by)
            .finish_non_exhaustive()
    }
}

/// What became of all files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// One by one, in the order in which they were given.
    pub files: Vec<Brought>,
    /// Statements consumed on the way, those that had waited for them among them.
    pub consumed: u64,
    /// Receipts and checkpoints sealed in answer.
    pub answers: u64,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Brought {
    /// Its name.
    pub file: String,
    /// What became of it.
    pub fate: Fate,
    /// Why: a code of docs/protocol.md section 4.4, or for what was left out `wrong-digest`, `unreadable`, `spool-full`,
    /// `disk-full` or `pouch-busy`.
    pub code: Option<String>,
    /// SHA-256 of the file, where it was read to its end.
    pub pouch: Option<Digest>,
    /// The statement in it, once its signatures held.
    pub statement: Option<Digest>,
}

/// What can become of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// Its statement used its place, whatever the outcome.
    Consumed,
    /// Its statement waits for earlier ones.
    Held,
    /// The statement was here before.
    Repeated,
    /// It is on this node's disk, and the node that serves is at it.
    Received,
    /// It is no pouch that this node takes; nothing of it is kept.
    Refused,
    /// It could not be read or there was no room; nothing of it is kept.
    LeftOut,
}

impl Fate {
    /// Whether somebody has to look at it.
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Refused | Self::LeftOut)
    }
}

/// Takes in the pouches in some files, and answers what it consumed. What cannot be taken in is named and stops nothing
/// else; what others of the files may mend is tried again as long as that helps. Every step is the same as for what comes
/// over the link, and a node that serves at the same time does no harm. An error of this node's own store or disk ends it,
/// and it can be repeated.
pub async fn import(node: &Node, import: Import) -> Result<Imported> {
    node.keys()?;
    let mut imported = Imported::default();
    let mut pending: Vec<usize> = (0..import.files.len()).collect();
    let mut all: Vec<Option<Brought>> = vec![None; import.files.len()];
    loop {
        let before = imported.consumed;
        let mut again = Vec::new();
        for index in pending {
            let Some(file) = import.files.get(index) else { continue };
            let brought = bring(node, file, &import, &mut imported.consumed).await?;
            if may_be_mended(&brought) {
                again.push(index);
            }
            if let Some(slot) = all.get_mut(index) {
                *slot = Some(brought);
            }
        }
        if again.is_empty() || imported.consumed == before {
            break;
        }
        pending = again;
    }
    imported.files = all.into_iter().flatten().collect();
    follow_up(node, &mut imported.files).await?;
    imported.answers = acknowledge(node, NEVER).await?;
    note(node, &import.by, &imported).await?;
    Ok(imported)
}

/// Whether a later try can come to something else once more was consumed.
fn may_be_mended(brought: &Brought) -> bool {
    const BY_OTHERS: [Refusal; 5] = [
        Refusal::SignatureBad,
        Refusal::AgreementUnknown,
        Refusal::AgreementDigest,
        Refusal::RecordProof,
        Refusal::HeldFull,
    ];
    let code = brought.code.as_deref();
    match brought.fate {
        Fate::LeftOut => code == Some("spool-full"),
        Fate::Refused => BY_OTHERS.iter().any(|it| code == Some(it.code())),
        _ => false,
    }
}

/// What waited for others may have been consumed since.
async fn follow_up(node: &Node, files: &mut [Brought]) -> Result<()> {
    for brought in files.iter_mut().filter(|it| it.fate == Fate::Held) {
        let Some(pouch) = brought.pouch else { continue };
        if let Some(row) = node.store().pouch(pouch).await? {
            (brought.fate, brought.code) = (fate_of(row.state), row.code);
        }
    }
    Ok(())
}

async fn note(node: &Node, by: &str, imported: &Imported) -> Result<()> {
    let count = |fate: Fate| imported.files.iter().filter(|it| it.fate == fate).count();
    let bad = imported.files.iter().filter(|it| it.fate.is_bad()).take(NAMED);
    let bad: Vec<_> = bad
        .map(|it| json!({ "file": short(&it.file), "code": it.code, "pouch": it.pouch }))
        .collect();
    let details = json!({
        "files": imported.files.len(), "consumed": imported.consumed, "held": count(Fate::Held),
        "repeated": count(Fate::Repeated), "refused": count(Fate::Refused),
        "left_out": count(Fate::LeftOut), "named": bad,
    });
    let journal = vec![node.journal_by(by, "pouches-imported", node.root(), details)];
    Ok(node.store().journal(journal).await?)
}

/// The end of a name, which whoever made the file chose.
fn short(name: &str) -> String {
    let skip = name.chars().count().saturating_sub(100);
    name.chars().skip(skip).collect()
}

async fn bring(
    node: &Node,
    file: &Arc<dyn HandFile>,
    import: &Import,
    consumed: &mut u64,
) -> Result<Brought> {
    let mut brought = Brought {
        file: file.name(),
        fate: Fate::LeftOut,
        code: None,
        pouch: None,
        statement: None,
    };
    let looked = match look(node, Arc::clone(file), Arc::clone(&import.watch)).await {
        Ok(Ok(looked)) => looked,
        Ok(Err(refusal)) => {
            brought.fate = Fate::Refused;
            brought.code = Some(refusal.code().to_owned());
            return Ok(brought);
        }
        // all that is read there is the file: a bad sector of a disk that somebody brought
        Err(ExchangeError::Blob(BlobError::Io(_))) => {
            brought.code = Some("unreadable".to_owned());
            return Ok(brought);
        }
        Err(error) => return Err(error),
    };
    (brought.pouch, brought.statement) = (Some(looked.pouch), Some(looked.statement));
    if is_here(node, &looked).await? {
        leave_no_copy(node, looked.pouch).await?;
        import.watch.done(looked.size);
        brought.fate = Fate::Repeated;
        return Ok(brought);
    }
    if let Some(code) = obstacle(node, file, &looked, import).await? {
        brought.code = Some(code.to_owned());
        return Ok(brought);
    }
    fail_point("import:copied").await;
    receive(node, looked.pouch, looked.size, None).await?;
    for _ in 0..ROUNDS {
        let Some(row) = node.store().pouch(looked.pouch).await? else { break };
        (brought.fate, brought.code) = (fate_of(row.state), row.code);
        if row.state != PouchState::Received {
            break;
        }
        *consumed += take_in(node).await?;
    }
    Ok(brought)
}

const fn fate_of(state: PouchState) -> Fate {
    match state {
        PouchState::Consumed => Fate::Consumed,
        PouchState::Held => Fate::Held,
        PouchState::Repeated => Fate::Repeated,
        PouchState::Refused => Fate::Refused,
        PouchState::Received | PouchState::Unknown => Fate::Received,
    }
}

/// Whether the statement was consumed or is held, or this very pouch is on the disk already.
async fn is_here(node: &Node, looked: &Looked) -> Result<bool> {
    let known = node.store().pouch(looked.pouch).await?.map(|row| row.state);
    if known.is_some_and(|state| !matches!(state, PouchState::Refused | PouchState::Received)) {
        return Ok(true);
    }
    let payload = &looked.payload;
    let (channel, nonce) = (payload.channel(), payload.nonce.0);
    let slot = node.store().slot(channel, payload.sequence, payload.id, nonce).await?;
    Ok(slot.occupant == Some(looked.statement))
}

/// Deletes the copy of a pouch that was consumed: a crash between the two may have left it.
async fn leave_no_copy(node: &Node, pouch: Digest) -> Result<()> {
    let state = node.store().pouch(pouch).await?.map(|row| row.state);
    if !matches!(state, Some(PouchState::Consumed | PouchState::Repeated)) {
        return Ok(());
    }
    let spool = Arc::clone(node.spool());
    blocking(move || Ok(spool.remove(&pouch)?)).await
}

/// Copies a file into the spool, or says why not.
async fn obstacle(
    node: &Node,
    file: &Arc<dyn HandFile>,
    looked: &Looked,
    import: &Import,
) -> Result<Option<&'static str>> {
    let (pouch, size) = (looked.pouch, looked.size);
    if file.promised().is_some_and(|promised| promised != pouch) {
        return Ok(Some("wrong-digest"));
    }
    let quota = partner::own(node)?.descriptor.limits.pouch.saturating_mul(2);
    let room = if size <= SMALL { quota } else { quota.saturating_sub(RESERVE) };
    if node.store().brought().await?.saturating_add(size) > room {
        return Ok(Some("spool-full"));
    }
    let (spool, file, import) = (Arc::clone(node.spool()), Arc::clone(file), import.clone());
    blocking(move || {
        let missing = size.saturating_sub(spool.offset(&pouch)?);
        if (import.free)().map_err(BlobError::Io)? < missing {
            return Ok(Some("disk-full"));
        }
        match copy(&*file, &*spool, pouch, size, &import.watch) {
            Ok(()) => Ok(None),
            Err(Fault::Unreadable) => Ok(Some("unreadable")),
            Err(Fault::Spool(BlobError::Digest)) => {
                spool.remove(&pouch)?;
                Ok(Some("wrong-digest"))
            }
            Err(Fault::Spool(BlobError::Offset { .. })) => Ok(Some("pouch-busy")),
            Err(Fault::Spool(error)) => Err(error.into()),
        }
    })
    .await
}

enum Fault {
    /// The file that was brought.
    Unreadable,
    /// This node's own disk, or what came of the copy.
    Spool(BlobError),
}

impl From<BlobError> for Fault {
    fn from(error: BlobError) -> Self {
        Self::Spool(error)
    }
}

/// Copies from where an interrupted import stopped. Whether the bytes are still those that were looked at, their digest
/// says at the end.
fn copy(
    file: &dyn HandFile,
    spool: &dyn Spool,
    pouch: Digest,
    size: u64,
    watch: &SharedWatch,
) -> std::result::Result<(), Fault> {
    if spool.offset(&pouch)? > size {
        spool.remove(&pouch)?;
    }
    let mut at = spool.offset(&pouch)?;
    let mut source = file.open().map_err(|_| Fault::Unreadable)?;
    io::copy(&mut source.by_ref().take(at), &mut io::sink()).map_err(|_| Fault::Unreadable)?;
    watch.done(at);
    while at < size {
        let mut chunk = Vec::new();
        let most = (size - at).min(CHUNK as u64);
        source.by_ref().take(most).read_to_end(&mut chunk).map_err(|_| Fault::Unreadable)?;
        if chunk.is_empty() {
            return Err(Fault::Unreadable);
        }
        spool.append(&pouch, at, &chunk)?;
        at += chunk.len() as u64;
        watch.done(chunk.len() as u64);
    }
    Ok(spool.finish(&pouch, size)?)
}
