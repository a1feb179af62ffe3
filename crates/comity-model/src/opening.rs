//! An opened commitment: one file that shows an outsider from which object a derivative was made (docs/protocol.md
//! sections 6 and 9).
//!
//! The file is one JSON object, written in one way only: the members in their order, no white space, a line feed at the
//! end. So every byte of it counts.

use serde::{Deserialize, Serialize};

use crate::statement::Nonce;
use crate::{Digest, Digester};

mod difference;

pub use difference::{Difference, Differs, differences};

/// What the member `format` says; it stands first.
pub const FORMAT: &str = "comity-opening/1";
/// How a file of this format begins, by which it is recognised.
pub const BEGINNING: &[u8] = b"{\"format\":\"comity-opening/1\"";
/// Bytes of the longest file that is read.
pub const FILE_LIMIT: usize = 16 << 20;
/// Bytes of the longest text in it: the signed statement of a release at its limit (docs/protocol.md section 5.3).
pub const TEXT_LIMIT: usize = 2 << 20;
/// Hashes of the longest path.
pub const PATH_LIMIT: usize = 63;

/// What an outsider needs: who signed, what was signed, the object as it was sent, and what it was made from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// [`FORMAT`].
    format: String,
    /// The releasing party's descriptor: a DSSE envelope as text (docs/protocol.md section 1.4).
    pub descriptor: String,
    /// The statement of the release: a DSSE envelope as text (section 3.1).
    pub statement: String,
    /// The object's exact line of the manifest (section 3.5).
    pub line: String,
    /// The derivative, as it was sent.
    pub derivative: String,
    /// What it was made from.
    pub original: String,
    /// The 32 bytes that open the commitment.
    pub opening: Nonce,
    /// From the object's leaf to the release's root (RFC 6962 section 2.1.1).
    pub path: Vec<Digest>,
    /// The digest of each member, by which damage is told from forgery. They prove nothing.
    sums: Sums,
}

/// The digest of each member's bytes; of the path, of its hashes one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sums {
    descriptor: Digest,
    statement: Digest,
    line: Digest,
    derivative: Digest,
    original: Digest,
    opening: Digest,
    path: Digest,
}

impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opening").field("sums", &self.sums).finish_non_exhaustive()
    }
}

/// A part of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Member {
    /// The file as a whole.
    File,
    /// `descriptor`.
    Descriptor,
    /// `statement`.
    Statement,
    /// `line`.
    Line,
    /// `derivative`.
    Derivative,
    /// `original`.
    Original,
    /// `opening`.
    Opening,
    /// `path`.
    Path,
}

impl Member {
    /// The member's name in the file; `file` for the whole.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Descriptor => "descriptor",
            Self::Statement => "statement",
            Self::Line => "line",
            Self::Derivative => "derivative",
            Self::Original => "original",
            Self::Opening => "opening",
            Self::Path => "path",
        }
    }
}

/// A file that is no opening, or a damaged one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpeningError {
    /// It is longer than any opening, or a member of it is.
    #[error("`{}` is longer than any that this format has; ask for the file again", .0.as_str())]
    TooLarge(Member),
    /// It is not of the format.
    #[error("not an opening of the format `comity-opening/1`: {0}")]
    Malformed(String),
    /// It says the same in other bytes than the format has for it.
    #[error("the file is not written as the format demands; ask for it again")]
    Rewritten,
    /// A member is not the one that was written.
    #[error("`{}` was changed or damaged: its digest is not the one in `sums`; ask for the file again", .0.as_str())]
    Damaged(Member),
}

impl OpeningError {
    /// A stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "opening-too-large",
            Self::Malformed(_) => "opening-malformed",
            Self::Rewritten => "opening-rewritten",
            Self::Damaged(_) => "opening-damaged",
        }
    }

    /// The part of the file that is at fault.
    pub const fn member(&self) -> Member {
        match self {
            Self::TooLarge(member) | Self::Damaged(member) => *member,
            Self::Malformed(_) | Self::Rewritten => Member::File,
        }
    }
}

/// What goes into an opening.
#[derive(Clone)]
pub struct Contents {
    /// See [`Opening::descriptor`].
    pub descriptor: String,
    /// See [`Opening::statement`].
    pub statement: String,
    /// See [`Opening::line`].
    pub line: String,
    /// See [`Opening::derivative`].
    pub derivative: String,
    /// See [`Opening::original`].
    pub original: String,
    /// See [`Opening::opening`].
    pub opening: [u8; 32],
    /// See [`Opening::path`].
    pub path: Vec<Digest>,
}

