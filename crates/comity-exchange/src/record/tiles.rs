//! A channel's log as the files of C2SP tlog-tiles. The leaves are digests, so the files say nothing of what was said.

use std::collections::BTreeMap;

use comity_log::tiles::{Tile, TileKind, entry_bundle, hash_tile};
use comity_log::{Hash, statement_entry};
use comity_model::ChannelId;

use super::{Asked, Signed, over_tree, root, view};
use crate::error::{ExchangeError, Result};
use crate::node::Node;

/// What of a log can be written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exportable {
    /// The checkpoint: the largest that the receiver cosigned, else the largest that the log's keys signed.
    pub signed: Signed,
    /// Whether the receiver cosigned it.
    pub cosigned: bool,
}

/// What of a channel's log can be written out; `None` while there is no checkpoint.
///
/// # Errors
/// [`ExchangeError::Damaged`] where the tree that is kept has another root than the checkpoint.
pub async fn exportable(node: &Node, channel: ChannelId) -> Result<Option<Exportable>> {
    let log = view(node, channel).await?;
    let here = |it: &Signed| it.size <= log.size;
    let found = match (log.cosigned.filter(here), log.checkpoint.filter(here)) {
        (Some(signed), _) => Exportable { signed, cosigned: true },
        (None, Some(signed)) => Exportable { signed, cosigned: false },
        (None, None) => return Ok(None),
    };
    if root(node, channel, found.signed.size).await? != found.signed.root {
        return Err(ExchangeError::damaged(format!("the tree of `{channel}`")));
    }
    Ok(Some(found))
}

/// The bytes of a tile of hashes of a channel's log, which has so many leaves at least.
pub async fn tile_bytes(node: &Node, channel: ChannelId, tile: Tile) -> Result<Vec<u8>> {
    over_tree(
        node,
        channel,
        |asked: &Asked| hash_tile(&tile, asked),
        |nodes: &BTreeMap<(u8, u64), Hash>| hash_tile(&tile, nodes),
    )
    .await
}

/// The bytes of a bundle of entries of a channel's log: the data of its leaves (docs/protocol.md section 3.4).
pub async fn bundle_bytes(node: &Node, channel: ChannelId, tile: Tile) -> Result<Vec<u8>> {
    let damaged = || ExchangeError::damaged(format!("the statements of `{channel}`"));
    if tile.kind() != TileKind::Entries {
        return Err(damaged());
    }
    let first = tile.index().saturating_mul(comity_log::tiles::TILE_WIDTH);
    let limit = u32::try_from(tile.width()).map_err(|_| damaged())?;
    let lines = node.store().record_lines(channel, first, limit).await?;
    let whole = (first..).zip(&lines).all(|(sequence, line)| line.sequence == sequence);
    if !whole || lines.len() as u64 != tile.width() {
        return Err(damaged());
    }
    let entries: Vec<_> =
        lines.iter().map(|line| statement_entry(line.digest.as_bytes())).collect();
    entry_bundle(entries.iter().map(Vec::as_slice)).map_err(ExchangeError::damaged)
}
