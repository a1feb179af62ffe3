//! The two keys that sign checkpoints of a log, or cosign those of a partner's.

use std::fmt;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, ML_DSA_44_SIGNING, PqdsaKeyPair};
use comity_model::{Digest, Entropy};
use zeroize::Zeroizing;

use crate::hybrid::KeyError;

/// Ed25519 and ML-DSA-44, each from a seed of its own, because in a signed note they are two keys.
/// The log's pair and the witness's pair are never the same: one key makes one type of signature.
pub struct RecordKeys {
    ed25519: Zeroizing<[u8; 32]>,
    ml_dsa_44: Zeroizing<[u8; 32]>,
    public: RecordPublic,
}

/// The public halves of [`RecordKeys`].
#[derive(Clone, PartialEq, Eq)]
pub struct RecordPublic {
    /// The 32 bytes of the Ed25519 key.
    pub ed25519: [u8; 32],
    /// The 1312 bytes of the ML-DSA-44 key.
    pub ml_dsa_44: Vec<u8>,
}

impl RecordKeys {
    /// Fresh keys. Takes 64 bytes of `entropy`.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, KeyError> {
        let (mut first, mut second) = (Zeroizing::new([0; 32]), Zeroizing::new([0; 32]));
        entropy.fill(first.as_mut());
        entropy.fill(second.as_mut());
        Self::from_seeds(&first, &second)
    }

    /// The keys of two seeds (RFC 8032 section 5.1.5; FIPS 204 algorithm 6).
    pub fn from_seeds(ed25519: &[u8; 32], ml_dsa_44: &[u8; 32]) -> Result<Self, KeyError> {
        let first = Ed25519KeyPair::from_seed_unchecked(ed25519)
            .map_err(|_| KeyError::Refused("ed25519"))?;
        let second = PqdsaKeyPair::from_seed(&ML_DSA_44_SIGNING, ml_dsa_44)
            .map_err(|_| KeyError::Refused("ml-dsa-44"))?;
        let public = RecordPublic {
            ed25519: first
                .public_key()
                .as_ref()
                .try_into()
                .map_err(|_| KeyError::Length("ed25519"))?,
            ml_dsa_44: second.public_key().as_ref().to_vec(),
        };
        let (ed25519, ml_dsa_44) = (Zeroizing::new(*ed25519), Zeroizing::new(*ml_dsa_44));
        Ok(Self { ed25519, ml_dsa_44, public })
    }

    /// The Ed25519 seed, for the signer of notes and the key file.
    pub const fn ed25519_seed(&self) -> &Zeroizing<[u8; 32]> {
        &self.ed25519
    }

    /// The ML-DSA-44 seed, for the signer of notes and the key file.
    pub const fn ml_dsa_44_seed(&self) -> &Zeroizing<[u8; 32]> {
        &self.ml_dsa_44
    }

    /// The public halves.
    pub const fn public(&self) -> &RecordPublic {
        &self.public
    }
}

impl fmt::Debug for RecordKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordKeys").field("public", &self.public).finish_non_exhaustive()
    }
}

impl fmt::Debug for RecordPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = (Digest::of(&self.ed25519), Digest::of(&self.ml_dsa_44));
        write!(f, "RecordPublic({first}, {second})")
    }
}
