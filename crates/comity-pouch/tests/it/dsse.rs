//! Signed envelopes.

use comity_model::Refusal;
use comity_pouch::dsse::{self, AGREEMENT, Envelope, STATEMENT, pae, sign};
use comity_pouch::hybrid::Algorithm;

use crate::support::{ALICE, BOB, shared};

fn signed() -> Envelope {
    sign(STATEMENT, b"{\"v\":1}".to_vec(), &*ALICE).unwrap()
}

/// The envelope's JSON, changed.
fn changed(envelope: &Envelope, change: impl FnOnce(&mut serde_json::Value)) -> Vec<u8> {
    let mut value = serde_json::from_slice(&envelope.to_json()).unwrap();
    change(&mut value);
    serde_json::to_vec(&value).unwrap()
}

#[test]
fn a_signed_payload_comes_back_as_the_same_bytes() {
    let envelope = Envelope::parse(&signed().to_json()).unwrap();
    assert_eq!(envelope, signed_like(&envelope));
    assert_eq!(envelope.verify(STATEMENT, ALICE.public()).unwrap(), b"{\"v\":1}");
}

/// The same envelope parsed once more: its JSON form is stable.
fn signed_like(envelope: &Envelope) -> Envelope {
    Envelope::parse(&envelope.to_json()).unwrap()
}

#[test]
fn what_is_signed_is_type_and_payload_with_their_lengths() {
    assert_eq!(pae("text/plain", b"se\xc3\xb1al"), b"DSSEv1 10 text/plain 6 se\xc3\xb1al");
    assert_eq!(pae("t", b""), b"DSSEv1 1 t 0 ");
    assert_ne!(pae("t 1", b"x"), pae("t", b"1 x"));
}

#[test]
fn the_published_encoding_agrees() {
    let Some(path) = shared("dsse/protocol.md") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let block = |title: &str| {
        let (_, after) = text.rsplit_once(&format!("\n{title}:\n\n```none\n")).unwrap();
        after.split_once("\n```").unwrap().0
    };
    let ours = pae(block("PAYLOAD_TYPE"), block("SERIALIZED_BODY").as_bytes());
    assert_eq!(ours, block("PAE").as_bytes());
}

