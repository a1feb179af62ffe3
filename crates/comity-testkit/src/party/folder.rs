//! A party's folder: opened, opened again, copied, put back, and tampered with.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use comity_exchange::keys::Unlocked;
use comity_exchange::ports::{Keys, Store};
use comity_exchange::receive::receive;
use comity_exchange::{Node, Ports};
use comity_model::{Digest, Entropy, PartyRoot};
use comity_pouch::keys::{RootKey, ServeKeys};
use comity_store::{
    FileBlobs, FileLastCheckpoints, FileSpool, FileTombstones, Options, SqliteStore,
};
use tempfile::TempDir;

use super::Party;
use crate::{Result, SeededEntropy, TestClock};

/// The name of the database in a party's folder.
pub(super) const DATABASE: &str = "comity.db";

/// What stays where it is when the database is put back.
const TOMBSTONES: &str = "tombstones.jsonl";
const LAST_CHECKPOINTS: &str = "checkpoints.json";

/// Opens the node of the party called `handle` in a folder. Each start has randomness of its own.
pub(super) async fn open(
    folder: &Path,
    handle: &str,
    clock: &TestClock,
    start: u64,
    keys: ServeKeys,
) -> Result<Node> {
    let entropy: Arc<dyn Entropy> =
        Arc::new(SeededEntropy::new(format!("{handle} node, start {start}")));
    let root = RootKey::generate(&SeededEntropy::new(format!("{handle} keys")))?.party();
    let keys: Arc<dyn Keys> = Arc::new(Unlocked::new(keys, root));
    let options = Options::new(Arc::clone(&entropy), Arc::new(clock.clone()));
    let store = SqliteStore::open(&folder.join(DATABASE), options)?;
    let ports = Ports {
        store: Arc::new(store) as Arc<dyn Store>,
        blobs: Arc::new(FileBlobs::new(&folder.join("blobs"))?),
        spool: Arc::new(FileSpool::new(&folder.join("spool"))?),
        tombstones: Arc::new(FileTombstones::new(&folder.join(TOMBSTONES))),
        last_checkpoints: Arc::new(FileLastCheckpoints::new(&folder.join(LAST_CHECKPOINTS))),
        clock: Arc::new(clock.clone()),
        entropy,
        keys: Some(keys),
        registry: Arc::default(),
    };
    Ok(Node::open(ports).await?)
}

impl Party {
    /// The folder with its data.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Drops the node and opens it again on the same folder. What it had in memory is lost.
    pub async fn restart(&mut self) -> Result<()> {
        self.node = self.beside().await?;
        Ok(())
    }

    /// A second node on the same folder, as another process would have it.
    pub async fn beside(&mut self) -> Result<Node> {
        self.starts += 1;
        let keys = self.serve_keys()?;
        open(self.folder.path(), &self.handle, &self.clock, self.starts, keys).await
    }

    /// A backup of the folder as it is now.
    pub fn backup(&self) -> Result<TempDir> {
        let copy = tempfile::tempdir()?;
        let to = copy.path().join(DATABASE);
        let to = to.to_str().ok_or("a path that is not text")?;
        self.sql(&format!("VACUUM INTO '{to}'"))?;
        for part in ["blobs", "spool"] {
            copy_folder(&self.folder.path().join(part), &copy.path().join(part))?;
        }
        Ok(copy)
    }

    /// Goes on from a backup, with what is kept apart from the database still there: the rest of the disk was not lost.
    pub async fn put_back(&mut self, backup: TempDir) -> Result<()> {
        for apart in [TOMBSTONES, LAST_CHECKPOINTS] {
            let from = self.folder.path().join(apart);
            if from.exists() {
                std::fs::copy(&from, backup.path().join(apart))?;
            }
        }
        self.restore(backup).await
    }

    /// Goes on from a backup; everything else is lost.
    pub async fn restore(&mut self, backup: TempDir) -> Result<()> {
        self.folder = backup;
        self.restart().await
    }

    /// Runs SQL on the database, behind the node's back.
    pub fn sql(&self, sql: &str) -> Result<()> {
        Ok(self.connection()?.execute_batch(sql)?)
    }

    /// What a query gives as a number, asked behind the node's back.
    pub fn count(&self, sql: &str) -> Result<u64> {
        let count: i64 = self.connection()?.query_row(sql, [], |row| row.get(0))?;
        Ok(u64::try_from(count)?)
    }

    /// Every table with its rows as text, read behind the node's back.
    pub fn tables(&self) -> Result<BTreeMap<String, Vec<String>>> {
        tables(&self.folder.path().join(DATABASE))
    }

    fn connection(&self) -> Result<rusqlite::Connection> {
        connection(&self.folder.path().join(DATABASE))
    }

    /// Puts a pouch on this node's disk, as the link or a courier does. Nothing is taken in yet.
    pub async fn put(&self, pouch: &[u8], via: Option<PartyRoot>) -> Result<Digest> {
        let digest = Digest::of(pouch);
        let size = u64::try_from(pouch.len())?;
        let spool = self.node.spool();
        if spool.offset(&digest)? == 0 {
            spool.append(&digest, 0, pouch)?;
        }
        spool.finish(&digest, size)?;
        receive(&self.node, digest, size, via).await?;
        Ok(digest)
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_folder(&path, &copy)?;
        } else {
            std::fs::copy(&path, &copy)?;
        }
    }
    Ok(())
}

/// Runs SQL on a node's database, behind its back.
pub fn sql(database: &Path, sql: &str) -> Result<()> {
    Ok(connection(database)?.execute_batch(sql)?)
}

/// Every table of a node's database with its rows as text, read behind the node's back, in one transaction.
pub fn tables(database: &Path) -> Result<BTreeMap<String, Vec<String>>> {
    let connection = connection(database)?;
    let connection = connection.unchecked_transaction()?;
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut statement = connection.prepare(sql)?;
    let names: Vec<String> =
        statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut tables = BTreeMap::new();
    for name in names {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{name}\""))?;
        let width = statement.column_count();
        let text = |row: &rusqlite::Row<'_>| {
            let shown = |cell: rusqlite::types::ValueRef<'_>| match cell
                .as_bytes()
                .map(std::str::from_utf8)
            {
                Ok(Ok(text)) => text.to_owned(),
                _ => format!("{cell:?}"),
            };
            let cells: Result<Vec<_>, _> =
                (0..width).map(|at| row.get_ref(at).map(shown)).collect();
            cells.map(|cells| cells.join("|"))
        };
        let rows = statement.query_map([], text)?.collect::<Result<_, _>>()?;
        tables.insert(name, rows);
    }
    Ok(tables)
}

fn connection(database: &Path) -> Result<rusqlite::Connection> {
    let connection = rusqlite::Connection::open(database)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    Ok(connection)
}
