//! Keys that a party took back: the next descriptor, made while the time of a key was not over, leaves it out, or ends its time
//! before what it signed (docs/protocol.md sections 9.3 and 9.4).
//!
//! A signature does not say when it was made but by the word of who has the key, and that may be a thief.

use comity_log::cosign::Verified;
use comity_log::note::KeyType;
use comity_model::Descriptor;
use comity_model::descriptor::{KeyEntry, KeyUse};
use comity_pouch::HybridPublic;
use comity_pouch::keys::hybrid_of;
use jiff::Timestamp;

use super::{Holder, covers_second, second, verifier};

/// What keys signed that a party took back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in super::super) struct TakenBack {
    /// When the first of them was taken back; `None`: none was.
    pub(in super::super) at: Option<Timestamp>,
    /// Whether one of them signed something whose stated time is not before that at which it was taken back.
    pub(in super::super) is_after: bool,
}

impl TakenBack {
    fn new(at: Option<Timestamp>, stated: Option<Timestamp>) -> Self {
        let is_after = at.is_some_and(|at| stated.is_some_and(|stated| at <= stated));
        Self { at, is_after }
    }

    /// Of what several signatures show, everything.
    pub(in super::super) fn and(self, other: Self) -> Self {
        let at = self.at.into_iter().chain(other.at).min();
        Self { at, is_after: self.is_after || other.is_after }
    }
}

impl Holder {
    /// Whether a key that signs with both algorithms, and was valid at `at`, was taken back.
    pub(in super::super) fn took_back(
        &self,
        purpose: KeyUse,
        key: &HybridPublic,
        at: Timestamp,
    ) -> TakenBack {
        let is_it = is_hybrid(purpose, key);
        TakenBack::new(self.left_out(is_it, |it| it.is_valid(at)), Some(at))
    }

    /// The same of a key that signed something of which nobody says when.
    pub(in super::super) fn took_back_ever(
        &self,
        purpose: KeyUse,
        key: &HybridPublic,
    ) -> TakenBack {
        TakenBack::new(self.left_out(is_hybrid(purpose, key), |_| true), None)
    }

    /// Whether keys among these signers, of a log or of a witness, were taken back. `said` is the time, in seconds since
    /// 1970, of those that state none.
    pub(in super::super) fn took_back_either(
        &self,
        purpose: KeyUse,
        name: &str,
        signers: &[Verified],
        said: u64,
    ) -> TakenBack {
        let ed25519 = super::ed25519_of(purpose);
        let judged = |signer: &Verified| {
            let at = second(signer.timestamp.unwrap_or(said));
            let is_it = |it: &KeyEntry| {
                it.purpose == purpose
                    && verifier(it, name, ed25519).is_some_and(|it| it.id() == signer.id)
            };
            let covers = |it: &KeyEntry| at.is_some_and(|at| covers_second(it, at));
            TakenBack::new(self.left_out(is_it, covers), at)
        };
        let kinds = [ed25519, KeyType::CosignatureMlDsa44];
        let signers = signers.iter().filter(|it| kinds.contains(&it.key_type));
        signers.map(judged).fold(TakenBack::default(), TakenBack::and)
    }

    /// When the first descriptor was made that takes a key back: the one before lists it for the time in question, and it does
    /// not, though the key's time was not over. Where serials between the two are missing, one of those may have taken it
    /// back, whatever the time. That a later one lists it again changes nothing.
    fn left_out(
        &self,
        is_it: impl Fn(&KeyEntry) -> bool,
        covers: impl Fn(&KeyEntry) -> bool,
    ) -> Option<Timestamp> {
        let lists = |it: &Descriptor| {
            it.keys.iter().find(|key| is_it(key) && covers(key)).map(|key| key.not_after)
        };
        let descriptors = || self.descriptors.iter().map(|it| &it.descriptor);
        descriptors().zip(descriptors().skip(1)).find_map(|(one, next)| {
            let until = lists(one).filter(|_| lists(next).is_none())?;
            let is_gap = one.serial.saturating_add(1) < next.serial;
            (is_gap || next.issued_at < until).then_some(next.issued_at)
        })
    }
}

fn is_hybrid(purpose: KeyUse, key: &HybridPublic) -> impl Fn(&KeyEntry) -> bool {
    move |it| it.purpose == purpose && hybrid_of(it).is_ok_and(|found| found == *key)
}
