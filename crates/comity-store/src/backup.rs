//! Backups of a node's data folder (docs/protocol.md section 7).
//!
//! A backup is a folder: the database as it was at one moment, every large part that its rows name, what lies beside them
//! (configuration, key files, extensions, templates), and `manifest.json` with the size and SHA-256 of each file. Key files
//! are copied as they are, sealed under their passphrase; everything else is in clear, so the folder is its owner's only.
//! Not in it: the tombstones and the last checkpoints, which must survive a restore as they are, and pouches, which are
//! sent again.

mod error;
mod manifest;
mod staged;

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufReader, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use comity_model::Digester;

pub use error::BackupError;
pub use manifest::{About, Listed, Manifest};
pub use staged::{Staged, stage};

use crate::SqliteStore;
use crate::sqlite::parts_of_snapshot;

/// The name of the list of files in a backup.
const MANIFEST: &str = "manifest.json";
/// Bytes copied at a time.
const CHUNK: usize = 1 << 20;
/// Snapshots tried, where what one of them names is purged before it is copied.
const ATTEMPTS: usize = 3;
/// Folders in each other at the most.
const DEPTH: usize = 8;

type Result<T> = std::result::Result<T, BackupError>;

/// How the data folder is laid out. Names are relative to it.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// The database.
    pub database: &'static str,
    /// The folder of large parts, each named by the digits of its digest.
    pub blobs: &'static str,
    /// Files and folders that belong in a backup too, where they are there.
    pub beside: &'static [&'static str],
    /// Files that belong in no backup and stay where they are when one is put back.
    pub apart: &'static [&'static str],
}

/// How far a copy or a check has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes done.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
}

/// Who hears of the progress.
pub type Heard<'a> = &'a mut (dyn FnMut(Progress) + Send);

/// Writes a backup of the node in the folder `data` to the new folder `to`, while others use the node. It is written
/// beside under another name, read again and compared, and only then gets its name; when it fails nothing stays.
///
/// # Errors
/// [`BackupError::InABackup`] where `to` is below another backup, at any depth: that one would be whole no more.
pub async fn write(
    store: &SqliteStore,
    data: &Path,
    layout: Layout,
    about: About,
    to: &Path,
    heard: Heard<'_>,
) -> Result<Manifest> {
    must_not_exist(to)?;
    must_not_be_in_a_backup(to)?;
    let mut attempt = 1;
    loop {
        match try_write(store, data, layout, about.clone(), to, heard).await {
            // purged since the snapshot was taken
            Err(BackupError::Missing(_)) if attempt < ATTEMPTS => attempt += 1,
            done => return done,
        }
    }
}

async fn try_write(
    store: &SqliteStore,
    data: &Path,
    layout: Layout,
    about: About,
    to: &Path,
    heard: Heard<'_>,
) -> Result<Manifest> {
    let partial = Partial::begin(to)?;
    let database = partial.path.join(layout.database);
    store.snapshot(&database).await?;
    let mut sources = vec![];
    let blobs = data.join(layout.blobs);
    for part in parts_of_snapshot(&database)? {
        let name = format!("{}/{}", layout.blobs, part.hex());
        sources.push((name, blobs.join(part.hex()), Some(part)));
    }
    for name in layout.beside {
        for (name, path) in files_under(data, name)? {
            sources.push((name, path, None));
        }
    }
    let sizes: io::Result<Vec<u64>> = sources
        .iter()
        .map(|(_, path, _)| Ok(fs::metadata(path).map_or(0, |it| it.len())))
        .collect();
    let size = size_of(&database)?;
    let total =
        2 * (size + sizes.map_err(|error| BackupError::io(data, error))?.iter().sum::<u64>());
    let mut count = Count { done: 0, total, heard };
    let mut files = vec![hash(layout.database, &database, &mut count)?];
    sync(&database)?;
    for (name, path, digest) in sources {
        let listed = copy(&name, &path, &partial.path.join(&name), &mut count)?;
        if digest.is_some_and(|digest| digest != listed.sha256) {
            return Err(BackupError::Source(path));
        }
        files.push(listed);
    }
    let manifest = Manifest::new(about, files);
    manifest.write(&partial.path.join(MANIFEST))?;
    check_files(&partial.path, layout, &manifest, &mut count)?;
    partial.finish(to)?;
    Ok(manifest)
}

/// Reads a backup to its end: every file is there, is the one that was written, and no other one is; the database is in
/// order, and what it names is there.
pub fn check(backup: &Path, layout: Layout, heard: Heard<'_>) -> Result<Manifest> {
    let manifest = manifest_of(backup)?;
    let mut count = Count { done: 0, total: manifest.bytes(), heard };
    check_files(backup, layout, &manifest, &mut count)?;
    Ok(manifest)
}

fn check_files(
    backup: &Path,
    layout: Layout,
    manifest: &Manifest,
    count: &mut Count<'_>,
) -> Result<()> {
    let mut expected: BTreeSet<&str> = manifest.files.iter().map(|it| it.path.as_str()).collect();
    for (name, _) in files_under(backup, "")? {
        if name != MANIFEST && !expected.contains(name.as_str()) {
            return Err(BackupError::NotListed(name));
        }
    }
    for listed in &manifest.files {
        let path = backup.join(&listed.path);
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_file() => {}
            _ => return Err(BackupError::Gone(listed.path.clone())),
        }
        if hash(&listed.path, &path, count)? != *listed {
            return Err(BackupError::Differs(listed.path.clone()));
        }
    }
    if !expected.remove(layout.database) {
        return Err(BackupError::Gone(layout.database.to_owned()));
    }
    for part in parts_of_snapshot(&backup.join(layout.database))? {
        let name = format!("{}/{}", layout.blobs, part.hex());
        if !expected.contains(name.as_str()) {
            return Err(BackupError::Gone(name));
        }
    }
    Ok(())
}

