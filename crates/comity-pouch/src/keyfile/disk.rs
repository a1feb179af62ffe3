//! Key files on the disk: whole or not there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use zeroize::Zeroizing;

use super::{FILE_LIMIT, KeyFileError};

/// The bytes of a key file, and its mode.
pub(super) fn load(path: &Path) -> Result<(Zeroizing<Vec<u8>>, u32), KeyFileError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => KeyFileError::NotFound(path.to_owned()),
        _ => KeyFileError::Io { path: path.to_owned(), error },
    };
    let file = File::open(path).map_err(failed)?;
    let mode = file.metadata().map_err(failed)?.permissions().mode();
    let mut bytes = Zeroizing::new(Vec::with_capacity(16 * 1024));
    file.take(FILE_LIMIT + 1).read_to_end(&mut bytes).map_err(failed)?;
    if u64::try_from(bytes.len()).is_ok_and(|len| len > FILE_LIMIT) {
        let why = format!("longer than {FILE_LIMIT} bytes");
        return Err(KeyFileError::Malformed { path: path.to_owned(), why });
    }
    Ok((bytes, mode))
}

/// Writes a file that is not there yet.
pub(super) fn store(path: &Path, bytes: &[u8]) -> Result<(), KeyFileError> {
    if path.symlink_metadata().is_ok() {
        return Err(KeyFileError::Exists(path.to_owned()));
    }
    // Unlike a rename, a link never replaces what another process wrote in the meantime.
    put(path, bytes, |temporary, path| fs::hard_link(temporary, path))
}

/// Writes a file in the place of one that is there.
pub(super) fn swap(path: &Path, bytes: &[u8]) -> Result<(), KeyFileError> {
    if !path.is_file() {
        return Err(KeyFileError::NotFound(path.to_owned()));
    }
    put(path, bytes, |temporary, path| fs::rename(temporary, path))
}

/// Writes beside, syncs, lets `name` give the file its name, and syncs the folder.
fn put(
    path: &Path,
    bytes: &[u8],
    name: impl FnOnce(&Path, &Path) -> io::Result<()>,
) -> Result<(), KeyFileError> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => KeyFileError::Exists(path.to_owned()),
        _ => KeyFileError::Io { path: path.to_owned(), error },
    };
    let folder =
        path.parent().filter(|folder| *folder != Path::new("")).unwrap_or_else(|| Path::new("."));
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut beside = path.file_name().unwrap_or_default().to_owned();
    beside.push(format!(".{}-{count}.tmp", std::process::id()));
    let temporary = folder.join(beside);
    let written = (|| {
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(0o600).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        name(&temporary, path)
    })();
    let removed = match fs::remove_file(&temporary) {
        // a rename took it away
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    };
    written.map_err(failed)?;
    removed.map_err(failed)?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}
