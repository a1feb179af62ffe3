//! What goes wrong inside a transaction, before it is told to the caller in the words of the port.

use comity_exchange::ports::StoreError;

/// A failure inside a transaction.
#[derive(Debug)]
pub(super) enum Fault {
    /// The database engine's.
    Sql(rusqlite::Error),
    /// Already in the words of the port.
    Store(StoreError),
}

/// What a transaction gives.
pub(super) type Result<T> = std::result::Result<T, Fault>;

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match fault {
            Fault::Store(error) => error,
            Fault::Sql(error) => match error.sqlite_error_code() {
                Some(DatabaseCorrupt | NotADatabase) => Self::Corrupt("its file".to_owned()),
                _ => Self::Failed(error.to_string()),
            },
        }
    }
}

/// Somebody else changed `what`.
pub(super) fn conflict<T>(what: impl Into<String>) -> Result<T> {
    Err(StoreError::Conflict(what.into()).into())
}

/// There is no `what`.
pub(super) fn missing(what: impl Into<String>) -> Fault {
    StoreError::Missing(what.into()).into()
}

/// `what` is there already.
pub(super) fn exists<T>(what: impl Into<String>) -> Result<T> {
    Err(StoreError::Exists(what.into()).into())
}

/// `place` cannot be read as what it should be.
pub(super) fn corrupt(place: impl Into<String>) -> Fault {
    StoreError::Corrupt(place.into()).into()
}

/// The caller asked for something that no caller may ask.
pub(super) fn misuse<T>(what: impl Into<String>) -> Result<T> {
    Err(StoreError::Misuse(what.into()).into())
}
