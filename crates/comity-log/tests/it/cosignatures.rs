//! Who signed a checkpoint.

use comity_log::checkpoint::Checkpoint;
use comity_log::cosign::{NoteSigner, SignError, VerifyError, verify};
use comity_log::note::{KeyError, KeyType, SignedNote, VerifierKey};

use crate::support::{data, hex, log_key, pq_key, signed, witness_key};

const LOG: &str = "log.example/a";
const WITNESS: &str = "witness.example/w";
const TIME: u64 = 1_770_000_000;

#[derive(serde::Deserialize)]
struct Vectors {
    text: String,
    time: u64,
    keys: Vec<Key>,
    note: String,
    odd: Vec<Odd>,
}

/// A note whose one signature holds as far as the algorithm goes.
#[derive(serde::Deserialize)]
struct Odd {
    case: String,
    #[serde(rename = "type")]
    type_byte: u8,
    vkey: String,
    note: String,
}

#[derive(serde::Deserialize)]
struct Key {
    #[serde(rename = "type")]
    type_byte: u8,
    name: String,
    seed: String,
    vkey: String,
    line: String,
}

impl Key {
    fn signer(&self) -> NoteSigner {
        let seed: [u8; 32] = hex(&self.seed).try_into().unwrap();
        match self.type_byte {
            1 => NoteSigner::ed25519(&self.name, &seed.into()),
            4 => NoteSigner::cosigner_ed25519(&self.name, &seed.into()),
            _ => NoteSigner::ml_dsa_44(&self.name, &seed.into()),
        }
        .unwrap()
    }
}

fn checkpoint() -> Checkpoint {
    Checkpoint::new(LOG, 5, [6; 32]).unwrap()
}

#[test]
fn signatures_made_elsewhere_verify_here() {
    let vectors: Vectors = data("notes.json");
    let keys: Vec<VerifierKey> = vectors.keys.iter().map(|key| key.vkey.parse().unwrap()).collect();
    let note = SignedNote::parse(vectors.note.as_bytes()).unwrap();
    assert_eq!(note.text(), vectors.text);
    let verified = verify(&note, &keys).unwrap();
    let times: Vec<_> = verified.iter().map(|one| one.timestamp).collect();
    assert_eq!(times, [None, Some(vectors.time), Some(vectors.time)]);
    let types: Vec<_> = verified.iter().map(|one| one.key_type.byte()).collect();
    assert_eq!(types, [1, 4, 6]);
}

#[test]
fn a_true_signature_over_what_its_type_may_not_sign_does_not_hold() {
    for Odd { case, type_byte, vkey, note } in data::<Vectors>("notes.json").odd {
        let note = SignedNote::parse(note.as_bytes()).unwrap();
        let verified = verify(&note, &[vkey.parse().unwrap()]).map(|all| all[0].timestamp);
        let stated = match (case.as_str(), type_byte) {
            // At time 0 an ML-DSA-44 cosigner does not say that the tree was the largest.
            ("time zero", 6) | ("no checkpoint", 1) => Some(None),
            ("time zero", 4) => Some(Some(0)),
            ("largest time", _) => Some(Some((1 << 63) - 1)),
            _ => None,
        };
        assert_eq!(verified.ok(), stated, "{case}, type {type_byte}");
    }
}

#[test]
fn a_seed_gives_the_same_key_and_ed25519_line_as_elsewhere() {
    let vectors: Vectors = data("notes.json");
    let checkpoint = Checkpoint::parse(&vectors.text).unwrap();
    for key in &vectors.keys {
        let signer = key.signer();
        assert_eq!(signer.verifier().to_string(), key.vkey);
        assert_eq!(signer.public(), key.vkey.parse::<VerifierKey>().unwrap().public());
        let line = signer.sign(&checkpoint, vectors.time).unwrap();
        if key.type_byte != 6 {
            assert_eq!(line.to_string(), key.line);
        }
    }
}

