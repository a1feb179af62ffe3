//! Files that people hand in and take away.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::error::CliError;

mod folder;

pub(crate) use folder::StagedFolder;

/// Bytes of the longest descriptor, agreement or text that is read from a file.
pub(crate) const LIMIT: u64 = 2 << 20;

/// The permissions of everybody but a file's owner.
const OTHERS: u32 = 0o077;

/// Opens a file to read it from its beginning to its end, and gives its size in bytes.
pub(crate) fn open(path: &Path) -> Result<(File, u64), CliError> {
    let failed = |error| CliError::Read { path: path.to_owned(), error };
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(failed(io::Error::from(io::ErrorKind::IsADirectory)));
    }
    Ok((file, metadata.len()))
}

/// Reads a file of at most [`LIMIT`] bytes.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    read_up_to(path, LIMIT)
}

/// Reads a file of at most `limit` bytes.
pub(crate) fn read_up_to(path: &Path, limit: u64) -> Result<Vec<u8>, CliError> {
    let failed = |error| CliError::Read { path: path.to_owned(), error };
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(CliError::TooLarge { path: path.to_owned(), limit });
    }
    Ok(bytes)
}

/// Reads a text.
pub(crate) fn read_text(path: &Path) -> Result<String, CliError> {
    String::from_utf8(read(path)?).map_err(|_| {
        let error = io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text");
        CliError::Read { path: path.to_owned(), error }
    })
}

/// Refuses a path at which something stands, before the work is done of which a file is the end.
pub(crate) fn must_not_exist(path: &Path) -> Result<(), CliError> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(CliError::Exists(path.to_owned())),
        Err(_) => Ok(()),
    }
}

/// Refuses a path at which something stands and one where no file can be made, before the work is done of which a file is the
/// end.
pub(crate) fn must_be_writable(path: &Path) -> Result<(), CliError> {
    stage(path, &[]).map(drop)
}

/// Writes a file that must not be there yet.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    write_as(path, bytes, 0o666)
}

/// Writes a file that must not be there yet, that nobody else on the machine can read and that cannot be run.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    write_as(path, bytes, 0o600)
}

fn write_as(path: &Path, bytes: &[u8], mode: u32) -> Result<(), CliError> {
    must_not_exist(path)?;
    staged(path, bytes, mode)?.publish()
}

/// Writes a file, or replaces one: after a crash there is the old one or the new one.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    staged(path, bytes, 0o644)?.replace()
}

/// Refuses a path at which something stands that is no file, such as a device, a pipe or a link: a file in its place would
/// take it away from everybody who uses it.
fn must_be_plain(path: &Path) -> Result<(), CliError> {
    match fs::symlink_metadata(path) {
        Ok(there) if !there.is_file() => Err(CliError::NotAFile(path.to_owned())),
        _ => Ok(()),
    }
}

/// A file that is whole on the disk under another name beside its own, until it is published. Dropped before that, it is
/// gone.
pub(crate) struct Staged {
    temporary: PathBuf,
    path: PathBuf,
}

/// Writes a file that must not be there yet, and does not give it its name yet.
pub(crate) fn stage(path: &Path, bytes: &[u8]) -> Result<Staged, CliError> {
    must_not_exist(path)?;
    staged(path, bytes, 0o666)
}

/// As [`stage`], for a file that takes the place of one that is there.
pub(crate) fn stage_over(path: &Path, bytes: &[u8]) -> Result<Staged, CliError> {
    staged(path, bytes, 0o644)
}

fn staged(path: &Path, bytes: &[u8], mode: u32) -> Result<Staged, CliError> {
    let failed = |error| CliError::Write { path: path.to_owned(), error };
    must_be_plain(path)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    let mut options = OpenOptions::new();
    let mut file =
        options.write(true).create_new(true).mode(mode).open(&temporary).map_err(failed)?;
    // from here on it is gone when it is dropped
    let staged = Staged { temporary, path: path.to_owned() };
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    Ok(staged)
}

impl Staged {
    /// Gives the file its name, which nothing must have got in the meantime.
    pub(crate) fn publish(self) -> Result<(), CliError> {
        // a link is refused where something stands; file systems without links have nothing as good
        match fs::hard_link(&self.temporary, &self.path) {
            Ok(()) => self.is_named(),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(CliError::Exists(self.path.clone()))
            }
            Err(_) => {
                must_not_exist(&self.path)?;
                self.replace()
            }
        }
    }

    /// Gives the file its name, in the place of a file that has it.
    pub(crate) fn replace(self) -> Result<(), CliError> {
        must_be_plain(&self.path)?;
        fs::rename(&self.temporary, &self.path)
            .map_err(|error| CliError::Write { path: self.path.clone(), error })?;
        self.is_named()
    }

    /// Makes the name durable.
    fn is_named(&self) -> Result<(), CliError> {
        let folder = self.path.parent().filter(|it| !it.as_os_str().is_empty());
        File::open(folder.unwrap_or_else(|| Path::new(".")))
            .and_then(|it| it.sync_all())
            .map_err(|error| CliError::Write { path: self.path.clone(), error })
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // once published there is none
        let _ = fs::remove_file(&self.temporary);
    }
}

/// Refuses a file with secrets that others on the machine can read. One that is not there is for its reader to miss.
pub(crate) fn must_be_private(path: &Path) -> Result<(), CliError> {
    let Ok(metadata) = fs::metadata(path) else { return Ok(()) };
    let mode = metadata.permissions().mode() & 0o777;
    if mode & OTHERS != 0 {
        return Err(CliError::Exposed { path: path.to_owned(), mode });
    }
    Ok(())
}

/// The name of a file as people gave it.
pub(crate) fn name(path: &Path) -> String {
    path.display().to_string()
}

/// The path with another ending: `a/agreement.toml` and `us.agreement` make `a/agreement.us.agreement`.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

#[cfg(test)]
mod tests;
