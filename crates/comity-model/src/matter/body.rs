//! What is said in matters: the bodies of their statements (docs/protocol.md section 3).
//!
//! No body holds free text about content or a person's name: texts travel as salted parts beside the statement.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Digest, Folio, MatterId, PartyRoot, UseCode};

/// On what something rests and why it was done: entries of the lists that the agreement gives.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grounds {
    /// Legal bases, word for word as the agreement or the clause lists them.
    pub legal_basis: Vec<String>,
    /// The ids of reasons that the agreement lists for the act.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

/// Declares a closed list of words that is written and read in one form.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// Every word of the list.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];

            /// The word as it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words!(
    /// How urgent a request is, most urgent first.
    Urgency {
        /// A life or a consignment in motion.
        Urgent = "urgent",
        /// Ahead of the rest.
        Priority = "priority",
        /// In its turn.
        Routine = "routine",
    }
);

impl Urgency {
    /// The hours in which a request is answered where the agreement says nothing: 8, 72 or 168.
    pub const fn default_hours(self) -> u32 {
        match self {
            Self::Urgent => 8,
            Self::Priority => 72,
            Self::Routine => 168,
        }
    }
}

/// A `request` for information. What is asked is the salted text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestBody {
    /// The request.
    pub request: MatterId,
    /// Its number at the party that asks.
    pub folio: Folio,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Hours from reception to the answer: what the agreement says for the urgency, 1 to 8,760.
    pub hours: u32,
    /// For which purpose, as clauses name purposes.
    pub purpose: String,
    /// STIX types that would answer it; may be empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// On what it rests.
    pub legal_basis: Vec<String>,
}

words!(
    /// What a clarification does.
    ClarificationAct {
        /// The party that was asked wants to know more. Text required.
        Ask = "ask",
        /// The party that asked explains. Text required.
        Reply = "reply",
        /// The party that asked needs no answer any more.
        Withdraw = "withdraw",
    }
);

/// A `clarification` of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClarificationBody {
    /// The request.
    pub request: MatterId,
    /// Its number at the party that says it.
    pub folio: Folio,
    /// What it does.
    pub act: ClarificationAct,
}

words!(
    /// What an answer to a request is.
    AnswerOutcome {
        /// All that can be given.
        Complete = "complete",
        /// Some of it; more follows.
        Partial = "partial",
        /// Nothing is held that answers it.
        NothingFound = "nothing-found",
        /// It is not answered, on grounds.
        Refused = "refused",
    }
);

/// An `answer` to a request. Information in it travels as releases of the same channel, sealed before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// The request.
    pub request: MatterId,
    /// Its number at the party that answers.
    pub folio: Folio,
    /// What it is.
    pub outcome: AnswerOutcome,
    /// The digests of the release statements that it consists of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub releases: Vec<Digest>,
    /// On what it rests, and why.
    pub grounds: Grounds,
}

/// A `consent` request: may something that the partner released go on to a third party, or be used for more than it was
/// given for (docs/protocol.md section 3.13)?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ConsentWire", into = "ConsentWire")]
pub struct ConsentBody {
    /// The request.
    pub consent: MatterId,
    /// Its number at the party that asks.
    pub folio: Folio,
    /// The digest of the release statement that brought the objects.
    pub release: Digest,
    /// The ids of the objects, as they were released; never empty.
    pub objects: Vec<String>,
    /// What is asked for them.
    pub sought: Sought,
}

/// What a consent request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// That they go on.
    Onward {
        /// To whom they would go.
        third_party: PartyRoot,
        /// What that party calls itself: an authority's name, 1 to 200 characters.
        name: String,
        /// For which purpose.
        purpose: String,
    },
    /// That the party that asks may use them so, beside the uses under which they were given.
    Use(UseCode),
}

/// The members of a `consent` body as they are written.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConsentWire {
    consent: MatterId,
    folio: Folio,
    release: Digest,
    objects: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    third_party: Option<PartyRoot>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    third_party_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    use_code: Option<UseCode>,
}

impl TryFrom<ConsentWire> for ConsentBody {
    type Error = &'static str;

