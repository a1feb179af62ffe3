//! The unlocked keys of a node, as the Keys port.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_log::checkpoint::Checkpoint;
use comity_log::cosign::{NoteSigner, SignError};
use comity_log::note::{SignatureLine, SignedNote};
use comity_log::witness_name;
use comity_model::descriptor::{KeyAlg, KeyUse};
use comity_model::{AgreementId, Descriptor, Entropy, PartyRoot};
use comity_pouch::SealIdentity;
use comity_pouch::dsse;
use comity_pouch::keys::{LinkKey, RecordKeys, ServeKeys};
use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::ports::{KeyError, Keys};

/// The keys as they come out of the key file.
pub struct Unlocked {
    keys: ServeKeys,
    root: PartyRoot,
}

impl Unlocked {
    /// The keys of the party `root`.
    pub const fn new(keys: ServeKeys, root: PartyRoot) -> Self {
        Self { keys, root }
    }

    /// Whether the time of a key that another took the place of has come: it has to be destroyed.
    pub fn has_to_forget(&self, now: Timestamp) -> bool {
        self.keys.earlier.ends().any(|until| until <= now)
    }

    /// The link key with which the node proves itself at `at`: of those that `own` has and that are here, the one that was
    /// valid first, so that partners have the whole time in which both are valid to learn of the new one. Where none is
    /// valid it is the current one, which then nobody believes.
    pub fn link(&self, own: &Descriptor, at: Timestamp) -> &LinkKey {
        let mut listed: Vec<_> = own.keys_for(KeyUse::Link, at).collect();
        listed.sort_by_key(|it| it.not_before);
        let held = |public: &str| {
            let is_it = |key: &&LinkKey| STANDARD.encode(key.spki_sha256().as_bytes()) == public;
            self.keys.links().find(is_it)
        };
        listed.into_iter().find_map(|it| held(&it.public)).unwrap_or(&self.keys.link)
    }

    /// The keys of `own` for a use that are valid at `at`, the newest first, in the algorithm `alg`.
    fn listed(own: &Descriptor, purpose: KeyUse, alg: KeyAlg, at: Timestamp) -> Vec<&str> {
        let keys = own.newest_for(purpose, at).into_iter();
        keys.filter(|it| it.alg == alg).map(|it| it.public.as_str()).collect()
    }

    /// Signs with the newest statement key that `own` has for the moment `at`; gives the DSSE envelope as JSON.
    fn sign(
        &self,
        payload_type: &str,
        payload: &[u8],
        own: &Descriptor,
        at: Timestamp,
    ) -> Result<Vec<u8>, KeyError> {
        let listed = Self::listed(own, KeyUse::Statement, KeyAlg::Hybrid, at);
        let held = |public: &&str| {
            self.keys.statements().find(|it| STANDARD.encode(it.public().to_bytes()) == **public)
        };
        let key = listed.iter().find_map(held).ok_or_else(|| not_held(own))?;
        dsse::sign(payload_type, payload.to_vec(), key)
            .map(|envelope| envelope.to_json())
            .map_err(failed)
    }

    /// The pair of keys for the record whose two halves `own` has.
    fn record<'a>(
        own: &Descriptor,
        purpose: KeyUse,
        mut held: impl Iterator<Item = &'a RecordKeys>,
        at: Timestamp,
    ) -> Result<&'a RecordKeys, KeyError> {
        let first = Self::listed(own, purpose, KeyAlg::Ed25519, at);
        let second = Self::listed(own, purpose, KeyAlg::MlDsa44, at);
        let is_listed = |key: &&RecordKeys| {
            let public = key.public();
            first.contains(&STANDARD.encode(public.ed25519).as_str())
                && second.contains(&STANDARD.encode(&public.ml_dsa_44).as_str())
        };
        held.find(is_listed).ok_or_else(|| not_held(own))
    }
}

/// The descriptor that has to be signed under has none of the keys that are here.
fn not_held(own: &Descriptor) -> KeyError {
    let serial = own.serial;
    KeyError(format!("no key that is here is valid under descriptor {serial} of this party"))
}

impl fmt::Debug for Unlocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unlocked").field("root", &self.root).finish_non_exhaustive()
    }
}

impl Keys for Unlocked {
    fn sign_statement(
        &self,
        payload: &[u8],
        own: &Descriptor,
        at: Timestamp,
    ) -> Result<Vec<u8>, KeyError> {
        self.sign(dsse::STATEMENT, payload, own, at)
    }

    fn sign_audit(
        &self,
        report: &[u8],
        own: &Descriptor,
        at: Timestamp,
    ) -> Result<Vec<u8>, KeyError> {
        self.sign(dsse::AUDIT, report, own, at)
    }

    fn sign_checkpoint(
        &self,
        checkpoint: &Checkpoint,
        own: &Descriptor,
        at: Timestamp,
    ) -> Result<String, KeyError> {
        let origin = checkpoint.origin();
        let log = Self::record(own, KeyUse::Log, self.keys.logs(), at)?;
        let signers = [
            NoteSigner::ed25519(origin, log.ed25519_seed()),
            NoteSigner::ml_dsa_44(origin, log.ml_dsa_44_seed()),
        ];
        let lines = sign_all(checkpoint, signers, at)?;
        let note = SignedNote::new(checkpoint.to_string(), lines).map_err(failed)?;
        Ok(note.to_string())
    }

    fn cosign(&self, note: &str, own: &Descriptor, at: Timestamp) -> Result<String, KeyError> {
        let note = SignedNote::parse(note.as_bytes()).map_err(failed)?;
        let checkpoint = Checkpoint::parse(note.text()).map_err(failed)?;
        let name = witness_name(self.root.digest().as_bytes());
        let witness = Self::record(own, KeyUse::Witness, self.keys.witnesses(), at)?;
        let signers = [
            NoteSigner::cosigner_ed25519(&name, witness.ed25519_seed()),
            NoteSigner::ml_dsa_44(&name, witness.ml_dsa_44_seed()),
        ];
        let lines = sign_all(&checkpoint, signers, at)?;
        Ok(note.with_signatures(lines).map_err(failed)?.to_string())
    }

    fn openers(&self) -> Vec<&SealIdentity> {
        self.keys.seals().collect()
    }

    fn derivative_secret(&self, agreement: AgreementId) -> [u8; 32] {
        *self.keys.agreement_secret(&agreement)
    }

    fn keep(
        &self,
        entropy: &dyn Entropy,
        context: &[u8],
        secret: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        self.keys.keep(entropy, context, secret).map_err(failed)
    }

    fn reveal(&self, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.keys.reveal(context, sealed).map_err(failed)
    }
}

fn sign_all(
    checkpoint: &Checkpoint,
    signers: [Result<NoteSigner, SignError>; 2],
    at: Timestamp,
) -> Result<Vec<SignatureLine>, KeyError> {
    let seconds = u64::try_from(at.as_second()).map_err(failed)?;
    let sign = |signer: Result<NoteSigner, SignError>| {
        signer.map_err(failed)?.sign(checkpoint, seconds).map_err(failed)
    };
    signers.into_iter().map(sign).collect()
}

fn failed(error: impl fmt::Display) -> KeyError {
    KeyError(error.to_string())
}
