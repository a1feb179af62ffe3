//! What can go wrong with a backup.

use std::io;
use std::path::{Path, PathBuf};

use comity_exchange::ports::StoreError;

/// Why a backup was not written, is not good, or was not put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Something has the name already.
    #[error("`{}` exists; move it away or name another folder", .0.display())]
    Exists(PathBuf),
    /// It would be written into a backup, whose list does not name it, so that neither were whole.
    #[error(
        "`{}` is a backup; name a folder that is not in one, so that it stays as it was written", .0.display()
    )]
    InABackup(PathBuf),
    /// Nothing is there.
    #[error("`{}` is not there; name the folder that `comity backup` wrote", .0.display())]
    NotThere(PathBuf),
    /// It has no list of files, or one that cannot be read.
    #[error(
        "`{}` is no list of the files of a backup; name the folder that `comity backup` wrote", .0.display()
    )]
    NotABackup(PathBuf),
    /// A file that the list has is not there.
    #[error("the backup lacks `{0}`; take another backup")]
    Gone(String),
    /// A file is not the one that was written.
    #[error("`{0}` in the backup is not as it was written; take another backup")]
    Differs(String),
    /// A file that the list does not have.
    #[error(
        "the backup has `{0}`, which its list does not name; take it away, or take another backup"
    )]
    NotListed(String),
    /// A large part that a row names is not on the disk.
    #[error("`{}` is not there and belongs in the backup; run `comity doctor`", .0.display())]
    Missing(PathBuf),
    /// A large part is not what its name says.
    #[error("`{}` is damaged, so no backup is written; run `comity doctor`", .0.display())]
    Source(PathBuf),
    /// Something that is neither a file nor a folder, or too deep.
    #[error("`{}` is no file that a backup holds; take it away", .0.display())]
    Strange(PathBuf),
    /// The folder in which a node is to be put back is not empty.
    #[error(
        "`{}` is there; put back into an empty folder, in which only the tombstones and the last checkpoints may lie", .0.display()
    )]
    NotEmpty(PathBuf),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file cannot be read or written.
    #[error("`{}`: {error}; check the folder, its permissions and the disk", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

impl BackupError {
    /// A stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Exists(_) => "file-exists",
            Self::InABackup(_) => "in-a-backup",
            Self::NotThere(_) | Self::NotABackup(_) => "no-backup",
            Self::Gone(_) | Self::Differs(_) | Self::NotListed(_) => "backup-damaged",
            Self::Missing(_) | Self::Source(_) => "damaged",
            Self::Strange(_) => "strange-file",
            Self::NotEmpty(_) => "node-exists",
            Self::Store(error) => error.code(),
            Self::Io { .. } => "disk",
        }
    }

    pub(super) fn io(path: &Path, error: io::Error) -> Self {
        Self::Io { path: path.to_owned(), error }
    }
}
