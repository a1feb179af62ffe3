//! What a Comity node keeps and says: holdings, grades, handling, derivatives, descriptors and
//! statements. Pure: time, randomness and keys are arguments.

pub mod digest;
pub mod entropy;

pub use digest::{Digest, Digester};
pub use entropy::Entropy;