/// Counts bytes and says so.
struct Count<'a> {
    done: u64,
    total: u64,
    heard: Heard<'a>,
}

impl Count<'_> {
    fn add(&mut self, bytes: usize) {
        self.done += bytes as u64;
        (self.heard)(Progress { done: self.done, total: self.total.max(self.done) });
    }
}

/// Reads a file to its end; `each` gets the bytes.
fn hashed(
    name: &str,
    path: &Path,
    count: &mut Count<'_>,
    mut each: impl FnMut(&[u8]) -> io::Result<()>,
) -> Result<Listed> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => BackupError::Missing(path.to_owned()),
        _ => BackupError::io(path, error),
    };
    let mut file = BufReader::with_capacity(CHUNK, File::open(path).map_err(failed)?);
    let (mut digester, mut size, mut chunk) = (Digester::new(), 0, Vec::with_capacity(CHUNK));
    loop {
        chunk.clear();
        let read = (&mut file).take(CHUNK as u64).read_to_end(&mut chunk).map_err(failed)?;
        if read == 0 {
            return Ok(Listed { path: name.to_owned(), size, sha256: digester.finish() });
        }
        digester.update(&chunk);
        each(&chunk).map_err(failed)?;
        size += read as u64;
        count.add(read);
    }
}

fn hash(name: &str, path: &Path, count: &mut Count<'_>) -> Result<Listed> {
    hashed(name, path, count, |_| Ok(()))
}

/// Copies a file to a new one that only its owner can read, durable when this returns.
fn copy(name: &str, from: &Path, to: &Path, count: &mut Count<'_>) -> Result<Listed> {
    let failed = |error| BackupError::io(to, error);
    if let Some(folder) = to.parent() {
        make_folder(folder).map_err(failed)?;
    }
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(to).map_err(failed)?;
    let listed = hashed(name, from, count, |bytes| file.write_all(bytes))?;
    file.sync_all().map_err(failed)?;
    Ok(listed)
}

/// The files at or under `name` in a folder, by their names relative to it, in order. What is neither a file nor a folder
/// is refused.
fn files_under(folder: &Path, name: &str) -> Result<Vec<(String, PathBuf)>> {
    let (mut found, mut open) = (Vec::new(), vec![(name.to_owned(), 0)]);
    while let Some((name, depth)) = open.pop() {
        let path = folder.join(&name);
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(BackupError::io(&path, error)),
        };
        if metadata.is_file() {
            found.push((name, path));
        } else if !metadata.is_dir() || depth >= DEPTH {
            return Err(BackupError::Strange(path));
        } else {
            for entry in fs::read_dir(&path).map_err(|error| BackupError::io(&path, error))? {
                let entry = entry.map_err(|error| BackupError::io(&path, error))?.file_name();
                let Some(entry) = entry.to_str() else { return Err(BackupError::Strange(path)) };
                let below =
                    if name.is_empty() { entry.to_owned() } else { format!("{name}/{entry}") };
                open.push((below, depth + 1));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn size_of(path: &Path) -> Result<u64> {
    Ok(fs::metadata(path).map_err(|error| BackupError::io(path, error))?.len())
}

fn sync(path: &Path) -> Result<()> {
    File::open(path).and_then(|it| it.sync_all()).map_err(|error| BackupError::io(path, error))
}

fn must_not_exist(path: &Path) -> Result<()> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(BackupError::io(path, error)),
        Ok(_) => Err(BackupError::Exists(path.to_owned())),
    }
}

/// The list of a backup, which must be there.
fn manifest_of(backup: &Path) -> Result<Manifest> {
    match fs::metadata(backup) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(BackupError::NotThere(backup.to_owned()))
        }
        _ => Manifest::read(&backup.join(MANIFEST)),
    }
}

/// No folder above has the list of a backup, as far as links lead.
fn must_not_be_in_a_backup(to: &Path) -> Result<()> {
    let folder = parent(to);
    let folder = fs::canonicalize(folder).map_err(|error| BackupError::io(folder, error))?;
    match folder.ancestors().find(|it| Manifest::read(&it.join(MANIFEST)).is_ok()) {
        Some(backup) => Err(BackupError::InABackup(backup.to_owned())),
        None => Ok(()),
    }
}

/// The folder in which a name stands.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Makes every name under a folder durable.
fn sync_folders(folder: &Path) -> Result<()> {
    let mut folders: BTreeSet<PathBuf> = BTreeSet::from([folder.to_owned()]);
    for (_, path) in files_under(folder, "")? {
        folders.extend(
            path.ancestors().skip(1).take_while(|it| it.starts_with(folder)).map(Path::to_owned),
        );
    }
    folders.iter().try_for_each(|folder| sync(folder))
}

/// A folder that is written under another name. Dropped before it is finished it goes.
struct Partial {
    path: PathBuf,
    done: bool,
}

impl Partial {
    fn begin(to: &Path) -> Result<Self> {
        let name = to.file_name().ok_or_else(|| BackupError::Exists(to.to_owned()))?;
        let name = format!(".{}.{}.partial", name.to_string_lossy(), std::process::id());
        let path = to.with_file_name(name);
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .map_err(|error| BackupError::io(&path, error))?;
        Ok(Self { path, done: false })
    }

    fn finish(mut self, to: &Path) -> Result<()> {
        sync_folders(&self.path)?;
        must_not_exist(to)?;
        fs::rename(&self.path, to).map_err(|error| BackupError::io(to, error))?;
        self.done = true;
        sync(parent(to))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.done {
            // the failure itself is what the caller has to know
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}
