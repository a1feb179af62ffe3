//! A new epoch with a partner whose node cannot be asked: what it cosigned stands in the statements that it wrote for a
//! courier (docs/protocol.md section 4.8).

use std::collections::BTreeMap;
use std::sync::Arc;

use comity_log::checkpoint::Checkpoint;
use comity_log::cosign;
use comity_log::note::SignedNote;
use comity_model::statement::{CheckpointBody, Kind, Payload, ReceiptBody};
use comity_model::{ChannelId, Digest, PartyRoot, told};

use super::epoch::{Heard, Recovered, go_on, trust_again};
use super::{doubt_about, last_checkpoints};
use crate::dispatch::{blocking, channels_to};
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::partner::{self, Partner};
use crate::ports::{BlobError, HandFile, RemoteHead};
use crate::{record, verify};

/// A checkpoint of one of this party's logs, with the partner's cosignatures.
struct Cosigned {
    size: u64,
    root: Digest,
    note: String,
}

/// The largest for each log, by its origin.
type Notes = BTreeMap<String, Cosigned>;

/// As [`recover`](super::recover), from pouches of the partner instead of its answer: they are what it wrote with
/// `comity pouch export --since`, with a time before the loss. Each is opened as far as its statement, and judged as if it
/// were taken in; what is not the partner's, or has no cosignature, is passed over. A partner that cosigned more than this
/// node remembers has surely consumed it. What else it consumed is not known, so with a partner who is in doubt a new epoch is
/// opened in each channel in which anything was said. It is the caller who asks for all this: nothing that a partner sends
/// leads to it by itself.
///
/// Refused with `no-cosignature` where none of the files has a cosignature over a log that needs one; then nothing was done.
pub async fn recover_by_hand(
    node: &Node,
    files: Vec<Arc<dyn HandFile>>,
    root: PartyRoot,
    by: &str,
) -> Result<Vec<Recovered>> {
    let (_, partner) = partner::confirmed(node, root).await?;
    let notes = cosigned_in(node, files, &partner).await?;
    let kept = last_checkpoints(node).await?;
    let in_doubt = doubt_about(node, root).await?.is_some();
    let mut plans = Vec::new();
    for channel in channels_to(node, root).await? {
        let own = node.store().outbound_head(channel).await?;
        let of_way = |origin: &String| epoch_of(origin, channel);
        let newest = notes.iter().filter_map(|(origin, it)| Some((of_way(origin)?, it)));
        let Some((epoch, newest)) = newest.max_by_key(|(epoch, it)| (*epoch, it.size)) else {
            let said = kept.iter().any(|it| it.channel.is_way_of(&channel));
            if own.next == 0 && channel.epoch == 1 && !said {
                continue;
            }
            return Err(no_cosignature(&partner));
        };
        let here = notes.get(&channel.origin());
        let is_behind = match here {
            Some(it) => !has(node, channel, own.next, it).await?,
            None => false,
        };
        let remote = RemoteHead {
            epoch,
            next: here.map_or_else(|| own.cosigned.map_or(0, |(size, _)| size), |it| it.size),
            digest: None,
            cosigned: here.map(|it| it.note.clone()),
            waiting: 0,
        };
        let lost = in_doubt || epoch > channel.epoch || is_behind;
        plans.push((channel, Heard { remote, lost, checkpoint: Some(newest.note.clone()) }));
    }
    let mut done = Vec::with_capacity(plans.len());
    for (channel, heard) in plans {
        done.push(go_on(node, channel, &partner, heard, &kept, by).await?);
    }
    trust_again(node, root, by).await?;
    Ok(done)
}

fn no_cosignature(partner: &Partner) -> ExchangeError {
    let message = told!(
        "none of the files has a cosignature of `{handle}` over this node's record; ask there for `comity pouch export --since \
         TIME`, with a time before the loss, and import that first",
        handle = &partner.descriptor.handle
    );
    ExchangeError::refused("no-cosignature", message)
}

/// The epoch of the log of this origin, if it is one of this direction.
pub(crate) fn epoch_of(origin: &str, channel: ChannelId) -> Option<u32> {
    let epoch = origin.split('/').nth(2)?.parse().ok()?;
    (origin == (ChannelId { epoch, ..channel }).origin()).then_some(epoch)
}

/// Whether the log of a channel that is here has what was cosigned.
async fn has(node: &Node, channel: ChannelId, next: u64, it: &Cosigned) -> Result<bool> {
    Ok(it.size <= next
        && Digest::from_bytes(record::root(node, channel, it.size).await?) == it.root)
}

/// The largest cosigned checkpoint of each log of this party that the partner's receipts and checkpoints in these files
/// bear.
async fn cosigned_in(
    node: &Node,
    files: Vec<Arc<dyn HandFile>>,
    partner: &Partner,
) -> Result<Notes> {
    let most = partner::own(node)?.descriptor.limits.pouch;
    let witnesses = record::keys_ever(node, partner.root(), Partner::witness_keys_ever).await?;
    let mut notes = Notes::new();
    for file in files {
        let keys = node.keys()?;
        let opened =
            blocking(move || verify::read(file.open().map_err(BlobError::Io)?, &*keys, most));
        let Ok(opened) = opened.await? else { continue };
        let payload = opened.payload;
        if payload.from != partner.root() {
            continue;
        }
        let Some(cosigned) = note_of(&payload) else { continue };
        if verify::author(node, None, &payload, opened.envelope).await?.is_err() {
            continue;
        }
        let Ok(signed) = SignedNote::parse(cosigned.as_bytes()) else { continue };
        let Ok(stated) = Checkpoint::parse(signed.text()) else { continue };
        let whole = cosign::verify(&signed, &witnesses)
            .is_ok_and(|found| partner::signed_by_each(&witnesses, &found));
        let origin = stated.origin().to_owned();
        if whole && notes.get(&origin).is_none_or(|it| it.size < stated.size()) {
            let root = Digest::from_bytes(*stated.root());
            notes.insert(origin, Cosigned { size: stated.size(), root, note: cosigned });
        }
    }
    Ok(notes)
}

fn note_of(payload: &Payload) -> Option<String> {
    match payload.known_kind()? {
        Kind::Receipt => payload.body::<ReceiptBody>().ok()?.cosigned,
        Kind::Checkpoint => Some(payload.body::<CheckpointBody>().ok()?.cosigned),
        _ => None,
    }
}
