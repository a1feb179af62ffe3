//! The end of a node's log.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// How much of a log is read, in bytes.
const BYTES: u64 = 8 * 1024;
/// How many lines of it are shown.
const LINES: usize = 20;

/// The last lines of a log; `None` if there are none.
pub(super) fn tail(log: &Path) -> Option<String> {
    let mut file = File::open(log).ok()?;
    let size = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(size.saturating_sub(BYTES))).ok()?;
    let mut end = Vec::new();
    file.take(BYTES).read_to_end(&mut end).ok()?;
    let text = String::from_utf8_lossy(&end);
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.get(lines.len().saturating_sub(LINES)..)?;
    (!last.is_empty()).then(|| last.join("\n"))
}
