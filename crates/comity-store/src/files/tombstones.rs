//! Tombstones: one JSON line each, in a file that only grows.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use comity_exchange::ports::{BlobError, Tombstone, Tombstones};

use super::sync_folder;

/// Bytes read at a time.
const CHUNK: u64 = 1 << 20;

/// Tombstones in a file beside the database, which stays where it is when the database is put back from a backup
/// (docs/protocol.md section 7). Several processes may add to it: each takes the file's lock while it writes.
#[derive(Debug, Clone)]
pub struct FileTombstones {
    path: PathBuf,
}

impl FileTombstones {
    /// Uses the file at `path`, which is made with the first tombstone.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    fn open(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        options.open(&self.path)
    }
}

impl Tombstones for FileTombstones {
    fn append(&self, stones: &[Tombstone]) -> Result<(), BlobError> {
        let mut lines = Vec::new();
        for stone in stones {
            serde_json::to_writer(&mut lines, stone).map_err(io::Error::other)?;
            lines.push(b'\n');
        }
        let is_new = !self.path.exists();
        let mut file = self.open()?;
        file.lock()?;
        let end = end_of_lines(&mut file)?;
        // what was cut off when a process died is written over
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        file.write_all(&lines)?;
        file.sync_all()?;
        if is_new && let Some(folder) = self.path.parent() {
            sync_folder(folder)?;
        }
        Ok(())
    }

    fn read(&self, from: u64, most: usize) -> Result<(Vec<Tombstone>, u64), BlobError> {
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok((Vec::new(), 0)),
            Err(error) => return Err(error.into()),
        };
        let mut place = if from > file.metadata()?.len() { 0 } else { from };
        let mut stones = Vec::new();
        while stones.len() < most {
            let mut chunk = Vec::new();
            file.seek(SeekFrom::Start(place))?;
            (&mut file).take(CHUNK).read_to_end(&mut chunk)?;
            let mut lines = chunk.split_inclusive(|byte| *byte == b'\n');
            let before = place;
            for line in lines.by_ref().take(most - stones.len()) {
                let Some(text) = line.strip_suffix(b"\n") else { break };
                stones.push(serde_json::from_slice(text).map_err(|_| unreadable(place))?);
                place += line.len() as u64;
            }
            if place == before {
                // a line that no tombstone is as long as was not cut off, it is damaged
                if chunk.len() as u64 == CHUNK {
                    return Err(unreadable(place).into());
                }
                break;
            }
        }
        Ok((stones, place))
    }
}

fn unreadable(place: u64) -> io::Error {
    let message = format!(
        "the tombstones are unreadable at byte {place}; put back the file `tombstones.jsonl` as it was"
    );
    io::Error::new(ErrorKind::InvalidData, message)
}

/// Where the last whole line ends.
fn end_of_lines(file: &mut File) -> io::Result<u64> {
    let mut end = file.metadata()?.len();
    while end > 0 {
        let start = end.saturating_sub(CHUNK);
        let mut chunk = Vec::new();
        file.seek(SeekFrom::Start(start))?;
        (&mut *file).take(end - start).read_to_end(&mut chunk)?;
        if let Some(last) = chunk.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + last as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}
