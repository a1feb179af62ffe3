//! Every parser of what is signed and sealed against inputs made from real files: a bounded run of what `fuzz/` does
//! without end.

#[path = "../../../../fuzz/bounded/group.rs"]
mod bounded;
#[path = "../../../../fuzz/targets/pouch/all.rs"]
mod targets;
#[path = "../../../../fuzz/targets/pouch/tokens.rs"]
mod tokens;

use comity_pouch::approval::{Approval, StandingApproval, UnitGrant};
use comity_pouch::descriptor;
use comity_pouch::dsse::{self, Envelope};
use comity_pouch::keyfile::{KeyMaterial, Lock, write};
use comity_pouch::keys::ServeKeys;
use comity_pouch::{Limits, PouchWriter};
use targets::made::{
    CERTIFICATE, OFFICER, PART, REGISTRAR, ROOT, SEAL, SEALED, SIGNED, SIGNER, Seeded, at, release,
};

use crate::support::{self, Entry};

bounded::each_target! {
    envelope 1_000 descriptor 400 officer 400 keyfile 400 keytext 600 pouch 300 archive 120
}

fn json(envelope: &Envelope) -> Vec<u8> {
    envelope.to_json()
}

/// The payload of an envelope and the envelope itself.
fn both(name: [&'static str; 2], envelope: &Envelope) -> [(&'static str, Vec<u8>); 2] {
    let [payload, signed] = name;
    [(payload, envelope.unverified_payload().to_vec()), (signed, json(envelope))]
}

fn serve() -> ServeKeys {
    let (from, until) = (at("2026-02-01T00:00:00Z"), at("2028-02-01T00:00:00Z"));
    ServeKeys::generate(&Seeded::new(6), from, until).unwrap()
}

#[test]
fn the_seeds_are_signed_by_fixed_keys() {
    let statement =
        |payload: &[u8]| json(&dsse::sign(dsse::STATEMENT, payload.to_vec(), &*SIGNER).unwrap());
    let [empty, small, text] = SIGNED.map(statement);
    bounded::bless("envelope", &[("empty", empty), ("small", small), ("text", text)]);

    let mut claim = crate::descriptor::descriptor();
    claim.root = ROOT.party();
    let (from, until) = (at("2026-02-01T00:00:00Z"), at("2028-02-01T00:00:00Z"));
    claim.keys = comity_pouch::keys::public_keys(&ROOT, &REGISTRAR, &serve(), from, until);
    let signed = descriptor::sign(&claim, &ROOT).unwrap();
    bounded::bless("descriptor", &both(["payload", "signed"], &signed));

    let when = at("2026-06-01T12:00:00Z");
    let certified = CERTIFICATE.sign(&REGISTRAR).unwrap();
    bounded::bless("officer", &both(["certificate", "certificate-signed"], &certified));
    let approved = Approval::sign(release(), &OFFICER, when).unwrap();
    bounded::bless("officer", &both(["approval", "approval-signed"], &approved));
    let standing = StandingApproval {
        v: 1,
        id: "standing--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".parse().unwrap(),
        agreement: release(),
        clause: "precursors-south".to_owned(),
        ceiling: 100,
        officer: OFFICER.officer(),
        from: when,
        until: at("2026-06-30T00:00:00Z"),
    };
    let standing = standing.sign(&OFFICER).unwrap();
    bounded::bless("officer", &both(["standing", "standing-signed"], &standing));
    let code = "intelligence-only".parse().unwrap();
    let grant = UnitGrant::sign("customs", code, &OFFICER, when).unwrap();
    bounded::bless("officer", &both(["grant", "grant-signed"], &grant));
}

#[test]
fn the_seeds_are_keys_from_fixed_randomness() {
    fn file<K: KeyMaterial>(keys: &K) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.key");
        write(&path, keys, at("2026-02-01T00:00:00Z"), Lock::Unprotected).unwrap();
        std::fs::read(path).unwrap()
    }
    let seeds = [("root", file(&*ROOT)), ("registrar", file(&*REGISTRAR))];
    bounded::bless("keyfile", &seeds);
    bounded::bless("keyfile", &[("officer", file(&*OFFICER)), ("serve", file(&serve()))]);

    let text = |name, text: &str| (name, text.as_bytes().to_vec());
    let seeds = [
        text("recipient", &SEAL.recipient().to_string()),
        text("identity", &SEAL.to_text()),
        text("public", &SIGNER.public().to_text()),
    ];
    bounded::bless("keytext", &seeds);
}

#[test]
fn the_seeds_are_small_pouches_and_what_is_inside() {
    let [statement, proof, part] = SEALED;
    let mut pouch = Vec::new();
    let (to, limits) = (SEAL.recipient(), Limits::default());
    let mut writer = PouchWriter::new(&mut pouch, &to, statement, proof, &limits).unwrap();
    writer.part(PART, part.len() as u64, &mut &*part).unwrap();
    writer.finish().unwrap();
    bounded::bless("pouch", &[("small", pouch)]);

    let long = vec![b'x'; 1_200];
    let parts = [Entry::file(PART, part), Entry::file("objects.jsonl", &long)];
    bounded::bless(
        "archive",
        &[("empty", support::archive(&[])), ("parts", support::archive(&parts))],
    );
}
