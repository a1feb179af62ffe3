//! Every kind of statement in one table: who says it, when, after what, and what the receiving node does unasked.

use super::{Phase, may};
use crate::matter::TextRule;
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

/// How often a salted text travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Text {
    /// With every statement of the kind.
    Always,
    /// Where its speaker wants one.
    Optional,
    /// With some of them always and with others where the speaker wants one, as the body says what it does.
    ByAct,
}

/// Which parts travel with a statement (docs/protocol.md section 3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Parts {
    /// None.
    None,
    /// The manifest and the objects.
    Release,
    /// The signed text of an agreement.
    Signed,
    /// A salted text, and salted files beside it where `files`.
    Salted {
        /// How often the text does.
        text: Text,
        /// Whether files may.
        files: bool,
    },
}

impl Parts {
    /// In words, with the names of the parts as Markdown.
    pub const fn english(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Release => "`manifest.jsonl`, `objects.jsonl`",
            Self::Signed => "the signed file",
            Self::Salted { text: Text::Always, files: false } => "`text.salted`",
            Self::Salted { text: Text::Optional, files: false } => "`text.salted` or none",
            Self::Salted { text: Text::ByAct, files: false } => {
                "`text.salted`; in some acts it may be left out"
            }
            Self::Salted { text: Text::Always, files: true } => {
                "`text.salted`, up to 16 salted files"
            }
            Self::Salted { text: Text::Optional, files: true } => {
                "`text.salted` or none, up to 16 salted files"
            }
            Self::Salted { text: Text::ByAct, files: true } => {
                "`text.salted`; in some acts it may be left out, in some salted files follow"
            }
        }
    }

    /// Whether a statement whose body has this rule can be of the kind.
    pub const fn allow(self, rule: TextRule) -> bool {
        match (self, rule) {
            (Self::None, TextRule::None) => true,
            (Self::Salted { text, .. }, TextRule::Optional) => !matches!(text, Text::Always),
            (Self::Salted { text, .. }, TextRule::Required) => !matches!(text, Text::Optional),
            (Self::Salted { files, .. }, TextRule::WithAttachments) => files,
            _ => false,
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
    /// What travels with it.
    pub parts: Parts,
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
    const BOUND: &[Unasked] = &[File, Bind, Acknowledge];
    const FROZEN: &[Unasked] = &[File, Freeze, Acknowledge];
    const SETTLED: &[Unasked] = &[Settle];
    const TEXT: Parts = Parts::Salted { text: Text::Always, files: false };
    const MAYBE: Parts = Parts::Salted { text: Text::Optional, files: false };
    const BY_ACT: Parts = Parts::Salted { text: Text::ByAct, files: false };
    const GIVEN: Parts = Parts::Salted { text: Text::ByAct, files: true };
    const PUT: Parts = Parts::Salted { text: Text::Always, files: true };
    let (speaker, after, parts, unasked) = match kind {
        Kind::Release => (Either, "approvals under a clause of the speaker", Parts::Release, FILED),
        Kind::Receipt | Kind::Checkpoint => {
            (Either, "statements that it consumed", Parts::None, SETTLED)
        }
        Kind::Recall => (Giver, "a release that it gave", MAYBE, FROZEN),
        Kind::RecallAnswer => (Asked, "an open recall", MAYBE, FILED),
        Kind::Purge => (Receiver, "releases that it received", Parts::None, FILED),
        Kind::Request => (Either, "nothing", TEXT, FILED),
        Kind::Clarification => (InTurn, "an open request", BY_ACT, FILED),
        Kind::Answer => (Asked, "an open request", MAYBE, FILED),
        Kind::Consent => (Receiver, "a release that it received", MAYBE, FILED),
        Kind::ConsentAnswer => {
            (Asked, "an open consent request, or one that was granted", MAYBE, FILED)
        }
        Kind::Proposal => (Either, "nothing", PUT, FILED),
        Kind::Decision => (Asked, "an open proposal", TEXT, FILED),
        Kind::Advice => (InTurn, "nothing, or advice that is open", GIVEN, FILED),
        Kind::Agreement => (Either, "a signature of the speaker", Parts::Signed, BOUND),
        Kind::Descriptor => (Either, "a new serial", Parts::None, BOUND),
        Kind::Suspension => {
            (Either, "nothing; a suspension is lifted by the party that made it", MAYBE, BOUND)
        }
        Kind::Termination => (Either, "nothing", MAYBE, BOUND),
    };
    Row { kind, speaker, after, parts, unasked }
}
