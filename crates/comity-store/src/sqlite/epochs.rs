//! Epochs: how a direction goes on after a loss, and what of the epoch before counts as not said (docs/protocol.md
//! sections 2.3, 4.8).

use comity_exchange::ports::{ReleaseState, StoreError};
use comity_model::statement::{
    Continues, DescriptorBody, Kind, Outcome, Payload, ReceiptBody, ReceiptEntry,
};
use comity_model::{ChannelId, Digest, Refusal};
use jiff::Timestamp;
use rusqlite::params;
use serde_json::value::RawValue;

use super::column::{Column, Json, get};
use super::fault::{Fault, Result, conflict, corrupt};
use super::tx::{Read, Tx, row};
use super::{channels, conduct, doubt, matters, releases};

/// The epoch in which a direction goes on: the one after the last that ended. The epoch of `channel` does not matter.
pub(super) fn current(read: &Read<'_>, channel: &ChannelId) -> Result<u32> {
    let ended: Option<Option<u32>> = read.value(
        "SELECT max(c.epoch) FROM epoch_end e JOIN channel c ON c.number = e.channel
         WHERE c.agreement = ?1 AND c.sender = ?2 AND c.recipient = ?3",
        row![channel.agreement, channel.from, channel.to],
    )?;
    Ok(ended.flatten().unwrap_or(0).saturating_add(1))
}

/// How many statements of an epoch that ended stand; `None` for one that goes on.
pub(super) fn end(read: &Read<'_>, channel: &ChannelId) -> Result<Option<u64>> {
    let number = channels::find(read, channel)?;
    read.value("SELECT size FROM epoch_end WHERE channel = ?1", [number])
}

/// Statements of an epoch of this party that ended for which the partner vouches: it took up a later epoch, and with it that
/// it has them. 0 where it did not yet.
pub(super) fn vouched(read: &Read<'_>, channel: &ChannelId) -> Result<u64> {
    let is_taken_up = read.any(
        "SELECT 1 FROM statement_out s JOIN channel c ON c.number = s.channel
         WHERE c.agreement = ?1 AND c.sender = ?2 AND c.recipient = ?3 AND c.epoch > ?4 AND s.sequence = 0
           AND s.receipt_json IS NOT NULL AND s.void = 0",
        row![channel.agreement, channel.from, channel.to, channel.epoch],
    )?;
    Ok(if is_taken_up { end(read, channel)?.unwrap_or(0) } else { 0 })
}

/// What a statement that is being sealed goes on from; `None` for all but the first of an epoch above 1.
pub(super) fn continues(kind: Kind, body: &RawValue) -> Result<Option<Continues>> {
    if kind != Kind::Descriptor {
        return Ok(None);
    }
    let body: DescriptorBody = serde_json::from_str(body.get())
        .map_err(|error| Fault::Store(StoreError::Misuse(error.to_string())))?;
    Ok(body.continues)
}

/// Prepares the place of a statement of this party: it stands in the epoch that goes on, or opens the next one. For a
/// partner who is in doubt only a new epoch is opened.
pub(super) fn may_seal(
    tx: &Tx<'_>,
    channel: &ChannelId,
    continues: Option<&Continues>,
    at: Timestamp,
) -> Result<()> {
    let current = current(tx, channel)?;
    let Some(continues) = continues else {
        doubt::must_be_trusted(tx, channel.to)?;
        if channel.epoch != current {
            return conflict(format!("the epoch of `{channel}`"));
        }
        return Ok(());
    };
    if channel.epoch <= current || continues.epoch > current {
        return conflict(format!("the epoch of `{channel}`"));
    }
    for epoch in continues.epoch..=current {
        let size = if epoch == continues.epoch { continues.size } else { 0 };
        void_own(tx, &ChannelId { epoch, ..*channel }, size, at)?;
    }
    let before = ChannelId { epoch: continues.epoch, ..*channel };
    close(tx, &before, continues.size, channel.epoch, at)
}