#[test]
fn the_key_ids_name_algorithm_and_key() {
    let envelope = signed();
    let ids: Vec<_> = envelope.signatures().iter().map(dsse::Signature::key_id).collect();
    assert_eq!(ids.len(), 2);
    for (id, algorithm) in ids.iter().zip(["ed25519:", "ml-dsa-65:"]) {
        let digits = id.strip_prefix(algorithm).unwrap();
        assert!(digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}

#[test]
fn one_signature_missing_is_refused() {
    for (gone, algorithm) in [(0, Algorithm::Ed25519), (1, Algorithm::MlDsa65)] {
        let json = changed(&signed(), |value| {
            value["signatures"].as_array_mut().unwrap().remove(gone);
        });
        let error = Envelope::parse(&json).unwrap().verify(STATEMENT, ALICE.public()).unwrap_err();
        assert_eq!(error, dsse::SignatureError::Missing(algorithm));
        assert_eq!(
            (error.code(), error.refusal()),
            ("signature-missing", Refusal::SignatureMissing)
        );
    }
}

#[test]
fn a_signature_too_many_is_refused() {
    let mut twice = signed();
    twice.add_signatures(&*ALICE).unwrap();
    let error = twice.verify(STATEMENT, ALICE.public()).unwrap_err();
    assert_eq!(error.code(), "signature-repeated");
    let mut both = signed();
    both.add_signatures(&*BOB).unwrap();
    let error = both.verify(STATEMENT, ALICE.public()).unwrap_err();
    assert_eq!(error.code(), "signature-unknown");
    assert!(error.to_string().contains(&BOB.public().key_id(Algorithm::Ed25519)));
}

#[test]
fn somebody_elses_signature_is_refused() {
    let error = signed().verify(STATEMENT, BOB.public()).unwrap_err();
    assert_eq!(error.code(), "signature-unknown");
}

#[test]
fn a_key_id_decides_nothing() {
    let forged = sign(STATEMENT, b"{\"v\":1}".to_vec(), &*BOB).unwrap();
    let json = changed(&forged, |value| {
        for (at, algorithm) in Algorithm::BOTH.into_iter().enumerate() {
            value["signatures"][at]["keyid"] = ALICE.public().key_id(algorithm).into();
        }
    });
    let error = Envelope::parse(&json).unwrap().verify(STATEMENT, ALICE.public()).unwrap_err();
    assert_eq!(error.code(), "signature-bad");
}

#[test]
fn a_changed_payload_is_refused() {
    let json = changed(&signed(), |value| value["payload"] = "eyJ2IjoyfQ==".into());
    let error = Envelope::parse(&json).unwrap().verify(STATEMENT, ALICE.public()).unwrap_err();
    assert_eq!(error, dsse::SignatureError::Bad(Algorithm::Ed25519));
}

#[test]
fn either_half_alone_does_not_carry_an_envelope() {
    let (good, other) = (signed(), sign(STATEMENT, b"{}".to_vec(), &*ALICE).unwrap());
    let other: serde_json::Value = serde_json::from_slice(&other.to_json()).unwrap();
    for (at, algorithm) in Algorithm::BOTH.into_iter().enumerate() {
        let json =
            changed(&good, |value| value["signatures"][at] = other["signatures"][at].clone());
        let envelope = Envelope::parse(&json).unwrap();
        let bad = dsse::SignatureError::Bad(algorithm);
        assert_eq!(envelope.verify(STATEMENT, ALICE.public()), Err(bad.clone()));
        assert_eq!(envelope.verify_party(STATEMENT, ALICE.public()), Err(bad));
    }
}

#[test]
fn a_payload_signed_as_one_thing_is_not_another() {
    let error = signed().verify(AGREEMENT, ALICE.public()).unwrap_err();
    assert_eq!(error.code(), "payload-type");
    let json = changed(&signed(), |value| value["payloadType"] = AGREEMENT.into());
    let error = Envelope::parse(&json).unwrap().verify(AGREEMENT, ALICE.public()).unwrap_err();
    assert_eq!(error.code(), "signature-bad");
}

#[test]
fn an_agreement_carries_two_signatures_of_each_party() {
    let mut envelope = sign(AGREEMENT, b"[agreement]\n".to_vec(), &*ALICE).unwrap();
    let parties = [ALICE.public(), BOB.public()];
    assert!(envelope.verify_party(AGREEMENT, ALICE.public()).is_ok());
    assert_eq!(envelope.verify_all(AGREEMENT, &parties).unwrap_err().code(), "signature-missing");
    envelope.add_signatures(&*BOB).unwrap();
    let envelope = Envelope::parse(&envelope.to_json()).unwrap();
    assert_eq!(envelope.signatures().len(), 4);
    assert_eq!(envelope.verify_all(AGREEMENT, &parties).unwrap(), b"[agreement]\n");
    for party in parties {
        assert!(envelope.verify_party(AGREEMENT, party).is_ok());
    }
}

#[test]
fn copies_signed_apart_come_together() {
    let text = || b"[agreement]\n".to_vec();
    let (ours, theirs) =
        (sign(AGREEMENT, text(), &*ALICE).unwrap(), sign(AGREEMENT, text(), &*BOB).unwrap());
    let both = ours.clone().merged(&theirs).unwrap();
    assert!(both.verify_all(AGREEMENT, &[ALICE.public(), BOB.public()]).is_ok());
    let again = sign(AGREEMENT, text(), &*ALICE).unwrap();
    assert_ne!(again, ours, "two signatures of one key differ");
    assert_eq!(both.clone().merged(&again).unwrap(), both);
    let other = sign(AGREEMENT, b"[other]\n".to_vec(), &*BOB).unwrap();
    assert_eq!(ours.clone().merged(&other).unwrap_err().code(), "envelope-differs");
    let other = sign(STATEMENT, text(), &*BOB).unwrap();
    assert_eq!(ours.merged(&other).unwrap_err().code(), "envelope-differs");
}

#[test]
fn either_base64_alphabet_is_read_as_the_standard_demands() {
    let payload = b"\xfb\xff\xfe?>".to_vec();
    let envelope = sign(STATEMENT, payload.clone(), &*ALICE).unwrap();
    let json = changed(&envelope, |value| {
        let other = |text: &str| text.replace('+', "-").replace('/', "_");
        value["payload"] = other(value["payload"].as_str().unwrap()).into();
        for at in 0..2 {
            let signature = other(value["signatures"][at]["sig"].as_str().unwrap());
            value["signatures"][at]["sig"] = signature.into();
        }
    });
    assert_eq!(Envelope::parse(&json).unwrap().verify(STATEMENT, ALICE.public()).unwrap(), payload);
}

#[test]
fn an_envelope_is_read_in_one_way_only() {
    let code = |json: &str| Envelope::parse(json.as_bytes()).unwrap_err().code();
    let good = r#"{"payload":"e30=","payloadType":"t","signatures":[{"keyid":"k","sig":"AAAA"}]}"#;
    assert!(Envelope::parse(good.as_bytes()).is_ok());
    for bad in [
        "",
        "null",
        "[]",
        r#"["t","e30=",[]]"#,
        r#"{"payload":"e30=","payloadType":"t"}"#,
        r#"{"payload":"e30=","payloadType":"t","signatures":[],"more":1}"#,
        r#"{"payload":"e30=","payload":"e30=","payloadType":"t","signatures":[]}"#,
        r#"{"payload":"e30=","payloadType":"t","signatures":[["k","AAAA"]]}"#,
        r#"{"payload":"e30=","payloadType":"t","signatures":[{"keyid":"k","keyid":"k","sig":""}]}"#,
        r#"{"payload":"e30=","payloadType":"t","signatures":[]} {}"#,
        r#"{"payload":123,"payloadType":"t","signatures":[]}"#,
    ] {
        assert_eq!(code(bad), "envelope-malformed", "{bad}");
    }
    for payload in ["e30", "e31=", "e30=\\n", "e3 0=", "e30==", "-+30", "e30=e30="] {
        assert_eq!(code(&good.replace("e30=", payload)), "envelope-base64", "{payload}");
    }
    assert_eq!(code(&good.replace("AAAA", "AAA")), "envelope-base64");
    assert_eq!(code(&good.replace("\"t\"", "\"\"")), "envelope-bounds");
    assert_eq!(code(&good.replace("\"t\"", "\"t t\"")), "envelope-bounds");
    assert_eq!(code(&good.replace("\"k\"", "\"k\\u0000\"")), "envelope-bounds");
}

#[test]
fn an_envelope_is_bounded_before_it_is_kept() {
    let code = |json: &str| Envelope::parse(json.as_bytes()).unwrap_err().code();
    assert_eq!(code(&" ".repeat(dsse::ENVELOPE_LIMIT + 1)), "envelope-too-large");
    let many = r#"{"keyid":"k","sig":""},"#.repeat(dsse::SIGNATURES_LIMIT + 1);
    let many = many.trim_end_matches(',');
    assert_eq!(
        code(&format!(r#"{{"payload":"","payloadType":"t","signatures":[{many}]}}"#)),
        "envelope-malformed"
    );
    let deep = format!(r#"{{"payload":{}"#, "[".repeat(1_000_000));
    assert_eq!(code(&deep), "envelope-malformed");
    let payload = vec![0; dsse::PAYLOAD_LIMIT + 1];
    assert_eq!(sign(STATEMENT, payload, &*ALICE).unwrap_err().code(), "envelope-too-large");
    let largest = sign(STATEMENT, vec![0xff; dsse::PAYLOAD_LIMIT], &*ALICE).unwrap();
    assert!(Envelope::parse(&largest.to_json()).is_ok());
}

#[test]
fn errors_do_not_repeat_the_input() {
    let error = Envelope::parse(br#"{"secret-of-somebody":1}"#).unwrap_err().to_string();
    assert!(!error.contains("secret"), "{error}");
}
