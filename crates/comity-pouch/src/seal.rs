//! To whom a pouch is sealed: age's `mlkem768x25519` recipients and identities.
//!
//! The stanza is HPKE base mode (RFC 9180 section 6.1) with the MLKEM768-X25519 KEM, HKDF-SHA256 and
//! ChaCha20-Poly1305, as the age v1 format says under "mlkem768x25519 recipient stanza", so that a
//! stock `age` opens and makes the same files (docs/protocol.md section 5).

mod long_bech32;

use std::fmt;
use std::str::FromStr;

use age_core::format::{FileKey, Stanza};
use age_core::secrecy::ExposeSecret;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use comity_model::Entropy;
use curve25519_dalek::montgomery::MontgomeryPoint;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal,
};
use zeroize::Zeroizing;

/// Bytes of a recipient: an ML-KEM-768 key of 1184, then an X25519 key of 32.
pub const RECIPIENT_LEN: usize = 1216;
/// Bytes of an identity: the seed that both secret keys are derived from.
pub const IDENTITY_LEN: usize = 32;

const TAG: &str = "mlkem768x25519";
const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
const RECIPIENT_PREFIX: &str = "age1pq";
const IDENTITY_PREFIX: &str = "age-secret-key-pq-";
const ENCAPSULATED_LEN: usize = 1120;
const BODY_LEN: usize = 32;

/// Why text or bytes are no sealing key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealKeyError {
    /// Not the text of a recipient.
    #[error("not a sealing key; take the text that begins `age1pq1` from the descriptor")]
    Recipient,
    /// Not the text of an identity.
    #[error("not a secret sealing key; take the key file that the node wrote")]
    Identity,
    /// The X25519 half has a low order: whatever is sealed to it has no secret there.
    #[error("the sealing key has a half that hides nothing; ask its owner for another key")]
    LowOrder,
}

impl SealKeyError {
    /// The stable name of this error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Recipient => "seal-recipient",
            Self::Identity => "seal-identity",
            Self::LowOrder => "seal-low-order",
        }
    }
}

/// A public sealing key. Text form: bech32, `age1pq1...`, lower case, 1959 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct SealRecipient(<XWing as Kem>::PublicKey);

impl SealRecipient {
    /// Reads the 1216 bytes. Checks that the ML-KEM half is in range and that the X25519 half is
    /// not of low order.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealKeyError> {
        if bytes.len() != RECIPIENT_LEN {
            return Err(SealKeyError::Recipient);
        }
        if !contributes(bytes) {
            return Err(SealKeyError::LowOrder);
        }
        let key = <XWing as Kem>::PublicKey::from_bytes(bytes);
        key.map(Self).map_err(|_| SealKeyError::Recipient)
    }

    /// The 1216 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes().to_vec()
    }
}

impl fmt::Display for SealRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&long_bech32::encode(RECIPIENT_PREFIX, &self.to_bytes()))
    }
}

impl fmt::Debug for SealRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealRecipient({})", comity_model::Digest::of(&self.to_bytes()))
    }
}

impl FromStr for SealRecipient {
    type Err = SealKeyError;

    fn from_str(text: &str) -> Result<Self, SealKeyError> {
        let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        let bytes = long_bech32::decode(RECIPIENT_PREFIX, text).filter(|_| lower);
        Self::from_bytes(&bytes.ok_or(SealKeyError::Recipient)?)
    }
}

impl age::Recipient for SealRecipient {
    #[expect(clippy::disallowed_types, reason = "the signature is the age library's")]
    fn wrap_file_key(
        &self,
        file_key: &FileKey,
    ) -> Result<(Vec<Stanza>, std::collections::HashSet<String>), age::EncryptError> {
        let (encapsulated, body) = single_shot_seal::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeS::Base,
            &self.0,
            INFO,
            file_key.expose_secret(),
            b"",
        )
        .map_err(|_| age::EncryptError::Io(std::io::Error::other("encapsulation failed")))?;
        let encapsulated = BASE64_STANDARD_NO_PAD.encode(encapsulated.to_bytes());
        let stanza = Stanza { tag: TAG.to_owned(), args: vec![encapsulated], body };
        Ok((vec![stanza], ["postquantum".to_owned()].into()))
    }
}

/// A secret sealing key. Text form: bech32, `AGE-SECRET-KEY-PQ-1...`, upper case. Never printed.
pub struct SealIdentity {
    seed: Zeroizing<[u8; IDENTITY_LEN]>,
    key: <XWing as Kem>::PrivateKey,
}

