//! What was said about an agreement itself, as a node keeps it.

use comity_model::conduct::{ConductBody, Event, Heard};
use comity_model::{AgreementId, Digest, Folio, PartyRoot};
use jiff::Timestamp;

/// One statement about an agreement, of this party or of a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementEvent {
    /// Which agreement.
    pub agreement: AgreementId,
    /// What was said.
    pub body: ConductBody,
    /// Whether this party said it.
    pub own: bool,
    /// Its number at the party that said it.
    pub folio: Folio,
    /// Who said it.
    pub from: PartyRoot,
    /// The statement.
    pub statement: Digest,
    /// Its `issued_at`.
    pub at: Timestamp,
    /// When the other party received it, as far as is known here.
    pub received_at: Option<Timestamp>,
    /// Whether the other party took it in.
    pub heard: Heard,
    /// Its text, where it has one.
    pub text: Option<String>,
}

impl AgreementEvent {
    /// What the rules see of it.
    pub const fn event(&self) -> Event {
        Event { from: self.from, at: self.at, change: self.body.change(), heard: self.heard }
    }
}