/// What the first statement of a partner's epoch does, whatever else it says: the epoch before ends, and what its sender
/// forgot of it counts as not said.
pub(super) fn take_up(
    tx: &Tx<'_>,
    channel: &ChannelId,
    payload: &[u8],
    at: Timestamp,
) -> Result<()> {
    let current = current(tx, channel)?;
    if channel.epoch == current {
        return Ok(());
    }
    if channel.epoch < current {
        return conflict(format!("the epoch of `{channel}`"));
    }
    let continues = Payload::parse(payload)
        .ok()
        .and_then(|payload| payload.body::<DescriptorBody>().ok())
        .and_then(|body| body.continues);
    let Some(continues) = continues.filter(|it| it.epoch <= current) else {
        return conflict(format!("the epoch of `{channel}`"));
    };
    // also those that are passed over: what came of them was held for a first statement that will not be taken in
    for epoch in continues.epoch..channel.epoch {
        let size = if epoch == continues.epoch { continues.size } else { 0 };
        unsay_theirs(tx, &ChannelId { epoch, ..*channel }, size, at)?;
    }
    let before = ChannelId { epoch: continues.epoch, ..*channel };
    close(tx, &before, continues.size, channel.epoch, at)
}

/// Ends the epochs from that of `before` up to, and without, `next`: of the first `size` statements stand, of the others
/// none. What an earlier loss cut off stays cut off.
fn close(tx: &Tx<'_>, before: &ChannelId, size: u64, next: u32, at: Timestamp) -> Result<()> {
    for epoch in before.epoch..next {
        let number = channels::intern(tx, &ChannelId { epoch, ..*before })?;
        let stands = if epoch == before.epoch { size } else { 0 };
        tx.run(
            "INSERT INTO epoch_end (channel, size, at) VALUES (?1, ?2, ?3)
             ON CONFLICT (channel) DO UPDATE SET size = min(size, excluded.size)",
            row![number, stands, at],
        )?;
    }
    Ok(())
}

/// What this party said in an epoch behind the first `size` statements was not heard, or counts as if it was not: it is
/// neither signed nor sent any more, and is refused. What it answered is to be answered again.
fn void_own(tx: &Tx<'_>, channel: &ChannelId, size: u64, at: Timestamp) -> Result<()> {
    let Some(number) = channels::find(tx, channel)? else { return Ok(()) };
    let said = tx.all(
        "SELECT s.number, s.sequence, s.digest, s.kind, s.release, p.bytes
         FROM statement_out s JOIN payload_out p ON p.statement = s.number
         WHERE s.channel = ?1 AND s.void = 0 AND (s.sequence >= ?2 OR s.sequence IS NULL AND s.signed = 0)
         ORDER BY s.number",
        params![number, size.store()],
        |row| {
            let who = (get::<i64>(row, 0)?, get::<Option<u64>>(row, 1)?, get::<Digest>(row, 2)?);
            let what = (get::<Kind>(row, 3)?, get::<Option<i64>>(row, 4)?, get::<Vec<u8>>(row, 5)?);
            Ok((who, what))
        },
    )?;
    for ((statement, sequence, digest), (kind, release, payload)) in said {
        let entry = ReceiptEntry {
            sequence: sequence.unwrap_or_default(),
            digest,
            received_at: at,
            outcome: Outcome::Refused,
            code: Some(Refusal::EpochClosed.code().to_owned()),
            admitted: 0,
            refused: 0,
            objects: Vec::new(),
        };
        tx.run("UPDATE statement_out SET void = 1 WHERE number = ?1", [statement])?;
        if kind.is_receipted() {
            tx.run(
                "UPDATE statement_out SET receipt_json = ?2, outcome = 'refused', admitted = 0, refused = 0, settled_at = ?3
                 WHERE number = ?1",
                params![statement, Json(&entry).to_text(), at.store()],
            )?;
        }
        if let Some(release) = release {
            releases::set_state(tx, release, ReleaseState::Refused)?;
        }
        matters::unsay(tx, digest, at)?;
        conduct::unsay(tx, digest, at)?;
        if kind == Kind::Receipt {
            for answered in entries(&payload)? {
                tx.run(
                    "INSERT OR IGNORE INTO receipt_due (channel, sequence)
                     SELECT channel, sequence FROM statement_in
                     WHERE digest = ?1 AND sequence IS NOT NULL AND receipt_json IS NOT NULL",
                    row![answered.digest],
                )?;
            }
        }
    }
    Ok(())
}

