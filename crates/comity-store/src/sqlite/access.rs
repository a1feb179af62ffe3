//! Who looked at what: lines of the journal, and beside them what can be erased.

use async_trait::async_trait;
use comity_exchange::ports::{
    AccessLine, AccessLog, AccessQuery, AccessRow, GivenTo, JournalEntry, StoreError, TypedText,
};
use comity_model::ReleaseId;
use jiff::Timestamp;
use rusqlite::{Row, params};

use super::column::{Column, Json, get};
use super::fault::Result;
use super::tx::{Read, Tx};
use super::{SqliteStore, journal, units};

#[async_trait]
impl AccessLog for SqliteStore {
    async fn record_access(&self, lines: Vec<AccessLine>) -> std::result::Result<(), StoreError> {
        self.write("record-access", move |tx| record(tx, &lines)).await
    }

    async fn accesses(
        &self,
        query: AccessQuery,
    ) -> std::result::Result<Vec<AccessRow>, StoreError> {
        self.read("accesses", move |read| accesses(read, &query)).await
    }

    async fn given_to(&self, ids: Vec<String>) -> std::result::Result<Vec<GivenTo>, StoreError> {
        self.read("given-to", move |read| units::given_to(read, ids)).await
    }

    async fn releases_with_any(
        &self,
        ids: Vec<String>,
    ) -> std::result::Result<Vec<(ReleaseId, Vec<String>)>, StoreError> {
        self.read("releases-with-any", move |read| units::releases_with_any(read, ids)).await
    }

    async fn erase_words(&self, before: Timestamp) -> std::result::Result<u64, StoreError> {
        self.write("erase-words", move |tx| erase(tx, before)).await
    }
}

/// Erases texts, and has the next scrub overwrite what the write-ahead log still has of them.
fn erase(tx: &Tx<'_>, before: Timestamp) -> Result<u64> {
    let gone = tx.run("DELETE FROM access_text WHERE at < ?1", [before.as_millisecond()])?;
    if gone > 0 {
        tx.run("UPDATE counter SET value = value + 1 WHERE name = 'scrub'", [])?;
    }
    Ok(gone as u64)
}

fn record(tx: &Tx<'_>, lines: &[AccessLine]) -> Result<()> {
    let entries: Vec<JournalEntry> = lines.iter().map(|it| it.entry.clone()).collect();
    let first = journal::append(tx, &entries)?;
    for (number, line) in (first..).zip(lines) {
        let at = line.entry.at.as_millisecond();
        tx.run(
            "INSERT INTO access (number, actor, at) SELECT number, actor, ?2 FROM journal WHERE number = ?1",
            [number, at],
        )?;
        for id in &line.ids {
            let sql = "INSERT INTO access_id (id, access) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            tx.run(sql, params![id, number])?;
        }
        for (part, typed) in [("words", &line.words), ("purpose", &line.purpose)] {
            let Some(TypedText { salt, text }) = typed else { continue };
            tx.run(
                "INSERT INTO access_text (access, part, salt, text, at) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![number, part, salt, text, at],
            )?;
        }
    }
    Ok(())
}

fn accesses(read: &Read<'_>, query: &AccessQuery) -> Result<Vec<AccessRow>> {
    let AccessQuery { actor, ids, since, worded, before, limit } = query;
    let ids = ids.as_ref().map(|ids| Json(ids.clone()).store());
    read.all(
        "SELECT journal.number, row, leaf, name, journal.actor, w.salt, w.text, p.salt, p.text
         FROM access JOIN journal ON journal.number = access.number
           JOIN journal_actor ON journal_actor.number = journal.actor
           LEFT JOIN access_text w ON w.access = access.number AND w.part = 'words'
           LEFT JOIN access_text p ON p.access = access.number AND p.part = 'purpose'
         WHERE (?1 IS NULL OR name = ?1) AND (?2 IS NULL OR access.at >= ?2)
           AND (?3 IS NULL OR access.number < ?3)
           AND (?4 IS NULL OR access.number IN (
             SELECT access FROM access_id WHERE id IN (SELECT value FROM json_each(?4))))
           AND (NOT ?5 OR w.text IS NOT NULL)
         ORDER BY access.number DESC LIMIT ?6",
        params![actor, since.map(Timestamp::as_millisecond), before.store(), ids, worded, limit],
        |row| {
            Ok(AccessRow {
                line: journal::line(row)?,
                words: typed(row, 5)?,
                purpose: typed(row, 7)?,
            })
        },
    )
}

/// The text whose salt stands in a column and its words in the next.
fn typed(row: &Row<'_>, column: usize) -> Result<Option<TypedText>> {
    let salt: Option<Vec<u8>> = get(row, column)?;
    let text: Option<String> = get(row, column + 1)?;
    Ok(salt.zip(text).map(|(salt, text)| TypedText { salt, text }))
}
