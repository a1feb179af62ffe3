//! The keys of a party, out of its descriptors. Which of several is meant, the signature itself says; a key counts at the
//! times at which its descriptor says that it is valid.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_log::cosign;
use comity_log::note::{KeyId, KeyType, SignedNote, VerifierKey};
use comity_log::witness_name;
use comity_model::descriptor::{KeyAlg, KeyEntry, KeyUse};
use comity_model::{Descriptor, PartyRoot};
use comity_pouch::descriptor::{self, Verified};
use comity_pouch::keys::hybrid_of;
use comity_pouch::{Envelope, HybridPublic, SignatureError, dsse};
use jiff::Timestamp;

use super::file::Signed;
use super::flaw::{Field, Flaw};

pub(super) mod lines;
mod revoked;

pub(super) use revoked::TakenBack;

/// The descriptors of one party in a file, by serial: at least one, all signed by the root that is the party.
pub(super) struct Holder {
    pub(super) root: PartyRoot,
    pub(super) key: HybridPublic,
    descriptors: Vec<Verified>,
}

/// Reads the descriptors of a file: those of a party stand together, by serial.
pub(super) fn holders(signed: &[Signed]) -> Result<Vec<Holder>, Flaw> {
    let mut holders: Vec<Holder> = Vec::new();
    for one in signed {
        let bad = |code, why: &dyn std::fmt::Display| Flaw::new(Field::Descriptors, code, why);
        let envelope = one.envelope(dsse::DESCRIPTOR).map_err(|error| bad(error.code(), &error))?;
        let found = descriptor::verify(&envelope).map_err(|error| bad(error.code(), &error))?;
        let root = found.descriptor.root;
        let is_known = holders.iter().any(|it| it.root == root);
        match holders.last_mut().filter(|it| it.root == root) {
            Some(holder) if holder.newest() < found.descriptor.serial => {
                holder.insert(found)?;
            }
            None if !is_known => holders.push(Holder::of(found)),
            _ => {
                let message = "the descriptors of a party do not stand together, by their serials";
                return Err(bad("descriptor-order", &message));
            }
        }
    }
    Ok(holders)
}

/// Takes in a descriptor that is not in the file, at the place of its serial. One that is there already changes nothing.
///
/// # Errors
/// `descriptor-forked`: the party signed two of that serial.
pub(super) fn add(holders: &mut Vec<Holder>, more: &Verified) -> Result<(), Flaw> {
    let (root, serial) = (more.descriptor.root, more.descriptor.serial);
    let Some(holder) = holders.iter_mut().find(|it| it.root == root) else {
        holders.push(Holder::of(more.clone()));
        return Ok(());
    };
    match holder.descriptors.binary_search_by_key(&serial, |it| it.descriptor.serial) {
        Ok(at) if holder.descriptors.get(at).is_some_and(|it| it.digest == more.digest) => {}
        Ok(_) => {
            let message = format!(
                "the party `{root}` signed two of the serial {serial}; ask it which one is in force"
            );
            return Err(Flaw::new(Field::Descriptors, "descriptor-forked", message));
        }
        Err(_) => holder.insert(more.clone())?,
    }
    Ok(())
}

/// Why no key of a party signed something.
pub(super) enum Unsigned {
    /// Its descriptors have no such key that was valid then.
    Expired,
    /// Such a key was valid, and the signatures are not its.
    Signature(SignatureError),
}

impl Holder {
    /// A party of which this one descriptor is known.
    pub(super) fn of(one: Verified) -> Self {
        Self { root: one.descriptor.root, key: one.root.clone(), descriptors: vec![one] }
    }

    /// Takes in a descriptor of a serial that is not there yet. Those of higher serials are later.
    fn insert(&mut self, one: Verified) -> Result<(), Flaw> {
        let serial = one.descriptor.serial;
        let at = self.descriptors.partition_point(|it| it.descriptor.serial < serial);
        self.descriptors.insert(at, one);
        let times = || self.descriptors.iter().map(|it| it.descriptor.issued_at);
        if times().zip(times().skip(1)).all(|(one, next)| one < next) {
            return Ok(());
        }
        let message = format!("that with the serial {serial} was not made after those before it");
        Err(Flaw::new(Field::Descriptors, "descriptor-order", message))
    }

    /// The serial of the newest descriptor.
    fn newest(&self) -> u64 {
        self.descriptor().map_or(0, |it| it.serial)
    }

    /// What the party says of itself: the newest descriptor.
    pub(super) fn descriptor(&self) -> Option<&Descriptor> {
        self.descriptors.last().map(|it| &it.descriptor)
    }

    fn entries(&self, purpose: KeyUse) -> impl Iterator<Item = &KeyEntry> {
        self.descriptors
            .iter()
            .flat_map(|it| &it.descriptor.keys)
            .filter(move |key| key.purpose == purpose)
    }

