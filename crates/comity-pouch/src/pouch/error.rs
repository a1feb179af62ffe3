//! Why a pouch was refused, or could not be made.

use std::io;

use comity_model::Refusal;

/// Why a pouch was refused, could not be read or could not be written.
#[derive(Debug, thiserror::Error)]
pub enum PouchError {
    /// The partner's fault: not an age v1 file with a header of the expected shape, or sealed to
    /// several recipients or to one of another kind.
    #[error("not a pouch: it must be sealed to exactly one key; ask the sender to seal it again")]
    NotAPouch,
    /// None of our sealing keys opens it: it is somebody else's, or for a key that we destroyed.
    #[error(
        "the pouch is sealed to another key; ask the sender to seal it to our newest descriptor"
    )]
    CannotOpen,
    /// The file ends before the sealed content does.
    #[error("the pouch is cut short; transfer it again")]
    Truncated,
    /// A piece of the sealed content does not authenticate: it was altered, or the file was cut in
    /// the middle of a piece, which looks the same.
    #[error("the pouch was altered or cut on the way; transfer it again")]
    Damaged,
    /// The sealed file is longer than the limit.
    #[error("the pouch is longer than {limit} bytes; ask the sender for several smaller releases")]
    PouchTooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The partner's fault: an entry that announces more bytes than its limit.
    #[error(
        "`{name}` announces {size} bytes and may have {limit}; ask the sender for smaller parts"
    )]
    TooLarge {
        /// The entry's name.
        name: String,
        /// Bytes announced.
        size: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// The partner's fault: more parts than the limit.
    #[error("the pouch has more than {limit} parts; ask the sender for several releases")]
    TooManyParts {
        /// Parts allowed.
        limit: usize,
    },
    /// The partner's fault: an entry announces more bytes than the archive holds.
    #[error("`{name}` announces more bytes than the pouch holds; ask the sender to seal it again")]
    OverAnnounced {
        /// The entry's name.
        name: String,
    },
    /// The partner's fault: an entry's name climbs out of the folder with `..`.
    #[error("the entry name `{0}` climbs out of the pouch; refuse it and tell the sender")]
    NameClimbs(String),
    /// The partner's fault: an entry's name is an absolute path.
    #[error("the entry name `{0}` is an absolute path; refuse it and tell the sender")]
    NameAbsolute(String),
    /// The partner's fault: a name outside the fixed pattern for any other reason.
    #[error("the entry name `{0}` is not allowed; ask the sender to seal it again")]
    Name(String),
    /// The partner's fault: a symbolic link.
    #[error("`{0}` is a symbolic link; only files cross, refuse it and tell the sender")]
    Symlink(String),
    /// The partner's fault: a hard link.
    #[error("`{0}` is a hard link; only files cross, refuse it and tell the sender")]
    HardLink(String),
    /// The partner's fault: a PAX extended header.
    #[error("the archive has a pax header; ask the sender for a plain ustar archive")]
    Pax,
    /// The partner's fault: a GNU extension.
    #[error("the archive has a gnu extension; ask the sender for a plain ustar archive")]
    Gnu,
    /// The partner's fault: anything else in the archive that is not as it must be.
    #[error("the archive has a bad {0}; ask the sender to seal it again")]
    Entry(&'static str),
    /// The partner's fault: an entry where another one is due.
    #[error("`{found}` stands where {due} is due; ask the sender to seal it again")]
    OutOfOrder {
        /// What came.
        found: String,
        /// What should have come.
        due: &'static str,
    },
    /// The partner's fault: two entries of one name.
    #[error("`{0}` stands in the pouch twice; ask the sender to seal it again")]
    Repeated(String),
    /// The partner's fault: the archive stops without its two closing blocks.
    #[error("the archive has no end; ask the sender to seal it again")]
    NoEnd,
    /// The partner's fault: something follows the end of the archive.
    #[error("something follows the end of the archive; ask the sender to seal it again")]
    TrailingData,
    /// Our caller's fault: a part was given a name that is not allowed.
    #[error("`{0}` can not name a part; use lower-case letters, digits, `.`, `_` and `-`")]
    PartName(String),
    /// Our caller's fault: two parts were given one name.
    #[error("`{0}` names two parts; give each part a name of its own")]
    PartRepeated(String),
    /// Our caller's fault: a part has another size than was announced.
    #[error("`{name}` has not the {size} bytes that were announced; measure it and seal again")]
    PartSize {
        /// The part's name.
        name: String,
        /// Bytes announced.
        size: u64,
    },
    /// Our caller's fault: more than a pouch may hold.
    #[error("{what} would pass the limit of {limit}; make several smaller releases")]
    OverLimit {
        /// What is too large or too many.
        what: String,
        /// The limit.
        limit: u64,
    },
    /// Our caller's fault: used again after an error.
    #[error("the pouch was refused before; read or write nothing more of it")]
    Refused,
    /// Sealing failed inside the library.
    #[error("the pouch could not be sealed; check the recipient's sealing key")]
    Sealing,
    /// Our disk or stream failed.
    #[error("reading or writing failed ({0}); check the disk and try again")]
    Io(io::Error),
}

impl PouchError {
    /// The stable name of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAPouch => "not-a-pouch",
            Self::CannotOpen => "cannot-open",
            Self::Truncated => "truncated",
            Self::Damaged => "damaged",
            Self::PouchTooLarge { .. } => "pouch-too-large",
            Self::TooLarge { .. } => "too-large",
            Self::TooManyParts { .. } => "too-many-parts",
            Self::OverAnnounced { .. } => "over-announced",
            Self::NameClimbs(_) => "archive-name-climbs",
            Self::NameAbsolute(_) => "archive-name-absolute",
            Self::Name(_) => "bad-archive-name",
            Self::Symlink(_) => "archive-symlink",
            Self::HardLink(_) => "archive-hard-link",
            Self::Pax => "archive-pax",
            Self::Gnu => "archive-gnu",
            Self::Entry(_) => "bad-archive-entry",
            Self::OutOfOrder { .. } => "out-of-order",
            Self::Repeated(_) => "repeated-entry",
            Self::NoEnd => "archive-no-end",
            Self::TrailingData => "trailing-data",
            Self::PartName(_) => "part-name",
            Self::PartRepeated(_) => "part-repeated",
            Self::PartSize { .. } => "part-size",
            Self::OverLimit { .. } => "over-limit",
            Self::Refused => "already-refused",
            Self::Sealing => "sealing-failed",
            Self::Io(_) => "io",
        }
    }

    /// The code under which a partner hears of it; nothing for what is our own fault.
    pub const fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::NotAPouch | Self::CannotOpen => Some(Refusal::CannotOpen),
            Self::Truncated | Self::Damaged => Some(Refusal::Truncated),
            Self::PouchTooLarge { .. } | Self::TooLarge { .. } | Self::TooManyParts { .. } => {
                Some(Refusal::TooLarge)
            }
            Self::OverAnnounced { .. }
            | Self::NameClimbs(_)
            | Self::NameAbsolute(_)
            | Self::Name(_)
            | Self::Symlink(_)
            | Self::HardLink(_)
            | Self::Pax
            | Self::Gnu
            | Self::Entry(_)
            | Self::OutOfOrder { .. }
            | Self::Repeated(_)
            | Self::NoEnd
            | Self::TrailingData => Some(Refusal::BadArchive),
            Self::PartName(_)
            | Self::PartSize { .. }
            | Self::PartRepeated(_)
            | Self::OverLimit { .. }
            | Self::Refused
            | Self::Sealing
            | Self::Io(_) => None,
        }
    }
}

impl From<io::Error> for PouchError {
    /// Takes back the error that came through a reader. What the age library itself reports is an
    /// early end or a piece that does not authenticate.
    fn from(error: io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(error) => error,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Self::Truncated,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Self::Damaged,
            Err(error) => Self::Io(error),
        }
    }
}

impl From<PouchError> for io::Error {
    fn from(error: PouchError) -> Self {
        Self::other(error)
    }
}
