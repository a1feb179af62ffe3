//! The yardstick: SQLite that does nothing but insert.

use std::path::Path;
use std::time::{Duration, Instant};

use comity_bench::machine::processor;
use comity_model::Holding;
use comity_testkit::Result;
use rusqlite::{Connection, params};

/// How long raw SQLite took over the objects of a round.
pub(crate) struct Inserted {
    /// Their bytes alone, one row after the other.
    pub(crate) bytes: Duration,
    /// Their bytes beside id and version, with an index over these two.
    pub(crate) found: Found,
    /// The rows and indices that a node keeps of them, search among them.
    pub(crate) kept: Found,
}

/// Rows that can be found again.
pub(crate) struct Found {
    pub(crate) clock: Duration,
    pub(crate) processor: Duration,
}

/// Inserts the objects into a database of each kind, `batch` of them to a commit, with what every store of a node has set: WAL,
/// a commit that is on the disk when it returns, deleted bytes overwritten.
///
/// `holdings` are what a node made of them, read back from it.
pub(crate) fn inserted(objects: &[String], holdings: &[Holding], batch: usize) -> Result<Inserted> {
    // what each is found by is read before the clock runs
    let rows = objects.iter().map(|it| named(it)).collect::<Result<Vec<_>>>()?;
    let folder = tempfile::tempdir()?;
    let alone = database(&folder.path().join("bytes.db"), "CREATE TABLE t (bytes BLOB NOT NULL)")?;
    let begun = Instant::now();
    each(&alone, &rows, batch, "", |(_, _, bytes)| {
        alone.prepare_cached("INSERT INTO t VALUES (?1)")?.execute(params![bytes])
    })?;
    let bytes = begun.elapsed();
    let schema = "CREATE TABLE t (
        id TEXT NOT NULL, version TEXT NOT NULL, bytes BLOB NOT NULL, UNIQUE (id, version))";
    let named = database(&folder.path().join("found.db"), schema)?;
    let (begun, worked) = (Instant::now(), processor());
    each(&named, &rows, batch, "", |(id, version, bytes)| {
        let sql = "INSERT INTO t VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        named.prepare_cached(sql)?.execute(params![id, version, bytes])
    })?;
    let found = Found { clock: begun.elapsed(), processor: processor().saturating_sub(worked) };
    let whole = database(&folder.path().join("kept.db"), KEPT)?;
    let rows: Vec<Row<'_>> = holdings.iter().map(Row::of).collect();
    let (begun, worked) = (Instant::now(), processor());
    each(&whole, &rows, batch, INDEX_TEXT, |row| row.insert(&whole))?;
    let kept = Found { clock: begun.elapsed(), processor: processor().saturating_sub(worked) };
    Ok(Inserted { bytes, found, kept })
}

/// What a node has of an object: its row, its place among what readers see, and its words.
const KEPT: &str = "
    CREATE TABLE holding (
      position INTEGER PRIMARY KEY, id TEXT NOT NULL, version TEXT NOT NULL, source INTEGER NOT NULL, stix_type TEXT NOT NULL,
      modified TEXT, digest BLOB NOT NULL, name TEXT, refs TEXT, received_at TEXT NOT NULL, text TEXT NOT NULL,
      bytes BLOB NOT NULL, UNIQUE (id, version, source)) STRICT;
    CREATE TABLE newest (
      entered INTEGER PRIMARY KEY, position INTEGER NOT NULL UNIQUE, partner INTEGER NOT NULL, stix_type TEXT NOT NULL) STRICT;
    CREATE INDEX newest_type ON newest (stix_type);
    CREATE INDEX newest_partner ON newest (partner);
    CREATE VIRTUAL TABLE words USING fts5(
      text, content = 'holding', content_rowid = 'position', columnsize = 0,
      tokenize = 'unicode61 remove_diacritics 2');
    CREATE TABLE indexed (one INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;";

/// Once for each batch, as a node does it.
const INDEX_TEXT: &str = "
    INSERT INTO words (rowid, text) SELECT position, text FROM holding
    WHERE position > (SELECT coalesce(max(last), 0) FROM indexed);
    INSERT OR REPLACE INTO indexed SELECT 1, max(position) FROM holding;";

/// A holding with everything in the form in which it is stored.
struct Row<'h> {
    holding: &'h Holding,
    modified: Option<String>,
    received_at: String,
    refs: String,
}

impl<'h> Row<'h> {
    fn of(holding: &'h Holding) -> Self {
        Self {
            holding,
            modified: holding.modified.map(|it| it.to_string()),
            received_at: holding.received_at.to_string(),
            refs: holding.refs.join(","),
        }
    }

    fn insert(&self, database: &Connection) -> rusqlite::Result<usize> {
        let it = self.holding;
        let sql = "INSERT INTO holding (id, version, source, stix_type, modified, digest, name, refs, received_at, text, bytes)
                   VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let position = database.prepare_cached(sql)?.insert(params![
            it.id,
            it.version,
            it.stix_type,
            self.modified,
            it.digest.as_bytes(),
            it.name,
            self.refs,
            self.received_at,
            it.text,
            it.bytes,
        ])?;
        let sql = "INSERT INTO newest (position, partner, stix_type) VALUES (?1, 0, ?2)";
        database.prepare_cached(sql)?.execute(params![position, it.stix_type])
    }
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

fn each<T>(
    connection: &Connection,
    rows: &[T],
    batch: usize,
    after: &str,
    insert: impl Fn(&T) -> rusqlite::Result<usize>,
) -> Result<()> {
    for rows in rows.chunks(batch) {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for row in rows {
            insert(row)?;
        }
        connection.execute_batch(after)?;
        connection.execute_batch("COMMIT")?;
    }
    Ok(())
}