    /// The keys of a use that signs with both algorithms, valid at `at`, the newest descriptor's first.
    pub(super) fn hybrid(&self, purpose: KeyUse, at: Timestamp) -> Vec<HybridPublic> {
        let mut keys: Vec<HybridPublic> = Vec::new();
        for descriptor in self.descriptors.iter().rev().map(|it| &it.descriptor) {
            for key in descriptor.keys_for(purpose, at).filter_map(|it| hybrid_of(it).ok()) {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        keys
    }

    /// Checks that a statement is signed by a statement key of the party that was valid at `at`. Gives whether the key was
    /// [taken back](Holder::took_back).
    pub(super) fn signed(
        &self,
        statement: &Envelope,
        at: Timestamp,
    ) -> Result<TakenBack, Unsigned> {
        let mut why = Unsigned::Expired;
        for key in self.hybrid(KeyUse::Statement, at) {
            match statement.verify(dsse::STATEMENT, &key) {
                Ok(_) => return Ok(self.took_back(KeyUse::Statement, &key, at)),
                Err(error) => why = Unsigned::Signature(error),
            }
        }
        Err(why)
    }

    /// The keys under which the party signs checkpoints of its log of this origin.
    pub(super) fn log_keys(&self, origin: &str) -> Vec<VerifierKey> {
        self.note_keys(KeyUse::Log, origin, KeyType::Ed25519)
    }

    /// The name under which the party cosigns.
    pub(super) fn witness_name(&self) -> String {
        witness_name(self.root.digest().as_bytes())
    }

    /// The keys with which the party cosigns.
    pub(super) fn witness_keys(&self) -> Vec<VerifierKey> {
        self.note_keys(KeyUse::Witness, &self.witness_name(), KeyType::CosignatureEd25519)
    }

    fn note_keys(&self, purpose: KeyUse, name: &str, ed25519: KeyType) -> Vec<VerifierKey> {
        let mut keys: Vec<VerifierKey> = Vec::new();
        for key in self.entries(purpose).filter_map(|entry| verifier(entry, name, ed25519)) {
            if !keys.iter().any(|it| it.id() == key.id()) {
                keys.push(key);
            }
        }
        keys
    }

    /// Whether both halves of the log or of the witness are among these signers, each valid at the time that it states, or
    /// that the other half states. Gives that time, in seconds since 1970.
    pub(super) fn both_halves(
        &self,
        purpose: KeyUse,
        name: &str,
        signers: &[cosign::Verified],
    ) -> Result<u64, Half> {
        let ed25519 = ed25519_of(purpose);
        let said = signers.iter().filter_map(|it| it.timestamp).max().ok_or(Half::Missing)?;
        let is_valid = |id: KeyId, at: u64| {
            second(at).is_some_and(|at| {
                self.entries(purpose).any(|entry| {
                    covers_second(entry, at)
                        && verifier(entry, name, ed25519).is_some_and(|it| it.id() == id)
                })
            })
        };
        for kind in [ed25519, KeyType::CosignatureMlDsa44] {
            let mut of_kind = signers.iter().filter(|it| it.key_type == kind).peekable();
            of_kind.peek().ok_or(Half::Missing)?;
            if !of_kind.any(|it| is_valid(it.id, it.timestamp.unwrap_or(said))) {
                return Err(Half::Expired);
            }
        }
        Ok(said)
    }

    /// Checks that the party's log signed a note with both halves. Gives whether a key of either was
    /// [taken back](Holder::took_back_either).
    pub(super) fn log_signed(&self, note: &SignedNote, origin: &str) -> Result<TakenBack, Half> {
        let found = cosign::verify(note, &self.log_keys(origin)).map_err(|_| Half::Missing)?;
        let said = self.both_halves(KeyUse::Log, origin, &found)?;
        Ok(self.took_back_either(KeyUse::Log, origin, &found, said))
    }
}

/// Why a note does not count as signed by a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// One of the two signatures is not there, or does not hold.
    Missing,
    /// A key signed outside the time at which it is valid.
    Expired,
}

/// What the Ed25519 half of a log, or of a witness, signs.
const fn ed25519_of(purpose: KeyUse) -> KeyType {
    match purpose {
        KeyUse::Witness => KeyType::CosignatureEd25519,
        _ => KeyType::Ed25519,
    }
}

/// A time that a note states.
fn second(at: u64) -> Option<Timestamp> {
    i64::try_from(at).ok().and_then(|at| Timestamp::from_second(at).ok())
}

/// Whether a key is valid at a time of whole seconds; one that begins within the second is.
fn covers_second(entry: &KeyEntry, at: Timestamp) -> bool {
    entry.not_before.as_second() <= at.as_second() && at < entry.not_after
}

fn verifier(entry: &KeyEntry, name: &str, ed25519: KeyType) -> Option<VerifierKey> {
    let kind = match entry.alg {
        KeyAlg::Ed25519 => ed25519,
        KeyAlg::MlDsa44 => KeyType::CosignatureMlDsa44,
        _ => return None,
    };
    VerifierKey::new(name, kind, &STANDARD.decode(&entry.public).ok()?).ok()
}
