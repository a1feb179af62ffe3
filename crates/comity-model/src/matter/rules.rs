//! What may be said in a matter, and how it stands after it.

use super::{
    AdviceAct, AnswerOutcome, ClarificationAct, ConsentDecision, Decided, Entry, MatterBody,
    MatterError, RecallOutcome,
};
use crate::{MatterKind, PartyRoot};

macro_rules! stages {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $closed:literal);+ $(;)?) => {
        /// How a matter stands.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Stage {
            $($(#[$doc])* $variant),+
        }

        impl Stage {
            /// Every stage.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Whether nothing is open any more.
            pub const fn is_closed(self) -> bool {
                match self { $(Self::$variant => $closed),+ }
            }
        }
    };
}

stages! {
    /// Put, and not answered.
    Open = "open", false;
    /// The party that was asked wants to know more, whether it answered in part or not.
    ClarificationAsked = "clarification-asked", false;
    /// Answered in part; more follows.
    Partial = "partial", false;
    /// Answered.
    Answered = "answered", true;
    /// Answered: nothing is held.
    NothingFound = "nothing-found", true;
    /// Refused on grounds.
    Refused = "refused", true;
    /// Taken back by the party that asked.
    Withdrawn = "withdrawn", true;
    /// A proposal was accepted.
    Accepted = "accepted", true;
    /// Declined.
    Declined = "declined", true;
    /// A consent was granted; it can still be withdrawn.
    Granted = "granted", true;
    /// A consent was denied.
    Denied = "denied", true;
    /// Support was offered, or will be given, and is wanted; it is to be given.
    Promised = "promised", false;
    /// Support was given, and is not answered.
    Given = "given", false;
    /// What was given is noted.
    Noted = "noted", true;
    /// What was given is followed.
    Adopted = "adopted", true;
    /// Done.
    Done = "done", true;
    /// Gone there, and not yet with every unit that had it.
    DoneInPart = "done-in-part", false;
    /// A legal hold keeps it.
    Held = "held", false;
    /// Purged.
    Purged = "purged", true;
    /// The other party refused the statement that opened it.
    NotTaken = "not-taken", true;
    /// The agreement was terminated before it was answered, and nothing can be said in it any more.
    Ended = "closed-by-termination", true;
}

impl Stage {
    /// How a matter of this kind stands once the agreement is terminated: what nobody can answer any more is closed by
    /// that. Recalls and purges are answered all the same (docs/protocol.md section 2.4).
    #[must_use]
    pub const fn after_termination(self, kind: MatterKind) -> Self {
        match kind {
            MatterKind::Recall | MatterKind::Purge => self,
            _ if self.is_closed() => self,
            _ => Self::Ended,
        }
    }
}

/// Which of the two parties of a matter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// The one that opened it.
    Opener,
    /// The other.
    Other,
}

/// How far a matter is: its stage, and who is to speak.
#[derive(Clone, Copy)]
struct Standing {
    stage: Stage,
    awaits: Option<Side>,
    /// Whose turn it is to give promised support.
    giver: Side,
    /// Whether a request was answered in part.
    in_part: bool,
    /// Whether the party that was asked waits for a reply to what it asked back.
    asked_back: bool,
    /// Whether it is a dispute: it is answered, and nothing is given.
    disputed: bool,
}

impl Standing {
    /// A request that is not closed, by what was said in it.
    const fn unanswered(self) -> Self {
        let (stage, awaits) = if self.asked_back {
            (Stage::ClarificationAsked, Side::Opener)
        } else if self.in_part {
            (Stage::Partial, Side::Other)
        } else {
            (Stage::Open, Side::Other)
        };
        Self { stage, awaits: Some(awaits), ..self }
    }
}

