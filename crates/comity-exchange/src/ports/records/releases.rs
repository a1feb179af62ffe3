//! Releases of this party, from compose to the partner's receipt.

use std::collections::BTreeSet;

use comity_model::derivative::Change;
use comity_model::statement::ReceiptEntry;
use comity_model::{AgreementId, Digest, Folio, OfficerId, ReleaseRecord};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where the bytes of a part are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartContent {
    /// In the row.
    Inline(Vec<u8>),
    /// In the blob with this digest.
    Blob(Digest),
}

/// A part with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPart {
    /// Its name in the pouch.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Where its bytes are.
    pub content: PartContent,
}

/// What was decided about one object at compose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewLine {
    /// The object's id here.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its type.
    pub stix_type: String,
    /// What people recognise it by.
    pub name: Option<String>,
    /// What was decided.
    pub verdict: Verdict,
    /// The properties that were taken out, as JSON pointers in the original.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redacted: Vec<String>,
    /// Why it was withheld.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<PreviewReason>,
    /// The policies that determined the decision.
    pub policies: Vec<String>,
    /// The release of a partner that brought the object; `None` for this party's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Digest>,
}

/// What was decided about an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It goes as it is.
    Released,
    /// A derivative goes.
    Redacted,
    /// It stays.
    Withheld,
}

/// Why an object stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewReason {
    /// A stable word, as `red-line`.
    pub code: String,
    /// The policy, as `red-line:1`.
    pub policy: String,
    /// The property that it hangs on, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// A sentence.
    pub text: String,
}

/// A derivative made at compose, so that the same original has the same derivative next time
/// (docs/protocol.md section 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DerivativeRecord {
    /// Under which agreement.
    pub agreement: AgreementId,
    /// The original's id. It never leaves.
    pub original: String,
    /// The original's version.
    pub original_version: String,
    /// The derivative's id.
    pub derived: String,
    /// Its `created`: when the first derivative of this original was made.
    pub created: Timestamp,
    /// Its `modified`.
    pub modified: Timestamp,
    /// SHA-256 of its bytes without `modified`, by which a change is seen.
    pub content: Digest,
    /// The 32 random bytes that open the commitment.
    pub opening: [u8; 32],
}

/// What an object loses in a release by its clause, kept so that it is looked for in later releases under the same agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LossRecord {
    /// Under which agreement.
    pub agreement: AgreementId,
    /// The object.
    pub original: String,
    /// The version that lost it.
    pub version: String,
    /// SHA-256 of the bytes of that version.
    pub digest: Digest,
    /// What was lost.
    pub changes: Vec<Change>,
    /// Keyed digests by which the names and identifiers among it are found in any text.
    pub traces: BTreeSet<i64>,
    /// The objects that it names, but for its creator and what marks it.
    pub names: Vec<String>,
}

/// A text of an object in which something was masked that a version of another object, or of this one, lost.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MaskRecord {
    /// Under which agreement.
    pub agreement: AgreementId,
    /// The object.
    pub object: String,
    /// The path of the text.
    pub property: String,
    /// Who lost it.
    pub source: String,
    /// The version that did.
    pub version: String,
}

/// Which losses are asked for.
#[derive(Debug, Clone)]
pub struct LossQuery {
    /// Under which agreement.
    pub agreement: AgreementId,
    /// The objects that are being composed.
    pub objects: Vec<String>,
    /// Those that they name.
    pub named: Vec<String>,
    /// By what names and identifiers are looked for.
    pub traces: Traces,
}

/// By what names and identifiers are looked for.
#[derive(Debug, Clone)]
pub enum Traces {
    /// All that were lost under the agreement.
    All,
    /// Those of which one of these digests is.
    Of(BTreeSet<i64>),
}

