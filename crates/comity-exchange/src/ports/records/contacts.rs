//! Contacts outside the system, and the reports on them and on what was exchanged. None of it ever crosses.

use comity_model::statement::Kind;
use comity_model::{ContactId, Digest, Folio, MatterId, PartyRoot};
use jiff::Timestamp;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// A contact with a partner outside the system. People stand in it as offices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Which.
    pub id: ContactId,
    /// With whom.
    pub partner: PartyRoot,
    /// How.
    pub kind: ContactKind,
    /// When it took place.
    pub at: Timestamp,
    /// The offset from UTC with which that was entered, by which reports give the day and the hour.
    pub offset: Offset,
    /// This party's office.
    pub our_office: String,
    /// The partner's.
    pub their_office: String,
    /// What it was about, in a line.
    pub subject: String,
    /// What was said.
    pub said: String,
    /// The office that authorised it.
    pub authorised_by: String,
    /// The reference of the authorisation.
    pub authorisation: String,
    /// When it was entered.
    pub recorded_at: Timestamp,
}

/// How a contact took place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContactKind {
    /// A call.
    Call,
    /// A meeting.
    Meeting,
    /// A letter or a note.
    Letter,
    /// An electronic message.
    Message,
    /// Anything else.
    Other,
}

impl ContactKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Call, Self::Meeting, Self::Letter, Self::Message, Self::Other];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Meeting => "meeting",
            Self::Letter => "letter",
            Self::Message => "message",
            Self::Other => "other",
        }
    }
}

/// A contact as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// Its number in this node.
    pub folio: Folio,
    /// What was entered.
    pub contact: Contact,
    /// The matters to which it is linked, in the order in which it was.
    pub links: Vec<MatterId>,
    /// The reports on it, oldest first.
    pub reports: Vec<ReportRow>,
}

/// Which contacts to list. Every condition must hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ContactQuery {
    /// With this partner.
    pub partner: Option<PartyRoot>,
    /// Linked to this matter.
    pub matter: Option<MatterId>,
    /// At most so many, newest first.
    pub limit: u32,
}

/// What a report is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reported {
    /// A contact.
    Contact(ContactId),
    /// A statement that was given or received.
    Statement(Digest),
}

/// A report that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// On what.
    pub on: Reported,
    /// By which template.
    pub template: String,
    /// When.
    pub at: Timestamp,
    /// Who wrote it here.
    pub by: String,
    /// SHA-256 of its text.
    pub digest: Digest,
}

/// Of what reports are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreportedQuery {
    /// By which template.
    pub template: String,
    /// Whether contacts ask for one.
    pub contacts: bool,
    /// The kinds of statements that ask for one.
    pub kinds: Vec<Kind>,
    /// At most so many, oldest first.
    pub limit: u32,
}

/// Something on which there is no report by a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreported {
    /// What.
    pub on: Reported,
    /// When it took place: the contact, the sealing of a statement of this party, or the reception of the partner's.
    pub at: Timestamp,
}
