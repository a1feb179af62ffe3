//! Matters: requests, proposals, advice, consents, recalls and purges between two parties.
//!
//! A matter is the sequence of its statements in the record and nothing else. Its state is computed from them by
//! [`stage`], by the same function on both sides, so that both always see the same; and what may be said next is judged
//! by [`accepts`], by the sender before it seals and by the receiver before it files.
//!
//! Two parties may speak at the same moment, and one order must hold on both sides: that of the party that did not open the
//! matter (docs/protocol.md section 4.9). [`as_heard`] is how the opener finds it.

use jiff::{SignedDuration, Timestamp};
use serde_json::value::RawValue;

use crate::statement::{Kind, Payload, PayloadError};
use crate::{Digest, Folio, MatterId, MatterKind, PartyRoot, Refusal};

mod body;
mod bounds;
mod recall;
pub mod reciprocity;
mod rules;

pub use body::{
    AdviceAct, AdviceBody, AdviceTopic, AnswerBody, AnswerOutcome, ClarificationAct,
    ClarificationBody, ConsentAnswerBody, ConsentBody, ConsentDecision, Decided, DecisionBody,
    Grounds, OnwardCount, ProposalBody, ProposalSubject, PurgeBody, PurgeCause, PurgedRelease,
    RecallAction, RecallAnswerBody, RecallBody, RecallOutcome, RequestBody, Sought, Urgency,
};
pub use recall::corrects;
pub use rules::{Stage, accepts, as_heard, awaits, stage};

macro_rules! bodies {
    ($($variant:ident($body:ident, $id:ident, $matter:ident, $text:expr)),+ $(,)?) => {
        /// The body of a statement that belongs to a matter.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum MatterBody {
            $(#[doc = concat!("A `", stringify!($variant), "`.")] $variant($body)),+
        }

        $(impl From<$body> for MatterBody {
            fn from(body: $body) -> Self {
                Self::$variant(body)
            }
        })+

        impl MatterBody {
            /// The kind of statement that has this body.
            pub const fn kind(&self) -> Kind {
                match self { $(Self::$variant(_) => Kind::$variant),+ }
            }

            /// The matter it belongs to.
            pub const fn matter(&self) -> MatterId {
                match self { $(Self::$variant(body) => body.$id),+ }
            }

            /// Its number at the party that says it.
            pub const fn folio(&self) -> &Folio {
                match self { $(Self::$variant(body) => &body.folio),+ }
            }

            /// Gives it its number.
            pub fn set_folio(&mut self, folio: Folio) {
                match self { $(Self::$variant(body) => body.folio = folio),+ }
            }

            /// Whether a text travels with it.
            pub fn text_rule(&self) -> TextRule {
                match self { $(Self::$variant(body) => { let rule: fn(&$body) -> TextRule = $text; rule(body) }),+ }
            }

            /// As JSON text, the exact body of the statement.
            pub fn to_raw(&self) -> Result<Box<RawValue>, PayloadError> {
                let raw = match self { $(Self::$variant(body) => serde_json::value::to_raw_value(body)),+ };
                raw.map_err(|error| PayloadError::Malformed(error.to_string()))
            }

            /// Reads the body of a kind; `None` for kinds that belong to no matter. Everything that
            /// can be judged without the record is: ids of the right kind, bounds, contradictions.
            pub fn read(kind: Kind, json: &RawValue) -> Option<Result<Self, PayloadError>> {
                let read = match kind {
                    $(Kind::$variant => crate::json::read::<$body>(json.get()).map(Self::$variant),)+
                    _ => return None,
                };
                let malformed = |what: String| PayloadError::Malformed(format!("in `body`: {what}"));
                Some(read.map_err(malformed).and_then(|body| {
                    let matter_kind = match &body { $(Self::$variant(_) => MatterKind::$matter),+ };
                    if body.matter().kind() != matter_kind {
                        return Err(malformed(format!("the matter is no {}", matter_kind.as_str())));
                    }
                    body.check().map_err(malformed)?;
                    Ok(body)
                }))
            }
        }
    };
}

