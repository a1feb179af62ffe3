//! The yardstick: SQLite that does nothing but insert.

use std::path::Path;
use std::time::{Duration, Instant};

use comity_bench::machine::processor;
use comity_testkit::Result;
use rusqlite::{Connection, params};

/// How long raw SQLite took over the objects of a round.
pub(crate) struct Inserted {
    /// Their bytes alone, one row after the other.
    pub(crate) bytes: Duration,
    /// Their bytes beside id and version, with an index over these two.
    pub(crate) found: Found,
}

/// Rows that can be found again.
pub(crate) struct Found {
    pub(crate) clock: Duration,
    pub(crate) processor: Duration,
}

/// Inserts the objects into a database of each kind, `batch` of them to a commit, with what every store of a node has set: WAL,
/// a commit that is on the disk when it returns, deleted bytes overwritten.
pub(crate) fn inserted(objects: &[String], batch: usize) -> Result<Inserted> {
    // what each is found by is read before the clock runs
    let rows = objects.iter().map(|it| named(it)).collect::<Result<Vec<_>>>()?;
    let folder = tempfile::tempdir()?;
    let alone = database(&folder.path().join("bytes.db"), "CREATE TABLE t (bytes BLOB NOT NULL)")?;
    let begun = Instant::now();
    each(&alone, &rows, batch, |(_, _, bytes)| {
        alone.prepare_cached("INSERT INTO t VALUES (?1)")?.execute(params![bytes])
    })?;
    let bytes = begun.elapsed();
    let schema = "CREATE TABLE t (
        id TEXT NOT NULL, version TEXT NOT NULL, bytes BLOB NOT NULL, UNIQUE (id, version))";
    let named = database(&folder.path().join("found.db"), schema)?;
    let (begun, worked) = (Instant::now(), processor());
    each(&named, &rows, batch, |(id, version, bytes)| {
        let sql = "INSERT INTO t VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        named.prepare_cached(sql)?.execute(params![id, version, bytes])
    })?;
    let (clock, processor) = (begun.elapsed(), processor().saturating_sub(worked));
    Ok(Inserted { bytes, found: Found { clock, processor } })
}

/// An object's id, its version, and its bytes.
type Named<'a> = (String, String, &'a [u8]);

fn named(object: &str) -> Result<Named<'_>> {
    let read: serde_json::Value = serde_json::from_str(object)?;
    let text = |key: &str| read.get(key).and_then(serde_json::Value::as_str).map(ToOwned::to_owned);
    let id = text("id").ok_or("an object without an id")?;
    Ok((id, text("modified").unwrap_or_default(), object.as_bytes()))
}

fn database(path: &Path, schema: &str) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.execute_batch(schema)?;
    Ok(connection)
}

fn each<'a>(
    connection: &Connection,
    rows: &[Named<'a>],
    batch: usize,
    insert: impl Fn(&Named<'a>) -> rusqlite::Result<usize>,
) -> Result<()> {
    for rows in rows.chunks(batch) {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for row in rows {
            insert(row)?;
        }
        connection.execute_batch("COMMIT")?;
    }
    Ok(())
}