    fn try_from(wire: ConsentWire) -> Result<Self, Self::Error> {
        let sought = match (wire.third_party, wire.third_party_name, wire.purpose, wire.use_code) {
            (Some(third_party), Some(name), Some(purpose), None) => {
                Sought::Onward { third_party, name, purpose }
            }
            (None, None, None, Some(use_code)) => Sought::Use(use_code),
            _ => {
                return Err(
                    "a consent request has `third_party`, `third_party_name` and `purpose`, or `use` alone",
                );
            }
        };
        let ConsentWire { consent, folio, release, objects, .. } = wire;
        Ok(Self { consent, folio, release, objects, sought })
    }
}

impl From<ConsentBody> for ConsentWire {
    fn from(body: ConsentBody) -> Self {
        let ConsentBody { consent, folio, release, objects, sought } = body;
        let (third_party, third_party_name, purpose, use_code) = match sought {
            Sought::Onward { third_party, name, purpose } => {
                (Some(third_party), Some(name), Some(purpose), None)
            }
            Sought::Use(use_code) => (None, None, None, Some(use_code)),
        };
        Self { consent, folio, release, objects, third_party, third_party_name, purpose, use_code }
    }
}

words!(
    /// The answer to a consent request.
    ConsentDecision {
        /// The objects may go to that party for that purpose, or be used so.
        Granted = "granted",
        /// They may not.
        Denied = "denied",
        /// A consent that was granted ends; what went before it stays.
        Withdrawn = "withdrawn",
    }
);

/// A `consent-answer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentAnswerBody {
    /// The request.
    pub consent: MatterId,
    /// Its number at the party that answers.
    pub folio: Folio,
    /// The answer.
    pub decision: ConsentDecision,
    /// When a granted consent ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// On what it rests, and why.
    pub grounds: Grounds,
}

words!(
    /// What a proposal is about. That joint operations can be proposed is what lets them be declined on the record; no
    /// accepted statement makes a node act (invariant operations-unrepresentable).
    ProposalSubject {
        /// A joint operation.
        JointOperation = "joint-operation",
        /// A change of the agreement.
        Amendment = "amendment",
        /// Technical support.
        TechnicalSupport = "technical-support",
        /// Anything else.
        Other = "other",
    }
);

/// A `proposal`. Its text is the salted part; attachments are salted files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposalBody {
    /// The proposal.
    pub proposal: MatterId,
    /// Its number at the party that puts it.
    pub folio: Folio,
    /// What it is about.
    pub subject: ProposalSubject,
    /// The partner's proposal that this one counters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<MatterId>,
    /// The earlier proposal of the same party that this one puts again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<MatterId>,
    /// On what it rests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legal_basis: Vec<String>,
}

words!(
    /// What was decided about a proposal.
    Decided {
        /// Accepted: it may lead to a draft that both must still sign, and to nothing else.
        Accepted = "accepted",
        /// Declined.
        Declined = "declined",
    }
);

/// A `decision` on a proposal. Its grounds in words are the salted text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionBody {
    /// The proposal decided.
    pub proposal: MatterId,
    /// The digest of the statement that put it.
    pub statement: Digest,
    /// The decision's number at the party that decides.
    pub folio: Folio,
    /// What was decided.
    pub decision: Decided,
    /// The office that decided, 1 to 80 characters.
    pub office: String,
    /// The legal basis, from the agreement's list.
    pub legal_basis: Vec<String>,
    /// The ids of reasons that the agreement lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

words!(
    /// What a statement about technical support does.
    AdviceAct {
        /// Support is asked for.
        Ask = "ask",
        /// Support is offered.
        Offer = "offer",
        /// What was asked for will be given, or what was offered is wanted.
        Accept = "accept",
        /// It will not be given, or is not wanted, or what was given is not followed.
        Decline = "decline",
        /// The support itself: text and attachments. Data, never code; it binds nobody.
        Give = "give",
        /// What was given is noted.
        Note = "noted",
        /// What was given is followed.
        Adopt = "adopted",
        /// Something that was said or done is disputed.
        Dispute = "dispute",
    }
);

words!(
    /// What technical support is about.
    AdviceTopic {
        /// Courses of action.
        CourseOfAction = "course-of-action",
        /// Laboratory reports.
        LaboratoryReport = "laboratory-report",
        /// Reference tables.
        ReferenceTable = "reference-table",
        /// Training material.
        TrainingMaterial = "training-material",
        /// A dispute over the record, a release or a term.
        Dispute = "dispute",
        /// Anything else.
        Other = "other",
    }
);

