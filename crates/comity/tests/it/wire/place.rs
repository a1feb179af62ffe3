//! Statements at a place in the channel that is not theirs.

use comity_exchange::ports::PouchState;
use comity_model::Digest;
use comity_testkit::Forge;

use super::Case;
use crate::rotation::current;
use crate::support::TwoNodes;

#[tokio::test]
async fn repeat_equivocation_and_replay_are_told_apart() {
    let mut case = Case::new().await;
    let forge = case.us.proposal("once");
    let first = case.us.forge(&forge);
    case.takes(&first).await;

    let before = case.view().await;
    let sealed_again =
        forge.seal(first.digest, first.envelope.clone(), first.proof.clone(), &case.us.mx).unwrap();
    assert_ne!(sealed_again.pouch_digest, first.pouch_digest);
    assert_eq!(case.us.deliver(&sealed_again).await, (PouchState::Repeated, None));
    let lines = case.nodes.mx.journal("statement-repeated").await;
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["subject"], first.digest.to_string());
    let (state, code) = case.us.deliver(&first).await;
    assert!(matches!(state, PouchState::Consumed | PouchState::Repeated), "{state:?}");
    assert_eq!(code, None);
    before.unchanged(&case.nodes.mx).await;

    let other = Forge { sequence: 0, before: Vec::new(), ..case.us.proposal("twice") };
    let other = case.us.forge(&other);
    case.refuses_and_keeps(&other.pouch, "equivocation").await;

    let again = case.us.forge(&case.us.proposal("once"));
    assert_ne!(again.digest, first.digest, "the same id and nonce at another place");
    case.consumes(&again, "replay").await;
    case.goes_on().await;
}

#[tokio::test]
async fn who_signs_two_statements_for_one_place_is_convicted_by_one_file() {
    let mut case = Case::new().await;
    let first = case.us.forge(&case.us.proposal("once"));
    case.takes(&first).await;
    let other = Forge { sequence: 0, before: Vec::new(), ..case.us.proposal("twice") };
    let other = case.us.forge(&other);
    case.refuses_and_keeps(&other.pouch, "equivocation").await;

    let TwoNodes { us, mx, .. } = &case.nodes;
    let listed = mx.ok("inbox contradictions").await;
    let [seen] = listed["contradictions"].as_array().unwrap().as_slice() else {
        panic!("one is seen: {listed}")
    };
    let name = seen["name"].as_str().unwrap();
    let written = mx.ok(&format!("inbox contradictions {name} -o twice.evidence")).await;
    assert_eq!((&written["verdict"], &written["revoked"]), (&"proved".into(), &false.into()));
    let root = us.ok("status").await["root"].as_str().unwrap().to_owned();
    let proved = mx.ok(&format!("verify twice.evidence --root us={root}")).await;
    assert_eq!(proved["verdict"], "proved");
    let convicted = &proved["convicted"];
    assert_eq!(
        (&convicted["party"], &convicted["pinned_as"]),
        (&root.clone().into(), &"us".into())
    );
    let mut signed: Vec<_> =
        convicted["statements"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    signed.sort_unstable();
    let mut sent = [first.digest.to_string(), other.digest.to_string()];
    sent.sort_unstable();
    assert_eq!(signed, sent);

    let (exit, unpinned) = mx.json("verify twice.evidence").await;
    assert_eq!((exit, &unpinned["verdict"]), (1, &"consistent, roots not pinned".into()));
    let mut cut = std::fs::read(mx.file("twice.evidence")).unwrap();
    cut.pop();
    std::fs::write(mx.file("cut.evidence"), cut).unwrap();
    let (exit, broken) = mx.json("verify cut.evidence").await;
    assert_eq!((exit, &broken["verdict"]), (1, &"does-not-hold".into()));
    assert!(broken["flaw"]["code"].is_string() && broken["convicted"].is_null(), "{broken}");

    // once the key is taken back the file that is written convicts nobody, and says so
    us.ok(&format!("key revoke {} --by-file", current(us, "statement").await)).await;
    us.ok("party export --out later").await;
    mx.ok(&format!("party import {}", us.file("later").display())).await;
    let write = format!("inbox contradictions {name} -o later.evidence");
    let written = mx.ok(&write).await;
    assert_eq!(written["verdict"], "consistent, a key was revoked");
    assert_eq!(written["convicts_without_revocation"], true);
    let (exit, judged) = mx.json(&format!("verify later.evidence --root us={root}")).await;
    assert_eq!((exit, &judged["verdict"]), (1, &written["verdict"]));
    let typed = ["inbox", "contradictions", name, "-o", "later.evidence", "--force"];
    let said = mx.command(&typed).output().await.unwrap().stdout;
    assert!(String::from_utf8_lossy(&said).contains("The file convicts nobody"));
}

#[tokio::test]
async fn an_early_statement_waits_and_takes_effect_in_its_turn() {
    let mut case = Case::new().await;
    let first = case.us.forge(&case.us.proposal("first"));
    let early =
        |seed: &str| Forge { sequence: 1, before: vec![first.digest], ..case.us.proposal(seed) };
    let second = case.us.forge(&early("second"));
    let before = case.view().await;
    let held = (PouchState::Held, Some("gap".to_owned()));
    assert_eq!(case.us.deliver(&second).await, held);
    case.journalled("statement-held", &second.digest, "gap").await;
    before.with_pouch(&second.pouch_digest).unchanged(&case.nodes.mx).await;

    let rival = case.us.forge(&early("another second"));
    case.refuses_and_keeps(&rival.pouch, "equivocation").await;

    case.takes(&first).await;
    let second_fate = crate::support::until("the second took effect", async || {
        let fate = case.us.fate(second.pouch_digest).await;
        (fate != held).then_some(fate)
    });
    assert_eq!(second_fate.await, (PouchState::Consumed, None));
    case.us.went(&second);
    case.goes_on().await;
    let inbox = case.nodes.mx.ok("inbox list").await;
    let mut sequences: Vec<_> = inbox["inbox"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["sequence"].as_u64().unwrap())
        .collect();
    sequences.sort_unstable();
    assert_eq!(sequences, [0, 1, 2]);
}

#[tokio::test]
async fn a_statement_that_does_not_follow_the_last_one_is_refused_and_kept_as_evidence() {
    let mut case = Case::new().await;
    case.goes_on().await;
    let wrong = Some(Digest::of(b"another history"));
    let forged = case.us.forge(&Forge { previous: wrong, ..case.us.proposal("forked") });
    case.refuses_and_keeps(&forged.pouch, "wrong-previous").await;
    case.goes_on().await;
}