/// Whether `from` may say `body` to the other party after `entries`, which are all of the matter so far in order. The sender
/// asks before it seals; the receiver before it files.
pub fn accepts(entries: &[Entry], from: PartyRoot, body: &MatterBody) -> Result<(), MatterError> {
    let Some(opening) = entries.first() else {
        return if opens(body) { Ok(()) } else { Err(MatterError::Unknown) };
    };
    let side = if from == opening.from {
        Side::Opener
    } else if from == opening.to {
        Side::Other
    } else {
        return Err(MatterError::Unknown);
    };
    let Some(standing) = fold(entries) else { return Err(MatterError::Unknown) };
    if let (MatterBody::Decision(body), MatterBody::Proposal(_)) = (body, &opening.body)
        && body.statement != opening.statement
    {
        return Err(MatterError::OutOfTurn);
    }
    if let (MatterBody::Advice(body), MatterBody::Advice(first)) = (body, &opening.body)
        && body.topic != first.topic
    {
        return Err(MatterError::OutOfTurn);
    }
    step(standing, side, body).map(|_| ())
}

/// The matter as `speaker` had it when it said what arrives now, out of all that is filed here. The order of a matter is
/// that of the party that did not open it: what the opener said and that party had not acknowledged before it spoke,
/// comes after. What opened the matter was heard, or nobody would answer it.
pub fn as_heard(entries: &[Entry], speaker: PartyRoot) -> Vec<Entry> {
    let Some(opening) = entries.first() else { return Vec::new() };
    let heard = |(number, entry): &(usize, &Entry)| {
        *number == 0
            || speaker == opening.from
            || entry.from == speaker
            || entry.received_at.is_some()
    };
    entries.iter().enumerate().filter(heard).map(|(_, entry)| entry.clone()).collect()
}

/// How a matter stands after `entries`; `None` for no entries, and where the first opens no matter. What does not follow is
/// without effect: it crossed with something that came first, and its receipt will say so.
pub fn stage(entries: &[Entry]) -> Option<Stage> {
    fold(entries).map(|standing| standing.stage)
}

/// Which party is to speak next; `None` where nothing is awaited.
pub fn awaits(entries: &[Entry]) -> Option<PartyRoot> {
    let opening = entries.first()?;
    fold(entries)?.awaits.map(|side| match side {
        Side::Opener => opening.from,
        Side::Other => opening.to,
    })
}

fn fold(entries: &[Entry]) -> Option<Standing> {
    let (opening, rest) = entries.split_first()?;
    let mut standing = begin(&opening.body)?;
    for entry in rest {
        let side = if entry.from == opening.from { Side::Opener } else { Side::Other };
        standing = step(standing, side, &entry.body).unwrap_or(standing);
    }
    Some(standing)
}

fn opens(body: &MatterBody) -> bool {
    begin(body).is_some()
}

/// The standing after the statement that opens a matter; `None` for one that opens none.
fn begin(body: &MatterBody) -> Option<Standing> {
    let at = |stage, awaits, giver| {
        let disputed = matches!(body, MatterBody::Advice(body) if body.act == AdviceAct::Dispute);
        Some(Standing { stage, awaits, giver, in_part: false, asked_back: false, disputed })
    };
    let other = Some(Side::Other);
    match body {
        MatterBody::Request(_)
        | MatterBody::Consent(_)
        | MatterBody::Proposal(_)
        | MatterBody::Recall(_) => at(Stage::Open, other, Side::Other),
        MatterBody::Purge(body) if body.releases.iter().any(|it| it.held > 0) => {
            at(Stage::Held, Some(Side::Opener), Side::Opener)
        }
        MatterBody::Purge(_) => at(Stage::Purged, None, Side::Opener),
        MatterBody::Advice(body) => match body.act {
            AdviceAct::Ask | AdviceAct::Dispute => at(Stage::Open, other, Side::Other),
            AdviceAct::Offer => at(Stage::Open, other, Side::Opener),
            AdviceAct::Give => at(Stage::Given, other, Side::Opener),
            _ => None,
        },
        _ => None,
    }
}

