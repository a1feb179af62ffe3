//! The list of the files of a backup.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Component, Path};

use comity_model::{Digest, Handle, PartyRoot};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{BackupError, Result};

/// Bytes of the longest list that is read: room for over 500,000 files.
const LIMIT: u64 = 128 << 20;
/// The version of the list.
const VERSION: u32 = 1;

/// Whose backup it is, and of when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The party's handle.
    pub handle: Handle,
    /// The party.
    pub root: PartyRoot,
    /// When it was begun.
    pub made_at: Timestamp,
    /// The version of the software that wrote it.
    pub software: String,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Its name, relative to the backup.
    pub path: String,
    /// Its bytes, counted.
    pub size: u64,
    /// SHA-256 of them.
    pub sha256: Digest,
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    v: u32,
    /// The party's handle.
    pub handle: Handle,
    /// The party.
    pub root: PartyRoot,
    /// When it was begun.
    pub made_at: Timestamp,
    /// The version of the software that wrote it.
    pub software: String,
    /// Its files, each once, in order.
    pub files: Vec<Listed>,
}

impl Manifest {
    /// The list of these files, in whichever order.
    pub fn new(about: About, mut files: Vec<Listed>) -> Self {
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let About { handle, root, made_at, software } = about;
        Self { v: VERSION, handle, root, made_at, software, files }
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|it| it.size).fold(0, u64::saturating_add)
    }

    /// Reads the list of the backup at `path`; see [`Manifest::parse`].
    pub(super) fn read(path: &Path) -> Result<Self> {
        let none = || BackupError::NotABackup(path.to_owned());
        let file = File::open(path).map_err(|_| none())?;
        let mut text = Vec::new();
        file.take(LIMIT + 1)
            .read_to_end(&mut text)
            .map_err(|error| BackupError::io(path, error))?;
        Self::parse(&text).ok_or_else(none)
    }

    /// Reads a list, which may be anybody's. Names that climb out of the folder, doubles, unknown fields, another form than
    /// [`Manifest::to_bytes`] gives and more than 128 MiB make it none.
    pub fn parse(text: &[u8]) -> Option<Self> {
        if text.len() as u64 > LIMIT {
            return None;
        }
        let manifest: Self = serde_json::from_slice(text).ok()?;
        let in_order = manifest
            .files
            .iter()
            .zip(manifest.files.iter().skip(1))
            .all(|(one, next)| one.path < next.path);
        let are_names = manifest.files.iter().all(|it| is_name(&it.path));
        let has_the_form = manifest.to_bytes().is_ok_and(|it| it == text);
        (manifest.v == VERSION && in_order && are_names && has_the_form).then_some(manifest)
    }

    /// The one form that it has in a file.
    ///
    /// # Errors
    /// None in practice: texts, numbers and times always serialise.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        Ok(text)
    }

    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let failed = |error| BackupError::io(path, error);
        let text = self.to_bytes().map_err(failed)?;
        let mut options = OpenOptions::new();
        let mut file =
            options.write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
        file.write_all(&text).map_err(failed)?;
        file.sync_all().map_err(failed)
    }
}

/// A relative name that stays below, written in one way only.
fn is_name(name: &str) -> bool {
    let path = Path::new(name);
    let plain = path.components().all(|it| matches!(it, Component::Normal(_)));
    let again: Vec<&str> = path.iter().filter_map(|it| it.to_str()).collect();
    plain && !name.is_empty() && again.join("/") == name && !name.contains('\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_climbs_out_or_can_be_written_twice_is_none() {
        for good in ["a", "keys/officers/a.key", "comity.db", ".hidden"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "/a", "../a", "a/../b", "a//b", "./a", "a/", "a/./b", "a\0b"] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }
}
