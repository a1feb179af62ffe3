//! What was sealed and goes to partners: signatures, the outbox, the cursor of each partner.

use comity_exchange::ports::{JournalEntry, KeptPouch, OutboundRow, OutboxView};
use comity_model::statement::ReceiptEntry;
use comity_model::{ChannelId, Digest, PartyRoot};
use rusqlite::{Row, params};

use super::column::{Column, Json, get};
use super::fault::{Result, conflict, missing, misuse};
use super::parts::{self, Owner};
use super::tx::{Read, Tx, row};
use super::{channels, descriptors, journal};

macro_rules! select_statement {
    ($tail:literal) => {
        concat!(
            "SELECT s.number, s.digest, s.id, s.kind, c.agreement, c.epoch, c.sender, c.recipient, s.sequence,
               p.bytes, e.bytes, s.release, s.position, s.pouch, s.pouch_size, s.sealed_at, s.receipt_json, s.settled_at, s.pouch_key
             FROM statement_out s JOIN channel c ON c.number = s.channel JOIN payload_out p ON p.statement = s.number
             LEFT JOIN envelope_out e ON e.statement = s.number ",
            $tail
        )
    };
}

fn statement(read: &Read<'_>, row: &Row<'_>) -> Result<OutboundRow> {
    let owner = match get::<Option<i64>>(row, 11)? {
        Some(release) => Owner::Release(release),
        None => Owner::Statement(get(row, 0)?),
    };
    Ok(OutboundRow {
        digest: get(row, 1)?,
        id: get(row, 2)?,
        kind: get(row, 3)?,
        channel: channels::channel(row, 4)?,
        sequence: get(row, 8)?,
        payload: get(row, 9)?,
        envelope: get(row, 10)?,
        parts: parts::read(read, owner)?,
        position: get(row, 12)?,
        pouch: kept_pouch(row)?,
        sealed_at: get(row, 15)?,
        receipt: get::<Option<Json<ReceiptEntry>>>(row, 16)?.map(|Json(receipt)| receipt),
        settled_at: get(row, 17)?,
    })
}

/// The pouch that is kept of a statement. One of which nobody knows to which key it was sealed is none.
fn kept_pouch(row: &Row<'_>) -> Result<Option<KeptPouch>> {
    let (digest, size, key) = (get(row, 13)?, get(row, 14)?, get(row, 18)?);
    let (Some(digest), Some(size), Some(key)) = (digest, size, key) else { return Ok(None) };
    Ok(Some(KeptPouch { digest, size, key }))
}

pub(super) fn outbound(read: &Read<'_>, digest: &Digest) -> Result<Option<OutboundRow>> {
    let sql = select_statement!("WHERE s.digest = ?1");
    read.first(sql, row![*digest], |row| statement(read, row))
}

/// What is to be signed. For a partner who is in doubt nothing is.
pub(super) fn unsigned(read: &Read<'_>, limit: u32) -> Result<Vec<OutboundRow>> {
    let sql = select_statement!(
        "WHERE s.signed = 0 AND s.void = 0 AND s.partner NOT IN (SELECT partner FROM doubt) ORDER BY s.number LIMIT ?1"
    );
    read.all(sql, [limit], |row| statement(read, row))
}

/// Signed statements after the cursor, up to the first one that is not signed: one cursor stands for everything
/// before it, so nothing is passed over.
pub(super) fn outbox(
    read: &Read<'_>,
    partner: PartyRoot,
    after: u64,
    limit: u32,
) -> Result<Vec<OutboundRow>> {
    let sql = select_statement!(
        "WHERE s.partner = ?1 AND s.position > ?2 AND s.void = 0 AND s.position < coalesce(
           (SELECT min(position) FROM statement_out WHERE partner = ?1 AND signed = 0 AND void = 0),
           9223372036854775807)
         ORDER BY s.position LIMIT ?3"
    );
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    read.all(sql, row![partner, after, limit], |row| statement(read, row))
}