/// What was lost before.
#[derive(Debug, Clone, Default)]
pub struct Losses {
    /// By the objects, by what they name or what names them, by what a relationship, a sighting, a note or an opinion that is
    /// held names beside them, and what was masked in them.
    pub related: Vec<KnownLoss>,
    /// By any other object of which a name or an identifier may stand in them.
    pub lasting: Vec<KnownLoss>,
    /// Texts of the objects in which something was masked that can't be looked for any more.
    pub gone: Vec<MaskedText>,
}

/// What an object lost, with the bytes of the version that did.
#[derive(Debug, Clone)]
pub struct KnownLoss {
    /// The object.
    pub original: String,
    /// The version.
    pub version: String,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// What was lost.
    pub changes: Vec<Change>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A text of an object in which something was masked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MaskedText {
    /// The object.
    pub object: String,
    /// The path of the text.
    pub property: String,
}

/// A release to be numbered and stored by compose.
#[derive(Debug, Clone)]
pub struct ComposeInput {
    /// Everything but the folio.
    pub template: ReleaseTemplate,
    /// The parts.
    pub parts: Vec<StoredPart>,
    /// What was decided about each object.
    pub preview: Vec<PreviewLine>,
    /// Derivatives that are new or changed.
    pub derivatives: Vec<DerivativeRecord>,
    /// What objects lose by their clause, as far as it was not kept before.
    pub losses: Vec<LossRecord>,
    /// In which texts something of that was masked, or of what was lost before.
    pub masks: Vec<MaskRecord>,
    /// Who composed it.
    pub composer: String,
    /// When.
    pub at: Timestamp,
}

/// A release record that still lacks its folio, which the store gives inside the transaction.
#[derive(Debug, Clone)]
pub struct ReleaseTemplate {
    /// The record; its folio is overwritten.
    pub record: ReleaseRecord,
}

impl ReleaseTemplate {
    /// The record under its folio, and its exact bytes.
    pub fn numbered(&self, folio: Folio) -> Result<(ReleaseRecord, Vec<u8>), serde_json::Error> {
        let record = ReleaseRecord { folio, ..self.record.clone() };
        let bytes = serde_json::to_vec(&record)?;
        Ok((record, bytes))
    }
}

/// A release as kept by the party that gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseRow {
    /// The record.
    pub record: ReleaseRecord,
    /// Its exact bytes, as composed.
    pub bytes: Vec<u8>,
    /// SHA-256 of them: what approvals sign.
    pub digest: Digest,
    /// How far it is.
    pub state: ReleaseState,
    /// The parts.
    pub parts: Vec<StoredPart>,
    /// Who composed it.
    pub composer: String,
    /// The approvals so far.
    pub approvals: Vec<ApprovalRecord>,
    /// The statement, once sealed.
    pub statement: Option<Digest>,
    /// The sequence of that statement.
    pub sequence: Option<u64>,
    /// The receipt entry, once there is one.
    pub receipt: Option<ReceiptEntry>,
}

/// How far a release is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseState {
    /// Composed; approvals are missing.
    Composed,
    /// Approved by as many as the clause demands.
    Approved,
    /// In the record and in the outbox.
    Sealed,
    /// On the partner's disk.
    Delivered,
    /// The receipt is here; the partner's cosignature is not.
    Receipted,
    /// Admitted whole, and cosigned.
    Settled,
    /// Admitted in part, and cosigned.
    SettledPartial,
    /// Refused by the partner, and cosigned.
    Refused,
}

impl ReleaseState {
    /// The word people see.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Composed => "composed",
            Self::Approved => "approved",
            Self::Sealed => "sealed",
            Self::Delivered => "delivered",
            Self::Receipted => "receipted",
            Self::Settled => "settled",
            Self::SettledPartial => "settled-partial",
            Self::Refused => "refused",
        }
    }
}

/// One approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRecord {
    /// The officer.
    pub officer: OfficerId,
    /// What the officer is called here.
    pub name: String,
    /// The certificate: a DSSE envelope as text.
    pub certificate: String,
    /// The approval: a DSSE envelope as text.
    pub approval: String,
    /// When.
    pub at: Timestamp,
}