impl SealIdentity {
    /// A fresh identity. Takes 32 bytes of `entropy`.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, SealKeyError> {
        let mut seed = Zeroizing::new([0; IDENTITY_LEN]);
        entropy.fill(seed.as_mut());
        Self::from_seed(&seed)
    }

    /// The identity of a seed.
    pub fn from_seed(seed: &[u8; IDENTITY_LEN]) -> Result<Self, SealKeyError> {
        let key = <XWing as Kem>::PrivateKey::from_bytes(seed);
        let key = key.map_err(|_| SealKeyError::Identity)?;
        Ok(Self { seed: Zeroizing::new(*seed), key })
    }

    /// Reads [`SealIdentity::to_text`].
    pub fn from_text(text: &str) -> Result<Self, SealKeyError> {
        let upper = !text.bytes().any(|byte| byte.is_ascii_lowercase());
        let bytes =
            long_bech32::decode(IDENTITY_PREFIX, text).filter(|_| upper).map(Zeroizing::new);
        let bytes = bytes.ok_or(SealKeyError::Identity)?;
        let seed = bytes.as_slice().try_into().map_err(|_| SealKeyError::Identity)?;
        Self::from_seed(seed)
    }

    /// The text that a stock `age` takes with `-i`, for the key file and for nothing else.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = long_bech32::encode(IDENTITY_PREFIX, self.seed.as_ref());
        text.make_ascii_uppercase();
        Zeroizing::new(text)
    }

    /// The seed, for the key file and for nothing else.
    pub(crate) const fn seed(&self) -> &Zeroizing<[u8; IDENTITY_LEN]> {
        &self.seed
    }

    /// The public key of this identity.
    pub fn recipient(&self) -> SealRecipient {
        SealRecipient(XWing::sk_to_pk(&self.key))
    }

    fn open(&self, stanza: &Stanza) -> Option<Result<FileKey, age::DecryptError>> {
        if stanza.tag != TAG {
            return None;
        }
        let malformed = || Some(Err(age::DecryptError::InvalidHeader));
        let [encapsulated] = stanza.args.as_slice() else { return malformed() };
        let Ok(encapsulated) = BASE64_STANDARD_NO_PAD.decode(encapsulated) else {
            return malformed();
        };
        if encapsulated.len() != ENCAPSULATED_LEN
            || stanza.body.len() != BODY_LEN
            || !contributes(&encapsulated)
        {
            return malformed();
        }
        let Ok(encapsulated) = <XWing as Kem>::EncappedKey::from_bytes(&encapsulated) else {
            return malformed();
        };
        let opened = single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeR::Base,
            &self.key,
            &encapsulated,
            INFO,
            &stanza.body,
            b"",
        );
        let opened = Zeroizing::new(opened.ok()?);
        let file_key = opened.as_slice().try_into().ok()?;
        Some(Ok(FileKey::new(Box::new(file_key))))
    }
}

impl fmt::Debug for SealIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealIdentity({:?})", self.recipient())
    }
}

impl age::Identity for SealIdentity {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, age::DecryptError>> {
        self.open(stanza)
    }
}

/// Opens only what is sealed to exactly one recipient, of this kind. The stanzas that implementations
/// of age add for exercise, whose tags end in `-grease`, are nobody's.
pub(crate) struct Sole<'a>(pub(crate) &'a [&'a SealIdentity]);

impl age::Identity for Sole<'_> {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, age::DecryptError>> {
        self.0.iter().find_map(|identity| identity.open(stanza))
    }

    fn unwrap_stanzas(&self, stanzas: &[Stanza]) -> Option<Result<FileKey, age::DecryptError>> {
        let mut recipients = stanzas.iter().filter(|stanza| !stanza.tag.ends_with("-grease"));
        match (recipients.next(), recipients.next()) {
            (Some(stanza), None) if stanza.tag == TAG => self.unwrap_stanza(stanza),
            _ => Some(Err(age::DecryptError::InvalidHeader)),
        }
    }
}

/// Whether the X25519 point in the last 32 bytes gives a shared secret at all: a clamped scalar is a
/// multiple of 8, so it sends exactly the points of low order to zero (RFC 7748 section 6.1).
fn contributes(bytes: &[u8]) -> bool {
    let Some(point) = bytes.last_chunk::<32>() else { return false };
    MontgomeryPoint(*point).mul_clamped([1; 32]).0 != [0; 32]
}