bodies! {
    Request(RequestBody, request, Request, |_| TextRule::Required),
    Clarification(ClarificationBody, request, Request, |it| match it.act {
        ClarificationAct::Withdraw => TextRule::Optional,
        ClarificationAct::Ask | ClarificationAct::Reply => TextRule::Required,
    }),
    Answer(AnswerBody, request, Request, |_| TextRule::Optional),
    Consent(ConsentBody, consent, Consent, |_| TextRule::Optional),
    ConsentAnswer(ConsentAnswerBody, consent, Consent, |_| TextRule::Optional),
    Proposal(ProposalBody, proposal, Proposal, |_| TextRule::WithAttachments),
    Decision(DecisionBody, proposal, Proposal, |_| TextRule::Required),
    Advice(AdviceBody, advice, Advice, |it| match it.act {
        AdviceAct::Note | AdviceAct::Adopt | AdviceAct::Accept => TextRule::Optional,
        AdviceAct::Give => TextRule::WithAttachments,
        _ => TextRule::Required,
    }),
    Recall(RecallBody, recall, Recall, |_| TextRule::Optional),
    RecallAnswer(RecallAnswerBody, recall, Recall, |_| TextRule::Optional),
    Purge(PurgeBody, purge, Purge, |_| TextRule::None),
}

impl MatterBody {
    /// Reads the body of a payload whose kind belongs to a matter.
    pub fn of(payload: &Payload) -> Option<Result<Self, PayloadError>> {
        Self::read(payload.known_kind()?, &payload.body)
    }

    /// On what it rests and why, where it says so.
    pub const fn grounds(&self) -> Option<&Grounds> {
        match self {
            Self::Answer(body) => Some(&body.grounds),
            Self::ConsentAnswer(body) => Some(&body.grounds),
            Self::Recall(body) => Some(&body.grounds),
            Self::RecallAnswer(body) => Some(&body.grounds),
            Self::Purge(body) => Some(&body.grounds),
            _ => None,
        }
    }
}

/// Which parts travel with a statement of a matter (docs/protocol.md section 3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextRule {
    /// None.
    None,
    /// A salted text, or none.
    Optional,
    /// A salted text.
    Required,
    /// A salted text, and up to [`MAX_ATTACHMENTS`] salted files after it.
    WithAttachments,
}

/// The most files that travel with a statement.
pub const MAX_ATTACHMENTS: usize = 16;

/// One statement of a matter, as both parties have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who said it.
    pub from: PartyRoot,
    /// To whom.
    pub to: PartyRoot,
    /// The digest of the statement.
    pub statement: Digest,
    /// Its `issued_at`.
    pub at: Timestamp,
    /// When the other party received it, as its receipt says; `None` while no receipt is here.
    pub received_at: Option<Timestamp>,
    /// What it says.
    pub body: MatterBody,
}

/// Why something may not be said in a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MatterError {
    /// It answers what is not on record.
    #[error("there is no such matter with this partner")]
    Unknown,
    /// A matter is opened whose id is on record.
    #[error("a matter with this id is on record already")]
    Exists,
    /// The matter is closed.
    #[error("the matter is closed; begin a new one")]
    Closed,
    /// The other party is to say this.
    #[error(
        "it is for the other party to say this; the `show` of the same command says what was said and who is to speak"
    )]
    NotYours,
    /// It does not follow from what was said.
    #[error(
        "this does not follow from what was said before in the matter; its `show` says how it stands and what is awaited"
    )]
    OutOfTurn,
}

impl MatterError {
    /// The code with which a receiver refuses it.
    pub const fn refusal(self) -> Refusal {
        match self {
            Self::Unknown => Refusal::MatterUnknown,
            Self::Exists => Refusal::MatterExists,
            Self::Closed => Refusal::MatterClosed,
            Self::NotYours => Refusal::MatterNotYours,
            Self::OutOfTurn => Refusal::MatterOutOfTurn,
        }
    }
}

/// The clock of a request or a recall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// From when it runs: when the partner received it.
    pub from: Timestamp,
    /// Until when an answer is due that closes the matter, or says that a legal hold keeps what is recalled.
    pub due: Timestamp,
    /// When the first such answer was issued.
    pub answered: Option<Timestamp>,
}

impl Clock {
    /// Whether the answer is, or was, late at `now`.
    pub fn overdue(&self, now: Timestamp) -> bool {
        self.answered.unwrap_or(now) > self.due
    }
}

/// The clock of a matter; `None` where it has none, or where the partner has not received it.
pub fn clock(entries: &[Entry]) -> Option<Clock> {
    let opening = entries.first()?;
    let hours = match &opening.body {
        MatterBody::Request(body) => body.hours,
        MatterBody::Recall(body) => body.hours,
        _ => return None,
    };
    let from = opening.received_at?;
    let due = from.checked_add(SignedDuration::from_hours(i64::from(hours))).ok()?;
    // what a legal hold keeps was answered: the law holds it, not the party
    let answers = |stage: Stage| stage.is_closed() || stage == Stage::Held;
    let closing = (1..=entries.len())
        .find(|count| entries.get(..*count).and_then(stage).is_some_and(answers));
    let answered = closing.and_then(|count| entries.get(count - 1)).map(|entry| entry.at);
    Some(Clock { from, due, answered })
}

#[cfg(test)]
mod tests;
