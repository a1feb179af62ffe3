//! Losing a day: one node's folder is destroyed and put back from a backup, over real processes.

use std::fs;

use comity_testkit::{OTHER_CLAUSE, indicator};
use serde_json::Value;

use crate::support::{Node, TwoNodes, until};

/// Destroys the folder of a node but for these files.
fn destroy(node: &Node, keep: &[&str]) {
    for entry in fs::read_dir(node.data()).unwrap() {
        let path = entry.unwrap().path();
        if keep.contains(&path.file_name().unwrap().to_str().unwrap()) {
            continue;
        }
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.unwrap();
    }
}

/// A release of `mx` to `us`, with the id of its only object.
async fn given_back(nodes: &TwoNodes, number: u64) -> (String, String) {
    let text = indicator(number);
    fs::write(nodes.folder().join("theirs.jsonl"), &text).unwrap();
    nodes.mx.ok("import theirs.jsonl --strict").await;
    let object: Value = serde_json::from_str(&text).unwrap();
    let id = object["id"].as_str().unwrap().to_owned();
    let composing = format!("release compose --to us --clause {OTHER_CLAUSE} --object {id}");
    let composed = nodes.mx.ok(&composing).await;
    let folio = composed["folio"].as_str().unwrap().to_owned();
    nodes.mx.ok(&format!("release approve {folio} --as officer-1")).await;
    nodes.mx.ok(&format!("release send {folio}")).await;
    (folio, id)
}

async fn figures(node: &Node, nodes: &TwoNodes) -> Value {
    let mut figures = node.ok(&format!("request figures --agreement {}", nodes.agreement.id)).await;
    figures.as_object_mut().unwrap().remove("exercise");
    figures
}

/// Whether a node still has an object.
async fn has(node: &Node, id: &str) -> bool {
    node.json(&format!("holdings show {id}")).await.0 == 0
}

/// Waits until nothing of a node is unsettled.
async fn settled(node: &Node) {
    until("everything is settled", async || {
        let status = node.ok("status").await;
        let outbox = status["outbox"].as_array().unwrap();
        outbox.iter().all(|it| it["unsettled"] == 0 && it["cursor"] == it["last"]).then_some(())
    })
    .await;
}

#[tokio::test]
async fn nothing_denied_a_lost_day_is_recovered_from_and_both_sides_agree() {
    let nodes = TwoNodes::new().await;
    let objects = nodes.stock(6).await;
    nodes.mx.ok("officer add officer-1 --office release-desk --no-passphrase").await;
    let (us, mx) = (nodes.us.serve().await, nodes.mx.serve().await);
    nodes.release(&objects[..2]).await;
    let (folio, recalled) = given_back(&nodes, 1_001).await;
    until("it came", async || has(&nodes.us, &recalled).await.then_some(())).await;
    settled(&nodes.us).await;
    settled(&nodes.mx).await;
    nodes.us.ok("backup -o saved").await;

    // the day that is lost: a release, a proposal, a release of the partner, a recall and its purge
    nodes.release(&objects[2..4]).await;
    nodes.us.ok("proposal put --to mx --subject other --text Patrols").await;
    let (_, again) = given_back(&nodes, 1_002).await;
    nodes.mx.ok(&format!("recall send {folio} --purge --text Withdrawn")).await;
    let recall = until("the recall came", async || {
        let list = nodes.us.ok("recall list").await;
        list["recalls"][0]["matter"].as_str().map(ToOwned::to_owned)
    })
    .await;
    nodes.us.ok(&format!("recall answer {recall} --purge")).await;
    until("it is purged", async || (!has(&nodes.us, &recalled).await).then_some(())).await;
    settled(&nodes.us).await;
    settled(&nodes.mx).await;
    us.kill().await;
    destroy(&nodes.us, &["tombstones.jsonl", "checkpoints.json"]);

    let back = nodes.us.ok("restore saved").await;
    assert_eq!(back["unasked"][0], "mx");
    assert!(!has(&nodes.us, &recalled).await, "what was purged stays purged");
    let composing = crate::support::composing(&objects[4..]);
    let composed = nodes.us.ok(&composing).await;
    let folio = composed["folio"].as_str().unwrap();
    nodes.us.ok(&format!("release approve {folio} --as officer-1")).await;
    let (code, message) = nodes.us.refused(&format!("release send {folio}")).await;
    assert_eq!(code, "record-rolled-back");
    assert!(message.contains("comity record recover"), "{message}");
    let doctor = nodes.us.json("doctor").await;
    assert!(doctor.1.to_string().contains("record:mx"), "{doctor:?}");

    let _us = nodes.us.serve().await;
    let recovered = nodes.us.ok("record recover --to mx").await;
    assert_eq!(
        (&recovered["channels"][0]["before"], &recovered["channels"][0]["epoch"]),
        (&1.into(), &2.into())
    );
    nodes.us.ok(&format!("release send {folio}")).await;
    until("what the partner gave in the lost day came again", async || {
        has(&nodes.us, &again).await.then_some(())
    })
    .await;
    // the recall came again too, and is answered again
    until("the recall can be answered again", async || {
        let (exit, _) = nodes.us.json(&format!("recall answer {recall} --purge")).await;
        (exit == 0).then_some(())
    })
    .await;
    nodes.settled(folio).await;
    settled(&nodes.us).await;
    settled(&nodes.mx).await;
    until("both compute the same figures", async || {
        (figures(&nodes.us, &nodes).await == figures(&nodes.mx, &nodes).await).then_some(())
    })
    .await;
    assert!(!has(&nodes.us, &recalled).await, "what was purged stays purged");
    let lost = nodes.mx.ok("record lost --from us").await;
    let kinds: Vec<&str> = lost["statements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["kind"].as_str().unwrap())
        .collect();
    assert!(kinds.contains(&"release") && kinds.contains(&"proposal"), "{kinds:?}");
    drop(mx);
}
