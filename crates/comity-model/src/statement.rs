//! Statements: what one party says to another (docs/protocol.md section 3).
//!
//! A payload is JSON, read from its exact bytes once; nothing is printed again to be verified. The kinds are
//! a closed set: a kind outside it can be named in a refusal, and nothing else can be done with it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::{AgreementId, ChannelId, Digest, PartyRoot, StatementId, json};

mod announce;
mod body;

pub use crate::matter::{Decided, DecisionBody, ProposalBody, ProposalSubject};
pub use announce::{Continues, DescriptorBody};
pub use body::{
    CheckpointBody, Outcome, ReceiptBody, ReceiptEntry, RefusedObject, ReleaseBody, SignedApproval,
};

/// The version of the payload's form that this crate writes and reads.
pub const VERSION: u32 = 1;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)?) => {
        /// Everything that can be said. There is no kind that queries, commands, tasks, logs in or runs
        /// anything: invariant closed-set.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Kind {
            $($(#[$doc])* #[serde(rename = $word)] $variant),+
        }

        impl Kind {
            /// The closed set.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The kind that a word on the wire names, or `None`.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

kinds! {
    /// Objects that a party decided to give.
    Release = "release",
    /// What was taken in, and the cosignature over the log it came from.
    Receipt = "receipt",
    /// A demand that a release be purged, corrected or replaced.
    Recall = "recall",
    /// The answer to a recall.
    RecallAnswer = "recall-answer",
    /// That something was purged.
    Purge = "purge",
    /// A request for information.
    Request = "request",
    /// A question about a request.
    Clarification = "clarification",
    /// The answer to a request.
    Answer = "answer",
    /// A question whether something may go on to a third party.
    Consent = "consent",
    /// The answer to that.
    ConsentAnswer = "consent-answer",
    /// Something put to the partner that needs a decision.
    Proposal = "proposal",
    /// The decision on a proposal.
    Decision = "decision",
    /// Technical support.
    Advice = "advice",
    /// An agreement's text and signatures.
    Agreement = "agreement",
    /// A party's new descriptor.
    Descriptor = "descriptor",
    /// An agreement is suspended.
    Suspension = "suspension",
    /// An agreement is ended.
    Termination = "termination",
    /// Cosignatures alone; it has neither sequence nor leaf.
    Checkpoint = "checkpoint",
}

impl Kind {
    /// The kinds that this version of the software understands; a descriptor lists them.
    pub const SPOKEN: &'static [Self] = &[
        Self::Release,
        Self::Receipt,
        Self::Recall,
        Self::RecallAnswer,
        Self::Purge,
        Self::Request,
        Self::Clarification,
        Self::Answer,
        Self::Consent,
        Self::ConsentAnswer,
        Self::Proposal,
        Self::Decision,
        Self::Advice,
        Self::Agreement,
        Self::Descriptor,
        Self::Suspension,
        Self::Termination,
        Self::Checkpoint,
    ];

    /// Whether a statement of this kind has a place in its channel's sequence, and a leaf.
    pub const fn is_sequenced(self) -> bool {
        !matches!(self, Self::Checkpoint)
    }

    /// Whether a statement of this kind is answered by a receipt. Receipts never are.
    pub const fn is_receipted(self) -> bool {
        !matches!(self, Self::Receipt | Self::Checkpoint)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A version of an agreement, by its exact text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementRef {
    /// The agreement.
    pub id: AgreementId,
    /// Its version, from 1.
    pub version: u32,
    /// The digest of the signed text.
    pub digest: Digest,
}

/// One file that travels beside a statement.
///
/// Exactly one of `digest`, `commitment` and `covered_by_root` binds its bytes: a digest where the file holds salts
/// and so cannot be guessed, a commitment under the salt that leads the file, or the release's root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartEntry {
    /// The file's name in the pouch.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// What binds its bytes.
    pub bound_by: Binding,
}

/// What binds the bytes of a part to the statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Binding {
    /// SHA-256 of the bytes.
    Digest(Digest),
    /// HMAC-SHA-256 under the first 32 bytes of the file, of the SHA-256 of the rest.
    Commitment(Digest),
    /// The root in the statement's body covers every object in it.
    Root,
}

/// A payload: what is signed. Members of the body depend on the kind and are read by [`Payload::body`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payload {
    /// [`VERSION`].
    pub v: u32,
    /// The kind, as its word, so that one from outside the closed set can be refused by name.
    pub kind: String,
    /// The statement's id.
    pub id: StatementId,
    /// Random; no two statements share one.
    pub nonce: Nonce,
    /// Who speaks.
    pub from: PartyRoot,
    /// Who is spoken to. Inside the signature, so that a receiver cannot pass a statement off as the sender's
    /// word to somebody else.
    pub to: PartyRoot,
    /// Under which version of which agreement.
    pub agreement: AgreementRef,
    /// The channel's epoch, from 1.
    pub epoch: u32,
    /// The place in the channel, from 0; `None` only for kinds that have none.
    pub sequence: Option<u64>,
    /// The digest of the statement before; `None` for the first, and for kinds without a sequence.
    pub previous: Option<Digest>,
    /// When it was sealed, by the sender's clock.
    pub issued_at: Timestamp,
    /// The files that travel with it.
    pub parts: Vec<PartEntry>,
    /// What it says.
    pub body: Box<RawValue>,
}

/// A payload that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// The bytes are not a payload.
    #[error("the statement is not a payload of version 1: {0}")]
    Malformed(String),
    /// A form of the payload from after this software.
    #[error("the statement has version {0}, and this node reads version 1; update the node")]
    Version(u32),
    /// Sequence or previous stand where they must not, or are missing.
    #[error("the statement's `sequence` and `previous` do not fit its kind")]
    Place,
}

