//! Verifier keys and their ids.

use std::fmt;
use std::str::FromStr;

use crate::hash::sha256;
use crate::text::{from_base64, to_base64};

/// The longest name of a key that we hold, in bytes: what an ML-DSA-44 cosignature can carry
/// (C2SP tlog-cosignature, `cosigner_name`). Lines of unknown keys may have longer names.
pub const MAX_KEY_NAME: usize = 255;

/// The longest verifier key that is read, in bytes: a name, an id and an ML-DSA-44 key.
const MAX_VERIFIER_KEY: usize = MAX_KEY_NAME + 1 + 8 + 1 + 1752;

/// What a key signs and with which algorithm (C2SP signed-note, Signature types).
///
/// A key pair serves one type only: an Ed25519 signature of one type must never be taken for one of
/// another. Whoever holds keys must see to that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyType {
    /// `0x01`: Ed25519 over a note's text. What a log signs its own checkpoints with.
    Ed25519,
    /// `0x04`: Ed25519 over a time and a checkpoint. What a witness cosigns with.
    CosignatureEd25519,
    /// `0x06`: ML-DSA-44 over cosigner, time and tree head. For logs and witnesses.
    CosignatureMlDsa44,
}

impl KeyType {
    /// The type's identifier byte.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureEd25519 => 0x04,
            Self::CosignatureMlDsa44 => 0x06,
        }
    }

    /// The type of an identifier byte, if it is one that is used here.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0x01 => Some(Self::Ed25519),
            0x04 => Some(Self::CosignatureEd25519),
            0x06 => Some(Self::CosignatureMlDsa44),
            _ => None,
        }
    }

    /// How many bytes a public key of this type has.
    pub const fn public_len(self) -> usize {
        match self {
            Self::Ed25519 | Self::CosignatureEd25519 => 32,
            Self::CosignatureMlDsa44 => 1312,
        }
    }
}

/// The 32-bit id of a key: a hint, not a hash to trust (C2SP signed-note, Signatures).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 4]);

impl KeyId {
    /// The id with these big-endian bytes.
    pub const fn from_bytes(bytes: [u8; 4]) -> Self {
        Self(bytes)
    }

    /// The big-endian bytes.
    pub const fn to_bytes(self) -> [u8; 4] {
        self.0
    }

    /// The id that the standards give a key: the first bytes of a hash over name, type and key.
    fn of(name: &str, key_type: KeyType, public: &[u8]) -> Self {
        let [a, b, c, d, ..] = sha256(&[name.as_bytes(), b"\n", &[key_type.byte()], public]);
        Self([a, b, c, d])
    }
}

impl fmt::Display for KeyId {
    /// Eight lower-case hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A public key with its name: who may sign notes, and how. Text form: the *vkey*
/// `<name>+<id, 8 hex>+<base64 of type and key>` (C2SP signed-note, Verifier keys).
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: KeyId,
    key_type: KeyType,
    public: Vec<u8>,
}

/// Why a text or its parts are not a verifier key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not three parts divided by plus signs.
    #[error("not a verifier key; write its name, id and key with `+` between")]
    Shape,
    /// An empty name, one over [`MAX_KEY_NAME`] bytes, or one with a space, plus or control character.
    #[error(
        "the key's name is empty, over {MAX_KEY_NAME} bytes, or holds a space or a plus; rename it"
    )]
    Name,
    /// The key is not canonical base64.
    #[error("the key is not canonical base64; copy it again")]
    Base64,
    /// A signature type that is not used here.
    #[error("the key's type is not supported; give an ed25519 or an ml-dsa-44 key")]
    Type,
    /// A public key of the wrong length.
    #[error("the key has {found} bytes where its type has {expected}; copy it again")]
    Length {
        /// The length that the type has.
        expected: usize,
        /// The length that was given.
        found: usize,
    },
    /// The id is not that of this name and key.
    #[error("the key's id does not belong to its name and key; copy it again")]
    Id,
}

impl KeyError {
    /// The stable name of this error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shape => "verifier-key-shape",
            Self::Name => "verifier-key-name",
            Self::Base64 => "verifier-key-base64",
            Self::Type => "verifier-key-type",
            Self::Length { .. } => "verifier-key-length",
            Self::Id => "verifier-key-id",
        }
    }
}

impl VerifierKey {
    /// A key from its parts; `public` has [`KeyType::public_len`] bytes.
    pub fn new(name: &str, key_type: KeyType, public: &[u8]) -> Result<Self, KeyError> {
        if name.len() > MAX_KEY_NAME || !is_key_name(name) {
            return Err(KeyError::Name);
        }
        let (expected, found) = (key_type.public_len(), public.len());
        if found != expected {
            return Err(KeyError::Length { expected, found });
        }
        let id = KeyId::of(name, key_type, public);
        Ok(Self { name: name.to_owned(), id, key_type, public: public.to_vec() })
    }

    /// The name, which is the origin for a log's key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id; with the name it tells which signatures are this key's.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// What the key signs.
    pub const fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// The public key: 32 bytes for Ed25519, 1312 for ML-DSA-44.
    pub fn public(&self) -> &[u8] {
        &self.public
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![self.key_type.byte()];
        bytes.extend_from_slice(&self.public);
        write!(f, "{}+{}+{}", self.name, self.id, to_base64(&bytes))
    }
}

impl fmt::Debug for VerifierKey {
    /// Name, id and type; a key of 1312 bytes helps nobody in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({}+{}, {:?})", self.name, self.id, self.key_type)
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    /// Reads a vkey; its id must be the one that the standards compute from name and key.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        if text.len() > MAX_VERIFIER_KEY {
            return Err(KeyError::Shape);
        }
        let (name, rest) = text.split_once('+').ok_or(KeyError::Shape)?;
        // Base64 may hold plus signs itself.
        let (id, key) = rest.split_once('+').ok_or(KeyError::Shape)?;
        let bytes = from_base64(key).ok_or(KeyError::Base64)?;
        let (type_byte, public) = bytes.split_first().ok_or(KeyError::Type)?;
        let key_type = KeyType::from_byte(*type_byte).ok_or(KeyError::Type)?;
        let key = Self::new(name, key_type, public)?;
        if key.id.to_string() == id { Ok(key) } else { Err(KeyError::Id) }
    }
}

/// Whether a note may name a key like this.
pub(super) fn is_key_name(name: &str) -> bool {
    let forbidden = |c: char| c == '+' || c < ' ' || c.is_whitespace();
    !name.is_empty() && !name.contains(forbidden)
}