pub(super) fn attach(
    tx: &Tx<'_>,
    channel: &ChannelId,
    envelopes: &[(Digest, Vec<u8>)],
    checkpoint: Option<(u64, String)>,
) -> Result<u64> {
    let number =
        channels::find(tx, channel)?.ok_or_else(|| missing(format!("channel `{channel}`")))?;
    let head = channels::outbound(tx, Some(number))?;
    let mut signed = head.signed;
    for (digest, envelope) in envelopes {
        let found = tx.first(
            "SELECT number, sequence, signed FROM statement_out WHERE digest = ?1 AND channel = ?2",
            row![*digest, number],
            |row| Ok((get::<i64>(row, 0)?, get::<Option<u64>>(row, 1)?, get::<bool>(row, 2)?)),
        )?;
        let Some((statement, sequence, done)) = found else {
            return Err(missing(format!("statement `{digest}` in `{channel}`")));
        };
        // Another process signed it meanwhile: its signatures stay.
        if done {
            continue;
        }
        if let Some(sequence) = sequence {
            if sequence != signed {
                return conflict(format!("what is to be signed in `{channel}`"));
            }
            signed += 1;
        }
        tx.run("UPDATE statement_out SET signed = 1 WHERE number = ?1", [statement])?;
        let sql = "INSERT INTO envelope_out (statement, bytes) VALUES (?1, ?2)";
        tx.run(sql, params![statement, envelope])?;
    }
    if signed != head.signed {
        let sql = "UPDATE channel_out SET signed = ?2 WHERE channel = ?1";
        tx.run(sql, row![number, signed])?;
    }
    if let Some((size, note)) = checkpoint {
        if size > signed {
            return misuse("a checkpoint was made that covers an unsigned statement");
        }
        descriptors::keep_checkpoint(tx, number, size, &note)?;
        // Never a shorter tree after a longer one.
        if head.checkpoint.is_none_or(|(before, _)| size > before) {
            let sql =
                "UPDATE channel_out SET checkpoint_size = ?2, checkpoint = ?3 WHERE channel = ?1";
            tx.run(sql, row![number, size, note])?;
        }
    }
    Ok(signed)
}

pub(super) fn view(read: &Read<'_>, partner: PartyRoot) -> Result<OutboxView> {
    let unsettled: Option<u64> = read.value(
        "SELECT count(*) FROM statement_out WHERE partner = ?1 AND receipted = 1 AND settled_at IS NULL",
        row![partner],
    )?;
    let unsettled_since = read.value(
        "SELECT sealed_at FROM statement_out WHERE partner = ?1 AND receipted = 1 AND settled_at IS NULL
         ORDER BY position LIMIT 1",
        row![partner],
    )?;
    let (cursor, last) = position(read, partner)?;
    Ok(OutboxView { cursor, last, unsettled: unsettled.unwrap_or(0), unsettled_since })
}

/// The cursor and the last position of a partner's outbox.
fn position(read: &Read<'_>, partner: PartyRoot) -> Result<(u64, u64)> {
    let sql = "SELECT cursor, last FROM outbox WHERE partner = ?1";
    let found = read.first(sql, row![partner], |row| Ok((get(row, 0)?, get(row, 1)?)))?;
    Ok(found.unwrap_or((0, 0)))
}

pub(super) fn pouch_made(tx: &Tx<'_>, statement: &Digest, pouch: &KeptPouch) -> Result<()> {
    let sql =
        "UPDATE statement_out SET pouch = ?2, pouch_size = ?3, pouch_key = ?4 WHERE digest = ?1";
    match tx.run(sql, row![*statement, pouch.digest, pouch.size, pouch.key])? {
        0 => Err(missing(format!("statement `{statement}`"))),
        _ => Ok(()),
    }
}

pub(super) fn delivered(
    tx: &Tx<'_>,
    partner: PartyRoot,
    reached: u64,
    entries: &[JournalEntry],
) -> Result<()> {
    let (cursor, last) = position(tx, partner)?;
    if reached <= cursor {
        return Ok(());
    }
    let unsigned = "SELECT 1 FROM statement_out WHERE partner = ?1 AND position <= ?2 AND signed = 0 AND void = 0";
    if reached > last || tx.any(unsigned, row![partner, reached])? {
        return misuse("something was delivered that was not signed");
    }
    tx.run("UPDATE outbox SET cursor = ?2 WHERE partner = ?1", row![partner, reached])?;
    tx.run(
        "UPDATE release SET state = 'delivered' WHERE state = 'sealed' AND number IN (
           SELECT release FROM statement_out WHERE partner = ?1 AND position > ?2 AND position <= ?3)",
        row![partner, cursor, reached],
    )?;
    journal::write(tx, entries)
}

pub(super) fn rewind(
    tx: &Tx<'_>,
    partner: PartyRoot,
    channel: &ChannelId,
    sequence: u64,
    entries: &[JournalEntry],
) -> Result<()> {
    let number = channels::find(tx, channel)?;
    let found: Option<u64> = tx.value(
        "SELECT position FROM statement_out WHERE channel = ?1 AND sequence = ?2 AND partner = ?3",
        params![number, sequence.store(), partner.store()],
    )?;
    let Some(position) = found else {
        return if channels::outbound(tx, number)?.next == sequence {
            Ok(())
        } else {
            Err(missing(format!("statement {sequence} in `{channel}`")))
        };
    };
    let sql = "UPDATE outbox SET cursor = ?2 WHERE partner = ?1 AND cursor > ?2";
    if tx.run(sql, row![partner, position.saturating_sub(1)])? == 0 {
        return Ok(());
    }
    // what has to be sent again has to be carried again too
    tx.run(
        "DELETE FROM pouch_exported WHERE statement IN (
           SELECT number FROM statement_out WHERE partner = ?1 AND position >= ?2)",
        row![partner, position],
    )?;
    journal::write(tx, entries)
}
