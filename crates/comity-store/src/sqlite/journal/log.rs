//! The journal as a log: its right edge and the hashes of its full tiles (docs/protocol.md section 7).

use comity_exchange::ports::{JournalHead, JournalRow};
use comity_log::{Frontier, Hash};
use rusqlite::params;

use super::Line;
use crate::sqlite::channels::frontier;
use crate::sqlite::column::{Column, get};
use crate::sqlite::fault::{Result, corrupt, misuse};
use crate::sqlite::tx::{Read, Tx, row};

/// Rows that are taken into the log at once.
const PAGE: u32 = 10_000;

/// Takes every row that is not in the log yet into it: once for each commit, however many transactions wrote.
pub(in crate::sqlite) fn extend(tx: &Tx<'_>) -> Result<()> {
    let stored: Option<(Vec<u8>, u64)> =
        tx.first("SELECT frontier, size FROM journal_head", [], |row| {
            Ok((get(row, 0)?, get(row, 1)?))
        })?;
    let Some((stored, size)) = stored else { return Err(damaged()) };
    let rows = |from: u64| {
        let sql = "SELECT number, leaf FROM journal WHERE number >= ?1 ORDER BY number LIMIT ?2";
        tx.all(sql, params![from.store(), PAGE], |row| {
            Ok((get::<u64>(row, 0)?, get::<Hash>(row, 1)?))
        })
    };
    let mut page = rows(size)?;
    if page.is_empty() {
        return Ok(());
    }
    let mut edge = frontier(&stored).map_err(|_| damaged())?;
    while !page.is_empty() {
        let mut tiles = Vec::new();
        for (number, leaf) in page {
            if number != edge.size() {
                return Err(damaged());
            }
            take(&mut edge, leaf, &mut tiles)?;
        }
        for (level, place, hash) in tiles {
            let sql = "INSERT INTO journal_tile (level, place, hash) VALUES (?1, ?2, ?3)";
            tx.run(sql, params![level, place.store(), hash])?;
        }
        page = rows(edge.size())?;
    }
    let sql = "UPDATE journal_head SET size = ?1, frontier = ?2";
    tx.run(sql, row![edge.size(), edge.to_bytes()])?;
    Ok(())
}

/// Appends a leaf and notes the hashes of the tiles that it fills.
fn take(edge: &mut Frontier, leaf: Hash, tiles: &mut Vec<(u8, u64, Hash)>) -> Result<()> {
    let emit = |level: u8, place, hash| {
        if level > 0 && level.is_multiple_of(8) {
            tiles.push((level / 8, place, hash));
        }
    };
    edge.append(leaf, emit).map(|_| ()).map_err(|_| damaged())
}

/// The log.
pub(in crate::sqlite) fn head(read: &Read<'_>) -> Result<JournalHead> {
    let sql = "SELECT size, frontier, checkpoint_size, checkpoint FROM journal_head";
    let head = read.first(sql, [], |row| {
        Ok(JournalHead {
            size: get(row, 0)?,
            frontier: get(row, 1)?,
            checkpoint: get::<Option<u64>>(row, 2)?.zip(get(row, 3)?),
        })
    })?;
    head.ok_or_else(damaged)
}

/// Rows from `from` on.
pub(in crate::sqlite) fn rows(read: &Read<'_>, from: u64, limit: u32) -> Result<Vec<JournalRow>> {
    // A number beyond the signed range is beyond every row.
    let Ok(from) = i64::try_from(from) else { return Ok(Vec::new()) };
    let sql =
        "SELECT number, row, salt, leaf FROM journal WHERE number >= ?1 ORDER BY number LIMIT ?2";
    read.all(sql, params![from, limit], |row| {
        let bytes: Vec<u8> = get(row, 1)?;
        let Line { at, event, subject, actor, .. } =
            serde_json::from_slice(&bytes).map_err(|_| damaged())?;
        Ok(JournalRow {
            number: get(row, 0)?,
            row: bytes,
            salt: get(row, 2)?,
            leaf: get(row, 3)?,
            at,
            event,
            subject,
            actor: u64::try_from(actor).map_err(|_| damaged())?,
        })
    })
}

/// The hashes of one tile.
pub(in crate::sqlite) fn tile(read: &Read<'_>, level: u8, index: u64) -> Result<Vec<Hash>> {
    let Some(first) = index.checked_mul(256).and_then(|first| i64::try_from(first).ok()) else {
        return Ok(Vec::new());
    };
    let last = first.saturating_add(255);
    if level == 0 {
        let sql = "SELECT leaf FROM journal WHERE number BETWEEN ?1 AND ?2
                   AND number < (SELECT size FROM journal_head) ORDER BY number";
        return read.all(sql, [first, last], |row| get(row, 0));
    }
    let sql =
        "SELECT hash FROM journal_tile WHERE level = ?1 AND place BETWEEN ?2 AND ?3 ORDER BY place";
    read.all(sql, params![level, first, last], |row| get(row, 0))
}

/// Keeps a checkpoint that is larger than the one kept.
pub(in crate::sqlite) fn keep_checkpoint(tx: &Tx<'_>, size: u64, note: &str) -> Result<()> {
    if size > head(tx)?.size {
        return misuse("a checkpoint of the journal was made that covers more than was written");
    }
    tx.run(
        "UPDATE journal_head SET checkpoint_size = ?1, checkpoint = ?2
         WHERE checkpoint_size IS NULL OR checkpoint_size < ?1",
        params![size.store(), note],
    )?;
    Ok(())
}

/// What a reader takes next.
pub(in crate::sqlite) fn cursor(read: &Read<'_>, reader: &str) -> Result<u64> {
    let next = read.value("SELECT next FROM journal_reader WHERE name = ?1", [reader])?;
    Ok(next.unwrap_or(0))
}

/// Notes what a reader takes next.
pub(in crate::sqlite) fn move_cursor(tx: &Tx<'_>, reader: &str, next: u64) -> Result<()> {
    tx.run(
        "INSERT INTO journal_reader (name, next) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET next = max(next, ?2)",
        params![reader, next.store()],
    )?;
    Ok(())
}

fn damaged() -> crate::sqlite::fault::Fault {
    corrupt("the journal")
}
