//! A party's keys over time: rotated, revoked, and lost.

use std::sync::Arc;

use comity_exchange::descriptor::{Next, Renewal, announce, renew};
use comity_exchange::keys::Unlocked;
use comity_model::Descriptor;
use comity_model::descriptor::KeyUse;
use comity_pouch::descriptor::{Change, key_id, sign};
use comity_pouch::keys::ServeKeys;
use jiff::{SignedDuration, Timestamp};

use super::{Party, validity};
use crate::{Result, SeededEntropy};

/// How long the old keys of a rotation stay good.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What becomes of the keys that others take the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OldKeys {
    /// They stay good for thirty days.
    Overlap,
    /// They are left out of the next descriptor.
    Revoked,
    /// They are left out, and nothing can be signed with them any more: the descriptor travels as a file.
    Lost,
}

impl Party {
    /// Makes new keys for these uses, and announces them.
    pub async fn rotate(&mut self, uses: &[KeyUse], old: OldKeys) -> Result<Renewal> {
        let next = self.rotated(uses, old)?;
        let envelope = String::from_utf8(sign(&next, &self.root_key)?.to_json())?;
        let by_file = old == OldKeys::Lost;
        let next = Next { envelope: &envelope, by_file, changed: &[] };
        Ok(renew(&self.node, next, "an analyst").await?)
    }

    /// Makes new keys for these uses and goes on with them; gives the descriptor that has to be announced.
    pub fn rotated(&mut self, uses: &[KeyUse], old: OldKeys) -> Result<Descriptor> {
        let before = self.descriptor()?;
        self.rotations.extend(uses);
        let keys = self.serve_keys()?;
        let (now, (_, until)) = (self.node.now(), validity()?);
        let listed = before.keys.iter().filter(|it| uses.contains(&it.purpose));
        let change = Change {
            replaced: uses.to_vec(),
            revoked: match old {
                OldKeys::Overlap => Vec::new(),
                OldKeys::Revoked | OldKeys::Lost => listed.map(key_id).collect(),
            },
            prolonged: Vec::new(),
            fresh: uses.iter().flat_map(|it| keys.entries(*it, now, until)).collect(),
        };
        self.node.change_keys(Arc::new(Unlocked::new(keys, self.node.root())));
        Ok(change.after(&before, now, until, now.checked_add(OVERLAP)?))
    }

    /// Announces what a crash left unannounced.
    pub async fn announce(&self) -> Result<usize> {
        Ok(announce(&self.node, "an analyst").await?.len())
    }
}

/// The keys of the party called `handle` after these rotations, the same each time.
pub(super) fn serve_keys(handle: &str, rotations: &[KeyUse]) -> Result<ServeKeys> {
    let mut keys = Party::serve_keys_of(handle)?;
    for (number, purpose) in rotations.iter().enumerate() {
        let seeds = SeededEntropy::new(format!("{handle} rotation {number}"));
        keys.renew(*purpose, &seeds, validity()?, Timestamp::MAX)?;
    }
    Ok(keys)
}
