//! The ledger half of the port: the record and the journal, from end to end.

use async_trait::async_trait;
use comity_exchange::ports::{
    ChannelProgress, JournalHead, JournalRow, Ledger, RecordLine, StoreError,
};
use comity_log::Hash;
use comity_model::ChannelId;
use comity_model::statement::ReceiptEntry;
use rusqlite::{Row, params};

use super::column::{Json, get};
use super::fault::Result as Step;
use super::tx::Read;
use super::{SqliteStore, channels, journal};

type Result<T> = std::result::Result<T, StoreError>;

#[async_trait]
impl Ledger for SqliteStore {
    async fn channels(&self) -> Result<Vec<ChannelId>> {
        self.read("channels", channels).await
    }

    async fn channel_progress(&self, channel: ChannelId) -> Result<ChannelProgress> {
        self.read("channel-progress", move |read| progress(read, &channel)).await
    }

    async fn record_lines(
        &self,
        channel: ChannelId,
        from: u64,
        limit: u32,
    ) -> Result<Vec<RecordLine>> {
        self.read("record-lines", move |read| lines(read, &channel, from, limit)).await
    }

    async fn journal_head(&self) -> Result<JournalHead> {
        self.read("journal-head", journal::head).await
    }

    async fn journal_rows(&self, from: u64, limit: u32) -> Result<Vec<JournalRow>> {
        self.read("journal-rows", move |read| journal::rows(read, from, limit)).await
    }

    async fn journal_tile(&self, level: u8, index: u64) -> Result<Vec<Hash>> {
        self.read("journal-tile", move |read| journal::tile(read, level, index)).await
    }

    async fn put_journal_checkpoint(&self, size: u64, note: String) -> Result<()> {
        self.write("put-journal-checkpoint", move |tx| journal::keep_checkpoint(tx, size, &note))
            .await
    }

    async fn journal_cursor(&self, reader: String) -> Result<u64> {
        self.read("journal-cursor", move |read| journal::cursor(read, &reader)).await
    }

    async fn move_journal_cursor(&self, reader: String, next: u64) -> Result<()> {
        self.write("move-journal-cursor", move |tx| journal::move_cursor(tx, &reader, next)).await
    }
}

fn channels(read: &Read<'_>) -> Step<Vec<ChannelId>> {
    let sql = "SELECT agreement, epoch, sender, recipient FROM channel
               WHERE number IN (SELECT channel FROM channel_out UNION SELECT channel FROM channel_in)
               ORDER BY number";
    read.all(sql, [], |row| channels::channel(row, 0))
}

fn progress(read: &Read<'_>, channel: &ChannelId) -> Step<ChannelProgress> {
    let number = channels::find(read, channel)?;
    let found = read.first(
        "SELECT (SELECT min(sequence) FROM statement_out
                 WHERE channel = ?1 AND receipted = 1 AND settled_at IS NULL),
           count(*), min(sequence) FROM held WHERE channel = ?1",
        [number],
        |row| {
            Ok(ChannelProgress {
                unsettled: get(row, 0)?,
                held: get(row, 1)?,
                first_held: get(row, 2)?,
            })
        },
    )?;
    Ok(found.unwrap_or_default())
}

fn lines(read: &Read<'_>, channel: &ChannelId, from: u64, limit: u32) -> Step<Vec<RecordLine>> {
    let Some(number) = channels::find(read, channel)? else { return Ok(Vec::new()) };
    // A place beyond the signed range is beyond every statement.
    let Ok(from) = i64::try_from(from) else { return Ok(Vec::new()) };
    let params = params![number, from, limit];
    let own = "SELECT s.sequence, s.digest, s.kind, p.bytes, e.bytes, s.sealed_at, s.receipt_json, s.settled_at
               FROM statement_out s JOIN payload_out p ON p.statement = s.number
               LEFT JOIN envelope_out e ON e.statement = s.number
               WHERE s.channel = ?1 AND s.sequence >= ?2 ORDER BY s.sequence LIMIT ?3";
    let theirs =
        "SELECT sequence, digest, kind, payload, envelope, at, receipt_json, NULL FROM statement_in
         WHERE channel = ?1 AND sequence >= ?2 ORDER BY sequence LIMIT ?3";
    let lines = read.all(own, params, line)?;
    if lines.is_empty() { read.all(theirs, params, line) } else { Ok(lines) }
}

fn line(row: &Row<'_>) -> Step<RecordLine> {
    Ok(RecordLine {
        sequence: get(row, 0)?,
        digest: get(row, 1)?,
        kind: get(row, 2)?,
        payload: get(row, 3)?,
        envelope: get(row, 4)?,
        at: get(row, 5)?,
        receipt: get::<Option<Json<ReceiptEntry>>>(row, 6)?.map(|Json(receipt)| receipt),
        settled_at: get(row, 7)?,
    })
}
