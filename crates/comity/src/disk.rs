//! Room on the disk.

use std::io;
use std::path::Path;

/// Bytes that this user can still write on the disk of `path`.
pub(crate) fn free(path: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(path)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}
