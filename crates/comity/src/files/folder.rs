//! A folder that appears whole or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use comity_exchange::payload::PartsOut;

use super::must_not_exist;
use crate::error::CliError;

/// A folder under another name beside its own, until it is published. Nobody else on the machine can read it. Dropped
/// before that, it is gone.
pub(crate) struct StagedFolder {
    temporary: PathBuf,
    path: PathBuf,
}

impl StagedFolder {
    /// A folder that must not be there yet.
    pub(crate) fn new(path: &Path) -> Result<Self, CliError> {
        must_not_exist(path)?;
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.tmp", std::process::id()));
        let temporary = path.with_file_name(name);
        DirBuilder::new()
            .mode(0o700)
            .create(&temporary)
            .map_err(|error| CliError::Write { path: path.to_owned(), error })?;
        Ok(Self { temporary, path: path.to_owned() })
    }

    /// Makes what is in it durable and gives it its name, which nothing must have got in the meantime.
    pub(crate) fn publish(self) -> Result<(), CliError> {
        must_not_exist(&self.path)?;
        let parent = self.path.parent().filter(|it| !it.as_os_str().is_empty());
        let sync = |folder: &Path| File::open(folder).and_then(|it| it.sync_all());
        // a folder is never put in the place of one that holds something
        sync(&self.temporary)
            .and_then(|()| fs::rename(&self.temporary, &self.path))
            .and_then(|()| sync(parent.unwrap_or_else(|| Path::new("."))))
            .map_err(|error| CliError::Write { path: self.path.clone(), error })
    }
}

impl PartsOut for StagedFolder {
    fn part(&mut self, name: &str) -> io::Result<Box<dyn Write + '_>> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        Ok(Box::new(Durable(options.open(self.temporary.join(name))?)))
    }
}

impl Drop for StagedFolder {
    fn drop(&mut self) {
        // once published there is none
        let _ = fs::remove_dir_all(&self.temporary);
    }
}

/// A file that is on the disk once it is flushed.
struct Durable(File);

impl Write for Durable {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_its_name_only_when_it_is_whole_and_nothing_else_stays() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("payload");
        let names = || {
            let entries = fs::read_dir(place.path()).unwrap();
            entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
        };
        let mut staged = StagedFolder::new(&path).unwrap();
        staged.part("objects.jsonl").unwrap().write_all(b"half").unwrap();
        assert!(!path.exists());
        drop(staged);
        assert_eq!(names(), Vec::<String>::new());

        let mut staged = StagedFolder::new(&path).unwrap();
        staged.part("objects.jsonl").unwrap().write_all(b"whole").unwrap();
        staged.publish().unwrap();
        assert_eq!(names(), ["payload"]);
        assert_eq!(fs::read(path.join("objects.jsonl")).unwrap(), b"whole");
        assert!(matches!(StagedFolder::new(&path), Err(CliError::Exists(_))));
    }
}
