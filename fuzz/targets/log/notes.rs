//! Signed texts: whatever verifies says what was signed.

use comity_log::checkpoint::Checkpoint;
use comity_log::cosign::{self, Verified};
use comity_log::note::{KeyType, SignatureLine, SignedNote, VerifierKey};
use comity_log::proof::{TlogProof, TrustedLog};
use comity_log::witness::{AddCheckpoint, Head, Watched};

use super::made::{CHECKPOINTS, KNOWN, LOG, TIME, leaf};

/// Whether a checkpoint is one that was signed. Nothing else may verify.
fn was_signed(checkpoint: &Checkpoint) -> bool {
    CHECKPOINTS.contains(checkpoint)
}

/// Holds that what keys are found to have signed is what they did sign. An ML-DSA-44 cosignature covers the head alone, not
/// lines after it.
fn hold(verified: &[Verified], checkpoint: &Checkpoint) {
    for one in verified {
        let head = CHECKPOINTS.iter().any(|it| {
            (it.origin(), it.size(), it.root())
                == (checkpoint.origin(), checkpoint.size(), checkpoint.root())
        });
        let whole = one.key_type == KeyType::CosignatureMlDsa44 || was_signed(checkpoint);
        assert!(head && whole, "{checkpoint:?} verifies for {}", one.name);
        let states = one.key_type != KeyType::Ed25519;
        assert_eq!(one.timestamp, states.then_some(TIME));
    }
}

/// A note that is read prints as the same bytes, and so does its checkpoint; who is found to have signed did sign.
pub(crate) fn note(data: &[u8]) -> bool {
    let Ok(note) = SignedNote::parse(data) else { return false };
    assert_eq!(note.to_string().as_bytes(), data);
    let again = SignedNote::new(note.text().to_owned(), note.signatures().to_vec());
    assert_eq!(again.as_ref(), Ok(&note));
    let checkpoint = Checkpoint::parse(note.text());
    if let Ok(checkpoint) = &checkpoint {
        assert_eq!(checkpoint.to_string(), note.text());
    }
    let known: Vec<_> = KNOWN.0.iter().chain(&KNOWN.1).cloned().collect();
    let Ok(verified) = cosign::verify(&note, &known) else { return false };
    hold(&verified, &checkpoint.expect("only checkpoints were signed"));
    true
}

/// A verifier key and a signature line that are read print as the same text.
pub(crate) fn vkey(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let key = text.parse::<VerifierKey>();
    if let Ok(key) = &key {
        assert_eq!(key.to_string(), text);
        let again = VerifierKey::new(key.name(), key.key_type(), key.public());
        assert_eq!(again.as_ref(), Ok(key));
    }
    let line = text.parse::<SignatureLine>();
    if let Ok(line) = &line {
        assert_eq!(line.to_string(), text);
        assert!(!line.name().is_empty() && !line.signature().is_empty());
    }
    key.is_ok() || line.is_ok()
}

/// A proof that is read prints as the same bytes; one that verifies is of the leaf at its index, of no other leaf, and
/// under a checkpoint that was signed.
pub(crate) fn tlog_proof(data: &[u8]) -> bool {
    let Ok(proof) = TlogProof::parse(data) else { return false };
    assert_eq!(proof.to_string().as_bytes(), data);
    let trusted = TrustedLog { origin: LOG, keys: &KNOWN.0, witnesses: &KNOWN.1 };
    for other in [proof.index() ^ 1, proof.index().wrapping_add(2)] {
        assert!(proof.verify(&leaf(other), &trusted).is_err(), "a leaf at the index of another");
    }
    let Ok(proven) = proof.verify(&leaf(proof.index()), &trusted) else { return false };
    assert!(proven.index == proof.index() && proven.index < proven.checkpoint.size());
    assert!(was_signed(&proven.checkpoint) && !proven.log.is_empty());
    hold(&proven.log, &proven.checkpoint);
    hold(&proven.witnesses, &proven.checkpoint);
    true
}

/// A request that is read prints as the same bytes; a witness at size 1 steps only to a head that the log signed, and once.
pub(crate) fn witness(data: &[u8]) -> bool {
    let Ok(request) = AddCheckpoint::parse(data) else { return false };
    assert_eq!(request.to_string().as_bytes(), data);
    let first = CHECKPOINTS.first().expect("a checkpoint was signed");
    let head = Head { size: first.size(), root: *first.root() };
    let mut watched = Watched::new(LOG, KNOWN.0.clone(), head);
    let step = match watched.consider(&request) {
        Ok(step) => step,
        Err(refusal) => {
            assert!((400..500).contains(&refusal.status()));
            return false;
        }
    };
    assert!(was_signed(request.checkpoint()) && request.old() == head.size);
    let after = step.after();
    watched.advance(step.clone()).expect("nothing came between");
    assert!(watched.head() == after && after.size >= head.size);
    assert!(after == head || watched.advance(step).is_err(), "a step is taken once");
    true
}
