//! The private journal as a log of the same kind as a channel's, signed by this party alone and shown to no partner
//! (docs/protocol.md section 7).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use comity_log::checkpoint::Checkpoint;
use comity_log::note::SignedNote;
use comity_log::proof::TlogProof;
use comity_log::tiles::{MAX_TILE_LEVEL, Tile, TileError, TileKind, TileNodes, Tiles};
use comity_log::{Frontier, Hash, inclusion_proof, journal_origin, leaf_hash};
use comity_model::{Digest, Digester, told};
use serde_json::json;

use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::partner::{self, Partner};
use crate::ports::JournalRow;
use crate::record::{CheckedLog, Wrong, is_signed, keys_ever};

/// Rows that are read at once.
const PAGE: u32 = 1_000;

/// The origin of this node's journal, and the name of the keys that sign it.
pub fn origin(node: &Node) -> String {
    journal_origin(node.root().digest().as_bytes())
}

/// The leaf hash of a row: the RFC 6962 leaf of SHA-256(salt || row).
pub fn leaf_of(row: &JournalRow) -> Hash {
    leaf_hash(&entry_of(row))
}

/// The data of a row's leaf: SHA-256(salt || row).
fn entry_of(row: &JournalRow) -> [u8; 32] {
    let mut digester = Digester::new();
    digester.update(&row.salt);
    digester.update(&row.row);
    *digester.finish().as_bytes()
}

/// Signs a checkpoint of the journal as it is and keeps it, unless one of this size is kept. Gives its size and the note.
/// Nothing is written into the journal about it.
///
/// # Errors
/// [`ExchangeError::Locked`] without keys; [`ExchangeError::Refused`] with `journal-shorter` or `journal-forked` where the
/// journal is not a continuation of the one that was signed last: it is not signed again.
pub async fn sign(node: &Node) -> Result<(u64, String)> {
    let apart = behind(node).await?;
    let head = node.store().journal_head().await?;
    let edge = Frontier::from_bytes(&head.frontier).map_err(ExchangeError::damaged)?;
    match apart {
        None => {}
        Some(Wrong::Shorter(size)) => return Err(shorter(edge.size(), size)),
        Some(_) => return Err(forked()),
    }
    if let Some((size, signed_note)) = head.checkpoint {
        if size > edge.size() {
            return Err(shorter(edge.size(), size));
        }
        // The last signed tree must be a part of this one; its tiles are looked at under its own root.
        if trusted(node, &signed_note, |_| ()).await.is_err() {
            return Err(forked());
        }
        if size == edge.size() {
            return Ok((size, signed_note));
        }
    }
    let own = partner::own(node)?;
    let checkpoint =
        Checkpoint::new(&origin(node), edge.size(), edge.root()).map_err(ExchangeError::damaged)?;
    let signed_note = node.keys()?.sign_checkpoint(&checkpoint, &own.descriptor, node.now())?;
    // apart from the database first: nobody sees what is not kept there
    let (kept, copy) = (Arc::clone(node.last_checkpoints()), signed_note.clone());
    blocking(move || Ok(kept.keep_journal(Some(&copy))?)).await?;
    node.store().put_journal_checkpoint(edge.size(), signed_note.clone()).await?;
    Ok((edge.size(), signed_note))
}

fn shorter(rows: u64, size: u64) -> ExchangeError {
    let message = told!(
        "the journal has {rows} lines and was signed with {size}; it was put back from an older copy: put the newer one back, or go on from this one with `comity record recover --to HANDLE`",
        rows,
        size
    );
    ExchangeError::refused("journal-shorter", message)
}

fn forked() -> ExchangeError {
    let message = "the journal is not a continuation of the one that was signed last; run `comity record check` and keep a copy; after a loss `comity record recover --to HANDLE` goes on from here";
    ExchangeError::refused("journal-forked", message)
}

/// What is wrong with the journal by the checkpoint of it that is kept apart from the database: it is shorter, or another.
/// A database that somebody put in the place of a newer one is known by that.
pub async fn behind(node: &Node) -> Result<Option<Wrong>> {
    // what is kept apart is read first: the journal grows meanwhile, and never shrinks
    let Some((signed_note, size, _)) = kept_apart(node).await? else { return Ok(None) };
    if node.store().journal_head().await?.size < size {
        return Ok(Some(Wrong::Shorter(size)));
    }
    let is_part = trusted(node, &signed_note, |_| ()).await.is_ok();
    Ok((!is_part).then_some(Wrong::Root(size)))
}

/// The checkpoint of the journal that is kept apart: its note, size and root.
async fn kept_apart(node: &Node) -> Result<Option<(String, u64, Hash)>> {
    let kept = Arc::clone(node.last_checkpoints());
    let Some(signed_note) = blocking(move || Ok(kept.journal()?)).await? else { return Ok(None) };
    let parsed = SignedNote::parse(signed_note.as_bytes()).map_err(ExchangeError::damaged)?;
    let checkpoint = Checkpoint::parse(parsed.text()).map_err(ExchangeError::damaged)?;
    Ok(Some((signed_note, checkpoint.size(), *checkpoint.root())))
}

