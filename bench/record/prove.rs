//! Proofs that a leaf stands in a tree of up to ten million, under a checkpoint that its log signed and a witness cosigned.

use comity_bench::machine::processor;
use comity_log::checkpoint::Checkpoint;
use comity_log::cosign::NoteSigner;
use comity_log::inclusion_proof;
use comity_log::note::{SignedNote, VerifierKey};
use comity_log::proof::{TlogProof, TrustedLog};
use comity_testkit::Result;

use crate::report::{Report, Row};
use crate::tree::Tree;

const ORIGIN: &str = "comity/5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11/1/5d0b6f1e3c0e4e598a526d1f0c6e2b11/6d1f0c6e2b115d0b6f1e3c0e4e598a52";
const WITNESS: &str = "comity/witness/6d1f0c6e2b115d0b6f1e3c0e4e598a52";
/// Proofs for each size.
const PROOFS: u32 = 200;
/// When the checkpoints are signed, in seconds since 1970.
const AT: u64 = 1_780_000_000;

/// A log and its witness.
pub(crate) struct Keys {
    log: [NoteSigner; 2],
    witness: [NoteSigner; 2],
}

impl Keys {
    /// Keys of which anybody has the seeds.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            log: [
                NoteSigner::ed25519(ORIGIN, &[1; 32].into())?,
                NoteSigner::ml_dsa_44(ORIGIN, &[2; 32].into())?,
            ],
            witness: [
                NoteSigner::cosigner_ed25519(WITNESS, &[3; 32].into())?,
                NoteSigner::ml_dsa_44(WITNESS, &[4; 32].into())?,
            ],
        })
    }
}

/// Makes and verifies proofs of leaves all over the tree.
pub(crate) fn run(report: &mut Report, keys: &Keys, tree: &Tree) -> Result<()> {
    let size = tree.size();
    let head = Checkpoint::new(ORIGIN, size, tree.root())?;
    let lines = keys.log.iter().chain(&keys.witness).map(|key| key.sign(&head, AT));
    let note = SignedNote::new(head.to_string(), lines.collect::<Result<_, _>>()?)?;
    let verifiers = |keys: &[NoteSigner]| -> Vec<VerifierKey> {
        keys.iter().map(NoteSigner::verifier).collect()
    };
    let (log, witnesses) = (verifiers(&keys.log), verifiers(&keys.witness));
    let trusted = TrustedLog { origin: ORIGIN, keys: &log, witnesses: &witnesses };
    let indices: Vec<u64> =
        (0..PROOFS).map(|at| u64::from(at) * (size - 1) / u64::from(PROOFS - 1)).collect();
    let begun = processor();
    let mut files = Vec::new();
    for index in &indices {
        let proof = TlogProof::new(*index, inclusion_proof(*index, size, tree)?, note.clone())?;
        files.push(proof.to_string());
    }
    let made = processor().saturating_sub(begun);
    let begun = processor();
    for (index, file) in indices.iter().zip(&files) {
        let proven = TlogProof::parse(file.as_bytes())?.verify(&Tree::leaf(*index), &trusted)?;
        if (proven.log.len(), proven.witnesses.len()) != (2, 2) {
            return Err("a signature was not counted".into());
        }
    }
    let verified = processor().saturating_sub(begun);
    let largest = files.iter().map(String::len).max().unwrap_or_default();
    let each = |time: std::time::Duration| time.as_secs_f64() * 1_000.0 / f64::from(PROOFS);
    let mut row = |name: &str, value: f64, unit, goal| {
        let name = format!("{name} at {size} leaves");
        report.row(Row { name, value, unit, goal, lower_is_better: true, beside: None })
    };
    let bytes = f64::from(u32::try_from(largest)?);
    row("proof with its checkpoint, four signatures", bytes, "bytes", None)?;
    row("making a proof", each(made), "ms", None)?;
    row("reading and verifying a proof, all four signatures", each(verified), "ms", Some(5.0))
}
