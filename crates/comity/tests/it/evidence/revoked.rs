//! What the program and the script say of what was signed with a key that its party took back.

use comity_exchange::partner::Partner;
use comity_model::descriptor::KeyUse;
use comity_pouch::descriptor::sign;
use comity_pouch::keyfile::{Unlock, read};
use comity_pouch::keys::RootKey;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{pinned, python, script_with, settled};

const REVOKED: &str = "consistent, a key was revoked";

#[tokio::test(flavor = "multi_thread")]
async fn what_no_log_holds_under_keys_that_stand_is_proved_by_neither_the_program_nor_the_script() {
    let (nodes, folio, roots) = settled().await;
    let us = &nodes.us;
    us.ok(&format!("release evidence {folio} -o us.comity-proof")).await;
    let proved = us.ok(&format!("verify us.comity-proof{}", pinned(&roots))).await;
    let time = |it: &Value| it.as_str().unwrap().parse::<Timestamp>().unwrap();
    let sealed = time(&proved["proof"]["issued_at"]);
    let cosigned = time(&proved["proof"]["receipt"]["place"]["cosigned_at"]);

    us.ok("party export --out first").await;
    let first = std::fs::read(us.file("first")).unwrap();
    let first = Partner::read(&first, "first").unwrap().0.descriptor;
    let root: RootKey = read(&us.data().join("keys/root.key"), Unlock::Unprotected).unwrap();
    let second = SignedDuration::from_secs(1);
    // made before the statement; between it and the cosignature of its sender over the receipt; and after that. No time counts:
    // where the key of the log was not taken back, the log holds what was signed, and where it was, nothing does
    let node: &[KeyUse] = &[KeyUse::Statement, KeyUse::Log];
    let cases = [
        (node, sealed - second, REVOKED),
        (node, cosigned, REVOKED),
        (node, cosigned + second, REVOKED),
        (&[KeyUse::Log], cosigned + second, REVOKED),
        (&[KeyUse::Statement], sealed - second, "proved"),
        (&[KeyUse::Statement], cosigned, "proved"),
        (&[KeyUse::Witness], sealed - second, "proved"),
    ];
    for (taken, at, verdict) in cases {
        let mut next = first.clone();
        next.serial += 1;
        next.issued_at = at;
        next.keys.retain(|key| !taken.contains(&key.purpose));
        std::fs::write(us.file("next"), sign(&next, &root).unwrap().to_json()).unwrap();
        let asked = format!("verify us.comity-proof{} --descriptor next", pinned(&roots));
        let (exit, said) = us.json(&asked).await;
        assert_eq!((exit == 0, &said["verdict"]), (verdict == "proved", &verdict.into()), "{at}");
        if let Some(python) = &python() {
            let beside = [("--descriptor", us.file("next"))];
            let (holds, said) = script_with(python, &us.file("us.comity-proof"), &roots, &beside);
            assert_eq!((holds, &said["verdict"]), (exit == 0, &verdict.into()), "{at}: {said}");
            assert_eq!(said["revoked"], true);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_agreement_beside_a_file_that_has_its_own_is_refused() {
    let (nodes, folio, roots) = settled().await;
    let us = &nodes.us;
    us.ok(&format!("release evidence {folio} -o us.comity-proof")).await;
    let root: RootKey = read(&us.data().join("keys/root.key"), Unlock::Unprotected).unwrap();
    let mut other =
        comity_pouch::Envelope::unsigned(comity_pouch::dsse::AGREEMENT, b"another text".to_vec())
            .unwrap();
    other.add_signatures(root.signer()).unwrap();
    std::fs::write(us.file("other.agreement"), other.to_json()).unwrap();
    let asked = format!("verify us.comity-proof --agreement other.agreement{}", pinned(&roots));
    let (exit, said) = us.json(&asked).await;
    assert_eq!((exit, &said["flaw"]["code"]), (1, &"agreement-differs".into()));
    if let Some(python) = &python() {
        let beside = [("--agreement", us.file("other.agreement"))];
        assert!(!script_with(python, &us.file("us.comity-proof"), &roots, &beside).0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn descriptors_that_were_in_force_before_can_be_had_from_either_party() {
    let (nodes, ..) = settled().await;
    let (us, mx) = (&nodes.us, &nodes.mx);
    us.ok("party export --out first").await;
    us.ok("key rotate statement").await;
    us.ok("party export --out second").await;
    us.ok("party export --serial 1 --out again").await;
    mx.ok("party export us --out theirs").await;
    let read = |name: &str, of: &crate::support::Node| std::fs::read(of.file(name)).unwrap();
    let first = read("first", us);
    assert_ne!(read("second", us), first);
    assert_eq!((read("again", us), read("theirs", mx)), (first.clone(), first));
    assert_eq!(us.refused("party export --serial 9").await.0, "not-found");
    assert_eq!(us.refused("party export cl").await.0, "not-found");
}
