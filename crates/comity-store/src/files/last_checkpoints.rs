//! The last checkpoints: one small JSON file that is replaced whole.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use comity_exchange::ports::{BlobError, LastCheckpoint, LastCheckpoints, LastFolio};
use comity_model::ChannelId;
use serde::{Deserialize, Serialize};

use super::sync_folder;

/// Bytes of the longest file that is read: room for over ten thousand channels.
const LIMIT: u64 = 64 << 20;

/// What is in the file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    channels: Vec<LastCheckpoint>,
    /// The last signed checkpoint of the private journal, as a note.
    journal: Option<String>,
    /// The last folio of a time of doubt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    folio: Option<LastFolio>,
}

/// The last checkpoints in a file beside the database, which stays where it is when the database is put back from a
/// backup (docs/protocol.md section 4.8). Several processes may write to it: each holds the lock of its folder.
#[derive(Debug, Clone)]
pub struct FileLastCheckpoints {
    path: PathBuf,
}

impl FileLastCheckpoints {
    /// Uses the file at `path`, which is made with the first checkpoint.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    fn folder(&self) -> &Path {
        self.path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
    }

    fn read(&self) -> io::Result<Kept> {
        match fs::metadata(&self.path) {
            Ok(metadata) if metadata.len() > LIMIT => return Err(unreadable()),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Kept::default()),
            Err(error) => return Err(error),
        }
        let kept: Kept =
            serde_json::from_slice(&fs::read(&self.path)?).map_err(|_| unreadable())?;
        let mut channels = BTreeSet::new();
        let each_once = kept.channels.iter().all(|it| channels.insert(it.channel));
        if each_once { Ok(kept) } else { Err(unreadable()) }
    }

    /// Changes the file under the lock, if `change` says that there is something to change.
    fn change(&self, change: impl FnOnce(&mut Kept) -> bool) -> Result<(), BlobError> {
        let folder = File::open(self.folder())?;
        folder.lock()?;
        let mut all = self.read()?;
        if !change(&mut all) {
            return Ok(());
        }
        let beside = self.path.with_extension("tmp");
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        file.write_all(&serde_json::to_vec(&all).map_err(io::Error::other)?)?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)?;
        Ok(sync_folder(self.folder())?)
    }
}

impl LastCheckpoints for FileLastCheckpoints {
    fn all(&self) -> Result<Vec<LastCheckpoint>, BlobError> {
        Ok(self.read()?.channels)
    }

    fn keep(&self, last: LastCheckpoint) -> Result<(), BlobError> {
        self.change(|Kept { channels: all, .. }| {
            match all.iter_mut().find(|it| it.channel == last.channel) {
                Some(before) if before.size >= last.size => return false,
                Some(before) => {
                    let cosigned = last.cosigned.clone().or_else(|| before.cosigned.take());
                    *before = LastCheckpoint { cosigned, ..last };
                }
                None => all.push(last),
            }
            true
        })
    }

    fn cosigned(&self, channel: ChannelId, note: &str) -> Result<(), BlobError> {
        self.change(|Kept { channels: all, .. }| {
            match all.iter_mut().find(|it| it.channel == channel) {
                Some(last) if last.cosigned.as_deref() != Some(note) => {
                    last.cosigned = Some(note.to_owned());
                    true
                }
                _ => false,
            }
        })
    }

    fn journal(&self) -> Result<Option<String>, BlobError> {
        Ok(self.read()?.journal)
    }

    fn keep_journal(&self, note: Option<&str>) -> Result<(), BlobError> {
        self.change(|kept| {
            let is_new = kept.journal.as_deref() != note;
            kept.journal = note.map(ToOwned::to_owned);
            is_new
        })
    }

    fn folio(&self) -> Result<Option<LastFolio>, BlobError> {
        Ok(self.read()?.folio)
    }

    fn keep_folio(&self, last: LastFolio) -> Result<(), BlobError> {
        let place = |it: LastFolio| (it.year, it.number);
        self.change(|kept| {
            let is_new = kept.folio.is_none_or(|before| place(before) < place(last));
            if is_new {
                kept.folio = Some(last);
            }
            is_new
        })
    }
}

fn unreadable() -> io::Error {
    let message = "the last checkpoints are unreadable; put back the file `checkpoints.json` as it was, or take it away \
                   and ask every partner with `comity record recover --to HANDLE`";
    io::Error::new(ErrorKind::InvalidData, message)
}
