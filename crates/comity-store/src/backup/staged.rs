//! A backup on its way back into a data folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{
    BackupError, Count, Heard, Layout, Manifest, Result, check_files, copy, make_folder,
    manifest_of, sync, sync_folders,
};

/// Where a backup lies until it is put in its place.
const STAGED: &str = ".restoring";

/// A backup that is copied beside its place in the data folder, and is no node there yet.
#[derive(Debug)]
pub struct Staged {
    data: PathBuf,
    layout: Layout,
    /// What was copied.
    pub manifest: Manifest,
}

/// Checks a backup whole and copies it into the data folder `data`, under a name where no node is looked for. The folder
/// may hold what is kept apart, and nothing else. What an earlier attempt left there goes.
pub fn stage(backup: &Path, data: &Path, layout: Layout, heard: Heard<'_>) -> Result<Staged> {
    let manifest = manifest_of(backup)?;
    must_be_empty(data, layout)?;
    let mut count = Count { done: 0, total: 2 * manifest.bytes(), heard };
    check_files(backup, layout, &manifest, &mut count)?;
    make_folder(data).map_err(|error| BackupError::io(data, error))?;
    let staged = data.join(STAGED);
    match fs::remove_dir_all(&staged) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(BackupError::io(&staged, error));
        }
        _ => make_folder(&staged).map_err(|error| BackupError::io(&staged, error))?,
    }
    for listed in &manifest.files {
        let (from, to) = (backup.join(&listed.path), staged.join(&listed.path));
        if copy(&listed.path, &from, &to, &mut count)? != *listed {
            return Err(BackupError::Differs(listed.path.clone()));
        }
    }
    sync_folders(&staged)?;
    Ok(Staged { data: data.to_owned(), layout, manifest })
}

fn must_be_empty(data: &Path, layout: Layout) -> Result<()> {
    let entries = match fs::read_dir(data) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(BackupError::io(data, error)),
    };
    for entry in entries {
        let entry = entry.map_err(|error| BackupError::io(data, error))?;
        let may_stay = |name: &str| name == STAGED || layout.apart.contains(&name);
        if !entry.file_name().to_str().is_some_and(may_stay) {
            return Err(BackupError::NotEmpty(entry.path()));
        }
    }
    Ok(())
}

impl Staged {
    /// The folder in which it lies; a node can be opened there, and must be closed again before [`Staged::finish`].
    pub fn folder(&self) -> PathBuf {
        self.data.join(STAGED)
    }

    /// Puts everything in its place, the database last: until it is there the folder is no node.
    pub fn finish(self) -> Result<Manifest> {
        let staged = self.folder();
        let entries = fs::read_dir(&staged).map_err(|error| BackupError::io(&staged, error))?;
        let mut names = Vec::new();
        for entry in entries {
            names.push(entry.map_err(|error| BackupError::io(&staged, error))?.file_name());
        }
        names.sort_by_key(|name| name == self.layout.database);
        for name in names {
            let to = self.data.join(&name);
            fs::rename(staged.join(&name), &to).map_err(|error| BackupError::io(&to, error))?;
        }
        fs::remove_dir(&staged).map_err(|error| BackupError::io(&staged, error))?;
        sync(&self.data)?;
        Ok(self.manifest)
    }
}
