//! The unlocked keys of a node, as the Keys port.

use std::fmt;

use comity_log::checkpoint::Checkpoint;
use comity_log::cosign::{NoteSigner, SignError};
use comity_log::note::{SignatureLine, SignedNote};
use comity_log::witness_name;
use comity_model::{AgreementId, PartyRoot};
use comity_pouch::SealIdentity;
use comity_pouch::dsse;
use comity_pouch::keys::ServeKeys;
use jiff::Timestamp;

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

    /// What the link needs.
    pub const fn link(&self) -> &comity_pouch::keys::LinkKey {
        &self.keys.link
    }
}

impl fmt::Debug for Unlocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unlocked").field("root", &self.root).finish_non_exhaustive()
    }
}

impl Keys for Unlocked {
    fn sign_statement(&self, payload: &[u8]) -> Result<Vec<u8>, KeyError> {
        dsse::sign(dsse::STATEMENT, payload.to_vec(), &self.keys.statement)
            .map(|envelope| envelope.to_json())
            .map_err(failed)
    }

    fn sign_checkpoint(&self, checkpoint: &Checkpoint, at: Timestamp) -> Result<String, KeyError> {
        let origin = checkpoint.origin();
        let log = &self.keys.log;
        let signers = [
            NoteSigner::ed25519(origin, log.ed25519_seed()),
            NoteSigner::ml_dsa_44(origin, log.ml_dsa_44_seed()),
        ];
        let lines = sign_all(checkpoint, signers, at)?;
        let note = SignedNote::new(checkpoint.to_string(), lines).map_err(failed)?;
        Ok(note.to_string())
    }

    fn cosign(&self, note: &str, at: Timestamp) -> Result<String, KeyError> {
        let note = SignedNote::parse(note.as_bytes()).map_err(failed)?;
        let checkpoint = Checkpoint::parse(note.text()).map_err(failed)?;
        let name = witness_name(self.root.digest().as_bytes());
        let witness = &self.keys.witness;
        let signers = [
            NoteSigner::cosigner_ed25519(&name, witness.ed25519_seed()),
            NoteSigner::ml_dsa_44(&name, witness.ml_dsa_44_seed()),
        ];
        let lines = sign_all(&checkpoint, signers, at)?;
        Ok(note.with_signatures(lines).map_err(failed)?.to_string())
    }

    fn openers(&self) -> Vec<&SealIdentity> {
        vec![&self.keys.seal]
    }

    fn derivative_secret(&self, agreement: AgreementId) -> [u8; 32] {
        *self.keys.agreement_secret(&agreement)
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
