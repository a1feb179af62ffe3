//! The published vectors, where they are installed. What they show is also promised by the small tests
//! of the other modules, which need no file from elsewhere.

use std::io::Read;
use std::path::Path;

use comity_model::Digest;
use comity_model::digest::from_hex;
use comity_pouch::hybrid::Algorithm;
use comity_pouch::{HybridPublic, HybridSignature, SealIdentity};
use serde_json::Value;

use crate::support::{ALICE, shared};

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    from_hex(value.as_str().unwrap()).unwrap()
}

/// Whether an Ed25519 signature is taken beside a good ML-DSA-65 one.
fn takes_ed25519(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Ok(public) = HybridPublic::new(key, ALICE.public().ml_dsa_65()) else { return false };
    let ours = ALICE.sign(message).unwrap();
    HybridSignature::new(signature, ours.half(Algorithm::MlDsa65))
        .is_ok_and(|signature| public.verify(message, &signature).is_ok())
}

/// Whether an ML-DSA-65 signature is taken beside a good Ed25519 one.
fn takes_ml_dsa_65(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Ok(public) = HybridPublic::new(ALICE.public().ed25519(), key) else { return false };
    let ours = ALICE.sign(message).unwrap();
    HybridSignature::new(ours.half(Algorithm::Ed25519), signature)
        .is_ok_and(|signature| public.verify(message, &signature).is_ok())
}

/// Exactly the strict rules: no point of small order, no second encoding, no cofactor. What is left is
/// points that have a component of small order beside a large one, which no list can name.
#[test]
fn ed25519_edge_cases_are_judged_strictly() {
    let Some(path) = shared("cctv-ed25519/ed25519/ed25519vectors.json") else { return };
    let vectors = json(&path);
    let refused = [
        "low_order_A",
        "low_order_R",
        "non_canonical_A",
        "non_canonical_R",
        "low_order_residue",
        "reencoded_k",
    ];
    let mut taken = 0;
    for vector in vectors.as_array().unwrap() {
        let flags = vector["flags"].as_array().map(Vec::as_slice).unwrap_or_default();
        let expected =
            !flags.iter().any(|flag| refused.contains(&flag.as_str().unwrap_or_default()));
        let message = vector["msg"].as_str().unwrap().as_bytes();
        let took = takes_ed25519(&bytes(&vector["key"]), message, &bytes(&vector["sig"]));
        assert_eq!(took, expected, "vector {}: {flags:?}", vector["number"]);
        taken += usize::from(took);
    }
    assert!(taken > 0 && taken < vectors.as_array().unwrap().len());
}

fn wycheproof(
    path: &Path,
    takes: impl Fn(&[u8], &[u8], &[u8]) -> bool,
    key: impl Fn(&Value) -> Vec<u8>,
) {
    let file = json(path);
    let mut count = 0;
    for group in file["testGroups"].as_array().unwrap() {
        let key = key(group);
        for test in group["tests"].as_array().unwrap() {
            // Ours have no context: whatever was signed under one must be refused.
            let context = test["ctx"].as_str().is_some_and(|context| !context.is_empty());
            let expected = test["result"] == "valid" && !context;
            let took = takes(&key, &bytes(&test["msg"]), &bytes(&test["sig"]));
            assert_eq!(took, expected, "{} {}", test["tcId"], test["comment"]);
            count += 1;
        }
    }
    assert_eq!(count, file["numberOfTests"].as_u64().unwrap());
}

#[test]
fn wycheproof_ed25519_agrees() {
    let Some(path) = shared("wycheproof/ed25519_test.json") else { return };
    wycheproof(&path, takes_ed25519, |group| bytes(&group["publicKey"]["pk"]));
}

#[test]
fn wycheproof_ml_dsa_65_agrees() {
    let Some(path) = shared("wycheproof/mldsa_65_verify_test.json") else { return };
    wycheproof(&path, takes_ml_dsa_65, |group| bytes(&group["publicKey"]));
}

#[test]
fn the_age_kits_hybrid_files_open_and_fail_as_they_should() {
    let Some(folder) = shared("cctv-age/age/testdata") else { return };
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        let bytes = std::fs::read(file.path()).unwrap();
        if name.starts_with("hybrid") && !bytes.windows(12).any(|it| it == b"\ncompressed:") {
            kit_file(&name, &bytes);
            count += 1;
        }
    }
    // The one that is deflated (several recipients) has its like in `seal`.
    assert_eq!(count, 17);
}

fn kit_file(name: &str, file: &[u8]) {
    let split = file.windows(2).position(|window| window == b"\n\n").unwrap();
    let head = std::str::from_utf8(&file[..split]).unwrap();
    let field =
        |key: &str| head.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
    let mut identities: Vec<Box<dyn age::Identity>> = Vec::new();
    for text in head.lines().filter_map(|line| line.strip_prefix("identity: ")) {
        if let Ok(identity) = SealIdentity::from_text(text) {
            identities.push(Box::new(identity));
        } else {
            identities.push(Box::new(text.parse::<age::x25519::Identity>().unwrap()));
        }
    }
    let open = || {
        let decryptor = age::Decryptor::new(&file[split + 2..])?;
        let mut plain = Vec::new();
        decryptor.decrypt(identities.iter().map(|it| &**it))?.read_to_end(&mut plain)?;
        Ok(plain)
    };
    let got = match open() {
        Ok(plain) => {
            assert_eq!(field("payload"), Some(Digest::of(&plain).hex().as_str()), "{name}");
            "success"
        }
        Err(age::DecryptError::NoMatchingKeys) => "no match",
        Err(age::DecryptError::InvalidMac) => "HMAC failure",
        // The library takes a malformed first version for an unknown later one.
        Err(age::DecryptError::InvalidHeader | age::DecryptError::UnknownFormat) => {
            "header failure"
        }
        Err(error) => panic!("{name}: {error}"),
    };
    assert_eq!(Some(got), field("expect"), "{name}");
}
