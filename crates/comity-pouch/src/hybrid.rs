//! One certified signing key made of two: Ed25519 (RFC 8032) and ML-DSA-65 (FIPS 204).
//!
//! The root, the registrar, the statement key and every officer's key have this shape
//! (docs/protocol.md section 1). The two halves are certified, rotated and revoked as ONE key, and a
//! signature counts only when both halves verify.

mod split;

use std::fmt;

use aws_lc_rs::signature::{
    ED25519, Ed25519KeyPair, KeyPair, ML_DSA_65, ML_DSA_65_SIGNING, PqdsaKeyPair, UnparsedPublicKey,
};
use comity_model::{Digest, Digester, Entropy};
use curve25519_dalek::edwards::CompressedEdwardsY;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::json;

pub use split::{Ed25519Signer, SplitSecret, SplitSigner};

/// Bytes of the secret seed: 32 for Ed25519, then 32 for ML-DSA-65.
pub const SEED_LEN: usize = 64;
/// Bytes of an Ed25519 public key.
pub const ED25519_PUBLIC_LEN: usize = 32;
/// Bytes of an ML-DSA-65 public key.
pub const ML_DSA_65_PUBLIC_LEN: usize = 1952;
/// Bytes of an Ed25519 signature.
pub const ED25519_SIGNATURE_LEN: usize = 64;
/// Bytes of an ML-DSA-65 signature.
pub const ML_DSA_65_SIGNATURE_LEN: usize = 3309;

/// The two algorithms of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// Ed25519 (RFC 8032 section 5.1).
    Ed25519,
    /// ML-DSA-65 with an empty context (FIPS 204 section 5).
    MlDsa65,
}

impl Algorithm {
    /// Both, in the order in which they stand in keys and envelopes.
    pub const BOTH: [Self; 2] = [Self::Ed25519, Self::MlDsa65];

    /// The name that stands before the colon of a key id.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::MlDsa65 => "ml-dsa-65",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why bytes are no key, or why a key could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Another number of bytes than the algorithm has.
    #[error("the {0} key has a wrong length; take it again from the descriptor or the key file")]
    Length(&'static str),
    /// The Ed25519 public key is not a point, is written in a second way, or has a small order.
    #[error("the ed25519 key is a point that nobody may use; ask its owner for another key")]
    WeakPoint,
    /// The library refused the key.
    #[error("the {0} key was refused; take it again from the descriptor or the key file")]
    Refused(&'static str),
    /// Signing failed inside the library.
    #[error("{0} could not sign; try again, and if it fails again check the machine's memory")]
    Signing(&'static str),
    /// The token that keeps the Ed25519 half did not sign.
    #[error("the token did not sign; look whether it is in its place, and give the command again")]
    Token,
    /// What the token signed does not verify under the public key that is kept here.
    #[error(
        "what the token signed is not good under the root's public key; name the token that keeps this root"
    )]
    TokenSignature,
}

impl KeyError {
    /// The stable name of this error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Length(_) => "key-length",
            Self::WeakPoint => "key-weak",
            Self::Refused(_) => "key-refused",
            Self::Signing(_) => "signing-failed",
            Self::Token => "token-signing",
            Self::TokenSignature => "token-signature",
        }
    }
}

/// Whoever can sign with both halves of one key, wherever the secrets are (docs/protocol.md section 1.2).
pub trait HybridSigner: fmt::Debug + Send + Sync {
    /// The public key under which everything that it signs verifies.
    fn public(&self) -> &HybridPublic;

    /// Signs `message` with both halves.
    fn sign(&self, message: &[u8]) -> Result<HybridSignature, KeyError>;
}

/// The secret half. Never printed; its seed is wiped when dropped.
pub struct HybridSecret {
    seed: Zeroizing<[u8; SEED_LEN]>,
    ed25519: Ed25519KeyPair,
    ml_dsa_65: PqdsaKeyPair,
    public: HybridPublic,
}

