//! Checking who signed a note.

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::signature::{ED25519, ML_DSA_44, UnparsedPublicKey};

use super::message::{self, MAX_TIMESTAMP};
use crate::checkpoint::Checkpoint;
use crate::note::{KeyId, KeyType, SignatureLine, SignedNote, VerifierKey};

/// One known key whose signatures on a note all hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The name of the key.
    pub name: String,
    /// The id of the key.
    pub id: KeyId,
    /// What the key signs.
    pub key_type: KeyType,
    /// The latest time that the key stated, in seconds since 1970. `None` for `0x01`, which states
    /// none, and for a `0x06` signature at time 0, which does not say that the tree was the largest.
    pub timestamp: Option<u64>,
}

/// Why a note is not to be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// A signature in a known key's name does not hold; the whole note is refused.
    #[error("the signature of `{name}` ({id}) does not hold; refuse the note and ask for another")]
    Invalid {
        /// The name of the key.
        name: String,
        /// The id of the key.
        id: KeyId,
    },
    /// No signature is of a known key.
    #[error("no known key signed the note; give the verifier key of its signer")]
    NoKnownSignature,
    /// Our caller gave two keys of the same name and id.
    #[error("two verifier keys are called `{name}` ({id}); give one of them")]
    AmbiguousKeys {
        /// The name of both.
        name: String,
        /// The id of both.
        id: KeyId,
    },
}

impl VerifyError {
    /// The stable name of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "note-signature-invalid",
            Self::NoKnownSignature => "note-no-known-signature",
            Self::AmbiguousKeys { .. } => "verifier-keys-ambiguous",
        }
    }
}

/// Checks the signatures of `known` keys on a note (C2SP signed-note, Signatures).
///
/// Signatures of other keys are ignored, whoever they claim to be. Every signature in a known key's
/// name and id must hold. The answer has one entry for each key that signed, in the order of the
/// note: counting its entries counts signers, however often one signed.
///
/// Cosignatures hold only over a checkpoint. A `0x06` signature does not cover a checkpoint's
/// extension lines. Whether a time is too old or in the future is for the caller to judge.
///
/// # Errors
/// [`VerifyError::NoKnownSignature`] when nothing was verified, [`VerifyError::Invalid`] at the first
/// signature that does not hold, [`VerifyError::AmbiguousKeys`] for a misuse of this function.
pub fn verify(note: &SignedNote, known: &[VerifierKey]) -> Result<Vec<Verified>, VerifyError> {
    let checkpoint = Checkpoint::parse(note.text()).ok();
    let mut verified: Vec<Verified> = Vec::new();
    for line in note.signatures() {
        let Some(key) = find(line, known)? else { continue };
        let timestamp =
            check(line, key, note.text(), checkpoint.as_ref()).map_err(|Unspecified| {
                VerifyError::Invalid { name: key.name().to_owned(), id: key.id() }
            })?;
        match verified.iter_mut().find(|one| one.name == key.name() && one.id == key.id()) {
            Some(before) => before.timestamp = before.timestamp.max(timestamp),
            None => verified.push(Verified {
                name: key.name().to_owned(),
                id: key.id(),
                key_type: key.key_type(),
                timestamp,
            }),
        }
    }
    if verified.is_empty() { Err(VerifyError::NoKnownSignature) } else { Ok(verified) }
}

fn find<'k>(
    line: &SignatureLine,
    known: &'k [VerifierKey],
) -> Result<Option<&'k VerifierKey>, VerifyError> {
    let mut keys = known.iter().filter(|key| key.name() == line.name() && key.id() == line.id());
    let key = keys.next();
    if keys.next().is_some() {
        return Err(VerifyError::AmbiguousKeys { name: line.name().to_owned(), id: line.id() });
    }
    Ok(key)
}

/// The stated time, if the type states one, of a signature that holds.
fn check(
    line: &SignatureLine,
    key: &VerifierKey,
    text: &str,
    checkpoint: Option<&Checkpoint>,
) -> Result<Option<u64>, Unspecified> {
    let ed25519 = UnparsedPublicKey::new(&ED25519, key.public());
    if key.key_type() == KeyType::Ed25519 {
        return ed25519.verify(text.as_bytes(), line.signature()).map(|()| None);
    }
    let checkpoint = checkpoint.ok_or(Unspecified)?;
    let (timestamp, signature) = line.signature().split_first_chunk::<8>().ok_or(Unspecified)?;
    let timestamp = u64::from_be_bytes(*timestamp);
    if timestamp > MAX_TIMESTAMP {
        return Err(Unspecified);
    }
    if key.key_type() == KeyType::CosignatureEd25519 {
        ed25519.verify(&message::ed25519(text, timestamp), signature)?;
        return Ok(Some(timestamp));
    }
    let message = message::ml_dsa_44(key.name(), checkpoint, timestamp).ok_or(Unspecified)?;
    UnparsedPublicKey::new(&ML_DSA_44, key.public()).verify(&message, signature)?;
    Ok(Some(timestamp).filter(|timestamp| *timestamp > 0))
}
