//! The names of logs and witnesses (docs/protocol.md section 2).

use std::fmt::Write as _;

/// Why a channel has no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Our caller gave an agreement that is not a UUID.
    #[error("`{0}` is not a uuid; write its 36 lower-case characters, without `agreement--`")]
    Agreement(String),
    /// Our caller gave epoch 0.
    #[error("a channel has no epoch 0; epochs count from 1")]
    Epoch,
}

impl NameError {
    /// The stable name of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Agreement(_) => "agreement-id-malformed",
            Self::Epoch => "epoch-zero",
        }
    }
}

/// The origin of a channel's log, and the name of the keys that sign it:
/// `comity/<agreement uuid>/<epoch>/<from, 32 hex>/<to, 32 hex>`.
///
/// `agreement` is the UUID alone, `epoch` counts from 1, `from` and `to` are the parties' roots, of
/// which the first 16 bytes are used (docs/protocol.md section 2).
///
/// # Errors
/// [`NameError`] when `agreement` is not a lower-case UUID or `epoch` is 0.
pub fn channel_origin(
    agreement: &str,
    epoch: u32,
    from: &[u8; 32],
    to: &[u8; 32],
) -> Result<String, NameError> {
    if !is_uuid(agreement) {
        return Err(NameError::Agreement(agreement.chars().take(64).collect()));
    }
    if epoch == 0 {
        return Err(NameError::Epoch);
    }
    Ok(format!("comity/{agreement}/{epoch}/{}/{}", half_hex(from), half_hex(to)))
}

/// The name of the keys with which the party of this `root` cosigns its partners' logs:
/// `comity/witness/<root, 32 hex>` (docs/protocol.md section 2).
pub fn witness_name(root: &[u8; 32]) -> String {
    format!("comity/witness/{}", half_hex(root))
}

/// The origin of the private journal of the party of this `root`, and the name of the keys that sign it:
/// `comity/journal/<root, 32 hex>` (docs/protocol.md section 7). No channel has an origin of this form.
pub fn journal_origin(root: &[u8; 32]) -> String {
    format!("comity/journal/{}", half_hex(root))
}

/// The first 16 bytes in lower-case hexadecimal.
fn half_hex(root: &[u8; 32]) -> String {
    let mut text = String::with_capacity(32);
    for byte in root.iter().take(16) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}
