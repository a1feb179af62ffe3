//! How a recall stands, as both sides see it.

use std::fmt;

use comity_model::matter::{MatterBody, RecallOutcome, Stage};
use jiff::Timestamp;

use crate::ports::MatterRow;

/// How a recall stands: what the partner said of it. Whether that was late is said beside it ([`is_late`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecallState {
    /// Sealed; no receipt says that the partner has it.
    Sent,
    /// The partner has it, and its time runs.
    Received,
    /// Purged or replaced, there and with every unit and every third party that had it.
    Done,
    /// Gone there; some unit was not told yet, or some third party has not done it.
    Partial,
    /// A legal hold keeps it, frozen.
    Held,
    /// Not followed, on grounds; or the partner's node did not take it.
    Refused,
    /// Its time is over and nothing was answered.
    Unanswered,
}

impl RecallState {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Held => "held",
            Self::Refused => "refused",
            Self::Unanswered => "unanswered",
        }
    }
}

impl fmt::Display for RecallState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether the partner's time ran out before it closed the recall or said that a legal hold keeps what it names. The clock
/// runs from when the partner received it; both sides say the same, and so do the figures.
pub fn is_late(recall: &MatterRow, now: Timestamp) -> bool {
    recall.clock().is_some_and(|clock| clock.overdue(now))
}

/// How a recall stands at `now`.
pub fn state(recall: &MatterRow, now: Timestamp) -> RecallState {
    if recall.stage() == Stage::NotTaken {
        return RecallState::Refused;
    }
    let outcome = recall.said().iter().rev().find_map(|it| match &it.body {
        MatterBody::RecallAnswer(body) => Some(body.outcome),
        _ => None,
    });
    let late = is_late(recall, now);
    match (outcome, recall.clock().is_some()) {
        (None, _) if late => RecallState::Unanswered,
        (None, true) => RecallState::Received,
        (None, false) => RecallState::Sent,
        (Some(RecallOutcome::Refused), _) => RecallState::Refused,
        (Some(RecallOutcome::Done), _) => RecallState::Done,
        (Some(RecallOutcome::Partial), _) => RecallState::Partial,
        (Some(RecallOutcome::Held), _) => RecallState::Held,
    }
}
