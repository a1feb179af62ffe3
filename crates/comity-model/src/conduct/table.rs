//! Every kind of statement in one table: who says it, when, after what, and what the receiving node does unasked.

use super::{Phase, may};
use crate::statement::Kind;

/// Which of the two parties may say something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speaker {
    /// Either of them, at any time.
    Either,
    /// The party to which the matter was opened.
    Asked,
    /// Whichever party of an open matter is to speak.
    InTurn,
    /// The party that gave the release which it names.
    Giver,
    /// The party that received the release which it names.
    Receiver,
}

impl Speaker {
    /// In words.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Either => "either party",
            Self::Asked => "the party that was asked",
            Self::InTurn => "either party, in its turn",
            Self::Giver => "the party that gave the release",
            Self::Receiver => "the party that received the release",
        }
    }
}

/// What the receiving node does with a statement before a person has read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unasked {
    /// Keeps it, and what came with it, where people find it.
    File,
    /// Answers it with a receipt.
    Acknowledge,
    /// Notes that its own statements were answered and cosigned.
    Settle,
    /// Withholds what it names from every reader until people have answered it.
    Freeze,
    /// Says and takes in under the agreement what it then allows.
    Bind,
}

impl Unasked {
    /// In words.
    pub const fn english(self) -> &'static str {
        match self {
            Self::File => "files it",
            Self::Acknowledge => "acknowledges it",
            Self::Settle => "settles what it answers",
            Self::Freeze => "freezes what it names until it is answered",
            Self::Bind => "is bound by it",
        }
    }
}

/// What holds for a kind of statement. Whatever the kind, a node also purges what expired when its time comes, and does
/// nothing else by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The kind.
    pub kind: Kind,
    /// Who may say it.
    pub speaker: Speaker,
    /// After what it follows, in words.
    pub after: &'static str,
    /// What the receiving node does unasked, in order.
    pub unasked: &'static [Unasked],
}

impl Row {
    /// The phases of an agreement in which it may be said.
    pub fn phases(&self) -> impl Iterator<Item = Phase> {
        let kind = self.kind;
        Phase::ALL.into_iter().filter(move |phase| may(kind, *phase).is_ok())
    }
}

/// The row of a kind.
pub const fn row(kind: Kind) -> Row {
    use Speaker::{Asked, Either, Giver, InTurn, Receiver};
    use Unasked::{Acknowledge, Bind, File, Freeze, Settle};
    const FILED: &[Unasked] = &[File, Acknowledge];
    let (speaker, after, unasked) = match kind {
        Kind::Release => (Either, "an approval under a clause of the speaker", FILED),
        Kind::Receipt => (Either, "statements that it consumed", &[Settle] as &[Unasked]),
        Kind::Recall => (Giver, "a release that it gave", &[File, Freeze, Acknowledge] as _),
        Kind::RecallAnswer => (Asked, "an open recall", FILED),
        Kind::Purge => (Receiver, "releases that it received", FILED),
        Kind::Request => (Either, "nothing", FILED),
        Kind::Clarification => (InTurn, "an open request", FILED),
        Kind::Answer => (Asked, "an open request", FILED),
        Kind::Consent => (Receiver, "a release that it received", FILED),
        Kind::ConsentAnswer => (Asked, "an open consent request, or one that was granted", FILED),
        Kind::Proposal => (Either, "nothing", FILED),
        Kind::Decision => (Asked, "an open proposal", FILED),
        Kind::Advice => (InTurn, "nothing, or advice that is open", FILED),
        Kind::Agreement => (Either, "a signature", &[File, Bind, Acknowledge] as _),
        Kind::Descriptor => (Either, "a new serial", &[File, Bind, Acknowledge] as _),
        Kind::Suspension => (
            Either,
            "nothing; a suspension is lifted by the party that made it",
            &[File, Bind, Acknowledge] as _,
        ),
        Kind::Termination => (Either, "nothing", &[File, Bind, Acknowledge] as _),
        Kind::Checkpoint => (Either, "statements that it consumed", &[Settle] as _),
    };
    Row { kind, speaker, after, unasked }
}
