//! The exact bytes that each type of key signs.

use crate::checkpoint::Checkpoint;

/// Tells the cosigned structure from every other use of a key; the text ends in a zero byte.
const ML_DSA_LABEL: &[u8; 12] = b"subtree/v1\n\0";

/// The largest time that a cosignature can state, in seconds since 1970 (2^63 - 1).
pub(super) const MAX_TIMESTAMP: u64 = (1 << 63) - 1;

/// What a `0x04` cosignature signs (C2SP tlog-cosignature, Ed25519 signed message).
/// `text` is the whole checkpoint with its last newline, `timestamp` in seconds since 1970.
pub(super) fn ed25519(text: &str, timestamp: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {timestamp}\n{text}").into_bytes()
}

/// What a `0x06` cosignature signs (C2SP tlog-cosignature, ML-DSA-44 signed message): the subtree
/// from leaf 0 to the checkpoint's size. `None` when a name is longer than 255 bytes or empty.
pub(super) fn ml_dsa_44(
    cosigner: &str,
    checkpoint: &Checkpoint,
    timestamp: u64,
) -> Option<Vec<u8>> {
    let mut message = ML_DSA_LABEL.to_vec();
    put_opaque(&mut message, cosigner)?;
    message.extend_from_slice(&timestamp.to_be_bytes());
    put_opaque(&mut message, checkpoint.origin())?;
    message.extend_from_slice(&0_u64.to_be_bytes());
    message.extend_from_slice(&checkpoint.size().to_be_bytes());
    message.extend_from_slice(checkpoint.root());
    Some(message)
}

/// A vector of 1 to 255 bytes with its length in one byte before it (RFC 8446 section 3.4).
fn put_opaque(message: &mut Vec<u8>, text: &str) -> Option<()> {
    let length = u8::try_from(text.len()).ok().filter(|length| *length > 0)?;
    message.push(length);
    message.extend_from_slice(text.as_bytes());
    Some(())
}

#[cfg(test)]
mod tests;
