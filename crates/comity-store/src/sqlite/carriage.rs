//! What is carried by hand: the statements that wait for it, and what was written of them.

use async_trait::async_trait;
use comity_exchange::ports::{Carriage, JournalEntry, KeptPouch, StoreError, ToCarry, Waiting};
use comity_model::{Digest, PartyRoot};
use rusqlite::params;

use super::column::{Column, get};
use super::fault::{Result, missing};
use super::tx::{Read, Tx, row};
use super::{SqliteStore, journal};

#[async_trait]
impl Carriage for SqliteStore {
    async fn to_carry(
        &self,
        partner: PartyRoot,
        which: ToCarry,
        after: u64,
        limit: u32,
    ) -> std::result::Result<Vec<Waiting>, StoreError> {
        self.read("to-carry", move |read| waiting(read, partner, which, after, limit)).await
    }

    async fn exported(
        &self,
        statement: Digest,
        pouch: KeptPouch,
        journal: Vec<JournalEntry>,
    ) -> std::result::Result<(), StoreError> {
        self.write("exported", move |tx| exported(tx, &statement, &pouch, &journal)).await
    }

    async fn brought(&self) -> std::result::Result<u64, StoreError> {
        self.read("brought", brought).await
    }
}

fn waiting(
    read: &Read<'_>,
    partner: PartyRoot,
    which: ToCarry,
    after: u64,
    limit: u32,
) -> Result<Vec<Waiting>> {
    let (only_new, all, since) = match which {
        ToCarry::New => (true, false, None),
        ToCarry::Unanswered => (false, false, None),
        ToCarry::Since(at) => (false, true, Some(at)),
    };
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    // Of an epoch that ended goes what stands, until the partner took up a later one; `--since` asks for it whatever it took up.
    // Times are compared by their whole seconds: with fractions their text does not sort.
    read.all(
        "SELECT s.digest, s.position,
           (SELECT coalesce(sum(size), 0) FROM release_part WHERE owner = s.release)
             + (SELECT coalesce(sum(size), 0) FROM statement_part WHERE owner = s.number),
           x.pouch, x.size, x.key
         FROM statement_out s JOIN channel k ON k.number = s.channel
         LEFT JOIN channel_out c ON c.channel = s.channel LEFT JOIN pouch_exported x ON x.statement = s.number
         WHERE s.partner = ?1 AND s.position > ?2 AND s.position < coalesce(
             (SELECT min(position) FROM statement_out WHERE partner = ?1 AND signed = 0 AND void = 0), 9223372036854775807)
           AND CASE
             WHEN s.sequence IS NULL THEN s.position = (
               SELECT max(position) FROM statement_out WHERE channel = s.channel AND sequence IS NULL)
             WHEN ?4 THEN 1
             WHEN s.receipted = 1 THEN s.settled_at IS NULL
             ELSE s.sequence >= coalesce(c.cosigned_size, 0) AND NOT EXISTS (
               SELECT 1 FROM statement_out t JOIN channel n ON n.number = t.channel
               WHERE n.agreement = k.agreement AND n.sender = k.sender AND n.recipient = k.recipient
                 AND n.epoch > k.epoch AND t.sequence = 0 AND t.receipt_json IS NOT NULL AND t.void = 0) END
           AND (NOT ?3 OR (x.statement IS NULL
             AND s.position > coalesce((SELECT cursor FROM outbox WHERE partner = ?1), 0)))
           AND (?5 IS NULL OR substr(s.sealed_at, 1, 19) >= substr(?5, 1, 19))
           AND s.void = 0 AND NOT EXISTS (
             SELECT 1 FROM epoch_end e WHERE e.channel = s.channel AND (s.sequence IS NULL OR s.sequence >= e.size))
         ORDER BY s.position LIMIT ?6",
        params![partner.store(), after, only_new, all, since.store(), limit],
        |row| {
            let pouch = (get(row, 3)?, get(row, 4)?, get(row, 5)?);
            let pouch = match pouch {
                (Some(digest), Some(size), Some(key)) => Some(KeptPouch { digest, size, key }),
                _ => None,
            };
            Ok(Waiting {
                statement: get(row, 0)?,
                position: get(row, 1)?,
                bytes: get(row, 2)?,
                pouch,
            })
        },
    )
}

fn exported(
    tx: &Tx<'_>,
    statement: &Digest,
    pouch: &KeptPouch,
    entries: &[JournalEntry],
) -> Result<()> {
    let done = tx.run(
        "INSERT INTO pouch_exported (statement, pouch, size, key)
         SELECT number, ?2, ?3, ?4 FROM statement_out WHERE digest = ?1 AND signed = 1
         ON CONFLICT (statement) DO UPDATE SET pouch = ?2, size = ?3, key = ?4",
        row![*statement, pouch.digest, pouch.size, pouch.key],
    )?;
    if done == 0 {
        return Err(missing(format!("signed statement `{statement}`")));
    }
    journal::write(tx, entries)
}

fn brought(read: &Read<'_>) -> Result<u64> {
    let bytes = read.value(
        "SELECT coalesce(sum(size), 0) FROM pouch WHERE via IS NULL AND state IN ('received', 'held')",
        [],
    )?;
    Ok(bytes.unwrap_or(0))
}
