//! After a loss: a node that may have forgotten what it said says nothing more until that is cleared up
//! (docs/protocol.md section 4.8).

use std::sync::Arc;

use comity_model::statement::ReceiptEntry;
use comity_model::{ChannelId, Digest, PartyRoot};
use serde_json::json;

mod again;
mod anew;
mod by_hand;
mod epoch;
mod folios;

pub use again::not_taken_up;
pub(crate) use again::{first_missing, send_again};
pub use anew::recover_anew;
pub(crate) use by_hand::epoch_of;
pub use by_hand::recover_by_hand;
pub use epoch::{Recovered, recover};
pub(crate) use folios::keep_folios;

use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result};
use crate::journal;
use crate::node::Node;
use crate::ports::{Doubt, DoubtKind, LastCheckpoint, SealRefusal};
use crate::record::{self, Wrong};

/// Compares the database with the checkpoints that are kept apart from it. Where one of them covers more than the log in
/// the database, or another one, nothing more is sealed for that partner.
pub(crate) async fn look_back(node: &Node) -> Result<()> {
    for last in last_checkpoints(node).await? {
        if last.channel.from == node.root() {
            doubt_if_behind(node, &last).await?;
        }
    }
    folios::look_back(node).await
}

/// The same for one channel, before its log is signed again; refused as `record-rolled-back`.
pub(crate) async fn must_not_be_behind(node: &Node, channel: ChannelId) -> Result<()> {
    let all = last_checkpoints(node).await?;
    match all.iter().find(|last| last.channel == channel) {
        Some(last) if doubt_if_behind(node, last).await? => Err(refused(DoubtKind::RolledBack)),
        _ => Ok(()),
    }
}

pub(crate) async fn last_checkpoints(node: &Node) -> Result<Vec<LastCheckpoint>> {
    let apart = Arc::clone(node.last_checkpoints());
    blocking(move || Ok(apart.all()?)).await
}

/// What is wrong with the log of a channel by the checkpoint of it that is kept apart from the database: it is shorter, or
/// another. Of an epoch that is over nothing is asked any more.
pub(crate) async fn behind(node: &Node, last: &LastCheckpoint) -> Result<Option<Wrong>> {
    if last.channel.epoch < node.store().epoch(last.channel).await? {
        return Ok(None);
    }
    if node.store().outbound_head(last.channel).await?.next < last.size {
        return Ok(Some(Wrong::Shorter(last.size)));
    }
    let root = Digest::from_bytes(record::root(node, last.channel, last.size).await?);
    Ok((root != last.root).then_some(Wrong::Root(last.size)))
}

async fn doubt_if_behind(node: &Node, last: &LastCheckpoint) -> Result<bool> {
    let is_behind = behind(node, last).await?.is_some();
    if is_behind {
        let here = node.store().outbound_head(last.channel).await?.next;
        let details = json!({
            "channel": last.channel.to_string(), "here": here, "signed": last.size, "root": last.root,
        });
        doubt(node, last.channel.to, DoubtKind::RolledBack, details).await?;
    }
    Ok(is_behind)
}

/// Seals nothing more for a partner. The journal has why, once.
pub(crate) async fn doubt(
    node: &Node,
    partner: PartyRoot,
    why: DoubtKind,
    details: serde_json::Value,
) -> Result<()> {
    let journal = vec![node.journal(why.code(), partner, details)];
    // who asks the partner first may have sealed before
    let is_clean = why != DoubtKind::PartnerAhead;
    let known = folios::known_apart(node).await?;
    let doubt = Doubt { partner, why, since: node.now(), is_clean };
    node.store().doubt(doubt, known, journal).await?;
    keep_folios(node).await
}

/// The doubt about a partner, if there is one.
pub(crate) async fn doubt_about(node: &Node, partner: PartyRoot) -> Result<Option<DoubtKind>> {
    let doubts = node.store().doubts().await?;
    Ok(doubts.into_iter().find(|it| it.partner == partner).map(|it| it.why))
}

/// What sealing is refused with.
pub(crate) fn refused(why: DoubtKind) -> ExchangeError {
    let refusal = SealRefusal::InDoubt(why);
    ExchangeError::refused(refusal.code(), refusal.to_string())
}

/// Notes that the partner answered a statement that this node does not remember.
pub(crate) async fn note_forgotten(
    node: &Node,
    channel: ChannelId,
    entry: &ReceiptEntry,
) -> Result<()> {
    if !node.is_news(entry.digest.as_bytes()) {
        return Ok(());
    }
    let details = json!({
        "channel": channel.to_string(), "sequence": entry.sequence, "received_at": entry.received_at,
        "outcome": entry.outcome, "code": entry.code, "admitted": entry.admitted, "refused": entry.refused,
    });
    let journal = vec![node.journal("statement-forgotten", entry.digest, details)];
    Ok(node.store().journal(journal).await?)
}

/// After the database was put back from a backup: what was purged since is purged again when the node is opened, nothing is
/// sealed for any partner before it was asked what it has, and no folio is given twice. `details` is what the journal keeps
/// of the backup, and with it how far the journal had been signed before; `by` is who put it back. Gives the partners that are to be asked.
pub async fn restored(
    node: &Node,
    mut details: serde_json::Value,
    by: &str,
) -> Result<Vec<PartyRoot>> {
    if let (Some((size, root)), Some(members)) =
        (journal::begin_anew(node).await?, details.as_object_mut())
    {
        let before = json!({ "size": size, "root": root });
        members.insert("journal_signed_before".to_owned(), before);
    }
    let journal = vec![node.journal_by(by, "restored", node.root(), details)];
    let known = folios::known_apart(node).await?;
    let partners = node.store().restored(node.now(), known, journal).await?;
    keep_folios(node).await?;
    Ok(partners)
}