#[test]
fn each_type_signs_what_it_verifies() {
    for (signer, time) in
        [(log_key(LOG), None), (witness_key(WITNESS), Some(TIME)), (pq_key(WITNESS), Some(TIME))]
    {
        let note = signed(&checkpoint(), &[&signer], TIME);
        let note = SignedNote::parse(note.to_string().as_bytes()).unwrap();
        let verified = verify(&note, &[signer.verifier()]).unwrap();
        assert_eq!(verified.len(), 1);
        assert_eq!(verified[0].key_type, signer.verifier().key_type());
        assert_eq!(verified[0].timestamp, time);
    }
}

#[test]
fn a_signature_over_another_head_or_time_rejects_the_note() {
    let other = Checkpoint::new(LOG, 6, [6; 32]).unwrap();
    let log = Checkpoint::new("log.example/b", 5, [6; 32]).unwrap();
    for signer in [log_key(LOG), witness_key(WITNESS), pq_key(WITNESS)] {
        let line = signer.sign(&checkpoint(), TIME).unwrap();
        for wrong in [&other, &log] {
            let note = SignedNote::new(wrong.to_string(), vec![line.clone()]).unwrap();
            let refused = verify(&note, &[signer.verifier()]).unwrap_err();
            assert!(matches!(refused, VerifyError::Invalid { .. }));
        }
    }
    // The same signature with the stated time one second later.
    for signer in [witness_key(WITNESS), pq_key(WITNESS)] {
        let text = signed(&checkpoint(), &[&signer], TIME).to_string();
        let moved = shift_time(&text);
        assert_ne!(moved, text);
        let note = SignedNote::parse(moved.as_bytes()).unwrap();
        assert!(verify(&note, &[signer.verifier()]).is_err());
    }
}

/// Adds one to the last byte of the time in the only signature of a note.
fn shift_time(note: &str) -> String {
    use base64::Engine as _;
    let engine = base64::engine::general_purpose::STANDARD;
    let (head, signature) = note.trim_end().rsplit_once(' ').unwrap();
    let mut bytes = engine.decode(signature).unwrap();
    bytes[11] += 1;
    format!("{head} {}\n", engine.encode(bytes))
}

#[test]
fn unknown_signers_are_ignored_even_under_a_known_name() {
    let (log, stranger) = (log_key(LOG), NoteSigner::ed25519(LOG, &[9; 32].into()).unwrap());
    let note = signed(&checkpoint(), &[&stranger, &witness_key("other"), &log], TIME);
    let verified = verify(&note, &[log.verifier()]).unwrap();
    assert_eq!(verified.len(), 1);
    assert_eq!(verified[0].id, log.verifier().id());
}

#[test]
fn a_note_that_only_strangers_signed_is_rejected() {
    let note = signed(&checkpoint(), &[&witness_key(WITNESS)], TIME);
    assert_eq!(verify(&note, &[log_key(LOG).verifier()]), Err(VerifyError::NoKnownSignature));
    assert_eq!(verify(&note, &[]), Err(VerifyError::NoKnownSignature));
}

#[test]
fn one_bad_signature_of_a_known_key_rejects_the_good_ones_too() {
    let (log, witness) = (log_key(LOG), witness_key(WITNESS));
    let other = Checkpoint::new(LOG, 99, [1; 32]).unwrap();
    let bad = witness.sign(&other, TIME).unwrap();
    let note = signed(&checkpoint(), &[&log], TIME).with_signatures([bad]).unwrap();
    let refused = verify(&note, &[log.verifier(), witness.verifier()]).unwrap_err();
    assert_eq!(refused.code(), "note-signature-invalid");
    assert!(verify(&note, &[log.verifier()]).is_ok(), "an unknown key's bad signature is ignored");
}