impl PayloadError {
    /// A stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) | Self::Place => "malformed",
            Self::Version(_) => "unknown-version",
        }
    }
}

impl Payload {
    /// Reads a payload from its exact bytes. Unknown and duplicate members are refused, and a list in the place of an
    /// object; the body is only framed.
    pub fn parse(bytes: &[u8]) -> Result<Self, PayloadError> {
        let malformed = |error: &dyn fmt::Display| PayloadError::Malformed(error.to_string());
        let text = std::str::from_utf8(bytes).map_err(|error| malformed(&error))?;
        let payload: Self = serde_json::from_str(text).map_err(|error| malformed(&error))?;
        if !json::is_as_written(text, &payload) {
            // the body is framed alone, and judged by whoever reads it
            let framed = Self { body: RawValue::NULL.to_owned(), ..payload.clone() };
            let due = serde_json::to_value(framed).map_err(|error| malformed(&error))?;
            json::has_the_objects(text, &due).map_err(PayloadError::Malformed)?;
        }
        if payload.v != VERSION {
            return Err(PayloadError::Version(payload.v));
        }
        let sequenced = payload.known_kind().is_none_or(Kind::is_sequenced);
        let fits = match (payload.sequence, payload.previous) {
            (None, None) => !sequenced,
            (Some(0), None) => sequenced,
            (Some(sequence), Some(_)) => sequenced && sequence > 0,
            _ => false,
        };
        if fits { Ok(payload) } else { Err(PayloadError::Place) }
    }

    /// The kind, if it is one of the closed set.
    pub fn known_kind(&self) -> Option<Kind> {
        Kind::from_word(&self.kind)
    }

    /// The channel it belongs to.
    pub const fn channel(&self) -> ChannelId {
        ChannelId { agreement: self.agreement.id, epoch: self.epoch, from: self.from, to: self.to }
    }

    /// Reads the body as that of a kind. As everywhere in a payload an object is written as an object.
    pub fn body<'a, B: Deserialize<'a> + Serialize>(&'a self) -> Result<B, PayloadError> {
        json::read(self.body.get())
            .map_err(|error| PayloadError::Malformed(format!("in `body`: {error}")))
    }
}

/// A statement that has everything but its place in the channel. The store gives it one inside the
/// transaction that seals it, and keeps the bytes that [`Draft::seal`] makes.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: StatementId,
    /// 32 random bytes.
    pub nonce: Nonce,
    /// Its channel.
    pub channel: ChannelId,
    /// The agreement's version.
    pub agreement: AgreementRef,
    /// When it is sealed.
    pub issued_at: Timestamp,
    /// The files that travel with it.
    pub parts: Vec<PartEntry>,
    /// What it says, as JSON text.
    pub body: Box<RawValue>,
}

/// A statement with its place: the exact bytes, which never change again, and their digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The payload's bytes.
    pub bytes: Vec<u8>,
    /// SHA-256 of them: the statement digest.
    pub digest: Digest,
}

impl Draft {
    /// Gives the draft its place: `sequence` and the digest of the statement before it. Kinds without a
    /// sequence take `None`.
    pub fn seal(&self, place: Option<(u64, Option<Digest>)>) -> Result<Sealed, PayloadError> {
        if place.is_some() != self.kind.is_sequenced() {
            return Err(PayloadError::Place);
        }
        let payload = Payload {
            v: VERSION,
            kind: self.kind.as_str().to_owned(),
            id: self.id,
            nonce: self.nonce,
            from: self.channel.from,
            to: self.channel.to,
            agreement: self.agreement,
            epoch: self.channel.epoch,
            sequence: place.map(|(sequence, _)| sequence),
            previous: place.and_then(|(_, previous)| previous),
            issued_at: self.issued_at,
            parts: self.parts.clone(),
            body: self.body.clone(),
        };
        let bytes = serde_json::to_vec(&payload)
            .map_err(|error| PayloadError::Malformed(error.to_string()))?;
        let digest = Digest::of(&bytes);
        Ok(Sealed { bytes, digest })
    }
}

/// 32 random bytes, as standard base64 on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nonce(pub [u8; 32]);

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::digest::to_hex(&self.0))
    }
}

impl Serialize for Nonce {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use base64::Engine as _;
        serializer.serialize_str(&base64::engine::general_purpose::STANDARD.encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Nonce {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use base64::Engine as _;
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        base64::engine::general_purpose::STANDARD
            .decode(text.as_bytes())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("not 32 bytes in base64"))
    }
}

#[cfg(test)]
mod tests;
