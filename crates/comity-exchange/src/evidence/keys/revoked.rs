//! Keys that a party took back: a later descriptor beside leaves them out while their time was not over, or ends their time
//! before what they signed (docs/protocol.md sections 9.3 and 9.4).
//!
//! Neither a descriptor nor a signature says when it was made but by the word of who has the key, and that may be a thief.
//! So a file cannot tell what such a key signed before it was taken back from what it signed after.

use comity_log::cosign::Verified;
use comity_log::note::KeyType;
use comity_model::descriptor::{KeyEntry, KeyUse};
use comity_pouch::HybridPublic;
use comity_pouch::keys::hybrid_of;
use jiff::Timestamp;

use super::{Holder, covers_second, verifier};

impl Holder {
    /// Whether a key that signs with both algorithms, and was valid at `at`, was taken back.
    pub(in super::super) fn took_back(
        &self,
        purpose: KeyUse,
        key: &HybridPublic,
        at: Timestamp,
    ) -> bool {
        let is_it =
            |it: &KeyEntry| it.purpose == purpose && hybrid_of(it).is_ok_and(|found| found == *key);
        self.left_out(is_it, |it| it.is_valid(at))
    }

    /// Whether of either half of a log or of a witness all keys among these signers were taken back. `said` is the time,
    /// in seconds since 1970, of those that state none.
    pub(in super::super) fn took_back_either(
        &self,
        purpose: KeyUse,
        name: &str,
        signers: &[Verified],
        said: u64,
    ) -> bool {
        let ed25519 = super::ed25519_of(purpose);
        let is_good = |signer: &Verified| {
            let at = super::second(signer.timestamp.unwrap_or(said));
            let is_it = |it: &KeyEntry| {
                it.purpose == purpose
                    && verifier(it, name, ed25519).is_some_and(|it| it.id() == signer.id)
            };
            let covers = |it: &KeyEntry| at.is_some_and(|at| covers_second(it, at));
            let is_listed = self.entries(purpose).any(|it| is_it(it) && covers(it));
            is_listed && !self.left_out(is_it, covers)
        };
        let mut halves = [ed25519, KeyType::CosignatureMlDsa44].into_iter();
        halves.any(|kind| !signers.iter().any(|it| it.key_type == kind && is_good(it)))
    }

    /// Whether a descriptor after the last that lists a key for the time in question takes it back.
    fn left_out(
        &self,
        is_it: impl Fn(&KeyEntry) -> bool,
        covers: impl Fn(&KeyEntry) -> bool,
    ) -> bool {
        let descriptors = || self.descriptors.iter().map(|it| &it.descriptor);
        let listed = descriptors().enumerate().filter_map(|(at, descriptor)| {
            let entry = descriptor.keys.iter().find(|it| is_it(it) && covers(it))?;
            Some((at, entry.not_after))
        });
        let Some((last, until)) = listed.last() else { return false };
        descriptors().skip(last + 1).any(|later| {
            // what expired is left out too; a descriptor was made when its newest keys began
            let made = later.keys.iter().map(|it| it.not_before).max();
            later.keys.iter().any(&is_it) || made.is_none_or(|made| made < until)
        })
    }
}
