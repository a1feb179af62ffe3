//! How a recall stands, as both sides see it.

use std::fmt;

use comity_model::matter::{MatterBody, RecallOutcome, Stage};
use jiff::Timestamp;

use crate::ports::MatterRow;

/// How a recall stands. What was late is never shown as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecallState {
    /// Sealed; no receipt says that the partner has it.
    Sent,
    /// The partner has it, and its time runs.
    Received,
    /// Purged or replaced in time, there and with every unit that had it.
    Done,
    /// Gone there; some unit or third party was not told yet.
    Partial,
    /// A legal hold keeps it, frozen.
    Held,
    /// Not followed, on grounds; or the partner's node did not take it.
    Refused,
    /// Its time is over and it is not done, or it was done too late.
    Overdue,
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
            Self::Overdue => "overdue",
            Self::Unanswered => "unanswered",
        }
    }
}

impl fmt::Display for RecallState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a recall stands at `now`. The clock runs from when the partner received it to the answer that closes it.
pub fn state(recall: &MatterRow, now: Timestamp) -> RecallState {
    if recall.stage() == Stage::NotTaken {
        return RecallState::Refused;
    }
    let outcome = recall.said().iter().rev().find_map(|it| match &it.body {
        MatterBody::RecallAnswer(body) => Some(body.outcome),
        _ => None,
    });
    let late = recall.clock().is_some_and(|clock| clock.overdue(now));
    match (outcome, recall.clock().is_some()) {
        (None, _) if late => RecallState::Unanswered,
        (None, true) => RecallState::Received,
        (None, false) => RecallState::Sent,
        (Some(RecallOutcome::Refused), _) => RecallState::Refused,
        (Some(_), _) if late => RecallState::Overdue,
        (Some(RecallOutcome::Done), _) => RecallState::Done,
        (Some(RecallOutcome::Partial), _) => RecallState::Partial,
        (Some(RecallOutcome::Held), _) => RecallState::Held,
    }
}
