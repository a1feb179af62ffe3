//! Channels: their numbers here, their heads in both directions, and their trees.

use comity_exchange::ports::{InboundHead, OutboundHead};
use comity_log::{Frontier, Hash};
use comity_model::{ChannelId, Digest};
use jiff::Timestamp;
use rusqlite::{Row, params};

use super::column::{Column, get};
use super::fault::{Fault, Result, corrupt, misuse};
use super::tx::{Read, Tx, row};

/// The number of a channel, if it ever spoke.
pub(super) fn find(read: &Read<'_>, channel: &ChannelId) -> Result<Option<i64>> {
    read.value(
        "SELECT number FROM channel WHERE agreement = ?1 AND epoch = ?2 AND sender = ?3 AND recipient = ?4",
        row![channel.agreement, channel.epoch, channel.from, channel.to],
    )
}

/// The number of a channel, given now if it has none.
pub(super) fn intern(tx: &Tx<'_>, channel: &ChannelId) -> Result<i64> {
    match find(tx, channel)? {
        Some(number) => Ok(number),
        None => tx.insert(
            "INSERT INTO channel (agreement, epoch, sender, recipient) VALUES (?1, ?2, ?3, ?4)",
            row![channel.agreement, channel.epoch, channel.from, channel.to],
        ),
    }
}

/// The payloads of a channel, ours or a partner's, in the order of the record.
pub(super) fn statements(
    read: &Read<'_>,
    channel: &ChannelId,
    from: u64,
    limit: u32,
) -> Result<Vec<Vec<u8>>> {
    let number = find(read, channel)?;
    read.all(
        "SELECT bytes, sequence FROM statement_out JOIN payload_out ON statement = number
         WHERE channel = ?1 AND sequence >= ?2
         UNION ALL
         SELECT payload, sequence FROM statement_in WHERE channel = ?1 AND sequence >= ?2
         ORDER BY sequence LIMIT ?3",
        params![number, from.store(), limit],
        |row| get(row, 0),
    )
}

/// Reads a channel from four columns, the first of them at `index`.
pub(super) fn channel(row: &Row<'_>, index: usize) -> Result<ChannelId> {
    Ok(ChannelId {
        agreement: get(row, index)?,
        epoch: get(row, index + 1)?,
        from: get(row, index + 2)?,
        to: get(row, index + 3)?,
    })
}

/// The head of a channel of this party.
pub(super) fn outbound(read: &Read<'_>, number: Option<i64>) -> Result<OutboundHead> {
    let head = read.first(
        "SELECT next, last, last_issued, signed, frontier, checkpoint_size, checkpoint, cosigned_size, cosigned
         FROM channel_out WHERE channel = ?1",
        [number],
        |row| {
            Ok(OutboundHead {
                next: get(row, 0)?,
                last: get(row, 1)?,
                last_issued: get(row, 2)?,
                signed: get(row, 3)?,
                frontier: get(row, 4)?,
                checkpoint: note(row, 5)?,
                cosigned: note(row, 7)?,
            })
        },
    )?;
    Ok(head.unwrap_or_else(|| OutboundHead {
        next: 0,
        last: None,
        last_issued: None,
        signed: 0,
        frontier: Frontier::new().to_bytes(),
        checkpoint: None,
        cosigned: None,
    }))
}

/// The head of a partner's channel.
pub(super) fn inbound(read: &Read<'_>, number: Option<i64>) -> Result<InboundHead> {
    let head = read.first(
        "SELECT next, last, last_issued, frontier, seen_size, seen, cosigned_size, cosigned,
           (SELECT count(*) FROM receipt_due WHERE receipt_due.channel = channel_in.channel),
           (SELECT at FROM statement_in WHERE statement_in.channel = channel_in.channel
            AND sequence = coalesce(cosigned_size, 0)),
           (SELECT version FROM channel_cited WHERE channel_cited.channel = channel_in.channel)
         FROM channel_in WHERE channel = ?1",
        [number],
        |row| {
            Ok(InboundHead {
                next: get(row, 0)?,
                last: get(row, 1)?,
                last_issued: get(row, 2)?,
                frontier: get(row, 3)?,
                seen: note(row, 4)?,
                cosigned: note(row, 6)?,
                due: get(row, 8)?,
                uncosigned_since: get(row, 9)?,
                cited: get::<Option<u32>>(row, 10)?.unwrap_or_default(),
            })
        },
    )?;
    Ok(head.unwrap_or_else(|| InboundHead {
        next: 0,
        last: None,
        last_issued: None,
        frontier: Frontier::new().to_bytes(),
        seen: None,
        cosigned: None,
        due: 0,
        uncosigned_since: None,
        cited: 0,
    }))
}

