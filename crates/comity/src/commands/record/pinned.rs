//! Whom the reader of exported files trusts: bare keys, or parties by their roots with the descriptors that have the keys.

use std::path::PathBuf;

use comity_exchange::partner::Partner;
use comity_log::cosign::Verified;
use comity_log::note::VerifierKey;
use comity_model::Handle;

use crate::commands::verify::Pinned;
use crate::commands::verify::descriptors::{DESCRIPTOR_BYTES, not_pinned};
use crate::error::CliError;
use crate::files;

/// The keys that count, and whose they are.
pub(super) struct Trusted {
    keys: Vec<VerifierKey>,
    parties: Vec<(Handle, Partner)>,
}

impl Trusted {
    /// Reads the descriptors. Each must be signed by a root that is pinned, and each pinned party must have one.
    pub(super) fn read(
        keys: &[VerifierKey],
        roots: &[Pinned],
        descriptors: &[PathBuf],
    ) -> Result<Self, CliError> {
        let mut parties: Vec<(Handle, Partner)> = Vec::with_capacity(descriptors.len());
        for path in descriptors {
            let envelope = files::read_up_to(path, DESCRIPTOR_BYTES)?;
            let place = path.display().to_string();
            let (partner, _) = Partner::read(&envelope, &place)?;
            let root = partner.root();
            let pinned =
                roots.iter().find(|it| it.root == root).ok_or_else(|| not_pinned(&place, &root))?;
            parties.push((pinned.handle.clone(), partner));
        }
        let has = |pinned: &&Pinned| !parties.iter().any(|(_, it)| it.root() == pinned.root);
        if let Some(without) = roots.iter().find(has) {
            let handle = &without.handle;
            return Err(CliError::usage(
                format!("give the descriptor of `{handle}` with `--descriptor`"),
                format!("indique el descriptor de `{handle}` con `--descriptor`"),
            ));
        }
        Ok(Self { keys: keys.to_vec(), parties })
    }

    /// The keys that may have signed the log of this origin, each once.
    pub(super) fn keys_in(&self, origin: &str) -> Vec<VerifierKey> {
        let mut all = self.keys.clone();
        for key in self.parties.iter().flat_map(|(_, party)| party.keys_in(origin)) {
            if !all.contains(&key) {
                all.push(key);
            }
        }
        all
    }

    /// The parties of which a key signed that one of their later descriptors takes back, as the reader calls them, each once.
    pub(super) fn taken_back(&self, origin: &str, found: &[Verified]) -> Vec<String> {
        let signed = |key: &VerifierKey| found.iter().any(|it| is(key, it));
        let mut names: Vec<String> = Vec::new();
        for (handle, party) in &self.parties {
            let later = self.parties.iter().map(|(_, it)| it);
            let mut taken_back = later.flat_map(|it| party.taken_back_in(origin, it));
            let name = handle.to_string();
            if taken_back.any(|key| signed(&key)) && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Who signed, of those that count: the names of bare keys, and what the reader calls the parties of which both kinds
    /// of key did.
    pub(super) fn signers(&self, origin: &str, found: &[Verified]) -> Vec<String> {
        let by_key = |it: &&Verified| self.keys.iter().any(|key| is(key, it));
        let mut names: Vec<String> =
            found.iter().filter(by_key).map(|it| it.name.clone()).collect();
        for (handle, party) in &self.parties {
            let keys = party.keys_in(origin);
            let signed = |key: &VerifierKey| found.iter().any(|it| is(key, it));
            let whole = !keys.is_empty()
                && keys.iter().all(|wanted| {
                    keys.iter().any(|key| key.key_type() == wanted.key_type() && signed(key))
                });
            let name = handle.to_string();
            if whole && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

fn is(key: &VerifierKey, it: &Verified) -> bool {
    key.id() == it.id && key.name() == it.name
}
