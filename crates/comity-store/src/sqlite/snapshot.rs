//! A copy of the database as it is at one moment, while others go on writing.

use std::path::Path;
use std::time::Duration;

use comity_exchange::ports::StoreError;
use comity_model::Digest;
use comity_model::digest::to_hex;
use rusqlite::{Connection, OpenFlags};

use super::column::get;
use super::fault::{Fault, Result};
use super::tx::Read;
use super::{SqliteStore, connection, figures, schema};

impl SqliteStore {
    /// Writes the database as it is now into a new file, readable by its owner only: one state of it, without the pages
    /// that are free, so nothing that was deleted is in there. Others go on reading and writing. `Exists` if the file does;
    /// what was begun is deleted when it fails. The file is not synced.
    pub async fn snapshot(&self, to: &Path) -> std::result::Result<(), StoreError> {
        let (from, busy, to) = (self.path.clone(), self.busy, to.to_owned());
        tokio::task::spawn_blocking(move || {
            connection::create_file(&to)?;
            let copied = copy(&from, &to, busy).map_err(StoreError::from);
            if copied.is_err() {
                // the failure is what the caller has to know
                let _ = std::fs::remove_file(&to);
            }
            copied
        })
        .await
        .map_err(|error| StoreError::Failed(error.to_string()))?
    }
}

fn copy(from: &Path, to: &Path, busy: Duration) -> Result<()> {
    let to = to.to_str().ok_or_else(|| {
        let message = format!("the name `{}` is not UTF-8; name another file", to.display());
        Fault::Store(StoreError::Failed(message))
    })?;
    let connection = connection::reader(from, busy)?;
    connection.pragma_update(None, "query_only", false)?;
    connection.execute("VACUUM INTO ?1", [to])?;
    Ok(())
}

/// A database in a file of its own, as [`SqliteStore::snapshot`] wrote it: whether every page is in order, which schema it
/// has, and which large parts its rows name. Nothing is changed. [`StoreError::Corrupt`] with the first thing that is
/// wrong, [`StoreError::Schema`] if a newer version wrote it.
pub(crate) fn parts_of_snapshot(path: &Path) -> std::result::Result<Vec<Digest>, StoreError> {
    inspect(path).map_err(StoreError::from)
}

fn inspect(path: &Path) -> Result<Vec<Digest>> {
    // a copy has no log beside it, and reading must not make one
    let uri = format!("file:{}?immutable=1", encoded(path));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(uri, flags)?;
    schema::must_be_readable(&connection)?;
    let read = Read::new(&connection);
    figures::quick_check(&read)?;
    read.all(
        "SELECT blob FROM release_part WHERE blob IS NOT NULL
         UNION SELECT blob FROM statement_part WHERE blob IS NOT NULL
         UNION SELECT blob FROM matter_part WHERE blob IS NOT NULL",
        [],
        |row| get(row, 0),
    )
}

/// A path as a URI has it.
fn encoded(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    let mut uri = String::new();
    for &byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push('%');
            uri.push_str(&to_hex(&[byte]));
        }
    }
    uri
}
