//! Where the two nodes stay, and the passphrases that the demonstration draws for them.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::failure::{DemoError, Result};

/// The folder of both nodes, for its owner alone.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    own: bool,
}

impl Folder {
    /// Makes the folder: `named`, which must be empty if it exists, or a new one among the temporary files.
    pub(super) fn make(named: Option<&Path>) -> Result<Self> {
        let path = match named {
            Some(named) => named.to_owned(),
            None => std::env::temp_dir().join(format!("comity-demo-{}", random::<9>()?)),
        };
        let path = std::path::absolute(&path).map_err(|error| DemoError::disk(&path, &error))?;
        let made = DirBuilder::new().recursive(named.is_some()).mode(0o700).create(&path);
        made.map_err(|error| DemoError::disk(&path, &error))?;
        let mut inside = path.read_dir().map_err(|error| DemoError::disk(&path, &error))?;
        if inside.next().is_some() {
            return Err(DemoError::FolderTaken(path));
        }
        Ok(Self { path, own: named.is_none() })
    }

    /// Where it is, absolute.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a text into it, for its owner alone.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<()> {
        self.write_bytes(name, text.as_bytes())
    }

    /// Reads a file in it, of no more than 16 MiB.
    pub(super) fn read(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.path.join(name);
        let failed = |error| DemoError::disk(&path, &error);
        let file = std::fs::File::open(&path).map_err(failed)?;
        let mut bytes = Vec::new();
        file.take(16 << 20).read_to_end(&mut bytes).map_err(failed)?;
        Ok(bytes)
    }

    /// Writes a file into it, for its owner alone.
    pub(super) fn write_bytes(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path.join(name);
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .and_then(|mut file| file.write_all(bytes))
            .map_err(|error| DemoError::disk(&path, &error))
    }

    /// Draws a passphrase into a file; gives the file's name.
    pub(super) fn passphrase(&self, of: &str) -> Result<String> {
        let name = format!("{of}.passphrase");
        self.write(&name, &format!("{}\n", random::<24>()?))?;
        Ok(name)
    }

    /// Removes it, unless the user named it. Whether it is gone.
    pub(super) fn remove(&self) -> Result<bool> {
        if self.own {
            let removed = std::fs::remove_dir_all(&self.path);
            removed.map_err(|error| DemoError::disk(&self.path, &error))?;
        }
        Ok(self.own)
    }
}

/// `N` random bytes, as text.
fn random<const N: usize>() -> Result<String> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_| DemoError::System("it has no randomness to give".to_owned()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn nobody_else_can_read_the_nodes_or_their_passphrases() {
        let folder = Folder::make(None).unwrap();
        let passphrase = folder.passphrase("us").unwrap();
        assert_eq!(mode(folder.path()), 0o700);
        assert_eq!(mode(&folder.path().join(passphrase)), 0o600);
        assert!(folder.remove().unwrap());
        assert!(!folder.path().exists());
    }

    #[test]
    fn two_demonstrations_draw_different_folders_and_passphrases() {
        let [one, two] = [(); 2].map(|()| Folder::make(None).unwrap());
        assert_ne!(one.path(), two.path());
        let [one_says, two_says] = [&one, &two].map(|folder| {
            let name = folder.passphrase("us").unwrap();
            let text = std::fs::read_to_string(folder.path().join(name)).unwrap();
            folder.remove().unwrap();
            text
        });
        assert_ne!(one_says, two_says);
        assert!(one_says.trim().len() >= 32);
    }

    #[test]
    fn a_folder_of_the_users_is_never_mixed_with_the_nodes_nor_removed() {
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("a/b");
        let folder = Folder::make(Some(&inner)).unwrap();
        folder.write("file", "text").unwrap();
        assert!(!folder.remove().unwrap());
        assert!(inner.join("file").exists());
        let again = Folder::make(Some(&inner)).unwrap_err();
        assert_eq!(again.code(), "folder-taken");
    }
}
