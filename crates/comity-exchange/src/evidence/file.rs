//! The format `comity-proof/1` (docs/protocol.md section 9.2).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_model::statement::Payload;
use comity_pouch::Envelope;
use comity_pouch::dsse::EnvelopeError;
use serde::{Deserialize, Serialize};

use super::container::{FileError, pack, unpack};
use super::form;

/// The first word of a file, and the first member of the document in it.
pub const FORMAT: &str = "comity-proof/1";
/// Bytes of the longest file of evidence.
pub const FILE_LIMIT: usize = 8 << 20;
/// The most descriptors in a file.
pub(super) const DESCRIPTORS: usize = 16;

/// A signed document with its payload in clear: what a DSSE envelope holds (docs/protocol.md section 1.3), without its
/// type, which its place in the file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// The exact payload.
    pub payload: String,
    /// The signatures, each as key id and standard base64, by their key ids.
    #[serde(deserialize_with = "form::signatures")]
    pub signatures: Vec<(String, String)>,
}

impl Signed {
    /// What an envelope holds, the signatures by their key ids; `None` where its payload is not UTF-8.
    pub fn of(envelope: &Envelope) -> Option<Self> {
        let envelope = envelope.clone().in_order();
        let payload = str::from_utf8(envelope.unverified_payload()).ok()?.to_owned();
        let signature = |it: &comity_pouch::dsse::Signature| {
            (it.key_id().to_owned(), STANDARD.encode(it.bytes()))
        };
        Some(Self { payload, signatures: envelope.signatures().iter().map(signature).collect() })
    }

    /// The envelope of the type that is due. Nothing is verified.
    pub fn envelope(&self, payload_type: &str) -> Result<Envelope, EnvelopeError> {
        let mut signatures = Vec::with_capacity(self.signatures.len().min(8));
        for (key_id, signature) in &self.signatures {
            let bytes = STANDARD.decode(signature);
            let bytes = bytes.map_err(|_| EnvelopeError::Base64("signature"))?;
            signatures.push((key_id.clone(), bytes));
        }
        Envelope::assemble(payload_type, self.payload.clone().into_bytes(), signatures)
    }
}

/// A statement and the proof of its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The statement.
    pub statement: Signed,
    /// That it stands in the log of its channel (C2SP tlog-proof).
    pub proof: String,
}

/// What a file of evidence holds. That it is read says nothing about what it proves: [`check`](super::check) does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    format: String,
    /// The descriptors of both parties, as in force where the statements and the checkpoints stand: those of who speaks
    /// first, of each by serial.
    #[serde(deserialize_with = "form::descriptors")]
    pub descriptors: Vec<Signed>,
    /// The agreement that the statement cites, signed by both; left out where its text is not to be shown.
    pub agreement: Option<Signed>,
    /// The statement.
    pub statement: Signed,
    /// That it stands in the log of its channel, under a checkpoint that the receiver cosigned (C2SP tlog-proof).
    pub proof: String,
    /// The receipt that answers it, in the receiver's channel; none for what is not receipted, or not yet.
    pub receipt: Option<Answer>,
}

impl Evidence {
    /// Evidence of these documents.
    pub fn new(
        descriptors: Vec<Signed>,
        agreement: Option<Signed>,
        about: Answer,
        receipt: Option<Answer>,
    ) -> Self {
        let Answer { statement, proof } = about;
        Self { format: FORMAT.to_owned(), descriptors, agreement, statement, proof, receipt }
    }

    /// Reads a file: its digest, one document in its one form, within the bounds.
    ///
    /// # Errors
    /// [`FileError`], which says what of the form is broken.
    pub fn parse(file: &[u8]) -> Result<Self, FileError> {
        Self::from_document(&unpack(FORMAT, file, FILE_LIMIT)?)
    }

    /// Reads the document inside a file, which must be in its one form. The lines under its notes and the order of its
    /// parties are [`check`](super::check)'s to judge, which knows whose keys they are.
    pub fn from_document(document: &[u8]) -> Result<Self, FileError> {
        let evidence: Self = form::read(FORMAT, document)?;
        if evidence.format != FORMAT {
            let why = "`format` says something else".to_owned();
            return Err(FileError::Malformed { format: FORMAT, why });
        }
        form::all_in_order("descriptors", &evidence.descriptors)?;
        if let Some(agreement) = &evidence.agreement {
            form::in_order(format_args!("agreement"), agreement)?;
        }
        form::in_order(format_args!("statement"), &evidence.statement)?;
        if let Some(receipt) = &evidence.receipt {
            form::in_order(format_args!("receipt.statement"), &receipt.statement)?;
        }
        Ok(evidence)
    }

    /// The names of the parts that travelled with the statement, as far as it can be read. Nothing is verified.
    pub fn part_names(&self) -> Vec<String> {
        let payload = Payload::parse(self.statement.payload.as_bytes());
        payload.map_or_else(|_| Vec::new(), |it| it.parts.into_iter().map(|it| it.name).collect())
    }

    /// The document, in its one form.
    pub fn to_document(&self) -> Vec<u8> {
        // Texts and lists of texts always serialise.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        pack(FORMAT, &self.to_document())
    }
}
