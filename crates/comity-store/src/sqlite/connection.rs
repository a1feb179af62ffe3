//! Opening connections, all with the same promises: WAL, a commit that is on the disk when it returns, foreign keys,
//! and deleted bytes overwritten (docs/protocol.md section 7).

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use comity_exchange::ports::StoreError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::fault::Result;

/// Prepared statements kept by a connection; there are fewer than this in the crate.
const STATEMENTS: usize = 256;
/// KiB of page cache of the writing connection.
const WRITER_CACHE: i64 = 32 * 1024;
/// KiB of page cache of a reading connection.
const READER_CACHE: i64 = 4 * 1024;
/// Pages that a commit may leave in the WAL before they are moved into the database.
const CHECKPOINT_PAGES: i64 = 16_000;
/// Bytes to which the WAL is cut after a checkpoint.
const WAL_LIMIT: i64 = 64 << 20;

/// Makes the file, readable by its owner only. `Exists` if there is one.
pub(super) fn create_file(path: &Path) -> std::result::Result<(), StoreError> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(StoreError::Exists(format!("a database at `{}`", path.display())))
        }
        Err(error) => Err(StoreError::Failed(error.to_string())),
    }
}

/// The connection that writes.
pub(super) fn writer(path: &Path, busy: Duration) -> Result<Connection> {
    let connection = open(path, busy)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", WAL_LIMIT)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn reader(path: &Path, busy: Duration) -> Result<Connection> {
    let connection = open(path, busy)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

fn open(path: &Path, busy: Duration) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(busy)?;
    // Plans do not depend on bound values, so that a prepared statement stays prepared when they change.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// Moves everything out of the WAL into the database and cuts the WAL to nothing, so that what was overwritten there is
/// gone here too. `false` if a reader or another process was in the way.
pub(super) fn truncate_log(path: &Path, busy: Duration) -> Result<bool> {
    let connection = open(path, busy)?;
    let blocked: i64 =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(blocked == 0)
}