impl HybridSecret {
    /// A fresh key. Takes 64 bytes of `entropy`.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; SEED_LEN]);
        entropy.fill(seed.as_mut());
        Self::from_seed(&seed)
    }

    /// The key of a seed: 32 bytes for Ed25519 (RFC 8032 section 5.1.5), then 32 for ML-DSA-65
    /// (FIPS 204 algorithm 6). The same seed always gives the same key.
    pub fn from_seed(seed: &[u8; SEED_LEN]) -> Result<Self, KeyError> {
        let (first, second) = seed.split_at(32);
        let ed25519 = Ed25519KeyPair::from_seed_unchecked(first)
            .map_err(|_| KeyError::Refused(Algorithm::Ed25519.name()))?;
        let ml_dsa_65 = PqdsaKeyPair::from_seed(&ML_DSA_65_SIGNING, second)
            .map_err(|_| KeyError::Refused(Algorithm::MlDsa65.name()))?;
        let public =
            HybridPublic::new(ed25519.public_key().as_ref(), ml_dsa_65.public_key().as_ref())?;
        Ok(Self { seed: Zeroizing::new(*seed), ed25519, ml_dsa_65, public })
    }

    /// The seed, for the key file and for nothing else.
    pub fn seed(&self) -> &Zeroizing<[u8; SEED_LEN]> {
        &self.seed
    }

    /// The public half.
    pub const fn public(&self) -> &HybridPublic {
        &self.public
    }

    /// Signs `message` with both halves. ML-DSA-65 is hedged: two signatures of one message differ.
    pub fn sign(&self, message: &[u8]) -> Result<HybridSignature, KeyError> {
        let failed = |algorithm: Algorithm| move |_| KeyError::Signing(algorithm.name());
        let first = self.ed25519.try_sign(message).map_err(failed(Algorithm::Ed25519))?;
        let mut second = vec![0; ML_DSA_65_SIGNING.signature_len()];
        self.ml_dsa_65.sign(message, &mut second).map_err(failed(Algorithm::MlDsa65))?;
        HybridSignature::new(first.as_ref(), &second)
    }
}

impl HybridSigner for HybridSecret {
    fn public(&self) -> &HybridPublic {
        self.public()
    }

    fn sign(&self, message: &[u8]) -> Result<HybridSignature, KeyError> {
        self.sign(message)
    }
}

impl fmt::Debug for HybridSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HybridSecret").field("public", &self.public).finish_non_exhaustive()
    }
}

/// The public half. One that exists has both lengths right and an Ed25519 point that is written in
/// its one canonical way and has no small order.
#[derive(Clone, PartialEq, Eq)]
pub struct HybridPublic {
    ed25519: [u8; ED25519_PUBLIC_LEN],
    ml_dsa_65: Vec<u8>,
}

impl HybridPublic {
    /// Takes the two raw public keys.
    pub fn new(ed25519: &[u8], ml_dsa_65: &[u8]) -> Result<Self, KeyError> {
        let ed25519: [u8; ED25519_PUBLIC_LEN] =
            ed25519.try_into().map_err(|_| KeyError::Length(Algorithm::Ed25519.name()))?;
        if ml_dsa_65.len() != ML_DSA_65_PUBLIC_LEN {
            return Err(KeyError::Length(Algorithm::MlDsa65.name()));
        }
        if !is_strong_point(&ed25519) {
            return Err(KeyError::WeakPoint);
        }
        Ok(Self { ed25519, ml_dsa_65: ml_dsa_65.to_vec() })
    }