/// What a partner said in an epoch behind the first `size` statements counts as not said: in matters, about the agreement,
/// and as answers. Objects that came stay, under the terms under which they came; what was frozen stays frozen, and what was
/// purged is gone. What waits there for earlier statements will never be at its turn.
fn unsay_theirs(tx: &Tx<'_>, channel: &ChannelId, size: u64, at: Timestamp) -> Result<()> {
    let Some(number) = channels::find(tx, channel)? else { return Ok(()) };
    let said = tx.all(
        "SELECT digest, kind, payload FROM statement_in WHERE channel = ?1 AND sequence >= ?2 AND taken = 1
         ORDER BY sequence",
        params![number, size.store()],
        |row| Ok((get::<Digest>(row, 0)?, get::<String>(row, 1)?, get::<Vec<u8>>(row, 2)?)),
    )?;
    for (digest, kind, payload) in said {
        matters::unsay(tx, digest, at)?;
        conduct::unsay(tx, digest, at)?;
        if kind == Kind::Receipt.as_str() {
            for entry in entries(&payload)? {
                unanswer(tx, &entry)?;
            }
        }
    }
    tx.run(
        "INSERT OR IGNORE INTO doomed (digest, pouch)
         SELECT p.digest, 1 FROM held h JOIN pouch p ON p.number = h.pouch WHERE h.channel = ?1",
        [number],
    )?;
    tx.run(
        "UPDATE pouch SET state = 'refused', code = ?2 WHERE number IN (SELECT pouch FROM held WHERE channel = ?1)",
        params![number, Refusal::EpochClosed.code()],
    )?;
    tx.run("DELETE FROM held WHERE channel = ?1", [number])?;
    Ok(())
}

/// Takes an answer back that its giver forgot: it will answer again. Another answer to the same statement stays.
fn unanswer(tx: &Tx<'_>, entry: &ReceiptEntry) -> Result<()> {
    let found = tx.first(
        "SELECT number, release FROM statement_out WHERE digest = ?1 AND receipt_json = ?2 AND void = 0",
        params![entry.digest.store(), Json(entry).to_text()],
        |row| Ok((get::<i64>(row, 0)?, get::<Option<i64>>(row, 1)?)),
    )?;
    let Some((statement, release)) = found else { return Ok(()) };
    tx.run(
        "UPDATE statement_out SET receipt_json = NULL, outcome = NULL, admitted = 0, refused = 0, settled_at = NULL
         WHERE number = ?1",
        [statement],
    )?;
    if let Some(release) = release {
        releases::set_state(tx, release, ReleaseState::Delivered)?;
    }
    matters::unhear(tx, entry.digest)?;
    conduct::unhear(tx, entry.digest)
}

fn entries(payload: &[u8]) -> Result<Vec<ReceiptEntry>> {
    let payload = Payload::parse(payload).map_err(|_| corrupt("a receipt"))?;
    Ok(payload.body::<ReceiptBody>().map_err(|_| corrupt("a receipt"))?.entries)
}

/// Statements of a partner that count as not said, because it forgot them: digest, kind, sequence, when they were taken in.
pub(super) fn unsaid(
    read: &Read<'_>,
    channel: &ChannelId,
) -> Result<Vec<comity_exchange::ports::Unsaid>> {
    let Some(number) = channels::find(read, channel)? else { return Ok(Vec::new()) };
    read.all(
        "SELECT s.sequence, s.digest, s.kind, s.at FROM statement_in s JOIN epoch_end e ON e.channel = s.channel
         WHERE s.channel = ?1 AND s.sequence >= e.size ORDER BY s.sequence",
        [number],
        |row| {
            Ok(comity_exchange::ports::Unsaid {
                sequence: get(row, 0)?,
                digest: get(row, 1)?,
                kind: get(row, 2)?,
                taken_at: get(row, 3)?,
            })
        },
    )
}

/// Refuses what stands in another epoch of a partner than the one that goes on: another process took up a new one.
pub(super) fn must_go_on(read: &Read<'_>, channel: &ChannelId) -> Result<()> {
    if channel.epoch == current(read, channel)? {
        return Ok(());
    }
    conflict(format!("the epoch of `{channel}`"))
}
