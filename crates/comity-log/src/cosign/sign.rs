//! Keys that sign checkpoints.

use std::fmt;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, ML_DSA_44_SIGNING, PqdsaKeyPair};
use zeroize::Zeroizing;

use super::message::{self, MAX_TIMESTAMP};
use crate::checkpoint::Checkpoint;
use crate::note::{KeyError, KeyType, SignatureLine, VerifierKey};

/// A private key with its name and its one type of signature. `Debug` shows the public half only.
/// The library erases the key when it is dropped; the caller's seed erases itself.
pub struct NoteSigner {
    verifier: VerifierKey,
    key: PrivateKey,
}

enum PrivateKey {
    Ed25519(Ed25519KeyPair),
    MlDsa44(PqdsaKeyPair),
}

/// Why a key can't be used or a checkpoint can't be signed. The fault of our caller, except
/// [`SignError::Signing`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The key's name can't stand in a note.
    #[error(transparent)]
    Name(#[from] KeyError),
    /// A time of 0 or above 2^63 - 1 seconds.
    #[error("`{0}` is not a time to cosign at; give seconds since 1970")]
    Timestamp(u64),
    /// The origin is over 255 bytes, more than an ML-DSA-44 cosignature can carry.
    #[error("the checkpoint's origin is over 255 bytes; name the log shorter")]
    Origin,
    /// The checkpoint has extension lines, which an ML-DSA-44 cosignature would not cover.
    #[error("the checkpoint has extension lines that this key would not cover; leave them out")]
    Extensions,
    /// The cryptographic library refused.
    #[error("the key could not be used; check the key file and the memory of the machine")]
    Signing,
}

impl SignError {
    /// The stable name of this error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name(error) => error.code(),
            Self::Timestamp(_) => "cosign-time",
            Self::Origin => "cosign-origin",
            Self::Extensions => "cosign-extensions",
            Self::Signing => "cosign-failed",
        }
    }
}

impl NoteSigner {
    /// A log's key: signs the checkpoint's text, type `0x01` (C2SP signed-note, Ed25519 signatures).
    /// `name` is the log's origin.
    pub fn ed25519(name: &str, seed: &Zeroizing<[u8; 32]>) -> Result<Self, SignError> {
        Self::from_ed25519(name, KeyType::Ed25519, seed)
    }

    /// A witness's key: cosigns with a time, type `0x04` (C2SP tlog-cosignature). `name` is that of
    /// the witness; a seed never serves two witnesses.
    pub fn cosigner_ed25519(name: &str, seed: &Zeroizing<[u8; 32]>) -> Result<Self, SignError> {
        Self::from_ed25519(name, KeyType::CosignatureEd25519, seed)
    }

    /// A log's or a witness's post-quantum key: cosigns with a time, type `0x06`
    /// (C2SP tlog-cosignature). The seed is the 32 bytes that FIPS 204 calls ξ.
    pub fn ml_dsa_44(name: &str, seed: &Zeroizing<[u8; 32]>) -> Result<Self, SignError> {
        let pair = PqdsaKeyPair::from_seed(&ML_DSA_44_SIGNING, seed.as_slice())
            .map_err(|_| SignError::Signing)?;
        let public = pair.public_key().as_ref();
        let verifier = VerifierKey::new(name, KeyType::CosignatureMlDsa44, public)?;
        Ok(Self { verifier, key: PrivateKey::MlDsa44(pair) })
    }

    fn from_ed25519(
        name: &str,
        key_type: KeyType,
        seed: &Zeroizing<[u8; 32]>,
    ) -> Result<Self, SignError> {
        let pair =
            Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).map_err(|_| SignError::Signing)?;
        let verifier = VerifierKey::new(name, key_type, pair.public_key().as_ref())?;
        Ok(Self { verifier, key: PrivateKey::Ed25519(pair) })
    }

    /// The public key alone: 32 bytes for Ed25519, 1312 for ML-DSA-44.
    pub fn public(&self) -> Vec<u8> {
        self.verifier.public().to_vec()
    }

    /// What others need to check this key's signatures.
    pub fn verifier(&self) -> VerifierKey {
        self.verifier.clone()
    }

    /// Signs a checkpoint. `timestamp_seconds`, since 1970, is when the signer last saw that this is
    /// the log's largest tree; a log's `0x01` key states no time and ignores it.
    ///
    /// Ed25519 signatures of the same input are the same bytes; ML-DSA-44 signatures differ each
    /// time, as FIPS 204 recommends.
    pub fn sign(
        &self,
        checkpoint: &Checkpoint,
        timestamp_seconds: u64,
    ) -> Result<SignatureLine, SignError> {
        let signature = match self.verifier.key_type() {
            KeyType::Ed25519 => self.key.sign(checkpoint.to_string().as_bytes())?,
            KeyType::CosignatureEd25519 => {
                check_time(timestamp_seconds)?;
                let text = checkpoint.to_string();
                self.timestamped(&message::ed25519(&text, timestamp_seconds), timestamp_seconds)?
            }
            KeyType::CosignatureMlDsa44 => {
                check_time(timestamp_seconds)?;
                if !checkpoint.extensions().is_empty() {
                    return Err(SignError::Extensions);
                }
                let name = self.verifier.name();
                let message = message::ml_dsa_44(name, checkpoint, timestamp_seconds)
                    .ok_or(SignError::Origin)?;
                self.timestamped(&message, timestamp_seconds)?
            }
        };
        Ok(SignatureLine::from_key(self.verifier.name(), self.verifier.id(), signature))
    }

    /// The time and then the signature (C2SP tlog-cosignature, `timestamped_signature`).
    fn timestamped(&self, message: &[u8], timestamp: u64) -> Result<Vec<u8>, SignError> {
        let mut bytes = timestamp.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.key.sign(message)?);
        Ok(bytes)
    }
}

impl PrivateKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        match self {
            Self::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Self::MlDsa44(pair) => {
                let mut signature = vec![0; ML_DSA_44_SIGNING.signature_len()];
                let length = pair.sign(message, &mut signature).map_err(|_| SignError::Signing)?;
                signature.truncate(length);
                Ok(signature)
            }
        }
    }
}

impl fmt::Debug for NoteSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NoteSigner").field("verifier", &self.verifier).finish_non_exhaustive()
    }
}

fn check_time(timestamp: u64) -> Result<(), SignError> {
    if (1..=MAX_TIMESTAMP).contains(&timestamp) {
        Ok(())
    } else {
        Err(SignError::Timestamp(timestamp))
    }
}
