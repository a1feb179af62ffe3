//! Parts: the files of a release or of another statement, inline or as blobs.

use comity_exchange::ports::{PartContent, StoredPart};
use comity_model::Digest;
use rusqlite::params;

use super::column::{Column, get};
use super::fault::{Result, corrupt};
use super::tx::{Read, Tx};

/// Whose parts.
#[derive(Clone, Copy)]
pub(super) enum Owner {
    /// A release's.
    Release(i64),
    /// Another statement's.
    Statement(i64),
    /// An entry's of a matter.
    Matter(i64),
}

/// Keeps parts in their order.
pub(super) fn write(tx: &Tx<'_>, owner: Owner, parts: &[StoredPart]) -> Result<()> {
    let (sql, owner) = match owner {
        Owner::Release(number) => (
            "INSERT INTO release_part (owner, ordinal, name, size, blob, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            number,
        ),
        Owner::Statement(number) => (
            "INSERT INTO statement_part (owner, ordinal, name, size, blob, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            number,
        ),
        Owner::Matter(number) => (
            "INSERT INTO matter_part (owner, ordinal, name, size, blob, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            number,
        ),
    };
    for (ordinal, part) in (0_i64..).zip(parts) {
        let (blob, bytes) = match &part.content {
            PartContent::Inline(bytes) => (None, Some(bytes.as_slice())),
            PartContent::Blob(digest) => (Some(digest), None),
        };
        let blob = blob.map(Column::store);
        tx.run(sql, params![owner, ordinal, part.name, part.size.store(), blob, bytes])?;
    }
    Ok(())
}

/// The parts in their order.
pub(super) fn read(read: &Read<'_>, owner: Owner) -> Result<Vec<StoredPart>> {
    let (sql, owner) = match owner {
        Owner::Release(number) => (
            "SELECT name, size, blob, bytes FROM release_part WHERE owner = ?1 ORDER BY ordinal",
            number,
        ),
        Owner::Statement(number) => (
            "SELECT name, size, blob, bytes FROM statement_part WHERE owner = ?1 ORDER BY ordinal",
            number,
        ),
        Owner::Matter(number) => (
            "SELECT name, size, blob, bytes FROM matter_part WHERE owner = ?1 ORDER BY ordinal",
            number,
        ),
    };
    read.all(sql, [owner], |row| {
        let content = match (get::<Option<Digest>>(row, 2)?, get::<Option<Vec<u8>>>(row, 3)?) {
            (Some(blob), None) => PartContent::Blob(blob),
            (None, Some(bytes)) => PartContent::Inline(bytes),
            _ => return Err(corrupt("the parts of a statement")),
        };
        Ok(StoredPart { name: get(row, 0)?, size: get(row, 1)?, content })
    })
}
