//! Descriptors.

use comity_model::Descriptor;
use comity_model::descriptor::{KeyUse, PartyLimits, ProtocolRange, VERSION};
use comity_pouch::descriptor::{sign, verify, verify_known};
use comity_pouch::dsse::{self, DESCRIPTOR};
use comity_pouch::keys::{KeysError, LinkKey, RootKey, hybrid_of, public_keys};
use comity_pouch::{HybridPublic, SealRecipient};

use crate::support::{REGISTRAR, ROOT, SERVE, Seeded, at};

pub(crate) fn descriptor() -> Descriptor {
    let (from, until) = (at("2026-02-01T00:00:00Z"), at("2028-02-01T00:00:00Z"));
    let identity = r#"{"type":"identity","name":"an  authority"}"#;
    Descriptor {
        v: VERSION,
        handle: "mx".parse().unwrap(),
        name: "An authority".to_owned(),
        identity: serde_json::value::RawValue::from_string(identity.to_owned()).unwrap(),
        serial: 1,
        issued_at: from,
        root: ROOT.party(),
        keys: public_keys(&ROOT, &REGISTRAR, &SERVE, from, until),
        urls: vec!["127.0.0.1:7443".to_owned()],
        protocol: ProtocolRange { min: 1, max: 1 },
        kinds: vec!["release".to_owned()],
        limits: PartyLimits::default(),
        test: false,
    }
}

#[test]
fn a_signed_descriptor_says_whose_it_is() {
    let envelope = sign(&descriptor(), &ROOT).unwrap();
    let envelope = dsse::Envelope::parse(&envelope.to_json()).unwrap();
    let verified = verify(&envelope).unwrap();
    assert_eq!(verified.descriptor.root, ROOT.party());
    assert_eq!(&verified.root, ROOT.public());
    assert_eq!(verified.descriptor.identity.get(), descriptor().identity.get());
    assert!(verify_known(&envelope, ROOT.party()).is_ok());
}

#[test]
fn every_use_has_its_key_in_the_descriptor() {
    use comity_model::descriptor::KeyAlg::{Ed25519, Hybrid, MlDsa44, MlKem768X25519, SpkiSha256};
    let keys = descriptor().keys;
    let listed: Vec<_> = keys.iter().map(|key| (key.purpose, key.alg)).collect();
    let expected = [
        (KeyUse::Root, Hybrid),
        (KeyUse::Registrar, Hybrid),
        (KeyUse::Statement, Hybrid),
        (KeyUse::Log, Ed25519),
        (KeyUse::Log, MlDsa44),
        (KeyUse::Witness, Ed25519),
        (KeyUse::Witness, MlDsa44),
        (KeyUse::Seal, MlKem768X25519),
        (KeyUse::Link, SpkiSha256),
    ];
    assert_eq!(listed, expected);
    let mut texts: Vec<_> = keys.iter().map(|key| key.public.as_str()).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), expected.len(), "no key has two uses");
    assert_eq!(&hybrid_of(&keys[2]).unwrap(), SERVE.statement.public());
    assert!(hybrid_of(&keys[3]).is_err());
}

#[test]
fn a_descriptor_of_another_party_is_not_that_of_the_one_we_know() {
    let other = RootKey::generate(&Seeded::new(50)).unwrap();
    let envelope = sign(&descriptor(), &ROOT).unwrap();
    assert_eq!(verify_known(&envelope, other.party()).unwrap_err().code(), "descriptor-party");
}

#[test]
fn a_descriptor_that_carries_another_root_than_it_names_is_refused() {
    let other = RootKey::generate(&Seeded::new(50)).unwrap();
    assert_eq!(sign(&descriptor(), &other).unwrap_err().code(), "descriptor-root");
    let mut claim = descriptor();
    claim.root = other.party();
    let payload = serde_json::to_vec(&claim).unwrap();
    let envelope = dsse::sign(DESCRIPTOR, payload, ROOT.signer()).unwrap();
    assert_eq!(verify(&envelope).unwrap_err().code(), "descriptor-root");
}

