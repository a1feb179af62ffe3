//! Checkpoints: the head of a log's tree as the text of a note (C2SP tlog-checkpoint).

use std::fmt;

use crate::MAX_TREE_SIZE;
use crate::hash::{Hash, empty_root};
use crate::note::MAX_NOTE_BYTES;
use crate::text::{decimal, hash_from_base64, to_base64};

/// The head of a log: which log, how many leaves, which root.
///
/// What was parsed prints as the same text again (C2SP tlog-checkpoint, Note text).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    extensions: Vec<String>,
}

/// Why a text is not a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Over the size of a note, without a newline at the end, or fewer than three lines.
    #[error("the checkpoint is not three or more lines; write origin, size and root")]
    Shape,
    /// An origin that is empty, too long for a note, or holds a control character.
    #[error("the checkpoint's origin is empty, too long or not plain text; name the log")]
    Origin,
    /// A size that is no plain decimal, or over [`MAX_TREE_SIZE`].
    #[error("the checkpoint's size is not a decimal up to {MAX_TREE_SIZE}; write it plainly")]
    Size,
    /// A root that is not 32 bytes in canonical base64.
    #[error("the checkpoint's root is not 32 bytes in canonical base64; ask for another")]
    Root,
    /// Size 0 with another root than that of the tree without leaves.
    #[error("the checkpoint gives a tree without leaves another root than it has; refuse it")]
    EmptyTreeRoot,
    /// An empty extension line, or one with a control character.
    #[error("the checkpoint has an extension line that is empty or not plain text; leave it out")]
    Extension,
}

impl CheckpointError {
    /// The stable name of this error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shape => "checkpoint-shape",
            Self::Origin => "checkpoint-origin",
            Self::Size => "checkpoint-size",
            Self::Root => "checkpoint-root",
            Self::EmptyTreeRoot => "checkpoint-empty-root",
            Self::Extension => "checkpoint-extension",
        }
    }
}

impl Checkpoint {
    /// The head of the log `origin` at `size` leaves, without extension lines.
    ///
    /// # Errors
    /// [`CheckpointError`] when one of the three can't stand in a checkpoint.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        if origin.len() > MAX_NOTE_BYTES || !is_line(origin) {
            return Err(CheckpointError::Origin);
        }
        if size > MAX_TREE_SIZE {
            return Err(CheckpointError::Size);
        }
        if size == 0 && root != empty_root() {
            return Err(CheckpointError::EmptyTreeRoot);
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions: Vec::new() })
    }

    /// Reads a checkpoint from the text of a note, last newline included.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        if text.len() > MAX_NOTE_BYTES {
            return Err(CheckpointError::Shape);
        }
        let mut lines = text.strip_suffix('\n').ok_or(CheckpointError::Shape)?.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Shape);
        };
        let size = decimal(size).ok_or(CheckpointError::Size)?;
        let root = hash_from_base64(root).ok_or(CheckpointError::Root)?;
        let mut checkpoint = Self::new(origin, size, root)?;
        for line in lines {
            if !is_line(line) {
                return Err(CheckpointError::Extension);
            }
            checkpoint.extensions.push(line.to_owned());
        }
        Ok(checkpoint)
    }

    /// Which log: its first line, not empty.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many leaves the tree has, at most [`MAX_TREE_SIZE`].
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree (RFC 6962 section 2.1).
    pub const fn root(&self) -> &Hash {
        &self.root
    }

    /// The extension lines, each without its newline. Comity writes none, and an ML-DSA-44
    /// cosignature does not cover them.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }
}

impl fmt::Display for Checkpoint {
    /// The text of the note to sign, last newline included.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, to_base64(&self.root))?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Whether a text can be one line of a note.
fn is_line(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte >= b' ')
}
