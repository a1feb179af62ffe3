//! A clock to move, throwaway nodes, a courier that loses things, and a hostile partner: for tests only.
//!
//! Everything here fails with a boxed error and never panics, so that a test says where it went wrong.

mod agreement;
mod carried;
mod clock;
pub mod conduct;
mod courier;
mod entropy;
mod forge;
mod objects;
mod party;

pub use agreement::{AgreementText, CLAUSE, LEGAL_BASIS, OTHER_CLAUSE, grounds};
pub use carried::files_in;
pub use clock::TestClock;
pub use comity_store::{CarriedFile, FileSatchel as Folder};
pub use courier::{Faults, LoopCourier, pump};
pub use entropy::SeededEntropy;
pub use forge::{Forge, Forged};
pub use objects::{indicator, indicators};
pub use party::{OldKeys, Pair, Party, agree, amend, pair, pair_at, pair_with, sign, sql, tables};
pub use tempfile::{TempDir, tempdir};

/// Why a test's preparation failed.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// The result of a test's preparation.
pub type Result<T, E = Error> = std::result::Result<T, E>;
