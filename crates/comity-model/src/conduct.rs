//! Conduct: what may be said while an agreement is in which phase, and how the statements about the agreement itself move
//! it (docs/protocol.md section 2.4).
//!
//! Both parties run the same functions over the same statements. Nothing here depends on the order in which the two
//! channels were read, so that both see the same phase once each has everything that the other said.

use std::fmt;

use crate::Refusal;
use crate::statement::Kind;

mod body;
mod rules;
mod table;

pub use body::{
    AGREEMENT_PART, AgreementBody, ConductBody, MAX_AGREEMENT_PART, SuspensionAct, SuspensionBody,
    TerminationBody,
};
pub use rules::{
    Change, Event, FIRST_VERSION, Heard, accepts, active, is_terminated, may_change, may_cite,
    phase, phase_on_arrival, suspended_by,
};
pub use table::{Parts, Row, Speaker, Text, Unasked, row};

/// How an agreement between two parties stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// No version of it has both signatures.
    Draft,
    /// It is signed, and its first day is not here.
    NotBegun,
    /// It binds, and everything may be said.
    InForce,
    /// A party suspended it and did not lift that.
    Suspended,
    /// Its last day is over, or a party terminated it.
    Ended,
}

impl Phase {
    /// Every phase, in the order in which an agreement goes through them.
    pub const ALL: [Self; 5] =
        [Self::Draft, Self::NotBegun, Self::InForce, Self::Suspended, Self::Ended];

    /// The word as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::NotBegun => "not-begun",
            Self::InForce => "in-force",
            Self::Suspended => "suspended",
            Self::Ended => "ended",
        }
    }

    /// The code with which what may not be said in it is refused; `None` where everything may be.
    pub const fn refusal(self) -> Option<Refusal> {
        match self {
            Self::Draft => Some(Refusal::AgreementUnknown),
            Self::NotBegun => Some(Refusal::AgreementNotBegun),
            Self::InForce => None,
            Self::Suspended => Some(Refusal::AgreementSuspended),
            Self::Ended => Some(Refusal::AgreementEnded),
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether a statement of a kind may be said in a phase (docs/protocol.md section 2.4). In a draft only the text and the
/// parties cross. Before the first day, while suspended and after the end what crosses is what completes the record,
/// takes information back, and speaks of the agreement itself.
pub const fn may(kind: Kind, phase: Phase) -> Result<(), Refusal> {
    let (in_draft, at_rest) = match kind {
        Kind::Agreement | Kind::Descriptor => (true, true),
        Kind::Receipt
        | Kind::Checkpoint
        | Kind::Recall
        | Kind::RecallAnswer
        | Kind::Purge
        | Kind::Suspension
        | Kind::Termination => (false, true),
        Kind::Release
        | Kind::Request
        | Kind::Clarification
        | Kind::Answer
        | Kind::Consent
        | Kind::ConsentAnswer
        | Kind::Proposal
        | Kind::Decision
        | Kind::Advice => (false, false),
    };
    let allowed = match phase {
        Phase::Draft => in_draft,
        Phase::NotBegun | Phase::Suspended | Phase::Ended => at_rest,
        Phase::InForce => true,
    };
    match phase.refusal() {
        Some(refusal) if !allowed => Err(refusal),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
