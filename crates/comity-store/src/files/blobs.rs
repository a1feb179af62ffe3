//! Blobs: `<64 digits>` in one folder.

use std::io::Read;
use std::path::{Path, PathBuf};

use comity_exchange::ports::{BlobError, BlobWriter, Blobs};
use comity_model::Digest;
use jiff::Timestamp;

use super::temporary::{EXTENSION, Temporary};
use super::{make_folder, open_named, remove_if_there, sweep_folder, sync_folder};

/// Parts that are too large for a row, each a file named by its SHA-256 (docs/protocol.md section 8). Several
/// processes may use one folder.
#[derive(Debug, Clone)]
pub struct FileBlobs {
    folder: PathBuf,
}

impl FileBlobs {
    /// Uses `folder`, and makes it if it is not there.
    pub fn new(folder: &Path) -> Result<Self, BlobError> {
        make_folder(folder)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// Deletes what writers left behind that died, as far as it was last written before `before`, and counts it. A
    /// writer that lives writes more often than any sensible `before` is old: a day.
    pub fn sweep(&self, before: Timestamp) -> Result<u64, BlobError> {
        sweep_folder(&self.folder, EXTENSION, before)
    }
}

impl Blobs for FileBlobs {
    fn create(&self) -> Result<Box<dyn BlobWriter>, BlobError> {
        Ok(Box::new(Temporary::create(&self.folder, "")?))
    }

    fn open(&self, id: &Digest) -> Result<Box<dyn Read + Send>, BlobError> {
        Ok(Box::new(open_named(&self.folder.join(id.hex()), id)?))
    }

    fn delete(&self, id: &Digest) -> Result<(), BlobError> {
        remove_if_there(&self.folder.join(id.hex()))?;
        Ok(sync_folder(&self.folder)?)
    }
}