/// An `advice`. Its text is the salted part; attachments are salted files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdviceBody {
    /// The matter.
    pub advice: MatterId,
    /// Its number at the party that says it.
    pub folio: Folio,
    /// What it does.
    pub act: AdviceAct,
    /// What it is about; the same through the matter.
    pub topic: AdviceTopic,
    /// The statement that is disputed, for a dispute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Digest>,
}

words!(
    /// What a recall asks for.
    RecallAction {
        /// That the objects be purged.
        Purge = "purge",
        /// That they be corrected: the replacement holds new versions of them.
        Correct = "correct",
        /// That they be replaced by the objects of the replacement.
        Replace = "replace",
    }
);

/// A `recall`: a signed request, not a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecallBody {
    /// The recall.
    pub recall: MatterId,
    /// Its number at the party that recalls.
    pub folio: Folio,
    /// The digest of the release statement.
    pub release: Digest,
    /// The ids of the objects, as they were released; empty for all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<String>,
    /// What is asked for.
    pub action: RecallAction,
    /// The release statement that corrects or replaces, sealed before in the same channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<Digest>,
    /// Hours from reception to the answer: what the agreement says for urgent requests.
    pub hours: u32,
    /// On what it rests, and why.
    pub grounds: Grounds,
}

words!(
    /// What became of a recall.
    RecallOutcome {
        /// The objects are gone, or replaced, here and with every unit that had them.
        Done = "done",
        /// They are gone here; some unit was not told, or they are not gone with some third party.
        Partial = "partial",
        /// A legal hold keeps them; they are frozen.
        Held = "held",
        /// It is not followed, on grounds.
        Refused = "refused",
    }
);

/// A `recall-answer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecallAnswerBody {
    /// The recall.
    pub recall: MatterId,
    /// Its number at the party that answers.
    pub folio: Folio,
    /// What became of it.
    pub outcome: RecallOutcome,
    /// Objects purged or replaced.
    pub purged: u64,
    /// Objects that a legal hold keeps.
    pub held: u64,
    /// Objects that were gone before, for another reason than the recall.
    pub gone: u64,
    /// Units of the party that had any of them. Which ones stays in its journal.
    pub units: u64,
    /// Units that were told.
    pub told: u64,
    /// What became of them at third parties.
    pub onward: OnwardCount,
    /// On what it rests, and why.
    pub grounds: Grounds,
}

/// Third parties to whom recalled objects went on by consent, counted: which they are is not said. Of those told, the ones
/// that are counted neither in `done` nor in `in_part` nor in `refused` are silent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnwardCount {
    /// Third parties to whom any of them went.
    pub parties: u64,
    /// Of these, those to whom the recall was passed on.
    pub told: u64,
    /// Of those told, the ones that answered that it is done.
    pub done: u64,
    /// Of those told, the ones that answered that some of it is kept, by a legal hold, a unit or another party.
    pub in_part: u64,
    /// Of those told, the ones that refused it.
    pub refused: u64,
}

impl OnwardCount {
    /// Of those told, the ones that did not answer.
    pub const fn silent(&self) -> u64 {
        let answered = self.done.saturating_add(self.in_part).saturating_add(self.refused);
        self.told.saturating_sub(answered)
    }

    /// Whether it is gone at every third party.
    pub const fn is_done(&self) -> bool {
        self.done == self.parties
    }
}

words!(
    /// Why something was purged.
    PurgeCause {
        /// Its retention ended.
        Retention = "retention",
        /// The agreement ended, and its terms say so.
        Termination = "termination",
        /// The receiver needed it no more.
        NoNeed = "no-need",
    }
);

/// What became of the objects of one release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurgedRelease {
    /// The digest of the release statement.
    pub release: Digest,
    /// Objects purged.
    pub purged: u64,
    /// Objects whose time came and that a legal hold keeps.
    pub held: u64,
    /// Objects that remain because their time has not come.
    pub remaining: u64,
}

/// A `purge` statement. While anything is held, another one of the same matter follows when it is let go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurgeBody {
    /// The matter.
    pub purge: MatterId,
    /// Its number at the party that purged.
    pub folio: Folio,
    /// Why.
    pub cause: PurgeCause,
    /// What, by release; 1 to 1,000.
    pub releases: Vec<PurgedRelease>,
    /// On what it rests, and why; for what is held, on what the hold rests.
    pub grounds: Grounds,
}
