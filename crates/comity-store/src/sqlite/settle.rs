//! Settle: what a partner's receipt and cosignature change about this party's statements (docs/protocol.md section 4).

use comity_exchange::ports::ReleaseState;
use comity_model::ChannelId;
use comity_model::statement::{Outcome, ReceiptEntry};
use jiff::Timestamp;
use rusqlite::params;

use super::column::{Column, Json, get};
use super::fault::{Result, conflict, misuse};
use super::tx::{Tx, row};
use super::{channels, conduct, epochs, matters};

pub(super) fn settle(
    tx: &Tx<'_>,
    channel: &ChannelId,
    entries: &[ReceiptEntry],
    cosigned: Option<(u64, String)>,
    at: Timestamp,
) -> Result<()> {
    let Some(number) = channels::find(tx, channel)? else {
        // Nothing was ever said there, so nothing can be answered; a receipt that answers nothing is harmless.
        return if entries.is_empty() && cosigned.is_none_or(|(size, _)| size == 0) {
            Ok(())
        } else {
            conflict(format!("the channel `{channel}`"))
        };
    };
    for entry in entries {
        answer(tx, channel, number, entry)?;
    }
    let head = channels::outbound(tx, Some(number))?;
    let mut covered = head.cosigned.as_ref().map_or(0, |(size, _)| *size);
    if let Some((size, note)) = cosigned {
        if size > head.next {
            return misuse("a cosignature was taken that covers more than was said");
        }
        if size > covered {
            let sql = "UPDATE channel_out SET cosigned_size = ?2, cosigned = ?3 WHERE channel = ?1";
            tx.run(sql, row![number, size, note])?;
            covered = size;
        }
    }
    settle_covered(tx, number, covered.max(epochs::vouched(tx, channel)?), at)?;
    if entries.iter().any(|entry| entry.sequence == 0) {
        for epoch in 1..channel.epoch {
            let before = ChannelId { epoch, ..*channel };
            if let Some(number) = channels::find(tx, &before)? {
                settle_covered(tx, number, epochs::vouched(tx, &before)?, at)?;
            }
        }
    }
    Ok(())
}

/// Keeps the answer to one statement. The first answer stays.
fn answer(tx: &Tx<'_>, channel: &ChannelId, number: i64, entry: &ReceiptEntry) -> Result<()> {
    let found = tx.first(
        "SELECT number, release, receipt_json IS NULL FROM statement_out
         WHERE channel = ?1 AND sequence = ?2 AND digest = ?3 AND receipted = 1",
        params![number, entry.sequence.store(), entry.digest.store()],
        |row| Ok((get::<i64>(row, 0)?, get::<Option<i64>>(row, 1)?, get::<bool>(row, 2)?)),
    )?;
    let Some((statement, release, open)) = found else {
        return conflict(format!("statement {} of `{channel}`", entry.sequence));
    };
    if !open {
        return Ok(());
    }
    matters::received(tx, entry)?;
    conduct::received(tx, entry)?;
    tx.run(
        "UPDATE statement_out SET receipt_json = ?2, outcome = ?3, admitted = ?4, refused = ?5 WHERE number = ?1",
        params![
            statement,
            Json(entry).to_text(),
            entry.outcome.as_str(),
            counted(entry.admitted),
            counted(entry.refused)
        ],
    )?;
    if let Some(release) = release {
        tx.run(
            "UPDATE release SET state = 'receipted' WHERE number = ?1 AND state IN ('sealed', 'delivered')",
            [release],
        )?;
    }
    Ok(())
}

/// Settles what is answered and covered by the partner's cosignature over `size` statements.
fn settle_covered(tx: &Tx<'_>, channel: i64, size: u64, at: Timestamp) -> Result<()> {
    let open = tx.all(
        "SELECT number, release, outcome FROM statement_out
         WHERE channel = ?1 AND sequence < ?2 AND receipt_json IS NOT NULL AND settled_at IS NULL",
        params![channel, size.store()],
        |row| Ok((get::<i64>(row, 0)?, get::<Option<i64>>(row, 1)?, get::<Outcome>(row, 2)?)),
    )?;
    for (statement, release, outcome) in open {
        tx.run("UPDATE statement_out SET settled_at = ?2 WHERE number = ?1", row![statement, at])?;
        let state = match outcome {
            Outcome::Admitted => ReleaseState::Settled,
            Outcome::Partial => ReleaseState::SettledPartial,
            Outcome::Refused => ReleaseState::Refused,
        };
        if let Some(release) = release {
            super::releases::set_state(tx, release, state)?;
        }
    }
    Ok(())
}

/// A count as a partner states it, bounded so that sums of them stay numbers: no release holds more objects.
pub(super) fn counted(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