    /// Reads [`HybridPublic::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let (first, second) = bytes
            .split_at_checked(ED25519_PUBLIC_LEN)
            .ok_or(KeyError::Length(Algorithm::Ed25519.name()))?;
        Self::new(first, second)
    }

    /// The 1984 bytes: Ed25519, then ML-DSA-65.
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.ed25519.as_slice(), &self.ml_dsa_65].concat()
    }

    /// Reads [`HybridPublic::to_text`].
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        const LEN: usize = ED25519_PUBLIC_LEN + ML_DSA_65_PUBLIC_LEN;
        let bytes =
            json::from_base64(text, LEN).ok_or(KeyError::Length(Algorithm::Ed25519.name()))?;
        Self::from_bytes(&bytes)
    }

    /// The text form: padded base64 (RFC 4648 section 4) of [`HybridPublic::to_bytes`].
    pub fn to_text(&self) -> String {
        json::to_base64(&self.to_bytes())
    }

    /// The 32 bytes of the Ed25519 half.
    pub const fn ed25519(&self) -> &[u8; ED25519_PUBLIC_LEN] {
        &self.ed25519
    }

    /// The 1952 bytes of the ML-DSA-65 half.
    pub fn ml_dsa_65(&self) -> &[u8] {
        &self.ml_dsa_65
    }

    /// SHA-256 over both halves. That of the root key is the party itself (docs/protocol.md section 1).
    pub fn fingerprint(&self) -> Digest {
        let mut digester = Digester::new();
        digester.update(&self.ed25519);
        digester.update(&self.ml_dsa_65);
        digester.finish()
    }

    /// The id that names one half in an envelope: the algorithm, a colon, and the first 32 hexadecimal
    /// digits of the SHA-256 of the raw public key (docs/protocol.md section 3).
    pub fn key_id(&self, algorithm: Algorithm) -> String {
        let key = match algorithm {
            Algorithm::Ed25519 => self.ed25519.as_slice(),
            Algorithm::MlDsa65 => &self.ml_dsa_65,
        };
        let digits: String = Digest::of(key).hex().chars().take(32).collect();
        format!("{algorithm}:{digits}")
    }

    /// Checks both halves of `signature` over `message`; the first that fails is named.
    pub fn verify(&self, message: &[u8], signature: &HybridSignature) -> Result<(), Algorithm> {
        self.verify_half(Algorithm::Ed25519, message, &signature.ed25519)?;
        self.verify_half(Algorithm::MlDsa65, message, &signature.ml_dsa_65)
    }

    /// Checks one half. Ed25519 is held to the strict rules: canonical scalar and points, no `R` of
    /// small order, no cofactor in the equation.
    pub(crate) fn verify_half(
        &self,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Algorithm> {
        let verified = match algorithm {
            Algorithm::Ed25519 => {
                signature.first_chunk::<32>().is_some_and(is_strong_point)
                    && UnparsedPublicKey::new(&ED25519, &self.ed25519)
                        .verify(message, signature)
                        .is_ok()
            }
            Algorithm::MlDsa65 => UnparsedPublicKey::new(&ML_DSA_65, &self.ml_dsa_65)
                .verify(message, signature)
                .is_ok(),
        };
        if verified { Ok(()) } else { Err(algorithm) }
    }
}

impl fmt::Debug for HybridPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HybridPublic({})", self.fingerprint())
    }
}

impl Serialize for HybridPublic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for HybridPublic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_text(&text).map_err(serde::de::Error::custom)
    }
}

/// Two signatures of one key over one message.
#[derive(Clone, PartialEq, Eq)]
pub struct HybridSignature {
    ed25519: [u8; ED25519_SIGNATURE_LEN],
    ml_dsa_65: Vec<u8>,
}

impl HybridSignature {
    /// Takes the two raw signatures; only their lengths are checked here.
    pub fn new(ed25519: &[u8], ml_dsa_65: &[u8]) -> Result<Self, KeyError> {
        let ed25519 =
            ed25519.try_into().map_err(|_| KeyError::Length(Algorithm::Ed25519.name()))?;
        if ml_dsa_65.len() != ML_DSA_65_SIGNATURE_LEN {
            return Err(KeyError::Length(Algorithm::MlDsa65.name()));
        }
        Ok(Self { ed25519, ml_dsa_65: ml_dsa_65.to_vec() })
    }

    /// The bytes of one half.
    pub fn half(&self, algorithm: Algorithm) -> &[u8] {
        match algorithm {
            Algorithm::Ed25519 => &self.ed25519,
            Algorithm::MlDsa65 => &self.ml_dsa_65,
        }
    }
}

impl fmt::Debug for HybridSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HybridSignature")
    }
}

/// Whether the bytes are an edwards25519 point in its canonical encoding (RFC 8032 section 5.1.3) that
/// lies outside the small subgroup, where anybody can make signatures that verify.
fn is_strong_point(bytes: &[u8; 32]) -> bool {
    let compressed = CompressedEdwardsY(*bytes);
    compressed
        .decompress()
        .is_some_and(|point| point.compress() == compressed && !point.is_small_order())
}
