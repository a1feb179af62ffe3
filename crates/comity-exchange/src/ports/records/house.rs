//! This node, its partners, its officers, its agreements and its journal.

use comity_model::statement::AgreementRef;
use comity_model::{Folio, Handle, OfficerId, PartyRoot};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// This node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRecord {
    /// Its party's nickname.
    pub handle: Handle,
    /// Its party's full name.
    pub name: String,
    /// Its party.
    pub root: PartyRoot,
    /// Whether it is a training node.
    pub exercise: bool,
    /// Its own newest descriptor: the signed envelope, as text.
    pub descriptor: String,
    /// The serial of that descriptor.
    pub serial: u64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyRecord {
    /// The party.
    pub root: PartyRoot,
    /// Its nickname here; unique.
    pub handle: Handle,
    /// Its latest descriptor: the signed envelope, as text.
    pub descriptor: String,
    /// The descriptor's serial.
    pub serial: u64,
    /// When it was imported.
    pub imported_at: Timestamp,
    /// When somebody confirmed its fingerprint; `None`: nothing is accepted from it.
    pub confirmed_at: Option<Timestamp>,
}

/// A version of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementRecord {
    /// Which.
    pub reference: AgreementRef,
    /// The other party.
    pub partner: PartyRoot,
    /// The exact text.
    pub text: String,
    /// The signatures so far: a DSSE envelope as text, whose payload is the text.
    pub envelope: String,
    /// Whether this party signed: from then on no other text takes its place.
    pub ours: bool,
    /// Whether both parties signed.
    pub complete: bool,
    /// Whether its text says that it binds as soon as both parties signed it.
    pub when_signed: bool,
    /// When this text was first stored here.
    pub stored_at: Timestamp,
    /// This party's folio for the agreement, the same for all its versions. The store gives it: `None` in what is to be
    /// stored, and in what an earlier version of the software stored.
    pub folio: Option<Folio>,
}

/// A local officer. The name stays in this node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficerRecord {
    /// The random id that crosses.
    pub id: OfficerId,
    /// What the officer is called here; unique.
    pub name: String,
    /// The office that crosses.
    pub office: String,
    /// The registrar's certificate: a DSSE envelope as text.
    pub certificate: String,
    /// When the officer was registered.
    pub registered_at: Timestamp,
}

/// One line of the journal. The store salts it, numbers it and keeps its leaf hash
/// (docs/protocol.md section 7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// When.
    pub at: Timestamp,
    /// What happened: a word such as `release-sealed`.
    pub event: String,
    /// What it is about: an id, a folio or a digest.
    pub subject: String,
    /// Who did it here: an officer's name, `node`, or a partner's root.
    pub actor: String,
    /// What else is worth keeping, as JSON.
    pub details: serde_json::Value,
}

/// A journal line as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLine {
    /// Counts from 0.
    pub number: u64,
    /// The entry.
    pub entry: JournalEntry,
    /// RFC 6962 leaf hash of SHA-256 over salt and row.
    pub leaf: [u8; 32],
}
