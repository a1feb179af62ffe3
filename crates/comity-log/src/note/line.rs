//! One signature line of a note.

use std::fmt;
use std::str::FromStr;

use super::key::{KeyId, is_key_name};
use crate::text::{from_base64, to_base64};

/// One line under a note: who says to have signed, and the signature's bytes, unverified
/// (C2SP signed-note, Signatures).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine {
    name: String,
    id: KeyId,
    signature: Vec<u8>,
}

/// Why a line is not a signature line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// Not an em dash, a name and a signature with one space between each.
    #[error("write an em dash, a key name and a signature with single spaces between")]
    Shape,
    /// A key name that is empty or holds a space, a plus or a control character.
    #[error(
        "its key name is empty or holds a space, a plus sign or a control character; rename the key"
    )]
    Name,
    /// Not canonical base64 of a key id and at least one byte.
    #[error("its signature is not canonical base64 of a key id and a signature; copy it again")]
    Base64,
}

impl LineError {
    /// The stable name of this error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shape => "signature-line-shape",
            Self::Name => "signature-line-name",
            Self::Base64 => "signature-line-base64",
        }
    }
}

impl SignatureLine {
    /// A line from its parts. The name was checked by its key, the signature is not empty.
    pub(crate) fn from_key(name: &str, id: KeyId, signature: Vec<u8>) -> Self {
        Self { name: name.to_owned(), id, signature }
    }

    /// The name of the key, not empty, without spaces or plus signs.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of the key. Only name and id together name a key.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The signature's bytes after the key id, at least one.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// How many bytes [`fmt::Display`] prints.
    pub(super) fn printed_len(&self) -> usize {
        // The dash of 3 bytes, two spaces, the name, and 4 characters for each 3 bytes.
        5 + self.name.len() + (4 + self.signature.len()).div_ceil(3) * 4
    }
}

impl fmt::Display for SignatureLine {
    /// The line without its newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.id.to_bytes().to_vec();
        bytes.extend_from_slice(&self.signature);
        write!(f, "— {} {}", self.name, to_base64(&bytes))
    }
}

impl FromStr for SignatureLine {
    type Err = LineError;

    /// Reads the line without its newline.
    fn from_str(line: &str) -> Result<Self, LineError> {
        let rest = line.strip_prefix("— ").ok_or(LineError::Shape)?;
        let (name, signature) = rest.split_once(' ').ok_or(LineError::Shape)?;
        if !is_key_name(name) {
            return Err(LineError::Name);
        }
        let bytes = from_base64(signature).ok_or(LineError::Base64)?;
        match bytes.split_first_chunk::<4>() {
            Some((id, signature)) if !signature.is_empty() => Ok(Self {
                name: name.to_owned(),
                id: KeyId::from_bytes(*id),
                signature: signature.to_vec(),
            }),
            _ => Err(LineError::Base64),
        }
    }
}
