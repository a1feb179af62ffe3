//! Bech32 (BIP 173) without its limit on length, as the age v1 format wants it.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Checksum, Hrp};

/// The longest text read: a recipient has 1959 characters.
const LIMIT: usize = 2048;

/// Bech32's own checksum over longer texts.
enum Long {}

impl Checksum for Long {
    type MidstateRepr = u32;
    const CODE_LENGTH: usize = LIMIT;
    const CHECKSUM_LENGTH: usize = Bech32::CHECKSUM_LENGTH;
    const GENERATOR_SH: [u32; 5] = Bech32::GENERATOR_SH;
    const TARGET_RESIDUE: u32 = Bech32::TARGET_RESIDUE;
}

/// The bytes that stand behind `prefix`, or nothing. All of one case, whichever.
pub(super) fn decode(prefix: &str, text: &str) -> Option<Vec<u8>> {
    if text.len() > LIMIT {
        return None;
    }
    let checked = CheckedHrpstring::new::<Long>(text).ok()?;
    let right = checked.hrp().lowercase_char_iter().eq(prefix.chars());
    let bytes: Vec<u8> = checked.byte_iter().collect();
    // Leftover bits would be a second writing of the same bytes: only the canonical one is read.
    (right && encode(prefix, &bytes).eq_ignore_ascii_case(text)).then_some(bytes)
}

/// The lower-case text of `bytes` behind `prefix`; empty if it would pass the limit, which the two
/// fixed lengths of this crate never do.
pub(super) fn encode(prefix: &str, bytes: &[u8]) -> String {
    Hrp::parse(prefix)
        .ok()
        .and_then(|prefix| bech32::encode_lower::<Long>(prefix, bytes).ok())
        .unwrap_or_default()
}
