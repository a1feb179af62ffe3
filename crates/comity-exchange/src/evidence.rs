//! Evidence: one file that shows without a node and without a network what was said, to whom, under which clause, who
//! approved it, when the partner took it in, and that it stands in the record (docs/protocol.md section 9).
//!
//! Everything here but [`gather`] is a function of bytes: [`Evidence::parse`] reads a file of the format `comity-proof/1`,
//! [`check`] says what it proves, [`content::check`] judges what lies beside it. [`equivocation`] has the other file, which
//! shows that a party signed two things of which only one can be.

mod beside;
mod check;
mod container;
pub mod equivocation;
mod file;
mod flaw;
mod form;
pub mod gather;
mod keys;

pub use beside::{Beside, Contradiction, contradictions};
pub use check::content;
pub(crate) use check::of_statement_key;
pub use check::{
    Agreed, Answered, Approved, Known, Missing, Party, Place, Proof, Released, Revocation, check,
    check_beside, check_document,
};
pub use container::{FileError, document};
pub use file::{Answer, Evidence, FILE_LIMIT, FORMAT, Signed};
pub use flaw::{Field, Flaw};