impl std::fmt::Debug for Contents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contents").field("line", &self.line).finish_non_exhaustive()
    }
}

impl Opening {
    /// An opening of these contents.
    pub fn new(contents: Contents) -> Self {
        let Contents { descriptor, statement, line, derivative, original, opening, path } =
            contents;
        let sums = Sums {
            descriptor: Digest::of(descriptor.as_bytes()),
            statement: Digest::of(statement.as_bytes()),
            line: Digest::of(line.as_bytes()),
            derivative: Digest::of(derivative.as_bytes()),
            original: Digest::of(original.as_bytes()),
            opening: Digest::of(&opening),
            path: sum_of(&path),
        };
        let (format, opening) = (FORMAT.to_owned(), Nonce(opening));
        Self { format, descriptor, statement, line, derivative, original, opening, path, sums }
    }

    /// The file.
    pub fn to_bytes(&self) -> Result<Vec<u8>, OpeningError> {
        let mut bytes =
            serde_json::to_vec(self).map_err(|error| OpeningError::Malformed(error.to_string()))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads a file: exactly one opening in its one form, within the limits, no member damaged. That it proves
    /// anything is not said yet.
    pub fn parse(bytes: &[u8]) -> Result<Self, OpeningError> {
        if bytes.len() > FILE_LIMIT {
            return Err(OpeningError::TooLarge(Member::File));
        }
        let malformed = |why: &dyn std::fmt::Display| OpeningError::Malformed(why.to_string());
        let text = str::from_utf8(bytes).map_err(|error| malformed(&error))?;
        let parsed: Self = serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            malformed(&format!("no such object, at line {line} column {column}"))
        })?;
        if parsed.format != FORMAT {
            return Err(malformed(&"`format` says something else"));
        }
        let texts = [
            (Member::Descriptor, &parsed.descriptor),
            (Member::Statement, &parsed.statement),
            (Member::Line, &parsed.line),
            (Member::Derivative, &parsed.derivative),
            (Member::Original, &parsed.original),
        ];
        if let Some((member, _)) = texts.iter().find(|(_, text)| text.len() > TEXT_LIMIT) {
            return Err(OpeningError::TooLarge(*member));
        }
        if parsed.path.len() > PATH_LIMIT {
            return Err(OpeningError::TooLarge(Member::Path));
        }
        if parsed.to_bytes()? != bytes {
            return Err(OpeningError::Rewritten);
        }
        match parsed.damaged() {
            Some(member) => Err(OpeningError::Damaged(member)),
            None => Ok(parsed),
        }
    }

    /// Whether the opening opens a commitment: SHA-256 over the 32 bytes and the original (section 6).
    pub fn opens(&self, commitment: &Digest) -> bool {
        commitment_of(&self.opening.0, self.original.as_bytes()) == *commitment
    }

    fn damaged(&self) -> Option<Member> {
        let sums = &self.sums;
        let members = [
            (Member::Descriptor, sums.descriptor, Digest::of(self.descriptor.as_bytes())),
            (Member::Statement, sums.statement, Digest::of(self.statement.as_bytes())),
            (Member::Line, sums.line, Digest::of(self.line.as_bytes())),
            (Member::Derivative, sums.derivative, Digest::of(self.derivative.as_bytes())),
            (Member::Original, sums.original, Digest::of(self.original.as_bytes())),
            (Member::Opening, sums.opening, Digest::of(&self.opening.0)),
            (Member::Path, sums.path, sum_of(&self.path)),
        ];
        members.into_iter().find(|(_, said, is)| said != is).map(|(member, ..)| member)
    }
}

/// The commitment to an original: SHA-256 over 32 bytes that only the owner knows and the original's bytes.
pub fn commitment_of(opening: &[u8; 32], original: &[u8]) -> Digest {
    let mut digester = Digester::new();
    digester.update(opening);
    digester.update(original);
    digester.finish()
}

fn sum_of(path: &[Digest]) -> Digest {
    let mut digester = Digester::new();
    for hash in path {
        digester.update(hash.as_bytes());
    }
    digester.finish()
}

#[cfg(test)]
mod tests;