/// Lets a journal that was put back on purpose go on from what is there. Gives the size and the root of what was signed
/// before, where that was more.
pub(crate) async fn begin_anew(node: &Node) -> Result<Option<(u64, Digest)>> {
    let before = match behind(node).await? {
        Some(_) => kept_apart(node).await?.map(|(_, size, root)| (size, Digest::from_bytes(root))),
        None => None,
    };
    if before.is_some() {
        let kept = Arc::clone(node.last_checkpoints());
        blocking(move || Ok(kept.keep_journal(None)?)).await?;
    }
    Ok(before)
}

/// Lets the journal of a database that is older than what was signed go on from what is there, with a line that says how far
/// it had been signed. Nothing is done where it is a continuation. `by` is who asks for it.
pub(crate) async fn go_on_from_here(node: &Node, by: &str) -> Result<()> {
    if behind(node).await?.is_none() {
        return Ok(());
    }
    // the line first: what was signed is not forgotten before the journal says what it was
    if let Some((_, size, root)) = kept_apart(node).await? {
        let details = json!({ "size": size, "root": Digest::from_bytes(root) });
        let line = node.journal_by(by, "journal-begun-anew", node.root(), details);
        node.store().journal(vec![line]).await?;
    }
    begin_anew(node).await?;
    Ok(())
}

/// What shows that a row stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenRow {
    /// The row as it is kept, with its salt.
    pub row: JournalRow,
    /// The proof, as C2SP tlog-proof. Its leaf is SHA-256(salt || row).
    pub proof: TlogProof,
}

/// Proves that a row stands under the last signed checkpoint.
///
/// # Errors
/// [`ExchangeError::NotFound`] where there is no such row; [`ExchangeError::Refused`] with `journal-unsigned` where no
/// checkpoint covers it; [`ExchangeError::Damaged`] where the proof does not hold.
pub async fn prove(node: &Node, number: u64) -> Result<ProvenRow> {
    let mut rows = node.store().journal_rows(number, 1).await?;
    let row = rows.pop().filter(|row| row.number == number);
    let row = row.ok_or_else(|| ExchangeError::NotFound {
        what: "journal line",
        name: number.to_string(),
        advice: "`comity journal list` shows them",
    })?;
    let signed = node.store().journal_head().await?.checkpoint;
    let Some((size, signed_note)) = signed.filter(|(size, _)| *size > number) else {
        let message = told!(
            "no signed checkpoint of the journal covers line {number} yet; make one with `comity journal sign`",
            number
        );
        return Err(ExchangeError::refused("journal-unsigned", message));
    };
    let hashes = trusted(node, &signed_note, |nodes| inclusion_proof(number, size, nodes)).await?;
    let hashes = hashes.map_err(ExchangeError::damaged)?;
    let signed_note = SignedNote::parse(signed_note.as_bytes()).map_err(ExchangeError::damaged)?;
    let proof = TlogProof::new(number, hashes, signed_note).map_err(ExchangeError::damaged)?;
    let root = *proof.checkpoint().root();
    comity_log::verify_inclusion(&leaf_of(&row), number, size, proof.hashes(), &root)
        .map_err(ExchangeError::damaged)?;
    Ok(ProvenRow { row, proof })
}

/// Checks every row, the tree over them, and the checkpoint signed last, in the database and apart from it.
pub(crate) async fn check(node: &Node) -> Result<Result<CheckedLog, Wrong>> {
    let head = node.store().journal_head().await?;
    let Ok(stored) = Frontier::from_bytes(&head.frontier) else { return Ok(Err(Wrong::Edge)) };
    let signed = match &head.checkpoint {
        None => None,
        Some((size, kept)) => match stated(node, *size, kept).await? {
            Err(wrong) => return Ok(Err(wrong)),
            Ok(signed) => Some(signed),
        },
    };
    let size = signed.map(|it| it.0);
    if let Some(size) = size.filter(|size| *size > stored.size()) {
        return Ok(Err(Wrong::Shorter(size)));
    }
    let mut edge = Frontier::new();
    let mut tiles = BTreeMap::new();
    loop {
        if signed.is_some_and(|(size, root)| size == edge.size() && root != edge.root()) {
            return Ok(Err(Wrong::Root(edge.size())));
        }
        if edge.size() >= stored.size() {
            break;
        }
        let page = node.store().journal_rows(edge.size(), PAGE).await?;
        let page: Vec<_> = page.into_iter().filter(|row| row.number < stored.size()).collect();
        if page.is_empty() {
            return Ok(Err(Wrong::Missing(edge.size())));
        }
        for row in page {
            if row.number != edge.size() {
                return Ok(Err(Wrong::Missing(edge.size())));
            }
            if leaf_of(&row) != row.leaf {
                return Ok(Err(Wrong::Digest(row.number)));
            }
            let emit = |level: u8, index: u64, hash: Hash| {
                if level > 0 && level.is_multiple_of(8) {
                    tiles.insert((level / 8, index), hash);
                }
            };
            if edge.append(row.leaf, emit).is_err() {
                return Ok(Err(Wrong::Edge));
            }
            if signed.is_some_and(|(size, root)| size == edge.size() && root != edge.root()) {
                return Ok(Err(Wrong::Root(edge.size())));
            }
        }
    }
    if edge != stored {
        return Ok(Err(Wrong::Edge));
    }
    if let Some(wrong) = other_tile(node, &tiles).await? {
        return Ok(Err(wrong));
    }
    if let Some(wrong) = behind(node).await? {
        return Ok(Err(wrong));
    }
    let root = edge.root();
    Ok(Ok(CheckedLog {
        channel: None,
        size: edge.size(),
        signatures: None,
        root,
        checkpoint: size,
        cosigned: None,
    }))
}