/// The standing after one more statement.
fn step(was: Standing, side: Side, body: &MatterBody) -> Result<Standing, MatterError> {
    let to = |stage: Stage, awaits| Ok(Standing { stage, awaits, ..was });
    let open_for = |expected: Side| {
        if was.stage.is_closed() {
            Err(MatterError::Closed)
        } else if side == expected {
            Ok(())
        } else {
            Err(MatterError::NotYours)
        }
    };
    if opens(body) && !matches!(body, MatterBody::Advice(_) | MatterBody::Purge(_)) {
        return Err(MatterError::Exists);
    }
    match body {
        MatterBody::Clarification(body) => match body.act {
            ClarificationAct::Ask => {
                open_for(Side::Other)?;
                Ok(Standing { asked_back: true, ..was }.unanswered())
            }
            ClarificationAct::Reply => {
                open_for(Side::Opener)?;
                if !was.asked_back {
                    return Err(MatterError::OutOfTurn);
                }
                Ok(Standing { asked_back: false, ..was }.unanswered())
            }
            ClarificationAct::Withdraw => {
                open_for(Side::Opener)?;
                to(Stage::Withdrawn, None)
            }
        },
        MatterBody::Answer(body) => {
            open_for(Side::Other)?;
            match body.outcome {
                // what was asked back is still asked: the rest may hang on it
                AnswerOutcome::Partial => Ok(Standing { in_part: true, ..was }.unanswered()),
                AnswerOutcome::Complete => to(Stage::Answered, None),
                AnswerOutcome::NothingFound => to(Stage::NothingFound, None),
                AnswerOutcome::Refused => to(Stage::Refused, None),
            }
        }
        MatterBody::ConsentAnswer(body) => consent(was, side, body.decision),
        MatterBody::Decision(body) => {
            open_for(Side::Other)?;
            match body.decision {
                Decided::Accepted => to(Stage::Accepted, None),
                Decided::Declined => to(Stage::Declined, None),
            }
        }
        MatterBody::RecallAnswer(body) => {
            open_for(Side::Other)?;
            match body.outcome {
                RecallOutcome::Done => to(Stage::Done, None),
                RecallOutcome::Partial => to(Stage::DoneInPart, Some(Side::Other)),
                RecallOutcome::Held => to(Stage::Held, Some(Side::Other)),
                // what is gone cannot be refused any more
                RecallOutcome::Refused if was.stage == Stage::DoneInPart => {
                    Err(MatterError::OutOfTurn)
                }
                RecallOutcome::Refused => to(Stage::Refused, None),
            }
        }
        MatterBody::Purge(body) => {
            open_for(Side::Opener)?;
            if body.releases.iter().any(|it| it.held > 0) {
                to(Stage::Held, Some(Side::Opener))
            } else {
                to(Stage::Purged, None)
            }
        }
        MatterBody::Advice(body) => advice(was, side, body.act),
        _ => Err(MatterError::Exists),
    }
}

fn consent(was: Standing, side: Side, decision: ConsentDecision) -> Result<Standing, MatterError> {
    if side != Side::Other {
        return Err(MatterError::NotYours);
    }
    let to = |stage| Ok(Standing { stage, awaits: None, ..was });
    match (was.stage, decision) {
        (Stage::Open, ConsentDecision::Granted) => to(Stage::Granted),
        (Stage::Open, ConsentDecision::Denied) => to(Stage::Denied),
        (Stage::Granted, ConsentDecision::Withdrawn) => to(Stage::Withdrawn),
        (Stage::Open, ConsentDecision::Withdrawn) => Err(MatterError::OutOfTurn),
        _ => Err(MatterError::Closed),
    }
}

fn advice(was: Standing, side: Side, act: AdviceAct) -> Result<Standing, MatterError> {
    if was.stage.is_closed() {
        return Err(MatterError::Closed);
    }
    if was.awaits != Some(side) {
        return Err(MatterError::NotYours);
    }
    let flip = |side| if side == Side::Opener { Side::Other } else { Side::Opener };
    let to = |stage, awaits| Ok(Standing { stage, awaits, ..was });
    let answerable = was.stage == Stage::Given || was.disputed;
    match (was.stage, act) {
        (_, AdviceAct::Decline) => to(Stage::Declined, None),
        (_, AdviceAct::Note) if answerable => to(Stage::Noted, None),
        (_, AdviceAct::Adopt) if answerable => to(Stage::Adopted, None),
        // what is disputed is answered, and nothing is given
        _ if was.disputed => Err(MatterError::OutOfTurn),
        (Stage::Open, AdviceAct::Accept) => to(Stage::Promised, Some(was.giver)),
        (Stage::Open, AdviceAct::Give) if was.giver == side => to(Stage::Given, Some(flip(side))),
        (Stage::Promised, AdviceAct::Give) => to(Stage::Given, Some(flip(side))),
        _ => Err(MatterError::OutOfTurn),
    }
}
