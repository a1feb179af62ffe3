//! The proof of one leaf in one file.

use comity_log::checkpoint::Checkpoint;
use comity_log::cosign::NoteSigner;
use comity_log::note::{SignedNote, VerifierKey};
use comity_log::proof::{MAX_EXTRA_BYTES, MAX_PROOF_BYTES, TlogProof, TlogProofError, TrustedLog};
use comity_log::{Hash, inclusion_proof, root_at};
use proptest::prelude::*;

use crate::support::{leaf, log_key, position, pq_key, signed, tree, witness_key};

const LOG: &str = "log.example/a";
const WITNESS: &str = "witness.example/w";
const TIME: u64 = 1_770_000_000;

fn proof_by(index: u64, size: u64, keys: &[&NoteSigner]) -> TlogProof {
    let (frontier, nodes) = tree(size);
    let checkpoint = Checkpoint::new(LOG, size, frontier.root()).unwrap();
    let hashes = inclusion_proof(index, size, &nodes).unwrap();
    TlogProof::new(index, hashes, signed(&checkpoint, keys, TIME)).unwrap()
}

fn proof() -> TlogProof {
    proof_by(5, 13, &[&log_key(LOG), &witness_key(WITNESS), &pq_key(WITNESS)])
}

struct Keys {
    log: Vec<VerifierKey>,
    witnesses: Vec<VerifierKey>,
}

impl Keys {
    fn new() -> Self {
        Self {
            log: vec![log_key(LOG).verifier()],
            witnesses: vec![witness_key(WITNESS).verifier(), pq_key(WITNESS).verifier()],
        }
    }

    fn trusted(&self) -> TrustedLog<'_> {
        TrustedLog { origin: LOG, keys: &self.log, witnesses: &self.witnesses }
    }
}

#[test]
fn a_proof_is_read_back_and_proves_its_leaf_and_no_other() {
    let text = proof().to_string();
    let read = TlogProof::parse(text.as_bytes()).unwrap();
    assert_eq!(read, proof_with_the_same_signatures(&text));
    let proven = read.verify(&leaf(5), &Keys::new().trusted()).unwrap();
    assert_eq!(proven.index, 5);
    assert_eq!(proven.checkpoint.size(), 13);
    assert_eq!((proven.log.len(), proven.witnesses.len()), (1, 2));
    let refused = read.verify(&leaf(6), &Keys::new().trusted()).unwrap_err();
    assert_eq!(refused.code(), "bad-proof-root");
}

/// Makes the proof again around the signatures in `text`; ML-DSA signatures are never the same.
fn proof_with_the_same_signatures(text: &str) -> TlogProof {
    let (_, note) = text.split_once("\n\n").unwrap();
    let hashes = inclusion_proof(5, 13, &tree(13).1).unwrap();
    TlogProof::new(5, hashes, SignedNote::parse(note.as_bytes()).unwrap()).unwrap()
}

#[test]
fn the_text_is_laid_out_as_the_standard_says() {
    let text = proof_by(0, 2, &[&log_key(LOG)]).with_extra(b"more".to_vec()).unwrap().to_string();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[..3], ["c2sp.org/tlog-proof@v1", "extra bW9yZQ==", "index 0"]);
    assert_eq!(crate::support::hash(lines[3]), leaf(1));
    assert_eq!(lines[4..7], ["", LOG, "2"]);
    assert!(lines[9].starts_with("— log.example/a "));
    assert_eq!(TlogProof::parse(text.as_bytes()).unwrap().extra(), Some(&b"more"[..]));
}

#[test]
fn a_proof_of_the_only_leaf_has_no_hashes() {
    let text = proof_by(0, 1, &[&log_key(LOG)]).to_string();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\nindex 0\n\nlog.example/a\n1\n"));
    let read = TlogProof::parse(text.as_bytes()).unwrap();
    assert!(read.verify(&leaf(0), &Keys::new().trusted()).is_ok());
}

#[test]
fn a_proof_of_another_log_or_by_nobody_known_proves_nothing() {
    let keys = Keys::new();
    let other = TrustedLog { origin: "log.example/b", ..keys.trusted() };
    let refused = proof().verify(&leaf(5), &other).unwrap_err();
    assert_eq!(refused, TlogProofError::Origin(LOG.to_owned()));

    let nobody = TrustedLog { keys: &[], witnesses: &[], ..keys.trusted() };
    assert_eq!(proof().verify(&leaf(5), &nobody).unwrap_err().code(), "note-no-known-signature");

    let witnesses_only = proof_by(5, 13, &[&witness_key(WITNESS)]);
    let refused = witnesses_only.verify(&leaf(5), &keys.trusted()).unwrap_err();
    assert_eq!(refused, TlogProofError::LogUnsigned);
}

#[test]
fn a_bad_cosignature_of_a_known_witness_spoils_the_proof() {
    let head = Checkpoint::new(LOG, 13, [0; 32]).unwrap();
    let bad = witness_key(WITNESS).sign(&head, TIME).unwrap();
    let good = proof_by(5, 13, &[&log_key(LOG)]);
    let note = good.note().clone().with_signatures([bad]).unwrap();
    let spoilt = TlogProof::new(5, good.hashes().to_vec(), note).unwrap();
    let refused = spoilt.verify(&leaf(5), &Keys::new().trusted()).unwrap_err();
    assert_eq!(refused.code(), "note-signature-invalid");
}

