//! The format `comity-proof/1` (docs/protocol.md section 9.2).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_model::statement::Payload;
use comity_pouch::Envelope;
use comity_pouch::dsse::EnvelopeError;
use serde::{Deserialize, Serialize};

use super::container::{FileError, pack, unpack};

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
    /// The signatures, each as key id and standard base64, in the order of the envelope.
    pub signatures: Vec<(String, String)>,
}

impl Signed {
    /// What an envelope holds; `None` where its payload is not UTF-8.
    pub fn of(envelope: &Envelope) -> Option<Self> {
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
    /// The descriptors of both parties, as in force where the statements and the checkpoints stand.
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

    /// Reads the document inside a file, which must be in its one form.
    pub fn from_document(document: &[u8]) -> Result<Self, FileError> {
        let evidence: Self = read(FORMAT, document)?;
        if evidence.format != FORMAT {
            let why = "`format` says something else".to_owned();
            return Err(FileError::Malformed { format: FORMAT, why });
        }
        if evidence.descriptors.len() > DESCRIPTORS {
            return Err(FileError::TooLarge);
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

/// Reads a document that must be written as it would be written again.
pub(super) fn read<T>(format: &'static str, document: &[u8]) -> Result<T, FileError>
where
    T: Serialize + for<'de> Deserialize<'de>,
{
    let malformed = |why: String| FileError::Malformed { format, why };
    let text = str::from_utf8(document).map_err(|_| malformed("it is not UTF-8".to_owned()))?;
    let value: T = serde_json::from_str(text).map_err(|error| {
        malformed(format!("no such document, at line {} column {}", error.line(), error.column()))
    })?;
    let again = serde_json::to_vec(&value).map_err(|error| malformed(error.to_string()))?;
    if again == document { Ok(value) } else { Err(FileError::Rewritten) }
}
