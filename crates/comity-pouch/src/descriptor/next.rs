//! The next descriptor of a party: what rotation, revocation and renewal make of the one before (docs/protocol.md
//! section 1.4).

use comity_model::Digest;
use comity_model::descriptor::{Descriptor, KeyEntry, KeyUse};
use comity_model::digest::to_hex;
use jiff::{SignedDuration, Timestamp};

use crate::json;

/// Hexadecimal digits in the name of a key.
const ID_DIGITS: usize = 16;

/// What changes from one descriptor to the next.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Uses whose keys `fresh` takes the place of. The old ones stay listed, and good, until `old_until`.
    pub replaced: Vec<KeyUse>,
    /// Keys that are left out at once, as [`key_id`] names them.
    pub revoked: Vec<String>,
    /// Uses whose keys stay and are good until `until`. The root, which signs each descriptor, is always among them.
    pub prolonged: Vec<KeyUse>,
    /// The new entries.
    pub fresh: Vec<KeyEntry>,
}

impl Change {
    /// The descriptor after `before`, made at `at`, or a second after it where a clock went back, whose serial is the next one. What expired before `at` is not listed any
    /// more: what it signed is judged by the descriptors before.
    pub fn after(
        self,
        before: &Descriptor,
        at: Timestamp,
        until: Timestamp,
        old_until: Timestamp,
    ) -> Descriptor {
        let mut keys = Vec::with_capacity(before.keys.len() + self.fresh.len());
        for entry in &before.keys {
            let mut entry = entry.clone();
            if entry.purpose == KeyUse::Root || self.prolonged.contains(&entry.purpose) {
                entry.not_after = entry.not_after.max(until);
            } else if self.replaced.contains(&entry.purpose) {
                entry.not_after = entry.not_after.min(old_until);
            }
            let revoked = entry.purpose != KeyUse::Root && self.revoked.contains(&key_id(&entry));
            if !revoked && at < entry.not_after {
                keys.push(entry);
            }
        }
        keys.extend(self.fresh);
        keys.sort_by_key(|it| it.purpose);
        let issued_at = at.max(a_second_after(before.issued_at));
        Descriptor { serial: before.serial + 1, issued_at, keys, ..before.clone() }
    }
}

fn a_second_after(at: Timestamp) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(1)).unwrap_or(Timestamp::MAX)
}

/// The name of a key as people type it: its use, a colon, and the first 16 hexadecimal digits of the SHA-256 of its public
/// key. The two halves of a key for the record have a name each.
pub fn key_id(entry: &KeyEntry) -> String {
    let public = json::from_base64(&entry.public, entry.public.len()).unwrap_or_default();
    let hex = to_hex(Digest::of(&public).as_bytes());
    let short: String = hex.chars().take(ID_DIGITS).collect();
    format!("{}:{short}", entry.purpose.as_str())
}