#[test]
fn a_descriptor_that_its_root_did_not_sign_is_refused() {
    let payload = serde_json::to_vec(&descriptor()).unwrap();
    let envelope = dsse::sign(DESCRIPTOR, payload, REGISTRAR.secret()).unwrap();
    assert_eq!(verify(&envelope).unwrap_err().code(), "signature-unknown");
    let payload = serde_json::to_vec(&descriptor()).unwrap();
    let envelope = dsse::sign(dsse::STATEMENT, payload, ROOT.signer()).unwrap();
    assert_eq!(verify(&envelope).unwrap_err().code(), "payload-type");
}

#[test]
fn a_descriptor_carries_exactly_one_root_key() {
    let mut none = descriptor();
    none.keys.retain(|key| key.purpose != KeyUse::Root);
    let mut two = descriptor();
    two.keys.push(two.keys[0].clone());
    for bad in [none, two] {
        assert_eq!(sign(&bad, &ROOT).unwrap_err().code(), "descriptor-root-key");
        let payload = serde_json::to_vec(&bad).unwrap();
        let envelope = dsse::sign(DESCRIPTOR, payload, ROOT.signer()).unwrap();
        assert_eq!(verify(&envelope).unwrap_err().code(), "descriptor-root-key");
    }
}

#[test]
fn another_version_or_an_unknown_key_is_refused() {
    let mut value = serde_json::to_value(descriptor()).unwrap();
    value["v"] = 2.into();
    let envelope =
        dsse::sign(DESCRIPTOR, serde_json::to_vec(&value).unwrap(), ROOT.signer()).unwrap();
    assert_eq!(verify(&envelope).unwrap_err().code(), "descriptor-malformed");
    value["v"] = 1.into();
    value["more"] = 1.into();
    let envelope =
        dsse::sign(DESCRIPTOR, serde_json::to_vec(&value).unwrap(), ROOT.signer()).unwrap();
    assert_eq!(verify(&envelope).unwrap_err().code(), "descriptor-malformed");
}

#[test]
fn the_links_certificate_is_of_its_key_and_of_its_time() {
    let (from, until) = (at("2026-02-01T00:00:00Z"), at("2028-02-01T00:00:00Z"));
    let link = LinkKey::generate(&Seeded::new(8), from, until).unwrap();
    let text = String::from_utf8_lossy(link.certificate()).into_owned();
    assert!(text.contains("260201000000Z") && text.contains("280201000000Z"));
    let other = LinkKey::generate(&Seeded::new(9), from, until).unwrap();
    assert_ne!(link.spki_sha256(), other.spki_sha256());
    let swapped = LinkKey::new(link.pkcs8().clone(), other.certificate().to_vec());
    assert_eq!(swapped.unwrap_err(), KeysError::Certificate);
    let backwards = LinkKey::generate(&Seeded::new(8), until, from);
    assert_eq!(backwards.unwrap_err(), KeysError::Validity);
    let same = LinkKey::generate(&Seeded::new(8), from, until).unwrap();
    assert_eq!(same.pkcs8(), link.pkcs8(), "the key comes from the randomness given");
}

#[test]
fn the_secret_of_derivatives_is_the_agreements_own() {
    let agreement = |digit: char| {
        format!("agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b1{digit}").parse().unwrap()
    };
    assert_eq!(SERVE.agreement_secret(&agreement('1')), SERVE.agreement_secret(&agreement('1')));
    assert_ne!(SERVE.agreement_secret(&agreement('1')), SERVE.agreement_secret(&agreement('2')));
}

#[test]
fn the_seal_key_of_a_descriptor_can_be_sealed_to() {
    use base64::Engine;
    let keys = descriptor().keys;
    let decode = |at: usize| base64::prelude::BASE64_STANDARD.decode(&keys[at].public).unwrap();
    assert_eq!(SealRecipient::from_bytes(&decode(7)).unwrap(), SERVE.seal.recipient());
    assert_eq!(decode(8), SERVE.link.spki_sha256().as_bytes());
    assert_eq!(&HybridPublic::from_bytes(&decode(0)).unwrap(), ROOT.public());
}
