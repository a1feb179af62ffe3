//! Bringing together the signatures of several signers of one document.

use super::{Envelope, EnvelopeError, SIGNATURES_LIMIT};

impl Envelope {
    /// This envelope with the signatures of another one over the same payload; a signature that stands in both is
    /// kept once. Nothing is verified here.
    ///
    /// # Errors
    /// [`EnvelopeError::Bounds`] where type or payload differ, or there would be too many signatures.
    pub fn merged(mut self, other: &Self) -> Result<Self, EnvelopeError> {
        if self.payload_type != other.payload_type || self.payload != other.payload {
            return Err(EnvelopeError::Bounds("payload"));
        }
        for signature in &other.signatures {
            if !self.signatures.contains(signature) {
                self.signatures.push(signature.clone());
            }
        }
        if self.signatures.len() > SIGNATURES_LIMIT {
            return Err(EnvelopeError::Bounds("signatures"));
        }
        Ok(self)
    }
}
