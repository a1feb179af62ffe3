//! What a Comity node keeps and says: holdings, grades, handling, derivatives, descriptors and
//! statements. Pure: time, randomness and keys are arguments.

pub mod conduct;
pub mod derivative;
pub mod descriptor;
pub mod digest;
pub mod domain;
pub mod entropy;
pub mod grade;
pub mod handling;
pub mod holding;
pub mod ids;
mod json;
pub mod matter;
pub mod opening;
pub mod refusal;
pub mod release;
pub mod statement;
pub mod told;

pub use comity_stix::Lang;
pub use comity_stix::marking::{self, Pap, Tlp};
pub use descriptor::Descriptor;
pub use digest::{Digest, Digester};
pub use entropy::Entropy;
pub use grade::{Credibility, Grade, Reliability};
pub use handling::{Handling, Onward, UseCode};
pub use holding::{Bringer, Holding, Origin};
pub use ids::{
    AgreementId, ChannelId, ContactId, Folio, Handle, IdError, MatterId, MatterKind, OfficerId,
    PartyRoot, ReleaseId, StandingId, StatementId,
};
pub use matter::{Grounds, Urgency};
pub use refusal::Refusal;
pub use release::{ManifestLine, ReleaseRecord};
