//! The record: proofs and checkpoints from the nodes that the store keeps.

mod check;
mod signers;
mod statement;
mod tiles;
mod view;
mod wrong;

pub(crate) use check::is_signed;
pub use check::{Checked, CheckedLog, Fault, check, check_channel};
pub(crate) use statement::keys_ever;
pub use statement::{Proven, StatementView, by_folio, log_keys, statement};
pub use tiles::{Exportable, bundle_bytes, exportable, tile_bytes};
pub use view::{LogView, Signed, view};
pub use wrong::Wrong;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;

use comity_log::checkpoint::Checkpoint;
use comity_log::note::SignedNote;
use comity_log::proof::TlogProof;
use comity_log::{Hash, Nodes, ProofError, inclusion_proof, root_at};
use comity_model::{ChannelId, Digest};

use crate::descriptor;
use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::LastCheckpoint;

/// Notes which nodes a computation asks for. Which ones it asks for depends on sizes alone, never on hashes.
#[derive(Default)]
struct Asked(RefCell<BTreeSet<(u8, u64)>>);

impl Nodes for Asked {
    type Error = Infallible;

    fn node(&self, level: u8, index: u64) -> Result<Option<Hash>, Infallible> {
        self.0.borrow_mut().insert((level, index));
        Ok(Some([0; 32]))
    }
}

/// Runs a computation over the nodes of a channel's tree: once to learn which it needs, once with them.
async fn over_tree<T>(
    node: &Node,
    channel: ChannelId,
    ask: impl Fn(&Asked) -> Result<T, ProofError<Infallible>> + Send,
    compute: impl FnOnce(&BTreeMap<(u8, u64), Hash>) -> Result<T, ProofError<Infallible>> + Send,
) -> Result<T> {
    let wanted: Vec<(u8, u64)> = {
        let asked = Asked::default();
        ask(&asked).map_err(ExchangeError::damaged)?;
        asked.0.into_inner().into_iter().collect()
    };
    let nodes = node.store().tree_nodes(channel, wanted).await?.into_iter().collect();
    compute(&nodes).map_err(ExchangeError::damaged)
}

/// The root of a channel's tree, or of its mirror, at `size`.
pub async fn root(node: &Node, channel: ChannelId, size: u64) -> Result<Hash> {
    over_tree(node, channel, |asked| root_at(size, asked), |nodes| root_at(size, nodes)).await
}

/// A new checkpoint of one of this party's logs, signed, as a note. The log keys are those of the descriptor in force at the
/// last statement that it covers, of which `last` is the digest. It is remembered apart from the database before anybody
/// sees it.
pub(crate) async fn sign_checkpoint(
    node: &Node,
    channel: ChannelId,
    size: u64,
    last: Digest,
) -> Result<String> {
    let own = descriptor::in_force(node, channel, size.saturating_sub(1)).await?;
    let root = root(node, channel, size).await?;
    let checkpoint =
        Checkpoint::new(&channel.origin(), size, root).map_err(ExchangeError::damaged)?;
    let signed = node.keys()?.sign_checkpoint(&checkpoint, &own.partner.descriptor, node.now())?;
    let root = Digest::from_bytes(root);
    let kept = LastCheckpoint { channel, size, root, last, cosigned: None };
    let apart = Arc::clone(node.last_checkpoints());
    blocking(move || Ok(apart.keep(kept)?)).await?;
    Ok(signed)
}

/// The proof that the statement at `index` stands under the checkpoint of `size` that `signed` is the note of.
pub(crate) async fn proof(
    node: &Node,
    channel: ChannelId,
    index: u64,
    size: u64,
    signed: &str,
) -> Result<Vec<u8>> {
    let hashes = over_tree(
        node,
        channel,
        |asked| inclusion_proof(index, size, asked),
        |nodes| inclusion_proof(index, size, nodes),
    )
    .await?;
    let signed = SignedNote::parse(signed.as_bytes()).map_err(ExchangeError::damaged)?;
    let proof = TlogProof::new(index, hashes, signed).map_err(ExchangeError::damaged)?;
    Ok(proof.to_string().into_bytes())
}
