//! Every statement and what travels with it against inputs made from real ones: a bounded run of what `fuzz/` does without
//! end. The statements among the seeds are written by the tests of `comity-exchange`.

#[path = "../../../../fuzz/bounded/group.rs"]
mod bounded;
#[path = "../../../../fuzz/targets/model/all.rs"]
mod targets;
#[path = "../../../../fuzz/targets/model/tokens.rs"]
mod tokens;

use comity_model::statement::{Nonce, Payload, ReleaseBody};
use comity_model::{Digest, Handling, ManifestLine, Onward, PartyRoot, Tlp, UseCode};

bounded::each_target! { statement 3_000 manifest 1_000 record 1_000 term 1_000 }

#[test]
fn the_seeds_are_of_one_release() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/statement/good-release");
    let payload = Payload::parse(&std::fs::read(file).unwrap()).unwrap();
    let body: ReleaseBody = payload.body().unwrap();
    bounded::bless("record", &[("release", body.release.into_bytes())]);

    let origin = PartyRoot::new(Digest::of(b"root"));
    let line = ManifestLine {
        index: 4,
        id: "indicator--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".to_owned(),
        modified: Some("2026-03-01T10:00:00.000Z".to_owned()),
        size: 17,
        handling: Handling {
            tlp: Tlp::Amber,
            pap: None,
            use_codes: vec![UseCode::IntelligenceOnly],
            onward: Onward::Never,
            retention_days: 30,
            until: "2026-12-01T00:00:00Z".parse().ok(),
        },
        origin,
        grade: "B2".parse().ok(),
        chain: vec![origin],
        commitment: Some(Digest::of(b"an original")),
        salt: Nonce([9; 32]),
    };
    let plain =
        ManifestLine { index: 0, modified: None, grade: None, commitment: None, ..line.clone() };
    let seeds = [("derivative", line.to_line().unwrap()), ("plain", plain.to_line().unwrap())];
    bounded::bless("manifest", &seeds);

    let uuid = "5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11";
    let ids = ["agreement", "statement", "release", "officer", "standing", "request", "proposal"];
    for kind in ids {
        bounded::bless("term", &[(kind, format!("{kind}--{uuid}").into_bytes())]);
    }
    let texts = [
        ("root", origin.to_string()),
        ("handle", "us-east".to_owned()),
        ("folio", "US-EAST-2026-1000000".to_owned()),
        ("grade", "B2".to_owned()),
        ("use", "judicial".to_owned()),
    ];
    bounded::bless("term", &texts.map(|(name, text)| (name, text.into_bytes())));
}