/// The size and root of the signed checkpoint, its signatures verified.
async fn stated(node: &Node, size: u64, signed_note: &str) -> Result<Result<(u64, Hash), Wrong>> {
    let keys = keys_ever(node, node.root(), Partner::journal_keys_ever).await?;
    if !is_signed(signed_note, &origin(node), &keys) {
        return Ok(Err(Wrong::Signature(size)));
    }
    let parsed = SignedNote::parse(signed_note.as_bytes()).map_err(ExchangeError::damaged)?;
    let checkpoint = Checkpoint::parse(parsed.text()).map_err(ExchangeError::damaged)?;
    Ok(Ok((checkpoint.size(), *checkpoint.root())))
}

/// The first stored tile hash that is not the one computed from the rows.
async fn other_tile(node: &Node, made: &BTreeMap<(u8, u64), Hash>) -> Result<Option<Wrong>> {
    let mut kept: Option<((u8, u64), Vec<Hash>)> = None;
    for (&(level, index), hash) in made {
        let tile = (level, index / 256);
        if kept.as_ref().is_none_or(|(known, _)| *known != tile) {
            kept = Some((tile, node.store().journal_tile(level, tile.1).await?));
        }
        let place = usize::try_from(index % 256).unwrap_or(usize::MAX);
        let found = kept.as_ref().and_then(|(_, hashes)| hashes.get(place));
        if found != Some(hash) {
            return Ok(Some(Wrong::Node { level: level.saturating_mul(8), index }));
        }
    }
    Ok(None)
}

/// The tiles that were fetched so far, and those that were asked for in vain.
#[derive(Default)]
struct Fetched {
    tiles: BTreeMap<(u8, u64), Vec<u8>>,
    wanted: RefCell<Vec<(u8, u64)>>,
}

impl Tiles for &Fetched {
    type Error = Infallible;

    fn tile(&self, tile: &Tile) -> Result<Option<Vec<u8>>, Infallible> {
        let TileKind::Hashes(level) = tile.kind() else { return Ok(None) };
        let Some(bytes) = self.tiles.get(&(level, tile.index())) else {
            self.wanted.borrow_mut().push((level, tile.index()));
            return Ok(None);
        };
        // What has grown since is cut to the width that is asked for.
        let width = usize::try_from(tile.width()).unwrap_or(usize::MAX).saturating_mul(32);
        Ok(bytes.get(..width).map(<[u8]>::to_vec))
    }
}

/// Tiles that one computation asks for, at most: two on each level, and a few for luck.
const ROUNDS: usize = 4 * (MAX_TILE_LEVEL as usize + 1);

/// Computes over the nodes of the journal's tree under a signed checkpoint, with whatever tiles it asks for.
async fn trusted<T>(
    node: &Node,
    signed_note: &str,
    compute: impl Fn(&TileNodes<&Fetched>) -> T + Send + Sync,
) -> Result<T> {
    let parsed = SignedNote::parse(signed_note.as_bytes()).map_err(ExchangeError::damaged)?;
    let checkpoint = Checkpoint::parse(parsed.text()).map_err(ExchangeError::damaged)?;
    let mut fetched = Fetched::default();
    for _ in 0..ROUNDS {
        let computed = {
            let nodes: Result<_, TileError<Infallible>> = TileNodes::new(&fetched, &checkpoint);
            nodes.map(|nodes| compute(&nodes))
        };
        let wanted = std::mem::take(&mut *fetched.wanted.borrow_mut());
        if wanted.is_empty() {
            return computed.map_err(ExchangeError::damaged);
        }
        for (level, index) in wanted {
            let hashes = node.store().journal_tile(level, index).await?;
            fetched.tiles.insert((level, index), hashes.into_flattened());
        }
    }
    Err(ExchangeError::damaged("the journal's tree"))
}
