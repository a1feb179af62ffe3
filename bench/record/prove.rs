//! Proofs that a leaf stands in a tree of up to ten million, under a checkpoint that its log signed and a witness cosigned.

use std::convert::Infallible;
use std::time::Instant;

use comity_log::checkpoint::Checkpoint;
use comity_log::cosign::NoteSigner;
use comity_log::note::{SignedNote, VerifierKey};
use comity_log::proof::{TlogProof, TrustedLog};
use comity_log::{Frontier, Hash, Nodes, inclusion_proof, leaf_hash};
use comity_testkit::Result;

use crate::report::{Report, Row};

const ORIGIN: &str = "comity/5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11/1/5d0b6f1e3c0e4e598a526d1f0c6e2b11/6d1f0c6e2b115d0b6f1e3c0e4e598a52";
const WITNESS: &str = "comity/witness/6d1f0c6e2b115d0b6f1e3c0e4e598a52";
/// Proofs for each size.
const PROOFS: u32 = 200;
/// When the checkpoints are signed, in seconds since 1970.
const AT: u64 = 1_780_000_000;

/// Every node of a tree, by levels.
#[derive(Default)]
struct Tree(Vec<Vec<Hash>>);

impl Nodes for Tree {
    type Error = Infallible;

    fn node(&self, level: u8, index: u64) -> Result<Option<Hash>, Infallible> {
        let row = self.0.get(usize::from(level));
        let place = usize::try_from(index).unwrap_or(usize::MAX);
        Ok(row.and_then(|row| row.get(place)).copied())
    }
}

/// Proofs at each power of ten up to `most` leaves.
pub(crate) fn run(report: &mut Report, most: u64) -> Result<()> {
    let log = [
        NoteSigner::ed25519(ORIGIN, &[1; 32].into())?,
        NoteSigner::ml_dsa_44(ORIGIN, &[2; 32].into())?,
    ];
    let witness = [
        NoteSigner::cosigner_ed25519(WITNESS, &[3; 32].into())?,
        NoteSigner::ml_dsa_44(WITNESS, &[4; 32].into())?,
    ];
    let verifiers = |keys: &[NoteSigner]| keys.iter().map(NoteSigner::verifier).collect::<Vec<_>>();
    let (keys, witnesses) = (verifiers(&log), verifiers(&witness));
    let (mut frontier, mut tree) = (Frontier::new(), Tree::default());
    for size in [1_000_u64, 10_000, 100_000, 1_000_000, 10_000_000] {
        if size > most {
            break;
        }
        while frontier.size() < size {
            let leaf = leaf_hash(&frontier.size().to_be_bytes());
            frontier.append(leaf, |level, _, hash| {
                let level = usize::from(level);
                if tree.0.len() <= level {
                    tree.0.push(Vec::new());
                }
                // A level is filled from its left end.
                if let Some(row) = tree.0.get_mut(level) {
                    row.push(hash);
                }
            })?;
        }
        let head = Checkpoint::new(ORIGIN, size, frontier.root())?;
        let lines = log.iter().chain(&witness).map(|key| key.sign(&head, AT));
        let note = SignedNote::new(head.to_string(), lines.collect::<Result<_, _>>()?)?;
        one(report, size, &tree, &note, (&keys, &witnesses))?;
    }
    Ok(())
}

fn one(
    report: &mut Report,
    size: u64,
    tree: &Tree,
    note: &SignedNote,
    (keys, witnesses): (&[VerifierKey], &[VerifierKey]),
) -> Result<()> {
    let trusted = TrustedLog { origin: ORIGIN, keys, witnesses };
    let indices: Vec<u64> =
        (0..PROOFS).map(|at| u64::from(at) * (size - 1) / u64::from(PROOFS - 1)).collect();
    let begun = Instant::now();
    let mut files = Vec::new();
    for index in &indices {
        let proof = TlogProof::new(*index, inclusion_proof(*index, size, tree)?, note.clone())?;
        files.push(proof.to_string());
    }
    let made = begun.elapsed();
    let begun = Instant::now();
    for (index, file) in indices.iter().zip(&files) {
        let proven = TlogProof::parse(file.as_bytes())?
            .verify(&leaf_hash(&index.to_be_bytes()), &trusted)?;
        if (proven.log.len(), proven.witnesses.len()) != (2, 2) {
            return Err("a signature was not counted".into());
        }
    }
    let verified = begun.elapsed();
    let largest = files.iter().map(String::len).max().unwrap_or_default();
    let each = |time: std::time::Duration| time.as_secs_f64() * 1_000.0 / f64::from(PROOFS);
    let mut row = |name: &str, value: f64, unit, goal| {
        report.row(Row {
            name: format!("{name} at {size} leaves"),
            value,
            unit,
            goal,
            lower_is_better: true,
            beside: None,
        });
    };
    row(
        "proof with its checkpoint, four signatures",
        f64::from(u32::try_from(largest)?),
        "bytes",
        None,
    );
    row("making a proof", each(made), "ms", None);
    row("reading and verifying a proof, all four signatures", each(verified), "ms", Some(5.0));
    Ok(())
}
