//! Bringing together the signatures of several signers of one document.

use super::{Envelope, EnvelopeError, SIGNATURES_LIMIT};

impl Envelope {
    /// This envelope with the signatures of another one over the same payload, one for each key: of two
    /// by one key this envelope's own is kept, for ML-DSA-65 signs the same bytes differently each time.
    /// Nothing is verified here.
    ///
    /// # Errors
    /// [`EnvelopeError::Differs`] where type or payload differ, [`EnvelopeError::Bounds`] where there
    /// would be more than [`SIGNATURES_LIMIT`] signatures.
    pub fn merged(mut self, other: &Self) -> Result<Self, EnvelopeError> {
        if self.payload_type != other.payload_type || self.payload != other.payload {
            return Err(EnvelopeError::Differs);
        }
        for signature in &other.signatures {
            if !self.signatures.iter().any(|own| own.key_id == signature.key_id) {
                self.signatures.push(signature.clone());
            }
        }
        if self.signatures.len() > SIGNATURES_LIMIT {
            return Err(EnvelopeError::Bounds("number of signatures"));
        }
        Ok(self)
    }
}