#[test]
fn a_signature_cut_short_or_drawn_out_does_not_hold() {
    for signer in [log_key(LOG), witness_key(WITNESS), pq_key(WITNESS)] {
        let line = signer.sign(&checkpoint(), TIME).unwrap();
        let id = line.id().to_bytes();
        let whole = line.signature();
        for signature in
            [&whole[..1], &whole[..8], &whole[..whole.len() - 1], &[whole, &[0]].concat()]
        {
            use base64::Engine as _;
            let bytes = [&id, signature].concat();
            let text = base64::engine::general_purpose::STANDARD.encode(bytes);
            let line = format!("— {} {text}", line.name()).parse().unwrap();
            let note = SignedNote::new(checkpoint().to_string(), vec![line]).unwrap();
            assert!(verify(&note, &[signer.verifier()]).is_err());
        }
    }
}

#[test]
fn a_cosignature_of_one_type_is_not_one_of_another() {
    // One seed for two types, which nobody may do: the types must not be exchangeable even then.
    let plain = NoteSigner::ed25519("k", &[4; 32].into()).unwrap();
    let timed = NoteSigner::cosigner_ed25519("k", &[4; 32].into()).unwrap();
    assert_eq!(plain.public(), timed.public());
    assert_ne!(plain.verifier().id(), timed.verifier().id());
    let note = signed(&checkpoint(), &[&timed], TIME);
    assert_eq!(verify(&note, &[plain.verifier()]), Err(VerifyError::NoKnownSignature));
}

#[test]
fn a_key_that_signed_twice_counts_once_with_its_latest_time() {
    let witness = witness_key(WITNESS);
    let lines = [3, 9, 5].map(|time| witness.sign(&checkpoint(), time).unwrap()).to_vec();
    let note = SignedNote::new(checkpoint().to_string(), lines).unwrap();
    let verified = verify(&note, &[witness.verifier()]).unwrap();
    assert_eq!(verified.len(), 1);
    assert_eq!(verified[0].timestamp, Some(9));
}

#[test]
fn two_keys_of_one_name_and_id_are_refused_rather_than_guessed_at() {
    let log = log_key(LOG);
    let note = signed(&checkpoint(), &[&log], TIME);
    let refused = verify(&note, &[log.verifier(), log.verifier()]).unwrap_err();
    assert_eq!(refused.code(), "verifier-keys-ambiguous");
}

#[test]
fn a_time_that_no_cosignature_can_state_is_not_signed() {
    for signer in [witness_key(WITNESS), pq_key(WITNESS)] {
        for time in [0, 1 << 63, u64::MAX] {
            assert_eq!(signer.sign(&checkpoint(), time), Err(SignError::Timestamp(time)));
        }
    }
    assert!(log_key(LOG).sign(&checkpoint(), 0).is_ok());
}

#[test]
fn a_post_quantum_key_signs_no_line_that_it_would_not_cover() {
    let extended = Checkpoint::parse(&format!("{}extension\n", checkpoint())).unwrap();
    assert_eq!(pq_key(WITNESS).sign(&extended, TIME), Err(SignError::Extensions));
    let long = Checkpoint::new(&"o".repeat(256), 5, [6; 32]).unwrap();
    assert_eq!(pq_key(WITNESS).sign(&long, TIME), Err(SignError::Origin));
    assert!(witness_key(WITNESS).sign(&extended, TIME).is_ok());
}

#[test]
fn a_name_that_cannot_stand_in_a_note_makes_no_key() {
    for name in ["", "a b", "a+b", "a\nb", "a\u{1}b", &"n".repeat(256)] {
        let refused = NoteSigner::ed25519(name, &[1; 32].into()).unwrap_err();
        assert_eq!(refused, SignError::Name(KeyError::Name));
    }
}

#[test]
fn a_key_shows_nothing_of_its_seed() {
    let seed = [0x5a; 32];
    for signer in [
        NoteSigner::ed25519(LOG, &seed.into()).unwrap(),
        NoteSigner::ml_dsa_44(LOG, &seed.into()).unwrap(),
    ] {
        let shown = format!("{signer:?}");
        assert!(shown.contains(LOG) && !shown.contains("5a5a") && !shown.contains("90, 90"));
        assert!(shown.len() < 120, "{shown}");
    }
    assert_eq!(KeyType::from_byte(0x02), None);
}
