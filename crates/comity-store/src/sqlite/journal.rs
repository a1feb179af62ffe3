//! The journal: numbered, salted rows of which only the leaf hash has to stay (docs/protocol.md section 7).

mod log;

pub(super) use log::{cursor, extend, head, keep_checkpoint, move_cursor, rows, tile};

use comity_exchange::ports::{JournalEntry, JournalLine};
use comity_log::leaf_hash;
use comity_model::Digester;
use comity_model::entropy::fresh;
use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use super::column::{Column, get};
use super::fault::{Fault, Result, corrupt};
use super::tx::{Read, Tx, row};

/// What the leaf commits to. The actor is a number, so that a name can be erased without touching the row.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    at: Timestamp,
    event: String,
    subject: String,
    actor: i64,
    details: serde_json::Value,
}

/// Adds lines at the end of the journal, in their order.
pub(super) fn write(tx: &Tx<'_>, entries: &[JournalEntry]) -> Result<()> {
    append(tx, entries).map(|_| ())
}

/// Adds lines at the end of the journal, in their order, and gives the number of the first.
pub(super) fn append(tx: &Tx<'_>, entries: &[JournalEntry]) -> Result<i64> {
    if entries.is_empty() {
        return Ok(0);
    }
    // A number that the log has is never given again, even where its row is gone.
    let sql =
        "SELECT max((SELECT coalesce(max(number) + 1, 0) FROM journal), size) FROM journal_head";
    let next: i64 = tx.value(sql, [])?.unwrap_or(0);
    for (number, entry) in (next..).zip(entries) {
        let actor = tx.intern(
            "SELECT number FROM journal_actor WHERE name = ?1",
            "INSERT INTO journal_actor (name) VALUES (?1)",
            &entry.actor.store(),
        )?;
        let line = Line {
            at: entry.at,
            event: entry.event.clone(),
            subject: entry.subject.clone(),
            actor,
            details: entry.details.clone(),
        };
        let bytes = serde_json::to_vec(&line).map_err(|_| unwritable())?;
        let salt: [u8; 32] = fresh(tx.entropy);
        let mut digester = Digester::new();
        digester.update(&salt);
        digester.update(&bytes);
        let leaf = leaf_hash(digester.finish().as_bytes());
        tx.run(
            "INSERT INTO journal (number, actor, row, salt, leaf) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![number, actor, bytes, salt, leaf],
        )?;
    }
    Ok(next)
}

/// Adds lines, of which the first one's details say at which place of the record it stands.
pub(super) fn write_placed(
    tx: &Tx<'_>,
    mut entries: Vec<JournalEntry>,
    sequence: Option<u64>,
    digest: &comity_model::Digest,
) -> Result<()> {
    if let Some(first) = entries.first_mut() {
        if let Some(sequence) = sequence {
            add_detail(first, "sequence", sequence.into());
        }
        add_detail(first, "digest", digest.to_string().into());
    }
    write(tx, &entries)
}

/// Adds lines, of which the first one's details say which text gave way.
pub(super) fn write_replacing(
    tx: &Tx<'_>,
    mut entries: Vec<JournalEntry>,
    replaced: &comity_model::Digest,
) -> Result<()> {
    if let Some(first) = entries.first_mut() {
        add_detail(first, "replaces", replaced.to_string().into());
    }
    write(tx, &entries)
}

/// Adds a member to a line's details. Details that are no object go into one.
fn add_detail(entry: &mut JournalEntry, name: &str, value: serde_json::Value) {
    if !entry.details.is_object() {
        let rest = entry.details.take();
        entry.details = if rest.is_null() {
            serde_json::json!({})
        } else {
            serde_json::json!({ "details": rest })
        };
    }
    if let Some(details) = entry.details.as_object_mut() {
        details.insert(name.to_owned(), value);
    }
}

/// The columns that [`line`] reads.
macro_rules! columns {
    () => {
        "SELECT journal.number, row, leaf, name, actor
         FROM journal JOIN journal_actor ON journal_actor.number = journal.actor"
    };
}

/// Lines from `number` on.
pub(super) fn lines(read: &Read<'_>, number: u64, limit: u32) -> Result<Vec<JournalLine>> {
    // A number beyond the signed range is beyond every line.
    let Ok(number) = i64::try_from(number) else { return Ok(Vec::new()) };
    let sql = concat!(columns!(), " WHERE journal.number >= ?1 ORDER BY journal.number LIMIT ?2");
    read.all(sql, row![number, limit], line)
}

/// The newest lines, newest first.
pub(super) fn newest(read: &Read<'_>, limit: u32) -> Result<Vec<JournalLine>> {
    let sql = concat!(columns!(), " ORDER BY journal.number DESC LIMIT ?1");
    read.all(sql, row![limit], line)
}

/// The line that the first five columns of a row have, in the order of number, row, leaf, name and actor.
pub(super) fn line(row: &Row<'_>) -> Result<JournalLine> {
    let bytes: Vec<u8> = get(row, 1)?;
    let line: Line = serde_json::from_slice(&bytes).map_err(|_| corrupt("the journal"))?;
    let name: Option<String> = get(row, 3)?;
    let actor = match name {
        Some(name) => name,
        None => format!("erased-{}", get::<i64>(row, 4)?),
    };
    let Line { at, event, subject, details, .. } = line;
    Ok(JournalLine {
        number: get(row, 0)?,
        entry: JournalEntry { at, event, subject, actor, details },
        leaf: get(row, 2)?,
    })
}

fn unwritable() -> Fault {
    corrupt("a journal line that is no JSON")
}
