//! What a Comity node keeps and says: holdings, grades, handling, derivatives, descriptors and
//! statements. Pure: time, randomness and keys are arguments.

pub mod digest;
pub mod entropy;
pub mod grade;
pub mod handling;
pub mod ids;

pub use digest::{Digest, Digester};
pub use entropy::Entropy;
pub use grade::{Credibility, Grade, Reliability};
pub use handling::{Handling, Onward, Pap, Tlp, UseCode};
pub use ids::{
    AgreementId, ChannelId, Folio, Handle, IdError, OfficerId, PartyRoot, ProposalId, ReleaseId,
    StatementId,
};
