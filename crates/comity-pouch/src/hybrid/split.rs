//! One key whose halves lie apart: Ed25519 in a token that signs and gives nothing out, ML-DSA-65 here
//! (docs/protocol.md section 1.6).

use std::fmt;

use aws_lc_rs::signature::{KeyPair, ML_DSA_65_SIGNING, PqdsaKeyPair};
use comity_model::Entropy;
use zeroize::Zeroizing;

use super::{
    Algorithm, ED25519_SIGNATURE_LEN, HybridPublic, HybridSignature, HybridSigner, KeyError,
};

/// Whoever keeps an Ed25519 key and signs with it (RFC 8032 section 5.1, the pure form).
pub trait Ed25519Signer: fmt::Debug + Send + Sync {
    /// Signs `message`. [`KeyError::Token`] where the key is out of reach.
    fn sign(&self, message: &[u8]) -> Result<[u8; ED25519_SIGNATURE_LEN], KeyError>;
}

/// The half that is here: the ML-DSA-65 seed, and the public key of both halves. It signs nothing by itself.
pub struct SplitSecret {
    seed: Zeroizing<[u8; 32]>,
    ml_dsa_65: PqdsaKeyPair,
    public: HybridPublic,
}

impl SplitSecret {
    /// A fresh ML-DSA-65 half beside the Ed25519 public key of 32 bytes. Takes 32 bytes of `entropy`.
    pub fn generate(ed25519: &[u8], entropy: &dyn Entropy) -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        entropy.fill(seed.as_mut());
        Self::from_seed(ed25519, &seed)
    }

    /// The ML-DSA-65 half of a seed (FIPS 204 algorithm 6) beside the Ed25519 public key of 32 bytes.
    pub fn from_seed(ed25519: &[u8], seed: &[u8; 32]) -> Result<Self, KeyError> {
        let ml_dsa_65 = PqdsaKeyPair::from_seed(&ML_DSA_65_SIGNING, seed)
            .map_err(|_| KeyError::Refused(Algorithm::MlDsa65.name()))?;
        let public = HybridPublic::new(ed25519, ml_dsa_65.public_key().as_ref())?;
        Ok(Self { seed: Zeroizing::new(*seed), ml_dsa_65, public })
    }

    /// The ML-DSA-65 seed, for the key file and for nothing else.
    pub const fn seed(&self) -> &Zeroizing<[u8; 32]> {
        &self.seed
    }

    /// The public key of both halves.
    pub const fn public(&self) -> &HybridPublic {
        &self.public
    }

    /// With whoever signs the Ed25519 half.
    pub fn with(self, ed25519: Box<dyn Ed25519Signer>) -> SplitSigner {
        SplitSigner { secret: self, ed25519 }
    }
}

impl fmt::Debug for SplitSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SplitSecret").field("public", &self.public).finish_non_exhaustive()
    }
}

/// Both halves together: one here, one that is asked.
#[derive(Debug)]
pub struct SplitSigner {
    secret: SplitSecret,
    ed25519: Box<dyn Ed25519Signer>,
}

impl SplitSigner {
    /// The half that is here.
    pub const fn secret(&self) -> &SplitSecret {
        &self.secret
    }
}

impl HybridSigner for SplitSigner {
    fn public(&self) -> &HybridPublic {
        self.secret.public()
    }

    /// The Ed25519 half is checked before it is used: a signature that does not verify under the public key is
    /// [`KeyError::TokenSignature`] and goes nowhere.
    fn sign(&self, message: &[u8]) -> Result<HybridSignature, KeyError> {
        let first = self.ed25519.sign(message)?;
        self.public()
            .verify_half(Algorithm::Ed25519, message, &first)
            .map_err(|_| KeyError::TokenSignature)?;
        let mut second = vec![0; ML_DSA_65_SIGNING.signature_len()];
        self.secret
            .ml_dsa_65
            .sign(message, &mut second)
            .map_err(|_| KeyError::Signing(Algorithm::MlDsa65.name()))?;
        HybridSignature::new(&first, &second)
    }
}