/// A size and its note, in two columns.
fn note(row: &Row<'_>, index: usize) -> Result<Option<(u64, String)>> {
    Ok(get::<Option<u64>>(row, index)?.zip(get(row, index + 1)?))
}

/// Every channel of a partner from which something was consumed.
pub(super) fn heard(read: &Read<'_>) -> Result<Vec<ChannelId>> {
    let sql = "SELECT agreement, epoch, sender, recipient FROM channel JOIN channel_in ON channel = number
               ORDER BY number";
    read.all(sql, [], |row| channel(row, 0))
}

/// What moves a head by one.
pub(super) struct Step<'a> {
    pub(super) next: u64,
    pub(super) digest: &'a Digest,
    pub(super) issued_at: Timestamp,
    pub(super) frontier: &'a Frontier,
}

/// Moves the head of a channel of this party.
pub(super) fn move_outbound(tx: &Tx<'_>, channel: i64, step: &Step<'_>) -> Result<()> {
    tx.run(
        "INSERT INTO channel_out (channel, next, last, last_issued, signed, frontier) VALUES (?1, ?2, ?3, ?4, 0, ?5)
         ON CONFLICT (channel) DO UPDATE SET next = ?2, last = ?3, last_issued = ?4, frontier = ?5",
        row![channel, step.next, *step.digest, step.issued_at, step.frontier.to_bytes()],
    )?;
    Ok(())
}

/// Moves the head of a partner's channel.
pub(super) fn move_inbound(tx: &Tx<'_>, channel: i64, step: &Step<'_>) -> Result<()> {
    tx.run(
        "INSERT INTO channel_in (channel, next, last, last_issued, frontier) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (channel) DO UPDATE SET next = ?2, last = ?3, last_issued = ?4, frontier = ?5",
        row![channel, step.next, *step.digest, step.issued_at, step.frontier.to_bytes()],
    )?;
    Ok(())
}

/// Makes sure that a partner's channel has a head, for a statement that has no place in it.
pub(super) fn touch_inbound(tx: &Tx<'_>, channel: i64) -> Result<()> {
    tx.run(
        "INSERT INTO channel_in (channel, next, frontier) VALUES (?1, 0, ?2) ON CONFLICT DO NOTHING",
        row![channel, Frontier::new().to_bytes()],
    )?;
    Ok(())
}

/// Appends a leaf to a channel's tree and keeps the nodes that it completes.
pub(super) fn append(tx: &Tx<'_>, channel: i64, stored: &[u8], leaf: Hash) -> Result<Frontier> {
    let mut frontier = frontier(stored)?;
    let mut nodes = Vec::new();
    frontier.append(leaf, |level, place, hash| nodes.push((level, place, hash))).map_err(
        |error| Fault::Store(comity_exchange::ports::StoreError::Failed(error.to_string())),
    )?;
    for (level, place, hash) in nodes {
        tx.run(
            "INSERT INTO tree_node (channel, level, place, hash) VALUES (?1, ?2, ?3, ?4)",
            params![channel, level, place.store(), hash],
        )?;
    }
    Ok(frontier)
}

/// Reads a stored frontier.
pub(super) fn frontier(stored: &[u8]) -> Result<Frontier> {
    Frontier::from_bytes(stored).map_err(|_| corrupt("the edge of a channel's tree"))
}

/// The most nodes that one question may name: far more than the proofs of a whole receipt need.
const MAX_NODES: usize = 100_000;

/// The named nodes of a channel's tree that exist.
pub(super) fn nodes(
    read: &Read<'_>,
    channel: &ChannelId,
    wanted: &[(u8, u64)],
) -> Result<Vec<((u8, u64), Hash)>> {
    if wanted.len() > MAX_NODES {
        return misuse(format!("{} tree nodes were asked for at once", wanted.len()));
    }
    let Some(channel) = find(read, channel)? else { return Ok(Vec::new()) };
    let mut found = Vec::with_capacity(wanted.len());
    for &(level, place) in wanted {
        let hash = read.value(
            "SELECT hash FROM tree_node WHERE channel = ?1 AND level = ?2 AND place = ?3",
            params![channel, level, place.store()],
        )?;
        found.extend(hash.map(|hash| ((level, place), hash)));
    }
    Ok(found)
}