#[test]
fn a_log_never_counts_as_its_own_witness() {
    let same_seed = NoteSigner::cosigner_ed25519(WITNESS, &[1; 32].into()).unwrap().verifier();
    let keys = Keys { witnesses: vec![same_seed], ..Keys::new() };
    let refused = proof().verify(&leaf(5), &keys.trusted()).unwrap_err();
    assert_eq!(refused, TlogProofError::SelfWitness(WITNESS.to_owned()));
}

#[test]
fn each_departure_from_the_format_is_refused_by_name() {
    let good = proof_by(0, 2, &[&log_key(LOG)]).to_string();
    let hash = good.lines().nth(2).unwrap().to_owned();
    let cases = [
        (good.replace("@v1", "@v2"), "tlog-proof-shape"),
        (good.replace("\n\n", "\n"), "tlog-proof-shape"),
        (good.replace("index 0", "index 2"), "tlog-proof-index"),
        (good.replace("index 0", "index 00"), "tlog-proof-index"),
        (good.replace("index 0\n", ""), "tlog-proof-index"),
        (good.replace("index 0", "extra !\nindex 0"), "tlog-proof-extra"),
        (good.replace("index 0", "index 0\nextra AAAA"), "tlog-proof-hashes"),
        (good.replace("index 0", "extra AAAA\nextra AAAA\nindex 0"), "tlog-proof-index"),
        (good.replace(&hash, "AAAA"), "tlog-proof-hashes"),
        (good.replace(&hash, &vec![&*hash; 64].join("\n")), "tlog-proof-hashes"),
        (good.replace("\n2\n", "\nx\n"), "checkpoint-size"),
        (good.trim_end().to_owned(), "note-shape"),
        (format!("{good}x\n"), "note-signature-malformed"),
        (good.clone() + &"\n".repeat(MAX_PROOF_BYTES), "tlog-proof-too-large"),
    ];
    for (text, code) in cases {
        assert_ne!(text, good);
        assert_eq!(TlogProof::parse(text.as_bytes()).unwrap_err().code(), code, "{text}");
    }
    let padded = good.replace(&hash, &format!("{hash}\n{hash}"));
    let read = TlogProof::parse(padded.as_bytes()).unwrap();
    assert_eq!(
        read.verify(&leaf(0), &Keys::new().trusted()).unwrap_err().code(),
        "bad-proof-length"
    );
}

#[test]
fn extra_data_is_bounded_and_everything_within_bounds_is_read_back() {
    let proof = proof_by(0, 2, &[&log_key(LOG)]);
    let over = proof.clone().with_extra(vec![0; MAX_EXTRA_BYTES + 1]);
    assert_eq!(over, Err(TlogProofError::TooLarge));
    for length in [0, 1, MAX_EXTRA_BYTES] {
        let full = proof.clone().with_extra(vec![7; length]).unwrap();
        assert_eq!(TlogProof::parse(full.to_string().as_bytes()), Ok(full));
    }
}

proptest! {
    #[test]
    fn a_proof_with_one_byte_changed_never_proves_another_leaf(
        at in any::<prop::sample::Index>(), byte: u8, other: Hash,
    ) {
        let mut bytes = proof_by(5, 13, &[&log_key(LOG)]).to_string().into_bytes();
        let at = at.index(bytes.len());
        let before = std::mem::replace(&mut bytes[at], byte);
        if let Ok(read) = TlogProof::parse(&bytes) {
            let keys = Keys::new();
            prop_assert_eq!(read.to_string().into_bytes(), bytes);
            prop_assert!(read.verify(&other, &keys.trusted()).is_err());
            // Nothing signs the space for extra data, and this proof has none.
            prop_assert_eq!(read.verify(&leaf(5), &keys.trusted()).is_ok(), before == byte);
        }
    }

    #[test]
    fn any_bytes_are_a_proof_that_prints_the_same_or_none(
        bytes in prop::collection::vec(any::<u8>(), 0..200), head in "[a-z0-9 =\n]{0,30}",
    ) {
        let shaped = format!("c2sp.org/tlog-proof@v1\n{head}\n\nlog\n1\n").into_bytes();
        for bytes in [bytes, shaped] {
            if let Ok(proof) = TlogProof::parse(&bytes) {
                prop_assert_eq!(proof.to_string().into_bytes(), bytes);
            }
        }
    }

    #[test]
    fn every_leaf_can_be_proved_by_a_file(size in 1_u64..80, at in any::<prop::sample::Index>()) {
        let index = at.index(position(size)) as u64;
        let text = proof_by(index, size, &[&log_key(LOG)]).to_string();
        let read = TlogProof::parse(text.as_bytes()).unwrap();
        let proven = read.verify(&leaf(index), &Keys::new().trusted()).unwrap();
        prop_assert_eq!(*proven.checkpoint.root(), root_at(size, &tree(size).1).unwrap());
    }
}
