//! Any number of processes over one folder: here two that serve it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{TwoNodes, until};

#[tokio::test]
async fn nothing_lost_two_processes_serve_one_folder_and_each_release_arrives_once() {
    let nodes = TwoNodes::new().await;
    let objects = nodes.stock(6).await;
    let (first, _mx) = (nodes.us.serve().await, nodes.mx.serve().await);
    // one that finds its addresses taken says which and ends, and the first goes on
    let (code, message) = nodes.us.refused("serve").await;
    assert_eq!(code, "listen");
    assert!(message.contains(&format!("127.0.0.1:{}", nodes.us.link)), "{message}");

    let _second = nodes.us.beside().serve().await;
    let mut folios = Vec::new();
    for object in &objects[..4] {
        folios.push(nodes.release(std::slice::from_ref(object)).await);
    }
    for folio in &folios {
        nodes.settled(folio).await;
    }
    first.kill().await;
    // the receipt comes to the address that the partner knows, and waits for it
    nodes.release(&objects[4..]).await;
    let releases = until("the last one arrived", async || {
        let Value::Array(mut arrived) = nodes.mx.ok("inbox list --all").await["inbox"].take()
        else {
            panic!("no inbox");
        };
        arrived.retain(|it| it["kind"] == "release");
        (arrived.len() > folios.len()).then_some(arrived)
    })
    .await;
    let sequences: BTreeSet<_> = releases.iter().map(|it| it["sequence"].as_u64()).collect();
    assert_eq!((releases.len(), sequences.len()), (5, 5), "{releases:?}");
    assert!(releases.iter().all(|it| it["outcome"] == "admitted"), "{releases:?}");
    for node in [&nodes.us, &nodes.mx] {
        let refused = node.journal("pouch-refused").await;
        assert!(refused.is_empty(), "{refused:?}");
        node.ok("record check").await;
    }
}
