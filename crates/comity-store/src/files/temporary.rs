//! A file being written, before it has its name.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use comity_exchange::ports::{BlobError, BlobWriter};
use comity_model::{Digest, Digester};

use super::{remove_if_there, sync_folder};

/// The extension of files that are not finished.
pub(super) const EXTENSION: &str = "tmp";
/// Bytes collected before they are written.
const BUFFER: usize = 256 * 1024;
/// Names tried before giving up.
const ATTEMPTS: u32 = 10_000;

/// Counts the temporary files of this process.
static COUNT: AtomicU64 = AtomicU64::new(0);

/// Writes to a temporary file in a folder and renames it inside that folder to the digest of what was written.
pub(super) struct Temporary {
    folder: PathBuf,
    /// What stands before the digits in the finished name.
    prefix: String,
    /// What follows the digits in the finished name.
    suffix: &'static str,
    path: PathBuf,
    file: BufWriter<File>,
    digester: Digester,
    size: u64,
    committed: bool,
}

impl Temporary {
    /// Begins a file. Its name is this process's own: another that has the same number, as in another container, is
    /// seen because the file is there.
    pub(super) fn create(folder: &Path, suffix: &'static str) -> io::Result<Self> {
        Self::named(folder, String::new(), suffix)
    }

    /// Begins a file whose finished name begins with `prefix`.
    pub(super) fn named(folder: &Path, prefix: String, suffix: &'static str) -> io::Result<Self> {
        let process = std::process::id();
        for _ in 0..ATTEMPTS {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("{process}-{count}.{EXTENSION}"));
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
                Ok(file) => {
                    return Ok(Self {
                        folder: folder.to_owned(),
                        prefix,
                        suffix,
                        path,
                        file: BufWriter::with_capacity(BUFFER, file),
                        digester: Digester::new(),
                        size: 0,
                        committed: false,
                    });
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::new(ErrorKind::AlreadyExists, "too many temporary files"))
    }
}

impl Write for Temporary {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // All or an error, so that the digest is that of what stands in the file.
        self.file.write_all(bytes)?;
        self.digester.update(bytes);
        self.size += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl BlobWriter for Temporary {
    fn commit(mut self: Box<Self>) -> Result<(Digest, u64), BlobError> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        let digest = self.digester.clone().finish();
        let path = self.folder.join(format!("{}{}{}", self.prefix, digest.hex(), self.suffix));
        // Over a file of the same digest, if there is one: the bytes are the same.
        std::fs::rename(&self.path, path)?;
        self.committed = true;
        sync_folder(&self.folder)?;
        Ok((digest, self.size))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.committed {
            // What cannot be removed now is swept at the next start.
            let _ = remove_if_there(&self.path);
        }
    }
}
