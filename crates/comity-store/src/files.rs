//! Files named by the SHA-256 of their bytes: written beside, made durable, then given their name. No part of a name
//! ever comes from outside: every name is the hexadecimal digits of a digest.

mod blobs;
mod last_checkpoints;
mod satchel;
mod spool;
mod temporary;
mod tombstones;

use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use comity_exchange::ports::BlobError;
use comity_model::Digest;
use jiff::Timestamp;

pub use blobs::FileBlobs;
pub use last_checkpoints::FileLastCheckpoints;
pub use satchel::{CarriedFile, FileSatchel};
pub use spool::FileSpool;
pub use tombstones::FileTombstones;

/// Makes a folder that only its owner can enter, and those above it.
fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Makes the names in a folder durable.
fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Opens a file that must be there.
fn open_named(path: &Path, name: &Digest) -> Result<File, BlobError> {
    File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => BlobError::Missing(*name),
        _ => BlobError::Io(error),
    })
}

/// Deletes a file, if it is there.
fn remove_if_there(path: &Path) -> Result<(), BlobError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// The size of a file, if it is there.
fn size_of(path: &Path) -> Result<Option<u64>, BlobError> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata.len())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Deletes the files with this extension that were last written before `before`, and counts them. One that somebody
/// else deletes at the same time is no error.
fn sweep_folder(folder: &Path, extension: &str, before: Timestamp) -> Result<u64, BlobError> {
    let before = std::time::SystemTime::from(before);
    let mut swept = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|it| it != extension) {
            continue;
        }
        let written = match fs::metadata(&path) {
            Ok(metadata) => metadata.modified()?,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error.into()),
        };
        if written < before {
            remove_if_there(&path)?;
            swept += 1;
        }
    }
    Ok(swept)
}
