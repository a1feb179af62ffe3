//! The first thing in a file of evidence that does not hold.

/// A field of a file of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The file as a whole.
    File,
    /// `descriptors`.
    Descriptors,
    /// `agreement`.
    Agreement,
    /// `statement`.
    Statement,
    /// `release` in the body of the statement.
    Release,
    /// `approvals` in the body of the statement.
    Approvals,
    /// `proof`.
    Proof,
    /// `receipt.statement`.
    Receipt,
    /// `receipt.proof`.
    ReceiptProof,
    /// `statements`, in a file about two of them.
    Statements,
    /// `checkpoints`, in a file about two of them.
    Checkpoints,
    /// What lies beside the file.
    Content,
}

impl Field {
    /// Its name, as a path into the document.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Descriptors => "descriptors",
            Self::Agreement => "agreement",
            Self::Statement => "statement",
            Self::Release => "statement.release",
            Self::Approvals => "statement.approvals",
            Self::Proof => "proof",
            Self::Receipt => "receipt.statement",
            Self::ReceiptProof => "receipt.proof",
            Self::Statements => "statements",
            Self::Checkpoints => "checkpoints",
            Self::Content => "content",
        }
    }
}

/// The first thing in a file that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}`: {message}", .field.as_str())]
pub struct Flaw {
    /// The field that is at fault.
    pub field: Field,
    /// A stable word for it.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
}

impl Flaw {
    #[expect(clippy::needless_pass_by_value, reason = "errors are handed over by `map_err`")]
    pub(super) fn new(field: Field, code: &'static str, message: impl ToString) -> Self {
        Self { field, code, message: message.to_string() }
    }
}

impl From<super::FileError> for Flaw {
    fn from(error: super::FileError) -> Self {
        Self::new(Field::File, error.code(), error)
    }
}
