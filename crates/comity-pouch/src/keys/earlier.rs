//! Keys that others took the place of: what they still do, and when they are destroyed (docs/protocol.md section 1.4).

use std::iter;

use comity_model::Entropy;
use comity_model::descriptor::{KeyEntry, KeyUse};
use jiff::Timestamp;

use super::{KeysError, LinkKey, RecordKeys, ServeKeys, entries_of};
use crate::hybrid::HybridSecret;
use crate::seal::SealIdentity;

/// The most earlier keys of one use that are kept; the oldest are destroyed first.
const MOST: usize = 8;

/// A key that another took the place of.
#[derive(Debug)]
pub struct Kept<K> {
    /// The key.
    pub key: K,
    /// When it is destroyed.
    pub until: Timestamp,
}

/// The keys that others took the place of, by use, the newest first.
#[derive(Debug)]
pub struct Earlier {
    /// Sign what was sealed before the new one.
    pub statement: Vec<Kept<HybridSecret>>,
    /// Sign the checkpoints over it.
    pub log: Vec<Kept<RecordKeys>>,
    /// Cosign where the new one is not announced yet.
    pub witness: Vec<Kept<RecordKeys>>,
    /// Open pouches that were sealed before the partner knew the new one.
    pub seal: Vec<Kept<SealIdentity>>,
    /// Prove the node to partners that do not know the new one yet.
    pub link: Vec<Kept<LinkKey>>,
}

impl Earlier {
    /// None.
    pub const fn none() -> Self {
        Self {
            statement: Vec::new(),
            log: Vec::new(),
            witness: Vec::new(),
            seal: Vec::new(),
            link: Vec::new(),
        }
    }

    /// When each of them is destroyed.
    pub fn ends(&self) -> impl Iterator<Item = Timestamp> {
        fn of<K>(kept: &[Kept<K>]) -> impl Iterator<Item = Timestamp> {
            kept.iter().map(|it| it.until)
        }
        of(&self.statement)
            .chain(of(&self.log))
            .chain(of(&self.witness))
            .chain(of(&self.seal))
            .chain(of(&self.link))
    }

    /// Destroys those whose time has come, and gives how many those were.
    pub fn forget(&mut self, now: Timestamp) -> usize {
        fn drop_old<K>(kept: &mut Vec<Kept<K>>, now: Timestamp) -> usize {
            let before = kept.len();
            kept.retain(|it| now < it.until);
            before - kept.len()
        }
        drop_old(&mut self.statement, now)
            + drop_old(&mut self.log, now)
            + drop_old(&mut self.witness, now)
            + drop_old(&mut self.seal, now)
            + drop_old(&mut self.link, now)
    }
}

/// Keeps `key` as the newest of those that others took the place of.
fn keep<K>(kept: &mut Vec<Kept<K>>, key: K, until: Timestamp) {
    kept.insert(0, Kept { key, until });
    kept.truncate(MOST);
}

impl ServeKeys {
    /// The statement keys, the current one first.
    pub fn statements(&self) -> impl Iterator<Item = &HybridSecret> {
        iter::once(&self.statement).chain(self.earlier.statement.iter().map(|it| &it.key))
    }

    /// The log keys, the current ones first.
    pub fn logs(&self) -> impl Iterator<Item = &RecordKeys> {
        iter::once(&self.log).chain(self.earlier.log.iter().map(|it| &it.key))
    }

    /// The witness keys, the current ones first.
    pub fn witnesses(&self) -> impl Iterator<Item = &RecordKeys> {
        iter::once(&self.witness).chain(self.earlier.witness.iter().map(|it| &it.key))
    }

    /// The sealing keys, the current one first.
    pub fn seals(&self) -> impl Iterator<Item = &SealIdentity> {
        iter::once(&self.seal).chain(self.earlier.seal.iter().map(|it| &it.key))
    }

    /// The link keys, the current one first.
    pub fn links(&self) -> impl Iterator<Item = &LinkKey> {
        iter::once(&self.link).chain(self.earlier.link.iter().map(|it| &it.key))
    }

    /// Puts a fresh key in the place of the one for `purpose`, which is kept until `until`. A link's certificate is valid from
    /// `not_before` until `not_after`. The root and the registrar are not among these keys: [`KeysError::NotServed`].
    pub fn renew(
        &mut self,
        purpose: KeyUse,
        entropy: &dyn Entropy,
        (not_before, not_after): (Timestamp, Timestamp),
        until: Timestamp,
    ) -> Result<(), KeysError> {
        match purpose {
            KeyUse::Root | KeyUse::Registrar => return Err(KeysError::NotServed),
            KeyUse::Statement => {
                let fresh = HybridSecret::generate(entropy)?;
                let old = std::mem::replace(&mut self.statement, fresh);
                keep(&mut self.earlier.statement, old, until);
            }
            KeyUse::Log => {
                let old = std::mem::replace(&mut self.log, RecordKeys::generate(entropy)?);
                keep(&mut self.earlier.log, old, until);
            }
            KeyUse::Witness => {
                let old = std::mem::replace(&mut self.witness, RecordKeys::generate(entropy)?);
                keep(&mut self.earlier.witness, old, until);
            }
            KeyUse::Seal => {
                let old = std::mem::replace(&mut self.seal, SealIdentity::generate(entropy)?);
                keep(&mut self.earlier.seal, old, until);
            }
            KeyUse::Link => {
                let fresh = LinkKey::generate(entropy, not_before, not_after)?;
                let old = std::mem::replace(&mut self.link, fresh);
                keep(&mut self.earlier.link, old, until);
            }
        }
        Ok(())
    }

    /// The descriptor's entries of the current key for `purpose`; none for the root and the registrar.
    pub fn entries(
        &self,
        purpose: KeyUse,
        not_before: Timestamp,
        not_after: Timestamp,
    ) -> Vec<KeyEntry> {
        entries_of(self, not_before, not_after)
            .into_iter()
            .filter(|it| it.purpose == purpose)
            .collect()
    }
}
